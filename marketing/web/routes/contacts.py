"""Kontak: the list of people, one person with everything we hold and did, and the list of never-send."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.contacts import exporting, suppressions
from marketing.contacts.receipts import gather, reference
from marketing.contacts.suppressions import Reach, Reason
from marketing.contacts.withdrawing_for import withdraw_for
from marketing.db.models import Contact
from marketing.domain.calendar_id import local_date
from marketing.domain.consent import ConsentState
from marketing.domain.consent_receipt import receipt_27560, receipt_kantara
from marketing.domain.types import BuyerKind, Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.privacy import privacy_of
from marketing.web import paths
from marketing.web.building import contacts as building
from marketing.web.building import csv_file
from marketing.web.building.contact_page import Reading, contact_view
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import (
    MAX_ROW,
    RowNumber,
    TheApp,
    TheForm,
    TheKeeper,
    TheStaff,
    Visitor,
    Words,
    holding,
)
from marketing.web.office import back_to, show
from marketing.web.private_words import may_be_of_a_person
from marketing.web.queries import contact as one
from marketing.web.queries import contacts as queries
from marketing.web.views.contacts import ContactsView, Found, SuppressionsView
from marketing.web.views.parts import Pager, Tab

router = APIRouter()
PAGE_SIZE = 50
RECEIPTS = {"27560": receipt_27560, "kantara": receipt_kantara}
SEES_ADDRESSES = (Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR)
# Lifting somebody off the list of never-send is not the marketer's to decide.
TheLifter = Annotated[Visitor, Depends(holding(Role.MANAGING_TEAM, Role.OPERATOR))]
Key = Annotated[int | None, Query(ge=0, le=MAX_ROW)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to, as its address says it; never a whole address of a person."""

    q: Words = ""
    jenis: Words = ""
    tujuan: Words = ""
    keadaan: Words = ""
    orang: Words = ""
    sesudah: Key = None
    sebelum: Key = None


@router.get(paths.CONTACTS)
def contacts(request: Request, app: TheApp, visitor: TheStaff, asked: Annotated[Asked, Depends()]) -> Response:
    """Show the people, newest first."""
    return _list(request, app, visitor, asked, ())


@router.post(paths.CONTACT_SEARCH)
def search(request: Request, app: TheApp, visitor: TheStaff, form: TheForm) -> Response:
    """Look for a person: a whole address is posted and answered at once, so that it stands in no address of ours and no log."""
    typed = str(form.get("q", "")).replace("\0", "").strip()[: suppressions.NOTE_LENGTH]
    kind, purpose, state, who = (str(form.get(name, ""))[:40] for name in ("jenis", "tujuan", "keadaan", "orang"))
    reaches = suppressions.reaches_of(app.settings.signing_key, visitor.profile.id, typed)
    if reaches:
        return _list(request, app, visitor, Asked("", kind, purpose, state, who), reaches)
    if may_be_of_a_person(typed):  # a part of an address stands in no address of ours either
        return _list(request, app, visitor, Asked(typed, kind, purpose, state, who), (), unlisted=True)
    narrowed = paths.listing(paths.CONTACTS, q=typed, jenis=kind, tujuan=purpose, keadaan=state, orang=who)
    return RedirectResponse(narrowed, HTTPStatus.SEE_OTHER)


@router.post(paths.CONTACTS_FILE)
def export(app: TheApp, visitor: TheKeeper, _form: TheForm) -> Response:
    """Send all contacts as a file; a post, because taking everybody's data is written down."""
    profile, now = visitor.profile, app.clock()
    with app.database.write() as session:
        write_audit(
            session,
            tenant_id=profile.id,
            user_id=visitor.user.id,
            action="contacts.exported",
            subject=f"tenant:{profile.id}",
            now=now,
        )

    def lines() -> Iterator[str]:
        yield csv_file.first_line(*exporting.headings())
        with app.database.read() as session:
            for row in exporting.rows_of(session, profile.id, now):
                yield csv_file.line(*row)

    name = f"kontak-{profile.id}-{local_date(now, profile.tz)}.csv"
    return StreamingResponse(lines(), media_type=csv_file.MEDIA_TYPE, headers=csv_file.headers(name))


