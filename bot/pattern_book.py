"""The patterns of a language, written to be read, and found in a message.

Floor 2: knows `analysis`, `message`, `needs`, `patterns` and `rows`.

A pattern is words with blanks between them, whatever form of a word is meant: "take" finds "taking"; ``=legs`` finds
"legs" and nothing else. Besides words:

- ``can|may`` one or the other, ``the?`` or ``a|the?`` one of them or none, ``no_idea|unsure`` two words or one
- ``<medicine>`` any phrase of the list of that name
- ``..`` up to two words, ``...`` up to six, within one sentence
- ``.`` the start or the end of a sentence, also as one of several (``.|please``); ``?`` the end of one that asks
- ``,`` a pause that the writer marked: a comma, a dash, a bracket
- ``+`` between two such rows of words: both, in either order, up to eight words apart, within one sentence

All patterns are looked for at once: a message is read for their words from left to right, and then `bot.patterns` walks
each pattern whose words are all there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import contains
from typing import Any, Generic, TypeVar

from bot.analysis import Analyzer, fold, tokenize
from bot.message import EXACTLY, Message, parted, places
from bot.needs import Needs
from bot.patterns import Gap, Pattern, Pause, Phrases, Sighting, Step, Words
from bot.rows import bits

Vocabulary = Mapping[str, Sequence[str]]
_Phrase = tuple[str, ...]

_GAPS = {"..": 2, "...": 6}
_PAUSE = ","
_BOTH = "+"
_STRAY = re.compile(r"""[<>()\[\]{}"!;:*]""")
_NAME = re.compile(r"<([^<>]+)>")


class PatternBook:
    """The patterns of one language, written with one vocabulary. Written first, then only read."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        """``vocabulary`` are the lists whose names patterns may use."""
        self._vocabulary = vocabulary
        self._analyzer = analyzer
        self._patterns: dict[str, Pattern] = {}
        self._read: dict[str, _Phrase] = {}  # lists are used by many patterns
        self._choices: dict[frozenset[_Phrase], int] = {}
        self._numbers: dict[_Phrase, int] = {}
        self._steps: dict[Step, Step] = {}  # equal ones are one
        self._phrases = Phrases([], [])
        self._alone: dict[str, int] = {}
        """The number of each phrase of one word."""
        self._longer: dict[str, dict[str, list[tuple[_Phrase, int]]]] = {}
        """By their first and second words, what follows in longer ones, and their numbers."""

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: all to look with, nothing to write further patterns with."""
        only_written_with = ("_vocabulary", "_patterns", "_read", "_choices", "_numbers", "_steps")
        return vars(self) | {name: {} for name in only_written_with}

    def pattern(self, written: str) -> Pattern:
        """The same for the same line.

        Raises `KeyError` for the name of no list, `ValueError` for a part without a word.
        """
        if written not in self._patterns:
            self._patterns[written] = self._pattern(written)
        return self._patterns[written]

    def _pattern(self, written: str) -> Pattern:
        if stray := _STRAY.search(_NAME.sub("", written)):
            message = f"“{stray[0]}” means nothing in a pattern"
            raise ValueError(message)
        rows: list[list[Step]] = [[]]
        for part in _parts(written):
            if part in _GAPS:
                rows[-1].append(self._once(Gap(_GAPS[part])))
            elif part == _PAUSE:
                rows[-1].append(self._once(Pause()))
            elif part == _BOTH:
                rows.append([])
            else:
                choice = frozenset(self._choice(part))
                needed = part == "?" or not part.endswith("?")
                rows[-1].append(self._once(Words(self._number(choice), needed)))
        if not all(any(isinstance(step, Words) for step in row) for row in rows):
            message = f"“{written}” has a part without a word"
            raise ValueError(message)
        steps = [step for row in rows for step in row if isinstance(step, Words)]
        choices = frozenset(step.number for step in steps)
        needs = frozenset(step.number for step in steps if step.needed)
        return Pattern(written, tuple(map(tuple, rows)), choices, choices if needs == choices else needs)

    def patterns(self, lines: str) -> tuple[Pattern, ...]:
        """A pattern a line; empty lines are none."""
        return tuple(map(self.pattern, lines_of(lines)))

    def look(self, message: Message) -> Sighting:
        """Read ``message`` for every phrase of every pattern at once.

        Each word, and its form, is looked up once for what it is alone; what it may begin is followed only if the next
        word goes on with it, which few do.
        """
        readings = list(zip(message.words, message.forms, strict=True))
        followed = [*readings[1:], ()]
        found: dict[int, int] = {}
        for at, reading in enumerate(readings):
            for word in reading:
                if word in self._alone:
                    number = self._alone[word]
                    found[number] = found.get(number, 0) | 1 << at
                if word in self._longer:
                    seconds = self._longer[word]
                    for second in followed[at]:
                        if second in seconds:
                            for number in _standing(at + 2, seconds[second], readings):
                                found[number] = found.get(number, 0) | 1 << at
        return Sighting(message, found, self._phrases)

    def needs(self, patterns: Iterable[Pattern]) -> Needs:
        """What ``patterns`` of this book need."""
        return Needs([pattern.needs for pattern in patterns], self._phrases.of_choice, len(self._phrases.lengths))

    def _once(self, step: Step) -> Step:
        return self._steps.setdefault(step, step)

    def _choice(self, part: str) -> Iterator[_Phrase]:
        if part == "?":
            yield ("?",)
            return
        for choice in part.removesuffix("?").split("|"):
            for phrase in _phrases(choice, self._vocabulary):
                if phrase not in self._read:
                    self._read[phrase] = _phrase(phrase, self._analyzer)
                yield self._read[phrase]

    def _number(self, choice: frozenset[_Phrase]) -> int:
        """The number of these phrases, the same whichever pattern has them."""
        if choice not in self._choices:
            self._choices[choice] = len(self._choices)
            self._phrases.of_choice.append(frozenset(map(self._phrase_number, choice)))
        return self._choices[choice]

    def _phrase_number(self, phrase: _Phrase) -> int:
        if phrase not in self._numbers:
            number = self._numbers[phrase] = len(self._numbers)
            self._phrases.lengths.append(len(phrase))
            if len(phrase) == 1:
                self._alone[phrase[0]] = number
            else:
                first, second, *tail = phrase
                self._longer.setdefault(first, {}).setdefault(second, []).append((tuple(tail), number))
        return self._numbers[phrase]


