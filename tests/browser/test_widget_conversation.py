"""A conversation in the widget, from the start questions to a server that is gone, in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.embedding import (
    HOST,
    STRICT_POLICY,
    TEXT,
    ask,
    embed,
    expect_said,
    listen,
    open_panel,
    resize,
    settle,
)
from tests.browser.gate import Gate
from tests.browser.moments import pause
from web.widget import FOLDER

pytestmark = pytest.mark.browser

QUESTION = "How can worn-out running shoes lead to back pain?"
TITLE = "Can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"
EMERGENCY_HEADING = "Go to a hospital or call an ambulance now"
NOT_EMERGENCY = "I am not in an emergency, show me the article"
URGENT = "my back hurts and I have a fever of 39"
AFTER = "my back pain has not got better for eight weeks, do core exercises help?"
MEDICINE = "Which treatments are available for runners with back pain?"
UNSURE = "my knee is sore going up stairs"
DOSE = "how much ibuprofen can I take"
PHONE = "01877733322"
DISCLAIMER = "Please consult a health professional."
HELP = "Signs you need help now"
CHAT = re.compile("/api/chat$")
CONFIG = re.compile(r"/api/config\b")
SUGGEST = re.compile("/api/suggest$")
FEEDBACK = re.compile("/api/feedback$")

Json = dict[str, Any]
STRINGS = json.loads((FOLDER / "strings" / "en.json").read_text("utf-8"))
WORDS: dict[str, str] = STRINGS["texts"] | STRINGS["named"]
"""What the widget itself says, by key."""
Reply = Callable[..., Json]


@pytest.fixture
def reply(client: FlaskClient) -> Reply:
    """What the real server answers: ``reply(question, country="US")``."""

    def answered(message: str, **fields: Any) -> Json:
        body: Json = client.post("/api/chat", json={"message": message, **fields}).get_json()
        return body

    return answered


@pytest.fixture
def sent(page: Page) -> list[Json]:
    """The questions that the page of this test has sent, as the server reads them."""
    bodies: list[Json] = []

    def heard(request: Request) -> None:
        if CHAT.search(request.url):
            bodies.append(request.post_data_json or {})

    page.on("request", heard)
    return bodies


@pytest.fixture(autouse=True)
def _no_errors(page: Page) -> Iterator[None]:
    """Nothing that a server, a page or a visitor does makes the script throw."""
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield
    page.evaluate("0")  # lets the last of the browser's news in
    assert thrown == []


@pytest.fixture
def panel(page: Page) -> Locator:
    """The open panel on a page with a strict policy."""
    embed(page, policy=STRICT_POLICY)
    panel = open_panel(page)
    listen(panel)
    return panel


def field(panel: Locator) -> Locator:
    return panel.get_by_label("Your question")


def answer(place: Locator, title: str = TITLE) -> Locator:
    """The passage of that title."""
    return place.get_by_role("article").filter(has=place.page.get_by_role("heading", name=title, exact=True))


def send(panel: Locator, question: str) -> None:
    """Type a question and send it, whatever comes of it."""
    field(panel).fill(question)
    field(panel).press("Enter")


def fulfil(page: Page, address: re.Pattern[str], body: Json | str, status: int = 200, **headers: str) -> None:
    """Let ``address`` answer so; the last word on an address counts."""
    kind = "application/json" if status < 400 else "application/problem+json"
    text = body if isinstance(body, str) else json.dumps(body)
    page.route(
        address, lambda route: route.fulfill(status=status, body=text, headers={"Content-Type": kind, **headers})
    )


def menu(panel: Locator, item: str) -> Locator:
    """An entry of the menu by its text, or by the key of that; the menu is opened for it."""
    more = panel.get_by_role("button", name="More", exact=True)
    if more.get_attribute("aria-expanded") == "false":
        more.click()
    return panel.locator(".menu").get_by_role("button", name=WORDS.get(item, item), exact=True)


def stored(page: Page) -> Any:
    return page.evaluate("JSON.parse(sessionStorage.getItem('citewell'))")


def tops(turn: Locator, *places: str) -> list[float]:
    """How far down the parts of ``turn`` begin, all measured at one moment."""
    measured: list[float] = turn.evaluate(
        "(turn, places) => places.map((place) => turn.querySelector(place).getBoundingClientRect().top)", places
    )
    return measured


def reachable(place: Locator) -> None:
    """The clinic and the emergency number can be called from ``place``, as the page's own line names them."""
    expect(place.get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    expect(place.get_by_role("link", name="999").first).to_have_attribute("href", "tel:999")


# ---- start questions and suggestions


def test_the_start_questions_are_those_of_the_content_and_one_press_asks(panel: Locator, client: FlaskClient) -> None:
    known = client.get("/api/config").get_json()["start_questions"]
    expect(panel.locator(".start button")).to_have_text(known)

    panel.get_by_role("button", name=TITLE).click()

    expect(answer(panel)).to_be_visible()
    expect(panel.locator(".asked")).to_have_text(f"You asked: {TITLE}")


def test_known_questions_are_offered_while_typing_and_choosing_one_asks_it(panel: Locator, sent: list[Json]) -> None:
    field(panel).press_sequentially("worn sho")
    expect(panel.get_by_role("option")).to_have_text([TITLE, "Worn-out running shoes"])

    panel.get_by_role("option", name=TITLE).click()

    expect(answer(panel)).to_be_visible()
    expect(panel.get_by_role("option")).to_have_count(0)
    expect(field(panel)).to_have_value("")
    expect(field(panel)).to_be_focused()
    assert [body["message"] for body in sent] == [TITLE]


def test_suggestions_that_come_late_are_dropped(page: Page, panel: Locator) -> None:
    gate = Gate(page, SUGGEST)
    field(panel).fill("worn sho")
    late = gate.first()
    page.unroute(SUGGEST)
    field(panel).fill("core")
    expect(panel.get_by_role("option", name="Weak core muscles")).to_be_visible()

    late.fulfill(json={"suggestions": [TITLE]})
    settle(page)

    expect(panel.get_by_role("option", name=TITLE)).to_have_count(0)
    field(panel).fill("core muscle")
    expect(panel.get_by_role("option", name=re.compile("core muscle")).first).to_be_visible()
    expect(panel.get_by_role("option", name=TITLE)).to_have_count(0)


def test_a_question_that_is_sent_takes_its_suggestions_along(page: Page, panel: Locator) -> None:
    gate = Gate(page, SUGGEST)
    field(panel).fill("worn shoes")
    late = gate.first()
    field(panel).press("Enter")
    expect(panel.get_by_role("article")).to_be_visible()

    late.fulfill(json={"suggestions": [TITLE]})
    settle(page)

    expect(panel.get_by_role("option")).to_have_count(0)
    expect(field(panel)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("body", ["{}", "null", "<p>502", '{"suggestions": null}'])
def test_broken_suggestions_are_none(page: Page, panel: Locator, body: str) -> None:
    fulfil(page, SUGGEST, body)

    with page.expect_response(SUGGEST):
        field(panel).press_sequentially("worn")
    settle(page)
    field(panel).press("Enter")

    expect(panel.locator(".turn article")).to_be_visible()


# ---- the answer


def test_the_passage_stands_there_word_for_word_its_matches_marked(panel: Locator, reply: Reply) -> None:
    passage = reply(QUESTION)["passage"]

    article = ask(panel, QUESTION).get_by_role("article")

    expect(article.get_by_role("heading")).to_have_text(passage["title"])
    shown = article.locator(".quote").evaluate(
        "(quote) => [...quote.querySelectorAll('p, li')].map((e) => e.textContent)"
    )
    assert shown == [block["text"] for block in passage["blocks"]]
    assert " ".join(shown) == passage["text"]
    first = passage["blocks"][0]
    marks = article.locator("mark").all_text_contents()
    assert marks[0] == "worn-out shoes"
    for start, end in first["highlights"]:
        assert any(first["text"][start:end] in mark for mark in marks)


def test_a_list_is_shown_as_a_list(panel: Locator, reply: Reply) -> None:
    question = "signs to see a doctor today"
    items = [block["text"] for block in reply(question)["passage"]["blocks"] if block["kind"] == "li"]
    assert items

    expect(ask(panel, question).locator("article").get_by_role("listitem").filter(visible=True)).to_have_text(items)


def test_the_source_names_document_and_section_and_lands_on_the_passage(
    page: Page, panel: Locator, address: str
) -> None:
    article = ask(panel, QUESTION).get_by_role("article")
    link = article.get_by_role("link", name=f"Questions about back pain after running › {TITLE}")
    expect(link).to_have_attribute("href", f"{address}/sources/faq#worn-shoes")
    expect(article).to_contain_text("Not yet reviewed by a clinician")

    with page.context.expect_page() as opened:
        link.click()
    source = opened.value

    expect(source).to_have_url(f"{address}/sources/faq#worn-shoes")
    source.wait_for_load_state()  # with its style sheet
    expect(source.locator("section:target").get_by_role("heading")).to_have_text(TITLE)
    expect(source.locator("#worn-shoes")).to_be_in_viewport()
    marked, other = (
        source.locator(place).first.evaluate("(section) => getComputedStyle(section).boxShadow")
        for place in ("section:target", "section[id]:not(:target)")
    )
    assert marked != other
    assert source.evaluate("[opener, sessionStorage.length]") == [None, 0]


@pytest.mark.parametrize(
    ("cited", "line"),
    [
        ({"reviewed": "2026-11-01", "author": "Dr. A"}, "Dr. A · Reviewed November 1, 2026"),
        ({"reviewed": "2024-02-29", "overdue": True}, "Reviewed February 29, 2024 (review overdue)"),
    ],
)
def test_the_review_line_says_when_by_whom_and_whether_it_is_overdue(
    page: Page, panel: Locator, reply: Reply, cited: Json, line: str
) -> None:
    real = reply(QUESTION)
    fulfil(page, CHAT, real | {"citation": real["citation"] | cited})

    expect(ask(panel, QUESTION).locator("footer p").nth(1)).to_contain_text(line)


def test_references_unfold_on_demand_with_their_own_numbers(panel: Locator, reply: Reply) -> None:
    references = reply(URGENT)["citation"]["references"]
    article = ask(panel, URGENT).get_by_role("article")
    folded = article.locator("details li")
    expect(folded.first).to_be_hidden()

    article.get_by_text(WORDS["references"].replace("{n}", str(len(references)))).click()

    expect(folded.first).to_be_visible()
    for shown, known in zip(folded.all(), references, strict=True):
        expect(shown).to_contain_text(known["text"])
        assert shown.evaluate("(item) => item.value") == known["number"]
        expect(shown.get_by_role("link")).to_have_attribute("href", known["url"])


def test_the_disclaimer_follows_every_answer(panel: Locator, reply: Reply) -> None:
    for question in (QUESTION, UNSURE, DOSE):
        expect(ask(panel, question)).to_contain_text(reply(question)["disclaimer"])


# ---- where no passage answers for sure


def test_alternatives_ask_and_stay_and_the_chosen_one_says_so(panel: Locator, reply: Reply, sent: list[Json]) -> None:
    offered = reply(UNSURE)["alternatives"]
    turn = ask(panel, UNSURE)
    expect(turn.get_by_role("heading", name="Did you mean …?")).to_be_visible()
    expect(turn.get_by_text("We are not sure which part of our content you mean.")).to_be_visible()
    expect(turn.get_by_role("article")).to_have_count(1)
    buttons = turn.locator(".others button")
    expect(buttons).to_have_text([other["title"] for other in offered])
    field(panel).fill("a draft")

    for _ in range(2):
        buttons.nth(1).click()
        expect(panel.locator(".send")).not_to_have_attribute("aria-disabled", "true")

    expect(answer(panel.locator(".turn").nth(2), offered[1]["title"])).to_be_visible()
    expect(buttons).to_have_text([offered[0]["title"], f"{offered[1]['title']} (chosen)", offered[2]["title"]])
    for one in buttons.all():
        expect(one).to_be_enabled()
    expect(field(panel)).to_have_value("a draft")
    assert [body["message"] for body in sent] == [UNSURE, offered[1]["title"], offered[1]["title"]]


def test_related_questions_stand_below_an_answer(panel: Locator, reply: Reply) -> None:
    turn = ask(panel, QUESTION)

    expect(turn.get_by_role("heading", name="Also related")).to_be_visible()
    expect(turn.locator(".others li .small")).to_have_text(
        [other["snippet"] for other in reply(QUESTION)["alternatives"]]
    )


@pytest.mark.parametrize("question", [DOSE, "is running safe for me with a pacemaker", "do I have sciatica?"])
def test_what_no_passage_may_answer_gets_fixed_wording_and_whom_to_ask(
    panel: Locator, reply: Reply, question: str
) -> None:
    known = reply(question)

    turn = ask(panel, question)

    expect(turn.get_by_role("heading", name="No answer here")).to_be_visible()
    expect(turn).to_contain_text(known["message"])
    expect(turn).to_contain_text(known["contact"]["name"])
    expect(turn.get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    expect(turn.locator(".quote, .others, .actions")).to_have_count(0)


def test_a_question_in_bangla_is_told_so_in_both_languages(panel: Locator, reply: Reply) -> None:
    question = "দৌড়ানোর পর পিঠে ব্যথা কেন হয়"
    english, bangla = reply(question)["message"].split("\n")

    turn = ask(panel, question)

    expect(turn.get_by_text(english)).to_be_visible()
    paragraph = turn.locator("article p").filter(has_text=bangla)
    expect(paragraph).to_be_visible()
    marked = "".join(paragraph.locator("[lang=bn]").all_text_contents())
    assert re.findall("[\u0980-\u09ff]", bangla) == re.findall("[\u0980-\u09ff]", marked)


# ---- safety messages


def test_an_emergency_stands_alone(panel: Locator) -> None:
    turn = ask(panel, f"{EMERGENCY}. {QUESTION}")

    card = turn.get_by_role("region", name=EMERGENCY_HEADING)
    expect(card.locator(".level")).to_have_text("Emergency: get help now")
    expect(card.get_by_role("link", name="Emergency 999")).to_have_attribute("href", "tel:999")
    expect(card).to_contain_text("Do not drive or wait to see if it gets better.")
    expect(turn.locator("article, .others, .actions, .vote")).to_have_count(0)
    expect(turn.get_by_role("button")).to_have_text(["Show", NOT_EMERGENCY])


def test_who_is_in_no_emergency_gets_card_and_passage_and_is_not_asked_again(panel: Locator, sent: list[Json]) -> None:
    turn = ask(panel, f"{EMERGENCY}. {QUESTION}")

    turn.get_by_role("button", name=NOT_EMERGENCY).click()

    second = panel.locator(".turn").nth(1)
    article = second.get_by_role("article")
    expect(article).to_contain_text("There is no good proof")
    card, passage = tops(second, ".alert", "article")
    assert card < passage
    expect(second.get_by_role("button", name=NOT_EMERGENCY)).to_have_count(0)
    assert sent[1]["acknowledged"] == ["cauda_equina"]
    assert sent[1]["context"] == []

    third = ask(panel, "and how can I prevent it?")

    expect(third.locator(".alert")).to_have_count(0)
    assert sent[2]["acknowledged"] == ["cauda_equina"]
    assert sent[2]["context"] == [f"{EMERGENCY}. {QUESTION}"]


def test_text_about_medicine_stays_withheld_after_an_emergency(panel: Locator, reply: Reply) -> None:
    question = f"{EMERGENCY}. {MEDICINE}"
    known = reply(question, acknowledged=["cauda_equina"])
    assert known["passage"] is None

    ask(panel, question).get_by_role("button", name=NOT_EMERGENCY).click()

    second = panel.locator(".turn").nth(1)
    expect(second.locator("article")).to_contain_text(known["message"])
    expect(second.locator(".quote")).to_have_count(0)
    expect(second.locator(".alert")).to_be_visible()


def test_an_urgent_card_comes_before_the_passage(panel: Locator) -> None:
    turn = ask(panel, URGENT)

    expect(turn.get_by_text("Urgent: see a doctor today")).to_be_visible()
    card, passage = tops(turn, ".alert", "article")
    assert card < passage
    expect(turn.locator(".alert").get_by_role("link", name="Health line")).to_have_attribute("href", "tel:16263")
    expect(turn.get_by_role("button", name=NOT_EMERGENCY)).to_have_count(0)


def test_a_soft_card_comes_after_the_passage(panel: Locator) -> None:
    turn = ask(panel, AFTER)

    expect(turn.get_by_text("Book a visit")).to_be_visible()
    passage, others, card = tops(turn, "article", ".others", ".alert")
    assert passage < others < card
    expect(turn.get_by_role("button", name=NOT_EMERGENCY)).to_have_count(0)


def test_two_emergencies_are_both_named_with_all_their_numbers(panel: Locator, reply: Reply) -> None:
    question = "I took the whole strip of napa because I want to die"
    alert = reply(question)["alert"]

    card = ask(panel, question).get_by_role("region", name=alert["heading"])

    expect(card.get_by_role("heading")).to_have_text([alert["heading"], alert["also"][0]["heading"]])
    for phone in [*alert["phones"], *alert["also"][0]["phones"]]:
        expect(card.get_by_role("link", name=phone["label"]).first).to_have_attribute("href", f"tel:{phone['tel']}")


def test_another_country_has_other_numbers_and_stays_chosen(panel: Locator, sent: list[Json]) -> None:
    turn = ask(panel, f"{EMERGENCY}. {QUESTION}")
    expect(turn.get_by_label("Numbers for")).to_have_value("BD")

    turn.get_by_label("Numbers for").select_option("United States")
    turn.get_by_role("button", name="Show", exact=True).click()

    again = panel.locator(".turn").nth(1)
    expect(again.locator(".asked")).to_have_text("You asked: United States")
    expect(again.get_by_role("link", name="Emergency 911")).to_have_attribute("href", "tel:911")
    expect(again.get_by_role("link", name="Emergency 999")).to_have_count(0)
    expect(again.get_by_label("Numbers for")).to_have_value("US")
    expect(again.get_by_role("button", name=NOT_EMERGENCY)).to_be_visible()
    expect(again.locator("article")).to_have_count(0)
    assert [(body["message"], body.get("country"), body["context"]) for body in sent] == [
        (f"{EMERGENCY}. {QUESTION}", None, []),
        (f"{EMERGENCY}. {QUESTION}", "US", []),
    ]

    expect(ask(panel, "I have chest pain").get_by_role("link", name="Emergency 911").first).to_be_visible()
    assert sent[-1]["country"] == "US"
    assert sent[-1]["context"] == [f"{EMERGENCY}. {QUESTION}"]


# ---- what is refused


@pytest.mark.parametrize("length", [501, 4001])
def test_a_question_that_is_too_long_keeps_the_words_and_says_why(panel: Locator, length: int) -> None:
    text = "x" * length

    send(panel, text)

    expect(field(panel)).to_have_value(text)
    expect(field(panel)).to_have_attribute("aria-invalid", "true")
    expect(field(panel)).to_have_accessible_description(
        re.compile(f"^{WORDS['too_long']} {WORDS['privacy'][:10]}".replace("{n}", f"{length - 500:,}"))
    )
    expect(field(panel)).to_be_focused()
    expect(panel.locator(".turn")).to_have_count(0)

    field(panel).fill(QUESTION)
    expect(field(panel)).not_to_have_attribute("aria-invalid", "true")


def test_urgent_words_in_a_question_that_is_too_long_raise_the_card_even_so(panel: Locator) -> None:
    text = f"{EMERGENCY}. ".ljust(501, "x")

    send(panel, text)

    expect(panel.get_by_role("region", name=EMERGENCY_HEADING)).to_be_visible()
    expect(panel.locator(".turn").get_by_role("link", name="Emergency 999")).to_have_attribute("href", "tel:999")
    expect(panel.locator("article, .actions")).to_have_count(0)
    expect(field(panel)).to_have_value(text)
    expect(panel.locator("#error")).to_have_text(WORDS["too_long"].replace("{n}", "1"))


def test_a_question_of_nothing_is_not_sent(page: Page, panel: Locator, sent: list[Json]) -> None:
    send(panel, "   ")

    expect(field(panel)).to_have_accessible_description(re.compile(WORDS["blank"]))
    expect(field(panel)).to_be_focused()
    settle(page)
    assert sent == []


def test_what_the_server_refuses_for_another_reason_is_said(panel: Locator) -> None:
    send(panel, "\u0085")

    expect(field(panel)).to_have_accessible_description(re.compile(WORDS["refused"]))


# ---- follow-ups


def test_a_follow_up_borrows_from_what_was_asked_before(panel: Locator, reply: Reply) -> None:
    before, follow_up = "what is sciatica", "can it be prevented?"
    alone, known = reply(follow_up), reply(follow_up, context=[before])
    assert known["passage"] != alone["passage"]

    ask(panel, before)

    article = ask(panel, follow_up).locator("article")
    title = known["passage"]["title"] if known["passage"] else "Did you mean …?"
    expect(article.get_by_role("heading")).to_have_text(title)


def test_up_to_three_earlier_questions_go_along_and_none_that_was_refused_or_failed(
    page: Page, panel: Locator, sent: list[Json]
) -> None:
    first, second, third, fourth = QUESTION, DOSE, "what is sciatica", MEDICINE
    ask(panel, first)
    send(panel, "x" * 501)
    expect(field(panel)).to_have_attribute("aria-invalid", "true")
    page.route(CHAT, lambda route: route.abort())
    ask(panel, "lost on its way")
    page.unroute(CHAT)
    for question in (second, third, fourth, first):
        ask(panel, question)

    contexts = [body["context"] for body in sent]
    assert contexts == [[], [first], [first], [first], [first, second], [first, second, third], [second, third, fourth]]

    menu(panel, "clear").click()
    menu(panel, "clear_sure").click()
    ask(panel, first)

    assert sent[-1]["context"] == []
    assert sent[-1]["acknowledged"] == []


# ---- did it help


def test_without_a_turn_feedback_stays_here_and_says_what_helps(
    page: Page, panel: Locator, requested: list[str], address: str
) -> None:
    turn = ask(panel, QUESTION)
    before = len(requested)
    yes, no = (turn.get_by_role("button", name=name, exact=True) for name in ("Yes", "No"))
    expect(turn.get_by_role("group", name="Did this help?")).to_be_visible()

    yes.click()
    expect(turn.get_by_text("We are glad it helped.")).to_be_visible()
    expect(yes).to_have_attribute("aria-pressed", "true")

    no.click()
    expect(turn.locator("div.actions")).to_contain_text("Ask in other words, or ask us.")
    expect(turn.locator("div.actions").get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    expect(yes).to_have_attribute("aria-pressed", "false")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(no).to_be_focused()
    settle(page)
    assert requested[before:] == [f"{address}/nothing-more"]


@pytest.mark.parametrize(("name", "helpful"), [("Yes", True), ("No", False)])
def test_with_a_turn_the_server_learns_only_which_and_whether(
    page: Page, panel: Locator, reply: Reply, name: str, helpful: bool
) -> None:
    fulfil(page, CHAT, reply(QUESTION) | {"turn_id": "t-17"})
    page.route(FEEDBACK, lambda route: route.fulfill(status=204))
    turn = ask(panel, QUESTION)

    with page.expect_request(FEEDBACK) as told:
        turn.get_by_role("button", name=name, exact=True).click()

    assert told.value.post_data_json == {"turn_id": "t-17", "helpful": helpful}


def test_feedback_that_nobody_takes_changes_nothing(page: Page, panel: Locator, reply: Reply) -> None:
    fulfil(page, CHAT, reply(QUESTION) | {"turn_id": "t-17"})
    turn = ask(panel, QUESTION)

    with page.expect_response(FEEDBACK) as answered:
        turn.get_by_role("button", name="Yes", exact=True).click()

    assert answered.value.status == 404
    settle(page)
    expect(turn.get_by_text("We are glad it helped.")).to_be_visible()


# ---- a comment beside the vote

HINT = "You can add a comment; we keep it for 30 days. আপনি মন্তব্য লিখতে পারেন। <b>No names.</b>"
COMMENT = "it did not say for how long"


@pytest.fixture
def told(page: Page) -> list[Json]:
    """The votes and comments that the page of this test has sent, in their order."""
    bodies: list[Json] = []

    def heard(request: Request) -> None:
        if FEEDBACK.search(request.url):
            bodies.append(request.post_data_json or {})

    page.on("request", heard)
    return bodies


@pytest.fixture
def commented(page: Page, client: FlaskClient, reply: Reply) -> Locator:
    """The open panel where the server keeps comments."""
    fulfil(page, CONFIG, client.get("/api/config").get_json() | {"comment": HINT})
    fulfil(page, CHAT, reply(QUESTION) | {"turn_id": "t-17"})
    page.route(FEEDBACK, lambda route: route.fulfill(status=204))
    embed(page, policy=STRICT_POLICY)
    panel = open_panel(page)
    listen(panel)
    return panel


def vote(turn: Locator, name: str) -> Locator:
    """Press Yes or No, and return the button."""
    button = turn.get_by_role("button", name=name, exact=True)
    button.click()
    return button


def comment_field(turn: Locator) -> Locator:
    return turn.get_by_role("textbox", name=HINT)


def send_comment(turn: Locator, comment: str = COMMENT) -> None:
    comment_field(turn).fill(comment)
    turn.get_by_role("button", name=WORDS["comment"], exact=True).click()


def test_a_vote_brings_a_field_for_a_comment_under_the_servers_sentence(
    page: Page, commented: Locator, told: list[Json]
) -> None:
    turn = ask(commented, QUESTION)
    expect(turn.locator("form")).to_be_hidden()

    with page.expect_request(FEEDBACK):
        no = vote(turn, "No")

    expect(turn.get_by_text(HINT)).to_be_visible()
    expect(turn.locator("label [lang=bn]")).to_have_text("আপনি মন্তব্য লিখতে পারেন। ")
    expect(turn.locator("b").filter(has_text="names")).to_have_count(0)
    expect(comment_field(turn)).to_have_css("font-size", "16px")
    expect(comment_field(turn)).to_have_attribute("autocomplete", "off")
    expect(no).to_be_focused()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.querySelector('citewell-chat').shadowRoot.activeElement.textContent"))
    assert reached.index(PHONE) < reached.index("") == reached.index("Send") - 1
    assert told == [{"turn_id": "t-17", "helpful": False}]


@pytest.mark.parametrize(("name", "helpful"), [("Yes", True), ("No", False)])
def test_a_comment_goes_with_its_vote_and_is_thanked_for(
    commented: Locator, told: list[Json], name: str, helpful: bool
) -> None:
    turn = ask(commented, QUESTION)
    pressed = vote(turn, name)
    comment_field(turn).fill(f"  {COMMENT} ")

    comment_field(turn).press("Enter")

    expect(turn.get_by_text("Thank you.")).to_be_visible()
    expect_said(commented, "Thank you.")
    expect(turn.locator("form")).to_have_count(0)
    expect(pressed).to_be_focused()
    expect(commented).to_be_visible()
    assert told[1:] == [{"turn_id": "t-17", "helpful": helpful, "comment": COMMENT}]


def test_a_comment_that_is_thanked_for_takes_no_focus_from_elsewhere(page: Page, commented: Locator) -> None:
    turn = ask(commented, QUESTION)
    with page.expect_response(FEEDBACK):  # or the vote would be held, too
        vote(turn, "Yes")
    gate = Gate(page, FEEDBACK)
    send_comment(turn)
    field(commented).focus()

    gate.first().fulfill(status=204)

    expect(turn.get_by_text("Thank you.")).to_be_visible()
    expect(field(commented)).to_be_focused()


def test_a_comment_of_nothing_is_not_sent(commented: Locator, told: list[Json]) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "Yes")

    send_comment(turn, "   ")
    send_comment(turn)

    expect(turn.get_by_text("Thank you.")).to_be_visible()
    assert [body.get("comment") for body in told] == [None, COMMENT]


def test_pressing_twice_sends_a_comment_once(page: Page, commented: Locator, told: list[Json]) -> None:
    turn = ask(commented, QUESTION)
    with page.expect_response(FEEDBACK):  # or the vote would be held, too
        vote(turn, "Yes")
    gate = Gate(page, FEEDBACK)
    comment_field(turn).fill(COMMENT)

    turn.get_by_role("button", name="Send").dblclick()
    gate.first().fulfill(status=204)

    expect(turn.get_by_text("Thank you.")).to_be_visible()
    settle(page)
    assert [body.get("comment") for body in told] == [None, COMMENT]


def test_the_last_vote_counts_and_takes_the_comment_along(page: Page, commented: Locator, told: list[Json]) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "No")
    comment_field(turn).fill(COMMENT)
    vote(turn, "Yes")
    expect(comment_field(turn)).to_have_value(COMMENT)

    comment_field(turn).press("Enter")
    expect(turn.get_by_text("Thank you.")).to_be_visible()
    with page.expect_request(FEEDBACK):
        vote(turn, "No")

    expect(turn.locator("form")).to_have_count(0)
    assert [(body["helpful"], body.get("comment")) for body in told] == [
        (False, None),
        (True, None),
        (True, COMMENT),
        (False, COMMENT),
    ]


@pytest.mark.parametrize("status", [None, 404, 422, 429, 503])
def test_a_comment_that_does_not_go_through_stays_and_can_be_sent_again(
    page: Page, commented: Locator, told: list[Json], status: int | None
) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "Yes")
    page.route(FEEDBACK, lambda route: route.fulfill(status=status, json={}) if status else route.abort())

    send_comment(turn)

    expect(turn.get_by_text(WORDS["unsent"])).to_be_visible()
    expect_said(commented, WORDS["unsent"])
    expect(comment_field(turn)).to_have_value(COMMENT)
    expect(turn.get_by_text("Thank you.")).to_have_count(0)

    vote(turn, "No")
    page.route(FEEDBACK, lambda route: route.fulfill(status=204))
    turn.get_by_role("button", name="Send").click()

    expect(turn.get_by_text("Thank you.")).to_be_visible()
    expect(turn.get_by_text(WORDS["unsent"])).to_have_count(0)
    assert [(body["helpful"], body.get("comment")) for body in told] == [
        (True, None),
        (True, COMMENT),
        (False, None),
        (False, COMMENT),
    ]


@pytest.mark.parametrize("status", [200, 422, 503])
def test_a_comment_that_raises_a_safety_message_shows_and_says_it_first(
    page: Page, commented: Locator, reply: Reply, status: int
) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "No")
    fulfil(page, FEEDBACK, {"alert": reply(EMERGENCY)["alert"]}, status)

    for _ in range(2):
        with page.expect_response(FEEDBACK):
            send_comment(turn, EMERGENCY)

        card = turn.get_by_role("region", name=EMERGENCY_HEADING)
        expect(card).to_have_count(1)
        expect(card).to_be_in_viewport()
        expect(card.get_by_role("link", name="Emergency 999").first).to_have_attribute("href", "tel:999")
        expect_said(commented, re.compile(f"^{WORDS['emergency']}.*999.*{WORDS['unsent']}$"))
    asked, shown, passage = tops(turn, ".asked", ".alert", "article")
    assert asked < shown < passage
    expect(turn.get_by_text("Thank you.")).to_have_count(0)


