"""The main job by mouse, at a desk and again on a phone: from an empty house to a promise kept and tightened."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.utils import format_datetime, parseaddr

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import noonish
from tests.browser.hands import OWNER, ask, choose, go, on_phone, pick, press, tab, titled
from tests.chromium import DESK, PHONE
from tests.house import until
from tests.mailserver import MailServer

pytestmark = pytest.mark.mail
SUPPORT, EVERYONE, PAST = "support@company.test", "everyone@customers.test", "past@customers.test"
CUSTOMERS = """Customer number,Name,E-mail,Phone,City,Newsletter,Consent wording,Consent date,Consent place
C1,Alice Smith,alice@customers.test,+44 113 496 0001,Leeds,yes,Send me news about tea,2026-01-10,shop
C2,Bob Jones,bob@customers.test,+44 113 496 0002,Leeds,yes,Send me news about tea,2026-02-11,shop
C3,Carol White,carol@customers.test,+44 113 496 0003,Leeds,,,,
C4,Dave Brown,dave@customers.test,,York,yes,Send me news about tea,2026-03-12,shop
"""
ORDERS = """Order number,Order date,Customer number,Product code,Description,Quantity,Price
1001,2026-09-01,C1,T1,Green tea,2,12.50
1002,2026-10-01,C1,T2,Black tea,1,30.00
1003,2026-10-05,C2,T1,Green tea,4,12.50
1004,2026-10-09,C4,T1,Green tea,1,12.50
"""
COMPLAINT = "I want to complain: the last parcel was damaged. I want a refund."


@pytest.fixture(scope="module", params=[DESK, PHONE], ids=["desk", "phone"])
def size(request):
    return request.param


def begin(page: Page) -> None:
    """The first page of an empty house: whose company, which zone, who."""
    page.goto("/")
    page.get_by_label("Company name").fill("Leeds Tea")
    choose(page, "Time zone", noonish().replace("_", " "))
    page.get_by_label("Your name").fill(OWNER["name"])
    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_label("Choose a password").fill(OWNER["password"])
    press(page, "Start with my own data")
    titled(page, "Today")


def bring(page: Page, noun: str, name: str, text: str, rows: int) -> None:
    """The import wizard: the file, its columns, the trial, the writing."""
    if on_phone(page):
        choose(page, "What the file holds", noun)
    else:
        page.get_by_role("main").get_by_text(noun, exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    press(page, "Try it")
    expect(page.get_by_text(f"{rows} rows were tried. Nothing is written yet.")).to_be_visible()
    press(page, f"Import {rows} rows")
    expect(page.get_by_text(f"{rows} rows are in.")).to_be_visible()


def bring_all(page: Page) -> None:
    """A wrong file is refused with a sentence and a code; then customers, and the orders after them."""
    press(page, "Import a spreadsheet")
    wrong = {"name": "photo.csv", "mimeType": "text/csv", "buffer": bytes(range(256)) * 9}
    page.locator("input[type=file]").set_input_files(wrong)
    refusal = page.get_by_role("alert").filter(has_text="Save it as Excel (.xlsx) or CSV and try again.")
    expect(refusal).to_contain_text("table.not_text")
    bring(page, "Customers", "customers.csv", CUSTOMERS, 4)
    page.get_by_role("link", name="Import another file").click()
    bring(page, "Orders", "orders.csv", ORDERS, 4)


def mirror(page: Page) -> None:
    """After an import the page says what the data shows, and every sentence opens its people."""
    sentence = page.get_by_role("listitem").filter(has_text="of revenue")
    expect(sentence).to_contain_text("Your top 20%")
    sentence.get_by_text("Open these people").click()
    expect(page.get_by_role("main").get_by_text("Alice Smith").first).to_be_visible()


def past(rig: MailServer) -> None:
    """Three enquiries of the last months: answered in time, answered late, never answered."""
    for number, (days, hours) in enumerate(((50, 2), (30, 70), (10, None))):
        asked = datetime.now(UTC) - timedelta(days=days)
        enquiry = letter("Past Customer", PAST, SUPPORT, f"Question {number}", "Is it in stock?", asked)
        enquiry["Message-ID"] = f"<past{number}@customers.test>"
        rig.place(enquiry.as_bytes(), user=SUPPORT, at=asked)
        if hours:
            answered = asked + timedelta(hours=hours)
            ours = letter("Support", SUPPORT, PAST, f"Re: Question {number}", "Yes, it is.", answered)
            ours["In-Reply-To"] = enquiry["Message-ID"]
            rig.place(ours.as_bytes(), user=SUPPORT, at=answered, folder=rig.sent_folder(SUPPORT))


def letter(name: str, sender: str, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """A mail as somebody's mail program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = f"{name} <{sender}>", to, subject, format_datetime(at)
    mail.set_content(text)
    return mail


