"""A small tea shop with everything in it that a page can show, brought in over HTTP and by real mail.

All that people wrote is Chinese, so that whatever else stands on a Chinese page is ours.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr
from typing import Any

from playwright.sync_api import BrowserContext

from tests.browser.hands import OWNER, ask
from tests.house import until
from tests.mailserver import MailServer

COMPANY = "望山茶行"
SUPPORT = "support@company.test"
COMPLAINT, QUESTION = "茶罐坏了，要求退款", "春茶什么时候到货"
CHENGDU: dict[str, Any] = {"field": "city", "op": "is", "value": "成都"}
CUSTOMERS = """Customer number,Name,E-mail,Mobile,City,Newsletter,Consent wording,Consent date,Consent place
201,张伟,zhang@customers.test,+86 138 0013 8001,成都,yes,请告诉我新茶的消息,2026-01-10,门店
202,李秀英,li@customers.test,+86 138 0013 8002,成都,yes,请告诉我新茶的消息,2026-02-11,门店
203,王芳,wang@customers.test,+86 138 0013 8003,成都,,,,
204,刘洋,liu@customers.test,+86 138 0013 8004,杭州,yes,请告诉我新茶的消息,2026-03-12,门店
205,陈静,chen@customers.test,,杭州,,,,
"""
ORDERS = """Order number,Order date,Customer number,Product code,Description,Quantity,Price
88001,2026-09-01,201,11,绿茶,2,125.00
88002,2026-10-01,201,12,红茶,1,300.00
88003,2026-10-05,202,11,绿茶,4,125.00
88004,2026-10-09,204,11,绿茶,1,125.00
"""


@dataclass(frozen=True)
class Filled:
    """What stands in the house, by the id under which it is reached."""

    customer: str
    conversation: str
    question: str
    complaint: str
    segment: str
    strategy: str
    template: str


def start_company(context: BrowserContext, *, language: str, zone: str) -> None:
    """The first run: whose company, and who."""
    given = {
        **OWNER, "company": COMPANY, "language": language, "zone": zone, "currency": "CNY", "line_of_work": "shop",
        "start": "own",
    }  # fmt: skip
    ask(context, "POST", "/api/first-run", given)


def bring(context: BrowserContext, noun: str, name: str, text: str) -> None:
    """A file through the same import as the wizard's."""
    sent = context.request.post(
        f"/api/imports/upload?noun={noun}&name={name}", data=text.encode(), headers={"X-Guanxi": "1"}
    )
    assert sent.ok, sent.text()
    given = {"noun": noun, "file": sent.json()["file"], "file_name": name, "order": "ymd"}
    run = ask(context, "POST", "/api/imports", given)["id"]
    ask(context, "POST", f"/api/imports/{run}/start")

    def finished() -> dict | None:
        seen = ask(context, "GET", f"/api/imports/{run}")
        return seen if seen["status"] in ("done", "failed") else None

    done = until(finished, what=f"the import of {name}")
    assert (done["status"], done["rows_failed"]) == ("done", 0), done


def connect(context: BrowserContext, rig: MailServer) -> None:
    """A mailbox that reads and sends."""
    given = {
        "name": "客服", "address": SUPPORT, "password": rig.password, "imap_host": "localhost",
        "smtp_host": "localhost", "imap_port": rig.imaps, "smtp_port": rig.smtps, "authorities": rig.authority,
    }  # fmt: skip
    box = ask(context, "POST", "/api/mailboxes", given)["id"]
    until(lambda: ask(context, "GET", f"/api/mailboxes/{box}")["read_at"], seconds=60, what="reading the mailbox")


def wrote(rig: MailServer, name: str, address: str, subject: str, text: str) -> None:
    """A mail of a customer."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = formataddr((name, address)), SUPPORT, subject
    mail["Message-ID"] = f"<{abs(hash(subject))}@customers.test>"
    mail.set_content(text)
    rig.deliver(mail, to=SUPPORT, sender=address)


def found(context: BrowserContext, plural: str, name: str) -> str:
    """The id of the one of this name."""
    rows = ask(context, "GET", f"/api/{plural}?limit=50")["rows"]
    return next(row["id"] for row in rows if name in (row.get("name"), row.get("subject")))


def marketing(context: BrowserContext) -> tuple[str, str, str]:
    """A segment, a letter, and the strategy that brings them together."""
    segment = ask(context, "POST", "/api/segments", {"name": "成都的客户", "condition": CHENGDU})["id"]
    letter = {
        "name": "新茶到店", "channel": "email", "purpose": "marketing", "subject_zh_hans": "新茶到店了",
        "body_zh_hans": "{{ customer.salutation }}，今年的春茶到了。", "subject_en": "新茶到店了",
        "body_en": "{{ customer.salutation }}，今年的春茶到了。",
    }  # fmt: skip
    template = ask(context, "POST", "/api/templates", letter)["id"]
    plan = {
        "name": "告诉老客户新茶到了", "purpose": "marketing", "channels": ["email"], "segment": segment,
        "template": template, "call_them": True,
    }  # fmt: skip
    return segment, template, ask(context, "POST", "/api/strategies", plan)["id"]


def work(context: BrowserContext, customer: str) -> None:
    """What people at the company wrote down."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    call = {"customer": customer, "result": "reached", "text": "问了春茶的价格", "at": yesterday}
    ask(context, "POST", "/api/conversations/log_call", call)
    todo = {"subject": "给张伟回电话", "kind": "call", "customer": customer, "due_at": yesterday}
    ask(context, "POST", "/api/todos", todo)
    company = ask(context, "POST", "/api/customers", {"name": "青山餐饮", "kind": "organisation"})["id"]
    ask(context, "POST", "/api/contacts", {"person": customer, "organisation": company, "role": "采购"})
    team = ask(context, "POST", "/api/teams", {"name": "门店"})["id"]
    colleague = {"name": "赵敏", "email": "zhao@leedstea.test", "password": OWNER["password"], "roles": ["agent"]}
    ask(context, "POST", "/api/users", {**colleague, "team": team})
    ask(context, "POST", "/api/tokens/create", {"name": "网店"})
    begun = {"customer": found(context, "customers", "刘洋"), "subject": "春茶", "text": "您好，春茶四月初到货。"}
    ask(context, "POST", "/api/drafts", begun)


def fill(context: BrowserContext, rig: MailServer, *, language: str, zone: str) -> Filled:
    """Everything; the person of this context is signed in as the owner afterwards."""
    start_company(context, language=language, zone=zone)
    bring(context, "customers", "客户.csv", CUSTOMERS)
    bring(context, "orders", "订单.csv", ORDERS)
    customer = found(context, "customers", "张伟")
    work(context, customer)
    connect(context, rig)
    wrote(rig, "张伟", "zhang@customers.test", COMPLAINT, "收到的茶罐是坏的，我要投诉，请退款。")
    wrote(rig, "李秀英", "li@customers.test", QUESTION, "想买今年的春茶，什么时候到？")
    segment, template, strategy = marketing(context)
    tickets = "/api/tickets?count=1&limit=1"
    until(lambda: ask(context, "GET", tickets)["count"]["n"] == 2, seconds=90, what="two tickets from two mails")
    conversation, question = (found(context, "conversations", subject) for subject in (COMPLAINT, QUESTION))
    complaint = found(context, "tickets", COMPLAINT)
    return Filled(customer, conversation, question, complaint, segment, strategy, template)
