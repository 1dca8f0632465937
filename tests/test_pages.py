"""The pages as a browser without JavaScript reads them."""

from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import bot
from bot.answering import Answerer
from bot.errors import CorpusError
from web.app import create_app
from web.inputs import MAX_CONTEXT

Attributes = dict[str, str]

VOID = {"br", "hr", "img", "input", "link", "meta"}
PARAGRAPH_MAY_NOT_HOLD = {"p", "ul", "ol", "li", "div", "section", "article", "aside", "form", "h1", "h2", "h3", "nav"}

EXAMPLE = "How can worn-out running shoes lead to back pain?"
UNSURE = "my back"  # a word that many passages have, and no more
NOT_COVERED = "qwxzy"

PAGES: dict[str, tuple[str, str, dict[str, str] | None]] = {
    "home": ("GET", "/", None),
    "ask": ("GET", "/chat", None),
    "answer": ("POST", "/chat", {"message": EXAMPLE}),
    "suggestions": ("POST", "/chat", {"message": UNSURE}),
    "none": ("POST", "/chat", {"message": NOT_COVERED}),
    "blank": ("POST", "/chat", {"message": " "}),
    "sources": ("GET", "/sources/", None),
    "article": ("GET", "/sources/back-pain-after-running", None),
    "faq": ("GET", "/sources/faq", None),
    "help": ("GET", "/sources/when-to-get-help", None),
    "unknown": ("GET", "/sources/nope", None),
    "wrong method": ("PUT", "/", None),
}
SHOWN = {name: path for name, (method, path, _) in PAGES.items() if method == "GET" and name != "unknown"}
"""The pages that are there for everyone to read."""


