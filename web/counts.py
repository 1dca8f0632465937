"""How often things happened, in numbers that all processes share. `web.metrics` tells them to whoever watches.

The numbers stand in memory that child processes share with their parent, a row for each process, in which it alone
writes; the sums can be read in every one. Nothing is written to a disk, and every label is one of a few words known
beforehand: no question, no address, nothing that grows.
"""

import mmap
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, product
from math import prod
from threading import Lock
from typing import Literal, get_args

import numpy as np

from bot.model import LEVELS, AnswerKind, FixedSort
from bot.reply import Alert, Answer

Channel = Literal["widget", "page", "desk", "api"]
"""Where a question came from."""

Refusal = Literal["questions", "suggestions", "feedback", "signing in", "too large", "invalid"]
"""Why a request was refused: too many of something, or what it brought."""

ELSEWHERE = "elsewhere"
"""The route of a request that none takes."""

MOST_ROUTES = 100
"""More than there are; any that came after it would count as `ELSEWHERE`."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: an answer takes milliseconds, trying a change of the content takes some of them. Longer ones are counted
too, after the last."""

OTHER = "other"
_METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS", OTHER)
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)
_CHANNELS: tuple[Channel, ...] = get_args(Channel)
_FIXED: tuple[FixedSort, ...] = tuple(sort for part in get_args(FixedSort) for sort in get_args(part))
_REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
_BY_STATUS: dict[int, Refusal] = {413: "too large", 422: "invalid"}
_DOUBLE = 8  # bytes

Labelled = Iterator[tuple[tuple[str, ...], float]]
"""Values of labels, and how often."""


class _Places:
    """Where the numbers of one kind stand in a row: one for each combination of words, from ``start`` up to ``end``."""

    def __init__(self, start: int, *words: Sequence[str]) -> None:
        self.start, self.end = start, start + prod(map(len, words))
        self.words = words
        self._numbers = [{word: number for number, word in enumerate(some)} for some in words]

    def at(self, *words: str) -> int:
        """Where the number for ``words`` stands."""
        place = 0
        for word, numbers in zip(words, self._numbers, strict=True):
            place = place * len(numbers) + numbers[word]
        return self.start + place


_SLOTS = (*map(str, range(MOST_ROUTES)), ELSEWHERE)
_REQUESTS = _Places(0, _SLOTS, _METHODS, _CLASSES)
_TIMES = _Places(_REQUESTS.end, _SLOTS, [*map(str, BUCKETS), "+Inf"])
_SECONDS = _Places(_TIMES.end, _SLOTS)
_ANSWERS = _Places(_SECONDS.end, _KINDS, _CHANNELS)
_ALERTS = _Places(_ANSWERS.end, LEVELS)
_WORDINGS = _Places(_ALERTS.end, _FIXED)
_REFUSED = _Places(_WORDINGS.end, _REFUSALS)
_LOST, _FAILING, _PID = range(_REFUSED.end, _REFUSED.end + 3)
_WIDTH = _PID + 1


