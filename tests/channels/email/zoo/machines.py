"""Answers nobody wrote, and people whose letters only look like it."""

from tests.channels.email.samples import encoded, mail

REPLY: dict[str, dict[str, str]] = {
    "RFC 3834": {"Auto_Submitted": "auto-replied"},
    "RFC 3834 with a parameter": {"Auto_Submitted": 'auto-replied; owner-email="a@customers.test"'},
    "Exchange": {
        "Subject": "Automatic reply: Order",
        "X_Auto_Response_Suppress": "All",
        "Auto_Submitted": "auto-generated",
    },
    "Exchange in Chinese": {"Subject": "自动答复: 订单"},
    "Exchange in Taiwan": {"Subject": "自動回覆: 訂單"},
    "Exchange in German": {"Subject": "Automatische Antwort: Bestellung"},
    "Exchange in French": {"Subject": "Réponse automatique : commande"},
    "Exchange in Russian": {"Subject": "Автоматический ответ: заказ"},
    "old Exchange": {"Subject": "Out of Office AutoReply: Order"},
    "Notes": {"Subject": "Alice Zhang is out of the office (returning 12/01/2026)"},
    "QQ": {"Subject": encoded("自动回复:订单", "gb18030"), "From": "10001@qq.example"},
    "163": {"Subject": "【自动回复】Re: 订单", "From": "a@163.example"},
    "vacation of Unix": {"Precedence": "bulk", "Subject": "away from my mail"},
    "Japanese": {"Subject": "不在のお知らせ"},
    "Precedence: auto_reply": {"Precedence": "auto_reply"},
    "X-Autoreply": {"X_Autoreply": "yes"},
}
PEOPLE: dict[str, dict[str, str]] = {
    "a holiday is asked for": {"Subject": "外出旅行的酒店预订"},
    "a vacation is asked for": {"Subject": "Vacation rental: is it free in May?"},
    "an office is asked for": {"Subject": "Out of office furniture: please quote"},
    "somebody called Replyson": {"From": "Norbert Replyson <norbert@customers.test>"},
    "a bounce is complained about": {"Subject": "退信：为什么我的邮件被退回？"},
    "Auto-Submitted: no": {"Auto_Submitted": "no"},
}


def written() -> dict[str, tuple[bytes, dict[str, object]]]:
    """Each machine is known as one and waits for no answer; each person waits."""
    beasts: dict[str, tuple[bytes, dict[str, object]]] = {
        name: (mail(b"Away.", **headers), {"automatic": "auto_reply", "needs_answer": False})
        for name, headers in REPLY.items()
    }
    for name, headers in PEOPLE.items():
        beasts[name] = mail(b"Please answer.", **headers), {"automatic": "", "needs_answer": True}
    loop = mail(b"Hello", X_Loop="support@company.test")
    beasts["our own mail in a circle"] = loop, {"automatic": "own", "needs_answer": False}
    beasts["a list"] = mail(List_Id="<news.x.test>"), {"automatic": "list", "needs_answer": False}
    return beasts
