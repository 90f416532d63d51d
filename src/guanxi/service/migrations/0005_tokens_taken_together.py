from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("service", "0004_no_index_in_the_shadow_of_another")]

    operations = [taken_together("ticket", "ticket_search")]
