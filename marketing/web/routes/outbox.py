"""The outbox: every mail and post as it looked, and why it went or not."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from catalog_sync.recall import POST
from marketing.bootstrap import App
from marketing.campaigns.order_alerts import TELLING
from marketing.db.models import Campaign
from marketing.delivery.archive import find_message
from marketing.delivery.post_figures import results_of
from marketing.delivery.versions import content_of
from marketing.domain.message import MessageState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType, Purpose, Role
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.social.reasons import words_of
from marketing.web import paths
from marketing.web.building import outbox as building
from marketing.web.building.reach import reach_view
from marketing.web.building.tasks import row_of as task_row
from marketing.web.building.withdrawals import row_of as withdrawal_row
from marketing.web.building.words import Address, mailbox, moment_text, outside, pager_of
from marketing.web.deps import Filters, RowNumber, TheApp, TheFilters, TheForm, TheSender, TheStaff, Visitor, searchable
from marketing.web.office import show
from marketing.web.previewing import post_preview, preview_posts, standing_message
from marketing.web.private_words import may_be_of_a_person
from marketing.web.queries import outbox as queries
from marketing.web.queries.order_alerts import alerts_waiting
from marketing.web.queries.tasks import tasks_of_post
from marketing.web.queries.withdrawals import WithdrawalFilter, list_withdrawals
from marketing.web.reading import ShownMail, shown_mail
from marketing.web.security import MAIL_CSP
from marketing.web.views.outbox import MailView, OutboxView, PostView
from marketing.web.views.parts import Pager
from marketing.web.views.preview import PostPreview
from marketing.web.views.states import email_type_label

router = APIRouter()
PAGE_SIZE = 50


@router.get(paths.OUTBOX)
def outbox(visitor: TheStaff) -> Response:
    """Lead to the mails, or to the posts for those who may not see whom mails went to."""
    reads_mail = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    return RedirectResponse(paths.OUTBOX_MAIL if reads_mail else paths.OUTBOX_POSTS, HTTPStatus.SEE_OTHER)


@router.get(paths.OUTBOX_MAIL)
def mails(request: Request, app: TheApp, visitor: TheSender, asked: TheFilters) -> Response:
    """Show the mails, newest first."""
    return _mails(request, app, visitor, asked)


@router.post(paths.OUTBOX_SEARCH)
def search_mails(request: Request, app: TheApp, visitor: TheSender, form: TheForm) -> Response:
    """Look for mails; what may be an address is answered at once, so that it stands in no address of ours and no log."""
    typed, state, kind, campaign = (
        searchable(str(form.get(name, ""))) for name in ("q", "keadaan", "jenis", "kampanye")
    )
    if may_be_of_a_person(typed):
        asked = Filters(q=typed, keadaan=state, jenis=kind, kampanye=campaign)
        return _mails(request, app, visitor, asked, unlisted=True)
    narrowed = paths.listing(paths.OUTBOX_MAIL, q=typed, keadaan=state, jenis=kind, kampanye=campaign)
    return RedirectResponse(narrowed, HTTPStatus.SEE_OTHER)


def _mails(request: Request, app: App, visitor: Visitor, asked: Filters, *, unlisted: bool = False) -> Response:
    """Show the list; an answer that is `unlisted` has one page, for a link to the next would repeat what was typed."""
    profile = visitor.profile
    state, kind = _one_of(asked.keadaan, MessageState), _one_of(asked.jenis, EmailType)
    campaign_id = _row_number(asked.kampanye)
    with app.database.read() as session:
        found, total = queries.list_mails(
            session,
            profile.id,
            queries.MailFilter(asked.q, state, kind, campaign_id),
            offset=(asked.halaman - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
        all_mails, all_posts = queries.totals(session, profile.id)
        campaigns = queries.campaigns_offered(session, profile.id, campaign_id)
    address = Address(paths.OUTBOX_MAIL, q=asked.q, keadaan=state, jenis=kind, kampanye=campaign_id)
    view = OutboxView(
        tabs=building.tabs_of(all_mails, all_posts, "surat"),
        tab="surat",
        pager=Pager(len(found), total) if unlisted else pager_of(asked.halaman, PAGE_SIZE, len(found), total, address),
        mails=tuple(building.mail_row(mail, profile) for mail in found),
        query=asked.q,
        states=building.state_options(MessageState, state),
        kinds=building.kind_options(kind),
        campaigns=building.campaign_options(campaigns, campaign_id),
        sandbox=not app.settings.smtp_host,
    )
    return show(request, app, visitor, "kotak_keluar.html", view, place="outbox")


@router.get("/kotak-keluar/surat/{message_id}")
def mail_page(request: Request, app: TheApp, visitor: TheSender, message_id: RowNumber) -> Response:
    """Show one mail: as it was received, and why it was sent or not."""
    profile = visitor.profile
    facts, mail = _mail(app, visitor, message_id)
    by_chat = facts.purpose is Purpose.WHATSAPP_MARKETING
    with app.database.read() as session:
        purpose = facts.purpose
        decided = facts.settled_at or facts.queued_at
        consent = queries.consent_line(session, profile.id, facts.contact_id, purpose, decided) if purpose else None
        events = queries.events_of(session, profile.id, message_id)
        chat = standing_message(app, session, visitor, message_id) if by_chat else None
    transactional = facts.email_type is EmailType.TRANSACTIONAL
    view = MailView(
        id=facts.id,
        subject=facts.subject,
        recipient=building.recipient_of(facts),
        sender=profile.dinas_short
        if by_chat
        else mailbox(profile.dinas_short, profile.transactional_sender if transactional else profile.marketing_sender),
        state=facts.state,
        when=moment_text(facts.settled_at or facts.queued_at, profile),
        type_label=email_type_label(facts.purpose or facts.email_type),
        why=building.why_lines(facts, consent, profile),
        campaign=facts.campaign,
        campaign_href=paths.campaign(facts.campaign_id),
        preheader=facts.preheader,
        reason=building.reason_of(facts),
        article=facts.article,
        has_html=bool(mail and mail.html),
        text=mail.text if mail else "",
        headers=mail.headers if mail else (),
        events=building.happened(facts, events, profile),
        chat=chat,
    )
    return show(request, app, visitor, "kotak_keluar_surat.html", view, place="outbox")


@router.get("/kotak-keluar/surat/{message_id}/isi.html")
def mail_html(app: TheApp, visitor: TheSender, message_id: RowNumber) -> Response:
    """Return the HTML part for the sandboxed frame."""
    _facts, mail = _mail(app, visitor, message_id)
    if mail is None or not mail.html:
        raise NotFoundError(_("Isi surat ini tidak tersimpan."))
    return HTMLResponse(mail.html, headers={"Content-Security-Policy": MAIL_CSP})


@router.get(paths.OUTBOX_POSTS)
def posts(request: Request, app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """Show the posts, newest first."""
    profile = visitor.profile
    state, channel, campaign_id = (
        _one_of(asked.keadaan, PostState),
        _one_of(asked.jenis, ChannelName),
        _row_number(asked.kampanye),
    )
    with app.database.read() as session:
        found, total = queries.list_posts(
            session,
            profile.id,
            queries.PostFilter(asked.q, state, channel, campaign_id),
            offset=(asked.halaman - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
        all_mails, all_posts = queries.totals(session, profile.id)
        alerts = alerts_waiting(session, profile.id) if any(visitor.has(role) for role in TELLING) else None
        campaigns = queries.campaigns_offered(session, profile.id, campaign_id)
    reads_mail = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    address = Address(paths.OUTBOX_POSTS, q=asked.q, keadaan=state, jenis=channel, kampanye=campaign_id)
    view = OutboxView(
        tabs=building.tabs_of(all_mails if reads_mail else None, all_posts, "kiriman", alerts),
        tab="kiriman",
        pager=pager_of(asked.halaman, PAGE_SIZE, len(found), total, address),
        posts=tuple(building.post_row(post, profile) for post in found),
        query=asked.q,
        states=building.state_options(PostState, state),
        kinds=building.channel_options(profile, channel),
        campaigns=building.campaign_options(campaigns, campaign_id),
        sandbox=True,
    )
    return show(request, app, visitor, "kotak_keluar.html", view, place="outbox")


@router.get(f"{paths.OUTBOX_MARKER}{{marker}}")
def post_by_marker(_visitor: TheStaff, marker: str) -> Response:
    """Lead from the permanent address of a sandbox post to the posts with this marker."""
    return RedirectResponse(paths.listing(paths.OUTBOX_POSTS, q=marker[:200]), HTTPStatus.SEE_OTHER)


@router.get("/kotak-keluar/kiriman/{post_id}")
def post_page(request: Request, app: TheApp, visitor: TheStaff, post_id: RowNumber) -> Response:
    """Show one post as its channel would, with what people are asked to do for it."""
    profile = visitor.profile
    with app.database.read() as session:
        post = queries.find_post(session, profile.id, post_id)
        tasks = tasks_of_post(session, profile.id, post_id)
        wanted = WithdrawalFilter(place=f"{POST}:{post_id}")
        withdrawn, _total = list_withdrawals(session, profile.id, wanted, limit=PAGE_SIZE)
        reach = reach_view(results_of(session, profile.id, post.campaign_id), profile)
    preview = _post_preview(app, visitor, post)
    view = PostView(
        id=post.id,
        channel=post.channel,
        state=post.state,
        when=building.when_text(post.state, post.at, profile),
        preview=preview,
        campaign=post.campaign,
        campaign_href=paths.campaign(post.campaign_id),
        reason=words_of(post.reason),
        permalink=outside(post.permalink),
        marker=post.marker,
        tasks=tuple(task_row(task, app.clock(), profile) for task in tasks if task.waits or task.doer),
        withdrawn=tuple(withdrawal_row(one, profile, app.clock()) for one in withdrawn),
        reach=next((row for row in (reach.rows if reach else ()) if row.post_id == post.id), None),
    )
    return show(request, app, visitor, "kotak_keluar_pos.html", view, place="outbox")


def _mail(app: App, visitor: Visitor, message_id: int) -> tuple[queries.MailFacts, ShownMail | None]:
    tenant_id = visitor.profile.id
    with app.database.read() as session:
        facts = queries.find_mail(session, tenant_id, message_id)
        archived = find_message(session, message_id, app.clock(), tenant_id=tenant_id)
        if archived is None:
            return facts, None
        links = queries.links_of(session, tenant_id, facts.campaign_id)
        return facts, shown_mail(app, session, archived, links, at=facts.settled_at or facts.queued_at)


def _post_preview(app: App, visitor: Visitor, post: queries.PostFacts) -> PostPreview:
    """Return what was handed over; before that, what would be now."""
    profile, now = visitor.profile, app.clock()
    if post.content:
        time = moment_text(post.at, profile)
        return post_preview(post.channel, dict(post.content), profile, app.settings.public_url, time=time)
    with app.database.read() as session:
        content = content_of(session, session.get_one(Campaign, post.campaign_id), post.version)
        found = preview_posts(app, session, content, profile, now)
    return next(preview for preview in found if preview.channel == post.channel)


def _one_of(value: str, kind: type[MessageState | EmailType | PostState | ChannelName]) -> str:
    return value if value in set(kind) else ""


def _row_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004  fits 64 bits
