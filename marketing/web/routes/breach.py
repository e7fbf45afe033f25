"""Pelanggaran data: a form about what happened becomes both notices, ready to print; nothing of it is stored."""

from datetime import date, datetime, time
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from marketing.accounts.audit import write_audit
from marketing.domain.types import Role
from marketing.i18n import gettext as _
from marketing.web import paths
from marketing.web.building.breach import Breach, letters_view
from marketing.web.deps import TheApp, TheForm, TheKeeper, Visitor
from marketing.web.office import show
from marketing.web.queries.data_requests import acts_between
from marketing.web.routes.data_requests import TheHandler
from marketing.web.views.data_requests import BreachView

router = APIRouter()
FIELDS = (
    "tahu-tanggal",
    "tahu-jam",
    "terjadi-tanggal",
    "terjadi-jam",
    "apa",
    "bagaimana",
    "banyak",
    "tangani",
    "lembaga",
)
LONGEST = 4_000
MOST = 10_000_000_000
EARLIEST = 2000  # a year before is a slip of the fingers


@router.get(paths.BREACH)
def breach_page(request: Request, app: TheApp, visitor: TheKeeper) -> Response:
    """Show the form; the clock begins when the breach is known."""
    now = app.clock().astimezone(visitor.profile.tz)
    typed = {"tahu-tanggal": now.date().isoformat(), "tahu-jam": f"{now:%H:%M}"}
    return _form(request, app, visitor, BreachView(typed))


@router.post(paths.BREACH)
def draft(request: Request, app: TheApp, visitor: TheHandler, form: TheForm) -> Response:
    """Show both drafts, with what the audit log holds from the breach until now."""
    profile, now = visitor.profile, app.clock()
    typed = {name: str(form.get(name, "")).strip()[:LONGEST] for name in FIELDS}
    known = _moment(typed["tahu-tanggal"], typed["tahu-jam"], visitor)
    happened = _moment(typed["terjadi-tanggal"], typed["terjadi-jam"], visitor)
    errors = {
        "tahu-tanggal": "" if known else _("Isi tanggal dan jam kejadian ini diketahui."),
        "terjadi-tanggal": "" if happened else _("Isi tanggal dan jam; perkiraan pun boleh."),
        "apa": "" if typed["apa"] else _("Tulis data apa yang terungkap."),
        "banyak": "" if _is_count(typed["banyak"]) else _("Tulis dengan angka, atau kosongkan bila belum diketahui."),
    }
    if known and known > now:
        errors["tahu-tanggal"] = _("Waktu ini belum terjadi.")
    elif known and happened and happened > known:
        errors["terjadi-tanggal"] = _("Terjadinya tidak mungkin sesudah diketahui.")
    wrong = {name: said for name, said in errors.items() if said}
    if wrong or known is None or happened is None:
        return _form(request, app, visitor, BreachView(typed, wrong))
    breach = Breach(
        known_at=known,
        happened_at=happened,
        what=typed["apa"],
        how=typed["bagaimana"],
        people=int(typed["banyak"]) if typed["banyak"] else None,
        handling=typed["tangani"],
        body=typed["lembaga"],
    )
    with app.database.write() as session:
        log = acts_between(session, profile.id, happened, now)
        write_audit(
            session,
            tenant_id=profile.id,
            user_id=visitor.user.id,
            action="privacy.breach_drafted",
            subject="breach",
            now=now,
            details={"known_at": known.isoformat(), "people": breach.people},
        )
    view = letters_view(breach, log, profile, now)
    return show(request, app, visitor, "kontak_pelanggaran_surat.html", view, place="contacts")


def _form(request: Request, app: TheApp, visitor: Visitor, view: BreachView) -> Response:
    may = visitor.has(Role.MANAGING_TEAM) or visitor.has(Role.OPERATOR)
    shown = BreachView(view.typed, view.errors, can_act=may)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if view.errors else HTTPStatus.OK
    return show(request, app, visitor, "kontak_pelanggaran.html", shown, place="contacts", status=status)


def _moment(day: str, hour: str, visitor: Visitor) -> datetime | None:
    try:
        moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), visitor.profile.tz)
    except ValueError:
        return None
    return moment if moment.year >= EARLIEST else None


def _is_count(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and int(text[:20]) < MOST)
