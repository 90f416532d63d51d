"""Figures of people and organisations."""

from django.db.models import Case, Exists, FloatField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable

from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.cases import Subjects
from guanxi.kernel.measures import measure

DIMENSIONS = {"lifecycle": "lifecycle", "kind": "kind", "country": "country", "city": "city", "origin": "origin"}


def _yes_or_no(condition: Exists | Q) -> Combinable:
    return Case(When(condition, then=Value(1.0)), default=Value(0.0), output_field=FloatField())


@measure("customers.customers", unit="count", dimensions=tuple(DIMENSIONS))
def customers() -> Subjects:
    """How many customers there are; each belongs to the moment they became known."""
    return Subjects(rows=Customer.objects.filter(archived_at=None), at="created_at", dimensions=DIMENSIONS)


@measure("customers.contactable", unit="share", dimensions=tuple(DIMENSIONS))
def contactable() -> Subjects:
    """The share of customers with at least one way that can work and is not known to be dead."""
    living = ContactPoint.objects.filter(customer=OuterRef("pk"), dead_at=None).exclude(verdict="impossible")
    rows = Customer.objects.filter(archived_at=None)
    return Subjects(rows=rows, at="created_at", value=_yes_or_no(Exists(living)), dimensions=DIMENSIONS)


@measure("customers.marketing_allowed", unit="share", dimensions=tuple(DIMENSIONS))
def marketing_allowed() -> Subjects:
    """The share of customers whose latest word on marketing, on whatever channel, is a yes."""
    said = Consent.objects.filter(customer=OuterRef("pk"), purpose__in=("", "marketing"))
    said = said.order_by("-at", "-state", "-id")  # withdrawn stands before given: at the same time a no wins
    return Subjects(
        rows=Customer.objects.filter(archived_at=None).annotate(word=Subquery(said.values("state")[:1])),
        at="created_at",
        value=_yes_or_no(Q(word="given")),
        dimensions=DIMENSIONS,
    )
