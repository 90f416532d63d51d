"""The table of journeys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Record


class Journey(Record):
    """A plan of waits, branches and operations for the records of one kind, acting as its owner."""

    class Shape(models.TextChoices):
        STRATEGY = "strategy"
        CAMPAIGN = "campaign"
        FOLLOW_UP = "follow_up"
        GREETING = "greeting"
        CARE = "care"
        SURVEY = "survey"
        ESCALATION = "escalation"
        RULE = "rule"

    class Status(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        PAUSED = "paused"
        ENDED = "ended"

    name = models.CharField(max_length=160)
    shape = models.CharField(max_length=12, choices=Shape, default=Shape.RULE)
    record = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT, editable=False)
    start = ConditionField(default=dict, blank=True)
    steps = ConditionField(default=list, blank=True)
    stops = ConditionField(default=list, blank=True)
    hold_out = models.FloatField(default=0)
    hears = ArrayField(models.CharField(max_length=80), default=list, blank=True, editable=False)
    running_since = models.DateTimeField(null=True, blank=True, editable=False)
    paused_because = models.CharField(max_length=120, default="", blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["status"], name="journey_running", condition=Q(status="running"))]
        constraints = [
            models.CheckConstraint(condition=Q(hold_out__gte=0, hold_out__lt=1), name="journey_hold_out_is_a_share"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(owner__isnull=False), name="journey_beyond_draft_has_an_owner"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(running_since__isnull=False), name="journey_running_has_a_beginning"
            ),
        ]
