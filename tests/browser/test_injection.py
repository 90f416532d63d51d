"""Markup in every text field of every noun, in files and in mail that comes in, is text on every page: nothing runs."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Shop
from tests.browser.filling import SUPPORT, bring
from tests.browser.hands import ask
from tests.house import until
from tests.mailserver import MailServer
from tests.pictures import first, pages

pytestmark = [pytest.mark.mail, pytest.mark.thorough]
RUNS = "window.struck=(window.struck||0)+1"
MARKUP = f"<img src=x onerror={RUNS}>"
PAYLOADS = (
    MARKUP,
    f'"><script>{RUNS}</script>',
    f"<svg/onload={RUNS}>",
    f"';{RUNS};//",
    "{{constructor.constructor('" + RUNS + "')()}}",
    f"javascript:{RUNS}",
    f"</title></textarea><iframe srcdoc='<script>parent.{RUNS}</script>'>",
)
HOSTILE = (
    f"<html><body onload='{RUNS}'><script>{RUNS}</script><p onclick='{RUNS}'>Hello</p>{MARKUP}"
    f"<svg><script>{RUNS}</script></svg><math><mtext><style><img src=x onerror={RUNS}></style></mtext></math>"
    f"<a href='javascript:{RUNS}'>here</a><form action='https://evil.test'><input name=password></form>"
    "<img src='https://evil.test/pixel.png'><iframe src='https://evil.test'></iframe>"
    "<link rel=stylesheet href='https://evil.test/x.css'><style>body{display:none}</style>"
    "<meta http-equiv=refresh content='0;url=https://evil.test'></body></html>"
)
WATCH = """
window.refused = [];
addEventListener('securitypolicyviolation', (e) => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
LOOK = """() => ({
  struck: window.struck || 0,
  refused: window.refused,
  handlers: [...document.querySelectorAll('*')].flatMap((one) =>
    one.getAttributeNames().filter((name) => name.startsWith('on')).map((name) => one.tagName + ' ' + name)),
  links: [...document.querySelectorAll('a[href], form[action], iframe')].map((one) =>
    one.getAttribute('href') || one.getAttribute('action') || one.getAttribute('srcdoc') || one.getAttribute('src')
  ).filter((place) => !place || /^\\s*(javascript|data|vbscript):|[<>]/i.test(place)),
  wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})"""
CLEAN: dict[str, Any] = {"struck": 0, "refused": [], "handlers": [], "links": [], "wider": False}
DRAWN = """() => !document.querySelector('[data-skeleton], [aria-busy="true"], .ant-spin-spinning')
  && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true)))))"""
CUSTOMERS = f"""Customer number,Name,City,{MARKUP}
901,{MARKUP},<b>{MARKUP}</b>,{MARKUP}
"""
ORDERS = f"""Order number,Order date,Customer number,Product code,Description,Quantity,Price
<u>{MARKUP},2026-10-09,901,<i>{MARKUP},{MARKUP},1,125.00
"""
STRUCK = '/api/conversations?limit=1&where={"field":"subject","op":"contains","value":"Struck"}'
CLAUSE = f"We answer every letter within 2 hours. {MARKUP}"


def spoiled(context: BrowserContext) -> dict[str, tuple[str, int]]:
    """Put markup into every text of one row of each noun; which row of each, and how many of its fields took it."""
    found = {}
    for plural, noun in ask(context, "GET", "/api/meta")["records"].items():
        id = first(context, f"/api/{plural}?limit=1")
        if not id:
            continue
        number = 0
        for name, field in noun["fields"].items() if noun["change"] else ():
            if not field["writable"] or field.get("choices"):
                continue
            payload = PAYLOADS[number % len(PAYLOADS)]
            for text in (payload, payload[:60], MARKUP, "<svg/onload=struck=1>"):
                answer = context.request.patch(f"/api/{plural}/{id}", data={name: text}, headers={"X-Guanxi": "1"})
                assert answer.status < 500, (plural, name, answer.text())
                if answer.ok:
                    number += 1
                    break
        found[plural] = (id, number)
    return found


def hostile_mail(rig: MailServer) -> None:
    """From a stranger who has read about such things."""
    mail = EmailMessage()
    mail["From"], mail["To"] = formataddr((MARKUP, "mallory@customers.test")), SUPPORT
    mail["Subject"], mail["Message-ID"] = f"Struck {MARKUP}", "<struck@customers.test>"
    mail.set_content(f"Hello {MARKUP}")
    mail.add_alternative(HOSTILE, subtype="html")
    mail.add_attachment(HOSTILE.encode(), maintype="text", subtype="html", filename=f"{MARKUP}.html")
    rig.deliver(mail.as_bytes(policy=SMTP), to=SUPPORT, sender="mallory@customers.test")


def written_by_hand(context: BrowserContext, shop: Shop) -> None:
    """What comes by files and verbs: orders, a call, an answer being written, a clause, the company's name."""
    customer = shop.filled.customer
    bring(context, "customers", "<img src=x onerror=alert(1)>.csv", CUSTOMERS)
    bring(context, "orders", "orders.csv", ORDERS)
    call = {"customer": customer, "result": "reached", "text": MARKUP, "at": "2026-01-02T10:00:00Z"}
    ask(context, "POST", "/api/conversations/log_call", call)
    ask(context, "POST", "/api/drafts", {"customer": customer, "subject": PAYLOADS[2], "text": PAYLOADS[6]})
    protocol = first(context, "/api/protocols?limit=1")
    version = ask(context, "POST", f"/api/protocols/{protocol}/draft_version")["id"]
    ask(context, "POST", f"/api/versions/{version}/add_clause", {"section": "complaints", "text": {"en": CLAUSE}})
    ask(context, "POST", "/api/company/describe", {"name": MARKUP})
    ask(context, "PATCH", "/api/me", {"name": MARKUP})


def visited(page: Page, path: str) -> dict[str, Any]:
    """What a page shows of an attack once it stands."""
    page.goto(path, wait_until="domcontentloaded")
    page.locator("main, body > header").first.wait_for()
    page.wait_for_function(DRAWN)
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def places(context: BrowserContext, rows: dict[str, tuple[str, int]], talk: str) -> dict[str, str]:
    """Every page of the house, and that of every row that was spoiled."""
    protocol = first(context, "/api/protocols?limit=1")
    return {
        **pages(context),
        **{plural: f"/{plural}/{id}" for plural, (id, _) in rows.items()},
        "hostile": f"/inbox/{talk}",
        "handbook": f"/api/protocols/{protocol}/handbook",
    }


def test_markup_in_every_text_of_the_house_is_text(owner: Page, shop: Shop, mail_system: MailServer):
    context = owner.context
    context.add_init_script(WATCH)
    opened: list[str] = []
    outside: list[str] = []
    owner.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    owner.on("request", lambda asked: outside.append(asked.url) if "evil.test" in asked.url else None)
    hostile_mail(mail_system)
    written_by_hand(context, shop)
    talk = until(lambda: first(context, STRUCK), seconds=60, what="the mail")
    rows = spoiled(context)
    assert sum(number for _, number in rows.values()) >= 30, rows
    wrong = {
        name: seen for name, path in places(context, rows, talk).items() if (seen := visited(owner, path)) != CLEAN
    }
    assert (wrong, opened, outside) == ({}, [], [])
    expect(owner.get_by_text(MARKUP).first).to_be_visible()


@pytest.mark.parametrize("policy", ["default-src 'self'", ""], ids=["with a policy", "without one"])
def test_markup_that_gets_into_a_page_is_caught(owner: Page, policy: str):
    planted = f"<main>{MARKUP}<script>{RUNS}</script><a href='javascript:{RUNS}'>here</a></main>"
    headers = {"Content-Type": "text/html", **({"Content-Security-Policy": policy} if policy else {})}
    owner.context.add_init_script(WATCH)
    owner.route("**/planted", lambda route: route.fulfill(body=planted, headers=headers))
    seen = visited(owner, "/planted")
    assert bool(seen["struck"]) is not bool(policy)  # the policy of a page is the second wall
    assert any("script-src" in one for one in seen["refused"]) is bool(policy)
    assert (seen["handlers"], seen["links"]) == (["IMG onerror"], [f"javascript:{RUNS}"])
