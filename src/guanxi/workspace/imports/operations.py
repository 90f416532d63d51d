"""The verbs of imports: look, check, write, stop, take back."""

from dataclasses import asdict
from typing import BinaryIO
from uuid import UUID

from guanxi.events.workspace import ImportStarted
from guanxi.kernel.access import get
from guanxi.kernel.actor import Actor, Origin
from guanxi.kernel.models import ChangeSet
from guanxi.kernel.operations import operation
from guanxi.kernel.time import now
from guanxi.kernel.undo import undo
from guanxi.kernel.writes import change, create
from guanxi.lib import tables
from guanxi.lib.dates import Order, guess_order
from guanxi.lib.errors import Conflict
from guanxi.workspace.company.operations import COUNTRY, CURRENCY, ZONE
from guanxi.workspace.imports import files, rules, workbooks
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.queries import begun_by, open_to, require_given, require_open
from guanxi.workspace.imports.targets import Target, of_noun

Status = ImportRun.Status


@operation("workspace.import.prepare")
def prepare_import(
    actor: Actor,
    *,
    noun: str,
    file: str,
    file_name: str,
    encoding: str | None = None,
    mapping: dict[str, object] | None = None,
    order: Order | None = None,
    country: str | None = None,
    decimal_comma: bool = False,
    options: list[str] | None = None,
    sheet: str = "",
) -> ImportRun:
    """Look at a file and note how it shall be read; a mapping that is not given is suggested from the headings."""
    target = of_noun(noun)
    actor.require(target.permission)
    require_given(actor, file)
    taken = workbooks.table_of(actor, file, sheet, begun=begun_by(actor) if actor.id else None)
    with files.opened(taken.file) as stream:
        shape = tables.shape(stream, encoding=None if taken.sheet else encoding)
        guessed = order or _guessed(target, shape, stream, mapping) or "dmy"
    chosen = mapping if mapping is not None else open_to(actor, target, rules.suggest(target, shape.headings))
    if mapping is not None:
        rules.require_mapping(target, mapping, shape.headings)
        require_open(actor, target, mapping)
    reading = {
        "order": guessed,
        "zone": ZONE.get(),
        "country": country or COUNTRY.get(),
        "currency": CURRENCY.get(),
        "decimal_comma": decimal_comma,
        "options": rules.require_options(target, options or []),
    }
    return create(
        actor, ImportRun, using="workspace.import.prepare", noun=noun, file=taken.file, file_name=file_name[:255],
        encoding=shape.detected.encoding, delimiter=shape.delimiter, mapping=chosen, reading=reading,
    )  # fmt: skip


@operation("workspace.import.map")
def map_import(
    actor: Actor,
    import_id: UUID,
    *,
    mapping: dict[str, object],
    encoding: str | None = None,
    order: Order | None = None,
    country: str | None = None,
    decimal_comma: bool | None = None,
    options: list[str] | None = None,
) -> ImportRun:
    """Say which column of the file means what, before anything is written."""
    with change(ImportRun, import_id, by=actor, using="workspace.import.map") as run:
        _require_not_begun(run)
        with files.opened(run.file) as stream:
            shape = tables.shape(stream, encoding=encoding or run.encoding)
        rules.require_mapping(of_noun(run.noun), mapping, shape.headings)
        require_open(actor, of_noun(run.noun), mapping)
        chosen = None if options is None else rules.require_options(of_noun(run.noun), options)
        given = {"order": order, "country": country, "decimal_comma": decimal_comma, "options": chosen}
        run.reading = {**run.reading, **{name: value for name, value in given.items() if value is not None}}
        run.mapping, run.encoding, run.status = mapping, shape.detected.encoding, Status.PREPARED
    return run


@operation("workspace.import.check")
def check_import(actor: Actor, import_id: UUID) -> ImportRun:
    """Try the whole file without keeping anything, to see what would become of every row."""
    return _checking(actor, import_id, queued=True)


def check_import_here(actor: Actor, import_id: UUID) -> ImportRun:
    """The same for who tries them in this process: no worker does it at the same time."""
    return _checking(actor, import_id, queued=False)


@operation("workspace.import.start")
def start_import(actor: Actor, import_id: UUID) -> ImportRun:
    """Write the rows of the file, in the background; every row that cannot be taken is reported."""
    return _started(actor, import_id, queued=True)


