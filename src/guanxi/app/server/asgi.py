"""The few words of ASGI that the server speaks."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import orjson

from guanxi.kernel.words import say, spoken
from guanxi.lib.errors import AGAIN_AFTER, Unavailable

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Sees = Callable[[str], bool]
Admit = Callable[[Scope], Awaitable[Sees | None]]
"""What whoever asks may know of, by topic; None for a stranger."""


LINGER_SECONDS = 20
QUIET_SECONDS = 1  # nothing more came: whoever waits for the answer has read it


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that (lower-case) name."""
    return next((value for key, value in scope["headers"] if key == name), None)


async def answer(send: Send, status: int, body: bytes, headers: Headers, *, unread: Receive | None = None) -> None:
    """Send a whole answer at once; what still comes of an `unread` body is taken and forgotten before it ends.

    A connection that is closed upon unread bytes is reset, and a sender who was busy sending never reads why.
    """
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": unread is not None})
    if unread is not None:
        await _forget(unread)
        await send({"type": "http.response.body"})


async def _forget(unread: Receive) -> None:
    """Take what comes until it ends, pauses, or has come for long enough."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await asyncio.wait_for(unread(), QUIET_SECONDS)).get("more_body", False):
                pass


async def refuse(
    scope: Scope, send: Send, status: int, code: str, *, unread: Receive | None = None, **values: int
) -> None:
    """Send a refusal of the server itself, in the form all refusals have; the connection is not used again."""
    wish = (header(scope, b"accept-language") or b"en").decode("latin-1")
    message = say(f"error.{code}", spoken(wish.split(",")[0]), **values)
    body = orjson.dumps({"code": code, "message": message, "values": values, "fields": {}})
    headers = [(b"content-type", b"application/json"), (b"connection", b"close"), (b"cache-control", b"no-store")]
    if status == Unavailable.status:
        headers.append((b"retry-after", str(AGAIN_AFTER).encode()))
    await answer(send, status, body, headers, unread=unread)
