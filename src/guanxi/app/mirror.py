"""The first mirror: five true sentences about one's own customers, each opening the people it speaks of."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime

from guanxi.commerce.orders.models import Order
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.segments.models import Membership, Segment
from guanxi.customers.segments.operations import add_members, put_segment, remove_members
from guanxi.customers.segments.queries import selected
from guanxi.kernel.access import get, read, require_readable, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.api.answers import actor_of, answer
from guanxi.kernel.conditions.rules import Condition
from guanxi.kernel.operations import operation
from guanxi.kernel.records import of_name
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.lib import money
from guanxi.lib.errors import Forbidden, Invalid, Unknown
from guanxi.lib.money import Money
from guanxi.workspace.company.operations import CURRENCY, ZONE

router = Router(tags=["mirror"])
STALE = timedelta(days=31)
"""Data whose last order is older than this is looked at as it was on the day of that order."""
SOON = {"days": 30}
LEAST_DAYS = 3
BEYOND = 2
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Glance:
    """Whose customers are looked at, and as they were when."""

    actor: Actor
    people: QuerySet[Customer]
    at: datetime
    zone: str

    def ask(self, statement: str, more: "Mapping[str, QuerySet[Any]] | None" = None, **values: Any) -> Rows:
        """One statement over these people, who stand in it as `seen`, and `more` rows by their names."""
        values |= {"at": self.at, "zone": self.zone}
        parts = []
        for name, rows in {"seen": self.people, **(more or {})}.items():
            inner, given = rows.order_by().values("pk").query.sql_with_params()
            names = [f"{name}_{index}" for index in range(len(given))]
            named = inner.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
            parts.append(f"{name}(id) AS NOT MATERIALIZED ({named})")
            values |= dict(zip(names, given, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(parts)} {statement}", values)
            found: Rows = cursor.fetchall()
        return found

    @property
    def sold(self) -> QuerySet[Order]:
        """The sales the actor sees."""
        return visible_to(self.actor, Order).filter(kind=Order.Kind.SALE, ordered_at__lte=self.at)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A true sentence with its numbers, how many people it speaks of, and what opens them.

    Where no condition says who they are, `keep` is true: the operation app.mirror.keep puts them into a segment.
    """

    kind: str
    n: int
    values: dict[str, Any]
    condition: Condition | None = None
    keep: bool = False
    text: str = ""
    people: list[UUID] = field(default_factory=list, repr=False)


# The fifth of the buying customers that bought for most, as the figure commerce.top_share draws it.
_TOP = """
, bought AS (
    SELECT o.customer_id, sum(o.total) AS total
    FROM sold JOIN commerce_order o USING (id) JOIN seen ON seen.id = o.customer_id GROUP BY o.customer_id
), ranked AS (
    SELECT total, row_number() OVER (ORDER BY total DESC) AS place, count(*) OVER () AS n FROM bought
), edge AS (SELECT min(total) AS least FROM ranked WHERE place <= round(n * 0.2))
SELECT coalesce(sum(total) FILTER (WHERE place <= round(n * 0.2)), 0), coalesce(sum(total), 0),
       (SELECT least FROM edge), count(*) FILTER (WHERE total >= (SELECT least FROM edge)), count(*)
FROM ranked
"""


def top_share(at: Glance) -> Sentence:
    """Which share of the revenue the fifth of the customers that buys most brings."""
    ((top, whole, least, people, buyers),) = at.ask(_TOP, {"sold": at.sold})
    values = {"share": _percent(top, whole), "people": people, "buyers": buyers}
    if least is None or not whole:
        return Sentence(kind="top_share", n=0, values=values)
    sales = {"field": "kind", "op": "is", "value": "sale"}
    condition = {"related": "orders", "aggregate": "sum", "of": "total", "where": sales, "op": "gte"}
    return Sentence(kind="top_share", n=people, values=values, condition={**condition, "value": format(least, "f")})


