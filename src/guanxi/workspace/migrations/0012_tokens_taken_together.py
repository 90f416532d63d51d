from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("workspace", "0011_shares")]

    operations = [taken_together("user", "user_search")]
