"""The JSON interface: what goes out, pinned field by field. What is refused stands in test_inputs and test_problems."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import bot
from bot import wording
from bot.analysis import Analyzer
from bot.answering import Answerer
from bot.showing import MAX_ALTERNATIVES
from tests.conftest import WriteCorpus
from web.app import create_app
from web.inputs import MAX_CONTEXT, MAX_MESSAGE

EXAMPLE = "How can worn-out running shoes lead to back pain?"
UNSURE = "my back"  # a word that many passages have, and no more
NOT_COVERED = "qwxzy"

ENGLISH = Analyzer("en")

REFERENCE = {"number": "int", "text": "str", "url": "str"}
CITATION = {
    "document": "str",
    "section": "str",
    "url": "str",
    "author": "str",
    "reviewed": "null",
    "overdue": "bool",
    "hash": "str",
    "references": [REFERENCE],
}
ALTERNATIVE = {"id": "str", "title": "str", "snippet": "str", "url": "str"}
EVERY_REPLY = {
    "alert": "null",
    "confidence": "float",
    "disclaimer": "str",
    "help": {"title": "str", "url": "str"},
    "contact": {"name": "str", "phone": "str"},
    "corpus_version": "str",
    "turn_id": "null",
}
REPLIES = {
    EXAMPLE: EVERY_REPLY
    | {
        "kind": "str",
        "passage": {
            "id": "str",
            "title": "str",
            "text": "str",
            "blocks": [{"kind": "str", "text": "str", "highlights": [["int", "int"]]}],
        },
        "citation": CITATION,
        "message": "null",
        "alternatives": [ALTERNATIVE],
    },
    UNSURE: EVERY_REPLY
    | {"kind": "str", "passage": "null", "citation": "null", "message": "str", "alternatives": [ALTERNATIVE]},
    NOT_COVERED: EVERY_REPLY
    | {"kind": "str", "passage": "null", "citation": "null", "message": "str", "alternatives": []},
}


def shape(value: Any) -> Any:
    """``value`` with its leaves replaced by their types; a list by the shapes in it, each once, pairs as they are."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        shapes = [shape(inner) for inner in value]
        return shapes if "int" in shapes else [inner for at, inner in enumerate(shapes) if inner not in shapes[:at]]
    return "null" if value is None else type(value).__name__


def reply(client: FlaskClient, path: str, **body: Any) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "application/json"
    return response.get_json()


def client_of(folder: Path) -> FlaskClient:
    return create_app(bot.build(folder)).test_client()


# ---- POST /api/chat


@pytest.mark.parametrize("question", REPLIES)
def test_a_reply_has_exactly_the_fields_and_types_of_the_interface(client: FlaskClient, question: str) -> None:
    assert shape(reply(client, "/api/chat", message=question)) == REPLIES[question]


@pytest.mark.parametrize(("question", "kind"), [(EXAMPLE, "answer"), (UNSURE, "suggestions"), (NOT_COVERED, "none")])
def test_each_of_the_three_kinds_can_be_had(client: FlaskClient, question: str, kind: str) -> None:
    assert reply(client, "/api/chat", message=question)["kind"] == kind


def test_the_example_question_is_answered_with_its_source_and_the_advice_to_consult(client: FlaskClient) -> None:
    answer = reply(client, "/api/chat", message=EXAMPLE)

    assert answer["passage"]["id"] in {"faq#worn-shoes", "back-pain-after-running#causes-shoes"}
    assert "shoes" in answer["citation"]["section"]
    assert answer["citation"]["url"] == "/sources/" + answer["passage"]["id"]
    assert [reference["number"] for reference in answer["citation"]["references"]] == [27]
    assert "consult" in answer["disclaimer"].lower()


@pytest.mark.parametrize("question", REPLIES)
def test_every_reply_carries_disclaimer_contact_version_and_the_way_to_help(
    client: FlaskClient, answerer: Answerer, question: str
) -> None:
    answer = reply(client, "/api/chat", message=question)

    assert answer["disclaimer"] == answerer.corpus.clinic.disclaimer
    assert answer["contact"] == {"name": answerer.corpus.clinic.name, "phone": answerer.corpus.clinic.phone}
    assert answer["corpus_version"] == answerer.corpus.version
    assert answer["help"] == {"title": "Signs you need help now", "url": "/sources/when-to-get-help"}


def test_suggestions_name_passages_that_exist(client: FlaskClient, answerer: Answerer) -> None:
    titles = {passage.passage_id: passage.title for passage in answerer.passages}

    alternatives = reply(client, "/api/chat", message=UNSURE)["alternatives"]

    assert len(alternatives) == MAX_ALTERNATIVES
    assert {other["id"]: other["title"] for other in alternatives}.items() <= titles.items()
    assert {other["url"] for other in alternatives} == {f"/sources/{other['id']}" for other in alternatives}


