"""The document of the interface is valid, whole and true: every route is in it, and every kind of reply fits it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

import bot
from bot.answering import Answerer
from tests.conftest import WriteCorpus
from tests.contract import Contract
from tests.test_inputs import BLANK, CONTROL, GOOD
from web import examples
from web.app import create_app
from web.database import Database, database_url
from web.inputs import MAX_MESSAGE, READABLE_PATTERN, check_text
from web.interface import NOT_IN_REPLY
from web.journal import Journal
from web.operations import OPERATIONS

EXAMPLE = "How can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"
QUESTIONS = {
    "an answer": EXAMPLE,
    "suggestions": "my back",
    "none": "qwxzy",
    "a dose": "how many ibuprofen can I take?",
    "another language": "ما هو الألم؟",
    "an alert alone": EMERGENCY,
    "two alerts": "I took the whole strip of napa because I want to die",
    "an alert before": "my back hurts and I have a fever of 39",
    "an alert after": "my back pain has not got better for eight weeks, do core exercises help?",
}
PLACEMENTS = {"an alert alone": "replace", "an alert before": "before", "an alert after": "after"}


@pytest.fixture(scope="module")
def document(app: Flask) -> Any:
    """The document as it is served."""
    return app.test_client().get("/openapi.json").get_json()


@pytest.fixture(scope="module")
def contract(document: Any) -> Contract:
    """What the document promises."""
    return Contract(document)


@pytest.fixture
def keeping(answerer: Answerer, tmp_path: Path) -> Iterator[FlaskClient]:
    """The application with a journal that keeps questions and comments."""
    database = Database(database_url("", tmp_path))
    journal = Journal(database, kept="questions", days=30)
    yield create_app(answerer, journal=journal).test_client()
    journal.close()
    database.close()


def post(client: FlaskClient, contract: Contract, path: str, **request: Any) -> tuple[TestResponse, Any]:
    """The response, and its JSON held to the contract."""
    response = client.post(path, **request)
    return response, contract.check("POST", path, response.status_code, dict(response.headers), response.data)


# ---- the document itself


def test_it_is_valid_by_the_official_rules_of_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_public_route_for_programs_is_in_it_and_nothing_else(app: Flask, desk_app: Flask, document: Any) -> None:
    described = {(method, path) for path, methods in document["paths"].items() for method in methods}

    for served in (app, desk_app):
        routes = {
            (method.lower(), rule.rule)
            for rule in served.url_map.iter_rules()
            if rule.rule.startswith("/api/") or rule.rule in ("/healthz", "/readyz", "/metrics")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        assert described == routes
    assert len(described) >= 7


def test_the_desk_is_not_in_it_and_it_says_so(desk_app: Flask) -> None:
    document = desk_app.test_client().get("/openapi.json").get_json()

    assert [path for path in document["paths"] if "desk" in path] == []
    assert "desk is no part of this" in document["info"]["description"]


def test_everything_in_it_is_described(document: Any) -> None:
    schemas = document["components"]["schemas"]

    bare = [name for name, schema in schemas.items() if not schema["description"]]
    bare += [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, inner in schema["properties"].items()
        if len(inner["description"].split()) < 2
    ]

    assert bare == []
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert all(response["description"] for response in operation["responses"].values())
            assert all(parameter["description"] for parameter in operation.get("parameters", ()))


def test_what_is_no_part_of_the_interface_is_not_in_it(document: Any) -> None:
    fields = {field for schema in document["components"]["schemas"].values() for field in schema["properties"]}

    assert fields & NOT_IN_REPLY == set()


def test_the_length_of_a_question_has_one_home(document: Any) -> None:
    message = document["components"]["schemas"]["ChatRequest"]["properties"]["message"]

    assert (message["minLength"], message["maxLength"]) == (1, MAX_MESSAGE)
    assert "NFC" in message["description"]


@given(st.text(min_size=1, max_size=20))
def test_what_is_taken_fits_the_pattern_and_what_has_control_characters_does_not(text: str) -> None:
    fits = re.search(READABLE_PATTERN, text) is not None

    assert fits or check_text(text) is not None
    assert not (fits and check_text(text) == "must not contain control characters")


def test_the_pattern_tells_apart_what_a_pattern_can() -> None:
    blank = [text for text in BLANK if text and not text.isspace()]  # format characters: only the server knows them

    assert [text for text in GOOD if not re.search(READABLE_PATTERN, text)] == []
    assert [text for text in [*CONTROL, *BLANK] if re.search(READABLE_PATTERN, text)] == blank


def test_every_example_fits_its_schema(document: Any, contract: Contract) -> None:
    seen = [
        (content["schema"]["$ref"].rpartition("/")[2], example["value"])
        for methods in document["paths"].values()
        for operation in methods.values()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for content in part.get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]

    assert [(name, wrong) for name, value in seen if (wrong := contract.complaints(name, value))] == []
    assert len(seen) > 30


def test_the_examples_are_the_replies_to_the_example_requests(document: Any, client: FlaskClient) -> None:
    operation = document["paths"]["/api/chat"]["post"]
    (asked,) = operation["requestBody"]["content"].values()
    (replied,) = operation["responses"]["200"]["content"].values()

    shown = {name: example["value"] for name, example in replied["examples"].items()}

    assert set(shown) == {"an-answer", "an-emergency", "not-covered"}
    assert shown == {
        name: client.post("/api/chat", json=example["value"]).get_json() for name, example in asked["examples"].items()
    }


def test_each_status_of_a_request_that_can_be_made_here_has_an_example(document: Any) -> None:
    without = [
        (path, status)
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for status, response in operation["responses"].items()
        if not all("examples" in content for content in response.get("content", {}).values())
    ]

    assert [(path, status) for path, status in without if path != "/metrics"] == []


def test_the_document_follows_the_content(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"faq.md": "# Shoes\n\n## Why new shoes?\n\nReplace your shoes.\n"})

    document = create_app(bot.build(folder)).test_client().get("/openapi.json").get_json()

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    (asked,) = document["paths"]["/api/chat"]["post"]["requestBody"]["content"].values()
    assert asked["examples"]["an-answer"]["value"] == {"message": "Why new shoes?"}


def test_it_is_made_once_for_each_state_of_the_content(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(answerer).test_client()
    first = client.get("/openapi.json").data
    monkeypatch.delattr(examples, "_chat")  # without which it cannot be made again

    assert client.get("/openapi.json").data == first


# ---- what really comes back


@pytest.mark.parametrize("sort", QUESTIONS)
def test_a_reply_of_each_sort_fits(client: FlaskClient, contract: Contract, sort: str) -> None:
    _, reply = post(client, contract, "/api/chat", json={"message": QUESTIONS[sort]})

    assert (reply["alert"] or {}).get("placement") == PLACEMENTS.get(sort, (reply["alert"] or {}).get("placement"))


def test_the_sorts_are_as_various_as_they_say(client: FlaskClient) -> None:
    replies = {sort: client.post("/api/chat", json={"message": asked}).get_json() for sort, asked in QUESTIONS.items()}

    assert {reply["kind"] for reply in replies.values()} == {"answer", "suggestions", "none"}
    assert {reply["alert"]["placement"] for reply in replies.values() if reply["alert"]} == {
        "replace",
        "before",
        "after",
    }
    assert replies["two alerts"]["alert"]["also"]


@pytest.mark.parametrize("language", ["bn", "xx"])
def test_a_reply_in_another_language_and_an_acknowledged_one_fit(
    client: FlaskClient, contract: Contract, language: str
) -> None:
    body = {"message": EMERGENCY, "language": language, "country": "GB", "acknowledged": ["cauda_equina"]}

    post(client, contract, "/api/chat", json=body)


@pytest.mark.parametrize("query", [EXAMPLE, EMERGENCY, "qwxzy"])
def test_searches_and_suggestions_fit(client: FlaskClient, contract: Contract, query: str) -> None:
    post(client, contract, "/api/search", json={"query": query, "limit": 3.0})
    post(client, contract, "/api/suggest", json={"query": query[:6]})


@pytest.mark.parametrize("path", ["/api/config", "/api/config?language=bn", "/healthz", "/readyz"])
def test_what_is_got_fits(client: FlaskClient, contract: Contract, path: str) -> None:
    response = client.get(path)

    contract.check("GET", path.partition("?")[0], response.status_code, dict(response.headers), response.data)


def test_each_reply_to_a_vote_fits(keeping: FlaskClient, contract: Contract) -> None:
    turn = keeping.post("/api/chat", json={"message": EXAMPLE}).get_json()["turn_id"]

    def vote(**more: Any) -> int:
        return post(keeping, contract, "/api/feedback", json={"turn_id": turn, "helpful": True, **more})[0].status_code

    assert vote() == 204
    assert vote(comment="too long") == 204
    assert vote(comment=EMERGENCY) == 200
    assert vote(turn_id="0" * 32) == 404
    assert vote(comment="") == 422


REFUSALS: dict[int, dict[str, Any]] = {
    400: {"data": b"{", "content_type": "application/json"},
    413: {"json": {"message": "x" * 100_000}},
    415: {"data": EMERGENCY},
    422: {"json": {"message": EMERGENCY * 100}},
}


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("path", [row.path for row in OPERATIONS if row.body])
def test_each_refusal_fits(client: FlaskClient, contract: Contract, path: str, status: int) -> None:
    response, _ = post(client, contract, path, **REFUSALS[status])

    assert response.status_code == status


def test_the_refusal_of_one_too_many_fits_and_says_when_to_ask_again(answerer: Answerer, contract: Contract) -> None:
    client = create_app(answerer, rate_limit=1, suggest_limit=1).test_client()
    bodies = {"/api/chat": {"message": EMERGENCY}, "/api/suggest": {"query": ""}, "/api/feedback": {}}

    for path, body in bodies.items():
        client.post(path, json=body)
        response, problem = post(client, contract, path, json=body)
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) >= 1
        assert ("alert" in problem) == (path == "/api/chat")
