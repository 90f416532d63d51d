"""Contacts and consents that come in from files: whom they mean, what they lack, twins, changes, undone as one."""

from datetime import UTC, date, datetime

import pytest

from guanxi.customers.consents.models import Consent
from guanxi.customers.contacts.models import Contact
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from guanxi.kernel.undo import undo
from guanxi.lib.errors import Forbidden, Unknown
from guanxi.workspace.imports import files, running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import check_import, prepare_import, start_import
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
CONTACTS = """联系人编号,单位编号,职务,开始日期,主要联系人
P1,O1,采购经理,2024-03-01,是
P2,O1,会计,,否
P1,O1,采购总监,,
P1,P2,,,
P9,O1,,,
,O1,,,
"""
CONSENTS = """会员编号,邮箱,是否同意,用途,渠道,同意方式,同意内容,来源,同意时间
K1,,是,营销推广,邮件,表单,我同意接收新品信息,官网注册页,2025-05-01 10:00
,lina@example.test,同意,行銷,,书面签字,我愿意收到活动通知,门店,2025-06-01
K1,,退订,,短信,回信,,,2025-07-01
"""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def known():
    zhang = customers.customer(key="K1", name="张伟")
    lina = customers.customer(key="K2", name="李娜")
    return zhang, lina, customers.contact_point(lina, kind="email", value="lina@example.test")


@pytest.fixture
def firm():
    for key in ("P1", "P2"):
        customers.customer(key=key, name=key)
    return customers.customer(key="O1", name="绵阳茶业", kind="organisation")


def written(text: str, noun: str, *, actor=SYSTEM, **given) -> ImportRun:
    run = make.import_run(text, noun, order="ymd", country="CN", **given)
    return running.write(start_import(actor, run.pk).pk)


def wrong() -> dict[int, dict[str, str]]:
    return {
        one.number: {name: problem["code"] for name, problem in one.problem["fields"].items()}
        for one in ImportProblem.objects.all()
    }


def test_contacts_come_in_by_the_keys_of_both_and_what_is_wrong_is_said(firm):
    run = written(CONTACTS, "contacts")
    assert (run.rows_created, run.rows_updated, run.rows_skipped, run.rows_failed) == (2, 0, 1, 3)
    assert list(Contact.objects.order_by("person__key").values_list("person__key", "role", "since", "main")) == [
        ("P1", "采购总监", date(2024, 3, 1), True), ("P2", "会计", None, False),
    ]  # fmt: skip
    assert wrong() == {
        5: {"organisation": "contact.no_organisation"}, 6: {"person": "import.no_such_customer"},
        7: {"person": "import.nobody_named"},
    }  # fmt: skip


def test_a_second_file_of_contacts_changes_by_key_and_undo_brings_back_what_was(firm):
    written(CONTACTS, "contacts")
    run = written("Person number,Company ID,Role,Until\nP1,O1,Director,2026-01-31\nP2,O1,会计,\n", "contacts")
    assert (run.rows_created, run.rows_updated, run.rows_skipped) == (0, 1, 1)
    assert Contact.objects.get(person__key="P1").until == date(2026, 1, 31)
    undo(SYSTEM, run.change_set)
    assert Contact.objects.get(person__key="P1").role == "采购总监"


def test_contacts_are_undone_as_one(firm):
    run = written(CONTACTS, "contacts")
    assert undo(SYSTEM, run.change_set).removed["customers.contact"] == 2
    assert not Contact.objects.exists()


def test_a_person_is_recognised_by_address_or_number_as_well(firm):
    customers.contact_point(customers.customer(name="王芳"), kind="phone", value="+8613800138001")
    assert written("手机,公司编号,职位\n138 0013 8001,O1,店长\n", "contacts").rows_created == 1
    assert Contact.objects.get().person.name == "王芳"


NEW = """联系人编号,联系人姓名,邮箱,手机,单位编号,职务
P8,周敏,zhou@example.test,13800138008,O1,采购
,吴刚,wu@example.test,,O1,出纳
,吴刚,wu@example.test,,O2,董事
P7,,,13800138007,O1,司机
,无名,,,O1,保安
P6,郑爽,,,O9,前台
P1,P1,,,O1,店长
"""


def test_a_person_nobody_knows_stays_out_unless_it_was_chosen_to_write_them_down(firm):
    run = written(NEW, "contacts")
    assert (run.rows_created, run.rows_failed, Customer.objects.count()) == (1, 6, 3)
    assert wrong()[2] == {"person": "import.no_such_customer"}


