"""For which host a request is: ours are answered, others refused, and no name that somebody made up comes back."""

import json
import socket
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.answering import Answerer
from tests.conftest import ROOT, TWO_TOPICS
from tests.services import serving
from tests.test_problems import problem
from web.app import create_app
from web.host_check import NO_NAME, NOT_OURS
from web.settings import SettingError, load_settings

OURS = ["ask.clinic.example", "xn--bcher-kva.example", "192.168.0.7", "[fd00::7]"]
ANSWERED = [
    "ask.clinic.example",
    "ask.clinic.example:8443",
    "ASK.Clinic.example",
    "xn--bcher-kva.example",
    "192.168.0.7:8000",
    "[fd00::7]:8000",
    "localhost",
    "localhost:8000",
    "127.0.0.1:8000",
    "127.8.9.1",
    "[::1]:8000",
]
FOREIGN = [
    "evil.example",
    "clinic.example",
    "www.ask.clinic.example",
    "ask.clinic.example.evil.example",
    "evilask.clinic.example",
    "ask.clinic.example.",
    "192.168.0.70",
    "[fd00::70]",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "128.0.0.1",
]
NO_NAMES = [
    "evil.example/path",
    "user@evil.example",
    "ask.clinic.example@evil.example",
    "evil example",
    "evil.example\tx",
    "evil.example:port",
    "evil.example:99999999",
    "evil.example:0",
    "evil.example?x",
    "evil.example#x",
    "evil.example\\x",
    "<b>evil.example</b>",
    '"evil.example',
    "evil.example,ask.clinic.example",
    "evil.example, ask.clinic.example",
    "[evil.example",
    "evil%2eexample",
]
PATHS = ["", "/", "/chat", "/sources/", "//", "/sources//faq", "/nope", "/api/nope", "/api/config", "/desk", "/healthz"]

many_hosts = pytest.mark.parametrize("host", [*FOREIGN, *NO_NAMES])


@pytest.fixture(scope="module")
def named(answerer: Answerer) -> FlaskClient:
    """A client of an application that has names of its own."""
    return create_app(answerer, hosts=OURS).test_client()


@pytest.mark.parametrize("host", ANSWERED)
def test_who_asks_for_a_host_of_ours_or_for_this_machine_is_answered(named: FlaskClient, host: str) -> None:
    assert named.get("/readyz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_who_asks_for_another_host_is_refused_by_page_or_document(named: FlaskClient, host: str) -> None:
    page, document = (named.get(path, headers={"Host": host}) for path in ("/chat", "/api/config"))

    assert page.status_code == 421
    assert NOT_OURS in page.text
    assert problem(document, 421)["detail"] == NOT_OURS


@pytest.mark.parametrize("host", NO_NAMES)
def test_what_is_no_name_is_refused_whatever_hosts_there_are(
    named: FlaskClient, client: FlaskClient, host: str
) -> None:
    for asked in (named, client):
        assert problem(asked.get("/api/config", headers={"Host": host}), 400)["detail"] == NO_NAME
        assert NO_NAME in asked.get("/chat", headers={"Host": host}).text


def test_without_the_setting_any_name_is_answered(client: FlaskClient) -> None:
    for host in (*ANSWERED, *FOREIGN):
        assert client.get("/readyz", headers={"Host": host}).status_code == 200


@many_hosts
def test_no_response_repeats_the_host_that_was_asked_for(named: FlaskClient, desk_app: Flask, host: str) -> None:
    for client in (named, desk_app.test_client()):
        for path in PATHS:
            response = client.get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
            said = f"{response.text} {response.headers}"
            assert "evil" not in said
            assert "ask.clinic.example" not in said
            assert not response.headers.get("Location", "/").startswith(("//", "http"))


def test_a_refused_question_is_not_answered_and_a_safety_message_is_not_looked_for(named: FlaskClient) -> None:
    body = {"message": "back pain and cant pee since morning"}
    response = named.post("/api/chat", json=body, headers={"Host": "evil.example"})

    assert "alert" not in problem(response, 421)


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("ask.clinic.example", ("ask.clinic.example",)),
        (" Ask.Clinic.Example , www.clinic.example", ("ask.clinic.example", "www.clinic.example")),
        ("bücher.example", ("xn--bcher-kva.example",)),
        ("192.168.0.7", ("192.168.0.7",)),
        ("[FD00:0::7]", ("[fd00::7]",)),
        ("box", ("box",)),
    ],
)
def test_a_host_is_read_as_browsers_write_it(written: str, hosts: tuple[str, ...]) -> None:
    assert load_settings({"CITEWELL_HOSTS": written}).hosts == hosts


@pytest.mark.parametrize(
    "written",
    ["*", "*.clinic.example", "https://clinic.example", "clinic.example:443", "clinic.example:8000", "clinic.example/",
     "clinic.example.", ".clinic.example", "user@clinic.example", "clinic.example/x", "a b", "[::1", ","],
)  # fmt: skip
def test_what_is_no_host_alone_is_refused(written: str) -> None:
    with pytest.raises(SettingError, match=r"^CITEWELL_HOSTS: .* expected names such as `ask.clinic.example`"):
        load_settings({"CITEWELL_HOSTS": written})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real server listens that has a name."""
    content = tmp_path_factory.mktemp("content")
    (content / "page.md").write_text(TWO_TOPICS)
    (content / "clinic.toml").write_text("safety_messages = false\n")
    command = [sys.executable, "server.py", "serve", "--port", "0", "--hosts", "ask.clinic.example"]
    command += ["--corpus", str(content)]
    with serving(command, cwd=ROOT) as address:
        yield address


def said(address: str, request: str) -> str:
    """All that the server sends back until it hangs up."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request.encode("latin-1"))
        with connection.makefile("rb") as reply:
            return reply.read().decode()


@pytest.mark.server
@pytest.mark.parametrize(
    ("start", "host", "status"),
    [
        ("GET /api/config HTTP/1.1", "Host: ask.clinic.example", 200),
        ("GET /api/config HTTP/1.1", "Host: evil.example", 421),
        ("GET /api/config HTTP/1.1", "Host: user@evil.example", 400),
        ("GET /api/config HTTP/1.1", "Host: evil.example\r\nHost: ask.clinic.example", 400),
        ("GET /api/config HTTP/1.1", "Host: ask.clinic.example\r\nX-Forwarded-Host: evil.example", 200),
        ("GET http://evil.example/api/config HTTP/1.1", "Host: ask.clinic.example", 200),
        ("GET http://evil.example HTTP/1.1", "Host: ask.clinic.example", 200),
        ("GET //evil.example/api/config HTTP/1.1", "Host: ask.clinic.example", 404),
        ("GET /healthz HTTP/1.1", "Host: localhost", 200),
    ],
)
def test_the_server_keeps_to_it(address: str, start: str, host: str, status: int) -> None:
    reply = said(address, f"{start}\r\n{host}\r\nConnection: close\r\n\r\n")

    assert reply.startswith(f"HTTP/1.1 {status} ")
    assert "evil" not in reply
    if status == 421:
        assert json.loads(reply.partition("\r\n\r\n")[2])["detail"] == NOT_OURS
