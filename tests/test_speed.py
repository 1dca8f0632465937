"""The benchmark of an answer's time measures what it says; and some of what makes answers quick is not lost."""

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.speed import CHAT, HELD_OUT, NULL, STAGES, ask, bodies, null_view, report, shares, timed
from bot.answering import Answerer
from web.app import create_app

QUESTIONS = '{"q": "why do worn shoes hurt my back?"}\n{"turns": ["is it my shoes?", "and when do I replace them?"]}\n'


@pytest.fixture
def questions(tmp_path: Path) -> list[bytes]:
    path = tmp_path / "questions.jsonl"
    path.write_text(QUESTIONS, "utf-8")
    return bodies([path])


def test_each_judged_question_is_a_request_with_what_was_asked_before(questions: list[bytes]) -> None:
    assert questions == [
        b'{"message": "why do worn shoes hurt my back?", "context": []}',
        b'{"message": "and when do I replace them?", "context": ["is it my shoes?"]}',
    ]


def test_all_held_out_questions_can_be_asked() -> None:
    requests = bodies(HELD_OUT)

    assert len(requests) == len(set(requests)) == sum(path.read_text("utf-8").count("\n") for path in HELD_OUT)


def test_each_request_has_its_time_and_a_null_view_takes_some_too(answerer: Answerer, questions: list[bytes]) -> None:
    asked = [*timed(create_app(answerer), CHAT, questions, 2), *timed(null_view(), NULL, questions, 2)]

    assert [one.body for one in asked] == questions * 2
    assert all(0 < one.milliseconds < float("inf") for one in asked)


def test_a_reply_that_is_no_success_is_no_time(answerer: Answerer) -> None:
    with pytest.raises(RuntimeError, match="/api/chat replied 422"):
        ask(create_app(answerer), CHAT, b"{}")


def test_the_shares_are_those_of_known_stages_and_add_up(answerer: Answerer, questions: list[bytes]) -> None:
    found = shares(create_app(answerer), questions)

    assert list(found) == [*STAGES, "all else"]
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(share >= 0 for share in found.values())
    assert all(found[stage] > 0 for stage in ("safety rules", "search", "judge", "reply as JSON", "all else"))


def test_the_report_compares_with_the_null_view_and_names_the_longest(
    answerer: Answerer, questions: list[bytes]
) -> None:
    lines = report(answerer, questions, 1)

    assert lines[0].endswith("ms the 99th of a hundred")
    assert lines[2].endswith("of the null view's throughput")
    assert sum("why do worn shoes" in line for line in lines) == 1


def test_an_answer_explains_nothing_that_nobody_asked_for(answerer: Answerer) -> None:
    """To find out what each term added to each hit took more than all the rest of a search."""
    question = "why do worn shoes hurt my back?"

    assert "contributions" not in _called(lambda: answerer.answer(question))
    assert "contributions" in _called(lambda: answerer.find(question).hits[0].contributions)


def _called(action: Callable[[], object]) -> set[str]:
    """The names of the functions that ``action`` calls."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return {name for _, _, name in pstats.Stats(profile).stats}  # type: ignore[attr-defined] # not in its stub
