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
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.model import AnswerKind
from bot.reply import Answer
from web.clock import today as today_here
from web.late import late
from web.privacy import Kept
from web.writer import Writer

if TYPE_CHECKING:  # `_rows` says why
    from sqlalchemy import Connection

    from web.database import Database
    from web.turns import Turns

ANOTHER_PROCESS_SECONDS = 0.3
"""In which another process will have written the turn that it has answered. Chosen, not measured."""

_TURN_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row to be; its words still as they were typed, if they are kept at all."""

    turn_id: str
    values: dict[str, Any]
    question: str | None

    def row(self) -> dict[str, Any]:
        """As it is written, its words redacted."""
        words = {} if self.question is None else {"question": _storable(self.question)}
        return {"turn_id": self.turn_id, **self.values, **words}


class Journal:
    """Keeps turns, votes and filings. Its methods may be called from any thread, and in a child process, too."""

    def __init__(self, database: "Database", *, kept: Kept, days: int, today: Callable[[], date] = today_here) -> None:
        """``kept`` is what is kept of questions; of their words, up to ``days`` days. Nothing begins yet."""
        self.kept = kept
        self.days = days
        self._today = today
        self._database = database
        self._writer = Writer(database, self._kept_in_time)

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
        self._writer.later(lambda: self._insertion(turn))
        return turn.turn_id

    def vote(self, turn_id: str, *, helpful: bool, comment: str | None = None) -> bool:
        """Whether the turn is there; if so, this is its vote and comment now, in place of earlier ones.

        A comment is kept where questions are, redacted, and never beside a safety message. Committed when it returns;
        raises `Unavailable` where it could not be written.
        """
        words = _storable(comment) if comment and self.kept == "questions" else None
        return self._changed(
            turn_id, lambda connection: self._rows.vote(connection, turn_id, helpful=helpful, words=words)
        )

    def takes_comment(self, turn_id: str) -> bool:
        """Whether a comment on this turn would be kept, if there is such a turn. Raises `Unavailable`."""
        if self.kept != "questions":
            return False
        return not self._writer.commit(lambda connection: self._rows.is_beside_message(connection, turn_id))

    def file(self, question: str, *, kind: AnswerKind, passage_id: str | None, rule: str | None) -> str | None:
        """Keep what was looked up at the desk for an editor to see; the filing's id, ``None`` if nothing is kept.

        ``rule`` is that of the first safety message, if there was one. Committed when it returns; raises `Unavailable`
        where it could not be written.
        """
        if self.kept == "off":
            return None
        turn = self._turn(question, channel="desk", kind=kind, passage_id=passage_id, rule=rule)
        turn.values["filed"] = True
        self._writer.commit(self._insertion(turn))
        return turn.turn_id

    def unfile(self, turn_id: str) -> bool:
        """Whether there was such a filing; if so, it is deleted. Raises `Unavailable` where it could not be."""
        return self._changed(turn_id, lambda connection: self._rows.remove_filing(connection, turn_id))

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

    def _kept_in_time(self) -> float:
        """Delete what is too old; in how many seconds to look again."""
        return self._rows.retention()

    @cached_property
    def _rows(self) -> "Turns":
        """What writes rows; asked for in the writer's thread alone."""
        # Late: SQLAlchemy takes as long to load as Flask, and until there is something to write, nobody needs it.
        from web.turns import Turns  # noqa: PLC0415 - see above

        return Turns(self._database, days=self.days if self.kept == "questions" else None, today=self._today)

    def _insertion(self, turn: _Turn) -> "Callable[[Connection], None]":
        row = turn.row()
        return lambda connection: self._rows.add(connection, row)

    def _changed(self, turn_id: str, change: "Callable[[Connection], int]") -> bool:
        """Whether ``change`` found its turn; another process may be about to write it, so it is looked for again."""
        if self.kept == "off" or not _TURN_ID.fullmatch(turn_id):
            return False
        if self._writer.commit(change):
            return True
        time.sleep(ANOTHER_PROCESS_SECONDS)
        return bool(self._writer.commit(change))


def no_journal() -> Journal:
    """One that keeps nothing, where nothing was ever kept: its file can never be."""
    return Journal(late(_nowhere), kept="off", days=0)


def _nowhere() -> "Database":
    from web.database import Database  # noqa: PLC0415 - as above

    return Database("sqlite:////dev/null/none")


def _storable(words: str) -> str:
    """``words`` redacted, without what no database keeps: halves of characters, and the character 0."""
    # Late: it knows the telephone numbers of the world, and unless words are kept, nobody needs it.
    from web.redaction import redact  # noqa: PLC0415 - see above

    return redact(words.encode("utf-8", "replace").decode("utf-8").replace("\0", ""))
