"""A question in, a `Query` out.

Floor 4: knows `analysis`, `intent`, `kept`, `language`, `lexicon`, `model` and `spelling`.

A query is each word with all the terms that are searched for it.

The steps: words → mend spelling → drop stop words, stem → widen by the lexicon → weigh sentences → add intents.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import regex

from bot.analysis import Analyzer, fold, tokenize
from bot.intent import intents
from bot.kept import Kept
from bot.language import is_other_language
from bot.lexicon import Lexicon
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
    """A word as typed, and what it is meant for: itself, a mended word, or two that were run together.

    ``terms`` are those of each: the likeliest first, and what was typed beside it.
    """

    typed: str
    meant: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]


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
        concepts: dict[str, Concept] = {}
        meant: list[str] = []
        for sentence, weight in _weighed(question):
            words = [self._words[sentence[start:end]] for start, end in tokenize(sentence)]
            meant += [part for word in words for part in word.meant]
            for concept in self._concepts(words, weight):
                term = next(iter(concept.terms))
                concepts[term] = _joined(concepts[term], concept) if term in concepts else concept
        # What is wanted to know of nothing is no question: "whats this" has no word of content.
        wanted = intents(" ".join(meant), self._analyzer.language) if concepts else ()
        return Query(
            question,
            (*concepts.values(), *(Concept(intent, {intent: 1.0}, INTENT_WEIGHT) for intent in wanted)),
            tuple(self._analyzer.terms(question)),
        )

    def _word(self, typed: str) -> _Word:
        folded = fold(typed, self._analyzer.language)
        meant = self._speller.mend(folded) or (folded,)
        found = [[term] for part in meant if (term := self._analyzer.term(part))]
        itself = self._analyzer.term(folded) if len(meant) == 1 else None
        if itself and found and itself not in found[0]:
            found[0].append(itself)
        return _Word(typed, meant, tuple(map(tuple, found)))

    def _concepts(self, words: Iterable[_Word], weight: float) -> list[Concept]:
        typed: list[str] = []
        forms: list[dict[str, float]] = []
        for word in words:
            for terms in word.terms:
                typed.append(word.typed)
                forms.append(dict.fromkeys(terms, 1.0))
        for match in self._lexicon.matches([next(iter(form)) for form in forms]):
            form = forms[match.start]
            for term, stand_in_weight in match.stand_ins.items():
                form[term] = max(form.get(term, 0.0), stand_in_weight)
        return [Concept(word, form, weight) for word, form in zip(typed, forms, strict=True)]


def _weighed(question: str) -> list[tuple[str, float]]:
    """The sentences of a long message, those that ask counting most; a short message as it is."""
    if len(tokenize(question)) < LONG:
        return [(question, 1.0)]
    sentences = [sentence for sentence in _SENTENCE_END.split(question) if sentence]
    asking = [bool(_ASKING.search(sentence)) for sentence in sentences]
    if not any(asking):
        return [(question, 1.0)]
    return [(text, 1.0 if asks else TELLING_WEIGHT) for text, asks in zip(sentences, asking, strict=True)]


def _joined(first: Concept, second: Concept) -> Concept:
    terms = {
        term: max(first.terms.get(term, 0.0), second.terms.get(term, 0.0)) for term in {**first.terms, **second.terms}
    }
    return Concept(first.word, terms, max(first.weight, second.weight))
