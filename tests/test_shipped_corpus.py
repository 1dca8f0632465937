"""What the corpus that ships with Citewell must be: ids, words, references, plain language, notes for the editor.

Markup is taken out here by other means than the product's, so that the two check each other.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.answering import Answerer
from bot.corpus import load_corpus
from bot.model import Block, Document, Passage
from bot.passages import passages_of
from bot.quoting import citation

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "corpus"

CORPUS = load_corpus(FOLDER)
PASSAGES = passages_of(CORPUS.documents)
DOCUMENTS = {document.doc_id: document for document in CORPUS.documents}

ARTICLE = """
    intro causes-running-form causes-core-strength causes-shoes causes-overuse causes-conditions
    causes-conditions-osteoporosis causes-conditions-sciatica causes-conditions-herniated-disc
    causes-conditions-arthritis treatment-consult-first treatment-rest-ice treatment-pain-relievers
    treatment-physical-therapy treatment-alternative treatment-hydration-nutrition treatment-consult-professional
    prevention-running-form prevention-rest-recovery prevention-footwear-orthotics prevention-strength-core
    prevention-posture-ergonomics conclusion
""".split()

FAQ = """
    common-causes prevent form-contributes core-role worn-shoes overuse-fatigue conditions-cause form-alleviate
    core-exercises right-shoes rest-important consult treatments maintain-form rest-prevents conditions-exacerbate
    consult-benefits safety-health core-exercises-2 shoes-reduce