class Html(HTMLParser):
    """A page taken apart; whatever is not well formed is refused as it is read."""

    def __init__(self, page: str) -> None:
        """Read ``page`` whole."""
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        around = [outer for outer, _ in self._open]
        assert not (tag in {"a", "button", "form"} and tag in around), f"<{tag}> inside <{tag}>"
        assert not (tag in PARAGRAPH_MAY_NOT_HOLD and "p" in around), f"<{tag}> inside <p>"
        found = {name: value or "" for name, value in attributes}
        self.elements.append((tag, found))
        if tag not in VOID:
            self._open.append((tag, found.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1][0] == tag, f"</{tag}> closes <{self._open[-1][0]}>"
        self._open.pop()

    def handle_data(self, text: str) -> None:
        if ("sup", "") in self._open:
            return  # a footnote's number is none of the words
        for name in {"", *(identity for _, identity in self._open), *(tag for tag, _ in self._open)}:
            self.texts[name] = self.texts.get(name, "") + text

    def text(self, place: str = "") -> str:
        """What a person reads in the elements of this name or id, white space folded; of the whole page without one."""
        return " ".join(self.texts.get(place, "").split())

    def all(self, tag: str) -> list[Attributes]:
        """The attributes of every ``tag``."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def fields(self) -> list[Attributes]:
        """The fields that a person sees."""
        return [field for field in self.all("input") if field["type"] != "hidden"]

    @property
    def context(self) -> list[str]:
        """The earlier questions that the form brings along, in its hidden fields."""
        hidden = [field for field in self.all("input") if field["type"] == "hidden"]
        assert {field["name"] for field in hidden} <= {"context"}
        return [field["value"] for field in hidden]

    @property
    def ids(self) -> list[str]:
        """Every id, in the order of the page."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [attributes["href"] for attributes in self.all("a")]


def read(response: TestResponse) -> Html:
    assert response.mimetype == "text/html"
    return Html(response.get_data(as_text=True))


def asked(client: FlaskClient, question: str) -> Html:
    return read(client.post("/chat", data={"message": question}))


def client_of(folder: Path) -> FlaskClient:
    return create_app(bot.build(folder)).test_client()


@pytest.fixture(scope="module")
def pages(app: Flask) -> dict[str, Html]:
    """Every page that we have, and what a question gets, over the shipped corpus."""
    client = app.test_client()
    return {name: read(client.open(path, method=method, data=form)) for name, (method, path, form) in PAGES.items()}


# ---- every page


def test_every_document_of_the_corpus_is_among_the_pages_tested_here(answerer: Answerer) -> None:
    paths = {path for _, path, _ in PAGES.values()}

    assert {f"/sources/{document.doc_id}" for document in answerer.corpus.documents} <= paths


@pytest.mark.parametrize("path", SHOWN.values())
def test_a_page_is_there_with_and_without_a_body(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_tags_balance_and_ids_are_unique(pages: dict[str, Html], name: str) -> None:
    ids = pages[name].ids

    assert ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_language_a_title_one_main_heading_and_no_gap_below_it(pages: dict[str, Html], name: str) -> None:
    page = pages[name]
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]

    assert page.all("html") == [{"lang": "en"}]
    assert page.text("title").endswith(" · Dr. Sapia Akter’s clinic")
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_but_the_widget_on_the_demo_page_no_inline_style_and_nothing_from_elsewhere(
    pages: dict[str, Html], name: str
) -> None:
    page = pages[name]
    here = {"home": ["/static/style.css", "/static/demo.css", "/static/icon.svg", "/widget.js"]}
    attributes = [attribute for _, attributes in page.elements for attribute in attributes]
    loaded = [element["href"] for element in page.all("link")]
    loaded += [element["src"] for _, element in page.elements if "src" in element]

    assert not {tag for tag, _ in page.elements} & {"style", "iframe", "object", "embed", "base"}
    assert [script["src"] for script in page.all("script")] == (["/widget.js"] if name == "home" else [])
    assert page.text("script") == ""
    assert not [attribute for attribute in attributes if attribute == "style" or attribute.startswith("on")]
    assert loaded == here.get(name, ["/static/style.css", "/static/icon.svg"])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_where_to_find_help_whom_to_call_and_to_consult(
    pages: dict[str, Html], answerer: Answerer, name: str
) -> None:
    page = pages[name]

    assert "/sources/when-to-get-help" in page.links
    assert "Signs you need help now" in page.text("header")
    assert {"tel:999", "tel:01877733322"} <= set(page.links)
    assert answerer.corpus.clinic.disclaimer in page.text("footer")


@pytest.mark.parametrize("name", PAGES)
def test_every_link_on_our_own_pages_leads_to_something_that_exists(pages: dict[str, Html], name: str) -> None:
    page = pages[name]
    own = {link for link in page.links if link.startswith(("/", "#"))}
    targets = {path: pages[name] for name, path in SHOWN.items()} | {"": page}

    assert own
    assert {urlsplit(link).path for link in own} <= set(targets)
    for link in own:
        _, _, path, _, fragment = urlsplit(link)
        assert not fragment or unquote(fragment) in targets[path].ids, link


@pytest.mark.parametrize("name", PAGES)
def test_every_other_link_is_https_or_a_telephone_number(pages: dict[str, Html], name: str) -> None:
    for link in pages[name].links:
        assert link.startswith(("/", "#", "https://", "http://", "tel:"))


@pytest.mark.parametrize("name", PAGES)
def test_every_label_and_description_names_an_element(pages: dict[str, Html], name: str) -> None:
    page = pages[name]
    named = {
        identity
        for _, attributes in page.elements
        for reference in ("for", "aria-describedby", "aria-labelledby")
        for identity in attributes.get(reference, "").split()
    }

    assert named <= set(page.ids)


@pytest.mark.parametrize("name", PAGES)
def test_a_question_is_posted_so_that_it_stands_in_no_address(pages: dict[str, Html], name: str) -> None:
    forms = pages[name].all("form")

    assert {(form["method"], form["action"]) for form in forms} <= {("post", "/chat#answer")}


# ---- asking


@pytest.mark.parametrize("name", ["ask", "answer", "suggestions", "none", "blank"])
def test_the_question_s_field_has_a_label_and_says_how_long_it_may_be(pages: dict[str, Html], name: str) -> None:
    page = pages[name]

    (field,) = page.fields

    assert (field["name"], field["id"]) == ("message", "message")
    assert {"for": "message"} in page.all("label")
    assert "message-hint" in field["aria-describedby"].split()
    assert "Up to 500 characters" in page.text("message-hint")
    assert "do not type names" in page.text("message-hint")


def test_start_questions_are_buttons_that_ask_them(pages: dict[str, Html], answerer: Answerer) -> None:
    buttons = [button for button in pages["ask"].all("button") if "value" in button]

    assert [button["value"] for button in buttons] == list(answerer.start_questions())
    assert {button["name"] for button in buttons} == {"message"}


def test_an_answer_shows_the_passage_its_source_and_the_disclaimer(client: FlaskClient, answerer: Answerer) -> None:
    passages = {passage.passage_id: passage for passage in answerer.passages}

    page = asked(client, EXAMPLE)

    assert page.text("article").startswith("Can worn-out running shoes lead to back pain?")
    assert passages["faq#worn-shoes"].text in page.text("article")
    assert (
        "Source Questions about back pain after running › Can worn-out running shoes lead to back pain?"
        in page.text("article")
    )
    assert "/sources/faq#worn-shoes" in page.links
    assert "Not yet reviewed by a clinician" in page.text("article")
    assert answerer.corpus.clinic.disclaimer in page.text("main")
    assert page.texts["mark"]


def test_an_answer_shows_the_references_of_its_passage_with_their_numbers(
    client: FlaskClient, answerer: Answerer
) -> None:
    (reference,) = next(passage for passage in answerer.passages if passage.passage_id == "faq#worn-shoes").references

    page = asked(client, EXAMPLE)

    assert [item["value"] for item in page.all("li") if "value" in item] == [str(reference.number)] == ["27"]
    assert "1 reference cited in this text" in page.text("article")
    assert reference.text in page.text("article")
    assert reference.url in page.links


@pytest.mark.parametrize("question", [EXAMPLE, UNSURE, NOT_COVERED])
def test_every_reply_repeats_the_question_and_leads_to_help(client: FlaskClient, question: str) -> None:
    page = asked(client, question)

    assert f"You asked {question}" in page.text("answer")
    assert "Signs you need help now" in page.text("answer")
    assert len([link for link in page.links if link == "/sources/when-to-get-help"]) == 2


def test_suggestions_lead_to_passages_and_claim_nothing(client: FlaskClient, answerer: Answerer) -> None:
    best, *others = answerer.answer(UNSURE).alternatives

    page = asked(client, UNSURE)

    assert "Did you mean …?" in page.text("h2")
    assert f"Choose one {best.title}" in page.text("answer")
    assert {best.url, *(other.url for other in others)} <= set(page.links)
    assert page.text("mark") == ""


def test_no_answer_says_so_and_names_whom_to_ask(client: FlaskClient) -> None:
    page = asked(client, NOT_COVERED)

    assert "No answer here" in page.text("h2")
    assert "Our content does not cover that." in page.text("answer")
    assert "You can also call Dr. Sapia Akter’s clinic: 01877733322" in page.text("answer")


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script>",
        "</p></section><h1>shoes",
        "\"shoes\" onfocus='alert(1)' x=",
        "'\"><img src=x onerror=alert(1)>",
        "{{7*7}} {% raw %} ${7*7} {#",
        "&lt;b&gt; &amp; &#60;",
        "<!-- shoes",
        "\u202eshoes\u2066",
        "জুতা কি ব্যথা দেয়?",
        "👟" * 500,
    ],
)
def test_a_question_is_shown_as_it_was_typed_whatever_stands_in_it(client: FlaskClient, question: str) -> None:
    page = asked(client, question)

    assert f"You asked {question}" in page.text("answer")


