"""What a company may say of itself."""

from guanxi.kernel.fields import LANGUAGES
from guanxi.lib.errors import Invalid, Unknown
from guanxi.lib.money import all_currencies
from guanxi.lib.zones import all_countries, all_zones

MODULES = ("customers", "sales", "service", "marketing", "members", "protocol", "insight")
_LESS = {"shop": {"sales"}, "trade": {"members"}, "services": {"members"}}


def modules_for(line_of_work: str) -> tuple[str, ...]:
    """The places a company of this kind begins with; nobody gets empty ones."""
    return tuple(module for module in MODULES if module not in _LESS.get(line_of_work, set()))


def require_known(*, language: str | None, zone: str | None, currency: str | None, country: str | None) -> None:
    """Refuse a language, zone, currency or country that does not exist."""
    if language is not None and language not in LANGUAGES:
        raise Unknown("company.unknown_language", language, LANGUAGES, language=language)
    if zone is not None and zone not in all_zones():
        raise Unknown("company.unknown_zone", zone, sorted(all_zones()), zone=zone)
    if currency is not None and currency not in all_currencies():
        raise Invalid("company.unknown_currency", currency=currency)
    if country and country not in all_countries():
        raise Invalid("company.unknown_country", country=country)
