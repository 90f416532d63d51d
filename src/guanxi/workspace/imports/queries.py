"""Questions about imports and the files that wait for one."""

from collections.abc import Iterable, Mapping

from guanxi.kernel.access import require_readable, require_writable, visible_to
from guanxi.kernel.actor import Actor, Level
from guanxi.kernel.records import of_name
from guanxi.lib.errors import NotFound
from guanxi.workspace.imports import files
from guanxi.workspace.imports.models import ImportRun
from guanxi.workspace.imports.targets import Target, of_noun


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


def require_rows_read(actor: Actor, run: ImportRun) -> None:
    """Refuse to show rows of a file that fill fields the actor does not read: what is wrong with them quotes them."""
    for noun in of_noun(run.noun).records:
        require_readable(actor, of_name(noun), *run.mapping)


def require_open(actor: Actor, target: Target, columns: Iterable[str]) -> None:
    """Refuse to fill fields that the actor may not write."""
    for noun in target.records:
        require_writable(actor, of_name(noun), columns)


def open_to(actor: Actor, target: Target, mapping: Mapping[str, object]) -> dict[str, object]:
    """What a file may fill, without the fields that the actor may not write."""
    closed = {column for column in mapping for noun in target.records if actor.level(f"{noun}.{column}") < Level.WRITE}
    return {column: source for column, source in mapping.items() if column not in closed}