@pytest.mark.parametrize("start", ["\"><script>alert(1)</script> ' {{7*7}} ", "& &amp; &quot; "])
def test_a_refused_question_stays_in_its_field_as_it_was_typed(client: FlaskClient, start: str) -> None:
    question = start + "x" * 500

    (field,) = asked(client, question).fields

    assert field["value"] == question
    assert set(field) <= {
        "type", "id", "name", "required", "autocomplete", "spellcheck", "enterkeyhint", "dir", "value",
        "aria-describedby", "aria-invalid", "autofocus",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("", "must not be blank"),
        ("\u200b \u200b", "must not be blank"),
        ("x" * 501, "must have at most 500 characters; it has 501"),
        ("a\0b", "must not contain control characters"),
    ],
    ids=["empty", "invisible", "too long", "control"],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field(client: FlaskClient, question: str, error: str) -> None:
    response = client.post("/chat", data={"message": question})
    page = read(response)

    (field,) = page.fields

    assert response.status_code == 422
    assert field["aria-invalid"] == "true"
    assert "message-error" in field["aria-describedby"].split()
    assert error in page.text("message-error")
    assert "answer" not in page.ids


def test_a_form_without_its_field_is_an_empty_question(client: FlaskClient) -> None:
    assert "must not be blank" in read(client.post("/chat", data={"question": "shoes"})).text("message-error")
    assert client.post("/chat").status_code == 422


