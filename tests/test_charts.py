"""Where bars stand and how high they are."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from web.charts import HEIGHT, Charts, charts
from web.statistics import Counts, PassageUse, Span, Statistics, Votes

TODAY = date(2026, 11, 30)


def drawn(*answered: int, passages: tuple[PassageUse, ...] = (), votes: Votes | None = None) -> Charts:
    """The drawings of days with so many answered questions, the last of them today."""
    first = TODAY - timedelta(days=len(answered) - 1)
    days = [first + timedelta(days=number) for number in range(len(answered))]
    spans = tuple(Span(day, day, Counts(answered=number)) for day, number in zip(days, answered, strict=True))
    return charts(Statistics(spans, (), passages, votes or Votes(), filed=0))


def test_a_bar_is_as_high_as_its_number_on_the_scale() -> None:
    found = drawn(0, 5, 20)

    assert found.top == 20
    assert [(bar.y, bar.height) for bar in found.all.bars] == [(100, 0), (75, 25), (0, 100)]
    assert all(bar.y + bar.height == HEIGHT for row in (found.all, *found.rows) for bar in row.bars)


@pytest.mark.parametrize("days", [1, 2, 7, 30, 90, 92, 93, 644, 645, 4000])
def test_bars_stand_side_by_side_inside_the_drawing_however_many_days_there_are(days: int) -> None:
    found = drawn(*[1] * days)

    bars = found.all.bars
    assert bars[0].x >= 0
    assert bars[-1].x + bars[-1].width <= found.width
    assert all(one.x + one.width < other.x for one, other in pairwise(bars))
    assert len(bars) <= max(92, -(-days // 28))
    assert sum(bar.number for bar in bars) == days


def test_a_few_bars_are_no_wider_than_a_dozen_would_be() -> None:
    assert drawn(1, 1).all.bars[0].width == drawn(*[1] * 12).all.bars[0].width


def test_more_days_than_bars_are_joined_to_weeks_and_then_to_four() -> None:
    assert [drawn(*[1] * days).length for days in (92, 93, 644, 645)] == [1, 7, 7, 28]


def test_rows_say_their_share_and_without_a_question_none() -> None:
    assert [row.share for row in drawn(4).rows] == [1, 0, 0, 0]
    assert [row.share for row in drawn(0).rows] == [None] * 4
    assert drawn(0).most is None


def test_the_busiest_bar_is_named() -> None:
    busiest = drawn(1, 9, 3).most

    assert busiest
    assert busiest.first == TODAY - timedelta(days=1)


def test_passages_share_one_scale_and_votes_are_a_share() -> None:
    uses = (PassageUse("faq#a", 8, Votes(4, 2)), PassageUse("faq#b", 2, Votes(0, 1)))

    found = drawn(1, passages=uses, votes=Votes(3, 1))

    assert [(one.shown, one.helpful, one.unhelpful) for one in found.passages] == [(100, 50, 25), (25, 0, 12.5)]
    assert found.helped == 75
    assert drawn(1).helped is None
