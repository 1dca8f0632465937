"""The journal: keeps what it must, forgets what it must, and never stands in an answer's way. On both databases."""

import logging
import re
import resource
import secrets
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.answering import Answerer
from bot.reply import Answer
from tests.conftest import ROOT
from tests.postgres import PASSWORD, PostgreSQL
from tests.waiting import PATIENCE, eventually
from web import writer
from web.clock import today
from web.database import Database, database_url
from web.journal import ANOTHER_PROCESS_SECONDS, Journal
from web.privacy import Kept
from web.tables import DECISIONS, TURNS
from web.unavailable import Unavailable

DAY = date(2026, 11, 30)
URGENT = "I cannot feel my legs and I have lost control of my bladder"
TEXTS = ("question", "comment", "shown")


@pytest.fixture(scope="module")
def answer(answerer: Answerer) -> Answer:
    """An answer with a passage and without a safety message."""
    return answerer.answer("How can worn-out running shoes lead to back pain?")


@pytest.fixture(scope="module")
def alerting(answerer: Answerer) -> Answer:
    """An answer with a safety message."""
    answer = answerer.answer(URGENT)
    assert answer.alert
    return answer


@pytest.fixture
def journal(database: Database) -> Iterator[Journal]:
    """Keeps questions."""
    opened = Journal(database, kept="questions", days=30)
    yield opened
    opened.close()


def _rows(database: Database) -> list[dict[str, Any]]:
    with database.begin(reading=True) as connection:
        return [dict(row) for row in connection.execute(select(TURNS).order_by(TURNS.c.turn_id)).mappings()]


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _eventually(happens: Callable[[], object]) -> None:
    """Try again what raises `Unavailable` or returns nothing."""

    def does() -> object:
        try:
            return happens()
        except Unavailable:
            return None

    eventually(does)


def _at_once(record: Callable[[], object]) -> None:
    """Call it; who waits for the database, or for the next attempt to write, waits longer than this allows."""
    started = time.perf_counter()
    try:
        record()
    finally:
        assert time.perf_counter() - started < writer.PAUSE_SECONDS


def _in_threads(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# What is kept


def test_with_questions_a_turn_is_kept_with_its_words_redacted_and_what_was_offered(
    database: Database, journal: Journal, answer: Answer
) -> None:
    before = today()
    turn_id = journal.record(answer, question="my shoos, call 01712-345678", channel="widget")
    journal.close()

    (row,) = _rows(database)
    assert answer.passage
    assert before <= row.pop("day") <= today()
    assert row == {
        "turn_id": turn_id,
        "channel": "widget",
        "kind": "answer",
        "passage_id": answer.passage.id,
        "rule": None,
        "helpful": None,
        "filed": False,
        "question": "my shoos, call [phone]",
        "comment": None,
        "shown": " ".join(alternative.id for alternative in answer.alternatives),
        "decision_id": None,
    }


def test_with_counts_the_same_is_kept_without_words(database: Database, answer: Answer) -> None:
    journal = Journal(database, kept="counts", days=30)

    turn_id = journal.record(answer, question="my shoos", channel="api")
    assert turn_id
    assert journal.vote(turn_id, helpful=False, comment="my comment")
    journal.close()

    (row,) = _rows(database)
    assert (row["channel"], row["kind"], row["helpful"]) == ("api", "answer", False)
    assert [row[name] for name in TEXTS] == [None, None, None]


def test_with_off_nothing_is_kept_and_no_file_is_made(tmp_path: Path, answer: Answer) -> None:
    journal = Journal(Database(database_url("", tmp_path / "data")), kept="off", days=30)

    journal.start()
    assert journal.record(answer, question="my shoos", channel="widget") is None
    assert journal.file("my shoos", kind="none", passage_id=None, rule=None) is None
    assert not journal.vote("0" * 32, helpful=True)
    assert not journal.unfile("0" * 32)
    journal.close()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["counts", "questions"])
def test_beside_a_safety_message_only_its_rule_is_kept(database: Database, alerting: Answer, kept: Kept) -> None:
    journal = Journal(database, kept=kept, days=30)
    assert alerting.alert

    asked = journal.record(alerting, question=URGENT, channel="widget")
    filed = journal.file(URGENT, kind="none", passage_id=None, rule=alerting.alert.rule)
    assert asked
    assert filed
    assert all(journal.vote(turn_id, helpful=True, comment="it is my legs") for turn_id in (asked, filed))
    journal.close()

    for row in _rows(database):
        assert row["rule"] == alerting.alert.rule
        assert row["helpful"] is True
        assert [row[name] for name in TEXTS] == [None, None, None]


