"""Which of thousands of patterns may stand in a message, by numbers alone. Floor 1: imports nothing of ours.

A pattern needs choices, and a choice is met by any of some phrases; of a message it is known which phrases stand in it.

How: each pattern's choices stand in a row, and of each place of these rows it is known by which phrases which patterns
have what they need there. A set of patterns is one number, bit ``n`` for pattern ``n``: a few ``|`` put together what
the phrases of a message meet, and a few ``&`` leave the patterns that have all they need, thousands at once.
"""

from collections.abc import Collection, Iterable, Sequence

Met = tuple[tuple[int, int], ...]
"""At which places a phrase meets what which patterns need there, as a set."""


class Needs:
    """What each of some patterns needs. Built once, then only read."""

    def __init__(self, needs: Sequence[frozenset[int]], phrases_of: Sequence[Collection[int]], phrases: int) -> None:
        """``needs`` are the choices of each pattern, at least one; ``phrases_of`` are the phrases of each choice.

        ``phrases`` is how many phrases there are.
        """
        rows = [sorted(needed) for needed in needs]
        places = range(max(map(len, rows), default=0))
        # A row that has ended needs nothing more.
        self._ended = [_set(pattern for pattern, row in enumerate(rows) if len(row) <= place) for place in places]
        met: list[dict[int, int]] = [{} for _ in range(phrases)]
        for place in places:
            for choice, patterns in _by_choice(rows, place).items():
                for phrase in phrases_of[choice]:
                    met[phrase][place] = met[phrase].get(place, 0) | patterns
        shared: dict[Met, Met] = {}  # the phrases of a list are needed by the same patterns
        self._met = [shared.setdefault(row, row) for row in (tuple(of_phrase.items()) for of_phrase in met)]

    def met(self, found: Iterable[int]) -> int:
        """The patterns all of whose choices are met by phrases that were ``found``, as a set."""
        met = self._ended.copy()
        for phrase in found:
            for place, patterns in self._met[phrase]:
                met[place] |= patterns
        everywhere, *others = met or [0]
        for patterns in others:
            everywhere &= patterns
        return everywhere


def _by_choice(rows: Sequence[Sequence[int]], place: int) -> dict[int, int]:
    """The patterns that need each choice at ``place`` of their rows, as sets."""
    patterns: dict[int, int] = {}
    for pattern, row in enumerate(rows):
        if place < len(row):
            patterns[row[place]] = patterns.get(row[place], 0) | 1 << pattern
    return patterns


def _set(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)
