"""Every response says the name of its request, which a client chooses only where a proxy is trusted."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.answering import Answerer
from web.app import create_app
from web.request_ids import HEADER

RANDOM = re.compile("[0-9a-f]{16}")


@pytest.fixture(scope="module")
def trusting(answerer: Answerer) -> FlaskClient:
    """A client of an application behind a proxy."""
    return create_app(answerer, trusts_request_ids=True).test_client()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/static/style.css", 200),
        ("GET", "/widget.js", 200),
        ("GET", "/nope", 404),
        ("DELETE", "/chat", 405),
        ("POST", "/api/chat", 415),
        ("OPTIONS", "/api/chat", 200),
        ("GET", "/desk", 303),
    ],
)
def test_every_response_says_it(desk_app: Flask, method: str, path: str, status: int) -> None:
    client = desk_app.test_client()

    first, second = (client.open(path, method=method) for _ in range(2))

    assert first.status_code == status
    assert all(RANDOM.fullmatch(response.headers[HEADER]) for response in (first, second))
    assert first.headers[HEADER] != second.headers[HEADER]


def test_what_a_client_says_is_not_taken_without_a_proxy(client: FlaskClient) -> None:
    assert RANDOM.fullmatch(client.get("/healthz", headers={HEADER: "mine"}).headers[HEADER])


@pytest.mark.parametrize("given", ["a", "x" * 64, "7f3c-4.B_9"])
def test_what_a_trusted_proxy_says_is_taken(trusting: FlaskClient, given: str) -> None:
    assert trusting.get("/nope", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", ["", " ", "x" * 65, "a b", "a,b", "é", '"a"', "a<b"])
def test_what_could_be_more_than_a_name_is_replaced_even_then(trusting: FlaskClient, given: str) -> None:
    assert RANDOM.fullmatch(trusting.get("/healthz", headers={HEADER: given}).headers[HEADER])
