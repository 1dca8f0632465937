"""A question in, a `Query` out.

Floor 4: knows `analysis`, `intent`, `kept`, `language`, `lexicon`, `model` and `spelling`.

A query is each word with all the terms that are searched for it.

The steps: words → mend spelling → drop stop words, stem → widen by the lexicon → weigh sentences → add intents.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import regex

from bot.analysis import Analyzer, fold, words
from bot.intent import intents_of
from bot.kept import Kept
from bot.language import is_other_language
from bot.lexicon import Lexicon, Match
from bot.model import Concept, LexiconEntry, Query
from bot.spelling import Speller

LONG = 25
"""Words from which a message is a story with a question in it."""

TELLING_WEIGHT = 0.8
"""How much a word of a long message counts outside the sentence that asks: chosen among 0.3…1 on judged questions."""

INTENT_WEIGHT = 0.5
"""How much what a question wants to know counts beside a word of it."""

_SENTENCE_END = regex.compile(r"(?<=[.!?।؟？])\s+|\n+")
_ASKING = regex.compile(r"[?؟？]")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as typed: the term of just that, empty for a stop word, and what it is meant for.

    That is itself, a mended word, or two that were run together: ``asked`` are these, and ``parts`` what is searched.
    """

    term: str
    asked: tuple[str, ...]
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is searched for a word: its terms, the likeliest first; ``widened`` by what stands in for that one alone."""

    term: str
    concept: Concept
    widened: Concept


class QuestionReader:
    """Reads questions against one corpus. Built once, then only read."""

    def __init__(self, texts: Iterable[str], lexicon: Iterable[LexiconEntry], analyzer: Analyzer) -> None:
        """``texts`` is all that can be found: misspelt words are mended to its words and to those of the lexicon."""
        lexicon = tuple(lexicon)
        self._analyzer = analyzer
        self._lexicon = Lexicon(lexicon, analyzer)
        # What the lexicon stands ready for is no slip, though no passage has it.
        sources = dict.fromkeys(entry.source for entry in lexicon)
        self._speller = Speller((*texts, *sources), analyzer.language)
        self._words = Kept(self._word)

    def is_other_language(self, question: str) -> bool:
        """Whether ``question`` is in a language that this one cannot read; asked of English only."""
        return self._analyzer.language == "en" and is_other_language(question, self._speller)

    def read(self, question: str) -> Query:
        """The question's words, each once (who repeats a word does not mean it more), and what it wants to know."""
        read = [self._words[word] for word in words(question)]
        concepts: dict[str, Concept] = {}
        for sentence, weight in self._weighed(question, read):
            for term, concept in self._concepts(sentence, weight):
                concepts[term] = _joined(concepts[term], concept) if term in concepts else concept
        # What is wanted to know of nothing is no question: "whats this" has no word of content.
        wanted = intents_of([asked for word in read for asked in word.asked]) if concepts else ()
        return Query(
            question,
            (*concepts.values(), *[Concept(intent, {intent: 1.0}, INTENT_WEIGHT) for intent in wanted]),
            tuple([word.term for word in read if word.term]),
        )

    def _weighed(self, question: str, read: list[_Word]) -> Iterable[tuple[Iterable[_Word], float]]:
        """The words of a long message by its sentences, those that ask counting most; a short message as it is."""
        if len(read) < LONG or not _ASKING.search(question):
            return [(read, 1.0)]
        sentences = _SENTENCE_END.split(question)
        return [
            ([self._words[word] for word in words(sentence)], 1.0 if _ASKING.search(sentence) else TELLING_WEIGHT)
            for sentence in sentences
        ]

    def _word(self, typed: str) -> _Word:
        language = self._analyzer.language
        folded = fold(typed, language)
        meant = self._speller.mend(folded) or (folded,)
        found = [dict.fromkeys([term], 1.0) for part in meant if (term := self._analyzer.term(part))]
        if found and len(meant) == 1 and (itself := self._analyzer.term(folded)):
            found[0][itself] = 1.0  # beside what it is mended to
        asked = [fold(word, language) for part in meant for word in words(part)] if language == "en" else []
        return _Word(
            self._analyzer.term(folded), tuple(asked), tuple([self._part(Concept(typed, terms)) for terms in found])
        )

    def _part(self, concept: Concept) -> _Part:
        term = next(iter(concept.terms))
        alone = next(self._lexicon.matches([term]), None)
        return _Part(term, concept, _widened(concept, alone) if alone else concept)

    def _concepts(self, sentence: Iterable[_Word], weight: float) -> Iterable[tuple[str, Concept]]:
        """What is searched for the words of a sentence, each with its likeliest term."""
        parts = [part for word in sentence for part in word.parts]
        terms = [part.term for part in parts]
        found = [part.concept for part in parts]
        for match in self._lexicon.matches(terms):
            part = parts[match.start]
            alone = match.end == match.start + 1
            found[match.start] = part.widened if alone else _widened(part.concept, match)
        if weight < 1:
            found = [Concept(concept.word, concept.terms, weight) for concept in found]
        return zip(terms, found, strict=True)


def _widened(concept: Concept, match: Match) -> Concept:
    """``concept`` with what may stand in for it."""
    terms = dict(concept.terms)
    for term, weight in match.stand_ins.items():
        terms[term] = max(terms.get(term, 0.0), weight)
    return Concept(concept.word, terms)


def _joined(first: Concept, second: Concept) -> Concept:
    terms = {
        term: max(first.terms.get(term, 0.0), second.terms.get(term, 0.0)) for term in {**first.terms, **second.terms}
    }
    return Concept(first.word, terms, max(first.weight, second.weight))
