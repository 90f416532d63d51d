"""One web process on the shared socket."""

import socket
from types import FrameType

import uvicorn

from guanxi.app.server.connection import Connection
from guanxi.app.server.root import Root

GRACE_SECONDS = 2  # how long requests under way may take when the server ends


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, root: Root) -> None:
        super().__init__(config)
        self._root = root

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams first: they would wait for ever."""
        self._root.end_streams()
        super().handle_exit(sig, frame)


def configuration(root: Root) -> uvicorn.Config:
    """How every web process serves."""
    return uvicorn.Config(
        root,
        lifespan="on",
        http=Connection,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve(root: Root, listener: socket.socket) -> None:
    """Serve until a signal says to end."""
    _Server(configuration(root), root).run(sockets=[listener])
