"""Hits → whether we stand by the best one."""

import pytest

from bot.judging import ANSWER_FROM, SUGGEST_FROM, judge
from bot.model import AnswerKind, Contribution, Hit, Judgment, Passage


def _hit(coverage: float, score: float = 1.0) -> Hit:
    passage = Passage("page#a", "page", "a", "A", (), "text", (), (), frozenset(), "")
    return Hit(passage, score, coverage, (Contribution("text", "text", "text", score),))


def test_no_hit_is_no_answer_with_confidence_0() -> None:
    assert judge([]) == Judgment("none", 0.0)


@pytest.mark.parametrize(
    ("coverage", "kind"),
    [
        (1.0, "answer"),
        (ANSWER_FROM, "answer"),
        (ANSWER_FROM - 1e-9, "suggestions"),
        (SUGGEST_FROM, "suggestions"),
        (SUGGEST_FROM - 1e-9, "none"),
        (0.01, "none"),
    ],
)
def test_the_kind_follows_how_much_of_the_question_the_best_passage_holds(coverage: float, kind: AnswerKind) -> None:
    assert judge([_hit(coverage)]) == Judgment(kind, coverage)


def test_an_answer_needs_more_than_a_suggestion_and_both_can_be_reached() -> None:
    assert 0 < SUGGEST_FROM < ANSWER_FROM <= 1


def test_only_the_first_hit_is_judged() -> None:
    assert judge([_hit(0.1, score=9.0), _hit(1.0, score=1.0)]) == Judgment("none", 0.1)


def test_the_score_has_no_say() -> None:
    assert judge([_hit(0.6, score=0.001)]) == judge([_hit(0.6, score=1000.0)])
