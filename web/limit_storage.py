"""Where it is counted how often somebody came: in the memory of this process, or in a Redis that all of them share.

While Redis is away, it is counted in memory, so that answers go on. In neither place stands an address or a name: a
hash does, made with a key that only the clinic has.

Source: https://limits.readthedocs.io/
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from web.clock import seconds
from web.setting_kinds import MEMORY

# Chosen, not measured.
PATIENCE_SECONDS = 0.5
"""How long Redis may take to be reached, and to answer."""
PAUSE_SECONDS = 5.0
"""How long nobody asks a Redis that was away; then one request does, and the others do not wait for it."""

PREFIX = "citewell"
"""What all keys in Redis begin with."""

_PURPOSE = b"citewell-limits"  # parts these hashes from whatever else is made with the same key

_REASONS = {
    "SSLCertVerificationError": "this machine does not trust its certificate, or that is for another name",
    "SSLError": "it does not speak TLS at that port: another port, or `redis://`?",
    "gaierror": "this machine knows no host of that name",
    "TimeoutError": "it does not answer in time",
    "ConnectionError": "it cannot be reached",
    "AuthenticationError": (
        "it refuses the name or the password (in the address, @ : / # of a password are written %40 %3A %2F %23)"
    ),
    "ResponseError": "it refuses what is asked: has it a database of that number, and may this account use it?",
    "InvalidResponse": "what answers there is no Redis",
    "OutOfMemoryError": (
        "it is full: give it more memory, or let it forget what ends soon (`maxmemory-policy volatile-ttl`)"
    ),
    "ReadOnlyError": "it is a replica, which takes nothing: name the one that it follows",
}
"""By the names of the errors, the first cause first; their own words may repeat what was sent."""
_NO_HANDSHAKE = "it does not answer in TLS in time: another port, or `redis://`?"
_BROKEN_OFF = "it breaks the connection off: does it want TLS, so `rediss://`?"
_NO_PASSWORD = "it wants a password, and the address has none"  # noqa: S105 - the lack of one

_LOG = logging.getLogger(__name__)

_AWAY = (
    "Redis, as CITEWELL_RATE_LIMIT_STORAGE names it, cannot be used: %s. "
    "Each process counts for itself, and it is tried again."
)

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where it is counted; ``shared`` by all processes only where that is Redis, and Redis is there."""

    storage: Literal["memory", "redis"]
    shared: bool
    problem: str | None = None
    """Why Redis cannot be used now."""


class LimitStorage:
    """Counts over a moving window of time. Its methods may be called from any thread, and in a child process, too."""

    def __init__(self, address: str = MEMORY, key: bytes | None = None) -> None:
        """``address`` as the setting has it; ``key`` is the same for all who share a Redis. Does not connect."""
        self._key = key or secrets.token_bytes(32)
        self._memory = _Memory()
        self._redis = None if address == MEMORY else _Redis(address)

    def reach(self) -> None:
        """Ask Redis, if there is one, so that the log says before the first question what is wrong with it."""
        if self._redis:
            self._redis.ask(_ask_nothing)

    def hit(self, item: RateLimitItem, what: str, who: str) -> bool:
        """Count that ``who`` did ``what`` once more; ``False``, and not counted, where ``item`` allows no more."""
        hidden = self._hidden(who)
        return self._ask(lambda limiter: limiter.hit(item, what, hidden))

    def test(self, item: RateLimitItem, what: str, who: str) -> bool:
        """Whether ``item`` allows it once more; nothing is counted."""
        hidden = self._hidden(who)
        return self._ask(lambda limiter: limiter.test(item, what, hidden))

    def opens(self, item: RateLimitItem, what: str, who: str) -> float:
        """When ``item`` allows it again, in seconds since 1970."""
        hidden = self._hidden(who)
        return self._ask(lambda limiter: limiter.get_window_stats(item, what, hidden).reset_time)

    @property
    def whereabouts(self) -> Whereabouts:
        """Where it is counted now; Redis is asked, as it would be by a request."""
        if self._redis is None:
            return Whereabouts("memory", shared=False)
        is_there = self._redis.ask(_ask_nothing) is not None
        return Whereabouts("redis", shared=is_there, problem=None if is_there else self._redis.problem)

    def _hidden(self, who: str) -> str:
        written = who.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(written, key=self._key, digest_size=16, person=_PURPOSE).hexdigest()

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Said]) -> Said:
        said = self._redis.ask(question) if self._redis else None
        return self._memory.ask(question) if said is None else said


