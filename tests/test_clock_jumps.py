"""The machine’s clock is wrong for a while: nobody is locked out, no session lives on, no words go too early."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.versions import version_of
from tests.live_server import ASKED, SMALL, LiveServer, running, small_server
from tests.test_accounts import PASSWORD
from tests.waiting import eventually
from web.database import FILE, Database, database_url
from web.journal import Journal
from web.tables import TURNS

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
TODAY = date(2026, 11, 30)
LIMIT = 30


# ---- words


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(database_url("", tmp_path))
    yield database
    database.close()


def words(database: Database) -> list[str | None]:
    with database.begin(reading=True) as connection:
        return list(connection.scalars(select(TURNS.c.question).order_by(TURNS.c.day)))


def file(journal: Journal, question: str) -> None:
    """What is due is deleted after it."""
    journal.file(question, kind="none", passage_id=None, rule=None)


def test_words_outlast_a_clock_that_is_ahead_for_less_than_an_hour(database: Database) -> None:
    days = [TODAY]
    journal = Journal(database, kept="questions", days=30, today=lambda: days[-1])
    file(journal, "today")

    days.append(TODAY + timedelta(days=400))
    file(journal, "in the wrong year")
    file(journal, "in the wrong year, too")
    days.append(TODAY)
    file(journal, "today again")
    journal.close()

    assert None not in words(database)


def test_a_clock_that_stays_ahead_is_believed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.retention.HOUR", 0.05)
    monkeypatch.setattr("web.retention.MINUTE", 0.02)
    days = [TODAY]
    journal = Journal(database, kept="questions", days=30, today=lambda: days[-1])
    file(journal, "today")

    days.append(TODAY + timedelta(days=400))
    file(journal, "after the machine slept for a year")

    eventually(lambda: words(database)[0] is None)
    journal.close()


# ---- the real server


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a running server, which the test sets."""

    file: Path

    def jump(self, by: timedelta) -> None:
        """Let it go ``by`` so much before or after the true time."""
        aside = self.file.with_suffix(".new")
        aside.write_text(f"{by.total_seconds():+.0f}", "utf-8")
        aside.replace(self.file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    if LIBRARY is None:
        pytest.skip("Debian's package faketime is not installed")
    clock = Clock(tmp_path / "clock")
    clock.jump(timedelta())
    return clock


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> LiveServer:
    """A server with that clock; Rafi edits there. Not yet started."""
    server = small_server(tmp_path, "rafi", "editor", ["--rate-limit", str(LIMIT)])
    server.environment = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock.file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    return server


def desk(server: LiveServer, cookie: str) -> int:
    return server.ask("/desk", Cookie=cookie)[0]


def kept_words(server: LiveServer) -> dict[str, str | None]:
    with closing(sqlite3.connect(server.data / FILE)) as connection:
        return dict(connection.execute("SELECT turn_id, question FROM turns").fetchall())


def voted(server: LiveServer) -> str:
    """A turn that is surely written."""
    turn_id = str(server.chat(ASKED)["turn_id"])
    eventually(lambda: server.vote(turn_id) == 204)
    return turn_id


def edit_and_look(server: LiveServer, words: str) -> None:
    (server.corpus / "feet.md").write_text(SMALL["feet.md"].replace("rubbing", words), "utf-8")
    version = version_of(server.corpus)
    eventually(lambda: server.ready["corpus_version"] == version)
    assert server.chat(ASKED)["passage"]["text"] == f"Blisters come from {words}."


@pytest.mark.server
def test_a_clock_that_was_ahead_for_a_while_locks_nobody_out_and_keeps_nobody_in(
    server: LiveServer, clock: Clock
) -> None:
    with running(server):
        _, before = server.sign_in("rafi", PASSWORD)
        first = voted(server)
        assert desk(server, before) == 200

        clock.jump(timedelta(days=40))
        status, ahead = server.sign_in("rafi", PASSWORD)
        assert (desk(server, before), status, desk(server, ahead)) == (303, 303, 200)
        voted(server)
        assert kept_words(server)[first] == ASKED  # the clock is not yet believed
        while server.sign_in("rafi", "wrong")[0] != 429:
            pass
        while server.ask("/api/chat", {"message": ASKED})[0] != 429:
            pass

        clock.jump(timedelta())
        answers = server.ask("/api/chat", {"message": ASKED})[0]
        status, after = server.sign_in("rafi", PASSWORD)
        assert (answers, status, desk(server, after)) == (200, 303, 200)
        assert desk(server, ahead) == 303
        assert kept_words(server)[first] == ASKED
        for period in ("7", "all"):
            assert server.ask(f"/desk/review?days={period}", Cookie=after)[0] == 200


@pytest.mark.server
def test_a_clock_that_goes_back_stops_neither_answers_nor_changes_nor_the_desk(
    server: LiveServer, clock: Clock
) -> None:
    with running(server):
        first = voted(server)
        _, cookie = server.sign_in("rafi", PASSWORD)

        for back in (timedelta(hours=2), timedelta(days=20 * 365)):
            clock.jump(-back)
            assert desk(server, cookie) == 303  # it is of a time that is still to come
            status, cookie = server.sign_in("rafi", PASSWORD)
            assert (status, desk(server, cookie)) == (303, 200)
            turn_id = voted(server)
            assert kept_words(server)[turn_id] == ASKED
            for period in ("7", "all"):
                assert server.ask(f"/desk/review?days={period}", Cookie=cookie)[0] == 200
        edit_and_look(server, "wet socks")

        clock.jump(timedelta())
        status, cookie = server.sign_in("rafi", PASSWORD)
        assert (status, desk(server, cookie)) == (303, 200)
        assert kept_words(server)[first] == ASKED
