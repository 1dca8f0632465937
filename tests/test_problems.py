"""Refusals: problem documents under /api, pages elsewhere, and never a word of ours too many."""

from http import HTTPStatus
from typing import Any, Never

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.answering import Answerer
from web.app import create_app

SECRET = "the password is swordfish"  # noqa: S105 - the words that must not come out


@pytest.fixture
def crashing(answerer: Answerer) -> FlaskClient:
    """The application with addresses that fail."""
    app = create_app(answerer)

    @app.route("/api/crash", methods=["GET", "POST"])
    @app.route("/crash")
    def crash() -> Never:
        raise RuntimeError(SECRET)

    @app.get("/api/teapot")
    def teapot() -> Never:
        abort(418)

    return app.test_client()


def problem(response: TestResponse, status: int) -> Any:
    """The response's problem document, checked for its form."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert (body["type"], body["title"], body["status"]) == ("about:blank", HTTPStatus(status).phrase, status)
    assert len(body["detail"].split()) > 2
    return body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nope", "/api/chat/", "/api/chat/x", "/api/%00", "/api/../x", "/api/" + "x" * 2000]
)
def test_an_unknown_address_under_api_is_a_problem_document(client: FlaskClient, method: str, path: str) -> None:
    assert problem(client.open(path, method=method), 404)["detail"] == "There is nothing at this address."


@pytest.mark.parametrize("path", ["/nope", "/sources/nope", "/static/nope.css", "/static/%00", "/apis", "/API/chat"])
def test_an_unknown_address_elsewhere_is_a_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "There is nothing at this address." in response.get_data(as_text=True)


TAKEN = {
    "/api/chat": {"POST", "OPTIONS"},
    "/api/search": {"POST", "OPTIONS"},
    "/api/suggest": {"POST", "OPTIONS"},
    "/api/config": {"GET", "HEAD", "OPTIONS"},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for path in TAKEN for method in METHODS if method not in TAKEN[path]]
)
def test_a_method_that_an_address_does_not_take_is_refused_with_those_that_it_takes(
    client: FlaskClient, method: str, path: str
) -> None:
    response = client.open(path, method=method)

    problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) == TAKEN[path]


def test_a_wrong_method_elsewhere_is_a_page_with_the_right_ones(client: FlaskClient) -> None:
    response = client.put("/chat")

    assert response.status_code == 405
    assert response.mimetype == "text/html"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_question_in_an_address_is_not_answered(client: FlaskClient) -> None:
    for path in ("/api/chat?message=shoes", "/api/search?query=shoes", "/api/suggest?query=shoes"):
        problem(client.get(path), 405)
        assert client.post(path, json={}).status_code == 422


def test_a_refusal_that_we_have_no_words_for_is_a_problem_document_all_the_same(crashing: FlaskClient) -> None:
    problem(crashing.get("/api/teapot"), 418)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_crash_under_api_is_a_problem_document_without_the_exception_s_words(
    crashing: FlaskClient, method: str
) -> None:
    response = crashing.open("/api/crash", method=method)

    problem(response, 500)
    assert SECRET not in response.get_data(as_text=True)
    assert "RuntimeError" not in response.get_data(as_text=True)


def test_a_crash_elsewhere_is_a_page_without_the_exception_s_words(crashing: FlaskClient) -> None:
    response = crashing.get("/crash")
    page = response.get_data(as_text=True)

    assert response.status_code == 500
    assert response.mimetype == "text/html"
    assert "The fault is ours" in page
    assert SECRET not in page
    assert "RuntimeError" not in page


def test_a_crash_takes_nothing_else_down(crashing: FlaskClient) -> None:
    crashing.post("/api/crash", json={"message": "shoes"})

    assert crashing.post("/api/chat", json={"message": "shoes"}).status_code == 200


def test_a_crash_is_logged_without_the_question(crashing: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    crashing.post("/api/crash", json={"message": "xylophone"})

    assert "RuntimeError" in caplog.text
    assert "xylophone" not in caplog.text


def test_nothing_is_logged_about_a_question(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    for body in ({"message": "shoes"}, {"message": ""}):
        client.post("/api/chat", json=body)
        client.post("/chat", data=body)

    assert caplog.text == ""


def test_the_application_does_not_run_in_debug_mode(app: Flask) -> None:
    assert not app.debug
    assert not app.testing
