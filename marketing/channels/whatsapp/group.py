"""The joint WhatsApp group (TTS Ps. 7(2)a): a kit for a named person, because no official interface reaches a large group."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from marketing.channels.base import AwaitingHuman, Failed, Ready
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.channels.whatsapp.payload import CAPABILITIES
from marketing.domain.content import Capabilities, OutboundPost, fits, post_handle
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _


class GroupPublisher:
    """Hands every post to a person; nobody is ever called."""

    name: ChannelName = ChannelName.WHATSAPP
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, access: Access) -> None:
        self._group = access.name

    def prepare(self, post: OutboundPost, note: str) -> Ready | Failed:
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        return Ready(note)

    def submit(self, post: OutboundPost, note: str) -> AwaitingHuman:  # noqa: ARG002  the port's
        instruction = _("Grup “{group}”. {step}").format(group=self._group, step=_(self.capabilities.human_step))
        return AwaitingHuman(post.key, post_handle(post.tenant, post.marker), instruction)

    def find(self, post: OutboundPost, note: str) -> AwaitingHuman:
        return self.submit(post, note)

    def poll(self, post: OutboundPost, handle: str) -> AwaitingHuman:
        return self.submit(post, handle)

    def withdraw(self, handle: str) -> bool:  # noqa: ARG002  the port's
        return False


class GroupDoor:
    """A group needs nobody's leave: it is a name that the office gave."""

    provider: Final = SocialProvider.WHATSAPP_GROUP

    def open(self, access: Access, memory: Memory) -> GroupPublisher:  # noqa: ARG002  the port's
        return GroupPublisher(access)

    def renew(self, access: Access, now: datetime) -> Access:  # noqa: ARG002  the port's
        return replace(access, expires_at=None)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        return access.name
