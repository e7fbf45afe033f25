"""After a backup was restored: why nothing in bulk leaves, what would be sent again, and what a person decides."""

from typing import TYPE_CHECKING, Annotated

import typer

from marketing.cli.mail_domain import doctor
from marketing.cli.opening import opened
from marketing.domain.restoring import RestoreChoice
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.bootstrap import App
    from marketing.tenants.profile import TenantProfile

commands = typer.Typer()
restore = typer.Typer(help=N_("Setelah basis data dipulihkan dari cadangan: lihat dan putuskan apa yang boleh keluar."))
commands.add_typer(restore, name="restore")
TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]


@restore.command(
    "status", help=N_("Apakah pengiriman ditahan, sejak kapan, dan apa yang akan terkirim lagi; keluar 1 bila ditahan.")
)
def status_command(tenant: TheTenant) -> None:
    """Say whether the database is held."""
    _tell(tenant)


@doctor.command("restore", help=N_("Apakah basis data ini lebih tua daripada penandanya (cadangan yang dipulihkan)."))
def doctor_command(tenant: TheTenant) -> None:
    """Say the same among the other examinations."""
    _tell(tenant)


@doctor.command(
    "ledger", help=N_("Hitung ulang neraca setiap kampanye dari barisnya; keluar 1 bila ada yang tidak cocok.")
)
def ledger_command(tenant: TheTenant) -> None:
    """Count every message of every campaign, and mend what was kept wrong."""
    from sqlalchemy import select

    from marketing.db.models import Campaign
    from marketing.delivery.ledger import counts_of, ledger_from
    from marketing.delivery.tallying import mend

    wrong = 0
    with opened(tenant) as (app, profile):
        with app.database.read() as session:
            started = select(Campaign.id).where(Campaign.tenant_id == profile.id, Campaign.started_at.is_not(None))
            ids = session.scalars(started.order_by(Campaign.id)).all()
        for campaign_id in ids:
            with app.database.write() as session:
                campaign = session.get_one(Campaign, campaign_id)
                mended = mend(session, campaign) is not None
                ledger = ledger_from([campaign], counts_of(session, [campaign_id]))
            if mended:
                print(_("Kampanye {id}: hitungan simpanan keliru dan sudah dihitung ulang.").format(id=campaign_id))
            if campaign.planned_at is not None and not ledger.balances:
                wrong += 1
                said = _("Kampanye {id}: penerima {audience}, jumlah semua bagian {total}.")
                print(said.format(id=campaign_id, audience=ledger.audience, total=ledger.counted))
    print(_("{n} kampanye diperiksa, {wrong} tidak seimbang.").format(n=len(ids), wrong=wrong))
    if wrong:
        raise typer.Exit(1)


@restore.command("decide", help=N_("Putuskan untuk semua kampanye yang berisiko, lalu pengiriman berjalan lagi."))
def decide_command(
    tenant: TheTenant,
    choice: Annotated[RestoreChoice, typer.Option(help=N_("batalkan, belum-pasti, atau lanjutkan"))],
    actor: Annotated[str, typer.Option("--as", help=N_("surel orang yang memutuskan; namanya tercatat"))],
    reason: Annotated[str, typer.Option("--reason", help=N_("alasan, tanpa alamat; tercatat"))],
) -> None:
    """Make one choice for every campaign at risk of this Daerah; those of others are paused for their own people."""
    from marketing.cli.acting import acting
    from marketing.delivery.restored import at_risk, decide, held

    with opened(tenant) as (app, profile), app.database.write() as session:
        since = held(session)
        found = at_risk(session, since, profile.id) if since else ()
        user = acting(session, profile.id, actor)
        decide(session, user, {one.id: choice for one in found}, reason=reason, now=app.clock())
    print(_("Diputuskan untuk {n} kampanye. Kiriman massal boleh keluar lagi.").format(n=len(found)))


def _tell(tenant: str) -> None:
    with opened(tenant) as (app, profile):
        lines = _lines(app, profile)
    for line in lines:
        print(line)
    if len(lines) > 1:
        raise typer.Exit(1)


def _lines(app: "App", profile: "TenantProfile") -> list[str]:
    from marketing.delivery.restored import at_risk, held
    from marketing.domain.calendar_id import format_datetime_id

    app.guard.beat()  # compares with the markers of this machine
    with app.database.read() as session:
        since = held(session)
        if since is None:
            return [_("Basis data ini yang terbaru menurut penandanya; pengiriman tidak ditahan.")]
        until, lost = (format_datetime_id(one, profile.tz) for one in (since.knows_until, since.lost_until))
        said = _("DITAHAN: basis data ini cadangan dari {until}; yang terjadi sampai {lost} tidak diketahuinya.")
        row = _("  {id}\t{name}: {n} surat akan dikirim (lagi)")
        return [
            said.format(until=until, lost=lost),
            *(row.format(id=one.id, name=one.name, n=one.waiting) for one in at_risk(session, since, profile.id)),
            _("Putuskan di halaman Beranda, atau dengan: siar restore decide --help"),
        ]