@pytest.mark.parametrize("name", ["ask", "answer"])
def test_a_field_without_error_is_not_called_invalid(pages: dict[str, Html], name: str) -> None:
    (field,) = pages[name].fields

    assert not {"aria-invalid", "autofocus"} & set(field)


def test_the_question_stands_in_no_address_no_header_and_no_attribute_but_the_form_s_own_of_earlier_questions(
    client: FlaskClient,
) -> None:
    response = client.post("/chat", data={"message": "shoes xylophone"})
    page = read(response)

    assert response.status_code == 200
    assert "xylophone" in page.text("answer")
    assert "xylophone" not in str(response.headers)
    assert "xylophone" not in str([one for one in page.elements if one[1].get("name") != "context"])
    assert page.context == ["shoes xylophone"]


# ---- asking on


@pytest.mark.parametrize("topic", ["Sciatica", "Blisters"])
def test_a_form_brings_along_what_was_asked_before_so_that_a_follow_up_is_understood(
    two_topics: Path, topic: str
) -> None:
    client = client_of(two_topics)
    before = asked(client, f"I think I have {topic}")

    page = read(client.post("/chat", data={"message": "and how do I prevent that?", "context": before.context}))

    assert page.text("h2").startswith(topic)
    assert page.context == [f"I think I have {topic}", "and how do I prevent that?"]


def test_a_form_brings_along_the_last_questions_only_and_the_page_to_begin_on_none(
    client: FlaskClient, pages: dict[str, Html]
) -> None:
    page = read(client.post("/chat", data={"message": "newest", "context": ["oldest", "older", "old"]}))

    assert page.context == ["older", "old", "newest"]
    assert len(page.context) == MAX_CONTEXT
    assert pages["ask"].context == pages["blank"].context == []


def test_a_refused_question_leaves_the_earlier_ones_in_the_form(client: FlaskClient) -> None:
    page = read(client.post("/chat", data={"message": " ", "context": ["shoes", "why?"]}))

    assert page.context == ["shoes", "why?"]


@pytest.mark.parametrize("unusable", ["", " ", "a\0b", "x" * 501, "e" + "\u0301" * 5_000])
def test_an_earlier_question_that_is_none_is_left_out(client: FlaskClient, unusable: str) -> None:
    response = client.post("/chat", data={"message": "why?", "context": [unusable, "shoes"]})

    assert response.status_code == 200
    assert read(response).context == ["shoes", "why?"]


