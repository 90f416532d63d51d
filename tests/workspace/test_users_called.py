"""Whom a file means by a name: in full before in short, who is here before who has left."""

from uuid import UUID, uuid4

import pytest

from guanxi.lib.errors import Problem
from guanxi.workspace.users.rules import Called, meant


def one(name: str, email: str, *, left: bool = False) -> Called:
    return Called(id=uuid4(), name=name, email=email, left=left)


ANN, BOB = one("Ann Lee", "ann@tea.test"), one("Bob Ann", "bob.r@tea.test")
LI, ZHOU = one("李娜", "lina@tea.test"), one("周明 Zhou Ming", "zm@tea.test")
OLD = one("Ann Lee", "ann.lee@tea.test", left=True)
HOUSE = (ANN, BOB, LI, ZHOU, OLD)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Ann Lee", ANN),  # the other has left
        ("ann  lee", ANN),
        ("ANN@tea.test", ANN),
        ("ann.lee@tea.test", OLD),
        ("Lee", ANN),
        ("bob.r", BOB),
        ("Bob", BOB),
        ("李娜", LI),
        ("娜", LI),
        ("lina", LI),
        ("周明", ZHOU),
        ("Zhou Ming", ZHOU),
        ("zm", ZHOU),
    ],
)
def test_who_is_meant(said, who):
    assert meant([said], HOUSE)[said] == who.id


@pytest.mark.parametrize(
    ("said", "code"),
    [("Cid", "import.no_such_user"), ("-", "import.no_such_user"), ("Ann", "import.several_users")],
)
def test_nobody_and_several_are_told(said, code):
    found = meant([said], HOUSE)[said]
    assert isinstance(found, Problem) and not isinstance(found, UUID)
    assert found.code == code