""".split()

MAX_WORDS = 120
MAX_WORDS_A_SENTENCE = 20
MAX_GRADE = 9.0  # of a passage, US school grade
MAX_MEAN_GRADE = 6.0  # of all passages
WAYS_TO_ASK = range(15, 26)

every_passage = pytest.mark.parametrize("passage", PASSAGES, ids=[passage.passage_id for passage in PASSAGES])


def _anchors(doc_id: str) -> list[str]:
    return [passage.anchor for passage in PASSAGES if passage.doc_id == doc_id]


def _document(doc_id: str) -> Document:
    return DOCUMENTS[doc_id]


# ---- the files, read by other means

_HEADING = re.compile(r"^#{1,6} (?P<title>.+?) \{#(?P<anchor>[a-z0-9-]+)(?: \.medicine)?\}$", re.MULTILINE)


_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


def _written_sections(doc_id: str, comments: str) -> dict[str, str]:
    """The raw Markdown under each heading of a shipped file, by anchor; ``comments`` is what to put in their place."""
    raw = _COMMENT.sub(comments, (FOLDER / f"{doc_id}.md").read_text(encoding="utf-8"))
    body = raw.split("---\n", 2)[2].split("\n[^", 1)[0]
    headings = list(_HEADING.finditer(body))
    ends = [*(heading.start() for heading in headings[1:]), len(body)]
    assert len(headings) == len(re.findall("^#", body, re.MULTILINE))
    return {heading["anchor"]: body[heading.end() : end] for heading, end in zip(headings, ends, strict=True)}


def _written(comments: str) -> dict[str, str]:
    return {
        f"{doc_id}#{anchor}": text
        for doc_id in DOCUMENTS
        for anchor, text in _written_sections(doc_id, comments).items()
    }


WRITTEN = _written("")
WITH_COMMENTS = _written(r"\g<0>")


def _without_markup(markdown: str) -> str:
    markdown = re.sub(r"\[\^[0-9]+\]", "", markdown)
    markdown = re.sub(r"^ *(?:-|[0-9]+\.) ", "", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(markdown.replace("*", "").replace("`", "").split())


# ---- ids


def test_the_article_has_exactly_its_passages_in_order() -> None:
    assert _anchors("back-pain-after-running") == ARTICLE


def test_the_faq_has_exactly_its_twenty_entries_in_order() -> None:
    assert _anchors("faq") == FAQ
    assert len(FAQ) == 20


def test_article_faq_and_urgent_signs_are_served_and_nothing_else() -> None:
    assert set(DOCUMENTS) == {"back-pain-after-running", "faq", "when-to-get-help"}
    assert _anchors("when-to-get-help")


def test_every_heading_of_the_faq_is_a_question() -> None:
    assert all(passage.title.endswith("?") for passage in PASSAGES if passage.doc_id == "faq")


# ---- words


@every_passage
def test_a_passage_stands_word_for_word_in_its_file(passage: Passage) -> None:
    assert passage.text == _without_markup(WRITTEN[passage.passage_id])


def test_no_section_with_text_is_left_out() -> None:
    with_text = {passage_id for passage_id, text in WRITTEN.items() if _without_markup(text)}

    assert with_text == {passage.passage_id for passage in PASSAGES}


def test_every_section_is_short_enough_to_be_one_passage() -> None:
    words = {passage_id: len(_without_markup(text).split()) for passage_id, text in WRITTEN.items()}

    assert {passage_id: count for passage_id, count in words.items() if count > MAX_WORDS} == {}


def _sentences(passage: Passage) -> list[list[str]]:
    text = " ".join(block.text if block.text[-1] in ".?!:" else f"{block.text}." for block in passage.blocks)
    return [sentence.split() for sentence in re.split(r"(?<=[.?!:])\s+", text)]


def _syllables(word: str) -> int:
    letters = re.sub("[^a-z]", "", word.lower())
    groups = len(re.findall("[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith("le") and groups > 1
    return max(1, groups - silent)


def _grade(passage: Passage) -> float:
    """US school grade after Flesch and Kincaid.

    Source: Kincaid and others 1975, "Derivation of new readability formulas".
    """
    sentences = _sentences(passage)
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_the_grade_is_the_one_calculated_by_hand() -> None:
    text = "The cat sat on the mat. It was happy."  # 9 words, 2 sentences, 10 syllables
    blocks = (Block("p", text),)
    passage = Passage("a#a", "a", "a", "A", (), text, blocks, (), frozenset(), "")

    assert _grade(passage) == pytest.approx(0.39 * 9 / 2 + 11.8 * 10 / 9 - 15.59)


def _mean_sentence(passage: Passage) -> float:
    sentences = _sentences(passage)
    return sum(map(len, sentences)) / len(sentences)


def test_every_passage_is_plain_language_and_so_is_the_whole() -> None:
    grades = {passage.passage_id: _grade(passage) for passage in PASSAGES}

    assert {passage_id: grade for passage_id, grade in grades.items() if grade > MAX_GRADE} == {}
    assert sum(grades.values()) / len(grades) <= MAX_MEAN_GRADE
    assert [passage.passage_id for passage in PASSAGES if _mean_sentence(passage) > MAX_WORDS_A_SENTENCE] == []


# ---- references


@every_passage
def test_every_footnote_of_a_passage_is_in_its_citation_and_no_other(passage: Passage) -> None:
    written = {int(number) for number in re.findall(r"\[\^([0-9]+)\]", WRITTEN[passage.passage_id])}

    references = citation(passage, _document(passage.doc_id), None).references
    assert [reference.number for reference in references] == sorted(written)
    assert all(reference.text for reference in references)


def test_the_article_lists_all_numbers_but_the_vacant_one() -> None:
    numbers = [reference.number for reference in _document("back-pain-after-running").references]

    assert numbers == [*range(1, 7), *range(8, 47)]


def test_number_19_has_its_corrected_date() -> None:
    for doc_id in ("back-pain-after-running", "faq"):
        (nineteen,) = [reference for reference in _document(doc_id).references if reference.number == 19]
        assert nineteen.text.startswith("Saragiotto BT")
        assert "2016;(1):CD012004" in nineteen.text
        assert "1996" not in nineteen.text


def test_a_number_means_the_same_reference_in_every_document() -> None:
    by_number = {reference.number: reference for reference in _document("back-pain-after-running").references}

    for document in CORPUS.documents:
        assert [by_number[reference.number] for reference in document.references] == list(document.references)


def test_only_the_article_lists_references_that_nothing_cites() -> None:
    assert {Path(warning.partition(":")[0]).name for warning in CORPUS.warnings} == {"back-pain-after-running.md"}


def test_references_link_to_secure_addresses() -> None:
    urls = [reference.url for document in CORPUS.documents for reference in document.references if reference.url]

    assert len(urls) > 40
    assert all(url.startswith("https://") for url in urls)


# ---- other ways to ask

WAYS = [way for passage in PASSAGES for way in passage.also_asked]


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).casefold().split())


@every_passage
def test_a_passage_has_the_ways_to_ask_that_stand_in_its_file(passage: Passage) -> None:
    (written,) = re.findall(
        r"^<!-- also asked:\n(.*?)\n-->$", WITH_COMMENTS[passage.passage_id], re.DOTALL | re.MULTILINE
    )

    assert list(passage.also_asked) == written.split("\n")
    assert len(passage.also_asked) in WAYS_TO_ASK


def test_no_way_to_ask_stands_twice_in_the_corpus_nor_is_a_heading() -> None:
    asked = Counter(_plain(way) for way in [*WAYS, *{passage.title for passage in PASSAGES}])

    assert [way for way, count in asked.items() if count > 1] == []
    assert len(WAYS) >= len(PASSAGES) * min(WAYS_TO_ASK)


def test_without_its_ways_to_ask_the_corpus_says_the_same_under_the_same_names(tmp_path: Path) -> None:
    for doc_id in DOCUMENTS:
        content = (FOLDER / f"{doc_id}.md").read_text(encoding="utf-8")
        (tmp_path / f"{doc_id}.md").write_text(_COMMENT.sub("", content), encoding="utf-8")

    without = passages_of(load_corpus(tmp_path).documents)

    assert all(passage.also_asked == () for passage in without)
    assert [replace(passage, also_asked=(), notes=()) for passage in PASSAGES] == list(without)
    assert [passage.content_hash for passage in PASSAGES] == [passage.content_hash for passage in without]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for inner in value.values() for text in _leaves(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _leaves(inner))
    else:
        yield str(value)


def _pages(app: Flask, client: FlaskClient) -> Iterator[str]:
    """The lines of every page and file, with and without tags."""
    paths = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    paths |= {f"/sources/{doc_id}" for doc_id in DOCUMENTS} | {"/nope", "/api/nope"}
    paths |= {f"/static/{path.relative_to(ROOT / 'web/static')}" for path in (ROOT / "web/static").rglob("*.[cjhs]*")}
    pages = [client.get(path) for path in sorted(paths)]
    pages += [client.post("/chat", data={"message": passage.title}) for passage in PASSAGES]
    for page in pages:
        with page:
            text = page.get_data(as_text=True)
        yield from text.splitlines()
        yield from re.sub("<[^>]*>", " ", text).splitlines()


def _replies(client: FlaskClient) -> Iterator[str]:
    """The texts in the interface's replies to headings, ways to ask, beginnings and what cannot be read."""
    starts = sorted({passage.title[:3] for passage in PASSAGES})
    asked: list[tuple[str, dict[str, Any]]] = [("/api/chat", {"message": passage.title}) for passage in PASSAGES]
    asked += [("/api/chat", {"message": way}) for way in WAYS[::25]]
    asked += [("/api/search", {"query": query, "limit": 50}) for query in ("back pain", "run", "doctor", "help")]
    asked += [("/api/suggest", {"query": start}) for start in starts]
    asked += [("/api/chat", {}), ("/api/search", {"query": ""}), ("/api/suggest", {"query": 3})]
    for path, body in asked:
        yield from _leaves(client.post(path, json=body).get_json())
    yield from _leaves(client.get("/api/config").get_json())


