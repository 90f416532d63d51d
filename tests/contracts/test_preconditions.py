"""Who says what they have read: nothing is done to a record that has changed since, whatever the noun and the verb."""

import pytest

from guanxi.kernel.operations import of_noun, operations
from guanxi.kernel.records import RecordType, records
from tests import factories
from tests.client import Api
from tests.factories import workspace as make
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
NOUNS = [pytest.param(record, id=record.name) for record in records().values() if not record.name.startswith("test.")]
WRITABLE = [pytest.param(p.values[0], id=p.id) for p in NOUNS if p.values[0].writable]


def verbs(record: RecordType) -> list[str]:
    """What can be done to a row without saying more."""
    said = [one for one in of_noun(record.name) if one.subject and one.function is not record.create]
    plain = [one.verb for one in said if not any(f.is_required() for f in one.input.model_fields.values())]
    hidden = (
        ["archive", "restore"] if record.has("archived_at") and f"{record.name}.archive" not in operations() else []
    )
    return plain + hidden


VERBS = [pytest.param(p.values[0], verb, id=f"{p.id}.{verb}") for p in NOUNS for verb in verbs(p.values[0])]


@pytest.fixture
def api(db):
    return Api(make.user("owner"))


def test_there_are_verbs_to_try():
    assert len(VERBS) > 30


@pytest.mark.parametrize("record", NOUNS)
def test_a_record_says_in_which_version_it_is_read(record, api):
    row = factories.one(record)
    row.refresh_from_db()
    answer = api.client.get(f"/api/{record.plural}/{row.pk}")
    assert answer.headers["ETag"] == f'"{row.version}"' == f'"{answer.json()["version"]}"'


@pytest.mark.parametrize("record", WRITABLE)
def test_an_outdated_change_is_refused_and_the_current_one_is_not(record, api):
    row = factories.one(record)
    place = f"{record.plural}/{row.pk}"
    with nothing_changes():
        assert api.patch(place, {}, status=412, if_match='"999"')["code"] == "record.changed_meanwhile"
        assert api.patch(place, {}, if_match=f'"999", "{row.version}"')["id"] == str(row.pk)


@pytest.mark.parametrize(("record", "verb"), VERBS)
def test_an_outdated_verb_does_nothing(record, verb, api):
    place = f"{record.plural}/{factories.one(record).pk}/{verb}"
    with nothing_changes():
        assert api.post(place, status=412, if_match='"999"')["code"] == "record.changed_meanwhile"


@pytest.mark.parametrize(
    ("given", "status"),
    [("*", 200), ('"1"', 200), ('W/"1"', 412), ('""', 412), ('"one"', 412), ('"99999999999999999999"', 412),
     ("1", 422), ('"1", 1', 422), ('"', 422)],
)  # fmt: skip
def test_how_it_may_be_said(given, status, api):
    team = make.team("South")
    refused = api.patch(f"teams/{team.pk}", {"name": "South"}, status=status, if_match=given)
    assert status != 422 or refused["code"] == "request.wrong_if_match"


def test_a_verb_in_the_version_that_was_read_is_done(api):
    ticket = factories.service.ticket()
    assert api.post(f"tickets/{ticket.pk}/solve", if_match=f'"{ticket.version}"')["status"] == "solved"


def test_what_one_does_not_see_has_no_version(api):
    customer = factories.customers.customer("Jane")
    stranger = Api(make.holder({"customers.customer.*": 1}))
    said = stranger.post(f"customers/{customer.pk}/archive", status=404, if_match='"999"')
    assert said["code"] == "record.not_found"
