"""Zones and their countries."""

import pytest

from guanxi.lib.zones import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Asia/Shanghai", "CN"), ("Asia/Taipei", "TW"), ("Asia/Hong_Kong", "HK"), ("Europe/London", "GB"),
        ("America/New_York", "US"), ("UTC", ""), ("Etc/GMT-8", ""), ("Nowhere/At_All", ""),
    ],
)  # fmt: skip
def test_the_country_of_a_zone(zone, country):
    assert country_of(zone) == country
