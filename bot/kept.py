"""What was made of words, kept, since the same words come again. Floor 0: imports nothing of ours."""

from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 4_096
"""How many are kept: bounded, so that no visitor can fill the memory with made-up words."""

Key = TypeVar("Key")
Made = TypeVar("Made")


class Kept(dict[Key, Made], Generic[Key, Made]):
    """``kept[key]`` is what ``make`` makes of it, made once and then looked up; full, it starts anew.

    A dictionary, since that is the quickest to read: a question asks hundreds of times. It holds single words and the
    clinic's own texts, never what a visitor wrote as a whole.
    """

    def __init__(self, make: Callable[[Key], Made]) -> None:
        """``make`` must give the same for the same, and can be pickled where this is to be."""
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Made:
        """Made now."""
        if len(self) >= MOST:
            self.clear()
        made = self[key] = self._make(key)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled without what it holds: that is made again when it is needed."""
        return type(self), (self._make,)
