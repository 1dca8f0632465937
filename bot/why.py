"""Why a passage was found, in words that staff read. Floor 3: knows `analysis`, `intent`, `model` and `wording`.

Words are shown as the question or the passage spells them, never as the stems that are searched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import wording
from bot.analysis import Analyzer, fold
from bot.intent import MARK
from bot.model import Hit, Passage

MOST = 4
"""Reasons shown, the strongest first."""

_STAND_INS = 3  # words shown for one word of the question


@dataclass(frozen=True, slots=True)
class _Part:
    """What one word of the question added in one way, by the words of the passage that it was found as."""

    kind: str
    word: str


def why(hit: Hit, query_terms: Mapping[str, Mapping[str, float]], analyzer: Analyzer) -> tuple[str, ...]:
    """Up to `MOST` reasons; ``query_terms`` are the searched terms of each word of the question, with their weights."""
    added: dict[_Part, dict[str, float]] = {}
    for one in hit.contributions:
        part = _Part(_kind(one.word, one.term, query_terms, analyzer), one.word)
        terms = added.setdefault(part, {})
        terms[one.term] = terms.get(one.term, 0.0) + one.score
    strongest = sorted(added.items(), key=lambda item: -sum(item[1].values()))
    said = (_said(part, terms, hit.passage, analyzer) for part, terms in strongest)
    reasons = (*[wording.WHY_LISTED] * hit.listed, *said)
    return reasons[:MOST]


def _kind(word: str, term: str, query_terms: Mapping[str, Mapping[str, float]], analyzer: Analyzer) -> str:
    if term.startswith(MARK):
        return wording.WHY_ASKS
    if term == analyzer.term(fold(word, analyzer.language)):
        return wording.WHY_WORD
    # What the speller mends counts in full, what the lexicon adds counts less.
    return wording.WHY_MENDED if query_terms[word][term] == 1 else wording.WHY_STANDS_FOR


def _said(part: _Part, terms: Mapping[str, float], passage: Passage, analyzer: Analyzer) -> str:
    if part.kind == wording.WHY_ASKS:
        return part.kind.format(word=part.word.removeprefix(MARK))
    strongest = sorted(terms, key=lambda term: -terms[term])[:_STAND_INS]
    if part.kind == wording.WHY_MENDED:  # two words that were run together, in their order
        found = " ".join(_as_written(term, passage, analyzer) for term in terms)
        return part.kind.format(word=part.word, found=found)
    found = ", ".join(f"“{_as_written(term, passage, analyzer)}”" for term in strongest)
    return part.kind.format(word=part.word, found=found)


def _as_written(term: str, passage: Passage, analyzer: Analyzer) -> str:
    """How the passage spells ``term``: without the capital that begins a sentence, where it has that."""
    forms = list(dict.fromkeys(_forms(term, passage, analyzer)))
    return next((form for form in forms if form.islower()), forms[0] if forms else term)


def _forms(term: str, passage: Passage, analyzer: Analyzer) -> Iterator[str]:
    for text in (passage.text, passage.title, *passage.also_asked):
        yield from (text[token.start : token.end] for token in analyzer.tokens(text) if token.term == term)
