"""A mail as it arrived: the copy in the local inbox where there is one, else made again from the same words.

Looking is not reading: our own view never fetches the open pixel, and where mail really leaves the house its links lead
on uncounted, so that staff who look into the outbox do not appear in the numbers. In a rehearsal the local inbox is the
only reader there is: there a link is followed as the buyer would, and counted.
"""

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from html import escape

from jinja2 import TemplateError
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.channels.email.local_inbox import find
from marketing.channels.email.mime import BadMessageError, build_mime
from marketing.delivery.archive import Archived, render_again
from marketing.domain.links import LinkPurpose
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import MarketingError
from marketing.web.previewing import framed

NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
NEVER_MADE = frozenset({MessageState.SKIPPED})
_BODY_HEADERS = frozenset({"content-type", "content-transfer-encoding", "mime-version"})


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail for people (HTML and text) and for machines (headers)."""

    html: str
    text: str
    headers: tuple[tuple[str, str], ...]
    arrived: bool


def shown_mail(
    app: App, session: Session, archived: Archived, links: Mapping[int, str], *, at: datetime
) -> ShownMail | None:
    """Return the mail; None when it was never made or can no longer be."""
    if archived.message.state in NEVER_MADE or archived.message.channel is not ChannelName.EMAIL:
        return None
    stored = _stored(app, archived)
    if stored is not None:
        return _parts(app, stored, archived.message.id, links, arrived=True)
    try:
        made = build_mime(render_again(session, archived, app.composer, app.clock()), date=at)
    except (MarketingError, BadMessageError, TemplateError, LookupError, ValueError):
        return None
    return _parts(app, made, archived.message.id, links, arrived=False)


def _stored(app: App, archived: Archived) -> bytes | None:
    profile = archived.profile
    transactional = archived.campaign.email_type is EmailType.TRANSACTIONAL
    sender = profile.transactional_sender if transactional else profile.marketing_sender
    reference = app.signer.reference(archived.message.id)
    path = find(app.settings.inbox_dir, f"<{reference}@{sender.partition('@')[2]}>")
    return path.read_bytes() if path else None


def _parts(app: App, raw: bytes, message_id: int, links: Mapping[int, str], *, arrived: bool) -> ShownMail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return ShownMail(
        html=framed(_unread(app, html.get_content(), message_id, {} if arrived else links)) if html else "",
        text=text.get_content().strip() if text else "",
        headers=tuple((name, str(value)) for name, value in message.items() if name.lower() not in _BODY_HEADERS),
        arrived=arrived,
    )


def _unread(app: App, html: str, message_id: int, links: Mapping[int, str]) -> str:
    def instead(found: re.Match[str]) -> str:
        if found[1] == LinkPurpose.OPEN:
            return NOTHING
        ids = app.signer.read(LinkPurpose.CLICK, found[2])
        known = ids is not None and len(ids) == 2 and ids[0] == message_id and ids[1] in links  # noqa: PLR2004
        return escape(links[ids[1]]) if ids is not None and known else found[0]

    return re.sub(rf"{re.escape(app.settings.public_url)}/([bk])/([A-Za-z0-9_-]+)", instead, html)