def start_import_here(actor: Actor, import_id: UUID) -> ImportRun:
    """The same for who writes them in this process: a worker goes on with the file only should that die."""
    return _started(actor, import_id, queued=False)


@operation("workspace.import.cancel")
def cancel_import(actor: Actor, import_id: UUID) -> ImportRun:
    """Stop an import that runs; what is written already stays until it is undone."""
    with change(ImportRun, import_id, by=actor, using="workspace.import.cancel") as run:
        if run.status in (Status.DONE, Status.FAILED, Status.CANCELLED, Status.UNDONE):
            raise Conflict("import.not_running", status=run.status)
        run.status, run.ended_at = Status.CANCELLED, now()
    return run


@operation("workspace.import.undo", asks=True)
def undo_import(actor: Actor, import_id: UUID, *, dry_run: bool = False) -> dict[str, object]:
    """Take back what an import wrote; what was changed or used since stays and is listed with its reason."""
    run = get(actor, ImportRun, import_id, using="workspace.import.undo")
    if run.status == Status.UNDONE:
        raise Conflict("undo.already", id=str(run.change_set))
    if run.change_set is None or run.status not in (Status.DONE, Status.FAILED, Status.CANCELLED):
        raise Conflict("import.nothing_to_undo", status=run.status)
    actor.require(of_noun(run.noun).permission)
    report = undo(actor, run.change_set, dry_run=dry_run)
    if not dry_run:
        with change(ImportRun, import_id, by=actor, using="workspace.import.undo") as held:
            held.status = Status.UNDONE
    kept = [asdict(one) for one in report.kept[:200]]
    return {
        "removed": dict(report.removed), "restored": dict(report.restored), "kept": kept,
        "kept_by_reason": report.kept_by_reason(),
    }  # fmt: skip


def _checking(actor: Actor, import_id: UUID, *, queued: bool) -> ImportRun:
    with change(ImportRun, import_id, by=actor, using="workspace.import.check") as run:
        _require_writable(actor, run)
        run.status, run.owner_id = Status.CHECKING, actor.id  # it acts as whoever asked for it last
        _count_anew(run)
        run.emit(ImportStarted(import_id=run.pk, noun=run.noun, check=True, queued=queued))
    return run


def _started(actor: Actor, import_id: UUID, *, queued: bool) -> ImportRun:
    using = "workspace.import.start"
    with change(ImportRun, import_id, by=actor, using=using) as run:
        _require_writable(actor, run)
        opened = ChangeSet.objects.create(
            operation=using, at=now(), origin=Origin.IMPORT, actor_kind=actor.kind, actor_id=actor.id
        )
        run.status, run.started_at, run.change_set = Status.RUNNING, now(), opened.pk
        run.owner_id = actor.id
        _count_anew(run)
        ImportProblem.objects.filter(run=run).delete()
        run.emit(ImportStarted(import_id=run.pk, noun=run.noun, check=False, queued=queued))
    return run


def _require_writable(actor: Actor, run: ImportRun) -> None:
    """Refuse what has begun, what the actor may not write, and a mapping that does not fit the file."""
    _require_not_begun(run)
    target = of_noun(run.noun)
    for permission in (target.permission, *(target.options[one] for one in run.reading.get("options", ()))):
        actor.require(permission)
    require_open(actor, target, run.mapping)
    with files.opened(run.file) as stream:
        rules.require_mapping(target, run.mapping, tables.shape(stream, encoding=run.encoding).headings)


def _count_anew(run: ImportRun) -> None:
    run.rows_read = run.rows_created = run.rows_updated = run.rows_skipped = run.rows_failed = run.position = 0
    run.notes = {}


def _require_not_begun(run: ImportRun) -> None:
    if run.status not in (Status.PREPARED, Status.CHECKED):
        raise Conflict("import.already_begun", status=run.status)


def _guessed(target: Target, shape: tables.Shape, stream: BinaryIO, mapping: dict[str, object] | None) -> Order | None:
    """The order of dates, from the first rows of the columns that hold some."""
    chosen = mapping if mapping is not None else rules.suggest(target, shape.headings)
    sources = [s for name, s in chosen.items() if isinstance(s, str) and _is_date(target, name)]
    seen = []
    for row in tables.rows(stream, shape):
        seen += [row.cells.get(source, "") for source in sources]
        if len(seen) > 2000 or not sources:
            break
    return guess_order(seen)


def _is_date(target: Target, name: str) -> bool:
    return name in target.columns and target.columns[name].kind in ("moment", "day")
