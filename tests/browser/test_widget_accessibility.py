"""The widget for everyone: by keyboard, by ear, enlarged, in other colours, in Bangla, on a phone, on paper.

L1…L6, D1…D8, N1…N4, F1…F7, V1…V12, I1…I4 and S1…S6 are the items of the widget's accessibility specification:
launcher, dialog, news that are spoken, form, view, languages, other states.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from tests.browser import accessibility as check
from tests.browser.embedding import LINK, TEXT, embed, open_panel
from tests.browser.gate import Gate

pytestmark = pytest.mark.browser

QUESTION = "How can worn-out running shoes lead to back pain?"
TITLE = "Can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"
URGENT = "my back hurts and I have a fever of 39"
NOT_OURS = "where can I park my car"
BANGLA = "আমার পিঠে ব্যথা"
DISCLAIMER = "Please consult a health professional."
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=720)
NARROW = ViewportSize(width=320, height=568)
CHAT = "**/api/chat"
SIZES = [(320, 256), (320, 568), (640, 360), (844, 390), (1280, 720)]
LONG = "https://clinic.example/" + "a-very-long-address-without-any-space/" * 6 + "w" * 200


# ---- how a test gets there


def opened(page: Page, options: str = "", **settings: Any) -> Locator:
    """The widget of a page that embeds it, open."""
    widget = embed(page, options, **settings)
    open_panel(page)
    return widget


def asking(widget: Locator) -> Locator:
    """The field for the question, in whatever language the widget has."""
    return widget.get_by_role("combobox", name=re.compile("^(Your question|আপনার প্রশ্ন)$"))


def closing(widget: Locator) -> Locator:
    return widget.get_by_role("button", name=re.compile("^(Close|বন্ধ করুন)$"))


def send(widget: Locator, question: str) -> Locator:
    """Ask in whatever language the widget has, and return the turn once something stands below the question."""
    turns = widget.locator(".turn")
    before = turns.count()
    field = asking(widget)
    field.fill(question)
    field.press("Enter")
    turn = turns.nth(before)
    expect(turn.locator(".alert, article, .failure").first).to_be_visible()
    return turn


def suggest(widget: Locator, typed: str = "back pain") -> Locator:
    """Type in one go, and return the suggestions once they are there: between slow letters others would come first."""
    asking(widget).focus()
    widget.page.keyboard.insert_text(typed)
    options = widget.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    return options


def type_and_enter(page: Page, widget: Locator, question: str) -> None:
    """Send a question, whatever becomes of it."""
    asking(widget).fill(question)
    page.keyboard.press("Enter")


def hold(page: Page, widget: Locator, question: str) -> Gate:
    """Send a question, and keep it from the server until the gate that this returns is opened."""
    gate = Gate(page, CHAT)
    type_and_enter(page, widget, question)
    gate.first()
    return gate


def listen(widget: Locator) -> Callable[[], list[str]]:
    """From now on note what the hidden region is given: a text node as its text, anything else as its markup."""
    widget.evaluate(
        """(host) => {
            host.heard = [];
            const given = ({type, addedNodes, target}) => (type === "characterData" ? [target] : [...addedNodes]);
            new MutationObserver((records) => {
                host.heard.push(...records.flatMap(given).map((node) => node.data ?? node.outerHTML));
            }).observe(
                host.shadowRoot.querySelector("[aria-live]"),
                {childList: true, characterData: true, subtree: true},
            );
        }"""
    )
    return lambda: widget.evaluate("(host) => host.heard")


def timeless(page: Page) -> tuple[Locator, Callable[[], list[str]]]:
    """The widget, open, and what it says, on a page where time stands still.

    A slow machine can neither make it say that it is searching nor take away what it has said.
    """
    page.clock.install(time=0)
    widget = opened(page)
    page.clock.pause_at(100_000)
    return widget, listen(widget)


def in_order(text: str, *parts: str) -> bool:
    """Whether ``text`` has all ``parts``, one after the other."""
    return re.search(".*".join(map(re.escape, parts)), text, re.DOTALL) is not None


def region(widget: Locator) -> Locator:
    return widget.locator("[aria-live]")


def in_widget(page: Page) -> bool:
    return bool(page.evaluate("document.activeElement.localName === 'citewell-chat'"))


def tab_stops(page: Page, widget: Locator, key: str = "Tab") -> list[str]:
    """The names of the places that ``key`` reaches, from the next one to the last one in the widget."""
    names: list[str] = []
    page.keyboard.press(key)
    while in_widget(page) and len(names) < 40:
        names.append(
            widget.evaluate(
                """(host) => { const at = host.shadowRoot.activeElement;
                    const seen = at.innerText.replace("(opens in a new tab)", "").trim();
                    return at.getAttribute("aria-label") || at.labels?.[0]?.innerText || seen; }"""
            )
        )
        page.keyboard.press(key)
    return names


# ---- axe, in ten states and Bangla, three kinds of colours


def _closed(page: Page, options: str) -> None:
    embed(page, options)


def _welcome(page: Page, options: str) -> None:
    opened(page, options)


def _suggesting(page: Page, options: str) -> None:
    suggest(opened(page, options))
    page.keyboard.press("ArrowDown")


def _menu(page: Page, options: str) -> None:
    opened(page, options).get_by_role("button", name=re.compile("More|আরও")).click()


def _failure(page: Page, options: str) -> None:
    widget = opened(page, options)
    page.context.set_offline(True)
    send(widget, QUESTION)
    page.context.set_offline(False)


def _asked(question: str) -> Callable[[Page, str], None]:
    def state(page: Page, options: str) -> None:
        turn = send(opened(page, options), question)
        for more in turn.locator("summary").all():
            more.click()

    return state


STATES: dict[str, Callable[[Page, str], None]] = {
    "closed": _closed,
    "welcome": _welcome,
    "suggestions open": _suggesting,
    "answer": _asked(QUESTION),
    "suggestions": _asked("my knee is sore going up stairs"),
    "none": _asked(NOT_OURS),
    "emergency": _asked(EMERGENCY),
    "urgent": _asked(URGENT),
    "failure": _failure,
    "menu": _menu,
}
IN_BANGLA = 'data-lang="bn"'
DRESSED = [
    *((state, "") for state in STATES),
    *((state, IN_BANGLA) for state in ("welcome", "answer", "emergency", "failure", "menu")),
    ("answer", 'data-color="#7a1fa2"'),  # V1: the clinic's colour
]


@pytest.mark.parametrize(("state", "options"), DRESSED)
def test_axe_and_what_axe_misses_find_nothing(page: Page, state: str, options: str) -> None:
    """A of L1, D1, D5, F1, V1, I1, and P of F1, V1, V2, V3, I1, L2, S5 in every state."""
    STATES[state](page, options)
    widget = page.locator("citewell-chat")

    for colours in ("light", "dark", "forced"):
        page.emulate_media(
            color_scheme="dark" if colours == "dark" else "light",
            forced_colors="active" if colours == "forced" else "none",
        )
        found = Axe().run(page, options={"resultTypes": ["violations", "incomplete"]})
        unsure = {rule["id"] for rule in found.response["incomplete"]}

        assert found.violations_count == 0, f"{colours}: {found.generate_report()}"
        assert "aria-hidden-focus" not in unsure, colours
        if colours != "forced":  # there the colours are the visitor's own
            # Where axe is not sure of a contrast, this is: it takes the nearest painted ground.
            assert check.faint_text(widget) == [], colours
            assert check.faint_placeholders(widget) == [], colours
            assert check.faint_borders(widget) == [], colours
            assert check.faint_icons(widget) == [], colours
    page.emulate_media(color_scheme="light", forced_colors="none")
    for finds in (
        check.unlabelled_fields,
        check.small_targets,
        check.unstated_expansion,
        check.untagged_bangla,
        check.unreachable_controls,
        check.small_text,
        check.misnamed,
        check.cut_off,
    ):
        assert finds(widget) == [], finds.__name__


# ---- the checks themselves: each is shown the defect that it is there for

DEFECTS: dict[str, tuple[check.Check, str]] = {
    "a placeholder instead of a label": (
        check.unlabelled_fields,
        "root.querySelector('label').remove(); input.placeholder = 'Your question'",
    ),
    "a faint placeholder": (
        check.faint_placeholders,
        "input.placeholder = 'Such as: shoes'; style('input::placeholder { color: #bbb }')",
    ),
    "no outline of the focus": (check.unseen_focus, "style(':focus-visible { outline: none }')"),
    "a target of 16 px in a line of text": (
        check.small_targets,
        """log.append("Some text ", document.createElement("button"));
        style(".log > button { min-block-size: 0; block-size: 16px; inline-size: 16px; padding: 0 }")""",
    ),
    "no aria-expanded": (check.unstated_expansion, "root.querySelector('.launcher').removeAttribute('aria-expanded')"),
    "Bangla that is not marked": (check.untagged_bangla, "log.append('আমার পিঠে ব্যথা')"),
    "a div as a button": (
        check.unreachable_controls,
        "const div = document.createElement('div'); div.addEventListener('click', () => 0); log.append(div, 'Close')",
    ),
    "text of 11 px": (check.small_text, "style('.notice { font-size: 11px }')"),
    "a keyboard trap": (
        check.keyboard_trap,
        """root.querySelector("#panel").addEventListener("keydown", (event) => {
            if (event.key === "Tab") event.preventDefault();
        })""",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_that_axe_misses_is_found(page: Page, defect: str) -> None:
    """D1 (no trap), F1, V2, V4, L2, I1 and target sizes: the nine of the seeded-defect run."""
    finds, seed = DEFECTS[defect]
    widget = opened(page)
    assert finds(widget) == []

    widget.evaluate(
        """(host, seed) => {
            const root = host.shadowRoot;
            const style = (text) => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(text);
                root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
            };
            const [input, log] = ["input", ".log"].map((name) => root.querySelector(name));
            new Function("root", "input", "log", "style", seed)(root, input, log, style);
        }""",
        seed,
    )

    assert len(finds(widget)) >= 1


# ---- L: the launcher


def test_the_button_keeps_its_name_and_says_whether_the_panel_is_open(page: Page) -> None:
    widget = embed(page)
    launcher = page.get_by_role("button", name="Ask a question", exact=True)

    # L1, L2
    assert launcher.evaluate("(button) => [button.localName, button.type]") == ["button", "button"]
    expect(launcher).to_have_text("Ask a question")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    expect(widget.locator(f"#{launcher.get_attribute('aria-controls')}")).to_have_role("dialog")
    launcher.click()
    expect(launcher).to_have_attribute("aria-expanded", "true")
    expect(launcher).to_have_accessible_name("Ask a question")
    launcher.click()
    expect(launcher).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_the_button_is_large_and_away_from_the_edges(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    embed(page)

    box = page.locator(".launcher").bounding_box()

    assert box is not None  # L3
    assert min(box["width"], box["height"]) >= 44
    edges = box["x"], box["y"], size["width"] - box["x"] - box["width"], size["height"] - box["y"] - box["height"]
    assert min(edges) >= 16


def test_tab_reaches_the_button_after_the_page_and_a_link_of_the_page_opens_the_panel_too(page: Page) -> None:
    embed(page, body=TEXT + LINK)
    link = page.get_by_role("link", name="Ask a question")

    # L4
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".launcher")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_it_never_opens_or_takes_the_focus_by_itself_and_can_be_sent_away(page: Page) -> None:
    widget = embed(page, body="<input id=own autofocus>")

    # L5
    expect(page.locator("#own")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    open_panel(page)
    widget.get_by_role("button", name="More").click()
    widget.get_by_role("button", name="Hide this button").click()
    expect(page.locator(".launcher")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_have_count(0)


# ---- D: the panel


def test_on_a_desktop_the_panel_is_a_named_dialog_beside_a_page_that_stays_usable(page: Page) -> None:
    widget = opened(page, body="<button id=before>Before</button>" + TEXT)
    dialog = page.get_by_role("dialog", name="Ask a question")

    # D1, D3, L4: Tab goes heading line, advice, conversation, form, and out
    assert not dialog.evaluate("(panel) => panel.matches(':modal') || panel.hasAttribute('aria-modal')")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Ask a question")
    expect(asking(widget)).to_be_focused()
    page.locator("#before").focus()
    stops = tab_stops(page, widget)
    assert stops[:5] == ["Ask a question", "More", "Close", "Signs you need help now", "Conversation"]
    assert stops[-2:] == ["Your question", "Ask"]
    assert len(stops[5:-2]) == widget.locator(".start button").count()
    asking(widget).focus()
    assert tab_stops(page, widget, "Shift+Tab") == [*stops[:-2][::-1]]
    expect(page.locator("#before")).to_be_focused()
    page.locator("#before").click()


def test_its_parts_stand_in_the_order_in_which_they_are_read(page: Page) -> None:
    widget = opened(page)

    # D3
    order = widget.evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll(
            ".launcher, #panel h2, header button:last-child, .notice, .log, .start, form label, form input")]
            .map((part) => part.className || part.localName).filter((name, at, all) => all.indexOf(name) === at)"""
    )
    assert order == ["launcher", "h2", "button", "notice", "log", "start", "label", "input"]
    assert page.evaluate("document.documentElement.lastElementChild.localName") == "citewell-chat"


