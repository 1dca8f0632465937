"""What it costs to count: a limit in memory and in Redis, and a request for ``/metrics``.

python -m benchmarks.counting                                   # in memory
python -m benchmarks.counting --redis redis://127.0.0.1:6379/0  # and in a Redis that runs there
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

from limits import RateLimitItemPerMinute

import bot
from web.counts import Counts
from web.limit_storage import LimitStorage
from web.settings import SHIPPED_CORPUS

TIMES = 5000
VISITORS = 200
_MANY = RateLimitItemPerMinute(100_000)


def measure(what: str, once: Callable[[int], object]) -> str:
    """A line with the median and the 99th percentile of what ``once`` takes, in microseconds."""
    took = []
    for number in range(TIMES):
        started = time.perf_counter_ns()
        once(number)
        took.append((time.perf_counter_ns() - started) / 1000)
    return f"{what:<28} median {statistics.median(took):8.1f} µs   p99 {statistics.quantiles(took, n=100)[98]:8.1f} µs"


def ask(storage: LimitStorage, number: int) -> None:
    """One question of some visitors in turn."""
    storage.hit(_MANY, "questions", f"10.0.0.{number % VISITORS}")


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", metavar="ADDRESS", help="as the setting rate_limit_storage")
    address = parser.parse_args().redis
    counts = Counts()
    counts.know(["/api/chat"])
    answer = bot.build(SHIPPED_CORPUS).answer("Are worn shoes bad for my back?")

    def request(_number: int) -> None:
        """All that a question counts."""
        counts.answered(answer, "widget")
        counts.request("/api/chat", "POST", 200, 0.004)
        counts.journal(lost=0, failing=False)

    storages = {"a limit in memory": LimitStorage()} | ({"a limit in Redis": LimitStorage(address)} if address else {})
    for what, storage in storages.items():
        print(measure(what, partial(ask, storage)))
    print(measure("a request for /metrics", request))


if __name__ == "__main__":
    main()
