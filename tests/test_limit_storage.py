"""Where it is counted how often somebody came: in memory, or in a real Redis that goes away, comes back and hangs."""

import json
import logging
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
from tests.services import serving, started, stopped
from tests.test_accounts import PASSWORD, QUICK
from tests.waiting import PATIENCE, eventually
from web import limit_storage
from web.accounts import Accounts
from web.app import create_app
from web.database import Database, database_url
from web.limit_storage import PATIENCE_SECONDS, LimitStorage, Whereabouts
from web.sessions import Desk

KEY = b"k" * 32
TWO = RateLimitItemPerMinute(2)
VISITOR = "203.0.113.77"
THERE = {"storage": "redis", "shared": True, "problem": None}
AT_VISITOR = {"REMOTE_ADDR": VISITOR}
OURS = {"Origin": "http://localhost"}

with_redis = pytest.mark.redis


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that was away is tried at each request: what is tested is not how long it is left alone."""
    monkeypatch.setattr(limit_storage, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is there may take its time: on a busy machine it sometimes does."""
    monkeypatch.setattr(limit_storage, "PATIENCE_SECONDS", PATIENCE)


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
@pytest.mark.usefixtures("patient")
def test_two_applications_share_what_is_counted_in_redis(answerer: Answerer, redis: Redis) -> None:
    one, other = (make_app(answerer, LimitStorage(redis.address, KEY)) for _ in range(2))

    statuses = [ask(one), ask(other), ask(one), ask(other)]

    assert statuses == [200, 200, 429, 429]
    assert one.test_client().get("/readyz").get_json()["limits"] == THERE


@with_redis
@pytest.mark.usefixtures("patient")
def test_attempts_to_sign_in_are_counted_together(answerer: Answerer, redis: Redis, tmp_path: Path) -> None:
    apps = [make_app(answerer, LimitStorage(redis.address, KEY), tmp_path) for _ in range(2)]

    statuses = [try_password(apps[number % 2].test_client()) for number in range(6)]

    assert statuses == [401] * 5 + [429]
    assert try_password(apps[1].test_client(), PASSWORD) == 429


@with_redis
@pytest.mark.usefixtures("patient")
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
@pytest.mark.usefixtures("patient")
def test_who_has_another_key_counts_others(redis: Redis) -> None:
    ours, others = LimitStorage(redis.address, KEY), LimitStorage(redis.address, b"o" * 32)
    for _ in range(2):
        ours.hit(TWO, "questions", VISITOR)

    assert others.hit(TWO, "questions", VISITOR)


@with_redis
@pytest.mark.usefixtures("at_once", "patient")
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
    assert limits == {"storage": "redis", "shared": False, "problem": "it cannot be reached"}
    assert attempts == [401] * 5 + [429]
    assert said_then == [limit_storage._AWAY % "it cannot be reached"]
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
    eventually(lambda: storage.whereabouts.shared)

    assert held_up >= PATIENCE_SECONDS  # the server was there, and said nothing
    assert in_all < 20 * PATIENCE_SECONDS  # a hundred that wait would take 100 times as long
    assert len(caplog.records) == 2
    assert "it does not answer in time" in caplog.text


WRONG = {
    "password": ("redis://:wrong-canary@127.0.0.1:{port}/3", "it refuses the name or the password"),
    "no-password": ("redis://127.0.0.1:{port}/3", "it wants a password, and the address has none"),
    "database": (f"redis://:{REDIS_PASSWORD}@127.0.0.1:{{port}}/99", "has it a database of that number"),
    "tls": (f"rediss://:{REDIS_PASSWORD}@127.0.0.1:{{port}}/3", "another port, or `redis://`?"),
    "host": ("redis://:wrong-canary@no.such.host.invalid/3", "this machine knows no host of that name"),
    "port": ("redis://:wrong-canary@127.0.0.1:1/3", "it cannot be reached"),
}


@with_redis
@pytest.mark.parametrize("wrong", WRONG)
def test_an_address_that_is_wrong_is_said_with_a_hint_before_any_question_and_never_repeated(
    answerer: Answerer, redis: Redis, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    written, hint = WRONG[wrong]
    storage = LimitStorage(written.format(port=redis.port), KEY)

    storage.reach()
    said = caplog.messages[:]
    app = make_app(answerer, storage)

    assert ask(app) == 200
    limits = app.test_client().get("/readyz").get_json()["limits"]
    assert limits["shared"] is False
    assert hint in limits["problem"]
    assert hint in said[0]
    assert caplog.messages == said
    assert len(said) == 1
    assert "canary" not in caplog.text + str(limits)


REFUSING = {
    "full": ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "it is full"),
    "replica": ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "it is a replica"),
}


@with_redis
@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("state", REFUSING)
def test_a_redis_that_takes_nothing_is_told_with_what_to_do(redis: Redis, state: str) -> None:
    begin, end, reason = REFUSING[state]
    storage = LimitStorage(redis.address, KEY)

    redis.asked(*begin.split())
    try:
        hits = [storage.hit(TWO, "questions", VISITOR) for _ in range(3)]
        problem = storage.whereabouts.problem
    finally:
        redis.asked(*end.split())

    assert hits == [True, True, False]
    assert (problem or "").startswith(reason)


def answering(reply: bytes) -> Callable[[socket.socket], None]:
    """Sends ``reply`` to whatever comes."""

    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(reply)

    return answer


def resetting(connection: socket.socket) -> None:
    """Breaks off as the port for TLS of a Redis does."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


OTHERS = {
    "http": ("redis", answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "what answers there is no Redis"),
    "http-asked-in-tls": ("rediss", answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "it does not speak TLS"),
    "tls-asked-plainly": ("redis", resetting, "does it want TLS, so `rediss://`?"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_redis_or_wants_to_be_spoken_to_otherwise_is_told(
    other: str, caplog: pytest.LogCaptureFixture
) -> None:
    scheme, behave, hint = OTHERS[other]

    with accepting(behave) as port:
        LimitStorage(f"{scheme}://:canary@127.0.0.1:{port}/0", KEY).reach()

    assert hint in caplog.text
    assert "canary" not in caplog.text


@contextmanager
def accepting(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port at which ``behave`` meets each connection, which is closed then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        behave(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


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
    assert limits == THERE
    assert REDIS_PASSWORD.encode() not in written


@pytest.mark.server
@pytest.mark.parametrize("processes", ["1", "3"])
def test_a_start_says_once_that_redis_cannot_be_reached_although_nobody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: str
) -> None:
    monkeypatch.setenv("CITEWELL_RATE_LIMIT_STORAGE", "redis://:canary@127.0.0.1:1/0")
    command = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--data", str(tmp_path)]

    with started([*command, "--processes", processes], cwd=ROOT) as (process, _):
        (line,) = stopped(process).splitlines()

    assert line.split(" ", 1)[1].startswith("WARNING web.limit_storage: Redis, as CITEWELL_RATE_LIMIT_STORAGE names it")
    assert "canary" not in line