def test_of_a_thousand_questions_no_word_reaches_the_disk_or_a_log_where_only_counts_are_kept(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    journal = Journal(Database(database_url("", tmp_path / "data")), kept="counts", days=30)
    canaries = [f"canary{secrets.token_hex(6)}" for _ in range(1000)]

    for number, canary in enumerate(canaries):
        turn_id = journal.record(answer, question=f"my {canary} hurts", channel="widget")
        if number % 100 == 0:
            assert turn_id
            assert journal.vote(turn_id, helpful=True, comment=canary)
            assert journal.file(canary, kind="none", passage_id=None, rule=None)
    journal.close()

    written = _bytes(tmp_path) + caplog.text.encode() + "".join(capfd.readouterr()).encode()
    assert len(written) > 50_000
    assert b"canary" not in written
    assert journal.lost == 0


def test_characters_that_no_database_keeps_do_no_harm(database: Database, journal: Journal, answer: Answer) -> None:
    for question in ("my \ud800 back", "my \0 back", "আমার পিঠ 🏃", "x" * 4000):
        journal.record(answer, question=question, channel="widget")
    journal.close()

    assert {row["question"] for row in _rows(database)} == {"my ? back", "my  back", "আমার পিঠ 🏃", "x" * 4000}


# Votes and filings


def test_a_later_vote_takes_the_place_of_the_earlier_one_with_its_comment(
    database: Database, journal: Journal, answer: Answer
) -> None:
    turn_id = journal.record(answer, question="my shoes", channel="widget")
    assert turn_id

    assert journal.vote(turn_id, helpful=False, comment="write to me@clinic.example")
    (first,) = _rows(database)
    assert journal.vote(turn_id, helpful=True)
    (second,) = _rows(database)

    assert (first["helpful"], first["comment"]) == (False, "write to [email]")
    assert (second["helpful"], second["comment"]) == (True, None)


@pytest.mark.parametrize("turn_id", ["0" * 32, "", "0" * 31, "0" * 33, "x" * 32, "' OR 1=1 --", "0" * 32 + "\n"])
def test_a_vote_on_a_turn_that_is_not_there_is_none(journal: Journal, turn_id: str) -> None:
    assert not journal.vote(turn_id, helpful=True)


def test_a_filing_is_there_when_it_returns_and_can_be_taken_back(
    database: Database, journal: Journal, answer: Answer
) -> None:
    asked = journal.record(answer, question="my shoes", channel="desk")
    filed = journal.file("caller, 01712-345678, asks of insoles", kind="none", passage_id=None, rule=None)
    assert asked
    assert filed

    (row,) = [row for row in _rows(database) if row["filed"]]
    assert (row["turn_id"], row["channel"], row["question"]) == (filed, "desk", "caller, [phone], asks of insoles")
    assert journal.unfile(filed)
    assert not journal.unfile(filed)
    assert not journal.unfile(asked)  # what was asked is no filing
    assert [row["turn_id"] for row in _rows(database)] == [asked]


def test_a_vote_finds_the_turn_that_another_process_writes_while_it_waits_for_that(
    database: Database, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_id = "a" * 32
    waited: list[float] = []

    def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        _insert_turn(database, turn_id)

    monkeypatch.setattr(time, "sleep", meanwhile)
    found = journal.vote(turn_id, helpful=True)

    assert found
    assert waited == [ANOTHER_PROCESS_SECONDS]


def _insert_turn(database: Database, turn_id: str, **values: object) -> None:
    row = {"day": DAY, "channel": "widget", "kind": "none", "filed": False, **values}
    with database.begin() as connection:
        connection.execute(insert(TURNS).values(turn_id=turn_id, **row))


def test_every_vote_and_filing_of_twenty_threads_that_was_acknowledged_is_there(
    database: Database, journal: Journal, answer: Answer
) -> None:
    voted: list[str] = []
    filed: list[str | None] = []

    def work(number: int) -> None:
        for _ in range(10):
            turn_id = journal.record(answer, question=f"question of {number}", channel="widget")
            if turn_id and journal.vote(turn_id, helpful=True):
                voted.append(turn_id)
            filed.append(journal.file(f"filing of {number}", kind="none", passage_id=None, rule=None))

    _in_threads(20, work)

    rows = _rows(database)
    assert len(voted) == len(filed) == 200
    assert {row["turn_id"] for row in rows if row["helpful"]} == set(voted)
    assert {row["turn_id"] for row in rows if row["filed"]} == set(filed)
    assert journal.lost == 0


OPENED = """
import os, sys
from contextlib import suppress
from web.database import Database
from web.journal import Journal
from web.unavailable import Unavailable
database = Database(sys.argv[1])
while True:  # on a busy machine, the tables may take longer than a journal waits
    with suppress(Unavailable), database.begin():
        break
journal = Journal(database, kept="questions", days=30)
"""
WRITING = f"""{OPENED}
for number in range(100):
    print(journal.file(f"filing {{number}}", kind="none", passage_id=None, rule=None), flush=True)
journal.close()
"""


def test_two_processes_lose_nothing_that_they_acknowledged(database_address: str, database: Database) -> None:
    command = [sys.executable, "-c", WRITING, database_address]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    acknowledged = [line for process in processes for line in process.communicate(timeout=PATIENCE)[0].split()]

    assert len(acknowledged) == 200
    assert {row["turn_id"] for row in _rows(database)} == set(acknowledged)


FORKING = f"""{OPENED}
def add(name):
    for number in range(50):
        assert journal.file(f"{{name}} {{number}}", kind="none", passage_id=None, rule=None)
add("before")
if (child := os.fork()) == 0:
    add("child")
    journal.close()
    os._exit(0)
add("parent")
journal.close()
assert os.waitpid(child, 0)[1] == 0
"""


def test_after_a_fork_both_write_and_nothing_twice(database_address: str, database: Database) -> None:
    subprocess.run([sys.executable, "-c", FORKING, database_address], cwd=ROOT, check=True, timeout=PATIENCE)

    questions = [row["question"] for row in _rows(database)]
    assert len(questions) == len(set(questions)) == 150


# Forgetting


@contextmanager
def _kept_on(database: Database, today: date, kept: Kept = "questions", days: int = 30) -> Iterator[Journal]:
    journal = Journal(database, kept=kept, days=days, today=lambda: today)
    yield journal
    journal.close()


def _fill(database: Database, days_ago: Sequence[int]) -> None:
    """A turn and a decision with words for each day."""
    for number in days_ago:
        day = DAY - timedelta(days=number)
        words = dict.fromkeys(TEXTS, f"canary {number}")
        _insert_turn(database, f"{number:032d}", day=day, helpful=True, **words)
        with database.begin() as connection:
            values = {"day": day, "action": "phrasing", "phrasing": f"canary {number}", "by": "Ada", "undone": False}
            connection.execute(insert(DECISIONS).values(values))


def _days_with_words(database: Database) -> tuple[set[int], set[int]]:
    with database.begin(reading=True) as connection:
        phrasings = connection.execute(select(DECISIONS.c.phrasing).where(DECISIONS.c.phrasing.is_not(None))).scalars()
        of_decisions = {int(phrasing.split()[1]) for phrasing in phrasings}
    words = {row[name] for row in _rows(database) for name in TEXTS if row[name]}
    of_turns = {int(text.split()[1]) for text in words if text.startswith("canary")}
    return of_turns, of_decisions


def test_words_are_deleted_when_their_days_are_over_and_the_counts_stay(database: Database) -> None:
    _fill(database, [0, 1, 29, 30, 31, 400])

    with _kept_on(database, DAY) as journal:
        journal.start()  # nobody asks anything

    assert _days_with_words(database) == ({0, 1, 29}, {0, 1, 29})
    assert [row["helpful"] for row in _rows(database)] == [True] * 6


def test_words_are_deleted_when_the_day_changes(database: Database) -> None:
    _fill(database, [29])
    days = [DAY]
    journal = Journal(database, kept="questions", days=30, today=lambda: days[-1])
    journal.file("today", kind="none", passage_id=None, rule=None)
    before = _days_with_words(database)[1]

    days.append(DAY + timedelta(days=1))
    journal.file("tomorrow", kind="none", passage_id=None, rule=None)
    journal.close()

    assert (before, _days_with_words(database)[1]) == ({29}, set())


def test_the_day_changes_also_where_nobody_asks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.retention.HOUR", 0.05)
    _fill(database, [29])
    days = [DAY]
    journal = Journal(database, kept="questions", days=30, today=lambda: days[-1])
    journal.file("today", kind="none", passage_id=None, rule=None)

    days.append(DAY + timedelta(days=1))

    _eventually(lambda: not _days_with_words(database)[1])
    journal.close()


@pytest.mark.parametrize("kept", ["off", "counts"])
def test_where_questions_are_kept_no_more_all_words_are_deleted_at_the_start(database: Database, kept: Kept) -> None:
    _fill(database, [0, 1, 31])

    with _kept_on(database, DAY, kept) as journal:
        journal.start()

    assert _days_with_words(database) == (set(), set())
    assert len(_rows(database)) == 3


def test_what_was_taken_back_or_replaced_is_gone_from_the_disk_soon(tmp_path: Path, answer: Answer) -> None:
    database = Database(database_url("", tmp_path))
    journal = Journal(database, kept="questions", days=30)
    turn_id = journal.record(answer, question="my shoes", channel="widget")
    filed = journal.file("canaryfiling", kind="none", passage_id=None, rule=None)
    assert turn_id
    assert filed
    assert journal.vote(turn_id, helpful=False, comment="canarycomment")
    assert b"canaryfiling" in _bytes(tmp_path)
    assert b"canarycomment" in _bytes(tmp_path)

    assert journal.unfile(filed)
    assert journal.vote(turn_id, helpful=True)

    _eventually(lambda: b"canary" not in _bytes(tmp_path))
    journal.close()
    database.close()


@pytest.mark.parametrize("kept", ["counts", "questions"])
def test_deleted_words_are_gone_from_every_byte_of_the_file_and_its_log(tmp_path: Path, kept: Kept) -> None:
    database = Database(database_url("", tmp_path))
    with database.begin() as connection:
        for number in range(1500):
            row = {"turn_id": secrets.token_hex(16), "day": DAY - timedelta(days=40), "channel": "widget"}
            words = {"kind": "none", "filed": False, "question": "canary " * (1 + number % 60), "comment": "canary"}
            connection.execute(insert(TURNS).values({**row, **words}))
    before = _bytes(tmp_path).count(b"canary")

    with _kept_on(database, DAY, kept) as journal:
        journal.start()

    assert before > 1500
    assert _bytes(tmp_path).count(b"canary") == 0
    assert len(_rows(database)) == 1500
    database.close()


@pytest.mark.postgres
def test_postgresql_is_told_to_clean_the_tables_of_deleted_words(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))
    _fill(database, [40])

    with _kept_on(database, DAY) as journal:
        journal.start()

    _eventually(lambda: _vacuumed(database) >= {"turns", "decisions"})
    database.close()


def _vacuumed(database: Database) -> set[str]:
    with database.begin(reading=True) as connection:
        cleaned = "SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL"
        return set(connection.exec_driver_sql(cleaned).scalars())


def test_while_somebody_reads_old_words_it_is_said_once_that_they_may_be_on_the_disk_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.retention.MINUTE", 0.05)
    database = Database(database_url("", tmp_path))
    _fill(database, [40])
    reader = sqlite3.connect(tmp_path / "citewell.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM turns").fetchall()

    with _kept_on(database, DAY) as journal:
        journal.start()
        _eventually(lambda: caplog.messages)
        reader.close()
        _eventually(lambda: b"canary" not in _bytes(tmp_path))

    (line,) = caplog.messages
    assert line.startswith("Deleted words may still stand on the disk")
    database.close()


# When the database cannot be used


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.split(":")[0].split(".")[0] for line in caplog.messages]