@router.get(paths.SUPPRESSIONS)
def suppressed(
    request: Request,
    app: TheApp,
    visitor: TheStaff,
    sebab: Words = "",
    halaman: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Response:
    """Show the list of never-send, newest first."""
    return _suppressions(request, app, visitor, reason=sebab if sebab in set(Reason) else "", number=halaman)


@router.post(paths.SUPPRESSION_SEARCH)
def search_suppressed(request: Request, app: TheApp, visitor: TheStaff, form: TheForm) -> Response:
    """Say whether an address stands on the list; it is hashed, compared and forgotten."""
    reaches = suppressions.reaches_of(app.settings.signing_key, visitor.profile.id, str(form.get("alamat", "")))
    if not reaches:
        return _suppressions(request, app, visitor, errors={"cari": _no_address()})
    return _suppressions(request, app, visitor, reaches=reaches)


@router.post(paths.SUPPRESSIONS)
def suppress(request: Request, app: TheApp, visitor: TheKeeper, form: TheForm) -> Response:
    """Put an address on the list by hand."""
    reason, note = str(form.get("sebab", "")), str(form.get("catatan", ""))
    try:
        _put(app, visitor, str(form.get("alamat", "")), reason, note)
    except InvalidInputError as error:
        return _suppressions(
            request,
            app,
            visitor,
            errors={error.field: str(error)},
            note=note[: suppressions.NOTE_LENGTH],
            chosen=reason,
        )
    return back_to(paths.SUPPRESSIONS, "henti_catat")


@router.post("/kontak/daftar-henti/{suppression_id:int}/buka")
def lift(request: Request, app: TheApp, visitor: TheLifter, suppression_id: RowNumber, form: TheForm) -> Response:
    """Take an address off the list, with a reason."""
    try:
        with app.database.write() as session:
            suppressions.lift(
                session,
                visitor.profile.id,
                suppression_id,
                why=str(form.get("alasan", "")),
                document=str(form.get("surat", "")),
                user_id=visitor.user.id,
                now=app.clock(),
            )
    except InvalidInputError as error:
        return _suppressions(request, app, visitor, errors={f"{error.field}-{suppression_id}": str(error)})
    return back_to(paths.SUPPRESSIONS, "henti_buka")


@router.get("/kontak/{contact_id:int}")
def contact(request: Request, app: TheApp, visitor: TheStaff, contact_id: RowNumber, sesudah: Key = None) -> Response:
    """Show one person; a merged one leads to the one that goes on."""
    with app.database.read() as session:
        found = one.find_contact(session, visitor.profile.id, contact_id)
        if found.merged_into is not None:
            return RedirectResponse(paths.contact(found.merged_into), HTTPStatus.SEE_OTHER)
        view = contact_view(session, found, _reading(visitor), app.clock(), after=sesudah)
    return show(request, app, visitor, "kontak_orang.html", view, place="contacts")


@router.get("/kontak/{contact_id:int}/tanda-terima.json")
def receipt(app: TheApp, visitor: TheKeeper, contact_id: RowNumber, bentuk: Words = "27560") -> Response:
    """Send the receipt of consent: of the ledger alone, by our number of the person."""
    if bentuk not in RECEIPTS:
        raise NotFoundError(_("Bentuk tanda terima ini tidak ada."))
    with app.database.read() as session:
        found = one.find_contact(session, visitor.profile.id, contact_id)
        facts = gather(session, visitor.profile, found, app.clock())
        name = f"tanda-terima-{reference(found)}-{bentuk}.json"
    return Response(
        json.dumps(RECEIPTS[bentuk](facts), ensure_ascii=False, indent=2),
        media_type="application/json",
        headers=csv_file.headers(name),
    )


@router.post("/kontak/{contact_id:int}/cabut")
def withdraw(app: TheApp, visitor: TheKeeper, contact_id: RowNumber, form: TheForm) -> Response:
    """Write down that the person said no."""
    purposes = [Purpose(str(value)) for value in form.getlist("tujuan") if str(value) in set(Purpose)]
    with app.database.write() as session:
        withdraw_for(
            session,
            tenant_id=visitor.profile.id,
            contact_id=contact_id,
            purposes=purposes,
            everything=bool(form.get("semua")),
            note=str(form.get("catatan", "")),
            user_id=visitor.user.id,
            now=app.clock(),
        )
    return back_to(paths.contact(contact_id), "dicabut")


@router.post("/kontak/{contact_id:int}/batasi")
def restrict(app: TheApp, visitor: TheLifter, contact_id: RowNumber, _form: TheForm) -> Response:
    """Stop everything but what a contract needs."""
    _standing(app, visitor, contact_id)
    privacy_of(app).restrict(visitor.profile.id, contact_id, visitor.user.id)
    return back_to(paths.contact(contact_id), "dibatasi")


@router.post("/kontak/{contact_id:int}/buka")
def lift_restriction(app: TheApp, visitor: TheLifter, contact_id: RowNumber, _form: TheForm) -> Response:
    """Lift a restriction at the person's own wish."""
    _standing(app, visitor, contact_id)
    privacy_of(app).lift(visitor.profile.id, contact_id, visitor.user.id)
    return back_to(paths.contact(contact_id), "tidak_dibatasi")


def _list(
    request: Request,
    app: App,
    visitor: Visitor,
    asked: Asked,
    reaches: tuple[Reach, ...],
    *,
    unlisted: bool = False,
) -> Response:
    profile, now, whole = visitor.profile, app.clock(), _sees_addresses(visitor)
    wanted = queries.ContactFilter(
        words=asked.q,
        reaches=reaches,
        fragments=whole,
        kind=asked.jenis if asked.jenis in set(BuyerKind) else "",
        purpose=asked.tujuan if asked.tujuan in set(Purpose) else "",
        state=asked.keadaan if asked.keadaan in set(ConsentState) else "",
        standing=asked.orang if asked.orang in queries.STANDINGS else "",
    )
    doubles = asked.orang == building.TWINS
    with app.database.read() as session:
        window = queries.Window(asked.sesudah, None if asked.sesudah is not None else asked.sebelum)
        found = queries.list_contacts(session, profile.id, wanted, window, now, limit=PAGE_SIZE)
        totals = queries.totals(session, profile.id)
        pairs = queries.twins(session, profile.id, PAGE_SIZE) if doubles else ()
    filters = {
        "q": asked.q,
        "jenis": wanted.kind,
        "tujuan": wanted.purpose,
        "keadaan": wanted.state,
        "orang": wanted.standing,
    }
    first, last = (found.rows[0].id, found.rows[-1].id) if found.rows else (0, 0)
    view = ContactsView(
        rows=tuple(building.row_of(row, profile) for row in found.rows),
        pager=Pager(
            shown=len(found.rows),
            total=found.total,
            previous=paths.listing(paths.CONTACTS, **filters, sebelum=first)
            if found.newer and first and not unlisted
            else "",
            next=paths.listing(paths.CONTACTS, **filters, sesudah=last)
            if found.older and last and not unlisted
            else "",
        ),
        stats=building.stats_of(*totals),
        query=asked.q,
        kinds=building.kind_options(wanted.kind),
        purposes=building.purpose_options(wanted.purpose),
        states=building.state_options(wanted.state),
        standings=building.standing_options(asked.orang if doubles else wanted.standing),
        twins=tuple(building.twin_row(*pair) for pair in pairs) if doubles else None,
        can_export=whole,
        tabs=_tabs(visitor),
        can_merge=visitor.has(Role.MANAGING_TEAM) or visitor.has(Role.OPERATOR),
        by_address=bool(reaches),
        search_help=_("Nama, atau alamat surel, nomor telepon, @telegram; sebagian pun boleh.")
        if whole
        else _("Nama, atau alamat surel, nomor telepon, @telegram yang lengkap."),
    )
    return show(request, app, visitor, "kontak.html", view, place="contacts")


def _tabs(visitor: Visitor) -> tuple[Tab, ...]:
    """Return the parts of Kontak that this person may open."""
    sends = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    offered = (
        (True, Tab(_("Orang"), paths.CONTACTS, current=True)),
        (sends, Tab(_("Segmen"), paths.SEGMENTS)),
        (True, Tab(_("Daftar henti"), paths.SUPPRESSIONS)),
        (_sees_addresses(visitor), Tab(_("Permintaan data"), paths.DATA_REQUESTS)),
    )
    return tuple(tab for may, tab in offered if may)


def _suppressions(
    request: Request,
    app: App,
    visitor: Visitor,
    *,
    reason: str = "",
    number: int = 1,
    reaches: tuple[Reach, ...] | None = None,
    errors: dict[str, str] | None = None,
    note: str = "",
    chosen: str = "",
) -> Response:
    profile, may_lift = visitor.profile, visitor.has(Role.MANAGING_TEAM) or visitor.has(Role.OPERATOR)
    with app.database.read() as session:
        found, total = queries.list_suppressions(
            session, profile.id, reason=reason, reaches=reaches, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        counts = queries.suppressed_by_reason(session, profile.id)
    view = SuppressionsView(
        rows=tuple(building.suppression_row(row, profile, may_lift=may_lift) for row in found),
        pager=pager_of(number, PAGE_SIZE, len(found), total, Address(paths.SUPPRESSIONS, sebab=reason)),
        reasons=building.reason_options(reason, counts),
        by_hand=building.by_hand_options(chosen),
        lift_reasons=building.lift_options(),
        can_add=_sees_addresses(visitor),
        found=Found(building.found_text(found), hit=bool(found)) if reaches is not None else None,
        errors=tuple((errors or {}).items()),
        note=note,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "kontak_daftar_henti.html", view, place="contacts", status=status)


def _put(app: App, visitor: Visitor, typed: str, reason: str, note: str) -> None:
    reaches = suppressions.reaches_of(app.settings.signing_key, visitor.profile.id, typed)
    if not reaches:
        raise InvalidInputError(_no_address(), field="alamat")
    if reason not in suppressions.BY_HAND:
        raise InvalidInputError(_("Pilih sebabnya."), field="sebab")
    with app.database.write() as session:
        suppressions.add(
            session,
            tenant_id=visitor.profile.id,
            reach=reaches[0],
            reason=Reason(reason),
            note=note,
            user_id=visitor.user.id,
            now=app.clock(),
        )


def _reading(visitor: Visitor) -> Reading:
    return Reading(
        profile=visitor.profile,
        whole=_sees_addresses(visitor),
        lifts=visitor.has(Role.MANAGING_TEAM) or visitor.has(Role.OPERATOR),
        reads_mail=visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER),
    )


def _sees_addresses(visitor: Visitor) -> bool:
    return any(visitor.has(role) for role in SEES_ADDRESSES)


def _standing(app: App, visitor: Visitor, contact_id: int) -> Contact:
    with app.database.read() as session:
        found = one.find_contact(session, visitor.profile.id, contact_id)
    if found.erased_at is not None or found.merged_into is not None:
        raise NotAllowedError(_("Kontak ini sudah dihapus atau digabung."))
    return found


def _no_address() -> str:
    return _("Ini bukan alamat. Tulis surel, nomor telepon, atau nama Telegram dengan @ di depannya.")
