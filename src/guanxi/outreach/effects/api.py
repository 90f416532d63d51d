"""The effect table."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime

from guanxi.customers.segments.models import Segment
from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.cases import Question
from guanxi.kernel.records import type_of
from guanxi.kernel.rows import labels
from guanxi.kernel.words import say
from guanxi.outreach.effects import operations, queries, rules
from guanxi.outreach.effects.rules import Effect, Share
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.workspace.company.operations import CURRENCY

router = Router(tags=["effects"])
By = Literal["strategy", "channel", "segment"]
_SHARES = ("delivered", "answered", "satisfied", "converted", "left_alone")
_RECORD: dict[str, type[Any]] = {"strategy": Strategy, "segment": Segment}


@router.get("", operation_id="get_effects")
def get_effects(
    request: HttpRequest,
    by: By = "strategy",
    start: AwareDatetime | None = None,
    end: AwareDatetime | None = None,
    strategy: UUID | None = None,
) -> HttpResponse:
    """What strategies came to, a row for each strategy, channel or segment, beside those they left alone."""
    actor = actor_of(request)
    where = {"field": "strategy", "op": "is", "value": str(strategy)} if strategy else None
    found, hidden = queries.effects(actor, Question(start=start, end=end, where=where, by=by, zone=actor.zone))
    called = _called(actor, by, [one.key for one in found if one.key])
    comparable = not {"converted", "left_alone"} & set(hidden)
    rows = [_told(actor, one, called.get(one.key or "", ""), hidden, comparable) for one in found]
    return answer(
        {
            "by": by,
            "rows": sorted(rows, key=lambda row: -row["contacted"]),
            "total": _told(actor, rules.together(found), "", hidden, comparable),
            "hidden": hidden,
            "terms": operations.terms(),
            "currency": CURRENCY.get(),
            "first_known_at": _first_known(actor, strategy),
        }
    )


def _called(actor: Actor, by: By, keys: list[str]) -> dict[str, str]:
    if by == "channel":
        return {key: say(f"channels.conversation.channel.{key}", actor.language) for key in keys}
    named = labels(actor, type_of(_RECORD[by]), [UUID(key) for key in keys])
    return {str(id): label for id, label in named.items()}


def _first_known(actor: Actor, strategy: UUID | None) -> datetime | None:
    """When the window of the first contact, or of the first one left alone, is over."""
    rows = visible_to(actor, Recipient).filter(Q(strategy=strategy) if strategy else Q())
    first = rows.aggregate(
        sent=Min("sent_at"), alone=Min("created_at", filter=Q(state=Recipient.State.HELD_OUT, reason=""))
    )
    known = [moment for moment in first.values() if moment is not None]
    return min(known) + timedelta(days=queries.WINDOW.get()) if known else None


def _told(actor: Actor, effect: Effect, label: str, hidden: list[str], comparable: bool) -> dict[str, Any]:
    """A row: its figures, and what they come to beside those left alone."""
    shares = {name: _share(getattr(effect, name)) for name in _SHARES}
    columns = {"contacted": effect.contacted, **shares, "revenue": effect.revenue, "cost": effect.cost}
    difference = effect.difference if comparable else None
    return {
        "key": effect.key,
        "label": label,
        **{name: None if name in hidden else column for name, column in columns.items()},
        "difference": asdict(difference) if difference else None,
        "compared": len(effect.compared) if comparable else 0,
        "verdict": effect.verdict if comparable else None,
        "sentence": _sentence(actor, effect) if comparable else "",
    }


def _share(share: Share) -> dict[str, Any]:
    interval = share.interval
    return {**asdict(share), **(asdict(interval) if interval else dict.fromkeys(("value", "low", "high")))}


def _sentence(actor: Actor, effect: Effect) -> str:
    """The difference in plain words, counted of a hundred."""
    difference = effect.difference
    bounds = sorted((abs(difference.low), abs(difference.high))) if difference else (0.0, 0.0)
    several = effect.verdict in ("more", "less") and len(effect.compared) > 1
    return say(
        f"outreach.effect.{effect.verdict}{'_within' if several else ''}",
        actor.language,
        n=len(effect.compared),
        low=round(bounds[0] * 100, 1),
        high=round(bounds[1] * 100, 1),
        days=queries.WINDOW.get(),
    )
