"""What is not HTTP, or nearly, sent to the real server over bare sockets.

Whatever the web server is: it refuses or closes, never fails, says nothing in the log, and answers the next question.
"""

import json
import re
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.services import serving

pytestmark = pytest.mark.server

BODY = b'{"message": "worn shoes"}'
HOST = b"Host: 127.0.0.1\r\n"
JSON = b"Content-Type: application/json\r\n"
ASK = b"POST /api/chat HTTP/1.1\r\n" + HOST + JSON
GET = b"GET /healthz HTTP/1.1\r\n"
CHUNKED = ASK + b"Transfer-Encoding: chunked\r\n"

PROTOCOL = {501, 505}
"""Of all 5xx, what a server may say of the message itself: an unknown transfer coding (RFC 9112, 6.1) or version."""

PATIENCE = 60
AT_ONCE = 0.1
"""Seconds in which more comes, if any does: a connection that stays open says no end."""

ENOUGH = 1.5
"""Seconds after which a server that says nothing is taken to wait for the rest; slow clients are another test's."""

MALFORMED = {
    "nothing but line ends": b"\r\n\r\n\r\n\r\n",
    "a line of nothing": b" \r\n\r\n",
    "one word": b"HELLO\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "HTTP/0.9": b"GET /healthz\n",
    "a version that there is not": b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    "a version of letters": b"GET /healthz HTTP/one\r\n" + HOST + b"\r\n",
    "another protocol": b"GET /healthz SPDY/3\r\n" + HOST + b"\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(range(200)) + b"\r\n\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "a proxy's word": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + GET + HOST + b"\r\n",
    "a method in small letters": b"get /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method that there is not": b"BREW /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method with odd characters": b"G\x00T /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long method": b"A" * 100_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
    "TRACE": b"TRACE /api/chat HTTP/1.1\r\n" + HOST + b"\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address of another host": b"GET http://example.org/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address that is none": b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address without its slash": b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the address": b"GET /health z HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes in the address": b"GET /\xff\xfe\x80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "broken escapes in the address": b"GET /sources/%ff%zz%0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a zero in the address": b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long address": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long question mark": b"GET /api/config?language=" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n",
    "bare carriage returns": b"GET /healthz HTTP/1.1\rHost: 127.0.0.1\r\r",
    "a carriage return in a header": GET + HOST + b"X-One: a\rb\r\n\r\n",
    "a zero in a header": GET + HOST + b"X-One: a\x00b\r\n\r\n",
    "a zero in a header's name": GET + HOST + b"X-\x00One: a\r\n\r\n",
    "bytes in a header": GET + HOST + b"X-One: \xff\xfe\x80\r\n\r\n",
    "a header without a colon": GET + HOST + b"X-One\r\n\r\n",
    "a header without a name": GET + HOST + b": a\r\n\r\n",
    "a space before the colon": GET + HOST + b"X-One : a\r\n\r\n",
    "a folded header": GET + HOST + b"X-One: a\r\n  b\r\n\r\n",
    "a first header that is folded": GET + b"  X-One: a\r\n" + HOST + b"\r\n",
    "an overlong header": GET + HOST + b"X-One: " + b"a" * 300_000 + b"\r\n\r\n",
    "an overlong line without an end": b"a" * 400_000,
    "ten thousand headers": GET + HOST + b"".join(b"X-%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
    "no host": GET + b"\r\n",
    "two hosts": GET + HOST + b"Host: example.org\r\n\r\n",
    "a host that is none": GET + b"Host: \x00[]:99999999/\\@\r\n\r\n",
    "an unknown expectation": ASK + b"Expect: a miracle\r\nContent-Length: 25\r\n\r\n" + BODY,
    "a length of letters": ASK + b"Content-Length: many\r\n\r\n" + BODY,
    "a negative length": ASK + b"Content-Length: -25\r\n\r\n" + BODY,
    "a length with a plus": ASK + b"Content-Length: +25\r\n\r\n" + BODY,
    "a length in hex": ASK + b"Content-Length: 0x19\r\n\r\n" + BODY,
    "a length with an underscore": ASK + b"Content-Length: 2_5\r\n\r\n" + BODY,
    "a length of other digits": ASK + "Content-Length: ২৫\r\n\r\n".encode() + BODY,
    "an empty length": ASK + b"Content-Length:\r\n\r\n" + BODY,
    "a list of lengths": ASK + b"Content-Length: 25, 26\r\n\r\n" + BODY,
    "two lengths": ASK + b"Content-Length: 25\r\nContent-Length: 26\r\n\r\n" + BODY,
    "a huge length": ASK + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + BODY,
    "a length that is too short": ASK + b"Content-Length: 5\r\n\r\n" + BODY,
    "a length that is too long": ASK + b"Content-Length: 99\r\n\r\n" + BODY,
    "a length and pieces": CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "an unknown coding": ASK + b"Transfer-Encoding: magic\r\n\r\n" + BODY,
    "a coding that is nearly one": ASK + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "pieces twice": ASK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "pieces that do not come last": ASK + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "pieces in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n0\r\n\r\n",
    "a piece of no size": CHUNKED + b"\r\n\r\n" + BODY,
    "a piece of size of letters": CHUNKED + b"\r\nxyz\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a piece of negative size": CHUNKED + b"\r\n-19\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a piece of huge size": CHUNKED + b"\r\n" + b"f" * 200 + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a piece with an endless extension": CHUNKED + b"\r\n19;" + b"a" * 200_000 + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a piece that is longer than it says": CHUNKED + b"\r\n5\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a piece without its end": CHUNKED + b"\r\n19\r\n" + BODY + b"0\r\n\r\n",
    "a body's trailer that is none": CHUNKED + b"\r\n0\r\n\x00\x00\x00\r\n\r\n",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that must say nothing but its start line, whatever it is sent."""
    command = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--rate-limit", "off"]
    with serving(command, cwd=ROOT) as address:
        yield address


def exchange(address: str, request: bytes, enough: float = ENOUGH) -> bytes:
    """What comes back until the server closes, or says nothing any more."""
    parts = urlsplit(address)
    received = b""
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=PATIENCE) as connection:
        try:
            connection.sendall(request)
            connection.settimeout(enough)
            while more := connection.recv(65536):
                received += more
                connection.settimeout(AT_ONCE)
        except (TimeoutError, ConnectionError):
            pass
    return received


def statuses(received: bytes) -> list[int]:
    """The statuses of the responses in ``received``."""
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def assert_answers(address: str) -> None:
    """A normal question gets its answer."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    connection.request("POST", "/api/chat", BODY, {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert json.loads(response.read())["passage"]["id"] == "faq#worn-shoes"
    connection.close()


@pytest.mark.parametrize("sort", MALFORMED)
def test_a_malformed_request_is_refused_and_the_next_one_is_answered(address: str, sort: str) -> None:
    said = statuses(exchange(address, MALFORMED[sort]))

    assert [status for status in said if status >= 500 and status not in PROTOCOL] == []
    assert_answers(address)


VALID = ASK + b"Content-Length: 25\r\nConnection: close\r\n\r\n" + BODY


def test_the_request_that_is_damaged_below_is_answered_when_it_is_whole(address: str) -> None:
    assert statuses(exchange(address, VALID, PATIENCE)) == [200]


@settings(max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, len(VALID) - len(BODY) - 5), taken=st.integers(0, 3), put=st.binary(max_size=3))
def test_a_request_with_damaged_bytes_is_never_a_failure(address: str, at: int, taken: int, put: bytes) -> None:
    # Closed at once where the server waits for more: a length that grew is not this test's.
    damaged = VALID[:at] + put + VALID[at + taken :]

    said = statuses(exchange(address, damaged + b"\r\n\r\n"))

    assert [status for status in said if status >= 500 and status not in PROTOCOL] == []


def test_after_all_of_it_the_server_answers(address: str) -> None:
    assert_answers(address)
