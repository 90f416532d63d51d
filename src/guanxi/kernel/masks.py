"""What is shown of a text that may not be read: enough to tell one from another, in SQL, never the text itself."""

from django.db.models import Func, TextField

BEHIND = "•••"
"""What stands for a value of which nothing is shown."""
_NUMBER = "^[+(]?[0-9][0-9 ()./-]{5,}$"


def masked(text: str) -> str:
    """A text behind a mask: 张•••, •••6789 of a number, z•••@example.com of an address; nothing of very short ones."""
    return (
        f"CASE WHEN coalesce({text}, '') = '' THEN {text}"
        f" WHEN {text} ~ '{_NUMBER}' THEN '•••' || right({text}, 4)"
        f" WHEN position('@' in {text}) > 1 AND position(' ' in {text}) = 0"
        f" THEN left({text}, 1) || '•••@' || split_part({text}, '@', 2)"
        f" WHEN length({text}) < 2 THEN '•••' ELSE left({text}, 1) || '•••' END"
    )


class Mask(Func):
    """The mask of a column, as the ORM writes it."""

    template = masked("%(expressions)s")
    output_field = TextField()
