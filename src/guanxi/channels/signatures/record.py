"""How signatures appear to the whole system: to whoever writes with them."""

from guanxi.channels.signatures import operations
from guanxi.channels.signatures.models import Signature
from guanxi.kernel.records import RecordType, register

SIGNATURE = register(
    RecordType(
        model=Signature,
        name="channels.signature",
        plural="signatures",
        title="text",
        readonly=("text", "owner", "team"),
        columns=("text", "owner", "updated_at"),
        create=operations.write_signature,
        personal={"text": "clear"},
    )
)
