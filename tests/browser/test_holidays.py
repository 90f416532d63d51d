"""Days off: seen for the coming year, an own one added and removed by keyboard and on a phone, others chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import ask, choose, press
from tests.chromium import DESK, PHONE


def line(page: Page, name: str):
    """A day by what it is called."""
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=name)


@pytest.mark.parametrize("seen_at", [DESK, PHONE], ids=["desk", "phone"])
def test_an_own_day_is_added_and_removed_by_keyboard(owner, seen_at):
    owner.set_viewport_size(seen_at)
    owner.goto("/settings/holidays")
    day = datetime.now(UTC).date() + timedelta(days=40)
    owner.get_by_label("Day", exact=True).focus()
    owner.keyboard.type(day.isoformat())
    owner.keyboard.press("Enter")
    owner.get_by_label("Name", exact=True).focus()
    owner.keyboard.type("Stocktaking")
    owner.keyboard.press("Enter")
    expect(line(owner, "Stocktaking")).to_contain_text("Day off · Our own")
    assert [one["day"] for one in ask(owner.context, "GET", "/api/holidays")["rows"]] == [day.isoformat()]
    line(owner, "Stocktaking").get_by_role("button").focus()
    owner.keyboard.press("Enter")
    expect(line(owner, "Stocktaking")).to_have_count(0)


def test_a_holiday_is_worked_and_other_holidays_are_chosen(owner):
    owner.goto("/settings/holidays")
    choose(owner, "Public holidays of", "United Kingdom")
    expect(line(owner, "Boxing Day").first).to_be_visible()
    expect(line(owner, "Saint Andrew's Day")).to_have_count(0)
    choose(owner, "Part of the country", "Scotland")
    expect(line(owner, "Saint Andrew's Day").first).to_be_visible()
    boxing_day = line(owner, "26 Dec")
    boxing_day.get_by_role("button", name="Work this day: Boxing Day, 26 Dec").click()
    expect(boxing_day).to_contain_text("We work · Our own")
    boxing_day.get_by_role("button", name="Remove: Boxing Day, 26 Dec").click()
    expect(boxing_day.get_by_role("button", name="Work this day: Boxing Day, 26 Dec")).to_be_visible()
    choose(owner, "Public holidays of", "None")
    expect(owner.get_by_text("No holidays in the coming twelve months")).to_be_visible()
    press(owner, "Add")
    expect(owner.get_by_text("Choose a day.")).to_be_visible()
    expect(owner.get_by_text("Give it a name.")).to_be_visible()
