"""Structured logs without addresses, tokens or NIK: redacted before a line is written."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

from marketing.later import without

with without("rich"):  # structlog would draw tracebacks, for 8 MB; ours are lines of JSON
    import structlog
    from structlog.contextvars import bound_contextvars

__all__ = ["bound_contextvars", "configure_logging", "get_logger", "redact"]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\+?62|0)?\d{9,16}(?!\d)")
_TOKEN = re.compile(r"(?i)(bearer\s+|token=|password=|proof=|://[^/\s:@]*:)[^\s&@]+")
_BOT = re.compile(r"(?<!\d)(\d{6,}):[A-Za-z0-9_-]{30,}")  # Telegram puts a bot's token into the path of every address


def redact(text: str) -> str:
    """Return the text without e-mail addresses, phone numbers, NIK and credentials."""
    text = _BOT.sub(r"\1:***", _TOKEN.sub(r"\1***", text))
    text = _EMAIL.sub("***@***", text)
    return _LONG_NUMBER.sub("***", text)


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: redact(value) if isinstance(value, str) and key != "timestamp" else value for key, value in event.items()
    }


# Before a command has said how it logs: only warnings, to standard error; standard output belongs to what was asked for.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        _redact_event,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)


def configure_logging(level: str) -> None:
    """Write one JSON line per event to standard error; every library's log passes the same redaction."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "python_http_client", "apscheduler", "mail.log", "celery.app.trace"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def get_logger(name: str) -> Any:
    """Return a structured logger."""
    return structlog.stdlib.get_logger(name)
