"""What happens in contact that we begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("outreach.strategy_due")
@dataclass(frozen=True, kw_only=True)
class StrategyDue(Event):
    """The seconds in which a send could be called back are over."""

    strategy_id: UUID
    number: int


@event("outreach.strategy_scheduled")
@dataclass(frozen=True, kw_only=True)
class StrategyScheduled(Event):
    """Somebody sent a strategy; for some seconds it can be called back."""

    tells: ClassVar[Mapping[str, str]] = {"strategy": "outreach.strategy.name"}

    strategy_id: UUID
    strategy: str


@event("outreach.strategy_recalled")
@dataclass(frozen=True, kw_only=True)
class StrategyRecalled(Event):
    """A send was called back in time; nobody was contacted."""

    tells: ClassVar[Mapping[str, str]] = {"strategy": "outreach.strategy.name"}

    strategy_id: UUID
    strategy: str


@event("outreach.customer_contacted")
@dataclass(frozen=True, kw_only=True)
class CustomerContacted(Event):
    """A strategy reached out to a customer."""

    tells: ClassVar[Mapping[str, str]] = {"strategy": "outreach.strategy.name"}

    strategy_id: UUID
    recipient_id: UUID
    customer_id: UUID
    strategy: str
    channel: str


@event("outreach.customer_spared")
@dataclass(frozen=True, kw_only=True)
class CustomerSpared(Event):
    """A strategy did not reach out to a customer, and why."""

    tells: ClassVar[Mapping[str, str]] = {"strategy": "outreach.strategy.name"}

    strategy_id: UUID
    recipient_id: UUID
    customer_id: UUID
    strategy: str
    reason: str


@event("outreach.strategy_answered")
@dataclass(frozen=True, kw_only=True)
class StrategyAnswered(Event):
    """A customer answered what a strategy sent."""

    tells: ClassVar[Mapping[str, str]] = {"strategy": "outreach.strategy.name"}

    strategy_id: UUID
    recipient_id: UUID
    customer_id: UUID
    strategy: str
