"""A name for each request, so that lines of our log and of a proxy's can be told to belong together; and since when.

It is random, or what a trusted proxy says; `web.envelope` puts it on every response.
"""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "X-Request-ID"

_ALLOWED = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class _Request:
    """One that is being answered; ``began`` is a moment of `time.perf_counter`."""

    name: str
    began: float


_ANSWERED: ContextVar[_Request] = ContextVar("citewell.request")


@contextmanager
def named(given: str) -> Iterator[str]:
    """Answer a request in this block; yields its name, which is ``given`` if that can be one."""
    name = given if _ALLOWED.fullmatch(given) else secrets.token_hex(8)
    before = _ANSWERED.set(_Request(name, time.perf_counter()))
    try:
        yield name
    finally:
        _ANSWERED.reset(before)


def current() -> str | None:
    """The name of the request that is being answered here."""
    request = _ANSWERED.get(None)
    return request.name if request else None


def seconds() -> float:
    """How long the request that is being answered here has taken."""
    return time.perf_counter() - _ANSWERED.get().began
