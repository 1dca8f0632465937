"""Which of thousands of patterns may stand in a message, by numbers alone. Floor 1: knows `rows` only.

A pattern needs choices, and a choice is met by any of some phrases; of a message it is known which phrases stand in it.
"""

from collections.abc import Collection, Sequence

from bot.rows import Packed, packed, unpacked


class Needs:
    """What each of some patterns needs. Built once, then only read."""

    def __init__(self, needs: Sequence[frozenset[int]], phrases_of: Sequence[Collection[int]], phrases: int) -> None:
        """``needs`` are the choices of each pattern, at least one; ``phrases_of`` are the phrases of each choice.

        ``phrases`` is how many phrases there are.
        """
        self._needs = needs
        self._choices = _turned(phrases_of, phrases)
        # "My" is one of hundreds of choices: a pattern stands under that whose phrases are all rarer.
        commonness = [max((len(self._choices[phrase]) for phrase in of_choice), default=0) for of_choice in phrases_of]
        rarest = [min(needed, key=lambda choice: (commonness[choice], choice)) for needed in needs]
        self._under = _turned([phrases_of[choice] for choice in rarest], phrases)

    def __getstate__(self) -> tuple[Packed, Packed, Packed]:
        """Kept as rows of numbers."""
        return packed(self._needs), packed(self._choices), packed(self._under)

    def __setstate__(self, kept: tuple[Packed, Packed, Packed]) -> None:
        self._needs, self._choices, self._under = map(unpacked, kept)

    def met(self, found: Collection[int]) -> list[int]:
        """The patterns all of whose choices are met by phrases that were ``found``, from the first on."""
        there = frozenset[int]().union(*[self._choices[phrase] for phrase in found])
        under = frozenset[int]().union(*[self._under[phrase] for phrase in found])
        return sorted([pattern for pattern in under if self._needs[pattern] <= there])


def _turned(rows: Sequence[Collection[int]], columns: int) -> list[frozenset[int]]:
    """For each column the rows that have it; equal sets once, since the phrases of a list stand in the same choices.

    Sets and no lists: to unite them takes a third of the time.
    """
    turned: list[list[int]] = [[] for _ in range(columns)]
    for row, of_row in enumerate(rows):
        for column in of_row:
            turned[column].append(row)
    shared: dict[frozenset[int], frozenset[int]] = {}
    return [shared.setdefault(rows_of, rows_of) for rows_of in map(frozenset, turned)]
