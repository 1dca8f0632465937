"""An evaluation as a page. Floor 9: knows `comparison`, `evaluation`, `explaining`, `figures`, `measures`, `records`.

One HTML file with its plots in it: no script, nothing from a network. Everything in it is escaped.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot import measures
from bot.comparison import CHANCE_NOTE, Comparison
from bot.evaluation import Evaluation
from bot.explaining import explained, failures, what_changed
from bot.figures import MEASURES, TYPE_MEASURES, Figure, figure_named
from bot.measures import Bin, Interval, Threshold
from bot.records import OUTCOMES, Outcome, Record

_BARS = 20
_STEPS = 10
_LARGEST_DOT = 13  # its radius; the plots are 404 wide


@dataclass(frozen=True, slots=True)
class _OutcomeCount:
    """How many questions came out so, and how many in the outcomes before."""

    name: Outcome
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class _ReliabilityRow:
    """A bin, the interval of its share, and its questions as a share of the fullest bin's."""

    bin: Bin
    interval: Interval
    share: float


@dataclass(frozen=True, slots=True)
class _Bar:
    """How many questions have a confidence from ``low`` to below ``high``."""

    low: float
    high: float
    answerable: int
    others: int


def report(evaluation: Evaluation, comparison: Comparison | None) -> str:
    """The evaluation as one self-contained HTML page."""
    bars, tradeoff = _histogram(evaluation.records), _tradeoff(evaluation.records)
    return (
        _environment(evaluation)
        .get_template("evaluation.html")
        .render(
            evaluation=evaluation,
            total=len(evaluation.records),
            answerable=sum(record.answerable for record in evaluation.records),
            outcomes=_outcomes(evaluation.records),
            figures=list(zip(MEASURES, evaluation.figures, strict=True)),
            type_measures=TYPE_MEASURES,
            types=[
                {
                    "type": row.type,
                    "count": row.count,
                    "figures": [figure_named(row.figures, measure.name) for measure in TYPE_MEASURES],
                }
                for row in evaluation.types
            ],
            reliability=_reliability(evaluation.reliability),
            histogram=bars,
            most=max(max(bar.answerable, bar.others) for bar in bars),
            tradeoff=tradeoff,
            tradeoff_steps=_steps(tradeoff),
            today=_today(evaluation.figures),
            comparison=comparison,
            changes=list(zip(MEASURES, comparison.figures, strict=True)) if comparison else [],
            chance_note=CHANCE_NOTE,
            failures=[
                (outcome, list(records))
                for outcome, records in groupby(failures(evaluation), key=lambda record: record.outcome)
            ],
        )
    )


def _environment(evaluation: Evaluation) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "px": _px,
        "radius": lambda share: f"{_LARGEST_DOT * math.sqrt(share):.1f}",  # a dot's area grows with its questions
        "explained": lambda record: explained(record, evaluation),
        "what_changed": what_changed,
    }
    return environment


def _px(share: float, start: float, end: float) -> str:
    """The place of ``share``, 0…1, on a line from ``start`` to ``end``."""
    return f"{start + share * (end - start):.1f}"


def _outcomes(records: Sequence[Record]) -> list[_OutcomeCount]:
    found: list[_OutcomeCount] = []
    for name in OUTCOMES:
        count = sum(record.outcome == name for record in records)
        found.append(_OutcomeCount(name, count, sum(earlier.count for earlier in found)))
    return found


def _reliability(bins: Sequence[Bin]) -> list[_ReliabilityRow]:
    most = max((one.count for one in bins), default=1)
    return [
        _ReliabilityRow(one, measures.wilson(round(one.right * one.count), one.count), one.count / most) for one in bins
    ]


def _histogram(records: Sequence[Record]) -> list[_Bar]:
    places = [(min(int(record.confidence * _BARS), _BARS - 1), record.answerable) for record in records]
    return [
        _Bar(at / _BARS, (at + 1) / _BARS, places.count((at, True)), places.count((at, False))) for at in range(_BARS)
    ]


def _tradeoff(records: Sequence[Record]) -> tuple[Threshold, ...]:
    if not any(record.answerable for record in records):
        return ()
    return measures.thresholds(
        [record.confidence for record in records],
        [record.first_relevant for record in records],
        [record.answerable for record in records],
    )


def _steps(points: Sequence[Threshold]) -> list[Threshold]:
    """About ten of them: at each tenth the lowest confidence that occurs from there on."""
    lowest = [
        min((p for p in points if p.confidence >= at / _STEPS), key=lambda p: p.confidence, default=None)
        for at in range(_STEPS)
    ]
    return list(dict.fromkeys(point for point in lowest if point))


def _today(figures: tuple[Figure, ...]) -> tuple[float, float] | None:
    rate, relevant = figure_named(figures, "answer_rate").value, figure_named(figures, "precision").value
    return None if rate is None or relevant is None else (rate, relevant)
