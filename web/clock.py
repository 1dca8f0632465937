"""The only place that asks what day or what time it is; `bot` takes the day as an argument."""

import time
from datetime import date, datetime


def today() -> date:
    """The server's day, which is the clinic's."""
    return date.today()  # noqa: DTZ011 - review dates have no time zone


def seconds() -> int:
    """Whole seconds since 1970, for what ends by itself; says no hour of a day, so it has no time zone."""
    return int(time.time())


def now() -> datetime:
    """The moment, in the server's time zone."""
    return datetime.now().astimezone()


def started() -> float:
    """When this machine was started, as far as its clocks can tell; in seconds since 1970."""
    return time.time() - time.monotonic()
