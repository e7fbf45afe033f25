"""What the machines tell of themselves: logs, numbers and traces. None of it ever holds an address, a token or a NIK."""

from marketing.observability.logs import bound_contextvars, configure_logging, get_logger, redact

__all__ = ["bound_contextvars", "configure_logging", "get_logger", "redact"]
