"""A field of the company: added by keyboard, filled in, a column, a filter, and gone again without being lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import ask, choose, press, titled
from tests.chromium import DESK, PHONE

pytestmark = pytest.mark.mail


@pytest.fixture
def no_fields(owner):
    """What another test added is out of the way."""
    yield
    for field in ask(owner.context, "GET", "/api/custom_fields?limit=200")["rows"]:
        ask(owner.context, "POST", f"/api/custom_fields/{field['id']}/archive")


def add_by_key(page: Page, label: str, *choices: str) -> None:
    """Add a field of customers without a mouse."""
    page.get_by_role("button", name="Add a field", exact=True).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Label", exact=True)).to_be_focused()
    page.keyboard.type(label)
    if choices:
        choose(page, "Kind", "One of several", within=dialog)
        dialog.get_by_label("Choices, one in each line").fill("\n".join(choices))
    dialog.get_by_role("button", name="Add a field", exact=True).focus()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_a_field_is_added_filled_in_shown_and_asked_for(owner, seen_at, no_fields):
    owner.set_viewport_size(seen_at)
    at = "desk" if seen_at == DESK else "phone"
    pia = ask(owner.context, "POST", "/api/customers", {"name": f"Pia {at}"})
    owner.goto("/custom_fields")
    expect(owner).to_have_url(re.compile("/settings/fields$"))
    add_by_key(owner, f"Tier {at}", "Gold", "Silver")
    line = owner.get_by_role("main").get_by_role("listitem").filter(has_text=f"Tier {at}")
    expect(line).to_contain_text("One of several · Gold, Silver")
    expect(line).to_contain_text(f"x_tier_{at}")

    owner.goto(f"/customers/{pia['id']}")
    titled(owner, f"Pia {at}")
    if seen_at == PHONE:
        owner.get_by_text("Facts", exact=True).click()
    press(owner, "More facts")
    owner.get_by_role("button", name=f"Tier {at}").click()
    owner.get_by_label(f"Tier {at}", exact=True).click()
    owner.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text="Gold").first.click()
    expect(owner.get_by_role("combobox", name=f"Tier {at}")).to_have_attribute("aria-expanded", "false")
    owner.keyboard.press("Enter")
    if seen_at == PHONE:
        owner.get_by_text("Story", exact=True).first.click()
    expect(owner.get_by_text(f"Tier {at} changed")).to_be_visible()

    owner.goto("/customers")
    owner.get_by_role("button", name="Filter", exact=True).click()
    expect(owner.get_by_role("textbox", name="Which field?")).to_be_focused()
    owner.keyboard.type(f"Tier {at}")
    owner.keyboard.press("Enter")
    choose(owner, f"Tier {at}", "Gold")
    owner.get_by_role("button", name="Apply").focus()
    owner.keyboard.press("Enter")
    expect(owner.get_by_role("button", name=f"Tier {at} is Gold", exact=True)).to_be_visible()
    expect(owner.get_by_role("main").get_by_text(f"Pia {at}")).to_be_visible()
    if seen_at == DESK:
        press(owner, "Columns")
        owner.get_by_role("checkbox", name=f"Tier {at}").click()  # it moves up among those that are shown
        owner.keyboard.press("Escape")
        expect(owner.get_by_role("row", name=f"Pia {at}")).to_contain_text("Gold")
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_wrong_is_said_and_an_archived_field_comes_back(owner, no_fields):
    owner.emulate_media(reduced_motion="reduce")  # a button that was busy is itself again though nothing moved
    owner.goto("/settings/fields")
    owner.get_by_role("main").get_by_text("Orders", exact=True).click()
    press(owner, "Add a field")
    dialog = owner.get_by_role("dialog")
    press(dialog, "Add a field")
    expect(dialog.get_by_text("Say what the field is called.")).to_be_visible()
    dialog.get_by_label("Label", exact=True).fill("Number")
    press(dialog, "Add a field")
    expect(dialog.get_by_text("There is a field called “Number” already")).to_be_visible()
    dialog.get_by_label("Label", exact=True).fill("Delivery slot")
    press(dialog, "Add a field")
    expect(dialog).to_have_count(0)
    press(owner, "Change: Delivery slot")
    owner.get_by_role("dialog").get_by_label("Label", exact=True).fill("Delivered when")
    press(owner.get_by_role("dialog"), "Save")
    press(owner, "Archive: Delivered when")
    press(owner, "Restore: Delivered when")
    expect(owner.get_by_role("button", name="Archive: Delivered when", exact=True)).to_be_visible()


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_a_sensitive_value_is_removed_only_by_who_says_so_twice(owner, seen_at, no_fields):
    owner.set_viewport_size(seen_at)
    at = "desk" if seen_at == DESK else "phone"
    field = {"noun": "customers", "label": f"Pass {at}", "kind": "sensitive"}
    made = ask(owner.context, "POST", "/api/custom_fields", field)
    given = {"name": f"Sid {at}", made["name"]: "E12345678"}
    sid = ask(owner.context, "POST", "/api/customers", given)

    def kept() -> bool:
        return bool(ask(owner.context, "GET", f"/api/customers/{sid['id']}")[made["name"]])

    owner.goto(f"/customers/{sid['id']}")
    titled(owner, f"Sid {at}")
    if seen_at == PHONE:
        owner.get_by_text("Facts", exact=True).click()
    press(owner, "More facts")
    owner.get_by_role("button", name=f"Pass {at}").first.click()
    press(owner, "Remove")
    asked = owner.get_by_role("alertdialog")
    expect(asked).to_contain_text("for good?")
    expect(asked.get_by_role("button", name="Keep it")).to_be_focused()
    owner.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    assert kept()
    press(owner, "Remove")
    owner.keyboard.press("Tab")
    owner.keyboard.press("Enter")
    expect(owner.get_by_label(f"Pass {at}", exact=True)).to_have_count(0)
    assert not kept()
