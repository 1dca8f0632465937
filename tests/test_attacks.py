"""What somebody may try on a server that the whole internet reaches, tried on the real one over a socket."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import ROOT, TWO_TOPICS
from tests.services import serving
from tests.test_accounts import PASSWORD

pytestmark = pytest.mark.server

PROGRAM = [sys.executable, "server.py"]
PAGES = ["/", "/chat", "/sources/", "/sources/faq", "/api/config", "/widget.js", "/desk/sign-in", "/nope", "/api/nope"]
INJECTED = "X-Injected"


@dataclass(frozen=True, slots=True)
class Reply:
    """One response, read to its end."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """A server with somebody at the desk, and the folder that it writes into."""

    host: str
    port: int
    data: Path

    def send(self, method: str, target: str, headers: Sequence[str] = (), body: bytes = b"") -> Reply:
        """Send ``target`` and ``headers`` letter by letter, as no client library would."""
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        lines += [f"Content-Length: {len(body)}"] if body else []
        with socket.create_connection((self.host, self.port), timeout=60) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            with connection.makefile("rb") as stream:
                first = stream.readline()
                head, _, content = stream.read().partition(b"\r\n\r\n")
        return Reply(int(first.split()[1]), BytesParser().parsebytes(head + b"\r\n\r\n"), content)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Little content, so that a server starts soon."""
    folder = tmp_path_factory.mktemp("content")
    (folder / "faq.md").write_text(TWO_TOPICS)
    (folder / "clinic.toml").write_text("safety_messages = false\n")
    return folder


