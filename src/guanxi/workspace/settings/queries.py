"""What holds in the house, since when and by whom."""

from typing import Any

from guanxi.kernel import settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.models import CLOCK, SettingValue
from guanxi.kernel.words import say
from guanxi.workspace.users.models import User

CHOOSE = "workspace.setting.choose"


def in_force(actor: Actor) -> list[dict[str, Any]]:
    """Every setting that is chosen alone and every standard, with what holds for everybody now."""
    actor.require(CHOOSE)
    known = sorted((one for one in settings.settings().values() if not one.verb), key=lambda one: one.name)
    with settings.at_once():
        chosen = {one.name: _chosen(one.name) for one in known}
        values = settings.together(known)
    people = [
        value.source.removeprefix(settings.BY)
        for value in chosen.values()
        if value and value.source.startswith(settings.BY)
    ]
    names = {f"{settings.BY}{pk}": name for pk, name in User.objects.filter(pk__in=people).values_list("pk", "name")}
    return [_told(actor, one, value, chosen[one.name], names) for one, value in zip(known, values, strict=True)]


def _chosen(name: str) -> SettingValue | None:
    """The choice that holds for everybody, where there is one."""
    open_ones = (one for one in settings.history(name) if one.scope is None and one.valid_to is None)
    return max(open_ones, key=lambda one: one.valid_from, default=None)


def _told(
    actor: Actor, one: settings.Setting, value: Any, chosen: SettingValue | None, names: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": say(f"setting.{one.name}", actor.language),
        "help": "" if one.standard else say(f"setting.{one.name}.help", actor.language),
        "kind": one.kind,
        "whole": one.whole,
        "unit": one.unit,
        "counted_in": chosen.counted_in if chosen else CLOCK,
        "least": one.least,
        "most": one.most,
        "value": value,
        "default": one.default,
        "standard": one.standard,
        "since": chosen.valid_from if chosen else None,
        "by": names.get(chosen.source) if chosen else None,
    }