def test_the_card_that_a_comment_raised_stays_when_other_words_are_sent(
    page: Page, commented: Locator, reply: Reply
) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "No")
    fulfil(page, FEEDBACK, {"alert": reply(EMERGENCY)["alert"]})
    send_comment(turn, EMERGENCY)
    card = turn.get_by_role("region", name=EMERGENCY_HEADING)
    expect(card).to_be_visible()

    page.route(FEEDBACK, lambda route: route.fulfill(status=204))
    send_comment(turn)

    expect_said(commented, "Thank you.")
    expect(card).to_be_visible()


@pytest.mark.parametrize("alert", [{"level": "emergency"}, "now", []])
def test_an_alert_of_a_comment_that_is_no_card_is_no_thanks_either(
    page: Page, commented: Locator, alert: object
) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "No")
    fulfil(page, FEEDBACK, {"alert": alert})

    send_comment(turn)

    expect(turn.get_by_text(WORDS["unsent"])).to_be_visible()
    expect(turn.locator("article")).to_be_visible()


@pytest.mark.parametrize(("comment", "turn_id"), [(None, "t-17"), (HINT, None)])
def test_without_comments_or_without_a_turn_there_is_no_field_for_one(
    page: Page, client: FlaskClient, reply: Reply, comment: str | None, turn_id: str | None
) -> None:
    fulfil(page, CONFIG, client.get("/api/config").get_json() | {"comment": comment})
    fulfil(page, CHAT, reply(QUESTION) | {"turn_id": turn_id})
    embed(page)
    turn = ask(open_panel(page), QUESTION)

    vote(turn, "No")

    expect(turn.locator("div.actions")).to_contain_text("Ask in other words, or ask us.")
    expect(turn.locator("form")).to_have_count(0)


