"""The handbook: what the version says in the reader's language, nothing that runs, nothing from anywhere else."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.time import frozen
from guanxi.protocols.protocols import operations
from tests.client import Api
from tests.factories import protocols as make
from tests.factories import workspace
from tests.protocols.protocols.test_operations import promise

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> \" onload='x' &amp; {name}"


@pytest.fixture(autouse=True)
def clock():
    with frozen(NINE) as held:
        yield held


class Seen(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags[-1] != "style" and data.strip():
            self.words.append(data.strip())


def handbook(protocol_id, user=None, **asked):
    """The answer, and what stands in it."""
    client = Api(user or workspace.user("agent")).client
    answer = client.get(f"/api/protocols/{protocol_id}/handbook", asked)
    seen = Seen()
    seen.feed(answer.content.decode())
    return answer, seen


def published(**values):
    """A version in force with one promise and one sentence."""
    version = make.version(make.protocol(name="Our word", goal="Be <good>."))
    promise(version, 24, text={"en": "We answer.", "zh-Hans": "我们回复。"}, **values)
    make.clause(version, section="contact", text={"en": "We listen."})
    operations.publish_version(SYSTEM, version.pk)
    return version


def test_it_says_every_clause_with_its_number_and_who_answers_for_it():
    team = workspace.team("South <1>")
    version = published(team=team.pk)
    _, seen = handbook(version.protocol_id, language="en")
    said = " ".join(seen.words)
    assert "Version 1, in force since 2 March 2026" in said
    assert "Next review 2 June 2026" in said
    assert said.index("1.1 We listen.") < said.index("2.1 We answer.")
    assert "First answer to a complaint: 24 hours · Target: 95% · Responsible team: South <1>" in said


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [
        ("zh-Hans", "zh-CN", ["我们回复。", "24 小时", "2026年3月2日", "We listen."]),
        ("zh-Hant", "zh-TW", ["我们回复。", "24 小時", "2026年3月2日"]),
        ("en", "en", ["We answer.", "24 hours"]),
    ],
)
def test_it_speaks_the_language_that_is_asked_for(language, tag, words):
    answer, seen = handbook(published().protocol_id, language=language)
    assert dict(seen.attributes)["lang"] == tag
    assert all(one in " ".join(seen.words) for one in words)
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''Our%20word%201%20")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "24 office hours"), ("zh-Hans", "24 个工作小时"), ("zh-Hant", "24 個工作小時")]
)
def test_office_hours_are_said_as_such(language, said):
    _, seen = handbook(published(counted_in="office").protocol_id, language=language)
    assert said in seen.words


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1 working day"), ("zh-Hans", "1 个工作日"), ("zh-Hant", "1 個工作天")]
)
def test_working_days_are_said_as_days(language, said):
    _, seen = handbook(published(counted_in="workdays").protocol_id, language=language)
    assert said in seen.words


def test_whatever_a_clause_says_stays_text():
    version = make.version(make.protocol(name=HOSTILE, goal=HOSTILE))
    promise(version, 24, text={"en": HOSTILE}, team=workspace.team(HOSTILE).pk)
    answer, seen = handbook(version.protocol_id, language="en")
    assert set(seen.tags) == {
        "html", "head", "meta", "title", "style", "body", "p", "header", "h1", "span", "main", "h2", "article", "div",
        "b",
    }  # fmt: skip
    assert {name for name, _ in seen.attributes} <= {"lang", "charset", "name", "content", "http-equiv", "class"}
    assert not re.search(r"https?:|url\(|@import|src=|href=", answer.content.decode())


def test_it_may_show_its_own_style_and_nothing_else():
    answer, _ = handbook(published().protocol_id)
    style = re.search(r"<style>(.*)</style>", answer.content.decode(), re.DOTALL)
    allowed = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{allowed}'" in policy
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_draft_and_an_old_version_say_that_they_are_not_in_force(clock):
    version = published()
    draft = operations.draft_version(SYSTEM, version.protocol_id)
    _, seen = handbook(version.protocol_id, version=2, language="en")
    assert "Version 2 is a draft and not in force" in seen.words
    operations.publish_version(SYSTEM, draft.pk)
    _, seen = handbook(version.protocol_id, version=1, language="en")
    assert "Version 1, in force from 2 March 2026 to 2 March 2026, no longer" in seen.words


def test_what_there_is_not_and_what_one_may_not_see_is_refused():
    version, empty = published(), make.protocol()
    api = Api(workspace.user("agent"))
    assert (
        api.get(f"protocols/{version.protocol_id}/handbook", version=7, status=404)["code"]
        == "protocol.no_such_version"
    )
    assert api.get(f"protocols/{empty.pk}/handbook", status=404)["code"] == "protocol.has_no_version"
    assert api.get(f"protocols/{version.protocol_id}/handbook", language="de", status=422)["code"] == "input.invalid"
    stranger = workspace.holder({"customers.*": 4})
    assert Api(stranger).get(f"protocols/{version.protocol_id}/handbook", status=404)["code"]


def test_a_share_is_said_without_needless_digits():
    version = published(target_share=Decimal("0.975"))
    _, seen = handbook(version.protocol_id, language="en")
    assert "97.5%" in seen.words
