"""Orders that come in from files, a line a row: rows of one document are one order, in the order of the file."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.commerce.orders import rules
from guanxi.commerce.orders.buyers import RECOGNISING, Buyers, columns_of_unseen, find_or_create
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.orders.operations import told
from guanxi.commerce.products.models import Product
from guanxi.commerce.purchases.operations import add_up
from guanxi.customers.contact_points.rules import LONGEST
from guanxi.kernel.access import hidden_from, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.custom import added_in, added_to
from guanxi.kernel.events import record
from guanxi.kernel.fitting import fitting
from guanxi.kernel.models import new_id
from guanxi.kernel.records import type_of
from guanxi.kernel.time import now
from guanxi.kernel.writes import change_many, create_many, insert_many
from guanxi.lib.errors import Conflict, Invalid, NotFound
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

USING = "commerce.order.place"
LARGEST = Decimal(10) ** 12
GOODS = ("Product", "Item", "Goods", "商品", "产品", "货品", "產品", "貨品")
"""What may be headed by a word for goods is their name or, beside one, their code."""


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write the lines of some documents; what is there already, by document and place, is left as it is."""
    result = Result()
    numbers = {line.values["number"] for line in lines}
    seen = visible_to(actor, Order).filter(number__among=numbers)
    orders = {order.number: order for order in seen.defer("search")}
    fresh = _fresh(actor, _free(lines, _taken(actor, numbers), result), orders, result)
    result.created = len(fresh)
    if not fresh:
        return result
    who, products = find_or_create(actor, fresh, result), _products(actor, fresh)
    added = _orders(actor, fresh, orders, who, result)
    insert_many(actor, OrderLine, [_line(line, orders, products) for line in fresh], using=USING)
    _add_up(actor, orders, fresh, added)
    add_up([orders[line.values["number"]].customer_id for line in fresh])
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with lines of which some cells could not be read."""
    unseen = columns_of_unseen(actor, lines)
    numbers = {line.values["number"] for line in lines if "number" in line.values}
    taken = _taken(actor, numbers)
    latest = rules.latest(now())
    found: list[Wrong] = []
    for line in lines:
        wrong: Wrong = {}
        if line.values.get("number") in taken:
            wrong["number"] = _number_taken()
        if "ordered_at" in line.values and line.values["ordered_at"] > latest:
            wrong["ordered_at"] = Invalid("order.in_the_future")
        if {"quantity", "unit_price"} <= line.values.keys() and abs(_amount(line)) >= LARGEST:
            wrong["unit_price"] = Invalid("import.amount_too_large")
        if line.number in unseen:
            wrong[unseen[line.number]] = NotFound("record.not_found", record="customers.customer")
        found.append(wrong)
    return found


def _free(lines: Sequence[Line], taken: set[str], result: Result) -> Sequence[Line]:
    """All lines but those of an order that is not seen: no more is said of it than that its number is taken."""
    if not taken:
        return lines
    hidden = [line for line in lines if line.values["number"] in taken]
    result.problems += [(line.number, unreadable({"number": _number_taken()})) for line in hidden]
    return [line for line in lines if line.values["number"] not in taken]


def _taken(actor: Actor, numbers: set[str]) -> set[str]:
    """Those of the numbers that orders have which the importer does not see."""
    return set(hidden_from(actor, Order).filter(number__among=numbers).values_list("number", flat=True))


def _number_taken() -> Conflict:
    return Conflict("constraint.order_number_is_unique", record="commerce.order")


def _fresh(actor: Actor, lines: Sequence[Line], orders: Mapping[str, Order], result: Result) -> list[Line]:
    """The lines that are not there yet; one whose place holds something else is reported, never lost in silence."""
    called = {order.pk: number for number, order in orders.items()}
    stored = OrderLine.objects.filter(order__among=called)
    stands = {
        (called[order], ordinal): rest
        for order, ordinal, *rest in stored.values_list("order", "ordinal", "product__code", "quantity", "unit_price")
    }
    readable, latest = actor.may("commerce.order_line.read"), rules.latest(now())
    fresh: dict[tuple[str, int], Line] = {}
    extended = added_to("commerce.order")
    for line in lines:
        place = (line.values["number"], line.ordinal)
        if abs(_amount(line)) >= LARGEST:
            result.problems.append((line.number, unreadable({"unit_price": Invalid("import.amount_too_large")})))
        elif line.values["ordered_at"] > latest:
            result.problems.append((line.number, unreadable({"ordered_at": Invalid("order.in_the_future")})))
        elif extended and (unfitting := fitting(type_of(Order), added_in(line.values))[1]):
            result.problems.append((line.number, unreadable(unfitting)))
        elif place not in stands and place not in fresh:
            fresh[place] = line
        elif place in stands and not readable:
            result.problems.append((line.number, Conflict("constraint.order_line_has_its_place")))
        elif (stands.get(place) or _said(fresh[place])) == _said(line):
            result.skipped += 1
        else:
            result.problems.append((line.number, Invalid("import.place_taken", number=place[0], place=place[1])))
    return list(fresh.values())


def _said(line: Line) -> list[Any]:
    values = line.values
    return [values.get("product"), rules.exact(values["quantity"]), rules.exact(values["unit_price"])]


def _products(actor: Actor, lines: Sequence[Line]) -> dict[str, UUID]:
    """Products by their code; the first description a code comes with is its name."""
    names: dict[str, str] = {}
    for line in lines:
        if "product" in line.values and not names.get(line.values["product"]):
            names[line.values["product"]] = line.values.get("description", "")
    found = dict(Product.objects.filter(code__among=names).values_list("code", "pk"))
    new: list[dict[str, Any]] = [
        {"id": new_id(), "code": code, "name": names[code]} for code in sorted(set(names) - set(found))
    ]
    insert_many(actor, Product, new, using="commerce.product.create")
    return {**found, **{one["code"]: one["id"] for one in new}}


def _orders(actor: Actor, lines: Sequence[Line], orders: dict[str, Order], who: Buyers, result: Result) -> list[Order]:
    """The orders that are not there yet, each from its first row; rows that say otherwise are counted."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.values["number"], []).append(line)
    new: list[dict[str, Any]] = []
    for number, own in grouped.items():
        if number in orders:
            continue
        first = own[0].values
        _note(result, own, who)
        new.append(
            {
                "id": new_id(),
                "number": number,
                "customer_id": who.customer(own[0]),
                "kind": first.get("kind") or rules.kind_of(number, [line.values["quantity"] for line in own]),
                "ordered_at": min(line.values["ordered_at"] for line in own),
                "currency": first.get("currency") or CURRENCY.get(),
                "country": first.get("country", ""),
                "channel": first.get("channel", ""),
                "total": sum((_amount(line) for line in own), Decimal(0)),
                **fitting(type_of(Order), added_in(first))[0],
            }
        )
    added = create_many(actor, Order, new, using=USING, checked=True)
    orders.update({order.number: order for order in added})
    record(actor, [(told(order), order.ordered_at) for order in added])
    return added