class Counts:
    """One table of numbers. Made before the processes that share it; its methods may be called from any thread."""

    def __init__(self, processes: int = 1) -> None:
        """All are zero; this process writes in the first row."""
        self._memory = mmap.mmap(-1, processes * _WIDTH * _DOUBLE)
        self._rows = np.frombuffer(self._memory).reshape(processes, _WIDTH)
        self._slots: dict[str, str] = {}
        self._found: dict[tuple[str, str, int], tuple[int, int, int]] = {}
        """Where the three numbers of a kind of request stand: to find them anew takes longer than to count."""
        self.use_row(0)

    def use_row(self, number: int) -> None:
        """Write in this row from now on: called in a child process, before it answers anything.

        One that takes the place of another goes on in its row, so that no sum ever falls.
        """
        self._row = memoryview(self._memory).cast("d")[number * _WIDTH : (number + 1) * _WIDTH]
        self._lock = Lock()
        self._said = 0, False
        self._row[_FAILING] = False
        self._row[_PID] = os.getpid()

    def know(self, routes: Iterable[str]) -> None:
        """Tell these routes apart: the same in all processes."""
        self._slots = dict(zip(sorted(set(routes)), _SLOTS[:-1], strict=False))
        self._found.clear()

    # ---- what happens

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request to ``route`` was answered with ``status`` after so many ``seconds``."""
        kind = route, method if method in _METHODS else OTHER, status // 100
        places = self._found.get(kind) or self._find(*kind)
        with self._lock:
            self._row[places[0]] += 1
            self._row[places[1] + bisect_left(BUCKETS, seconds)] += 1
            self._row[places[2]] += seconds
        if status in _BY_STATUS:
            self.refused(_BY_STATUS[status])

    def answered(self, answer: Answer, channel: Channel) -> None:
        """A question got ``answer``."""
        self._add(_ANSWERS.at(answer.kind, channel))
        if answer.fixed:
            self._add(_WORDINGS.at(answer.fixed))
        self.alerted(answer.alert)

    def alerted(self, alert: Alert | None) -> None:
        """A reply carried this safety message, if any."""
        if alert:
            self._add(_ALERTS.at(alert.level))

    def refused(self, why: Refusal) -> None:
        """A request was refused."""
        self._add(_REFUSED.at(why))

    def journal(self, *, lost: int, failing: bool) -> None:
        """The journal of this process has ``lost`` so many turns in all, and cannot be written now if ``failing``."""
        if (lost, failing) == self._said:
            return
        with self._lock:
            self._row[_FAILING] = failing
            self._row[_LOST] += lost - self._said[0]
            self._said = lost, failing

    def _find(self, route: str, method: str, status: int) -> tuple[int, int, int]:
        """The places of the request, of its first bucket and of its seconds."""
        slot = self._slots.get(route, ELSEWHERE)
        first_bucket = _TIMES.at(slot, str(BUCKETS[0]))
        places = _REQUESTS.at(slot, method, _CLASSES[status - 1]), first_bucket, _SECONDS.at(slot)
        self._found[route, method, status] = places
        return places

    def _add(self, place: int) -> None:
        with self._lock:
            self._row[place] += 1

    # ---- what happened, in all processes

    def requests(self) -> Labelled:
        """By route, method and class of status; what never happened is left out."""
        names = self._names()
        for (slot, *labels), times in self._sums(_REQUESTS):
            if times:
                yield (names[slot], *labels), times

    def durations(self) -> Iterator[tuple[str, Sequence[float], float]]:
        """By route: how many requests took up to each of `BUCKETS` and any time, and the seconds of all together."""
        names = self._names()
        sums = [times for _, times in self._sums(_TIMES)]
        for number, ((slot,), seconds) in enumerate(self._sums(_SECONDS)):
            start = number * (len(BUCKETS) + 1)
            upto = tuple(accumulate(sums[start : start + len(BUCKETS) + 1]))
            if upto[-1]:
                yield names[slot], upto, seconds

    def answers(self) -> Labelled:
        """By kind and channel."""
        return self._sums(_ANSWERS)

    def alerts(self) -> Labelled:
        """By level of the first safety message."""
        return self._sums(_ALERTS)

    def wordings(self) -> Labelled:
        """Fixed wordings by sort."""
        return self._sums(_WORDINGS)

    def refusals(self) -> Labelled:
        """By reason."""
        return self._sums(_REFUSED)

    @property
    def lost(self) -> float:
        """Turns that no journal could keep."""
        return float(self._rows[:, _LOST].sum())

    @property
    def failing(self) -> float:
        """Processes that cannot write to the journal."""
        return float(self._rows[:, _FAILING].sum())

    @property
    def pids(self) -> Sequence[int]:
        """The process of each row; 0 where there was none yet."""
        return [int(pid) for pid in self._rows[:, _PID]]

    def _sums(self, places: _Places) -> Labelled:
        sums = self._rows[:, places.start : places.end].sum(axis=0).tolist()
        return zip(product(*places.words), sums, strict=True)

    def _names(self) -> dict[str, str]:
        return {slot: route for route, slot in self._slots.items()} | {ELSEWHERE: ELSEWHERE}
