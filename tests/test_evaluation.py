"""What is recorded of a question, the figures over records, and a run written down and read again."""

import json
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.errors import JudgedError
from bot.evaluation import Evaluation, evaluate, load_run, run_json
from bot.figures import MEASURES, figure_named, figures
from bot.judged import JudgedQuestion, load_judged
from bot.measures import wilson
from bot.model import AnswerKind
from bot.records import MATCHES, OUTCOMES, Outcome, Ranked, Record
from tests.conftest import ROOT
from web.inputs import MAX_CONTEXT, check_text

EXAMPLE = "How can worn-out running shoes lead to back pain?"
JUDGED = [
    JudgedQuestion(EXAMPLE, (), {"faq#worn-shoes": 2}, "direct"),
    JudgedQuestion("how long?", ("I have sciatica",), {"faq#rest-important": 1}, "follow-up"),
    JudgedQuestion("qwxzy", (), {}, "out of scope"),
]


def record(
    grades: list[int], *, kind: AnswerKind = "answer", confidence: float = 0.5, others: list[int] | None = None
) -> Record:
    """What was done with a question whose hits have these grades; ``others`` are grades of passages not found."""
    ids = [f"found-{place}" for place in range(len(grades))]
    gold = {one: grade for one, grade in zip(ids, grades, strict=True) if grade}
    gold |= {f"missed-{place}": grade for place, grade in enumerate(others or [])}
    answered = grades[0] if kind == "answer" else None
    outcome: Outcome = "right" if answered == 2 or (not gold and answered is None) else "wrong passage"
    ranked = tuple(Ranked(one, 1.0) for one in ids)
    return Record("q", (), "t", gold, ranked, kind, confidence, answered, outcome, (), ())


def value(records: list[Record], name: str) -> float | None:
    return figure_named(figures(records), name).value


@pytest.fixture(scope="module")
def evaluation(answerer: Answerer) -> Evaluation:
    """Of a question that is answered, a follow-up and one that nothing answers."""
    return evaluate(answerer, JUDGED)


# ---- records


def test_a_record_is_what_the_answerer_finds(answerer: Answerer, evaluation: Evaluation) -> None:
    for judged, kept in zip(JUDGED, evaluation.records, strict=True):
        found = answerer.find(judged.question, context=judged.context, limit=10)

        assert [(hit.id, hit.score) for hit in kept.ranked] == [
            (hit.passage.passage_id, hit.score) for hit in found.hits
        ]
        assert (kept.kind, kept.confidence) == (found.judgment.kind, found.judgment.confidence)
        assert kept.reasons == found.judgment.reasons
        assert (kept.question, kept.context, kept.type, kept.gold) == (
            judged.question,
            judged.context,
            judged.type,
            judged.gold,
        )
    assert len(evaluation.records[0].ranked) == 10


def test_a_record_says_what_the_visitor_would_get(answerer: Answerer) -> None:
    passage_ids = {passage.passage_id for passage in answerer.passages}
    path = ROOT / "corpus" / "questions.jsonl"
    judged = load_judged([path], passage_ids=passage_ids, check=check_text, max_context=MAX_CONTEXT)[::7]

    replies = [(kept, answerer.answer(kept.question)) for kept in evaluate(answerer, judged).records]
    without_alert = [(kept, answer) for kept, answer in replies if answer.alert is None]  # safety is measured apart

    assert len(without_alert) > 15
    for kept, answer in without_alert:
        given = kept.gold.get(answer.passage.id, 0) if answer.passage else None
        assert (kept.kind, kept.confidence, kept.answered) == (answer.kind, answer.confidence, given)


def test_the_matches_are_the_largest_contributions_to_the_first_hit(answerer: Answerer, evaluation: Evaluation) -> None:
    added = answerer.find(EXAMPLE).hits[0].contributions

    matched = evaluation.records[0].matched

    assert len(matched) == MATCHES < len(added)
    assert [one.score for one in matched] == sorted((one.score for one in added), reverse=True)[:MATCHES]


def test_a_question_without_a_hit_is_a_record_like_any_other(answerer: Answerer) -> None:
    (kept,) = evaluate(answerer, [JudgedQuestion("qwxzy", (), {"faq#prevent": 2}, "t")]).records

    assert (kept.ranked, kept.matched, kept.answered, kept.outcome) == ((), (), None, "should have answered")
    assert not kept.first_relevant
    assert kept.best_rank is None


@pytest.mark.parametrize(
    ("gold", "question", "outcome"),
    [
        ({"faq#worn-shoes": 2}, EXAMPLE, "right"),
        ({"faq#worn-shoes": 1}, EXAMPLE, "wrong passage"),
        ({"faq#core-role": 2}, EXAMPLE, "wrong passage"),
        ({}, EXAMPLE, "should not have answered"),
        ({"faq#core-role": 2}, "qwxzy", "should have answered"),
        ({}, "qwxzy", "right"),
    ],
)
def test_every_question_has_one_of_four_outcomes(
    answerer: Answerer, gold: dict[str, int], question: str, outcome: str
) -> None:
    (kept,) = evaluate(answerer, [JudgedQuestion(question, (), gold, "t")]).records

    assert kept.outcome == outcome
    assert outcome in OUTCOMES


