"""What goes wrong around the real server: it is killed, the disk is full, the database or the content is away."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.live_server import ASKED, SMALL, LiveServer, running, small_server
from tests.postgres import PostgreSQL
from tests.test_accounts import PASSWORD
from tests.waiting import eventually
from web.database import FILE

pytestmark = pytest.mark.server

KILLED = 4
"""How often the server is killed: each time somewhere else."""

WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""Starts a program for which files have modes, also as root."""


@pytest.fixture
def server(tmp_path: Path) -> LiveServer:
    """A server over small content that counts questions; Mina may sign in. Not yet started."""
    return small_server(tmp_path, "mina", "desk", ["--threads", "8"])


# ---- kill -9


class Visitor:
    """Asks, votes and files until the server is gone, and remembers what was acknowledged."""

    def __init__(self, server: LiveServer, cookie: str) -> None:
        self.server = server
        self.cookie = cookie
        self.voted: set[str] = set()
        self.filed: set[str] = set()

    def run(self) -> None:
        try:
            while True:
                turn_id = self.server.chat(ASKED)["turn_id"]
                if self.server.vote(turn_id) == 204:
                    self.voted.add(turn_id)
                if filed := self.server.file(ASKED, self.cookie):
                    self.filed.add(filed)
        except (OSError, HTTPException):  # it was killed
            return


def test_a_server_that_is_killed_while_it_writes_loses_nothing_that_it_acknowledged(server: LiveServer) -> None:
    chance = random.Random(20261130)  # noqa: S311 - when it is killed is no secret
    voted: set[str] = set()
    filed: set[str] = set()

    for _ in range(KILLED):
        for visitor in _killed(server, votes=chance.randrange(20, 60)):
            voted |= visitor.voted
            filed |= visitor.filed
        assert _intact(server.data / FILE)
        assert _kept(server.data / FILE, "helpful") >= voted
        assert _kept(server.data / FILE, "filed") >= filed

    with running(server):
        turn_id = server.chat(ASKED)["turn_id"]
        eventually(lambda: server.vote(turn_id) == 204)
    assert len(voted) >= 20 * KILLED
    assert filed


def _killed(server: LiveServer, votes: int) -> list[Visitor]:
    """The visitors of a server that was started, and killed as soon as it had acknowledged so many votes."""
    server.start()
    _, cookie = server.sign_in("mina", PASSWORD)
    visitors = [Visitor(server, cookie) for _ in range(4)]
    threads = [threading.Thread(target=visitor.run) for visitor in visitors]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: sum(len(visitor.voted) for visitor in visitors) >= votes)
    finally:
        server.kill()
        for thread in threads:
            thread.join()
    return visitors


