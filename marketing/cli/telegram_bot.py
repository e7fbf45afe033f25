"""The bot that people speak with, from the command line: switched on and off, and listened to where no webhook can reach us."""

from datetime import timedelta
from typing import Annotated

import typer

from marketing.cli.opening import opened
from marketing.cli.social import TheActor, TheNumber, TheTenant, social
from marketing.i18n import N_
from marketing.i18n import gettext as _

LISTEN_SECONDS = 25
WAYS = {"webhook": "webhook", "tanya": "poll", "mati": ""}


@social.command("telegram-bot", help=N_("Biarkan bot sebuah akun Telegram menjawab orang: persetujuan dan STOP."))
def bot_command(
    number: TheNumber,
    tenant: TheTenant,
    actor: TheActor,
    way: Annotated[
        str, typer.Option("--cara", help=N_("webhook: Telegram memanggil kita; tanya: kita yang bertanya; mati"))
    ] = "webhook",
) -> None:
    """Switch a bot on or off; Telegram is told."""
    from marketing.channels.errors import ChannelError
    from marketing.cli.acting import acting
    from marketing.errors import InvalidInputError
    from marketing.telegram import lines_of
    from marketing.web.paths import telegram_webhook

    if way not in WAYS:
        raise InvalidInputError(_("Cara yang ada: {ways}.").format(ways=", ".join(WAYS)))
    with opened(tenant) as (app, profile):
        with app.database.read() as session:
            user = acting(session, profile.id, actor)
        try:
            url = app.settings.public_url + telegram_webhook(number)
            name = lines_of(app).switch(user, number, WAYS[way], url)
        except ChannelError as error:
            raise InvalidInputError(_("Penyedia menolak: {reason}").format(reason=error)) from error
        address = f"{app.settings.public_url}/langganan/{profile.id}/telegram"
    if WAYS[way]:
        print(_("Bot @{name} menjawab orang. Tautan langganan: {address}").format(name=name, address=address))
    else:
        print(_("Bot @{name} tidak lagi menjawab orang.").format(name=name))


@social.command(
    "telegram-listen", help=N_("Tanyakan terus-menerus apa yang ditulis orang kepada bot; hentikan dengan Ctrl+C.")
)
def listen_command(
    tenant: TheTenant,
    once: Annotated[bool, typer.Option("--sekali", help=N_("tanya satu kali saja"))] = False,
) -> None:
    """Ask without end, so that a person need not wait for the scheduler's round."""
    from marketing.telegram import lines_of

    with opened(tenant) as (app, profile):
        lines = lines_of(app)
        wait = timedelta(0) if once else timedelta(seconds=LISTEN_SECONDS)
        while True:
            fresh = lines.round(profile.id, wait)
            if fresh or once:
                print(_("{n} kabar baru.").format(n=fresh), flush=True)
            if once:
                return
            if not fresh and app.stopping.wait(1):
                return