# Silent beyond their own rhythm: bought on three days or more, and the time since the last of these days is more than
# twice the middle (median) of the times between them. Days are those of the company's zone.
_SILENT = """
, days AS (
    SELECT DISTINCT o.customer_id, (o.ordered_at AT TIME ZONE %(zone)s)::date AS day
    FROM sold JOIN commerce_order o USING (id) JOIN seen ON seen.id = o.customer_id
), gaps AS (
    SELECT customer_id, day, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap FROM days
), rhythm AS (
    SELECT customer_id, max(day) AS last, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS middle
    FROM gaps GROUP BY customer_id HAVING count(*) >= %(least)s
)
SELECT r.customer_id, coalesce((SELECT sum(o.total) FROM sold JOIN commerce_order o USING (id)
    WHERE o.customer_id = r.customer_id AND o.ordered_at > %(at)s::timestamptz - interval '365 days'), 0)
FROM rhythm r
WHERE (%(at)s::timestamptz AT TIME ZONE %(zone)s)::date - r.last > %(beyond)s * r.middle
ORDER BY r.customer_id
"""


def silent(at: Glance) -> Sentence:
    """Who has been silent longer than their own rhythm, and what they bought for in the year before."""
    rows = at.ask(_SILENT, {"sold": at.sold}, least=LEAST_DAYS, beyond=BEYOND)
    worth = sum((total for _, total in rows), Decimal(0))
    home = CURRENCY.get()
    said = money.format(
        Money(worth.quantize(Decimal(1)), home), language=cast(money.Language, at.actor.language), home=home
    )
    values = {"people": len(rows), "worth": said.removesuffix(".00")}
    return Sentence(kind="silent", n=len(rows), values=values, keep=bool(rows), people=[id for id, _ in rows])


def birthdays(at: Glance) -> Sentence:
    """Who has a birthday soon."""
    condition = {"field": "birthday", "op": "anniversary_within", "value": SOON}
    n = selected(at.actor, condition).filter(pk__in=at.people.order_by().values("pk")).count()
    return Sentence(kind="birthdays", n=n, values={"people": n, **SOON}, condition=condition)


_PHONES = """
SELECT count(*) FILTER (WHERE p.verdict = 'impossible'), count(*) FILTER (WHERE p.verdict <> 'impossible'
       AND p.verified_at IS NULL), count(*), count(DISTINCT p.customer_id) FILTER (WHERE p.verdict = 'impossible')
FROM ways JOIN customers_contactpoint p USING (id) JOIN seen ON seen.id = p.customer_id WHERE p.kind = 'phone'
"""


def phones(at: Glance) -> Sentence:
    """Which telephone numbers cannot exist, and which nobody ever verified."""
    ((impossible, unverified, numbers, people),) = at.ask(_PHONES, {"ways": visible_to(at.actor, ContactPoint)})
    wrong = [{"field": "kind", "op": "is", "value": "phone"}, {"field": "verdict", "op": "is", "value": "impossible"}]
    condition = {"related": "contact_points", "aggregate": "exists", "op": "true", "where": {"and": wrong}}
    values = {"impossible": impossible, "unverified": unverified, "numbers": numbers, "people": people}
    return Sentence(kind="phones", n=people, values=values, condition=condition)


# Probable twins: the same name, compared by its sound and without its case, and beside it the same birthday, postcode,
# e-mail address or telephone number.
_TWINS = """
, keys AS (
    SELECT c.id, c.name_sort || '|' || k.mark AS key FROM customers_customer c JOIN seen ON seen.id = c.id
    CROSS JOIN LATERAL (VALUES ('b' || c.birthday::text), ('p' || nullif(c.postcode, '')), ('e' || nullif(c.email, '')),
                               ('t' || nullif(c.phone, ''))) AS k(mark)
    WHERE k.mark IS NOT NULL AND c.name_sort <> ''
), twins AS (SELECT key FROM keys GROUP BY key HAVING count(DISTINCT id) > 1)
SELECT DISTINCT keys.id FROM keys JOIN twins USING (key) ORDER BY keys.id
"""


def twins(at: Glance) -> Sentence:
    """Who is probably written down twice."""
    found = [id for (id,) in at.ask(_TWINS)]
    return Sentence(kind="twins", n=len(found), values={"people": len(found)}, keep=bool(found), people=found)


