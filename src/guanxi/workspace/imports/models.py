"""The tables of imports."""

from django.db import models

from guanxi.kernel.models import Record


class ImportRun(Record):
    """One file on its way in: how it is read, how far it got, what it wrote."""

    class Status(models.TextChoices):
        PREPARED = "prepared"
        CHECKING = "checking"
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        UNDONE = "undone"

    noun = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    file = models.CharField(max_length=64, editable=False)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    mapping = models.JSONField(default=dict, blank=True)
    reading = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PREPARED)
    rows_read = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_failed = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(default=0, editable=False)
    change_set = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)


class ImportProblem(models.Model):
    """A row that could not be taken, as it stood in the file, and why."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    problem = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["run", "number"], name="import_problem_of_run")]
