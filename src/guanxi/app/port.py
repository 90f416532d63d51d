"""The port of `up`, taken before anything else, so that a taken one costs nothing."""

import errno
import os
import socket

from guanxi.app import environment
from guanxi.app.environment import Misconfigured

_taken: list[socket.socket] = []


def take() -> None:
    """Listen on HOST and PORT; connections wait until the server is ready."""
    host, port = environment.host(), environment.port()
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            said = (
                f"Port {port} is taken, perhaps by a Guanxi that runs already: http://localhost:{port}. "
                f"For another one choose another port: PORT={port + 1} make up"
            )
        else:
            said = f"Cannot listen on {host}, port {port}: {problem.strerror}."
        raise Misconfigured(said) from problem
    listener.listen(2048)
    os.environ["PORT"] = str(listener.getsockname()[1])  # PORT=0 means any that is free
    _taken.append(listener)


def taken() -> socket.socket | None:
    """The socket that listens, where one does."""
    return _taken[0] if _taken else None
