"""What can go wrong with a provider; adapters turn these into outcomes.

ChannelError
├── TemporaryError(retry_after)   try again later
└── PermanentError                refused for good
    └── ReconnectError            the account is no longer let in: a person must connect it again
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


class ReconnectError(PermanentError):
    """The account is no longer let in; its posts wait until a person has connected it again."""
