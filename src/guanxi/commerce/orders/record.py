"""How orders and their lines appear to the whole system."""

from guanxi.commerce.orders import intake, operations
from guanxi.commerce.orders.models import Order, OrderLine
from guanxi.kernel.records import RecordType, register
from guanxi.workspace.imports.targets import importable

importable(intake.TARGET)
ORDER = register(
    RecordType(
        model=Order,
        name="commerce.order",
        plural="orders",
        title="number",
        readonly=("number", "customer", "kind", "ordered_at", "currency", "total", "country", "channel", "cancels"),
        columns=("number", "customer", "kind", "ordered_at", "total", "country"),
        sort="-ordered_at",
        search={"number": "words"},
        parents={"customer": "orders", "cancels": "cancellations"},
        occurred="ordered_at",
        create=operations.place_order,
    )
)
ORDER_LINE = register(
    RecordType(
        model=OrderLine,
        name="commerce.order_line",
        plural="order_lines",
        title="description",
        readonly=("order", "ordinal", "product", "description", "quantity", "unit_price", "amount"),
        columns=("description", "order", "quantity", "amount", "unit_price", "product"),
        sort="ordinal",
        parents={"order": "lines", "product": "order_lines"},
        seen_with="order",
        part=True,
        create="never",
    )
)
