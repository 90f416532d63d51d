"""The connection to PostgreSQL; Django looks for a DatabaseWrapper in a module of this name."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only where its socket says that something happened to it."""

    def is_usable(self) -> bool:
        """Whether a kept connection still works: what ended it, a restart or a stroke, makes its socket readable."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