def test_progress_is_told_after_each_question(answerer: Answerer) -> None:
    told: list[int] = []

    evaluate(answerer, JUDGED, progress=lambda: told.append(1))

    assert len(told) == len(JUDGED)


# ---- figures


def test_figures_are_as_counted_by_hand() -> None:
    records = [
        record([2, 0], confidence=0.9),  # right
        record([1, 0, 2], confidence=0.8),  # relevant, not best
        record([0, 2], kind="suggestions", confidence=0.4),  # should have answered
        record([], kind="none", confidence=0.1),  # nothing answers, nothing given
        record([0], confidence=0.6),  # nothing answers, given
    ]

    assert value(records, "right_action") == 2 / 5
    assert value(records, "success_at_1") == 1 / 3
    assert value(records, "success_at_3") == 1
    assert value(records, "rr_at_10") == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert value(records, "precision") == 2 / 3
    assert value(records, "answer_rate") == 2 / 3
    assert value(records, "auroc") == 5 / 6
    assert value(records, "brier") == pytest.approx((0.01 + 0.04 + 0.16 + 0.01 + 0.36) / 5)
    assert value(records, "calibration_error") == pytest.approx((0.1 + 0.2 + 0.4 + 0.1 + 0.6) / 5)
    assert [one.count for one in figures(records)] == [5, 3, 3, 3, 3, 3, 3, 5, 5, 5]


def test_a_passage_that_was_not_found_counts_against_the_ranking() -> None:
    found, missed = record([2]), record([1], others=[2])

    assert value([found, missed], "success_at_3") == 1 / 2
    assert value([found], "ndcg_at_5") == 1
    assert value([missed], "ndcg_at_5") == pytest.approx(1 / (3 + 1 / 1.5849625))


def test_success_is_asked_only_where_a_best_passage_exists() -> None:
    only_relevant = record([1])

    assert figure_named(figures([only_relevant]), "success_at_1").count == 0
    assert value([only_relevant], "success_at_1") is None
    assert value([only_relevant], "rr_at_10") == 1


def test_shares_have_wilsons_interval_and_the_calibration_error_none() -> None:
    found = figures([record([2]), record([2]), record([0], others=[2])])

    share, error = figure_named(found, "success_at_1"), figure_named(found, "calibration_error")

    assert (share.low, share.high) == (wilson(2, 3).low, wilson(2, 3).high)
    assert (error.low, error.high) == (None, None)


def test_a_figure_lies_within_its_interval(evaluation: Evaluation) -> None:
    for one in (*evaluation.figures, *(one for row in evaluation.types for one in row.figures)):
        if one.value is not None and one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.value <= one.high <= 1, one.name


def test_types_stand_in_the_order_of_their_first_question_each_with_its_own_figures(evaluation: Evaluation) -> None:
    assert [(row.type, row.count) for row in evaluation.types] == [("direct", 1), ("follow-up", 1), ("out of scope", 1)]
    for row, kept in zip(evaluation.types, evaluation.records, strict=True):
        assert row.figures == figures([kept])


def test_every_measure_is_named_once_and_explained() -> None:
    names = [measure.name for measure in MEASURES]

    assert len(set(names)) == len(names)
    assert [one.name for one in figures([record([2])])] == names
    assert all(measure.label and measure.meaning.endswith(".") for measure in MEASURES)


# ---- runs


def test_a_run_that_is_read_again_says_the_same(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(run_json(evaluation), "utf-8")

    again = load_run(path)

    assert run_json(again) == run_json(evaluation)
    assert [(kept.messages, kept.gold, kept.outcome) for kept in again.records] == [
        (kept.messages, kept.gold, kept.outcome) for kept in evaluation.records
    ]


def test_the_same_questions_give_the_same_run_byte_for_byte(answerer: Answerer, evaluation: Evaluation) -> None:
    assert run_json(evaluate(answerer, JUDGED)) == run_json(evaluation)


def test_a_run_has_no_fraction_longer_than_six_digits(evaluation: Evaluation) -> None:
    digits: list[int] = []
    json.loads(run_json(evaluation), parse_float=lambda number: digits.append(len(number.partition(".")[2])))

    assert 3 < max(digits) <= 6


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"q": "a", "gold": {}}', "is no saved evaluation (corpus_version: "),
        ("no", "is no saved evaluation (Invalid JSON"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_is_no_run_is_refused_by_name(tmp_path: Path, content: str | None, complaint: str) -> None:
    path = tmp_path / "run.json"
    if content:
        path.write_text(content, "utf-8")

    with pytest.raises(JudgedError) as refused:
        load_run(path)

    assert str(refused.value).startswith(f"{path}: {complaint}")
    assert str(refused.value).endswith("; expected a file that citewell evaluate --save wrote")


def test_a_run_of_another_form_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(run_json(evaluation).replace("citewell evaluation 1", "citewell evaluation 2"), "utf-8")

    with pytest.raises(JudgedError, match="format"):
        load_run(path)