def _note(result: Result, lines: Sequence[Line], who: Buyers) -> None:
    """Count an order, and where it is not as each of its rows says."""
    happened = {
        "orders": True,
        "several_ordered_at": len({line.values["ordered_at"] for line in lines}) > 1,
        "several_customer": who.differ(lines),
        "unrecognised_customer": "customer_name" in lines[0].values and who.customer(lines[0]) is None,
    }
    for name in (name for name, so in happened.items() if so):
        result.notes[name] = result.notes.get(name, 0) + 1


def _line(line: Line, orders: dict[str, Order], products: dict[str, UUID]) -> dict[str, Any]:
    values = line.values
    return {
        "order_id": orders[values["number"]].pk,
        "ordinal": line.ordinal,
        "product_id": products.get(values.get("product", "")),
        "description": values.get("description", ""),
        "quantity": values["quantity"],
        "unit_price": values["unit_price"],
        "amount": _amount(line),
    }


def _amount(line: Line) -> Decimal:
    return rules.amount(line.values["quantity"], line.values["unit_price"])


def _add_up(actor: Actor, orders: dict[str, Order], lines: Sequence[Line], added: Sequence[Order]) -> None:
    """Orders that were there before and got more lines come to more."""
    new = {order.pk for order in added}
    more: dict[UUID, Decimal] = {}
    for line in lines:
        order = orders[line.values["number"]]
        if order.pk not in new:
            more[order.pk] = more.get(order.pk, order.total) + _amount(line)
    if more:
        change_many(actor, Order, {id: {"total": total} for id, total in more.items()}, using=USING)


