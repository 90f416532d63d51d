"""What holds for every figure, present and future: it can be asked for by everything it says it can be asked for by."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.kernel import measures
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api.measures import told
from guanxi.kernel.cases import Asked, Measure, Question, Subjects, _text
from guanxi.kernel.grouping import HOURS, PERIODS
from guanxi.kernel.settings import settings
from guanxi.kernel.time import frozen
from guanxi.kernel.words import say
from guanxi.workspace.tokens.queries import actor_of
from tests.factories import service as make_service
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
FIGURES = [pytest.param(one, id=name) for name, one in measures.measures().items()]


def asked_in_every_way(name: str, dimensions: tuple[str, ...]) -> None:
    """Total, groups by everything there is, and the cases; of an empty house."""
    assert measures.total(SYSTEM, name, Question()).cases == 0
    for by in (*dimensions, *PERIODS, *HOURS):
        assert measures.groups(SYSTEM, name, Question(by=by)) == []
        assert told(SYSTEM, name, Question(by=by))["groups"] == []
    assert list(measures.cases(SYSTEM, name, Question())) == []


@pytest.mark.parametrize("figure", FIGURES)
def test_its_text_is_the_same_at_any_time_unless_it_says_it_moves(figure, django_assert_num_queries):
    """The text of a figure is written once for all: neither the moment of asking nor a setting stands in it."""
    for by in (None, *figure.dimensions, *PERIODS, *HOURS):
        texts = []
        for year in (2020, 2030):
            asked = Asked(actor=SYSTEM, measure=figure, question=Question(by=by))
            with frozen(datetime(year, 1, 1, tzinfo=UTC)), django_assert_num_queries(1 if asked.subjects.moves else 0):
                texts.append(figure_text(asked))
        assert (texts[0] != texts[1]) == asked.subjects.moves


def test_what_may_be_promised_in_office_hours_is_judged_in_them_and_has_words():
    in_office = {name: one for name, one in settings().items() if one.office_hours}
    judged = [figure for figure in measures.measures().values() if figure.standard in in_office]
    assert {figure.name for figure in judged if figure.function().hours is None} == set()
    assert {figure.standard for figure in judged} >= set(in_office) - {"service.ticket.solved_on_average"}
    for one in in_office.values():
        assert "workdays" in one.countings
        if "office" in one.countings:
            assert say(f"ui.unit.office_{one.unit}", "en", n=2) == "2 office hours"


def test_a_figure_tells_nothing_about_single_cases_its_reader_does_not_see():
    """Who may know the number of all, but see some, learns of the others by no condition."""
    ticket = make_service.ticket(subject="Hidden matter")
    reader = make.holder({"service.ticket.first_reply": 4, "service.ticket.read": 1})
    actor = actor_of(reader.pk)
    assert measures.total(actor, "service.ticket.first_reply", Question()).cases == 1
    asked = Question(where={"field": "subject", "op": "is", "value": ticket.subject})
    assert measures.total(actor, "service.ticket.first_reply", asked).cases == 0
    assert measures.total(SYSTEM, "service.ticket.first_reply", asked).cases == 1


@pytest.mark.parametrize(("language", "called"), [("en", "Enquiry"), ("zh-Hans", "咨询")])
def test_groups_are_called_by_the_words_of_their_choices(language, called):
    make_service.ticket()
    found = told(replace(SYSTEM, language=language), "service.ticket.first_reply", Question(by="kind"))
    assert [(one["key"], one["label"]) for one in found["groups"]] == [("enquiry", called)]


def figure_text(asked: Asked) -> str:
    """How it is written now, whatever is kept."""
    now_asked = replace(asked)
    vars(now_asked)["promised"] = []
    return repr(now_asked.subjects.fold) if now_asked.subjects.per else repr(_text(now_asked))


@pytest.mark.parametrize("figure", FIGURES)
def test_it_answers_by_every_dimension_period_and_hour(figure):
    asked_in_every_way(figure.name, figure.dimensions)
    assert set(figure.dimensions) == set(figure.function().dimensions)


def test_the_planted_figure_whose_moment_is_a_day_is_caught(monkeypatch):
    """The contract bites: a day has no hour, and by month it belongs to no zone."""
    planted = Measure(
        name="test.planted", unit="count", dimensions=(), standard=None,
        function=lambda: Subjects(rows=Order.objects.all(), at="customer__birthday"),
    )  # fmt: skip
    monkeypatch.setitem(measures._measures, planted.name, planted)
    with pytest.raises(ValueError, match="DateTimeField"):
        asked_in_every_way(planted.name, ())
