"""Questions about signatures: whose is what, and how it reads."""

from guanxi.channels.signatures.models import Signature
from guanxi.channels.templates import queries, rules
from guanxi.kernel.actor import Actor


def own(actor: Actor) -> str | None:
    """The signature of whoever writes; None where they have none of their own."""
    rows = Signature.objects.filter(owner=actor.id, archived_at=None) if actor.id else Signature.objects.none()
    return rows.order_by("-created_at", "-pk").values_list("text", flat=True).first()


def filled(actor: Actor, text: str) -> str:
    """A signature with its blanks filled in."""
    house = queries.of_house(actor)
    known = {head: {part: said or " " for part, said in parts.items()} for head, parts in house.items()}
    return rules.letter(("", text), known).text if text else ""
