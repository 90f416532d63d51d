"""Figures of people and organisations."""

from django.db.models import Case, Exists, FloatField, OuterRef, Value, When
from django.db.models.expressions import Combinable

from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.measures import Subjects, measure

DIMENSIONS = {"lifecycle": "lifecycle", "kind": "kind", "country": "country", "city": "city", "origin": "origin"}


def _yes_or_no(condition: Exists) -> Combinable:
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