def test_of_any_number_of_earlier_questions_the_last_ones_count(client: FlaskClient) -> None:
    context = [f"sciatica {number}" for number in range(500)]

    page = read(client.post("/chat", data={"message": "why?", "context": context}))

    assert page.context == ["sciatica 498", "sciatica 499", "why?"]


@pytest.mark.parametrize("question", ["\"><script>alert(1)</script> ' {{7*7}}", "& &amp; &quot;", "<!-- shoes"])
def test_an_earlier_question_cannot_break_out_of_its_field(client: FlaskClient, question: str) -> None:
    page = read(client.post("/chat", data={"message": "why?", "context": [question]}))

    assert page.context == [question, "why?"]
    assert page.all("script") == []
    assert all(
        set(field) == {"type", "name", "value", "autocomplete"}
        for field in page.all("input")
        if field["type"] == "hidden"
    )


@pytest.mark.parametrize("path", ["/chat?message=xylophone", "/?message=xylophone", "/sources/?message=xylophone"])
def test_a_question_in_an_address_is_neither_answered_nor_repeated(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)

    assert "xylophone" not in page
    assert 'id="answer"' not in page


# ---- sources


def test_all_documents_are_listed(pages: dict[str, Html], answerer: Answerer) -> None:
    page = pages["sources"]

    for document in answerer.corpus.documents:
        assert f"/sources/{document.doc_id}" in page.links
        assert document.title in page.text("main")


def test_every_passage_stands_word_for_word_at_its_anchor_once(client: FlaskClient, answerer: Answerer) -> None:
    pages = {document.doc_id: read(client.get(f"/sources/{document.doc_id}")) for document in answerer.corpus.documents}

    assert len(answerer.passages) > 40
    for passage in answerer.passages:
        page = pages[passage.doc_id]
        assert page.ids.count(passage.anchor) == 1
        assert all(block.text in page.text(passage.anchor) for block in passage.blocks)


def test_a_long_section_has_an_anchor_for_each_of_its_parts_and_all_its_words_once(
    write_corpus: Callable[..., Path],
) -> None:
    sentences = [f"Word{number} {'more ' * 28}words." for number in range(10)]
    client = client_of(write_corpus({"faq.md": "# Long\n\n## Text\n\n" + " ".join(sentences) + "\n"}))

    page = read(client.get("/sources/faq"))

    assert [name for name in page.ids if name.startswith("text")] == ["text", "text~2", "text~3"]
    assert page.text("text") == "Text " + " ".join(" ".join(sentences).split())
    assert page.text("text~3").endswith(sentences[-1])


@pytest.mark.parametrize("name", ["article", "faq", "help"])
def test_references_and_the_places_that_cite_them_lead_to_each_other(pages: dict[str, Html], name: str) -> None:
    page = pages[name]
    notes = {link["id"]: link["href"] for link in page.all("a") if link.get("aria-label", "").startswith("Reference ")}
    backs = [link["href"] for link in page.all("a") if link.get("class") == "back"]
    references = [item["id"] for item in page.all("li") if "id" in item]

    assert notes
    assert {target.removeprefix("#") for target in notes.values()} <= set(references)
    assert sorted(backs) == sorted(f"#{identity}" for identity in notes)


def test_all_references_of_a_document_are_listed_by_number_used_or_not(
    pages: dict[str, Html], answerer: Answerer
) -> None:
    article = next(document for document in answerer.corpus.documents if document.doc_id == "back-pain-after-running")

    page = pages["article"]

    listed = [item["value"] for item in page.all("li") if "id" in item]
    assert listed == [f"{number}" for number in sorted(reference.number for reference in article.references)]
    assert all(reference.text in page.text("article") for reference in article.references)


def test_the_contents_lead_to_the_sections(pages: dict[str, Html]) -> None:
    page = pages["faq"]

    assert "#worn-shoes" in page.links
    assert "Can worn-out running shoes lead to back pain?" in page.text("nav")


