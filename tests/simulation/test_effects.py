"""The effect table of the demo firm: what it says is what the simulator really did, and how it threw its dice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guanxi.app import starter
from guanxi.channels.ratings.models import Rating
from guanxi.commerce.orders.models import Order
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.cases import Question
from guanxi.kernel.change_sets import begin
from guanxi.kernel.jobs import apart
from guanxi.kernel.time import frozen
from guanxi.lib.statistics import difference_of_proportions
from guanxi.outreach.effects.queries import effects
from guanxi.outreach.strategies.models import Recipient, Strategy
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.founding import MARKETING
from guanxi.simulation.firm.living import Life, known
from guanxi.simulation.firm.matters import Letter
from guanxi.simulation.firm.operations import found_firm
from guanxi.simulation.firm.truths import FESTIVAL, NEW_TEA, VISITORS, Truths
from guanxi.workspace.tokens.queries import actor_of
from guanxi.workspace.users.models import User
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 9, tzinfo=UTC)
TRUTHS = Truths(customers=160)
WINDOW = timedelta(days=30)


@pytest.fixture
def lived(db):
    """A firm of which only what it carried out was lived, not its mail."""
    starter.load()
    make.user("owner")
    with frozen(END):
        found_firm(SYSTEM, seed=5, customers=TRUTHS.customers)
        firm = Firm(seed=5, end=END, zone="UTC", truths=TRUTHS)
        acting = begin(SYSTEM.as_origin(Origin.SIMULATION), "simulation.firm.fill")
        with apart("simulation"):
            emma = actor_of(User.objects.get(email=MARKETING).pk)
            emma = replace(emma, origin=acting.origin, change_set=acting.change_set)
            life = Life(firm=firm, house=acting, service=(acting, acting), marketing=emma, ids=known(firm.people))
            for one in firm.agenda:
                if isinstance(one, Letter):
                    life.live(one)
        assert life.left_out == 0
        yield firm


def thrown(firm, campaign, row):
    """What the dice of the simulator say of somebody: whether they answer."""
    dice = firm.dice(f"{campaign.key}:{row.customer.key}")
    return dice.random() < campaign.answered_share


def test_the_table_says_what_was_done(lived):
    rows = {one.key: one for one in effects(SYSTEM, Question(by="strategy"))[0]}
    for campaign in TRUTHS.compared:
        strategy = Strategy.objects.get(key=campaign.key)
        row = rows[str(strategy.pk)]
        book = Recipient.objects.filter(strategy=strategy).select_related("customer")
        reached, alone = book.filter(sent_at__isnull=False), book.filter(state="held_out", reason="")
        assert (row.contacted, row.left_alone.of) == (reached.count(), alone.count())
        assert row.contacted > 0
        assert row.answered.n == sum(thrown(lived, campaign, one) for one in reached)
        because = Order.objects.filter(number__startswith=f"{campaign.key}:")
        assert because.count() <= row.converted.n <= row.converted.of == row.contacted
        assert set(because.values_list("customer", flat=True)) <= set(reached.values_list("customer", flat=True))
        said = Rating.objects.filter(channel={FESTIVAL: "email", VISITORS: "phone"}[campaign.key])
        assert (row.satisfied.of, row.satisfied.n) == (said.count(), said.filter(score__gte=4).count())
        assert row.cost == row.contacted * Decimal({FESTIVAL: "0.1", VISITORS: "6"}[campaign.key])
    assert Rating.objects.filter(channel="phone").exists()
    young = rows[str(Strategy.objects.get(key=NEW_TEA).pk)]
    assert (young.converted.of, young.converted.open, young.verdict) == (0, young.contacted, "nobody_left_alone")


def test_what_is_measured_lies_where_the_simulator_put_it(lived):
    """The share of those left alone is what the firm's customers buy by themselves; the letter adds to it."""
    festival = next(one for one in TRUTHS.compared if one.key == FESTIVAL)
    strategy = Strategy.objects.get(key=FESTIVAL)
    row = next(one for one in effects(SYSTEM, Question(by="strategy"))[0] if one.key == str(strategy.pk))
    reached = Recipient.objects.filter(strategy=strategy, sent_at__isnull=False)
    anyway = sum(
        Order.objects.filter(
            customer=one.customer_id, kind="sale", number__startswith="MJ", ordered_at__gt=one.sent_at,
            ordered_at__lte=one.sent_at + WINDOW,
        ).exists()
        for one in reached
    )  # fmt: skip
    base = anyway / row.contacted
    truth = festival.ordered_share * (1 - base)
    assert Order.objects.filter(number__startswith=f"{FESTIVAL}:").exists()
    one, other = row.converted, row.left_alone
    certain = difference_of_proportions(one.n, one.of, other.n, other.of, confidence=0.99999)
    assert certain.low <= truth <= certain.high, "who is left alone is drawn anew each time"


def test_channels_and_segments_split_the_same_contacts(lived):
    wholes = {by: effects(SYSTEM, Question(by=by))[0] for by in ("strategy", "channel", "segment")}
    sums = {by: (sum(r.contacted for r in rows), sum(r.converted.n for r in rows), sum(r.revenue for r in rows))
            for by, rows in wholes.items()}  # fmt: skip
    assert len(set(sums.values())) == 1
    assert {row.key for row in wholes["channel"]} == {"email", "phone"}
