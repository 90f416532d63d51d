"""Bytes of unknown or mislabelled encoding into text, with Chinese and Japanese mail in mind."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from email.header import decode_header
from itertools import pairwise

from guanxi.channels.email.mime import alphabets

# The commonest characters of running text; real text is full of them, wrongly decoded text almost never.
_COMMON = frozenset(
    "的一是不了在有人我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运请您谢复邮订单货收票款吗這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並"
    "應戰頭體見產話內給門兒東聲員論處義幾認條氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運請謝覆郵訂單貨嗎姐士陈李刘杨赵黄周吴徐孙胡朱林郭罗梁宋郑韩唐"
    "冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田姜范石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易武乔贺赖龚伟芳娜秀英敏静丽磊洋勇艳杰娟涛超兰霞刚桂陳劉楊趙黃吳孫羅鄭韓馮蕭鄧呂蘇盧蔣"
    "賈葉鍾譚鄒陸龍錢湯喬賀賴龔偉靜麗豔傑濤蘭剛寄旨敬啟"
)
_HANGUL = frozenset("이가는을를에의다고니하요안녕세문합드사지은로서해주시어기한인도자리수나일제대스")
_PUNCTUATION = frozenset("，。！？、；：「」『』（）《》“”…—　")

_SAME = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "csgb2312": "gb18030",
    "gb_2312-80": "gb18030", "euc-cn": "gb18030", "chinese": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "big-5": "big5hkscs", "cn-big5": "big5hkscs", "csbig5": "big5hkscs", "x-big5": "big5hkscs",
    "cp950": "big5hkscs", "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252", "windows-1252": "cp1252",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unknown": "", "unknown-8bit": "",
    "us-ascii": "ascii", "ascii": "ascii", "ansi_x3.4-1968": "ascii", "7bit": "ascii", "8bit": "",
    "shift-jis": "cp932", "shift_jis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext", "hz-gb-2312": "hz", "iso-2022-cn": "iso-2022-cn", "iso-2022-cn-ext": "iso-2022-cn",
    "x-euc-jp": "euc_jp", "windows-936": "gb18030", "windows-949": "cp949", "windows-950": "big5hkscs",
    "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "iso-8859-6-i": "iso8859-6", "unicode-1-1-utf-7": "utf-7",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
# The byte-twiddling codecs are not text at all. UTF-7, which hides markup, is read before HTML is cleaned.
_REFUSED = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem", "palmos"})
_WESTERN = frozenset({"cp1252", "ascii", "iso8859-15", "iso8859-2", "cp1250", "cp1254", "iso8859-9"})
_DOUBLE = ("gb18030", "big5hkscs", "cp932", "cp949")
_SEVEN_BITS = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")
_HZ = re.compile(rb"~\{(?:[!-w][!-~])+~\}")
_HALF = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class Decoded:
    """Text, how it was read, and whether that was a guess or lost something."""

    text: str
    charset: str
    guessed: bool = False
    damaged: bool = False


def known(charset: str | None) -> str:
    """The codec for a declared charset; empty when it says nothing usable."""
    name = (charset or "").strip().strip("\"'").lower()
    if name in _SAME:
        return _SAME[name]
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    codec = found.name.replace("-", "_")
    is_text = getattr(found, "_is_text_encoding", True)
    return "" if codec in _REFUSED or not is_text else found.name


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Read bytes by their label where the label is believable, otherwise by what they look like."""
    label = known(declared)
    if raw.startswith(codecs.BOM_UTF8):
        return _strict(raw[3:], "utf-8") or Decoded(clean(raw[3:].decode("utf-8", "replace")), "utf-8", damaged=True)
    label = _escaping(raw, label)
    if label == "iso-2022-cn":
        return _iso2022_cn(raw)
    if raw.isascii() and not label.startswith(_SEVEN_BITS):
        return Decoded(clean(raw.decode("ascii")), "ascii")
    read = _strict(raw, label) if label else None
    if read is not None and not _doubtful(read, raw):
        return read
    return _guess(raw, read)


def _escaping(raw: bytes, label: str) -> str:
    """The charset of text in seven bits that tells by its own escapes how it is read, else the label."""
    if b"\x1b$" in raw and not label.startswith(("utf-16", "utf-32", "iso")):
        if b"\x1b$)C" in raw:
            return "iso2022_kr"
        return "iso-2022-cn" if re.search(rb"\x1b\$[)*]", raw) else "iso2022_jp_ext"
    if label in ("", "ascii") and raw.isascii() and _HZ.search(raw):
        read = _strict(raw, "hz")
        return "hz" if read is not None and naturalness(read.text) >= 0.2 else label
    return label


def _strict(raw: bytes, charset: str) -> Decoded | None:
    try:
        text = raw.decode(charset)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
    return Decoded(clean(text), charset)


def _doubtful(read: Decoded, raw: bytes) -> bool:
    """A western label on bytes that are not western, or a Chinese one whose text makes no sense."""
    if read.charset in _WESTERN:
        return True
    if alphabets.is_one(read.charset):
        return alphabets.is_unlikely(read.text, read.charset)
    return read.charset in _DOUBLE and naturalness(read.text) < 0.12 and len(raw) >= 8


def naturalness(text: str) -> float:
    """Share of the non-ASCII characters that are among the commonest of Chinese text; 0 without any."""
    foreign = [letter for letter in text if ord(letter) > 0x7F]
    if not foreign:
        return 0.0
    common = sum(1 for letter in foreign if letter in _COMMON or letter in _PUNCTUATION)
    kana = sum(1 for letter in foreign if 0x3040 <= ord(letter) <= 0x30FF)
    hangul = sum(1 for letter in foreign if letter in _HANGUL)
    odd = sum(1 for letter in foreign if unicodedata.category(letter) in ("Co", "Cn", "Cc") or letter == "\ufffd")
    halfwidth = sum(1 for letter in foreign if 0xFF61 <= ord(letter) <= 0xFF9F)
    return (common + 0.8 * kana + hangul - 2 * odd - halfwidth) / len(foreign)