def test_on_a_phone_the_panel_is_modal_keeps_tab_inside_and_gives_the_focus_back(page: Page) -> None:
    page.set_viewport_size(PHONE)
    widget = opened(page, body="<button id=own>Own</button>" + TEXT)

    # D2, D4
    assert widget.locator("#panel").evaluate("(panel) => panel.matches(':modal')")
    expect(widget.get_by_role("heading", level=2)).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        expect(page.locator("#own")).not_to_be_focused()
    page.evaluate("document.getElementById('own').focus()")
    expect(page.locator("#own")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(widget.locator("#panel")).to_be_hidden()
    expect(widget.locator(".launcher")).to_be_focused()


def test_turning_or_resizing_changes_between_the_two_and_loses_nothing(page: Page) -> None:
    widget = opened(page)
    panel, field = widget.locator("#panel"), asking(widget)
    field.fill("half a quest")

    # D1, D2, V12
    for size, modal in ((PHONE, True), (DESKTOP, False), (ViewportSize(width=844, height=390), True), (DESKTOP, False)):
        page.set_viewport_size(size)
        page.wait_for_function(
            "(modal) => modal === !!document.querySelector('citewell-chat').shadowRoot.querySelector('#panel:modal')",
            arg=modal,
        )
        expect(panel).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value("half a quest")
        expect(widget.locator(".launcher")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(widget.locator(".launcher")).to_be_focused()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_escape_closes_the_list_then_the_menu_then_the_panel(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    widget = opened(page)
    menu, more = widget.locator(".menu"), widget.get_by_role("button", name="More")
    more.click()
    options = suggest(widget)

    # D4, F7
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(widget.locator("#panel")).to_be_hidden()  # D7
    expect(widget.locator(".launcher")).to_be_focused()
    assert widget.locator("#panel").evaluate("(panel) => getComputedStyle(panel).display") == "none"


def test_close_gives_the_focus_back_and_the_closed_panel_is_out_of_everyones_way(page: Page) -> None:
    widget = opened(page)

    widget.get_by_role("button", name="Close").click()

    expect(widget.locator(".launcher")).to_be_focused()  # D4, D7
    assert "dialog" not in page.locator("html").aria_snapshot()
    assert tab_stops(page, widget) == []


def test_a_script_opens_and_closes_the_panel_without_moving_the_focus(page: Page) -> None:
    # D4: without a user's gesture the visitor may be writing elsewhere
    widget = embed(
        page,
        head="<script>window.Citewell = {queue: [['open']]}; const later = () => window.Citewell.close();</script>",
        body="<input id=own autofocus>",
    )
    expect(widget.locator("#panel")).to_be_visible()
    expect(page.locator("#own")).to_be_focused()

    with page.expect_event("console", lambda message: message.text == "closed"):
        page.evaluate(
            "document.addEventListener('citewell:close', () => setTimeout(() => console.log('closed'))); later()"
        )

    expect(widget.locator("#panel")).to_be_hidden()
    expect(page.locator("#own")).to_be_focused()


def test_the_conversation_scrolls_by_keys_and_its_messages_take_no_focus(page: Page) -> None:
    widget = opened(page)
    turn = send(widget, QUESTION)
    log = widget.get_by_role("region", name="Conversation")

    # D5
    expect(turn.locator(".asked")).to_have_text(re.compile("^You asked: How can"))
    expect(turn.get_by_role("heading", level=3)).to_have_text(TITLE)
    assert turn.locator("[tabindex]").count() == 0
    log.evaluate("(log) => { log.scrollTop = 0 }")
    log.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('citewell-chat').shadowRoot.querySelector('.log').scrollTop > 0")


def test_an_answer_moves_no_focus_and_its_beginning_stands_at_the_top(page: Page) -> None:
    widget = opened(page)
    log = widget.get_by_role("region", name="Conversation")

    # D6, D8
    for _ in range(2):
        turn = send(widget, QUESTION)
        expect(turn.locator("article")).to_be_visible()
        expect(asking(widget)).to_be_focused()
        expect(log).to_have_attribute("aria-busy", "false")
        distance = turn.evaluate(
            "(turn) => turn.getBoundingClientRect().top - turn.closest('.log').getBoundingClientRect().top"
        )
        assert -1 < distance < 24  # scrolled to whole pixels
    expect(widget.get_by_role("button", name="New answer below")).to_be_hidden()


def test_who_reads_further_up_is_left_there_and_told_of_the_new_answer(page: Page) -> None:
    widget = opened(page)
    log = widget.get_by_role("region", name="Conversation")
    send(widget, QUESTION)
    gate = hold(page, widget, QUESTION)
    log.evaluate("(log) => { log.scrollTop = 0 }")

    gate.open()

    latest = widget.get_by_role("button", name="New answer below")  # D8
    latest.wait_for()
    assert log.evaluate("(log) => log.scrollTop") == 0
    latest.click()
    expect(latest).to_be_hidden()
    expect(widget.locator(".turn").nth(1).locator(".asked")).to_be_in_viewport()


# ---- N: what a screen reader is told


def test_an_answer_is_announced_once_as_plain_text_in_order_and_then_removed(page: Page) -> None:
    widget, heard = timeless(page)

    turn = send(widget, QUESTION)
    expect(region(widget)).not_to_be_empty()

    # N1, N2
    (said,) = heard()
    passage = turn.locator(".quote p").first.inner_text()
    count = turn.locator(".others li").count()
    assert said.startswith(f"Answer 1. {TITLE} {passage}")
    assert in_order(said, passage, "Source", "Questions about back pain after running › ", DISCLAIMER)
    assert said.endswith(f"Also related: {count}.")
    expect(region(widget)).to_have_attribute("aria-live", "polite")
    for outer in region(widget).locator("xpath=ancestor-or-self::*").all():
        assert outer.get_attribute("aria-hidden") is None
    assert widget.locator("[role=log], [role=alert], [role=status], [aria-live]").count() == 1
    page.clock.fast_forward(1600)
    expect(region(widget)).to_be_empty()


def test_the_same_answer_twice_is_said_twice_and_the_advice_only_once(page: Page) -> None:
    widget, heard = timeless(page)

    for _ in range(2):
        expect(send(widget, QUESTION).locator("article")).to_be_visible()

    page.wait_for_function("document.querySelector('citewell-chat').heard.length === 2")  # N1, N2
    first, second = heard()
    assert first.startswith("Answer 1. ")
    assert second.startswith("Answer 2. ")
    assert DISCLAIMER in first
    assert DISCLAIMER not in second


def test_an_emergency_is_the_first_thing_that_is_said(page: Page) -> None:
    widget, heard = timeless(page)

    send(widget, EMERGENCY)
    expect(region(widget)).not_to_be_empty()
    (emergency,) = heard()
    widget.get_by_role("button", name="I am not in an emergency, show me the article").click()
    expect(widget.locator(".turn").nth(1).locator(".alert, article").first).to_be_visible()
    page.wait_for_function("document.querySelector('citewell-chat').heard.length === 2")
    acknowledged = heard()[1]

    # N2
    assert emergency.startswith("Emergency: get help now. Go to a hospital or call an ambulance now.")
    assert "Emergency 999" in emergency
    assert "Answer" not in emergency
    assert acknowledged.startswith("Emergency: get help now. ")
    assert in_order(acknowledged, "Emergency 999", "Answer 2.")


def test_an_urgent_message_is_said_before_the_passage(page: Page) -> None:
    widget, heard = timeless(page)

    turn = send(widget, URGENT)
    expect(region(widget)).not_to_be_empty()

    (said,) = heard()  # N2
    assert said.startswith(f"Urgent: see a doctor today. {turn.locator('.alert h3').inner_text()}")
    assert in_order(said, "Urgent: see a doctor today.", "Answer 1.")


def test_waiting_is_said_after_half_a_second_and_never_before(page: Page) -> None:
    widget, heard = timeless(page)
    log = widget.get_by_role("region", name="Conversation")

    gate = hold(page, widget, QUESTION)

    expect(log).to_have_attribute("aria-busy", "true")  # N3
    page.clock.run_for(499)
    assert heard() == []
    expect(widget.get_by_text("Searching")).to_have_count(0)
    page.clock.run_for(2)
    assert heard() == ["Searching …"]
    expect(widget.locator(".turn").get_by_text("Searching …")).to_be_visible()
    page.clock.run_for(5000)
    assert heard() == ["Searching …"]
    gate.open()
    expect(widget.locator("article")).to_be_visible()
    expect(log).to_have_attribute("aria-busy", "false")
    assert len(heard()) == 2
    assert heard()[1].startswith("Answer 1.")


def test_an_answer_that_comes_at_once_is_all_that_is_said(page: Page) -> None:
    widget, heard = timeless(page)

    send(widget, QUESTION)
    page.clock.run_for(3000)

    assert len(heard()) == 1  # N3


def test_the_count_of_suggestions_is_said_once_when_typing_rests(page: Page) -> None:
    widget, heard = timeless(page)
    field, options = asking(widget), widget.get_by_role("listbox").get_by_role("option")

    # N4
    field.press_sequentially("back")
    page.clock.run_for(201)
    expect(options.first).to_be_visible()
    assert heard() == []
    former = options.first.element_handle()
    field.press_sequentially(" pa")
    page.clock.run_for(201)
    page.wait_for_function("(option) => !option.isConnected", arg=former)
    expect(options.first).to_be_visible()
    assert heard() == []
    page.clock.run_for(1000)
    assert heard() == [f"Known questions: {options.count()}"]


def test_small_news_come_at_most_once_a_second(page: Page) -> None:
    page.clock.install(time=0)
    widget = opened(page)
    turn = send(widget, QUESTION)
    heard = listen(widget)
    page.clock.pause_at(100_000)

    # N4
    turn.get_by_role("button", name="No", exact=True).click()
    page.clock.run_for(400)
    turn.get_by_role("button", name="Yes", exact=True).click()
    page.clock.run_for(999)
    assert len(heard()) <= 1
    page.clock.run_for(1000)
    assert heard() == ["We are glad it helped."]
    expect(turn.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(turn.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "false")


def test_what_is_copied_is_said(page: Page) -> None:
    widget, _ = timeless(page)
    turn = send(widget, QUESTION)

    turn.get_by_role("button", name="Copy with source").click()

    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    page.clock.run_for(1001)
    expect(region(widget)).to_have_text("Copied")  # N4


# ---- F: the form


def test_the_field_has_a_label_a_submit_button_and_what_keyboards_of_phones_need(page: Page) -> None:
    widget = opened(page)
    field = asking(widget)

    # F1, F2, F3, F5, F6
    expect(widget.locator("form label")).to_be_visible()
    button = widget.get_by_role("button", name="Ask", exact=True)
    assert button.evaluate("(button) => [button.type, button.form !== null]") == ["submit", True]
    for name, value in (("autocomplete", "off"), ("enterkeyhint", "send"), ("spellcheck", "true"), ("dir", "auto")):
        expect(field).to_have_attribute(name, value)
    assert field.get_attribute("maxlength") is None
    assert field.evaluate("(field) => parseFloat(getComputedStyle(field).fontSize)") >= 16
    assert field.evaluate("(field) => field.closest('[lang]').lang") == "en"
    field.fill(QUESTION)
    widget.get_by_role("button", name="Ask", exact=True).click()
    expect(widget.locator("article")).to_be_visible()


def test_a_composition_is_not_sent_by_enter_nor_ended_by_escape(page: Page) -> None:
    widget = opened(page)
    field = asking(widget)
    input_method = page.context.new_cdp_session(page)
    field.evaluate("(field) => field.addEventListener('keydown', (event) => { field.composing = event.isComposing })")
    input_method.send("Input.imeSetComposition", {"text": BANGLA, "selectionStart": 15, "selectionEnd": 15})

    # F2, D4
    page.keyboard.press("Enter")
    assert field.evaluate("(field) => field.composing") is True
    expect(field).to_have_value(BANGLA)
    expect(widget.locator(".turn")).to_have_count(0)
    input_method.send("Input.imeSetComposition", {"text": BANGLA, "selectionStart": 15, "selectionEnd": 15})
    page.keyboard.press("Escape")
    assert field.evaluate("(field) => field.composing") is True
    expect(widget.locator("#panel")).to_be_visible()
    field.fill("")
    input_method.send("Input.insertText", {"text": BANGLA})
    page.keyboard.press("Enter")
    expect(widget.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_the_last_key_of_a_composition_in_safari_does_nothing_else(page: Page, key: str) -> None:
    widget = opened(page)
    field = asking(widget)
    field.fill("half a quest")

    # F2, D4: there the composition has ended already; only the key's code 229 tells
    went_on = field.evaluate(
        """(field, key) => field.dispatchEvent(new KeyboardEvent("keydown",
            {key, keyCode: 229, bubbles: true, composed: true, cancelable: true}))""",
        key,
    )

    assert went_on is (key == "Escape")  # a default action of Enter would send the form
    expect(widget.locator("#panel")).to_be_visible()
    expect(widget.locator(".turn")).to_have_count(0)


def test_characters_are_counted_as_people_do_and_said_from_four_fifths_on(page: Page) -> None:
    widget = opened(page)
    field, hint = asking(widget), widget.locator("#hint")

    # F3: 🦵 is one character and two units of UTF-16
    field.fill("🦵" * 399)
    expect(hint).to_be_hidden()
    field.fill("🦵" * 400)
    expect(hint).to_have_text("Characters left: 100")
    field.fill("🦵" * 500)
    expect(hint).to_have_text("Characters left: 0")
    field.fill("🦵" * 501)
    expect(hint).to_have_text("1 characters too many")
    expect(field).to_have_value("🦵" * 501)
    expect(field).to_have_accessible_description(re.compile("1 characters too many"))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("  ", "Please type your question first."), ("knee " * 101, "5 characters too many")],
    ids=["blank", "too long"],
)
def test_an_error_stands_at_the_field_and_keeps_what_was_typed(page: Page, typed: str, problem: str) -> None:
    widget = opened(page)
    field = asking(widget)
    field.fill(typed)

    widget.get_by_role("button", name="Ask", exact=True).click()

    # F4
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(problem))
    expect(widget.locator("#error")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value(typed)
    expect(widget.locator(".turn")).to_have_count(0)
    field.press("Backspace")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(widget.locator("#error")).to_be_hidden()


def test_while_it_waits_the_form_keeps_the_focus_and_sends_nothing_twice(page: Page, requested: list[str]) -> None:
    widget = opened(page)
    field, button = asking(widget), widget.locator(".send")
    gate = hold(page, widget, QUESTION)

    # F4
    expect(button).to_have_attribute("aria-disabled", "true")
    assert button.get_attribute("disabled") is None
    assert field.get_attribute("disabled") is None
    expect(field).not_to_be_editable()
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    button.click(force=True)
    gate.open()
    expect(widget.locator("article")).to_be_visible()
    expect(button).to_have_attribute("aria-disabled", "false")
    expect(field).to_be_editable()
    assert [url.endswith("/api/chat") for url in requested].count(True) == 1


def test_arrows_choose_a_known_question_and_enter_asks_it(page: Page) -> None:
    widget = opened(page)
    field = asking(widget)
    options = suggest(widget)
    last = options.count() - 1

    def active() -> str | None:
        return field.get_attribute("aria-activedescendant")

    # F7
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(widget.get_by_role("listbox")).to_have_id(field.get_attribute("aria-controls") or "")
    assert active() is None
    page.keyboard.press("ArrowDown")
    assert active() == options.nth(0).get_attribute("id")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    assert active() is None
    page.keyboard.press("ArrowUp")
    assert active() == options.nth(last).get_attribute("id")
    expect(widget.locator("[aria-selected=true]")).to_have_count(1)
    expect(options.nth(last)).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    assert active() is None
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    chosen = options.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(widget.locator(".asked")).to_contain_text(chosen)
    assert active() is None
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(widget.get_by_role("listbox")).to_have_count(0)


def test_enter_with_nothing_chosen_asks_what_was_typed(page: Page) -> None:
    widget = opened(page)
    suggest(widget, "back pain")

    page.keyboard.press("Enter")

    expect(widget.locator(".asked")).to_have_text("You asked: back pain")  # F7
    expect(widget.get_by_role("listbox")).to_have_count(0)


def test_escape_and_a_click_elsewhere_leave_the_typed_text(page: Page) -> None:
    widget = opened(page)
    field = asking(widget)
    suggest(widget)

    # F7
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("back pain")
    suggest(widget, " a")
    widget.get_by_role("heading", level=2).click()
    expect(widget.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("back pain a")


def test_a_click_on_a_known_question_asks_it(page: Page) -> None:
    widget = opened(page)
    option = suggest(widget).nth(1)
    chosen = option.inner_text()

    option.click()

    expect(widget.locator(".asked")).to_contain_text(chosen)  # F7
    expect(asking(widget)).to_be_focused()


# ---- V: looks


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
def test_the_focus_ring_is_thick_and_stands_out(page: Page, colours: str) -> None:
    page.emulate_media(
        color_scheme="dark" if colours == "dark" else "light",
        forced_colors="active" if colours == "forced" else "none",
    )
    widget = opened(page)

    # V4, V3
    for target in (".launcher", "form input", ".send", "header button:last-child"):
        page.evaluate("document.activeElement.shadowRoot?.activeElement.blur()")
        changed, needed = check.ring(page, widget.locator(target))
        assert changed >= needed, target
    assert check.unseen_focus(widget) == []


def test_forced_colours_leave_edges_and_icons(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    widget = opened(page)
    turn = send(widget, URGENT)

    # V5
    bare = widget.evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll(
            ".launcher, .sheet, .asked, .send, form input, .alert, .level, .calls .button, .others button, .quote")]
            .filter((part) => {
                const {borderInlineStartWidth: side, borderBlockEndWidth: below} = getComputedStyle(part);
                return Math.max(parseFloat(side), parseFloat(below)) < 1;
            }).map((part) => part.className)"""
    )
    assert bare == []
    expect(turn.locator("mark").first).to_have_css("text-decoration-line", "underline")
    own = widget.evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll("*")]
            .filter((part) => getComputedStyle(part).forcedColorAdjust === "none" && part.localName !== "svg")
            .map((part) => part.className)"""
    )
    assert own == []
    assert check.faint_icons(widget) == []
    options = suggest(widget, "back")
    page.keyboard.press("ArrowDown")
    assert float(options.first.evaluate("(option) => parseFloat(getComputedStyle(option).outlineWidth)")) >= 2


def test_nothing_moves_for_who_wants_no_motion_and_nothing_goes_on_moving_for_others(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    widget = opened(page)
    send(widget, QUESTION)
    moving = """(host) => [...host.shadowRoot.querySelectorAll("*")].filter((part) => {
        const style = getComputedStyle(part);
        const moves = style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
        return moves || style.scrollBehavior !== "auto";
    }).map((part) => part.className || part.localName)"""
    seconds = """(host) => [...host.shadowRoot.querySelectorAll("*")].flatMap((part) => {
        const style = getComputedStyle(part);
        const times = style.animationIterationCount;
        const all = parseFloat(style.animationDuration) * (times === "infinite" ? Infinity : parseFloat(times));
        return style.animationName === "none" ? [] : [all];
    })"""

    assert widget.evaluate(moving) == []  # V6, L6
    page.emulate_media(reduced_motion="no-preference")
    assert all(length < 5 for length in widget.evaluate(seconds))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_wants_more_contrast_gets_it(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, contrast="more")
    widget = opened(page)
    send(widget, QUESTION)

    small, ink, edge = (
        widget.locator(part).first.evaluate(f"(part) => getComputedStyle(part).{style}")
        for part, style in ((".small", "color"), ("form label", "color"), ("form input", "borderTopColor"))
    )

    assert small == ink == edge  # V7
    assert widget.locator(".sheet").evaluate("(sheet) => getComputedStyle(sheet).colorScheme") == scheme


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("question", [None, QUESTION, EMERGENCY], ids=["welcome", "answer", "emergency"])
def test_in_any_window_advice_close_and_field_are_seen_and_nothing_scrolls_sideways(
    page: Page, width: int, height: int, question: str | None
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    widget = opened(page)
    if question:
        send(widget, question)

    # V8, V12
    assert_usable(page, widget)
    assert check.unlabelled_fields(widget) == []


def assert_usable(page: Page, widget: Locator) -> None:
    """Standing advice, the way to help, close and the field are wholly seen, there is room to read, nothing is cut."""
    for part in (
        widget.locator(".notice").get_by_text(DISCLAIMER),
        widget.locator(".notice").get_by_role("link"),
        closing(widget),
        asking(widget),
        widget.locator(".send"),
    ):
        expect(part).to_be_in_viewport(ratio=0.99)
        assert part.evaluate(
            """(part) => { const {left, top, width, height} = part.getClientRects()[0];
                const hit = part.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
                return part === hit || part.contains(hit); }"""
        )
    assert widget.locator(".log").evaluate("(log) => log.clientHeight") >= 48  # two lines
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert check.cut_off(widget) == []


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize("question", [None, QUESTION, EMERGENCY], ids=["welcome", "answer", "emergency"])
def test_wider_spacing_of_text_cuts_nothing_off(page: Page, size: ViewportSize, question: str | None) -> None:
    page.set_viewport_size(size)
    widget = opened(page)
    if question:
        send(widget, question)

    # V9
    widget.evaluate(
        """(host) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`
                * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
                p { margin-block-end: 2em !important }`);
            host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
        }"""
    )

    assert_usable(page, widget)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_text_of_twice_the_size_is_read_without_loss(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    widget = opened(page, head="<style>html { font-size: 62.5% }</style>")
    send(widget, QUESTION)

    # V10
    expect(asking(widget)).to_have_css("font-size", "32px")
    assert_usable(page, widget)


def test_long_words_and_addresses_wrap(page: Page) -> None:
    page.set_viewport_size(NARROW)
    widget = opened(page)

    def lengthen(route: Route) -> None:
        response = route.fetch()
        reply = response.json()
        reply["passage"]["title"] = reply["citation"]["section"] = LONG
        reply["passage"]["blocks"].append({"kind": "p", "text": LONG, "highlights": []})
        reply["citation"]["document"] = LONG
        for alternative in reply["alternatives"]:
            alternative["title"] = alternative["snippet"] = LONG
        route.fulfill(response=response, json=reply)

    page.route(CHAT, lengthen)
    turn = send(widget, QUESTION)
    page.unroute(CHAT)
    send(widget, LONG)

    # V11
    assert check.cut_off(widget) == []
    assert_usable(page, widget)
    expect(turn.get_by_role("heading", level=3)).to_have_text(LONG)


def test_links_are_underlined_and_say_that_they_open_a_tab(page: Page) -> None:
    widget = opened(page)
    turn = send(widget, QUESTION)
    for more in turn.locator("summary").all():
        more.click()

    links = widget.locator("a[target=_blank]").all()
    assert len(links) >= 3  # V11: help, source, a reference
    for link in links:
        expect(link).to_have_css("text-decoration-line", "underline")
        expect(link).to_have_accessible_name(re.compile(r"\(opens in a new tab\)"))


def test_a_colour_that_cannot_be_read_is_refused(page: Page) -> None:
    with page.expect_console_message(lambda message: "4.5:1" in message.text):  # V1
        embed(page, 'data-color="#ffd400"')

    expect(page.locator(".launcher")).to_have_css("background-color", "rgb(11, 92, 107)")


# ---- I: languages


def test_bangla_is_marked_and_set_with_room(page: Page) -> None:
    widget = opened(page, IN_BANGLA)
    turn = send(widget, QUESTION)

    # I1, I3
    assert widget.evaluate(
        "(host) => { const {lang, dir} = host.shadowRoot.querySelector('.root'); return [lang, dir] }"
    ) == [
        "bn",
        "ltr",
    ]
    for part in (".quote p", "article h3", ".advice"):
        assert turn.locator(part).first.evaluate("(part) => part.closest('[lang]').lang") == "en"
    expect(turn.locator(".asked")).to_have_attribute("dir", "auto")
    greeting = widget.locator(".log p").first.evaluate(
        """(part) => { const style = getComputedStyle(part);
            return [parseFloat(style.fontSize), parseFloat(style.lineHeight) / parseFloat(style.fontSize),
                parseFloat(style.letterSpacing) || 0, style.textTransform, style.fontStyle]; }"""
    )
    assert greeting == [17, pytest.approx(1.7), 0, "none", "normal"]
    assert check.untagged_bangla(widget) == []


def test_words_in_bangla_in_an_english_widget_are_marked(page: Page) -> None:
    widget = opened(page)

    turn = send(widget, f"{BANGLA} back pain")

    expect(turn.locator(".asked [lang=bn]")).to_have_text(BANGLA)  # I1
    widget.get_by_role("button", name="More").click()
    expect(widget.get_by_role("button", name="বাংলা")).to_have_attribute("lang", "bn")


def test_on_a_page_written_from_right_to_left_the_button_stands_on_the_other_side(page: Page) -> None:
    embed(page, html='lang="ar" dir="rtl"')

    box = page.locator(".launcher").bounding_box()

    assert box is not None  # I2
    assert box["x"] < 100
    assert page.locator("citewell-chat .root").evaluate("(root) => getComputedStyle(root).direction") == "ltr"


def test_the_styles_know_start_and_end_but_neither_left_nor_right(page: Page) -> None:
    widget = embed(page)

    # I2
    physical = widget.evaluate(
        """(host) => [...host.shadowRoot.adoptedStyleSheets[0].cssRules]
            .map((rule) => rule.cssText).filter((text) => /\\b(?:left|right)\\b/.test(text))"""
    )
    assert physical == []


def test_telephone_numbers_are_links_whose_digits_keep_their_order_and_dates_are_the_languages_own(page: Page) -> None:
    widget = opened(page)
    answer = send(widget, NOT_OURS)
    turn = send(widget, EMERGENCY)

    # I4
    phones = turn.locator("a[href^='tel:']")
    assert phones.count() >= 1
    assert phones.count() == turn.locator("a[href^='tel:'] bdi").count()
    assert all(re.fullmatch(r"tel:[\d+*#]+", phone.get_attribute("href") or "") for phone in phones.all())
    expect(answer.get_by_role("link", name="01877733322").locator("bdi")).to_have_text("01877733322")


# ---- S: other states


def test_paper_shows_the_page_and_not_the_widget(page: Page) -> None:
    widget = opened(page)
    send(widget, QUESTION)

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="A clinic")).to_be_visible()  # S1
    for part in (".launcher", "#panel", ".paper"):
        assert not any(found.is_visible() for found in widget.locator(part).all())


def test_the_whole_conversation_is_printed_and_the_page_comes_back(page: Page) -> None:
    widget = opened(page)
    for question in (QUESTION, NOT_OURS, QUESTION, EMERGENCY):
        send(widget, question)
    page.evaluate("() => { window.print = () => { window.printed = (window.printed || 0) + 1 } }")

    widget.get_by_role("button", name="More").click()
    widget.get_by_role("button", name="Print it").click()

    # S1
    page.emulate_media(media="print")
    paper = widget.locator(".paper")
    text = paper.inner_text()
    assert page.evaluate("window.printed") == 1
    assert re.match(r"\w+ \d+, \d{4}\n", text)
    assert in_order(
        text,
        f"You asked: {QUESTION}",
        TITLE,
        "There is no good proof",
        "Source",
        "Questions about back pain after running ›",
        "/sources/faq#worn-shoes",
        DISCLAIMER,
        "You asked: where can I park my car",
        DISCLAIMER,
        f"You asked: {QUESTION}",
        DISCLAIMER,
        f"You asked: {EMERGENCY}",
        "Emergency: get help now",
        "Emergency 999",
    )
    expect(page.get_by_role("heading", name="A clinic")).to_be_hidden()
    expect(widget.locator("#panel")).to_be_hidden()
    height = paper.evaluate("(paper) => paper.getBoundingClientRect().height")
    assert page.evaluate("document.documentElement.scrollHeight") >= height - 1  # no box cuts it to one page
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(paper).to_have_count(0)
    expect(page.get_by_role("heading", name="A clinic")).to_be_visible()
    expect(widget.locator("#panel")).to_be_visible()


def test_without_javascript_the_line_leaves_a_link_to_the_page_that_needs_none(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.route("**/plain", lambda route: route.fulfill(body=f"<!doctype html>{LINK}", content_type="text/html"))
    page.goto("/plain")

    page.get_by_role("link", name="Ask a question").click()

    expect(page.get_by_label("Your question")).to_be_visible()  # S2
    context.close()


FAILURES = {
    "offline": "You seem to be offline.",
    "refused": "We cannot be reached now.",
    "late": "This takes too long.",
    "429": "Too many questions.",
    "503": "Something went wrong here.",
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_said_keeps_the_question_and_names_who_can_be_called(page: Page, failure: str) -> None:
    page.clock.install(time=0)
    widget = opened(page)
    heard = listen(widget)
    held: list[Route] = []

    def fail(route: Route) -> None:
        if failure == "late":
            held.append(route)
        elif failure in ("429", "503"):
            route.fulfill(status=int(failure), json={"title": "No"})
        else:
            route.abort("connectionrefused")

    page.route(CHAT, fail)
    page.context.set_offline(failure == "offline")
    with page.expect_request(CHAT):
        type_and_enter(page, widget, QUESTION)
    if failure == "late":
        page.clock.fast_forward(8001)

    # S3
    turn = widget.locator(".turn")
    expect(turn.locator(".failure")).to_contain_text(FAILURES[failure])
    expect(turn.locator(".asked")).to_contain_text(QUESTION)
    expect(turn.get_by_role("link", name="01877733322")).to_have_attribute("href", "tel:01877733322")
    expect(turn.get_by_role("link", name=re.compile("999")).first).to_have_attribute("href", "tel:999")
    page.wait_for_function("document.querySelector('citewell-chat').heard.length > 0")
    assert heard()[-1].startswith(FAILURES[failure])
    page.context.set_offline(False)
    page.unroute(CHAT)
    turn.get_by_role("button", name="Try again").click()
    expect(turn.locator("article")).to_be_visible()
    expect(turn.locator(".asked")).to_have_text(f"You asked: {QUESTION}")
    expect(asking(widget)).to_be_focused()


def test_above_the_keyboard_of_a_phone_the_panel_fills_what_is_left(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.add_init_script(
        """const view = Object.assign(new EventTarget(), {height: 844, offsetTop: 0, scale: 1});
        Object.defineProperty(window, "visualViewport", {value: view});"""
    )
    widget = opened(page)
    asking(widget).focus()

    # S4: on iOS the keyboard changes the visual viewport alone
    for height, top in ((420, 0), (420, 130), (844, 0)):
        page.evaluate(
            """([height, offsetTop]) => {
                Object.assign(visualViewport, {height, offsetTop});
                visualViewport.dispatchEvent(new Event("resize"));
                visualViewport.dispatchEvent(new Event("scroll"));
            }""",
            [height, top],
        )
        box = widget.locator("#panel").bounding_box()
        field = asking(widget).bounding_box()
        assert box is not None
        assert field is not None
        assert (box["y"], box["height"]) == (top, height)
        assert top <= field["y"] < top + height - field["height"]


def test_a_dialog_of_the_page_comes_before_the_widget(page: Page) -> None:
    widget = opened(page, body=TEXT + "<dialog id=own><button>OK</button></dialog>")

    page.evaluate("document.getElementById('own').showModal()")

    expect(page.get_by_role("button", name="OK")).to_be_focused()  # S6
    page.keyboard.press("Tab")
    assert not in_widget(page)
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_hidden()
    expect(widget.locator("#panel")).to_be_visible()
    asking(widget).focus()
    expect(asking(widget)).to_be_focused()
