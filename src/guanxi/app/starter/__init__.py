"""What ships as data, written through the operations a company would use; never over what people changed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Segment
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.conditions import rules
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.records import RecordType, relations, type_of
from guanxi.kernel.writes import change
from guanxi.outreach.strategies.models import Strategy
from guanxi.outreach.strategies.operations import create_strategy
from guanxi.protocols.protocols.files import FiledClause
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.protocols.protocols.operations import load_protocol, publish_version
from guanxi.service.intake.models import TicketRule
from guanxi.service.intake.operations import put_rule
from guanxi.workspace.company.operations import LANGUAGE, NAME
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.operations import put_role

FOLDER = Path(__file__).parent
Shipped = dict[str, Any]


def load() -> None:
    """Write what is new in this version, from the ground floor up; safe to repeat."""
    for file, put in SHIPPED:
        put(yaml.safe_load((FOLDER / file).read_text("utf-8")))


@cache
def shipped_names(language: str) -> dict[str, dict[str, str]]:
    """What the shipped records of a kind are called in a language, by what they are called in any: a record keeps
    the name it was written with in the language of the company, until people give it another."""
    found: dict[str, dict[str, str]] = {}
    for file, put in SHIPPED:
        if plural := NAMED.get(put):
            for given in yaml.safe_load((FOLDER / file).read_text("utf-8")).values():
                names = given["name"]
                found.setdefault(plural, {}).update(dict.fromkeys(names.values(), names[language]))
    return found


def changed_by_people(id: UUID) -> bool:
    """Whether somebody made a shipped record their own."""
    return HistoryEntry.objects.filter(record_id=id).exclude(change_set__actor_kind="system").exists()


def _roles(shipped: Shipped) -> None:
    language = LANGUAGE.get()
    known = {role.key: role for role in Role.objects.filter(key__in=shipped)}
    for key, given in shipped.items():
        role, name = known.get(key), given["name"][language]
        same = role is not None and (role.name, role.grants) == (name, given["grants"])
        if not same and (role is None or not changed_by_people(role.pk)):
            put_role(SYSTEM, key=key, name=name, grants=given["grants"], fields={})


def _partitions(shipped: Shipped) -> None:
    language = LANGUAGE.get()
    for key, given in shipped.items():
        classes = [
            {"class": one["class"], "condition": condition}
            for one in given["classes"]
            if not isinstance(condition := fitting(one["condition"], type_of(Customer)), bool)
        ]
        values = {
            "name": given["name"][language],
            "description": given["description"][language],
            "classes": classes,
            "otherwise": given["otherwise"],
        }
        known = Segment.objects.filter(key=key).first()
        same = known is not None and all(getattr(known, name) == value for name, value in values.items())
        if not same and classes and (known is None or not changed_by_people(known.pk)):
            put_segment(SYSTEM, key=key, kind="partition", **values)


def _strategies(shipped: Shipped) -> None:
    language = LANGUAGE.get()
    for key, given in shipped.items():
        name = given.pop("name")[language]
        script = given.pop("script")[language]
        known = Strategy.objects.filter(key=key).first()
        if known is None:
            create_strategy(SYSTEM, key=key, name=name, script=script, **given)
        elif (known.name, known.script) != (name, script) and not changed_by_people(known.pk):
            with change(Strategy, known.pk, by=SYSTEM) as strategy:
                strategy.name, strategy.script = name, script


def fitting(condition: Condition, record: RecordType) -> Condition | bool:
    """A shipped condition as far as it can be asked here: nobody has anything of a floor that is not installed."""
    kind = rules.shape(condition)
    if kind in ("and", "or"):
        decides = kind == "or"
        parts = [fitting(one, record) for one in condition[kind]]
        if decides in parts:
            return decides
        left = [part for part in parts if not isinstance(part, bool)]
        return {kind: left} if len(left) > 1 else left[0] if left else not decides
    if kind == "not":
        inner = fitting(condition["not"], record)
        return not inner if isinstance(inner, bool) else {"not": inner}
    return condition if kind == "field" or condition["related"] in relations(record) else False


def _ticket_rules(shipped: Shipped) -> None:
    language = LANGUAGE.get()
    known = {rule.key: rule for rule in TicketRule.objects.filter(key__in=shipped)}
    for key, given in shipped.items():
        values, rule = {**given, "name": given["name"][language]}, known.get(key)
        same = rule is not None and all(getattr(rule, name) == value for name, value in values.items())
        if not same and (rule is None or not changed_by_people(rule.pk)):
            put_rule(SYSTEM, key=key, **values)


def _protocol(shipped: Shipped) -> None:
    """Put the sample protocol in force in a company's first hour; a company that has one keeps its own."""
    if not NAME.get() or Protocol.objects.exists():
        return
    said = {part: shipped[part][LANGUAGE.get()] for part in ("name", "goal", "note")}
    clauses = [FiledClause.model_validate(one) for one in shipped["clauses"]]
    protocol = load_protocol(SYSTEM, **said, review_rhythm=shipped["review_rhythm"], clauses=clauses)
    publish_version(SYSTEM, Version.objects.get(protocol=protocol).pk)


NAMED: dict[Callable[[Shipped], None], str] = {
    _roles: "roles",
    _partitions: "segments",
    _strategies: "strategies",
    _ticket_rules: "ticket_rules",
}
"""Kinds of record whose shipped names are said in the reader's language; a protocol is the company's own text."""

# One line for each file, lower floors first.
SHIPPED: tuple[tuple[str, Callable[[Shipped], None]], ...] = (
    ("roles.yaml", _roles),
    ("lifecycle.yaml", _partitions),
    ("rfm.yaml", _partitions),
    ("ticket_rules.yaml", _ticket_rules),
    ("strategies.yaml", _strategies),
    ("protocol.yaml", _protocol),
)
