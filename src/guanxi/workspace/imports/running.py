"""A file on its way in: batches of one transaction each; killed in between, it goes on where it stopped."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from guanxi.events.workspace import ImportEnded
from guanxi.kernel.actor import SYSTEM, Actor, Origin
from guanxi.kernel.events import emit
from guanxi.kernel.live import touch
from guanxi.kernel.time import now
from guanxi.kernel.words import said, say
from guanxi.lib import tables
from guanxi.lib.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from guanxi.workspace.imports import files, rules
from guanxi.workspace.imports.models import ImportProblem, ImportRun
from guanxi.workspace.imports.problems import kept
from guanxi.workspace.imports.targets import Line, Result, Target, of_noun, unreadable
from guanxi.workspace.tokens.queries import actor_of

BATCH = 5000
LARGEST_BATCH = 64 << 20
"""How much of a file is held at once, even where it is all one document; looked at every so many rows."""
LOOKED_AT = 64
LEARNING = (1, 8, 40)
"""Before which batches the database looks at its tables anew."""
PATIENCE = 5  # seconds without news of a worker; a batch takes one or two
LOOKED_AFTER = 0.2  # seconds between two looks at how far a worker is
MOST_PROBLEMS = 10_000
Status = ImportRun.Status


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some rows of the file: those that are understood, those that are in part, those that are not at all."""

    lines: Sequence[Line]
    doubtful: Sequence[Line]
    failed: Sequence[tuple[int, Problem]]
    cells: dict[int, dict[str, str]]
    last: int
    read: int


def write(run_id: UUID) -> ImportRun:
    """Write the file of a run that was started; safe to repeat after a crash."""
    run = ImportRun.objects.get(pk=run_id)
    if run.status != Status.RUNNING:
        return run
    actor = _acting(run)
    try:
        for number, batch in enumerate(batches(run, actor.language)):
            if number in LEARNING:
                _learn()
            if not _write_batch(actor, run, batch):
                return ImportRun.objects.get(pk=run_id)
    except Problem as problem:
        return _end(actor, run, Status.FAILED, problem)
    return _end(actor, run, Status.DONE)


def _learn() -> None:
    """Tell the database what its tables hold by now: plans made for empty tables read full ones from end to end."""
    ours = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("guanxi.")]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, ours))}")


def write_or_wait(run_id: UUID) -> ImportRun:
    """Write the file of a run here, or wait for the worker that was faster; one that died is replaced."""
    run, before, waited = write(run_id), -1, 0.0
    while run.status == Status.RUNNING:
        waited = waited + LOOKED_AFTER if run.position == before else 0.0
        before = run.position
        if waited >= PATIENCE:
            run, waited = write(run_id), 0.0
        else:
            time.sleep(LOOKED_AFTER)
            run = ImportRun.objects.get(pk=run_id)
    return run


def check(run_id: UUID) -> ImportRun:
    """Write the file and take everything back at once: what would become of every row."""
    run = ImportRun.objects.get(pk=run_id)
    if run.status != Status.CHECKING:
        return run
    actor, found, failed, read = _acting(run), Result(), 0, 0
    problems: list[ImportProblem] = []
    status: Status = Status.CHECKED
    said_: dict[str, Any] | None = None
    try:
        with transaction.atomic():
            for batch in batches(run, actor.language):
                one = _written(actor, of_noun(run.noun), batch.lines)
                _add(found, one)
                more = _problems(actor, run, batch, one)
                failed += len(more)
                problems += more[: MOST_PROBLEMS - len(problems)]
                read += batch.read
            transaction.set_rollback(True)
    except Problem as problem:
        status, said_ = Status.FAILED, said(problem, actor.language)
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run_id)
        if held.status != Status.CHECKING:  # stopped meanwhile, or somebody else was faster
            return held
        ImportProblem.objects.filter(run=run).delete()
        ImportProblem.objects.bulk_create(problems, batch_size=1000)
        ImportRun.objects.filter(pk=run_id).update(
            status=status, rows_read=read, rows_created=found.created, rows_updated=found.updated,
            rows_skipped=found.skipped, rows_failed=failed, notes=found.notes, problem=said_,
        )  # fmt: skip
    touch(["workspace.import", f"workspace.import:{run_id}"])
    return ImportRun.objects.get(pk=run_id)


