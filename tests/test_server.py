"""The real server as a process of its own, spoken to over a socket."""

import json
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from tests.services import serving
from tests.waiting import PATIENCE

pytestmark = pytest.mark.server

EXAMPLE = "How can worn-out running shoes lead to back pain?"
PROGRAM = [sys.executable, str(ROOT / "server.py")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the server of this module listens; it is stopped with SIGTERM and must leave with 0 and no complaint."""
    # More threads than questions at the same time, so that none waits, which would be worth a line of complaint.
    with serving([*PROGRAM, "--port", "0", "--threads", "16", "--rate-limit", "off"], cwd=ROOT) as address:
        yield address


@pytest.fixture
def connection(address: str) -> Iterator[HTTPConnection]:
    """A client that has connected."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    yield connection
    connection.close()


def ask(connection: HTTPConnection, body: bytes, content_type: str = "application/json") -> HTTPResponse:
    connection.request("POST", "/api/chat", body, {"Content-Type": content_type})
    return connection.getresponse()


def problem(response: HTTPResponse, status: int) -> Any:
    """The response's problem document, checked for its form."""
    body = json.loads(response.read())
    assert response.status == body["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(body)
    return body


def test_the_example_question_is_answered(connection: HTTPConnection) -> None:
    response = ask(connection, json.dumps({"message": EXAMPLE}).encode())
    answer = json.loads(response.read())

    assert response.status == 200
    assert answer["kind"] == "answer"
    assert answer["passage"]["id"] in {"faq#worn-shoes", "back-pain-after-running#causes-shoes"}
    assert answer["disclaimer"]


def test_a_page_and_its_style_sheet_are_served(connection: HTTPConnection) -> None:
    for path, kind in (("/", "text/html"), ("/static/style.css", "text/css"), ("/sources/faq", "text/html")):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.read()
        assert (response.status, response.headers.get_content_type()) == (200, kind)


def test_the_server_does_not_tell_what_it_is_made_of(connection: HTTPConnection) -> None:
    connection.request("GET", "/healthz")
    response = connection.getresponse()

    assert json.loads(response.read()) == {"status": "ok"}
    assert "Server" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_metrics_are_read_on_the_machine_itself_and_not_through_a_proxy_on_it(connection: HTTPConnection) -> None:
    statuses = []
    for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}):
        connection.request("GET", "/metrics", headers=headers)
        response = connection.getresponse()
        statuses.append((response.status, b"citewell_requests_total" in response.read()))

    assert statuses == [(200, True), (404, False), (404, False)]


def test_a_client_that_sends_ten_megabytes_reads_a_problem_document(connection: HTTPConnection) -> None:
    response = ask(connection, b'{"message": "' + b"x" * 10_000_000 + b'"}')

    problem(response, 413)
    assert ask(connection, b'{"message": "shoes"}').status == 200  # whether on the same connection or on a new one


def test_a_body_in_pieces_is_read_and_too_many_of_them_are_refused(connection: HTTPConnection) -> None:
    def send(pieces: int) -> HTTPResponse:
        body = (b" " * 1000 for _ in range(pieces))
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/chat", [b'{"message": "shoes"}', *body], headers, encode_chunked=True)
        return connection.getresponse()

    fine = send(10)
    assert fine.read()
    assert fine.status == 200
    problem(send(100), 413)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe\0", 400),
        (b"[" * 50_000, 400),
        (b'{"message": "\\ud800"}', 400),
        (b"[]", 422),
        (b'{"message": "\\u0000"}', 422),
        (b'{"message": "' + b"x" * 501 + b'"}', 422),
    ],
    ids=["empty", "bytes", "deep", "surrogate", "list", "control", "long"],
)
def test_bad_input_is_a_problem_document(connection: HTTPConnection, body: bytes, status: int) -> None:
    problem(ask(connection, body), status)


def test_a_wrong_content_type_and_a_wrong_address_are_problem_documents(connection: HTTPConnection) -> None:
    problem(ask(connection, b"{}", "text/plain"), 415)
    connection.request("GET", "/api/nope")
    problem(connection.getresponse(), 404)


