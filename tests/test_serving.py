"""The real server: slow clients, connections that are half closed, requests that say two things, and its end."""

import json
import logging
import os
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from waitress.adjustments import Adjustments

from tests.conftest import ROOT
from tests.services import serving, started, stopped
from web.connections import Channel, Server
from web.inputs import MAX_BODY

pytestmark = pytest.mark.server

PROGRAM = [sys.executable, str(ROOT / "server.py"), "--port", "0", "--rate-limit", "off"]
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = json.dumps({"message": "worn shoes"}).encode()
QUESTION = (
    b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
WANTED = b"GET /widget.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATIENCE = 60  # far more than anything here takes


@pytest.fixture(autouse=True)
def quiet() -> None:
    """What `web.logs` silences where the server runs."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server at which two seconds are enough for a request."""
    with serving([*PROGRAM, "--request-seconds", "2"], cwd=ROOT) as address:
        yield address


def connected(address: str) -> socket.socket:
    place = urlsplit(address)
    assert place.hostname
    assert place.port
    return socket.create_connection((place.hostname, place.port), timeout=PATIENCE)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection, in whichever way."""
    received = b""
    try:
        while some := connection.recv(65536):
            received += some
    except ConnectionError:
        pass
    return received


def said(address: str, request: bytes) -> bytes:
    """What is answered to ``request`` until the server closes the connection."""
    with connected(address) as connection:
        connection.sendall(request)
        return rest(connection)


def statuses(reply: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", reply)]


def asked(address: str) -> int:
    """The status of a question on a connection of its own."""
    with connected(address) as connection:
        connection.sendall(QUESTION.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        return statuses(rest(connection))[0]


def until(condition: Callable[[], object]) -> bool:
    """Whether ``condition`` comes about in time."""
    deadline = time.monotonic() + PATIENCE
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(holds)


@contextmanager
def running(app: Flask, **limits: int) -> Iterator[tuple[str, Server]]:
    """A server of this process, in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # so that little is held by the system for a client
    chosen = {"threads": 2, "seconds": 60, "max_body": MAX_BODY, "connections": 100, **limits}
    server = Server(app, listener, **chosen)
    thread = threading.Thread(target=server.run)
    port = listener.getsockname()[1]
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.stop()
        thread.join()


def test_who_is_gone_before_the_refusal_is_no_crash(caplog: pytest.LogCaptureFixture) -> None:
    app, over = Flask("one thread"), threading.Event()
    app.add_url_rule("/slow", "slow", lambda: str(over.wait(PATIENCE)))
    with running(app, threads=1) as (at, server), connected(at) as busy:
        busy.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
        gone = connected(at)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # to be closed without a farewell
        gone.sendall(b"no HTTP\r\n\r\n")
        assert until(lambda: sum(channel.is_answered for channel in server.active_channels.values()) == 2)
        gone.close()
        over.set()
        assert until(lambda: len(server.active_channels) == 1)

    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_server_that_has_ended_may_be_told_to_end_again(app: Flask) -> None:
    """As by a signal that comes while the rest of the process ends."""
    with running(app) as (_, server):
        pass

    server.stop()

    assert server.is_ending


# ---- slow clients


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"", b""),
        (b"", b"\r\n\r\n"),
        (b"GET /healthz HTTP/1.1\r\n", b"X: y\r\n"),
        (QUESTION[:-20], b" "),
        (b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["nothing", "empty lines", "headers", "body", "chunks"],
)
def test_a_request_that_never_ends_is_closed_however_often_something_comes(
    address: str, begin: bytes, more: bytes
) -> None:
    with connected(address) as connection:
        connection.sendall(begin)
        connection.settimeout(0.4)
        deadline = time.monotonic() + PATIENCE
        is_open, sent = True, 0
        while is_open and sent < 18 and time.monotonic() < deadline:
            try:
                is_open = connection.recv(100) != b""
            except TimeoutError:
                connection.sendall(more)
                sent += 1
            except ConnectionError:
                is_open = False

    assert not is_open


def test_headers_and_body_of_a_reply_are_sent_together(app: Flask) -> None:
    pieces = []
    with running(app) as (at, _), connected(at) as connection:
        for _ in range(20):
            connection.sendall(HEALTH)
            pieces.append(connection.recv(65536))

    assert all(piece.endswith(b'\r\n\r\n{"status": "ok"}') for piece in pieces)


def test_a_reply_that_is_not_taken_is_given_up(app: Flask) -> None:
    with running(app, seconds=3) as (at, server), unread(at, WANTED * 100):
        assert until(lambda: len(server.active_channels) == 1)

        assert until(lambda: not server.active_channels)


