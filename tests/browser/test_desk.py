"""What staff do at the phone desk with a caller waiting, by keyboard, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import (
    DOSE,
    FILINGS,
    NAME,
    QUESTION,
    SEARCH,
    TODAY,
    URGENT,
    asks,
    boxes,
    chosen,
    copied,
    expect_heard,
    expect_reply,
    field,
    heard,
    look_up,
    passage,
    put,
    recent,
    rows,
    sign_in,
    stop_clock,
)
from tests.browser.gate import Gate
from tests.browser.moments import TWO_FRAMES
from tests.browser.navigation import follow

pytestmark = pytest.mark.browser

SAYING = "There is no good proof that worn-out shoes cause back pain."
TITLE = "Can worn-out running shoes lead to back pain?"
DOCUMENT = "Questions about back pain after running"
NO_ROWS: dict[str, Any] = {
    "query": "s",
    "kind": "none",
    "rows": [],
    "took_ms": 1,
    "alert": None,
    "alone": False,
    "fixed": None,
}
ADVICE = "It is not advice about you."


# ---- a call from beginning to end


def test_a_call_by_keyboard_alone_with_the_focus_in_the_field_throughout(console: Page) -> None:
    expect(field(console)).to_be_focused()
    look_up(console, QUESTION)

    expect(chosen(console)).to_contain_text(TITLE)
    expect(passage(console).get_by_role("heading", name="Say this")).to_be_visible()
    expect(passage(console).locator("blockquote")).to_have_text(SAYING)
    expect(passage(console).locator("blockquote mark").first).to_have_text("worn-out shoes")
    expect(passage(console)).to_contain_text("not yet reviewed by a clinician")
    expect(passage(console)).to_contain_text("Very likely the answer · Why this:")
    assert re.fullmatch(r"10 results · \d+ ms.*", console.locator("#count").inner_text())

    console.keyboard.press("ArrowDown")
    expect(chosen(console)).to_have_attribute("aria-posinset", "2")
    console.keyboard.press("End")
    expect(chosen(console)).to_have_attribute("aria-posinset", "10")
    console.keyboard.press("PageUp")
    expect(chosen(console)).to_have_attribute("aria-posinset", "5")
    console.keyboard.press("Home")
    expect(chosen(console)).to_have_attribute("aria-posinset", "1")
    console.keyboard.press("Alt+3")
    expect(chosen(console)).to_have_attribute("aria-posinset", "3")
    console.keyboard.press("Alt+1")

    console.keyboard.press("Enter")
    expect(passage(console).get_by_role("heading", name="Whole passage")).to_be_visible()
    console.keyboard.press("Control+Enter")
    expect(console.locator("#told")).to_have_text("Short answer copied, with its source.")
    console.keyboard.press("Escape")
    expect(passage(console).get_by_role("heading", name="Whole passage")).to_have_count(0)
    expect(field(console)).to_be_focused()
    expect(field(console)).to_have_value(QUESTION)


def test_the_same_question_gives_the_same_first_row_however_it_was_typed(console: Page) -> None:
    look_up(console, QUESTION)
    at_once = rows(console).all_inner_texts()

    console.keyboard.press("Control+k")
    console.keyboard.type(QUESTION[:20], delay=25)
    look_up(console, "something else")
    look_up(console, QUESTION)

    assert rows(console).all_inner_texts() == at_once


# ---- copies


def test_the_short_answer_is_copied_with_source_and_standing_advice(console: Page) -> None:
    look_up(console, QUESTION)

    console.keyboard.press("Control+Enter")

    expect(console.locator("#told")).not_to_be_empty()
    said, source, advice = copied(console).split("\n\n")
    assert said == SAYING
    assert source.startswith(f"Source: {DOCUMENT}, {TITLE}. Citewell, after an article by Dr. Sapia Akter")
    assert source.endswith("not yet reviewed by a clinician")
    assert ADVICE in advice


@pytest.mark.parametrize("modifier", ["Control", "Meta"])
def test_the_whole_passage_is_copied_with_source_link_and_standing_advice(
    console: Page, desk_address: str, modifier: str
) -> None:
    look_up(console, QUESTION)

    console.keyboard.press(f"{modifier}+Shift+Enter")

    expect(console.locator("#told")).to_have_text("Whole passage copied, with source and link.")
    text = copied(console)
    assert text.startswith(f"{TITLE}\n\n{SAYING} Many people suspect them")
    assert f"\n{desk_address}/sources/faq#worn-shoes\n" in text
    assert text.endswith("Please consult a health professional.")


def test_buttons_copy_the_same_as_the_keys(console: Page) -> None:
    look_up(console, QUESTION)

    console.get_by_role("button", name="Copy answer").click()

    expect(console.locator("#told")).to_have_text("Short answer copied, with its source.")
    assert copied(console).startswith(SAYING)
    expect(field(console)).to_be_focused()


def test_what_is_copied_in_the_breath_of_typing_is_of_what_was_typed(console: Page) -> None:
    stop_clock(console)
    gate = Gate(console, SEARCH)
    console.keyboard.type(QUESTION)  # the first key is asked for; the rest waits for a pause
    console.keyboard.press("Control+Enter")

    with expect_reply(console, NO_ROWS["query"]):
        gate.first().fulfill(json=NO_ROWS)
    expect(console.locator("#told")).to_be_empty()
    gate.is_open = True
    console.clock.run_for(100)

    expect(console.locator("#told")).to_have_text("Short answer copied, with its source.")
    assert copied(console).startswith(SAYING)


def test_without_https_the_browser_copies_even_so(console: Page) -> None:
    console.evaluate("""
        window.clipboard = navigator.clipboard;
        Object.defineProperty(navigator, "clipboard", {value: undefined});
    """)
    look_up(console, QUESTION)

    console.keyboard.press("Control+Enter")

    expect(console.locator("#told")).to_have_text("Short answer copied, with its source.")
    assert console.evaluate("clipboard.readText()").startswith(SAYING)


def test_medicine_is_said_whole_and_notes_for_staff_are_marked_and_never_copied(console: Page) -> None:
    look_up(console, "over-the-counter pain relievers")

    note = passage(console).get_by_role("complementary", name="Staff only, do not read out")
    expect(note).to_contain_text("Do not name a dose on the phone")
    expect(passage(console).get_by_role("heading", name="Say this, all of it")).to_be_visible()
    expect(passage(console).locator(".say .number").first).to_have_text("7")
    expect(console.get_by_role("button", name="Show passage")).to_be_hidden()
    for keys, told in (("Control+Enter", "Short answer copied"), ("Control+Shift+Enter", "Whole passage copied")):
        console.keyboard.press(keys)
        expect(console.locator("#told")).to_contain_text(told)
        assert "on the phone" not in copied(console)
        assert "Follow the leaflet" in copied(console)


# ---- results as you type


def test_a_late_reply_never_replaces_a_newer_one(console: Page) -> None:
    # As if nothing could be aborted any more.
    console.evaluate("const real = fetch; window.fetch = (to, how) => real(to, {...how, signal: undefined})")
    gate = Gate(console, SEARCH)
    console.keyboard.type("s")
    late = gate.first()
    gate.is_open = True
    look_up(console, "sciatica")
    newest = rows(console).all_inner_texts()

    with expect_reply(console, NO_ROWS["query"]):
        late.fulfill(json=NO_ROWS)

    assert len(newest) > 1
    assert rows(console).all_inner_texts() == newest


def test_old_rows_stay_until_the_new_ones_are_there(console: Page) -> None:
    look_up(console, QUESTION)
    old = rows(console).all_inner_texts()
    gate = Gate(console, SEARCH)

    put(console, "sciatica")
    expect(console.locator("#count")).to_have_text("Searching …")
    expect(console.get_by_role("listbox")).to_have_attribute("aria-busy", "true")

    assert rows(console).all_inner_texts() == old
    gate.open()
    expect(chosen(console)).to_contain_text("ciatica")
    assert re.fullmatch(r"\d+ results · \d+ ms \(server: \d+ ms\)", console.locator("#count").inner_text())
    expect(console.locator("#count")).to_have_class(re.compile("slow"))


def test_who_types_fast_is_asked_for_the_first_key_and_when_the_keys_pause(console: Page, requested: list[str]) -> None:
    stop_clock(console)  # no key is late

    with console.expect_response(lambda response: asks(response.request.post_data, QUESTION)):
        console.keyboard.type(QUESTION)
        console.clock.run_for(100)

    expect(chosen(console)).to_contain_text(TITLE)
    assert len([one for one in requested if one.endswith("/search")]) == 2


def test_nothing_moves_from_one_question_to_the_next(console: Page) -> None:
    look_up(console, QUESTION)
    before = boxes(console)

    look_up(console, "over-the-counter pain relievers")
    console.keyboard.press("Alt+n")
    expect(console.get_by_role("button", name="Undo")).to_be_visible()
    console.keyboard.press("Alt+2")
    console.keyboard.press("Enter")

    assert boxes(console) == before
    assert console.evaluate("[scrollX, scrollY, document.scrollingElement.scrollHeight]") == [0, 0, 768]


def test_no_question_stands_in_an_address_or_a_title(console: Page, requested: list[str]) -> None:
    look_up(console, "zebrafish backache")
    console.keyboard.press("Alt+n")
    expect(console.get_by_role("button", name="Undo")).to_be_visible()

    assert not [one for one in requested if "zebrafish" in one.lower()]
    assert "zebrafish" not in console.url + console.title()


# ---- caller asked, no answer


def test_a_question_is_filed_without_a_dialog_and_taken_back_by_key(console: Page) -> None:
    look_up(console, QUESTION)
    stop_clock(console)

    with console.expect_response(FILINGS) as filed:
        console.keyboard.press("Alt+n")
    expect(console.locator("#told")).to_contain_text("Counted. The words are not kept.")
    with console.expect_response(f"{FILINGS}/{filed.value.json()['id']}") as undone:
        console.keyboard.press("Alt+z")

    assert (undone.value.request.method, undone.value.status) == ("DELETE", 204)
    expect(console.locator("#told")).to_have_text("Undone. Nothing was filed.")
    expect(field(console)).to_be_focused()


def test_it_is_filed_and_taken_back_with_the_mouse_as_well(console: Page) -> None:
    look_up(console, QUESTION)
    stop_clock(console)

    console.get_by_role("button", name="Caller asked, no answer").click()
    console.get_by_role("button", name="Undo").click()

    expect(console.locator("#told")).to_have_text("Undone. Nothing was filed.")
    expect(field(console)).to_be_focused()


def test_it_can_be_taken_back_for_three_seconds_and_once(console: Page) -> None:
    look_up(console, QUESTION)
    stop_clock(console)
    deleted = Gate(console, f"{FILINGS}/*")

    console.keyboard.press("Alt+n")
    expect(console.get_by_role("button", name="Undo")).to_be_visible()
    console.clock.fast_forward(2900)
    expect(console.get_by_role("button", name="Undo")).to_be_visible()
    console.clock.fast_forward(200)

    expect(console.get_by_role("button", name="Undo")).to_have_count(0)
    expect(console.locator("#told")).to_have_text("Counted. The words are not kept.")
    console.keyboard.press("Alt+z")
    with console.expect_response(FILINGS):  # what would have been asked before it has come by then
        console.keyboard.press("Alt+n")
    assert deleted.held == []


def test_a_key_that_is_held_down_files_once(console: Page) -> None:
    look_up(console, QUESTION)
    filed = Gate(console, FILINGS)

    for _ in range(3):
        console.keyboard.down("Alt")
        console.keyboard.down("n")
    console.keyboard.up("n")
    console.keyboard.up("Alt")

    look_up(console, "sciatica")
    assert len(filed.held) == 1


def test_nothing_typed_is_nothing_filed(console: Page) -> None:
    console.keyboard.press("Alt+n")

    expect(console.locator("#told")).to_have_text("Type the caller’s question first.")


# ---- keys


def test_the_question_mark_lists_the_keys_while_the_field_is_empty(console: Page) -> None:
    console.keyboard.press("?")

    dialog = console.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    for shown in ("Show the whole passage", "file the question", "Clear recent look-ups"):
        expect(dialog).to_contain_text(shown)
    console.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(field(console)).to_be_focused()


def test_no_single_key_does_anything_while_something_is_typed(console: Page) -> None:
    look_up(console, "why/how?")

    expect(field(console)).to_have_value("why/how?")
    expect(console.get_by_role("dialog")).to_be_hidden()


def test_outside_the_field_the_slash_leads_to_it_unless_that_is_switched_off(console: Page) -> None:
    look_up(console, "sciatica")
    console.get_by_role("button", name="Copy answer").focus()

    console.keyboard.press("/")
    expect(field(console)).to_be_focused()
    assert console.evaluate("getSelection().toString()") == "sciatica"

    console.get_by_role("button", name="Keys").click()
    console.get_by_role("checkbox").uncheck()
    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).to_be_hidden()
    console.evaluate(TWO_FRAMES)  # the list of keys gives the focus back after it is hidden
    console.get_by_role("button", name="Copy answer").focus()
    console.keyboard.press("/")
    console.keyboard.press("?")
    expect(console.get_by_role("button", name="Copy answer")).to_be_focused()
    expect(console.get_by_role("dialog")).to_be_hidden()


def test_escape_goes_back_one_step_at_a_time(console: Page) -> None:
    look_up(console, "sciatica")
    look_up(console, QUESTION)
    console.keyboard.press("Enter")
    console.get_by_role("button", name="Keys").click()

    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).to_be_hidden()
    expect(passage(console).get_by_role("heading", name="Whole passage")).to_be_visible()
    console.keyboard.press("Escape")
    expect(passage(console).get_by_role("heading", name="Whole passage")).to_have_count(0)
    expect(field(console)).to_have_value(QUESTION)
    console.keyboard.press("Escape")
    expect(field(console)).to_have_value("")
    console.keyboard.press("Escape")
    expect(field(console)).to_have_value(QUESTION)
    expect(chosen(console)).to_contain_text(TITLE)


def test_the_back_button_is_the_escape_key(console: Page) -> None:
    look_up(console, QUESTION)

    console.get_by_role("button", name="Back").click()

    expect(field(console)).to_have_value("")
    expect(field(console)).to_be_focused()


def test_every_key_has_something_to_press_that_names_it(console: Page) -> None:
    look_up(console, QUESTION)
    named = console.evaluate(
        "[...document.querySelectorAll('[aria-keyshortcuts]')].flatMap((one) => one.ariaKeyShortcuts.split(' '))"
    )

    for keys in (
        "Enter",
        "Control+Enter",
        "Meta+Enter",
        "Control+Shift+Enter",
        "Alt+N",
        "Alt+F",
        "Alt+X",
        "Escape",
        "?",
    ):
        assert keys in named, keys
    assert {f"Alt+{number}" for number in range(1, 10)} <= set(named)


def test_alt_is_read_by_the_place_of_the_key_and_altgr_is_left_alone(console: Page) -> None:
    look_up(console, QUESTION)
    press = """([code, key, extra]) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {code, key, altKey: true, bubbles: true, cancelable: true, ...extra}))"""

    assert console.evaluate(press, ["Digit2", "™", {}]) is False  # Option 2 on an American Mac; false: it was taken
    expect(chosen(console)).to_have_attribute("aria-posinset", "2")
    assert console.evaluate(press, ["Digit3", "³", {"ctrlKey": True, "modifierAltGraph": True}]) is True
    expect(chosen(console)).to_have_attribute("aria-posinset", "2")


def test_a_composition_is_not_disturbed(console: Page) -> None:
    look_up(console, QUESTION)
    debugger = console.context.new_cdp_session(console)
    console.keyboard.press("End")
    console.keyboard.press("Home")

    composing = f"{QUESTION}ব্যথা"
    with expect_reply(console, composing):
        debugger.send("Input.imeSetComposition", {"text": "ব্যথা", "selectionStart": 5, "selectionEnd": 5})
    for key in ("Enter", "Escape", "ArrowDown"):
        console.evaluate(
            """(key) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))""",
            key,
        )

    expect(field(console)).to_have_value(composing)
    expect(console.get_by_role("heading", name="Whole passage")).to_have_count(0)
    debugger.send("Input.insertText", {"text": "ব্যথা"})
    expect(field(console)).to_have_value(composing)


# ---- documents, recent look-ups


def test_one_document_is_looked_in_by_key_and_by_chip_and_remembered(console: Page) -> None:
    look_up(console, QUESTION)

    console.keyboard.press("Alt+f")
    first = console.get_by_role("radio", checked=True)
    expect(first).not_to_have_value("")
    name = console.evaluate("document.querySelector('[name=document]:checked').parentElement.innerText.trim()")
    expect(passage(console).locator(".place")).to_contain_text(name)
    console.keyboard.press("Alt+Shift+f")
    expect(console.get_by_role("radio", name="All documents")).to_be_checked()

    console.get_by_role("radio", name="When to get help").click()
    expect(passage(console).locator(".place")).to_contain_text("When to get help")
    expect(field(console)).to_be_focused()
    console.reload()
    expect(console.get_by_role("radio", name="When to get help")).to_be_checked()


def test_recent_look_ups_are_offered_and_cleared_with_one_key(console: Page) -> None:
    look_up(console, "sciatica")
    console.keyboard.press("Enter")
    look_up(console, QUESTION)
    console.keyboard.press("Enter")
    console.keyboard.press("Control+k")
    console.keyboard.press("Delete")

    expect(rows(console)).to_contain_text([QUESTION, "sciatica"])
    console.keyboard.press("Alt+2")
    expect(field(console)).to_have_value("sciatica")
    expect(chosen(console)).to_contain_text("ciatica")
    console.keyboard.press("Escape")
    console.keyboard.press("Alt+x")

    expect(rows(console)).to_have_count(0)
    assert "ciatica" not in console.evaluate("JSON.stringify(sessionStorage)")


def test_what_was_typed_on_is_not_remembered_however_late_its_reply(console: Page) -> None:
    stop_clock(console)
    gate = Gate(console, SEARCH)
    console.keyboard.type("sciatica")  # the first key is asked for; the rest waits for a pause
    gate.first()
    with expect_reply(console, "s"):
        gate.open()
    with expect_reply(console, "sciatica"):
        console.clock.run_for(100)
    console.keyboard.press("Enter")
    console.clock.run_for(100)
    with expect_reply(console, QUESTION):
        put(console, QUESTION)

    console.clock.run_for(2100)

    assert recent(console) == [QUESTION, "sciatica"]


def test_what_was_cleared_or_left_behind_is_not_remembered_afterwards(console: Page) -> None:
    stop_clock(console)
    with expect_reply(console, "sciatica"):
        put(console, "sciatica")
    console.keyboard.press("Escape")
    console.keyboard.press("Alt+x")
    console.clock.run_for(2100)
    assert recent(console) == []

    with expect_reply(console, "sciatica"):
        put(console, "sciatica")
    console.route("**/sign-out", lambda route: route.fulfill(status=204))  # the page stays as it is
    with console.expect_request("**/sign-out"):
        console.get_by_role("button", name="Sign out").click()
    console.clock.run_for(2100)

    assert recent(console) == []


def test_signing_out_leaves_nothing_in_the_browser_and_another_name_sees_nothing(console: Page) -> None:
    look_up(console, QUESTION)
    console.keyboard.press("Enter")
    assert "worn-out" in console.evaluate("JSON.stringify(sessionStorage)")

    follow(console.get_by_role("button", name="Sign out"))
    assert console.evaluate("JSON.stringify({...sessionStorage, ...localStorage})") == "{}"

    console.evaluate(
        """sessionStorage["citewell.desk"] = JSON.stringify({name: "rafi", recent: ["his"], typed: "his"})"""
    )
    sign_in(console)
    expect(field(console)).to_have_value("")
    expect(rows(console)).to_have_count(0)


# ---- safety messages, fixed wording


def test_a_safety_message_that_stands_alone_comes_first_and_hides_every_passage(console: Page) -> None:
    with expect_reply(console, URGENT):
        put(console, URGENT)  # typed slowly, its beginning may be counted aloud before

    card = console.locator(".alert")
    expect(card.locator(".level")).to_have_text("Emergency: get help now")
    expect(card.locator(".caller")).to_contain_text("Read this to the caller now.")
    expect(card.get_by_role("heading")).to_have_text("Go to a hospital or call an ambulance now")
    expect(card.get_by_role("link", name="Emergency 999")).to_have_attribute("href", "tel:999")
    expect(rows(console)).to_have_count(0)
    expect(passage(console)).to_be_hidden()
    console.keyboard.press("Enter")
    console.keyboard.press("Control+Enter")
    expect(console.locator("#told")).to_have_text("There is no text to copy here.")
    assert heard(console)[0].startswith("Emergency: get help now. Read this to the caller now.")


def test_passages_come_when_staff_say_that_it_is_no_emergency_for_this_question_only(console: Page) -> None:
    look_up(console, URGENT)

    console.get_by_role("button", name="The caller is not in an emergency").click()
    expect(rows(console).first).to_be_visible()
    expect(console.locator(".alert")).to_be_visible()
    expect(field(console)).to_be_focused()

    console.keyboard.press("End")
    console.evaluate("document.getElementById('question').setSelectionRange(999, 999)")
    console.keyboard.type(" now")
    expect(rows(console)).to_have_count(0)
    expect(console.get_by_role("button", name="The caller is not in an emergency")).to_be_visible()


def test_a_safety_message_of_today_stands_above_the_rows_and_says_why_a_text_is_withheld(console: Page) -> None:
    look_up(console, f"{TODAY}, can I take over-the-counter pain relievers")

    expect(console.locator(".alert .level")).to_have_text("Urgent: see a doctor today")
    card, listed = console.locator(".alert").bounding_box(), rows(console).first.bounding_box()
    assert card is not None
    assert listed is not None
    assert card["y"] < listed["y"]
    withheld = rows(console).filter(has_text="Not to be read out").first
    withheld.click()
    expect(passage(console)).to_contain_text("Our text about medicines is not shown here")
    expect(passage(console).locator("blockquote")).to_have_count(0)
    console.keyboard.press("Control+Shift+Enter")
    expect(console.locator("#told")).to_have_text("There is no text to copy here.")


def test_what_visitors_get_instead_of_an_answer_stands_above_the_rows(console: Page) -> None:
    look_up(console, DOSE)

    notice = console.get_by_role("region", name="Visitors of the site read this")
    expect(notice).to_contain_text("Read the leaflet of the medicine.")
    expect(rows(console).first).to_be_visible()


# ---- what screen readers hear


def test_the_count_is_heard_once_when_the_keys_rest_and_the_chosen_row_by_the_field(console: Page) -> None:
    stop_clock(console)
    with expect_reply(console, QUESTION):
        for key in QUESTION:
            console.keyboard.type(key)
            console.clock.run_for(30)
        console.clock.run_for(80)
    console.clock.run_for(500)

    assert heard(console) == [f"10 results. First: {TITLE}."]
    expect(field(console)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(field(console)).to_have_attribute("aria-expanded", "true")
    console.keyboard.press("ArrowDown")
    expect(field(console)).to_have_attribute("aria-activedescendant", "row-1")
    expect(console.locator("#row-1")).to_have_attribute("aria-selected", "true")
    console.clock.run_for(1500)
    expect(console.locator("#said")).to_be_empty()
    assert len(heard(console)) == 1


def test_opening_reads_the_passage_and_hiding_it_is_said(console: Page) -> None:
    look_up(console, QUESTION)
    expect_heard(console, "10 results.")

    console.keyboard.press("Enter")
    expect_heard(console, f"Whole passage shown. {SAYING} Many people")
    console.keyboard.press("Enter")

    expect_heard(console, "Passage closed.")


def test_the_name_of_who_is_signed_in_is_shown(console: Page) -> None:
    expect(console.get_by_role("banner")).to_contain_text(f"Signed in: {NAME}")
    expect(console.get_by_role("link", name="Review questions")).to_have_count(0)
