"""Fits the judge to a corpus without a judged question.

Floor 6: knows `answering`, `errors`, `measures`, `model` and `topics`.

Questions that the content answers are its own ways to ask, each held out of the index while it is asked. Questions that
it does not answer are those that the clinic lists as not covered and the bundled ones, a whole topic held out at a
time, so that what is fitted is how the judge fares with topics that it has not seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot import measures
from bot.answering import Answerer
from bot.errors import CitewellError
from bot.model import Corpus, Document, Section, Topic, Weights
from bot.topics import topics_elsewhere

FOLDS = 5
LEAST = 30
"""How many questions of either kind a fit needs: with fewer the shipped weights are the better guess."""

ON_TOPIC = 0.75
"""The share of visitors' questions taken to be ones that the content answers: an assumption, not a count."""

RIDGE = 1.0

_SEEN = ("words", "nearest", "coverage")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted weights, and how they fare on questions that they were not fitted on.

    ``questions`` were asked, ``answered`` of them are the content's own. ``auroc`` is how often one of these gets the
    higher confidence than one that the content does not answer, 0…1; ``shown`` and ``refused`` are the shares of
    either kind that are treated as they should be. ``reliability`` is the curve among visitors' questions, as far as
    `ON_TOPIC` is right.
    """

    weights: Weights
    questions: int
    answered: int
    auroc: float
    shown: float
    refused: float
    reliability: tuple[measures.Bin, ...]


def calibrate(corpus: Corpus, progress: Callable[[], None] = lambda: None) -> Calibration:
    """Fit the judge to ``corpus``; ``progress`` is called after each of `FOLDS` steps.

    Raises `CitewellError` where there are too few questions to learn from.
    """
    seen, answered, folds = _observations(corpus, progress)
    for kind, count in (("ways to ask", answered.sum()), ("questions that are not covered", (1 - answered).sum())):
        if count < LEAST:
            message = f"{int(count)} {kind} are too few to fit the judge; expected at least {LEAST}"
            raise CitewellError(message)
    held_out = np.zeros(len(answered))
    for fold in range(FOLDS):
        others = folds != fold
        held_out[~others] = seen[~others] @ fit(seen[others], answered[others])
    confidence = 1 / (1 + np.exp(-held_out))
    words, nearest, coverage, start = (round(float(weight), 3) for weight in fit(seen, answered))
    weights = replace(corpus.weights, words=words, nearest=nearest, coverage=coverage, start=start)
    shows = confidence >= weights.answer_from
    own = answered == 1
    return Calibration(
        weights=weights,
        questions=len(answered),
        answered=int(own.sum()),
        auroc=measures.auroc(confidence[own], confidence[~own]),
        shown=float(shows[own].mean()),
        refused=float((~shows[~own]).mean()),
        reliability=measures.reliability(confidence, own, weights=_shares(answered)),
    )


def fit(seen: Matrix, answered: Matrix) -> Matrix:
    """Logistic regression by Newton's method: rows of observations that end in 1, and 1 or 0 for each; the weights.

    The two kinds of question count as in `ON_TOPIC`, however many there are. A ridge of `RIDGE` holds all weights but
    the last.
    """
    share = _shares(answered)
    ridge = np.diag([RIDGE] * (seen.shape[1] - 1) + [0.0])
    weights = np.zeros(seen.shape[1])
    for _ in range(50):
        expected = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (share * (answered - expected)) - ridge @ weights
        bend = (seen * (share * expected * (1 - expected))[:, None]).T @ seen + ridge
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _shares(answered: Matrix) -> Matrix:
    """How much each question counts, so that `ON_TOPIC` of all are the content's own."""
    shares: Matrix = np.where(answered == 1, ON_TOPIC / answered.mean(), (1 - ON_TOPIC) / (1 - answered.mean()))
    return shares


def _observations(corpus: Corpus, progress: Callable[[], None]) -> tuple[Matrix, Matrix, Matrix]:
    """What the judge sees of each question that its fold does not know, whether it is answered, and its fold."""
    rows: list[list[float]] = []
    labels: list[float] = []
    folds: list[int] = []
    listed, elsewhere = corpus.not_covered, topics_elsewhere(corpus.clinic.languages[0])
    for fold in range(FOLDS):
        part, ways = _without(replace(corpus, not_covered=_apart(listed, fold)), fold)
        answerer = Answerer(part, elsewhere=_apart(elsewhere, fold))
        topics = (*listed[fold::FOLDS], *elsewhere[fold::FOLDS])
        asked = [(way, 1.0) for way in ways] + [(line, 0.0) for topic in topics for line in topic.questions]
        for question, label in asked:
            reasons = {reason.name: reason.seen for reason in answerer.find(question, limit=1).judgment.reasons}
            if reasons:  # nothing found and fixed wording are no matter of weights
                rows.append([*(reasons[name] for name in _SEEN), 1.0])
                labels.append(label)
                folds.append(fold)
        progress()
    return np.array(rows).reshape(-1, len(_SEEN) + 1), np.array(labels), np.array(folds)


def _apart(topics: Sequence[Topic], fold: int) -> tuple[Topic, ...]:
    return tuple(topic for at, topic in enumerate(topics) if at % FOLDS != fold)


def _without(corpus: Corpus, fold: int) -> tuple[Corpus, list[str]]:
    """The corpus without every fifth way to ask, and those."""
    held_out: list[str] = []

    def section(whole: Section) -> Section:
        held_out.extend(whole.also_asked[fold::FOLDS])
        return replace(whole, also_asked=tuple(way for at, way in enumerate(whole.also_asked) if at % FOLDS != fold))

    def document(whole: Document) -> Document:
        return replace(whole, sections=tuple(map(section, whole.sections)))

    return replace(corpus, documents=tuple(map(document, corpus.documents))), held_out
