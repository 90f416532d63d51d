"""Settings, typed and worded; with a unit, a scope and a validity one is a standard: a number the company promises."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from guanxi.kernel.actor import Actor
from guanxi.kernel.models import SettingValue
from guanxi.kernel.time import now
from guanxi.kernel.writes import begin
from guanxi.lib.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A choice of the company, with the value that holds until somebody chooses."""

    name: str
    default: Any
    unit: str = ""

    @property
    def standard(self) -> bool:
        """Whether it is a number the company promises."""
        return bool(self.unit)

    def get(self, at: datetime | None = None) -> Any:
        """The value that holds for everybody at a time."""
        found = self.values(at).filter(scope=None).order_by("-valid_from").values_list("value", flat=True).first()
        return self.default if found is None else found

    def values(self, at: datetime | None = None) -> Any:
        """The chosen values in force at a time."""
        moment = at or now()
        ended = Q(valid_to=None) | Q(valid_to__gt=moment)
        return SettingValue.objects.filter(ended, name=self.name, valid_from__lte=moment)


_settings: dict[str, Setting] = {}


def setting(name: str, *, default: Any) -> Setting:
    """Declare a setting where it is used."""
    return _declare(Setting(name=name, default=default))


def standard(name: str, *, unit: str, default: float) -> Setting:
    """Declare a number the company promises, in its unit (seconds, minutes, hours, days, rings, percent)."""
    return _declare(Setting(name=name, default=default, unit=unit))


def _declare(one: Setting) -> Setting:
    if one.name in _settings:
        raise LookupError(f"setting {one.name} is declared twice")
    _settings[one.name] = one
    return one


def settings() -> dict[str, Setting]:
    """The catalogue: every setting by name."""
    return dict(_settings)


def of_name(name: str) -> Setting:
    """A setting by name."""
    if name not in _settings:
        raise Invalid("setting.unknown", setting=name)
    return _settings[name]


def choose(
    actor: Actor, name: str, value: Any, *, scope: dict[str, Any] | None = None, source: str = ""
) -> SettingValue:
    """Set a value from now on; what held before stays known with its dates."""
    chosen = of_name(name)
    if type(value) is not type(chosen.default) and not (
        isinstance(value, int | float) and isinstance(chosen.default, int | float) and not isinstance(value, bool)
    ):
        raise Invalid("setting.wrong_kind", setting=name, kind=type(chosen.default).__name__)
    moment = now()
    begin(actor, f"setting.{name}")
    SettingValue.objects.filter(name=name, scope=scope, valid_to=None).update(valid_to=moment)
    return SettingValue.objects.create(name=name, scope=scope, value=value, valid_from=moment, source=source)
