"""The composer: one form that can always be shown again with everything in it, and the live count of people."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.campaigns.check import BY_PEOPLE
from marketing.contacts import segments
from marketing.delivery.versions import content_of
from marketing.domain.campaign import EDITABLE, CampaignContent, CampaignState
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.web import paths
from marketing.web.building import composer as building
from marketing.web.building.audience import EVERYBODY, audience_choices, audience_of, readable_value
from marketing.web.building.clock import local_day, read_moment
from marketing.web.building.composer import Typed
from marketing.web.building.words import zone_name
from marketing.web.deps import RowNumber, TheApp, TheForm, TheMarketer, Visitor
from marketing.web.office import back_to, show
from marketing.web.previewing import email_preview, preview_posts
from marketing.web.queries import audience as people
from marketing.web.queries import campaigns as queries
from marketing.web.queries import catalog
from marketing.web.render import fragment
from marketing.web.views.composer import AudienceCount, ComposerView, PickRow

router = APIRouter()
PICKER_SIZE = 60
LATELY = timedelta(days=90)
USUAL = (ChannelName.EMAIL, ChannelName.WEBSITE)
EDIT = "/kampanye/{campaign_id}/susun"


@router.get(paths.COMPOSE)
def new_campaign(request: Request, app: TheApp, visitor: TheMarketer) -> Response:
    """Show an empty composer; the catalogue may have chosen products already."""
    chosen = building.row_ids(request.query_params.getlist("produk"))
    usual = tuple(name for name in USUAL if name in visitor.profile.channels)
    typed = Typed(products=chosen, channels=usual, audience=EVERYBODY)
    return _show(request, app, visitor, typed)


@router.get(EDIT)
def edit_campaign(request: Request, app: TheApp, visitor: TheMarketer, campaign_id: RowNumber) -> Response:
    """Show the composer with a standing draft."""
    with app.database.read() as session:
        campaign = queries.find_campaign(session, visitor.profile.id, campaign_id)
        content = content_of(session, campaign)
    editable = campaign.state in EDITABLE or campaign.state is CampaignState.PAUSED
    if not editable or campaign.started_at is not None or campaign.automation is not None:
        raise NotAllowedError(_("Kampanye ini tidak dapat diubah lagi. Buat kampanye baru."))
    return _show(request, app, visitor, Typed.of_campaign(campaign, content, visitor.profile), campaign_id)


@router.post(paths.COMPOSE)
def compose(request: Request, app: TheApp, visitor: TheMarketer, form: TheForm) -> Response:
    """Save, submit, search or count; a new campaign comes to stand only with the first two."""
    return _answer(request, app, visitor, Typed.of_form(form), str(form.get("aksi", "simpan")), campaign_id=None)


@router.post(EDIT)
def compose_again(
    request: Request, app: TheApp, visitor: TheMarketer, campaign_id: RowNumber, form: TheForm
) -> Response:
    """Do the same with a standing draft."""
    with app.database.read() as session:
        queries.find_campaign(session, visitor.profile.id, campaign_id)
    return _answer(request, app, visitor, Typed.of_form(form), str(form.get("aksi", "simpan")), campaign_id=campaign_id)


@router.get(paths.AUDIENCE)
def audience(
    app: TheApp,
    visitor: TheMarketer,
    kecuali: Annotated[tuple[str, ...], Query()] = (),
    jenis: str = "",
    penerima: str = EVERYBODY,
) -> Response:
    """Return how many people would get it now, as a part of the composer."""
    if jenis not in BY_PEOPLE:
        raise InvalidInputError(_("Pilih jenis e-mailnya."), field="jenis")
    wanted = audience_of(penerima, building.row_ids(kecuali))
    with app.database.read() as session:
        counted = people.count_audience(session, visitor.profile.id, EmailType(jenis), wanted, now=app.clock())
    return HTMLResponse(fragment("_jumlah_penerima.html", building.count_of(*counted)))


def _answer(
    request: Request, app: App, visitor: Visitor, typed: Typed, act: str, *, campaign_id: int | None
) -> Response:
    if act in ("cari", "hitung"):
        return _show(request, app, visitor, typed, campaign_id, counting=act == "hitung")
    faults = building.faults_of(typed, visitor.profile)
    if not faults:
        try:
            saved = _save(app, visitor, typed, campaign_id, submitting=act == "ajukan")
        except InvalidInputError as error:
            faults = {building.FIELD_OF.get(error.field, error.field): str(error)}
        else:
            if act == "ajukan":
                return back_to(paths.campaign(saved), "diajukan")
            return back_to(paths.compose(saved), "disimpan")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _show(request, app, visitor, typed, campaign_id, faults=faults, status=status)


def _save(app: App, visitor: Visitor, typed: Typed, campaign_id: int | None, *, submitting: bool) -> int:
    """Write the draft and, when asked, submit it: both or neither."""
    profile, service, now = visitor.profile, app.campaigns, app.clock()
    scheduled_at = read_moment(typed.day, typed.hour, profile.tz)
    with app.database.write() as session:
        offers = load_offers(session, profile.id, typed.products).values()
        standing = _standing(session, visitor, campaign_id)
        content = building.meant(typed, offers, now, standing=standing)
        wanted = content.audience
        segments.require(session, profile.id, (*wanted.segments, *wanted.besides), field="penerima")
        if campaign_id is None:
            campaign = service.create(
                session, visitor.user, name=typed.name, content=content, scheduled_at=scheduled_at
            )
        else:
            campaign = service.change(
                session, visitor.user, campaign_id, name=typed.name, content=content, scheduled_at=scheduled_at
            )
        if submitting:
            service.submit(session, visitor.user, campaign.id)
        return campaign.id


def _standing(session: Session, visitor: Visitor, campaign_id: int | None) -> CampaignContent | None:
    if campaign_id is None:
        return None
    return content_of(session, queries.find_campaign(session, visitor.profile.id, campaign_id))


def _show(
    request: Request,
    app: App,
    visitor: Visitor,
    typed: Typed,
    campaign_id: int | None = None,
    *,
    faults: Mapping[str, str] | None = None,
    counting: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        rows, left = _picker(session, app, visitor, typed)
        kinds = people.people_by_kind(session, profile.id)
        topics = catalog.categories(session, profile.id)
        named = segments.names(session, profile.id)
        decision = queries.approval_of(session, profile.id, campaign_id) if campaign_id else None
        returned = decision if decision and not decision[0] else None
        content = building.shown_content(typed)
        mail_href = paths.campaign_email(campaign_id) if campaign_id else ""
        view = ComposerView(
            draft=typed.draft,
            zone=zone_name(now, profile),
            types=building.type_options(typed.email_type),
            products=rows,
            channels=building.channel_choices(profile, typed.channels),
            audiences=audience_choices(readable_value(typed.audience), kinds, topics, named),
            besides=building.exceptions(named, typed.besides),
            count=_count(session, app, visitor, typed) if counting else None,
            campaign_id=campaign_id,
            product_query=typed.search,
            products_left=left,
            earliest_date=local_day(now, profile.tz),
            email=email_preview(content, profile, html_href=mail_href)
            if content and ChannelName.EMAIL in content.channels
            else None,
            previews=preview_posts(app, session, content, profile, now) if content else (),
            errors=faults or {},
            returned_note=returned[2] if returned else "",
            returned_by=returned[1] if returned else "",
        )
    return show(request, app, visitor, "kampanye_susun.html", view, place="campaigns", status=status)


def _picker(session: Session, app: App, visitor: Visitor, typed: Typed) -> tuple[tuple[PickRow, ...], int]:
    """Return the products to pick: what is chosen already, then those shown least; and how many more there are."""
    tenant_id, now = visitor.profile.id, app.clock()
    found, total = catalog.least_shown_first(session, tenant_id, now - LATELY, words=typed.search, limit=PICKER_SIZE)
    others = [one.id for one in found if one.id not in typed.products]
    offers = load_offers(session, tenant_id, [*typed.products, *others])
    shown = catalog.shown_since(session, tenant_id, list(offers), now - LATELY)
    rows = tuple(
        building.pick_row(offer, shown.get(row_id), now, picked=row_id in typed.products)
        for row_id, offer in offers.items()
    )
    return rows, max(0, total - len(found))


def _count(session: Session, app: App, visitor: Visitor, typed: Typed) -> AudienceCount | None:
    try:
        wanted, kind = audience_of(typed.audience, typed.besides), EmailType(typed.email_type)
        counted = people.count_audience(session, visitor.profile.id, kind, wanted, now=app.clock())
    except (InvalidInputError, NotFoundError, ValueError):
        return None
    return building.count_of(*counted)
