"""Work on files by the clock."""

from datetime import timedelta

from guanxi.kernel.jobs import job
from guanxi.kernel.time import now
from guanxi.workspace.imports import files
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.queue import check_import, write_import

UNUSED = timedelta(days=2)
LEFT = timedelta(hours=1)
"""A trial that takes longer has been left: a command that was ended tells nobody."""


@job("workspace.forget_unused_files", every="17 4 * * *")
def forget_unused_files() -> None:
    """Delete what somebody uploaded to look at and never brought in."""
    used = set(ImportRun.objects.values_list("file", flat=True))
    files.forget_unused(used, before=(now() - UNUSED).timestamp())


@job("workspace.resume_imports", every="*/5 * * * *")
def resume_imports() -> None:
    """Go on with imports whose worker died and whose job is gone, and with trials that nobody ended."""
    for run in ImportRun.objects.filter(status=ImportRun.Status.RUNNING):
        write_import.defer(run=str(run.pk), lock=f"import:{run.pk}")
    left = ImportRun.objects.filter(status=ImportRun.Status.CHECKING, updated_at__lt=now() - LEFT)
    for run in left:
        check_import.defer(run=str(run.pk), lock=f"import:{run.pk}")
