"""The table of clauses."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Row


class Clause(Row):
    """One promise of a version: its text, whose it is, and the measure, standard and target that show it kept."""

    class Section(models.TextChoices):
        CONTACT = "contact"
        PHONE = "phone"
        CHAT = "chat"
        MAIL = "mail"
        COMPLAINTS = "complaints"
        DATA = "data"
        CARE = "care"
        GOVERNANCE = "governance"

    class Counting(models.TextChoices):
        CLOCK = "clock"
        OFFICE = "office"
        WORKDAYS = "workdays"

    class Figure(models.TextChoices):
        SHARE = "share"
        MEAN = "mean"

    # `version` is the count of changes that every row has.
    in_version = models.ForeignKey("protocols.Version", on_delete=models.PROTECT, related_name="+", db_index=False)
    # What stays the same from version to version, so that a clause can be followed through them.
    key = models.SlugField(max_length=80, db_index=False)
    section = models.CharField(max_length=12, choices=Section)
    ordinal = models.PositiveSmallIntegerField()
    text = models.JSONField()
    scope = ConditionField(null=True, blank=True)
    team = models.ForeignKey("workspace.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField(max_length=120, default="", blank=True)
    standard = models.CharField(max_length=120, default="", blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=12, default="", blank=True)
    counted_in = models.CharField(max_length=8, choices=Counting, default=Counting.CLOCK)
    figure_kind = models.CharField(max_length=8, choices=Figure, default=Figure.SHARE)
    target_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_version", "key"], name="clause_key_in_version"),
            models.CheckConstraint(
                condition=Q(standard="", value=None, unit="") | (~Q(standard="") & Q(value__gt=0) & ~Q(unit="")),
                name="clause_standard_has_value_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(counted_in="clock") | ~Q(standard=""), name="clause_office_hours_count_a_standard"
            ),
            models.CheckConstraint(
                condition=Q(target_share=None) | Q(target_share__gt=0, target_share__lte=1),
                name="clause_target_is_share",
            ),
            models.CheckConstraint(
                condition=Q(figure_kind="share") | (~Q(standard="") & Q(target_share=None)),
                name="clause_mean_is_held_against_standard",
            ),
        ]
