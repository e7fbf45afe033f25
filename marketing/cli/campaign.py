"""Campaigns from the command line: what is going out, and the same acts as on its page, by a named person."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.domain.campaign import Priority
from marketing.domain.missed import MissedGroup
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketing.bootstrap import App
    from marketing.db.models import User

commands = typer.Typer()
campaign = typer.Typer(help=N_("Kampanye: jeda, lanjutkan, batalkan, dahulukan, kirim susulan."))
commands.add_typer(campaign, name="campaign")

TheCampaign = Annotated[int, typer.Argument(help=N_("nomor kampanye, lihat “siar campaign list”"))]
TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]
TheActor = Annotated[str, typer.Option("--as", help=N_("surel orang yang memutuskan; namanya tercatat"))]
TheReason = Annotated[str, typer.Option("--reason", help=N_("alasan, tanpa alamat; tercatat"))]


@campaign.command("list", help=N_("Kampanye yang belum selesai, dengan neracanya."))
def list_command(tenant: TheTenant) -> None:
    """Print what is not over yet."""
    from sqlalchemy import select

    from marketing.db.models import Campaign
    from marketing.delivery.ledger import ledger_of
    from marketing.domain.campaign import CAN_WAIT
    from marketing.domain.message import MessageState
    from marketing.web.views.states import chip_of

    with opened(tenant) as (app, profile), app.database.read() as session:
        query = select(Campaign).where(Campaign.tenant_id == profile.id, Campaign.state.in_(CAN_WAIT))
        for one in session.scalars(query.order_by(Campaign.id)):
            ledger = ledger_of(session, [one])
            said = _("{id}\t{state}\t{name}: {sent} dari {audience} terkirim, {unknown} belum pasti")
            print(
                said.format(
                    id=one.id,
                    state=chip_of(one.state).label,
                    name=one.name,
                    sent=ledger.sent,
                    audience=ledger.audience,
                    unknown=ledger.of(MessageState.UNKNOWN),
                )
            )


@campaign.command("show", help=N_("Hasil satu kampanye: neraca surat, jangkauan setiap kiriman, dan klik."))
def show_command(
    number: TheCampaign,
    tenant: TheTenant,
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Print what came of it; in JSON a figure that no channel gave is null, never 0."""
    import json

    from marketing.cli.campaign_figures import figures_of, lines_of

    with opened(tenant) as (app, profile), app.database.read() as session:
        found = figures_of(session, app.campaigns.find(session, profile.id, number))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
        else:
            print(*lines_of(found, profile), sep="\n")


@campaign.command("pause", help=N_("Jeda: pekerja berhenti menyerahkan dalam dua detik."))
def pause_command(number: TheCampaign, tenant: TheTenant, actor: TheActor) -> None:
    """Stop handing over."""
    _do(tenant, actor, lambda app, session, user: app.campaigns.pause(session, user, number))
    print(_("Kampanye {id} dijeda.").format(id=number))


@campaign.command(
    "resume", help=N_("Lanjutkan; dengan alasan bila berhenti sendiri atau jam keluar paling lambat lewat.")
)
def resume_command(number: TheCampaign, tenant: TheTenant, actor: TheActor, reason: TheReason = "") -> None:
    """Go on."""
    _do(tenant, actor, lambda app, session, user: app.campaigns.resume(session, user, number, reason=reason))
    print(_("Kampanye {id} dilanjutkan.").format(id=number))


@campaign.command("cancel", help=N_("Batalkan untuk selamanya; yang belum keluar tidak dikirim."))
def cancel_command(
    number: TheCampaign,
    tenant: TheTenant,
    actor: TheActor,
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("tanpa bertanya lagi"))] = False,
) -> None:
    """End for good, after asking once more."""
    if not yes:
        typer.confirm(_("Batalkan kampanye {id} untuk selamanya?").format(id=number), abort=True)
    _do(tenant, actor, lambda app, session, user: app.campaigns.cancel(session, user, number))
    print(_("Kampanye {id} dibatalkan.").format(id=number))


@campaign.command("priority", help=N_("Giliran di antara kampanye yang keluar bersamaan: first, usual, later."))
def priority_command(
    number: TheCampaign,
    level: Annotated[str, typer.Argument(help="first, usual, later")],
    tenant: TheTenant,
    actor: TheActor,
) -> None:
    """Let it go before or after others."""
    from marketing.errors import InvalidInputError

    if level.upper() not in Priority.__members__:
        raise InvalidInputError(_("Pilih first, usual, atau later."))
    wanted = Priority[level.upper()]
    _do(tenant, actor, lambda app, session, user: app.campaigns.prioritise(session, user, number, wanted))
    print(_("Giliran kampanye {id} tersimpan.").format(id=number))


@campaign.command("missed", help=N_("Kirim hanya kepada yang terlewat; tanpa --group: tampilkan kelompoknya."))
def missed_command(
    number: TheCampaign,
    tenant: TheTenant,
    actor: TheActor = "",
    group: Annotated[list[MissedGroup] | None, typer.Option(help=N_("kelompok yang dikirimi; boleh berulang"))] = None,
    reason: TheReason = "",
) -> None:
    """Show whom it missed, or send to them."""
    from marketing.campaigns.missed import missed_in
    from marketing.delivery.ledger import counts_of

    if group:
        sent = _do(
            tenant, actor, lambda app, session, user: app.missed.send(session, user, number, group, reason=reason)
        )
        print(_("{n} orang masuk antrean lagi; setiap orang diputuskan ulang saat suratnya berangkat.").format(n=sent))
        return
    with opened(tenant) as (app, profile), app.database.read() as session:
        app.campaigns.find(session, profile.id, number)
        for one, count in missed_in(counts_of(session, [number])).items():
            print(f"{one}\t{count}")


def _do(tenant: str, actor: str, act: "Callable[[App, Session, User], Any]") -> Any:
    from marketing.cli.acting import acting

    with opened(tenant) as (app, profile), app.database.write() as session:
        return act(app, session, acting(session, profile.id, actor))
