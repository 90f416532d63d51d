"""Work on files by the clock."""

from guanxi.kernel.jobs import job
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.queue import write_import


@job("workspace.resume_imports", every="*/5 * * * *")
def resume_imports() -> None:
    """Go on with imports whose worker died and whose job is gone."""
    for run in ImportRun.objects.filter(status=ImportRun.Status.RUNNING):
        write_import.defer(run=str(run.pk), lock=f"import:{run.pk}")
