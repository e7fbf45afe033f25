"""The campaigns: the list, the page of one, the live ledger, and every act on one."""

import secrets
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.campaigns import archive
from marketing.campaigns.missed import missed_in, why_not
from marketing.campaigns.service import is_overdue
from marketing.contacts import segments
from marketing.db.models import Campaign
from marketing.delivery import post_figures
from marketing.delivery.breakers import standing
from marketing.delivery.ledger import counts_of, ledger_from, ledger_of
from marketing.delivery.sample_mail import send_trial, trial_of
from marketing.delivery.versions import content_of
from marketing.domain.breakers import BreakerLevel
from marketing.domain.campaign import Priority
from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, MarketingError, NotAllowedError, NotFoundError, TransitionError
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.templates.looks import Look
from marketing.web import paths
from marketing.web.building import campaigns as building
from marketing.web.building.clock import local_day, read_moment
from marketing.web.building.reach import reach_view
from marketing.web.building.words import Address, pager_of, zone_name
from marketing.web.deps import RowNumber, TheApp, TheFilters, TheForm, TheSender, TheStaff, Visitor, limit_by
from marketing.web.errors import status_of
from marketing.web.notices import Code
from marketing.web.office import back_to, show
from marketing.web.previewing import mail_answer, preview_posts, standing_chat, standing_preview
from marketing.web.queries import campaigns as queries
from marketing.web.render import fragment
from marketing.web.views.campaign import CampaignListView, CampaignView

router = APIRouter()
PAGE_SIZE = 20
TRIALS = "10/hour"
Act = Callable[[Session], object]


