"""What follows from a file that shall come in."""

from guanxi.events.workspace import ImportStarted
from guanxi.kernel.events import on
from guanxi.workspace.imports.queue import check_import, write_import


@on(ImportStarted)
def queue_the_file(event: ImportStarted) -> None:
    """Have the file checked or written by a worker, unless who started it does so."""
    if not event.queued:
        return
    work = check_import if event.check else write_import
    work.defer(run=str(event.import_id), lock=f"import:{event.import_id}")
