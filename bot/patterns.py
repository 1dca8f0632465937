"""Patterns of words, and where they stand in a message. Floor 1: knows `message` and `rows`.

How a pattern is written, and read, is told in `bot.pattern_book`. Here each is steps, which are walked over a message
with sets of places, bit ``n`` of a number for word ``n``: the time grows with the length of the message and no faster,
whatever is typed.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from bot.message import Message, Span
from bot.rows import Packed, packed, unpacked

NEAR = 8
"""How many words may stand between two rows of words that are joined by ``+``: about 45 characters; chosen."""


@dataclass(frozen=True, slots=True)
class Words:
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
class Gap:
    """Up to ``most`` words of one sentence."""

    most: int

    def walk(self, sighting: "Sighting", places: int) -> int:
        """Up to ``most`` words further on, within the sentence."""
        for _ in range(self.most):
            places |= (places & sighting.inner) << 1
        return places


@dataclass(frozen=True, slots=True)
class Pause:
    """No word, but a pause."""

    def walk(self, sighting: "Sighting", places: int) -> int:
        """Where there is one."""
        return places & sighting.pauses


Step = Words | Gap | Pause
Row = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to be looked for, as it was ``written``: rows of words near each other."""

    written: str
    rows: tuple[Row, ...]
    choices: frozenset[int]
    needs: frozenset[int]
    """Those of its choices that must be there."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """All phrases of a book, by number."""

    lengths: list[int]
    of_choice: list[frozenset[int]]
    """Of each choice, its phrases."""

    def __reduce__(self) -> tuple[Callable[..., "Phrases"], tuple[object, ...]]:
        """Kept as rows of numbers."""
        return _unpacked, (array("I", self.lengths), packed(self.of_choice))


def _unpacked(lengths: "array[int]", of_choice: Packed) -> Phrases:
    return Phrases(lengths.tolist(), unpacked(of_choice))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message, and which phrases of a book stand where in it, as sets of places: bit ``n`` is word ``n``."""

    message: Message
    inner: int
    pauses: int
    found: Mapping[int, int]
    """Where each phrase that stands somewhere starts, by its number."""
    _phrases: Phrases
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

    def _row(self, row: Row) -> dict[int, int]:
        """Where ``row`` stands, as short as it goes: its end by its start."""
        everywhere = (1 << len(self.message.words)) - 1
        if not self._ends(row, everywhere):
            return {}
        found = ((start, self._ends(row, 1 << start)) for start in _bits(self._starts(row)))
        return {start: (ends & -ends).bit_length() - 1 for start, ends in found if ends}

    def _starts(self, row: Row) -> int:
        """Where ``row`` may start: its first words, if it must have them."""
        match row[0]:
            case Words(number, True):
                return reduce(or_, (starts for _, starts in self.starts_of(number)))
            case _:
                return (1 << len(self.message.words)) - 1

    def _ends(self, row: Row, starts: int) -> int:
        """Where ``row`` can end if it starts at one of ``starts``."""
        places = starts
        for step in row:
            places = step.walk(self, places)
            if not places:
                break
        return places


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
