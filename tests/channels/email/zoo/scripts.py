"""The same few sentences in many charsets, under right, wrong and missing labels."""

from tests.channels.email import samples
from tests.channels.email.samples import mail

TEXTS = {
    "zh": samples.ZH, "tw": samples.TW, "jp": samples.JP, "ko": samples.KO, "de": samples.DE,
    "hk": "您好，我哋嘅訂單仲未收到，請問幾時送貨？唔該晒",
    "ru": "Здравствуйте, мы до сих пор не получили заказ. Когда будет доставка? Спасибо",
    "el": "Καλημέρα, δεν έχουμε λάβει ακόμη την παραγγελία. Πότε θα σταλεί; Ευχαριστώ",
    "he": "שלום, עדיין לא קיבלנו את ההזמנה. מתי היא תישלח? תודה",
    "ar": "مرحبا، لم نستلم الطلب بعد. متى سيتم الشحن؟ شكرا",
    "tr": "Merhaba, siparişimiz hâlâ gelmedi. Ne zaman gönderilecek? Teşekkürler",
    "pl": "Dzień dobry, zamówienie jeszcze nie dotarło. Kiedy będzie wysłane? Dziękuję",
    "lt": "Laba diena, užsakymo dar negavome. Kada išsiųsite? Ačiū, gražios dienos",
    "th": "สวัสดีค่ะ ยังไม่ได้รับสินค้า จะส่งเมื่อไหร่คะ ขอบคุณค่ะ",
}  # fmt: skip
LABELS: dict[tuple[str, str], tuple[str, ...]] = {
    ("zh", "gb18030"): ("GB18030", "gb2312", "GBK", "x-gbk", "", "us-ascii", "iso-8859-1", "utf-8", "big5"),
    ("zh", "hz"): ("HZ-GB-2312", ""),
    ("zh", "utf-8"): ("utf-8", "gb2312", "iso-8859-1", "big5", "", "x-nonsense"),
    ("zh", "utf-8-sig"): ("utf-8", ""),
    ("zh", "utf-16"): ("utf-16",),
    ("zh", "utf-7"): ("utf-7",),
    ("tw", "big5"): ("big5", "gb2312", "", "us-ascii"),
    ("hk", "big5hkscs"): ("big5-hkscs", "big5", ""),
    ("jp", "iso2022_jp"): ("iso-2022-jp", "", "us-ascii", "utf-8"),
    ("jp", "cp932"): ("shift_jis", "windows-31j", "x-sjis", "", "iso-8859-1"),
    ("jp", "euc_jp"): ("euc-jp", "x-euc-jp", "", "us-ascii"),
    ("ko", "iso2022_kr"): ("iso-2022-kr", ""),
    ("ko", "cp949"): ("euc-kr", "ks_c_5601-1987", "", "gb2312"),
    ("ru", "koi8_r"): ("koi8-r", "", "us-ascii", "iso-8859-1", "utf-8", "windows-1251"),
    ("ru", "cp1251"): ("windows-1251", "", "us-ascii", "iso-8859-1", "koi8-r"),
    ("ru", "iso8859_5"): ("iso-8859-5", ""),
    ("el", "cp1253"): ("windows-1253", "iso-8859-1", ""),
    ("he", "cp1255"): ("windows-1255", ""),
    ("he", "iso8859_8"): ("iso-8859-8", "iso-8859-8-i"),
    ("ar", "cp1256"): ("windows-1256", ""),
    ("th", "cp874"): ("windows-874", "tis-620", ""),
    ("tr", "cp1254"): ("windows-1254", "iso-8859-9"),
    ("pl", "cp1250"): ("windows-1250",),
    ("pl", "iso8859_2"): ("iso-8859-2",),
    ("lt", "cp1257"): ("windows-1257",),
    ("de", "cp1252"): ("windows-1252", "iso-8859-1", "", "us-ascii", "utf-8"),
    ("de", "utf-7"): ("utf-7", "unicode-1-1-utf-7"),
    ("de", "mac_roman"): ("macintosh",),
}
ISO_2022_CN = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "订单已发货".encode("gb2312")) + b"\x0f ok"


def written() -> dict[str, tuple[bytes, dict[str, object]]]:
    """Each text under each label as a mail, and the text that must be seen."""
    beasts: dict[str, tuple[bytes, dict[str, object]]] = {
        "ISO-2022-CN": (mail(ISO_2022_CN, kind="text/plain; charset=iso-2022-cn"), {"text": "订单已发货 ok"}),
        "ISO-2022-CN unlabelled": (mail(ISO_2022_CN, kind="text/plain"), {"text": "订单已发货 ok"}),
    }
    for (language, charset), labels in LABELS.items():
        for label in labels:
            kind = f"text/plain; charset={label}" if label else "text/plain"
            raw = mail(TEXTS[language].encode(charset), "Content-Transfer-Encoding: 8bit", kind=kind)
            beasts[f"{language} {charset} as {label or 'nothing'}"] = raw, {"text": TEXTS[language]}
    for language, charset in (("zh", "gb18030"), ("tw", "big5"), ("ru", "koi8-r"), ("jp", "shift_jis")):
        page = f'<html><head><meta charset="{charset}"></head><body>{TEXTS[language]}</body></html>'
        beasts[f"{language} {charset} said in HTML alone"] = (
            mail(page.encode(charset), kind="text/html"), {"text": TEXTS[language]},
        )  # fmt: skip
    return beasts
