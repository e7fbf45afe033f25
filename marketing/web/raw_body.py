"""The body of a webhook as it was signed, of limited length: what is too long is not kept while it comes in."""

from collections.abc import Awaitable, Callable

from fastapi import Request


def body_within(most_bytes: int) -> Callable[[Request], Awaitable[bytes | None]]:
    """Return a dependency that reads the body; None when it is longer than that."""

    async def read(request: Request) -> bytes | None:
        content = bytearray()
        async for chunk in request.stream():
            if len(content) + len(chunk) > most_bytes:
                return None
            content += chunk
        return bytes(content)

    return read
