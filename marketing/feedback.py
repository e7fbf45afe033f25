"""The use cases of mail that comes back, put together from an App."""

from marketing.bootstrap import App
from marketing.channels.email.inbound.imap import ImapMailbox
from marketing.delivery.intake import FeedbackIntake
from marketing.delivery.mailbox_accounts import MailboxAccounts
from marketing.delivery.mailboxes import Mailboxes
from marketing.domain.sealing import Sealer


def intake_of(app: App) -> FeedbackIntake:
    """Return what takes in events."""
    return FeedbackIntake(app.database, app.clock)


def mailboxes_of(app: App) -> Mailboxes:
    """Return what reads the bounce mailboxes of a Daerah."""
    return Mailboxes(
        database=app.database,
        intake=intake_of(app),
        signer=app.signer,
        sealer=Sealer((app.settings.signing_key,)),
        connect=ImapMailbox,
        clock=app.clock,
    )


def mailbox_accounts_of(app: App) -> MailboxAccounts:
    """Return what operators do with bounce mailboxes."""
    return MailboxAccounts(app.database, Sealer((app.settings.signing_key,)), ImapMailbox, app.clock)
