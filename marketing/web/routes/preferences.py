"""The preference centre: one page without logging in, reached by the signed link in every mail.

The token is the authority, so no cookie is asked; it stands for one person and this page alone, and no other site learns it
(Referrer-Policy). Looking changes nothing; what is posted holds before the answer is given.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.contacts import preferences as use
from marketing.contacts.asking import text_of_mark
from marketing.contacts.preferences import Wishes, find_person
from marketing.contacts.privacy_service import ask as ask_right
from marketing.db.models import Contact
from marketing.domain import site
from marketing.domain.consent_evidence import proof
from marketing.domain.consent_wording import Wording
from marketing.domain.data_rights import RightKind
from marketing.domain.links import LinkPurpose
from marketing.domain.product import Category
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import LANGUAGES, SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.queue import TaskName
from marketing.social.telegram_bot import bot_of
from marketing.tenants.profile import profile_of
from marketing.web.building import preferences as building
from marketing.web.deps import FORM_LIMIT, TheApp, limited
from marketing.web.render import page
from marketing.web.views.preferences import PreferencesView
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Notice, Shell, Tenant

router = APIRouter()
HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
limit_guesses = limited(FORM_LIMIT, "preferences")


@router.get("/p/{token}")
def preferences(token: str, request: Request, app: TheApp, hasil: str = "") -> Response:
    """Show what holds for the person of this link."""
    with app.database.read() as session:
        contact = _person(session, request, app, token)
        with speaking(_language(contact)):
            found = use.preferences_of(session, contact, _language(contact), app.clock())
            bot = bot_of(session, contact.tenant_id) is not None
            view = building.preferences_view(found, app.clock(), action=f"/p/{token}", bot=bot)
            return _show(contact, view, notice=_notice(hasil, by_mail=bool(found.address)))


@router.post("/p/{token}")
async def change(token: str, request: Request, app: TheApp) -> Response:
    """Do what the person decided, in one transaction, and lead back to the page."""
    form = await request.form(max_files=0, max_fields=120)
    act = _ACTS.get(str(form.get("aksi", "")))
    with app.database.write() as session:
        contact = _person(session, request, app, token)
        if act is None:
            raise InvalidInputError(_("Pilihan ini tidak dikenal. Kembali ke halaman sebelumnya."), field="aksi")
        evidence = proof(
            ip=request.client.host if request.client else "",
            user_agent=request.headers.get("User-Agent", ""),
            form="preferensi",
        )
        again = act(session, contact, form, app, evidence)
        if again is not None:
            with speaking(_language(contact)):
                answer = _show(contact, again, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            session.rollback()
            return answer
    return RedirectResponse(f"/p/{token}?hasil={form['aksi']}", HTTPStatus.SEE_OTHER, headers=HEADERS)


Act = Callable[[Session, Contact, FormData, App, dict[str, object]], PreferencesView | None]


def _save(
    session: Session, contact: Contact, form: FormData, app: App, evidence: dict[str, object]
) -> PreferencesView | None:
    now, spoken = app.clock(), _language(contact)
    ticked = frozenset(str(name) for name in form.getlist("tujuan"))
    before = frozenset(str(name) for name in form.getlist("semula"))
    shown = [text_of_mark(session, contact.tenant_id, str(mark), now) for mark in form.getlist("kata")[: len(Purpose)]]
    texts = {text.purpose: text for text in shown if text is not None}
    wanted = [purpose for purpose in Purpose if purpose in ticked - before]
    wishes = _wishes(form)
    with speaking(spoken):
        found = use.preferences_of(session, contact, spoken, now)
        offered = {choice.purpose for choice in found.choices}
        try:
            agreed = _agreed(wanted, offered, texts)
            pause = building.read_date(str(form.get("jeda", "")).strip())
            use.change(
                session,
                contact,
                agreed=agreed,
                withdrawn=frozenset(purpose for purpose in Purpose if purpose in before - ticked),
                wishes=Wishes(wishes.topics, wishes.weekly_limit, pause, wishes.language),
                now=now,
                evidence=evidence,
            )
        except InvalidInputError as error:
            wrong_pause, wrong = (str(error), "") if error.field == "jeda" else ("", str(error))
        except ValueError:
            wrong_pause, wrong = _("Tanggal belum dapat dibaca. Contoh: 2026-12-31"), ""
        else:
            return None
        typed = building.with_typed(found, ticked, wishes)
        return building.preferences_view(
            typed,
            now,
            action=f"/p/{_token(app, contact)}",
            wrong=wrong,
            wrong_pause=wrong_pause,
            pause=str(form.get("jeda", ""))[:20],
        )


def _agreed(wanted: list[Purpose], offered: set[Purpose], texts: dict[Purpose, Wording]) -> tuple[Wording, ...]:
    if any(purpose not in texts or purpose not in offered for purpose in wanted):
        raise InvalidInputError(
            _("Teks persetujuan baru saja berubah. Muat ulang halaman, baca lagi, lalu simpan."), field="kata"
        )
    return tuple(texts[purpose] for purpose in wanted)


def _leave_all(
    session: Session, contact: Contact, _form: FormData, app: App, evidence: dict[str, object]
) -> PreferencesView | None:
    use.leave_all(session, contact, now=app.clock(), evidence=evidence)
    return None


def _ask_copy(
    session: Session, contact: Contact, _form: FormData, app: App, _evidence: dict[str, object]
) -> PreferencesView | None:
    _ask(session, contact, RightKind.ACCESS, app)
    return None


def _ask_erasure(
    session: Session, contact: Contact, _form: FormData, app: App, _evidence: dict[str, object]
) -> PreferencesView | None:
    _ask(session, contact, RightKind.ERASE, app)
    return None


def _ask(session: Session, contact: Contact, kind: RightKind, app: App) -> None:
    """Take the request in; what it finds out or does goes to the address, never to whoever holds this old link."""
    ask_right(
        session,
        write_audit,
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        kind=kind,
        source=use.SOURCE,
        now=app.clock(),
        link=True,
    )
    app.queue.enqueue(session, TaskName.REQUEST_MAIL)


_ACTS: Final[dict[str, Act]] = {"simpan": _save, "semua": _leave_all, "data": _ask_copy, "hapus": _ask_erasure}


def _wishes(form: FormData) -> Wishes:
    topics = {str(name) for name in form.getlist("topik")}
    limit, spoken = str(form.get("batas", "")), str(form.get("bahasa", ""))
    return Wishes(
        topics=tuple(name for name in Category if name in topics),
        weekly_limit=next((number for number in use.WEEKLY_LIMITS if str(number) == limit), None),
        language=spoken if spoken in LANGUAGES else SOURCE_LANGUAGE,
    )


def _person(session: Session, request: Request, app: App, token: str) -> Contact:
    ids = app.signer.read(LinkPurpose.PREFERENCES, token)
    contact = find_person(session, ids[0]) if ids is not None and len(ids) == 1 else None
    if contact is None:
        limit_guesses(request)
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    return contact


def _token(app: App, contact: Contact) -> str:
    return app.signer.url(LinkPurpose.PREFERENCES, contact.id).rpartition("/")[2]


def _language(contact: Contact) -> str:
    return contact.locale if contact.locale in LANGUAGES else SOURCE_LANGUAGE


def _notice(code: str, *, by_mail: bool) -> Notice | None:
    later = _("Permintaan tercatat. Petugas kami menjawab paling lambat 3 × 24 jam.")
    sentences = {
        "simpan": _("Tersimpan dan berlaku."),
        "semua": _("Anda sudah berhenti dari semua. Tidak ada lagi surat pemasaran."),
        "data": _(
            "Kami mengirim tautan ke alamat surel Anda. Dengan itu salinan data langsung dapat diunduh, selama 24 jam."
        )
        if by_mail
        else later,
        "hapus": _(
            "Kami mengirim tautan ke alamat surel Anda. Data dihapus setelah Anda menekan tombol di halaman itu."
        )
        if by_mail
        else later,
    }
    return Notice(sentences[code]) if code in sentences else None


def _show(
    contact: Contact, view: PreferencesView, *, notice: Notice | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    tenant = Tenant.of(profile_of(contact.tenant_id))
    shell = Shell(tenant=tenant, csrf="", notice=notice)
    body = page("preferensi.html", view, shell=shell, nav=SiteNav(home_href=site.home(tenant.id)))
    return HTMLResponse(body, status, HEADERS)