def test_an_answer_does_not_name_its_own_passage_as_an_alternative(client: FlaskClient) -> None:
    answer = reply(client, "/api/chat", message=EXAMPLE)

    assert answer["passage"]["id"] not in {other["id"] for other in answer["alternatives"]}


def test_an_answer_is_the_corpus_word_for_word(client: FlaskClient, answerer: Answerer, corpus_folder: Path) -> None:
    written = {
        path.stem: " ".join(re.sub(r"\[\^\d+\]|[*`]", "", path.read_text()).split())
        for path in corpus_folder.glob("*.md")
    }
    questions = {passage.title for passage in answerer.passages if passage.doc_id == "faq"}

    passages = [reply(client, "/api/chat", message=question)["passage"] for question in sorted(questions)]

    assert len(passages) == 20
    for passage in passages:
        assert passage["text"] == " ".join(block["text"] for block in passage["blocks"])
        assert all(block["text"] in written[passage["id"].partition("#")[0]] for block in passage["blocks"])


def test_highlights_are_the_words_of_the_question_and_what_stands_in_for_them(client: FlaskClient) -> None:
    blocks = reply(client, "/api/chat", message="Do worn shoes hurt?")["passage"]["blocks"]
    marked = [block["text"][start:end].lower() for block in blocks for start, end in block["highlights"]]

    # The lexicon leads from "worn shoes" to "worn-out shoes" and "old shoes", and from "hurt" to "pain".
    words = r"\b(?:worn|out|old|shoes?|hurts?|pain(?:s|ful)?)\b"
    assert {"worn", "shoes"} < set(marked)
    assert all(re.fullmatch(words, word) for word in marked)
    assert len(marked) == sum(len(re.findall(words, block["text"], re.IGNORECASE)) for block in blocks)


