"""How far rights go, alone and together."""

import pytest

from guanxi.kernel.actor import Actor, Reach, granted, together

AGENT = {"customers.*": Reach.ALL, "customers.segment.*": Reach.NONE, "workspace.todo.*": Reach.OWN}
MANAGER = {"*": Reach.ALL, "workspace.user.*": Reach.NONE}
SELLER = {"customers.*": Reach.BELOW}


@pytest.mark.parametrize(
    ("permission", "reach"),
    [
        ("customers.customer.read", Reach.ALL),
        ("customers.segment.read", Reach.NONE),
        ("workspace.todo.add", Reach.OWN),
        ("commerce.order.read", Reach.NONE),
    ],
)
def test_the_most_exact_grant_decides(permission, reach):
    assert granted(AGENT, permission) == reach


@pytest.mark.parametrize("roles", [(AGENT, MANAGER), (MANAGER, AGENT, SELLER), (SELLER, AGENT), (MANAGER,), ()])
@pytest.mark.parametrize(
    "permission",
    ["customers.customer.read", "customers.segment.put", "workspace.todo.add", "workspace.user.invite", "app.x"],
)
def test_who_has_several_roles_goes_as_far_as_the_furthest_of_them(roles, permission):
    both = Actor(kind="user", grants=together(roles))
    assert both.reach(permission) == max((granted(grants, permission) for grants in roles), default=Reach.NONE)
