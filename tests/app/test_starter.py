"""What ships arrives once and leaves alone what people made their own."""

import pytest
import yaml

from guanxi.app import starter
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.words import words
from guanxi.kernel.writes import change
from guanxi.workspace.roles.models import Role
from guanxi.workspace.roles.queries import permissions
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing():
    starter.load()
    with nothing_changes():
        starter.load()


def test_a_role_that_somebody_changed_stays_theirs():
    starter.load()
    owner, seller = make.actor("owner"), Role.objects.get(key="seller")
    with change(Role, seller.pk, by=owner, using="workspace.role.put") as role:
        role.name = "Verkauf"
    starter.load()
    assert Role.objects.get(key="seller").name == "Verkauf"


def test_every_right_that_ships_is_one_there_is():
    """A right misspelt grants nothing, and nobody would notice."""
    known, lost = list(permissions()), []
    for key, role in yaml.safe_load((starter.FOLDER / "roles.yaml").read_text("utf-8")).items():
        for name in role["grants"]:
            whole, group = name.removesuffix("*"), name.endswith("*")
            if not any(one.startswith(whole) if group else one == name for one in known):
                lost.append((key, name))
    assert lost == []


def test_what_ships_is_called_in_the_readers_language_where_it_stands_and_where_it_is_named():
    fields = {
        language: Api(make.user("owner", language=language)).get("meta")["records"] for language in ("en", "zh-Hans")
    }
    for records in fields.values():
        assert records["memberships"]["fields"]["segment"]["named"] == records["segments"]["fields"]["name"]["named"]
    named = {
        name: {one["value"]: one["label"] for one in fields[name]["roles"]["fields"]["name"]["named"]}
        for name in fields
    }
    assert (named["en"]["客服"], named["zh-Hans"]["Agent"]) == ("Agent", "客服")
    assert "Verkauf" not in named["en"]


def test_a_story_names_a_shipped_segment_in_the_readers_language():
    shipped = {language: starter.shipped_names(language)["segments"] for language in LANGUAGES}
    for language, names in shipped.items():
        assert {name: words(language)[f"value.segment.{name}"] for name in names} == names