def test_on_the_next_page_no_field_is_open_and_a_vote_brings_it(page: Page, commented: Locator) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "No")
    comment_field(turn).fill(COMMENT)

    page.reload()
    turn = open_panel(page).locator(".turn")

    expect(turn.locator("article")).to_be_visible()
    expect(turn.locator("form")).to_be_hidden()
    vote(turn, "Yes")
    expect(comment_field(turn)).to_have_value("")


def test_keys_that_end_a_word_of_a_comment_neither_send_nor_close(
    page: Page, commented: Locator, told: list[Json]
) -> None:
    turn = ask(commented, QUESTION)
    vote(turn, "Yes")
    comment_field(turn).fill("মন্তব")

    prevented = {
        key: not comment_field(turn).evaluate(
            """(field, key) => field.dispatchEvent(
                new KeyboardEvent("keydown", {key, keyCode: 229, bubbles: true, cancelable: true, composed: true}))""",
            key,
        )
        for key in ("Enter", "Escape")
    }

    assert prevented == {"Enter": True, "Escape": False}
    expect(commented).to_be_visible()
    comment_field(turn).press("Escape")
    expect(commented).to_be_hidden()
    settle(page)
    assert len(told) == 1


@pytest.mark.parametrize("size", [(320, 640), (320, 256), (1280, 800)])
def test_the_field_for_a_comment_finds_room_and_covers_nothing(
    page: Page, commented: Locator, size: tuple[int, int]
) -> None:
    resize(page, *size)
    turn = ask(commented, QUESTION)

    vote(turn, "No")

    expect(turn.locator("form")).to_have_css("position", "static")
    assert commented.locator(".log").evaluate("(log) => log.scrollWidth <= log.clientWidth")
    boxes = [place.bounding_box() for place in (comment_field(turn), turn.get_by_role("button", name="Send"))]
    assert all(box and box["height"] >= 44 and box["x"] + box["width"] <= size[0] for box in boxes)


