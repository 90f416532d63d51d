"""A letter is written with blanks and a part for some, and seen as a customer gets it before anybody does."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.filling import found
from tests.browser.hands import ask
from tests.chromium import PHONE

pytestmark = pytest.mark.mail


def chosen(page, name):
    """Look at it as this customer gets it."""
    page.get_by_role("combobox", name="Choose a customer").fill(name)
    page.get_by_role("option", name=re.compile(name)).first.wait_for(state="attached")
    page.keyboard.press("Enter")


def test_a_letter_is_written_by_keyboard_and_read_as_a_customer_gets_it(owner, shop):
    person = ask(owner.context, "POST", "/api/customers", {"name": "Anna Smith", "city": "Leeds"})["id"]
    owner.goto("/templates")
    owner.get_by_role("button", name="New template").or_(owner.get_by_role("link", name="New template")).first.click()
    owner.get_by_label("Name", exact=True).fill("Spring letter")
    body = owner.get_by_label("Text, English")
    body.fill("Dear ")
    owner.get_by_role("button", name="Insert a blank").press("Enter")
    owner.get_by_role("menuitem", name="First name").press("Enter")
    expect(body).to_be_focused()
    owner.keyboard.type(", good news")
    owner.get_by_role("button", name="Only if known …").press("Enter")
    owner.get_by_role("menuitem", name="City").press("Enter")
    expect(body).to_be_focused()
    owner.keyboard.type(" in your town")
    expect(body).to_have_value(
        "Dear {{ customer.first_name }}, good news{% if customer.city %} in your town{% endif %}"
    )
    reading = owner.get_by_role("region", name="As a customer gets it")
    expect(reading).to_contain_text("Dear [First name], good news in your town")
    chosen(owner, "Anna Smith")
    expect(reading).to_contain_text("Dear Anna, good news in your town")
    owner.get_by_role("button", name="Create the letter").click()
    expect(owner.get_by_role("article", name="Text, English")).to_contain_text("{% if customer.city %}")
    ask(owner.context, "POST", f"/api/customers/{person}/archive")


def test_a_mistake_and_what_is_not_known_are_told_while_it_is_written(owner, shop):
    person = ask(owner.context, "POST", "/api/customers", {"name": "Bo Lee", "city": ""})["id"]
    owner.set_viewport_size(PHONE)
    owner.goto(f"/templates/{found(owner.context, 'templates', '新茶到店')}")
    owner.get_by_role("button", name="Edit the text").click()
    body = owner.get_by_label("Text, English")
    body.fill("{{ customer.nme }}")
    reading = owner.get_by_role("region", name="As a customer gets it")
    expect(reading.get_by_role("alert")).to_contain_text("There is no blank called “customer.nme”")
    body.fill("{{ customer.city }}")
    chosen(owner, "Bo Lee")
    expect(reading).to_contain_text("Nothing is known of this customer for: City")
    body.fill("{{ customer.salutation }}，今年的春茶到了。")
    expect(reading).to_contain_text("Bo Lee，今年的春茶到了。")
    wide = owner.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_role("button", name="Edit the text")).to_be_visible()
    ask(owner.context, "POST", f"/api/customers/{person}/archive")
