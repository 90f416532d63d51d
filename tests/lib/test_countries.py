import pytest

from guanxi.lib.countries import code_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"), ("gb", "GB"), (" United  Kingdom ", "GB"), ("UK", "GB"), ("USA", "US"), ("Germany", "DE"),
        ("英国", "GB"), ("英國", "GB"), ("台灣", "TW"), ("臺灣", "TW"), ("中國", "CN"), ("中国", "CN"), ("德國", "DE"),
        ("Turkey", "TR"),
        ("", ""), ("??", ""), ("12", ""), ("ZZ", ""), ("Narnia", ""),
    ],
)  # fmt: skip
def test_a_country_by_its_code_or_by_what_it_is_called(text, code):
    assert code_of(text) == code
