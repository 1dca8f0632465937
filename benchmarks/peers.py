"""Other ways to search, each as its own documents show it, behind one signature: texts in, a `Search` out.

None has a threshold. The packages that only some of them need are imported by name when such a peer is built, so that
the rest runs without them.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import islice

import numpy as np
from nltk.stem.snowball import SnowballStemmer
from numpy.typing import ArrayLike
from rank_bm25 import BM25Okapi

from bot.records import DEPTH

Found = tuple[tuple[int, float], ...]
"""Places in the list of texts, each with its score, best first, at most `DEPTH`; empty where no text has a word."""

Search = Callable[[str], Found]

_WORD = re.compile(r"\w+")

# What nltk's English "stopwords" hold, written out because nltk fetches them over the network. It comes from the stop
# list of the Snowball stemmers, and takes away the words that ask.
_STOP_WORDS = frozenset(
    """i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
    it its itself they them their theirs themselves what which who whom this that these those am is are was were be
    been being have has had having do does did doing a an the and but if or because as until while of at by for with
    about against between into through during before after above below to from up down in out on off over under again
    further then once here there when where why how all any both each few more most other some such no nor not only own
    same so than too very s t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven
    isn ma mightn mustn needn shan shouldn wasn weren won wouldn""".split()
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search; ``modules`` are those that it needs beyond Citewell's own packages."""

    name: str
    build: Callable[[Sequence[str]], Search]
    modules: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """The modules that are not installed."""
        return tuple(module for module in self.modules if find_spec(module) is None)


def _tutorial(texts: Sequence[str]) -> Search:
    """rank-bm25 as its README and most tutorials use it: lower-cased words between white space."""
    return _rank_bm25(texts, lambda text: text.lower().split())


def _stemmed(texts: Sequence[str]) -> Search:
    """rank-bm25 with nltk's stemmer and stop words, the usual second step of tutorials."""
    stem = SnowballStemmer("english").stem
    return _rank_bm25(
        texts, lambda text: [stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]
    )


def _rank_bm25(texts: Sequence[str], terms: Callable[[str], list[str]]) -> Search:
    scorer = BM25Okapi([terms(text) for text in texts])
    return lambda question: _best(scorer.get_scores(terms(question)))


def _bm25s(texts: Sequence[str]) -> Search:
    """As in its README: its own tokenizer, its 33 English stop words, PyStemmer."""
    bm25s, stemmer = import_module("bm25s"), import_module("Stemmer").Stemmer("english")
    retriever = bm25s.BM25()
    retriever.index(
        bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False
    )

    def search(question: str) -> Found:
        tokens = bm25s.tokenize(question, stemmer=stemmer, return_ids=False, show_progress=False)
        if not tokens[0]:
            return ()
        places, scores = retriever.retrieve(tokens, k=min(DEPTH, len(texts)), show_progress=False)
        return tuple((int(at), float(score)) for at, score in zip(places[0], scores[0], strict=True) if score > 0)

    return search


def _tantivy(texts: Sequence[str]) -> Search:
    """One field with the tokenizer ``en_stem``; the words of the question joined by OR, which is its default."""
    tantivy = import_module("tantivy")
    schema = (
        tantivy.SchemaBuilder().add_integer_field("place", stored=True).add_text_field("text", tokenizer_name="en_stem")
    )
    index = tantivy.Index(schema.build())
    writer = index.writer(num_threads=1)  # one thread writes in order: ties go by it
    for place, text in enumerate(texts):
        writer.add_document(tantivy.Document(place=place, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> Found:
        words = " ".join(_WORD.findall(question.lower()))
        if not words:
            return ()
        hits = searcher.search(index.parse_query(words, ["text"]), DEPTH).hits
        return tuple((searcher.doc(address)["place"][0], score) for score, address in hits)

    return search


def _fts5(texts: Sequence[str]) -> Search:
    """SQLite's full-text search with Porter's stemmer; every word quoted, joined by OR."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passage USING fts5(text, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(texts))

    def search(question: str) -> Found:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(question))
        if not words:
            return ()
        rows = database.execute(
            "SELECT rowid, -bm25(passage) FROM passage WHERE passage MATCH ? ORDER BY bm25(passage), rowid LIMIT ?",
            (words, DEPTH),
        )
        return tuple(rows)

    return search


def _tfidf(texts: Sequence[str]) -> Search:
    """scikit-learn's ``TfidfVectorizer`` as it comes, compared by cosine."""
    vectorizer = import_module("sklearn.feature_extraction.text").TfidfVectorizer()
    rows = vectorizer.fit_transform(texts)
    return lambda question: _best((rows @ vectorizer.transform([question]).T).toarray()[:, 0])


def _best(scores: ArrayLike) -> Found:
    """The first by score, ties in order; with rank-bm25 a word that most texts have counts below 0."""
    values = np.asarray(scores, float)
    if not values.any():
        return ()
    order = islice(np.argsort(-values, kind="stable"), DEPTH)
    return tuple((int(at), float(values[at])) for at in order)


BASELINE = Peer("rank-bm25", _tutorial)
"""What times are given as multiples of."""

PEERS = (
    BASELINE,
    Peer("rank-bm25, stems and stop words", _stemmed),
    Peer("bm25s", _bm25s, ("bm25s", "Stemmer")),
    Peer("tantivy", _tantivy, ("tantivy",)),
    Peer("SQLite FTS5", _fts5),
    Peer("TF-IDF cosine", _tfidf, ("sklearn",)),
)
