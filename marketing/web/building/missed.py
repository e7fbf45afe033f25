"""Messages in doubt and people who were missed, from facts to their page."""

from collections.abc import Mapping, Sequence

from marketing.domain.missed import MissedGroup
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web.building.reasons import failure_label
from marketing.web.building.words import mailbox, moment_text
from marketing.web.queries.missed import Doubt
from marketing.web.views.missed import DoubtRow, GroupRow


def doubt_row(one: Doubt, profile: TenantProfile) -> DoubtRow:
    """Return a message in doubt."""
    return DoubtRow(
        id=one.id,
        recipient=mailbox(one.name, one.address) or _("Data orang ini sudah dihapus"),
        handed_over=moment_text(one.handed_over_at, profile) if one.handed_over_at else _("tidak tercatat"),
        reason=failure_label(one.reason),
    )


def group_rows(found: Mapping[MissedGroup, int]) -> Sequence[GroupRow]:
    """Return the groups that hold anybody, in a fixed order."""
    words = {
        MissedGroup.FAULTS: (
            _("Gagal karena gangguan"),
            _("Server surat tidak menjawab cukup lama, atau suratnya tidak dapat disusun waktu itu."),
        ),
        MissedGroup.NOT_SENT: (
            _("Ternyata tidak pernah berangkat"),
            _("Tadinya belum pasti; log relai atau rekan Anda menyatakan tidak terkirim."),
        ),
        MissedGroup.LIMITS: (
            _("Dilewati karena batas atau jeda"),
            _("Waktu itu sudah cukup dikirimi, atau sedang minta jeda. Yang masih begitu dilewati lagi."),
        ),
        MissedGroup.PRODUCTS: (
            _("Dilewati karena produknya"),
            _("Produknya waktu itu tertahan. Yang masih tertahan dilewati lagi."),
        ),
    }
    return [GroupRow(group, *words[group], number=found[group]) for group in MissedGroup if found.get(group)]