def test_people_nobody_knows_are_written_down_where_it_was_chosen(firm):
    customers.customer(key="O2", name="雅安茶厂", kind="organisation")
    run = written(NEW, "contacts", options=["new_people"])
    assert (run.rows_created, run.rows_failed, run.notes) == (4, 3, {"people": 2})
    zhou = Customer.objects.get(key="P8")
    assert (zhou.name, zhou.kind, zhou.email, zhou.phone, zhou.origin) == (
        "周敏", "person", "zhou@example.test", "+8613800138008", "import",
    )  # fmt: skip
    assert Customer.objects.filter(name="吴刚").count() == 1
    assert set(Contact.objects.filter(person__name="吴刚").values_list("role", flat=True)) == {"出纳", "董事"}
    assert wrong() == {
        5: {"name": "import.value_needed"}, 6: {"person": "import.nobody_named"},
        7: {"organisation": "import.no_such_customer"},
    }  # fmt: skip
    assert not Customer.objects.filter(key="P6").exists()
    again = written(NEW, "contacts", options=["new_people"])
    assert (again.rows_created, again.rows_skipped) == (0, 4)
    undo(SYSTEM, run.change_set)
    assert not Customer.objects.filter(name__in=["周敏", "吴刚"]).exists()


def test_a_trial_of_new_people_counts_the_same_and_keeps_nobody(firm):
    run = make.import_run(NEW, "contacts", order="ymd", country="CN", options=["new_people"])
    tried = running.check(check_import(SYSTEM, run.pk).pk)
    assert (tried.rows_created, tried.rows_failed, tried.notes, Customer.objects.count()) == (3, 4, {"people": 2}, 3)


def test_of_a_row_that_cannot_be_read_a_new_person_is_not_what_is_wrong(firm):
    text = "Person number,Name,Organisation number,Since\nP8,Ann,O1,soon\nP9,,O1,soon\n"
    written(text, "contacts", options=["new_people"])
    assert wrong() == {2: {"since": "date.unreadable"}, 3: {"since": "date.unreadable", "name": "import.value_needed"}}


def test_whoever_may_not_write_down_customers_writes_down_nobody(firm):
    person = make.acting({"workspace.import.*": 4, "customers.contact.*": 4, "customers.customer.read": 4})
    file = files.keep(person, [NEW.encode()])
    run = prepare_import(person, noun="contacts", file=file, file_name="x.csv", options=["new_people"])
    with pytest.raises(Forbidden):
        start_import(person, run.pk)
    shown = Api(make.user("owner")).get("imports/look", noun="contacts", file=run.file)["options"]
    assert [one["name"] for one in shown] == ["new_people"]
    with pytest.raises(Unknown, match="import.unknown_option"):
        prepare_import(SYSTEM, noun="contacts", file=run.file, file_name="x.csv", options=["new_friends"])


def test_who_is_not_seen_is_nobody_and_not_made_twice(firm):
    owner = make.user("seller")
    hidden = customers.customer(key="P8", name="Hidden", owner=owner.pk)
    reader = make.acting(
        {
            "workspace.import.*": 4,
            "customers.contact.*": 4,
            "customers.customer.read": 1,
            "customers.customer.create": 4,
        }
    )
    mine = customers.customer(key="O5", name="Mine", kind="organisation", owner=reader.id)
    text = f"Person number,Name,Organisation number\nP8,Ann,{mine.key}\n"
    file = files.keep(reader, [text.encode()])
    run = prepare_import(reader, noun="contacts", file=file, file_name="x.csv", options=["new_people"])
    running.write(start_import(reader, run.pk).pk)
    assert wrong() == {2: {"person": "import.no_such_customer"}}
    assert Customer.objects.filter(key="P8").get() == hidden


def test_numbers_that_cannot_be_where_they_are_said_to_be_from_are_counted_by_the_trial():
    people = "客户名称,手机\n陈静,13800138000\n吴刚,13900139000\n李娜,+86 13700137000\n"
    for country, impossible in (("GB", {"impossible_numbers": 2}), ("CN", {})):
        run = make.import_run(people, "customers", order="ymd", country=country)
        assert running.check(check_import(SYSTEM, run.pk).pk).notes == impossible


def test_dates_in_the_wrong_order_and_a_second_main_contact_leave_out_their_row_alone(firm):
    rows = "P1,O1,2026-02-01,2026-01-01,\nP2,O1,,,yes\nP1,O1,,,yes\n"
    run = written(f"Person ID,Company ID,Since,Until,Main contact\n{rows}", "contacts")
    assert (run.rows_created, run.rows_failed) == (1, 2)
    assert wrong()[2] == {"until": "constraint.contact_ends_after_it_begins"}


