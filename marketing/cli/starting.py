"""What commands begin with: the App on a database of this version, and files of JSON that they are given."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing.i18n import gettext as _
from marketing.settings import load_settings

if TYPE_CHECKING:
    from marketing.bootstrap import App


def ready(tenant: str) -> "App":
    """Return the App for a Daerah that exists, on a database of this program's version; SQLite is brought there."""
    from marketing.tenants.profile import profile_of

    profile_of(tenant)
    return ready_for_all()


def ready_for_all() -> "App":
    """Return the App on a database of this program's version; SQLite is brought there."""
    from marketing.accounts.tenants import ensure_tenants
    from marketing.bootstrap import build_app
    from marketing.db.migrate import migrate
    from marketing.db.session import Database
    from marketing.db.version import check

    settings = load_settings()
    settings.prepare_data_dir()
    database = Database(settings.database)
    migrate(database) if not settings.database_url else check(database)
    database.close()
    app = build_app(settings)
    with app.database.write() as session:
        ensure_tenants(session, app.clock())
    return app


def json_object(path: str) -> Mapping[str, Any]:
    """Return the object in a file of JSON; InvalidInputError when it holds anything else."""
    from marketing.errors import InvalidInputError

    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            _("Berkas pemetaan “{path}” tidak dapat dibaca sebagai JSON.").format(path=path)
        ) from error
    if not isinstance(found, dict):
        raise InvalidInputError(_("Berkas pemetaan “{path}” harus berisi satu objek JSON.").format(path=path))
    return found
