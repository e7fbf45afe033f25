"""Which way leads into which provider: one explicit table, filled from what the operator has registered."""

from collections.abc import Mapping

from marketing.channels.social import Door, SocialProvider
from marketing.channels.whatsapp.group import GroupDoor


def build_doors() -> Mapping[SocialProvider, Door]:
    """Return a door for every provider that can be used here."""
    doors: tuple[Door, ...] = (GroupDoor(),)
    return {door.provider: door for door in doors}
