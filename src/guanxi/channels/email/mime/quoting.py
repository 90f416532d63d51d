"""Where the new text of a mail ends and the quoted history begins."""

import re
from dataclasses import dataclass

_ATTRIBUTION = re.compile(
    r"""^[>\s]*+(?:
        on\ .{4,200}\ wrote: | .{4,200}\ wrote: | am\ .{4,200}\ schrieb.{0,120}: | le\ .{4,200}\ a\ écrit\s?:
      | el\ .{4,200}\ escribió: | .{2,200}\ 于.{4,80}写道[:：] | 在.{4,200}[，,\ ].{0,120}写道[:：]
      | 于.{4,200}写道[:：] | 在.{4,200}寫道[:：] | 於.{4,200}寫道[:：]
      | .{2,200}\ 於.{4,80}寫道[:：] | .{4,200}(?:写道|寫道)[:：]
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_RULE = re.compile(
    r"^[>\s]*+[-_=—–*]{2,}+\s*+(?:original message|forwarded message|original appointment|原始邮件|原始郵件|原邮件"
    r"|原郵件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件|邮件原件|回覆的原郵件|ursprüngliche nachricht"
    r"|message d'origine)\s*[-_=—–*]{2,}\s*$|^[>\s]*+begin forwarded message:\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[>\s*]*+(?:from|发件人|寄件者|寄件人|發件人|von|de)\s*+\*?\s*+[:：]\*?\s*+\S", re.IGNORECASE)
_BESIDE_FROM = re.compile(
    r"^[>\s*]*+(?:sent|date|to|subject|cc|发送时间|发件时间|发送日期|日期|时间|收件人|主题|抄送|傳送日期|寄件日期"
    r"|收件者|主旨|副本|日期|時間|主題|gesendet|an|betreff|envoyé|à|objet)\s*+\*?\s*+[:：]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*>")


@dataclass(frozen=True)
class Split:
    """A mail's text in two: what was added now, and what was said before."""

    new: str
    quoted: str


def split(text: str) -> Split:
    """Divide a mail's plain text; when nothing new would be left, everything counts as new."""
    lines = text.split("\n")
    start = _history(lines)
    if start is None:
        return _without_marks(lines)
    before, after = lines[:start], lines[start:]
    if not "".join(before).strip():
        return _answered_below(lines, start)
    if _answers_between(after):
        return _interleaved(lines, start)
    return _parts(before, after)


def _parts(new: list[str], quoted: list[str]) -> Split:
    said = "\n".join(new).strip()
    if not said:
        return Split("\n".join([*new, *quoted]).strip(), "")
    return Split(said, "\n".join(quoted).strip())


def _history(lines: list[str]) -> int | None:
    """Index of the first line that introduces what was said before."""
    for index, line in enumerate(lines[:5000]):
        if len(line) > 400:
            continue
        if _RULE.match(line) or (_ATTRIBUTION.match(line) and re.search(r"[\d@]", line)):
            return index
        if _broken_attribution(lines, index):
            return index
        if _FROM.match(line) and sum(1 for near in lines[index + 1 : index + 6] if _BESIDE_FROM.match(near)) >= 2:
            above = index - 1
            while above >= 0 and not lines[above].strip():
                above -= 1
            return above if above >= 0 and re.fullmatch(r"[\s>_\-=]{5,}", lines[above]) else index
    return None


def _broken_attribution(lines: list[str], index: int) -> bool:
    """ "On … wrote:" that the writer's program wrapped over two or three lines."""
    if not re.match(r"^[>\s]*(?:on |am |le |在|于|於)", lines[index], re.IGNORECASE):
        return False
    for count in (2, 3):
        near = lines[index : index + count]
        if len(near) == count and all(part.strip() and len(part) < 200 for part in near):
            joined = " ".join(part.strip() for part in near)
            if re.search(r"\d", joined) and _ATTRIBUTION.match(joined):
                return True
    return False


def _without_marks(lines: list[str]) -> Split:
    """No introduction: the run of ">" lines at the end, or at the start with the answer below, is history."""
    if not any(_QUOTED.match(line) for line in lines):
        return Split("\n".join(lines).strip(), "")
    end = len(lines)
    while end and (not lines[end - 1].strip() or _QUOTED.match(lines[end - 1])):
        end -= 1
    new, quoted = lines[:end], lines[end:]
    if any(_QUOTED.match(line) for line in new):
        return _marked(lines)
    return _parts(new, quoted)


def _answers_between(after: list[str]) -> bool:
    """History marked with ">" that has unmarked text inside or below it."""
    body = [line for line in after[1:] if line.strip()]
    return any(_QUOTED.match(line) for line in body) and not all(_QUOTED.match(line) for line in body[1:])


def _answered_below(lines: list[str], start: int) -> Split:
    rest = lines[start:]
    if _answers_between(rest):
        return _interleaved(lines, start)
    return Split("\n".join(lines).strip(), "")


def _interleaved(lines: list[str], start: int) -> Split:
    """Answers between quotations: unmarked lines are new; the introduction, wrapped or not, is not."""
    end = start + 1
    while end < len(lines) and end < start + 3 and not _QUOTED.match(lines[end]) and lines[end].strip():
        end += 1
    introduced = end < len(lines) and (_QUOTED.match(lines[end]) or not lines[end].strip())
    cut = end if introduced else start + 1
    split = _marked([*lines[:start], *lines[cut:]])
    return Split(split.new, "\n".join([*lines[start:cut], split.quoted]).strip()) if split.quoted else split


def _marked(lines: list[str]) -> Split:
    return _parts([line for line in lines if not _QUOTED.match(line)], [line for line in lines if _QUOTED.match(line)])
