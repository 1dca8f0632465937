"""What was asked, in numbers: each day, by channel, by passage. Reads the table of turns, and no words in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal_column, select

from web.tables import TURNS

PERIODS = (7, 30, 90)
"""Days that a manager can choose, beside all there are."""

TOP_PASSAGES = 10
"""As many as still are an overview; chosen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What visitors' questions of some time got; each question counts once.

    Where a safety message was shown, it counts as ``alerts``, whatever stood beside it.
    """

    answered: int = 0
    suggested: int = 0
    none: int = 0
    alerts: int = 0

    @property
    def total(self) -> int:
        """All questions."""
        return self.answered + self.suggested + self.none + self.alerts

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.answered + other.answered,
            self.suggested + other.suggested,
            self.none + other.none,
            self.alerts + other.alerts,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The counts from the day ``first`` to the day ``last``, both included."""

    first: date
    last: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people said that an answer helped, and how many that it did not."""

    helpful: int = 0
    unhelpful: int = 0

    @property
    def total(self) -> int:
        """All votes."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> float | None:
        """The share that was helped; ``None`` without votes."""
        return self.helpful / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class PassageUse:
    """How often a passage was the answer, and what people said of it."""

    passage_id: str
    shown: int
    votes: Votes


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a period.

    ``days`` has each day, also those without any question; ``filed`` counts what staff filed at the desk, which are no
    visitors' questions and are counted nowhere else. ``passages`` are the most shown, most often first; ``channels``
    the most used first.
    """

    days: tuple[Span, ...]
    channels: tuple[tuple[str, int], ...]
    passages: tuple[PassageUse, ...]
    votes: Votes
    filed: int

    @property
    def all(self) -> Span:
        """The whole period."""
        return Span(self.days[0].first, self.days[-1].last, sum((day.counts for day in self.days), Counts()))


def statistics(connection: Connection, *, today: date, days: int | None) -> Statistics:
    """The numbers of the last ``days`` days, of which ``today`` is one; of all there are without ``days``."""
    first = _first(connection, today) if days is None else today - timedelta(days=days - 1)
    inside = TURNS.c.day.between(first, today)
    visitors = and_(inside, TURNS.c.filed.is_(False))
    return Statistics(
        days=tuple(_days(connection, visitors, first, today)),
        channels=_channels(connection, visitors),
        passages=_passages(connection, visitors),
        votes=_votes(connection, visitors),
        filed=connection.scalar(select(func.count()).where(inside, TURNS.c.filed)) or 0,
    )


def joined(days: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    """``days`` in stretches of ``length`` days that end with the last one; the first may be shorter."""
    start = len(days) % length
    edges = [*([0] if start else []), *range(start, len(days), length), len(days)]
    return tuple(
        Span(part[0].first, part[-1].last, sum((day.counts for day in part), Counts()))
        for part in (days[low:high] for low, high in pairwise(edges))
    )


def _first(connection: Connection, today: date) -> date:
    """The first day with a question; today where there is none."""
    return min(connection.scalar(select(func.min(TURNS.c.day))) or today, today)


def _days(connection: Connection, visitors: ColumnElement[bool], first: date, today: date) -> Iterator[Span]:
    day = first
    counted = _counted(connection, visitors)
    while day <= today:
        yield Span(day, day, counted.get(day, Counts()))
        day += timedelta(days=1)


def _counted(connection: Connection, visitors: ColumnElement[bool]) -> dict[date, Counts]:
    # Written out, because PostgreSQL does not see that two parameters of one value are one expression to group by.
    sort = case((TURNS.c.rule.is_not(None), literal_column("'alerts'")), else_=TURNS.c.kind).label("sort")
    names = {"answer": "answered", "suggestions": "suggested", "none": "none", "alerts": "alerts"}
    days: dict[date, Counts] = {}
    rows = connection.execute(select(TURNS.c.day, sort, func.count()).where(visitors).group_by(TURNS.c.day, sort))
    for day, found, count in rows:
        days[day] = replace(days.get(day, Counts()), **{names[found]: count})
    return days


def _channels(connection: Connection, visitors: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    count = func.count()
    rows = connection.execute(
        select(TURNS.c.channel, count).where(visitors).group_by(TURNS.c.channel).order_by(count.desc(), TURNS.c.channel)
    )
    return tuple((channel, number) for channel, number in rows)


def _passages(connection: Connection, visitors: ColumnElement[bool]) -> tuple[PassageUse, ...]:
    count = func.count()
    rows = connection.execute(
        select(TURNS.c.passage_id, count, *_voted())
        .where(visitors, TURNS.c.passage_id.is_not(None))
        .group_by(TURNS.c.passage_id)
        .order_by(count.desc(), TURNS.c.passage_id)
        .limit(TOP_PASSAGES)
    )
    return tuple(PassageUse(passage, shown, Votes(yes, no)) for passage, shown, yes, no in rows)


def _votes(connection: Connection, visitors: ColumnElement[bool]) -> Votes:
    return Votes(*connection.execute(select(*_voted()).where(visitors)).one())


def _voted() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """How many of a group were helped, and how many were not."""
    return tuple(  # type: ignore[return-value] # two of them
        func.count(case((TURNS.c.helpful.is_(answer), 1))) for answer in (True, False)
    )
