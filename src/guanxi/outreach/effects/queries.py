"""The figures of effect, each over the book of recipients, and the table they make together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    DurationField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from guanxi.channels.ratings.models import Rating
from guanxi.channels.ratings.rules import SATISFIED
from guanxi.commerce.orders.models import Order
from guanxi.kernel import measures
from guanxi.kernel.actor import Actor
from guanxi.kernel.cases import Question, Subjects
from guanxi.kernel.grouping import BESIDE
from guanxi.kernel.measures import Figure, measure
from guanxi.kernel.models import SettingValue
from guanxi.kernel.settings import Setting, setting, together
from guanxi.kernel.time import now
from guanxi.lib.errors import Forbidden
from guanxi.outreach.effects.rules import CHANNELS, MOST_COST, MOST_DAYS, Effect, Share
from guanxi.outreach.strategies.models import Recipient
from guanxi.outreach.strategies.queries import one_if
from guanxi.workspace.company.operations import CURRENCY

WINDOW = setting("outreach.effect.window_days", default=30, least=1, most=MOST_DAYS)
COSTS = {
    channel: setting(f"outreach.effect.cost_{channel}", default=0.0, least=0, most=MOST_COST) for channel in CHANNELS
}
_SPLITS = {"strategy": "strategy", "channel": "channel", "segment": "segment", "purpose": "strategy__purpose"}
_MONEY = DecimalField(max_digits=19, decimal_places=4)


def contacts() -> QuerySet[Recipient]:
    """Whom a strategy really contacted: a letter left, a call or a visit was made."""
    return Recipient.objects.filter(sent_at__isnull=False)


def left_alone() -> QuerySet[Recipient]:
    """Whom a strategy left alone for comparison and might have contacted: the gate had no objection."""
    return Recipient.objects.filter(state=Recipient.State.HELD_OUT, reason="")


def _orders(at: str, *, between: QuerySet[Any] | None = None) -> QuerySet[Order]:
    """The sales within the window after a row's moment, with no contact in between: each counts once, for the last.

    What was taken back is no sale; the order that a strategy asks about is older than its contact.
    """
    days = _chosen(WINDOW, FloatField())
    window = Func(days, template="make_interval(secs => 86400 * %(expressions)s)", output_field=DurationField())
    mine = Q(customer=OuterRef("customer"), ordered_at__gt=OuterRef(at), ordered_at__lte=OuterRef(at) + window)
    after, moment = OuterRef(OuterRef(at)), OuterRef("ordered_at")
    later = Q(sent_at__gt=after) | Q(sent_at=after, pk__gt=OuterRef(OuterRef("pk")))
    in_between = contacts().filter(later, customer=OuterRef("customer"), sent_at__lt=moment)
    taken_back = Order.objects.filter(cancels=OuterRef("pk"), kind=Order.Kind.CANCELLATION)
    found = Order.objects.filter(mine, ~Exists(in_between), ~Exists(taken_back), kind=Order.Kind.SALE)
    return found if between is None else found.filter(~Exists(between))


def _chosen(wanted: Setting, kind: Any) -> Func:
    """A setting as it stands in the statement, so that the text of a figure needs none of its values."""
    values = SettingValue.objects.filter(name=wanted.name, scope__isnull=True, valid_to=None).order_by("-valid_from")
    plain = Func(F("value"), template="(%(expressions)s #>> '{}')", output_field=TextField())
    found = Subquery(values.annotate(plain=Cast(plain, kind)).values("plain")[:1])
    return Coalesce(found, Value(wanted.default, output_field=kind), output_field=kind)


def _ordered(at: str, orders: QuerySet[Order], rows: QuerySet[Any], splits: Mapping[str, str]) -> Subjects:
    """Whether such orders followed; nobody is judged before the window is over, or the early ones would all be yes."""
    window = timedelta(days=WINDOW.get())
    return Subjects(
        rows=rows,
        at=at,
        value=one_if(Exists(orders)),
        open_when=Q(**{f"{at}__gt": now() - window}),
        dimensions=splits,
        moves=True,
    )


@measure("outreach.strategy.contacted", unit="count", dimensions=tuple(_SPLITS))
def strategy_contacted() -> Subjects:
    """How many times strategies contacted somebody: letters that left, calls and visits that were made."""
    return Subjects(rows=contacts(), at="sent_at", dimensions=_SPLITS)


@measure("outreach.strategy.delivered", unit="share", dimensions=tuple(_SPLITS))
def strategy_delivered() -> Subjects:
    """Share of the letters of strategies that did not come back."""
    came_back = Q(state=Recipient.State.REFUSED)
    return Subjects(rows=contacts().filter(channel="email"), at="sent_at", value=one_if(~came_back), dimensions=_SPLITS)


@measure("outreach.strategy.answered", unit="share", dimensions=tuple(_SPLITS))
def strategy_answered() -> Subjects:
    """Share of the contacts by strategies that were answered: they wrote back, or really spoke with us."""
    return Subjects(rows=contacts(), at="sent_at", value=one_if(Q(answered_at__isnull=False)), dimensions=_SPLITS)


@measure("outreach.strategy.satisfied", unit="share", dimensions=tuple(_SPLITS))
def strategy_satisfied() -> Subjects:
    """Share of the contacts by strategies with which customers said to be content, 4 or 5 of 5, of those who said."""
    said = Rating.objects.filter(conversation=OuterRef("conversation")).order_by("-given_at", "-pk").values("score")[:1]
    rows = contacts().annotate(score=Subquery(said)).filter(score__isnull=False)
    return Subjects(rows=rows, at="sent_at", value=one_if(Q(score__gte=SATISFIED)), dimensions=_SPLITS)


@measure("outreach.strategy.converted", unit="share", dimensions=tuple(_SPLITS))
def strategy_converted() -> Subjects:
    """Share of the contacts by strategies that were followed by an order within the days that count."""
    return _ordered("sent_at", _orders("sent_at"), contacts(), _SPLITS)


@measure("outreach.strategy.left_alone", unit="share", dimensions=tuple(_SPLITS))
def strategy_left_alone() -> Subjects:
    """Share of those left alone for comparison who ordered within the days that count, as if contacted."""
    again = Recipient.objects.filter(
        state=Recipient.State.HELD_OUT, customer=OuterRef("customer"), strategy=OuterRef(OuterRef("strategy")),
        created_at__gt=OuterRef(OuterRef("created_at")), created_at__lt=OuterRef("ordered_at"),
    )  # fmt: skip
    return _ordered("created_at", _orders("created_at", between=again), left_alone(), _SPLITS)


@measure("outreach.strategy.revenue", unit="money", dimensions=tuple(_SPLITS))
def strategy_revenue() -> Subjects:
    """What the orders that followed contacts by strategies came to, in the company's currency, up to now."""
    orders = _orders("sent_at").filter(currency=_chosen(CURRENCY, TextField())).order_by().values("customer")
    worth = Subquery(orders.annotate(worth=Sum("total")).values("worth"))
    nothing = Value(Decimal(0), output_field=_MONEY)
    return Subjects(
        rows=contacts(),
        at="sent_at",
        value=Coalesce(worth, nothing, output_field=_MONEY),
        dimensions=_SPLITS,
    )


