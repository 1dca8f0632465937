"""The journal's rows: how turns, votes and filings stand in the database.

Imported when there is something to write: SQLAlchemy takes as long to load as Flask. What is kept at all is decided in
`web.journal`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, delete, insert, select, update

from web.database import Database
from web.retention import Retention
from web.tables import TURNS

_INSERT = insert(TURNS)


class Turns:
    """Writes rows, each method in the transaction of its connection. For one thread."""

    def __init__(self, database: Database, *, days: int | None, today: Callable[[], date]) -> None:
        """``days`` as in `web.retention`."""
        self.retention = Retention(database, days=days, today=today)

    def add(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """A turn or filing."""
        connection.execute(_INSERT, row)

    def vote(self, connection: Connection, turn_id: str, *, helpful: bool, words: str | None) -> int:
        """How many rows have this vote and comment now: one or none. Beside a safety message a comment is left out."""
        kept_words = None if words is None else case((TURNS.c.rule.is_(None), words), else_=None)
        if connection.scalar(select(TURNS.c.comment).where(TURNS.c.turn_id == turn_id)) is not None:
            self.retention.soon()
        change = update(TURNS).where(TURNS.c.turn_id == turn_id).values(helpful=helpful, comment=kept_words)
        return connection.execute(change).rowcount

    def is_beside_message(self, connection: Connection, turn_id: str) -> bool:
        """Whether there is such a turn, with a safety message."""
        beside_message = select(TURNS.c.turn_id).where(TURNS.c.turn_id == turn_id, TURNS.c.rule.is_not(None))
        return connection.execute(beside_message).first() is not None

    def remove_filing(self, connection: Connection, turn_id: str) -> int:
        """How many rows are deleted: one or none."""
        self.retention.soon()
        return connection.execute(delete(TURNS).where(TURNS.c.turn_id == turn_id, TURNS.c.filed)).rowcount
