"""Patterns of words, written to be read, and a message as they see it.

Floor 2: knows `analysis`, `kept`, `letters`, `needs` and `rows`.

A pattern is words with blanks between them, whatever form of a word is meant: "take" finds "taking"; ``=legs`` finds
"legs" and nothing else. Besides words:

- ``can|may`` one or the other, ``the?`` or ``a|the?`` one of them or none, ``no_idea|unsure`` two words or one
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
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby, pairwise
from operator import or_
from typing import Any, Generic, TypeVar

from bot.analysis import Analyzer, fold, tokenize
from bot.kept import Kept
from bot.letters import plain
from bot.needs import Needs
from bot.rows import Packed, packed, unpacked

Vocabulary = Mapping[str, Sequence[str]]
Span = tuple[int, int]
"""From a word of a message up to, not including, another."""

NEAR = 8
"""How many words may stand between two rows of words that are joined by ``+``: about 45 characters; chosen."""

_GAPS = {"..": 2, "...": 6}
_EDGES = frozenset(".?")
_PAUSE = ","
_BOTH = "+"
_EXACTLY = "="
_ENDS_SENTENCE = re.compile(r"[.!?;\n।؟？！。]")
_ASKS = re.compile(r"[?؟？]")
_PAUSES = re.compile(r"[,،:()\[\]–—]|\s-+\s")
_FEW = 3
_FIGURE = re.compile(r"(\d+)([^\W\d_]+)")
_STRAY = re.compile(r"""[<>()\[\]{}"!;:*]""")
_NAME = re.compile(r"<([^<>]+)>")

# What phone staff and doctors write.
_WITH_SLASH = {
    "c/o": "complains of", "h/o": "history of", "w/": "with ", "w/o": "without", "w/out": "without", "y/o": "year old",
}  # fmt: skip
_SLASHED = re.compile(r"\b(?:c/o|h/o|w/out|w/o|y/o|w/(?=\s|\w))(?:(?<=/)|\b)", re.IGNORECASE)

