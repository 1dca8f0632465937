"""From the hits to a judgment: whether we stand by the best one.

Floor 4: knows `analysis`, `fields`, `index`, `intent`, `kept` and `model`.

Three observations, each of which can be read, weighed by a logistic model:

- words: each word is more typical of this content and the questions to it, or of questions about something else;
- nearest: of the known questions most like this one, how many this content answers;
- coverage: how much of the question, rare words counting more, stands in the passage or in its ways to ask.

Known questions are the content's headings and ways to ask, what the clinic lists as not covered, and bundled questions
about other things, those left out that the content itself lists. The weights come from ``citewell calibrate``.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from bot.analysis import Analyzer
from bot.fields import Vector
from bot.index import Index, KnownQuestion, known_question, known_questions
from bot.intent import MARK
from bot.kept import Kept
from bot.model import AnswerKind, Concept, Hit, Judgment, Query, Reason, Topic, Weights

EXACT = 0.97
"""The least confidence in a passage that lists the question just as it was asked: chosen, not fitted."""

COMMON = 0.25
"""The share of passages from which a word is too common to carry an answer by itself: chosen."""

UNKNOWN = -1.0
"""The evidence of a word that neither the content nor any known question has."""

NEAREST = 20
"""How many known questions are compared: held-out AUROC hardly moves from 10 to 40."""

# How many texts' worth of doubt a word's frequency is read with: on the plateau of the held-out AUROC, 20 to 160.
_PRIOR = 80.0

_STANDS_IN = 0.5  # the least weight of a stand-in of one word; those of several share it
_SHOWN = 3  # examples in an explanation
_ROWS = 16  # to find the largest of many: chosen
_STATUS = {True: "answered here", False: "not answered here"}
_BELOW = 1e-9


class Judge:
    """Knows what questions to one corpus sound like. Built once, then only read."""

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        not_covered: Iterable[Topic],
        weights: Weights,
    ) -> None:
        """Learn from the passages of ``index`` and its other questions; the clinic says which are ``not_covered``."""
        self._weights = weights
        self._analyzer = analyzer
        self._index = index
        ways, others = index.ways, index.others
        self._refused = {question.terms for question in known_questions(not_covered, analyzer)}
        # A short page has few questions of its own: each counts for more, or those about other things drown them.
        self._worth = max(1.0, (len(others) / max(1, len(ways))) ** 0.5)
        texts = [known_question(passage.text, analyzer) for passage in index.passages]
        self._own, self._own_size = _counted([*ways, *texts]), len(ways) + len(texts)
        self._other, self._other_size = _counted(others), len(others)
        self._log_ratios = Kept(self._log_ratio)

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judgment:
        """What the ranked ``hits`` allow us to say; none at all is a judgment of ``none`` with confidence 0."""
        if not hits:
            return Judgment("none", 0.0)
        matched = hits[0].matched
        reasons = [
            Reason("start", 1.0, self._weights.start),
            self._words(query),
            self._nearest(hits[0].seen.known()),
            self._coverage(query, hits[0].coverage, {word for word, _ in matched}),
        ]
        # What a question wants to know is no word of it: “reasons” alone has two terms and is one word.
        words = {word for word, term in matched if not term.startswith(MARK)}
        reasons += self._bounds(query, hits[0], words, sum([reason.added for reason in reasons]))
        confidence = 1 / (1 + math.exp(-sum([reason.added for reason in reasons])))
        return Judgment(self._kind(confidence), confidence, tuple(reasons))

    def _words(self, query: Query) -> Reason:
        evidence: dict[str, float] = {}
        for concept in query.concepts:  # two of one word where that is two words run together
            evidence[concept.word] = evidence.get(concept.word, 0.0) + concept.weight * self._evidence(concept)
        strongest = sorted(evidence.items(), key=lambda item: -abs(item[1]))[:_SHOWN]
        total = sum(evidence.values())
        return Reason(
            "words", total, self._weights.words * total, ", ".join([f"{word} {at:+.1f}" for word, at in strongest])
        )

    def _evidence(self, concept: Concept) -> float:
        """How much more a word is typical of this content than of something else: a log ratio, below 0 for less."""
        for term in concept.terms:
            if (ratio := self._log_ratios[term]) is not None:
                return ratio
        return UNKNOWN

    def _log_ratio(self, term: str) -> float | None:
        own, other = self._own[term], self._other[term]
        if not own and not other:
            return None
        everywhere = (own + other + 0.5) / (self._own_size + self._other_size + 1)
        in_own = (own + _PRIOR * everywhere) / (self._own_size + _PRIOR)
        in_other = (other + _PRIOR * everywhere) / (self._other_size + _PRIOR)
        return math.log(in_own / in_other)

    def _nearest(self, scores: Vector) -> Reason:
        """Given the score of each known question, of which the content's own come first."""
        own = len(self._index.ways)
        nearest = _largest(scores, NEAREST)
        answered = nearest < own
        weights = np.where(answered, self._worth, 1.0) * scores[nearest] ** 2
        total = np.add.reduce(weights)
        share = float(np.add.reduce(weights[answered]) / total) if total else 0.0
        examples = [f"“{self._index.known[at].text}” ({_STATUS[at < own]})" for at in nearest[:_SHOWN].tolist()]
        return Reason("nearest", share, self._weights.nearest * share, ", ".join(examples))

    def _coverage(self, query: Query, coverage: float, found: Set[str]) -> Reason:
        missing = ", ".join([concept.word for concept in query.concepts if concept.word not in found])
        return Reason("coverage", coverage, self._weights.coverage * coverage, missing and f"not found: {missing}")

    def _kind(self, confidence: float) -> AnswerKind:
        if confidence >= self._weights.answer_from:
            return "answer"
        return "suggestions" if confidence >= self._weights.suggest_from else "none"

    def _bounds(self, query: Query, hit: Hit, found: Set[str], logit: float) -> list[Reason]:
        """What overrules the model, if anything does; ``found`` are the words that the passage has."""
        if hit.listed:
            return [Reason("listed", 1.0, max(0.0, _logit(EXACT) - logit), "the content lists the question just so")]
        if query.typed in self._refused:
            bound = min(0.0, _logit(self._weights.suggest_from) - _BELOW - logit)
            return [Reason("not covered", 1.0, bound, "the clinic lists the question as not covered")]
        words = [concept for concept in query.concepts if concept.word in found and not concept.word.isdecimal()]
        if len(words) > 1 or not all(map(self._is_common, words)):
            return []
        common = [concept.word for concept in words]
        bound = min(0.0, _logit(self._weights.answer_from) - _BELOW - logit)
        return [Reason("too little", 1.0, bound, "only a number or one common word is found: " + ", ".join(common))]

    def _is_common(self, concept: Concept) -> bool:
        """Whether it merely asks, or the word itself or a single one that stands for it is in too many passages."""
        if any(map(self._analyzer.is_question_word, concept.terms)):
            return True
        most = max(1, COMMON * len(self._index.passages))
        return any(weight >= _STANDS_IN and self._index.having(term) > most for term, weight in concept.terms.items())


def _counted(texts: Iterable[KnownQuestion]) -> Counter[str]:
    """In how many of ``texts`` each term stands."""
    return Counter(term for text in texts for term in set(text.searched))


def _largest(scores: Vector, count: int) -> NDArray[np.int64]:
    """The places of the ``count`` largest, largest first, the first of equal ones first."""
    if len(scores) // _ROWS > count:  # to sort all takes ten times as long
        # In so many columns stands one as large as this or a larger one: there are few larger ones to sort.
        columns = scores[: len(scores) // _ROWS * _ROWS].reshape(_ROWS, -1).max(axis=0)
        columns.partition(len(columns) - count)
        places = np.flatnonzero(scores >= columns[-count])
    else:
        places = np.arange(len(scores))
    return places[np.argsort(-scores[places], kind="stable")][:count]


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