def connect_mailbox(page: Page, rig: MailServer) -> None:
    """A mailbox: its test stays on the page until it is connected anew."""
    go(page, "Today")
    press(page, "Connect a mailbox")
    page.get_by_role("button", name=re.compile("^(New|Create) mailbox", re.IGNORECASE)).first.click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name=re.compile("more field")).click()
    for label, value in {
        "Name": "Support", "Address": SUPPORT, "Password": rig.password, "Server for reading (IMAP)": "localhost",
        "Server for sending (SMTP)": "localhost", "Port for reading": str(rig.imaps),
        "Port for sending": str(rig.smtps), "Certificate authority of your own": rig.authority,
    }.items():  # fmt: skip
        form.get_by_label(re.compile(rf"^{re.escape(label)}( optional)?$")).fill(value)
    form.get_by_label(re.compile("^Write an automatic receipt")).click()
    press(form, "Create")
    press(page, "Test the connection")
    tested = page.get_by_text("Tested just now: reading works, sending works.")
    expect(tested).to_be_visible()
    reconnect(page, rig)
    expect(tested).to_be_hidden()


def reconnect(page: Page, rig: MailServer) -> None:
    """The password is given anew: what the test found was found with the old one."""
    press(page, "Reconnect")
    form = page.get_by_role("dialog")
    form.get_by_label("Password").fill(rig.password)
    press(form, "Reconnect")
    expect(form).to_be_hidden()


def mailbox_mirror(page: Page) -> None:
    """The company's own figure, its slowest hours, and who still waits; each opens."""
    answered = page.get_by_role("region", name="How you answered")
    expect(answered).to_contain_text("33.3%")
    expect(answered).to_contain_text("of 3 mails were answered within 24 hours")
    expect(answered.get_by_role("listitem")).to_have_count(2)
    expect(answered.get_by_role("listitem").first).to_contain_text("1 of 1 too late")
    page.get_by_role("link", name=re.compile("^Past Customer")).click()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("Is it in stock?")


def segment(page: Page) -> None:
    """Who belongs together, as a sentence and a number while one writes."""
    go(page, "Marketing")
    tab(page, "Segments")
    press(page, "New segment")
    page.get_by_label("Name of the segment").fill("Leeds")
    press(page, "Field")
    choose(page, "Field", "City")
    choose(page, "Comparison", "is")
    page.get_by_label("City", exact=True).last.fill("Leeds")
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("3")
    expect(preview).to_contain_text("City is")
    expect(preview.get_by_role("link", name="Carol White")).to_be_visible()
    press(page, "Create segment")
    titled(page, "Leeds")


def template(page: Page) -> None:
    """A letter with a blank for how one is greeted."""
    go(page, "Marketing")
    tab(page, "Templates")
    page.get_by_role("main").get_by_role("button", name="New template").first.click()
    page.get_by_label("Name", exact=True).fill("Autumn")
    choose(page, "Purpose", "Marketing")
    page.get_by_label(re.compile("^Subject, English")).fill("What is new")
    page.get_by_label(re.compile("^Text, English")).fill("{{ customer.salutation }},\n\nwe have new teas for you.")
    press(page, "Create the letter")
    expect(page.get_by_role("article", name="Text, English")).to_contain_text("we have new teas for you.")


def strategy(page: Page, rig: MailServer) -> None:
    """Whom it may reach and why not the others, in numbers that add up; taken back once, then sent."""
    go(page, "Marketing")
    tab(page, "Segments")
    page.get_by_role("main").get_by_text("Leeds", exact=True).click()
    press(page, "Write to them")
    page.get_by_label("Name", exact=True).fill("Autumn news")
    choose(page, "Template", "Autumn")
    press(page, "Create, and see whom it reaches")
    reach = page.get_by_role("complementary", name="Whom it reaches")
    expect(reach).to_contain_text(re.compile("^2.*may be contacted, of 3.*Not contacted1.*no consent1"))
    expect(reach).not_to_contain_text("call them")
    agrees_to_calls(page, "Carol White")
    page.reload()
    expect(reach).to_contain_text("1 of them becomes a to-do: call them.")
    press(page, "Send")
    expect(page.get_by_text(re.compile(r"Leaves in \d+ s"))).to_be_visible()
    press(page, "Take back")
    expect(page.get_by_text("Taken back; nobody was contacted")).to_be_visible()
    assert rig.taken() == []
    press(page, "Send")
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    until(lambda: len(rig.taken()) == 2, seconds=60, what="the arrival of both letters")
    assert sorted(mail["To"] for mail in letters(rig)) == [
        "Alice Smith <alice@customers.test>", "Bob Jones <bob@customers.test>",
    ]  # fmt: skip
    sent_to = page.get_by_role("region", name="Recipients").get_by_role("listitem")
    expect(sent_to.filter(has_text="Alice Smith")).to_contain_text("Sent")
    expect(sent_to.filter(has_text="Carol White")).to_contain_text("no consent")


