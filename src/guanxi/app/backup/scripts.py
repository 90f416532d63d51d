"""The database as a script of SQL: written by pg_dump of one moment, run by psql in one transaction."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, Any, Self, cast

import orjson
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guanxi.app.postgres import binaries
from guanxi.kernel import direct
from guanxi.lib.errors import Unavailable

PART = 8 << 20
LOCKED = "60s"
"""How long pg_dump waits for a table that somebody else has locked whole."""
_TIMEOUT = re.compile(rb"^SET transaction_timeout = 0;\n", re.MULTILINE)  # which PostgreSQL before 17 does not know
_SAID = re.compile(r"(?:ERROR|FATAL|error|fatal): +(.+)")

# All that stands in the schema of a house that is replaced, but for what extensions brought there.
EMPTY = """
DO $empty$ DECLARE one text; BEGIN
  FOREACH one IN ARRAY (SELECT coalesce(array_agg(format('DROP %s IF EXISTS %s CASCADE',
      CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
      c.oid::regclass)), '{}') FROM pg_class c WHERE relnamespace = current_schema()::regnamespace
      AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT relispartition
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE (classid, objid, objsubid) = ('pg_class'::regclass, c.oid, 0)
      AND deptype IN ('e', 'i'))) LOOP EXECUTE one;
  END LOOP;
  FOREACH one IN ARRAY (SELECT coalesce(array_agg(format('DROP ROUTINE IF EXISTS %s CASCADE',
      p.oid::regprocedure)), '{}') FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE (classid, objid) = ('pg_proc'::regclass, p.oid)
      AND deptype = 'e')) LOOP EXECUTE one;
  END LOOP;
  FOREACH one IN ARRAY (SELECT coalesce(array_agg(format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype)), '{}')
      FROM pg_type t WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'c', 'd', 'r')
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE (classid, objid) = ('pg_type'::regclass, t.oid)
      AND deptype IN ('e', 'i'))) LOOP EXECUTE one;
  END LOOP;
END $empty$;
"""
CHECK = """
DO $check$ DECLARE one record; n bigint; BEGIN
  FOR one IN SELECT * FROM json_each_text({counted}) LOOP
    EXECUTE format('SELECT count(*) FROM ONLY %I.%I', {schema}, one.key) INTO n;
    IF n <> one.value::bigint THEN
      RAISE EXCEPTION '% holds % rows instead of %', one.key, n, one.value;
    END IF;
  END LOOP;
END $check$;
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1"


def _program(name: str, parameters: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """How one of PostgreSQL's programs reaches the database; the password is not in the list of processes."""
    path = binaries.client(name)
    if path is None:
        raise Unavailable("backup.no_programs", program=name)
    secret = {"PGPASSWORD": str(parameters["password"])} if parameters.get("password") else {}
    place = make_conninfo(**{key: value for key, value in parameters.items() if key != "password"})
    return [str(path), f"--dbname={place}"], {**os.environ, **secret}


def _reason(said: IO[bytes]) -> str:
    """What a program complained of first, as one line."""
    said.seek(0)
    text = said.read().decode(errors="replace").strip()
    found = _SAID.search(text)
    return found[1] if found else (text.splitlines() or ["it ended without a word"])[-1]


@contextmanager
def snapshot() -> "Iterator[tuple[psycopg.Connection[Any], str]]":
    """One moment of the database: a connection that sees it, and the name by which others see the same."""
    try:
        with psycopg.connect(**direct.parameters()) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute("SET LOCAL statement_timeout = 0")  # large tables take long to count
            name = connection.execute("SELECT pg_export_snapshot()").fetchone()
            yield connection, cast(tuple[str], name)[0]
    except psycopg.OperationalError as problem:
        raise Unavailable("backup.not_dumped", why=str(problem).strip().partition("\n")[0]) from problem


def counted(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """How many rows every table has."""
    names = [name for (name,) in connection.execute(TABLES)]
    one = "SELECT {name}, count(*) FROM ONLY {table}"
    each = [sql.SQL(one).format(name=sql.Literal(name), table=sql.Identifier(name)) for name in names]
    found = connection.execute(sql.SQL(" UNION ALL ").join(each)).fetchall() if each else []
    return {str(name): int(n) for name, n in found}


class Dump:
    """What pg_dump writes of one moment; within the block it runs."""

    def __init__(self, snapshot_name: str, others: list[str]) -> None:
        begun, environment = _program("pg_dump", direct.parameters())
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed with the block
        self._process = subprocess.Popen(
            [
                *begun, f"--snapshot={snapshot_name}", f"--lock-wait-timeout={LOCKED}", "--format=plain", "--no-owner",
                "--no-privileges", "--no-publications", "--no-subscriptions", "--no-security-labels",
                "--no-tablespaces", "--extension=plpgsql", *(f"--exclude-schema={one}" for one in others),
            ],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._said,
        )  # fmt: skip

    def parts(self) -> Iterator[bytes]:
        """The script, in parts; when the last was handed out, it is whole."""
        out = cast(IO[bytes], self._process.stdout)
        first = True
        while part := out.read(PART):
            yield _TIMEOUT.sub(b"", part, count=1) if first else part
            first = False
        if self._process.wait():
            raise Unavailable("backup.not_dumped", why=_reason(self._said))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        cast(IO[bytes], self._process.stdout).close()
        self._process.kill()
        self._process.wait()
        self._said.close()


class Load:
    """What psql does with a script in one transaction: all of it once `commit` was called, else nothing of it."""

    def __init__(self, *, empty: bool) -> None:
        begun, environment = _program("psql", direct.parameters())
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed with the block
        self._process = subprocess.Popen(
            [*begun, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--file=-"],
            env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._said,
        )  # fmt: skip
        self._in = cast(IO[bytes], self._process.stdin)
        self.feed(b"BEGIN;\nSET LOCAL client_min_messages = warning;\n")
        if empty:
            self.feed(EMPTY.encode())

    def feed(self, part: bytes) -> None:
        """Hand on a part of the script."""
        try:
            self._in.write(part)
            self._in.flush()
        except BrokenPipeError:
            self._refused()

    def commit(self, schema: str, tables: dict[str, int]) -> None:
        """Keep it all, if there are as many rows as there were."""
        check = sql.SQL(CHECK).format(counted=sql.Literal(orjson.dumps(tables).decode()), schema=sql.Literal(schema))
        self.feed(f"{check.as_string()}\nCOMMIT;\n".encode())
        try:
            self._in.close()
        except BrokenPipeError:
            self._refused()
        if self._process.wait():
            self._refused()

    def _refused(self) -> None:
        self._process.wait()
        raise Unavailable("backup.not_loaded", why=_reason(self._said))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._process.kill()  # without a commit the server takes all of it back
        self._process.wait()
        with suppress(BrokenPipeError):
            self._in.close()
        self._said.close()
