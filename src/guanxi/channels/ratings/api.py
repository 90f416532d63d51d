"""The page on which a customer says how content they are."""

from datetime import timedelta
from html import escape

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.queries import language_to
from guanxi.channels.ratings.links import message_of
from guanxi.channels.ratings.operations import rate
from guanxi.channels.ratings.rules import LONGEST_WORDS, SCORES
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api import pages
from guanxi.kernel.api.answers import language_of
from guanxi.kernel.api.throttling import place_of
from guanxi.kernel.limits import limit
from guanxi.kernel.words import say
from guanxi.lib.errors import Invalid, NotFound, Problem
from guanxi.workspace.company.operations import NAME

router = Router(tags=["ratings"])
LINKS = limit(
    "channels.rate", most=60, per=timedelta(minutes=1), by="address",
    about="Links to a rating that one place follows: links cannot be guessed by trying.",
)  # fmt: skip
FORM = """<form method="post"><fieldset><legend>{ask}</legend>{choices}</fieldset>
<label>{words}<textarea name="words" rows="4" maxlength="{most}"></textarea></label>
<button type="submit">{button}</button></form>"""
CHOICE = '<label class="choice"><input type="radio" name="score" value="{score}" required>{label}</label>'


@router.get("/{token}", auth=None, operation_id="show_rating")
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Ask; machines that open every link in a mail thereby say nothing."""
    try:
        return _form(_language(_letter(request, token)))
    except Problem as problem:
        return _refused(request, problem)


@router.post("/{token}", auth=None, operation_id="rate")
def give(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what the customer chose; said again, the last word holds."""
    try:
        letter = _letter(request, token)
        rate(SYSTEM, letter.pk, score=_score(request.POST.get("score", "")), words=request.POST.get("words", ""))
    except Problem as problem:
        return _refused(request, problem)
    return _page(_language(letter), "ui.rating.thanks")


def _letter(request: HttpRequest, token: str) -> Delivery:
    LINKS.take(place_of(request))
    found = Delivery.objects.select_related("customer").filter(pk=message_of(token), customer__isnull=False).first()
    if found is None:
        raise NotFound("rating.unknown_link")
    return found


def _score(text: str) -> int:
    if text not in map(str, SCORES):
        raise Invalid("rating.wrong_score", least=SCORES[0], most=SCORES[-1])
    return int(text)


def _form(language: str) -> HttpResponse:
    def told(name: str) -> str:
        return escape(say(f"ui.rating.{name}", language))

    best_first = reversed(SCORES)
    choices = "".join(CHOICE.format(score=score, label=told(f"score_{score}")) for score in best_first)
    form = FORM.format(
        ask=told("ask"), choices=choices, words=told("words"), most=LONGEST_WORDS, button=told("send")
    )  # fmt: skip
    return _page(language, "ui.rating.about", form)


def _page(language: str, text: str, form: str = "") -> HttpResponse:
    company = NAME.get()
    title = say("ui.rating.title", language, company=company)
    return pages.page(language, title=title, text=say(text, language, company=company), form=form)


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return pages.refused(request, problem, title=say("ui.rating.title", language_of(request), company=NAME.get()))


def _language(letter: Delivery) -> str:
    return language_to(letter.customer)