def test_consents_come_in_as_evidence_with_their_own_time_and_tell_it(known):
    zhang, lina, address = known
    run = written(CONSENTS, "consents")
    assert (run.status, run.rows_created, run.rows_failed) == ("done", 3, 0)
    given = Consent.objects.get(customer=zhang, state="given")
    assert (given.purpose, given.channel, given.how, given.wording, given.place) == (
        "marketing", "email", "ticked", "我同意接收新品信息", "官网注册页",
    )  # fmt: skip
    assert Consent.objects.get(customer=lina).contact_point == address
    no = Consent.objects.get(state="withdrawn")
    assert (no.purpose, no.channel, no.how) == ("", "sms", "reply")
    told = EventEntry.objects.filter(name__startswith="customers.consent_", origin="import")
    names = [name.removeprefix("customers.consent_") for name in told.values_list("name", flat=True)]
    assert sorted(names) == ["given", "given", "withdrawn"]
    assert {one.occurred_at for one in told} == set(Consent.objects.values_list("at", flat=True))


def test_the_same_file_of_consents_again_adds_nothing_and_undo_takes_all_of_it_back(known):
    run = written(CONSENTS + CONSENTS.splitlines()[1] + "\n", "consents")
    assert (run.rows_created, run.rows_skipped) == (3, 1)
    again = written(CONSENTS, "consents")
    assert (again.rows_created, again.rows_skipped) == (0, 3)
    assert undo(SYSTEM, run.change_set).removed["customers.consent"] == 3


HEAD = "Customer number,E-mail,Opt-in,Purpose,How,Wording,Place,Date\n"
LACKING = {
    "K1,,yes,marketing,ticked,,Shop,2025-01-01": {"wording": "consent.without_wording"},
    "K1,,yes,marketing,ticked,I agree,,2025-01-01": {"place": "consent.without_place"},
    "K1,,yes,marketing,ticked,I agree,Shop,": {"at": "import.value_needed"},
    "K1,,yes,,ticked,I agree,Shop,2025-01-01": {"purpose": "import.value_needed"},
    "K1,,yes,marketing,,I agree,Shop,2025-01-01": {"how": "import.value_needed"},
    "K1,,,marketing,ticked,,,2025-01-01": {"wording": "consent.without_wording", "place": "consent.without_place"},
    "K1,,yes,marketing,ticked,I agree,Shop,2999-01-01": {"at": "consent.in_future"},
    "K1,lina@example.test,yes,marketing,ticked,I agree,Shop,2025-01-01": {"email": "consent.way_of_another"},
    "K7,,yes,marketing,ticked,I agree,Shop,2025-01-01": {"customer": "import.no_such_customer"},
    ",,yes,marketing,ticked,I agree,Shop,2025-01-01": {"customer": "import.nobody_named"},
    "K1,,perhaps,marketing,ticked,,Shop,2025-01-01": {
        "state": "import.not_a_choice", "wording": "consent.without_wording",
    },
    "K1,,no,,told,,,": {"at": "import.value_needed"},
}  # fmt: skip


def test_a_yes_without_words_place_time_or_purpose_is_no_consent_and_all_of_it_is_said(known):
    run = written(HEAD + "\n".join(LACKING) + "\n", "consents")
    assert (run.rows_created, run.rows_failed, Consent.objects.count()) == (0, len(LACKING), 0)
    assert list(wrong().values()) == list(LACKING.values())


def test_a_consent_of_the_past_does_not_outweigh_a_later_no(known):
    zhang, *_ = known
    customers.consent(zhang, state="withdrawn", purpose="marketing", at=datetime(2026, 1, 1, tzinfo=UTC))
    written(HEAD + "K1,,yes,marketing,ticked,I agree,Shop,2025-01-01\n", "consents")
    latest = Consent.objects.filter(customer=zhang).order_by("-at").first()
    assert latest.state == "withdrawn"


def test_whom_the_importer_does_not_see_is_nobody(known):
    grants = {"customers.*": 1, "workspace.import.*": 4}
    run = written(HEAD + "K1,,yes,marketing,ticked,I agree,Shop,2025-01-01\n", "consents", actor=make.acting(grants))
    assert (run.rows_created, wrong()) == (0, {2: {"customer": "import.no_such_customer"}})


def test_who_may_not_note_a_consent_imports_none(known):
    reader = Api(make.holder({"*": 4, "customers.consent.give": 0}))
    refused = reader.client.post("/api/imports/upload?noun=consents&name=x.csv", b"a,b\n1,2\n", content_type="text/csv")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.not_granted")
