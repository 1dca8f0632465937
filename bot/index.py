"""BM25 over three fields of every passage: built once, then only read.

Floor 3: knows `analysis`, `intent`, `model` and `passages`.

The fields are the text with its heading, the heading with all other ways to ask, and each way to ask by itself. Where a
passage lists no other ways to ask, its sentences stand in for them.

The formula is rank-bm25's Okapi with Lucene's idf, ``log(1 + (N - df + 0.5) / (df + 0.5))``, in place of its own:
the package's idf is 0 for a term that half of the passages share and negative in a corpus of one. With Lucene's every
score is above 0 exactly when a passage shares a term with the question, and scores are (k1 + 1) times Lucene's.

Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; Lucene's BM25Similarity.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.analysis import Analyzer
from bot.intent import intents
from bot.model import Concept, Contribution, Hit, Passage, Query
from bot.passages import ways_to_ask

Vector = NDArray[np.float64]
_Kept = tuple[str, int, tuple[str, ...], NDArray[np.int64], NDArray[np.int64], Vector]

TEXT_WEIGHT = 0.5
ASKED_WEIGHT = 1.0
NEAREST_WEIGHT = 1.0
NEAREST = 3
"""A passage's nearest ways to ask: their mean is its score in that field. All four numbers: DESIGN.md, "Ranking".

Where sentences stand in, a heading that is nearer than they are counts by itself: it was written to be found.
"""

ASKED_B = 0.3
"""How much BM25 takes off for length among the collected ways to ask: how many they are says nothing of a passage."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that somebody wrote down, analysed: ``searched`` are its terms and those of what it wants to know."""

    text: str
    terms: tuple[str, ...]
    searched: tuple[str, ...]


def known_question(text: str, analyzer: Analyzer) -> KnownQuestion:
    """``text`` as a known question."""
    terms = analyzer.terms(text)
    return KnownQuestion(text, tuple(terms), (*terms, *intents(text, analyzer.language)))


class Field:
    """BM25 over one text per place: what rank-bm25 gives for each term, kept for the places that have the term."""

    def __init__(self, name: str, documents: Sequence[Sequence[str]], b: float = 0.75) -> None:
        """Score every term of ``documents`` once: scores add up over terms, so a question only has to add."""
        self.name = name
        self.size = len(documents)
        self.having: dict[str, NDArray[np.int64]] = {}
        self._values: dict[str, Vector] = {}
        if not any(documents):  # the package divides by zero
            return
        scorer = BM25Okapi(documents, b=b)
        scorer.doc_len = np.array(scorer.doc_len)  # the package would convert the whole list again for every term
        postings: dict[str, list[int]] = {}
        for place, frequencies in enumerate(scorer.doc_freqs):
            for term in frequencies:
                postings.setdefault(term, []).append(place)
        scorer.idf = {term: idf(self.size, len(places)) for term, places in postings.items()}
        for term, places in postings.items():
            self.having[term] = np.array(places)
            self._values[term] = np.array(scorer.get_batch_scores([term], places))

    def __getstate__(self) -> _Kept:
        """What is kept: the places and values of all terms, each in one row, and where those of each term end."""
        places = np.concatenate([np.empty(0, np.int64), *self.having.values()])
        values = np.concatenate([np.empty(0), *self._values.values()])
        ends = np.cumsum([len(of_term) for of_term in self.having.values()], dtype=np.int64)
        return self.name, self.size, tuple(self.having), ends, places, values

    def __setstate__(self, kept: _Kept) -> None:
        self.name, self.size, terms, ends, places, values = kept
        spans = list(pairwise([0, *ends.tolist()]))
        self.having = {term: places[start:end] for term, (start, end) in zip(terms, spans, strict=True)}
        self._values = {term: values[start:end] for term, (start, end) in zip(terms, spans, strict=True)}

    def values(self, concept: Concept) -> Vector:
        """What ``concept`` adds at every place: each of its terms by its weight."""
        total = np.zeros(self.size)
        for term, weight in concept.terms.items():
            if term in self.having:
                total[self.having[term]] += weight * concept.weight * self._values[term]
        return total

    def value(self, concept: Concept, term: str, place: int) -> float:
        """What one ``term`` of ``concept`` adds at one place."""
        places = self.having.get(term)
        if places is None:
            return 0.0
        at = int(np.searchsorted(places, place))
        if at == len(places) or places[at] != place:
            return 0.0
        return float(concept.terms[term] * concept.weight * self._values[term][at])


