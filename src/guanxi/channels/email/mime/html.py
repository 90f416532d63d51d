"""Foreign HTML made harmless, and HTML as plain text."""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3

LIMIT = 500_000
"""Longest HTML body in characters that is kept as HTML; a longer one is shown as text."""
DEPTH = 1000
"""Deepest nesting that is kept."""
REFERENCES = 60_000
"""Most `&` that are kept: the parser takes the square of their number in time, half a million takes ten seconds."""

_TAGS = {
    "a", "abbr", "address", "article", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_DROPPED_WITH_CONTENT = {
    "script", "style", "title", "template", "svg", "math", "iframe", "object", "select", "textarea", "noscript",
    "noembed", "noframes", "xmp", "audio", "video", "canvas",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "align", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "valign", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "valign", "width", "bgcolor"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "font": {"color", "size"},
    "ol": {"start"},
    "col": {"span", "width"},
}
_STYLES = {
    "color", "background-color", "font-weight", "font-style", "font-size", "text-align", "text-decoration",
    "white-space", "border", "border-left", "padding", "padding-left", "margin", "margin-left", "vertical-align",
}  # fmt: skip
_NO_STYLE = re.compile(r"[\\@<>]|/\*|url|image|expression|var\s*\(|attr\s*\(|-\d|\d{5}", re.IGNORECASE)


@dataclass(frozen=True)
class Clean:
    """HTML that loads nothing and runs nothing, with what was taken out."""

    html: str
    blocked_images: int = 0
    reduced: bool = False
    """Too large or too deep to keep; shown as text instead."""


def sanitise(html: str) -> Clean:
    """Keep the look of a letter and nothing that acts: no scripts, forms, frames, remote loads; links open apart."""
    if len(html) > LIMIT or html.count("&") > REFERENCES or _depth(html) > DEPTH:
        return Clean(_as_paragraphs(_crude_text(html[: 2 * LIMIT])), reduced=True)
    blocked = 0

    def allowed(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if tag == "img" and name == "src":
            if value.lower().startswith("cid:"):
                return value
            blocked += 1
            return None
        if name == "style":
            return None if _NO_STYLE.search(value) else value
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLES,
        url_relative="deny",
    )
    return Clean(cleaned.strip(), blocked)


def _depth(html: str) -> int:
    """Deepest nesting the markup can reach, counted without building it."""
    depth = deepest = 0
    for match in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        if match[2].lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


# Never closed, or often left unclosed without nesting.
_UNNESTED = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "p", "li", "td", "tr", "th", "wbr", "area"})


def _crude_text(html: str) -> str:
    """The words of markup that is not worth parsing."""
    without = re.sub(r"<(script|style)\b.*?(</\1\s*>|$)", " ", html, flags=re.IGNORECASE | re.DOTALL)
    return re.sub(r"[ \t]+", " ", re.sub(r"<[^>]{0,2000}>?", " ", without)).strip()[:LIMIT]


def _as_paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table"})
_BLOCKS = _PARAGRAPHS | {"div", "br", "hr", "tr", "li", "section", "article", "header", "footer", "dl", "dt", "dd"}
_SILENT = frozenset({"script", "style", "head", "title", "template", "select", "textarea", "noscript"})


class _Words(HTMLParser):
    """Collects words and line breaks; quotations get the mail mark "> "."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quotes: list[int] = []
        self.quote = 0
        self.silent = 0
        self.pre = 0
        self.link = ""
        self.link_start = (0, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self._break(blank=tag in _PARAGRAPHS, always=tag == "br")
        if tag == "blockquote":
            self.quote = min(self.quote + 1, 20)
            self._restart()
        elif tag == "pre":
            self.pre += 1
        elif tag == "li":
            self._add("- ")
        elif tag in ("td", "th") and self.lines[-1].strip("> "):
            self._add("\t")
        elif tag == "a":
            self.link, self.link_start = dict(attrs).get("href") or "", (len(self.lines), len(self.lines[-1]))
        elif tag == "img":
            self._add(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if tag == "a" and self.link:
            self._finish_link()
        if tag == "blockquote":
            self._break(blank=False)
            self.quote = max(0, self.quote - 1)
            self._restart()
        if tag == "pre":
            self.pre = max(0, self.pre - 1)
        if tag in _BLOCKS and tag != "br":
            self._break(blank=tag in _PARAGRAPHS)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.pre:
            first, *rest = data.split("\n")
            self._add(first)
            for line in rest:
                self._break(blank=False, always=True)
                self._add(line)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        if not self.lines[-1].strip("> ") or self.lines[-1].endswith((" ", "\t")):
            words = words.lstrip(" ")
        self._add(words)

    def _add(self, text: str) -> None:
        if text and not self.silent:
            self.lines[-1] += text

    def _finish_link(self) -> None:
        line, column = self.link_start
        said = self.lines[-1][column:] if len(self.lines) == line else ""
        target = self.link.removeprefix("mailto:").removeprefix("tel:")
        if self.link.startswith("http") and said.strip().rstrip("/") not in (target, target.split("://", 1)[-1]):
            self._add(f" ({target})" if said.strip() else target)
        self.link = ""

    def _prefix(self) -> str:
        return "> " * self.quote

    def _restart(self) -> None:
        if not self.lines[-1].strip("> "):
            self.lines[-1] = self._prefix()

    def _break(self, *, blank: bool, always: bool = False) -> None:
        if self.lines[-1].strip("> \t") or always:
            self.lines.append(self._prefix())
        self._restart()
        if blank and len(self.lines) > 1 and self.lines[-2].strip("> \t"):
            self.lines.insert(-1, self._prefix().rstrip())


def to_text(html: str) -> str:
    """The words of sanitised HTML with paragraphs, list marks, link targets and quotation marks."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = [line.rstrip().replace("\xa0", " ") for line in words.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


_LINK = re.compile(r"https?://[^\s<>\"']{1,1500}[^\s<>\"'.,;:!?)\]，。；：！？）】]")


def from_text(text: str, *, links: bool = False) -> str:
    """Plain text as the simplest HTML: paragraphs, line breaks and, where wanted, addresses that can be clicked."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    shown = _linked if links else escape
    return "".join(f"<p>{shown(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip())


def _linked(text: str) -> str:
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        pieces += [escape(text[end : match.start()]), f'<a href="{escape(match[0])}">{escape(match[0])}</a>']
        end = match.end()
    return "".join([*pieces, escape(text[end:])])
