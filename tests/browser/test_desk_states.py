"""The phone desk where things go wrong, on other screens, and for those who see, hear or point differently."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser import accessibility
from tests.browser.desk import (
    DOSE,
    FILINGS,
    QUESTION,
    SEARCH,
    TODAY,
    URGENT,
    chosen,
    field,
    heard,
    look_up,
    passage,
    put,
    refusal,
    rows,
    sign_in,
    signed_in,
)
from tests.browser.navigation import follow

pytestmark = pytest.mark.browser

MEDICINE = "over-the-counter pain relievers"

# ---- failures


def test_offline_is_said_plainly_with_a_way_to_try_again_and_the_old_rows_are_named(console: Page) -> None:
    look_up(console, "sciatica")

    console.context.set_offline(True)
    put(console, QUESTION)

    notice = console.locator(".problem")
    expect(notice).to_contain_text("This computer is offline.")
    expect(notice).to_contain_text("These results are for “sciatica”.")
    expect(field(console)).to_have_value(QUESTION)
    assert heard(console)[-1].startswith("This computer is offline.")
    console.context.set_offline(False)
    notice.get_by_role("button", name="Try again").click()
    expect(chosen(console)).to_contain_text("worn-out")
    expect(notice).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "detail"),
    [(429, "Too many questions in a short time."), (500, "Something went wrong here."), (503, "No records now.")],
)
def test_what_the_server_refuses_is_said_in_its_own_words(console: Page, status: int, detail: str) -> None:
    console.route(SEARCH, lambda route: route.fulfill(**refusal(status, detail)))

    console.keyboard.type("sciatica")

    expect(console.locator(".problem")).to_contain_text(detail)
    expect(console.locator(".problem").get_by_role("button", name="Try again")).to_be_visible()


def test_a_page_instead_of_json_is_a_fault_of_the_server(console: Page) -> None:
    console.route(SEARCH, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))

    console.keyboard.type("sciatica")

    expect(console.locator(".problem")).to_contain_text("Something went wrong on the server.")


def test_no_reply_within_eight_seconds_is_said(console: Page) -> None:
    console.clock.install()
    console.route(SEARCH, lambda _route: None)

    with console.expect_request(SEARCH):
        console.keyboard.type("s")
    console.clock.fast_forward(8100)

    expect(console.locator(".problem")).to_contain_text("The server did not reply in 8 seconds.")


def test_who_is_signed_out_signs_in_again_and_finds_the_question_still_there(console: Page) -> None:
    look_up(console, "sciatica")
    console.context.clear_cookies()

    put(console, QUESTION)
    expect(console.locator(".problem")).to_contain_text("What you typed is kept in this window.")
    follow(console.locator(".problem").get_by_role("link", name="Sign in again"))
    sign_in(console)

    expect(field(console)).to_have_value(QUESTION)
    expect(chosen(console)).to_contain_text("worn-out")
    assert "worn-out" not in console.url


def test_a_question_too_long_is_refused_in_words_and_its_safety_message_shown_even_so(console: Page) -> None:
    console.evaluate(
        """(text) => {
          const field = document.getElementById("question");
          field.value = text;
          field.dispatchEvent(new Event("input"));
        }""",
        f"{URGENT} {'and more ' * 60}",
    )

    expect(console.locator(".alert .caller")).to_contain_text("Read this to the caller now.")
    expect(console.locator(".problem")).to_contain_text("The question must have at most 500 characters")


def test_what_could_not_be_filed_is_said_and_can_be_tried_again(console: Page) -> None:
    look_up(console, QUESTION)
    console.route(FILINGS, lambda route: route.fulfill(**refusal(503, "The records cannot be reached.")))

    console.keyboard.press("Alt+n")

    told = console.locator("#told")
    expect(told).to_contain_text("The question could not be filed. The records cannot be reached.")
    console.unroute(FILINGS)
    told.get_by_role("button", name="Try again").click()
    expect(told).to_contain_text("Counted.")


# ---- screens


TABLETS = [{"width": 768, "height": 1024}, {"width": 1024, "height": 768}]


@pytest.mark.parametrize("size", TABLETS, ids=lambda size: f"{size['width']}×{size['height']}")
def test_a_tablet_is_worked_with_fingers(
    browser: Browser, desk_address: str, staff_state: StorageState, size: dict[str, int]
) -> None:
    with signed_in(browser, desk_address, staff_state, viewport=size, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto("/desk")
        look_up(page, QUESTION)

        rows(page).nth(1).tap()
        page.get_by_role("button", name="Show passage").tap()

        expect(chosen(page)).to_have_attribute("aria-posinset", "2")
        expect(passage(page).get_by_role("heading", name="Whole passage")).to_be_visible()
        page.get_by_role("button", name="Copy answer").tap()
        expect(page.locator("#told")).to_contain_text("copied")
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert _small(page, 44) == []


@pytest.mark.parametrize("height", [256, 640])
@pytest.mark.parametrize("question", [QUESTION, URGENT, DOSE, MEDICINE])
def test_at_320_pixels_everything_is_there_and_nothing_sticks_out(
    browser: Browser, desk_address: str, staff_state: StorageState, height: int, question: str
) -> None:
    size = {"width": 320, "height": height}
    with signed_in(browser, desk_address, staff_state, viewport=size) as context:
        page = context.new_page()
        page.goto("/desk")

        look_up(page, question)

        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert _small(page, accessibility.SMALLEST_TARGET) == []
        for name in ("Caller asked, no answer", "Back", "Keys", "Sign out"):
            page.get_by_role("button", name=name).scroll_into_view_if_needed()
            expect(page.get_by_role("button", name=name)).to_be_in_viewport()


def _small(page: Page, least: int) -> list[str]:
    """Buttons, rows and fields below ``least`` pixels in height or width."""
    return page.evaluate(  # type: ignore[no-any-return] # a list of texts
        """(least) => [...document.querySelectorAll("button, input, [role=option], .filter label, summary, .button")]
            .filter((one) => one.checkVisibility() && one.type !== "radio")
            .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < least)
            .map((one) => `${one.textContent.trim()} ${one.offsetWidth}×${one.offsetHeight}`)""",
        least,
    )


def test_twice_as_large_text_is_not_cut_off(console: Page) -> None:
    look_up(console, QUESTION)
    console.context.new_cdp_session(console).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    expect(console.locator("html")).to_have_css("font-size", "32px")

    assert console.evaluate("document.documentElement.scrollWidth") == 1024
    console.get_by_role("button", name="Copy answer").scroll_into_view_if_needed()
    expect(console.get_by_role("button", name="Copy answer")).to_be_in_viewport()


def test_paper_gets_the_passage_with_source_and_advice_and_no_note_for_staff(console: Page) -> None:
    look_up(console, MEDICINE)

    console.emulate_media(media="print")

    expect(passage(console)).to_be_visible()
    expect(console.get_by_text("It is not advice about you.")).to_be_visible()
    expect(console.locator(".note")).to_be_hidden()
    expect(field(console)).to_be_hidden()


# ---- axe, in light, dark and forced colours


def _open_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _open_passage(page: Page) -> None:
    look_up(page, QUESTION)
    page.keyboard.press("Enter")
    page.locator("summary").first.click()
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def _break(page: Page) -> None:
    look_up(page, "sciatica")
    page.route(SEARCH, lambda route: route.fulfill(**refusal(500, "Something went wrong here.")))
    put(page, "sciatica pain")
    expect(page.locator(".problem")).to_be_visible()


def _ask_twice(page: Page) -> None:
    look_up(page, QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Clear recent look-ups")).to_be_visible()


STATES: dict[str, Any] = {
    "start": lambda _page: None,
    "passage": _open_passage,
    "notes": lambda page: look_up(page, MEDICINE),
    "emergency": lambda page: look_up(page, URGENT),
    "today": lambda page: look_up(page, TODAY),
    "fixed": lambda page: look_up(page, DOSE),
    "broken": _break,
    "recent": _ask_twice,
    "keys": _open_keys,
}
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(console: Page, state: str, scheme: str) -> None:
    console.emulate_media(**SCHEMES[scheme])

    STATES[state](console)

    found = Axe().run(console)
    assert found.response["violations"] == [], found.generate_report()


def test_the_focus_is_seen_on_everything_that_the_keyboard_reaches(console: Page) -> None:
    look_up(console, QUESTION)
    console.keyboard.press("Tab")

    while console.evaluate("document.activeElement !== document.body"):
        ring = console.evaluate(
            """() => {
              const at = document.activeElement;
              const drawn = at.matches("[type=radio]") ? at.nextElementSibling : at;
              const {outlineStyle, outlineWidth} = getComputedStyle(drawn);
              return `${outlineStyle} ${parseFloat(outlineWidth) >= 2}`;
            }"""
        )
        assert ring == "solid true", console.evaluate("document.activeElement.outerHTML")
        console.keyboard.press("Tab")


def test_fields_have_labels_that_are_seen(console: Page) -> None:
    expect(console.get_by_text("What does the caller ask?")).to_be_visible()
    expect(field(console)).to_have_accessible_name("What does the caller ask?")
    expect(field(console)).to_have_accessible_description(re.compile("."))
