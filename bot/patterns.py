"""Patterns of words, written to be read, and a message as they see it. Floor 2: knows `analysis` and `letters`.

A pattern is words with blanks between them, whatever form of a word is meant: "take" finds "taking". Besides words:

- ``can|may`` one or the other, ``the?`` or ``a|the?`` one of them or none
- ``<medicine>`` any phrase of the list of that name
- ``..`` up to two words, ``...`` up to six, within one sentence
- ``.`` the start or the end of a sentence, also as one of several (``.|please``); ``?`` the end of one that asks
- ``,`` a pause that the writer marked: a comma, a dash, a bracket
- ``+`` between two such rows of words: both, in either order, up to eight words apart, within one sentence

All patterns are looked for at once: a message is read for their words from left to right, and then each pattern whose
words are all there walks over it with sets of places. The time grows with the length of the message and no faster,
whatever is typed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, pairwise
from operator import or_

from bot.analysis import Analyzer, fold, tokenize
from bot.letters import plain

Vocabulary = Mapping[str, Sequence[str]]
Span = tuple[int, int]
"""From a word of a message up to, not including, another."""

NEAR = 8
"""How many words may stand between two rows of words that are joined by ``+``: about 45 characters; chosen."""

_GAPS = {"..": 2, "...": 6}
_EDGES = frozenset(".?")
_PAUSE = ","
_BOTH = "+"
_ENDS_SENTENCE = re.compile(r"[.!?;\n।؟？！。]")
_ASKS = re.compile(r"[?؟？]")
_PAUSES = re.compile(r"[,،:()\[\]–—]|\s-+\s")
_FIGURE = re.compile(r"(\d+)([^\W\d_]+)")
_NAME = re.compile(r"<([^<>]+)>")

# What people type for words that patterns are written with: too short to be mended, or two words in one.
_WRITTEN_OUT = {
    "2day": "today", "2nite": "tonight", "b4": "before", "cn": "can", "cud": "could", "cudnt": "couldnt", "dnt": "dont",
    "frm": "from", "gud": "good", "hav": "have", "hve": "have", "ibu": "ibuprofen", "id": "i would", "im": "i am",
    "its": "it is", "iv": "i have", "ive": "i have", "lng": "long", "m": "am", "med": "medicine", "meds": "medicine",
    "mgs": "mg", "milligram": "mg", "milligrams": "mg", "mins": "minutes", "mny": "many", "nite": "night",
    "ok": "okay", "pcm": "paracetamol", "preggers": "pregnant", "prego": "pregnant", "shes": "she is", "hes": "he is",
    "tab": "tablet", "tabs": "tablets", "theyre": "they are", "thru": "through", "tk": "take", "tke": "take",
    "w": "with", "wanna": "want to", "wats": "what is", "whats": "what is", "wiv": "with", "wot": "what",
    "yo": "year old", "yr": "year", "yrs": "years", "yrd": "year old",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """``words`` as patterns see them, ``.`` and ``?`` among them, and beside each what was ``typed`` for it.

    ``pauses`` are the words that the writer paused before.
    """

    words: tuple[str, ...]
    typed: tuple[str, ...]
    pauses: frozenset[int] = frozenset()

    @property
    def wording(self) -> tuple[str, ...]:
        """The words alone: equal for two messages that say the same in the same words."""
        return tuple(word for word in self.words if word not in _EDGES)

    def typed_at(self, span: Span) -> str:
        """What was typed for the words of ``span``; empty for an edge of a sentence."""
        # A word that was written out as two stands there twice.
        return " ".join(word for word, _ in groupby(filter(None, self.typed[slice(*span)])))

    def without(self, spans: Iterable[Span]) -> "Message":
        """The message with the words of ``spans`` blanked, each in its place, the edges of sentences kept."""
        blanked = {at for span in spans for at in range(*span) if self.words[at] not in _EDGES}
        words = tuple("" if at in blanked else word for at, word in enumerate(self.words))
        return Message(words, self.typed, self.pauses)


class MessageReader:
    """Reads messages of one language. Built once, then only read."""

    def __init__(self, analyzer: Analyzer, mend: Callable[[str], tuple[str, ...]]) -> None:
        """``mend`` gives the words that a misspelt one is meant for, and none for one that is to be left alone."""
        self._analyzer = analyzer
        self._mend = mend

    def read(self, text: str) -> Message:
        """The words of ``text``: undisguised, written out, mended, folded and stemmed; no word is dropped."""
        text = plain(text)
        pairs, pauses = [(".", "")], []
        for (start, end), (following, _) in pairwise([*tokenize(text), (len(text), len(text))]):
            typed, between = text[start:end], text[end:following]
            pairs += [(word, typed) for word in self._words(fold(typed, self._analyzer.language))]
            if following == len(text) or (_ENDS_SENTENCE.search(between) and not _within_figure(text, end, between)):
                pairs.append(("?" if _ASKS.search(between) else ".", ""))
            elif _PAUSES.search(between):
                pauses.append(len(pairs))
        return Message(tuple(word for word, _ in pairs), tuple(typed for _, typed in pairs), frozenset(pauses))

    def _words(self, folded: str) -> list[str]:
        """What patterns call a typed word: ``400mg`` is two words, and so is ``i'm``."""
        figure = _FIGURE.fullmatch(folded) if folded not in _WRITTEN_OUT else None
        parts = figure.groups() if figure else (folded,)
        written = [word for part in parts for word in _WRITTEN_OUT.get(part, part).split()]
        return [_stem(mended, self._analyzer) for word in written for mended in self._mend(word) or (word,)]


