"""The purpose table with every row and column, as people read it; `test_matrix.py` holds the gate against it.

`yes` leaves now, `warn` leaves and says that the way is not verified, `wait …` leaves later, all else is a no.
"""

PURPOSES = ("reply", "contract", "proof", "service", "survey", "greeting", "marketing", "collection")

EVERYWHERE = """
                       | reply    | contract  | proof     | service   | survey    | greeting  | marketing | collection
nothing was said       | yes      | yes       | yes       | yes       | yes       | yes       | no_consent| yes
yes to all of it       | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
yes on another channel | yes      | yes       | yes       | yes       | yes       | yes       | no_consent| yes
yes, then no           | yes      | yes       | yes       | yes       | yes       | yes       | withdrawn | yes
no, then yes           | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
no to marketing        | yes      | yes       | yes       | yes       | yes       | yes       | withdrawn | yes
no to surveys          | yes      | yes       | yes       | yes       | withdrawn | yes       | yes       | yes
no to greetings        | yes      | yes       | yes       | yes       | yes       | withdrawn | yes       | yes
no to service          | yes      | yes       | yes       | withdrawn | yes       | yes       | yes       | yes
no to everything       | yes      | yes       | yes       | withdrawn | withdrawn | withdrawn | withdrawn | yes
no to this channel     | yes      | yes       | yes       | withdrawn | withdrawn | withdrawn | withdrawn | yes
no to another channel  | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
at night               | yes      | wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet
at night, urgent       | yes      | yes       | wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet
night where they live  | yes      | wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet
on a Saturday          | yes      | yes       | yes       | yes       | yes       | yes       | yes       | wait quiet
at half past eight     | yes      | yes       | yes       | yes       | yes       | yes       | yes       | wait quiet
two contacts this week | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
three this week        | yes      | yes       | yes       | wait often| wait often| wait often| wait often| wait often
eight this month       | yes      | yes       | yes       | wait often| wait often| wait often| wait often| wait often
nine codes this week   | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
hold of this matter    | yes      | yes       | yes       | yes       | hold      | hold      | hold      | hold
hold of another matter | yes      | yes       | yes       | hold      | hold      | hold      | hold      | hold
hold of no matter      | yes      | yes       | yes       | hold      | hold      | hold      | hold      | hold
hold until Friday      | yes      | yes       | yes       | wait hold | wait hold | wait hold | wait hold | wait hold
hold of marketing      | yes      | yes       | yes       | yes       | yes       | yes       | hold      | yes
hold that was lifted   | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
hold, not for money    | yes      | yes       | yes       | hold      | hold      | hold      | hold      | yes
archived               | yes      | archived  | archived  | archived  | archived  | archived  | archived  | archived
"""
"""On every channel alike: a mail, a call, a visit, a letter by post."""

WITH_A_WAY = """
                       | reply    | contract  | proof     | service   | survey    | greeting  | marketing | collection
verified               | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
never verified         | yes      | yes       | yes       | warn      | warn      | warn      | warn      | warn
verified two years ago | yes      | yes       | yes       | warn      | warn      | warn      | warn      | warn
never verified, strict | yes      | yes       | yes       | warn      | unverified| unverified| unverified| unverified
two years ago, strict  | yes      | yes       | yes       | warn      | unverified| unverified| unverified| unverified
two years, kept three  | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
dead                   | dead_way | dead_way  | dead_way  | dead_way  | dead_way  | dead_way  | dead_way  | dead_way
none                   | no_way   | no_way    | no_way    | no_way    | no_way    | no_way    | no_way    | no_way
five codes this hour   | yes      | yes       | wait codes| yes       | yes       | yes       | yes       | yes
five, one an hour ago  | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
"""
"""On the channels that need an address or a number of theirs: a mail, a call."""

ON_HOLIDAYS = """
                       | reply    | contract  | proof     | service   | survey    | greeting  | marketing | collection
on a holiday           | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
on a holiday, urgent   | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
weekend in a holiday   | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
holiday at night       | yes      | wait quiet| wait quiet| wait quiet| wait rest | wait quiet| wait rest | wait rest
the night before       | yes      | wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet| wait quiet
holiday here, not there| yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
holiday by their zone  | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
a worked Saturday      | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
our own day off        | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
our own, they abroad   | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
a holiday that we work | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
no holidays chosen     | yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
advertised all the same| yes      | yes       | yes       | yes       | yes       | yes       | yes       | wait rest
"""
"""In writing: a mail, a letter by post."""

SPOKEN_ON_HOLIDAYS = """
                       | reply    | contract  | proof     | service   | survey    | greeting  | marketing | collection
on a holiday           | yes      | wait rest | yes       | wait rest | wait rest | yes       | wait rest | wait rest
on a holiday, urgent   | yes      | yes       | yes       | wait rest | wait rest | yes       | wait rest | wait rest
weekend in a holiday   | yes      | wait rest | yes       | wait rest | wait rest | yes       | wait rest | wait rest
holiday here, not there| yes      | yes       | yes       | yes       | yes       | yes       | yes       | yes
our own day off        | yes      | wait rest | yes       | wait rest | wait rest | yes       | wait rest | wait rest
advertised all the same| yes      | wait rest | yes       | wait rest | wait rest | yes       | wait rest | wait rest
called all the same    | yes      | yes       | yes       | yes       | wait rest | yes       | wait rest | wait rest
both all the same      | yes      | yes       | yes       | yes       | yes       | yes       | yes       | wait rest
"""
"""By voice: a call, a visit."""


def rows(table: str) -> dict[str, dict[str, str]]:
    """The table as data: what is expected, by circumstance and purpose."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]
    assert tuple(head[1:]) == PURPOSES
    return {name: dict(zip(PURPOSES, cells, strict=True)) for name, *cells in lines}
