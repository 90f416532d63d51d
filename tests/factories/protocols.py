"""Protocols, their versions and clauses."""

from itertools import count
from typing import Any

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.writes import create
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.gaps.models import Gap
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.protocols.protocols.operations import add_clause, draft_version

_numbers = count(1)


def protocol(**values: Any) -> Protocol:
    """A protocol without any version."""
    return create(SYSTEM, Protocol, **{"name": f"Protocol {next(_numbers)}", **values})


def version(protocol_: Protocol | None = None) -> Version:
    """A draft of a protocol, without clauses."""
    return draft_version(SYSTEM, (protocol_ or protocol()).pk)


def clause(version_: Version | None = None, **values: Any) -> Clause:
    """A clause of a draft, measured by nothing."""
    said = {"section": "mail", "text": {"en": "We answer."}, **values}
    return add_clause(SYSTEM, (version_ or version()).pk, **said)


def gap(**values: Any) -> Gap:
    """Something that no clause covers."""
    given = {"kind": "channel", "value": f"channel{next(_numbers)}", **values}
    return create(SYSTEM, Gap, using="protocols.gap.watch", **{"what": given["value"], **given})
