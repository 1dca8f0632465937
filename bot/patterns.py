"""Patterns of words, and where they stand in a message. Floor 1: knows `message` and `rows`.

How a pattern is written, and read, is told in `bot.pattern_book`. Here each is steps, which are walked over a message
with sets of places, bit ``n`` of a number for word ``n``: the time grows with the length of the message and no faster,
whatever is typed.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate
from operator import or_

from bot.message import EDGES, Message, Span, places
from bot.rows import Packed, bits, packed, unpacked

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
        for length, starts in sighting.starts_of[self.number]:
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
        return places & sighting.message.pauses


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


class _Starts(dict[int, list[tuple[int, int]]]):
    """For phrases of each choice asked for: the length of one in words, and where it starts. Looked for once."""

    def __init__(self, found: Mapping[int, int], phrases: Phrases) -> None:
        super().__init__()
        self._found = found
        self._phrases = phrases

    def __missing__(self, number: int) -> list[tuple[int, int]]:
        """Looked for now."""
        found, lengths, phrases = self._found, self._phrases.lengths, self._phrases.of_choice[number]
        if len(phrases) < len(found):
            starts = [(lengths[phrase], found[phrase]) for phrase in phrases if phrase in found]
        else:  # a list has hundreds of phrases, and a message a dozen
            starts = [(lengths[phrase], starts) for phrase, starts in found.items() if phrase in phrases]
        self[number] = starts
        return starts


class Sighting:
    """A message, and which phrases of a book stand where in it.

    What was found once is remembered: many rules look for the same.
    """

    def __init__(self, message: Message, found: Mapping[int, int], phrases: Phrases) -> None:
        """``found`` tells where each phrase that stands somewhere starts, by its number, as a set of places."""
        self.message = message
        self.found = found
        self._phrases = phrases
        self._everywhere = (1 << len(message.words)) - 1
        self.starts_of = _Starts(found, phrases)
        self._spans: dict[str, list[Span]] = {}

    @cached_property
    def inner(self) -> int:
        """The words that are no edges of sentences, as a set of places."""
        return sum([1 << at for at, word in enumerate(self.message.words) if word not in EDGES])

    def without(self, spans: Sequence[Span]) -> "Sighting":
        """The sighting of the message without the words of ``spans``: of phrases that had none of them."""
        blanked = reduce(or_, (places(*span) for span in spans)) & self.inner
        lengths = self._phrases.lengths
        longest = max(lengths[phrase] for phrase in self.found)
        # Where a phrase of a word, of two words … has one that is blanked.
        having = list(accumulate((blanked >> at for at in range(longest)), or_))
        left = ((phrase, starts & ~having[lengths[phrase] - 1]) for phrase, starts in self.found.items())
        found = {phrase: starts for phrase, starts in left if starts}
        return Sighting(self.message.without(spans), found, self._phrases)

    def find(self, pattern: Pattern) -> Span | None:
        """Where ``pattern`` stands first, as short as it goes from there."""
        return next(iter(self.spans(pattern)), None)

    def spans(self, pattern: Pattern) -> Sequence[Span]:
        """Wherever ``pattern`` stands: from each place of its first row, as short as it goes."""
        spans = self._spans.get(pattern.written)
        if spans is None:
            spans = self._spans[pattern.written] = self._spans_of(pattern.rows)
        return spans

    def _spans_of(self, rows: Sequence[Row]) -> list[Span]:
        found = []
        for row in rows:
            spans = self._row(row)
            if not spans:
                return []
            found.append(spans)
        first, *others = found
        return self._together(first, others) if others else first

    def _together(self, first: Sequence[Span], others: Sequence[Sequence[Span]]) -> list[Span]:
        """Each span of a first row that one of every other row is near to, with those."""
        together = []
        for span in first:
            found = [span]
            for row in others:
                nearest = self._nearest(row, found)
                if nearest is None:
                    break
                found.append(nearest)
            else:
                together.append(_hull(found))
        return together

    def _nearest(self, row: Iterable[Span], found: Sequence[Span]) -> Span | None:
        """The nearest of ``row`` that is none of ``found``, if it is near enough and in the same sentence."""
        first, last = _hull(found)
        others = [other for other in row if other not in found]
        if not others:
            return None
        start, end = min(others, key=lambda other: max(first - other[1], other[0] - last, 0))
        between = places(min(end, last), max(start, first))
        return (start, end) if end and between.bit_count() <= NEAR and not between & ~self.inner else None

    def words_of(self, pattern: Pattern) -> int:
        """The words of all phrases of ``pattern`` that stand anywhere, as a set of places."""
        covered = 0
        for number in pattern.choices:
            for length, starts in self.starts_of[number]:
                for at in range(length):
                    covered |= starts << at
        return covered

    def _row(self, row: Row) -> list[Span]:
        """Where ``row`` stands, from each place as short as it goes."""
        first = row[0]
        if len(row) == 1 and isinstance(first, Words) and first.needed:  # as most are, and nothing is to be walked
            return self._shortest(self.starts_of[first.number])
        if not self._ends(row, self._everywhere):  # as most do not, wherever they may start
            return []
        ends = [(start, self._ends(row, 1 << start)) for start in bits(self._starts(first))]
        return [(start, (reached & -reached).bit_length() - 1) for start, reached in ends if reached]

    def _shortest(self, lengths: Iterable[tuple[int, int]]) -> list[Span]:
        """The shortest of some phrases at each place, of which the lengths are given, and where each starts."""
        ends = {start: start + length for length, starts in sorted(lengths, reverse=True) for start in bits(starts)}
        return sorted(ends.items())

    def _starts(self, first: Step) -> int:
        """Where a row with this ``first`` step may start: at its words, if it must have them."""
        if not isinstance(first, Words) or not first.needed:
            return self._everywhere
        everywhere = 0
        for _, starts in self.starts_of[first.number]:
            everywhere |= starts
        return everywhere

    def _ends(self, row: Row, starts: int) -> int:
        """Where ``row`` can end if it starts at one of ``starts``."""
        places = starts
        for step in row:
            places = step.walk(self, places)
            if not places:
                return 0
        return places


def _hull(spans: Sequence[Span]) -> Span:
    """From the first word of all to the last."""
    return min(start for start, _ in spans), max(end for _, end in spans)
