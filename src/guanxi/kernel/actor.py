"""Who acts: always explicit and always first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum, StrEnum
from typing import Literal, Self
from uuid import UUID

from guanxi.kernel.time import today
from guanxi.lib.errors import Forbidden

Kind = Literal["user", "token", "journey", "customer", "system"]


class Reach(IntEnum):
    """How far a right goes."""

    NONE = 0
    OWN = 1
    TEAM = 2
    BELOW = 3
    ALL = 4


class Level(IntEnum):
    """What may be done with a field: nothing, see a mask of it, read it, write it."""

    HIDDEN = 0
    MASKED = 1
    READ = 2
    WRITE = 3


class Origin(StrEnum):
    """Where a record or an event came from."""

    LIVE = "live"
    IMPORT = "import"
    BACKFILL = "backfill"
    SIMULATION = "simulation"
    UNDO = "undo"


def granted(grants: Mapping[str, Reach], permission: str) -> Reach:
    """How far a permission goes: the most exact grant decides, `domain.*` and `*` stand for all below them."""
    name = permission
    while name not in grants:
        head, dot, _ = name.removesuffix(".*").rpartition(".")
        if not dot:
            return grants.get("*", Reach.NONE)
        name = f"{head}.*"
    return grants[name]


def together(roles: Iterable[Mapping[str, Reach]]) -> dict[str, Reach]:
    """The grants of several roles as one: each permission as far as the furthest of them goes."""
    known = list(roles)
    return {name: max(granted(grants, name) for grants in known) for name in {n for grants in known for n in grants}}


def narrowed(roles: Iterable[tuple[Mapping[str, Reach], Mapping[str, Level]]]) -> dict[str, Level]:
    """The fields that several roles together open less than wholly: as the widest of those that read the noun."""
    known = list(roles)
    found: dict[str, Level] = {}
    for name in {name for _, fields in known for name in fields}:
        read = f"{name.rpartition('.')[0]}.read"
        wide = (fields.get(name, Level.WRITE) for grants, fields in known if granted(grants, read))
        found[name] = max(wide, default=Level.HIDDEN)
    return {name: level for name, level in found.items() if level < Level.WRITE}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person, token, journey, customer or the system itself, with its rights, language and change-set."""

    kind: Kind
    id: UUID | None = None
    label: str = ""
    grants: Mapping[str, Reach] = field(default_factory=dict)
    fields: Mapping[str, Level] = field(default_factory=dict)
    """The fields, by their whole names, that are opened less than wholly; all others follow the noun."""
    shared: Mapping[str, Mapping[UUID, Level]] = field(default_factory=dict)
    """The single records, by noun, that were shared with the actor, to be read or written."""
    teams: tuple[UUID, ...] = ()
    below: tuple[UUID, ...] = ()
    language: str = "en"
    zone: str = "UTC"
    origin: Origin = Origin.LIVE
    change_set: UUID | None = None

    def reach(self, permission: str) -> Reach:
        """How far a permission goes."""
        return granted(self.grants, permission)

    def may(self, permission: str) -> bool:
        """Whether anything at all may be done under a permission."""
        return self.reach(permission) > Reach.NONE

    def require(self, permission: str) -> None:
        """Refuse whoever has no grant for this."""
        if not self.may(permission):
            raise Forbidden("access.not_granted", permission=permission)

    def level(self, field: str) -> Level:
        """What may be done with a field, by its whole name, of a row that is seen."""
        return self.fields.get(field, Level.WRITE)

    def today(self) -> date:
        """The calendar day it is for this actor."""
        return today(self.zone)

    def own(self, key: str) -> str:
        """A key as this actor's own: what the house or a colleague keeps under the same is not taken before them."""
        return f"{self.id.hex}:{key}" if self.id and key else key

    def under(self, change_set: UUID) -> Self:
        """The same actor, writing into a change-set."""
        return replace(self, change_set=change_set)

    def as_origin(self, origin: Origin) -> Self:
        """The same actor, whose writes are known to come from elsewhere than daily work."""
        return replace(self, origin=origin)


SYSTEM = Actor(kind="system", label="Guanxi", grants={"*": Reach.ALL})
