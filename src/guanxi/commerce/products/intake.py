"""Products that come in from files, by their code."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guanxi.commerce.products.models import Product
from guanxi.kernel.access import hidden_from, visible_to
from guanxi.kernel.actor import Actor
from guanxi.kernel.custom import added_in
from guanxi.kernel.fitting import fitting
from guanxi.kernel.records import Field, type_of
from guanxi.kernel.writes import change_many, create_many
from guanxi.lib.errors import Conflict
from guanxi.workspace.imports.targets import Column, Line, Result, Target, unreadable


def write(actor: Actor, lines: Sequence[Line]) -> Result:
    """Write some products: new codes are created, known ones changed where the file says otherwise."""
    result = Result()
    wanted: dict[str, dict[str, Any]] = {}
    codes = {line.values["code"] for line in lines}
    known = {product.code: product for product in visible_to(actor, Product).filter(code__among=codes)}
    taken = set(hidden_from(actor, Product).filter(code__among=codes).values_list("code", flat=True))
    for line in lines:
        added, wrong = fitting(type_of(Product), added_in(line.values))
        if line.values["code"] in taken:
            wrong["code"] = Conflict("constraint.product_code_is_unique", record="commerce.product")
        if wrong:
            result.problems.append((line.number, unreadable(wrong)))
        else:
            wanted.setdefault(line.values["code"], {}).update({**line.values, **added})
    new = [values for code, values in wanted.items() if code not in known]
    changes: dict[UUID, dict[str, Any]] = {}
    for code, product in known.items():
        differing = {
            name: value for name, value in wanted.get(code, {}).items() if _field(name).differs(product, value)
        }
        if differing:
            changes[product.pk] = differing
    create_many(actor, Product, new, using="commerce.product.create")
    if changes:
        change_many(actor, Product, changes, using="commerce.product.change")
    result.created, result.updated = len(new), len(changes)
    result.skipped = len(lines) - len(new) - len(changes) - len(result.problems)
    return result


def _field(name: str) -> Field:
    return type_of(Product).field(name)


TARGET = Target(
    noun="products",
    permission="commerce.product.create",
    records=("commerce.product",),
    own={
        "code": Column(
            required=True,
            longest=80,
            headings=("StockCode", "SKU", "Variant SKU", "Code", "Product code", "Product number", "Product SKU", "Product ID", "Item code", "Item number", "商品编码", "商品编号", "商品代码", "产品编码", "产品编号", "产品代码", "货号", "商品货号", "款号", "物料编码", "SKU编码", "代码", "编码", "商品代碼", "商品編號", "商品編碼", "產品代碼", "產品編號", "產品編碼", "料號", "貨號", "品號", "代碼", "編碼"),
            perhaps=("编号", "編號", "ID", "Handle"),
        ),
        "name": Column(
            longest=300,
            headings=("Name", "Product name", "Product title", "Item name", "Description", "Product description", "商品名称", "商品名", "商品标题", "产品名称", "产品名", "品名", "货品名称", "名称", "商品名稱", "商品標題", "產品名稱", "品項", "品項名稱", "貨品名稱", "名稱"),
            perhaps=("Title", "Product", "Item", "商品", "产品", "產品"),
        ),
        "category": Column(longest=120, headings=("Category", "Product category", "Item category", "Product type", "Group", "类别", "分类", "品类", "类目", "商品类别", "商品分类", "产品类别", "产品分类", "類別", "分類", "品類", "商品類別", "商品分類", "產品類別", "產品分類"), perhaps=("Type", "类型", "類型")),
    },
    write=write,
)  # fmt: skip
