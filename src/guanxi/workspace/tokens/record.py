"""How tokens appear to the whole system: never with their secret."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.tokens.models import Token

TOKEN = register(
    RecordType(
        model=Token,
        name="workspace.token",
        plural="tokens",
        readonly=("name", "kind", "owner", "expires_at", "revoked_at"),
        columns=("name", "kind", "owner", "created_at", "expires_at", "revoked_at"),
        parents={"owner": "tokens"},
        create="never",
    )
)