@router.get(paths.CAMPAIGNS)
def campaign_list(request: Request, app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """Show the campaigns, newest first."""
    tenant_id = visitor.profile.id
    q, halaman = asked.q, asked.halaman
    kind = asked.jenis if asked.jenis in set(EmailType) else ""
    group = asked.keadaan if asked.keadaan in building.GROUPS else ""
    wanted = queries.CampaignFilter(building.GROUPS.get(group, ()), kind, q)
    with app.database.read() as session:
        counts = queries.state_counts(session, tenant_id)
        lines, total = queries.list_campaigns(
            session, tenant_id, wanted, offset=(halaman - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        came = queries.outcomes(session, tenant_id, [line.id for line in lines])
    address = Address(paths.CAMPAIGNS, q=q, keadaan=group, jenis=kind)
    view = CampaignListView(
        tabs=building.tabs_of(counts, group),
        rows=tuple(building.row_of(line, came[line.id], visitor.profile) for line in lines),
        pager=pager_of(halaman, PAGE_SIZE, len(lines), total, address),
        query=q,
        types=building.type_options(kind),
        can_compose=visitor.has(Role.MARKETER),
        state=group,
    )
    return show(request, app, visitor, "kampanye_daftar.html", view, place="campaigns")


@router.get("/kampanye/{campaign_id}")
def campaign_page(request: Request, app: TheApp, visitor: TheStaff, campaign_id: RowNumber) -> Response:
    """Show one campaign."""
    return show(request, app, visitor, "kampanye.html", _view(app, visitor, campaign_id), place="campaigns")


@router.get("/kampanye/{campaign_id}/neraca")
def ledger(app: TheApp, visitor: TheStaff, campaign_id: RowNumber) -> Response:
    """Return the ledger alone, as the page asks for it while it moves."""
    now = app.clock()
    with app.database.read() as session:
        campaign = queries.find_campaign(session, visitor.profile.id, campaign_id)
        view = building.ledger_view(campaign, ledger_of(session, [campaign]), now, visitor.profile)
    return HTMLResponse(fragment("_neraca.html", view))


@router.get("/kampanye/{campaign_id}/pratinjau.html")
def email_html(app: TheApp, visitor: TheStaff, campaign_id: RowNumber, rupa: Look = Look.LIGHT) -> Response:
    """Return the e-mail of the newest version for the sandboxed frame."""
    return mail_answer(_sample(app, visitor, campaign_id).html, rupa)


@router.post("/kampanye/{campaign_id}/uji")
def try_out(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, _form: TheForm) -> Response:
    """Send the newest version to the person who asks, and to nobody else; it counts nowhere."""
    limit_by(request, TRIALS, "surel-uji", str(visitor.user.id))
    email = _sample(app, visitor, campaign_id)
    sent = send_trial(app.messenger, trial_of(email, visitor.user, secrets.token_hex(8)))
    with app.database.write() as session:
        write_audit(
            session,
            tenant_id=visitor.profile.id,
            user_id=visitor.user.id,
            action="campaign.test",
            subject=f"campaign:{campaign_id}",
            now=app.clock(),
            details={"sent": sent},
        )
    return back_to(paths.campaign(campaign_id), "surel-uji" if sent else "surel-uji-gagal")


@router.post("/kampanye/{campaign_id}/ajukan")
def submit(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, _form: TheForm) -> Response:
    """Ask for approval."""
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.campaigns.submit(session, visitor.user, campaign_id),
        done="diajukan",
    )


@router.post("/kampanye/{campaign_id}/setujui")
def approve(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Approve the version that was looked at; one that was changed meanwhile must be looked at again."""

    def act(session: Session) -> Campaign:
        standing = app.campaigns.find(session, visitor.profile.id, campaign_id)
        if str(form.get("versi", "")) != str(standing.version):
            raise NotAllowedError(_("Isinya berubah sejak Anda membukanya. Periksa versi ini lebih dahulu."))
        return app.campaigns.approve(session, visitor.user, campaign_id)

    return _act(request, app, visitor, campaign_id, act, done="disetujui")


@router.post("/kampanye/{campaign_id}/kembalikan")
def give_back(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Return to the author with a note."""
    note = str(form.get("catatan", "")).replace("\0", "")
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.campaigns.give_back(session, visitor.user, campaign_id, note=note),
        done="dikembalikan",
    )


@router.post("/kampanye/{campaign_id}/jadwalkan")
def reschedule(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Set another hour; an approval that stood is gone."""

    def act(session: Session) -> Campaign:
        given = str(form.get("tanggal", "")), str(form.get("jam", ""))
        now_wanted = form.get("kapan") == "sekarang"
        moment = app.clock() if now_wanted else read_moment(*given, visitor.profile.tz)
        if moment is None:
            raise InvalidInputError(_("Tetapkan tanggal dan jamnya."), field="jam")
        return app.campaigns.reschedule(session, visitor.user, campaign_id, scheduled_at=moment)

    return _act(request, app, visitor, campaign_id, act, done="waktu")


@router.post("/kampanye/{campaign_id}/jeda")
def pause(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, _form: TheForm) -> Response:
    """Stop handing over."""
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.campaigns.pause(session, visitor.user, campaign_id),
        done="dijeda",
    )


@router.post("/kampanye/{campaign_id}/lanjutkan")
def resume(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Go on; with a reason where a breaker stopped it."""
    reason = str(form.get("catatan", "")).replace("\0", "")
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.campaigns.resume(session, visitor.user, campaign_id, reason=reason),
        done="dilanjutkan",
    )


@router.post("/kampanye/{campaign_id}/giliran")
def prioritise(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Let it go before or after other campaigns."""

    def act(session: Session) -> Campaign:
        typed = str(form.get("giliran", ""))
        if typed not in {str(int(one)) for one in Priority}:
            raise InvalidInputError(_("Pilih gilirannya."), field="giliran")
        return app.campaigns.prioritise(session, visitor.user, campaign_id, Priority(int(typed)))

    return _act(request, app, visitor, campaign_id, act, done="giliran")


@router.post("/kampanye/{campaign_id}/batalkan")
def cancel(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, _form: TheForm) -> Response:
    """End for good."""
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.campaigns.cancel(session, visitor.user, campaign_id),
        done="dibatalkan",
    )


@router.post("/kampanye/{campaign_id}/tarik-edisi")
def withdraw_issue(
    request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm
) -> Response:
    """Take a sent newsletter out of the public archive, with the reason."""
    reason, now = str(form.get("catatan", "")).replace("\0", ""), app.clock()
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: archive.withdraw_issue(session, visitor.user, campaign_id, reason=reason, now=now),
        done="edisi-ditarik",
    )


@router.post("/kampanye/{campaign_id}/pasang-edisi")
def restore_issue(
    request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, _form: TheForm
) -> Response:
    """Put a withdrawn newsletter back."""
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: archive.restore_issue(session, visitor.user, campaign_id, now=app.clock()),
        done="edisi-dipasang",
    )


def _sample(app: App, visitor: Visitor, campaign_id: int) -> OutboundEmail:
    with app.database.read() as session:
        campaign = queries.find_campaign(session, visitor.profile.id, campaign_id)
        email = app.campaigns.mails.of(session, campaign, visitor.profile, app.clock())
    if email is None:
        raise NotFoundError(_("Surat pesanan berbeda untuk setiap orang; lihat yang sudah keluar di kotak keluar."))
    return email


def _act(request: Request, app: App, visitor: Visitor, campaign_id: int, act: Act, *, done: Code) -> Response:
    """Do it and lead back; what could not be done is said on the page, over what stands now."""
    try:
        with app.database.write() as session:
            act(session)
    except (NotAllowedError, InvalidInputError, TransitionError) as error:
        view = _view(app, visitor, campaign_id, error)
        return show(request, app, visitor, "kampanye.html", view, place="campaigns", status=status_of(error))
    return back_to(paths.campaign(campaign_id), done)


def _view(app: App, visitor: Visitor, campaign_id: int, error: MarketingError | None = None) -> CampaignView:
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        campaign = queries.find_campaign(session, profile.id, campaign_id)
        content = content_of(session, campaign)
        line = queries.list_campaigns(
            session, profile.id, queries.CampaignFilter(conditions=(Campaign.id == campaign_id,))
        )[0][0]
        decision = queries.approval_of(session, profile.id, campaign_id)
        offers = load_offers(session, profile.id, content.product_ids)
        moving = building.is_moving(campaign, now) or campaign.started_at is not None
        has_ledger = moving and content.to_persons is not None
        counts = counts_of(session, [campaign_id]) if has_ledger else {}
        return CampaignView(
            id=campaign.id,
            name=campaign.name,
            state=campaign.state,
            email_type=campaign.purpose or campaign.email_type,
            author=line.author or _("Otomasi"),
            when=building.when_text(campaign, profile),
            zone=zone_name(now, profile),
            version=campaign.version,
            audience_label=building.audience_words(
                content, campaign.purpose or campaign.email_type, segments.names(session, profile.id)
            ),
            channels=building.places_of(content.channels, campaign.purpose),
            acts=building.acts_for(
                campaign,
                visitor,
                stopped=is_overdue(campaign, now)
                or any(one.level is BreakerLevel.STOP for one in standing(session, profile.id, campaign_id)),
            ),
            ledger=building.ledger_view(campaign, ledger_from([campaign], counts), now, profile)
            if has_ledger
            else None,
            left_out=0 if why_not(session, campaign, now) else sum(missed_in(counts).values()),
            state_reason=campaign.state_reason,
            **_schedule_fields(campaign, visitor, now),
            earliest_date=local_day(now, profile.tz),
            awaits=building.awaited(campaign, now),
            approved_by=decision[1] if decision and decision[0] else "",
            email=standing_preview(app, session, campaign, content, visitor),
            previews=preview_posts(app, session, content, profile, now),
            chat=standing_chat(app, session, content, profile, now),
            products=building.product_thumbs(content.product_ids, offers, profile, now),
            results=building.results_of(
                campaign,
                content,
                queries.engagement(session, profile.id, campaign_id),
                queries.returned(counts),
            ),
            posts=tuple(
                building.post_line(post, profile) for post in queries.posts_of(session, profile.id, campaign_id)
            ),
            reach=reach_view(post_figures.results_of(session, profile.id, campaign_id), profile),
            history=tuple(
                building.happening_of(done, profile) for done in queries.history_of(session, profile.id, campaign_id)
            ),
            archive=building.archive_note(campaign, content, queries.withdrawal_of(session, campaign), visitor),
            errors=(_said(error),) if error else (),
        )


def _schedule_fields(campaign: Campaign, visitor: Visitor, now: datetime) -> dict[str, str]:
    if campaign.scheduled_at is None or campaign.scheduled_at < now:
        return {}
    local = campaign.scheduled_at.astimezone(visitor.profile.tz)
    return {"schedule_date": f"{local:%Y-%m-%d}", "schedule_time": f"{local:%H:%M}"}


def _said(error: MarketingError) -> str:
    if isinstance(error, TransitionError):
        return _("Keadaannya sudah berubah. Lihat keadaan terbaru di bawah ini.")
    return str(error)
