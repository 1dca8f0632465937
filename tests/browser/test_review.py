"""What an editor sees and does in the review, in a real browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.gate import Gate
from tests.browser.navigation import follow
from tests.browser.review import let_in
from tests.reviewing import DESK, EDITOR, PAGE, QUESTION, Clinic, make_clinic
from tests.services import listening
from web.clock import today

pytestmark = pytest.mark.browser

REVIEW = "/desk/review"
LOOKS: dict[str, dict[str, str]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """Three days of questions, one of them asked twice without an answer."""
    clinic = make_clinic(tmp_path)
    for ago in range(3):
        day = today() - timedelta(days=ago)
        for number in range(ago + 2):
            clinic.ask(None, day, kind="answer", passage_id="page#blisters", helpful=number > 0)
        clinic.ask(None, day, rule="chest")
    clinic.ask(kind="suggestions", shown="page#sciatica")
    clinic.ask()
    clinic.ask("where can I park", filed=True, channel="desk")
    yield clinic
    clinic.database.close()


@pytest.fixture
def address(clinic: Clinic) -> Iterator[str]:
    """Where it listens."""
    with listening(clinic.app) as address:
        yield address


def signed_in(browser: Browser, address: str, clinic: Clinic, name: str = EDITOR, **look: object) -> BrowserContext:
    """A browser with the session of ``name``."""
    context = browser.new_context(base_url=address, **look)  # type: ignore[arg-type]
    let_in(context, address, clinic, name)
    return context


@pytest.fixture
def editor(browser: Browser, address: str, clinic: Clinic) -> Iterator[Page]:
    """The editor's window; what its pages may not do, they do not try."""
    context = signed_in(browser, address, clinic)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def answered(page: Page) -> str | None:
    """The passage that a visitor who asks gets."""
    reply = page.request.post("/api/chat", data={"message": QUESTION}).json()
    return reply["passage"]["id"] if reply["passage"] else None


def open_question(page: Page, question: str = QUESTION) -> None:
    """From the list to the page of a question, with all that is loaded for it."""
    page.goto(f"{REVIEW}/questions")
    follow(page.get_by_role("link", name=question))