def test_where_colours_are_forced_the_field_for_a_comment_has_its_border(page: Page, commented: Locator) -> None:
    page.emulate_media(forced_colors="active")
    turn = ask(commented, QUESTION)

    vote(turn, "Yes")

    for place in (comment_field(turn), turn.get_by_role("button", name="Send")):
        expect(place).to_have_css("border-top-width", "1px")
        expect(place).to_have_css("border-top-style", "solid")


def test_in_bangla_a_comment_is_sent_and_thanked_for_in_bangla(page: Page, client: FlaskClient, reply: Reply) -> None:
    bangla = json.loads((FOLDER / "strings" / "bn.json").read_text("utf-8"))["texts"]
    fulfil(page, CONFIG, client.get("/api/config?language=bn").get_json() | {"comment": "আর কিছু বলবেন?"})
    fulfil(page, CHAT, reply(QUESTION) | {"turn_id": "t-17"})
    page.route(FEEDBACK, lambda route: route.abort())
    embed(page, 'data-lang="bn"')
    panel = open_panel(page)
    panel.get_by_label(bangla["question"]).fill(QUESTION)
    panel.get_by_label(bangla["question"]).press("Enter")
    turn = panel.locator(".turn")
    vote(turn, bangla["yes"])
    turn.get_by_label("আর কিছু বলবেন?").fill(COMMENT)

    turn.get_by_role("button", name=bangla["comment"], exact=True).click()
    expect(turn.get_by_text(bangla["unsent"])).to_be_visible()
    page.route(FEEDBACK, lambda route: route.fulfill(status=204))
    turn.get_by_role("button", name=bangla["comment"], exact=True).click()

    expect(turn.get_by_text(bangla["thanks"])).to_be_visible()


