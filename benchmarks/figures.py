"""What systems said to judged questions in, figures and paired tests out: the same for Citewell and for its peers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot import measures
from bot.judged import JudgedQuestion
from bot.measures import BEST, RELEVANT, Interval

DEPTH = 10
"""How many passages of a system are looked at."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system says to a question: passages, best first, how sure it is, and whether it shows the first.

    ``confidence`` is in any unit, comparable over all questions to one system; minus infinity where nothing was found.
    """

    passage_ids: tuple[str, ...]
    confidence: float
    answers: bool

    def grades(self, question: JudgedQuestion) -> list[int]:
        """The grades of the passages, best passage first."""
        return [question.gold.get(one, 0) for one in self.passage_ids]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over replies.

    ``value`` is what one question adds to it: an outcome of a ``share``, a number of a ``mean``, the confidence for
    ``auroc``; with ``None`` the question is left out.
    """

    name: str
    kind: Literal["share", "mean", "auroc"]
    value: Callable[[JudgedQuestion, Reply], float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's value, with the ends of its 95% interval; ``nan`` where no question counts."""

    value: float
    interval: Interval


def success_at(k: int) -> Measure:
    """The share of questions with a passage of grade 2 among the first ``k``, of those that have one."""
    return Measure(
        f"Success@{k}",
        "share",
        lambda question, reply: (
            measures.success_at(reply.grades(question), k) if BEST in question.gold.values() else None
        ),
    )


def reciprocal_rank() -> Measure:
    """As in `measures.reciprocal_rank`, over answerable questions."""
    return Measure(
        f"RR@{DEPTH}",
        "mean",
        lambda question, reply: measures.reciprocal_rank(reply.grades(question), DEPTH) if question.gold else None,
    )


def ndcg_at(k: int) -> Measure:
    """As in `measures.ndcg_at`, over answerable questions."""
    return Measure(
        f"nDCG@{k}",
        "mean",
        lambda question, reply: (
            measures.ndcg_at(reply.grades(question), list(question.gold.values()), k) if question.gold else None
        ),
    )


def auroc(others: str = "") -> Measure:
    """How well confidence tells answerable questions from others: all, or those of the type ``others``."""
    return Measure(
        f"AUROC {others}".strip(),
        "auroc",
        lambda question, reply: reply.confidence if question.gold or others in ("", question.type) else None,
    )


def right_action() -> Measure:
    """As in `measures.right_action`."""
    return Measure(
        "right action",
        "share",
        lambda question, reply: measures.right_action(_answered(question, reply), answerable=bool(question.gold)),
    )


def relevant_of_given() -> Measure:
    """The share of relevant passages among those that were shown."""
    return Measure(
        "relevant of given",
        "share",
        lambda question, reply: None if (grade := _answered(question, reply)) is None else grade >= RELEVANT,
    )


def _answered(question: JudgedQuestion, reply: Reply) -> int | None:
    return reply.grades(question)[0] if reply.answers else None


def figure(measure: Measure, questions: Sequence[JudgedQuestion], replies: Sequence[Reply]) -> Figure:
    """``measure`` over all ``questions``, each beside its reply."""
    values = _values(measure, questions, replies)
    counted = values[~np.isnan(values)]
    match measure.kind:
        case "share":
            outcomes = [bool(value) for value in counted]
            return Figure(measures.proportion(outcomes), measures.wilson(sum(outcomes), len(outcomes)))
        case "mean":
            return Figure(float(counted.mean()) if counted.size else math.nan, measures.mean_interval(counted))
        case "auroc":
            answerable = _answerable(questions)
            kinds = values[answerable], values[~answerable & ~np.isnan(values)]
            return Figure(measures.auroc(*kinds), measures.auroc_interval(*kinds))


def chance(
    measure: Measure, questions: Sequence[JudgedQuestion], first: Sequence[Reply], second: Sequence[Reply]
) -> float:
    """The two-sided p-value, 0…1, of the difference between two systems on the same questions; ``nan`` without any."""
    rows = np.array([_values(measure, questions, replies) for replies in (first, second)])
    if measure.kind == "share" and np.array_equal(*np.isnan(rows)):
        return measures.sign_test(int((rows[0] > rows[1]).sum()), int((rows[0] < rows[1]).sum()))
    answerable = _answerable(questions)
    if measure.kind == "auroc":
        counted = ~np.isnan(rows[0])
        rows, answerable = np.array([measures.ranks(row[counted]) for row in rows]), answerable[counted]

    def difference(swapped: NDArray[np.bool_]) -> float:
        one, other = np.where(swapped, rows[::-1], rows)
        if measure.kind == "auroc":
            return _area(one, answerable) - _area(other, answerable)
        return _mean(one) - _mean(other)

    return measures.randomisation_test(difference, rows.shape[1])


def chance_text(
    measure: Measure, questions: Sequence[JudgedQuestion], first: Sequence[Reply], second: Sequence[Reply]
) -> str:
    """`chance` as it is written in a table."""
    value = chance(measure, questions, first, second)
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _values(measure: Measure, questions: Sequence[JudgedQuestion], replies: Sequence[Reply]) -> NDArray[np.float64]:
    """What each question adds to the measure; ``nan`` where it is left out."""
    values = [measure.value(question, reply) for question, reply in zip(questions, replies, strict=True)]
    return np.array([math.nan if value is None else value for value in values], float)


def _answerable(questions: Sequence[JudgedQuestion]) -> NDArray[np.bool_]:
    return np.array([bool(question.gold) for question in questions])


def _mean(values: NDArray[np.float64]) -> float:
    counted = values[~np.isnan(values)]
    return float(counted.mean()) if counted.size else math.nan


def _area(confidence: NDArray[np.float64], answerable: NDArray[np.bool_]) -> float:
    """`measures.auroc` from the sum of ranks, which is quick enough for thousands of questions drawn 10,000 times.

    Source: Mann and Whitney 1947.
    """
    count = int(answerable.sum())
    pairs = count * (len(answerable) - count)
    wins = measures.ranks(confidence)[answerable].sum() - count * (count + 1) / 2
    return float(wins / pairs) if pairs else math.nan
