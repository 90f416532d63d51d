"""Files on their way in: looked at, tried, written in batches, reported row by row, taken back."""

import gzip
import json
from datetime import timedelta

import pytest

from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.customers.consents.models import Consent
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.customers.customers.operations import create_customer
from guanxi.customers.segments.models import Membership
from guanxi.customers.segments.operations import put_segment
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.kernel.time import frozen, now
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change
from guanxi.lib import tables
from guanxi.lib.errors import Conflict, Invalid, NotFound
from guanxi.workspace.imports import files, rules, running
from guanxi.workspace.imports.jobs import LEFT, resume_imports
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import (
    cancel_import,
    check_import,
    check_import_here,
    map_import,
    start_import,
    start_import_here,
)
from guanxi.workspace.tokens.queries import actor_of
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make
from tests.unchanged import fingerprint, nothing_changes

pytestmark = pytest.mark.django_db
ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
536365,71053,LANTERN,6,2010-12-01 08:27:00,3.39,17850,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom
536414,22139,,56,2010-12-01 11:52:00,0,,United Kingdom
536589,21777,,-10,2010-12-01 16:50:00,0,,United Kingdom
"""
PEOPLE = """客户编号,姓名,邮箱,手机,生日,城市,同意营销,同意内容
K1,张伟,zhang@example.test,13800138000,1985-03-09,成都,是,我同意接收新品信息
K2,李娜,,123,1990-07-01,绵阳,否,
K3,,nobody@example.test,,,,,
K4,Jane Smith,not an address,,,Leeds,,
"""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str, **values) -> ImportRun:
    run = make.import_run(text, noun, **values)
    return running.write(start_import(SYSTEM, run.pk).pk)


def test_of_a_file_that_is_refused_nothing_stays_on_the_disk(tmp_path):
    """Cut short, garbled in the middle, too large: each is said, and the disk is as before."""
    packed = bytearray(gzip.compress(PEOPLE.encode() * 50))
    garbled = bytes(packed[:40]) + b"\xff" * 40 + bytes(packed[80:])
    for bytes_ in (bytes(packed[:-20]), garbled, b"\x1f\x8bnot gzip at all"):
        with pytest.raises(Invalid, match="import.broken_gzip"):
            files.keep(SYSTEM, [bytes_])
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../key", "key", "\x00", "a" * 300, "/etc/passwd"])
def test_only_files_that_were_given_are_opened(name, tmp_path):
    (tmp_path / "key").write_text("secret")
    with pytest.raises(NotFound, match="import.file_gone"):
        files.opened(name)


def test_an_import_acts_as_whoever_starts_it():
    """Prepared by somebody who may do everything, started by somebody who sees less: no more is written than that."""
    known = create_customer(SYSTEM, name="Before", key="K9")
    run = make.import_run("Customer number,Name\nK9,After\n")
    marketer = make.acting({"workspace.import.*": 4, "customers.*": 1})
    ended = running.write(start_import(marketer, run.pk).pk)
    known.refresh_from_db()
    assert (ended.owner_id, ended.rows_updated, known.name) == (marketer.id, 0, "Before")


def test_headings_are_understood_in_two_languages():
    assert make.import_run(ORDERS, "orders").mapping["ordered_at"] == "InvoiceDate"
    assert make.import_run(PEOPLE).mapping == {
        "key": "客户编号", "name": "姓名", "email": "邮箱", "phone": "手机", "birthday": "生日", "city": "城市",
        "consent": "同意营销", "consent_wording": "同意内容",
    }  # fmt: skip


def test_rows_of_one_document_become_one_order_and_twins_count():
    run = written(ORDERS, "orders")
    assert (run.status, run.rows_read, run.rows_created, run.rows_failed) == ("done", 6, 6, 0)
    order = Order.objects.get(number="536365")
    assert list(OrderLine.objects.filter(order=order).order_by("ordinal").values_list("ordinal", flat=True)) == [
        1,
        2,
        3,
    ]
    assert str(order.total) == "55.9800"
    assert run.notes == {"orders": 4, "several_ordered_at": 1, "customers": 2}
    kinds = dict(Order.objects.values_list("number", "kind"))
    assert kinds == {"536365": "sale", "C536379": "cancellation", "536414": "sale", "536589": "adjustment"}
    assert Order.objects.get(number="536414").customer is None
    assert Customer.objects.get(key="17850").name == "Customer 17850"


def test_the_same_file_again_adds_nothing():
    written(ORDERS, "orders")
    again = written(ORDERS, "orders")
    assert (again.rows_created, again.rows_skipped) == (0, 6)


def test_an_address_shared_with_somebody_of_another_name_makes_nobody_into_them():
    """Husband and wife, in one file and over two; whoever is spelled otherwise is the same, and a key decides alone."""
    couple = "Name,Email,City\n张伟,home@tea.test,Leeds\n王芳,home@tea.test,York\nZhang Wei,home@tea.test,Bath\n"
    run = written(couple, "customers")
    assert (run.rows_created, run.rows_updated, run.rows_failed) == (1, 1, 1)
    problem = ImportProblem.objects.get(run=run)
    assert (problem.number, problem.problem["fields"]["name"]["code"]) == (3, "import.another_name")
    again = written("Name,Email\n王芳,home@tea.test\n", "customers")
    assert (again.rows_failed, Customer.objects.get().name, Customer.objects.get().city) == (1, "Zhang Wei", "Bath")
    written("Customer number,Name\nK1,Ann Lee\n", "customers")
    assert written("Customer number,Name\nK1,王芳\n", "customers").rows_updated == 1


def test_people_come_with_their_ways_and_evidence_and_wrong_rows_are_reported():
    run = written(PEOPLE, "customers", order="ymd", country="CN")
    assert (run.rows_created, run.rows_failed) == (2, 2)
    assert Consent.objects.get().wording == "我同意接收新品信息"
    assert ContactPoint.objects.get(customer__key="K2").verdict == "impossible"
    assert ContactPoint.objects.get(customer__key="K1", kind="phone").value == "+8613800138000"
    codes = {
        one.number: {n: p["code"] for n, p in one.problem["fields"].items()} for one in ImportProblem.objects.all()
    }
    assert codes == {4: {"name": "import.value_needed"}, 5: {"email": "import.not_an_address"}}


def test_whoever_is_new_has_the_best_way_of_all_their_rows_written_down():
    rows = "Ann,ann@x.test,\nAnn,ANN@x.test,07700 900123\nBo,bo@x.test,07700 900124\n"
    run = written(f"Name,Email,Phone\n{rows}", "customers", country="GB")
    assert (run.rows_created, run.rows_updated) == (2, 1)
    assert list(Customer.objects.order_by("name").values_list("name", "email", "phone")) == [
        ("Ann", "ann@x.test", "+447700900123"),
        ("Bo", "bo@x.test", "+447700900124"),
    ]


def test_a_yes_of_a_day_that_has_not_come_is_reported_and_not_taken():
    run = written(
        "Name,Email,Consent,Consent wording,Consent date\nAnn,ann@example.test,yes,I agree,2999-01-01\n",
        "customers",
        order="ymd",
    )
    assert (run.rows_created, run.rows_failed, Consent.objects.count()) == (0, 1, 0)
    assert ImportProblem.objects.get().problem["fields"]["consent_at"]["code"] == "consent.in_future"


def test_a_second_file_enriches_by_key_and_undo_brings_the_first_state_back():
    written(ORDERS, "orders")
    before = fingerprint()["customers_customer"][0], list(Customer.objects.order_by("key").values_list("key", "name"))
    second = written(
        "CustomerID,Name,E-mail\n17850,Ann Lee,ann@example.test\n14527,Bo Li,bo@example.test\n", "customers"
    )
    assert (second.rows_updated, second.rows_created) == (2, 0)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Ann Lee", "Bo Li"}
    with change(Customer, Customer.objects.get(key="14527").pk, by=SYSTEM) as held:
        held.city = "Bath"
    report = undo(SYSTEM, second.change_set)
    assert report.restored["customers.customer"] == 1
    assert [(one.record, one.reason) for one in report.kept] == [("customers.customer", "changed_since")]
    assert report.removed["customers.contact_point"] == 2
    after = list(Customer.objects.order_by("key").values_list("key", "name"))
    assert (before[0], dict(before[1]) | {"14527": "Bo Li"}) == (len(after), dict(after))


def test_a_trial_keeps_nothing_and_counts_the_same():
    run = make.import_run(PEOPLE, order="ymd", country="CN")
    run = check_import(SYSTEM, run.pk)
    before = {t: v for t, v in fingerprint().items() if t.startswith(("customers_", "commerce_", "kernel_evententry"))}
    tried = running.check(run.pk)
    after = {t: v for t, v in fingerprint().items() if t in before}
    assert after == before
    assert (tried.status, tried.rows_created, tried.rows_failed) == ("checked", 2, 2)
    done = running.write(start_import(SYSTEM, run.pk).pk)
    assert (done.rows_created, done.rows_failed) == (2, 2)


def test_a_file_that_is_written_by_who_started_it_is_no_workers_unless_that_one_dies():
    run = start_import_here(SYSTEM, make.import_run(ORDERS, "orders").pk)
    drain()
    assert ImportRun.objects.get(pk=run.pk).position == 0
    resume_imports.function()
    drain()
    assert ImportRun.objects.get(pk=run.pk).status == "done"


def test_a_trial_of_who_asked_for_it_here_is_no_workers_unless_it_was_left():
    with frozen(now()) as clock:
        run = check_import_here(SYSTEM, make.import_run(ORDERS, "orders").pk)
        drain()
        resume_imports.function()
        drain()
        assert ImportRun.objects.get(pk=run.pk).status == "checking"
        assert running.check(run.pk).status == "checked"
        left = check_import_here(SYSTEM, make.import_run(ORDERS, "orders").pk)
        clock.advance(LEFT + timedelta(seconds=1))
        resume_imports.function()
        drain()
        assert ImportRun.objects.get(pk=left.pk).status == "checked"


def test_whoever_is_brought_in_stays_where_they_start_and_is_not_written_again():
    lifecycle = put_segment(
        SYSTEM, name="Lifecycle", key="lifecycle", kind="partition", otherwise="contact",
        classes=[{"class": "purchase", "condition": {"field": "city", "op": "is", "value": "Leeds"}}],
    )  # fmt: skip
    written("Name,City\nAnn,York\nBob,Leeds\n", "customers")
    before = dict(Customer.objects.extra(select={"place": "ctid::text"}).values_list("name", "place"))
    drain()
    after = dict(Customer.objects.extra(select={"place": "ctid::text"}).values_list("name", "place"))
    assert {name for name in before if before[name] != after[name]} == {"Bob"}
    assert set(Customer.objects.values_list("name", "lifecycle", "lifecycle_cause")) == {
        ("Ann", "contact", "import"), ("Bob", "purchase", "import"),
    }  # fmt: skip
    assert set(Membership.objects.filter(segment=lifecycle).values_list("class_name", "cause")) == {
        ("contact", "import"),
        ("purchase", "import"),
    }


def test_killed_between_two_batches_it_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    run = start_import(SYSTEM, make.import_run(ORDERS, "orders").pk)
    real, calls = running._write_batch, []

    def dies_after_one(*args):
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*args)

    monkeypatch.setattr(running, "_write_batch", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        running.write(run.pk)
    assert OrderLine.objects.count() == 3
    monkeypatch.setattr(running, "_write_batch", real)
    done = running.write(run.pk)
    assert (done.status, done.rows_read, done.rows_created, OrderLine.objects.count()) == ("done", 6, 6, 6)


def test_stopped_it_writes_no_more():
    run = start_import(SYSTEM, make.import_run(ORDERS, "orders").pk)
    cancel_import(SYSTEM, run.pk)
    assert running.write(run.pk).status == "cancelled"
    assert not Order.objects.exists()
    with nothing_changes(), pytest.raises(Conflict, match="import.already_begun"):
        start_import(SYSTEM, run.pk)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"name": "Nome"}, "import.unknown_heading"), ({"nom": "Name"}, "import.unknown_column"),
        ({"city": {"fixed": 1}}, "import.wrong_constant"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused(mapping, code):
    run = make.import_run()
    with nothing_changes(), pytest.raises(Invalid, match=code):
        map_import(SYSTEM, run.pk, mapping=mapping)


def test_what_a_target_needs_must_be_mapped():
    run = make.import_run("StockCode,Quantity\nA,1\n", "orders")
    with nothing_changes(), pytest.raises(Invalid, match="import.column_needed"):
        start_import(SYSTEM, run.pk)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.50", "1234.50"), ("(12)", "-12"), ("¥99", "99"), ("1 000", "1000"), ("-0.5", "-0.5"), ("88元", "88")],
)
def test_numbers_as_people_type_them(text, expected):
    assert str(rules.number(text)) == expected


@pytest.mark.parametrize("text", ["abc", "NaN", "1e400", "=1+1", "12..3"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(Invalid, match="import.not_a_number"):
        rules.number(text)


def test_over_http_from_the_file_to_the_rows_that_failed():
    api = Api(make.user("owner"))
    looked = api.client.post(
        "/api/imports/upload?noun=customers&name=people.csv", PEOPLE.encode("gb18030"), content_type="text/csv"
    ).json()
    assert (looked["encoding"], looked["sample"][0]["姓名"]) == ("gb18030", "张伟")
    made = api.post(
        "imports",
        {"noun": "customers", "file": looked["file"], "file_name": "people.csv", "order": "ymd", "country": "CN"},
        status=201,
    )
    api.post(f"imports/{made['id']}/start")
    drain()
    assert api.get(f"imports/{made['id']}")["status"] == "done"
    failed = api.get(f"imports/{made['id']}/problems")
    assert failed["rows"][1]["fields"] == {"email": "“not an address” is not an e-mail address."}
    sheet = api.client.get(f"/api/imports/{made['id']}/problems.csv")
    assert "Jane Smith" in sheet.content.decode("utf-8-sig")
    report = api.post(f"imports/{made['id']}/undo")
    assert report["removed"]["customers.customer"] == 2
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("rights", "code"),
    [
        ({"customers.*": 1, "workspace.import.*": 4}, "record.not_found"),
        ({"customers.*": 1, "customers.customer.read": 4, "workspace.import.*": 4}, "access.not_this_one"),
    ],
    ids=["unseen", "seen"],
)
def test_a_row_about_a_customer_of_somebody_else_is_told_and_the_others_arrive(rights, code):
    theirs = customers.customer(key="K1", name="Anna Ito")
    seller = make.holder(rights)
    run = make.import_run("Key,Name\nK1,Anna Roe\nK2,Bob Roe\n")
    ImportRun.objects.filter(pk=run.pk).update(owner=seller)
    done = running.write(start_import(actor_of(seller.pk), run.pk).pk)
    assert (done.status, done.rows_created, done.rows_updated, done.rows_failed) == ("done", 1, 0, 1)
    assert ImportProblem.objects.get(run=done).problem["code"] == code
    theirs.refresh_from_db()
    assert theirs.name == "Anna Ito"


def test_an_import_is_undone_only_by_whoever_might_have_made_it():
    run = make.import_run("Invoice,Code,Quantity,Date,Price\n7,A,1,2026-01-02,10\n", "orders")
    done = running.write(start_import(SYSTEM, run.pk).pk)
    assert (done.status, done.rows_created) == ("done", 1)
    marketer = Api(make.user("marketer"))
    with nothing_changes():
        marketer.post(f"imports/{run.pk}/undo", {}, status=403)


def test_an_undo_leaves_what_its_actor_does_not_see():
    run = make.import_run("Key,Name\nK1,Anna Ito\nK2,Bob Roe\n")
    done = running.write(start_import(SYSTEM, run.pk).pk)
    grants = {"customers.*": 1, "workspace.import.*": 4, "kernel.undo": 4}
    seller = make.holder(grants)
    Customer.objects.filter(key="K2").update(owner=seller)
    report = undo(actor_of(seller.pk), done.change_set)
    assert (report.removed["customers.customer"], report.kept_by_reason()) == (1, {"customers.customer:not_seen": 1})
    assert Customer.objects.get().key == "K1"


def test_a_country_by_its_name_and_rows_that_failed_are_there_once_after_a_trial():
    run = make.import_run("Name,Country\nAnna Ito,United Kingdom\nBob Roe,台灣\nCid Doe,??\nDan Poe,Narnia\n")
    check_import(SYSTEM, run.pk)
    running.check(run.pk)
    done = running.write(start_import(SYSTEM, run.pk).pk)
    assert (done.rows_created, done.rows_failed) == (2, 2)
    assert set(Customer.objects.values_list("name", "country")) == {("Anna Ito", "GB"), ("Bob Roe", "TW")}
    assert ImportProblem.objects.filter(run=done).count() == 2


def test_an_agent_imports_nothing():
    api = Api(make.user("agent"))
    with nothing_changes():
        refused = api.client.post("/api/imports/upload?noun=products&name=x.csv", b"Code\nA\n", content_type="text/csv")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (403, "access.not_granted")


def test_a_formula_that_failed_goes_out_as_text():
    api = Api(make.user("owner"))
    run = make.import_run('Name,E-mail,=NOW()\n"=HYPERLINK(1)",nobody,x\n')
    running.write(start_import(SYSTEM, run.pk).pk)
    sheet = api.client.get(f"/api/imports/{run.pk}/problems.csv").content.decode("utf-8-sig")
    assert sheet.splitlines()[0].split(",") == ["Name", "E-mail", "'=NOW()", "What is wrong"]
    assert "'=HYPERLINK(1)" in sheet
    file = files.keep(SYSTEM, [sheet.encode()])
    with files.opened(file) as again:
        assert tables.shape(again).headings == ("Name", "E-mail", "=NOW()", "What is wrong")
