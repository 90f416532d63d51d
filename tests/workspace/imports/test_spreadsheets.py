"""Spreadsheets as people have them: their headings, their words for a choice, whom their orders mean."""

import json

import pytest

from guanxi.commerce.orders.models import Order
from guanxi.customers.contact_points.models import ContactPoint
from guanxi.customers.customers.models import Customer
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.drain import drain
from guanxi.workspace.imports import rules, running
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.operations import check_import, start_import
from guanxi.workspace.imports.targets import of_noun
from tests.client import Api
from tests.factories import customers
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
BUYERS = """订单编号,下单日期,客户姓名,客户手机,商品名称,数量,单价（元）,金额
D1,2026-01-02,王芳,138 0013 8001,茶,2,10,20
D1,2026-01-02,王芳,138 0013 8001,杯,1,30,30
D2,2026-01-03,李雷,139 0013 8002,茶,1,10,10
D3,2026-01-04,,,茶,1,10,10
"""
UNDERSTOOD = {
    "gender": {
        "female": ("female", "Female", "女", "ＦＥＭＡＬＥ", "f", "女士", "女 性", "Ms."),
        "male": ("male", "男", "M", "先生", " Male ", "男生"), None: ("未知", "保密", "N/A", "-"),
    },
    "kind": {
        "person": ("person", "个人", "個人", "Individual"),
        "organisation": ("organisation", "单位", "組織", "企业", "公司", "Company", "公司行號"),
    },
    "language": {
        "zh-Hans": ("zh-Hans", "简体中文", "中文", "ZH-cn"), "zh-Hant": ("繁體中文", "zh_TW"),
        "en": ("English", "英语"),
    },
    "preferred_channel": {"email": ("电子邮件", "E-mail"), "sms": ("短信", "簡訊"), "wechat": ("微信",)},
    "consent": {True: ("是", "YES", "true", "1", "√", "１", "已同意"), False: ("否", "No", "0", "-", "不同意")},
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HOME = tmp_path


def written(text: str, noun: str = "orders", *, actor=SYSTEM, **values) -> ImportRun:
    run = make.import_run(text, noun, order="ymd", country="CN", **values)
    return running.write(start_import(actor, run.pk).pk)


def mapped(noun: str, headings: str) -> dict[str, str]:
    return rules.suggest(of_noun(noun), headings.split(","))


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_choice_is_understood_as_people_write_it(name):
    [source] = rules.sources(of_noun("customers"), {name: "x"}, rules.Reading())
    found = {meant: {source.understood(text) for text in texts} for meant, texts in UNDERSTOOD[name].items()}
    assert found == {meant: {meant} for meant in UNDERSTOOD[name]}


def test_an_ordinary_chinese_list_of_customers_comes_in_whole():
    run = written(
        "会员编号,客户名称,客户类型,性别,联系电话,电子邮箱,所在城市,详细地址\n"
        "1,王芳,个人,女,13800138001,w@example.test,成都,天府大道 1 号\n"
        "2,绵阳茶业,单位,,13800138002,,绵阳,\n",
        "customers",
    )
    assert (run.rows_created, run.rows_failed) == (2, 0)
    assert list(Customer.objects.order_by("key").values_list("kind", "gender", "city")) == [
        ("person", "female", "成都"), ("organisation", "", "绵阳"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“机器人” is not one of: Female, Male."), ("zh-Hans", "“机器人”不在可选范围：女、男。"),
        ("zh-Hant", "「机器人」不在可選範圍：女、男。"),
    ],
)  # fmt: skip
def test_a_refusal_lists_the_words_of_its_reader(language, sentence):
    run = written("姓名,性别\n张伟,机器人\n", "customers")
    told = Api(make.user("owner", language=language)).get(f"imports/{run.pk}/problems")
    assert told["rows"][0]["fields"] == {"gender": sentence}


def test_what_cannot_be_stored_is_refused_as_such_where_a_choice_stands():
    [source] = rules.sources(of_noun("customers"), {"gender": "x"}, rules.Reading())
    with pytest.raises(Exception, match="import.unstorable_text"):
        source.understood("f\x00")


CUSTOMERS = {
    "编号,公司名称,联系方式": {"key": "编号", "name": "公司名称", "phone": "联系方式"},
    "客户编号,编号,姓名,公司名称": {"key": "客户编号", "name": "姓名"},
    "電子郵件,聯絡電話,會員編號,手機號碼": {"key": "會員編號", "email": "電子郵件", "phone": "手機號碼"},
    "手机号码（必填）,性别(男/女),*姓名": {"name": "*姓名", "gender": "性别(男/女)", "phone": "手机号码（必填）"},
    "Ｎａｍｅ,E-mail 1 - Value,Phone No.": {"name": "Ｎａｍｅ", "email": "E-mail 1 - Value", "phone": "Phone No."},
    "Record ID,Full Name,Email,Mobile Phone Number,Company name,State/Region,Postal Code": {
        "key": "Record ID", "name": "Full Name", "email": "Email", "phone": "Mobile Phone Number",
        "region": "State/Region", "postcode": "Postal Code",
    },
    "序号,统一编号,部门": {},
}  # fmt: skip
ORDERS = {
    "单号,订单时间,客户,联系电话,货号,商品,数量,单价,金额": {
        "number": "单号", "ordered_at": "订单时间", "customer_phone": "联系电话", "customer_name": "客户",
        "product": "货号", "description": "商品", "quantity": "数量", "unit_price": "单价",
    },
    "訂單編號,訂購日期,客戶,品名,數量,單價,小計": {
        "number": "訂單編號", "ordered_at": "訂購日期", "customer": "客戶", "description": "品名", "quantity": "數量",
        "unit_price": "單價",
    },
    "Name,Email,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Id": {
        "number": "Name", "customer_email": "Email", "ordered_at": "Created at", "quantity": "Lineitem quantity",
        "description": "Lineitem name", "unit_price": "Lineitem price", "product": "Lineitem sku",
        "customer_name": "Billing Name",
    },
    "Order ID,Order Date,Name,Phone,Product,SKU,Qty,Unit Price,Line total,Total": {
        "number": "Order ID", "ordered_at": "Order Date", "customer_name": "Name", "customer_phone": "Phone",
        "description": "Product", "product": "SKU", "quantity": "Qty", "unit_price": "Unit Price",
    },
    "金额,小计,总价,实付金额,Amount,Line total": {},
}  # fmt: skip


@pytest.mark.parametrize(("noun", "headings", "expected"), [
    *(("customers", *one) for one in CUSTOMERS.items()), *(("orders", *one) for one in ORDERS.items()),
])  # fmt: skip
def test_headings_of_other_programs_are_understood_with_the_others_around_them(noun, headings, expected):
    assert mapped(noun, headings) == expected


@pytest.mark.parametrize(("noun", "column", "headings"), [
    ("customers", "phone", "联系电话 手机号码 电话号码 联系方式 移动电话 手機號碼 聯絡電話 行動電話"),
    ("customers", "city", "所在城市"), ("customers", "address", "详细地址 收货地址 詳細地址 地址"),
    ("customers", "email", "邮箱地址 电子邮箱 電子郵件 電子信箱"),
    ("customers", "key", "编号 会员号 会员编号 會員編號"), ("customers", "name", "公司名称 单位名称 公司名稱"),
    ("orders", "ordered_at", "下单日期 订单日期 订单时间 訂購日期"), ("orders", "number", "单号 訂單編號"),
    ("orders", "description", "产品名称 商品 商品名称 品名"), ("orders", "product", "货号 貨號"),
    ("orders", "customer_phone", "客户手机 客户电话 客戶電話"),
])  # fmt: skip
def test_a_heading_alone_is_understood(noun, column, headings):
    found = {heading: mapped(noun, heading) for heading in headings.split()}
    assert found == {heading: {column: heading} for heading in headings.split()}


def test_orders_find_their_customer_by_phone_and_others_become_new_under_their_name():
    known = customers.customer(name="王芳")
    customers.contact_point(known, kind="phone", value="+8613800138001")
    run = written(BUYERS)
    assert (run.rows_created, run.rows_failed) == (4, 0)
    assert run.notes == {"orders": 3, "customers": 1}
    of = dict(Order.objects.values_list("number", "customer__name"))
    assert of == {"D1": "王芳", "D2": "李雷", "D3": None}
    assert Customer.objects.count() == 2
    assert ContactPoint.objects.get(customer__name="李雷").value == "+8613900138002"
    assert written(BUYERS.replace("D2,", "D9,")).notes == {"orders": 1}


def test_a_trial_says_how_many_customers_would_be_new_and_makes_none():
    tried = running.check(check_import(SYSTEM, make.import_run(BUYERS, "orders", order="ymd", country="CN").pk).pk)
    assert (tried.notes, Customer.objects.count()) == ({"orders": 3, "customers": 2}, 0)


def test_orders_find_their_customer_by_address_before_phone_and_by_number_alone_where_one_is_given():
    head = "Order ID,Order date,Customer number,Email,Phone,Qty,Price\n"
    ann, bob, cid = (customers.customer(name=name, key=key) for name, key in (("Ann", "K1"), ("Bob", ""), ("Cid", "")))
    customers.contact_point(bob, kind="email", value="bob@example.test")
    customers.contact_point(cid, kind="phone", value="+8613800138001")
    written(
        f"{head}1,2026-01-02,K1,bob@example.test,,1,1\n2,2026-01-02,,Bob@Example.test,13800138001,1,1\n"
        "3,2026-01-02,,new@example.test,13800138001,1,1\n"
    )
    assert list(Order.objects.order_by("number").values_list("customer", flat=True)) == [ann.pk, bob.pk, cid.pk]


def test_rows_that_say_less_than_the_first_of_their_order_mean_the_same_customer():
    run = written(
        "Order ID,Order date,Email,Phone,Qty,Price\n1,2026-01-02,a@example.test,13800138001,1,1\n"
        "1,2026-01-02,a@example.test,,1,1\n1,2026-01-02,,,1,1\n"
    )
    assert run.notes == {"orders": 1, "customers": 1}


def test_a_name_alone_makes_nobody_and_that_is_said():
    run = written("订单号,日期,客户姓名,数量,单价\n1,2026-01-02,王芳,1,1\n")
    assert run.notes == {"orders": 1, "unrecognised_customer": 1}
    assert not Customer.objects.exists()


def test_whose_phone_it_is_that_the_importer_does_not_see_is_told_as_of_no_record():
    theirs = customers.customer(name="Anna Ito")
    customers.contact_point(theirs, kind="phone", value="+8613800138001")
    grants = {"customers.*": 1, "commerce.*": 4, "workspace.import.*": 4}
    run = written(
        "Order ID,Order date,Customer phone,Qty,Price\n1,2026-01-02,13800138001,1,1\n2,never,13800138001,1,1\n",
        actor=make.acting(grants),
    )
    assert (run.rows_created, run.rows_failed) == (0, 2)
    fields = ImportProblem.objects.get(run=run, number=3).problem["fields"]
    assert fields["customer_phone"]["code"] == "record.not_found"


def test_the_place_of_a_row_that_failed_is_headed_in_the_language_of_whoever_brought_it():
    owner = make.actor("owner", language="zh-Hant")
    run = written("訂單編號,日期,數量,單價\n1,2026-01-02,兩,1\n", actor=owner)
    assert ImportProblem.objects.get(run=run).cells["項次"] == "1"


def test_the_columns_of_a_trial_are_changed_and_a_finished_file_is_found_again_with_its_mapping():
    api = Api(make.user("owner"))
    file = api.client.post("/api/imports/upload?noun=customers&name=a.csv", "名,话\n张伟,13800138001\n".encode(),
                           content_type="text/csv").json()["file"]  # fmt: skip
    made = api.post("imports", {"noun": "customers", "file": file, "file_name": "a.csv", "mapping": {"name": "名"}},
                    status=201)  # fmt: skip
    api.post(f"imports/{made['id']}/check")
    drain()
    assert api.get(f"imports/{made['id']}")["status"] == "checked"
    mapping = {"name": "名", "phone": "话"}
    assert api.post(f"imports/{made['id']}/map", {"mapping": mapping})["status"] == "prepared"
    api.post(f"imports/{made['id']}/start")
    drain()
    done = [{"field": "noun", "op": "is", "value": "customers"}, {"field": "status", "op": "is", "value": "done"}]
    [found] = api.get("imports", where=json.dumps({"and": done}), sort="-ended_at")["rows"]
    assert (found["id"], found["file"], found["mapping"]) == (made["id"], file, mapping)
