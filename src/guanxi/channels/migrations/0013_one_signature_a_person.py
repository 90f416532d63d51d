from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0012_what_is_carried_has_no_result"),
        ("workspace", "0013_tokens_ended_once"),
    ]

    operations = [
        # Two windows could write a first one each; the newest was the one that stood under letters.
        migrations.RunSQL(
            """
            UPDATE channels_signature s SET archived_at = now() WHERE archived_at IS NULL AND EXISTS (
                SELECT FROM channels_signature n WHERE n.owner_id = s.owner_id AND n.archived_at IS NULL
                AND (n.created_at, n.id) > (s.created_at, s.id)
            )
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("archived_at", None)), fields=("owner",), name="signature_is_a_persons_one"
            ),
        ),
    ]
