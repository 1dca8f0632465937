"""Waits for what happens by itself, without guessing how long that takes."""

import time
from collections.abc import Callable
from contextlib import suppress

from web.database import Database
from web.privacy import Kept
from web.unavailable import Unavailable

PATIENCE = 120  # seconds, for what takes one on a machine that has nothing else to do


def eventually(holds: Callable[[], object], what: Callable[[], object] = str) -> None:
    """Ask until it is so; after two minutes, the test has failed, and ``what`` says more."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


def with_tables(database: Database, kept: Kept) -> Database:
    """``database`` with its tables, if it is used and can be: on a busy machine a journal may not wait that long."""
    if kept != "off":
        with suppress(Unavailable), database.begin():
            pass
    return database
