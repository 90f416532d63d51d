"""If-Match: who read a row says in which version, and nothing is done to what has changed since."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpRequest

from guanxi.kernel.actor import Actor
from guanxi.kernel.records import RecordType
from guanxi.kernel.writes import held
from guanxi.lib.errors import Invalid

_ONE = re.compile(r'(W/)?"([^"]*)"')


def versions_read(request: HttpRequest) -> frozenset[int] | None:
    """In which versions a row may be met; None where the caller takes it as it is. A weak tag matches none."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    tags = [_ONE.fullmatch(tag.strip()) for tag in given.split(",")]
    if not all(tags):
        raise Invalid("request.wrong_if_match")
    return frozenset(int(tag[2]) for tag in tags if tag and not tag[1] and tag[2].isdecimal() and len(tag[2]) < 10)


@contextmanager
def as_read(request: HttpRequest, actor: Actor, record: RecordType, id: UUID) -> Iterator[None]:
    """Hold a row in the version that was read while something is done to it; all of it or nothing."""
    versions = versions_read(request)
    if versions is None:
        yield
        return
    with held(actor, record.model, id, versions):
        yield
