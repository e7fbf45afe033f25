"""Stop sending when it does harm: count, decide, pause with the reason in words; a person lets it go on with theirs.

What stopped once and was let go on is counted afresh from that moment: old harm does not stop it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.contacts.suppressions import without_addresses
from marketing.db.models import Campaign, MailBreaker, MailFeedback, Message, MessageRange, User
from marketing.delivery.restored import held
from marketing.domain.bounce import BounceClass
from marketing.domain.breakers import RULES, SLOW_PER_MINUTE, BreakerKind, BreakerLevel, level_of, percent
from marketing.domain.campaign import TRANSITIONS, CampaignState
from marketing.domain.feedback import FeedbackKind
from marketing.domain.message import LOST_WORKER, SENT, MessageState
from marketing.domain.transitions import change
from marketing.domain.types import EmailType, Role
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

_OF_CAMPAIGN: Final = {BreakerKind.HARD_BOUNCES: BounceClass.HARD, BreakerKind.BLOCKS: BounceClass.BLOCK}
_HANDED_OVER: Final = SENT | {MessageState.FAILED}  # a relay that refuses at once is asked as well
RECENT: Final = timedelta(days=30)
"""A campaign that began longer ago has nothing on its way; its messages are no longer counted."""
LIFTERS: Final = (Role.APPROVER,)
LAST_RANGES: Final = 3
"""Ranges (of a thousand messages) of each kind in which lost answers are counted."""
MOST_RANGES: Final = 50


@dataclass(frozen=True, slots=True)
class _Counted:
    """One rate as it stands, of a campaign or, without one, of the Daerah."""

    tenant_id: str
    campaign: Campaign | None
    kind: BreakerKind
    bad: int
    sent: int

    @property
    def campaign_id(self) -> int | None:
        return self.campaign.id if self.campaign is not None else None


def check(session: Session, tenant_id: str, campaigns: Iterable[int], now: datetime) -> None:
    """Look at the rates of these campaigns and of the Daerah, and stop what passed a limit; the caller owns the transaction."""
    for campaign_id in sorted(set(campaigns)):
        campaign = session.get(Campaign, campaign_id, with_for_update={"key_share": True})
        if campaign is None or campaign.tenant_id != tenant_id or campaign.email_type is EmailType.TRANSACTIONAL:
            continue  # order mail goes on, whatever the addresses that buyers give
        for kind in _OF_CAMPAIGN:
            _judge(session, _of_campaign(session, campaign, kind, now), now)
        _judge(session, _in_doubt(session, campaign, now), now)
    _judge(session, _complaints(session, tenant_id, now), now)


def check_doubts(session: Session, now: datetime) -> None:
    """Look at the lost answers of everything that goes out in bulk: a relay that swallows mails is noticed within seconds."""
    going = select(Campaign.id).where(
        Campaign.state == CampaignState.SENDING, Campaign.email_type != EmailType.TRANSACTIONAL
    )
    for campaign_id in session.scalars(going.order_by(Campaign.id)).all():
        campaign = session.get_one(Campaign, campaign_id)
        counted = _in_doubt(session, campaign, now)
        if level_of(counted.kind, counted.bad, counted.sent) is not None:
            session.refresh(campaign, with_for_update={"key_share": True})
            _judge(session, counted, now)


def standing(session: Session, tenant_id: str, campaign_id: int | None = None) -> Sequence[MailBreaker]:
    """Return what stands: of the Daerah as a whole, or of one campaign, the newest first."""
    where: ColumnElement[bool] = (
        MailBreaker.campaign_id.is_(None) if campaign_id is None else MailBreaker.campaign_id == campaign_id
    )
    query = select(MailBreaker).where(MailBreaker.tenant_id == tenant_id, MailBreaker.lifted_at.is_(None), where)
    return session.scalars(query.order_by(MailBreaker.id.desc())).all()


def holds_back(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Return whether a bulk campaign may not claim now: everything is stopped (then it is paused) or held, or it is slowed down."""
    if campaign.email_type is EmailType.TRANSACTIONAL:
        return False
    if held(session) is not None:
        return True  # the database was restored from a backup: a person decides what goes on
    found = next(iter(standing(session, campaign.tenant_id)), None)
    if found is None or found.level is BreakerLevel.WARN:
        return False
    if found.level is BreakerLevel.STOP:
        _pause(session, campaign, sentence(found))
        return True
    return not _room(session, campaign, now)