def test_no_way_to_ask_is_shown_anywhere(app: Flask, client: FlaskClient) -> None:
    content = _plain(" ".join([*WRITTEN.values(), *(passage.title for passage in PASSAGES)]))
    hidden = [way for way in map(_plain, WAYS) if way not in content]  # some may be words of the content, too

    pages = {_plain(line) for line in _pages(app, client)}
    replies = {_plain(text) for text in _replies(client)}

    shown = "\n".join(pages | replies)
    assert all(_plain(passage.blocks[0].text) in shown for passage in PASSAGES)  # what is read is really read
    assert [way for way in hidden if way in shown] == []
    assert len(hidden) > 0.99 * len(WAYS)


# ---- notes for staff


def test_the_notes_for_staff_stand_where_words_on_the_phone_could_do_harm() -> None:
    noted = {passage.passage_id for passage in PASSAGES if passage.notes}

    assert noted == {
        "back-pain-after-running#treatment-pain-relievers",
        "faq#treatments",
        "when-to-get-help#emergency-signs",
    }


# ---- who answers for it


@pytest.mark.parametrize("document", CORPUS.documents, ids=lambda document: document.doc_id)
def test_nobody_is_said_to_have_reviewed_what_no_clinician_has(document: Document) -> None:
    assert document.author == "Citewell, after an article by Dr. Sapia Akter"
    assert (document.reviewer, document.reviewed, document.next_review) == (None, None, None)


