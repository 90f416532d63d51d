"""Work on files, in the background."""

from uuid import UUID

from guanxi.kernel.jobs import job
from guanxi.workspace.imports import running
from guanxi.workspace.imports.models import ImportRun


@job("workspace.write_import")
def write_import(run: str) -> None:
    """Write a file that was started; after a crash it goes on where it stopped."""
    running.write(UUID(run))


@job("workspace.check_import")
def check_import(run: str) -> None:
    """Try a whole file without keeping anything."""
    running.check(UUID(run))


@job("workspace.resume_imports", every="*/5 * * * *")
def resume_imports() -> None:
    """Go on with imports whose worker died and whose job is gone."""
    for run in ImportRun.objects.filter(status=ImportRun.Status.RUNNING):
        write_import.defer(run=str(run.pk), lock=f"import:{run.pk}")
