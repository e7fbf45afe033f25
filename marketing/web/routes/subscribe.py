"""Subscribing: the public form, its frame for other sites, and the page on which the owner of an address confirms."""

import secrets
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from limits import parse
from starlette.datastructures import FormData

from marketing.bootstrap import App
from marketing.contacts.addresses import normalise_email
from marketing.contacts.asking import text_of_mark, wordings_now
from marketing.contacts.subscribing import Wish
from marketing.contacts.wordings import find
from marketing.db.models import Subscription
from marketing.delivery.archive import masked
from marketing.domain import site
from marketing.domain.consent_wording import Wording
from marketing.domain.links import LinkPurpose
from marketing.domain.product import Category
from marketing.domain.text import one_line
from marketing.domain.types import Purpose
from marketing.errors import NotFoundError
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE, language, speaking
from marketing.i18n import gettext as _
from marketing.social.telegram_bot import bot_of
from marketing.tenants.profile import TenantProfile, profile_of
from marketing.web import form_proof
from marketing.web.building import subscribe as building
from marketing.web.building.subscribe import ASKED, Faults, Typed
from marketing.web.deps import TheApp, limited
from marketing.web.form_proof import Proof, Verdict
from marketing.web.render import page
from marketing.web.security import FRAME, FRAMED_CSP
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Shell, Tenant
from marketing.web.views.subscribe import AskedView, Box, ConfirmView

router = APIRouter()
ASK_LIMIT: Final = "20/minute"
GUESS_LIMIT: Final = "30/minute"
ONCE: Final = parse("1 per 13 hours")  # longer than a proof is good for
PUBLIC_HEADERS: Final = {"Referrer-Policy": "no-referrer"}
FRAMED: Final = {**PUBLIC_HEADERS, "Content-Security-Policy": FRAMED_CSP, "X-Robots-Tag": "noindex"}
Spoken = Annotated[str, Query(max_length=5)]
limit_guesses = limited(GUESS_LIMIT, "confirm")


@router.get("/langganan/{tenant_id}")
def form_page(tenant_id: str, app: TheApp, bahasa: Spoken = "") -> Response:
    """Show the form."""
    with speaking(_spoken(bahasa)):
        return _form(app, profile_of(tenant_id), "", Typed(), Faults())


@router.get("/langganan/{tenant_id}/bingkai")
def frame(tenant_id: str, app: TheApp, bahasa: Spoken = "") -> Response:
    """Show the form for a frame on another site, in Indonesian unless its address says otherwise."""
    with speaking(bahasa if bahasa in LANGUAGES else SOURCE_LANGUAGE):
        return _form(app, profile_of(tenant_id), FRAME, Typed(), Faults())


@router.post("/langganan/{tenant_id}", dependencies=[Depends(limited(ASK_LIMIT, "subscribe"))])
async def ask(tenant_id: str, request: Request, app: TheApp) -> Response:
    """Take the form: every address, known or not, gets the same answer after the same work."""
    return await _asked(request, app, profile_of(tenant_id), "")


@router.post("/langganan/{tenant_id}/bingkai", dependencies=[Depends(limited(ASK_LIMIT, "subscribe"))])
async def ask_in_frame(tenant_id: str, request: Request, app: TheApp) -> Response:
    """Take the form from a frame."""
    return await _asked(request, app, profile_of(tenant_id), FRAME)


@router.get("/d/{token}")
def confirm_page(token: str, request: Request, app: TheApp) -> Response:
    """Ask the owner of the address; looking changes nothing, so a mail scanner confirms nothing."""
    with app.database.read() as session:
        row = app.subscriptions.waiting(session, token)
        if row is None:
            raise _spent(request)
        boxes = _boxes(app, row)
    view = ConfirmView("ask", masked(row.address), f"/d/{token}", boxes)
    return _confirmation(row, view)


@router.post("/d/{token}")
def confirm(token: str, request: Request, app: TheApp) -> Response:
    """Make the wish a consent, once; a used, a late and an invented token are answered alike."""
    row = app.subscriptions.confirm(token)
    if row is None or row.contact_id is None:
        raise _spent(request)
    preferences = app.signer.url(LinkPurpose.PREFERENCES, row.contact_id)
    return _confirmation(row, ConfirmView("done", _("alamat Anda"), "", _boxes(app, row), preferences_href=preferences))


async def _asked(request: Request, app: App, profile: TenantProfile, part: str) -> Response:
    form = await request.form(max_files=0, max_fields=60)
    spoken = str(form.get("bahasa", ""))
    with speaking(spoken if spoken in LANGUAGES else SOURCE_LANGUAGE):
        proof = _proof_of(request, app, profile, form)
        typed = _typed(form) if proof.verdict is not Verdict.FORGED else Typed()
        email = normalise_email(typed.email[:320])
        texts, outdated = _agreed(app, profile, form, typed)
        faults = _faults(proof, email=email, texts=texts, outdated=outdated)
        if faults or email is None:
            return _form(app, profile, part, typed, faults, proof=proof)
        app.subscriptions.ask(
            profile.id,
            Wish(
                address=email,
                name=typed.name,
                wordings=texts,
                topics=tuple(name for name in Category if name in typed.topics),
                language=language(),
                form=part or "halaman",
                ip=request.client.host if request.client else "",
                user_agent=request.headers.get("User-Agent", ""),
            ),
        )
        view = AskedView(email, building.address(profile.id, part))
        template = "langganan_bingkai_diminta.html" if part else "langganan_diminta.html"
        return _show(template, view, profile, framed=bool(part))


