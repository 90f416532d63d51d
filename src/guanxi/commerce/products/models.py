"""The table of products."""

from django.db import models

from guanxi.kernel.models import Extensible, Record, Searchable, search_index


class Product(Record, Searchable, Extensible):
    """Something that can be bought, under its code."""

    code = models.CharField(max_length=80)
    name = models.CharField(max_length=300, blank=True, default="")
    category = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [
            search_index("product_search"),
            models.Index(fields=["category", "code"], name="product_by_category"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="product_code_is_unique"),
            models.CheckConstraint(condition=~models.Q(code=""), name="product_has_a_code"),
        ]