def _within_figure(text: str, end: int, between: str) -> bool:
    """Whether ``between`` is the point of a figure such as 38.5."""
    return between == "." and text[end - 1].isdecimal() and text[end + 1].isdecimal()


@dataclass(frozen=True, slots=True)
class _Words:
    """Any of some phrases; ``needed`` unless it may be missing."""

    number: int
    needed: bool


@dataclass(frozen=True, slots=True)
class _Gap:
    """Up to ``most`` words of one sentence."""

    most: int


@dataclass(frozen=True, slots=True)
class _Pause:
    """No word, but a pause."""


_Step = _Words | _Gap | _Pause
_Row = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to be looked for, as it was ``written``: rows of words near each other."""

    written: str
    rows: tuple[_Row, ...]
    needs: frozenset[int]
    vocabulary: frozenset[str]
    """All words, stemmed, that one of its phrases has."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message, and which phrases of a book stand where in it, as sets of places: bit ``n`` is word ``n``."""

    message: Message
    places: Mapping[int, Mapping[int, int]]
    """Of a choice of phrases: by a phrase's length in words, where such phrases start."""
    inner: int
    pauses: int

    def find(self, pattern: Pattern) -> Span | None:
        """Where ``pattern`` stands first, as short as it goes from there."""
        return next(self.spans(pattern), None)

    def spans(self, pattern: Pattern) -> Iterator[Span]:
        """Wherever ``pattern`` stands: from each place of its first row, as short as it goes."""
        if not pattern.needs <= self.places.keys():
            return
        first, *others = [self._row(row) for row in pattern.rows]
        if not first or not all(others):
            return
        fields = [(row, self._near(row)) for row in others]
        for start, end in first.items():
            stretch = range(start, end)
            if all(any(field >> at & 1 for at in stretch) for _, field in fields):
                nearest = [min(row.items(), key=lambda span: _distance(span, (start, end))) for row, _ in fields]
                yield min([start, *(one for one, _ in nearest)]), max([end, *(one for _, one in nearest)])

    def _row(self, row: _Row) -> dict[int, int]:
        """Where ``row`` stands, as short as it goes: its end by its start."""
        everywhere = (1 << len(self.message.words)) - 1
        if not self._ends(row, everywhere):
            return {}
        found = ((start, self._ends(row, 1 << start)) for start in _bits(self._starts(row)))
        return {start: (ends & -ends).bit_length() - 1 for start, ends in found if ends}

    def _starts(self, row: _Row) -> int:
        """Where ``row`` may start: its first words, if it must have them."""
        match row[0]:
            case _Words(number, True):
                return reduce(or_, self.places[number].values())
            case _:
                return (1 << len(self.message.words)) - 1

    def _near(self, row: Mapping[int, int]) -> int:
        """The words within reach of ``row``, wherever it stands."""
        reached = sum(1 << at for at in {at for start, end in row.items() for at in range(start, end)})
        for _ in range(NEAR + 1):
            reached |= ((reached << 1) | (reached >> 1)) & self.inner
        return reached

    def _ends(self, row: _Row, starts: int) -> int:
        """Where ``row`` can end if it starts at one of ``starts``."""
        places = starts
        for step in row:
            match step:
                case _Words(number, needed):
                    places = self._after(number, places) | (0 if needed else places)
                case _Gap(most):
                    for _ in range(most):
                        places |= (places & self.inner) << 1
                case _Pause():
                    places &= self.pauses
            if not places:
                break
        return places

    def _after(self, number: int, places: int) -> int:
        reached = 0
        for length, starts in self.places.get(number, {}).items():
            reached |= (places & starts) << length
        return reached


