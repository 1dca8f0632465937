"""How many requests one address may send, so that nobody can keep the others waiting.

Counted over the last minute, in the memory of this process. Source: https://limits.readthedocs.io/
"""

from flask import request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from web.problems import Refused

TOO_MANY = "Too many questions in a short time. Please wait a minute."
MINUTE = 60


class Limit:
    """At most so many requests a minute from one address; 0 for any number."""

    def __init__(self, name: str, a_minute: int) -> None:
        """``name`` is what is counted."""
        self._name = name
        self._item = RateLimitItemPerMinute(a_minute) if a_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def spend(self) -> None:
        """Count the request that is being answered; raises `Refused` with 429 where it is one too many."""
        if self._item and not self._limiter.hit(self._item, self._name, request.remote_addr or ""):
            raise Refused(429, TOO_MANY, retry_after=MINUTE)
