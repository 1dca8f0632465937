"""The passages of one corpus, scored in three fields of each: built once, then only read.

Floor 3: knows `analysis`, `fields`, `intent`, `model` and `passages`.

The fields are the text with its heading, the heading with all other ways to ask, and each way to ask by itself. Where a
passage lists no other ways to ask, its sentences stand in for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.analysis import Analyzer
from bot.fields import Field, Scores, Vector, idf
from bot.intent import intents
from bot.model import Concept, Contribution, Hit, Passage, Query, Topic
from bot.passages import ways_to_ask

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


def known_questions(topics: Iterable[Topic], analyzer: Analyzer) -> list[KnownQuestion]:
    """All that ``topics`` ask."""
    return [known_question(question, analyzer) for topic in topics for question in topic.questions]


class Index:
    """The passages of one corpus, searchable; ``ways`` are all their ways to ask, in corpus order.

    ``known`` are these and ``others``, questions that the content does not answer: what the judge compares with is
    scored beside the passages, in one sum.
    """

    def __init__(self, passages: Sequence[Passage], analyzer: Analyzer, others: Iterable[KnownQuestion] = ()) -> None:
        """Index heading, text and ways to ask of every passage; the order of ``passages`` settles ties.

        Of ``others`` those are left out that the content itself lists: it does answer them.
        """
        self.passages = tuple(passages)
        ways = [[known_question(way, analyzer) for way in ways_to_ask(passage)] for passage in passages]
        owners = [place for place, of_passage in enumerate(ways) for _ in of_passage]
        self.ways = tuple(way for of_passage in ways for way in of_passage)
        text = Field("text", [analyzer.terms(f"{passage.title}\n{passage.text}") for passage in passages])
        asked = Field("asked", [[term for way in one for term in way.searched] for one in ways], ASKED_B)
        nearest = Field("nearest", [way.searched for way in self.ways])
        listed = {way.terms for way in self.ways}
        self.others = tuple(one for one in others if one.terms not in listed)
        self.known = (*self.ways, *self.others)
        known = Field("known", [one.searched for one in self.known])
        self._scores = Scores(text, asked, nearest, known)
        self._listed: dict[tuple[str, ...], set[int]] = {}
        for place, way in zip(owners, self.ways, strict=True):
            if way.terms:  # a heading of small words alone is no question
                self._listed.setdefault(way.terms, set()).add(place)
        self._headings = np.searchsorted(np.array(owners, int), np.arange(len(passages)))
        self._stood_in_for = np.flatnonzero([not passage.also_asked for passage in passages])
        # A row for each passage with a cell for each of its ways to ask: all as long as the longest.
        self._longest = max([NEAREST, *map(len, ways)])
        self._cells = np.array(
            [place * self._longest + cell for place, of_passage in enumerate(ways) for cell in range(len(of_passage))],
            int,
        )
        self._ways_of = [len(of_passage) for of_passage in ways]
        self._counting = np.minimum(NEAREST, np.array(self._ways_of, int))
        self._having: dict[str, set[int]] = {}
        for field in (text, asked):
            for term, places in field.having.items():
                self._having.setdefault(term, set()).update(places.tolist())
        self._idf = {term: idf(len(passages), len(places)) for term, places in self._having.items()}
        self._rarest = idf(len(passages), 0)
        self._burstiness = {term: self._bursts(term, text, nearest) for term in self._having}

    def _bursts(self, term: str, text: Field, nearest: Field) -> float:
        texts = sum(bool(self.passages[place].also_asked) for place in text.having.get(term, ()))
        uses = texts + len(nearest.having.get(term, ()))
        return 1 - len(self._having[term]) / uses if uses else 0.0

    @property
    def terms(self) -> int:
        """How many different terms the passages have."""
        return len(self._having)

    def idf(self, concept: Concept) -> float:
        """How rare a word is, above 0: as rare as the likeliest of its terms that any passage has."""
        terms = concept.terms
        likeliest = next(iter(terms)) if len(terms) == 1 else self._likeliest(concept)
        return self._idf.get(likeliest, self._rarest)

    def rarity(self, concept: Concept) -> float:
        """The word's idf as a share of the highest there is, 0…1: 1 for a word that no passage has."""
        return self.idf(concept) / self._rarest

    def burstiness(self, concept: Concept) -> float:
        """The share of a word's uses beyond one a passage, 0…1.

        Uses are the heading, each way to ask and the text; where there are no ways to ask, each sentence of the text.

        Source: Church and Gale 1995, "Poisson mixtures", whose burstiness is uses a passage: the same order.
        """
        return self._burstiness.get(self._likeliest(concept), 0.0)

    def lists(self, query: Query) -> bool:
        """Whether a heading or way to ask is the question, small words and endings aside."""
        return query.typed in self._listed

    def _likeliest(self, concept: Concept) -> str:
        """The likeliest term of a word that any passage has; empty where none has one."""
        likeliest, most = "", 0.0
        for term, weight in concept.terms.items():
            if weight > most and term in self._having:
                likeliest, most = term, weight
        return likeliest

    def search(self, query: Query, limit: int | None = None, *, doc_id: str | None = None) -> list[Hit]:
        """The passages that share a term with ``query``, best first, ties in corpus order; of one document, if named.

        First of all stand passages whose heading or way to ask is the question, small words and endings aside.
        """
        if not self.passages or not query.concepts:
            return []
        scores = self._scores.of(query.concepts)
        totals = self._totals(scores)
        scored = totals.tolist()
        listed = self._listed.get(query.typed, set())
        places = np.argsort(-totals, kind="stable").tolist()
        if doc_id is not None:
            places = [place for place in places if self.passages[place].doc_id == doc_id]
        if listed:
            places.sort(key=lambda place: place not in listed)
        return [
            Hit(self.passages[place], scored[place], place in listed, _Seen(self, query, place, scores))
            for place in places[:limit]
            if scored[place] > 0
        ]

    def having(self, term: str) -> int:
        """How many passages have ``term``."""
        return len(self._having.get(term, ()))

    def _totals(self, scores: Vector) -> Vector:
        """The score of every passage, given what each field gives."""
        _, asked, nearest, known, _ = self._scores.starts
        means = self._means(scores[nearest:known])
        return TEXT_WEIGHT * scores[:asked] + ASKED_WEIGHT * scores[asked:nearest] + NEAREST_WEIGHT * means

    def _means(self, scores: Vector) -> Vector:
        """Of every passage the mean score of its nearest ways to ask, given the score of each.

        A heading that is nearer than the sentences that stand in counts by itself.
        """
        cells = np.zeros(len(self.passages) * self._longest)
        cells[self._cells] = scores
        rows = cells.reshape(-1, self._longest)
        rows.sort(axis=1)
        total = np.zeros(len(rows))
        for rank in range(1, NEAREST + 1):  # the nearest first, and no sum, which may add in another order
            total += rows[:, -rank]
        means: Vector = total / self._counting
        if len(self._stood_in_for):
            headings = scores[self._headings[self._stood_in_for]]
            means[self._stood_in_for] = np.maximum(headings, means[self._stood_in_for])
        return means

    def _nearest_ways(self, place: int, scores: Vector) -> list[int]:
        """The ways to ask that count for a passage, given the score of each: at least one."""
        first = int(self._headings[place])
        ways = range(first, first + self._ways_of[place])
        nearest = sorted(ways, key=lambda way: -scores[way])[:NEAREST]
        stood_in_for = not self.passages[place].also_asked
        alone = stood_in_for and scores[first] > sum(scores[way] for way in nearest) / len(nearest)
        return [first] if alone else nearest

    def known_scores(self, scores: Vector) -> Vector:
        """The score of each known question, given the ``scores`` of all places."""
        return scores[self._scores.starts[3] :]

    def held(self, query: Query, place: int) -> list[list[str]]:
        """Of each word of ``query`` the terms that a passage has."""
        return [[term for term in concept.terms if place in self._having.get(term, ())] for concept in query.concepts]

    def contributions(self, query: Query, place: int, scores: Vector) -> tuple[Contribution, ...]:
        """What each term added to a passage's score, given the ``scores`` of all places."""
        text, asked, nearest, *_ = self._scores.starts
        ways = self._nearest_ways(place, scores[nearest:])
        at = self._scores.at
        found = []
        for concept in query.concepts:
            for term in concept.terms:
                of_ways = sum(at(concept, term, nearest + way) for way in ways) / len(ways)
                found += [
                    Contribution(concept.word, term, "text", TEXT_WEIGHT * at(concept, term, text + place)),
                    Contribution(concept.word, term, "asked", ASKED_WEIGHT * at(concept, term, asked + place)),
                    Contribution(concept.word, term, "nearest", NEAREST_WEIGHT * of_ways),
                ]
        return tuple(one for one in found if one.score > 0)