def _proof_of(request: Request, app: App, profile: TenantProfile, form: FormData) -> Proof:
    """Judge the proof and use it up; one that was used counts as one that is too old."""
    given = str(form.get("bukti", ""))
    proof = form_proof.read(app.settings.signing_key, _name(profile), given, app.clock())
    if proof.verdict is Verdict.FINE and not request.app.state.limiter.hit(ONCE, "form", proof.nonce):
        return Proof(Verdict.TOO_OLD)
    return proof


def _typed(form: FormData) -> Typed:
    return Typed(
        email=one_line(str(form.get("surel", "")))[:320],
        name=one_line(str(form.get("nama", "")))[:100],
        purposes=frozenset(str(name) for name in form.getlist("tujuan")),
        topics=frozenset(str(name) for name in form.getlist("topik")),
    )


def _agreed(app: App, profile: TenantProfile, form: FormData, typed: Typed) -> tuple[tuple[Wording, ...], bool]:
    """Return the ticked texts, and whether one of them is no longer the text that is shown."""
    marks = [str(mark) for mark in form.getlist("kata")][: len(Purpose)]
    with app.database.read() as session:
        shown = [text_of_mark(session, profile.id, mark, app.clock()) for mark in marks]
    texts = {text.purpose: text for text in shown if text is not None and text.purpose in ASKED}
    agreed = tuple(texts[purpose] for purpose in ASKED if purpose in texts and purpose in typed.purposes)
    return agreed, any(purpose in typed.purposes and purpose not in texts for purpose in ASKED)


def _faults(proof: Proof, *, email: str | None, texts: tuple[Wording, ...], outdated: bool) -> Faults:
    if proof.verdict is Verdict.FORGED:
        return Faults(again=building.again_text(proof.verdict))
    return Faults(
        again=building.again_text(proof.verdict)
        or (_("Teks persetujuan baru saja berubah. Baca lagi, lalu kirim sekali lagi.") if outdated else ""),
        email="" if email else _("Alamat surel belum benar. Contoh: nama@surat.example"),
        purpose="" if texts or outdated else _("Centang paling sedikit satu yang ingin Anda terima."),
    )


def _form(
    app: App, profile: TenantProfile, part: str, typed: Typed, faults: Faults, *, proof: Proof | None = None
) -> Response:
    """Show the form; one that is shown again keeps the time of the first, so that mending a letter needs no waiting."""
    now = app.clock()
    kept = proof.shown_at if proof is not None and proof.verdict is not Verdict.TOO_OLD else None
    secret = form_proof.issue(app.settings.signing_key, _name(profile), secrets.token_hex(8), kept or now)
    with app.database.read() as session:
        texts = wordings_now(session, profile.id, ASKED, language(), now)
        bot = bot_of(session, profile.id) is not None
    view = building.form_view(profile, texts, part=part, proof=secret, typed=typed, faults=faults)
    view = replace(view, telegram_href=building.address(profile.id, "telegram")) if bot and not part else view
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    template = "langganan_bingkai.html" if part else "langganan.html"
    return _show(template, view, profile, status=status, framed=bool(part))


def _boxes(app: App, row: Subscription) -> tuple[Box, ...]:
    """Return what was asked for, with the texts that the form showed."""
    with app.database.read() as session, speaking(row.language):
        texts = [
            find(session, row.tenant_id, version=version, purpose=Purpose(name), language=spoken)
            for name, (version, spoken) in row.evidence["shown"].items()
        ]
        return tuple(building.box(text) for text in texts if text is not None)


def _confirmation(row: Subscription, view: ConfirmView) -> Response:
    with speaking(row.language):
        return _show("langganan_konfirmasi.html", view, profile_of(row.tenant_id))


def _show(
    template: str,
    view: object,
    profile: TenantProfile,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    framed: bool = False,
) -> Response:
    nav = SiteNav(home_href=site.home(profile.id))
    body = page(template, view, shell=Shell(tenant=Tenant.of(profile), csrf=""), nav=nav)
    return HTMLResponse(body, status, FRAMED if framed else PUBLIC_HEADERS)


def _spent(request: Request) -> NotFoundError:
    """Return the one answer for used, late and invented tokens; whoever tries many is slowed down."""
    limit_guesses(request)
    return NotFoundError(
        _(
            "Tautan ini sudah dipakai atau sudah lewat 72 jam. Bila Anda sudah menekan tombolnya, langganan Anda berlaku."
        )
    )


def _name(profile: TenantProfile) -> str:
    return f"langganan|{profile.id}"


def _spoken(asked: str) -> str:
    return asked if asked in LANGUAGES else language()
