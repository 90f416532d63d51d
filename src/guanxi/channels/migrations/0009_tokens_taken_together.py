from django.db import migrations

from guanxi.kernel.search_lists import taken_together


class Migration(migrations.Migration):
    """Search tokens of some dozen rows go into the index together."""

    dependencies = [("channels", "0008_an_answer_is_kept_before_it_is_settled")]

    operations = [taken_together("conversation", "conversation_search")]
