"""With which keys a backup is opened: those of this installation, and those of a file that was kept elsewhere."""

from pathlib import Path

from django.conf import settings

from guanxi.app import environment
from guanxi.lib.errors import Invalid


def at_hand(kept: Path | None) -> tuple[str, ...]:
    """The keys of a file that was named, then those of this installation."""
    named: tuple[str, ...] = ()
    if kept is not None:
        named = environment.keys(kept)
        if not named:
            raise Invalid("file.missing", file=str(kept))
    return tuple(dict.fromkeys((*named, *environment.keys())))


def use(keys: tuple[str, ...]) -> None:
    """Let this process open and seal with them."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys[0], list(keys[1:])