def test_author_reviewer_and_overdue_review_stand_at_the_top_of_a_document(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nauthor: Dr. A\nreviewer: Dr. B\nreviewed: 2019-05-01\nnext_review: 2020-05-01\n---\n"
    client = client_of(write_corpus({"faq.md": f"{front}\n## Old shoes\n\nReplace your shoes.\n"}))

    assert "Dr. A · Reviewed 2019-05-01 by Dr. B (review overdue) · Next review due 2020-05-01" in read(
        client.get("/sources/faq")
    ).text("article")
    assert "Dr. A · Reviewed 2019-05-01 (review overdue)" in asked(client, "old shoes").text("article")


@pytest.mark.parametrize(
    "path", ["/sources/nope", "/sources/FAQ", "/sources/faq/", "/sources/faq.md", "/sources/%2e%2e"]
)
def test_an_unknown_document_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "There is nothing at this address." in read(response).text("main")


@pytest.mark.parametrize(
    "heading",
    ["References", "Main", "Notes {#reference-1}", "Notes {#use-1-1}"],
)
def test_no_section_repeats_an_id_of_the_page_around_it(write_corpus: Callable[..., Path], heading: str) -> None:
    client = client_of(write_corpus({"faq.md": f"# Title\n\n## {heading}\n\nShoes.[^1]\n\n[^1]: Smith 2020.\n"}))

    ids = read(client.get("/sources/faq")).ids

    assert len(ids) == len(set(ids))


# ---- content and languages that are not ours

HOSTILE = """---
title: 'Shoes "&" <script>alert(1)</script>'
author: '"><img src=x onerror=alert(1)> {{7*7}}'
reviewer: "<b>Dr. B</b>"
reviewed: 2020-01-01
---

## `<script>alert(2)</script>` "quoted" & {{7*7}} {#shoes}

Old shoes `<img src=x onerror=alert(3)>` and [a](javascript:alert(4)) and <javascript:alert(5)> and
[b](<data:text/html,alert(6)> "title") and [c](https://x.example/?"onclick="alert(7)) \\<u\\>u\\</u\\>.[^1]

## How is `</button><script>`?

Fine shoes.

[^1]: A `"><script>` study. <https://x.example/?a=1&b="c>
"""


@pytest.fixture
def hostile(write_corpus: Callable[..., Path]) -> FlaskClient:
    """The application over a corpus that tries to break out of the page."""
    clinic = (
        'name = "<i>Clinic</i>"\nphone = "1\\"><b>2"\nhours = "<s>"\ndisclaimer = "</p><h1>See & ask"\ncountry = "BD"\n'
    )
    phones = '[[phones.BD]]\nlabel = "<b>999</b>"\ntel = "999"\n'
    return client_of(write_corpus({"faq.md": HOSTILE, "clinic.toml": clinic + phones}))


def assert_unbroken(page: Html) -> None:
    """Nothing of the hostile corpus has become an element, an attribute or a script's address of ``page``."""
    assert not {tag for tag, _ in page.elements} & {"img", "b", "i", "s", "u"}
    assert {script["src"] for script in page.all("script")} <= {"/widget.js"}
    assert page.text("script") == ""
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(link.startswith(("/", "#", "https://", "tel:")) for link in page.links)
    assert "</p><h1>See & ask" in page.text("footer")
    assert "49" not in page.text()


@pytest.mark.parametrize("path", ["/", "/chat", "/sources/", "/sources/faq", "/nope"])
def test_content_cannot_break_out_of_a_page(hostile: FlaskClient, path: str) -> None:
    assert_unbroken(read(hostile.get(path)))


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("old shoes", '<script>alert(2)</script> "quoted"'),
        ("my shoes", "Did you mean …?"),
        ("xylophones", "No answer here"),
    ],
)
def test_content_cannot_break_out_of_a_reply(hostile: FlaskClient, question: str, heading: str) -> None:
    page = asked(hostile, question)

    assert_unbroken(page)
    assert page.text("answer-heading").startswith(heading)


