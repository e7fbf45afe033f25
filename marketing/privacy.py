"""The use case of people's rights over their data, put together from an App."""

from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.contacts.leftover_files import LeftoverFiles
from marketing.contacts.privacy_service import Privacy


def privacy_of(app: App) -> Privacy:
    """Return what acts on requests, for a page or a command."""
    settings = app.settings
    return Privacy(
        database=app.database,
        messenger=app.messenger,
        files=LeftoverFiles(app.database, settings.inbox_dir, settings.data_dir / "impor"),
        sealer=settings.sealer,
        signing_key=settings.signing_key,
        signer=app.signer,
        clock=app.clock,
        audit=write_audit,
    )
