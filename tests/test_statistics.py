"""What was asked, in numbers, over a real database."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from web.database import Database
from web.statistics import Counts, PassageUse, Span, Statistics, Votes, joined, statistics
from web.tables import TURNS

TODAY = date(2026, 11, 30)

Ask = Callable[..., None]


@pytest.fixture
def ask(database: Database) -> Ask:
    """Puts a turn into the table: ``ask(days_ago=3, kind="none")``."""
    numbers = iter(range(10_000))

    def put(days_ago: int = 0, times: int = 1, **values: Any) -> None:
        plain = {"channel": "widget", "kind": "answer", "filed": False, "passage_id": None, "helpful": None}
        with database.begin() as connection:
            for _ in range(times):
                row = {**plain, "rule": None, "turn_id": f"{next(numbers):032x}", **values}
                connection.execute(insert(TURNS).values(day=TODAY - timedelta(days=days_ago), **row))

    return put


def numbers(database: Database, days: int | None) -> Statistics:
    """The statistics of that many days."""
    with database.begin(reading=True) as connection:
        return statistics(connection, today=TODAY, days=days)


def test_each_day_of_the_period_is_there_and_those_without_a_question_with_0(database: Database, ask: Ask) -> None:
    ask(days_ago=6, times=2)
    ask(days_ago=7)

    days = numbers(database, 7).days

    assert [day.first for day in days] == [date(2026, 11, 24 + number) for number in range(7)]
    assert [day.counts.total for day in days] == [2, 0, 0, 0, 0, 0, 0]


def test_a_question_counts_once_and_with_a_safety_message_as_that(database: Database, ask: Ask) -> None:
    ask(times=4)
    ask(times=3, kind="suggestions")
    ask(times=2, kind="none")
    ask(kind="none", rule="cauda_equina")
    ask(kind="answer", rule="long_lasting")

    assert numbers(database, 7).all == Span(date(2026, 11, 24), TODAY, Counts(4, 3, 2, 2))


def test_what_staff_file_is_no_question_of_a_visitor_and_shown_apart(database: Database, ask: Ask) -> None:
    ask()
    ask(times=2, channel="desk", filed=True, kind="none", helpful=False, passage_id="faq#prevent")

    found = numbers(database, 30)

    assert (found.all.counts.total, found.filed) == (1, 2)
    assert found.channels == (("widget", 1),)
    assert found.passages == ()
    assert found.votes == Votes(0, 0)


def test_all_begins_with_the_first_question_and_with_today_where_there_is_none(database: Database, ask: Ask) -> None:
    assert len(numbers(database, None).days) == 1

    ask(days_ago=400)

    assert len(numbers(database, None).days) == 401


def test_channels_and_passages_come_most_used_first(database: Database, ask: Ask) -> None:
    ask(times=2, channel="page", passage_id="faq#prevent")
    ask(times=3, channel="desk", passage_id="faq#consult", helpful=True)
    ask(channel="desk", passage_id="faq#consult", helpful=False)

    found = numbers(database, 7)

    assert found.channels == (("desk", 4), ("page", 2))
    assert found.passages == (
        PassageUse("faq#consult", 4, Votes(3, 1)),
        PassageUse("faq#prevent", 2, Votes(0, 0)),
    )
    assert found.votes == Votes(3, 1)
    assert found.votes.share == 0.75


def test_without_votes_there_is_no_share() -> None:
    assert Votes(0, 0).share is None


def test_days_joined_to_weeks_end_with_the_last_day_and_lose_no_question() -> None:
    days = tuple(
        Span(day, day, Counts(answered=1)) for day in (TODAY - timedelta(days=ago) for ago in range(15, -1, -1))
    )

    weeks = joined(days, 7)

    assert [week.counts.answered for week in weeks] == [2, 7, 7]
    assert (weeks[0].first, weeks[-1].first, weeks[-1].last) == (days[0].first, date(2026, 11, 24), TODAY)
