"""Tables that every noun shares, and the two shapes a noun's own table can have."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from uuid_utils.compat import uuid7

from guanxi.kernel.actor import Origin
from guanxi.kernel.custom import KINDS, NAME, CustomValuesField
from guanxi.kernel.time import now

ORIGINS = [(origin.value, origin.value) for origin in Origin]
CLOCK: Final = "clock"
OFFICE: Final = "office"
WORKDAYS: Final = "workdays"
"""How a promised length of time is counted: by the clock, in hours the office is open, or in days it is open on."""


def new_id() -> UUID:
    """A time-ordered id (UUIDv7), made here so that every PostgreSQL behaves alike."""
    return uuid7()


class TokensField(models.Field):  # type: ignore[type-arg]
    """Search tokens as a positionless tsvector, written by the kernel on save."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:  # noqa: ARG002
        return "%s::tsvector"


@TokensField.register_lookup
class Fits(models.Lookup):
    """Whether the tokens fit a search written as a tsquery."""

    lookup_name = "fits"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*parameters, self.rhs)


@models.UUIDField.register_lookup
@models.ForeignKey.register_lookup
@models.CharField.register_lookup
class Among(models.Lookup):
    """Whether an id or a text is one of many: one array, however many; `in` is slow and ends at 65,535 parameters."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, self.rhs)


class Row(models.Model):
    """A row that is only written through the kernel's one write path."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_in = models.UUIDField(null=True, editable=False, db_index=True)
    origin = models.CharField(max_length=12, choices=ORIGINS, default=Origin.LIVE, editable=False)

    class Meta:
        abstract = True

    def changes_in_part(self) -> None:
        """Say that a part of it is another one now: it gets a new version, though none of its own fields differ."""
        self.__dict__["_in_part"] = True

    def emit(self, event: Any) -> None:
        """Say what happened; it is recorded with the row, in the same transaction."""
        self.__dict__.setdefault("_pending", []).append(event)


class Record(Row):
    """A row that belongs to somebody: rights are decided by its owner and team."""

    owner = models.ForeignKey("workspace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("workspace.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Extensible(models.Model):
    """A row that keeps values of fields which the company added to its noun."""

    custom = CustomValuesField()

    class Meta:
        abstract = True


class Searchable(models.Model):
    """A row that is found by words, characters, pinyin or the tail of a number."""

    search = TokensField(editable=False, default="")

    class Meta:
        abstract = True


def search_index(name: str) -> GinIndex:
    """The index a searchable table declares.

    The tokens of some dozen rows wait in a list and go into the index together, which takes a third of the time; the
    list is so short that a search looks through it unnoticed, and that whoever empties it waits 2 ms.
    """
    return GinIndex(fields=["search"], name=name, fastupdate=True, gin_pending_list_limit=64)


class CustomField(Row):
    """A field that the company added to a noun; archived it is neither shown nor asked for, and its values stay."""

    noun = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "name"], name="custom_field_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(label=""), name="custom_field_has_a_label"),
            # it stands in SQL as it is
            models.CheckConstraint(
                condition=models.Q(name__regex=f"^{NAME.pattern}$"), name="custom_field_name_is_plain"
            ),
        ]


class ChangeSet(models.Model):
    """Everything one operation, bulk edit, import or merge wrote; what can be undone together."""

    id = models.UUIDField(primary_key=True, default=new_id)
    operation = models.CharField(max_length=120)
    at = models.DateTimeField(default=now, db_index=True)
    origin = models.CharField(max_length=12, choices=ORIGINS)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")


class HistoryEntry(models.Model):
    """What a row looked like before: one entry for each change of each row. A creation has none."""

    id = models.UUIDField(primary_key=True, default=new_id)
    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="+")
    record = models.CharField(max_length=80)
    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=now)
    diff = models.JSONField()
    part_of = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "-version"], name="history_of_record"),
            models.Index(fields=["part_of"], name="history_of_parts", condition=models.Q(part_of__isnull=False)),
        ]


class EventEntry(models.Model):
    """What happened, append-only: timeline, handlers, feeds and live updates read it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    origin = models.CharField(max_length=12, choices=ORIGINS)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    change_set = models.UUIDField(null=True, db_index=True)
    subjects = ArrayField(models.UUIDField())
    payload = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["name", "-occurred_at"], name="event_by_name"),
            GinIndex(fields=["subjects"], name="event_by_subject"),
        ]


class Receipt(models.Model):
    """A handler has dealt with an event: makes each effect exist once."""

    pk = models.CompositePrimaryKey("event_id", "handler")
    event_id = models.UUIDField()
    handler = models.CharField(max_length=120)
    at = models.DateTimeField(default=now)


class Failure(models.Model):
    """A handler could not deal with an event: kept until it succeeds, shown to whoever runs the system."""

    pk = models.CompositePrimaryKey("event_id", "handler")
    event_id = models.UUIDField()
    handler = models.CharField(max_length=120)
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField()
    at = models.DateTimeField(default=now)


class Deadline(models.Model):
    """An event that will happen at its due time unless it is stopped before."""

    key = models.CharField(primary_key=True, max_length=200)
    due_at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=80)
    payload = models.JSONField()
    origin = models.CharField(max_length=12, choices=ORIGINS)


class SettingValue(models.Model):
    """A value of a setting for a scope and a time; what is not set has its declared default."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    scope = models.JSONField(null=True)
    value = models.JSONField()
    counted_in = models.CharField(max_length=8, default=CLOCK)
    valid_from = models.DateTimeField(default=now)
    valid_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=120, default="")

    class Meta:
        indexes = [models.Index(fields=["name", "valid_from"], name="setting_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="setting_ends_after_it_begins",
            )
        ]

    def holds(self, moment: datetime) -> bool:
        """Whether it is in force at a time."""
        return self.valid_from <= moment and (self.valid_to is None or self.valid_to > moment)


class IdempotentAnswer(models.Model):
    """The answer once given to a request with an idempotency key; the same key gets the same answer."""

    pk = models.CompositePrimaryKey("caller", "key")
    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    request = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField(default=now, db_index=True)


class Limit(models.Model):
    """How full the bucket of something limited is."""

    key = models.CharField(primary_key=True, max_length=200)
    level = models.FloatField()
    at = models.DateTimeField(db_index=True)


class Mark(models.Model):
    """By what the hosts of one company know that they share more than the database, such as a folder."""

    name = models.CharField(primary_key=True, max_length=20)
    value = models.CharField(max_length=64)
