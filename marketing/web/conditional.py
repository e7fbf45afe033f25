"""Answers that a reader may keep: a strong ETag from the bytes, Last-Modified where it is known, and 304 for who has them (RFC 9110)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from fastapi import Request, Response

A_MINUTE = "public, max-age=60"


def kept(
    request: Request,
    content: bytes | str,
    media_type: str,
    *,
    last_modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    cache: str = A_MINUTE,
) -> Response:
    """Return the content, or 304 when the reader already has it.

    `last_modified` must not be older than any change of the content, withdrawals included: a reader that asks by date alone would
    otherwise keep a withdrawn product. Pass None when that is not known; the ETag is then the only mark.
    """
    body = content.encode() if isinstance(content, str) else content
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    sent = {"Cache-Control": cache, **(headers or {}), "ETag": etag}
    if last_modified is not None:
        sent["Last-Modified"] = format_datetime(last_modified.astimezone(UTC), usegmt=True)
    if _has(request, etag, last_modified):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


def holds(condition: str, etag: str) -> bool:
    """Return whether If-None-Match names this tag, compared weakly (RFC 9110 section 13.1.2)."""
    known = {each.strip().removeprefix("W/") for each in condition.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


def _has(request: Request, etag: str, last_modified: datetime | None) -> bool:
    """Return whether the reader's copy is this one; the ETag decides where both are given (RFC 9110, 13.1.3)."""
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        return holds(asked, etag)
    since = _moment(request.headers.get("If-Modified-Since", ""))
    return last_modified is not None and since is not None and last_modified.replace(microsecond=0) <= since


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):  # a date that cannot be read is no date (13.1.3)
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
