"""The composer: one form that can always be shown again with everything in it, and the live count of people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from marketing.bootstrap import App
from marketing.campaigns.check import WRITTEN_FOR
from marketing.contacts import segments
from marketing.db.models import User
from marketing.delivery.chat_templates import usable_templates
from marketing.delivery.versions import content_of
from marketing.domain.campaign import EDITABLE, CampaignContent, CampaignState
from marketing.domain.chat import Template
from marketing.domain.newsletter import MAX_BLOCKS, MarketNote
from marketing.domain.types import ChannelName, Purpose
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.errors import InvalidInputError, MarketingError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.web import paths
from marketing.web.building import blocks as parts
from marketing.web.building import composer as building
from marketing.web.building.audience import EVERYBODY, audience_choices, audience_of, readable_value
from marketing.web.building.chat import chat_preview, choice_of, template_of
from marketing.web.building.clock import local_day, read_moment
from marketing.web.building.composer import Typed
from marketing.web.building.words import zone_name
from marketing.web.deps import RowNumber, TheApp, TheForm, TheMarketer, Visitor
from marketing.web.office import back_to, show
from marketing.web.previewing import email_preview, preview_posts, standing_preview
from marketing.web.queries import audience as people
from marketing.web.queries import campaigns as queries
from marketing.web.queries import catalog, market
from marketing.web.render import fragment
from marketing.web.views.composer import AudienceCount, ComposerView, PickRow
from marketing.web.views.parts import Option
from marketing.web.views.preview import ChatPreview

router = APIRouter()
PICKER_SIZE = 60
LATELY = timedelta(days=90)
USUAL = (ChannelName.EMAIL, ChannelName.WEBSITE)
EDIT = "/kampanye/{campaign_id}/susun"


class ChangedMeanwhileError(MarketingError):
    """Somebody else saved the draft since this form was opened; `version` is what stands now."""

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


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
    return _answer(request, app, visitor, form, campaign_id=None)


@router.post(EDIT)
def compose_again(
    request: Request, app: TheApp, visitor: TheMarketer, campaign_id: RowNumber, form: TheForm
) -> Response:
    """Do the same with a standing draft."""
    with app.database.read() as session:
        queries.find_campaign(session, visitor.profile.id, campaign_id)
    return _answer(request, app, visitor, form, campaign_id=campaign_id)


@router.get(paths.AUDIENCE)
def audience(
    app: TheApp,
    visitor: TheMarketer,
    kecuali: Annotated[tuple[str, ...], Query()] = (),
    jenis: str = "",
    penerima: str = EVERYBODY,
) -> Response:
    """Return how many people would get it now, as a part of the composer."""
    if jenis not in WRITTEN_FOR:
        raise InvalidInputError(_("Pilih jenis surelnya."), field="jenis")
    wanted = audience_of(penerima, building.row_ids(kecuali))
    with app.database.read() as session:
        counted = people.count_audience(session, visitor.profile.id, Purpose(jenis), wanted, now=app.clock())
    return HTMLResponse(fragment("_jumlah_penerima.html", building.count_of(*counted, jenis)))


def _answer(request: Request, app: App, visitor: Visitor, form: FormData, *, campaign_id: int | None) -> Response:
    typed, act = Typed.of_form(form), str(form.get("aksi", "simpan"))
    typed, uncounted = _counted(app, visitor, typed)
    if act not in ("simpan", "ajukan"):
        typed, faults = _arranged(app, visitor, typed, act, str(form.get("angka", "")))
        return _show(request, app, visitor, typed, campaign_id, faults=faults, counting=act == "hitung")
    faults = building.faults_of(typed, visitor.profile) | uncounted
    if act == "ajukan":
        faults = building.gaps_of(typed) | faults
    if not faults:
        try:
            saved = _save(app, visitor, typed, campaign_id, submitting=act == "ajukan")
        except InvalidInputError as error:
            faults = {building.FIELD_OF.get(error.field, error.field): str(error)}
        except ChangedMeanwhileError as error:
            # Whoever reads this and saves once more replaces the other version knowingly.
            typed, status = replace(typed, version=str(error.version)), HTTPStatus.CONFLICT
            return _show(request, app, visitor, typed, campaign_id, faults={"versi": str(error)}, status=status)
        else:
            if act == "ajukan":
                return back_to(paths.campaign(saved), "diajukan")
            return back_to(paths.compose(saved), "disimpan")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _show(request, app, visitor, typed, campaign_id, faults=faults, status=status)


def _counted(app: App, visitor: Visitor, typed: Typed) -> tuple[Typed, dict[str, str]]:
    """Return the form with the figures of our catalogue as they are now, whatever was sent for them."""
    if not any(block.values.get("measure") for block in typed.blocks):
        return typed, {}
    with app.database.read() as session:
        blocks, faults = parts.with_figures(typed.blocks, lambda name: _figure(session, app, visitor, name))
    return replace(typed, blocks=blocks), faults


def _figure(session: Session, app: App, visitor: Visitor, measure: str) -> MarketNote | None:
    return market.figure(session, visitor.profile, measure, app.clock())


def _arranged(app: App, visitor: Visitor, typed: Typed, act: str, measure: str) -> tuple[Typed, dict[str, str]]:
    """Return the form after a block was added, moved or taken out."""
    figure = None
    if act == f"tambah:{parts.FIGURE}":
        with app.database.read() as session:
            figure = _figure(session, app, visitor, measure)
        if figure is None:
            return typed, {"bagian": parts.too_few()}
    if act.startswith("tambah:") and len(typed.blocks) >= MAX_BLOCKS:
        return typed, {"bagian": _("Paling banyak {number} bagian dalam satu edisi.").format(number=MAX_BLOCKS)}
    return replace(typed, blocks=parts.after_act(typed.blocks, act, figure)), {}


def _save(app: App, visitor: Visitor, typed: Typed, campaign_id: int | None, *, submitting: bool) -> int:
    """Write the draft and, when asked, submit it: both or neither."""
    profile, service, now = visitor.profile, app.campaigns, app.clock()
    scheduled_at = read_moment(typed.day, typed.hour, profile.tz)
    with app.database.write() as session:
        offers = load_offers(session, profile.id, typed.products).values()
        standing = _standing(session, visitor, campaign_id)
        templates = usable_templates(session, profile.id, TemplateCategory.MARKETING)
        content = building.meant(typed, offers, now, standing=standing, templates=templates)
        wanted = content.audience
        segments.require(session, profile.id, (*wanted.segments, *wanted.besides), field="penerima")
        if campaign_id is None:
            campaign = service.create(
                session, visitor.user, name=typed.name, content=content, scheduled_at=scheduled_at
            )
        else:
            _require_unchanged(session, app, visitor, campaign_id, typed.version)
            campaign = service.change(
                session, visitor.user, campaign_id, name=typed.name, content=content, scheduled_at=scheduled_at
            )
        if submitting:
            service.submit(session, visitor.user, campaign.id)
        return campaign.id


def _require_unchanged(session: Session, app: App, visitor: Visitor, campaign_id: int, version: str) -> None:
    """Raise ChangedMeanwhileError when another version stands than the one the form was opened with."""
    campaign = app.campaigns.find(session, visitor.profile.id, campaign_id)
    if version and version != str(campaign.version):
        author = session.get(User, campaign.author_id) if campaign.author_id else None
        said = _(
            "{name} menyimpan versi {n} sejak Anda membuka draf ini. Yang Anda ketik masih ada di bawah. Buka draf ini di"
            " jendela lain untuk membandingkan, atau simpan sekali lagi untuk menggantikan versi itu."
        )
        name = author.name if author else _("Rekan Anda")
        raise ChangedMeanwhileError(said.format(name=name, n=campaign.version), campaign.version)


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
        pictures = _pictures(rows, typed)
        mail = email_preview(content, profile) if content and ChannelName.EMAIL in content.channels else None
        if mail and campaign_id:  # what is saved can be looked at whole
            campaign = queries.find_campaign(session, profile.id, campaign_id)
            standing = standing_preview(app, session, campaign, content_of(session, campaign), visitor)
            mail = replace(standing, subject=mail.subject, preheader=mail.preheader) if standing else mail
        templates = usable_templates(session, profile.id, TemplateCategory.MARKETING)
        wanted = template_of(typed.template or _first(templates), typed.fields, templates) if templates else None
        by_chat = typed.email_type == Purpose.WHATSAPP_MARKETING
        view = ComposerView(
            draft=typed.draft,
            zone=zone_name(now, profile),
            types=building.type_options(typed.email_type, with_chat=bool(templates)),
            products=rows,
            channels=building.channel_choices(profile, typed.channels, by_chat=by_chat),
            audiences=audience_choices(readable_value(typed.audience), kinds, topics, named),
            besides=building.exceptions(named, typed.besides),
            count=_count(session, app, visitor, typed) if counting else None,
            campaign_id=campaign_id,
            product_query=typed.search,
            products_left=left,
            earliest_date=local_day(now, profile.tz),
            email=mail,
            previews=preview_posts(app, session, content, profile, now) if content else (),
            blocks=parts.block_views(typed.blocks, pictures, faults or {}),
            blank_blocks=parts.blank_views(pictures),
            measures=tuple(Option(name, market.measure_label(name)) for name in market.measures(topics)),
            block_limit=MAX_BLOCKS,
            chat=choice_of(wanted, templates) if templates or by_chat else None,
            chat_preview=_chat(session, app, replace(content, chat=wanted), visitor, templates)
            if content and by_chat
            else None,
            errors=faults or {},
            returned_note=returned[2] if returned else "",
            returned_by=returned[1] if returned else "",
        )
    return show(request, app, visitor, "kampanye_susun.html", view, place="campaigns", status=status)


def _first(templates: Sequence[Template]) -> str:
    return templates[0].value


def _chat(
    session: Session, app: App, content: CampaignContent, visitor: Visitor, templates: Sequence[Template]
) -> ChatPreview | None:
    wanted = content.chat
    found = next(
        (one for one in templates if wanted and (one.name, one.language) == (wanted.name, wanted.language)), None
    )
    if found is None:
        return None
    offers = load_offers(session, visitor.profile.id, content.product_ids).values()
    return chat_preview(app.chats, found, content, offers, profile=visitor.profile, now=app.clock())


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


def _pictures(rows: tuple[PickRow, ...], typed: Typed) -> tuple[Option, ...]:
    """Return the chosen products that have a picture an article may take."""
    named = tuple(Option(str(row.id), row.name) for row in rows if row.picked and row.picture)
    taken = any(block.values.get("picture_of") for block in typed.blocks)
    return (Option("", _("Tanpa gambar")), *named) if named or taken else ()


def _count(session: Session, app: App, visitor: Visitor, typed: Typed) -> AudienceCount | None:
    try:
        wanted, kind = audience_of(typed.audience, typed.besides), Purpose(typed.email_type)
        counted = people.count_audience(session, visitor.profile.id, kind, wanted, now=app.clock())
    except (InvalidInputError, NotFoundError, ValueError):
        return None
    return building.count_of(*counted, typed.email_type)
