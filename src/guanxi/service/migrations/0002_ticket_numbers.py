from django.db import migrations


class Migration(migrations.Migration):
    """The running number that people quote."""

    dependencies = [("service", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE service_ticket_number START WITH 10001", "DROP SEQUENCE service_ticket_number"
        )
    ]
