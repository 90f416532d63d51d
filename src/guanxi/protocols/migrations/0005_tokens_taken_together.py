from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("protocols", "0004_clauses_in_office_hours")]

    operations = [taken_together("protocol", "protocol_search")]