SENTENCES: dict[str, Callable[[Glance], Sentence]] = {
    "top_share": top_share,
    "silent": silent,
    "birthdays": birthdays,
    "phones": phones,
    "twins": twins,
}
_NEEDS: dict[str, tuple[str, ...]] = {
    "top_share": ("commerce.order", "kind", "total"),
    "silent": ("commerce.order", "kind", "total"),
    "birthdays": ("customers.customer", "birthday"),
    "phones": ("customers.contact_point", "kind", "verdict", "verified_at"),
    "twins": ("customers.customer", "name", "birthday", "postcode", "email", "phone"),
}
"""What a sentence is worked out of: a noun, and the fields of it."""


def _require_read(actor: Actor, kind: str) -> None:
    """Refuse a sentence worked out of what the actor does not read: of few customers it would tell what it is."""
    noun, *fields = _NEEDS[kind]
    actor.require(read(of_name(noun)))
    require_readable(actor, of_name(noun), *fields)


def told_to(actor: Actor) -> list[str]:
    """The sentences whose numbers the actor may know."""
    told = []
    for kind in SENTENCES:
        with suppress(Forbidden):
            _require_read(actor, kind)
            told.append(kind)
    return told


def glance(actor: Actor, *, import_id: UUID | None = None, as_of: datetime | None = None) -> Glance:
    """Whom the actor sees of an import, or of everybody; old data as it was at its last order."""
    people = selected(actor, None)
    if import_id is not None:
        run: Any = get(actor, of_name("workspace.import").model, import_id)
        ordered = visible_to(actor, Order).filter(customer=OuterRef("pk"), created_in=run.change_set)
        people = people.filter(Q(created_in=run.change_set) | Exists(ordered))
    if as_of is None:
        sales = visible_to(actor, Order).filter(kind=Order.Kind.SALE, ordered_at__lte=now())
        last = sales.aggregate(last=Max("ordered_at"))["last"]
        as_of = last if last and last < now() - STALE else now()
    return Glance(actor=actor, people=people, at=as_of, zone=ZONE.get())


@router.get("/mirror", operation_id="get_mirror")
def get_mirror(request: HttpRequest, as_of: AwareDatetime | None = None) -> HttpResponse:
    """Five sentences about the customers one sees; `import` narrows them to those an import brought or touched."""
    actor = actor_of(request)
    actor.require("customers.customer.read")
    given = request.GET.get("import", "")
    at = glance(actor, import_id=_id(given) if given else None, as_of=as_of)
    said = [_said(SENTENCES[kind](at), actor, at) for kind in told_to(actor)]
    return answer({"rows": at.people.count(), "as_of": at.at, "sentences": said})


@operation("app.mirror.keep")
def keep(actor: Actor, *, kind: str, import_id: UUID | None = None, as_of: datetime | None = None) -> Segment:
    """Put the people of a sentence into a segment of that name, so that they can be opened and written to."""
    if kind not in SENTENCES:
        raise Unknown("mirror.unknown", kind, SENTENCES, kind=kind)
    _require_read(actor, kind)
    sentence = SENTENCES[kind](glance(actor, import_id=import_id, as_of=as_of))
    key = f"mirror-{kind.replace('_', '-')}"
    segment = put_segment(actor, key=key, name=say(f"mirror.{kind}.segment", actor.language), kind="static")
    held = set(Membership.objects.filter(segment=segment).values_list("customer_id", flat=True))
    people = set(sentence.people)
    remove_members(actor, segment.pk, customers=sorted(held - people))
    return add_members(actor, segment.pk, customers=sorted(people - held))


def _said(sentence: Sentence, actor: Actor, at: Glance) -> dict[str, Any]:
    day = at.at.date().isoformat()
    key = f"mirror.{sentence.kind}" if sentence.n else f"mirror.{sentence.kind}.none"
    text = say(key, actor.language, n=sentence.n, **sentence.values)
    shown = asdict(sentence) | {"text": text, "as_of": day}
    shown.pop("people")
    return shown


def _percent(part: Decimal, whole: Decimal) -> float:
    return round(float(part / whole * 100), 1) if whole else 0.0


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as problem:
        raise Invalid("mirror.no_import", id=text[:60]) from problem
