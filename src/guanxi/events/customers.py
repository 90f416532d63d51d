"""What happens with customers, what they allow and where they belong."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from guanxi.kernel.events import Event, event


@event("customers.customer_created")
@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """The company knows somebody new."""

    tells: ClassVar[Mapping[str, str]] = {"called": "customers.customer.name"}

    customer_id: UUID
    called: str


@event("customers.contact_point_added")
@dataclass(frozen=True, kw_only=True)
class ContactPointAdded(Event):
    """There is a new way to reach somebody; whose it is may not be known."""

    contact_point_id: UUID
    customer_id: UUID | None
    kind: str
    value: str


@event("customers.contact_point_attached")
@dataclass(frozen=True, kw_only=True)
class ContactPointAttached(Event):
    """It became known whose way this is."""

    contact_point_id: UUID
    customer_id: UUID
    value: str


@event("customers.contact_point_verified")
@dataclass(frozen=True, kw_only=True)
class ContactPointVerified(Event):
    """Somebody proved to be reached this way."""

    tells: ClassVar[Mapping[str, str]] = {"how": "customers.contact_point.verified_how"}

    contact_point_id: UUID
    customer_id: UUID | None
    value: str
    how: str


@event("customers.contact_point_died")
@dataclass(frozen=True, kw_only=True)
class ContactPointDied(Event):
    """Nothing arrives this way any more."""

    tells: ClassVar[Mapping[str, str]] = {"why": "customers.contact_point.dead_why"}

    contact_point_id: UUID
    customer_id: UUID | None
    value: str
    why: str


@event("customers.consent_given")
@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The customer said yes to words that were shown or read out."""

    consent_id: UUID
    customer_id: UUID | None
    contact_point_id: UUID | None
    purpose: str
    channel: str


@event("customers.consent_withdrawn")
@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The customer said no; an empty purpose or channel stands for all."""

    consent_id: UUID
    customer_id: UUID | None
    contact_point_id: UUID | None
    purpose: str
    channel: str


@event("customers.hold_placed")
@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Event):
    """The customer is left in peace for a while."""

    hold_id: UUID
    customer_id: UUID
    reason: str
    until: datetime | None


@event("customers.hold_lifted")
@dataclass(frozen=True, kw_only=True)
class HoldLifted(Event):
    """The reason to leave the customer in peace is gone."""

    hold_id: UUID
    customer_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class SegmentMove(Event):
    """Somebody came into a segment or went out of it."""

    tells: ClassVar[Mapping[str, str]] = {
        "segment": "customers.segment.name",
        "class_name": "customers.membership.class_name",
        "cause": "customers.membership.cause",
    }

    segment_id: UUID
    customer_id: UUID
    segment: str
    class_name: str
    cause: str


@event("customers.segment_entered")
@dataclass(frozen=True, kw_only=True)
class SegmentEntered(SegmentMove):
    """A customer came into a segment, or into a class of a partition."""


@event("customers.segment_left")
@dataclass(frozen=True, kw_only=True)
class SegmentLeft(SegmentMove):
    """A customer went out of a segment, or out of a class of a partition."""


class AboutACustomer(ABC):  # noqa: B024  it is never made, only asked
    """Any event that names a customer, whoever declares it; moves between segments follow from others and stay out."""

    @classmethod
    def __subclasshook__(cls, other: type[Any]) -> bool:
        names = (name for ancestor in other.__mro__ for name in vars(ancestor).get("__annotations__", ()))
        return not issubclass(other, SegmentMove) and "customer_id" in names
