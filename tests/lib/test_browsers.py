"""What browser and system somebody sits at."""

import pytest

from guanxi.lib.browsers import browser_of

MOZILLA = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"
SAID = [
    (MOZILLA.format("Windows NT 10.0; Win64; x64", "Chrome/126.0.0.0 Safari/537.36"), "Chrome · Windows"),
    (MOZILLA.format("Windows NT 10.0; Win64; x64", "Chrome/126.0.0.0 Safari/537.36 Edg/126.0"), "Edge · Windows"),
    (MOZILLA.format("Macintosh; Intel Mac OS X 10_15_7", "Version/17.5 Safari/605.1.15"), "Safari · macOS"),
    (MOZILLA.format("iPhone; CPU iPhone OS 17_5 like Mac OS X", "Version/17.5 Mobile/15E148 Safari/604.1"),
     "Safari · iPhone"),
    (MOZILLA.format("iPad; CPU OS 17_5 like Mac OS X", "CriOS/126.0 Mobile/15E148 Safari/604.1"), "Chrome · iPad"),
    (MOZILLA.format("Linux; Android 14; 2312DRA50C", "Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49"),
     "WeChat · Android"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
    ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
    ("curl/8.5.0", ""),
    ("", ""),
    ("x" * 1_000_000 + "Firefox/127.0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "called"), SAID)
def test_a_browser_is_called_by_what_it_says_of_itself(said, called):
    assert browser_of(said) == called