def test_those_who_ask_for_much_and_take_nothing_keep_nobody_waiting(app: Flask) -> None:
    with running(app, threads=2) as (at, server), ExitStack() as greedy:
        for _ in range(6):
            greedy.enter_context(unread(at, WANTED * 1000))

        assert [asked(at) for _ in range(3)] == [200] * 3  # though there are but two threads
        assert until(lambda: not server.active_channels)


@contextmanager
def unread(address: str, requests: bytes) -> Iterator[socket.socket]:
    """A client that sends ``requests``, as far as they are taken, and reads nothing."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", urlsplit(address).port))
        connection.setblocking(False)
        connection.send(requests)
        yield connection


def test_three_hundred_half_sent_requests_keep_nobody_waiting(address: str) -> None:
    slow = [connected(address) for _ in range(300)]
    for connection in slow:
        connection.sendall(QUESTION[:-1])

    assert asked(address) == 200
    for connection in slow:
        connection.close()


def test_who_comes_when_all_places_are_taken_gets_that_of_who_has_kept_us_waiting_longest(app: Flask) -> None:
    with running(app, connections=10) as (at, _):
        slow = [connected(at) for _ in range(10)]
        for connection in slow:
            connection.sendall(QUESTION[:-1])
        taken = [asked(at) for _ in range(5)]
        first = rest(slow[0])
        slow[-1].sendall(QUESTION[-1:])
        last = slow[-1].recv(65536)
        for connection in slow:
            connection.close()

    assert taken == [200] * 5
    assert first == b""
    assert statuses(last) == [200]


def test_those_who_take_no_reply_and_have_asked_for_more_make_way_for_who_comes() -> None:
    app, over = Flask("greedy"), threading.Event()
    app.add_url_rule("/long", "long", lambda: b"*" * 300_000)
    app.add_url_rule("/slow", "slow", lambda: str(over.wait(PATIENCE)))
    app.add_url_rule("/api/chat", "chat", lambda: "", methods=["POST"])
    with running(app, threads=8, connections=6) as (at, server), ExitStack() as greedy:
        for _ in range(6):
            greedy.enter_context(unread(at, b"GET /long HTTP/1.1\r\n\r\nGET /slow HTTP/1.1\r\n\r\n"))
        assert until(lambda: sum(channel.total_outbufs_len > 0 for channel in server.active_channels.values()) == 6)
        taken = [asked(at) for _ in range(2)]
        over.set()

    assert taken == [200] * 2


def test_where_few_files_may_be_open_there_is_room_for_half_as_many_connections_and_it_is_said() -> None:
    few_files = ["sh", "-c", 'ulimit -n 128 && exec "$@"', "sh"]
    with started([*few_files, *PROGRAM], cwd=ROOT) as (process, at), ExitStack() as opened:
        slow = [opened.enter_context(connected(at)) for _ in range(60)]
        for connection in slow:
            connection.sendall(QUESTION[:-1])
        taken = [asked(at) for _ in range(3)]
        for connection in slow:
            connection.sendall(QUESTION[-1:])
        late = [statuses(connection.recv(65536)) for connection in slow]
        log = stopped(process)

    assert taken == [200] * 3
    assert late == [[200]] * 60
    assert "A process may open 128 files (ulimit -n), so each has room for 64 connections." in log


def test_no_more_of_a_body_is_held_than_may_be_used() -> None:
    request = Channel.parser_class(Adjustments(inbuf_overflow=MAX_BODY + 1))
    request.received(b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")

    for _ in range(50):
        request.received(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
    request.received(b"0\r\n\r\n")

    assert request.completed
    assert request.error is None
    assert len(request.get_body_stream().read()) == MAX_BODY + 1  # enough to be seen as too much


# ---- what is no request, or two


def test_a_client_that_has_said_all_and_closed_its_side_gets_the_reply(address: str) -> None:
    with connected(address) as connection:
        connection.sendall(QUESTION)
        connection.shutdown(socket.SHUT_WR)
        reply = rest(connection)

    assert statuses(reply) == [200]
    assert b'"disclaimer"' in reply


def test_requests_sent_at_once_are_answered_one_after_the_other(address: str) -> None:
    last = HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    reply = said(address, HEALTH + QUESTION + b"\r\n" + last)

    assert statuses(reply) == [200, 200, 200]
    assert reply.index(b'"ok"') < reply.index(b'"disclaimer"') < reply.rindex(b'"ok"')


CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /api/chat HTTP/1.1\r\nContent-Length: 5\r\n" + CHUNKED, 400),
        (b"POST /api/chat HTTP/1.1\r\n" + CHUNKED + b"Content-Length: 5\r\n", 400),
        (b"POST /api/chat HTTP/1.0\r\nConnection: keep-alive\r\n" + CHUNKED, 400),
        (b"POST /api/chat HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 50\r\n", 400),
        (b"POST /api/chat HTTP/1.1\r\nContent-Length: +5\r\n", 400),
        (b"POST /api/chat HTTP/1.1\r\nContent-Length : 5\r\n", 400),
        (b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding : chunked\r\n", 400),
        (b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n", 501),
        (b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n", 501),
        (b"POST /api/chat HTTP/1.1\r\nTransfer-Encoding:\x0bchunked\r\n", 400),
        (b"POST /api/chat HTTP/1.1\r\nX: y\nTransfer-Encoding: chunked\r\n", 400),
    ],
)
def test_a_request_that_ends_in_two_ways_is_refused_and_what_follows_is_not_read(
    address: str, head: bytes, status: int
) -> None:
    reply = said(address, head + b"Host: localhost\r\n\r\n0\r\n\r\n" + HEALTH)

    assert statuses(reply) == [status]


def test_huge_headers_are_refused_and_the_refusal_tells_nothing(address: str) -> None:
    reply = said(address, b"GET /healthz HTTP/1.1\r\nX: " + b"canary" * 3000 + b"\r\n\r\n")

    assert statuses(reply) == [431]
    assert b"canary" not in reply
    assert b"waitress" not in reply.lower()
    assert b"server" not in reply.lower()
    assert re.search(rb"^X-Request-Id: [0-9a-f]{16}\r$", reply, re.MULTILINE | re.IGNORECASE)
    assert b"X-Content-Type-Options: nosniff\r\n" in reply


# ---- several processes, and the end


def children(process: subprocess.Popen[str]) -> set[int]:
    return set(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def has_children(process: subprocess.Popen[str], count: int) -> bool:
    return len(children(process)) == count


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("processes", [1, 2])
def test_at_the_end_what_was_asked_is_answered_and_what_was_answered_is_kept(
    tmp_path: Path, processes: int, number: signal.Signals
) -> None:
    command = [*PROGRAM, "--data", str(tmp_path), "--processes", str(processes)]
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # where these tests run under nohup, so would the server

    with started(command, cwd=ROOT) as (process, address):
        assert asked(address) == 200
        assert until(lambda: turns_in(tmp_path))  # or on a busy machine the tables are still made when all shall end
        idle, half = connected(address), connected(address)
        half.sendall(QUESTION[:-1])
        asking = [connected(address) for _ in range(40)]
        for connection in asking:
            connection.sendall(QUESTION)
        signal.signal(signal.SIGHUP, before)
        complaints = stopped(process, number)
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(rest, asking))
        for connection in (idle, half, *asking):
            connection.close()

    assert [statuses(reply) for reply in replies] == [[200]] * 40
    assert complaints == ""
    turns = {json.loads(reply.partition(b"\r\n\r\n")[2])["turn_id"] for reply in replies}
    assert len(turns) == 40
    assert turns < turns_in(tmp_path)
    with pytest.raises(ConnectionRefusedError):
        connected(address)


def turns_in(data: Path) -> set[str]:
    """What is kept there by now."""
    if not (file := data / "citewell.sqlite3").exists():
        return set()
    with closing(sqlite3.connect(file)) as database:
        made = database.execute("SELECT name FROM sqlite_master WHERE name = 'turns'").fetchall()
        return {turn for (turn,) in database.execute("SELECT turn_id FROM turns")} if made else set()


@pytest.mark.parametrize("processes", [1, 2])
def test_who_is_told_to_end_again_and_again_ends_as_well(tmp_path: Path, processes: int) -> None:
    command = [*PROGRAM, "--data", str(tmp_path), "--processes", str(processes)]

    with started(command, cwd=ROOT) as (process, address):
        assert asked(address) == 200
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
            time.sleep(0.001)
        said = process.communicate()

    assert (process.returncode, said) == (0, ("", ""))


def test_one_process_has_no_other_and_two_are_two(tmp_path: Path) -> None:
    for processes, begun in ((1, 0), (2, 2)):
        with started([*PROGRAM, "--data", str(tmp_path), "--processes", str(processes)], cwd=ROOT) as (process, at):
            assert asked(at) == 200
            assert until(partial(has_children, process, begun))
            assert stopped(process) == ""


def test_a_process_that_is_killed_is_replaced_and_nobody_is_left_behind(tmp_path: Path) -> None:
    command = [*PROGRAM, "--data", str(tmp_path), "--processes", "2"]

    with started(command, cwd=ROOT) as (process, address):
        assert until(lambda: len(children(process)) == 2)
        before = children(process)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        assert asked(address) == 200
        assert until(lambda: len(children(process) - {killed}) == 2)
        process.kill()
        assert until(lambda: not is_listened_to(address))  # its processes end without it
        _, complaints = process.communicate(timeout=PATIENCE)

    assert f"Process {killed} ended by itself (signal 9). Another one is started." in complaints
    assert len(complaints.splitlines()) == 1


def is_listened_to(address: str) -> bool:
    try:
        connected(address).close()
    except ConnectionError:
        return False
    return True
