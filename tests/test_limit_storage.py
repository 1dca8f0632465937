"""Where it is counted how often somebody came: in memory, or in a real Redis that goes away, comes back and hangs."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute

from bot.answering import Answerer
from tests.conftest import ROOT
from tests.redis import PASSWORD as REDIS_PASSWORD
from tests.redis import Redis
from tests.services import serving
from tests.test_accounts import PASSWORD, QUICK
from web import limit_storage
from web.accounts import Accounts
from web.app import create_app
from web.database import Database, database_url
from web.limit_storage import PATIENCE_SECONDS, LimitStorage, Whereabouts
from web.sessions import Desk

KEY = b"k" * 32
TWO = RateLimitItemPerMinute(2)
VISITOR = "203.0.113.77"
AT_VISITOR = {"REMOTE_ADDR": VISITOR}
OURS = {"Origin": "http://localhost"}

with_redis = pytest.mark.redis


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that was away is tried at each request: what is tested is not how long it is left alone."""
    monkeypatch.setattr(limit_storage, "PAUSE_SECONDS", 0.0)


def make_app(answerer: Answerer, storage: LimitStorage, folder: Path | None = None) -> Flask:
    """One process of several: two questions a minute; with ``folder``, a desk with Mina's account."""
    desk = None
    if folder:
        accounts = Accounts(Database(database_url("", folder)), method=QUICK)
        if not [*accounts.all()]:
            accounts.add("mina", PASSWORD, "desk")
        desk = Desk(accounts, KEY)
    return create_app(answerer, rate_limit=2, suggest_limit=2, limit_storage=storage, desk=desk)


def ask(app: Flask) -> int:
    reply = app.test_client().post("/api/chat", json={"message": "shoes"}, environ_base=AT_VISITOR)
    return reply.status_code


def try_password(client: FlaskClient, password: str = "wrong password") -> int:  # noqa: S107 - not one
    form = {"name": "mina", "password": password}
    return client.post("/desk/sign-in", data=form, headers=OURS, environ_base=AT_VISITOR).status_code


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for ``holds``, asking again and again."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# ---- in memory


def test_in_memory_each_counts_for_itself_and_says_so() -> None:
    storages = [LimitStorage(), LimitStorage()]

    allowed = [storage.hit(TWO, "questions", VISITOR) for storage in storages for _ in range(3)]

    assert allowed == [True, True, False] * 2
    assert storages[0].whereabouts == Whereabouts("memory", shared=False)


def test_what_is_counted_apart_does_not_add_up() -> None:
    storage = LimitStorage()
    for _ in range(2):
        storage.hit(TWO, "questions", VISITOR)

    assert not storage.test(TWO, "questions", VISITOR)
    assert storage.test(TWO, "suggestions", VISITOR)
    assert storage.test(TWO, "questions", "203.0.113.78")


def test_a_clock_that_was_set_back_keeps_nobody_waiting_until_it_has_caught_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = LimitStorage()
    before = [storage.hit(TWO, "questions", VISITOR) for _ in range(3)]

    an_hour_ago = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: an_hour_ago)
    after = [storage.hit(TWO, "questions", VISITOR) for _ in range(3)]

    assert before == after == [True, True, False]


def test_no_thread_begins_before_somebody_is_counted() -> None:
    before = {*threading.enumerate()}

    storage = LimitStorage()

    assert {*threading.enumerate()} <= before
    assert storage.hit(TWO, "questions", VISITOR)


def test_words_that_no_text_can_hold_are_counted_too() -> None:
    assert LimitStorage().hit(TWO, "name", "\ud800")


# ---- in Redis


@with_redis
def test_two_applications_share_what_is_counted_in_redis(answerer: Answerer, redis: Redis) -> None:
    one, other = (make_app(answerer, LimitStorage(redis.address, KEY)) for _ in range(2))

    statuses = [ask(one), ask(other), ask(one), ask(other)]

    assert statuses == [200, 200, 429, 429]
    assert one.test_client().get("/readyz").get_json()["limits"] == {"storage": "redis", "shared": True}


@with_redis
def test_attempts_to_sign_in_are_counted_together(answerer: Answerer, redis: Redis, tmp_path: Path) -> None:
    apps = [make_app(answerer, LimitStorage(redis.address, KEY), tmp_path) for _ in range(2)]

    statuses = [try_password(apps[number % 2].test_client()) for number in range(6)]

    assert statuses == [401] * 5 + [429]
    assert try_password(apps[1].test_client(), PASSWORD) == 429