def _ask_nothing(limiter: MovingWindowRateLimiter) -> bool:
    """Only to see whether it is there."""
    return limiter.test(RateLimitItemPerMinute(1), "nothing")


class _Memory:
    """What is counted in this process."""

    def __init__(self) -> None:
        """Nothing begins yet: what counts in memory has a thread, and there must be none when processes begin."""
        self._limiter: MovingWindowRateLimiter | None = None
        self._lock = Lock()
        self._latest = 0

    def ask(self, question: Callable[[MovingWindowRateLimiter], Said]) -> Said:
        """What it says; counted anew where the clock was set back, or all who came before would wait until then."""
        with self._lock:
            now = seconds()
            if self._limiter is None or now < self._latest - 1:
                self._limiter = MovingWindowRateLimiter(MemoryStorage())
            self._latest = now
            limiter = self._limiter
        return question(limiter)


class _Redis:
    """What is counted in Redis, which is asked only while it is there."""

    def __init__(self, address: str) -> None:
        self._limiter = MovingWindowRateLimiter(
            RedisStorage(
                address,
                key_prefix=PREFIX,
                wrap_exceptions=True,
                socket_timeout=PATIENCE_SECONDS,
                socket_connect_timeout=PATIENCE_SECONDS,
            )
        )
        self._address = urlsplit(address)
        self._lock = Lock()
        self._was_there = False
        self._next_try = 0.0
        self.problem: str | None = None
        """Why it cannot be used; ``None`` while it is there."""

    def ask(self, question: Callable[[MovingWindowRateLimiter], Said]) -> Said | None:
        """What it says; ``None`` while it is away, mostly at once."""
        if self.problem and not self._is_my_turn():
            return None
        try:
            said = question(self._limiter)
        except StorageError as error:
            self._lose(error.storage_error)
            return None
        self._was_there = True
        if self.problem:
            self._find()
        return said

    def _is_my_turn(self) -> bool:
        """Whether it is time to try again; if so, everyone else goes without."""
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + PAUSE_SECONDS
            return True

    def _lose(self, error: BaseException) -> None:
        problem = self._reason(error)
        with self._lock:
            self._next_try = time.monotonic() + PAUSE_SECONDS
            before, self.problem = self.problem, problem
        if before is None:
            _LOG.warning(_AWAY, problem)

    def _find(self) -> None:
        with self._lock:
            before, self.problem = self.problem, None
        if before:
            _LOG.warning("Redis is back. All processes count together again.")

    def _reason(self, error: BaseException) -> str:
        """What ``error`` says of the address, in words of ours."""
        causes = [*_causes(error)]
        name = next((name for name in (type(one).__name__ for one in causes) if name in _REASONS), None)
        if name == "TimeoutError" and "handshake" in str(causes[0]):
            return _NO_HANDSHAKE
        if name == "ConnectionError" and isinstance(causes[0], ConnectionResetError) and self._may_want_tls:
            return _BROKEN_OFF
        if name == "AuthenticationError" and not self._address.password:
            return _NO_PASSWORD
        return _REASONS[name] if name else type(error).__name__

    @property
    def _may_want_tls(self) -> bool:
        return self._address.scheme == "redis" and not self._was_there


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What led to it, the first cause first, and itself."""
    before = error.__cause__ or error.__context__
    if before:
        yield from _causes(before)
    yield error
