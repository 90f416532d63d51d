
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_a_draft_is_sent_once'),
        ('customers', '0004_no_index_in_the_shadow_of_another'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='copy_of',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='copies',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='message',
            name='copies',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('copy_of__isnull', False)), fields=['copy_of'], name='delivery_copy_of'),
        ),
    ]
