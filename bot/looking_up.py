"""What phone staff see of a question: rows to read out.

Floor 4: knows `analysis`, `fields`, `index`, `model`, `quoting`, `reply`, `saying`, `why` and `wording`.

One index serves visitors and staff: the rows stand in its order, and what a visitor is not shown is not read out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot import quoting, wording
from bot.analysis import Analyzer
from bot.fields import idf
from bot.index import Index
from bot.model import AnswerKind, Document, FixedWording, Hit, Passage, Query, Weights
from bot.reply import Alert, Citation, QuotedBlock
from bot.saying import WHOLE, Saying, say
from bot.why import spellings, why

VERY_LIKELY_FROM = 0.85
"""The confidence from which a first passage is called very likely the answer.

Of the judged questions (benchmarks, questions and held_out) whose best hit had at least that, 92% had a relevant one
there; from 0.6 on 84%, from 0.25 on 45%, below that 8%.
"""

FURTHER_DOWN = 3
"""Power of its share of the best score with which a further passage's confidence falls.

The judge's confidence is about a first passage, and most of it is about the question. Of further passages that then
have from 0.25, 0.4, 0.6 and 0.85 up to the next of these, 35, 42, 62 and 71% were relevant (power 1:
17, 28, 40, 69; 2: 31, 38, 52, 74).
"""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A passage as staff see it; ``section`` is its heading with those above.

    ``saying`` is what to read out, ``notes`` are not to be read out. ``confidence`` is 0…1, ``certainty`` says it in
    words, and ``why`` are reasons that it was found, strongest first. A row that is ``withheld`` beside the alert has
    wording instead of its text, and neither blocks, saying nor citation.
    """

    id: str
    title: str
    section: str
    document: str
    doc_id: str
    text: str
    blocks: tuple[QuotedBlock, ...]
    saying: Saying | None
    notes: tuple[str, ...]
    medicine: bool
    citation: Citation | None
    confidence: float
    certainty: str
    why: tuple[str, ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class LookUp:
    """A question at the desk: what a visitor would get, and the rows that staff choose from.

    ``kind``, ``fixed``, ``message`` and ``alert`` are as a visitor gets them; ``answered`` is the id of the passage
    that they are shown, which is then that of the best hit. ``alone`` says that they see the alert and nothing else;
    ``caller`` is what staff do with it.
    """

    kind: AnswerKind
    answered: str | None
    fixed: FixedWording | None
    message: str | None
    alert: Alert | None
    caller: str | None
    alone: bool
    rows: tuple[DeskRow, ...]
    corpus_version: str


class Desk:
    """Makes the rows. Built once, then only read."""

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        documents: Iterable[Document],
        weights: Weights,
        *,
        said_whole: Collection[str],
    ) -> None:
        """``said_whole`` are the documents of which each passage is read out whole."""
        self._index = index
        self._analyzer = analyzer
        self._documents = {document.doc_id: document for document in documents}
        self._weights = weights
        self._said_whole = frozenset(said_whole)
        # Once here, not at each look-up: it takes longer than all the rest of one.
        self._spelt = {passage.passage_id: spellings(passage, analyzer) for passage in index.passages}

    def row(self, query: Query, hit: Hit, confidence: float, *, first: bool, today: date | None) -> DeskRow:
        """``hit`` as a row; ``first`` says that it is the best of all."""
        passage = hit.passage
        document = self._documents[passage.doc_id]
        quoted = quoting.quoted(passage, query.terms, self._analyzer)
        whole = passage.doc_id in self._said_whole
        return DeskRow(
            id=passage.passage_id,
            title=passage.title,
            section=quoting.section(passage),
            document=document.title,
            doc_id=passage.doc_id,
            text=passage.text,
            blocks=quoted.blocks,
            saying=say(passage, self._worths(query), self._analyzer, whole=whole),
            notes=passage.notes,
            medicine=bool(passage.classes & WHOLE),
            citation=quoting.citation(passage, document, today),
            confidence=confidence,
            certainty=self._certainty(confidence, first=first),
            why=why(hit, _terms_of_words(query), self._spelt[passage.passage_id], self._analyzer),
        )

    def withheld(self, passage: Passage) -> DeskRow:
        """``passage`` as a row that says that it exists, and nothing that could be read out."""
        return DeskRow(
            id=passage.passage_id,
            title=passage.title,
            section=quoting.section(passage),
            document=self._documents[passage.doc_id].title,
            doc_id=passage.doc_id,
            text=wording.WITHHELD,
            blocks=(),
            saying=None,
            notes=passage.notes,
            medicine=bool(passage.classes & WHOLE),
            citation=None,
            confidence=0.0,
            certainty=wording.NOT_TO_BE_READ_OUT,
            why=(),
            withheld=True,
        )

    def _worths(self, query: Query) -> list[dict[str, float]]:
        """Each word's terms by what they are worth in a sentence: the rarer, the more."""
        size = len(self._index.passages)
        return [
            {
                term: idf(size, self._index.having(term)) * weight * concept.weight
                for term, weight in concept.terms.items()
            }
            for concept in query.concepts
        ]

    def _certainty(self, confidence: float, *, first: bool) -> str:
        if first and confidence >= VERY_LIKELY_FROM:
            return wording.VERY_LIKELY
        if confidence >= self._weights.answer_from:
            return wording.PROBABLY
        return wording.PERHAPS if confidence >= self._weights.suggest_from else wording.ONLY_WORDS


def further_down(confidence: float, hit: Hit, best: Hit) -> float:
    """The confidence in ``hit`` below ``best``, given what the judge would say of it as a first passage."""
    return confidence * min(1.0, hit.score / best.score) ** FURTHER_DOWN


def _terms_of_words(query: Query) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for concept in query.concepts:
        found.setdefault(concept.word, {}).update(concept.terms)
    return found
