"""Citewell behind the real nginx and the real Caddy, with the files of ``deploy/`` and TLS, as a visitor meets it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.conftest import ROOT, TWO_TOPICS
from tests.proxies import KINDS, NAME, Proxy, is_installed, nginx
from tests.services import free_port, serving
from tests.test_accounts import PASSWORD

pytestmark = [pytest.mark.proxy, pytest.mark.server]

PROGRAM = [sys.executable, "server.py"]
QUESTION = "why do I get blisters"
SUGGESTIONS = 3
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with Mina's account."""
    folder = tmp_path_factory.mktemp("behind")
    command = [*PROGRAM, "staff", "add", "mina", "--password-stdin", "--data", str(folder)]
    subprocess.run(command, cwd=ROOT, input=f"{PASSWORD}\n", text=True, stdout=subprocess.DEVNULL, check=True)
    return folder


@pytest.fixture(scope="module")
def citewell(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Citewell that knows of one proxy."""
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "page.md").write_text(TWO_TOPICS)
    (corpus / "clinic.toml").write_text("safety_messages = false\n")
    options = ["--proxies", "1", "--hosts", NAME, "--suggest-limit", str(SUGGESTIONS), "--threads", "16"]
    command = [*PROGRAM, "serve", "--port", "0", "--data", str(data), "--corpus", str(corpus), *options]
    with serving(command, cwd=ROOT) as address:
        yield int(address.rpartition(":")[2])


@pytest.fixture(scope="module", params=KINDS)
def proxy(request: pytest.FixtureRequest, citewell: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Each of both before it."""
    if not is_installed(request.param):
        pytest.skip(f"Debian's package {request.param} (or openssl) is not installed")
    with KINDS[request.param](tmp_path_factory.mktemp(request.param), citewell) as running:
        yield running


@pytest.fixture
def visitor(proxy: Proxy) -> Iterator[HTTPConnection]:
    """A browser of somebody."""
    connection = proxy.connect()
    yield connection
    connection.close()


def got(connection: HTTPConnection, method: str, path: str, **more: Any) -> tuple[HTTPResponse, bytes]:
    """The response and its body; a connection that the proxy has closed is made anew."""
    connection.request(method, path, **more)
    response = connection.getresponse()
    return response, response.read()


def once(proxy: Proxy, method: str, path: str, **more: Any) -> tuple[HTTPResponse, bytes]:
    """The same on a connection of its own."""
    with closing(proxy.connect()) as connection:
        return got(connection, method, path, **more)


def question(words: str) -> dict[str, Any]:
    """What is sent to ask."""
    return {"body": json.dumps({"message": words}), "headers": JSON}


def test_a_question_is_answered_and_browsers_are_told_to_come_by_tls_alone(visitor: HTTPConnection) -> None:
    response, body = got(visitor, "POST", "/api/chat", **question(QUESTION))

    assert response.status == 200
    assert json.loads(body)["passage"]["id"] == "page#blisters"
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not {"nginx/", "waitress", "Python"} & {response.headers.get("Server", "")}


def test_pages_and_files_come_through(visitor: HTTPConnection) -> None:
    for path in ("/", "/chat", "/sources/page", "/static/style.css", "/healthz", "/api/config"):
        response, body = got(visitor, "GET", path)
        assert response.status == 200, path
        assert body


CLOSED = [
    "{}",
    "{}?x=1",
    "/{}",
    "//{}",
    "/.{}",
    "/x/..{}",
    "/%2e{}",
    "{}/",
    "{}%20",
    "{}.",
    "{}%00",
    "{};x",
    "/chat/..{}",
]


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_who_watches_the_service_is_closed_however_it_is_written(proxy: Proxy, path: str) -> None:
    spelled = [path[:2] + path[2:].upper(), path.upper(), path[0] + f"%{ord(path[1]):02x}" + path[2:]]

    for target in [way.format(path) for way in CLOSED] + spelled:
        with closing(proxy.connect()) as connection:
            connection.putrequest("GET", target)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
        assert response.status in (400, 404, 308, 301), target
        assert b"corpus_version" not in body, target
        assert b"citewell_" not in body, target


def test_the_server_itself_is_ready_for_who_asks_on_this_machine(citewell: int) -> None:
    with closing(HTTPConnection("127.0.0.1", citewell, timeout=60)) as connection:
        response, body = got(connection, "GET", "/readyz")

    assert response.status == 200
    assert json.loads(body)["status"] == "ready"


@pytest.mark.parametrize("kilobytes", [90, 1000])
def test_a_body_that_is_too_large_is_refused_by_who_sees_it_first(proxy: Proxy, kilobytes: int) -> None:
    body = b"x" * kilobytes * 1024
    response, said = once(proxy, "POST", "/api/chat", body=body, headers=JSON)

    assert response.status == 413
    assert response.headers["Content-Type"] == "application/problem+json" or kilobytes > 128
    assert said or kilobytes > 128


def test_a_body_in_pieces_that_is_too_large_is_refused_too(proxy: Proxy) -> None:
    pieces = (b"x" * 1000 for _ in range(300))

    with closing(proxy.connect()) as connection:
        connection.request("POST", "/api/chat", pieces, JSON, encode_chunked=True)
        response = connection.getresponse()

    assert response.status == 413


def test_staff_sign_in_with_a_cookie_for_tls_alone(proxy: Proxy, visitor: HTTPConnection) -> None:
    form, ours = f"name=mina&password={PASSWORD.replace(' ', '+')}", {**FORM, "Origin": proxy.origin}

    response, _ = got(visitor, "POST", "/desk/sign-in", body=form, headers=ours)
    known, cookie = response.headers.get_all("Set-Cookie", [])

    assert (response.status, response.headers["Location"]) == (303, "/desk")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"} <= {*cookie.split("; ")}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/desk/sign-in"} <= {*known.split("; ")}
    response, body = got(visitor, "GET", "/desk", headers={"Cookie": cookie.partition(";")[0]})
    assert response.status == 200
    assert b"mina" in body


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost", "https://localhost", f"https://{NAME}", "null"]
)
def test_a_form_of_another_site_signs_nobody_in(visitor: HTTPConnection, origin: str) -> None:
    spoofed = {"X-Forwarded-Host": origin.partition("//")[2], "X-Forwarded-Proto": origin.partition(":")[0]}

    response, _ = got(visitor, "POST", "/desk/sign-in", body="name=mina", headers={**FORM, "Origin": origin, **spoofed})

    assert response.status == 403


