"""The standing of an account at a provider."""

from collections.abc import Mapping
from enum import StrEnum


class AccountState(StrEnum):
    """Whether an account may be used; `reconnect` waits for a person to grant access again."""

    ACTIVE = "active"
    PAUSED = "paused"
    RECONNECT = "reconnect"
    REMOVED = "removed"


class MailProvider(StrEnum):
    """Who carries mail; the value stands in `channel_account.provider`."""

    SMTP = "smtp"
    SENDGRID = "sendgrid"


S = AccountState
TRANSITIONS: Mapping[AccountState, frozenset[AccountState]] = {
    S.ACTIVE: frozenset({S.PAUSED, S.RECONNECT, S.REMOVED}),
    S.PAUSED: frozenset({S.ACTIVE, S.RECONNECT, S.REMOVED}),
    S.RECONNECT: frozenset({S.ACTIVE, S.REMOVED}),
    S.REMOVED: frozenset({S.ACTIVE}),
}
