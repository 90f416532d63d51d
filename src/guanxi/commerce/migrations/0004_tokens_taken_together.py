from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("commerce", "0003_purchases")]

    operations = [taken_together("order", "order_search"), taken_together("product", "product_search")]
