"""Countries by what people call them, in files and forms (names: Unicode CLDR; codes: ISO 3166 by zone.tab)."""

from functools import cache, lru_cache

from babel import Locale

from guanxi.lib.zones import all_countries

_CALLED = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "usa": "US", "america": "US",
    "holland": "NL", "eire": "IE", "rsa": "ZA", "korea": "KR", "czech republic": "CZ", "turkey": "TR", "burma": "MM",
    "ivory coast": "CI", "macedonia": "MK", "cape verde": "CV", "swaziland": "SZ", "hong kong": "HK", "macau": "MO",
    "macao": "MO", "香港": "HK", "澳门": "MO", "澳門": "MO", "臺灣": "TW", "中华民国": "TW", "中華民國": "TW",
    "中国大陆": "CN", "中國大陸": "CN", "prc": "CN", "p.r. china": "CN", "roc": "TW",
}  # fmt: skip


@lru_cache(maxsize=1_000)
def code_of(text: str) -> str:
    """The code of a country that is given by its code or its name in English or Chinese; empty for what is none."""
    said = " ".join(text.split())
    if said.upper() in all_countries():
        return said.upper()
    return _names().get(said.casefold(), "")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("zh_Hant", "zh_Hans", "en"):
        known = Locale.parse(language).territories
        names |= {name.casefold(): code for code, name in known.items() if code in all_countries()}
    return names | _CALLED
