"""Errors that reach a person or a caller; each says what happened, why, and what to do next.

MarketingError
├── SettingsError        a setting is missing or wrong
├── CatalogError         the catalogue cannot be read
├── StorageError         data folder or database cannot be used
├── NotFoundError        no such thing in this tenant
├── NotAllowedError      the person's role or the state forbids it
├── InvalidInputError    what was given does not fit; carries the field
└── TransitionError      a state change that the transition table does not have
Channel errors live in marketing/channels/errors.py.
"""

from datetime import timedelta


class MarketingError(Exception):
    """A step could not be done; the message is a sentence for people."""


class SettingsError(MarketingError):
    """A setting is missing or wrong."""


class CatalogError(MarketingError):
    """The catalogue cannot be read as a whole; single bad records are set aside instead.

    `retry_after` is how long the catalogue itself asked us to stay away (429, 503 with Retry-After).
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageError(MarketingError):
    """The data folder or the database cannot be used."""


class NotFoundError(MarketingError):
    """Nothing with this id in this tenant."""


class NotAllowedError(MarketingError):
    """The person's role, or the state of the thing, forbids this."""


class InvalidInputError(MarketingError):
    """What was given does not fit; `field` names the form field."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TransitionError(MarketingError):
    """A state change that the transition table does not have."""
