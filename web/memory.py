"""Asks Python and the C library to hold no more memory than is used.

Wishes: elsewhere than with glibc they do nothing.
"""

import ctypes
import gc

_ARENA_MAX = -8
_MMAP_THRESHOLD = -3
"""glibc's M_ARENA_MAX and M_MMAP_THRESHOLD, as in its malloc.h."""

_LARGE = 128 * 1024
"""Bytes from which a block is got by itself and given back by itself: what glibc begins with, before it learns."""


def hold_little() -> None:
    """Before threads begin, each of which would take memory from a pool of its own, though one at a time runs Python.

    What is large stays apart, too: glibc would see it go, as when content changes, and then mix it with the rest.
    """
    if hasattr(_C, "mallopt"):
        _C.mallopt(_ARENA_MAX, 1)
        _C.mallopt(_MMAP_THRESHOLD, _LARGE)


def settle() -> None:
    """Once all is loaded: give back what loading took, and never look for garbage among what stays for good."""
    give_back()
    gc.freeze()


def give_back() -> None:
    """What was used, and is no longer. Parts of an answerer hold each other: Python would find that out much later."""
    gc.collect()
    if hasattr(_C, "malloc_trim"):
        _C.malloc_trim(0)


_C = ctypes.CDLL(None)
