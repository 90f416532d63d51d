"""The catalogue of operations: everything that can be done, for people, journeys and agents alike."""

import inspect
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from guanxi.kernel.actor import Actor
from guanxi.kernel.change_sets import begun, whole
from guanxi.kernel.inputs import GIVEN, Extended, wrong_fields
from guanxi.kernel.records import RecordType, of_name
from guanxi.lib.errors import Forbidden, Invalid, Unknown

PEOPLE = ("user", "token", "system")
"""Who may do what is for people only: somebody signed in, their own script, and whoever runs the program itself."""
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A verb: its catalogue name is its permission; its signature is its input."""

    name: str
    function: Callable[..., Any]
    human_only: str
    asks: bool
    reads: bool

    @property
    def noun(self) -> str:
        """The catalogue name of the noun it acts on."""
        return self.name.rpartition(".")[0]

    @property
    def verb(self) -> str:
        """The last word of its name."""
        return self.name.rpartition(".")[2]

    @property
    def record(self) -> RecordType:
        """The noun it acts on."""
        return of_name(self.noun)

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The types of its parameters and its result."""
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def subject(self) -> str | None:
        """The parameter that names one record, where it acts on one."""
        parameters = list(inspect.signature(self.function).parameters.values())[1:2]
        positional = [p for p in parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        return positional[0].name if positional else None

    @property
    def for_many(self) -> bool:
        """Whether it may be done to many records in one go: what only answers has nothing to say of many."""
        return self.subject is not None and not self.reads

    @cached_property
    def input(self) -> type[BaseModel]:
        """What has to be given beside the record, as a schema; unknown fields are refused.

        A verb with `**added` takes fields that the company added to its noun.
        """
        parameters = inspect.signature(self.function).parameters.values()
        hints = {name: GIVEN.get(hint, hint) for name, hint in self.hints.items()}
        given = {
            p.name: (hints[p.name], ... if p.default is inspect.Parameter.empty else p.default)
            for p in parameters
            if p.kind is inspect.Parameter.KEYWORD_ONLY
        }
        title = "".join(word.capitalize() for word in self.name.replace("_", ".").split(".")) + "In"
        if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            return create_model(title, __base__=Extended, **given)  # type: ignore[no-any-return, call-overload]
        config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        return create_model(title, __config__=config, **given)  # type: ignore[no-any-return, call-overload]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of an operation among many: the record it is for, and its input."""

    subject: UUID
    given: dict[str, Any]


Together = Callable[[Actor, Sequence[Call]], Collection[int]]
"""Does an operation many times in a few statements; returns which calls, by their place, are done."""

_together: dict[str, Together] = {}
_operations: dict[str, Operation] = {}
_of_noun: dict[str, list[Operation]] = {}


def operation(
    name: str, *, human_only: str = "", asks: bool = False, reads: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a verb: granted by its name, one transaction, one change-set.

    `asks`: a person confirms it first. `reads`: it answers and writes nothing, so there is no change-set to open.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        if name in _operations:
            raise LookupError(f"operation {name} is declared twice")

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = args[0]
            if not isinstance(actor, Actor):
                raise TypeError(f"{name} needs an actor first")
            actor.require(name)
            if human_only and actor.kind not in PEOPLE:
                raise Forbidden("operation.human_only", operation=name)
            with whole(actor) if reads else begun(actor, name) as acting:
                return function(acting or actor, *args[1:], **kwargs)  # type: ignore[arg-type]

        made = Operation(name=name, function=run, human_only=human_only, asks=asks, reads=reads)
        _operations[name] = made
        _of_noun.setdefault(made.noun, []).append(made)
        return run

    return declare


def together(name: str) -> Callable[[Together], Together]:
    """Declare how an operation on a record is done many times at once, under one change-set.

    It does what is alike and plain. Whatever it leaves out or refuses is done alone, where the reason is told.
    """

    def declare(function: Together) -> Together:
        _together[name] = function
        return function

    return declare


def done_together(name: str) -> bool:
    """Whether an operation knows how to be done many times at once."""
    return name in _together


def perform_together(actor: Actor, name: str, calls: Sequence[tuple[UUID, dict[str, Any]]]) -> Collection[int]:
    """Do something by its name for as many of these as can be done at once; which, by their place, are done."""
    wanted = _operations[name]
    actor.require(name)
    with begun(actor, name) as acting:
        return _together[name](acting, [Call(subject=one, given=understood(wanted, given)) for one, given in calls])


def operations() -> dict[str, Operation]:
    """The catalogue: every verb by name."""
    return dict(_operations)


def of_noun(noun: str) -> list[Operation]:
    """The verbs of a noun, in the order of their declaration."""
    return list(_of_noun.get(noun, ()))


def making(record: RecordType) -> Operation | None:
    """The verb that makes records of a noun, where it has one of its own."""
    return next((o for o in _operations.values() if o.function is record.create), None)


def perform(actor: Actor, name: str, subject: UUID | None = None, given: dict[str, Any] | None = None) -> Any:
    """Do something by its name, as a journey or an agent does; the input is checked as any other."""
    if name not in _operations:
        raise Unknown("operation.unknown", name, _operations, operation=name)
    wanted = _operations[name]
    return wanted.function(actor, *([subject] if wanted.subject else []), **understood(wanted, given or {}))


def understood(operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """What is given to an operation by name, checked as any other input."""
    try:
        checked = operation.input.model_validate(given)
    except ValidationError as problem:
        raise refused(problem, operation=operation.name) from problem
    return given_in(checked)


def given_in(checked: BaseModel) -> dict[str, Any]:
    """What an input says, fields that the company added included."""
    return {field: getattr(checked, field) for field in (*type(checked).model_fields, *(checked.model_extra or ()))}


def refused(problem: ValidationError, **values: Any) -> Invalid:
    """An input that does not fit its schema, said field by field."""
    return Invalid("input.invalid", fields=wrong_fields(problem.errors(include_url=False)), **values)
