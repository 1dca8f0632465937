"""The only place that asks what day it is; `bot` takes the day as an argument."""

from datetime import date


def today() -> date:
    """The server's day, which is the clinic's."""
    return date.today()  # noqa: DTZ011 - review dates have no time zone