@pytest.fixture(scope="module")
def server(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests here, which must say nothing but its start line."""
    data = tmp_path_factory.mktemp("attacked")
    add = [*PROGRAM, "staff", "add", "mina", "--password-stdin", "--data", str(data)]
    subprocess.run(add, cwd=ROOT, input=f"{PASSWORD}\n", text=True, stdout=subprocess.DEVNULL, check=True)
    command = [*PROGRAM, "serve", "--port", "0", "--threads", "16", "--data", str(data), "--rate-limit", "off"]
    command += ["--corpus", str(content)]
    with serving(command, cwd=ROOT) as address:
        host, port = address.removeprefix("http://").split(":")
        yield Server(host, int(port), data)


# ---- files

FILES = ["etc/passwd", "server.py", "pyproject.toml", "corpus/clinic.toml", "corpus/safety.toml", "web/app.py"]
UP = [
    "..",
    "%2e%2e",
    "%2E.",
    "..%2f..",
    "%252e%252e",
    "..%5c..",
    "..\\..",
    "....//",
    "%c0%ae%c0%ae",
    "..;",
    ".%00.",
    "%2f",
]
BELOW = ["/sources/", "/static/", "/static/desk/", "/w/", "/widget/", "/"]


@pytest.mark.parametrize("below", BELOW)
def test_no_address_leads_to_a_file_that_is_not_served(server: Server, below: str) -> None:
    secret = (server.data / "session.key").read_bytes()
    ways = [f"{up}/" * depth + file for up in UP for depth in (1, 3) for file in FILES[:3]]
    ways += [f"/{file}" for file in FILES] + [quote(str(ROOT / file), safe="") for file in FILES]
    ways += [str(server.data / "session.key"), f"{server.data}/citewell.sqlite3", "faq%00.css", "style.css%00", "%00"]

    for way in ways:
        reply = server.send("GET", f"{below}{way}")
        assert reply.status in (400, 404), (way, reply.status)
        assert not re.search(rb"root:|import click|\[project\]|SQLite format", reply.body), way
        assert secret not in reply.body


@pytest.mark.parametrize("path", ["/w/{}/widget.js", "/widget/{}.json", "/sources/{}", "/static/{}"])
def test_a_name_that_is_made_up_is_not_found_and_not_repeated(server: Server, path: str) -> None:
    for name in ("<b>canary</b>", "canary%22%3E%3Cscript%3E", "canary%27", "canary%0d%0aX-Injected:1", "canary" * 500):
        reply = server.send("GET", path.format(name).replace(" ", "%20"))
        assert reply.status in (400, 404)
        assert b"canary" not in reply.body
        assert INJECTED not in reply.headers


# ---- what comes back

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
PARAMETERS = ["next", "note", "q", "message", "language", "table", "days", "page", "error", "name", "callback", "jsonp"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_stands_in_an_address_comes_back_as_markup_or_as_a_header(server: Server, path: str) -> None:
    for value in (quote(MARKUP), f"x%0d%0a{INJECTED}:%201", f"x%0a{INJECTED}:%201", "%E5%98%8A%E5%98%8D" + INJECTED):
        query = "&".join(f"{name}={value}" for name in PARAMETERS)
        reply = server.send("GET", f"{path}?{query}")
        assert reply.status in (200, 404)
        assert INJECTED not in reply.headers
        assert b"alert(1)" not in reply.body
        assert b"49" not in re.findall(rb'value="([^"]*)"', reply.body)


def test_a_question_comes_back_escaped_and_in_no_header(server: Server) -> None:
    for words in (MARKUP, f"x\r\n{INJECTED}: 1", "</title><script>alert(1)</script>"):
        form = f"message={quote(words)}&context={quote(words)}&country={quote(words)}".encode()
        reply = server.send("POST", "/chat", ["Content-Type: application/x-www-form-urlencoded"], form)
        assert INJECTED not in reply.headers
        assert b"<script" not in reply.body
        assert b"<img" not in reply.body


@pytest.mark.parametrize("field", ["name", "password", "next"])
def test_what_is_typed_to_sign_in_comes_back_escaped_or_not_at_all(server: Server, field: str) -> None:
    typed = {"name": "", "password": "", "next": ""} | {field: MARKUP}
    form = "&".join(f"{name}={quote(value)}" for name, value in typed.items()).encode()
    ours = ["Content-Type: application/x-www-form-urlencoded", "Origin: http://localhost"]

    reply = server.send("POST", "/desk/sign-in", ours, form)

    assert reply.status == 422
    assert b"<script" not in reply.body
    assert b"<img" not in reply.body


def test_the_interface_repeats_a_question_as_json_that_no_browser_takes_for_a_page(server: Server) -> None:
    for path in ("/api/search", "/api/suggest", "/api/chat", "/api/feedback", "/api/nope"):
        body = json.dumps({"message" if "chat" in path else "query": MARKUP}).encode()
        reply = server.send("POST", path, ["Content-Type: application/json", "Accept: text/html"], body)
        assert reply.headers["Content-Type"] in ("application/json", "application/problem+json")
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/json", b'{"message": "shoes"}', 415),
        ("application/json-patch+json", b'{"message": "shoes"}', 415),
        ("application/vnd.api+json", b'{"message": "shoes"}', 415),
        ("application/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 415),
        ("text/plain; application/json", b'{"message": "shoes"}', 415),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="m"\r\n\r\ny\r\n--x--', 415),
        ("application/json; charset=utf-16", '{"message": "shoes"}'.encode("utf-16"), 400),
        ("application/json; charset=utf-7", b'{"message": "+ADw-script+AD4-"}', 200),  # read as UTF-8, which it is
        ("application/json", b'{"message": "shoes", "message": "\\u0000"}', 422),
        ("application/json", b'{"message": "shoes", "__proto__": {"x": 1}}', 422),
        ("application/json", b'{"message": ["shoes"]}', 422),
        ("application/json", b'{"message": NaN}', 422),
    ],
)
def test_only_json_is_read_as_json(server: Server, content_type: str, body: bytes, status: int) -> None:
    reply = server.send("POST", "/api/chat", [f"Content-Type: {content_type}"], body)

    assert reply.status == status
    assert b"root:" not in reply.body
    assert b"<script" not in reply.body


def test_a_form_is_read_as_a_form_whatever_is_sent_in_its_place(server: Server) -> None:
    for content_type in ("application/json", "text/plain", "application/xml"):
        reply = server.send("POST", "/chat", [f"Content-Type: {content_type}"], b'{"message": "canary"}')
        assert reply.status == 422
        assert b"canary" not in reply.body


def test_a_file_in_a_form_is_no_question_and_is_kept_nowhere(server: Server) -> None:
    part = (
        b'--x\r\nContent-Disposition: form-data; name="message"; filename="../../x.py"\r\n\r\ncanaryfile\r\n--x--\r\n'
    )

    reply = server.send("POST", "/chat", ["Content-Type: multipart/form-data; boundary=x"], part)

    assert reply.status == 422
    assert not [path for path in server.data.rglob("*") if path.is_file() and b"canaryfile" in path.read_bytes()]


# ---- what a cache could keep, and what a header could change

ODD_HEADERS = [
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Port: 1337",
    "X-Forwarded-Prefix: /evil",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Server: evil.example",
    "Forwarded: host=evil.example;proto=https;for=127.0.0.1",
    "X-Host: evil.example",
    "X-Original-URL: /desk",
    "X-Rewrite-URL: /desk",
    "X-Original-Host: evil.example",
    "X-Script-Name: /evil",
    "SCRIPT_NAME: /evil",
    "SCRIPT-NAME: /evil",
    "X-HTTP-Method-Override: DELETE",
    "X-Real-IP: 127.0.0.1",
    "Accept-Language: bn",
    "Cookie: citewell_desk=x; session=x",
    "Range: bytes=0-1",
    "Proxy: http://evil.example",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_header_that_a_cache_does_not_look_at_changes_what_it_would_keep(server: Server, path: str) -> None:
    plain = server.send("GET", path)

    for header in ODD_HEADERS:
        reply = server.send("GET", path, [header])
        if header.startswith("Range") and path == "/widget.js":
            assert reply.body in plain.body  # a part, which caches know to tell from the whole
            continue
        assert (reply.status, reply.body) == (plain.status, plain.body), header
        assert _without_changing(reply.headers) == _without_changing(plain.headers), header


def _without_changing(headers: Message) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in ("date", "x-request-id")}


def test_only_what_is_the_same_for_everybody_may_be_kept_by_a_cache_that_many_share(server: Server) -> None:
    kept = {path for path in PAGES if "public" in server.send("GET", path).headers["Cache-Control"]}

    assert kept == {"/widget.js"}


# ---- secrets

SECRETS = ["pass-word-canary", "user-canary", "redis-canary"]


def test_the_passwords_of_the_database_and_of_redis_are_said_nowhere(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS", str(content))
    monkeypatch.setenv("CITEWELL_DATABASE_URL", f"postgresql://{SECRETS[1]}:{SECRETS[0]}@127.0.0.1:1/name")
    monkeypatch.setenv("CITEWELL_RATE_LIMIT_STORAGE", f"redis://:{SECRETS[2]}@127.0.0.1:1/0")
    monkeypatch.setenv("CITEWELL_DATA", str(tmp_path))
    commands = [["settings"], ["serve", "--port", "0"], ["staff", "list"]]

    for command in commands:
        process = subprocess.Popen([*PROGRAM, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout
        said = b""
        for line in process.stdout:
            said += line
            if b"Citewell answers on" in line:
                break
        if found := re.search(rb"http://localhost:(\d+)/", said):
            at = Server("127.0.0.1", int(found[1]), tmp_path)
            asked = ["Content-Type: application/json"]
            replies = [
                at.send("GET", path) for path in ("/readyz", "/healthz", "/metrics", "/desk", "/nope", "/openapi.json")
            ]
            replies += [at.send("POST", "/api/chat", asked, b'{"message": "shoes"}')]
            said += b"".join(reply.body + bytes(reply.headers) for reply in replies)
            process.terminate()
        said += process.communicate(timeout=60)[0]
        assert said
        assert not [secret for secret in SECRETS if secret.encode() in said], command


def test_the_session_key_is_said_nowhere(server: Server) -> None:
    key = (server.data / "session.key").read_bytes()

    for path in [*PAGES, "/readyz", "/healthz", "/metrics", "/desk", "/openapi.json"]:
        reply = server.send("GET", path)
        said = reply.body + bytes(reply.headers)
        assert key not in said
        assert key.hex().encode() not in said
