"""What ships as data, written through the operations a company would use; never over what people changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import HistoryEntry
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.operations import put_role

FOLDER = Path(__file__).parent
Shipped = dict[str, Any]


def load() -> None:
    """Write what is new in this version, from the ground floor up; safe to repeat."""
    for file, put in SHIPPED:
        put(yaml.safe_load((FOLDER / file).read_text("utf-8")))


def changed_by_people(id: UUID) -> bool:
    """Whether somebody made a shipped record their own."""
    return HistoryEntry.objects.filter(record_id=id).exclude(change_set__actor_kind="system").exists()


def _roles(shipped: Shipped) -> None:
    known = {role.key: role for role in Role.objects.filter(key__in=shipped)}
    for key, given in shipped.items():
        role = known.get(key)
        same = role is not None and (role.name, role.grants) == (given["name"], given["grants"])
        if not same and (role is None or not changed_by_people(role.pk)):
            put_role(SYSTEM, key=key, name=given["name"], grants=given["grants"])


# One line for each file, lower floors first.
SHIPPED: tuple[tuple[str, Callable[[Shipped], None]], ...] = (("roles.yaml", _roles),)
