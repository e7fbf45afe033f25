"""The list of campaigns and the page of one, from facts to views."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from marketing.db.models import Campaign
from marketing.delivery.feedback import COMPLAINT_REASON
from marketing.domain import site
from marketing.domain.campaign import CAN_WAIT, CampaignContent, CampaignState, Priority
from marketing.domain.events import EventType
from marketing.domain.message import Ledger, MessageState
from marketing.domain.types import ChannelName, EmailType, Purpose, Role
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.social.reasons import words_of
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.audience import audience_label
from marketing.web.building.reasons import failure_label
from marketing.web.building.words import moment_text, number_text, outside
from marketing.web.deps import Visitor
from marketing.web.queries.campaigns import CampaignLine, Happened, Outcome, PostFacts
from marketing.web.views.campaign import Acts, ArchiveNote, CampaignRow, Happening, PostLine, Result
from marketing.web.views.parts import LedgerView, Option, Tab, Thumb
from marketing.web.views.states import PERSONAL_CHAT, email_type_label

S = CampaignState
GROUPS: Mapping[str, tuple[CampaignState, ...]] = {
    "draft": (S.DRAFT,),
    "in_review": (S.IN_REVIEW,),
    "scheduled": (S.APPROVED, S.SCHEDULED),
    "sending": (S.SENDING, S.PAUSED),
    "sent": (S.SENT, S.CANCELLED, S.FAILED),
}


def tabs_of(counts: Mapping[CampaignState, int], current: str) -> tuple[Tab, ...]:
    """Return the ways to look at the list."""
    labels = {
        "draft": _("Draf"),
        "in_review": _("Menunggu persetujuan"),
        "scheduled": _("Terjadwal"),
        "sending": _("Berjalan"),
        "sent": _("Selesai"),
    }
    return (
        Tab(_("Semua"), paths.CAMPAIGNS, sum(counts.values()), current=current not in GROUPS),
        *(
            Tab(
                label,
                paths.listing(paths.CAMPAIGNS, keadaan=group),
                sum(counts.get(state, 0) for state in GROUPS[group]),
                current=group == current,
            )
            for group, label in labels.items()
        ),
    )


def type_options(chosen: str) -> tuple[Option, ...]:
    """Return the kinds of e-mail to narrow a list to."""
    kinds = tuple(Option(kind, email_type_label(kind), selected=kind == chosen) for kind in EmailType)
    return (Option("", _("Semua jenis"), selected=not chosen), *kinds)


def row_of(line: CampaignLine, outcome: Outcome, profile: TenantProfile) -> CampaignRow:
    """Return a line of the list."""
    said = []
    if line.started_at is not None:
        by_chat = line.purpose is Purpose.WHATSAPP_MARKETING
        written = by_chat or ChannelName.EMAIL in line.channels
        if written:
            words = _("{n} pesan WhatsApp keluar") if by_chat else _("{n} surat keluar")
            said.append(words.format(n=number_text(outcome.sent)))
        if outcome.clicks or (written and line.email_type is not EmailType.TRANSACTIONAL):  # order mail is not measured
            said.append(_("{n} klik orang").format(n=number_text(outcome.clicks)))
        if outcome.published:
            said.append(_("{n} kiriman terbit").format(n=number_text(outcome.published)))
    return CampaignRow(
        id=line.id,
        name=line.name,
        email_type=line.purpose or line.email_type,
        state=line.state,
        when=moment_text(line.finished_at or line.started_at or line.scheduled_at, profile),
        author=line.author or _("Otomasi"),
        channels=places_of(line.channels, line.purpose),
        audience=number_text(line.audience) if line.started_at is not None else "",
        result=" · ".join(said),
    )


def places_of(channels: Sequence[str], purpose: Purpose | None) -> tuple[str, ...]:
    """Return where a campaign goes: it is published on its channels, and may go to persons by WhatsApp besides."""
    return (*((PERSONAL_CHAT,) if purpose is Purpose.WHATSAPP_MARKETING else ()), *channels)


def ledger_view(campaign: Campaign, ledger: Ledger, now: datetime, profile: TenantProfile) -> LedgerView:
    """Return where everybody stands; page and fragment both come from here, so that they agree on `live`."""
    return LedgerView(
        campaign_id=campaign.id,
        audience=ledger.audience,
        **{state.value: ledger.of(state) for state in MessageState},
        live=is_moving(campaign, now),
        updated_at=f"{now.astimezone(profile.tz):%H.%M.%S %Z}",
    )


def is_moving(campaign: Campaign, now: datetime) -> bool:
    """Return whether the numbers change by themselves; order mail goes on for ever and is not watched."""
    due = campaign.state is S.SCHEDULED and campaign.scheduled_at is not None and campaign.scheduled_at <= now
    return due or (campaign.state is S.SENDING and campaign.email_type is not EmailType.TRANSACTIONAL)


def awaited(campaign: Campaign, now: datetime) -> str:
    """Return the hour a scheduled campaign waits for, empty once it has come or where there is none."""
    due = campaign.scheduled_at
    return due.isoformat() if campaign.state is S.SCHEDULED and due is not None and due > now else ""


def when_text(campaign: Campaign, profile: TenantProfile) -> str:
    """Return the moment that matters most in this state."""
    if campaign.finished_at:
        return _("Selesai {time}").format(time=moment_text(campaign.finished_at, profile))
    if campaign.started_at:
        return _("Mulai {time}").format(time=moment_text(campaign.started_at, profile))
    if campaign.scheduled_at:
        return _("Akan keluar {time}").format(time=moment_text(campaign.scheduled_at, profile))
    return _("Waktunya belum ditetapkan")


def acts_for(campaign: Campaign, visitor: Visitor, *, stopped: bool = False) -> Acts:
    """Return what this person may do now; the use cases ask again. `stopped`: by a breaker, so going on asks for a reason."""
    state, marketer, approver = campaign.state, visitor.has(Role.MARKETER), visitor.has(Role.APPROVER)
    by_people, waiting = campaign.automation is None, campaign.started_at is None
    own = campaign.author_id == visitor.user.id
    in_review = state is S.IN_REVIEW
    return Acts(
        edit=marketer and by_people and waiting and state in {S.DRAFT, S.IN_REVIEW, S.SCHEDULED, S.PAUSED},
        submit=marketer and by_people and state is S.DRAFT and campaign.scheduled_at is not None,
        approve=in_review and approver and not own,
        schedule=marketer and by_people and waiting and state in {S.DRAFT, S.SCHEDULED, S.PAUSED},
        pause=(marketer or approver) and state in {S.SCHEDULED, S.SENDING},
        resume=approver and state is S.PAUSED,
        resume_why=stopped,
        cancel=(marketer or approver) and state not in {S.SENT, S.CANCELLED, S.FAILED},
        settle=marketer or approver,
        priority=_priorities(campaign) if approver and state in CAN_WAIT else (),
        why_not_approve=_why_not(own=own, approver=approver) if in_review and not (approver and not own) else "",
    )


def _priorities(campaign: Campaign) -> tuple[Option, ...]:
    labels = {Priority.FIRST: _("Didahulukan"), Priority.USUAL: _("Biasa"), Priority.LATER: _("Belakangan")}
    return tuple(Option(str(int(one)), label, selected=campaign.priority == one) for one, label in labels.items())


def _why_not(*, own: bool, approver: bool) -> str:
    if own and approver:
        return _("Anda yang menyusun kampanye ini, jadi rekan lain yang menyetujuinya.")
    return _("Menunggu keputusan penyetuju.")


def results_of(
    campaign: Campaign,
    content: CampaignContent,
    seen: Mapping[EventType, tuple[int, int]],
    returned: Mapping[str, int],
) -> tuple[Result, ...]:
    """Return what people did with the mails; nothing before the first could have arrived."""
    if campaign.started_at is None or content.to_persons is None:
        return ()
    if campaign.email_type is EmailType.TRANSACTIONAL:
        return ()  # order mail is not measured
    if content.to_persons is ChannelName.WHATSAPP:
        return _chat_results(campaign.id, seen, returned)
    clicks, machine_clicks = seen.get(EventType.CLICKED, (0, 0))
    opens, machine_opens = seen.get(EventType.OPENED, (0, 0))
    return (
        Result(
            _("Klik orang"),
            number_text(clicks),
            _("{n} klik mesin tidak dihitung").format(n=number_text(machine_clicks)),
        ),
        Result(_("Dibaca di peramban"), number_text(seen.get(EventType.WEB_VIEWED, (0, 0))[0])),
        Result(
            _("Berhenti berlangganan"), number_text(seen.get(EventType.UNSUBSCRIBED, (0, 0))[0]), _("langsung berlaku")
        ),
        *_returned(campaign.id, returned),
        Result(
            _("Dibuka"),
            number_text(opens),
            _("tidak dapat dipercaya: banyak kotak surat membuka sendiri ({n} mesin)").format(
                n=number_text(machine_opens)
            ),
            reliable=False,
        ),
    )


def _chat_results(
    campaign_id: int, seen: Mapping[EventType, tuple[int, int]], returned: Mapping[str, int]
) -> tuple[Result, ...]:
    """Return what people did with messages of WhatsApp, as far as it tells."""
    clicks, machine_clicks = seen.get(EventType.CLICKED, (0, 0))
    return (
        Result(_("Klik orang"), number_text(clicks), _("{n} klik mesin tidak dihitung").format(n=number_text(machine_clicks))),
        Result(_("Berhenti"), number_text(seen.get(EventType.UNSUBSCRIBED, (0, 0))[0]), _("di dalam WhatsApp; balasan STOP dicatat pada orangnya")),
        Result(_("Tidak sampai"), number_text(sum(returned.values())), _("ditolak WhatsApp setelah diterima"), href=paths.mails(campaign_id, "bounced")),
        Result(_("Dibaca"), number_text(seen.get(EventType.OPENED, (0, 0))[0]), _("paling sedikit: banyak orang mematikan tanda baca"), reliable=False),
    )  # fmt: skip


def _returned(campaign_id: int, returned: Mapping[str, int]) -> tuple[Result, ...]:
    """Return how many mails came back, by class, and how many people complained; `returned` counts by reason."""
    complaints = returned.get(COMPLAINT_REASON, 0)
    bounced = {reason: number for reason, number in returned.items() if reason != COMPLAINT_REASON}
    by_class = "; ".join(f"{failure_label(reason)}: {number_text(bounced[reason])}" for reason in sorted(bounced))
    return (
        Result(_("Terpental"), number_text(sum(bounced.values())), by_class, href=paths.mails(campaign_id, "bounced")),
        Result(
            _("Aduan spam"),
            number_text(complaints),
            _("tidak dikirimi apa pun lagi"),
            href=paths.mails(campaign_id, "complained"),
        ),
    )


def post_line(post: PostFacts, profile: TenantProfile) -> PostLine:
    """Return a post of the campaign."""
    return PostLine(
        id=post.id,
        channel=post.channel,
        state=post.state,
        when=moment_text(post.at, profile),
        reason=words_of(post.reason),
        permalink=outside(post.permalink),
        shared=_("Dibagikan oleh {name}, {time}.").format(
            name=post.shared_by, time=moment_text(post.shared_at, profile)
        )
        if post.shared_by
        else "",
    )


def product_thumbs(
    ids: Sequence[int], offers: Mapping[int, Offer], profile: TenantProfile, now: datetime
) -> tuple[Thumb, ...]:
    """Return the products in the order of the campaign."""
    return tuple(
        Thumb(
            offer.facts.name,
            " · ".join(filter(None, (offer.facts.business.name, offer.price_text(now)))),
            offer.picture_url(""),
            offer.page_url("", profile.id) if offer.stands(profile, now) else "",
        )
        for offer in (offers[row_id] for row_id in ids if row_id in offers)
    )


def archive_note(
    campaign: Campaign, content: CampaignContent, withdrawn: tuple[str, str, datetime] | None, visitor: Visitor
) -> ArchiveNote | None:
    """Return where a sent newsletter stands in the public archive; None where it never does."""
    if campaign.state is not S.SENT or campaign.email_type is not EmailType.NEWSLETTER or not content.archived:
        return None
    may_change = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    href = site.newsletter(campaign.tenant_id, campaign.slug)
    if withdrawn is None:
        return ArchiveNote(href, may_change=may_change)
    reason, name, at = withdrawn
    by = _("{name}, {when}").format(name=name, when=moment_text(at, visitor.profile))
    return ArchiveNote(href, reason, by, may_change=may_change)


def happening_of(line: Happened, profile: TenantProfile) -> Happening:
    """Return a line of the history in words."""
    said = {
        "campaign.create": _("{name} membuat draf"),
        "campaign.change": _("{name} mengubah isi menjadi versi {n}"),
        "campaign.reschedule": _("{name} mengubah waktunya"),
        "campaign.submit": _("{name} meminta persetujuan atas versi {n}"),
        "campaign.approve": _("{name} menyetujui versi {n}"),
        "campaign.give_back": _("{name} mengembalikan versi {n}"),
        "campaign.pause": _("{name} menjeda"),
        "campaign.resume": _("{name} melanjutkan"),
        "campaign.cancel": _("{name} membatalkan"),
        "campaign.priority": _("{name} mengubah gilirannya"),
        "campaign.missed": _("{name} mengirim susulan kepada yang terlewat"),
        "unknown.arrived": _("{name} memastikan kiriman yang belum pasti: sampai"),
        "unknown.not_sent": _("{name} memastikan kiriman yang belum pasti: tidak terkirim"),
        "restore.decided": _("{name} memutuskan setelah basis data dipulihkan"),
        "restore.paused": _("Siar menjeda karena basis data dipulihkan"),
        "campaign.post_gone": _("Siar tidak menemukan satu kiriman lagi: seseorang menghapusnya di kanalnya"),
        "campaign.test": _("{name} mengirim surel uji ke alamatnya sendiri"),
        "newsletter.withdraw": _("{name} menarik edisi ini dari arsip buletin"),
        "newsletter.restore": _("{name} mengembalikan edisi ini ke arsip buletin"),
    }.get(line.action, line.action)
    local = line.at.astimezone(profile.tz)
    return Happening(
        said.format(name=line.who or _("Siar"), n=line.version),
        moment_text(line.at, profile),
        local.isoformat(timespec="minutes"),
        line.note,
    )


def audience_words(content: CampaignContent, email_type: str, segments: Mapping[int, str]) -> str:
    """Return who gets the e-mail, in words; `segments` are the names of the Daerah's segments by id."""
    if content.to_persons is None:
        return _("Tanpa surel")
    return audience_label(content.audience, email_type, segments)