def at_most(session: Session, campaign: Campaign, now: datetime, wanted: int) -> int:
    """Return how many of `wanted` messages a bulk campaign may claim now: fewer only while it is slowed down."""
    slowed = campaign.email_type is not EmailType.TRANSACTIONAL and any(
        one.level is BreakerLevel.SLOW for one in standing(session, campaign.tenant_id)
    )
    return min(wanted, _room(session, campaign, now)) if slowed else wanted


def lift(session: Session, user: User, breaker_id: int, *, reason: str, now: datetime) -> None:
    """Let sending go on, with the reason on record. A paused campaign is resumed by itself. NotFoundError for another Daerah's."""
    require_role(user, *LIFTERS)
    row = session.get(MailBreaker, breaker_id, with_for_update=True)
    if row is None or row.tenant_id != user.tenant_id or row.lifted_at is not None:
        raise NotFoundError(_("Penghentian ini tidak ada atau sudah dibuka."))
    _lift([row], session, user, without_addresses(reason, field="alasan"), now)


def let_go_on(session: Session, user: User, campaign: Campaign, *, reason: str, now: datetime) -> None:
    """Record why a campaign goes on although a limit was passed; nothing where none stands.

    NotAllowedError while all bulk mail of the Daerah is stopped, InvalidInputError without a reason.
    """
    whole = next((one for one in standing(session, user.tenant_id) if one.level is BreakerLevel.STOP), None)
    if whole is not None and campaign.email_type is not EmailType.TRANSACTIONAL:
        raise NotAllowedError(sentence(whole))
    rows = [one for one in standing(session, user.tenant_id, campaign.id) if one.level is BreakerLevel.STOP]
    if rows:
        _lift(rows, session, user, without_addresses(reason, field="alasan"), now)


def sentence(breaker: MailBreaker) -> str:
    """Return why it stopped and what to do, in words."""
    figures = {
        "share": f"{percent(breaker.bad, breaker.sent):.2f}".replace(".", ","),
        "bad": breaker.bad,
        "sent": breaker.sent,
    }
    match breaker.kind, breaker.level:
        case BreakerKind.COMPLAINTS, BreakerLevel.STOP:
            text = _(
                "{share}% penerima mengadukan surat kami sebagai spam ({bad} dari {sent} dalam 7 hari). Semua kiriman massal"
                " berhenti. Periksa dari mana penerimanya dan apakah mereka setuju, lalu buka kembali dengan alasan."
            )
        case BreakerKind.COMPLAINTS, BreakerLevel.SLOW:
            text = _(
                "{share}% penerima mengadukan surat kami sebagai spam ({bad} dari {sent} dalam 7 hari). Kiriman massal"
                " diperlambat. Kirim hanya kepada yang baru saja membuka atau mengeklik."
            )
        case BreakerKind.COMPLAINTS, _level:
            text = _(
                "{share}% penerima mengadukan surat kami sebagai spam ({bad} dari {sent} dalam 7 hari). Batas Gmail dan"
                " Yahoo 0,10%. Periksa isi dan penerimanya sebelum kampanye berikutnya."
            )
        case BreakerKind.UNKNOWN, _level:
            text = _(
                "{share}% kiriman belum pasti karena jawaban server surat hilang ({bad} dari {sent} dalam 15 menit)."
                " Kampanye berhenti. Periksa server suratnya, pastikan yang belum pasti, lalu lanjutkan dengan alasan."
            )
        case BreakerKind.HARD_BOUNCES, BreakerLevel.STOP:
            text = _(
                "{share}% alamat penerima tidak ada ({bad} dari {sent} surat). Kampanye berhenti. Periksa asal daftar"
                " penerimanya, lalu lanjutkan dengan alasan."
            )
        case BreakerKind.HARD_BOUNCES, _level:
            text = _("{share}% alamat penerima tidak ada ({bad} dari {sent} surat). Periksa asal daftar penerimanya.")
        case _kind, _level:
            text = _(
                "{share}% surat ditolak karena pengirim kami ({bad} dari {sent} dalam 15 menit). Kampanye berhenti. Periksa"
                " SPF, DKIM dan DMARC dengan `siar doctor dns`, lalu lanjutkan dengan alasan."
            )
    return text.format(**figures)


