"""Records in, figures with their intervals out. Floor 4: knows `measures` and `records`."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot import measures
from bot.measures import BEST, RELEVANT, Bin, Interval
from bot.records import DEPTH, Record


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that an evaluation gives.

    ``value`` is what one question adds to it: its outcome, a number or, where it is about confidence, that. A question
    with ``None`` is left out. A ``share`` is the share of outcomes that are true, a ``mean`` is one of numbers.
    """

    name: str
    label: str
    meaning: str
    kind: Literal["share", "mean", "auroc", "calibration"]
    value: Callable[[Record], float | None]
    higher_is_better: bool = True


def success_at(k: int) -> Callable[[Record], float | None]:
    """As in `measures.success_at`, where a passage of grade 2 exists."""
    return lambda record: measures.success_at(record.grades, k) if BEST in record.gold.values() else None


def ndcg_at(k: int) -> Callable[[Record], float | None]:
    """As in `measures.ndcg_at`, where any passage is relevant."""
    return lambda record: measures.ndcg_at(record.grades, list(record.gold.values()), k) if record.gold else None


MEASURES = (
    Measure(
        "right_action",
        "Right action",
        "A best passage was the answer; where no passage answers, none was given.",
        "share",
        lambda record: measures.right_action(record.answered, answerable=record.answerable),
    ),
    Measure(
        "success_at_1",
        "Best passage first",
        "A best passage (grade 2) stands first in the ranking, answered or not.",
        "share",
        success_at(1),
    ),
    Measure(
        "success_at_3",
        "Best passage among three",
        "A best passage (grade 2) stands among the first three of the ranking.",
        "share",
        success_at(3),
    ),
    Measure(
        "rr_at_10",
        "Reciprocal rank (10)",
        "1 divided by the rank of the first relevant passage, 0 from rank 11 on.",
        "mean",
        lambda record: measures.reciprocal_rank(record.grades, DEPTH) if record.answerable else None,
    ),
    Measure(
        "ndcg_at_5",
        "nDCG (5)",
        "How near the first five passages come to the best order there is.",
        "mean",
        ndcg_at(5),
    ),
    Measure(
        "precision",
        "Relevant among answers given",
        "Of the passages given as an answer, how many are relevant (grade 1 or 2).",
        "share",
        lambda record: None if record.answered is None else record.answered >= RELEVANT,
    ),
    Measure(
        "answer_rate",
        "Answered of the answerable",
        "Of the questions that the content answers, how many got an answer, right or wrong.",
        "share",
        lambda record: record.answered is not None if record.answerable else None,
    ),
    Measure(
        "auroc",
        "Separation (AUROC)",
        "How often a question that the content answers gets more confidence than one it does not; 0.5 is chance.",
        "auroc",
        lambda record: record.confidence,
    ),
    Measure(
        "brier",
        "Brier score",
        "Mean squared distance of the confidence from what came out; 0 is best.",
        "mean",
        lambda record: measures.squared_error(record.confidence, right=record.first_relevant),
        higher_is_better=False,
    ),
    Measure(
        "calibration_error",
        "Calibration error (ECE)",
        "By how much the confidence and the share of relevant first passages differ; 0 is best.",
        "calibration",
        lambda record: record.confidence,
        higher_is_better=False,
    ),
)

TYPE_MEASURES = tuple(
    measure
    for measure in MEASURES
    if measure.name in ("right_action", "success_at_1", "success_at_3", "precision", "answer_rate")
)
"""Those that reports show for each type of question: plain shares, which a few questions can tell."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value with the ends of its 95% interval; ``nan`` where it cannot be told."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over ``count`` questions, with the ends of its 95% interval; ``None`` where it cannot be told.

    The calibration error has no interval: it leans upwards, a bootstrap of it leans twice, and both ends would lie.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int


def figures(records: Sequence[Record]) -> tuple[Figure, ...]:
    """All measures over ``records``."""
    return tuple(_figure(measure, records) for measure in MEASURES)


def figure_named(among: Iterable[Figure], name: str) -> Figure:
    """The one of that name."""
    return next(figure for figure in among if figure.name == name)


def estimate(measure: Measure, records: Sequence[Record]) -> Estimate:
    """``measure`` over ``records``."""
    counted = _counted(measure, records)
    values = [value for _, value in counted]
    match measure.kind:
        case "share":
            outcomes = [bool(value) for value in values]
            return Estimate(measures.proportion(outcomes), measures.wilson(sum(outcomes), len(outcomes)))
        case "mean":
            return Estimate(math.fsum(values) / len(values) if values else math.nan, measures.mean_interval(values))
        case "auroc":
            answerable = [value for record, value in counted if record.answerable]
            others = [value for record, value in counted if not record.answerable]
            return Estimate(measures.auroc(answerable, others), measures.auroc_interval(answerable, others))
        case "calibration":
            return Estimate(measures.calibration_error(reliability(records)), Interval(math.nan, math.nan))


def reliability(records: Sequence[Record]) -> tuple[Bin, ...]:
    """The curve of confidence against the share of relevant first passages."""
    return measures.reliability(
        [record.confidence for record in records], [record.first_relevant for record in records]
    )


def _figure(measure: Measure, records: Sequence[Record]) -> Figure:
    found = estimate(measure, records)
    value, low, high = map(_told, (found.value, found.interval.low, found.interval.high))
    return Figure(measure.name, value, low, high, len(_counted(measure, records)))


def _counted(measure: Measure, records: Sequence[Record]) -> list[tuple[Record, float]]:
    """The records that the measure does not leave out, and what each adds."""
    return [(record, value) for record in records if (value := measure.value(record)) is not None]


def _told(value: float) -> float | None:
    return None if math.isnan(value) else value
