"""Behind reverse proxies: whose word on a visitor's address and on TLS is taken, in the application and the server."""

import json
import sys
from http.client import HTTPConnection

import pytest
from flask import Flask, request

from tests.conftest import ROOT
from tests.services import serving
from web import proxies


@pytest.mark.parametrize(
    ("count", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "10.0.0.1", "https"), (2, "203.0.113.9", "https"), (3, "127.0.0.1", "https")],
)
def test_as_many_are_believed_as_there_are_and_of_names_and_paths_none(count: int, address: str, scheme: str) -> None:
    app = Flask(__name__)
    proxies.trust(app, count)

    @app.get("/")
    def seen() -> list[str | None]:
        return [request.remote_addr, request.scheme, request.host, request.script_root]

    forwarded = {
        "X-Forwarded-For": "203.0.113.9, 10.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": "/evil",
    }

    assert app.test_client().get("/", headers=forwarded).json == [address, scheme, "localhost", ""]


@pytest.mark.server
@pytest.mark.parametrize(("count", "statuses"), [("0", [200, 429]), ("1", [200, 200])])
def test_the_server_hands_on_what_a_proxy_says_exactly_where_there_is_one(count: str, statuses: list[int]) -> None:
    """Seen by the limit of questions, which counts addresses."""
    command = [sys.executable, "server.py", "serve", "--port", "0", "--rate-limit", "1", "--proxies", count]

    with serving(command, cwd=ROOT) as address:
        found = [asked(address.removeprefix("http://"), visitor) for visitor in ("203.0.113.1", "203.0.113.2")]

    assert found == statuses


def asked(address: str, visitor: str) -> int:
    connection = HTTPConnection(address, timeout=30)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": visitor}
    connection.request("POST", "/api/chat", json.dumps({"message": "shoes"}), headers)
    status = connection.getresponse().status
    connection.close()
    return status
