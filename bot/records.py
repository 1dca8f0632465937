"""What was done with a judged question. Floor 3: knows `judged`, `measures` and `model`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bot import measures
from bot.judged import JudgedQuestion
from bot.measures import BEST, RELEVANT
from bot.model import AnswerKind, Contribution, Finding, Reason

Outcome = Literal["right", "wrong passage", "should have answered", "should not have answered"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

DEPTH = 10
"""How many hits of a question are recorded and looked at."""

MATCHES = 5
"""How many of the contributions to the first hit are recorded, the largest first."""


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


def recorded(judged: JudgedQuestion, found: Finding) -> Record:
    """What Citewell did, ``found`` being what it finds for ``judged``."""
    first = found.hits[0] if found.hits else None
    return record(
        judged,
        tuple(Ranked(hit.passage.passage_id, hit.score) for hit in found.hits[:DEPTH]),
        found.judgment.kind,
        found.judgment.confidence,
        reasons=found.judgment.reasons,
        matched=tuple(sorted(first.contributions, key=lambda added: -added.score)[:MATCHES]) if first else (),
    )


def record(
    judged: JudgedQuestion,
    ranked: tuple[Ranked, ...],
    kind: AnswerKind,
    confidence: float,
    *,
    reasons: tuple[Reason, ...] = (),
    matched: tuple[Contribution, ...] = (),
) -> Record:
    """What anything that ranks did; where ``kind`` is "answer" it gave the first of ``ranked``."""
    answered = judged.gold.get(ranked[0].id, 0) if ranked and kind == "answer" else None
    return Record(
        question=judged.question,
        context=judged.context,
        type=judged.type,
        gold=judged.gold,
        ranked=ranked,
        kind=kind,
        confidence=confidence,
        answered=answered,
        outcome=_outcome(judged.gold, answered),
        reasons=reasons,
        matched=matched,
    )


def _outcome(gold: Mapping[str, int], answered: int | None) -> Outcome:
    if measures.right_action(answered, answerable=bool(gold)):
        return "right"
    if not gold:
        return "should not have answered"
    return "should have answered" if answered is None else "wrong passage"
