"""What a mailbox may do by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from guanxi.channels.email.mime import automatic

AGAIN_AFTER = timedelta(hours=24)
"""A conversation gets one automatic receipt in this time, however often they write."""


def may_acknowledge(
    *,
    wanted: bool,
    by_person: bool,
    sender: str,
    reply_to: str,
    earlier: Sequence[datetime],
    receipts: Sequence[datetime],
    now: datetime,
) -> bool:
    """Whether a receipt may be written by itself: to the sender, where answers are not wanted elsewhere.

    `earlier`: when this sender wrote under this subject; `receipts`: when we sent receipts in this conversation.
    """
    if not wanted or not by_person or reply_to not in ("", sender) or automatic.circling(earlier, now):
        return False
    return all(at < now - AGAIN_AFTER for at in receipts)
