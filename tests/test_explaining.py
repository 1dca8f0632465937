"""Why a question came out as it did, in words."""

from bot.comparison import Change
from bot.evaluation import Evaluation
from bot.explaining import explained, failures, what_changed
from bot.model import AnswerKind, Contribution, Reason
from bot.records import Outcome, Ranked, Record


def record(
    outcome: Outcome,
    ranked: str = "a b c d",
    *,
    gold: dict[str, int] | None = None,
    kind: AnswerKind = "answer",
    confidence: float = 0.5,
) -> Record:
    """A question of this outcome, with these hits."""
    hits = tuple(Ranked(one, 1.0) for one in ranked.split())
    grades = gold or {}
    answered = grades.get(hits[0].id, 0) if kind == "answer" else None
    reasons = (Reason("coverage", 0.4, -1.25),)
    matched = (Contribution("shoes", "shoe", "asked", 2.5),)
    return Record("q", (), "t", grades, hits, kind, confidence, answered, outcome, reasons, matched)


def evaluated(*records: Record) -> Evaluation:
    return Evaluation("v", (), (), (), records, {"a": "Shoes"})


def words(record: Record) -> dict[str, str]:
    return dict(explained(record, evaluated(record)))


def test_failures_stand_by_outcome_and_the_surest_mistake_first() -> None:
    shy, shyer = (record("should have answered", kind="none", confidence=one) for one in (0.4, 0.1))
    wrong, wronger = (record("wrong passage", confidence=one) for one in (0.6, 0.9))
    bold, bolder = (record("should not have answered", confidence=one) for one in (0.5, 0.8))

    found = failures(evaluated(shy, bold, wrong, record("right"), bolder, wronger, shyer))

    assert found == (wronger, wrong, shyer, shy, bolder, bold)


def test_what_was_expected_is_every_best_passage_with_its_rank() -> None:
    gold = {"b": 2, "c": 1, "x": 2}

    assert words(record("wrong passage", gold=gold))["expected"] == "b (rank 2), x (not in 10)"
    assert words(record("wrong passage", gold={"c": 1}))["expected"] == "no passage of grade 2"
    assert words(record("should not have answered"))["expected"] == "no answer"


def test_what_was_shown_is_the_answer_and_its_standing_or_what_was_suggested() -> None:
    assert words(record("wrong passage", gold={"a": 1}))["shown"] == "a “Shoes” (relevant, grade 1)"
    assert words(record("wrong passage", gold={"b": 2}))["shown"] == "a “Shoes” (not relevant)"
    suggested = record("should have answered", gold={"b": 2}, kind="suggestions")
    assert words(suggested)["shown"] == "did you mean: a, b, c"
    assert words(record("should have answered", gold={"b": 2}, kind="none"))["shown"] == "not covered"


def test_the_reasons_of_the_judgment_and_the_words_that_matched_are_told() -> None:
    told = words(record("wrong passage", gold={"b": 2}, confidence=0.876))

    assert told["confidence"] == "0.88, wrong passage"
    assert told["because"] == "coverage 0.40 (-1.25)"
    assert told["matched"] == "shoes → shoe in asked 2.50"


def test_a_change_is_told_as_outcomes_or_else_as_ranks() -> None:
    second = record("wrong passage", gold={"b": 2})
    gone = record("wrong passage", "a", gold={"b": 2})

    assert what_changed(Change(second, record("right", "b", gold={"b": 2}))) == "wrong passage → right"
    assert what_changed(Change(gone, second)) == "best passage: not in 10 → rank 2"