class PatternBook:
    """The patterns of one language, written with one vocabulary. Written first, then only read."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        """``vocabulary`` are the lists whose names patterns may use."""
        self._vocabulary = vocabulary
        self._analyzer = analyzer
        self._numbers: dict[frozenset[tuple[str, ...]], int] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}  # by their first word, with their choice

    def pattern(self, written: str) -> Pattern:
        """Raises `KeyError` for the name of no list, `ValueError` for a part without a word."""
        rows: list[list[_Step]] = [[]]
        words: set[str] = set()
        for part in _parts(written):
            if part in _GAPS:
                rows[-1].append(_Gap(_GAPS[part]))
            elif part == _PAUSE:
                rows[-1].append(_Pause())
            elif part == _BOTH:
                rows.append([])
            else:
                choice = frozenset(self._choice(part))
                words |= {word for phrase in choice for word in phrase}
                rows[-1].append(_Words(self._number(choice), needed=part == "?" or not part.endswith("?")))
        if not all(any(isinstance(step, _Words) for step in row) for row in rows):
            message = f"“{written}” has a part without a word"
            raise ValueError(message)
        needs = frozenset(step.number for row in rows for step in row if isinstance(step, _Words) and step.needed)
        return Pattern(written, tuple(map(tuple, rows)), needs, frozenset(words))

    def patterns(self, lines: str) -> tuple[Pattern, ...]:
        """A pattern a line; empty lines are none."""
        return tuple(self.pattern(line) for line in map(str.strip, lines.splitlines()) if line)

    def look(self, message: Message) -> Sighting:
        """Read ``message`` for every phrase of every pattern at once."""
        places: dict[int, dict[int, int]] = {}
        for at, word in enumerate(message.words):
            for edge in (word, ".") if word == "?" else (word,):
                for rest, number in self._phrases.get(edge, ()):
                    if not rest or message.words[at + 1 : at + 1 + len(rest)] == rest:
                        starts = places.setdefault(number, {})
                        starts[len(rest) + 1] = starts.get(len(rest) + 1, 0) | 1 << at
        inner = sum(1 << at for at, word in enumerate(message.words) if word not in _EDGES)
        return Sighting(message, places, inner, sum(1 << at for at in message.pauses))

    def _choice(self, part: str) -> Iterator[tuple[str, ...]]:
        if part == "?":
            yield ("?",)
            return
        for choice in part.removesuffix("?").split("|"):
            for phrase in _phrases(choice, self._vocabulary):
                yield _phrase(phrase, self._analyzer)

    def _number(self, choice: frozenset[tuple[str, ...]]) -> int:
        """The number of these phrases, the same whichever pattern has them."""
        if choice not in self._numbers:
            number = self._numbers[choice] = len(self._numbers)
            for first, *rest in choice:
                self._phrases.setdefault(first, []).append((tuple(rest), number))
        return self._numbers[choice]


def joined(messages: Sequence[Message], *, running_on: bool = False) -> Message:
    """The messages as one; ``running_on``, without the edges of sentences between them."""
    words: list[str] = []
    typed: list[str] = []
    pauses: set[int] = set()
    for number, message in enumerate(messages):
        cut = slice(1 if running_on and number else 0, -1 if running_on and number + 1 < len(messages) else None)
        pauses |= {len(words) + at - (cut.start or 0) for at in message.pauses}
        words += message.words[cut]
        typed += message.typed[cut]
    return Message(tuple(words), tuple(typed), frozenset(pauses))


def phrases_of(lists: Mapping[str, str]) -> Vocabulary:
    """Each list's phrases, which stand between commas; those of an earlier list where its ``<name>`` stands.

    Raises `KeyError` for the name of no earlier list.
    """
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


def _bits(places: int) -> Iterator[int]:
    """The places of a set, from the first on."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


def _distance(one: Span, other: Span) -> int:
    """How many words stand between two spans; none where they meet."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def _parts(written: str) -> list[str]:
    """Split at blanks that are not within the name of a list."""
    return re.findall(r"(?:<[^<>]*>|[^\s<])+", written)


def _phrases(choice: str, vocabulary: Vocabulary) -> Sequence[str]:
    name = _NAME.fullmatch(choice)
    return vocabulary[name[1]] if name else (choice,)


def _phrase(phrase: str, analyzer: Analyzer) -> tuple[str, ...]:
    if phrase == ".":
        return (".",)
    words = [fold(phrase[start:end], analyzer.language) for start, end in tokenize(phrase)]
    if not words:
        message = f"“{phrase}” in a pattern has no word"
        raise ValueError(message)
    return tuple(_stem(word, analyzer) for word in words)


def _stem(folded: str, analyzer: Analyzer) -> str:
    """Without its ending; a stop word, of which nothing would be left, as it is."""
    return analyzer.term(folded) or folded