def test_the_page_to_sign_in_does_not_warn_of_a_connection_that_is_safe(visitor: HTTPConnection) -> None:
    _, body = got(visitor, "GET", "/desk/sign-in")

    assert b"can be read" not in body


def test_visitors_are_counted_by_their_own_address_and_none_can_make_up_another(proxy: Proxy) -> None:
    def asked(connection: HTTPConnection, claim: str) -> int:
        headers = {**JSON, "X-Forwarded-For": claim, "X-Real-IP": claim, "Forwarded": f"for={claim}"}
        return got(connection, "POST", "/api/suggest", body='{"query": "bl"}', headers=headers)[0].status

    one, other = (proxy.connect(f"127.0.{proxy.port % 250}.{number}") for number in (2, 3))
    statuses = [asked(one, f"203.0.113.{number}") for number in range(8)]

    assert statuses == [200] * SUGGESTIONS + [429] * (8 - SUGGESTIONS)
    assert asked(other, "127.0.0.1") == 200
    for connection in (one, other):
        connection.close()


def test_nobody_can_claim_that_a_request_came_without_tls_or_for_another_host(visitor: HTTPConnection) -> None:
    headers = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "1"}

    response, body = got(visitor, "GET", "/chat", headers=headers)

    assert "Strict-Transport-Security" in response.headers
    assert b"evil" not in body


