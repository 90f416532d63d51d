"""The verbs of protocols: draft, word, publish. Publishing is the only thing that changes a standard."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.events.protocols import ReviewDue, VersionDrafted, VersionPublished
from guanxi.kernel import access, clocks, measures, settings
from guanxi.kernel.actor import Actor
from guanxi.kernel.events import emit
from guanxi.kernel.models import CLOCK
from guanxi.kernel.operations import operation
from guanxi.kernel.removals import remove
from guanxi.kernel.time import now, today
from guanxi.kernel.writes import change, create, create_many
from guanxi.lib.errors import Conflict, Invalid
from guanxi.protocols.clauses import rules as clause_rules
from guanxi.protocols.clauses.models import Clause
from guanxi.protocols.clauses.operations import Kind, Section, content
from guanxi.protocols.protocols import rules
from guanxi.protocols.protocols.files import FiledClause, columns
from guanxi.protocols.protocols.models import Protocol, Version
from guanxi.protocols.texts.meanings import Catalogue
from guanxi.protocols.texts.rules import Reading, read
from guanxi.workspace.company.operations import ZONE

Rhythm = Literal["quarter", "half_year"]
Language = Literal["en", "zh-Hans", "zh-Hant"]


@operation("protocols.protocol.draft_version")
def draft_version(actor: Actor, protocol_id: UUID, *, note: str = "") -> Version:
    """Begin a new version of a protocol from the clauses of the one in force."""
    using = "protocols.protocol.draft_version"
    draft, in_force = _begun_draft(actor, protocol_id, note, using)
    create_many(actor, Clause, [_copied(clause, draft) for clause in in_force], using=using)
    return draft


@operation("protocols.protocol.read_text", reads=True)
def read_text(actor: Actor, *, text: str, language: Language | None = None) -> Reading:  # noqa: ARG001  a reader is needed
    """Take a text of one's own apart into the clauses it would become; nothing is written."""
    return read(text, _catalogue(), language=language or "")


@operation("protocols.protocol.draft_text")
def draft_text(actor: Actor, protocol_id: UUID, *, clauses: list[FiledClause], note: str = "") -> Version:
    """Begin a new version of a protocol from a text of one's own, in place of the clauses in force."""
    using = "protocols.protocol.draft_text"
    draft, in_force = _begun_draft(actor, protocol_id, note, using)
    if not clauses:
        raise Invalid("protocol.text_has_no_clauses")
    filed = columns(actor, clauses, before=in_force)
    create_many(actor, Clause, [{**one, "in_version_id": draft.pk} for one in filed], using=using)
    return draft


@operation("protocols.protocol.load")
def load_protocol(
    actor: Actor,
    *,
    name: str,
    clauses: list[FiledClause],
    goal: str = "",
    note: str = "",
    review_rhythm: Rhythm = "quarter",
) -> Protocol:
    """Take over a protocol that is kept as a text file, as a draft."""
    filed = columns(actor, clauses)
    using = "protocols.protocol.load"
    values = {"name": name.strip(), "goal": goal.strip(), "review_rhythm": review_rhythm}
    protocol = create(actor, Protocol, using=using, **values)
    draft = create(actor, Version, using=using, protocol=protocol, number=1, note=note.strip())
    create_many(actor, Clause, [{**one, "in_version_id": draft.pk} for one in filed], using=using)
    emit(actor, VersionDrafted(protocol_id=protocol.pk, version_id=draft.pk, number=1))
    return protocol


@operation("protocols.version.add_clause")
def add_clause(
    actor: Actor,
    version_id: UUID,
    *,
    section: Section,
    text: dict[str, str],
    key: str = "",
    scope: dict[str, Any] | None = None,
    team: UUID | None = None,
    measure: str = "",
    standard: str = "",
    value: Decimal | None = None,
    counted_in: settings.Counting = CLOCK,
    figure_kind: Kind = "share",
    target_share: Decimal | None = None,
) -> Clause:
    """Add a clause to a draft, at the end of its section."""
    said = content(
        actor, section=section, text=text, scope=scope, team=team, measure=measure, standard=standard, value=value,
        counted_in=counted_in, figure_kind=figure_kind, target_share=target_share,
    )  # fmt: skip
    using = "protocols.version.add_clause"
    with change(Version, version_id, by=actor, using=using) as version:
        clause_rules.require_draft(version.status, version.number)
        beside = Clause.objects.filter(in_version=version)
        last = beside.filter(section=section).order_by("-ordinal").first()
        return create(
            actor,
            Clause,
            using=using,
            in_version=version,
            key=key or clause_rules.free_key(section, beside.values_list("key", flat=True)),
            ordinal=last.ordinal + 1 if last else 1,
            **said,
        )


@operation("protocols.version.discard", asks=True)
def discard_draft(actor: Actor, version_id: UUID) -> dict[str, int]:
    """Throw a draft away with all its clauses."""
    using = "protocols.version.discard"
    with change(Version, version_id, by=actor, using=using) as version:
        clause_rules.require_draft(version.status, version.number)
        clauses = list(Clause.objects.filter(in_version=version).values_list("pk", flat=True))
        for id in clauses:
            remove(actor, Clause, id, using=using)
    remove(actor, Version, version_id, using=using)
    return {"clauses": len(clauses)}