def _intact(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def _kept(file: Path, column: str) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {turn_id for (turn_id,) in connection.execute(f"SELECT turn_id FROM turns WHERE {column}")}  # noqa: S608


# ---- full disk


def test_with_a_full_disk_answers_go_on_votes_are_refused_and_what_is_lost_is_counted(server: LiveServer) -> None:
    with running(server):
        turn_id = server.chat(ASKED)["turn_id"]
        eventually(lambda: server.vote(turn_id) == 204)  # on a busy machine, making the tables takes a while

        with _no_file_larger_than(server.pid, 1000):
            eventually(lambda: server.chat(ASKED) and server.vote(turn_id) == 503)
            for _ in range(1300):  # more than may wait to be written
                assert server.chat(ASKED)["kind"] == "answer"
            assert server.vote(turn_id) == 503
            lost = server.ready["journal"]["lost"]
        eventually(lambda: server.vote(turn_id) == 204)

        assert lost > 0
        assert server.ready["journal"]["lost"] == lost
    assert _intact(server.data / FILE)
    assert server.log.count("The journal cannot be written") == server.log.count("is written again") == 1


@contextmanager
def _no_file_larger_than(pid: int, size: int) -> Iterator[None]:
    """For this process, as good as a full disk."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


# ---- the database is away


@pytest.mark.postgres
def test_while_postgresql_is_away_answers_go_on_and_votes_are_taken_again_when_it_is_back(
    server: LiveServer, postgres: PostgreSQL
) -> None:
    server.environment = {"CITEWELL_DATABASE_URL": postgres.new_database()}
    with running(server):
        turn_id = server.chat(ASKED)["turn_id"]
        eventually(lambda: server.vote(turn_id) == 204)  # on a busy machine, making the tables takes a while

        postgres.stop()
        try:
            for _ in range(20):
                assert server.chat(ASKED)["kind"] == "answer"
            status, problem = server.ask("/api/feedback", {"turn_id": turn_id, "helpful": False})
            desk = server.sign_in("mina", PASSWORD)[0]
            ready = server.ready
        finally:
            postgres.start()
        eventually(lambda: server.vote(turn_id) == 204)
        meanwhile = server.chat(ASKED)["turn_id"]
        eventually(lambda: server.vote(meanwhile) == 204)

        assert (status, problem["status"], desk) == (503, 503, 503)
        assert ready["status"] == "ready"
        assert server.ready["journal"]["lost"] == 0
    assert "pass-word" not in server.log


# ---- the content is away


def test_a_folder_of_content_that_is_away_for_a_while_is_missed_by_nobody(server: LiveServer) -> None:
    away = server.corpus.with_name("away")
    with running(server):
        version = server.ready["corpus_version"]

        server.corpus.rename(away)
        eventually(lambda: server.ready["content"]["broken"])
        answer = server.chat(ASKED)
        said = server.ready["content"]["broken"]
        away.rename(server.corpus)
        eventually(lambda: not server.ready["content"]["broken"])

        assert answer["corpus_version"] == version
        assert answer["passage"]["text"] == "Blisters come from rubbing."
        assert str(server.corpus.parent) not in said
    assert server.log.count("cannot be served: corpus: No such file or directory") == 1
    assert server.log.count("has no mistake any more") == 1


def test_content_that_is_deleted_and_put_there_anew_is_served(server: LiveServer) -> None:
    with running(server):
        shutil.rmtree(server.corpus)
        eventually(lambda: server.ready["content"]["broken"])
        assert server.chat(ASKED)["passage"]["text"] == "Blisters come from rubbing."

        server.corpus.mkdir()
        (server.corpus / "feet.md").write_text(SMALL["feet.md"].replace("rubbing", "wet socks"), "utf-8")
        (server.corpus / "clinic.toml").write_text(SMALL["clinic.toml"], "utf-8")

        eventually(lambda: server.chat(ASKED)["passage"]["text"] == "Blisters come from wet socks.")


def test_content_that_may_not_be_read_any_more_goes_on_until_it_may(server: LiveServer) -> None:
    server.wrapper = WITHOUT_RIGHTS
    with running(server):
        for path in (server.corpus, server.corpus / "feet.md", server.corpus / "clinic.toml"):
            mode = path.stat().st_mode
            path.chmod(0)
            eventually(lambda: server.ready["content"]["broken"])
            said, answer = server.ready["content"]["broken"], server.chat(ASKED)
            path.chmod(mode)
            eventually(lambda: not server.ready["content"]["broken"])

            assert said.startswith(f"{path.name}: ")
            assert answer["passage"]["text"] == "Blisters come from rubbing."


# ---- who reads the content is killed


def test_content_whose_reader_is_killed_is_served_soon_after_and_the_log_says_what_happened(
    server: LiveServer,
) -> None:
    with running(server):
        (server.corpus / "feet.md").write_text(SMALL["feet.md"].replace("rubbing", "wet socks"), "utf-8")
        eventually(lambda: _killed_children(server.pid))
        eventually(lambda: server.ready["content"]["broken"])
        said, answer = server.ready["content"]["broken"], server.chat(ASKED)

        eventually(lambda: server.chat(ASKED)["passage"]["text"] == "Blisters come from wet socks.")

        assert "was ended by SIGKILL, perhaps because there was not enough memory" in said
        assert answer["passage"]["text"] == "Blisters come from rubbing."
        assert server.ready["content"]["broken"] is None
    assert server.log.count("was ended by SIGKILL") == 1
    assert server.log.count("could be loaded at last") == 1
    assert server.log.count("The content was changed, and loaded in ") == 1


def _killed_children(pid: int) -> int:
    """How many processes that any thread of this one has begun were killed."""
    killed = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # thread or process is over
            for child in (thread / "children").read_text().split():
                os.kill(int(child), signal.SIGKILL)
                killed += 1
    return killed
