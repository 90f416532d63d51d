"""Calendar invitations inside a mail: what they say, for whoever reads the mail and not the file."""

import re
from datetime import datetime

from guanxi.channels.email.mime import charsets

_NOTES = {"REQUEST": "invitation", "CANCEL": "invitation_cancelled", "REPLY": "invitation_answered"}
_SAID = {"SUMMARY", "LOCATION"}
_LINE = re.compile(r"^([A-Za-z\-]{1,40})((?:;[^:\"]{0,200}(?:\"[^\"]{0,200}\")?[^:\"]{0,200}){0,9}):(.{0,2000})$")


def note(method: str) -> str:
    """The note for a method of RFC 5546; what is neither asked, called off nor answered is an event."""
    return _NOTES.get(method.strip().upper(), "invitation")


def method(text: str) -> str:
    """What a calendar file wants: REQUEST, CANCEL, REPLY; empty where it does not say."""
    return next((value for name, _, value in _lines(text) if name == "METHOD"), "")


def told(text: str) -> str:
    """The first event of a calendar file in a few lines: what, when and where."""
    found: dict[str, str] = {}
    inside = False
    for name, parameters, value in _lines(text):
        inside = (inside or (name, value.upper()) == ("BEGIN", "VEVENT")) and (name, value.upper()) != ("END", "VEVENT")
        if inside and name in _SAID:
            found.setdefault(name, _plain(value))
        elif inside and name in ("DTSTART", "DTEND"):
            found.setdefault(name, _moment(value, parameters))
    when = " – ".join(found[name] for name in ("DTSTART", "DTEND") if found.get(name))
    return "\n".join(line for line in (found.get("SUMMARY", ""), when, found.get("LOCATION", "")) if line)


def _lines(text: str) -> list[tuple[str, str, str]]:
    """Name, parameters and value of each line, folded ones joined (RFC 5545)."""
    unfolded = re.sub(r"\n[ \t]", "", text[:100_000])
    matches = (_LINE.match(line) for line in unfolded.split("\n")[:2000])
    return [(one[1].upper(), one[2], one[3].strip()) for one in matches if one]


def _plain(value: str) -> str:
    return charsets.one_line(re.sub(r"\\([\\;,])", r"\1", re.sub(r"\\[nN]", " ", value)))[:200]


def _moment(value: str, parameters: str) -> str:
    """A time as it is written: of its zone, of UTC, or of wherever one is; a day as a day."""
    zone = re.search(r"TZID=\"?([^;\":]{1,80})", parameters, re.IGNORECASE)
    for form, shown in (("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M UTC"), ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M")):
        try:
            at = datetime.strptime(value, form)  # noqa: DTZ007 (a zone by name is shown, not reckoned with)
        except ValueError:
            continue
        return f"{at.strftime(shown)} ({zone[1]})" if zone and not value.endswith("Z") else at.strftime(shown)
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}" if re.fullmatch(r"\d{8}", value) else ""
