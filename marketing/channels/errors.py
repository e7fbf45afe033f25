"""What can go wrong with a provider; adapters turn these into outcomes.

ChannelError
├── TemporaryError(retry_after)   try again later
├── PermanentError                refused for good
├── CredentialsError              reconnect the account
├── OutcomeUnknownError           sent, answer lost: never repeated blindly
└── UnsupportedError              the channel cannot carry this; raised before any call
"""

from datetime import timedelta


class ChannelError(Exception):
    """A provider call did not succeed; the text holds no secret and no address."""


class TemporaryError(ChannelError):
    """Try again after `retry_after`."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(ChannelError):
    """Refused for good."""


class CredentialsError(ChannelError):
    """The account must be connected again."""


class OutcomeUnknownError(ChannelError):
    """The request went out, the answer was lost."""


class UnsupportedError(ChannelError):
    """The channel cannot carry this content."""
