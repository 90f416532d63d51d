"""A refusal says what it is about; a name that nothing has is answered with the nearest that there are."""

import pytest

from guanxi.lib.errors import Invalid, Unknown, nearest

FIELDS = ("city", "country", "name", "created_at", "birthday")
FIGURES = ("service.enquiry.first_reply", "service.complaint.first_reply", "commerce.revenue", "commerce.buyers")


@pytest.mark.parametrize(
    ("typed", "known", "near"),
    [
        ("citty", FIELDS, ["city"]), ("CITY", FIELDS, ["city"]), ("creatd_at", FIELDS, ["created_at"]),
        ("revenu", FIGURES, ["commerce.revenue"]),
        ("comerce.revenue", FIGURES, ["commerce.revenue", "commerce.buyers"]),
        ("first_reply", FIGURES, ["service.enquiry.first_reply", "service.complaint.first_reply"]),
        ("姓名称", ("姓名", "邮箱"), ["姓名"]), ("xyzzy", FIELDS, []), ("", FIELDS, []), ("x" * 20_000, FIELDS, []),
    ],
)  # fmt: skip
def test_what_is_near_is_found_by_the_whole_name_or_its_last_part(typed, known, near):
    assert nearest(typed, known) == near


def test_of_many_that_are_near_three_are_offered():
    assert len(nearest("a1", [f"a{n}" for n in range(1, 30)])) == 3


def test_a_refusal_of_an_unknown_name_brings_what_is_near():
    problem = Unknown("record.unknown_field", "citty", FIELDS, field="citty")
    assert (problem.status, problem.near, problem.values) == (
        422, ["city"], {"field": "citty", "known": "city, country, name, created_at, birthday"},
    )  # fmt: skip


def test_a_refusal_of_several_fields_names_them_where_it_is_logged():
    problem = Invalid("record.invalid", fields={"name": Invalid("input.missing")}, record="one")
    assert str(problem) == "record.invalid(record='one', name: input.missing)"