FAILS_AND_RECOVERS = ["The journal cannot be written", "The journal is written again"]


def test_a_full_disk_stops_no_answer_and_once_there_is_room_all_is_written(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(database_url("", tmp_path))
    journal = Journal(database, kept="questions", days=30)
    turn_id = journal.record(answer, question="before", channel="widget")
    assert turn_id
    assert journal.vote(turn_id, helpful=True)

    with _no_file_larger_than(200_000):
        for _ in range(600):
            _at_once(lambda: journal.record(answer, question="canary " * 100, channel="widget"))
        with pytest.raises(Unavailable):
            journal.vote(turn_id, helpful=False)
        _at_once(lambda: journal.record(answer, question="canary", channel="widget"))
    _eventually(lambda: journal.vote(turn_id, helpful=False))
    journal.close()

    assert len(_rows(database)) == 602
    assert journal.lost == 0
    assert _lines(caplog) == FAILS_AND_RECOVERS
    assert "canary" not in caplog.text
    database.close()


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """For this process, as good as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_lock_that_somebody_holds_stops_no_answer(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(database_url("", tmp_path))
    journal = Journal(database, kept="counts", days=30)
    turn_id = journal.record(answer, question="my shoes", channel="widget")
    assert turn_id
    assert journal.vote(turn_id, helpful=True)
    other = sqlite3.connect(tmp_path / "citewell.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    _at_once(lambda: journal.record(answer, question="my shoes", channel="widget"))
    started = time.monotonic()
    with pytest.raises(Unavailable):
        journal.vote(turn_id, helpful=False)
    assert time.monotonic() - started < 1.5 * writer.PATIENCE_SECONDS  # who would wait for the lock, waits for ever
    with pytest.raises(Unavailable):  # nobody waits again for what is known to be away
        _at_once(lambda: journal.file("my shoes", kind="none", passage_id=None, rule=None))
    other.close()
    _eventually(lambda: journal.vote(turn_id, helpful=False))
    journal.close()

    assert len(_rows(database)) == 2
    assert _lines(caplog) == FAILS_AND_RECOVERS
    database.close()


def test_more_turns_than_may_wait_are_lost_and_counted(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0.5)
    database = Database(database_url("", tmp_path / "folder"))
    (tmp_path / "folder").write_text("no folder can be made here")
    journal = Journal(database, kept="counts", days=30)

    for _ in range(writer.WAITING + writer.TOGETHER + 50):
        _at_once(lambda: journal.record(answer, question="my shoes", channel="widget"))
    lost_before = journal.lost
    journal.close()
    _eventually(lambda: journal.lost > lost_before)

    assert 50 <= lost_before <= 50 + writer.TOGETHER
    assert journal.lost == writer.WAITING + writer.TOGETHER + 50
    journal.record(answer, question="after it is closed", channel="widget")
    assert journal.lost == writer.WAITING + writer.TOGETHER + 51
    with pytest.raises(Unavailable):
        journal.vote("0" * 32, helpful=True)


def test_what_cannot_be_written_does_not_stop_what_can(database: Database, answer: Answer) -> None:
    journal = Journal(database, kept="counts", days=30)
    journal._today = lambda: None  # type: ignore[assignment,return-value]
    broken = [journal.record(answer, question="", channel="widget") for _ in range(3)]
    journal._today = lambda: DAY

    good = [journal.record(answer, question="", channel="widget") for _ in range(3)]
    assert good[0]
    assert journal.vote(good[0], helpful=True)
    journal.close()

    assert {row["turn_id"] for row in _rows(database)} == set(good)
    assert all(broken)


@pytest.mark.postgres
def test_a_server_that_goes_and_comes_back_stops_no_answer(
    postgres: PostgreSQL, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))
    journal = Journal(database, kept="questions", days=30)
    turn_id = journal.record(answer, question="canary before", channel="widget")
    assert turn_id
    assert journal.vote(turn_id, helpful=True)

    postgres.stop()
    try:
        _at_once(lambda: journal.record(answer, question="canary meanwhile", channel="widget"))
        with pytest.raises(Unavailable):
            journal.vote(turn_id, helpful=False)
        _at_once(lambda: journal.record(answer, question="canary meanwhile", channel="widget"))
    finally:
        postgres.start()
    _eventually(lambda: journal.vote(turn_id, helpful=False))
    journal.close()

    assert len(_rows(database)) == 3
    assert journal.lost == 0
    assert _lines(caplog) == FAILS_AND_RECOVERS
    assert "canary" not in caplog.text
    assert PASSWORD not in caplog.text
    database.close()


def test_closing_takes_three_seconds_at_most_and_says_what_is_lost(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(database_url("", tmp_path))
    journal = Journal(database, kept="counts", days=30)
    journal.file("x", kind="none", passage_id=None, rule=None)
    other = sqlite3.connect(tmp_path / "citewell.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    journal.record(answer, question="my shoes", channel="widget")
    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        journal.close()

    assert time.monotonic() - started < 1.5 * writer.PATIENCE_SECONDS  # the lock is held for ever
    assert re.search(r"The end came before the journal was written. Turns lost: up to [12]\.", caplog.text)
    _eventually(lambda: journal.lost == 1)
    other.close()
    database.close()
