"""What ended a session or a script is a moment that no undo takes back; in the table nothing changes."""

import guanxi.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('workspace', '0012_tokens_taken_together'),
    ]

    operations = [
        migrations.AlterField(
            model_name='token',
            name='revoked_at',
            field=guanxi.kernel.fields.OnceField(blank=True, editable=False, null=True),
        ),
    ]
