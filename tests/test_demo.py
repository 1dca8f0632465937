"""The demo page: a clinic's website made of any corpus, in the corpus's own words."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from bot.answering import Answerer
from bot.corpus import load_corpus
from tests.test_pages import client_of, read
from web import embedding
from web.demo import FIRST_QUESTIONS, MAX_TOPICS, Demo, demo

SIGNS = (
    "---\ntitle: Help\n---\n\n## Call now {#now}\n\nCall if:\n\n- it bleeds;\n- it burns.[^1]\n\n[^1]: Smith 2020.\n"
)


@pytest.fixture
def made(write_corpus: Callable[..., Path]) -> Callable[..., Demo]:
    """What stands on the demo page of these files."""
    return lambda files: demo(load_corpus(write_corpus(files)))


def titles(places: object) -> list[str]:
    return [place.title for place in places]  # type: ignore[attr-defined] # places, all of them


# ---- the shipped content


def test_it_opens_with_the_article_s_title_and_the_first_paragraph_of_its_introduction(
    client: FlaskClient, answerer: Answerer
) -> None:
    (intro,) = [one for one in answerer.passages if one.passage_id == "back-pain-after-running#intro"]

    page = read(client.get("/"))

    assert page.text("h1") == "Back pain after running"
    assert intro.blocks[0].text in page.text("blockquote")
    assert {"/sources/back-pain-after-running", "/sources/back-pain-after-running#intro"} <= set(page.links)
    assert "Not yet reviewed by a clinician" in page.text("main")


def test_its_topics_are_the_outermost_sections_with_what_stands_below_them(answerer: Answerer) -> None:
    topics = demo(answerer.corpus).topics

    assert [topic.place.anchor for topic in topics] == ["causes", "treatment", "prevention", "conclusion"]
    assert [place.anchor for place in topics[0].below] == [
        "causes-running-form", "causes-core-strength", "causes-shoes", "causes-overuse", "causes-conditions"
    ]  # fmt: skip
    assert topics[0].start == ""
    assert topics[3].start.startswith("Run less")


def test_every_question_of_the_faq_leads_to_its_entry(client: FlaskClient, answerer: Answerer) -> None:
    (faq,) = [document for document in answerer.corpus.documents if document.doc_id == "faq"]

    page = read(client.get("/"))

    assert len(faq.sections) == 20
    assert [link for link in page.links if link.startswith("/sources/faq#")][:20] == [
        f"/sources/faq#{section.anchor}" for section in faq.sections
    ]
    assert "12 more questions" in page.text("summary")


def test_the_first_signs_stand_there_whole_beside_the_numbers_to_call(client: FlaskClient, answerer: Answerer) -> None:
    signs = next(passage for passage in answerer.passages if passage.doc_id == "when-to-get-help")

    page = read(client.get("/"))

    assert signs.title in page.text("main")
    assert signs.text in page.text("main")
    assert page.links.count("tel:999") == 2
    assert page.links.count("/sources/when-to-get-help") == 3


def test_the_example_is_a_question_of_the_clinic_with_its_whole_answer(client: FlaskClient, answerer: Answerer) -> None:
    (passage,) = [one for one in answerer.passages if one.passage_id == "faq#common-causes"]

    page = read(client.get("/"))

    assert passage.title in page.text("figure")
    assert passage.text in page.text("figure")
    assert "/sources/faq#common-causes" in page.links


def test_it_says_that_it_is_a_demonstration_at_its_top_and_at_its_end(client: FlaskClient) -> None:
    page = read(client.get("/"))

    assert page.text("header").startswith("Demonstration page")
    assert "This page is a demonstration" in page.text("footer")


def test_it_asks_by_links_that_lead_to_the_page_without_script_and_have_no_form(client: FlaskClient) -> None:
    page = read(client.get("/"))

    asking = [link for link in page.all("a") if "data-citewell" in link]

    assert {link["href"] for link in asking} == {"/chat"}
    assert "Ask a question" in page.text("nav")
    assert page.all("form") == page.all("button") == page.fields == []


def test_its_last_words_are_the_line_that_a_website_pastes(client: FlaskClient, answerer: Answerer) -> None:
    page = client.get("/").get_data(as_text=True)

    pasted = embedding.line("", answerer.corpus.clinic)

    assert pasted == (
        '<script async src="/widget.js" data-phone="01877733322" data-emergency="999"></script>'
        '<a href="/chat" data-citewell>Ask a question</a>'
    )
    assert re.search(re.escape(str(pasted)) + r"\s*</div>\s*</footer>\s*</body>\s*</html>\s*$", page)


def test_behind_a_path_the_line_leads_there(client: FlaskClient) -> None:
    page = client.get("/", environ_overrides={"SCRIPT_NAME": "/help"}).get_data(as_text=True)

    assert '<script async src="/help/widget.js"' in page
    assert '<a href="/help/chat" data-citewell>' in page


# ---- any content


def test_one_small_file_makes_a_page_without_anything_that_it_does_not_have(made: Callable[..., Demo]) -> None:
    shown = made({"faq.md": "# Shoes\n\nReplace your shoes.\n"})

    assert shown.intro
    assert (shown.intro.document.title, shown.intro.text) == ("Shoes", "Replace your shoes.")
    assert (shown.urgent, shown.topics, shown.first_questions, shown.example) == (None, (), (), None)


def test_a_page_of_little_content_has_no_heading_without_anything_below_it(write_corpus: Callable[..., Path]) -> None:
    page = read(client_of(write_corpus({"faq.md": "# Shoes\n\nReplace your shoes.\n"})).get("/"))

    assert page.text("h1") == "Shoes"
    assert page.text("h2") == "Ask in your own words"
    assert [link for link in page.links if link.startswith("#")] == ["#_main"]


def test_content_that_is_only_signs_is_headed_by_the_clinic(write_corpus: Callable[..., Path]) -> None:
    page = read(client_of(write_corpus({"when-to-get-help.md": SIGNS, "clinic.toml": 'name = "Clinic"\n'})).get("/"))

    assert page.text("title") == "Welcome · Clinic"
    assert page.text("h1") == "Clinic"
    assert "it bleeds; it burns." in page.text("main")


def test_it_opens_with_the_document_that_has_an_introduction(made: Callable[..., Demo]) -> None:
    shown = made({"a.md": "# A\n\n## Why?\n\nSo.\n", "b.md": "# B\n\nAbout b.\n\n## C\n\nText.\n"})

    assert shown.intro
    assert (shown.intro.document.title, shown.intro.text) == ("B", "About b.")
    assert [topic.place.title for topic in shown.topics] == ["C"]


@pytest.mark.parametrize(
    "text",
    ["## Sciatica\n\nPain.\n", "## Intro {#intro .medicine}\n\nTake one.\n", "## Intro {#intro}\n\n- one\n- two\n"],
)
def test_a_document_without_an_introduction_opens_with_its_title_alone(made: Callable[..., Demo], text: str) -> None:
    shown = made({"page.md": f"# Running\n\n{text}"})

    assert shown.intro
    assert (shown.intro.document.title, shown.intro.place, shown.intro.text) == ("Running", None, "")
    assert len(shown.topics) == 1


def test_advice_on_medicine_is_named_and_never_quoted_in_part(made: Callable[..., Demo]) -> None:
    shown = made(
        {"page.md": "# P\n\nText.\n\n## Tablets {#t .medicine}\n\nTake one.\n\n## Which? {.medicine}\n\nTwo.\n"}
    )

    assert [(topic.place.title, topic.start) for topic in shown.topics] == [("Tablets", "")]
    assert titles(shown.first_questions) == ["Which?"]
    assert shown.example is None


def test_a_long_answer_is_no_example(made: Callable[..., Demo]) -> None:
    shown = made({"faq.md": f"# F\n\n## Why?\n\n{'word ' * 121}\n\n## How?\n\nSo.\n"})

    assert shown.example
    assert shown.example.place.title == "How?"


def test_there_are_no_more_topics_and_first_questions_than_an_overview_has(made: Callable[..., Demo]) -> None:
    topics = "".join(f"## Topic {number}\n\nText.\n\n" for number in range(30))
    questions = "".join(f"## Why {number}?\n\nSo.\n\n" for number in range(30))

    shown = made({"a.md": f"# A\n\n{topics}", "b.md": f"# B\n\n{questions}"})

    assert len(shown.topics) == MAX_TOPICS
    assert len(shown.first_questions) == FIRST_QUESTIONS
    assert titles((*shown.first_questions, *shown.more_questions)) == [f"Why {number}?" for number in range(30)]


def test_a_bengali_document_is_marked_as_such_and_its_links_lead_to_it(write_corpus: Callable[..., Path]) -> None:
    text = "---\ntitle: পিঠে ব্যথা\nlanguage: bn\n---\n\nপিঠে ব্যথার কারণ।\n\n## জুতা\n\nজুতা।\n\n## জুতা কি কারণ?\n\nহয়তো।\n"
    client = client_of(write_corpus({"পিঠে ব্যথা.md": text}))

    page = read(client.get("/"))
    links = [link for link in page.all("a") if "#" in link["href"] and link.get("lang") == "bn"]

    assert page.text("h1") == "পিঠে ব্যথা"
    assert len({link["href"] for link in links}) == 2
    for link in links:
        address = urlsplit(link["href"])
        assert unquote(address.fragment) in read(client.get(address.path)).ids


def test_hours_and_site_stand_there_where_the_clinic_names_them(write_corpus: Callable[..., Path]) -> None:
    clinic = 'name = "Clinic"\nphone = "01"\nhours = "Weekdays"\nsite = "https://clinic.example/"\n'

    page = read(client_of(write_corpus({"a.md": "# A\n\nText.\n", "clinic.toml": clinic})).get("/"))

    assert "Clinic 01 Weekdays https://clinic.example/" in page.text("footer")
    assert "https://clinic.example/" in page.links


def test_that_a_review_is_overdue_stands_at_the_opening(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nauthor: Dr. A\nreviewed: 2019-05-01\nnext_review: 2020-05-01\n---\n"

    page = read(client_of(write_corpus({"a.md": f"{front}\nOld shoes.\n"})).get("/"))

    assert "Dr. A · Reviewed 2019-05-01 (review overdue)" in page.text("main")
