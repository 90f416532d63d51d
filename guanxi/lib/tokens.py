"""Search tokens: what a text is found by."""


def tokens(text: str, kind: str = "words") -> frozenset[str]:
    """The tokens of a text."""
    return frozenset(text.casefold().split()) if kind else frozenset()


def tsvector_text(found: frozenset[str] | set[str]) -> str:
    """Tokens as a positionless tsvector."""
    return " ".join("'" + t.replace("\\", "\\\\").replace("'", "''") + "'" for t in sorted(found))


def tsquery_text(text: str) -> str:
    """A search as a tsquery."""
    return " & ".join("'" + t.replace("\\", "\\\\").replace("'", "''") + "':*" for t in text.casefold().split())
