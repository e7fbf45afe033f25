"""Pendampingan, from digests to its page and to the file that a pendamping takes along."""

from collections.abc import Iterable, Iterator

from marketing.domain.guidance import BusinessDigest, Gap
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.web.building import csv_file
from marketing.web.building.words import number_text
from marketing.web.views.guidance import BusinessRow, GapView

SHOWN_PRODUCTS = 5


def summary_of(total: int) -> str:
    """Return in a sentence how many businesses need help."""
    if not total:
        return _("Tidak ada UMKM dengan produk tertahan.")
    return ngettext(
        "{n} UMKM mempunyai produk yang tertahan; yang paling banyak tertahan didahulukan.",
        "{n} UMKM mempunyai produk yang tertahan; yang paling banyak tertahan didahulukan.",
        total,
    ).format(n=number_text(total))


def row_of(one: BusinessDigest) -> BusinessRow:
    """Return a business with everything that keeps its products back."""
    business = one.business
    return BusinessRow(
        name=business.name or _("Usaha tanpa nama"),
        place=business.domicile_kecamatan or business.address,
        contact=business.phone or business.email,
        held=_("{held} dari {total} produk tertahan").format(held=number_text(one.held), total=number_text(one.total)),
        next_step=one.next_step,
        gaps=tuple(_gap(gap) for gap in one.gaps),
    )


def _gap(gap: Gap) -> GapView:
    more = len(gap.products) - SHOWN_PRODUCTS
    names = ", ".join(gap.products[:SHOWN_PRODUCTS])
    return GapView(
        topic=gap.topic.value,
        basis=gap.basis,
        what=gap.text,
        code=gap.code,
        cure=gap.cure,
        count=ngettext("{n} produk", "{n} produk", gap.count).format(n=number_text(gap.count)),
        products=_("{names} dan {n} lagi").format(names=names, n=number_text(more)) if more > 0 else names,
    )


def csv_header() -> str:
    """Return the first line of the file."""
    return csv_file.first_line(
        _("Id usaha"),
        _("Usaha"),
        _("Kecamatan"),
        _("Kontak"),
        _("Pendampingan"),
        _("Dasar"),
        _("Kode"),
        _("Yang kurang"),
        _("Supaya lolos"),
        _("Jumlah produk"),
        _("Produk"),
    )


def csv_rows(found: Iterable[BusinessDigest]) -> Iterator[str]:
    """Return one line per gap."""
    for one in found:
        business = one.business
        for gap in one.gaps:
            yield csv_file.line(
                business.id,
                business.name,
                business.domicile_kecamatan,
                business.phone or business.email,
                gap.topic.value,
                gap.basis,
                gap.code,
                gap.text,
                gap.cure,
                str(gap.count),
                ", ".join(gap.products),
            )
