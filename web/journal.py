"""The journal: what was asked and what came of it, as far as the clinic has chosen to keep it.

What is kept, in each mode, is said to visitors by `web.privacy`; a test holds the two together. No time of day, no
address and no name of who asked is kept in any mode, and beside a safety message no words.
"""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, delete, insert, select, update

from bot.model import AnswerKind
from bot.reply import Answer
from web.clock import today as today_here
from web.database import Database
from web.privacy import Kept
from web.redaction import redact
from web.retention import Retention
from web.tables import TURNS
from web.writer import Write, Writer

ANOTHER_PROCESS_SECONDS = 0.3
"""In which another process will have written the turn that it has answered. Chosen, not measured."""

_INSERT = insert(TURNS)
_TURN_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row to be; its words still as they were typed, if they are kept at all."""

    turn_id: str
    values: dict[str, Any]
    question: str | None

    def insertion(self) -> Write:
        """What writes the row, its words redacted."""
        words = {} if self.question is None else {"question": _storable(self.question)}
        row = {"turn_id": self.turn_id, **self.values, **words}
        return lambda connection: connection.execute(_INSERT, row)


class Journal:
    """Keeps turns, votes and filings. Its methods may be called from any thread, and in a child process, too."""

    def __init__(self, database: Database, *, kept: Kept, days: int, today: Callable[[], date] = today_here) -> None:
        """``kept`` is what is kept of questions; of their words, up to ``days`` days. Nothing begins yet."""
        self.kept = kept
        self.days = days
        self._today = today
        self._retention = Retention(database, days=days if kept == "questions" else None, today=today)
        self._writer = Writer(database, self._retention)

    @property
    def lost(self) -> int:
        """Turns that could not be written since the process began."""
        return self._writer.lost

    @property
    def failing(self) -> bool:
        """Whether the database cannot be used now."""
        return self._writer.failing

    def start(self) -> None:
        """Delete words that are too old, now and again each day. Otherwise, this begins with the first turn.

        For each process of a web server that has several.
        """
        self._writer.start()

    def record(self, answer: Answer, *, question: str, channel: str) -> str | None:
        """Keep this turn; its id, or ``None`` if nothing is kept. Never raises, never waits for the database."""
        if self.kept == "off":
            self.start()
            return None
        passage_id = answer.passage.id if answer.passage else None
        turn = self._turn(question, channel=channel, kind=answer.kind, passage_id=passage_id, rule=answer.raised)
        if turn.question is not None:
            turn.values["shown"] = " ".join(alternative.id for alternative in answer.alternatives)
        self._writer.later(turn.insertion)
        return turn.turn_id

    def vote(self, turn_id: str, *, helpful: bool, comment: str | None = None) -> bool:
        """Whether the turn is there; if so, this is its vote and comment now, in place of earlier ones.

        A comment is kept where questions are, redacted, and never beside a safety message. Committed when it returns;
        raises `Unavailable` where it could not be written.
        """
        words = _storable(comment) if comment and self.kept == "questions" else None
        kept_words = None if words is None else case((TURNS.c.rule.is_(None), words), else_=None)
        change = update(TURNS).where(TURNS.c.turn_id == turn_id).values(helpful=helpful, comment=kept_words)
        earlier = select(TURNS.c.comment).where(TURNS.c.turn_id == turn_id)

        def write(connection: Connection) -> int:
            if connection.scalar(earlier) is not None:
                self._retention.soon()
            return connection.execute(change).rowcount

        return self._changed(turn_id, write)

    def takes_comment(self, turn_id: str) -> bool:
        """Whether a comment on this turn would be kept, if there is such a turn. Raises `Unavailable`."""
        if self.kept != "questions":
            return False
        beside_message = select(TURNS.c.turn_id).where(TURNS.c.turn_id == turn_id, TURNS.c.rule.is_not(None))
        return self._writer.commit(lambda connection: connection.execute(beside_message).first()) is None

    def file(self, question: str, *, kind: AnswerKind, passage_id: str | None, rule: str | None) -> str | None:
        """Keep what was looked up at the desk for an editor to see; the filing's id, ``None`` if nothing is kept.

        ``rule`` is that of the first safety message, if there was one. Committed when it returns; raises `Unavailable`
        where it could not be written.
        """
        if self.kept == "off":
            return None
        turn = self._turn(question, channel="desk", kind=kind, passage_id=passage_id, rule=rule)
        turn.values["filed"] = True
        self._writer.commit(turn.insertion())
        return turn.turn_id

    def unfile(self, turn_id: str) -> bool:
        """Whether there was such a filing; if so, it is deleted. Raises `Unavailable` where it could not be."""
        change = delete(TURNS).where(TURNS.c.turn_id == turn_id, TURNS.c.filed)

        def write(connection: Connection) -> int:
            self._retention.soon()
            return connection.execute(change).rowcount

        return self._changed(turn_id, write)

    def close(self) -> None:
        """Write what waits, for up to three seconds. What is recorded after that is lost."""
        self._writer.close()

    def _turn(self, question: str, *, channel: str, kind: str, passage_id: str | None, rule: str | None) -> _Turn:
        values = {
            "day": self._today(),
            "channel": channel,
            "kind": kind,
            "passage_id": passage_id,
            "rule": rule,
            "filed": False,
        }
        has_words = self.kept == "questions" and rule is None
        return _Turn(secrets.token_hex(16), values, question if has_words else None)

    def _changed(self, turn_id: str, change: Callable[[Connection], int]) -> bool:
        """Whether ``change`` found its turn; another process may be about to write it, so it is looked for again."""
        if self.kept == "off" or not _TURN_ID.fullmatch(turn_id):
            return False
        if self._writer.commit(change):
            return True
        time.sleep(ANOTHER_PROCESS_SECONDS)
        return bool(self._writer.commit(change))


def no_journal() -> Journal:
    """One that keeps nothing, where nothing was ever kept: its file can never be."""
    return Journal(Database("sqlite:////dev/null/none"), kept="off", days=0)


def _storable(words: str) -> str:
    """``words`` redacted, without what no database keeps: halves of characters, and the character 0."""
    return redact(words.encode("utf-8", "replace").decode("utf-8").replace("\0", ""))
