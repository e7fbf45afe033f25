"""The use cases of mail that comes back, put together from an App."""

from datetime import UTC

from marketing.bootstrap import App
from marketing.channels.email.inbound.imap import ImapMailbox
from marketing.delivery.intake import FeedbackIntake
from marketing.delivery.log_following import STATE, LogFollower
from marketing.delivery.mailbox_accounts import MailboxAccounts
from marketing.delivery.mailboxes import Mailboxes
from marketing.delivery.relay_log import LogResult, RelayLog
from marketing.errors import StorageError
from marketing.observability import get_logger

log = get_logger(__name__)


def intake_of(app: App) -> FeedbackIntake:
    """Return what takes in events."""
    return FeedbackIntake(app.database, app.clock)


def relay_log_of(app: App) -> RelayLog:
    """Return what reads the lines of a relay's log; stamps without a zone are taken to be this machine's."""
    zone = app.clock().astimezone().tzinfo or UTC
    return RelayLog(app.database, intake_of(app), app.signer, app.clock, zone)


def follow_relay_log(app: App) -> LogResult | None:
    """Read on in the relay's log of the settings; None where none is set, where this machine has it not, or another reads it."""
    path = app.settings.relay_log
    if path is None:
        return None
    try:
        if not path.exists():
            return None
        return LogFollower(path, app.settings.data_dir / STATE, relay_log_of(app)).read()
    except (OSError, StorageError) as error:
        log.warning("the relay's log cannot be read", error=str(error))
        return None


def mailboxes_of(app: App) -> Mailboxes:
    """Return what reads the bounce mailboxes of a Daerah."""
    return Mailboxes(
        database=app.database,
        intake=intake_of(app),
        signer=app.signer,
        sealer=app.settings.sealer,
        connect=ImapMailbox,
        clock=app.clock,
    )


def mailbox_accounts_of(app: App) -> MailboxAccounts:
    """Return what operators do with bounce mailboxes."""
    return MailboxAccounts(app.database, app.settings.sealer, ImapMailbox, app.clock)
