"""The few words of ASGI that the server speaks."""

from collections.abc import Awaitable, Callable, MutableMapping
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


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that (lower-case) name."""
    return next((value for key, value in scope["headers"] if key == name), None)


async def answer(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """Send a whole answer at once."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: Scope, send: Send, status: int, code: str) -> None:
    """Send a refusal of the server itself, in the form all refusals have; the connection is not used again."""
    wish = (header(scope, b"accept-language") or b"en").decode("latin-1")
    message = say(f"error.{code}", spoken(wish.split(",")[0]))
    body = orjson.dumps({"code": code, "message": message, "values": {}, "fields": {}})
    headers = [(b"content-type", b"application/json"), (b"connection", b"close"), (b"cache-control", b"no-store")]
    if status == Unavailable.status:
        headers.append((b"retry-after", str(AGAIN_AFTER).encode()))
    await answer(send, status, body, headers)
