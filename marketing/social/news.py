"""What TikTok and Meta tell of accounts of their own accord, each thing once: who has taken their leave back, what became of a post."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.channels.meta_graph.entrance import GRANTED_BY
from marketing.channels.meta_graph.signed_request import Told
from marketing.channels.social import SocialProvider
from marketing.channels.tiktok.errors import failure
from marketing.channels.tiktok.webhook import EventKind, TikTokEvent
from marketing.db.models import ChannelAccount, Post, ShareTask
from marketing.db.session import Database
from marketing.delivery.exposure import record_exposure
from marketing.delivery.share_tasks import SHARE
from marketing.domain.account import AccountState
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.transitions import change
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.social.provider_events import first_told
from marketing.social.publishers import shut

META: Final = "meta"
META_PROVIDERS: Final = (SocialProvider.FACEBOOK.value, SocialProvider.INSTAGRAM.value)
_CODE: Final = 16
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SocialNews:
    """Takes in what is genuine; whoever calls has checked the signature."""

    database: Database
    key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def tiktok(self, event: TikTokEvent, raw: bytes) -> int:
        """Take one event; returns for how many accounts it was new. One that we do not know is kept as it came."""
        now, fresh = self.clock(), 0
        with self.database.write() as session:
            query = select(ChannelAccount).where(
                ChannelAccount.provider == SocialProvider.TIKTOK.value,
                ChannelAccount.remote_id == event.open_id,
                ChannelAccount.state != AccountState.REMOVED,
            )
            for row in session.scalars(query.with_for_update()):
                facts = {"post": event.publish_id, "reason": event.reason, "at": event.at.isoformat()}
                if event.kind is EventKind.OTHER:
                    facts["body"] = raw.decode("utf-8", "replace")
                if first_told(session, row, f"{row.id}:{event.key}", event.name, facts, now=now):
                    _heard(session, row, event, now)
                    fresh += 1
        log.info("TikTok told us", event_name=event.name, fresh=fresh)
        return fresh

    def revoked(self, told: Told) -> int:
        """Let the accounts that stand on a person's leave wait for another; returns how many it was new for."""
        return self._taken_back(told, "revoked", erase=False)

    def erased(self, told: Told) -> str:
        """Forget what a person's leave gave us, and their number; returns the code that Meta shows them."""
        self._taken_back(told, "erased", erase=True)
        number = keyed_hash(self.key, HashPurpose.REQUEST, META, told.key)[:_CODE]
        return number + self._proof(number)

    def is_code(self, code: str) -> bool:
        """Return whether a code is one of ours."""
        return code.isascii() and code == code[:_CODE] + self._proof(code[:_CODE])

    def _proof(self, number: str) -> str:
        return keyed_hash(self.key, HashPurpose.REQUEST, META, f"code {number}")[:_CODE]

    def _taken_back(self, told: Told, what: str, *, erase: bool) -> int:
        now, fresh = self.clock(), 0
        reason = _("Pemberi izin mencabut izin Siar di Facebook. Hubungkan ulang lewat pengelola Halaman.")
        with self.database.write() as session:
            query = select(ChannelAccount).where(ChannelAccount.provider.in_(META_PROVIDERS)).with_for_update()
            rows = [row for row in session.scalars(query) if row.settings.get(GRANTED_BY) == told.person]
            for row in rows:
                if not first_told(session, row, f"{row.id}:{what}:{told.key}", what, {}, now=now):
                    continue
                fresh += 1
                shut(row, reason, now)
                if erase:
                    row.sealed_credentials, row.access_expires_at = "", None
                    row.settings = {name: value for name, value in row.settings.items() if name != GRANTED_BY}
        log.info("Meta told us", event_name=what, fresh=fresh)
        return fresh


def _heard(session: Session, row: ChannelAccount, event: TikTokEvent, now: datetime) -> None:
    if event.kind is EventKind.REMOVED:
        shut(row, _("Izin Siar dicabut di aplikasi TikTok. Hubungkan ulang akunnya."), now)
        return
    if not event.publish_id:
        return
    query = select(Post).where(
        Post.tenant_id == row.tenant_id, Post.account == str(row.id), Post.handle == event.publish_id
    )
    for post in session.scalars(query.with_for_update()):
        if post.state is PostState.PENDING:
            post.not_before = now  # it is asked about now, and TikTok's answer counts
        elif post.state is PostState.AWAITING_HUMAN and event.kind in _ENDS:
            _ended(session, post, event, now)


_ENDS: Final = frozenset({EventKind.COMPLETE, EventKind.PUBLIC, EventKind.FAILED})


def _ended(session: Session, post: Post, event: TikTokEvent, now: datetime) -> None:
    """Settle a draft that somebody has finished on the phone, or that is gone: nobody is asked about it any more."""
    failed = event.kind is EventKind.FAILED
    post.state = change(TRANSITIONS, post.state, PostState.FAILED if failed else PostState.PUBLISHED)
    post.settled_at, post.reason = now, failure(event.reason) if failed else ""
    if not failed:
        record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
    waiting = (ShareTask.post_id == post.id, ShareTask.kind == SHARE, ShareTask.done_at.is_(None))
    session.execute(update(ShareTask).where(*waiting).values(done_at=now))