def _guess(raw: bytes, labelled: Decoded | None) -> Decoded:
    """The best reading: valid UTF-8 is UTF-8; otherwise the most natural double-byte one, otherwise western."""
    utf8 = _strict(raw, "utf-8")
    if utf8 is not None:
        return Decoded(utf8.text, "utf-8", guessed=True)
    readings = [read for read in (_strict(raw, charset) for charset in _DOUBLE) if read is not None]
    best = _japanese(raw, max(readings, key=lambda read: naturalness(read.text), default=None))
    letters = alphabets.likely(raw) if _dense(raw) else None
    if letters is not None and (best is None or naturalness(best.text) < letters.likeness):
        return Decoded(clean(letters.text), letters.charset, guessed=True)
    if best is not None and naturalness(best.text) >= 0.2 and _dense(raw):
        kept = labelled is not None and labelled.charset == best.charset
        return Decoded(best.text, best.charset, guessed=not kept)
    if labelled is not None and (labelled.charset in _WESTERN or alphabets.is_one(labelled.charset) or _dense(raw)):
        return labelled
    if not _dense(raw):
        return _strict(raw, "cp1252") or Decoded(clean(raw.decode("latin-1")), "latin-1", guessed=True)
    if best is not None:
        return Decoded(best.text, best.charset, guessed=True)
    return _damaged(raw)


def _japanese(raw: bytes, read: Decoded | None) -> Decoded | None:
    """EUC-JP has its kana where GB 2312 has them: what would be Chinese full of kana is Japanese."""
    if read is None or read.charset != "gb18030":
        return read
    kana = sum(1 for letter in read.text if 0x3040 <= ord(letter) <= 0x30FF)
    full = kana * 4 >= sum(1 for letter in read.text if letter > "\x7f")
    return (_strict(raw, "euc_jp") if full else None) or read


def _dense(raw: bytes) -> bool:
    """Double-byte text has its high bytes side by side; western text has them one at a time."""
    high = [index for index, byte in enumerate(raw) if byte > 0x7F]
    beside = sum(1 for here, after in pairwise(high) if after - here == 1)
    return len(high) < 2 or beside >= len(high) * 0.4


def _damaged(raw: bytes) -> Decoded:
    """Nothing fits strictly: the reading that loses least."""
    readings = [(charset, raw.decode(charset, "replace")) for charset in ("utf-8", "gb18030", "big5hkscs")]
    charset, text = min(readings, key=lambda read: read[1].count("\ufffd"))
    if text.count("\ufffd") * 3 <= sum(1 for letter in text if ord(letter) > 0x7F):
        return Decoded(clean(text), charset, guessed=True, damaged=True)
    return Decoded(clean(raw.decode("cp1252", "replace")), "cp1252", guessed=True)


def _iso2022_cn(raw: bytes) -> Decoded:
    """ISO-2022-CN (RFC 1922): GB 2312 is read; the rare Taiwanese planes are replaced, which is noted."""
    out: list[str] = []
    plane, shifted, damaged, index = "", False, False, 0
    while index < len(raw):
        byte = raw[index : index + 1]
        if byte == b"\x1b" and raw[index + 1 : index + 2] == b"$":
            plane = {b")A": "gb2312", b")G": "cns"}.get(raw[index + 2 : index + 4], plane)
            index += 4
        elif byte in (b"\x0e", b"\x0f"):
            shifted, index = byte == b"\x0e", index + 1
        elif shifted and byte not in (b"\r", b"\n") and index + 1 < len(raw):
            pair = bytes(code | 0x80 for code in raw[index : index + 2])
            letter = pair.decode("gb2312", "replace")[:1] if plane == "gb2312" else "\ufffd"
            damaged = damaged or letter == "\ufffd"
            out.append(letter)
            index += 2
        else:
            shifted = shifted and byte != b"\n"
            out.append(byte.decode("ascii", "replace"))
            index += 1
    return Decoded(clean("".join(out)), "iso-2022-cn", damaged=damaged)


def clean(text: str) -> str:
    """Text that a database and a page can hold: no control characters, no half characters, one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8") if _HALF.search(text) else text
    return _CONTROL.sub("", text)


def header(raw: str) -> str:
    """A header as it was meant: encoded words, raw 8-bit bytes, characters split between two words; one line."""
    as_bytes = raw.encode("ascii", "surrogateescape") if _is_escaped(raw) else raw.encode("utf-8", "replace")
    if not as_bytes.isascii() and b"=?" not in as_bytes:
        return one_line(decode(as_bytes).text)
    try:
        pieces = decode_header(as_bytes.decode("ascii", "surrogateescape"))
    except (ValueError, LookupError, ArithmeticError):
        return one_line(decode(as_bytes).text)
    return one_line("".join(_piece(piece, charset) for piece, charset in pieces))


def unescaped(raw: str) -> str:
    """A header whose raw 8-bit bytes are read; encoded words stay as they are."""
    return raw if raw.isascii() or not _is_escaped(raw) else decode(raw.encode("ascii", "surrogateescape")).text


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return decode(piece.encode("ascii", "surrogateescape")).text if _is_escaped(piece) else piece
    return decode(piece, charset).text


def _is_escaped(text: str) -> bool:
    try:
        text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def one_line(text: str) -> str:
    """Runs of white space and control characters as one space."""
    return re.sub(r"[\s\u2028\u2029]+", " ", clean(text)).strip()
