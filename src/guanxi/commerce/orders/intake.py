"""Orders that come in from files, a line a row: rows of one document are one order, in the order of the file."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.commerce.orders import rules
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.commerce.orders.operations import told
from guanxi.commerce.products.models import Product
from guanxi.customers.customers.models import Customer
from guanxi.kernel.access import hidden_from, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import record
from guanxi.kernel.models import new_id
from guanxi.kernel.time import now
from guanxi.kernel.words import say
from guanxi.kernel.writes import change_many, create_many, insert_many
from guanxi.lib.errors import Conflict, Invalid, NotFound
from guanxi.workspace.company.operations import CURRENCY
from guanxi.workspace.imports.targets import Column, Line, Result, Target, Wrong, unreadable

USING = "commerce.order.place"
LARGEST = Decimal(10) ** 12


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
    customers, products = _customers(actor, fresh), _products(actor, fresh)
    added = _orders(actor, fresh, orders, customers, result)
    insert_many(actor, OrderLine, [_line(line, orders, products) for line in fresh], using=USING)
    _add_up(actor, orders, fresh, added)
    return result


def wrong_with(actor: Actor, lines: Sequence[Line]) -> list[Wrong]:
    """What else is wrong with lines of which some cells could not be read."""
    keys = {line.values["customer"] for line in lines if "customer" in line.values}
    hidden = set(hidden_from(actor, Customer).filter(key__among=keys).values_list("key", flat=True))
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
        if line.values.get("customer") in hidden:
            wrong["customer"] = NotFound("record.not_found", record="customers.customer")
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
    known = {
        (called[order], ordinal): rest
        for order, ordinal, *rest in stored.values_list("order", "ordinal", "product__code", "quantity", "unit_price")
    }
    readable, latest = actor.may("commerce.order_line.read"), rules.latest(now())
    fresh: dict[tuple[str, int], Line] = {}
    for line in lines:
        place = (line.values["number"], line.ordinal)
        if abs(_amount(line)) >= LARGEST:
            result.problems.append((line.number, unreadable({"unit_price": Invalid("import.amount_too_large")})))
        elif line.values["ordered_at"] > latest:
            result.problems.append((line.number, unreadable({"ordered_at": Invalid("order.in_the_future")})))
        elif place not in known and place not in fresh:
            fresh[place] = line
        elif place in known and not readable:
            result.problems.append((line.number, Conflict("constraint.order_line_has_its_place")))
        elif (known.get(place) or _said(fresh[place])) == _said(line):
            result.skipped += 1
        else:
            result.problems.append((line.number, Invalid("import.place_taken", number=place[0], place=place[1])))
    return list(fresh.values())


def _said(line: Line) -> list[Any]:
    values = line.values
    return [values.get("product"), rules.exact(values["quantity"]), rules.exact(values["unit_price"])]


def _customers(actor: Actor, lines: Iterable[Line]) -> dict[str, UUID]:
    """Customers by their key; one that nobody knows yet is named after it."""
    keys = {line.values["customer"] for line in lines if "customer" in line.values}
    found: dict[str, UUID] = dict(Customer.objects.filter(key__among=keys).values_list("key", "pk"))
    unknown = sorted(keys - set(found))
    named = {key: say("import.unnamed_customer", actor.language, key=key) for key in unknown}
    new: list[dict[str, Any]] = [{"id": new_id(), "key": key, "name": name} for key, name in named.items()]
    create_many(actor, Customer, new, using="customers.customer.create", checked=True)
    return {**found, **{one["key"]: one["id"] for one in new}}


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
    create_many(actor, Product, new, using="commerce.product.create", checked=True)
    return {**found, **{one["code"]: one["id"] for one in new}}


def _orders(
    actor: Actor, lines: Sequence[Line], orders: dict[str, Order], customers: dict[str, UUID], result: Result
) -> list[Order]:
    """The orders that are not there yet, each from its first row; rows that say otherwise are counted."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.values["number"], []).append(line)
    new: list[dict[str, Any]] = []
    for number, own in grouped.items():
        if number in orders:
            continue
        first = own[0].values
        result.notes["orders"] = result.notes.get("orders", 0) + 1
        for name in ("ordered_at", "customer"):
            if len({line.values.get(name) for line in own}) > 1:
                result.notes[f"several_{name}"] = result.notes.get(f"several_{name}", 0) + 1
        new.append(
            {
                "id": new_id(),
                "number": number,
                "customer_id": customers.get(first.get("customer", "")),
                "kind": first.get("kind") or rules.kind_of(number, [line.values["quantity"] for line in own]),
                "ordered_at": min(line.values["ordered_at"] for line in own),
                "currency": first.get("currency") or CURRENCY.get(),
                "country": first.get("country", ""),
                "channel": first.get("channel", ""),
                "total": sum((_amount(line) for line in own), Decimal(0)),
            }
        )
    added = create_many(actor, Order, new, using=USING, checked=True)
    orders.update({order.number: order for order in added})
    record(actor, [(told(order), order.ordered_at) for order in added])
    return added


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
    document="number",
    place="ordinal",
    columns={
        "number": Column(required=True, longest=80, headings=("InvoiceNo", "Invoice", "Order", "Order number", "订单号", "订单编号", "訂單編號", "單號")),
        "ordered_at": Column(kind="moment", required=True, headings=("InvoiceDate", "Date", "Order date", "下单时间", "日期", "訂購日期", "下單時間")),
        "customer": Column(longest=120, headings=("CustomerID", "Customer", "Customer number", "客户编号", "客户号", "客戶編號", "客戶代號")),
        "product": Column(longest=80, headings=("StockCode", "SKU", "Product code", "Item", "商品编码", "产品编码", "货号", "商品代碼", "料號")),
        "description": Column(longest=300, headings=("Description", "Product name", "商品名称", "产品名称", "品名", "商品名稱")),
        "quantity": Column(kind="number", required=True, headings=("Quantity", "Qty", "数量", "數量")),
        "unit_price": Column(kind="number", required=True, headings=("UnitPrice", "Price", "单价", "價格", "單價")),
        "currency": Column(kind="currency", headings=("Currency", "币种", "幣別")),
        "country": Column(longest=80, headings=("Country", "国家", "國家")),
        "channel": Column(longest=40, headings=("Channel", "渠道", "通路")),
        "ordinal": Column(kind="place", headings=("Line number", "Line no", "行号", "行號", "項次")),
        "kind": Column(kind="choice", choices=tuple(Order.Kind.values), headings=("Kind", "类型", "類型")),
    },
    write=write,
    check=wrong_with,
)  # fmt: skip