def batches(run: ImportRun, language: str) -> Iterator[Batch]:
    """The rows after those that are written, some thousand at a time; rows of one document stay together.

    What is added to rows is headed in the language of whoever brings them.
    """
    target, reading = of_noun(run.noun), rules.Reading(**run.reading)
    with files.opened(run.file) as stream:
        shape = tables.shape(stream, encoding=run.encoding)
        added = target.place if target.place not in run.mapping else None
        heading = say(target.message(added), language) if added else ""
        yield from _batched(run, target, _lines(run, target, reading, tables.rows(stream, shape), heading), stream.tell)


def _lines(
    run: ImportRun, target: Target, reading: rules.Reading, rows: Iterable[tables.Row], heading: str
) -> Iterator[tuple[tables.Row, Line | Problem]]:
    ordinals: Counter[str] = Counter()
    sources, chosen = rules.sources(target, run.mapping, reading), frozenset(reading.options)
    document = run.mapping.get(target.document) if target.document else None
    for row in rows:
        known: Line | Problem
        counted = 1
        if document:  # a row that cannot be read keeps its place, too
            whole = rules.cell(document, row.cells)
            ordinals[whole] += 1
            counted = ordinals[whole]
        if row.problem:
            known = Invalid(row.problem)
        else:
            values, wrong = rules.values(sources, row.cells)
            place = values.pop(target.place, counted) if target.place else counted
            known = Line(
                number=row.number, values=values, ordinal=place, country=reading.country, wrong=wrong or None,
                options=chosen,
            )  # fmt: skip
        if heading:  # kept with a row that fails, so that it finds its place when it is corrected
            row.cells.setdefault(heading, str(counted))
        if row.number > run.position:
            yield row, known


def _batched(
    run: ImportRun, target: Target, rows: Iterable[tuple[tables.Row, Line | Problem]], place: Callable[[], int]
) -> Iterator[Batch]:
    lines: list[Line] = []
    doubtful: list[Line] = []
    failed: list[tuple[int, Problem]] = []
    cells: dict[int, dict[str, str]] = {}
    read, last, document, began = 0, run.position, None, place()
    for row, known in rows:
        own = known.values.get(target.document) if isinstance(known, Line) and target.document else None
        full = read >= BATCH and (own is None or own != document)
        if full or (not read % LOOKED_AT and place() - began > LARGEST_BATCH):
            yield Batch(lines=lines, doubtful=doubtful, failed=failed, cells=cells, last=last, read=read)
            lines, doubtful, failed, cells, read, began = [], [], [], {}, 0, place()
        if isinstance(known, Line):
            (doubtful if known.wrong else lines).append(known)
        else:
            failed.append((row.number, known))
        cells[row.number] = row.cells
        read, last, document = read + 1, row.number, own
    if read:
        yield Batch(lines=lines, doubtful=doubtful, failed=failed, cells=cells, last=last, read=read)


