"""Whether a customer may be contacted, and the link in a message by which they say: no more of this."""

from datetime import timedelta
from html import escape
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from guanxi.channels.gate.explaining import answers
from guanxi.channels.gate.links import delivery_of
from guanxi.channels.gate.models import Delivery
from guanxi.channels.gate.operations import stop_purpose
from guanxi.channels.gate.queries import language_to
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api import pages
from guanxi.kernel.api.answers import actor_of, answer, language_of
from guanxi.kernel.api.throttling import place_of
from guanxi.kernel.limits import limit
from guanxi.kernel.words import say
from guanxi.lib.errors import NotFound, Problem
from guanxi.workspace.company.operations import NAME

router = Router(tags=["unsubscribe"])
of_customers = Router(tags=["customers"])
LINKS = limit(
    "gate.unsubscribe", most=60, per=timedelta(minutes=1), by="address",
    about="Links to unsubscribe that one place follows: links cannot be guessed by trying.",
)  # fmt: skip
FORM = '<form method="post"><button type="submit">{button}</button></form>'


@of_customers.get("/{uuid:id}/may_contact", operation_id="may_contact", summary="May we contact them, and why (not)?")
def may_contact(request: HttpRequest, id: UUID) -> HttpResponse:
    """For each purpose and channel yes, not before a time, or no, with the reasons and what helps."""
    return answer(answers(actor_of(request), id))


@router.get("/{token}", auth=None, operation_id="show_unsubscribe")
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once; machines that open every link in a mail thereby change nothing."""
    try:
        _limited(request)
        delivery = Delivery.objects.filter(pk=delivery_of(token)).first()
        if delivery is None:
            raise NotFound("unsubscribe.unknown_link")
    except Problem as problem:
        return _refused(request, problem)
    language = _language(delivery)
    form = FORM.format(button=escape(say("ui.channels.unsubscribe_button", language)))
    return _page(language, "ui.channels.unsubscribe_ask", form)


@router.post("/{token}", auth=None, operation_id="unsubscribe")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Take the customer off, by the page's button or by the mail program's own (RFC 8058)."""
    try:
        _limited(request)
        delivery = stop_purpose(SYSTEM, delivery_of(token), how="link")
    except Problem as problem:
        return _refused(request, problem)
    return _page(_language(delivery), "ui.channels.unsubscribe_done", "")


def _limited(request: HttpRequest) -> None:
    LINKS.take(place_of(request))


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return pages.refused(request, problem, title=say("ui.channels.unsubscribe_title", language_of(request)))


def _language(delivery: Delivery) -> str:
    return language_to(delivery.customer)


def _page(language: str, text: str, form: str) -> HttpResponse:
    title = say("ui.channels.unsubscribe_title", language)
    return pages.page(language, title=title, text=say(text, language, company=NAME.get()), form=form)
