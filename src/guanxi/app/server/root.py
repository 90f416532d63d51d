"""The ASGI root: decides who answers, and puts on every answer what protects the reader."""

import io
from collections.abc import Callable
from typing import Any

from guanxi.app.server.asgi import Message, Receive, Scope, Sees, Send
from guanxi.app.server.bridge import Bridge, Environ, Wsgi, environ_of
from guanxi.app.server.client import Client
from guanxi.app.server.live import Hub

LIVE = "/api/live"
DJANGO = ("/api/", "/healthz")
NOTHING = b"default-src 'none'; frame-ancestors 'none'"  # an answer of the interface is no page

Admit = Callable[[Environ], Sees | None]


def protecting_headers(*, secure: bool) -> dict[bytes, bytes]:
    """What every answer carries unless it says otherwise itself."""
    headers = {
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"permissions-policy": b"geolocation=(), camera=(), microphone=(), payment=()",
        b"x-frame-options": b"DENY",
        b"content-security-policy": NOTHING,
        b"cache-control": b"no-store",
    }
    if secure:
        headers[b"strict-transport-security"] = b"max-age=31536000"
    return headers


class Root:
    """One port for everything."""

    def __init__(
        self, *, wsgi: Wsgi, client: Client, database: Callable[[], dict[str, Any]], admit: Admit, secure: bool
    ) -> None:
        self._wsgi = wsgi
        self._client = client
        self._database = database
        self._admit = admit
        self._protection = protecting_headers(secure=secure)
        self.bridge: Bridge | None = None
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._respond(scope, receive, self._protected(send))
        else:
            await send({"type": "websocket.close", "code": 1000})

    def end_streams(self) -> None:
        """End every open stream, so that nothing waits for them when the server ends."""
        if self.hub:
            self.hub.end_streams()

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.bridge is not None
        assert self.hub is not None
        path = scope["path"]
        if path == LIVE:
            await self.hub.respond(scope, receive, send)
        elif path.startswith(DJANGO):
            await self.bridge.respond(scope, receive, send)
        else:
            await self._client.respond(scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.bridge = Bridge(self._wsgi, admit=self._admitted)
        self.hub = Hub(database=self._database, admit=self._admitted)
        self.hub.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.close()
        self.bridge.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _admitted(self, scope: Scope) -> Sees | None:
        assert self.bridge is not None
        environ = environ_of(scope, io.BytesIO(), 0)
        return await self.bridge.call(lambda: self._admit(environ))

    def _protected(self, send: Send) -> Send:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in self._protection.items() if name not in present]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        return protected
