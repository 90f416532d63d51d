"""Which blanks a signature may have: what is known of whoever writes, whoever it is written to."""

from guanxi.channels.templates import rules
from guanxi.lib.errors import Invalid

BLANKS = ("sender.name", "sender.email", "company.name")
LONGEST = 2_000


def require_sound(text: str) -> str:
    """A signature without white space around; a mistake, another blank or too long a text is refused."""
    plain = text.replace("\x00", "").strip()
    if len(plain) > LONGEST:
        raise Invalid("signature.too_long", most=LONGEST)
    for blank in rules.check(plain):
        if blank not in BLANKS:
            raise Invalid("signature.other_blank", blank=blank, known=", ".join(BLANKS))
    return plain
