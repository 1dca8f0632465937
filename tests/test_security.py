"""What every response carries, whoever made it: our views, Flask's own, a refusal or a crash."""

import re
from typing import Any, Never

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.answering import Answerer
from web.app import create_app

Request = tuple[str, str, dict[str, Any]]

REQUESTS: dict[str, Request] = {
    "home": ("GET", "/", {}),
    "question page": ("GET", "/chat", {}),
    "answer page": ("POST", "/chat", {"data": {"message": "shoes"}}),
    "error page": ("POST", "/chat", {"data": {"message": ""}}),
    "list of sources": ("GET", "/sources/", {}),
    "source": ("GET", "/sources/faq", {}),
    "list of sources without its slash": ("GET", "/sources", {}),
    "page not found": ("GET", "/nope", {}),
    "page's wrong method": ("DELETE", "/", {}),
    "page too large": ("POST", "/chat", {"data": {"message": "x" * 100_000}}),
    "answer": ("POST", "/api/chat", {"json": {"message": "shoes"}}),
    "search": ("POST", "/api/search", {"json": {"query": "shoes"}}),
    "suggestions": ("POST", "/api/suggest", {"json": {"query": "sho"}}),
    "configuration": ("GET", "/api/config", {}),
    "refusal": ("POST", "/api/chat", {"json": {}}),
    "wrong type": ("POST", "/api/chat", {"data": "shoes"}),
    "too large": ("POST", "/api/chat", {"json": {"message": "x" * 100_000}}),
    "not found": ("GET", "/api/nope", {}),
    "wrong method": ("GET", "/api/chat", {}),
    "options": ("OPTIONS", "/api/chat", {}),
    "head": ("HEAD", "/", {}),
    "crash": ("GET", "/api/crash", {}),
    "page crash": ("GET", "/crash", {}),
    "alive": ("GET", "/healthz", {}),
    "ready": ("GET", "/readyz", {}),
    "style sheet": ("GET", "/static/style.css", {}),
    "style sheet of the demo page": ("GET", "/static/demo.css", {}),
    "icon": ("GET", "/static/icon.svg", {}),
    "static not found": ("GET", "/static/nope.js", {}),
}


@pytest.fixture(scope="module")
def responses(answerer: Answerer) -> dict[str, TestResponse]:
    """The response to each of the requests."""
    app = create_app(answerer)

    @app.get("/api/crash")
    @app.get("/crash")
    def crash() -> Never:
        raise RuntimeError

    client = app.test_client()
    return {
        name: client.open(path, method=method, buffered=True, **more) for name, (method, path, more) in REQUESTS.items()
    }


def test_the_requests_are_as_various_as_they_say(responses: dict[str, TestResponse]) -> None:
    statuses = {response.status_code for response in responses.values()}

    assert statuses == {200, 404, 405, 413, 415, 422, 500}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_response_carries_the_headers_that_guard_it(
    responses: dict[str, TestResponse], header: str, value: str
) -> None:
    found = {name: response.headers.getlist(header) for name, response in responses.items()}

    assert found == {name: [value] for name in REQUESTS}


WITH_WIDGET = {"home", "head"}
"""The requests for the page that the widget runs on."""

PLAIN_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}


def policies(responses: dict[str, TestResponse], names: set[str]) -> list[dict[str, str]]:
    """The different policies of these responses, rule by rule."""
    written = {responses[name].headers["Content-Security-Policy"] for name in names}
    assert all(len(responses[name].headers.getlist("Content-Security-Policy")) == 1 for name in names)
    return [dict(rule.split(maxsplit=1) for rule in policy.split(";") if rule.strip()) for policy in written]


def test_the_policy_of_every_other_response_allows_our_own_style_pictures_and_forms_and_nothing_else(
    responses: dict[str, TestResponse],
) -> None:
    assert policies(responses, set(REQUESTS) - WITH_WIDGET) == [PLAIN_POLICY]


def test_the_demo_page_may_also_run_our_own_script_which_may_write_no_markup_and_speak_to_us_alone(
    responses: dict[str, TestResponse],
) -> None:
    (policy,) = policies(responses, WITH_WIDGET)

    assert policy == PLAIN_POLICY | {
        "script-src": "'self'",
        "connect-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_no_response_sets_a_cookie(responses: dict[str, TestResponse]) -> None:
    assert [name for name, response in responses.items() if "Set-Cookie" in response.headers] == []


def test_no_cache_keeps_a_response_other_than_the_style_sheets_and_the_icon(responses: dict[str, TestResponse]) -> None:
    kept = {name for name, response in responses.items() if response.headers.getlist("Cache-Control") != ["no-store"]}

    assert kept == {"style sheet", "style sheet of the demo page", "icon"}
    assert all(responses[name].headers["ETag"] for name in kept)
    assert not [name for name in kept if "no-store" in responses[name].headers["Cache-Control"]]


def test_no_response_tells_a_hop_what_only_the_web_server_may(responses: dict[str, TestResponse]) -> None:
    hop_by_hop = {"Connection", "Keep-Alive", "Proxy-Authenticate", "TE", "Trailers", "Transfer-Encoding", "Upgrade"}

    # WSGI forbids them to an application: waitress answers 500 instead.
    assert [name for name, response in responses.items() if hop_by_hop & {*response.headers.keys()}] == []


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/chat"), ("GET", "/api/config"), ("OPTIONS", "/api/chat"), ("GET", "/")]
)
def test_another_site_may_not_read_our_replies(client: FlaskClient, method: str, path: str) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}

    response = client.open(path, method=method, headers=asks)

    assert not [name for name in response.headers.keys() if name.startswith("Access-Control-")]  # noqa: SIM118


def test_a_cookie_that_comes_in_changes_nothing(client: FlaskClient) -> None:
    before = client.get("/").get_data()

    client.set_cookie("session", "eyJhIjoxfQ.x.y")

    assert client.get("/").get_data() == before


def test_the_style_sheets_and_the_icon_fetch_nothing(client: FlaskClient) -> None:
    for path in ("/static/style.css", "/static/demo.css", "/static/icon.svg"):
        text = re.sub(r'xmlns="[^"]*"', "", client.get(path, buffered=True).get_data(as_text=True))
        assert not re.search(r"(?i)url\(|@import|https?:|//[a-z]|<script|href|javascript:", text)