@operation("protocols.version.publish", human_only="changes what the company promises", asks=True)
def publish_version(actor: Actor, version_id: UUID, *, note: str = "") -> Version:
    """Put a draft in force: its numbers hold from now on, the version before is superseded and keeps its figures."""
    using = "protocols.version.publish"
    with change(Version, version_id, by=actor, using=using) as version:
        clause_rules.require_draft(version.status, version.number)
        clauses = list(Clause.objects.select_for_update().filter(in_version=version))
        if not clauses:
            raise Conflict("protocol.version_is_empty", number=version.number)
        new = rules.promises(clauses)
        old = _supersede(actor, version, using)
        changed = _put_in_force(actor, old, new)
        version.status, version.published_at = Version.Status.PUBLISHED, now()
        version.note = note.strip() or version.note
        version.emit(
            VersionPublished(
                protocol_id=version.protocol_id, version_id=version.pk, number=version.number, standards=changed
            )
        )
    _plan_review(actor, version.protocol_id)
    return version


@operation("protocols.protocol.plan_review")
def plan_review(actor: Actor, protocol_id: UUID, *, on: date, rhythm: Rhythm | None = None) -> Protocol:
    """Say when a protocol is reviewed next, and how often."""
    with change(Protocol, protocol_id, by=actor, using="protocols.protocol.plan_review") as protocol:
        protocol.next_review_on = on
        protocol.review_rhythm = rhythm or protocol.review_rhythm
    _set_clock(protocol)
    return protocol


def _begun_draft(actor: Actor, protocol_id: UUID, note: str, using: str) -> tuple[Version, list[Clause]]:
    """A draft without clauses, and the clauses in force."""
    with change(Protocol, protocol_id, by=actor, using=using) as protocol:
        versions = Version.objects.filter(protocol=protocol)
        if open_draft := versions.filter(status=Version.Status.DRAFT).first():
            raise Conflict("protocol.draft_is_open", number=open_draft.number)
        last = versions.order_by("-number").first()
        number = last.number + 1 if last else 1
        draft = create(actor, Version, using=using, protocol=protocol, number=number, note=note.strip())
        protocol.emit(VersionDrafted(protocol_id=protocol.pk, version_id=draft.pk, number=number))
    in_force = Clause.objects.filter(in_version__protocol=protocol, in_version__status=Version.Status.PUBLISHED)
    return draft, clause_rules.in_order(in_force)


def _catalogue() -> Catalogue:
    """What a number in a text may be bound to."""
    known = measures.measures()
    return Catalogue(
        units={name: one.unit for name, one in settings.settings().items() if one.standard},
        measures={one.standard: name for name, one in known.items() if one.standard},
        figures=frozenset(known),
        countings={name: one.countings for name, one in settings.settings().items() if one.standard},
    )


def _copied(clause: Clause, draft: Version) -> dict[str, Any]:
    kept = {name: getattr(clause, name) for name in ("key", "ordinal", *clause_rules.CONTENT)}
    return {**kept, "in_version_id": draft.pk}


def _supersede(actor: Actor, version: Version, using: str) -> dict[tuple[str, str], rules.Promise]:
    """End the version in force; returns the numbers it had put in force."""
    before = Version.objects.filter(protocol_id=version.protocol_id, status=Version.Status.PUBLISHED).first()
    if before is None:
        return {}
    access.require_reach(actor, using, before)
    with change(Version, before.pk, by=actor, using=using) as ended:
        ended.status, ended.superseded_at = Version.Status.SUPERSEDED, now()
    return rules.promises(Clause.objects.filter(in_version=before))


def _put_in_force(
    actor: Actor, old: dict[tuple[str, str], rules.Promise], new: dict[tuple[str, str], rules.Promise]
) -> int:
    """Choose what is promised anew and withdraw what no clause promises any more; returns how many numbers moved."""
    known = settings.settings()
    moved = 0
    for promise in new.values():
        if promise.standard in known and _in_force(promise) != (promise.value, promise.counted_in):
            settings.choose(
                actor, promise.standard, promise.value, scope=promise.scope, source=promise.source,
                counted_in=promise.counted_in,
            )  # fmt: skip
            moved += 1
    for place in old.keys() - new.keys():
        if old[place].standard in known:
            settings.withdraw(actor, old[place].standard, scope=old[place].scope, source=old[place].source)
            moved += 1
    return moved


def _in_force(promise: rules.Promise) -> Any:
    """The value chosen for exactly this scope and how it is counted, if any is."""
    values = settings.of_name(promise.standard).values()
    of_scope = values.filter(scope=promise.scope) if promise.scope else values.filter(scope__isnull=True)
    return of_scope.order_by("-valid_from").values_list("value", "counted_in").first()


def _plan_review(actor: Actor, protocol_id: UUID) -> None:
    """The next review is one rhythm after the publication."""
    with change(Protocol, protocol_id, by=actor, using="protocols.version.publish") as protocol:
        protocol.next_review_on = rules.next_review(today(ZONE.get()), protocol.review_rhythm)
    _set_clock(protocol)


@clocks.of_noun("protocols.protocol")
def review_anew(ids: Collection[UUID]) -> None:
    """After an undo a protocol is reviewed when it was to be."""
    for protocol in Protocol.objects.filter(pk__among=ids):
        _set_clock(protocol)


def _set_clock(protocol: Protocol) -> None:
    """The review falls due when its day begins where the company is."""
    key, on = f"protocols.review:{protocol.pk}", protocol.next_review_on
    if on is None:
        clocks.stop(key)
    else:
        begins = datetime.combine(on, time(), ZoneInfo(ZONE.get()))
        clocks.start(key, begins, ReviewDue(protocol_id=protocol.pk, on=on))
