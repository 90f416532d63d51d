"""Products that come in from files, by their code."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guanxi.commerce.products.models import Product
from guanxi.kernel.access import hidden_from, visible_to
from guanxi.kernel.actor import Actor
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
        if line.values["code"] in taken:
            problem = Conflict("constraint.product_code_is_unique", record="commerce.product")
            result.problems.append((line.number, unreadable({"code": problem})))
        else:
            wanted.setdefault(line.values["code"], {}).update(line.values)
    new = [values for code, values in wanted.items() if code not in known]
    changes: dict[UUID, dict[str, Any]] = {}
    for code, product in known.items():
        differing = {name: value for name, value in wanted[code].items() if getattr(product, name) != value}
        if differing:
            changes[product.pk] = differing
    create_many(actor, Product, new, using="commerce.product.create")
    if changes:
        change_many(actor, Product, changes, using="commerce.product.change")
    result.created, result.updated = len(new), len(changes)
    result.skipped = len(lines) - len(new) - len(changes) - len(result.problems)
    return result


TARGET = Target(
    noun="products",
    permission="commerce.product.create",
    columns={
        "code": Column(required=True, longest=80, headings=("StockCode", "SKU", "Code", "Product code", "商品编码", "产品编码", "货号", "料號")),
        "name": Column(longest=300, headings=("Description", "Name", "Product name", "商品名称", "产品名称", "品名", "商品名稱")),
        "category": Column(longest=120, headings=("Category", "Group", "类别", "分类", "類別", "分類")),
    },
    write=write,
)  # fmt: skip