def agrees_to_calls(page: Page, name: str) -> None:
    """A yes that was spoken at the till, and is not one to letters."""
    (whose,) = [one["id"] for one in ask(page.context, "GET", f"/api/customers?q={name}")["rows"]]
    said = {"purpose": "marketing", "channel": "phone", "wording": "Do call me", "how": "spoken", "place": "shop"}
    ask(page.context, "POST", "/api/consents", {"customer": whose, **said})


def letters(rig: MailServer) -> list[Message]:
    """What the customers have received so far."""
    return rig.inbox(EVERYONE)


def answer(page: Page, rig: MailServer) -> None:
    """One answers, one complains: both come into the inbox while one looks at it."""
    go(page, "Inbox")
    expect(row(page, "Past Customer")).to_be_visible()
    for mail in letters(rig):
        name, address = parseaddr(mail["To"])
        text = COMPLAINT if name == "Bob Jones" else "Lovely, thank you!"
        reply = letter(name, address, SUPPORT, f"Re: {mail['Subject']}", text, datetime.now(UTC))
        reply["In-Reply-To"] = reply["References"] = mail["Message-ID"]
        reply["Message-ID"] = f"<answer-{address}>"
        rig.deliver(reply, to=SUPPORT, sender=address)
    expect(row(page, "Alice Smith")).to_contain_text("Lovely, thank you!", timeout=60_000)
    expect(row(page, "Bob Jones")).to_contain_text("waits")


def two(mails: Iterable[Message]) -> list[Message]:
    """These mails once there are two of them."""
    found = list(mails)
    return found if len(found) == 2 else []


def row(page: Page, name: str) -> Locator:
    """A conversation in the list of the inbox, by whom it is with."""
    return page.get_by_role("region", name="Conversations").get_by_role("button", name=re.compile(f"^{name}"))


def beside(page: Page) -> Locator:
    """Who the conversation is with: beside it at a desk, behind a button on a phone."""
    if on_phone(page):
        press(page, "Who this is")
        return page.get_by_role("dialog", name="Who this is")
    return page.get_by_role("complementary", name="Customer")


def complaint(page: Page, rig: MailServer) -> None:
    """The complaint is a ticket whose clock runs; a receipt went by itself, a person answers; solved and confirmed."""
    row(page, "Bob Jones").click()
    said = page.get_by_role("log", name="Messages")
    expect(said).to_contain_text(COMPLAINT)
    expect(said.get_by_role("article").filter(has_text=COMPLAINT)).to_contain_text(re.compile(r"Receipt \d\d:\d\d"))
    receipts = until(lambda: two(mail for mail in letters(rig) if mail["Auto-Submitted"] == "auto-replied"))
    assert sorted(mail["In-Reply-To"] for mail in receipts) == [
        "<answer-alice@customers.test>", "<answer-bob@customers.test>",
    ]  # fmt: skip
    ticket = beside(page).get_by_role("link", name=re.compile("^Complaint · T"))
    expect(ticket).to_contain_text(re.compile(r"23 h \d+ min left"))
    ticket.click()
    titled(page, "Re: What is new")
    page.get_by_label("Write an answer").fill("I am very sorry. The refund leaves today.")
    press(page, "Send")
    expect(said.get_by_role("article").last).to_contain_text("Waiting to leave")
    clocks = page.get_by_role("main").get_by_role("definition")
    if on_phone(page):
        page.get_by_role("main").get_by_text("Facts", exact=True).click()
    expect(clocks.first).to_contain_text("in time, 23 h", timeout=40_000)
    press(page, "Solve")
    form = page.get_by_role("dialog")
    form.get_by_label(re.compile("^Solution")).fill("Refunded")
    press(form, "Solve")
    press(page, "Customer confirms")
    expect(page.get_by_text("Confirmed by the customer", exact=True).first).to_be_visible()
    assert any("I am very sorry." in mail.as_string() for mail in letters(rig))


