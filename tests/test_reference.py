"""The page of the interface says what its document says, in words and tables, and obeys nothing of the content."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import bot
from tests.conftest import WriteCorpus
from web.app import create_app
from web.reference import reference


@pytest.fixture(scope="module")
def document(app: Flask) -> Any:
    """The document as it is served."""
    return app.test_client().get("/openapi.json").get_json()


def test_the_page_has_every_operation_field_and_type_of_the_document(client: FlaskClient, document: Any) -> None:
    page = client.get("/docs").get_data(as_text=True)

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f'<section id="{operation["operationId"]}"' in page
            assert f"<b>{method.upper()}</b> {path}</code>" in page
    for name, schema in document["components"]["schemas"].items():
        assert page.count(f'id="type-{name}"') == 1
        assert all(f"<code>{field}</code>" in page for field in schema["properties"])


def test_every_link_to_a_place_on_the_page_leads_to_one(client: FlaskClient) -> None:
    page = client.get("/docs").get_data(as_text=True)

    places = re.findall(r' id="([^"]+)"', page)

    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) - set(places) == set()


def test_the_page_has_no_script_and_leads_to_the_document(client: FlaskClient) -> None:
    response = client.get("/docs")

    assert "<script" not in response.get_data(as_text=True)
    assert 'href="/openapi.json"' in response.get_data(as_text=True)
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_words_of_the_content_are_shown_on_the_page_and_not_obeyed(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"faq.md": "# Shoes\n\n## Why `</pre><script>`?\n\nReplace your shoes.\n"})

    page = create_app(bot.build(folder)).test_client().get("/docs").get_data(as_text=True)

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_types_and_limits_are_said_in_words(document: Any) -> None:
    shown = reference(document)
    bodies = {entry.path: entry.body for entry in shown.entries}
    types = {shape.name: shape for shape in (*shown.types, *(entry.reply for entry in shown.entries)) if shape}

    def kind(name: str, field: str) -> str:
        return next(row.kind.striptags() for row in types[name].rows if row.name == field)

    asked = {row.name: row for row in bodies["/api/chat"].rows}  # type: ignore[union-attr] # a question has a body
    assert [name for name, row in asked.items() if row.is_required] == ["message"]
    assert "(1 to 500 characters)" in asked["message"].words
    assert "at most 3 of them; each 1 to 500 characters" in asked["context"].words
    assert "if left out" in asked["channel"].words
    assert kind("Citation", "reviewed") == "date or null"
    assert kind("Citation", "references") == "list of Reference"
    assert kind("QuotedBlock", "highlights") == "list of [whole number, whole number]"
    assert kind("ConfigReply", "phones") == "object of list of Phone, by name"
    assert kind("Alert", "placement") == '"replace", "before", "after"'
    assert kind("HealthReply", "status") == '"ok"'
    assert kind("Problem", "alert") == "Alert"


def test_an_example_shows_a_pair_of_numbers_on_one_line(document: Any) -> None:
    chat = reference(document).entries[0]

    answer = chat.responses[0].examples[0].text

    assert re.search(r"\[\d+, \d+\]", answer)
