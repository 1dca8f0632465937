"""What is written together: turns that nobody waits for gather, and whoever waits makes them hurry."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, RootTransaction

from web import journal, writer
from web.database import Database, database_url
from web.writer import Write, Writer

LONG = 60.0


class _Turns:
    """Things to write; remembers in which transactions they were."""

    def __init__(self) -> None:
        self.taken = Event()
        self.transactions: list[RootTransaction | None] = []

    def turn(self) -> Write:
        self.taken.set()
        return self.write

    def write(self, connection: Connection) -> None:
        self.transactions.append(connection.get_transaction())


@pytest.fixture
def turns() -> _Turns:
    return _Turns()


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    """A writer that would wait for more turns than come."""
    monkeypatch.setattr(writer, "GATHER_SECONDS", LONG)
    database = Database(database_url("", tmp_path))
    made = Writer(database, lambda: LONG)
    yield made
    made.close()
    database.close()


def test_turns_that_come_soon_after_each_other_are_written_in_one_transaction(patient: Writer, turns: _Turns) -> None:
    patient.later(turns.turn)
    taken = turns.taken.wait(LONG)

    patient.later(turns.turn)
    patient.commit(turns.write)

    assert taken
    assert len(turns.transactions) == 3
    assert len({*turns.transactions}) == 1


def test_who_waits_for_the_database_does_not_wait_for_more_turns(patient: Writer, turns: _Turns) -> None:
    patient.later(turns.turn)
    turns.taken.wait(LONG)

    patient.commit(turns.write)  # raises `Unavailable` after a few seconds

    assert len(turns.transactions) == 2


def test_a_turn_that_gathers_is_written_at_the_end(patient: Writer, turns: _Turns) -> None:
    patient.later(turns.turn)
    turns.taken.wait(LONG)

    patient.close()

    assert patient.lost == 0
    assert len(turns.transactions) == 1


def test_another_process_looks_for_a_turn_again_after_it_was_written() -> None:
    assert writer.GATHER_SECONDS < journal.ANOTHER_PROCESS_SECONDS / 2
