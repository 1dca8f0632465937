"""``/metrics``: read by Prometheus's own parser, by whom it is meant for, and without a word of what was asked."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from bot.answering import Answerer
from tests.test_accounts import PASSWORD, QUICK
from web.accounts import Accounts
from web.app import create_app
from web.clock import seconds
from web.counts import ELSEWHERE, MOST_ROUTES
from web.database import Database, database_url
from web.journal import Journal
from web.sessions import Desk
from web.settings import Audience

OURS = {"Origin": "http://localhost"}
Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def app(answerer: Answerer) -> Flask:
    """An application nobody has asked anything."""
    return create_app(answerer, rate_limit=3)


def scraped(client: FlaskClient) -> Samples:
    """Each number by its name and labels, as Prometheus reads them."""
    response = client.get("/metrics")
    assert response.status_code == 200
    families = text_string_to_metric_families(response.get_data(as_text=True))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def one(samples: Samples, name: str, **labels: str) -> float:
    return samples[f"citewell_{name}", frozenset(labels.items())]


def test_a_request_is_found_under_its_route_with_how_long_it_took(client: FlaskClient) -> None:
    client.get("/sources/faq")
    client.get("/sources/no-such-document")
    client.get("/no/such/address")

    found = scraped(client)

    route = "/sources/<doc_id>"
    assert one(found, "requests_total", route=route, method="GET", status="2xx") == 1
    assert one(found, "requests_total", route=route, method="GET", status="4xx") == 1
    assert one(found, "requests_total", route=ELSEWHERE, method="GET", status="4xx") == 1
    assert one(found, "request_duration_seconds_count", route=route) == 2
    assert one(found, "request_duration_seconds_bucket", route=route, le="+Inf") == 2
    assert 0 < one(found, "request_duration_seconds_sum", route=route) < 600


def test_replies_are_counted_by_what_they_were(client: FlaskClient) -> None:
    client.post("/api/chat", json={"message": "worn running shoes", "channel": "widget"})
    client.post("/chat", data={"message": "how many ibuprofen tablets may I take"})
    client.post("/api/search", json={"query": "I cannot control my bladder and my legs are numb"})
    client.post("/api/chat", json={"message": "x" * 501})  # the fourth of three a minute
    client.post("/api/suggest", json={"query": 1})
    client.post("/api/suggest", data=b"x" * 100_000, content_type="application/json")

    found = scraped(client)

    assert one(found, "answers_total", kind="answer", channel="widget") == 1
    assert one(found, "answers_total", kind="none", channel="page") == 1
    assert one(found, "fixed_wordings_total", sort="dose") == 1
    assert one(found, "alerts_total", level="emergency") == 1
    assert [one(found, "refusals_total", reason=why) for why in ("questions", "invalid", "too large")] == [1, 1, 1]


def test_a_safety_message_beside_a_refusal_is_counted_on_both_ways_to_ask(client: FlaskClient) -> None:
    urgent = "I cannot control my bladder and my legs are numb. " * 12

    client.post("/api/chat", json={"message": urgent})
    client.post("/chat", data={"message": urgent})

    assert one(scraped(client), "alerts_total", level="emergency") == 2


def test_refused_attempts_to_sign_in_are_counted(answerer: Answerer, tmp_path: Path) -> None:
    accounts = Accounts(Database(database_url("", tmp_path)), method=QUICK)
    client = create_app(answerer, desk=Desk(accounts, b"k" * 32)).test_client()

    for _ in range(7):
        client.post("/desk/sign-in", data={"name": "mina", "password": PASSWORD}, headers=OURS)

    assert one(scraped(client), "refusals_total", reason="signing in") == 2


def test_content_index_limits_and_process_are_there(client: FlaskClient, answerer: Answerer) -> None:
    found = scraped(client)

    assert one(found, "corpus_info", version=answerer.corpus.version) == 1
    assert -1 <= seconds() - one(found, "corpus_loaded_timestamp_seconds") < 600
    assert one(found, "corpus_documents") == len(answerer.corpus.documents)
    assert one(found, "corpus_passages") == len(answerer.passages)
    assert one(found, "corpus_terms") == answerer.terms > 1000
    assert one(found, "limits_shared", storage="memory") == 0
    assert found["process_resident_memory_bytes", frozenset({("process", "0")})] > 1e6
    assert found["process_cpu_seconds_total", frozenset({("process", "0")})] > 0


def test_a_journal_that_cannot_be_written_is_seen(answerer: Answerer) -> None:
    journal = Journal(Database("sqlite:////dev/null/none"), kept="counts", days=30)
    client = create_app(answerer, journal=journal).test_client()

    client.post("/api/chat", json={"message": "shoes"})
    journal.close()
    client.post("/api/chat", json={"message": "shoes"})
    found = scraped(client)

    assert one(found, "journal_turns_lost_total") == journal.lost >= 1
    assert one(found, "journal_failing") == 1


def test_no_word_and_no_address_is_in_it_and_the_labels_are_few(client: FlaskClient) -> None:
    canaries = [f"canary{secrets.token_hex(6)}" for _ in range(6)]
    address = "203.0.113.254"
    here = {"REMOTE_ADDR": address}
    client.post("/api/chat", json={"message": f"{canaries[0]} shoes", "context": [canaries[0]]}, environ_base=here)
    client.post("/chat", data={"message": canaries[1]}, environ_base=here)
    client.post("/api/suggest", json={"query": canaries[2]}, environ_base=here)
    client.get(f"/{canaries[3]}?q={canaries[4]}", environ_base=here)
    client.open("/api/chat", method=canaries[5].upper(), environ_base=here)

    text = client.get("/metrics").get_data(as_text=True)

    assert [canary for canary in canaries if canary in text.lower()] == []
    assert address not in text
    assert "other" in text


def test_every_route_has_a_number_of_its_own(desk_app: Flask) -> None:
    assert len({rule.rule for rule in desk_app.url_map.iter_rules()}) < MOST_ROUTES


def test_it_is_in_prometheus_s_format_and_no_cache_may_keep_it(client: FlaskClient) -> None:
    response = client.get("/metrics")

    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"


def test_to_read_it_is_not_limited(client: FlaskClient) -> None:
    assert {client.get("/metrics").status_code for _ in range(10)} == {200}


FROM_HERE = ("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1")
FROM_ELSEWHERE = ("203.0.113.9", "10.0.0.1", "172.17.0.1", "2001:db8::1", "::ffff:10.0.0.1", "", "no address")
PROXIES_SAY = ("Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "X-Real-IP", "Via")


def reader(answerer: Answerer, audience: Audience) -> FlaskClient:
    return create_app(answerer, audience=audience).test_client()


def test_who_asks_from_the_machine_itself_reads_it_and_to_others_there_is_no_such_address(answerer: Answerer) -> None:
    client = reader(answerer, "local")

    def status(address: str, **headers: str) -> int:
        return client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code

    assert {status(address) for address in FROM_HERE} == {200}
    assert {status(address) for address in FROM_ELSEWHERE} == {404}
    assert {status("127.0.0.1", **{name: "127.0.0.1"}) for name in PROXIES_SAY} == {404}


def test_what_is_refused_looks_as_an_address_that_does_not_exist(answerer: Answerer) -> None:
    client = reader(answerer, "local")

    refused, unknown = (client.get(path, environ_base={"REMOTE_ADDR": "203.0.113.9"}) for path in ("/metrics", "/nope"))

    assert refused.data == unknown.data
    for response in (refused, unknown):
        del response.headers["X-Request-ID"]  # each request has its own
    assert refused.headers == unknown.headers


def test_the_clinic_may_let_everybody_read_it_or_nobody(answerer: Answerer) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}

    assert reader(answerer, "on").get("/metrics", environ_base=elsewhere).status_code == 200
    assert reader(answerer, "off").get("/metrics").status_code == 404
