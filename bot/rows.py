"""Sets of numbers: by the thousand as two rows of numbers, or one as bits. Floor 0: imports nothing of ours.

A hundred thousand numbers that were kept one by one would come back one by one, each in memory for itself.
"""

from array import array
from collections.abc import Collection, Sequence
from itertools import chain, islice

Packed = tuple["array[int]", "array[int]"]
"""The numbers of all sets one after the other, and how many each set has."""


def packed(sets: Sequence[Collection[int]]) -> Packed:
    """``sets`` of numbers from 0 on in few objects.

    >>> unpacked(packed([frozenset({3, 7}), frozenset(), frozenset({7})]))
    [frozenset({3, 7}), frozenset(), frozenset({7})]
    """
    return array("I", chain.from_iterable(sets)), array("I", map(len, sets))


def unpacked(kept: Packed) -> list[frozenset[int]]:
    """The sets as they were; equal ones, and equal numbers, stand in memory once."""
    flat, lengths = kept
    numbers = list(range(max(flat, default=-1) + 1))
    each = map(numbers.__getitem__, flat)
    shared: dict[frozenset[int], frozenset[int]] = {}
    rows = (frozenset(islice(each, length)) for length in lengths)
    return [shared.setdefault(row, row) for row in rows]


def bits(of: int) -> list[int]:
    """The numbers of a set that is held as one number, bit ``n`` for ``n``, from the lowest on.

    >>> bits(0b1010)
    [1, 3]
    """
    numbers = []
    while of:  # from the highest on, so that what is left is ever smaller
        number = of.bit_length() - 1
        numbers.append(number)
        of ^= 1 << number
    numbers.reverse()
    return numbers