def test_who_asks_for_another_host_gets_nothing_of_ours(proxy: Proxy) -> None:
    response, body = once(proxy, "GET", "/chat", headers={"Host": "evil.example"})

    assert response.status == 421
    assert b"Blisters" not in body


def test_the_widget_s_script_comes_compressed_as_citewell_made_it(proxy: Proxy) -> None:
    plain, small = (
        once(proxy, "GET", "/widget.js", headers={"Accept-Encoding": encoding, "Origin": "https://a.example"})
        for encoding in ("identity", "br, gzip")
    )

    assert (small[0].headers["Content-Encoding"], plain[0].headers["Content-Encoding"]) == ("br", None)
    assert brotli.decompress(small[1]) == plain[1]
    assert len(small[1]) <= 10_000
    assert small[0].headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert small[0].headers["Vary"] == "Accept-Encoding"


def test_nothing_of_a_question_is_written_by_the_proxy(proxy: Proxy) -> None:
    canary = "canaryquestion"
    long = "message=" + f"{canary}+" * 4000  # more than nginx holds in memory unless told to

    visitor = proxy.connect("127.0.9.9")
    statuses = [got(visitor, "POST", "/api/chat", **question(f"{canary} {QUESTION}"))[0].status]
    statuses += [got(visitor, "POST", "/chat", body=long, headers=FORM)[0].status]
    statuses += [got(visitor, "POST", "/nope", **question(canary))[0].status]
    visitor.close()
    written = {path: path.read_bytes() for path in proxy.log.parent.rglob("*") if path.is_file()}

    assert statuses == [200, 422, 404]
    assert not [path for path, content in written.items() if canary.encode() in content]
    assert not [path for path, content in written.items() if b"127.0.9.9" in content]


@pytest.mark.parametrize("kind", KINDS)
def test_while_citewell_is_away_no_visitor_s_address_is_written_either(kind: str, tmp_path: Path) -> None:
    if not is_installed(kind):
        pytest.skip(f"Debian's package {kind} (or openssl) is not installed")

    with KINDS[kind](tmp_path, free_port()) as proxy:
        visitor = proxy.connect("127.0.9.9")
        statuses = [got(visitor, "POST", "/api/chat", **question("canaryquestion"))[0].status for _ in range(2)]
        visitor.close()
    written = proxy.log.read_text()

    assert statuses == [502, 502]
    assert "127.0.9.9" not in written
    assert "canaryquestion" not in written


def test_nginx_keeps_what_visitors_send_in_memory(citewell: int, tmp_path: Path) -> None:
    if not is_installed("nginx"):
        pytest.skip("Debian's package nginx is not installed")

    with nginx(tmp_path, citewell, log_level="info") as proxy:
        response, _ = once(proxy, "POST", "/chat", body="message=" + "x" * 60_000, headers=FORM)
    written = proxy.log.read_text()

    assert response.status == 422
    assert "closed" in written  # the log does speak at this level
    assert "temporary file" not in written


def without_tls(proxy: Proxy, host: str) -> tuple[int, str | None]:
    """The status, and where the visitor is sent."""
    with closing(HTTPConnection("127.0.0.1", proxy.plain, timeout=60)) as connection:
        response, body = got(connection, "GET", "/sources/page?x=1", headers={"Host": host})
    assert b"Blisters" not in body
    return response.status, response.headers["Location"]


def test_who_comes_without_tls_is_sent_to_our_own_name(proxy: Proxy) -> None:
    assert without_tls(proxy, "localhost") == (301, f"https://{NAME}/sources/page?x=1")


def test_who_comes_without_tls_and_asks_for_another_host_is_sent_to_no_other(proxy: Proxy) -> None:
    assert without_tls(proxy, "evil.example") in [(421, None), (301, f"https://{NAME}/sources/page?x=1")]
