"""Judged questions in, an `Evaluation` out.

Floor 6: knows `answering`, `errors`, `figures`, `judged`, `measures` and `records`.

An evaluation is a record of what was done with each question and the figures over them; written down it is a *run*.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from bot.answering import Answerer
from bot.errors import JudgedError
from bot.figures import Figure, figures, reliability
from bot.judged import JudgedQuestion
from bot.measures import Bin
from bot.records import DEPTH, Record, recorded

# The measures and a figure by its name belong to an evaluation for whoever asks for one: the command line.
_DIGITS = 6  # of a fraction in a run: more are noise


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


def evaluate(
    answerer: Answerer, questions: Iterable[JudgedQuestion], *, progress: Callable[[], None] = lambda: None
) -> Evaluation:
    """Ask every question and compare with its gold; ``progress`` is called after each."""
    records = []
    for judged in questions:
        records.append(recorded(judged, answerer.find(judged.question, context=judged.context, limit=DEPTH)))
        progress()
    return Evaluation(
        corpus_version=answerer.corpus.version,
        figures=figures(records),
        types=_by_type(records),
        reliability=reliability(records),
        records=tuple(records),
        titles={passage.passage_id: passage.title for passage in answerer.passages},
    )


def _by_type(records: Sequence[Record]) -> tuple[TypeFigures, ...]:
    found = []
    for type_ in dict.fromkeys(record.type for record in records):
        of_type = [record for record in records if record.type == type_]
        found.append(TypeFigures(type_, len(of_type), figures(of_type)))
    return tuple(found)


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