Group = TypeVar("Group")


class Shortlist(Generic[Group]):
    """Of many patterns of one book, those that may stand in a message. Built once, then only read."""

    def __init__(self, book: PatternBook, groups: Mapping[Group, Iterable[Pattern]]) -> None:
        """``groups`` are the patterns, each of which must need a word, under what they are asked for by."""
        self.patterns: list[Pattern] = []
        self._groups: dict[Group, int] = {}
        for group, patterns in groups.items():
            first = len(self.patterns)
            self.patterns += patterns
            self._groups[group] = places(first, len(self.patterns))
        self._needs = book.needs(self.patterns)

    def likely(self, sighting: Sighting) -> "Likely[Group]":
        """The patterns all of whose words are there, somewhere."""
        return Likely(self, self._needs.met(sighting.found))

    def of(self, group: Group) -> int:
        """The patterns of ``group`` by number, as a set; none of one that is not there."""
        return self._groups.get(group, 0)


@dataclass(frozen=True, slots=True)
class Likely(Generic[Group]):
    """The patterns of a shortlist that may stand in one message, to be asked for by group: most groups never are."""

    shortlist: Shortlist[Group]
    met: int
    """The patterns by number, as a set."""

    def __contains__(self, group: Group) -> bool:
        """Whether there are any of ``group``."""
        return self.met & self.shortlist.of(group) != 0

    def of(self, group: Group) -> list[Pattern]:
        """Those of ``group``, in its order."""
        there = self.met & self.shortlist.of(group)
        return [self.shortlist.patterns[number] for number in bits(there)] if there else []


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


def _standing(at: int, tails: Iterable[tuple[_Phrase, int]], readings: Sequence[Sequence[str]]) -> Iterator[int]:
    """The phrases, by number, of which what follows their second word stands ``at`` a place."""
    for tail, number in tails:
        there = readings[at : at + len(tail)]
        if len(there) == len(tail) and all(map(contains, there, tail)):
            yield number


def _parts(written: str) -> list[str]:
    """Split at blanks that are not within the name of a list."""
    return re.findall(r"(?:<[^<>]*>|[^\s<])+", written)


def _phrases(choice: str, vocabulary: Vocabulary) -> Sequence[str]:
    name = list_named(choice)
    return (choice,) if name is None else vocabulary[name]


def _phrase(phrase: str, analyzer: Analyzer) -> _Phrase:
    if phrase == ".":
        return (".",)
    words = []
    for start, end in tokenize(phrase):
        word = fold(phrase[start:end], analyzer.language)
        exactly = phrase[:start].endswith(EXACTLY)
        words += [EXACTLY + part if exactly else analyzer.stem(part) for part in parted(word)]
    if not words:
        message = f"“{phrase}” in a pattern has no word"
        raise ValueError(message)
    return tuple(words)
