"""The one door through which messages leave; the gate's job is the only caller, a contract test sees to it."""

from guanxi.channels.wire.channel import adapter
from guanxi.channels.wire.messages import Attempt, Outgoing, Receipt


def send(kind: str, message: Outgoing, attempt: Attempt) -> Receipt:
    """Hand one message to the adapter of its channel."""
    return adapter(kind).send(message, attempt)
