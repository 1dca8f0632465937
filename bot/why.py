"""Why a passage was found, in words that staff read. Floor 3: knows `analysis`, `intent`, `model` and `wording`.

Words are shown as the question or the passage spells them, never as the stems that are searched.
"""

from collections.abc import Mapping
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


def spellings(passage: Passage, analyzer: Analyzer) -> dict[str, str]:
    """How ``passage`` spells each of its terms: without the capital that begins a sentence, where it has that."""
    found: dict[str, str] = {}
    for text in (passage.text, passage.title, *passage.also_asked):
        for token in analyzer.tokens(text):
            form = text[token.start : token.end]
            if form.islower() and not found.get(token.term, "").islower():
                found[token.term] = form
            found.setdefault(token.term, form)
    return found


def why(
    hit: Hit, query_terms: Mapping[str, Mapping[str, float]], spelt: Mapping[str, str], analyzer: Analyzer
) -> tuple[str, ...]:
    """Up to `MOST` reasons; ``query_terms`` are the searched terms of each word of the question, with their weights.

    ``spelt`` are the passage's `spellings`.
    """
    added: dict[_Part, dict[str, float]] = {}
    for one in hit.contributions:
        part = _Part(_kind(one.word, one.term, query_terms, analyzer), one.word)
        terms = added.setdefault(part, {})
        terms[one.term] = terms.get(one.term, 0.0) + one.score
    strongest = sorted(added.items(), key=lambda item: -sum(item[1].values()))
    said = (_said(part, terms, spelt) for part, terms in strongest)
    reasons = (*[wording.WHY_LISTED] * hit.listed, *said)
    return reasons[:MOST]


def _kind(word: str, term: str, query_terms: Mapping[str, Mapping[str, float]], analyzer: Analyzer) -> str:
    if term.startswith(MARK):
        return wording.WHY_ASKS
    if term == analyzer.term(fold(word, analyzer.language)):
        return wording.WHY_WORD
    # What the speller mends counts in full, what the lexicon adds counts less.
    return wording.WHY_MENDED if query_terms[word][term] == 1 else wording.WHY_STANDS_FOR


def _said(part: _Part, terms: Mapping[str, float], spelt: Mapping[str, str]) -> str:
    if part.kind == wording.WHY_ASKS:
        return part.kind.format(word=part.word.removeprefix(MARK))
    strongest = sorted(terms, key=lambda term: -terms[term])[:_STAND_INS]
    if part.kind == wording.WHY_MENDED:  # two words that were run together, in their order
        found = " ".join(spelt.get(term, term) for term in terms)
        return part.kind.format(word=part.word, found=found)
    found = ", ".join(f"“{spelt.get(term, term)}”" for term in strongest)
    return part.kind.format(word=part.word, found=found)
