"""Who stands behind a secret, and what a person may do."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.kernel.actor import Actor, Kind, Level, Reach, narrowed, together
from guanxi.kernel.custom import STAMP, refresh
from guanxi.kernel.records import now_named
from guanxi.kernel.time import now
from guanxi.workspace.tokens import rules

LEVELS = {"read": Level.READ, "write": Level.WRITE}
# The person, the rights of all roles, the teams below, what is shared and whether fields changed, in one statement.
_ACTOR = """
WITH RECURSIVE who AS (
    SELECT {kind} AS kind, u.id, u.name, u.language, u.zone, u.team_id, u.roles
    FROM {source} AND u.archived_at IS NULL
), below AS (
    SELECT team_id AS id FROM who WHERE team_id IS NOT NULL
    UNION SELECT t.id FROM workspace_team t JOIN below b ON t.parent_id = b.id
)
SELECT who.kind, who.id, who.name, who.language, who.zone, who.team_id, ARRAY(SELECT id FROM below),
       ARRAY(SELECT json_build_array(r.grants, r.fields)::text FROM workspace_role r WHERE r.key = ANY(who.roles)),
       ARRAY(SELECT json_build_array(s.customer_id, s.may)::text FROM workspace_share s
             WHERE s.ended_at IS NULL AND (s.until IS NULL OR s.until > %(now)s)
             AND (s.user_id = who.id OR s.team_id = who.team_id)),
       {fields}
FROM who
"""
_BY_SECRET = _ACTOR.format(
    kind="t.kind",
    source="workspace_token t JOIN workspace_user u ON u.id = t.owner_id WHERE t.hash = %(key)s"
    " AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %(now)s)"
    # a new password ends what the old one opened; one set by somebody else ends everything
    " AND (t.kind <> 'session' OR t.created_at >= u.password_set_at)"
    " AND (u.access_ended_at IS NULL OR t.created_at >= u.access_ended_at)",
    fields=STAMP,
)
_BY_PERSON = _ACTOR.format(kind="'session'", source="workspace_user u WHERE u.id = %(key)s", fields=STAMP)


def actor_for(secret: str) -> Actor | None:
    """The actor a secret stands for, if it still holds."""
    return _actor(_BY_SECRET, rules.hashed(secret))


def actor_of(user: UUID, *, kind: Kind = "user") -> Actor | None:
    """The actor a person is, or what acts in the person's name; None for one who left."""
    found = _actor(_BY_PERSON, user)
    return found and replace(found, kind=kind)


def _actor(statement: str, key: Any) -> Actor | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"key": key, "now": now()})
        found = cursor.fetchone()
    if found is None:
        return None
    kind, id, name, language, zone, team, below, given, shared, fields = found
    refresh(fields)
    roles = [_rights(*json.loads(one)) for one in given]
    return Actor(
        kind="user" if kind == "session" else "token",
        id=id,
        label=name,
        language=language,
        zone=zone,
        teams=(team,) if team else (),
        below=tuple(below),
        grants=together(grants for grants, _ in roles),
        fields=narrowed(roles),
        shared=_shared(json.loads(one) for one in shared),
    )


def _shared(given: Iterable[tuple[str, str]]) -> dict[str, dict[UUID, Level]]:
    """What was shared, each record as far as the furthest of its shares goes."""
    found: dict[UUID, Level] = {}
    for id, may in given:
        found[UUID(id)] = max(LEVELS[may], found.get(UUID(id), Level.HIDDEN))
    return {"customers.customer": found} if found else {}


def _rights(grants: dict[str, int], fields: dict[str, int]) -> tuple[dict[str, Reach], dict[str, Level]]:
    """What a role opens, and which fields less than wholly."""
    return {name: Reach(far) for name, far in grants.items()}, {
        now_named(name): Level(wide) for name, wide in fields.items()
    }
