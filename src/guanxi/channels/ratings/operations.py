"""Writing a rating down: as somebody of ours heard it, or as the customer gives it by the link in a letter."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from guanxi.channels.ratings import rules
from guanxi.channels.ratings.models import Rating
from guanxi.events.channels import RatingGiven
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import record
from guanxi.kernel.records import of_name
from guanxi.kernel.time import now
from guanxi.kernel.writes import change, create, create_many
from guanxi.lib.errors import NotFound

BY_LINK = "channels.rating.give"


class Rated(Protocol):
    """What is asked of the message that is rated."""

    pk: Any
    conversation_id: Any
    customer_id: Any
    channel: str


class Kept(Rated, Protocol):
    """The same of one that was written down by whom it says, at its time."""

    author_id: Any
    at: datetime


def note_rating(actor: Actor, using: str, message: Rated, score: int) -> Rating:
    """Keep what a customer said to somebody of ours, in a call or on a visit."""
    by_person = actor.kind in ("user", "token")
    return _keep(
        actor, using, message, score, came_by=Rating.CameBy.STAFF, author_id=actor.id if by_person else None,
        given_at=getattr(message, "at", None) or now(),
    )  # fmt: skip


def note_ratings(actor: Actor, using: str, messages: Iterable[Kept], scores: Mapping[UUID, int]) -> None:
    """Keep what customers said in calls and on visits of before, by message; events are written, nobody is told."""
    rows = [
        {
            "conversation_id": message.conversation_id, "message_id": message.pk, "customer_id": message.customer_id,
            "channel": message.channel, "score": rules.require_score(scores[message.pk]),
            "came_by": Rating.CameBy.STAFF, "author_id": message.author_id, "given_at": message.at,
        }
        for message in messages
        if message.pk in scores
    ]  # fmt: skip
    made = create_many(actor, Rating, rows, using=using, checked=True)
    record(actor, [(_given(rating), rating.given_at) for rating in made])


@transaction.atomic
def rate(actor: Actor, message_id: UUID, *, score: int, words: str = "") -> Rating:
    """Keep what a customer said by the link in a letter of ours; said again, the last word holds."""
    score, words = rules.require_score(score), rules.words(words)
    messages: Any = of_name("channels.message").model
    letter = messages.objects.select_for_update().filter(pk=message_id).first()
    if letter is None or letter.customer_id is None:
        raise NotFound("rating.unknown_link")
    known = Rating.objects.filter(message=letter.pk).first()
    if known is None:
        return _keep(actor, BY_LINK, letter, score, words=words, came_by=Rating.CameBy.LINK, given_at=now())
    with change(Rating, known.pk, by=actor, using=BY_LINK) as rating:
        if (rating.score, rating.words) != (score, words):
            rating.score, rating.words, rating.given_at = score, words, now()
            rating.emit(_given(rating))
    return rating


def _keep(actor: Actor, using: str, message: Rated, score: int, **said: Any) -> Rating:
    return create(
        actor, Rating, using=using, conversation_id=message.conversation_id, message_id=message.pk,
        customer_id=message.customer_id, channel=message.channel, score=rules.require_score(score), tell=_given, **said,
    )  # fmt: skip


def _given(rating: Rating) -> RatingGiven:
    return RatingGiven(
        rating_id=rating.pk, conversation_id=rating.conversation_id, customer_id=rating.customer_id,
        channel=rating.channel, score=rating.score,
    )  # fmt: skip