def test_hostile_content_is_shown_as_it_was_written(hostile: FlaskClient) -> None:
    source, answer = read(hostile.get("/sources/faq")), asked(hostile, "old shoes")

    assert '<script>alert(2)</script> "quoted" & {{7*7}}' in source.text("h2")
    assert source.text("h1") == 'Shoes "&" <script>alert(1)</script>'
    for page in (source, answer):
        assert "Old shoes <img src=x onerror=alert(3)> and [a](javascript:alert(4))" in page.text("article")
        assert '"><img src=x onerror=alert(1)> {{7*7}}' in page.text("article")
        assert 'A "><script> study.' in page.text("article")


@pytest.mark.parametrize("html", ["<b>bold</b>", "<script>alert(1)</script>", "<img src=x>", "Text <br> text", "</p>"])
def test_html_in_the_content_is_refused_with_its_line(write_corpus: Callable[..., Path], html: str) -> None:
    folder = write_corpus({"faq.md": f"# Shoes\n\nOld shoes.\n\n{html}\n"})

    with pytest.raises(CorpusError, match=r"faq\.md:5: raw HTML"):
        bot.build(folder)


BENGALI = """---
title: পিঠে ব্যথা
language: bn
---

## দৌড়ের পরে পিঠে ব্যথা কেন হয়?

পুরোনো জুতা এর একটি কারণ হতে পারে।[^1]

[^1]: স্মিথ ২০২০।
"""


@pytest.fixture
def bengali(write_corpus: Callable[..., Path]) -> FlaskClient:
    """The application over one Bengali file and nothing else."""
    return client_of(write_corpus({"পিঠে ব্যথা.md": BENGALI}))


def test_one_bengali_file_is_a_corpus_that_is_served_and_answers(bengali: FlaskClient) -> None:
    page = asked(bengali, "দৌড়ের পরে পিঠে ব্যথা কেন হয়, জুতা কি কারণ?")

    assert "পুরোনো জুতা এর একটি কারণ হতে পারে।" in page.text("article")
    assert "দৌড়ের পরে পিঠে ব্যথা কেন হয়?" in page.text("h2")


def test_the_source_link_of_a_bengali_answer_leads_to_its_passage(bengali: FlaskClient) -> None:
    url = bengali.post("/api/chat", json={"message": "জুতা"}).get_json()["citation"]["url"]

    page = read(bengali.get(urlsplit(url).path))

    assert url.isascii()
    assert "পুরোনো জুতা" in page.text(unquote(urlsplit(url).fragment))
    assert {"class": "document", "lang": "bn"} in page.all("article")


@pytest.mark.parametrize("path", ["/", "/chat", "/sources/"])
def test_the_pages_of_a_bengali_corpus_are_well_formed(bengali: FlaskClient, path: str) -> None:
    page = read(bengali.get(path))

    assert len(page.ids) == len(set(page.ids))
    assert "দৌড়ের" in page.text("main") or "পিঠে ব্যথা" in page.text("main")


def test_a_page_names_the_language_of_its_clinic(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# জুতা\n\nজুতা।\n", "clinic.toml": 'languages = ["bn"]\n'}))

    assert read(client.get("/")).all("html") == [{"lang": "bn"}]


def test_a_corpus_of_one_file_has_pages_without_help_and_phone(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# Shoes\n\nReplace your shoes.\n"}))

    page = read(client.get("/"))

    own = {link for link in page.links if link[0] == "/"}
    assert own == {"/", "/chat", "/sources/", "/sources/faq", "/sources/faq#shoes"}
    assert "tel:" not in " ".join(page.links)
    assert "tel:" not in " ".join(asked(client, "xylophone").links)


def test_the_list_of_sources_is_found_without_its_slash_and_without_a_redirect(client: FlaskClient) -> None:
    response = client.get("/sources", headers={"Host": "evil.example"})

    assert response.status_code == 200
    assert "evil.example" not in response.text + str(response.headers)