# ---- taking it along


def belongs_along(known: Json, address: str) -> list[str]:
    """What has to be on the clipboard, in this order: text, source, address, review, advice."""
    citation = known["citation"]
    return [
        known["passage"]["title"],
        *(block["text"] for block in known["passage"]["blocks"]),
        f"{citation['document']} › {citation['section']}",
        f"{address}{citation['url']}",
        "Not yet reviewed by a clinician",
        known["disclaimer"],
    ]


def in_order(parts: list[str], text: str) -> bool:
    """Whether ``text`` has all the ``parts``, one after the other."""
    return re.search(".*".join(map(re.escape, parts)), text, re.DOTALL) is not None


def test_an_answer_is_copied_with_source_address_review_and_advice(
    page: Page, panel: Locator, reply: Reply, address: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = ask(panel, QUESTION)
    pause(page)  # the button says so for three seconds

    turn.get_by_role("button", name="Copy with source").click()

    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    assert in_order(belongs_along(reply(QUESTION), address), page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(
    "clipboard",
    [
        "() => { Object.defineProperty(navigator, 'clipboard', {value: undefined}) }",
        "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')) }",
    ],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_without_the_clipboard_of_today_the_old_way_copies(
    page: Page, panel: Locator, clipboard: str, width: int
) -> None:
    turn = ask(panel, QUESTION)
    resize(page, width, 800)
    page.evaluate(clipboard)
    page.evaluate("addEventListener('copy', (event) => { window.taken = event.composedPath()[0].value })")
    pause(page)  # the button says so for three seconds

    turn.get_by_role("button", name="Copy with source").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_focused()
    assert DISCLAIMER in page.evaluate("window.taken")
    page.clock.run_for(1000)
    expect_said(panel, "Copied")

    page.evaluate("window.taken = ''")
    menu(panel, "copy_all").click()
    expect(panel.locator(".menu")).to_be_hidden()
    page.clock.run_for(1000)
    expect_said(panel, "Copied")
    assert DISCLAIMER in page.evaluate("window.taken")
    expect(panel.locator("textarea")).to_have_count(0)


def test_where_nothing_can_be_copied_it_says_so(page: Page, panel: Locator) -> None:
    turn = ask(panel, QUESTION)
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error()); document.execCommand = () => false"
    )
    pause(page)  # the button says so for three seconds

    turn.get_by_role("button", name="Copy with source").click()

    expect(turn.get_by_role("button", name=WORDS["not_copied"])).to_be_visible()


def test_the_whole_conversation_can_be_copied_saved_and_printed(
    page: Page, panel: Locator, reply: Reply, address: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for question in (QUESTION, UNSURE, EMERGENCY):
        ask(panel, question)

    page.clock.set_fixed_time("2026-11-01")  # the texts have a date on top, and midnight may come
    menu(panel, "copy_all").click()
    expect_said(panel, "Copied")
    copied: str = page.evaluate("navigator.clipboard.readText()")

    with page.expect_download() as download:
        menu(panel, "save").click()
    saved = Path(download.value.path()).read_text("utf-8")
    assert download.value.suggested_filename == "conversation.txt"

    page.evaluate(
        """() => {
            const {shadowRoot} = document.querySelector("citewell-chat");
            window.print = () => (window.printed = shadowRoot.querySelector(".paper").textContent);
        }"""
    )
    menu(panel, "print").click()
    page.emulate_media(media="print")
    expect(page.locator("citewell-chat .paper")).to_be_visible()
    expect(panel).to_be_hidden()
    expect(page.get_by_role("heading", name="A clinic")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("citewell-chat .paper")).to_have_count(0)
    expect(page.get_by_role("heading", name="A clinic")).to_be_visible()

    assert copied == saved == page.evaluate("window.printed")
    emergency = reply(EMERGENCY)["alert"]
    parts = [
        QUESTION,
        *belongs_along(reply(QUESTION), address),
        UNSURE,
        *(other["title"] for other in reply(UNSURE)["alternatives"]),
        EMERGENCY,
        "Emergency: get help now",
        emergency["heading"],
        *(phone["label"] for phone in emergency["phones"]),
        *emergency["message"].split("\n"),
    ]
    assert in_order(parts, saved)


# ---- kept in this tab, and cleared


def test_clearing_takes_two_presses_and_leaves_nothing(page: Page, panel: Locator) -> None:
    ask(panel, QUESTION)
    assert stored(page)["turns"]

    menu(panel, "clear").click()
    expect(menu(panel, "clear_sure")).to_be_focused()
    expect_said(panel, WORDS["clear_sure"])
    expect(panel.locator(".turn")).to_have_count(1)
    menu(panel, "clear_sure").click()

    expect(panel.locator(".turn")).to_have_count(0)
    expect(panel.locator(".start button").first).to_be_visible()
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert page.context.cookies() == []


def test_who_leaves_the_menu_has_not_begun_to_clear(panel: Locator) -> None:
    ask(panel, QUESTION)
    menu(panel, "clear").click()
    panel.press("Escape")
    expect(panel.locator(".menu")).to_be_hidden()

    expect(menu(panel, "clear")).to_be_visible()
    expect(menu(panel, "clear_sure")).to_have_count(0)


def test_what_is_cleared_while_it_is_awaited_does_not_come_back(page: Page, panel: Locator) -> None:
    gate = Gate(page, CHAT)
    with page.expect_request(CHAT):
        send(panel, QUESTION)
    menu(panel, "clear").click()
    menu(panel, "clear_sure").click()
    expect(panel.locator(".turn")).to_have_count(0)
    gate.first().continue_()
    page.unroute(CHAT)

    ask(panel, DOSE)

    expect(panel.locator(".turn")).to_have_count(1)
    assert [turn["question"] for turn in stored(page)["turns"]] == [DOSE]


def test_another_language_keeps_the_conversation_and_what_is_being_typed(page: Page, panel: Locator) -> None:
    ask(panel, QUESTION)
    ask(panel, EMERGENCY)
    field(panel).fill("half a quest")

    menu(panel, "বাংলা").click()

    expect(page.locator("citewell-chat .root")).to_have_attribute("lang", "bn")
    expect(panel.locator(".turn")).to_have_count(2)
    expect(panel.locator(".quote")).to_contain_text("There is no good proof")
    expect(panel.locator(".asked").first).to_contain_text(QUESTION)
    expect(panel.locator("input")).to_have_value("half a quest")
    expect(panel.locator(".country select")).to_have_value("BD")


def test_another_language_waits_until_the_question_is_answered(page: Page, panel: Locator) -> None:
    gate = Gate(page, CHAT)
    with page.expect_request(CHAT):
        send(panel, QUESTION)

    menu(panel, "বাংলা").click()
    gate.first().continue_()

    expect(answer(panel)).to_be_visible()
    expect(page.locator("citewell-chat .root")).to_have_attribute("lang", "en")


def test_who_hides_the_button_can_come_back_by_the_link(page: Page) -> None:
    embed(page, body=f'{TEXT}<a href="/chat" data-citewell>Ask here</a>')
    panel = open_panel(page)
    ask(panel, QUESTION)

    menu(panel, "hide").click()
    expect(page.locator("citewell-chat .launcher")).to_be_hidden()
    expect(panel).to_be_hidden()

    page.get_by_role("link", name="Ask here").click()
    expect(answer(panel)).to_be_visible()


def test_the_conversation_goes_along_to_the_next_page_and_into_no_other_tab(
    page: Page, browser: Browser, address: str, sent: list[Json]
) -> None:
    embed(page)
    panel = open_panel(page)
    ask(panel, UNSURE)
    ask(panel, f"{EMERGENCY}. {QUESTION}").get_by_role("button", name=NOT_EMERGENCY).click()
    expect(answer(panel)).to_be_visible()

    page.goto("/sources/")
    embed(page)
    panel = open_panel(page)

    expect(panel.locator(".turn")).to_have_count(3)
    expect(panel.locator(".turn").nth(1).get_by_label("Numbers for")).to_have_value("BD")
    expect(answer(panel)).to_be_visible()
    ask(panel, "and how can I prevent it?")
    assert sent[-1]["context"] == [UNSURE, f"{EMERGENCY}. {QUESTION}"]
    assert sent[-1]["acknowledged"] == ["cauda_equina"]

    context = browser.new_context(base_url=address)
    other = context.new_page()
    embed(other)
    expect(open_panel(other).locator(".turn")).to_have_count(0)
    context.close()


def test_a_page_can_have_nothing_kept(page: Page) -> None:
    embed(page, 'data-remember="off"')
    ask(open_panel(page), QUESTION)

    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(open_panel(page).locator(".turn")).to_have_count(0)


@pytest.mark.parametrize(
    "kept",
    [
        "no json",
        "17",
        '{"turns": [{"question": "q", "reply": {"disclaimer": "d"}}], "acknowledged": []}',
        '{"turns": [{"question": 7, "reply": {"disclaimer": {}}}], "acknowledged": []}',
        '{"turns": {}, "acknowledged": {}, "country": 3}',
    ],
)
def test_what_another_version_kept_keeps_nobody_from_asking(page: Page, kept: str) -> None:
    page.goto("/sources/")
    page.evaluate("(kept) => sessionStorage.setItem('citewell', kept)", kept)
    embed(page)
    panel = open_panel(page)

    expect(panel.locator(".turn")).to_have_count(0)
    ask(panel, QUESTION)

    assert len(stored(page)["turns"]) == 1


def test_where_storage_is_forbidden_it_works_all_the_same(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('', 'SecurityError') }})"
    )
    embed(page)
    panel = open_panel(page)

    expect(answer(ask(panel, QUESTION))).to_be_visible()