class _Seen:
    """What there is to say of a hit, found out when it is asked for: as in `Seen`."""

    __slots__ = ("_held", "index", "place", "query", "scores")

    def __init__(self, index: Index, query: Query, place: int, scores: Vector) -> None:
        self.index = index
        self.query = query
        self.place = place
        self.scores = scores
        self._held: list[list[str]] | None = None

    def held(self) -> list[list[str]]:
        """Of each word the terms that the passage has: looked up once."""
        if self._held is None:
            self._held = self.index.held(self.query, self.place)
        return self._held

    def known(self) -> Vector:
        return self.index.known_scores(self.scores)

    def coverage(self) -> float:
        """Rare words count more, and of each word the best of its terms."""
        idf, concepts = self.index.idf, self.query.concepts
        rarity = np.array([idf(concept) * concept.weight for concept in concepts])
        held = [
            max([concept.terms[term] for term in terms]) if terms else 0.0
            for concept, terms in zip(concepts, self.held(), strict=True)
        ]
        return min(1.0, float(np.add.reduce(rarity * held) / np.add.reduce(rarity)))

    def matched(self) -> tuple[tuple[str, str], ...]:
        pairs = zip(self.query.concepts, self.held(), strict=True)
        return tuple(
            [
                (concept.word, term)
                for concept, terms in pairs
                for term in terms
                if concept.terms[term] * concept.weight > 0
            ]
        )

    def contributions(self) -> tuple[Contribution, ...]:
        return self.index.contributions(self.query, self.place, self.scores)
