"""Which country a time zone is kept for, by the table of the IANA time zone database (tzdata's zone.tab)."""

from functools import cache
from importlib.resources import files


def country_of(zone: str) -> str:
    """The ISO 3166 code of a zone's country (Europe/London: GB); empty for zones that are no country's, as UTC."""
    return _countries().get(zone, "")


@cache
def all_countries() -> frozenset[str]:
    """The ISO 3166 code of every country that has a zone."""
    return frozenset(_countries().values())


@cache
def all_zones() -> frozenset[str]:
    """Every zone by its name in the database, as it stands there."""
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


@cache
def _countries() -> dict[str, str]:
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("ascii")
    lines = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {zone: country for country, _, zone, *_ in lines}
