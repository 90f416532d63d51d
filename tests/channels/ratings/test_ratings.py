"""How content customers say they are: written down with a call, or given by the link in a letter."""

from datetime import timedelta

import pytest

from guanxi.channels.conversations.models import Message
from guanxi.channels.conversations.operations import log_call, log_letter, log_visit, send_letter
from guanxi.channels.gate.links import unsubscribe_token
from guanxi.channels.gate.models import Delivery
from guanxi.channels.ratings.links import rating_url
from guanxi.channels.ratings.models import Rating
from guanxi.channels.ratings.rules import GOOD_FOR, LONGEST_WORDS
from guanxi.channels.wire import personal
from guanxi.kernel import time
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.models import EventEntry
from guanxi.lib.errors import Invalid
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace
from tests.unchanged import nothing_changes, nothing_changes_but_counting

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def click(url: str, said: dict | None = None, language: str = "en"):
    """What a browser does with a link: it opens it, or sends the form behind it."""
    client, path = Api().client, url[url.index("/api/") :]
    headers = {"HTTP_ACCEPT_LANGUAGE": language, "HTTP_ACCEPT": BROWSER}
    return client.get(path, **headers) if said is None else client.post(path, said, **headers)


def letter(language: str = "en") -> Message:
    """A letter that asks its receiver how content they are."""
    body = "How did we do? {{ rating_url }}"
    template = make.template(purpose="service", body_en=body, body_zh_hans=body)
    talk = send_letter(SYSTEM, customer=make.customer(language=language).pk, template=template.pk)
    return Message.objects.get(conversation=talk)


def test_what_a_customer_said_in_a_call_is_kept_with_it():
    agent, who = workspace.actor("agent"), make.customer()
    talk = log_call(agent, customer=who.pk, result="solved", text="All is well.", rating=4)
    rating = Rating.objects.get()
    assert (rating.conversation_id, rating.customer_id, rating.channel) == (talk.pk, who.pk, "phone")
    assert (rating.score, rating.came_by, rating.author_id) == (4, "staff", agent.id)
    assert rating.given_at == Message.objects.get(conversation=talk).at
    told = EventEntry.objects.get(name="channels.rating_given")
    assert (told.payload["score"], told.payload["channel"]) == (4, "phone")
    log_visit(agent, customer=who.pk, result="reached", text="Tea together.", rating=5)
    log_visit(agent, customer=who.pk, result="reached", text="In a hurry.")
    assert sorted(Rating.objects.values_list("score", flat=True)) == [4, 5]


@pytest.mark.parametrize(
    ("result", "rating", "code"),
    [("no_answer", 4, "rating.not_spoken"), ("reached", 6, "rating.wrong_score"), ("reached", 0, "rating.wrong_score")],
)
def test_nobody_rates_who_was_not_spoken_to_and_nothing_else_than_one_of_five(result, rating, code):
    who = make.customer()
    with nothing_changes(), pytest.raises(Invalid) as refused:
        log_call(SYSTEM, customer=who.pk, result=result, text="Hello", rating=rating)
    assert refused.value.code == code
    assert "rating" not in log_letter.__annotations__


def test_an_undo_of_the_call_takes_the_rating_back():
    api = Api(workspace.user("owner"))
    who = make.customer()
    api.post("conversations/log_call", {"customer": str(who.pk), "result": "reached", "text": "Hello", "rating": 2})
    made = Rating.objects.get()
    api.post("undo", {"change_set": str(made.created_in)})
    assert not Rating.objects.exists()


def test_the_link_in_a_letter_asks_and_only_the_form_says():
    message = letter()
    url = rating_url(message.pk)
    assert personal.signed(message.text, rate=message.pk).partition("/api/rate/")[2][:32] == message.pk.hex
    with nothing_changes_but_counting():
        asked = click(url)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert page.count('type="radio"') == 5 and "How content are you with us?" in page
    assert "script" not in asked["Content-Security-Policy"] and "<script" not in page
    assert click(url, {"score": "5", "words": "Lovely tea.\x00"}).status_code == 200
    rating = Rating.objects.get()
    assert (rating.score, rating.words, rating.came_by, rating.author_id) == (5, "Lovely tea.", "link", None)
    assert (rating.message_id, rating.customer_id) == (message.pk, message.customer_id)


def test_said_again_the_last_word_holds_and_the_same_word_is_said_once():
    url = rating_url(letter().pk)
    click(url, {"score": "5"})
    click(url, {"score": "5"})
    assert EventEntry.objects.filter(name="channels.rating_given").count() == 1
    click(url, {"score": "2", "words": "x" * (LONGEST_WORDS + 5)})
    rating = Rating.objects.get()
    assert (rating.score, len(rating.words)) == (2, LONGEST_WORDS)
    assert EventEntry.objects.filter(name="channels.rating_given").count() == 2


@pytest.mark.parametrize("said", [{}, {"score": ""}, {"score": "6"}, {"score": "5.0"}, {"score": "٤"}])
def test_what_is_no_answer_is_refused_and_changes_nothing(said):
    url = rating_url(letter().pk)
    with nothing_changes_but_counting():
        refused = click(url, said)
    assert refused.status_code == 422
    assert "rating.wrong_score" in refused.content.decode()


def test_forged_foreign_and_old_links_lead_nowhere(monkeypatch):
    message = letter()
    url = rating_url(message.pk)
    head, _, token = url.rpartition("/")
    foreign = unsubscribe_token(message.pk)
    nobodys = rating_url(make.delivery().pk)
    for wrong in (f"{head}/{token[:-1]}", f"{head}/{'0' * 32}{token[32:]}", f"{head}/{foreign}", nobodys):
        with nothing_changes_but_counting():
            refused = click(wrong, {"score": "5"})
        assert refused.status_code == 404, wrong
        assert "rating.unknown_link" in refused.content.decode()
    late = time.now() + GOOD_FOR + timedelta(minutes=1)
    monkeypatch.setattr("time.time", lambda: late.timestamp())
    assert click(url, {"score": "5"}).status_code == 404
    assert not Rating.objects.exists()


def test_the_page_speaks_the_language_of_whoever_got_the_letter():
    page = click(rating_url(letter("zh-Hans").pk), language="de").content.decode()
    assert "您对我们满意吗？" in page and 'lang="zh-Hans"' in page


def test_a_rating_is_seen_by_whoever_sees_the_conversation():
    rating = make.rating()
    seller = workspace.user("seller")
    Api(seller).get(f"ratings/{rating.pk}", status=404)
    assert Api(workspace.user("agent")).get(f"ratings/{rating.pk}")["score"] == 5
    assert Delivery.objects.count() == 0