def test_a_site_that_is_named_is_let_in_by_one_header_and_not_by_two() -> None:
    site = "https://clinic.example"
    with serving([*PROGRAM, "--port", "0", "--allowed-origins", f"{site},https://*.clinic.example"], cwd=ROOT) as at:
        connection = HTTPConnection(urlsplit(at).netloc, timeout=PATIENCE)
        got = [preflight(connection, origins) for origins in ([site], ["https://www.clinic.example"], [site, site])]
        connection.close()

    assert [(response.status, response.headers["Access-Control-Allow-Origin"]) for response in got] == [
        (204, site),
        (204, "https://www.clinic.example"),
        (200, None),
    ]


def preflight(connection: HTTPConnection, origins: list[str]) -> HTTPResponse:
    connection.putrequest("OPTIONS", "/api/chat")
    for name, value in [("Access-Control-Request-Method", "POST"), *(("Origin", origin) for origin in origins)]:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    assert response.read() == b""
    return response


def test_questions_asked_at_the_same_time_get_the_answers_they_would_get_alone(address: str) -> None:
    def answer(question: str) -> Any:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        try:
            reply: dict[str, Any] = json.loads(ask(connection, json.dumps({"message": question}).encode()).read())
            return reply | {"turn_id": None}  # the only thing in it that is another one each time
        finally:
            connection.close()

    questions = ["worn shoes", "sciatica", "qwxzy", "rest days", EXAMPLE] * 4
    alone = {question: answer(question) for question in set(questions)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(answer, questions))

    assert together == [alone[question] for question in questions]


def test_after_a_thousand_questions_no_word_of_them_is_on_the_disk_or_in_the_log(tmp_path: Path) -> None:
    canaries = [f"canary{secrets.token_hex(6)}" for _ in range(1000)]
    command = [*PROGRAM, "--port", "0", "--data", str(tmp_path / "data"), "--rate-limit", "off"]

    with serving(command, cwd=tmp_path) as at:  # which checks that the server said nothing but its start line
        connection = HTTPConnection(urlsplit(at).netloc, timeout=PATIENCE)
        turns = [say(connection, *asked(number, canary)) for number, canary in enumerate(canaries)]
        connection.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)

    assert {path.name for path in files} >= {"citewell.sqlite3", "session.key"}
    assert all(str(turn).encode() in written for turn in turns if turn)  # what is kept is really there
    assert sum(turn is not None for turn in turns) == 500
    assert [canary for canary in canaries if canary.encode() in written] == []


def asked(number: int, canary: str) -> tuple[str, str, str]:
    """An address, a content type and a body with ``canary`` in it: by turns a question, one on the page, and others."""
    words = f"{canary} worn shoes hurt my {canary} back"
    match number % 4:
        case 0 | 1:
            return "/api/chat", "application/json", json.dumps({"message": words, "context": [canary]})
        case 2:
            return "/chat", "application/x-www-form-urlencoded", f"message={canary}+pain&context={canary}"
        case _:
            path = ("/api/search", "/api/suggest", "/api/feedback")[number // 4 % 3]
            vote = {"turn_id": canary, "helpful": False, "comment": words}
            return path, "application/json", json.dumps(vote if "feedback" in path else {"query": canary})


def say(connection: HTTPConnection, path: str, content_type: str, body: str) -> Any:
    """The turn of the reply, if it has one."""
    connection.request("POST", path, body, {"Content-Type": content_type})
    response = connection.getresponse()
    content = response.read()
    assert response.status in (200, 422), content
    return json.loads(content).get("turn_id") if "json" in response.headers["Content-Type"] else None


def test_the_program_serves_without_arguments_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_PORT", "0")

    with serving(PROGRAM, cwd=ROOT) as address:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        connection.request("GET", "/readyz")
        ready = json.loads(connection.getresponse().read())
        connection.close()

    assert ready["status"] == "ready"
    assert ready["passages"] > 40
