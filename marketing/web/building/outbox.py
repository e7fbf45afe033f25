"""Mails and posts, from facts to the pages of the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketing.domain.consent import ConsentState
from marketing.domain.message import SENT, MessageState
from marketing.domain.permission import PUBLIC_TASK, FrequencyCap
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.social.reasons import words_of
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.reasons import class_label, failure_label, skip_label
from marketing.web.building.words import day_text, mailbox, moment_text, outside
from marketing.web.queries.outbox import ConsentLine, Happened, MailFacts, PostFacts
from marketing.web.views.outbox import MailRow, PostRow
from marketing.web.views.parts import Option, Tab
from marketing.web.views.states import channel_label, chip_of, email_type_label

S = MessageState


def tabs_of(mails: int | None, posts: int, current: str, alerts: int | None = None) -> tuple[Tab, ...]:
    """Return the lists; those of the mails and of orders that wait for somebody only for those who may see them."""
    found = [Tab(_("Kiriman"), paths.OUTBOX_POSTS, posts, current=current == "kiriman")]
    if mails is not None:
        found.insert(0, Tab(_("Surat"), paths.OUTBOX_MAIL, mails, current=current == "surat"))
    if alerts is not None:
        found.append(Tab(_("Perhatian pesanan"), paths.OUTBOX_ORDERS, alerts, current=current == "pesanan"))
    if mails is not None:
        found.append(Tab(_("Kesehatan surat"), paths.OUTBOX_HEALTH, current=current == "kesehatan"))
    return tuple(found)


def state_options(states: Iterable[str], chosen: str) -> tuple[Option, ...]:
    """Return the states to narrow a list to."""
    return (
        Option("", _("Semua keadaan"), selected=not chosen),
        *(Option(state, chip_of(state).label, selected=state == chosen) for state in states),
    )


def kind_options(chosen: str) -> tuple[Option, ...]:
    """Return the kinds of mail."""
    return (
        Option("", _("Semua jenis"), selected=not chosen),
        *(Option(kind, email_type_label(kind), selected=kind == chosen) for kind in EmailType),
    )


def channel_options(profile: TenantProfile, chosen: str) -> tuple[Option, ...]:
    """Return the channels that carry posts."""
    names = [name for name in profile.channels if name is not ChannelName.EMAIL]
    return (
        Option("", _("Semua kanal"), selected=not chosen),
        *(Option(name, channel_label(name), selected=name == chosen) for name in names),
    )


def campaign_options(found: Sequence[tuple[int, str]], chosen: int | None) -> tuple[Option, ...]:
    """Return the campaigns to narrow a list to."""
    return (
        Option("", _("Semua kampanye"), selected=chosen is None),
        *(Option(str(row_id), name, selected=row_id == chosen) for row_id, name in found),
    )


def mail_row(mail: MailFacts, profile: TenantProfile) -> MailRow:
    """Return a line of the list."""
    return MailRow(
        id=mail.id,
        recipient=recipient_of(mail),
        subject=mail.subject,
        type_label=email_type_label(mail.purpose or mail.email_type),
        state=mail.state,
        when=moment_text(mail.settled_at or mail.queued_at, profile),
        campaign=mail.campaign,
        reason=reason_of(mail),
        article=mail.article,
    )


def recipient_of(mail: MailFacts) -> str:
    """Return who it is for."""
    return mailbox(mail.name, mail.address) or _("Data orang ini sudah dihapus")


def reason_of(mail: MailFacts) -> str:
    """Return why it is not on its way, where it is not."""
    waits = mail.state is S.DEFERRED and mail.not_before is None
    return skip_label(mail.reason) if mail.state is S.SKIPPED or waits else failure_label(mail.reason, mail.detail)


def why_lines(mail: MailFacts, consent: ConsentLine | None, profile: TenantProfile) -> tuple[str, ...]:
    """Return why it was sent or not: the rule, the consent it rests on, and how often this person is written to."""
    kind = email_type_label(mail.purpose or mail.email_type).lower()
    if mail.email_type is EmailType.TRANSACTIONAL and mail.purpose is not None:
        lines = [
            _consent_text(consent, kind, profile),
            _("Kabar pesanan orang ini sendiri, beserta surelnya: tidak dibatasi jumlahnya dan tidak memuat promosi."),
        ]
    elif mail.email_type is EmailType.TRANSACTIONAL:
        lines = [
            _(
                "Pemberitahuan tentang pesanan orang ini, atau pesanan untuk usahanya: tidak memerlukan persetujuan (UU 27/2022 Ps. 20(2)b)."
            ),
            _("Surat pesanan tidak memuat promosi."),
        ]
    else:
        public_task = _("Tugas Dinas terhadap usaha terdaftar, tanpa persetujuan (UU 27/2022 Ps. 20(2)e).")
        lines = [public_task if mail.purpose in PUBLIC_TASK else _consent_text(consent, kind, profile)]
        cap = FrequencyCap()
        lines.append(
            _("Paling banyak {n} surat pemasaran dalam {days} hari untuk satu orang.").format(
                n=cap.limit, days=cap.window.days
            )
        )
    if mail.state is S.SKIPPED:
        article = f" ({mail.article})" if mail.article else ""
        lines.insert(0, f"{skip_label(mail.reason)}{article}.")
    return tuple(lines)


def happened(mail: MailFacts, events: Sequence[Happened], profile: TenantProfile) -> tuple[tuple[str, str], ...]:
    """Return what happened to the message, in order."""
    words = {
        "accepted": _("Diterima penyedia surat"),
        "deferred": _("Ditunda server penerima; penyedia mencoba lagi"),
        "delivered": _("Sampai di kotak surat"),
        "bounced": _("Terpental"),
        "complained": _("Diadukan sebagai spam"),
        "opened": _("Dibuka"),
        "clicked": _("Tautan diikuti"),
        "web_viewed": _("Dibaca di peramban"),
        "unsubscribed": _("Berhenti berlangganan"),
    }
    found = [(_("Masuk antrean"), mail.queued_at)]
    if (mail.settled_at is not None and mail.settled_at != mail.queued_at) or mail.state is not S.QUEUED:
        tries = _(" (percobaan ke-{n})").format(n=mail.attempt) if mail.attempt > 1 else ""
        # What became of it after it was taken is told by its events, at their own time.
        state = S.ACCEPTED if mail.state in SENT else mail.state
        found.append((chip_of(state).label + tries, mail.settled_at or mail.queued_at))
    for event in events:
        said = words.get(event.kind, event.kind) + (_(" oleh mesin") if event.machine else "")
        why = class_label(event.bounce) if event.kind == "bounced" else ""
        found.append((" · ".join(filter(None, (said, why, event.status, event.detail))), event.at))
    return tuple((text, moment_text(at, profile)) for text, at in found)


def post_row(post: PostFacts, profile: TenantProfile) -> PostRow:
    """Return a line of the list."""
    return PostRow(
        id=post.id,
        channel=post.channel,
        account=account_of(post, profile),
        title=str(post.content.get("title", "")) or post.campaign,
        state=post.state,
        when=moment_text(post.at, profile),
        campaign=post.campaign,
        reason=words_of(post.reason),
        permalink=outside(post.permalink),
    )


def account_of(post: PostFacts, profile: TenantProfile) -> str:
    """Return the account; the sandbox says that it is one, the website is always our own."""
    if post.channel is ChannelName.WEBSITE:
        return profile.short_name
    return _("Kotak pasir") if post.account == "sandbox" else post.account


def when_text(state: PostState, at: datetime, profile: TenantProfile) -> str:
    """Return when the post came to stand as it does."""
    said = {
        PostState.AWAITING_HUMAN: _("Siap sejak {time}"),
        PostState.PUBLISHED: _("Terbit {time}"),
        PostState.WITHDRAWN: _("Ditarik {time}"),
    }
    return said.get(state, "{time}").format(time=moment_text(at, profile))


def _consent_text(consent: ConsentLine | None, kind: str, profile: TenantProfile) -> str:
    if consent is None:
        return _("Tidak ada persetujuan yang tercatat untuk {kind}.").format(kind=kind)
    known = {
        ConsentState.GIVEN: _("Menyetujui {kind} pada {day} lewat {source}, teks persetujuan {wording}."),
        ConsentState.WITHDRAWN: _("Menarik persetujuan {kind} pada {day} lewat {source}."),
        ConsentState.REFUSED: _("Menolak {kind} pada {day} lewat {source}."),
        ConsentState.REQUESTED: _("Diminta menyetujui {kind} pada {day}, belum dijawab."),
    }[consent.state]
    return known.format(
        kind=kind, day=day_text(consent.at, profile), source=consent.source or "–", wording=consent.wording or "–"
    )
