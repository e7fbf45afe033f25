"""Requests on data, from rows to their pages."""

from collections.abc import Mapping
from datetime import UTC, datetime

from marketing.contacts.privacy_service import OWNER
from marketing.contacts.request_words import kind_title
from marketing.db.models import DataRequest
from marketing.domain.data_rights import DEADLINES, HOURS, OPEN, Clock, RequestState, RightKind, clock_of
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import length_text, moment_text, number_text
from marketing.web.views.data_requests import ClockView, RequestRow, RequestView
from marketing.web.views.parts import Option


def row_of(one: DataRequest, name: str, profile: TenantProfile, now: datetime) -> RequestRow:
    """Return one request of the queue."""
    kind = RightKind(one.kind)
    return RequestRow(
        title=kind_title(kind),
        who=_who(one, name),
        state=one.state,
        clock=clock_view(RequestState(one.state), one.due_at, now),
        due=moment_text(one.due_at if one.done_at is None else one.done_at, profile),
        article=DEADLINES[kind].duty,
        href=paths.data_request(one.id),
    )


def clock_view(state: RequestState, due: datetime, now: datetime) -> ClockView:
    """Return the clock of a request in words."""
    return {
        Clock.OVERDUE: ClockView("overdue", _("terlambat {length}").format(length=length_text(now - due))),
        Clock.SOON: ClockView("due_soon", _("sisa {length}").format(length=length_text(due - now))),
        Clock.RUNNING: ClockView("in_time", _("sisa {length}").format(length=length_text(due - now))),
        Clock.STOPPED: ClockView("", ""),
    }[clock_of(state, due, now)]


def loud_of(overdue: int) -> str:
    """Return the alarm above the queue; nothing while all is in time."""
    if not overdue:
        return ""
    return ngettext(
        "{n} permintaan sudah lewat batas waktunya. Selesaikan sekarang.",
        "{n} permintaan sudah lewat batas waktunya. Selesaikan sekarang.",
        overdue,
    ).format(n=number_text(overdue))


def kind_options(chosen: str = "") -> tuple[Option, ...]:
    """Return the rights to choose from."""
    return tuple(Option(kind, kind_title(kind), selected=kind == chosen) for kind in RightKind)


def request_view(
    one: DataRequest,
    name: str,
    profile: TenantProfile,
    now: datetime,
    *,
    can_act: bool,
    held: tuple[str, ...] = (),
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> RequestView:
    """Return one request with the acts that are left for whoever looks."""
    kind, state = RightKind(one.kind), RequestState(one.state)
    row = DEADLINES[kind]
    acting = can_act and state in OPEN
    limit = (
        _("{hours} jam sejak diterima, {article}").format(hours=HOURS, article=row.duty)
        if row.in_the_act
        else _("{hours} jam, janji layanan kami; {article} tidak menyebut angka").format(hours=HOURS, article=row.duty)
    )
    facts = [
        (_("Orang"), _who(one, name)),
        (_("Hak"), row.right),
        (_("Diterima"), moment_text(one.received_at, profile)),
        (_("Batas waktu"), moment_text(one.due_at, profile)),
        (_("Dihitung"), limit),
        (_("Datang lewat"), _("petugas") if one.source == "petugas" else _("pusat preferensi")),
        (_("Tautan untuk orangnya"), _link_text(one, profile)),
        (_("Selesai"), moment_text(one.done_at, profile)),
        (_("Dikerjakan"), _("orangnya sendiri, lewat tautannya") if _by_owner(one) else ""),
    ]
    return RequestView(
        title=kind_title(kind),
        who=_who(one, name),
        state=one.state,
        clock=clock_view(state, one.due_at, now),
        facts=tuple((label, value) for label, value in facts if value),
        means=_means(kind) if acting else "",
        answer=one.answer,
        undelivered=bool(one.details.get("undelivered")),
        start_action=paths.data_request(one.id, "mulai") if acting and state is RequestState.RECEIVED else "",
        finish_action=paths.data_request(one.id, "selesai") if acting else "",
        finish_label=_("Hapus untuk selamanya") if kind is RightKind.ERASE else _("Selesaikan dan beri tahu"),
        refuse_action=paths.data_request(one.id, "tolak") if acting else "",
        pack_action=paths.data_request(one.id, "salinan") if acting else "",
        rectify_action=paths.data_request(one.id, "perbaiki") if acting and kind is RightKind.RECTIFY else "",
        erases=kind is RightKind.ERASE,
        held=held if acting else (),
        name=name,
        typed=dict(typed or {}),
        errors=dict(errors or {}),
    )


def _who(one: DataRequest, name: str) -> str:
    if one.contact_id is None:
        return _("orang yang sudah dihapus")
    return f"{name} · {one.contact_id}" if name else _("kontak {number}").format(number=one.contact_id)


def _by_owner(one: DataRequest) -> bool:
    return one.state == RequestState.DONE and one.details.get("by") == OWNER


def _link_text(one: DataRequest, profile: TenantProfile) -> str:
    """Return whether the person was sent the link on which they need no staff."""
    issued = one.details.get("issued")
    if issued is None:
        return ""
    if one.details.get("tell"):
        return _("sedang dikirim ke surelnya")
    sent = moment_text(datetime.fromtimestamp(int(issued), UTC), profile)
    return _("dikirim ke surelnya {time}, berlaku 24 jam").format(time=sent)


def _means(kind: RightKind) -> str:
    return {
        RightKind.ACCESS: _(
            "Menyelesaikannya mengirim tautan ke surel orangnya; dengan itu ia mengunduh salinannya sendiri. Tanpa surel: unduh di atas dan serahkan dengan cara yang aman."
        ),
        RightKind.PORTABILITY: _(
            "Menyelesaikannya mengirim tautan ke surel orangnya. Untuk pihak lain yang dimintanya: unduh JSON di atas dan serahkan dengan cara yang aman."
        ),
        RightKind.RECTIFY: _("Perbaiki di atas, juga di katalog asalnya supaya tidak kembali salah, lalu selesaikan."),
        RightKind.RESTRICT: _("Menyelesaikannya menghentikan semua kiriman kecuali kabar pesanannya sendiri."),
        RightKind.OBJECT: _(
            "Menyelesaikannya mencabut persetujuan atas pilihan pribadi dan pengukuran bacaan orang ini."
        ),
        RightKind.ERASE: _(
            "Menyelesaikannya menghapus orang ini untuk selamanya. Yang tersisa: kode acak alamatnya supaya tidak masuk lagi, dan pesanan tanpa nama yang wajib disimpan sepuluh tahun. Unduh salinannya dahulu bila orangnya memintanya."
        ),
    }[kind]
