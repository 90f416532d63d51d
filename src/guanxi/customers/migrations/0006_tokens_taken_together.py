from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("customers", "0005_customer_bank_account_customer_id_number_and_more")]

    operations = [taken_together("customer", "customer_search"), taken_together("contactpoint", "contact_point_search")]
