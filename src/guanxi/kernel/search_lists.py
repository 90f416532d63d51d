"""How the search indexes that tables had already were told to take the tokens of some dozen rows together."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


def taken_together(model: str, index: str) -> migrations.SeparateDatabaseAndState:
    """A step of a migration that tells one index of a table; nothing is built anew."""
    collecting = GinIndex(fields=["search"], name=index, fastupdate=True, gin_pending_list_limit=64)
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER INDEX {index} SET (fastupdate = on, gin_pending_list_limit = 64)",
                [f"ALTER INDEX {index} SET (fastupdate = off)", f"ALTER INDEX {index} RESET (gin_pending_list_limit)"],
            )
        ],
        state_operations=[migrations.RemoveIndex(model, index), migrations.AddIndex(model, collecting)],
    )
