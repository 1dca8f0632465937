"""Open questions, and what editors decided about them: rows in, rows out. Knows nothing of the content."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from web.tables import DECISIONS, TURNS

Mark = Literal["new_content", "out_of_scope"]
Action = Literal["phrasing"] | Mark
Table = Literal["counts", "questions"]
MARKS: tuple[Mark, ...] = get_args(Mark)
"""Decisions that change nothing in the content."""

MAX_OPEN = 5000
"""As many of the newest open questions as are looked at together; chosen, so that a page comes in time."""

_OPEN = and_(
    TURNS.c.question.is_not(None),
    TURNS.c.decision_id.is_(None),
    or_(TURNS.c.kind != "answer", TURNS.c.helpful.is_(False), TURNS.c.filed),
)


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A question that was not answered, did not help or was filed at the desk, and what was shown.

    ``offered`` are ids of passages beside the answer, or instead of one.
    """

    turn_id: str
    day: date
    kind: str
    passage_id: str | None
    helpful: bool | None
    filed: bool
    question: str
    comment: str | None
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What ``by`` decided about the questions of a group.

    For a new way to ask, where it was added and its words, which are deleted after their time.
    """

    day: date
    action: Action
    by: str
    passage_id: str | None = None
    file: str | None = None
    phrasing: str | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its number, how many questions it was about, and one of them while it is kept."""

    decision_id: int
    decision: Decision
    questions: int
    example: str | None

    def without_words(self) -> "Decided":
        """The same for a clinic that does not want questions to be read any more."""
        return replace(self, example=None)


def open_turns(connection: Connection) -> tuple[OpenTurn, ...]:
    """The newest `MAX_OPEN` questions that nobody has decided about, newest first."""
    rows = connection.execute(select(TURNS).where(_OPEN).order_by(TURNS.c.day.desc(), TURNS.c.turn_id).limit(MAX_OPEN))
    return tuple(
        OpenTurn(
            turn_id=row.turn_id,
            day=row.day,
            kind=row.kind,
            passage_id=row.passage_id,
            helpful=row.helpful,
            filed=row.filed,
            question=row.question,
            comment=row.comment,
            offered=tuple((row.shown or "").split()),
        )
        for row in rows
    )


def kept_questions(connection: Connection, limit: int) -> tuple[str, ...]:
    """Up to ``limit`` different questions that the journal still has, the newest first."""
    newest = func.max(TURNS.c.day)
    rows = connection.execute(
        select(TURNS.c.question)
        .where(TURNS.c.question.is_not(None))
        .group_by(TURNS.c.question)
        .order_by(newest.desc(), TURNS.c.question)
        .limit(limit)
    )
    return tuple(rows.scalars())


def exported(connection: Connection, table: Table) -> tuple[tuple[str, ...], Iterator[Sequence[Any]]]:
    """Names of columns, and rows by day: numbers of each day, or the turns whose question is kept.

    Within a day the questions stand by their random ids, so that the order of asking is not told.
    """
    if table == "counts":
        told = (*(TURNS.c[name] for name in ("day", "channel", "kind", "passage_id", "rule", "helpful", "filed")),)
        counted = select(*told, func.count().label("turns")).group_by(*told).order_by(*told)
        return _rows(connection, counted)
    kept = select(TURNS).where(TURNS.c.question.is_not(None)).order_by(TURNS.c.day, TURNS.c.turn_id)
    return _rows(connection, kept)


def _rows(connection: Connection, wanted: Select[Any]) -> tuple[tuple[str, ...], Iterator[Sequence[Any]]]:
    return tuple(wanted.selected_columns.keys()), iter(connection.execute(wanted))


def keep(connection: Connection, decision: Decision, turn_ids: Sequence[str]) -> int:
    """Write ``decision`` down and mark these turns with it, those left out that another decision has; its number."""
    (decision_id,) = connection.execute(insert(DECISIONS).values(asdict(decision))).inserted_primary_key or (0,)
    turns = and_(TURNS.c.turn_id.in_(turn_ids), TURNS.c.decision_id.is_(None))
    connection.execute(update(TURNS).where(turns).values(decision_id=decision_id))
    return int(decision_id)


def take_back(connection: Connection, decision_id: int) -> None:
    """Mark the decision as undone; its turns are open again."""
    connection.execute(update(DECISIONS).where(DECISIONS.c.decision_id == decision_id).values(undone=True))
    connection.execute(update(TURNS).where(TURNS.c.decision_id == decision_id).values(decision_id=None))


def decision(connection: Connection, decision_id: int) -> Decision | None:
    """The decision of this number."""
    row = connection.execute(select(DECISIONS).where(DECISIONS.c.decision_id == decision_id)).one_or_none()
    return None if row is None else _decision(row)


def decided(connection: Connection) -> Iterator[Decided]:
    """All decisions that hold, the newest first."""
    count, example = func.count(TURNS.c.turn_id).label("questions"), func.min(TURNS.c.question).label("example")
    rows = connection.execute(
        select(DECISIONS, count, example)
        .outerjoin(TURNS, TURNS.c.decision_id == DECISIONS.c.decision_id)
        .where(DECISIONS.c.undone.is_(False))
        .group_by(DECISIONS.c.decision_id)
        .order_by(DECISIONS.c.decision_id.desc())
    )
    for row in rows:
        yield Decided(row.decision_id, _decision(row), row.questions, row.example)


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(
        day=row.day,
        action=row.action,
        by=row.by,
        passage_id=row.passage_id,
        file=row.file,
        phrasing=row.phrasing,
        undone=row.undone,
    )
