"""History knows of what a row was a part, so that the past of a document tells of its lines."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_months")]

    operations = [
        migrations.AddField("historyentry", "part_of", models.UUIDField(null=True)),
        migrations.AddIndex(
            "historyentry",
            models.Index(condition=models.Q(("part_of__isnull", False)), fields=["part_of"], name="history_of_parts"),
        ),
    ]
