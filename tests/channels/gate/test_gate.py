"""The gate over the tables: many asked in few statements, no way around."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import guanxi
from guanxi.channels.gate import operations as gate
from guanxi.channels.gate.models import Approach, Delivery
from guanxi.channels.gate.rules import Purpose, Reason, Wish
from guanxi.channels.wire.messages import Outcome, Receipt
from guanxi.customers.consents.operations import withdraw_consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM, Origin
from guanxi.kernel.settings import choose
from guanxi.lib.errors import Conflict, Forbidden, NotFound
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import channels as make
from tests.factories import customers as people
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
ROOT = Path(guanxi.__file__).parent


@pytest.fixture(autouse=True)
def noon():
    """A Wednesday at noon in UTC, the zone of all customers here."""
    with time.frozen(NOON) as clock:
        yield clock


def wish(purpose="marketing") -> Wish:
    return Wish(purpose=Purpose(purpose), at=time.now())


def mixed() -> dict[str, list]:
    """Customers of every kind of answer."""
    found = {
        "allowed": [make.customer(consent="marketing") for _ in range(3)],
        "no_consent": [make.customer() for _ in range(2)],
        "no_way": [make.customer(email=None, consent="marketing")],
        "dead_way": [make.customer(consent="marketing")],
        "hold": [make.customer(consent="marketing")],
        "consent_withdrawn": [make.customer(consent="marketing")],
        "pressure": [make.customer(consent="marketing")],
        "quiet_hours": [make.customer(consent="marketing", zone="Asia/Tokyo")],
    }
    ContactPoint.objects.filter(customer=found["dead_way"][0]).update(dead_at=NOON)
    people.hold(customer_=found["hold"][0])
    withdraw_consent(SYSTEM, customer=found["consent_withdrawn"][0].pk, how="told", at=NOON)
    for days in (1, 2, 3):
        Approach.objects.create(
            customer=found["pressure"][0], at=NOON - timedelta(days=days), channel="email", purpose="survey",
            source_id=uuid4(),
        )  # fmt: skip
    return found


def test_many_are_asked_in_few_statements_and_the_numbers_add_up():
    kinds = mixed()
    everybody = [one.pk for some in kinds.values() for one in some]
    with CaptureQueriesContext(connection) as few:
        gate.advise(SYSTEM, everybody[:2], wish(), "email")
    with CaptureQueriesContext(connection) as many:
        advice = gate.advise(SYSTEM, everybody, wish(), "email")
    assert len(many) <= len(few) + 1  # those without a way are asked for what they said of themselves
    assert set(advice.allowed) == {one.pk for one in kinds["allowed"]}
    assert advice.reasons == {name: len(some) for name, some in kinds.items() if name != "allowed"}
    assert advice.asked == len(everybody)
    tokyo = advice.refused[kinds["quiet_hours"][0].pk]
    assert (tokyo.reason, tokyo.next_allowed_at) == (Reason.QUIET, datetime(2026, 1, 7, 23, tzinfo=UTC))


def test_advice_is_only_about_those_the_asker_may_see():
    mine, other = make.customer(consent="marketing"), make.customer(consent="marketing")
    user = workspace.holder({"customers.customer.read": 1, "channels.delivery.ask": 4})
    type(mine).objects.filter(pk=mine.pk).update(owner=user)
    seller = actor_of(user.pk)
    assert set(gate.advise(seller, [mine.pk, other.pk], wish(), "email").allowed) == {mine.pk}
    with pytest.raises(NotFound):
        gate.ask(seller, customer=other.pk, purpose=Purpose.MARKETING, channel="email")
    reader = actor_of(workspace.holder({"customers.customer.read": 4}).pk)
    with pytest.raises(Forbidden):
        gate.ask(reader, customer=mine.pk, purpose=Purpose.REPLY, channel="email")


def test_asking_over_http():
    person = make.customer()
    said = Api(workspace.user("owner")).post(
        "deliveries/ask", {"customer": str(person.pk), "purpose": "marketing", "channel": "email"}
    )
    assert said == {"allowed": False, "reason": "no_consent", "next_allowed_at": None, "cautions": []}


def test_no_letter_of_our_own_accord_passes_as_an_answer():
    held, api = make.customer(consent="marketing"), Api(workspace.user("agent"))
    people.hold(customer_=held)
    letter = {"customer": str(held.pk), "subject": "News", "text": "Spring tea", "purpose": "reply"}
    draft = api.post("drafts", letter, status=201)["id"]
    template = make.template(purpose="reply")
    with nothing_changes():
        for path, given in (
            ("conversations/write", letter), (f"drafts/{draft}/send", {}),
            ("conversations/send_letter", {"customer": str(held.pk), "template": str(template.pk)}),
        ):  # fmt: skip
            assert api.post(path, given, status=422)["code"] == "conversation.answers_nothing"


def submit(person, purpose="marketing", **values):
    n = uuid4()
    return gate.submit(
        SYSTEM, using="channels.conversation.send_letter", id=n, key=str(n), channel="email", purpose=Purpose(purpose),
        outgoing={"text": "Hello"}, recipient=person.email or "x@customers.test", customer=person.pk,
        contact_point=ContactPoint.objects.filter(customer=person).values_list("pk", flat=True).first(), **values,
    )  # fmt: skip


def test_the_same_key_is_taken_once():
    person = make.customer(consent="marketing")
    given = {"channel": "email", "purpose": Purpose.REPLY, "outgoing": {"text": "x"}, "recipient": "a@customers.test"}
    for _ in range(2):
        gate.submit(SYSTEM, using="channels.conversation.reply", id=uuid4(), key="k", customer=person.pk, **given)
    assert Delivery.objects.filter(key="k").count() == 1


@pytest.mark.parametrize("origin", [Origin.IMPORT, Origin.BACKFILL, Origin.UNDO])
def test_what_comes_from_elsewhere_writes_to_nobody(origin):
    with nothing_changes(), pytest.raises(Conflict, match=r"delivery\.not_live"):
        gate.submit(
            SYSTEM.as_origin(origin), using="channels.conversation.reply", id=uuid4(), key="k", channel="email",
            purpose=Purpose.REPLY, outgoing={"text": "x"}, recipient="a@customers.test", customer=None,
        )  # fmt: skip


def test_the_budget_binds_when_sending_whatever_was_advised():
    person = make.customer(consent="marketing")
    waiting = [submit(person) for _ in range(5)]
    assert gate.advise(SYSTEM, [person.pk], wish(), "email").allowed
    for one in waiting:
        if gate.reserve(one.pk) is not None:
            gate.settle({one.pk: Receipt(outcome=Outcome.SENT, provider_id=f"<{one.pk}@x>")})
    assert (
        sorted(Delivery.objects.values_list("status", "reason")) == [("sent", "")] * 3 + [("waiting", "pressure")] * 2
    )
    assert Approach.objects.filter(customer=person).count() == 3


def test_a_stricter_limit_holds_from_then_on():
    person = make.customer(consent="marketing")
    choose(SYSTEM, "channels.gate.contacts_per_week", 0, source="clause:test")
    assert gate.advise(SYSTEM, [person.pk], wish(), "email").refused[person.pk].reason is Reason.PRESSURE


def imports_of_send(root: Path) -> set[str]:
    """The files that import the door through which messages leave."""
    found = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            if "guanxi.channels.wire.send" in names:
                found.add(str(file.relative_to(root)))
    return found


def test_nothing_but_the_gates_job_imports_the_door():
    assert imports_of_send(ROOT) == {"channels/gate/jobs.py"}


@pytest.mark.parametrize(
    "line",
    [
        "from guanxi.channels.wire.send import leaving_from",
        "import guanxi.channels.wire.send",
        "from guanxi.channels.wire import send",
    ],
)
def test_a_planted_way_around_the_gate_is_caught(tmp_path, line):
    (tmp_path / "outreach").mkdir()
    (tmp_path / "outreach" / "planted.py").write_text(line)
    assert imports_of_send(tmp_path) == {"outreach/planted.py"}


def test_nothing_but_the_mail_adapter_opens_an_smtp_connection():
    found = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if "smtplib" in file.read_text("utf-8") or "email.smtp import" in file.read_text("utf-8")
    }
    assert found <= {"channels/email/smtp.py", "workspace/staff_mail/smtp.py"}
