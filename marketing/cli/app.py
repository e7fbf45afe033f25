"""The commands, gathered."""

import typer

from marketing.cli import data, demo, people, run
from marketing.i18n import gettext as _

typer_app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=_("Siar: pemasaran UMKM lintas kanal untuk Dinas."),
)
for group in (data.commands, run.commands, people.commands, demo.commands):
    typer_app.add_typer(group)

cli = typer.main.get_command(typer_app)