def rehearse(page: Page) -> None:
    """From the list to what would change."""
    open_question(page)
    page.get_by_role("radio", name=re.compile("^Blisters")).check()
    follow(page.get_by_role("button", name="See what would change"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What would change")


def test_an_editor_reads_the_charts_and_the_table_beside_them(editor: Page) -> None:
    editor.goto(REVIEW)

    expect(editor.locator(".lead")).to_contain_text("14 questions")
    expect(editor.get_by_role("img", name="All questions each day")).to_be_visible()
    row = editor.get_by_role("row", name=re.compile("^All 14"))
    expect(row.get_by_role("cell")).to_have_text(["14", "9", "1", "1", "3"])
    drawing, table = (editor.locator(part).first.bounding_box() for part in (".drawing", ".numbers"))
    assert drawing
    assert table
    assert table["x"] > drawing["x"] + drawing["width"]  # beside it, where there is room


def test_an_editor_adds_a_way_to_ask_sees_what_changes_publishes_and_undoes_it(editor: Page, clinic: Clinic) -> None:
    assert answered(editor) is None

    rehearse(editor)
    expect(editor.locator(".added")).to_have_text(
        ["added: +", "added: +<!-- also asked:", f"added: +{QUESTION}", "added: +-->"]
    )
    itself = editor.get_by_role("row", name=re.compile(f"^{QUESTION}")).get_by_role("cell")
    expect(itself.first).to_have_text(re.compile("no answer|suggestions only"))
    expect(itself.last).to_contain_text("Blisters")
    assert clinic.page.read_text("utf-8") == PAGE

    follow(editor.get_by_role("button", name="Publish this change"))
    expect(editor.get_by_role("status").first).to_have_text("Published. From now on visitors get what you were shown.")
    assert answered(editor) == "page#blisters"
    assert clinic.page.read_text("utf-8") == f"{PAGE}\n<!-- also asked:\n{QUESTION}\n-->\n"

    follow(editor.get_by_role("button", name=f"Undo: {QUESTION}"))
    expect(editor.get_by_role("status").first).to_have_text("Undone. The questions are on the list again.")
    assert answered(editor) is None
    assert clinic.page.read_text("utf-8") == PAGE


def test_it_works_without_javascript(browser: Browser, address: str, clinic: Clinic) -> None:
    context = signed_in(browser, address, clinic, java_script_enabled=False)
    page = context.new_page()

    rehearse(page)
    follow(page.get_by_role("button", name="Publish this change"))

    expect(page.get_by_role("status").first).to_contain_text("Published.")
    context.close()


def test_that_a_check_takes_a_while_is_said(editor: Page) -> None:
    open_question(editor)
    editor.get_by_label("Add as another way to ask").fill("socks")
    editor.route("**/change", lambda route: route.fulfill(status=204))  # the page stays as it is

    editor.get_by_label("Another passage", exact=True).last.select_option("Sciatica")
    editor.get_by_role("button", name="See what would change").click()

    expect(editor.get_by_role("radio", name="Another passage")).to_be_checked()
    expect(editor.get_by_role("status")).to_contain_text("Checking the change")


def test_a_second_click_is_not_sent_or_its_refusal_would_stand_in_place_of_what_was_done(
    editor: Page,
) -> None:
    rehearse(editor)
    gate = Gate(editor, "**/publish")

    editor.get_by_role("button", name="Publish this change").evaluate(
        "button => new Promise((done) => { button.click(); setTimeout(() => done(button.click()), 300); })"
    )
    gate.first()
    with editor.expect_navigation():
        gate.open()

    assert len(gate.held) == 1
    expect(editor.get_by_role("status").first).to_contain_text("Published.")


def test_what_an_editor_filled_in_stands_there_again_after_signing_in_anew(
    editor: Page,
) -> None:
    open_question(editor)
    editor.get_by_label("Another passage", exact=True).last.select_option("Sciatica")
    words = editor.get_by_label("Add as another way to ask")
    words.fill("sciatica <b>again</b>")
    cookies = editor.context.cookies()
    editor.context.clear_cookies()
    follow(editor.get_by_role("button", name="See what would change"))
    expect(editor.get_by_role("heading", level=1)).to_have_text("Sign in to the phone desk")

    editor.context.add_cookies(cookies)  # type: ignore[arg-type] # playwright reads them otherwise than it takes them
    editor.reload()  # who is signed in is sent on

    expect(words).to_have_value("sciatica <b>again</b>")
    expect(editor.get_by_role("radio", name="Another passage")).to_be_checked()
    expect(editor.get_by_label("Another passage", exact=True).last).to_have_value("page#sciatica")


def test_who_signs_out_leaves_no_look_ups_of_the_phone_desk_in_the_window(editor: Page) -> None:
    editor.goto(f"{REVIEW}/questions")
    editor.evaluate("sessionStorage.setItem('citewell.desk', 'look-ups')")

    editor.route("**/sign-out", lambda route: route.fulfill(status=204))  # the server's header does not help

    with editor.expect_request("**/sign-out"):
        editor.get_by_role("button", name="Sign out").click()

    assert editor.evaluate("sessionStorage.getItem('citewell.desk')") is None


def test_words_that_turn_the_writing_round_leave_what_stands_behind_them_as_it_is(editor: Page, clinic: Clinic) -> None:
    clinic.ask("\u2069\u202ewet socks")  # it ends the isolation that Chromium makes of a bdi within a line
    open_question(editor, "wet socks")

    places = editor.evaluate("""() => {
        const item = [...document.querySelectorAll("li")].find((one) => one.textContent.includes("wet socks"));
        return [item.querySelector("bdi"), item.querySelector(".facts")].map((one) => one.getBoundingClientRect().left);
    }""")

    assert places[0] < places[1]


def test_who_only_answers_the_phone_does_not_get_in(browser: Browser, address: str, clinic: Clinic) -> None:
    context = signed_in(browser, address, clinic, DESK)
    page = context.new_page()

    response = page.goto(REVIEW)

    assert response
    assert response.status == 403
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_clean_by_axe_and_fits_its_window(
    browser: Browser, address: str, clinic: Clinic, look: str
) -> None:
    context = signed_in(browser, address, clinic, viewport={"width": 320, "height": 800}, **LOOKS[look])
    page = context.new_page()
    rehearse(page)
    _look_at(page)
    follow(page.get_by_role("button", name="Publish this change"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What was decided")
    _look_at(page)
    for path in ("", "?days=all", "/questions"):
        page.goto(REVIEW + path)
        _look_at(page)
    open_question(page, "where can I park")
    _look_at(page)
    context.close()


def _look_at(page: Page) -> None:
    page.wait_for_load_state()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
