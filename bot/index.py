"""BM25 over passages: built once, then only read. Floor 2: knows `analysis` and `model`.

The formula is rank-bm25's Okapi with Lucene's idf, ``log(1 + (N - df + 0.5) / (df + 0.5))``, in place of its own:
the package's idf is 0 for a term that half of the passages share and negative in a corpus of one. With Lucene's every
score is above 0 exactly when a passage shares a term with the question, and scores are (k1 + 1) times Lucene's.

Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; Lucene's BM25Similarity.
"""

import math
from collections.abc import Sequence

import numpy as np
from rank_bm25 import BM25Okapi

from bot.analysis import Analyzer
from bot.model import Contribution, Hit, Passage, Query

HEADING_WEIGHT = 3
"""How often a heading's words count beside those of the text: chosen, so that a question typed as an FAQ has it finds
its own entry before an article section on the same topic."""


class Index:
    """The passages of one corpus, searchable."""

    def __init__(self, passages: Sequence[Passage], analyzer: Analyzer) -> None:
        """Index heading and text of every passage; the order of ``passages`` settles ties."""
        self.passages = tuple(passages)
        self.analyzer = analyzer
        self._scorer = _scorer(
            [analyzer.terms(f"{passage.title}\n" * HEADING_WEIGHT + passage.text) for passage in self.passages]
        )

    def idf(self, term: str) -> float:
        """How rare ``term`` is, above 0; a term that no passage has is the rarest."""
        known = self._scorer.idf.get(term) if self._scorer else None
        return _idf(len(self.passages), 0) if known is None else float(known)

    def search(self, query: Query, limit: int | None = None) -> list[Hit]:
        """The passages that share a term with ``query``, best first, ties in corpus order.

        Each term is scored by itself and the scores are added, which is what BM25 is: the explanation costs nothing.
        """
        if self._scorer is None or not query.terms:
            return []
        scores = np.array([self._scorer.get_scores([term.term]) * term.weight for term in query.terms])
        totals = scores.sum(axis=0)
        idfs = np.array([self.idf(term.term) for term in query.terms])
        coverage = np.minimum(1.0, ((scores > 0) * idfs[:, None]).sum(axis=0) / idfs.sum())
        order = np.argsort(-totals, kind="stable")
        return [
            Hit(
                passage=self.passages[at],
                score=float(totals[at]),
                coverage=float(coverage[at]),
                contributions=tuple(
                    Contribution(term.term, term.word, float(score))
                    for term, score in zip(query.terms, scores[:, at], strict=True)
                    if score > 0
                ),
            )
            for at in order[:limit]
            if totals[at] > 0
        ]


def _idf(passages: int, having: int) -> float:
    """Lucene's idf of a term that ``having`` of ``passages`` have."""
    return math.log(1 + (passages - having + 0.5) / (having + 0.5))


def _scorer(documents: list[list[str]]) -> BM25Okapi | None:
    """A scorer over the documents' terms; ``None`` where no document has a term: the package divides by zero there."""
    if not any(documents):
        return None
    scorer = BM25Okapi(documents)
    having = dict.fromkeys(scorer.idf, 0)
    for frequencies in scorer.doc_freqs:
        for term in frequencies:
            having[term] += 1
    scorer.idf = {term: _idf(len(documents), count) for term, count in having.items()}
    return scorer
