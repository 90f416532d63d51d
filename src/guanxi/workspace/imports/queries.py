"""Questions about imports and the files that wait for one."""

from guanxi.kernel.access import visible_to
from guanxi.kernel.actor import Actor
from guanxi.lib.errors import NotFound
from guanxi.workspace.imports import files
from guanxi.workspace.imports.models import ImportRun


def begun_by(actor: Actor) -> set[str]:
    """Which files that somebody gave were begun to be brought in."""
    runs = ImportRun.objects.filter(file__among=files.given_by(actor), started_at__isnull=False)
    return set(runs.values_list("file", flat=True))


def require_given(actor: Actor, file: str) -> None:
    """Refuse a file that the actor neither gave nor sees an import of: its name alone opens nothing."""
    if file in files.given_by(actor):
        return
    if not files.NAME.fullmatch(file) or not visible_to(actor, ImportRun).filter(file=file).exists():
        raise NotFound("import.file_gone")
