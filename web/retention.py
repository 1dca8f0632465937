"""How what was kept is deleted: words when their days are over, whole turns when somebody asks for it."""

import logging
import os
import time
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, delete, or_, true, update

from web.database import Database
from web.tables import DECISIONS, TURNS
from web.unavailable import Unavailable

HOUR = 3600.0
MINUTE = 60.0

TOLD_AT = 2
"""The attempt whose failure is told; chosen."""

_LOG = logging.getLogger(__name__)
_WORDS = (TURNS.c.question, TURNS.c.comment, TURNS.c.shown)


class Retention:
    """Deletes words each day, also where nobody asks anything. For one thread."""

    def __init__(self, database: Database, *, days: int | None, today: Callable[[], date]) -> None:
        """Words are kept for up to ``days`` days; ``None`` for no words at all."""
        self._database = database
        self._days = days
        self._today = today
        self._done: date | None = None
        self._believed: date | None = None
        """The last day on which something was deleted, or could have been."""
        self._doubted: tuple[date, float] | None = None
        """A day that came too soon, and from when on it is believed."""
        self._again = 0.0
        self._failures = 0

    def __call__(self) -> float:
        """Do what is due; in how many seconds it wants to be called again. Raises `Unavailable`."""
        today = self._today()
        if self._done == today:
            return HOUR
        if not self._is_believed(today):
            return MINUTE
        if time.monotonic() >= self._again and self._deleted(today):
            self._done = today
            return HOUR
        return MINUTE

    def soon(self) -> None:
        """Something was deleted just now: with the next call, let it be gone from the disk."""
        self._done = None

    def _is_believed(self, today: date) -> bool:
        """Not at once where the clock went on by more than a day: it may be put right, and what is deleted is gone."""
        if self._believed and today - self._believed > timedelta(days=1):
            if self._doubted is None or self._doubted[0] != today:
                self._doubted = (today, time.monotonic() + HOUR)
            if time.monotonic() < self._doubted[1]:
                return False
        self._believed, self._doubted = today, None
        return True

    def _deleted(self, today: date) -> bool:
        file = self._database.file
        if self._days is None and file and not os.access(file, os.F_OK):
            return True  # no file is made only to delete from it
        delete_words(self._database, today=today, days=self._days)
        return self._is_clean()

    def _is_clean(self) -> bool:
        """Whether what is deleted is gone from the disk, too. If not, it is tried again in a minute, then said once.

        Not at the first time: processes that start together hinder each other for a moment.
        """
        try:
            self._database.clean()
        except Unavailable as reason:
            self._failures += 1
            if self._failures == TOLD_AT:
                _LOG.warning("Deleted words may still stand on the disk: %s. It is tried again.", reason)
            self._again = time.monotonic() + MINUTE
            return False
        self._failures = 0
        return True


def delete_words(database: Database, *, today: date, days: int | None) -> int:
    """How many turns lost their words: those of ``days`` days ago and older, so that none is kept longer; or all.

    What was counted stays. Deleted words may stand on the disk until `Database.clean`. Raises `Unavailable`.
    """
    with database.begin() as connection:
        turns = connection.execute(
            update(TURNS)
            .where(or_(*(column.is_not(None) for column in _WORDS)), _is_old(TURNS.c.day, today, days))
            .values(dict.fromkeys(_WORDS))
        )
        connection.execute(
            update(DECISIONS)
            .where(DECISIONS.c.phrasing.is_not(None), _is_old(DECISIONS.c.day, today, days))
            .values(phrasing=None)
        )
        return turns.rowcount


def erase(connection: Connection, *, turn_id: str | None = None, before: date | None = None) -> int:
    """How many turns were deleted, with all that was counted: this one, those of days before ``before``, or all.

    Unless it is about one turn, editors' decisions of these days lose the words that they took from questions.
    """
    if turn_id is not None:
        return connection.execute(delete(TURNS).where(TURNS.c.turn_id == turn_id)).rowcount
    last = before or date.max
    connection.execute(update(DECISIONS).where(DECISIONS.c.day < last).values(phrasing=None))
    return connection.execute(delete(TURNS).where(TURNS.c.day < last)).rowcount


def _is_old(day: ColumnElement[date], today: date, days: int | None) -> ColumnElement[bool]:
    return true() if days is None else day <= today - timedelta(days=days)
