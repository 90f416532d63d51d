"""When the company and its protocol are held against each other anew."""

from guanxi.events.channels import ContactLogged, MailboxConnected, MessageSent
from guanxi.events.protocols import VersionPublished
from guanxi.events.service import TicketAssigned, TicketOpened
from guanxi.kernel.events import WORKING, Event, on
from guanxi.protocols.gaps.operations import look
from guanxi.protocols.gaps.queries import is_new
from guanxi.protocols.gaps.rules import Kind


@on(VersionPublished, MailboxConnected, origins=WORKING)
def look_for_gaps(event: VersionPublished | MailboxConnected) -> None:
    """New clauses close gaps, a new channel may be one."""
    look(event.system)


@on(ContactLogged, TicketOpened, TicketAssigned, MessageSent, origins=WORKING, set=True)
def look_for_gaps_where_something_is_new(events: list[Event]) -> None:
    """The first call, ticket or letter of its kind shows a gap at once; thousands like it cost one look at a time."""
    told = {(kind, value) for event in events for kind, value in _shows(event) if value}
    if any(is_new(kind, value, events[0].meta.occurred_at) for kind, value in sorted(told)):
        look(events[0].system)


def _shows(event: Event) -> list[tuple[Kind, str]]:
    """What there is, as far as an event tells."""
    match event:
        case TicketOpened():
            return [("channel", event.channel), ("ticket_kind", event.kind)]
        case TicketAssigned():
            return [("team", str(event.team_id or ""))]
        case ContactLogged():
            return [("channel", event.channel)]
        case MessageSent():
            return [("channel", event.channel), ("purpose", event.purpose)]
    return []
