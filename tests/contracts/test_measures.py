"""What holds for every figure, present and future: it can be asked for by everything it says it can be asked for by."""

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.measures import HOURS, PERIODS, Question, Subjects

pytestmark = pytest.mark.django_db
FIGURES = [pytest.param(one, id=name) for name, one in measures.measures().items()]


def asked_in_every_way(name: str, dimensions: tuple[str, ...]) -> None:
    """Total, groups by everything there is, and the cases; of an empty house."""
    assert measures.total(SYSTEM, name, Question()).cases == 0
    for by in (*dimensions, *PERIODS, *HOURS):
        assert measures.groups(SYSTEM, name, Question(by=by)) == []
    assert list(measures.cases(SYSTEM, name, Question())) == []


@pytest.mark.parametrize("figure", FIGURES)
def test_it_answers_by_every_dimension_period_and_hour(figure):
    asked_in_every_way(figure.name, figure.dimensions)
    assert set(figure.dimensions) == set(figure.function().dimensions)


def test_the_planted_figure_whose_moment_is_a_day_is_caught(monkeypatch):
    """The contract bites: a day has no hour, and by month it belongs to no zone."""
    planted = measures.Measure(
        name="test.planted", unit="count", dimensions=(), standard=None,
        function=lambda: Subjects(rows=Order.objects.all(), at="customer__birthday"),
    )  # fmt: skip
    monkeypatch.setitem(measures._measures, planted.name, planted)
    with pytest.raises(ValueError, match="DateTimeField"):
        asked_in_every_way(planted.name, ())
