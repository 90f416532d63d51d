"""The verbs of settings: choose a value, go back to the one that ships."""

from guanxi.kernel import settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.operations import operation
from guanxi.lib.errors import Conflict
from guanxi.workspace.settings.queries import CHOOSE


@operation(CHOOSE, human_only="changes a rule of the house")
def choose_setting(actor: Actor, *, name: str, value: bool | int | float | str) -> None:
    """Choose a rule of the house; it holds from now on."""
    _require_alone(name)
    settings.choose(actor, name, value)


@operation("workspace.setting.reset", human_only="changes a rule of the house")
def reset_setting(actor: Actor, *, name: str) -> None:
    """Go back to the value that ships with Guanxi."""
    _require_alone(name)
    settings.withdraw(actor, name)


def _require_alone(name: str) -> None:
    """Refuse what is promised in the protocol, and what is said together with others."""
    setting = settings.of_name(name)
    if setting.standard:
        raise Conflict("setting.standard_needs_a_clause", setting=name)
    if setting.verb:
        raise Conflict("setting.chosen_elsewhere", setting=name, verb=setting.verb)
