"""The interface of a channel adapter and the list of those that are installed."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

from guanxi.channels.wire.messages import Attempt, DeliveryState, Incoming, Outgoing, Receipt
from guanxi.lib.errors import Unavailable


class Account(Protocol):
    """What one message or a round of them leaves from, looked up once."""

    def send(self, message: Outgoing, attempt: Attempt) -> Receipt:
        """Hand one message to the provider; called by the gate alone."""
        ...


class Channel(Protocol):
    """One kind of way to talk: e-mail, text message, chat."""

    kind: ClassVar[str]

    def account(self, id: str) -> Account:
        """The mailbox, number or page of ours that messages leave from; without an id the usual one."""
        ...

    def read(self, payload: bytes, headers: Mapping[str, str]) -> list[Incoming | DeliveryState]:
        """Understand what the provider delivered; the signature is verified first."""
        ...


_adapters: dict[str, Channel] = {}


def install(adapter: Channel) -> Channel:
    """Make an adapter known; a kind has one adapter."""
    present = _adapters.get(adapter.kind)
    if present is not None and type(present) is not type(adapter):
        raise ValueError(f"two adapters for the channel {adapter.kind}")
    _adapters[adapter.kind] = adapter
    return adapter


def remove(kind: str) -> None:
    """Forget an adapter."""
    _adapters.pop(kind, None)


def adapter(kind: str) -> Channel:
    """The adapter of a channel, or a problem that says it is not installed."""
    try:
        return _adapters[kind]
    except KeyError:
        raise Unavailable("channel.not_installed", channel=kind) from None


def kinds() -> tuple[str, ...]:
    """The channels that can carry a message, by name."""
    return tuple(sorted(_adapters))
