"""A question in, a `Query` out. Floor 3: knows `analysis`, `lexicon`, `model` and `spelling`.

A query is each word with all the terms that are searched for it.

The steps: words → mend spelling → drop stop words, stem → widen by the lexicon → weigh sentences.
"""

from collections.abc import Iterable

import regex

from bot.analysis import Analyzer, fold, tokenize
from bot.lexicon import Lexicon
from bot.model import Concept, LexiconEntry, Query
from bot.spelling import Speller

LONG = 25
"""Words from which a message is a story with a question in it."""

TELLING_WEIGHT = 0.8
"""How much a word of a long message counts outside the sentence that asks: chosen among 0.3…1 on judged questions."""

_SENTENCE_END = regex.compile(r"(?<=[.!?।؟？])\s+|\n+")
_ASKING = regex.compile(r"[?؟？]")


class QuestionReader:
    """Reads questions against one corpus. Built once, then only read."""

    def __init__(self, texts: Iterable[str], lexicon: Iterable[LexiconEntry], analyzer: Analyzer) -> None:
        """``texts`` is all that can be found: misspelt words are mended to its words."""
        self._analyzer = analyzer
        self._lexicon = Lexicon(lexicon, analyzer)
        self._speller = Speller(texts, analyzer.language)

    def read(self, question: str) -> Query:
        """The question's words, each once: who repeats a word does not mean it more."""
        concepts: dict[str, Concept] = {}
        for sentence, weight in _weighed(question):
            for concept in self._concepts(sentence, weight):
                term = next(iter(concept.terms))
                concepts[term] = _joined(concepts[term], concept) if term in concepts else concept
        return Query(question, tuple(concepts.values()), tuple(self._analyzer.terms(question)))

    def _concepts(self, text: str, weight: float) -> list[Concept]:
        words: list[str] = []
        forms: list[dict[str, float]] = []
        for start, end in tokenize(text):
            for terms in self._terms(fold(text[start:end], self._analyzer.language)):
                words.append(text[start:end])
                forms.append(dict.fromkeys(terms, 1.0))
        for match in self._lexicon.matches([next(iter(form)) for form in forms]):
            form = forms[match.start]
            for term, stand_in_weight in match.stand_ins.items():
                form[term] = max(form.get(term, 0.0), stand_in_weight)
        return [Concept(word, form, weight) for word, form in zip(words, forms, strict=True)]

    def _terms(self, word: str) -> list[list[str]]:
        """The terms for a folded word, for each word that it is: the likeliest first, and what was typed beside it."""
        mended = self._speller.mend(word)
        found = [[term] for part in mended or (word,) if (term := self._analyzer.term(part))]
        typed = self._analyzer.term(word) if len(mended) == 1 else None
        if typed and found and typed not in found[0]:
            found[0].append(typed)
        return found


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
