"""How shares appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.shares import operations
from guanxi.workspace.shares.models import Share

assert operations  # the verbs are declared with the noun
SHARE = register(
    RecordType(
        model=Share,
        name="workspace.share",
        plural="shares",
        title="called",
        readonly=("customer", "called", "user", "team", "may", "until", "ended_at"),
        columns=("customer", "called", "may", "until", "ended_at"),
        parents={"customer": "shares"},
        seen_with="customer",
        part=True,
        create="never",
    )
)
