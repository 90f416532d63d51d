"""Over HTTP, too, a mistyped name is answered with what is near and where the list is, in the reader's language."""

import pytest

from tests.client import Api
from tests.factories import workspace as make

pytestmark = pytest.mark.django_db
CITY = {"field": "citty", "op": "is", "value": "Leeds"}
ASKED = [
    ("customers", {"where": CITY}, "city"), ("customers", {"sort": "-crated_at"}, "created_at"),
    ("customers", {"where": {"related": "order", "op": "true"}}, "orders"),
    ("customers", {"where": {"field": "city", "op": "isnt", "value": "x"}}, "is_not"),
    ("customers", {"where": {"related": "orders", "aggregate": "cuont"}}, "count"),
    ("customers", {"where": {"field": "city", "op": "is", "valeu": "x"}}, "value"),
    ("measures/comerce.revenue", {}, "commerce.revenue"),
    ("measures/commerce.revenue", {"by": "contry"}, "country"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "asked", "near"), ASKED)
@pytest.mark.parametrize(
    ("language", "offer"), [("en", "Did you mean “{}”"), ("zh-Hans", "是不是想写“{}”"), ("zh-Hant", "是不是想寫「{}」")]
)
def test_what_is_near_is_offered(path, asked, near, language, offer):
    refused = Api(make.user("owner", language=language)).get(path, status=422, **asked)
    assert offer.format(near) in refused["message"]


def test_where_nothing_is_near_nothing_is_offered():
    refused = Api(make.user("owner")).get("customers", sort="xyzzy", status=422)
    assert refused["message"] == "Customer has no field “xyzzy”. /api/meta lists its fields."


def test_what_is_near_is_said_as_it_is_typed_not_as_it_is_called():
    refused = Api(make.user("owner")).get("measures/comerce.buyers", status=422)
    assert "“commerce.buyers”" in refused["message"]


@pytest.mark.parametrize("of", [5, [], {}, ".", "number.x", "id", "written_in", "customer"])
@pytest.mark.parametrize("aggregate", ["sum", "min", "max"])
def test_a_figure_of_what_has_none_is_refused(aggregate, of):
    asked = {"related": "orders", "aggregate": aggregate, "of": of, "op": "gte", "value": 1}
    Api(make.user("owner")).get("customers", status=422, where=asked)