def test_without_a_lexicon_highlights_are_the_words_of_the_question_alone(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# Shoes\n\nWorn shoes hurt: pain from a worn shoe.\n"}))

    (block,) = reply(client, "/api/chat", message="Do worn shoes hurt?")["passage"]["blocks"]

    marked = [block["text"][start:end] for start, end in block["highlights"]]
    assert marked == ["Worn", "shoes", "hurt", "worn", "shoe"]


def test_highlights_count_code_points(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# Shoes\n\n🏃🏽‍♀️ e\u0301 Replace your shoes.\n"}))

    (block,) = reply(client, "/api/chat", message="shoes")["passage"]["blocks"]

    assert [block["text"][start:end] for start, end in block["highlights"]] == ["shoes"]


@pytest.mark.parametrize(
    "optional",
    [
        {"context": []},
        *({"channel": channel} for channel in ("widget", "page", "desk", "api")),
        {"language": "en"},
        {"language": "en-GB"},
        {"language": None},
        {"country": "BD"},
        {"country": None},
        {"acknowledged": ["cauda_equina"]},
        {"context": [], "channel": "widget", "language": "en", "country": "GB", "acknowledged": []},
    ],
    ids=json.dumps,
)
def test_an_optional_field_is_accepted_and_changes_nothing_yet(client: FlaskClient, optional: dict[str, Any]) -> None:
    assert reply(client, "/api/chat", message=EXAMPLE, **optional) == reply(client, "/api/chat", message=EXAMPLE)


@pytest.mark.parametrize("language", ["bn", "bn-BD"])
def test_fixed_sentences_are_in_the_language_that_is_asked_for_and_what_is_quoted_stays(
    client: FlaskClient, language: str
) -> None:
    english = reply(client, "/api/chat", message=EXAMPLE)
    bangla = reply(client, "/api/chat", message=EXAMPLE, language=language)
    config = client.get(f"/api/config?language={language}").get_json()

    assert bangla == {**english, "disclaimer": wording.said(wording.DISCLAIMER, "bn")}
    assert bangla["disclaimer"] != english["disclaimer"]
    assert config["disclaimer"] == bangla["disclaimer"]
    assert config["privacy"] == wording.said(wording.PRIVACY, "bn") != wording.PRIVACY


def test_a_sentence_that_a_clinic_wrote_is_translated_by_nobody(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": "# Page\n\nText.\n", "clinic.toml": 'disclaimer = "Ask our nurse."'})

    assert reply(client_of(folder), "/api/chat", message="text", language="bn")["disclaimer"] == "Ask our nurse."


@pytest.mark.parametrize(("topic", "passage"), [("sciatica", "page#sciatica"), ("blisters", "page#blisters")])
def test_a_follow_up_is_answered_with_what_was_asked_before(two_topics: Path, topic: str, passage: str) -> None:
    context = ["I like jogging", f"I think I have {topic}"]

    follow_up = reply(client_of(two_topics), "/api/chat", message="and how do I prevent that?", context=context)

    assert follow_up["passage"]["id"] == passage


def test_a_follow_up_on_the_shipped_content_is_another_question_than_alone(client: FlaskClient) -> None:
    context = ["I like jogging", "I think I have sciatica"]

    follow_up = reply(client, "/api/chat", message="how long does it last?", context=context)

    found = [follow_up["passage"], *follow_up["alternatives"]]
    assert "back-pain-after-running#causes-conditions-sciatica" in [one["id"] for one in found if one]
    assert follow_up != reply(client, "/api/chat", message="how long does it last?")


@pytest.mark.parametrize("context", [["My back hurts"] * MAX_CONTEXT, [EXAMPLE], ["Hello"], ["🏃" * 500] * MAX_CONTEXT])
def test_a_question_that_stands_by_itself_is_answered_the_same_whatever_was_asked_before(
    client: FlaskClient, context: list[str]
) -> None:
    assert reply(client, "/api/chat", message=EXAMPLE, context=context) == reply(client, "/api/chat", message=EXAMPLE)


def test_what_was_asked_before_is_normalised_as_the_message_is(client: FlaskClient) -> None:
    one, other = (
        reply(client, "/api/chat", message="why?", context=[unicodedata.normalize(form, "Crépe sole shoes, é")])
        for form in ("NFC", "NFD")
    )

    assert one == other


def test_a_search_has_no_earlier_messages(client: FlaskClient) -> None:
    response = client.post("/api/search", json={"query": "why?", "context": ["shoes"]})

    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == ["context"]


def test_author_and_review_of_the_document_stand_in_the_citation(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nauthor: Dr. A\nreviewer: Dr. B\nreviewed: 2019-05-01\nnext_review: 2020-05-01\n---\n"
    client = client_of(write_corpus({"faq.md": f"{front}\n## Old shoes\n\nReplace your shoes.\n"}))

    citation = reply(client, "/api/chat", message="old shoes")["citation"]

    assert (citation["author"], citation["reviewed"], citation["overdue"]) == ("Dr. A", "2019-05-01", True)


def test_a_review_that_is_due_in_a_far_year_is_not_overdue(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nnext_review: 9999-12-31\n---\n"
    client = client_of(write_corpus({"faq.md": f"{front}\n## Old shoes\n\nReplace your shoes.\n"}))

    assert reply(client, "/api/chat", message="old shoes")["citation"]["overdue"] is False


def test_a_document_with_a_page_of_its_own_is_cited_there_at_its_words(write_corpus: Callable[..., Path]) -> None:
    front = "---\ntitle: Shoes\nurl: https://clinic.example/shoes\n---\n"
    client = client_of(write_corpus({"faq.md": f"{front}\n## Old shoes\n\nReplace worn-out shoes.\n"}))

    citation = reply(client, "/api/chat", message="old shoes")["citation"]

    assert citation["url"] == "https://clinic.example/shoes#:~:text=Replace%20worn%2Dout%20shoes."


def test_a_corpus_without_phone_and_help_document_answers_without_them(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# Shoes\n\nReplace your shoes.\n"}))

    answer = reply(client, "/api/chat", message="shoes")

    assert (answer["kind"], answer["contact"], answer["help"]) == ("answer", None, None)
    assert answer["disclaimer"]


def test_replies_are_written_in_utf_8_as_people_write(client: FlaskClient) -> None:
    body = client.post("/api/chat", json={"message": NOT_COVERED}).get_data()

    assert "clinic’s".encode() in body


# ---- POST /api/search


def test_a_search_has_exactly_the_fields_and_types_of_the_interface(client: FlaskClient) -> None:
    words = {"id": "str", "title": "str", "text": "str"}
    hit = words | {"score": "float", "confidence": "float", "highlights": [["int", "int"]], "citation": CITATION}

    found = reply(client, "/api/search", query=EXAMPLE, limit=1)

    assert shape(found) == {"query": "str", "alert": "null", "hits": [hit], "took_ms": "float", "corpus_version": "str"}
    assert found["query"] == EXAMPLE
    assert found["took_ms"] >= 0


def test_hits_come_best_first_and_each_shares_a_word_with_the_query(client: FlaskClient, answerer: Answerer) -> None:
    hits = reply(client, "/api/search", query="worn shoes", limit=50)["hits"]
    scores = [hit["score"] for hit in hits]
    searched = {term for concept in answerer.find("worn shoes").query.concepts for term in concept.terms}
    own = {
        passage.passage_id: {
            term for text in (passage.title, passage.text, *passage.also_asked) for term in ENGLISH.terms(text)
        }
        for passage in answerer.passages
    }

    assert hits[0]["id"] in {"faq#worn-shoes", "back-pain-after-running#causes-shoes"}
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert {"worn", "shoe"} <= searched
    assert all(own[hit["id"]] & searched for hit in hits)
    assert len(hits) == min(50, sum(bool(terms & searched) for terms in own.values())) < len(own)


@pytest.mark.parametrize(("body", "found"), [({"limit": 1}, 1), ({"limit": 3}, 3), ({}, 10), ({"limit": 50}, 50)])
def test_a_search_gives_as_many_hits_as_asked_for_and_ten_unasked(
    client: FlaskClient, body: dict[str, int], found: int
) -> None:
    assert len(reply(client, "/api/search", query="back pain", **body)["hits"]) == found


def test_a_search_for_unknown_words_finds_nothing(client: FlaskClient) -> None:
    assert reply(client, "/api/search", query=NOT_COVERED)["hits"] == []


# ---- POST /api/suggest


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "?"])
def test_nothing_typed_gives_no_suggestions(client: FlaskClient, typed: str) -> None:
    assert reply(client, "/api/suggest", query=typed) == {"suggestions": []}


@pytest.mark.parametrize("typed", ["worn", "Worn-o", "worn out sho", "can WORN out running shoes lead to back pai"])
def test_an_unfinished_last_word_is_completed(client: FlaskClient, typed: str) -> None:
    suggestions = reply(client, "/api/suggest", query=typed)["suggestions"]

    assert suggestions[0] == "Can worn-out running shoes lead to back pain?"


def test_an_unfinished_word_that_is_not_the_last_is_not_completed(client: FlaskClient) -> None:
    assert reply(client, "/api/suggest", query="wor shoes") == {"suggestions": []}


def test_no_heading_is_suggested_twice_and_never_more_than_fit(client: FlaskClient) -> None:
    suggestions = reply(client, "/api/suggest", query="b")["suggestions"]

    assert len(suggestions) == len(set(suggestions)) == 7


# ---- GET /api/config, /healthz, /readyz


def test_the_configuration_is_what_a_client_needs_before_the_first_question(
    client: FlaskClient, answerer: Answerer
) -> None:
    clinic = answerer.corpus.clinic

    config = client.get("/api/config").get_json()

    assert shape(config) == {
        "clinic": {"name": "str", "site": "null", "phone": "str", "hours": "null"},
        "start_questions": ["str"],
        "scope": "str",
        "privacy": "str",
        "comment": "null",
        "disclaimer": "str",
        "help": {"title": "str", "url": "str"},
        "country": "str",
        "phones": {country: [{"label": "str", "tel": "str"}] for country in clinic.phones},
        "countries": dict.fromkeys(clinic.phones, "str"),
        "languages": ["str"],
        "document_languages": dict.fromkeys(["back-pain-after-running", "faq", "when-to-get-help"], "str"),
        "limits": {"message": "int", "context": "int"},
        "corpus_version": "str",
    }
    assert config["clinic"]["name"] == clinic.name
    assert config["disclaimer"] == clinic.disclaimer
    assert [phone["tel"] for phone in config["phones"]["BD"]] == ["999", "16263"]
    assert config["limits"] == {"message": MAX_MESSAGE, "context": MAX_CONTEXT} == {"message": 500, "context": 3}
    assert config["languages"] == ["en"]


def test_every_start_question_is_answered_by_the_passage_that_it_heads(client: FlaskClient) -> None:
    questions = client.get("/api/config").get_json()["start_questions"]

    titles = [reply(client, "/api/chat", message=question)["passage"]["title"] for question in questions]

    assert len(questions) == 4
    assert titles == questions


def test_a_corpus_of_one_file_has_a_configuration_of_defaults(write_corpus: Callable[..., Path]) -> None:
    client = client_of(write_corpus({"faq.md": "# Shoes\n\n## Why new shoes?\n\nReplace your shoes.\n"}))

    config = client.get("/api/config").get_json()

    assert config["start_questions"] == ["Why new shoes?"]
    assert config["clinic"] == {"name": "the clinic", "site": None, "phone": None, "hours": None}
    assert (config["phones"], config["country"], config["help"]) == ({}, None, None)
    assert config["disclaimer"]


def test_the_process_says_that_it_runs_and_what_it_has_to_answer_from(client: FlaskClient, answerer: Answerer) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert ready.pop("content")["version"] == answerer.corpus.version
    assert ready == {
        "status": "ready",
        "passages": len(answerer.passages),
        "corpus_version": answerer.corpus.version,
        "journal": {"kept": "off", "lost": 0, "failing": False},
        "limits": {"storage": "memory", "shared": False, "problem": None},
    }
