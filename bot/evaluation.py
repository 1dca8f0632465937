"""Judged questions in, an `Evaluation` out. Floor 6: knows `answering`, `errors`, `judged`, `measures`, `model`.

An evaluation is a record of what was done with each question and the figures over them; written down it is a *run*.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from bot import measures
from bot.answering import Answerer
from bot.errors import JudgedError
from bot.judged import JudgedQuestion
from bot.measures import BEST, RELEVANT, Bin, Interval
from bot.model import AnswerKind, Contribution, Finding, Reason

Outcome = Literal["right", "wrong passage", "should have answered", "should not have answered"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

DEPTH = 10
"""How many hits of a question are recorded and looked at."""

MATCHES = 5
"""How many of the contributions to the first hit are recorded, the largest first."""

_DIGITS = 6  # of a fraction in a run: more are noise


# ---- what was done


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit: the passage's id and its score."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Record:
    """What was done with one judged question.

    ``ranked`` are the first `DEPTH` hits; ``answered`` is the grade of the passage given as the answer, 0 for one that
    is not in ``gold``, and ``None`` where none was given. ``reasons`` explain the judgment, ``matched`` the first hit.
    ``outcome`` is "right" exactly for `measures.right_action`.
    """

    question: str
    context: tuple[str, ...]
    type: str
    gold: Mapping[str, int]
    ranked: tuple[Ranked, ...]
    kind: AnswerKind
    confidence: float
    answered: int | None
    outcome: Outcome
    reasons: tuple[Reason, ...]
    matched: tuple[Contribution, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """All that was said, the judged message last: no two questions of an evaluation have the same."""
        return (*self.context, self.question)

    @property
    def grades(self) -> list[int]:
        """The grades of the hits, best hit first."""
        return [self.gold.get(hit.id, 0) for hit in self.ranked]

    @property
    def answerable(self) -> bool:
        """Whether any passage answers, by the judgment of people."""
        return bool(self.gold)

    @property
    def first_relevant(self) -> bool:
        """Whether the first hit is relevant, given as an answer or not: this is what the confidence speaks of."""
        return bool(self.grades) and self.grades[0] >= RELEVANT

    @property
    def best_rank(self) -> int | None:
        """The rank of the first passage of grade 2, from 1; ``None`` where there is none among the hits."""
        return self.grades.index(BEST) + 1 if BEST in self.grades else None


# ---- what is measured


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


def _success(k: int) -> Callable[[Record], float | None]:
    return lambda record: measures.success_at(record.grades, k) if BEST in record.gold.values() else None


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
        _success(1),
    ),
    Measure(
        "success_at_3",
        "Best passage among three",
        "A best passage (grade 2) stands among the first three of the ranking.",
        "share",
        _success(3),
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
        lambda record: measures.ndcg_at(record.grades, list(record.gold.values()), 5) if record.answerable else None,
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
class Figure:
    """A measure over ``count`` questions, with the ends of its 95% interval; ``None`` where it cannot be told.

    The calibration error has no interval: it leans upwards, a bootstrap of it leans twice, and both ends would lie.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """The figures over the questions of one type."""

    type: str
    count: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was done with all judged questions, and the figures over them in the order of `MEASURES`.

    ``types`` stand in the order of their first question; ``titles`` maps the ids of all passages to their titles.
    """

    corpus_version: str
    figures: tuple[Figure, ...]
    types: tuple[TypeFigures, ...]
    reliability: tuple[Bin, ...]
    records: tuple[Record, ...]
    titles: Mapping[str, str]
    format: Literal["citewell evaluation 1"] = "citewell evaluation 1"


# ---- evaluating


def evaluate(
    answerer: Answerer, questions: Iterable[JudgedQuestion], *, progress: Callable[[], None] = lambda: None
) -> Evaluation:
    """Ask every question and compare with its gold; ``progress`` is called after each."""
    records = []
    for judged in questions:
        records.append(_record(judged, answerer.find(judged.question, context=judged.context, limit=DEPTH)))
        progress()
    return Evaluation(
        corpus_version=answerer.corpus.version,
        figures=figures(records),
        types=_by_type(records),
        reliability=_reliability(records),
        records=tuple(records),
        titles={passage.passage_id: passage.title for passage in answerer.passages},
    )


def _record(judged: JudgedQuestion, found: Finding) -> Record:
    first = found.hits[0] if found.hits else None
    answered = judged.gold.get(first.passage.passage_id, 0) if first and found.judgment.kind == "answer" else None
    return Record(
        question=judged.question,
        context=judged.context,
        type=judged.type,
        gold=judged.gold,
        ranked=tuple(Ranked(hit.passage.passage_id, hit.score) for hit in found.hits[:DEPTH]),
        kind=found.judgment.kind,
        confidence=found.judgment.confidence,
        answered=answered,
        outcome=_outcome(judged.gold, answered),
        reasons=found.judgment.reasons,
        matched=tuple(sorted(first.contributions, key=lambda added: -added.score)[:MATCHES]) if first else (),
    )


def _outcome(gold: Mapping[str, int], answered: int | None) -> Outcome:
    if measures.right_action(answered, answerable=bool(gold)):
        return "right"
    if not gold:
        return "should not have answered"
    return "should have answered" if answered is None else "wrong passage"


def figures(records: Sequence[Record]) -> tuple[Figure, ...]:
    """All measures over ``records``."""
    return tuple(_figure(measure, records) for measure in MEASURES)


def figure_named(among: Iterable[Figure], name: str) -> Figure:
    """The one of that name."""
    return next(figure for figure in among if figure.name == name)


def _figure(measure: Measure, records: Sequence[Record]) -> Figure:
    values = [value for record in records if (value := measure.value(record)) is not None]
    match measure.kind:
        case "share":
            outcomes = [bool(value) for value in values]
            value, interval = measures.proportion(outcomes), measures.wilson(sum(outcomes), len(outcomes))
        case "mean":
            value = math.fsum(values) / len(values) if values else math.nan
            interval = measures.mean_interval(values)
        case "auroc":
            answerable = [record.confidence for record in records if record.answerable]
            others = [record.confidence for record in records if not record.answerable]
            value, interval = measures.auroc(answerable, others), measures.auroc_interval(answerable, others)
        case "calibration":
            value, interval = measures.calibration_error(_reliability(records)), Interval(math.nan, math.nan)
    return Figure(measure.name, _told(value), _told(interval.low), _told(interval.high), len(values))


def _told(value: float) -> float | None:
    return None if math.isnan(value) else value


def _by_type(records: Sequence[Record]) -> tuple[TypeFigures, ...]:
    found = []
    for type_ in dict.fromkeys(record.type for record in records):
        of_type = [record for record in records if record.type == type_]
        found.append(TypeFigures(type_, len(of_type), figures(of_type)))
    return tuple(found)


def _reliability(records: Sequence[Record]) -> tuple[Bin, ...]:
    return measures.reliability(
        [record.confidence for record in records], [record.first_relevant for record in records]
    )


# ---- a run: an evaluation written down


def run_json(evaluation: Evaluation, **beside: Any) -> str:
    """The evaluation as JSON, fractions rounded to six digits; the same evaluation gives the same text.

    What is given ``beside`` it stands there under its name; `load_run` passes it by.
    """
    found = asdict(evaluation) | {name: asdict(other) for name, other in beside.items() if other is not None}
    return json.dumps(_rounded(found), ensure_ascii=False, indent=1) + "\n"


def _rounded(value: Any) -> Any:  # JSON's edge
    match value:
        case float():
            return round(value, _DIGITS)
        case dict():
            return {key: _rounded(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_rounded(inner) for inner in value]
        case _:
            return value


def load_run(path: Path) -> Evaluation:
    """The evaluation that `run_json` wrote into the file; raises `JudgedError` for any other."""
    try:
        return TypeAdapter(Evaluation).validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"is no saved evaluation ({f'{place}: ' if place else ''}{first['msg']})"
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    raise JudgedError(path, None, problem, "a file that citewell evaluate --save wrote")
