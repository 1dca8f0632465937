"""Two evaluations in, what got better and what got worse out.

Floor 7: knows `evaluation`, `figures`, `measures` and `records`.

Only questions that both have, judged alike, are compared; figures and tests are over these alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot import measures
from bot.evaluation import Evaluation
from bot.figures import MEASURES, Measure, figures
from bot.records import Record

Numbers = NDArray[np.float64]

CHANCE_NOTE = (
    "p says how often mere chance makes the two differ as much. With ten figures one below 0.05 comes up by chance now "
    "and then; one below 0.005 hardly ever does."
)


@dataclass(frozen=True, slots=True)
class Change:
    """A question that was treated in one way before and in another after."""

    before: Record
    after: Record


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after, and the two-sided p-value of the paired test; ``None`` where it cannot be told."""

    name: str
    before: float | None
    after: float | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two evaluations.

    ``questions`` is how many are compared, ``left_out`` how many only one of the two has, or each with another gold.
    A question is better where the action turned right or, the action being as right as before, the first passage of
    grade 2 stands higher.
    """

    corpus_before: str
    corpus_after: str
    questions: int
    left_out: int
    figures: tuple[FigureChange, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """What ``after`` changed against ``before``, in the order of ``after``'s questions."""
    earlier = {record.messages: record for record in before.records}
    pairs = [
        Change(earlier[record.messages], record)
        for record in after.records
        if record.messages in earlier and earlier[record.messages].gold == record.gold
    ]
    return Comparison(
        corpus_before=before.corpus_version,
        corpus_after=after.corpus_version,
        questions=len(pairs),
        left_out=len({record.messages for record in (*before.records, *after.records)}) - len(pairs),
        figures=_figure_changes([pair.before for pair in pairs], [pair.after for pair in pairs]),
        better=tuple(pair for pair in pairs if _standing(pair.after) > _standing(pair.before)),
        worse=tuple(pair for pair in pairs if _standing(pair.after) < _standing(pair.before)),
    )


def _standing(record: Record) -> tuple[bool, float]:
    """How well a question fared: larger is better."""
    return record.outcome == "right", -(record.best_rank or math.inf)


def _figure_changes(before: Sequence[Record], after: Sequence[Record]) -> tuple[FigureChange, ...]:
    changes = []
    for measure, was, is_so in zip(MEASURES, figures(before), figures(after), strict=True):
        p = chance(measure, before, after)
        changes.append(FigureChange(measure.name, was.value, is_so.value, None if math.isnan(p) else p))
    return tuple(changes)


def chance(measure: Measure, before: Sequence[Record], after: Sequence[Record]) -> float:
    """The two-sided p-value of a measure's difference between two runs over the same questions; ``nan`` without any.

    Exact where both say true or false of the same questions, else by swapping by lot.
    """
    first, second = _values(measure, before), _values(measure, after)
    if measure.kind == "share" and np.array_equal(np.isnan(first), np.isnan(second)):
        better, worse = int((second > first).sum()), int((second < first).sum())
        return math.nan if np.isnan(first).all() else measures.sign_test(better, worse)
    match measure.kind:
        case "auroc":
            counted = ~np.isnan(first)  # by the questions alone, so the same in both runs
            answerable = _answerable(before)[counted]
            ranked = [(measures.ranks(values[counted]), answerable) for values in (first, second)]
            return _randomised(ranked, _separation)
        case "calibration":
            judged = (first, _relevant(before)), (second, _relevant(after))
            return _randomised(judged, lambda rows: measures.calibration_error(measures.reliability(*rows)))
        case _:
            return _randomised(((first,), (second,)), _mean)


def _values(measure: Measure, records: Sequence[Record]) -> Numbers:
    """What each question adds to the measure; ``nan`` where it is left out."""
    values = [measure.value(record) for record in records]
    return np.array([math.nan if value is None else value for value in values], float)


def _answerable(records: Sequence[Record]) -> Numbers:
    return np.array([record.answerable for record in records], float)


def _relevant(records: Sequence[Record]) -> Numbers:
    return np.array([record.first_relevant for record in records], float)


def _randomised(runs: Sequence[Sequence[Numbers]], figure: Callable[[Numbers], float]) -> float:
    """The p-value of a figure over rows of numbers, one place per question, when the two runs swap questions by lot."""
    before, after = map(np.array, runs)

    def difference(swapped: NDArray[np.bool_]) -> float:
        return figure(np.where(swapped, before, after)) - figure(np.where(swapped, after, before))

    return measures.randomisation_test(difference, before.shape[1])


def _mean(rows: Numbers) -> float:
    counted = rows[0][~np.isnan(rows[0])]
    return float(counted.mean()) if counted.size else math.nan


def _separation(rows: Numbers) -> float:
    confidence, answerable = rows
    return measures.auroc(confidence[answerable == 1], confidence[answerable == 0])
