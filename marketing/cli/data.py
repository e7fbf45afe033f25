"""Commands on the database."""

import typer

from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

commands = typer.Typer()


@commands.command("migrate", help=N_("Bawa basis data ke versi program ini."))
def migrate_command() -> None:
    """Bring the database to the version of this program."""
    from marketing.accounts.tenants import ensure_tenants
    from marketing.bootstrap import build_app
    from marketing.db.migrate import migrate

    app = build_app(load_settings())
    revision = migrate(app.database)
    with app.database.write() as session:
        ensure_tenants(session, app.clock())
    app.close()
    print(_("Basis data pada versi {revision}.").format(revision=revision))
