"""The database: SQLite in the data folder, or PostgreSQL. Transactions, and one error for when it cannot be used.

Knows the tables by `web.tables` and how they came to be by `web/migrations`; nothing of what is kept in them.
"""

import logging
import os
import ssl
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from web import data_folder
from web.tables import METADATA, REVISION
from web.unavailable import Unavailable

FILE = "citewell.sqlite3"

WAIT_SECONDS = 2
"""How long a connection, a lock or a statement may take. Chosen: a page that needs one still comes in time."""

CLEANING_SECONDS = 60
"""How long PostgreSQL may take to clean a table; nobody waits for it."""

MIGRATION_LOCK = 4_242_001
"""PostgreSQL's name of the lock of the process that makes the tables: any number, the same in all of them."""

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


class Database:
    """Transactions on one database. Many threads may use one, and a child process its parent's."""

    def __init__(self, url: str) -> None:
        """Of a ``url`` that `database_url` made. Does not connect."""
        self._url = make_url(url)
        self._engine = _engine(self._url, WAIT_SECONDS)
        self._door = _Door()
        self._first = Lock()
        self._prepared = False
        after_fork = weakref.WeakMethod(self._after_fork)
        os.register_at_fork(after_in_child=lambda: (call := after_fork()) and call())

    @property
    def file(self) -> Path | None:
        """The file of SQLite; ``None`` for PostgreSQL."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    @property
    def where(self) -> str:
        """The file, or the address of PostgreSQL without a password, for people."""
        if self.file:
            return str(self.file)
        url = self._url
        return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()

    @contextmanager
    def begin(self, *, reading: bool = False) -> Iterator[Connection]:
        """A transaction, committed at the end of the block, or undone where that raises.

        At first use, the tables are made or brought up to date. With ``reading`` it waits for nobody who writes, and
        must not write. Raises `Unavailable`; and `sqlalchemy.exc.IntegrityError` on both databases where a key exists.
        """
        self._prepare()
        with _translated(), self._connected(reading=reading) as connection, connection.begin():
            yield connection

    def clean(self) -> None:
        """Let what is deleted be gone from the disk as far as the database can: README ("Journal") says how far.

        Raises `Unavailable`, too, where another reader keeps the old text in SQLite's log.
        """
        self._prepare()
        if self.file:
            self._truncate_log()
        else:
            self._vacuum()

    def close(self) -> None:
        """Close the connections. The next `begin` opens new ones."""
        self._engine.dispose()

    def _after_fork(self) -> None:
        """A child must not speak through its parent's connections, nor wait for its parent's threads."""
        self._engine.dispose(close=False)
        self._door = _Door()
        self._first = Lock()

    def _connected(self, *, reading: bool = False) -> Connection:
        return _connect(self._engine, self._door).execution_options(reading=reading)

    def _prepare(self) -> None:
        """Make the file and the tables, once in this process."""
        if self._prepared:
            return
        if not self._first.acquire(timeout=0 if self._door.is_closed else WAIT_SECONDS):
            message = "the tables are still being made"
            raise Unavailable(message)
        try:
            if not self._prepared:
                self._make()
                self._prepared = True
        finally:
            self._first.release()

    def _make(self) -> None:
        if self.file:
            _make_private(self.file)
        with _translated(), self._connected() as connection, connection.begin():
            if not self.file:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            if not _is_current(connection):
                _upgrade(connection)

    def _truncate_log(self) -> None:
        with _translated():
            pooled = self._engine.raw_connection()
            try:
                busy = pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                pooled.close()
        if busy:
            message = "somebody still reads what was deleted"
            raise Unavailable(message)

    def _vacuum(self) -> None:
        engine = _engine(self._url, CLEANING_SECONDS)
        try:
            connected = _connect(engine, self._door)
            with _translated(), connected.execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in METADATA.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM {table.name}")
        finally:
            engine.dispose()


class _Door:
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


def database_url(settings_value: str, data: Path) -> str:
    """What `Database` takes: from the setting ``database_url``, or where that is empty, for a file in ``data``."""
    if not settings_value:
        file = str(data.absolute() / FILE)
        return URL.create("sqlite", database=file).render_as_string(hide_password=False)
    url = make_url(settings_value).set(drivername="postgresql+pg8000")
    return url.render_as_string(hide_password=False)


def _engine(url: URL, seconds: int) -> Engine:
    """Parameters are hidden from errors: they are what people typed."""
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


def _make_private(file: Path) -> None:
    """A file that only this user can read, also where it was there before; in a folder of which that is true if new."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not file.exists()
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            if is_new and os.geteuid() == 0:  # a command of root's must not keep out the user that the folder is for
                folder = file.parent.stat()
                os.fchown(descriptor, folder.st_uid, folder.st_gid)
            if os.fstat(descriptor).st_mode & 0o077:  # a copy that was put back, perhaps
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unavailable(data_folder.problem(file.parent, error)) from None


def _is_current(connection: Connection) -> bool:
    """Whether the tables are those of this version of Citewell."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [REVISION]


def _upgrade(connection: Connection) -> None:
    # Late: Alembic and what it brings take 11 MB, and at most starts there is nothing to bring up to date.
    from web.upgrading import MadeByNewer, upgrade  # noqa: PLC0415 - see above

    try:
        upgrade(connection)
    except MadeByNewer:
        message = "the database was made by a newer version of Citewell"
        raise Unavailable(message) from None


def _connect(engine: Engine, door: _Door) -> Connection:
    """Some errors of the network, such as a wrong certificate, come as they are."""
    try:
        with _translated(), door.passed():
            return engine.connect()
    except OSError as error:
        message = f"cannot connect: {_said(error)}"
        raise Unavailable(message) from None


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__


@contextmanager
def _translated() -> Iterator[None]:
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