def _lift(rows: Sequence[MailBreaker], session: Session, user: User, reason: str, now: datetime) -> None:
    for row in rows:
        row.lifted_at, row.lifted_by, row.lift_reason = now, user.id, reason
        write_audit(
            session,
            tenant_id=row.tenant_id,
            user_id=user.id,
            action="breaker.lifted",
            subject=f"mail_breaker:{row.id}",
            now=now,
            details={"kind": row.kind, "level": row.level, "bad": row.bad, "sent": row.sent, "reason": reason},
        )


def _judge(session: Session, counted: _Counted, now: datetime) -> None:
    level = level_of(counted.kind, counted.bad, counted.sent)
    before = standing(session, counted.tenant_id, counted.campaign_id)
    row = next((one for one in before if one.kind is counted.kind), None)
    if row is not None and row.level is BreakerLevel.STOP:
        return  # waits for a person
    if level is None:
        if row is not None:  # a warning that is over needs nobody
            row.lifted_at = now
        return
    if row is not None and row.level is level:
        row.bad, row.sent = counted.bad, counted.sent
        return
    if row is None:
        row = MailBreaker(tenant_id=counted.tenant_id, campaign_id=counted.campaign_id, kind=counted.kind)
        session.add(row)
    row.level, row.bad, row.sent, row.tripped_at = level, counted.bad, counted.sent, now
    session.flush()
    write_audit(
        session,
        tenant_id=counted.tenant_id,
        user_id=None,
        action="breaker.tripped",
        subject=f"mail_breaker:{row.id}",
        now=now,
        details={
            "kind": counted.kind,
            "level": level,
            "bad": counted.bad,
            "sent": counted.sent,
            "campaign": counted.campaign_id,
        },
    )
    if level is BreakerLevel.STOP:
        going = [counted.campaign] if counted.campaign is not None else _bulk_going(session, counted.tenant_id)
        for one in going:
            _pause(session, one, sentence(row))


def _pause(session: Session, campaign: Campaign, reason: str) -> None:
    session.refresh(campaign, with_for_update={"key_share": True})
    if CampaignState.PAUSED in TRANSITIONS[campaign.state] and campaign.state is CampaignState.SENDING:
        campaign.state = change(TRANSITIONS, campaign.state, CampaignState.PAUSED)
        campaign.state_reason = reason
        session.flush()


def _bulk_going(session: Session, tenant_id: str) -> Sequence[Campaign]:
    query = select(Campaign).where(
        Campaign.tenant_id == tenant_id,
        Campaign.state == CampaignState.SENDING,
        Campaign.email_type != EmailType.TRANSACTIONAL,
    )
    return session.scalars(query.order_by(Campaign.id)).all()


def _since(session: Session, tenant_id: str, campaign_id: int | None, kind: BreakerKind, now: datetime) -> datetime:
    """Return from when on to count: the rule's window, but nothing from before a person let it go on."""
    where = MailBreaker.campaign_id.is_(None) if campaign_id is None else MailBreaker.campaign_id == campaign_id
    lifted = session.scalar(
        select(func.max(MailBreaker.lifted_at)).where(
            MailBreaker.tenant_id == tenant_id, MailBreaker.kind == kind, MailBreaker.lifted_by.is_not(None), where
        )
    )
    start = now - RULES[kind].window
    return max(start, lifted) if lifted else start


def _of_campaign(session: Session, campaign: Campaign, kind: BreakerKind, now: datetime) -> _Counted:
    since = _since(session, campaign.tenant_id, campaign.id, kind, now)
    bad = select(func.count(MailFeedback.message_id.distinct())).where(
        MailFeedback.campaign_id == campaign.id,
        MailFeedback.kind == FeedbackKind.BOUNCED,
        MailFeedback.bounce == _OF_CAMPAIGN[kind],
        MailFeedback.received_at > since,
    )
    sent = select(Message.id).where(
        Message.campaign_id == campaign.id, Message.state.in_(_HANDED_OVER), Message.settled_at > since
    )
    number = session.scalar(bad) or 0
    return _Counted(campaign.tenant_id, campaign, kind, number, _sent(session, kind, number, sent))


