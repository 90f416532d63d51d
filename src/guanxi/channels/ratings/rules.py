"""How content somebody can be, and when that is called satisfied."""

from datetime import timedelta

from guanxi.lib.errors import Invalid

SCORES = (1, 2, 3, 4, 5)
SATISFIED = 4
"""From here on somebody is satisfied: the two best of five."""
LONGEST_WORDS = 2_000
GOOD_FOR = timedelta(days=90)
"""How long a customer may say, by the link in a letter, how content they were with it."""


def require_score(score: int) -> int:
    """Refuse what is none of the five."""
    if score not in SCORES:
        raise Invalid("rating.wrong_score", least=SCORES[0], most=SCORES[-1])
    return score


def require_spoken(spoke: bool) -> None:
    """Refuse a rating by somebody to whom nobody spoke."""
    if not spoke:
        raise Invalid("rating.not_spoken")


def words(text: str) -> str:
    """What they said to it, without white space around; too much is cut."""
    return text.replace("\x00", "").strip()[:LONGEST_WORDS]
