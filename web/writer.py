"""Writes to the database in a thread of its own, many things in one transaction, so that no answer waits for the disk.

Knows nothing of what is written: it is given functions of a connection.
"""

import contextlib
import logging
import os
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from web.unavailable import Unavailable

if TYPE_CHECKING:  # `_refusals` says why
    from sqlalchemy import Connection

    from web.database import Database

# Chosen, not measured.
WAITING = 1000  # may wait to be written; what comes then is lost
TOGETHER = 200  # are written in one transaction at most
GATHER_SECONDS = 0.1  # for others to come along, unless somebody waits; `web.journal` looks again after longer
PAUSE_SECONDS = 1.0  # before the next attempt, while the database cannot be used
PATIENCE_SECONDS = 3.0  # of one who waits for `Writer.commit`, and of `Writer.close`

_LOG = logging.getLogger(__name__)

Write = Callable[["Connection"], Any]


@dataclass(frozen=True, slots=True)
class _Later:
    """Something that nobody waits for; ``make`` is called once, in the writer's thread."""

    make: Callable[[], Write]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something taken out of the queue; somebody waits for the outcome, if there is one."""

    write: Write
    outcome: "Future[Any] | None" = None


class _State:
    """What belongs to one process: a child after a fork has its own."""

    def __init__(self) -> None:
        self.waiting: Queue[_Later | _Entry | None] = Queue(WAITING)
        self.unwritten: list[_Entry] = []
        self.closing = Event()
        self.awaited = Event()  # somebody waits for what is in the queue
        self.lock = Lock()
        self.thread: Thread | None = None
        self.failing = False
        self.lost = 0


class Writer:
    """One thread in each process, begun when it is needed. Its methods may be called from any thread."""

    def __init__(self, database: "Database", chore: Callable[[], float]) -> None:
        """``chore`` is called at first, after each write, and before as many seconds have passed as it returned."""
        self._database = database
        self._chore = chore
        self._state = _State()
        after_fork = weakref.WeakMethod(self._after_fork)
        os.register_at_fork(after_in_child=lambda: (call := after_fork()) and call())

    @property
    def lost(self) -> int:
        """How many of `later` could not be written since the process began."""
        return self._state.lost

    @property
    def failing(self) -> bool:
        """Whether the last attempt to write failed; it is tried again each second."""
        return self._state.failing

    def start(self) -> None:
        """Begin, unless it has begun or is closed."""
        state = self._state
        with state.lock:
            if state.closing.is_set() or (state.thread and state.thread.is_alive()):
                return
            state.thread = Thread(target=self._run, args=[state], name="citewell-writer", daemon=True)
            state.thread.start()

    def later(self, make: Callable[[], Write]) -> None:
        """Write what ``make`` returns when its turn comes. Never raises, never waits."""
        self.start()
        state = self._state
        with contextlib.suppress(Full):
            if not state.closing.is_set():
                state.waiting.put_nowait(_Later(make))
                return
        _lose(state, 1)

    def commit(self, write: Write) -> Any:
        """What ``write`` returns, once it is committed, behind all that came before; or raises `Unavailable`.

        While the database cannot be used, that is at once; else it waits three seconds at most.
        """
        self.start()
        state = self._state
        if state.failing or state.closing.is_set():
            message = "it could not be written"
            raise Unavailable(message)
        entry, outcome = _entry(write)
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            state.waiting.put(entry, timeout=PATIENCE_SECONDS)
            state.awaited.set()
            return outcome.result(max(0.0, deadline - time.monotonic()))
        except (Full, TookTooLong):
            outcome.cancel()
            message = "it was not written in time"
            raise Unavailable(message) from None

    def close(self) -> None:
        """Write what waits, for up to three seconds. What comes after that is lost; the log says what was left."""
        state = self._state
        with state.lock:
            state.closing.set()
            state.awaited.set()
            lost = state.lost
        with contextlib.suppress(Full):  # if it is full, nobody sleeps
            state.waiting.put_nowait(None)
        if state.thread:
            state.thread.join(PATIENCE_SECONDS)
            left = _left(state) if state.thread.is_alive() else state.lost - lost
            if left:
                _LOG.warning("The end came before the journal was written. Turns lost: up to %d.", left)

    def _after_fork(self) -> None:
        """The parent writes what waits there."""
        self._state = _State()

    def _run(self, state: _State) -> None:
        """Until it is closed: attempt, pause after a failure, take what waits."""
        sleep = 0.0
        while True:
            try:
                self._write(state, state.unwritten)
                sleep = self._chore()  # after what was written, which may give it something to do
                _recover(state)
            except Unavailable as reason:
                _fail(state, reason)
                if state.closing.wait(PAUSE_SECONDS):
                    break
            if state.closing.is_set() and state.waiting.empty() and not state.unwritten:
                break
            is_awake = state.failing or state.unwritten or state.closing.is_set()
            state.unwritten += _taken(state, TOGETHER - len(state.unwritten), 0.0 if is_awake else sleep)
        _give_up(state)

    def _write(self, state: _State, entries: list[_Entry]) -> None:
        """Write all in one transaction, tell those who wait, and empty the list; or raise `Unavailable`."""
        if not entries and not state.failing:
            return
        try:
            with self._database.begin() as connection:
                outcomes = [entry.write(connection) for entry in entries]
        except _refusals() as error:  # one of them cannot be written, so each for itself
            self._write_singly(state, entries, error)
            return
        for entry, outcome in zip(entries, outcomes, strict=True):
            if entry.outcome:
                entry.outcome.set_result(outcome)
        entries.clear()

    def _write_singly(self, state: _State, entries: list[_Entry], error: Exception) -> None:
        if len(entries) == 1:
            _drop(state, entries.pop(), error)
        while entries:
            self._write(state, entries[:1])
            del entries[0]


def _refusals() -> tuple[type[Exception], ...]:
    """What is raised for something that cannot be written as it is."""
    # Late: by then the database has loaded SQLAlchemy; before, nobody needs it.
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - see above

    return SQLAlchemyError, ValueError


def _exists_already(error: Exception) -> bool:
    from sqlalchemy.exc import IntegrityError  # noqa: PLC0415 - as above

    return isinstance(error, IntegrityError)


def _entry(write: Write) -> "tuple[_Entry, Future[Any]]":
    outcome: Future[Any] = Future()
    return _Entry(write, outcome), outcome


def _taken(state: _State, most: int, patience: float) -> list[_Entry]:
    """What waits, but for what nobody waits for any more; nothing if after ``patience`` seconds there is nothing.

    What comes alone, and nobody waits for, is joined by what comes soon: a transaction takes as long as eight entries.
    """
    entries: list[_Entry] = []
    with contextlib.suppress(Empty):
        while len(entries) < most:
            waiting = state.waiting.get(timeout=0.0 if entries else patience)
            if waiting is None:
                break
            if isinstance(waiting, _Later):
                entries.append(_Entry(waiting.make()))
                if len(entries) == 1 and patience and state.waiting.empty():
                    state.awaited.wait(GATHER_SECONDS)
                    state.awaited.clear()
            elif waiting.outcome is None or waiting.outcome.set_running_or_notify_cancel():
                entries.append(waiting)
    return entries


def _fail(state: _State, reason: Unavailable) -> None:
    """Nobody is let wait for a database that is away; the rest is kept for the next attempt."""
    if not state.failing:
        _LOG.warning("The journal cannot be written: %s. Answers go on, and it is tried again.", reason)
    state.failing = True
    _refuse(state.unwritten, reason)
    state.unwritten[:] = [entry for entry in state.unwritten if not entry.outcome]


def _recover(state: _State) -> None:
    if state.failing:
        state.failing = False
        _LOG.warning("The journal is written again. Turns lost since the start: %d.", state.lost)


def _refuse(entries: list[_Entry], reason: Unavailable) -> None:
    for entry in entries:
        if entry.outcome:
            entry.outcome.set_exception(reason)


def _drop(state: _State, entry: _Entry, error: Exception) -> None:
    """Leave out what cannot be written. Where its key exists, it was committed before the connection broke."""
    if entry.outcome:
        entry.outcome.set_exception(Unavailable(type(error).__name__))
    elif not _exists_already(error):
        _lose(state, 1)


def _give_up(state: _State) -> None:
    """Count what is left behind at the end, and tell those who wait."""
    closed = Unavailable("the journal is closed")
    turns = sum(not entry.outcome for entry in state.unwritten)
    _refuse(state.unwritten, closed)
    with contextlib.suppress(Empty):
        while True:
            waiting = state.waiting.get_nowait()
            if isinstance(waiting, _Later):
                turns += 1
            elif waiting and waiting.outcome and waiting.outcome.set_running_or_notify_cancel():
                _refuse([waiting], closed)
    _lose(state, turns)


def _left(state: _State) -> int:
    """How many turns are not written, at most: of what waits, not all need be one."""
    return len(state.unwritten) + state.waiting.qsize()


def _lose(state: _State, turns: int) -> None:
    with state.lock:
        state.lost += turns
