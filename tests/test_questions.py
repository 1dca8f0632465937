"""Open questions in groups, and that nothing but ids is remembered of them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import bot
from bot.answering import Answerer
from web.decisions import OpenTurn
from web.questions import Asking, Queue, group_with

TODAY = date(2026, 11, 30)


@pytest.fixture
def small(two_topics: Path) -> Answerer:
    """Answers about sciatica and blisters."""
    return bot.build(two_topics)


def turn(question: str, number: int, ago: int = 0, **more: object) -> OpenTurn:
    """An open question of so many days ago."""
    plain = {"kind": "none", "passage_id": None, "helpful": None, "filed": False, "comment": None, "offered": ()}
    return OpenTurn(f"{number:032x}", TODAY - timedelta(days=ago), question=question, **{**plain, **more})  # type: ignore[arg-type]


def test_like_questions_are_one_group_named_by_its_newest_turn(small: Answerer) -> None:
    turns = [turn("wet socks?", 2), turn("parking", 3), turn("Wet socks", 1, ago=4)]

    first, second = Queue().groups(small, turns)

    assert first.turn_ids == (turns[0].turn_id, turns[2].turn_id)
    assert first.key == turns[0].turn_id
    assert (first.first, first.last) == (TODAY - timedelta(days=4), TODAY)
    assert first.wordings == (Asking("wet socks?", 1, TODAY), Asking("Wet socks", 1, TODAY - timedelta(days=4)))
    assert second.question == "parking"


def test_a_group_is_found_by_any_of_its_turns_and_by_no_other(small: Answerer) -> None:
    groups = Queue().groups(small, [turn("wet socks", 1), turn("wet socks", 2)])

    assert group_with(groups, f"{2:032x}") is groups[0]
    assert group_with(groups, f"{3:032x}") is None


def test_why_questions_are_open_and_what_was_shown_is_counted(small: Answerer) -> None:
    answered = {"kind": "answer", "passage_id": "page#blisters"}
    turns = [
        turn("wet socks", 1, helpful=False, comment="no use", **answered),
        turn("wet socks", 2, helpful=False, filed=True, **answered),
        turn("wet socks", 3, kind="suggestions", offered=("page#sciatica", "page#blisters")),
    ]

    (group,) = Queue().groups(small, turns)

    assert group.signs == (("did not help", 2), ("filed at the desk", 1), ("suggestions only", 1))
    assert group.shown == (("page#blisters", 2, 0, 2),)
    assert group.offered == (("page#sciatica", 1), ("page#blisters", 1))
    assert group.comments == ("no use",)


def test_groups_are_remembered_without_words_and_made_anew_for_other_questions(small: Answerer) -> None:
    queue = Queue()
    turns = [turn("wet socks", 1), turn("parking", 2)]

    first = queue.groups(small, turns)

    assert queue.groups(small, turns) == first
    assert "socks" not in repr(vars(queue))
    assert len(queue.groups(small, turns[:1])) == 1
    assert queue.groups(small, []) == ()
