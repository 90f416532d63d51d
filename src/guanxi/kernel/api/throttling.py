"""The one place where the interface asks how often: by actor, or by address where nobody is signed in."""

from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from guanxi.kernel.actor import Actor
from guanxi.kernel.limits import RateLimit, count, limit
from guanxi.lib.errors import TooMany
from guanxi.lib.networks import neighbourhood

TEN_MINUTES, HOUR = timedelta(minutes=10), timedelta(hours=1)
SAFE = ("GET", "HEAD", "OPTIONS")
READS = limit("api.reads", most=120_000, per=TEN_MINUTES, by="actor", about="What is read: lists, records, figures.")
WRITES = limit(
    "api.writes", most=30_000, per=TEN_MINUTES, by="actor", about="What is written; many at once count once."
)
SEARCHES = limit("api.searches", most=12_000, per=TEN_MINUTES, by="actor", about="Searches, and counts of a condition.")
EXPORTS = limit("api.exports", most=600, per=HOUR, by="actor", about="Files that are made to be taken away.")
IMPORTS = limit("api.imports", most=600, per=HOUR, by="actor", about="Files that are brought in.")
STRANGERS = limit(
    "api.strangers", most=6_000, per=TEN_MINUTES, by="address",
    about="Requests of somebody who is not signed in, or by a secret that opens nothing.",
)  # fmt: skip


def place_of(request: HttpRequest) -> str:
    """Where a request comes from, as it is counted; the server believes a proxy's word only from whom it trusts."""
    return neighbourhood(request.META.get("REMOTE_ADDR", ""))


def count_stranger(request: HttpRequest) -> None:
    """Count a request of somebody who is not recognised."""
    count(STRANGERS, place_of(request))


class Throttle(BaseThrottle):
    """Counts a request before anything is done for it: as what it was declared, else as a read or a write."""

    def __init__(self, of: RateLimit | None = None) -> None:
        self._of = of

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether it is one of few enough; else the request says why not."""
        actor = getattr(request, "auth", None)
        try:
            if isinstance(actor, Actor):
                count(self._of or (READS if request.method in SAFE else WRITES), f"{actor.kind}:{actor.id}")
            else:
                count_stranger(request)
        except TooMany as problem:
            request.too_many = problem  # type: ignore[attr-defined]
            return False
        except (InterfaceError, OperationalError):  # what is asked for needs the database too, and says so
            return True
        return True


ORDINARY, SEARCHING = Throttle(), Throttle(SEARCHES)
EXPORTING, IMPORTING = Throttle(EXPORTS), Throttle(IMPORTS)
