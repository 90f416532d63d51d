"""What an empty house shows first: axe finds nothing grave there, and would."""

from playwright.sync_api import expect

from tests.browser.dresses import in_both_dresses, violations


def test_the_first_page_of_an_empty_house(page):
    page.goto("/")
    expect(page.get_by_label("Company name")).to_be_visible()
    expect(page.get_by_text("At least 10 characters.")).to_be_visible()
    assert in_both_dresses(page, "first-run") == {}


def test_a_planted_fault_is_found(page):
    page.goto("/")
    expect(page.get_by_label("Company name")).to_be_visible()
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input id=planted>')")
    (found,) = violations(page)
    assert found.startswith('label <input id="planted">')
