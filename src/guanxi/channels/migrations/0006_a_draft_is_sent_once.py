from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_no_index_in_the_shadow_of_another"),
    ]

    operations = [
        # A draft that was sent could be brought back; what was written on since is a draft of its own.
        migrations.RunSQL(
            "UPDATE channels_draft SET sent_as = NULL WHERE archived_at IS NULL AND sent_as IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_as", None), ("archived_at__isnull", False), _connector="OR"),
                name="draft_is_sent_once",
            ),
        ),
    ]