def _in_doubt(session: Session, campaign: Campaign, now: datetime) -> _Counted:
    """Count lost answers among what left last: in the ranges that somebody has in hand or that ended last."""
    since = _since(session, campaign.tenant_id, campaign.id, BreakerKind.UNKNOWN, now)
    states = select(Message.state, func.count()).where(
        Message.campaign_id == campaign.id,
        Message.range_id.in_(_lately(session, campaign.id, since, LAST_RANGES)),
        Message.handed_over_at > since,
        Message.state.in_(_HANDED_OVER | {MessageState.UNKNOWN}),
        Message.reason != LOST_WORKER,  # a worker that died says nothing about the relay
    )
    found = dict(session.execute(states.group_by(Message.state)).all())
    bad = found.get(MessageState.UNKNOWN, 0)
    return _Counted(campaign.tenant_id, campaign, BreakerKind.UNKNOWN, bad, sum(found.values()))


def _room(session: Session, campaign: Campaign, now: datetime) -> int:
    """Return how many messages may still leave within this minute while complaints slow everything down."""
    since = now - timedelta(minutes=1)
    lately = select(func.count()).where(
        Message.campaign_id == campaign.id,
        Message.range_id.in_(_lately(session, campaign.id, since, MOST_RANGES)),
        Message.handed_over_at > since,
    )
    return max(0, SLOW_PER_MINUTE - (session.scalar(lately) or 0))


def _lately(session: Session, campaign_id: int, since: datetime, limit: int) -> Sequence[int]:
    """Return ranges in which something may have left since then: of those still open the first, of the others the last."""
    mine = MessageRange.campaign_id == campaign_id
    still = select(MessageRange.id).where(mine, MessageRange.settled_at.is_(None), MessageRange.tally.is_(None))
    ended = select(MessageRange.id).where(mine, MessageRange.settled_at > since)
    begun = select(MessageRange.id).where(mine, MessageRange.settled_at.is_(None), MessageRange.tally.is_not(None))
    return [
        *session.scalars(still.order_by(MessageRange.id).limit(limit)),
        *session.scalars(begun.order_by(MessageRange.id).limit(limit)),
        *session.scalars(ended.order_by(MessageRange.settled_at.desc()).limit(limit)),
    ]


def _complaints(session: Session, tenant_id: str, now: datetime) -> _Counted:
    """Count complaints against what left in bulk; order mail is neither."""
    since = _since(session, tenant_id, None, BreakerKind.COMPLAINTS, now)
    bulk = select(Campaign.id).where(
        Campaign.tenant_id == tenant_id,
        Campaign.email_type != EmailType.TRANSACTIONAL,
        Campaign.started_at > since - RECENT,
    )
    bad = select(func.count(MailFeedback.message_id.distinct())).where(
        MailFeedback.tenant_id == tenant_id,
        MailFeedback.kind == FeedbackKind.COMPLAINED,
        MailFeedback.received_at > since,
        MailFeedback.campaign_id.in_(bulk),
    )
    sent = select(Message.id).where(Message.campaign_id.in_(bulk), Message.state.in_(SENT), Message.settled_at > since)
    number, kind = session.scalar(bad) or 0, BreakerKind.COMPLAINTS
    return _Counted(tenant_id, None, kind, number, _sent(session, kind, number, sent))


def _sent(session: Session, kind: BreakerKind, bad: int, sent: Select[int]) -> int:
    """Count what was sent, but no further than where no limit can be passed any more: events come in many small batches."""
    rule = RULES[kind]
    if bad < rule.least_bad:
        return 0
    enough = bad * 10_000 // min(limit.per_10_000 for limit in rule.limits) + 1
    return session.scalar(select(func.count()).select_from(sent.limit(enough).subquery())) or 0
