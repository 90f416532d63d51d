"""A text of one's own becomes a draft: read without writing, followed from the clauses in force, refused as a whole."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from guanxi.kernel.time import frozen
from guanxi.lib.errors import Conflict, Forbidden, Invalid
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.protocols import operations
from guanxi.protocols.protocols.files import FiledClause
from guanxi.protocols.protocols.models import Protocol, Version
from tests.client import Api
from tests.factories import protocols as make
from tests.factories import workspace
from tests.protocols.protocols.test_operations import REPLY, SCOPE, promise
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXT = "一、电话\n来电须在铃响四声内接听。\n二、投诉\n客户投诉十二小时内回复，达标率95%。\n态度诚恳，不推诿。"


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


def filed(**values) -> FiledClause:
    """A clause that was pasted: without a key."""
    return FiledClause.model_validate({"section": "complaints", "text": {"en": "We answer."}, **values})


def number(hours: int = 12, **values) -> FiledClause:
    """A pasted clause with the clock of complaints."""
    return filed(text={"zh-Hans": "十二小时内回复。"}, measure=REPLY, standard=REPLY, value=hours, **values)


def test_a_text_is_read_by_the_catalogue_of_the_house_and_nothing_is_written():
    with nothing_changes():
        found = operations.read_text(SYSTEM, text=TEXT)
    assert found.language == "zh-Hans"
    rings, reply, manner = found.clauses
    assert rings.binding and (rings.binding.standard, rings.binding.value) == ("channels.phone.picked_up", 4)
    assert reply.binding and (reply.binding.standard, reply.binding.measure) == (REPLY, REPLY)
    assert (reply.binding.value, reply.binding.target_share) == (12, Decimal("0.95"))
    assert (manner.binding, manner.offers, manner.section) == (None, (), "complaints")


def test_every_number_that_is_bound_is_taken_by_a_clause():
    """What the reading proposes the house accepts as it stands."""
    said = (
        "客户投诉24小时内回复，达标率95%。\n客户问题平均两小时内解决。\n每周联系同一客户不超过三次。\n下单后七天内回访客户。\n"
        "每个电话号码每年验证一次。\n客户来信24小时内告知已收到。\n铃响4声内接听。\n在线咨询平均三十秒内响应。\n邮件咨询24小时内回复。"
    )
    read = operations.read_text(SYSTEM, text=said).clauses
    named = ("standard", "measure", "value", "unit", "figure_kind", "target_share")
    taken = [
        filed(text={"zh-Hans": one.text}, section=one.section, **{n: getattr(one.binding, n) for n in named})
        for one in read
    ]
    protocol = operations.load_protocol(SYSTEM, name="Pasted", clauses=taken)
    operations.publish_version(SYSTEM, Version.objects.get(protocol=protocol).pk)
    assert Clause.objects.filter(in_version__protocol=protocol).exclude(standard="").count() == 9


def test_a_pasted_text_becomes_a_draft_in_place_of_the_clauses_in_force():
    version = make.version()
    team = workspace.team()
    kept = make.clause(version, text={"en": "We listen.", "zh-Hans": "我们倾听。"}, team=team.pk)
    make.clause(version, text={"en": "We are gone."})
    changed = promise(version, 24, team=team.pk, text={"en": "Within a day."})
    operations.publish_version(SYSTEM, version.pk)
    draft = operations.draft_text(
        SYSTEM, version.protocol_id, clauses=[number(), filed(text={"zh-Hans": "我们倾听。"}), filed()], note=" Ours "
    )
    assert (draft.number, draft.status, draft.note) == (2, "draft", "Ours")
    reply, listen, new = Clause.objects.filter(in_version=draft).order_by("ordinal")
    assert (reply.key, reply.value, reply.team_id) == (changed.key, 12, team.pk)
    assert reply.text == {"zh-Hans": "十二小时内回复。"}
    assert (listen.key, listen.text, listen.team_id) == (kept.key, kept.text, team.pk)
    assert new.key not in set(Clause.objects.filter(in_version=version).values_list("key", flat=True))
    assert new.team_id is None
    assert EventEntry.objects.filter(name="protocols.version_drafted").count() == 2


def test_another_scope_is_followed_by_no_general_clause():
    version = make.version()
    scoped = promise(version, 4, scope=SCOPE)
    operations.publish_version(SYSTEM, version.pk)
    draft = operations.draft_text(SYSTEM, version.protocol_id, clauses=[number()])
    assert Clause.objects.get(in_version=draft).key != scoped.key


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        ([], "protocol.text_has_no_clauses"),
        ([filed(key="a"), filed(key="a")], "protocol.key_twice"),
        ([filed(text={"en": " "})], "clause.needs_text"),
        ([number(0)], "clause.value_not_positive"),
        ([number(unit="days")], "clause.unit_differs"),
        ([filed(standard="future.standard", value=4)], "clause.needs_unit"),
    ],
)
def test_a_text_with_a_clause_that_cannot_be_is_refused_whole(clauses, code):
    protocol = make.protocol()
    with nothing_changes(), pytest.raises((Conflict, Invalid), match=code):
        operations.draft_text(SYSTEM, protocol.pk, clauses=[filed(), *clauses] if clauses else [])


def test_one_draft_at_a_time():
    draft = make.version()
    with nothing_changes(), pytest.raises(Conflict, match="protocol.draft_is_open"):
        operations.draft_text(SYSTEM, draft.protocol_id, clauses=[filed()])


def test_who_only_reads_drafts_nothing():
    protocol, actor = make.protocol(), workspace.actor("agent")
    with nothing_changes():
        with pytest.raises(Forbidden):
            operations.draft_text(actor, protocol.pk, clauses=[filed()])
        with pytest.raises(Forbidden):
            operations.read_text(actor, text=TEXT)


def test_over_http_what_was_read_is_sent_back_and_drafted():
    protocol, api = make.protocol(), Api(workspace.user("owner"))
    read = api.post("protocols/read_text", {"text": TEXT})
    clauses = [
        {"section": one["section"], "text": {read["language"]: one["text"]}}
        | ({k: one["binding"][k] for k in ("standard", "value", "unit")} if one["binding"] else {})
        for one in read["clauses"]
    ]
    draft = api.post(f"protocols/{protocol.pk}/draft_text", {"clauses": clauses})
    assert draft["number"] == 1
    assert Clause.objects.filter(in_version_id=draft["id"]).count() == 3
    assert api.post("protocols/read_text", {"text": " "}, status=422)["code"] == "protocol.text_has_no_clauses"
    assert Protocol.objects.count() == 1