@measure("outreach.strategy.cost", unit="money", dimensions=tuple(_SPLITS))
def strategy_cost() -> Subjects:
    """What the contacts by strategies cost, at the cost that holds now for a contact by each channel."""
    whens = [When(channel=channel, then=Cast(_chosen(cost, FloatField()), _MONEY)) for channel, cost in COSTS.items()]
    worth = Case(*whens, default=Value(Decimal(0)), output_field=_MONEY)
    return Subjects(rows=contacts(), at="sent_at", value=worth, dimensions=_SPLITS)


def costs() -> dict[str, float]:
    """What a contact by each channel costs."""
    return dict(zip(COSTS, together(list(COSTS.values())), strict=True))


_SHARES = ("delivered", "answered", "satisfied")
_BY_STRATEGY = {"converted": "ordered", "left_alone": "ordered_alone"}
_SUMS = ("revenue", "cost")


def effects(actor: Actor, question: Question) -> tuple[list[Effect], list[str]]:
    """The table by strategy, channel or segment: eight figures of the catalogue, and those a closed field hides."""
    rows: dict[str | None, Effect] = {}
    hidden = []
    for name in ("contacted", *_SHARES, *_BY_STRATEGY, *_SUMS):
        asked = replace(question, by=f"{question.by}{BESIDE}strategy") if name in _BY_STRATEGY else question
        try:
            found = measures.groups(actor, f"outreach.strategy.{name}", asked)
        except Forbidden as problem:
            if problem.code != "field.not_readable":
                raise
            hidden.append(name)
            continue
        for group in found:
            key, _, strategy = (group.key or "").partition(BESIDE)
            row = rows.get(key or None, Effect(key=key or None))
            rows[row.key] = replace(row, **_said(name, group, row, strategy))
    return list(rows.values()), hidden


def _said(name: str, figure: Figure, row: Effect, strategy: str) -> dict[str, Any]:
    share = Share(n=figure.kept, of=figure.kept + figure.missed, open=figure.open)
    if name in _BY_STRATEGY:
        part = _BY_STRATEGY[name]
        return {part: {**getattr(row, part), strategy: share}}
    if name in _SHARES:
        return {name: share}
    return {name: figure.sum or Decimal(0) if name in _SUMS else figure.cases}
