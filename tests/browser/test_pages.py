"""What a visitor sees and does, in a real browser without JavaScript of ours."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.navigation import follow

pytestmark = pytest.mark.browser

QUESTION = "How can worn-out running shoes lead to back pain?"
PAGES = [
    "/",
    "/chat",
    "/sources/",
    "/sources/faq",
    "/sources/back-pain-after-running",
    "/sources/when-to-get-help",
    "/docs",
    "/no",
]


ALERTS = {
    "emergency": "back pain and cant pee since morning",
    "two emergencies": "I took the whole strip of napa because I want to die",
    "urgent": "my back hurts and I have a fever of 39",
    "soon": "I am 20 weeks pregnant, which stretches help my back?",
    "after": "my back pain has not got better for eight weeks, do core exercises help?",
    "in Bangla": "আমার প্রস্রাব হচ্ছে না",
}


def ask(page: Page, question: str) -> None:
    """Type a question into the form and send it with Enter."""
    page.goto("/chat")
    page.get_by_label("Your question").fill(question)
    with page.expect_navigation():
        page.get_by_label("Your question").press("Enter")


@pytest.fixture
def plain_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser whose JavaScript is switched off."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_visitor_asks_and_reads_the_answer_its_source_and_the_advice(page: Page) -> None:
    ask(page, QUESTION)

    answer = page.get_by_role("article")
    expect(answer.get_by_role("heading")).to_have_text("Can worn-out running shoes lead to back pain?")
    expect(answer).to_contain_text("There is no good proof that worn-out shoes cause back pain.")
    expect(answer.locator("mark").first).to_have_text("worn-out shoes")
    expect(page.get_by_text("Please consult a health professional.").first).to_be_visible()
    expect(page.locator(".disclaimer").get_by_role("link", name="Signs you need help now")).to_be_visible()


def test_all_of_it_works_without_javascript(plain_page: Page) -> None:
    ask(plain_page, QUESTION)

    expect(plain_page.get_by_role("article")).to_contain_text("There is no good proof")


def test_without_javascript_every_way_to_ask_on_the_demo_page_leads_to_the_form(plain_page: Page) -> None:
    plain_page.goto("/")
    ways = plain_page.locator("[data-citewell]").count()

    for number in range(ways):
        plain_page.goto("/")
        follow(plain_page.locator("[data-citewell]").nth(number))
        expect(plain_page.get_by_label("Your question")).to_be_visible()

    assert ways == 5


def test_a_question_on_the_demo_page_leads_to_its_answer_unfolded_or_not(plain_page: Page) -> None:
    for title in ("Can worn-out running shoes lead to back pain?", "What are the benefits of seeing"):
        plain_page.goto("/")
        question = plain_page.get_by_role("link", name=title)
        if not question.is_visible():
            plain_page.get_by_text("12 more questions").click()
        follow(question)
        expect(plain_page.locator("section:target").get_by_role("heading")).to_contain_text(title)


def test_the_number_to_call_and_the_first_sign_are_on_a_phone_s_first_two_screens(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")

    for seen in (
        page.locator("main").get_by_role("link", name="Emergency 999"),
        page.locator(".signs li").first,
    ):
        box = seen.bounding_box()
        assert box
        assert box["y"] + box["height"] < 2 * 844


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_at_the_demo_page_s_end_lies_under_the_widget_s_button(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/")

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    lowest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("footer a, footer p, footer h2")]
            .map((element) => element.getBoundingClientRect().bottom))"""
    )

    assert lowest <= 700 - 20 - 56  # as high as the button stands, and as far from the edge


def test_an_emergency_is_met_by_its_card_alone_and_the_article_is_a_second_step(plain_page: Page) -> None:
    ask(plain_page, f"{ALERTS['emergency']}. {QUESTION}")
    card = plain_page.get_by_role("region", name="Go to a hospital or call an ambulance now")

    expect(card).to_contain_text("Emergency: get help now")
    expect(card.get_by_role("link", name="Emergency 999")).to_have_attribute("href", "tel:999")
    expect(plain_page.get_by_role("article")).to_have_count(0)

    follow(plain_page.get_by_role("button", name="I am not in an emergency, show me the article"))

    expect(plain_page.locator(".alert.emergency")).to_be_visible()
    expect(plain_page.get_by_role("article")).to_contain_text("There is no good proof")
    places = [plain_page.locator(place).bounding_box() for place in (".alert", "article")]
    assert places[0]["y"] < places[1]["y"]  # type: ignore[index] # both are seen


def test_a_visitor_elsewhere_chooses_the_country_and_gets_its_numbers(plain_page: Page) -> None:
    ask(plain_page, ALERTS["emergency"])

    plain_page.get_by_label("Numbers for").select_option("United Kingdom")
    follow(plain_page.get_by_role("button", name="Show", exact=True))

    expect(plain_page.locator(".alert").get_by_role("link", name="Emergency 999")).to_be_visible()
    expect(plain_page.get_by_label("Numbers for")).to_have_value("GB")