def _write_batch(actor: Actor, run: ImportRun, batch: Batch) -> bool:
    """Write a batch with its counts, or nothing of it; False when the run was stopped or is somebody else's now."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.status != Status.RUNNING or held.position != run.position:
            return False
        found = _written(actor, of_noun(run.noun), batch.lines)
        problems = _problems(actor, run, batch, found)
        room = MOST_PROBLEMS - held.rows_failed
        ImportProblem.objects.bulk_create(problems[: max(0, room)], batch_size=1000)
        notes = Counter(held.notes) + Counter(found.notes)
        ImportRun.objects.filter(pk=run.pk).update(
            position=batch.last, rows_read=held.rows_read + batch.read, rows_created=held.rows_created + found.created,
            rows_updated=held.rows_updated + found.updated, rows_skipped=held.rows_skipped + found.skipped,
            rows_failed=held.rows_failed + len(problems), notes=dict(notes),
        )  # fmt: skip
        touch(["workspace.import", f"workspace.import:{run.pk}"])
    run.position = batch.last
    return True


def _written(actor: Actor, target: Target, lines: Sequence[Line]) -> Result:
    """Write some rows; where one cannot be stored, halve them until only its document is left out and reported."""
    try:
        with transaction.atomic():
            return target.write(actor, lines)
    except (Invalid, Conflict, NotFound, Forbidden) as problem:
        if problem.code == "access.not_granted":  # of no row
            raise
        middle = _border(target, lines)
        if middle is None:
            return Result(problems=[(line.number, problem) for line in lines])
        first, second = _written(actor, target, lines[:middle]), _written(actor, target, lines[middle:])
        _add(first, second)
        first.problems += second.problems
        return first


def _border(target: Target, lines: Sequence[Line]) -> int | None:
    """Where a document ends, as near to the middle as there is; None where all rows are one document."""
    name = target.document
    ends = [i for i in range(1, len(lines)) if not name or lines[i].values[name] != lines[i - 1].values[name]]
    return min(ends, key=lambda i: abs(i - len(lines) // 2)) if ends else None


def _problems(actor: Actor, run: ImportRun, batch: Batch, found: Result) -> list[ImportProblem]:
    """Why rows failed, in the order of the file; of cells that could not be read with all else that is wrong."""
    more = of_noun(run.noun).check(actor, batch.doubtful) if batch.doubtful else []
    doubtful: list[tuple[int, Problem]] = []
    for line, beside in zip(batch.doubtful, more, strict=True):
        doubtful.append((line.number, unreadable({**beside, **(line.wrong or {})})))
    everything = sorted([*batch.failed, *doubtful, *found.problems], key=lambda one: one[0])
    return [
        ImportProblem(run=run, number=number, cells=kept(run, batch.cells.get(number, {})), problem=_codes(problem))
        for number, problem in everything
    ]


def _codes(problem: Problem) -> dict[str, Any]:
    """A refusal as it is kept: codes and values; the sentence is said in the reader's language."""
    return {
        "code": problem.code,
        "values": {n: [*map(str, v)] if isinstance(v, list | tuple) else str(v) for n, v in problem.values.items()},
        "fields": {name: _codes(inner) for name, inner in problem.fields.items()},
    }


def _end(actor: Actor, run: ImportRun, status: Status, problem: Problem | None = None) -> ImportRun:
    with transaction.atomic():
        said_ = said(problem, actor.language) if problem else None
        ImportRun.objects.filter(pk=run.pk).update(status=status, ended_at=now(), problem=said_)
        ended = ImportRun.objects.get(pk=run.pk)
        happened = ImportEnded(
            import_id=run.pk, noun=run.noun, created=ended.rows_created, updated=ended.rows_updated,
            skipped=ended.rows_skipped, failed=ended.rows_failed, succeeded=status == Status.DONE,
        )  # fmt: skip
        emit(actor.as_origin(Origin.LIVE), happened)
        touch(["workspace.import", f"workspace.import:{run.pk}"])
    return ended


def _add(found: Result, one: Result) -> None:
    found.created += one.created
    found.updated += one.updated
    found.skipped += one.skipped
    found.notes = dict(Counter(found.notes) + Counter(one.notes))


def _acting(run: ImportRun) -> Actor:
    """Whoever started it, writing into its change-set."""
    left = Actor(kind="user", id=run.owner_id)  # who has left may do nothing any more
    owner = (actor_of(run.owner_id) or left) if run.owner_id else SYSTEM
    acting = owner.as_origin(Origin.IMPORT)
    return acting.under(run.change_set) if run.change_set else acting