def test_the_clinic_can_be_reached_and_its_country_has_numbers() -> None:
    clinic = CORPUS.clinic

    assert (clinic.phone, clinic.country, clinic.languages) == ("01877733322", "BD", ("en",))
    assert [phone.tel for phone in clinic.phones["BD"]] == ["999", "16263"]
    assert "consult a health professional" in clinic.disclaimer


def test_every_start_question_is_shown_as_a_question(answerer: Answerer) -> None:
    shown = answerer.start_questions()

    assert len(shown) == len(CORPUS.clinic.start_questions) > 0
    assert all(title.endswith("?") for title in shown)


def test_every_passage_that_names_a_medicine_is_marked() -> None:
    names = re.compile("ibuprofen|naproxen|NSAID|paracetamol|injection|anti-inflammatory", re.IGNORECASE)

    naming = {passage.passage_id for passage in PASSAGES if names.search(passage.text)}

    assert "back-pain-after-running#treatment-pain-relievers" in naming
    assert naming <= {passage.passage_id for passage in PASSAGES if "medicine" in passage.classes}


@pytest.mark.parametrize("document", CORPUS.documents, ids=lambda document: document.doc_id)
def test_the_editor_s_notes_have_an_entry_for_every_passage_in_the_same_order(document: Document) -> None:
    notes = (FOLDER / "EDITORIAL.md").read_text(encoding="utf-8")

    own = notes.split(f"\n## {document.doc_id}.md\n", 1)[1].split("\n## ", 1)[0]
    entries = re.findall(r"^### (\S+)$", own, re.MULTILINE)
    assert entries == _anchors(document.doc_id)
    assert own.count("- Open: ") == len(entries)


# ---- answers

_WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "in small letters": str.lower,
    "in capitals": str.upper,
    "without the question mark": lambda title: title.rstrip("?"),
}


@pytest.mark.parametrize("way", _WAYS.values(), ids=_WAYS.keys())
def test_every_question_of_the_faq_gets_its_own_entry(answerer: Answerer, way: Callable[[str], str]) -> None:
    entries = [passage for passage in PASSAGES if passage.doc_id == "faq"]

    answers = [answerer.answer(way(entry.title)) for entry in entries]

    assert {answer.kind for answer in answers} == {"answer"}
    shown = [(answer.passage.id, answer.passage.text) for answer in answers if answer.passage]
    assert shown == [(entry.passage_id, entry.text) for entry in entries]