def by_hand(page: Page, rig: MailServer) -> None:
    """A matter taken by hand keeps what she said; the letter begun on its page belongs to it and answers it."""
    go(page, "Service")
    press(page.get_by_role("main"), "New ticket")
    form = page.get_by_role("dialog")
    form.get_by_label("Subject", exact=True).fill("A present")
    form.get_by_label(re.compile("^Description")).fill("Can you wrap the green tea?")
    choose(page, "Customer optional", "Alice Smith", form)
    choose(page, "Channel optional", "Letter", form)
    press(form, "Create")
    titled(page, "A present")
    expect(page.get_by_role("article").filter(has_text="Description")).to_contain_text("Can you wrap the green tea?")
    press(page, "Write to Alice Smith")
    form = page.get_by_role("dialog")
    expect(form.get_by_label(re.compile("^Subject"))).to_have_value("A present")
    expect(form).to_contain_text(f"It goes to alice@customers.test. It leaves from {SUPPORT}.")
    form.get_by_label("Text", exact=True).fill("With pleasure, in red paper.")
    press(form, "Send")
    said = page.get_by_role("log", name="Messages")
    expect(said).to_contain_text("Can you wrap the green tea?")
    expect(said.get_by_role("article").last).to_contain_text("With pleasure, in red paper.")
    clock = page.get_by_role("main").get_by_role("definition").first
    expect(clock).to_contain_text("in time, 23 h", timeout=40_000)
    assert any("in red paper." in mail.as_string() for mail in letters(rig))


def log(page: Page) -> None:
    """A call and a visit are written down; what came of it has to be said."""
    go(page, "Customers")
    page.get_by_role("main").get_by_text("Carol White").first.click()
    titled(page, "Carol White")
    page.get_by_role("button", name="What this stage means").focus()
    expect(page.get_by_role("tooltip")).to_have_text(
        "We know them; they have neither talked with us lately nor bought yet."
    )
    if on_phone(page):
        page.get_by_role("main").get_by_text("Related", exact=True).click()
    expect(page.get_by_role("main").get_by_text("Call Carol White: Autumn news").first).to_be_visible()
    for verb, result in (("Log a call", "reached"), ("Log a visit", "agreed")):
        pick(page, "Log a contact", verb)
        form = page.get_by_role("dialog")
        press(form, verb)
        expect(form.get_by_text("Result is needed")).to_be_visible()
        choose(page, "Result", result, form)
        form.get_by_label("What was said").fill(f"Spoke about tea: {result}.")
        press(form, verb)
        expect(form).to_be_hidden()


def clause(page: Page) -> Locator:
    """The promise about complaints."""
    return page.get_by_role("article").filter(has_text="Whoever complains hears from a person within")


def protocol(page: Page) -> None:
    """The figure has moved and opens its case; a new version promises twelve hours."""
    go(page, "Protocol")
    expect(clause(page)).to_contain_text("100.0%")
    expect(clause(page)).to_contain_text("1 case")
    clause(page).get_by_role("link", name="100.0%").click()
    expect(page.get_by_role("region", name="Cases").get_by_role("link", name="Re: What is new")).to_be_visible()
    go(page, "Protocol")
    page.get_by_role("main").get_by_role("button", name="Draft a new version").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox").fill("Twelve hours from now on.")
    press(form, "Draft a new version")
    clause(page).get_by_role("button", name=re.compile("^Edit clause")).click()
    form = page.get_by_role("dialog")
    form.get_by_label("Number").fill("12")
    form.get_by_label("English").fill("Whoever complains hears from a person within 12 hours.")
    press(form, "Save")
    expect(form).to_be_hidden()
    press(page, "Publish")
    press(page.get_by_role("dialog"), "Publish")
    expect(page.get_by_text(re.compile("^Version 2, in force since"))).to_be_visible()
    expect(clause(page)).to_contain_text("First answer to a complaint: 12 hours")


def take_back(page: Page) -> None:
    """The import of the customers is taken back from its page, which first says what goes and what has to stay."""
    go(page, "Customers")
    tab(page, "Imports")
    page.get_by_role("main").get_by_text("customers.csv").first.click()
    press(page, "Take it back")
    report = page.get_by_role("dialog")
    expect(report).to_contain_text(re.compile(r"\d+ new records are removed"))
    expect(report).to_contain_text("Customers: 4 stay, because something refers to them")
    press(report, "Take it back")
    expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()


def test_from_an_empty_house_to_a_promise_kept_and_tightened(page, mail_server):
    past(mail_server)
    begin(page)
    bring_all(page)
    mirror(page)
    connect_mailbox(page, mail_server)
    mailbox_mirror(page)
    segment(page)
    template(page)
    strategy(page, mail_server)
    answer(page, mail_server)
    complaint(page, mail_server)
    by_hand(page, mail_server)
    log(page)
    protocol(page)
    take_back(page)
