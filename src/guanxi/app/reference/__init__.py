"""The reference of the house, written from its catalogues: a page in English for each."""

from collections.abc import Callable, Iterator, Mapping

from guanxi.app.reference import commands, happenings, nouns, refusals, verbs

PAGES: Mapping[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "records.md": ("The nouns, their fields and what leads from one to another.", nouns.page),
    "operations.md": ("The verbs, what each has to be told, and its address.", verbs.page),
    "events.md": ("What happens, the values that tell of it, and who reacts.", happenings.events_page),
    "measures.md": ("The figures, their dimensions and the standards they are held against.", happenings.measures_page),
    "settings.md": ("What a company chooses, and what it promises.", happenings.settings_page),
    "limits.md": ("How often something may happen, and by whom it is counted.", happenings.limits_page),
    "errors.md": ("Every refusal: its status, its code, its sentence.", refusals.page),
    "commands.md": ("The command line.", commands.page),
}
NOTE = "<!-- Written by scripts/reference from the catalogues. Change what is declared, not this page. -->"


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    listed = "\n".join(f"* [{name.removesuffix('.md')}]({name}): {about}" for name, (about, _) in PAGES.items())
    made = {name: "\n".join((NOTE, "", *write())) + "\n" for name, (_, write) in PAGES.items()}
    return {"README.md": f"{NOTE}\n\n# Reference\n\n{listed}\n", **made}
