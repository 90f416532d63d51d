"""Letters that left are kept without the links of whoever got them; those that wait have them still, and need them."""

from django.db import migrations

SIGNED = "/api/(rate|unsubscribe)/[0-9a-f]{32}:[0-9A-Za-z]{4,12}:[A-Za-z0-9_-]{43}"


def _unsigned(table: str, *columns: str) -> str:
    """The statement that takes the signatures out of the texts of a table."""
    told = ", ".join(rf"{one} = regexp_replace({one}, '{SIGNED}', '/api/\1/personal', 'g')" for one in columns)
    having = " OR ".join(f"{one} LIKE '%/api/{kind}/%'" for one in columns for kind in ("rate", "unsubscribe"))
    return f"UPDATE {table} SET {told} WHERE {having}"


class Migration(migrations.Migration):
    dependencies = [("channels", "0012_what_is_carried_has_no_result")]
    operations = [
        migrations.RunSQL(_unsigned("channels_message", "text", "new_text", "html"), migrations.RunSQL.noop),
        migrations.RunSQL(_unsigned("channels_conversation", "last_words"), migrations.RunSQL.noop),
        migrations.RunSQL(_unsigned("channels_draft", "text"), migrations.RunSQL.noop),
    ]
