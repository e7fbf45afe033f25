"""What a restored database would send again, from facts to its page."""

from collections.abc import Mapping

from marketing.delivery.restored import AtRisk
from marketing.domain.restoring import RestoreChoice
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.home import Waiting
from marketing.web.views.parts import Option
from marketing.web.views.restoring import RiskRow


def risk_row(one: AtRisk, chosen: Mapping[int, str], profile: TenantProfile) -> RiskRow:
    """Return a campaign at risk with what may be done about it."""
    labels = {
        RestoreChoice.UNSURE: _("Tandai belum pasti dan jeda: tidak ada yang terkirim lagi, nanti diperiksa"),
        RestoreChoice.CANCEL: _("Batalkan untuk selamanya"),
        RestoreChoice.GO_ON: _("Lanjutkan: sebagian orang mungkin menerima dua kali"),
    }
    if one.waiting:
        what = _("{n} surat akan dikirim lagi. Mulai {when}.").format(
            n=number_text(one.waiting), when=moment_text(one.started_at, profile)
        )
    else:
        what = _("Seharusnya mulai {when}; penerimanya akan dihitung dan dikirimi lagi.").format(
            when=moment_text(one.scheduled_at or one.started_at, profile)
        )
    choices = tuple(Option(value, label, selected=chosen.get(one.id) == value) for value, label in labels.items())
    return RiskRow(one.id, one.name, one.state, what, choices)


def task() -> Waiting:
    """Return what stands first on Beranda while the database is held."""
    return Waiting(
        _("Kiriman massal ditahan"),
        _(
            "Basis data dipulihkan dari cadangan. Putuskan apa yang boleh keluar, supaya tidak ada yang terkirim dua kali."
        ),
        paths.RESTORED,
        _("Periksa"),
        "warning",
        "bad",
    )