# ---- waiting, and a server that does not answer


def test_waiting_is_said_after_half_a_second(page: Page) -> None:
    page.clock.install()
    embed(page)
    panel = open_panel(page)
    gate = Gate(page, CHAT)
    pause(page)
    with page.expect_request(CHAT):
        send(panel, QUESTION)
    turn = panel.locator(".turn")

    page.clock.run_for(490)
    expect(turn).not_to_contain_text("Searching")
    page.clock.run_for(20)
    expect(turn).to_contain_text("Searching …")
    expect(panel.locator("[aria-live]")).to_have_text("Searching …")
    expect(panel.locator(".log")).to_have_attribute("aria-busy", "true")

    gate.first().continue_()
    expect(answer(turn)).to_be_visible()
    expect(turn).not_to_contain_text("Searching")
    expect(panel.locator(".log")).to_have_attribute("aria-busy", "false")


def test_after_eight_seconds_it_offers_to_try_again(page: Page) -> None:
    page.clock.install()
    embed(page)
    panel = open_panel(page)
    Gate(page, CHAT)
    pause(page)
    with page.expect_request(CHAT):
        send(panel, QUESTION)

    page.clock.run_for(7900)
    expect(panel.locator(".failure")).to_have_count(0)
    page.clock.run_for(200)

    turn = panel.locator(".turn")
    expect(turn.locator(".failure")).to_contain_text(WORDS["timeout"])
    expect(turn.locator(".asked")).to_contain_text(QUESTION)
    reachable(turn.locator(".failure"))