TARGET = Target(
    noun="orders",
    permission=USING,
    records=("commerce.order",),
    document="number",
    place="ordinal",
    own={
        "number": Column(
            required=True,
            longest=80,
            headings=("InvoiceNo", "Invoice", "Invoice number", "Invoice ID", "Order", "Order ID", "Order number", "Order no", "Sales order number", "订单号", "订单编号", "订单号码", "订单ID", "单号", "单据号", "单据编号", "销售单号", "發票號碼", "訂單編號", "訂單號碼", "訂單號", "單號", "單據編號", "銷貨單號"),
            beside={"Name": ("Lineitem name", "Lineitem quantity")},
            perhaps=("编号", "編號", "ID", "Number"),
        ),
        "ordered_at": Column(
            kind="moment",
            required=True,
            headings=("InvoiceDate", "Order date", "Order time", "Ordered at", "Ordered on", "Created at", "Date created", "Created time", "Purchase date", "Sales date", "Date", "下单时间", "下单日期", "订单日期", "订单时间", "订单创建时间", "订购日期", "订购时间", "购买日期", "购买时间", "成交时间", "交易时间", "交易日期", "销售日期", "开单日期", "日期", "訂購日期", "訂購時間", "訂單日期", "訂單時間", "下單時間", "下單日期", "購買日期", "購買時間", "交易時間", "交易日期", "銷貨日期", "銷售日期", "訂單成立日期", "訂單成立時間"),
            perhaps=("Paid at", "Created", "Time", "付款时间", "支付时间", "时间", "付款時間", "時間"),
        ),
        "customer": Column(
            longest=120,
            headings=("CustomerID", "Customer number", "Customer no", "Customer code", "Client ID", "Client number", "Member ID", "Member number", "客户编号", "客户号", "客户号码", "客户编码", "客户代码", "会员号", "会员编号", "会员号码", "会员卡号", "会员ID", "客戶編號", "客戶代號", "客戶代碼", "客戶號碼", "會員編號", "會員號碼", "會員代號", "會員卡號", "會員ID"),
            perhaps=("Customer", "Client", "客户", "客戶"),
        ),
        "customer_email": Column(
            kind="email",
            headings=("Customer email", "Email", "E-mail", "Mail", "Email address", "E-mail address", "Billing email", "Buyer email", "Contact email", "客户邮箱", "客户电子邮箱", "买家邮箱", "会员邮箱", "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "邮件地址", "电邮", "客戶電子郵件", "客戶信箱", "買家信箱", "會員信箱", "電子郵件", "電子信箱", "信箱", "郵箱", "電郵"),
        ),
        "customer_phone": Column(
            kind="phone",
            longest=LONGEST,
            headings=("Customer phone", "Customer mobile", "Phone", "Phone number", "Mobile", "Mobile phone", "Mobile number", "Cell phone", "Telephone", "Tel", "Billing phone", "Buyer phone", "Contact number", "Contact phone", "客户手机", "客户手机号", "客户电话", "买家手机", "买家电话", "会员手机", "手机", "手机号", "手机号码", "移动电话", "联系电话", "联系手机", "电话", "电话号码", "客戶手機", "客戶電話", "買家手機", "買家電話", "會員手機", "手機", "手機號碼", "手機號", "行動電話", "聯絡電話", "連絡電話", "聯絡手機", "電話", "電話號碼"),
            perhaps=("联系方式", "聯絡方式", "客户联系方式", "客戶聯絡方式", "Shipping phone", "收货人手机", "收货人电话", "收件人手机", "收件人电话", "收件人手機", "收件人電話", "收貨人電話"),
        ),
        "customer_name": Column(
            longest=200,
            headings=("Customer name", "Customer full name", "Client name", "Buyer name", "Billing name", "客户姓名", "客户名称", "客户名", "买家姓名", "会员姓名", "客戶姓名", "客戶名稱", "買家姓名", "會員姓名", "訂購人"),
            beside=dict.fromkeys(("Customer", "Client", "Buyer", "客户", "买家", "客戶", "買家", "Full name", "Name", "姓名", "收货人", "收货人姓名", "收件人", "收件人姓名", "收貨人", "Shipping name"), RECOGNISING),
        ),
        "product": Column(
            longest=80,
            headings=("StockCode", "SKU", "Product code", "Product SKU", "Product number", "Item code", "Item number", "Item SKU", "Lineitem sku", "商品编码", "商品编号", "商品代码", "产品编码", "产品编号", "产品代码", "货号", "商品货号", "款号", "物料编码", "SKU编码", "商品代碼", "商品編號", "商品編碼", "產品代碼", "產品編號", "產品編碼", "料號", "貨號", "商品貨號", "品號"),
            beside=dict.fromkeys(GOODS, ("description",)),
        ),
        "description": Column(
            longest=300,
            headings=("Description", "Product name", "Product title", "Product description", "Item name", "Item description", "Lineitem name", "商品名称", "商品名", "商品标题", "商品说明", "产品名称", "产品名", "产品说明", "品名", "货品名称", "宝贝标题", "商品名稱", "商品標題", "產品名稱", "產品說明", "品項", "品項名稱", "貨品名稱"),
            perhaps=GOODS,
        ),
        "quantity": Column(kind="number", required=True, headings=("Quantity", "Qty", "Lineitem quantity", "Item quantity", "Order quantity", "Units", "数量", "件数", "购买数量", "订购数量", "商品数量", "销售数量", "數量", "件數", "購買數量", "訂購數量", "商品數量", "銷售數量")),
        "unit_price": Column(kind="number", required=True, headings=("UnitPrice", "Price", "Price each", "Item price", "Product price", "Lineitem price", "Sales price", "Selling price", "单价", "商品单价", "销售单价", "成交单价", "销售价", "售价", "价格", "商品价格", "單價", "商品單價", "銷售單價", "售價", "價格", "商品價格")),
        "currency": Column(kind="currency", headings=("Currency", "Currency code", "币种", "币别", "货币", "幣別", "幣種", "貨幣")),
        "country": Column(longest=80, headings=("Country", "Country/Region", "国家", "国别", "国家/地区", "國家", "國別", "國家/地區", "Billing country", "Shipping country", "收货国家", "收件國家")),
        "channel": Column(longest=40, headings=("Channel", "Sales channel", "Order source", "渠道", "销售渠道", "订单来源", "订单渠道", "通路", "銷售通路", "訂單來源", "管道"), perhaps=("Source", "来源", "平台", "來源")),
        "ordinal": Column(kind="place", headings=("Line number", "Line no", "Line item number", "行号", "行號", "項次", "项次")),
        "kind": Column(
            kind="choice",
            choices=tuple(Order.Kind.values),
            headings=("Kind", "Order type", "Document type", "类型", "订单类型", "单据类型", "類型", "訂單類型", "單據類型"),
            spellings={
                "sale": ("sales", "order", "invoice", "normal", "销售单", "销售订单", "正常", "普通订单", "銷售單", "銷貨", "銷貨單", "一般訂單"),
                "cancellation": ("cancel", "取消单", "取消订单", "作废", "取消單", "取消訂單", "作廢"),
                "return": ("returns", "refund", "credit note", "退款", "退货单", "退货退款", "退貨單", "銷退", "銷貨退回"),
                "adjustment": ("adjust", "correction", "调整单", "调账", "調整單", "調帳"),
            },
        ),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
