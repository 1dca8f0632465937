"""How a database is reached: an engine of SQLite or PostgreSQL, its door, and one error for when it cannot be used.

Of ours it knows `web.unavailable` only.
"""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from web.unavailable import Unavailable

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what is committed outlives a power cut
    "secure_delete = ON",  # what is deleted is overwritten
    "foreign_keys = ON",
)
_ABOUT_THE_SERVER = ("28", "3D", "53", "57")
_ABOUT_WHAT_IS_WRITTEN = ("22", "23")
"""Classes of PostgreSQL's errors; the message of the first is never about what was to be written.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

_SSL: Mapping[str, Any] = {"disable": False, "prefer": None, "require": True}


class Door:
    """The way to a database. Where it took nobody in, one at a time tries; the others need not wait in vain.

    Or staff who sign in while PostgreSQL hangs would hold every thread, and visitors would wait for their answers.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._trying = Lock()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Whoever is taken in leaves the door open. Raises `Unavailable`, or what the block raises."""
        alone = self.is_closed
        if alone and not self._trying.acquire(blocking=False):
            message = "it could not be reached, and is tried again"
            raise Unavailable(message)
        try:
            yield
        except (OSError, DBAPIError, DisconnectionError):
            self.is_closed = True
            raise
        finally:
            if alone:
                self._trying.release()
        self.is_closed = False


def engine_of(url: URL, seconds: int) -> Engine:
    """Of SQLite or PostgreSQL, of which each wait takes ``seconds`` at most.

    Parameters are hidden from errors: they are what people typed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, pool_timeout=seconds, connect_args={"timeout": seconds})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # it reports each connection that a server broke
    mode = url.query.get("sslmode", "prefer")
    limits = dict.fromkeys(("statement_timeout", "lock_timeout"), f"{seconds}s")
    engine = create_engine(
        url.difference_update_query(["sslmode"]),
        hide_parameters=True,
        client_encoding="utf8",
        pool_timeout=seconds,
        pool_pre_ping=True,  # after the server was away, the connections of before are replaced unnoticed
        connect_args={
            "timeout": seconds + 1,  # of the network, so the server's own limit comes first and says why
            "startup_params": limits,
            "ssl_context": ssl.create_default_context() if mode == "verify-full" else _SSL[str(mode)],
        },
    )
    event.listen(engine, "handle_error", _lose_connection)
    return engine


def _lose_connection(context: ExceptionContext) -> None:
    """A server that falls silent within a transaction: the driver lets the network's own error through."""
    if isinstance(context.original_exception, OSError):
        context.is_disconnect = True  # what it still says would be taken for the reply to what is asked next
        message = f"the connection was lost: {_said(context.original_exception)}"
        raise Unavailable(message)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that may write takes the lock at once: asking for it later fails without a wait."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def connect(engine: Engine, door: Door) -> Connection:
    """A connection, through the ``door``; raises `Unavailable`."""
    try:
        with translated(), door.passed():
            return engine.connect()
    except OSError as error:  # of the network, such as a wrong certificate: it comes as it is
        message = f"cannot connect: {_said(error)}"
        raise Unavailable(message) from None


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__


@contextmanager
def translated() -> Iterator[None]:
    """Turns errors of either database into `Unavailable` or SQLAlchemy's; without what was to be written."""
    try:
        yield
    except DBAPIError as error:
        raise _translation(error) from None
    except (DisconnectionError, PoolTimeout):
        message = "no connection was free in time"
        raise Unavailable(message) from None


def _translation(error: DBAPIError) -> Exception:
    """The driver for PostgreSQL has few classes of errors, so the server's code says what it is."""
    said = error.orig.args[0] if error.orig and error.orig.args else ""
    if not isinstance(said, dict):
        is_ours = isinstance(error, (IntegrityError, DataError, ProgrammingError))
        return error if is_ours else Unavailable(str(said).split(" (timeout is")[0])
    code = str(said["C"])
    if code.startswith(_ABOUT_WHAT_IS_WRITTEN):
        kind = IntegrityError if code.startswith("23") else DataError
        return kind(None, None, error.orig or error, hide_parameters=True)
    return Unavailable(
        f"PostgreSQL: {said['M']}" if code.startswith(_ABOUT_THE_SERVER) else f"PostgreSQL: error {code}"
    )
