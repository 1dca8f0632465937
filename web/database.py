"""The database: SQLite in the data folder, or PostgreSQL. Transactions, and one error for when it cannot be used.

Knows the tables by `web.tables` and how they came to be by `web/migrations`; nothing of what is kept in them.
"""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Connection, inspect, make_url, text

from web import data_folder
from web.connecting import Door, connect, engine_of, translated
from web.tables import METADATA, REVISION
from web.unavailable import Unavailable

FILE = "citewell.sqlite3"

WAIT_SECONDS = 2
"""How long a connection, a lock or a statement may take. Chosen: a page that needs one still comes in time."""

CLEANING_SECONDS = 60
"""How long PostgreSQL may take to clean a table; nobody waits for it."""

MIGRATION_LOCK = 4_242_001
"""PostgreSQL's name of the lock of the process that makes the tables: any number, the same in all of them."""


class Database:
    """Transactions on one database. Many threads may use one, and a child process its parent's."""

    def __init__(self, url: str) -> None:
        """Of a ``url`` that `database_url` made. Does not connect."""
        self._url = make_url(url)
        self._engine = engine_of(self._url, WAIT_SECONDS)
        self._door = Door()
        self._first = Lock()
        self._prepared = False
        after_fork = weakref.WeakMethod(self._after_fork)
        os.register_at_fork(after_in_child=lambda: (call := after_fork()) and call())

    @property
    def file(self) -> Path | None:
        """The file of SQLite; ``None`` for PostgreSQL."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    @property
    def is_there(self) -> bool:
        """Whether there is a file, for those who would not make one only to look into it; of PostgreSQL always.

        Raises `Unavailable` where that cannot be told.
        """
        if not (file := self.file):
            return True
        try:
            file.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Unavailable(data_folder.problem(file.parent, error)) from None
        return True

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
        with translated(), self._connected(reading=reading) as connection, connection.begin():
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
        self._door = Door()
        self._first = Lock()

    def _connected(self, *, reading: bool = False) -> Connection:
        return connect(self._engine, self._door).execution_options(reading=reading)

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
        with translated(), self._connected() as connection, connection.begin():
            if not self.file:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            if not _is_current(connection):
                _upgrade(connection)

    def _truncate_log(self) -> None:
        with translated():
            pooled = self._engine.raw_connection()
            try:
                busy = pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                pooled.close()
        if busy:
            message = "somebody still reads what was deleted"
            raise Unavailable(message)

    def _vacuum(self) -> None:
        engine = engine_of(self._url, CLEANING_SECONDS)
        try:
            connected = connect(engine, self._door)
            with translated(), connected.execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in METADATA.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM {table.name}")
        finally:
            engine.dispose()


def database_url(settings_value: str, data: Path) -> str:
    """What `Database` takes: from the setting ``database_url``, or where that is empty, for a file in ``data``."""
    if not settings_value:
        file = str(data.absolute() / FILE)
        return URL.create("sqlite", database=file).render_as_string(hide_password=False)
    url = make_url(settings_value).set(drivername="postgresql+pg8000")
    return url.render_as_string(hide_password=False)


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