def test_the_source_link_lands_on_the_passage(page: Page) -> None:
    ask(page, QUESTION)

    follow(page.get_by_role("link", name=re.compile("Questions about back pain after running ›")))

    expect(page).to_have_url(re.compile("/sources/faq#worn-shoes$"))
    expect(page.locator("#worn-shoes")).to_be_in_viewport()
    expect(page.locator("section:target").get_by_role("heading")).to_have_text(
        "Can worn-out running shoes lead to back pain?"
    )


def test_a_reference_leads_to_the_list_and_back(page: Page) -> None:
    page.goto("/sources/back-pain-after-running")

    page.locator("#causes-overuse").get_by_role("link", name="Reference 26").click()
    expect(page.locator("#_reference-26")).to_be_in_viewport()

    page.locator("#_reference-26").get_by_role("link", name=re.compile("Back to where")).first.click()
    expect(page.locator("#causes-overuse")).to_be_in_viewport()


def test_a_start_question_is_answered_by_its_own_entry(page: Page) -> None:
    page.goto("/chat")

    follow(page.get_by_role("button", name="Which treatments are available for runners with back pain?"))

    expect(page.get_by_role("article").get_by_role("heading")).to_have_text(
        "Which treatments are available for runners with back pain?"
    )


def test_a_question_that_is_too_long_keeps_the_words_and_says_why(page: Page) -> None:
    ask(page, "x" * 501)

    field = page.get_by_label("Your question")
    expect(field).to_have_value("x" * 501)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("at most 500 characters; it has 501"))
    expect(field).to_be_focused()


def test_html_in_a_question_is_shown_and_never_run(page: Page) -> None:
    typed = "<img src=x onerror=\"document.title='hacked'\"> back pain"

    ask(page, typed)

    expect(page.locator(".asked")).to_contain_text(typed)
    expect(page.locator("main img")).to_have_count(0)
    assert "hacked" not in page.title()


def test_the_question_stands_in_no_address(page: Page, requested: list[str]) -> None:
    ask(page, "canaryword back pain")

    assert page.url.endswith("/chat#answer")
    assert requested
    assert not [url for url in requested if "canaryword" in url]


def test_no_page_asks_another_host_or_sets_a_cookie(page: Page, address: str, requested: list[str]) -> None:
    for path in PAGES:
        page.goto(path)
    ask(page, QUESTION)

    assert requested
    assert [url for url in requested if not url.startswith(f"{address}/")] == []
    assert page.context.cookies() == []


def test_the_policy_blocks_nothing_that_the_pages_need(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    for path in [path for path in PAGES if path != "/no"]:
        page.goto(path)
    ask(page, QUESTION)

    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})

    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    for question in ("x" * 480, *ALERTS.values()):
        ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, question


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
@pytest.mark.parametrize("state", [*PAGES, "answer", "suggestions", "none", "refused", *ALERTS])
def test_axe_finds_nothing(page: Page, state: str, colours: str) -> None:
    page.emulate_media(
        color_scheme="dark" if colours == "dark" else "light",
        forced_colors="active" if colours == "forced" else "none",
    )
    questions = {
        "answer": QUESTION,
        "suggestions": "my knee is sore going up stairs",
        "none": "parking",
        "refused": "x" * 501,
        **ALERTS,
    }
    if state in questions:
        ask(page, questions[state])
    else:
        page.goto(state)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_every_target_is_at_least_24_pixels_high(page: Page, path: str) -> None:
    page.goto(path)

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=hidden]), summary, a")]
            .filter((element) => !element.closest("p:not(.actions), figcaption") && element.offsetHeight > 0)
            .filter((element) => element.getBoundingClientRect().height < 24)
            .map((element) => element.textContent)"""
    )

    assert small == []


def test_the_focus_is_seen(page: Page) -> None:
    page.goto("/chat")

    page.get_by_label("Your question").focus()

    outline = page.get_by_label("Your question").evaluate(
        "(field) => [getComputedStyle(field).outlineStyle, parseFloat(getComputedStyle(field).outlineWidth)]"
    )
    assert outline[0] == "solid"
    assert outline[1] >= 2


def test_print_shows_the_answer_and_leaves_out_the_form(page: Page) -> None:
    ask(page, QUESTION)

    page.emulate_media(media="print")

    expect(page.get_by_role("article")).to_be_visible()
    expect(page.locator(".disclaimer")).to_be_visible()
    expect(page.locator("form.ask")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("ol.references li").first).to_be_visible()


def test_print_shows_what_the_demo_page_says_and_leaves_out_the_ways_to_ask(page: Page) -> None:
    page.goto("/")

    page.emulate_media(media="print")

    expect(page.locator(".signs li").first).to_be_visible()
    expect(page.get_by_role("link", name="What are the benefits of seeing")).to_be_visible()  # of those folded away
    for way in page.locator("[data-citewell]").all():
        expect(way).to_be_hidden()