def test_the_button_to_a_new_answer_goes_once_that_is_in_sight(page: Page, panel: Locator) -> None:
    ask(panel, QUESTION)
    log, below = panel.locator(".log"), panel.get_by_role("button", name=WORDS["new_answer"])
    expect(below).to_be_hidden()
    gate = Gate(page, CHAT)
    with page.expect_request(CHAT):
        send(panel, URGENT)
    log.evaluate("(log) => log.scrollTo(0, 0)")
    gate.first().continue_()
    expect(below).to_be_visible()

    log.evaluate("(log) => log.scrollTo(0, log.scrollHeight)")

    expect(below).to_be_hidden()
    expect(panel.locator(".turn").nth(1).get_by_role("article")).to_be_visible()


PROBLEM = {"type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": "Please wait a minute."}
GONE: dict[str, tuple[Callable[[Page], object], str]] = {
    "offline": (lambda page: page.context.set_offline(True), "offline"),
    "refused by the browser, as without permission": (
        lambda page: page.route(CHAT, lambda route: route.abort()),
        "unreachable",
    ),
    "too often": (lambda page: fulfil(page, CHAT, PROBLEM, 429, **{"Retry-After": "60"}), "limit"),
    "too often, says what stands between": (lambda page: fulfil(page, CHAT, "<h1>429", 429), "limit"),
    "a crash": (lambda page: fulfil(page, CHAT, "<h1>Bad gateway</h1>", 502), "server"),
    "a wall": (lambda page: fulfil(page, CHAT, '{"blocked": true}', 403), "server"),
    "no longer there": (lambda page: fulfil(page, CHAT, "{}", 404), "server"),
    "no JSON": (lambda page: fulfil(page, CHAT, '{"kind": "ans'), "server"),
    "nothing": (lambda page: page.route(CHAT, lambda route: route.fulfill(status=204)), "server"),
    "null": (lambda page: fulfil(page, CHAT, "null"), "server"),
    "no fields": (lambda page: fulfil(page, CHAT, "{}"), "server"),
    "too few fields": (
        lambda page: fulfil(page, CHAT, {"kind": "answer", "disclaimer": "Ask a doctor."}),
        "server",
    ),
}


@pytest.mark.parametrize("case", GONE)
def test_a_question_that_finds_no_answer_is_kept_and_can_be_asked_again(
    page: Page, sent: list[Json], case: str
) -> None:
    breaks, reason = GONE[case]
    words = WORDS[reason]
    page.route(CONFIG, lambda route: route.abort())  # what the page's own line says must do
    embed(page)
    page.locator("citewell-chat .launcher").click()
    panel = page.locator("citewell-chat #panel")
    listen(panel)
    breaks(page)

    turn = ask(panel, QUESTION)

    expect(turn.locator(".asked")).to_contain_text(QUESTION)
    expect(turn.locator(".failure")).to_contain_text(words)
    expect_said(panel, re.compile(re.escape(words)))
    reachable(turn.locator(".failure"))
    expect(panel.locator(".notice")).to_contain_text(DISCLAIMER)
    assert page.evaluate("sessionStorage.length") == 0

    page.unroute(CHAT)
    page.context.set_offline(False)
    turn.get_by_role("button", name="Try again").click()

    expect(answer(panel)).to_be_visible()
    expect(panel.locator(".failure")).to_have_count(0)
    expect(panel.locator(".turn")).to_have_count(1)
    expect(field(panel)).to_be_focused()
    assert [body["message"] for body in sent] == [QUESTION, QUESTION]


def test_who_asks_too_often_still_gets_the_card(page: Page, panel: Locator, reply: Reply) -> None:
    fulfil(page, CHAT, PROBLEM | {"alert": reply(EMERGENCY)["alert"]}, 429, **{"Retry-After": "60"})

    turn = ask(panel, EMERGENCY)

    expect(turn.get_by_role("region", name=EMERGENCY_HEADING)).to_be_visible()
    expect(turn.get_by_role("link", name="Emergency 999").first).to_have_attribute("href", "tel:999")
    expect(turn.locator(".failure")).to_contain_text(WORDS["limit"])
    expect_said(panel, re.compile("^Emergency: get help now.*Please wait a minute"))


@pytest.mark.parametrize("alert", [{"level": "emergency"}, "now", []])
def test_an_alert_that_is_no_card_hides_neither_numbers_nor_the_way_back(
    page: Page, panel: Locator, alert: object
) -> None:
    fulfil(page, CHAT, PROBLEM | {"alert": alert}, 429)

    turn = ask(panel, EMERGENCY)

    reachable(turn.locator(".failure"))
    expect(turn.get_by_role("button", name="Try again")).to_be_visible()


def test_an_older_question_cannot_be_lost_by_trying_again_while_another_waits(page: Page, panel: Locator) -> None:
    page.route(CHAT, lambda route: route.abort())
    failed = ask(panel, QUESTION)
    page.unroute(CHAT)
    gate = Gate(page, CHAT)
    with page.expect_request(CHAT):
        send(panel, DOSE)

    failed.get_by_role("button", name="Try again").click()

    expect(failed.locator(".asked")).to_contain_text(QUESTION)
    gate.first().continue_()
    expect(panel.get_by_role("heading", name="No answer here")).to_be_visible()
    page.unroute(CHAT)
    failed.get_by_role("button", name="Try again").click()
    expect(answer(panel)).to_be_visible()


def test_a_server_that_is_gone_at_first_leaves_advice_and_numbers_and_is_asked_again(page: Page) -> None:
    page.route(re.compile("/api/"), lambda route: route.abort())
    embed(page)
    page.locator("citewell-chat .launcher").click()
    panel = page.locator("citewell-chat #panel")

    notice = panel.locator(".notice")
    expect(notice).to_contain_text(DISCLAIMER)
    expect(notice.get_by_role("link", name=HELP)).to_have_attribute("href", re.compile("/sources/$"))
    reachable(panel)
    expect(panel.get_by_text("Please do not type names")).to_be_visible()

    page.unroute(re.compile("/api/"))
    with page.expect_response(CONFIG):
        ask(panel, EMERGENCY)

    expect(notice.get_by_role("link", name=HELP)).to_be_visible()
    expect(panel.locator(".start button")).to_have_count(4)
    expect(panel.locator(".turn").get_by_label("Numbers for")).to_have_value("BD")