# What people type for words that patterns are written with: too short to be mended, or two words in one.
_WRITTEN_OUT = {
    "2day": "today", "2moro": "tomorrow", "2morrow": "tomorrow", "2nite": "tonight", "2nt": "tonight", "b4": "before",
    "bak": "back", "bck": "back", "bk": "back", "blk": "black", "btwn": "between", "chst": "chest", "cn": "can",
    "cud": "could", "cudnt": "couldnt", "dnt": "dont", "fel": "feel", "fr": "for", "frm": "from", "gud": "good",
    "hav": "have", "havnt": "havent", "hes": "he is", "hrt": "hurt", "hrts": "hurts", "hve": "have", "hvnt": "havent",
    "ibu": "ibuprofen", "id": "i would", "im": "i am", "itd": "it would", "its": "it is", "iv": "i have",
    "ive": "i have", "jst": "just", "lng": "long", "lyk": "like", "m": "am", "med": "medicine", "meds": "medicine",
    "mgs": "mg", "milligram": "mg", "milligrams": "mg", "mins": "minutes", "mnth": "month", "mny": "many",
    "msg": "message", "mth": "month", "mths": "months", "nd": "and", "nite": "night", "no1": "no one", "nw": "now",
    "ok": "okay", "pcm": "paracetamol", "pls": "please", "preggers": "pregnant", "prego": "pregnant", "rite": "right",
    "rly": "really", "shes": "she is", "sum": "some", "tab": "tablet", "tabs": "tablets", "theyre": "they are",
    "thru": "through", "tk": "take", "tke": "take", "tmr": "tomorrow", "tmrw": "tomorrow", "tok": "took", "w": "with",
    "wanna": "want to", "wats": "what is", "wen": "when", "whats": "what is", "wiv": "with", "wnt": "want",
    "wot": "what", "wrk": "work", "yo": "year old", "yr": "year", "yrd": "year old", "yrs": "years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """``words`` as patterns see them, ``.`` and ``?`` among them.

    Beside each stands its ``form``, with its ending, and what was ``typed`` for it. ``pauses`` are the words that the
    writer paused before.
    """

    words: tuple[str, ...]
    forms: tuple[str, ...]
    typed: tuple[str, ...]
    pauses: frozenset[int] = frozenset()

    @property
    def wording(self) -> tuple[str, ...]:
        """The words alone: equal for two messages that say the same in the same words."""
        return tuple([word for word in self.words if word not in _EDGES])

    def typed_at(self, span: Span) -> str:
        """What was typed for the words of ``span``; empty for an edge of a sentence."""
        # A word that was written out as two stands there twice.
        return " ".join(word for word, _ in groupby(filter(None, self.typed[slice(*span)])))

    def part(self, start: int, end: int) -> "Message":
        """The words from ``start`` up to ``end``."""
        cut = slice(start, end)
        pauses = frozenset(at - start for at in self.pauses if start <= at < end)
        return Message(self.words[cut], self.forms[cut], self.typed[cut], pauses)

    def without(self, spans: Iterable[Span]) -> "Message":
        """The message with the words of ``spans`` blanked, each in its place, the edges of sentences kept."""
        blanked = {at for span in spans for at in range(*span) if self.words[at] not in _EDGES}
        words, forms = (
            tuple("" if at in blanked else word for at, word in enumerate(row)) for row in (self.words, self.forms)
        )
        return Message(words, forms, self.typed, self.pauses)


class MessageReader:
    """Reads messages of one language. Built once, then only read."""

    def __init__(self, analyzer: Analyzer, mend: Callable[[str], tuple[str, ...]]) -> None:
        """``mend`` gives the words that a misspelt one is meant for, and none for one that is to be left alone."""
        self._analyzer = analyzer
        self._mend = mend
        self._rows = Kept(self._read_word)

    def read(self, text: str) -> Message:
        """The words of ``text``: undisguised, written out, mended, folded and stemmed; no word is dropped."""
        text = _SLASHED.sub(lambda found: _WITH_SLASH[found[0].casefold()], plain(text))
        rows, pauses, edge = [(".", "", "")], [], 0
        for (start, end), (following, _) in pairwise([*tokenize(text), (len(text), len(text))]):
            rows += self._rows[text[start:end]]
            between = text[end:following]
            if following == len(text) or (between != " " and _ends_sentence(text, end, between, len(rows) - 1 - edge)):
                edge = len(rows)
                rows.append(("?" if _ASKS.search(between) else ".", "", ""))
            elif between != " " and _PAUSES.search(between):
                pauses.append(len(rows))
        words, written, typed_for = zip(*rows, strict=True)
        return Message(words, written, typed_for, frozenset(pauses))

    def _read_word(self, typed: str) -> tuple[tuple[str, str, str], ...]:
        """Each word that a typed one stands for as patterns see it, its form, and what was typed."""
        forms = self._forms(fold(typed, self._analyzer.language))
        return tuple((_stem(form, self._analyzer), form, typed) for form in forms)

    def _forms(self, folded: str) -> list[str]:
        """The words that a typed one stands for: ``400mg`` is two, and so is ``i'm``."""
        parts = _parted(folded) if folded not in _WRITTEN_OUT else (folded,)
        written = [word for part in parts for word in _WRITTEN_OUT.get(part, part).split()]
        return [mended for word in written for mended in self._mend(word) or (word,)]


def _parted(folded: str) -> tuple[str, ...]:
    """A figure and what is written to it: ``5k`` is two words."""
    figure = _FIGURE.fullmatch(folded)
    return figure.groups() if figure else (folded,)


def _ends_sentence(text: str, end: int, between: str, words: int) -> bool:
    """Whether a sentence of so many ``words`` ends with what stands ``between`` the word that ends there and the next.

    The point of a figure such as 38.5 ends none, nor does a new line after a word or two.
    """
    if between == "." and text[end - 1].isdecimal() and text[end + 1].isdecimal():
        return False
    return bool(_ENDS_SENTENCE.search(between)) and (words >= _FEW or not between.isspace())


@dataclass(frozen=True, slots=True)
class _Words:
    """Any of some phrases; ``needed`` unless it may be missing."""

    number: int
    needed: bool

    def walk(self, sighting: "Sighting", places: int) -> int:
        """Where it can end if it starts at one of ``places``; so with all steps."""
        reached = 0 if self.needed else places
        for length, starts in sighting.starts_of(self.number):
            reached |= (places & starts) << length
        return reached


@dataclass(frozen=True, slots=True)
class _Gap:
    """Up to ``most`` words of one sentence."""

    most: int

    def walk(self, sighting: "Sighting", places: int) -> int:
        for _ in range(self.most):
            places |= (places & sighting.inner) << 1
        return places


@dataclass(frozen=True, slots=True)
class _Pause:
    """No word, but a pause."""

    def walk(self, sighting: "Sighting", places: int) -> int:
        return places & sighting.pauses


_Step = _Words | _Gap | _Pause
_Row = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to be looked for, as it was ``written``: rows of words near each other."""

    written: str
    rows: tuple[_Row, ...]
    choices: frozenset[int]
    needs: frozenset[int]
    """Those of its choices that must be there."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """All phrases of a book, by number."""

    lengths: list[int]
    of_choice: list[frozenset[int]]
    """Of each choice, its phrases."""

    def __reduce__(self) -> tuple[Callable[..., "_Phrases"], tuple[object, ...]]:
        """Kept as rows of numbers."""
        return _unpacked, (array("I", self.lengths), packed(self.of_choice))


def _unpacked(lengths: "array[int]", of_choice: Packed) -> _Phrases:
    return _Phrases(lengths.tolist(), unpacked(of_choice))


@dataclass(frozen=True, slots=True)
class _Begun:
    """The phrases that start with one word, by number: that of it ``alone``, and ``longer`` ones by their second word.

    Beside each longer one stands what follows its second word.
    """

    alone: list[int]
    longer: dict[str, list[tuple[tuple[str, ...], int]]]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message, and which phrases of a book stand where in it, as sets of places: bit ``n`` is word ``n``."""

    message: Message
    inner: int
    pauses: int
    found: Mapping[int, int]
    """Where each phrase that stands somewhere starts, by its number."""
    _phrases: _Phrases
    _places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def starts_of(self, number: int) -> Sequence[tuple[int, int]]:
        """For phrases of the choice ``number``: the length of one in words, and where it starts."""
        if number not in self._places:
            self._places[number] = [
                (self._phrases.lengths[phrase], self.found[phrase])
                for phrase in self._phrases.of_choice[number] & self.found.keys()
            ]
        return self._places[number]

    def find(self, pattern: Pattern) -> Span | None:
        """Where ``pattern`` stands first, as short as it goes from there."""
        return next(self.spans(pattern), None)

    def spans(self, pattern: Pattern) -> Iterator[Span]:
        """Wherever ``pattern`` stands: from each place of its first row, as short as it goes."""
        first, *others = [self._row(row) for row in pattern.rows]
        if not all(others):
            return
        for span in first.items():
            found = [span]
            for row in others:
                if nearest := self._nearest(row, found):
                    found.append(nearest)
            if len(found) == len(pattern.rows):
                yield _hull(found)

    def _nearest(self, row: Mapping[int, int], found: Sequence[Span]) -> Span | None:
        """The nearest of ``row`` that is none of ``found``, if it is near enough and in the same sentence."""
        hull = _hull(found)
        others = (other for other in row.items() if other not in found)
        start, end = min(others, key=lambda other: _distance(hull, other), default=(0, 0))
        between = range(min(end, hull[1]), max(start, hull[0]))
        if not end or len(between) > NEAR or any(not self.inner >> at & 1 for at in between):
            return None
        return start, end

    def words_of(self, pattern: Pattern) -> int:
        """The words of all phrases of ``pattern`` that stand anywhere, as a set of places."""
        covered = 0
        for number in pattern.choices:
            for length, starts in self.starts_of(number):
                for at in range(length):
                    covered |= starts << at
        return covered

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
                return reduce(or_, (starts for _, starts in self.starts_of(number)))
            case _:
                return (1 << len(self.message.words)) - 1

    def _ends(self, row: _Row, starts: int) -> int:
        """Where ``row`` can end if it starts at one of ``starts``."""
        places = starts
        for step in row:
            places = step.walk(self, places)
            if not places:
                break
        return places


class PatternBook:
    """The patterns of one language, written with one vocabulary. Written first, then only read."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        """``vocabulary`` are the lists whose names patterns may use."""
        self._vocabulary = vocabulary
        self._analyzer = analyzer
        self._read: dict[str, tuple[str, ...]] = {}  # lists are used by many patterns
        self._choices: dict[frozenset[tuple[str, ...]], int] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        self._steps: dict[_Step, _Step] = {}  # equal ones are one
        self._phrases = _Phrases([], [])
        self._begun: dict[str, _Begun] = {}

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: all to look with, nothing to write further patterns with."""
        return vars(self) | {name: {} for name in ("_vocabulary", "_read", "_choices", "_numbers", "_steps")}

    def pattern(self, written: str) -> Pattern:
        """Raises `KeyError` for the name of no list, `ValueError` for a part without a word."""
        if stray := _STRAY.search(_NAME.sub("", written)):
            message = f"“{stray[0]}” means nothing in a pattern"
            raise ValueError(message)
        rows: list[list[_Step]] = [[]]
        for part in _parts(written):
            if part in _GAPS:
                rows[-1].append(self._once(_Gap(_GAPS[part])))
            elif part == _PAUSE:
                rows[-1].append(self._once(_Pause()))
            elif part == _BOTH:
                rows.append([])
            else:
                choice = frozenset(self._choice(part))
                needed = part == "?" or not part.endswith("?")
                rows[-1].append(self._once(_Words(self._number(choice), needed)))
        if not all(any(isinstance(step, _Words) for step in row) for row in rows):
            message = f"“{written}” has a part without a word"
            raise ValueError(message)
        steps = [step for row in rows for step in row if isinstance(step, _Words)]
        choices = frozenset(step.number for step in steps)
        needs = frozenset(step.number for step in steps if step.needed)
        return Pattern(written, tuple(map(tuple, rows)), choices, choices if needs == choices else needs)

    def patterns(self, lines: str) -> tuple[Pattern, ...]:
        """A pattern a line; empty lines are none."""
        return tuple(map(self.pattern, lines_of(lines)))

    def look(self, message: Message) -> Sighting:
        """Read ``message`` for every phrase of every pattern at once."""
        readings = [_readings(word, form) for word, form in zip(message.words, message.forms, strict=True)]
        found: dict[int, int] = {}
        for at in range(len(readings)):
            for number in self._phrases_at(at, readings):
                found[number] = found.get(number, 0) | 1 << at
        edges = sum(1 << at for at, word in enumerate(message.words) if word in _EDGES)
        inner = (1 << len(message.words)) - 1 & ~edges
        return Sighting(message, inner, sum(1 << at for at in message.pauses), found, self._phrases)

    def _phrases_at(self, at: int, readings: Sequence[Sequence[str]]) -> Iterator[int]:
        """The phrases that start at a place of a message, given what each of its words is."""
        following = readings[at + 1] if at + 1 < len(readings) else ()
        for word in readings[at]:
            if (begun := self._begun.get(word)) is None:
                continue
            yield from begun.alone
            for second in following:
                for tail, number in begun.longer.get(second, ()):
                    if not tail or _stands_at(at + 2, tail, readings):
                        yield number

    def needs(self, patterns: Iterable[Pattern]) -> Needs:
        """What ``patterns`` of this book need."""
        return Needs([pattern.needs for pattern in patterns], self._phrases.of_choice, len(self._phrases.lengths))

    def _once(self, step: _Step) -> _Step:
        return self._steps.setdefault(step, step)

    def _choice(self, part: str) -> Iterator[tuple[str, ...]]:
        if part == "?":
            yield ("?",)
            return
        for choice in part.removesuffix("?").split("|"):
            for phrase in _phrases(choice, self._vocabulary):
                if phrase not in self._read:
                    self._read[phrase] = _phrase(phrase, self._analyzer)
                yield self._read[phrase]

    def _number(self, choice: frozenset[tuple[str, ...]]) -> int:
        """The number of these phrases, the same whichever pattern has them."""
        if choice not in self._choices:
            self._choices[choice] = len(self._choices)
            self._phrases.of_choice.append(frozenset(map(self._phrase_number, choice)))
        return self._choices[choice]

    def _phrase_number(self, phrase: tuple[str, ...]) -> int:
        if phrase not in self._numbers:
            number = self._numbers[phrase] = len(self._numbers)
            self._phrases.lengths.append(len(phrase))
            first, *rest = phrase
            begun = self._begun.setdefault(first, _Begun([], {}))
            if rest:
                begun.longer.setdefault(rest[0], []).append((tuple(rest[1:]), number))
            else:
                begun.alone.append(number)
        return self._numbers[phrase]


Group = TypeVar("Group")


class Shortlist(Generic[Group]):
    """Of many patterns of one book, those that may stand in a message. Built once, then only read."""

    def __init__(self, book: PatternBook, groups: Mapping[Group, Iterable[Pattern]]) -> None:
        """``groups`` are the patterns, each of which must need a word, under what they are asked for by."""
        self._patterns = [(group, pattern) for group, patterns in groups.items() for pattern in patterns]
        self._needs = book.needs(pattern for _, pattern in self._patterns)

    def likely(self, sighting: Sighting) -> Mapping[Group, Sequence[Pattern]]:
        """The patterns all of whose words are there, somewhere, in the order of their group; none for most messages."""
        likely: dict[Group, list[Pattern]] = {}
        for number in self._needs.met(sighting.found):
            group, pattern = self._patterns[number]
            likely.setdefault(group, []).append(pattern)
        return likely


def joined(messages: Sequence[Message], *, running_on: bool = False) -> Message:
    """The messages as one; ``running_on``, without the edges of sentences between them."""
    if len(messages) == 1:
        return messages[0]
    words: list[str] = []
    forms: list[str] = []
    typed: list[str] = []
    pauses: set[int] = set()
    for number, message in enumerate(messages):
        cut = slice(1 if running_on and number else 0, -1 if running_on and number + 1 < len(messages) else None)
        pauses |= {len(words) + at - (cut.start or 0) for at in message.pauses}
        words += message.words[cut]
        forms += message.forms[cut]
        typed += message.typed[cut]
    return Message(tuple(words), tuple(forms), tuple(typed), frozenset(pauses))


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


def lines_of(lines: str) -> Iterator[str]:
    """What stands on each line; empty ones are none."""
    return filter(None, map(str.strip, lines.splitlines()))


def list_named(written: str) -> str | None:
    """The name of the list that ``written`` is nothing but: of ``<legs>``, legs."""
    name = _NAME.fullmatch(written)
    return name[1] if name else None


def words_of(written: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """All that patterns and lists are written with, so that misspelt words can be mended to it."""
    phrases = [phrase for of_list in vocabulary.values() for phrase in of_list]
    return [*(_NAME.sub(" ", part) for part in written), *phrases]


def _readings(word: str, form: str) -> tuple[str, ...]:
    """What a word of a message is in phrases: itself, and exactly its form; a question is a sentence too."""
    if word == "?":
        return ("?", ".")
    return (word, _EXACTLY + form) if form else (word,)


def _stands_at(at: int, words: Sequence[str], readings: Sequence[Sequence[str]]) -> bool:
    """Whether ``words`` stand there, one after the other."""
    fits = at + len(words) <= len(readings)
    return fits and all(word in readings[place] for place, word in enumerate(words, at))


def _bits(places: int) -> Iterator[int]:
    """The places of a set, from the first on."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


def _hull(spans: Sequence[Span]) -> Span:
    """From the first word of all to the last."""
    return min(start for start, _ in spans), max(end for _, end in spans)


def _distance(one: Span, other: Span) -> int:
    """How many words stand between two spans; none where they meet."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def _parts(written: str) -> list[str]:
    """Split at blanks that are not within the name of a list."""
    return re.findall(r"(?:<[^<>]*>|[^\s<])+", written)


def _phrases(choice: str, vocabulary: Vocabulary) -> Sequence[str]:
    name = list_named(choice)
    return (choice,) if name is None else vocabulary[name]


def _phrase(phrase: str, analyzer: Analyzer) -> tuple[str, ...]:
    if phrase == ".":
        return (".",)
    words = []
    for start, end in tokenize(phrase):
        word = fold(phrase[start:end], analyzer.language)
        exactly = phrase[:start].endswith(_EXACTLY)
        words += [_EXACTLY + part if exactly else _stem(part, analyzer) for part in _parted(word)]
    if not words:
        message = f"“{phrase}” in a pattern has no word"
        raise ValueError(message)
    return tuple(words)


def _stem(folded: str, analyzer: Analyzer) -> str:
    """Without its ending; a stop word, of which nothing would be left, as it is."""
    return analyzer.term(folded) or folded
