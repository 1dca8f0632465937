"""What changed between two evaluations, and whether it could be chance."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.comparison import Comparison, FigureChange, compare
from bot.evaluation import Evaluation
from bot.figures import figures
from bot.measures import DRAWS, sign_test
from bot.model import AnswerKind
from bot.records import Ranked, Record

BEST = {"best": 2, "good": 1}


def record(
    name: str, ranked: str, *, kind: AnswerKind = "answer", confidence: float = 0.5, gold: dict[str, int] = BEST
) -> Record:
    """A question with these hits, named in words."""
    ids = ranked.split()
    answered = gold.get(ids[0], 0) if kind == "answer" else None
    right = answered == 2 if gold else answered is None
    outcome = "right" if right else "wrong passage" if answered is not None else "should have answered"
    hits = tuple(Ranked(one, 1.0) for one in ids)
    return Record(name, (), "t", gold, hits, kind, confidence, answered, outcome, (), ())  # type: ignore[arg-type]


def evaluated(records: Sequence[Record], version: str = "v") -> Evaluation:
    return Evaluation(version, figures(records), (), (), tuple(records), {})


def change(found: Comparison, name: str) -> FigureChange:
    return next(one for one in found.figures if one.name == name)


def test_better_is_an_action_that_turned_right_or_a_best_passage_that_rose() -> None:
    before = [
        record("turned right", "bad best"),
        record("rose", "bad good best", kind="none"),
        record("turned wrong", "best"),
        record("fell", "best bad", kind="none"),
        record("lost", "best", kind="none"),
        record("stayed", "bad"),
        record("sure of it now", "best", confidence=0.5),
    ]
    after = [
        record("turned right", "best bad"),
        record("rose", "bad best good", kind="none"),
        record("turned wrong", "best", kind="none"),
        record("fell", "bad best", kind="none"),
        record("lost", "bad", kind="none"),
        record("stayed", "good"),
        record("sure of it now", "best", confidence=0.9),
    ]

    found = compare(evaluated(before), evaluated(after))

    assert [one.after.question for one in found.better] == ["turned right", "rose"]
    assert [one.after.question for one in found.worse] == ["turned wrong", "fell", "lost"]
    assert found.better[0].before == before[0]


def test_only_questions_that_both_have_and_judge_alike_are_compared() -> None:
    before = [record("both", "best"), record("gone", "best"), record("judged anew", "best", gold={"best": 1})]
    after = [record("new", "bad"), record("both", "bad"), record("judged anew", "bad")]

    found = compare(evaluated(before, "old"), evaluated(after, "young"))

    assert (found.questions, found.left_out) == (1, 3)
    assert (found.corpus_before, found.corpus_after) == ("old", "young")
    assert [one.after.question for one in found.worse] == ["both"]
    assert (change(found, "success_at_1").before, change(found, "success_at_1").after) == (1.0, 0.0)


def test_the_same_words_after_other_messages_are_not_compared() -> None:
    after = replace(record("q", "bad"), context=("hello",))

    found = compare(evaluated([record("q", "best")]), evaluated([after]))

    assert (found.questions, found.left_out) == (0, 2)
    assert all((one.before, one.after, one.chance) == (None, None, None) for one in found.figures)


def test_a_share_over_the_same_questions_has_the_exact_test() -> None:
    names = [str(number) for number in range(9)]
    before = [record(name, "bad best") for name in names]
    after = [record(name, "best" if name < "7" else "bad best") for name in names]

    found = compare(evaluated(before), evaluated(after))

    assert change(found, "success_at_1").chance == change(found, "right_action").chance == sign_test(7, 0)
    assert change(found, "answer_rate").chance == 1


def test_a_share_over_other_questions_and_a_mean_are_tested_by_swapping() -> None:
    names = [str(number) for number in range(8)]
    before = [record(name, "bad best", kind="answer" if name < "4" else "none") for name in names]
    after = [record(name, "best bad", kind="answer" if name >= "2" else "none") for name in names]

    found = compare(evaluated(before), evaluated(after))

    # All eight changed the same way: only no swap and all swaps are as far apart.
    assert change(found, "rr_at_10").chance == pytest.approx(2 / 2**8, abs=4 / DRAWS**0.5 / 16)
    precision = change(found, "precision")
    assert (precision.before, precision.after) == (0, 1)
    assert precision.chance is not None
    assert precision.chance < 0.1


def test_confidences_in_other_units_but_in_the_same_order_do_not_differ_in_separation() -> None:
    sure = [0.9, 0.8, 0.7, 0.3, 0.2, 0.1]
    golds = [BEST, BEST, {}, BEST, {}, {}]
    pairs = list(enumerate(zip(sure, golds, strict=True)))
    before = [record(str(at), "best", confidence=one, gold=gold) for at, (one, gold) in pairs]
    after = [record(str(at), "best", confidence=one / 10, gold=gold) for at, (one, gold) in pairs]

    separation = change(compare(evaluated(before), evaluated(after)), "auroc")

    assert separation.before == separation.after == 8 / 9
    assert separation.chance == 1


def test_separation_that_many_questions_agree_on_is_no_chance() -> None:
    golds = [BEST if number % 2 else {} for number in range(60)]
    before = [record(str(at), "best", confidence=0.5, gold=gold) for at, gold in enumerate(golds)]
    after = [record(str(at), "best", confidence=0.9 if gold else 0.1, gold=gold) for at, gold in enumerate(golds)]

    found = compare(evaluated(before), evaluated(after))

    assert (change(found, "auroc").before, change(found, "auroc").after) == (0.5, 1.0)
    assert change(found, "auroc").chance == 1 / (1 + DRAWS)
    assert change(found, "brier").chance == 1 / (1 + DRAWS)
    assert change(found, "calibration_error").chance == 1 / (1 + DRAWS)


def test_an_evaluation_does_not_differ_from_itself() -> None:
    records = [record("a", "best"), record("b", "bad"), record("c", "good", kind="none", gold={})]

    found = compare(evaluated(records), evaluated(records))

    assert (found.questions, found.left_out, found.better, found.worse) == (3, 0, (), ())
    assert {one.chance for one in found.figures} == {1.0}
