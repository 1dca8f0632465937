"""Five thousand requests that hypothesis makes, sent to the real server over connections that stay open.

Whatever is asked, the reply is one that the document of the interface promises: no 5xx, nothing undescribed.
"""

import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.contract import Contract
from tests.services import serving

pytestmark = pytest.mark.server

PATIENCE = 20
"""Seconds in which every single answer must be there, however busy the machine is."""

FIELDS = {"/api/chat": "message", "/api/search": "query", "/api/suggest": "query", "/api/feedback": "comment"}
SERVE = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--rate-limit", "off", "--suggest-limit", "off"]


class Client:
    """A connection that stays open, and what the document promises."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        self.connection.request("GET", "/openapi.json")
        self._contract = Contract(json.loads(self.connection.getresponse().read()))
        self.statuses: set[int] = set()

    def send(self, path: str, body: bytes) -> Any:
        """The reply's JSON, held to the document."""
        self.connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        content = response.read()
        self.statuses.add(response.status)
        return self._contract.check("POST", path, response.status, dict(response.headers), content)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a server that must say nothing but its start line."""
    with serving([*SERVE, "--journal", "questions"], cwd=ROOT) as address:
        client = Client(address)
        yield client
        client.connection.close()


# ---- what people, and others, might type

WORDS = st.sampled_from(
    "my back hurts after running shoes sciatica pain cant pee numb fever ibuprofen how many can I should what is it "
    "আমার কোমরে ব্যথা emergency suicide <b> {{7*7}} ' OR 1=1 -- %s \\ ../../etc/passwd".split()
)
ANY_CHARACTER = st.characters()  # every plane, halves of surrogate pairs too
COMBINING = st.characters(categories=["Mn", "Mc", "Me"])
BIDI = st.sampled_from("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EMOJI = st.sampled_from("👩\u200d🏃\u200d🏽\u200d♂\ufe0f👨👩👧🇧🇩🏴\U000e0067\U000e007f0\u20e3")
ODD = st.sampled_from("\0\x01\x1b\x7f\x85\u00a0\u00ad\u200b\u2028\ufeff\ufffe\uffff\ud800\udfff\U0010ffffİıßﷺ㎏ﬁ")

SAID = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
TEXTS = st.one_of(
    SAID,
    st.text(ANY_CHARACTER, max_size=120),
    st.lists(st.one_of(WORDS, st.text(ODD | EMOJI | BIDI, max_size=4)), max_size=40).map("".join),
    st.tuples(SAID, st.text(COMBINING, max_size=400)).map("".join),
    st.text(EMOJI, max_size=200),
    st.tuples(SAID, st.text(BIDI | ANY_CHARACTER, max_size=60)).map(" ".join),
    st.tuples(st.text(ANY_CHARACTER, min_size=1, max_size=5), st.integers(1, 1500)).map(lambda part: part[0] * part[1]),
)
HUGE = st.sampled_from(["1" + "0" * 5000, "-1e400", "1e-400", "0.1e99999", "-0", "NaN", "Infinity", "1" * 400])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
OWN_NAMES = st.sampled_from(
    "message query context channel language country acknowledged limit turn_id helpful comment".split()
)


def encoded(value: Any) -> str:
    """``value`` as JSON; halves of surrogate pairs as escapes."""
    return json.dumps(value)


def with_field(path: str, text: str) -> tuple[str, str]:
    """What ``path`` takes, with ``text`` where a person's words stand."""
    vote = {"turn_id": "0" * 32, "helpful": False} if path == "/api/feedback" else {}
    return path, encoded({**vote, FIELDS[path]: text})


PATHS = st.sampled_from(sorted(FIELDS))
QUESTIONS = st.tuples(st.just("/api/chat"), TEXTS.map(lambda text: encoded({"message": text})))
FOLLOW_UPS = st.tuples(
    st.just("/api/chat"),
    st.fixed_dictionaries(
        {"message": TEXTS, "context": st.lists(TEXTS, max_size=3)},
        optional={
            "language": st.sampled_from(["en", "bn", "zz-Latn"]),
            "country": st.sampled_from(["BD", "GB", "XX"]),
            "acknowledged": st.lists(st.sampled_from(["cauda_equina", "nothing"]), max_size=3),
        },
    ).map(encoded),
)
ELSEWHERE = st.builds(with_field, PATHS, TEXTS)
ANY_JSON = st.tuples(PATHS, st.dictionaries(OWN_NAMES, VALUES, max_size=6).map(encoded) | VALUES.map(encoded))
TWICE = st.builds(
    lambda path, pairs: (path, "{" + ",".join(f"{encoded(name)}:{value}" for name, value in pairs) + "}"),
    PATHS,
    st.lists(st.tuples(OWN_NAMES, VALUES.map(encoded) | HUGE), max_size=8),
)
DEEP = st.builds(
    lambda path, opening, depth: (path, f'{{"message": {opening * depth}'),
    PATHS,
    st.sampled_from(["[", '{"a":', "[{"]),
    st.integers(1, 20_000),
)
NO_JSON = st.tuples(PATHS, st.binary(max_size=200))

REQUESTS = st.one_of(QUESTIONS, QUESTIONS, QUESTIONS, FOLLOW_UPS, FOLLOW_UPS, ELSEWHERE, ANY_JSON, TWICE, DEEP, NO_JSON)


@settings(max_examples=5000, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(request=REQUESTS)
def test_five_thousand_requests_of_any_kind_get_a_promised_reply(client: Client, request: tuple[str, Any]) -> None:
    path, body = request

    client.send(path, body if isinstance(body, bytes) else body.encode("utf-8"))


def test_they_were_as_various_as_they_say_and_the_server_answers_as_before(client: Client) -> None:
    reply = client.send("/api/chat", b'{"message": "How can worn-out running shoes lead to back pain?"}')

    assert reply["passage"]["id"] == "faq#worn-shoes"
    assert client.statuses >= {200, 400, 422}
    assert max(client.statuses) < 500
