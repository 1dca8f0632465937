"""Asks Python and the C library to hold no more memory than is used.

Wishes: elsewhere than with glibc they do nothing.
"""

import ctypes
import gc

_ARENA_MAX = -8
"""glibc's M_ARENA_MAX, as in its malloc.h."""


def use_one_arena() -> None:
    """Before threads begin: each would take memory from a pool of its own, though one at a time runs Python."""
    if hasattr(_C, "mallopt"):
        _C.mallopt(_ARENA_MAX, 1)


def settle() -> None:
    """Once all is loaded: give back what loading took, and never look for garbage among what stays for good."""
    gc.collect()
    gc.freeze()
    if hasattr(_C, "malloc_trim"):
        _C.malloc_trim(0)


_C = ctypes.CDLL(None)