@with_redis
def test_in_redis_all_keys_are_ours_none_says_who_and_all_vanish_by_themselves(redis: Redis) -> None:
    storage = LimitStorage(redis.address, KEY)
    storage.hit(TWO, "questions", VISITOR)
    storage.hit(TWO, "name", "mina")

    written = redis.asked("KEYS", "*").decode().split("\r\n")
    keys = [line for line in written if "/" in line]
    lives = [int(redis.asked("TTL", key).decode().removeprefix(":")) for key in keys]

    assert len(keys) == 2
    assert all(key.startswith("citewell:") for key in keys)
    assert not [key for key in keys if VISITOR in key or "mina" in key]
    assert all(0 < life <= 60 for life in lives)


@with_redis
def test_who_has_another_key_counts_others(redis: Redis) -> None:
    ours, others = LimitStorage(redis.address, KEY), LimitStorage(redis.address, b"o" * 32)
    for _ in range(2):
        ours.hit(TWO, "questions", VISITOR)

    assert others.hit(TWO, "questions", VISITOR)


@with_redis
@pytest.mark.usefixtures("at_once")
def test_while_redis_is_away_answers_go_on_and_limits_hold_in_memory(
    answerer: Answerer, redis: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(answerer, LimitStorage(redis.address, KEY), tmp_path)
    there = [ask(app) for _ in range(3)]

    redis.stop()
    away = [ask(app) for _ in range(3)]
    limits = app.test_client().get("/readyz").get_json()["limits"]
    attempts = [try_password(app.test_client()) for _ in range(6)]
    said_then = [record.getMessage() for record in caplog.records]
    redis.start()
    again = [ask(app) for _ in range(3)]

    assert there == away == again == [200, 200, 429]
    assert limits == {"storage": "redis", "shared": False}
    assert attempts == [401] * 5 + [429]
    assert said_then == [
        "Redis cannot be used: it cannot be reached. Each process counts for itself, and it is tried again."
    ]
    assert [record.getMessage() for record in caplog.records][1:] == [
        "Redis is back. All processes count together again."
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


@with_redis
def test_a_redis_that_hangs_holds_up_one_request_and_not_the_next_ones(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    storage = LimitStorage(redis.address, KEY)
    assert storage.hit(RateLimitItemPerMinute(1000), "questions", VISITOR)

    redis.freeze()
    started = time.monotonic()
    storage.hit(RateLimitItemPerMinute(1000), "questions", VISITOR)
    held_up = time.monotonic() - started
    for _ in range(100):
        storage.hit(RateLimitItemPerMinute(1000), "questions", VISITOR)
    in_all = time.monotonic() - started
    redis.wake()
    until(lambda: storage.whereabouts.shared)

    assert held_up >= PATIENCE_SECONDS  # the server was there, and said nothing
    assert in_all < 20 * PATIENCE_SECONDS  # a hundred that wait would take 100 times as long
    assert len(caplog.records) == 2
    assert "it does not answer in time" in caplog.text


@with_redis
def test_a_wrong_password_is_said_and_not_repeated(
    answerer: Answerer, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(answerer, LimitStorage(redis.address_with("wrong-canary"), KEY))

    assert ask(app) == 200
    assert app.test_client().get("/readyz").get_json()["limits"]["shared"] is False
    assert "it refuses the name or the password" in caplog.text
    assert "canary" not in caplog.text


# ---- real processes

FORKING = """
import os, sys
from limits import RateLimitItemPerMinute
from web.limit_storage import LimitStorage

storage, two = LimitStorage(sys.argv[1], b"k" * 32), RateLimitItemPerMinute(2)
assert storage.hit(two, "questions", "somebody")
if (child := os.fork()) == 0:
    os._exit(0 if storage.hit(two, "questions", "somebody") and storage.whereabouts.shared else 1)
assert os.waitpid(child, 0)[1] == 0
assert not storage.hit(two, "questions", "somebody")
"""


@with_redis
def test_a_child_process_has_connections_of_its_own_and_counts_with_its_parent(redis: Redis) -> None:
    subprocess.run([sys.executable, "-c", FORKING, redis.address], cwd=ROOT, check=True, timeout=60)


def post(address: str, path: str = "/api/chat", body: str = '{"message": "shoes"}') -> int:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def ready(address: str) -> object:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", "/readyz")
    limits = json.loads(connection.getresponse().read())["limits"]
    connection.close()
    return limits


@with_redis
@pytest.mark.server
def test_two_servers_with_the_same_data_share_one_count(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_RATE_LIMIT_STORAGE", redis.address)
    command = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--data", str(tmp_path), "--rate-limit", "2"]

    with serving(command, cwd=ROOT) as one, serving(command, cwd=ROOT) as other:  # which check that no word was said
        statuses = [post(one), post(other), post(one), post(other)]
        limits = ready(other)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert statuses == [200, 200, 429, 429]
    assert limits == {"storage": "redis", "shared": True}
    assert REDIS_PASSWORD.encode() not in written
