"""The section of Kanal on mail accounts, from rows; no credential ever comes here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.i18n import gettext as _
from marketing.mail.account_words import AccountLine, line_of, location_note, not_carried
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.mail_accounts import MailAccountsView, MailCard
from marketing.web.views.states import email_type_label


def section_of(
    rows: Sequence[ChannelAccount], relay: str, profile: TenantProfile, *, can_change: bool
) -> MailAccountsView:
    """Return the section; `relay` is the host in the settings, empty for the local inbox."""
    return MailAccountsView(
        cards=tuple(_card(line_of(row), profile, can_change=can_change) for row in rows),
        default=_("relai {host} di setelan pemasangan ini").format(host=relay) if relay else _("kotak masuk lokal"),
        can_change=can_change,
        waiting=tuple(email_type_label(kind) for kind in not_carried(rows)),
    )


def _card(line: AccountLine, profile: TenantProfile, *, can_change: bool) -> MailCard:
    heard = moment_text(datetime.fromisoformat(line.heard_at), profile) if line.heard_at else ""
    facts = (
        (_("Server"), line.where),
        (_("Data disimpan di"), line.location),
        (_("Jenis surel"), ", ".join(email_type_label(kind) for kind in line.kinds) or _("semua")),
        (_("Bobot"), number_text(line.weight)),
        (_("Batas kirim"), "; ".join(line.rates)),
        (_("Kabar terakhir"), heard),
        (_("Mode"), _("uji, tidak ada yang terkirim") if line.sandbox else ""),
    )
    card = MailCard(
        id=line.id,
        name=line.name,
        provider=line.provider,
        state=AccountState.RECONNECT if line.needs_attention else line.state,
        trouble=line.trouble,
        bad=line.needs_attention,
        location_note=location_note(line),
        facts=tuple((name, value) for name, value in facts if value),
    )
    if not can_change:
        return card
    active = line.state is AccountState.ACTIVE
    return replace(
        card,
        try_action=paths.mail_account_act(line.id, "uji"),
        pause_action=paths.mail_account_act(line.id, "jeda") if active else "",
        resume_action="" if active else paths.mail_account_act(line.id, "lanjutkan"),
    )
