"""Which Pages and Instagram accounts a token lets us into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketing.channels.errors import PermanentError, ReconnectError
from marketing.channels.meta_graph.door import MetaDoor
from marketing.channels.social import Access, SocialProvider

LISTED: Final = 100
FIELDS: Final = "id,name,access_token,instagram_business_account{id,username}"


@dataclass(frozen=True, slots=True)
class Office:
    """One Page, and the Instagram account that belongs to it, if any."""

    page: Access
    instagram: Access | None


def offices(door: MetaDoor, token: str, now: datetime) -> tuple[Office, ...]:
    """Return what a person's or a system user's token leads to; ChannelError when it leads nowhere."""
    return offices_of(door, kept_long(door, token, now))


def kept_long(door: MetaDoor, token: str, now: datetime) -> Access:
    """Return the person of a token with one that lasts: only then have the tokens of their Pages no end.

    A system user's lasts already (access-tokens/get-long-lived).
    """
    person = Access(SocialProvider.FACEBOOK, "me", "", token)
    try:
        return door.renew(person, now)
    except ReconnectError:
        raise
    except PermanentError:  # Meta trades no token that has no end
        return person


def offices_of(door: MetaDoor, person: Access) -> tuple[Office, ...]:
    """Return the Pages of a person, and the Instagram accounts that belong to them."""
    answer = door.graph(person).read("me", "accounts", fields=FIELDS, limit=LISTED)
    return tuple(_offices(answer.get("data") or []))


def _offices(records: list[Any]) -> Iterator[Office]:
    for record in records:
        if isinstance(record, dict) and record.get("id") and record.get("access_token"):
            page = _access(SocialProvider.FACEBOOK, record, "name", record["access_token"])
            linked = record.get("instagram_business_account")
            instagram = None
            if isinstance(linked, dict) and linked.get("id"):
                instagram = _access(SocialProvider.INSTAGRAM, linked, "username", record["access_token"])
            yield Office(page, instagram)


def _access(provider: SocialProvider, record: Mapping[str, Any], name: str, token: str) -> Access:
    return Access(provider, str(record["id"]), str(record.get(name) or record["id"]), str(token))
