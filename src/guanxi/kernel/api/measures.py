"""Routes of figures and of the cases behind them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime

from guanxi.kernel import measures, settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.api.routes import parsed
from guanxi.kernel.cases import Measure, Question
from guanxi.kernel.lists import require_limit
from guanxi.kernel.measures import Figure
from guanxi.kernel.models import CLOCK
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import labels, plain
from guanxi.kernel.settings import Counting
from guanxi.kernel.words import say, words

router = Router(tags=["measures"])


@router.get("/{name}", operation_id="get_measure")
def get_measure(
    request: HttpRequest,
    name: str,
    start: AwareDatetime | None = None,
    end: AwareDatetime | None = None,
    by: str | None = None,
    where: str = "",
    as_of: AwareDatetime | None = None,
    counted_in: Counting = CLOCK,
) -> HttpResponse:
    """A figure over a time, in all and by a dimension or period."""
    actor = actor_of(request)
    question = Question(
        start=start, end=end, by=by, where=parsed(where), as_of=as_of, zone=actor.zone, counted_in=counted_in
    )
    return answer(told(actor, name, question))


@router.get("/{name}/cases", operation_id="get_measure_cases")
def get_measure_cases(
    request: HttpRequest,
    name: str,
    start: AwareDatetime | None = None,
    end: AwareDatetime | None = None,
    where: str = "",
    as_of: AwareDatetime | None = None,
    missed: bool | None = None,
    limit: int = 50,
    counted_in: Counting = CLOCK,
) -> HttpResponse:
    """The cases behind a figure that the reader may see, newest first, and how many are not shown."""
    actor = actor_of(request)
    require_limit(limit)
    question = Question(start=start, end=end, where=parsed(where), as_of=as_of, zone=actor.zone)
    found = measures.cases(actor, name, question, missed=missed)
    rows = list(found[:limit])
    passed = measures.passed(name, rows, counted_in)
    figures = [{"value": value, "open": row.case_open} for row, value in zip(rows, passed, strict=True)]
    record = type_of(found.model)
    shown = [{**one, **figure} for one, figure in zip(plain(actor, rows), figures, strict=True)]
    all_cases = measures.total(actor, name, question).cases if missed is None else found.count()
    return answer({"record": record.plural, "rows": shown, "n": all_cases, "hidden": max(0, all_cases - found.count())})


def told(actor: Actor, name: str, question: Question) -> dict[str, Any]:
    """A figure with its unit, its standard and its groups, as it is read from outside."""
    wanted = measures.of_name(name)
    found = measures.groups(actor, name, question) if question.by else []
    promise = settings.of_name(wanted.standard) if wanted.standard else None
    return {
        "name": name,
        "label": say(name, actor.language),
        "unit": wanted.unit,
        "counted_in": question.counted_in,
        "total": asdict(measures.total(actor, name, question)),
        "groups": _labelled(actor, found, wanted, question),
        "standard": promise and {"name": promise.name, "unit": promise.unit, **asdict(promise.held(at=question.as_of))},
    }


def _labelled(actor: Actor, found: list[Figure], wanted: Measure, question: Question) -> list[dict[str, Any]]:
    """Groups with what their keys are called where a key is a record or a choice."""
    subjects = wanted.function()
    path = subjects.dimensions.get(question.by or "", "")
    called = _called(actor, subjects.rows.model, path, [group.key for group in found if group.key]) if path else {}
    return [{**vars(group), "label": called.get(group.key, group.key)} for group in found]


def _called(actor: Actor, model: Any, path: str, keys: list[Any]) -> dict[Any, str]:
    """The names of what stands at the end of a path."""
    *way, last = path.split("__")
    for part in way:
        model = model._meta.get_field(part).related_model
    field = model._meta.get_field(last)
    if field.is_relation:
        named = labels(actor, type_of(field.related_model), [UUID(key) for key in keys])
        return {str(id): label for id, label in named.items()}
    said, noun = words(actor.language), type_of(model).name
    return {key: said.get(f"{noun}.{field.name}.{key}", key) for key in keys}
