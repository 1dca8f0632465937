"""Patterns of words, written to be read, and a message as they see it. Floor 2: knows `analysis` only.

A pattern is words with blanks between them, whatever form of a word is meant: "take" finds "taking". Besides words:

- ``can|may`` one or the other, ``the?`` or ``a|the?`` one of them or none
- ``<medicine>`` any phrase of the list of that name
- ``..`` up to two words, ``...`` up to six, within one sentence
- ``.`` the start or the end of a sentence, also as one of several (``.|please``); ``?`` the end of one that asks

Every gap is bounded, so the time to look for a pattern grows with the length of the message and no faster.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.analysis import Analyzer, fold, tokenize

Vocabulary = Mapping[str, Sequence[str]]

_GAPS = {"..": 2, "...": 6}
_EDGE = r" [.?]"
_ASKING_EDGE = r" [?]"
_EDGES = frozenset(".?")
_ENDS_SENTENCE = re.compile(r"[.!?;\n।؟？]")
_ASKS = re.compile(r"[?؟？]")
_FIGURE = re.compile(r"(\d+)([^\W\d_]+)")
_NAME = re.compile(r"<([^<>]+)>")

# What people type for words that patterns are written with: too short to be mended, or two words in one.
_WRITTEN_OUT = {
    "cn": "can", "cud": "could", "hav": "have", "hve": "have", "ibu": "ibuprofen", "id": "i would", "im": "i am",
    "its": "it is", "ive": "i have", "lng": "long", "m": "am", "med": "medicine", "meds": "medicine", "mgs": "mg",
    "milligram": "mg", "milligrams": "mg", "mny": "many", "ok": "okay", "pcm": "paracetamol", "preggers": "pregnant",
    "prego": "pregnant", "tab": "tablet", "tabs": "tablets", "tk": "take", "tke": "take", "wats": "what is",
    "whats": "what is", "wot": "what", "yo": "year old", "yr": "year", "yrs": "years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """``words`` as patterns see them, ``.`` and ``?`` among them, and beside each what was ``typed`` for it."""

    words: tuple[str, ...]
    typed: tuple[str, ...]

    @property
    def wording(self) -> tuple[str, ...]:
        """The words alone: equal for two messages that say the same in the same words."""
        return tuple(word for word in self.words if word not in _EDGES)


class MessageReader:
    """Reads messages of one language. Built once, then only read."""

    def __init__(self, analyzer: Analyzer, mend: Callable[[str], tuple[str, ...]]) -> None:
        """``mend`` gives the words that a misspelt one is meant for, and none for one that is to be left alone."""
        self._analyzer = analyzer
        self._mend = mend

    def read(self, text: str) -> Message:
        """The words of ``text``: written out, mended, folded and stemmed; no word is dropped."""
        pairs = [(".", "")]
        for (start, end), (following, _) in pairwise([*tokenize(text), (len(text), len(text))]):
            typed, between = text[start:end], text[end:following]
            pairs += [(word, typed) for word in self._words(fold(typed, self._analyzer.language))]
            if _ENDS_SENTENCE.search(between) or following == len(text):
                pairs.append(("?" if _ASKS.search(between) else ".", ""))
        return Message(tuple(word for word, _ in pairs), tuple(typed for _, typed in pairs))

    def _words(self, folded: str) -> list[str]:
        """What patterns call a typed word: ``400mg`` is two words, and so is ``i'm``."""
        figure = _FIGURE.fullmatch(folded)
        parts = figure.groups() if figure else (folded,)
        written = [word for part in parts for word in _WRITTEN_OUT.get(part, part).split()]
        return [_stem(mended, self._analyzer) for word in written for mended in self._mend(word) or (word,)]


class Pattern:
    """One pattern, ready to be looked for."""

    def __init__(self, written: str, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        """Raises `KeyError` for the name of no list, `ValueError` for a part without a word."""
        self.written = written
        self._expression = re.compile("".join(_element(part, vocabulary, analyzer) for part in _parts(written)))

    def find(self, message: Message) -> str | None:
        """The typed words that it stands for, empty for an edge of a sentence; none if it is not there."""
        text = f" {' '.join(message.words)} "
        match = self._expression.search(text)
        if match is None:
            return None
        first, last = text.count(" ", 0, match.start()), text.count(" ", 0, match.end())
        # A word that was written out as two stands there twice.
        return " ".join(word for word, _ in groupby(filter(None, message.typed[first:last])))


def phrases_of(lists: Mapping[str, str]) -> Vocabulary:
    """Each list's phrases, which stand between commas; those of an earlier list where its ``<name>`` stands."""
    vocabulary: dict[str, tuple[str, ...]] = {}
    for name, phrases in lists.items():
        vocabulary[name] = tuple(
            one for phrase in phrases.split(",") for one in _phrases(" ".join(phrase.split()), vocabulary)
        )
    return vocabulary


def words_of(written: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """All that patterns and lists are written with, so that misspelt words can be mended to it."""
    phrases = [phrase for of_list in vocabulary.values() for phrase in of_list]
    return [*(_NAME.sub(" ", part) for part in written), *phrases]


def _parts(written: str) -> list[str]:
    """Split at blanks that are not within the name of a list."""
    return re.findall(r"(?:<[^<>]*>|[^\s<])+", written)


def _element(part: str, vocabulary: Vocabulary, analyzer: Analyzer) -> str:
    if part in _GAPS:
        return rf"(?: [^ .?]+){{0,{_GAPS[part]}}}?(?= )"
    if part == "?":
        return rf"{_ASKING_EDGE}(?= )"
    choices = dict.fromkeys(
        _phrase(phrase, analyzer)
        for choice in part.removesuffix("?").split("|")
        for phrase in _phrases(choice, vocabulary)
    )
    return f"(?:(?:{'|'.join(choices)})(?= )){'?' * part.endswith('?')}"


def _phrases(choice: str, vocabulary: Vocabulary) -> Sequence[str]:
    name = _NAME.fullmatch(choice)
    return vocabulary[name[1]] if name else (choice,)


def _phrase(phrase: str, analyzer: Analyzer) -> str:
    if phrase == ".":
        return _EDGE
    words = [fold(phrase[start:end], analyzer.language) for start, end in tokenize(phrase)]
    if not words:
        message = f"“{phrase}” in a pattern has no word"
        raise ValueError(message)
    return "".join(f" {re.escape(_stem(word, analyzer))}" for word in words)


def _stem(folded: str, analyzer: Analyzer) -> str:
    """Without its ending; a stop word, of which nothing would be left, as it is."""
    return analyzer.term(folded) or folded
