"""How products appear to the whole system."""

from guanxi.commerce.products import intake
from guanxi.commerce.products.models import Product
from guanxi.kernel.records import RecordType, register
from guanxi.workspace.imports.targets import importable

importable(intake.TARGET)
PRODUCT = register(
    RecordType(
        model=Product,
        name="commerce.product",
        plural="products",
        title="code",
        writable=("code", "name", "category"),
        columns=("code", "name", "category"),
        sort="code",
        search={"code": "words", "name": "words"},
    )
)
