"""The dice keep to the truths, for any seed and date; the figures of a filled firm are compared with them there."""

from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest

from guanxi.customers.contact_points.rules import written
from guanxi.simulation.firm.firm import Firm
from guanxi.simulation.firm.matters import Letter, Matter, answered_in_time
from guanxi.simulation.firm.people import TWIN_EVERY, crowd
from guanxi.simulation.firm.truths import Truths

TRUTHS = Truths()
SIGMAS = 4.5  # a fair die falls outside once in 150,000 throws


def firm(seed: int, end: datetime) -> Firm:
    return Firm(seed=seed, end=end, zone="Asia/Shanghai", truths=TRUTHS)


FIRMS = [
    (seed, datetime(2026, 1, 1, 5, 20, tzinfo=UTC) + timedelta(days=37 * seed, hours=5 * seed)) for seed in range(1, 13)
]


@pytest.fixture(params=FIRMS, ids=lambda one: f"{one[0]}-{one[1]:%Y-%m-%d}")
def mails(request):
    """All mails of a firm of full size that are older than what still waits."""
    made = firm(*request.param)
    found = [one for one in made.agenda if isinstance(one, Matter) and one.kind != "call"]
    return made, [one for one in found if one.worker >= 0]


def likely(hits: int, of: int, share: float) -> bool:
    """Whether so many hits are what a share would bring, by the binomial's width."""
    return abs(hits - of * share) <= SIGMAS * sqrt(of * share * (1 - share))


def test_the_shares_are_those_of_the_truths(mails):
    made, found = mails
    enquiries = [one for one in found if one.kind == "enquiry"]
    complaints = [one for one in found if one.kind == "complaint"]
    far = made.end + timedelta(days=365)
    assert likely(answered_in_time(enquiries, far, hours=24), len(enquiries), TRUTHS.answered_share * TRUTHS.fast_share)
    from_buyers = [one for one in found if one.who.buys]
    assert likely(len(complaints), len(from_buyers), TRUTHS.complaint_share)
    assert likely(sum(one.confirmed_at is not None for one in complaints), len(complaints), TRUTHS.confirmed_share)
    assert answered_in_time(complaints, far, hours=24) == len(complaints)


def test_a_matter_is_over_in_the_order_of_its_acts(mails):
    made, found = mails
    for one in found:
        acts = [one.at, one.receipt_at, one.answered_at, one.solved_at, one.confirmed_at]
        done = [at for at in acts if at is not None]
        assert done == sorted(done)
        assert (one.given_up_at is None) == (one.answered_at is not None)
        assert made.start <= one.at < made.end


def test_solving_takes_as_long_as_it_is_said_to(mails):
    _, found = mails
    hours = [(one.solved_at - one.answered_at).total_seconds() / 3600 for one in found if one.solved_at]
    mean, width = TRUTHS.solved_hours, TRUTHS.solved_hours / sqrt(len(hours))
    assert abs(sum(hours) / len(hours) - mean) <= SIGMAS * width


def test_the_last_day_has_mail_that_waits_and_complaints_among_it():
    made = firm(1, END)
    waiting = [one for one in made.agenda if isinstance(one, Matter) and one.kind != "call" and one.worker < 0]
    assert sorted((made.end - one.at) / timedelta(hours=1) for one in waiting) == pytest.approx(TRUTHS.waiting)
    assert sum(one.kind == "complaint" for one in waiting) == len(TRUTHS.waiting_complaints)
    assert [type(one) for one in made.agenda].count(Letter) == len(TRUTHS.campaigns) == 3
    few = Firm(seed=1, end=END, zone="UTC", truths=Truths(customers=8))
    assert [one.campaign.key for one in few.agenda if isinstance(one, Letter)] == ["new-tea"]


END = datetime(2026, 11, 26, 5, 20, tzinfo=UTC)


def test_what_is_written_is_varied():
    made = firm(1, END)
    texts = [one.text for one in made.agenda if isinstance(one, Matter)]
    assert len(set(texts)) > len(texts) * 0.8
    names = [who.name for who in made.people]
    assert len(set(names)) > len(names) * 0.75


def test_people_of_every_kind_are_among_them():
    people = crowd(firm(1, END).dice("people"), 800, END.date(), buying=TRUTHS.buying_share)
    assert likely(sum(who.chinese for who in people), 800, 0.65)
    twins = [who for who in people if sum(other.name == who.name and other.phone == who.phone for other in people) > 1]
    assert len(twins) >= 8
    others = [who.name for number, who in enumerate(people, 1) if number % TWIN_EVERY]
    assert len(set(others)) == len(others)
    firms = [who.name.removesuffix(" Ltd").removesuffix(" & Co") for who in people if who.organisation]
    assert len(firms) - len(set(firms)) <= 2  # but for twins
    verdicts = [written("phone", who.phone).verdict for who in people if who.phone]
    assert likely(verdicts.count("impossible"), len(verdicts), 0.03)
    assert {who.birthday is None for who in people} == {True, False}
