"""The tables of the ways through journeys."""

from django.db import models
from django.db.models import Q

from guanxi.kernel.models import Row
from guanxi.kernel.time import now


class Run(Row):
    """One way of one subject through a journey: where it stands, what it waits for, how it ended."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        WAITING = "waiting"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"
        HELD_OUT = "held_out"

    journey = models.ForeignKey("journeys.Journey", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_id = models.UUIDField()
    start_key = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    step = models.CharField(max_length=120, default="", blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=80, default="", blank=True)
    context = models.JSONField(default=dict, blank=True, editable=False)
    outcome = models.CharField(max_length=120, default="", blank=True)
    trouble = models.JSONField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"], name="run_of_subject"),
            models.Index(fields=["journey", "-created_at"], name="run_of_journey"),
            models.Index(
                fields=["journey", "subject_id"], name="run_under_way", condition=Q(status__in=["active", "waiting"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["journey", "subject_id", "start_key"], name="run_begins_once"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "waiting"], ended_at=None)
                | (~Q(status__in=["active", "waiting"]) & Q(ended_at__isnull=False)),
                name="run_over_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_key} {self.status}"


class StepTaken(models.Model):
    """The receipt of one step of one run, written with what the step wrote: no step is taken twice."""

    pk = models.CompositePrimaryKey("run_id", "step")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps_taken", db_index=False)
    step = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    said = models.CharField(max_length=120, default="")
    change_set = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(default=now)


class Holding(models.Model):
    """A record for which a journey's beginning condition holds, and since when: it begins once until it ends."""

    journey = models.ForeignKey("journeys.Journey", on_delete=models.CASCADE, related_name="+", db_index=False)
    subject_id = models.UUIDField()
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journey", "subject_id"], name="holding_once")]
