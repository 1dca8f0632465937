"""The page of the interface, as whoever writes a client sees it; axe and the rest of all pages stand in test_pages."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def wider_than_the_window(page: Page) -> list[str]:
    """What reaches out of the window to the right."""
    return page.evaluate(  # type: ignore[no-any-return] # JSON's edge
        """() => [...document.querySelectorAll("main *")]
            .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map((element) => element.outerHTML.slice(0, 80))"""
    )


@pytest.mark.parametrize("width", [320, 360, 700, 720, 1280])
def test_nothing_is_wider_than_the_window_with_everything_unfolded(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/docs")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")

    assert wider_than_the_window(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_type_is_one_press_of_a_key_away_and_examples_unfold_by_keyboard(page: Page) -> None:
    page.goto("/docs")

    page.get_by_role("link", name="Citation", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/docs#type-Citation$"))
    expect(page.get_by_role("table", name="Fields of Citation")).to_be_in_viewport()

    page.locator("summary", has_text="200: an emergency").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text('"placement": "replace"').first).to_be_visible()


def test_the_tables_are_tables_to_a_screen_reader_on_a_phone_too(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/docs")

    table = page.get_by_role("table", name="What is sent: JSON, no other fields").first

    expect(table.get_by_role("rowheader", name="message")).to_be_visible()
    expect(table.get_by_role("cell", name="text", exact=True).first).to_be_visible()