class Index:
    """The passages of one corpus, searchable; ``ways`` are all their ways to ask, in corpus order."""

    def __init__(self, passages: Sequence[Passage], analyzer: Analyzer) -> None:
        """Index heading, text and ways to ask of every passage; the order of ``passages`` settles ties."""
        self.passages = tuple(passages)
        ways = [[known_question(way, analyzer) for way in ways_to_ask(passage)] for passage in passages]
        owners = [place for place, of_passage in enumerate(ways) for _ in of_passage]
        self.ways = tuple(way for of_passage in ways for way in of_passage)
        self._text = Field("text", [analyzer.terms(f"{passage.title}\n{passage.text}") for passage in passages])
        self._asked = Field("asked", [[term for way in one for term in way.searched] for one in ways], ASKED_B)
        self._nearest = Field("nearest", [way.searched for way in self.ways])
        self._listed: dict[tuple[str, ...], set[int]] = {}
        for place, way in zip(owners, self.ways, strict=True):
            if way.terms:  # a heading of small words alone is no question
                self._listed.setdefault(way.terms, set()).add(place)
        self._owners = np.array(owners, int)
        self._headings = np.searchsorted(self._owners, np.arange(len(passages)))
        self._first = np.arange(len(self.ways)) - self._headings[self._owners] < NEAREST
        self._stood_in_for = np.array([not passage.also_asked for passage in passages], bool)
        self._having: dict[str, set[int]] = {}
        for field in (self._text, self._asked):
            for term, places in field.having.items():
                self._having.setdefault(term, set()).update(places.tolist())

    @property
    def terms(self) -> int:
        """How many different terms the passages have."""
        return len(self._having)

    def idf(self, concept: Concept) -> float:
        """How rare a word is, above 0: as rare as the likeliest of its terms that any passage has."""
        return idf(len(self.passages), len(self._having.get(self._likeliest(concept), ())))

    def rarity(self, concept: Concept) -> float:
        """The word's idf as a share of the highest there is, 0…1: 1 for a word that no passage has."""
        return self.idf(concept) / idf(len(self.passages), 0)

    def burstiness(self, concept: Concept) -> float:
        """The share of a word's uses beyond one a passage, 0…1.

        Uses are the heading, each way to ask and the text; where there are no ways to ask, each sentence of the text.

        Source: Church and Gale 1995, "Poisson mixtures", whose burstiness is uses a passage: the same order.
        """
        term = self._likeliest(concept)
        texts = sum(not self._stood_in_for[place] for place in self._text.having.get(term, ()))
        uses = texts + len(self._nearest.having.get(term, ()))
        return 1 - len(self._having[term]) / uses if uses else 0.0

    def lists(self, query: Query) -> bool:
        """Whether a heading or way to ask is the question, small words and endings aside."""
        return query.typed in self._listed

    def _likeliest(self, concept: Concept) -> str:
        """The likeliest term of a word that any passage has; empty where none has one."""
        known = [term for term in concept.terms if term in self._having]
        return max(known, key=lambda term: concept.terms[term], default="")

    def search(self, query: Query, limit: int | None = None, *, doc_id: str | None = None) -> list[Hit]:
        """The passages that share a term with ``query``, best first, ties in corpus order; of one document, if named.

        First of all stand passages whose heading or way to ask is the question, small words and endings aside.
        """
        if not self.passages or not query.concepts:
            return []
        totals, ways = self._scores(query)
        order = np.argsort(-totals, kind="stable")
        listed = self._listed.get(query.typed, set())
        eligible = (place for place in order.tolist() if doc_id in (None, self.passages[place].doc_id))
        places = sorted(eligible, key=lambda place: place not in listed)[:limit]
        return [self._hit(place, query, totals, ways, place in listed) for place in places if totals[place] > 0]

    def having(self, term: str) -> int:
        """How many passages have ``term``."""
        return len(self._having.get(term, ()))

    def _scores(self, query: Query) -> tuple[Vector, NDArray[np.int64]]:
        """The score of every passage, and the ways to ask that count."""
        text, asked, nearest = (
            np.sum([field.values(concept) for concept in query.concepts], axis=0)
            for field in (self._text, self._asked, self._nearest)
        )
        ways = self._nearest_ways(nearest)
        return TEXT_WEIGHT * text + ASKED_WEIGHT * asked + NEAREST_WEIGHT * self._means(nearest, ways), ways

    def _nearest_ways(self, scores: Vector) -> NDArray[np.int64]:
        """The ways to ask that count, given the score of each: of every passage at least one, in order of passages."""
        ways = np.lexsort((-scores, self._owners))[self._first]
        alone = self._stood_in_for & (scores[self._headings] > self._means(scores, ways))
        owners = self._owners[ways]
        counting: NDArray[np.int64] = ways[~alone[owners] | (ways == self._headings[owners])]
        return counting

    def _means(self, scores: Vector, ways: NDArray[np.int64]) -> Vector:
        """Of every passage the mean score of those among ``ways`` that are its own."""
        owners = self._owners[ways]
        return np.bincount(owners, scores[ways]) / np.bincount(owners)

    def _hit(self, place: int, query: Query, totals: Vector, ways: NDArray[np.int64], listed: bool) -> Hit:
        rarity = np.array([self.idf(concept) * concept.weight for concept in query.concepts])
        held = np.array([self._held(concept, place) for concept in query.concepts])
        return Hit(
            passage=self.passages[place],
            score=float(totals[place]),
            coverage=min(1.0, float((rarity * held).sum() / rarity.sum())),
            contributions=tuple(self._contributions(place, query, ways[self._owners[ways] == place].tolist())),
            listed=listed,
        )

    def _held(self, concept: Concept, place: int) -> float:
        """How well the passage holds the word: the weight of the best of its terms that stands there."""
        return max((w for term, w in concept.terms.items() if place in self._having.get(term, ())), default=0.0)

    def _contributions(self, place: int, query: Query, ways: list[int]) -> list[Contribution]:
        found = []
        for concept in query.concepts:
            for term in concept.terms:
                for field, score in (
                    ("text", TEXT_WEIGHT * self._text.value(concept, term, place)),
                    ("asked", ASKED_WEIGHT * self._asked.value(concept, term, place)),
                    (
                        "nearest",
                        NEAREST_WEIGHT * sum(self._nearest.value(concept, term, way) for way in ways) / len(ways),
                    ),
                ):
                    if score > 0:
                        found.append(Contribution(concept.word, term, field, score))
        return found


def idf(passages: int, having: int) -> float:
    """Lucene's idf of a term that ``having`` of ``passages`` have; the rarest is one that none has."""
    return math.log(1 + (passages - having + 0.5) / (having + 0.5))