@pytest.mark.parametrize(
    "config", ["{}", "null", "<p>", '{"disclaimer": "Ask a doctor."}', '{"disclaimer": "x", "clinic": 1}']
)
def test_a_broken_config_is_as_none(page: Page, config: str) -> None:
    fulfil(page, CONFIG, config)
    embed(page)
    with page.expect_response(CONFIG):
        page.locator("citewell-chat .launcher").click()
    panel = page.locator("citewell-chat #panel")
    page.route(CHAT, lambda route: route.abort())

    reachable(ask(panel, QUESTION).locator(".failure"))
    page.unroute(CHAT)

    expect(answer(ask(panel, QUESTION))).to_be_visible()


def test_the_standing_advice_is_seen_in_every_state(page: Page, panel: Locator) -> None:
    notice = panel.locator(".notice")

    def seen() -> None:
        expect(notice).to_contain_text(DISCLAIMER)
        expect(notice.get_by_role("link", name=HELP)).to_be_in_viewport(ratio=1)

    seen()
    for question in (QUESTION, UNSURE, DOSE, EMERGENCY, URGENT, "x" * 501):
        send(panel, question)
        expect(panel.locator(".log")).to_have_attribute("aria-busy", "false")
        seen()
    menu(panel, "clear")
    seen()
    page.route(CHAT, lambda route: route.abort())
    ask(panel, QUESTION)
    seen()


def test_pressing_twice_asks_once(page: Page, panel: Locator, sent: list[Json]) -> None:
    gate = Gate(page, CHAT)
    field(panel).fill(QUESTION)

    panel.get_by_role("button", name="Ask", exact=True).dblclick()
    gate.first().continue_()

    expect(answer(panel)).to_be_visible()
    expect(panel.locator(".turn")).to_have_count(1)
    settle(page)
    assert len(sent) == 1


def test_start_questions_and_alternatives_wait_their_turn(page: Page, panel: Locator, sent: list[Json]) -> None:
    gate = Gate(page, CHAT)
    with page.expect_request(CHAT):
        panel.locator(".start button").nth(0).click()
    panel.locator(".start button").nth(1).click()
    field(panel).press("Enter")
    page.evaluate("() => Citewell.ask('what is sciatica')")
    expect(field(panel)).not_to_be_editable()

    gate.first().continue_()

    expect(panel.locator(".turn article")).to_have_count(1)
    settle(page)
    assert len(sent) == 1


# ---- hostile words


MARKUP = "<img src=x onerror=\"document.title='hacked'\"><s>struck</s>"


def poisoned(value: Any, text: str) -> Any:
    """``value`` with every text in it replaced, but for those that choose what is shown."""
    if isinstance(value, dict):
        spared = {"kind", "level", "placement", "url", "tel", "rule", "reviewed", "hash", "id"}
        return {key: inner if key in spared else poisoned(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, text) for inner in value]
    return text if isinstance(value, str) else value


def without_highlights(answer: Json) -> Json:
    for block in (answer["passage"] or {"blocks": []})["blocks"]:
        block["highlights"] = [[0, 4]]
    return answer


@pytest.mark.parametrize("question", [URGENT, UNSURE, DOSE, EMERGENCY])
def test_markup_in_a_reply_is_shown_and_never_run(page: Page, panel: Locator, reply: Reply, question: str) -> None:
    fulfil(page, CHAT, without_highlights(poisoned(reply(question), MARKUP)))

    turn = ask(panel, question)

    expect(turn).to_contain_text(MARKUP)
    expect(page.locator("citewell-chat").locator("img, s, iframe, script")).to_have_count(0)
    assert page.title() == "A clinic"


def test_markup_in_what_the_server_says_of_the_clinic_and_in_options_is_shown_and_never_run(
    page: Page, client: FlaskClient
) -> None:
    config = client.get("/api/config").get_json()
    spared = {key: config[key] for key in ("languages", "phones", "limits", "country", "help")}
    fulfil(page, CONFIG, poisoned(config, MARKUP) | spared)
    option = MARKUP.replace("&", "&amp;").replace('"', "&quot;")
    embed(page, f'data-greeting="{option}" data-label="{option}"')

    panel = open_panel(page)

    expect(panel.locator(".notice")).to_contain_text(MARKUP)
    expect(panel.locator(".log p").first).to_have_text(MARKUP)
    expect(panel.locator(".start button").first).to_have_text(MARKUP)
    expect(page.locator("citewell-chat").locator("img, s")).to_have_count(0)
    assert page.title() == "A clinic"


def test_markup_in_a_question_is_shown_and_never_run(page: Page, panel: Locator) -> None:
    turn = ask(panel, f"{MARKUP} back pain")

    expect(turn.locator(".asked")).to_have_text(f"You asked: {MARKUP} back pain")
    expect(page.locator("citewell-chat img")).to_have_count(0)
    assert page.title() == "A clinic"


@pytest.mark.parametrize(
    "url",
    ["javascript:document.title='hacked'", " JavaScript:alert(1)", "data:text/html,<p>x", "vbscript:x", "https://", 7],
)
def test_an_address_that_is_none_of_the_web_becomes_no_link(
    page: Page, panel: Locator, reply: Reply, url: object
) -> None:
    real = reply(URGENT)
    for reference in real["citation"]["references"]:
        reference["url"] = url
    real["citation"]["url"] = url
    real["alert"]["phones"] = [{"label": "Call", "tel": str(url)}]
    fulfil(page, CHAT, real)

    send(panel, URGENT)
    expect(panel.locator(".turn article, .turn .failure").first).to_be_visible()

    addresses = panel.locator(".turn a[href]").evaluate_all("(links) => links.map((link) => link.href)")
    assert [one for one in addresses if not re.match(r"https?://|tel:[\d+*#]*$", one)] == []


def test_huge_texts_stay_inside(page: Page, panel: Locator, reply: Reply) -> None:
    resize(page, 320, 600)
    huge = "W" * 4_000 + " অ" * 1_000
    fulfil(page, CHAT, without_highlights(poisoned(reply(URGENT), huge)))

    ask(panel, URGENT)

    assert panel.locator(".log").evaluate("(log) => log.scrollWidth <= log.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_level_that_is_not_known_is_shown_even_so(page: Page, panel: Locator, reply: Reply) -> None:
    real = reply(URGENT)
    real["alert"]["level"] = "crisis"
    fulfil(page, CHAT, real)

    turn = ask(panel, URGENT)

    expect(turn.get_by_role("region", name=real["alert"]["heading"])).to_be_visible()
    expect(turn.locator(".quote")).to_be_visible()


# ---- what stays private


def test_the_question_stands_in_no_address_history_title_or_event(
    page: Page, requested: list[str], address: str
) -> None:
    page.add_init_script(
        """window.heard = [];
        for (const name of ["open", "close", "ask", "answer", "error"])
            document.addEventListener(`citewell:${name}`, (event) => heard.push([name, JSON.stringify(event.detail)]));
        for (const name of ["pushState", "replaceState"])
            history[name] = (...given) => heard.push([name, JSON.stringify(given)]);"""
    )
    embed(page)
    panel = open_panel(page)
    depth = page.evaluate("history.length")
    field(panel).press_sequentially("canaryword shoes")
    ask(panel, f"canaryword {QUESTION}")
    ask(panel, f"canaryword {EMERGENCY}")
    page.route(CHAT, lambda route: route.abort())
    ask(panel, "canaryword lost")
    panel.get_by_role("button", name="Close", exact=True).click()

    page.wait_for_function("heard.length === 8")
    heard = page.evaluate("heard")
    assert [name for name, _ in heard] == ["open", "ask", "answer", "ask", "answer", "ask", "error", "close"]
    assert "canaryword" not in str(heard)
    assert page.evaluate("history.length") == depth
    assert page.url == f"{address}{HOST}"
    assert page.title() == "A clinic"
    assert len(requested) > 5
    assert [url for url in requested if "canaryword" in url or not url.startswith(f"{address}/")] == []
