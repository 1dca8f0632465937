"""The database: private, whole at first use, and honest where it cannot be used. All on both kinds where it can be."""

import contextlib
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from tests.conftest import ROOT
from tests.postgres import PASSWORD, PostgreSQL
from tests.waiting import PATIENCE, eventually
from web.database import WAIT_SECONDS, Database, database_url
from web.tables import METADATA, REVISION, STAFF
from web.unavailable import Unavailable

ROW = {"name": "Ada", "password_hash": "x", "role": "desk", "epoch": "1", "added": date(2026, 11, 30)}


def _names(database: Database) -> list[str]:
    with database.begin(reading=True) as connection:
        return list(connection.execute(select(STAFF.c.name).order_by(STAFF.c.name)).scalars())


def test_the_tables_are_those_of_the_revisions(database: Database) -> None:
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_what_is_written_is_there_for_the_next_process_too(database_address: str) -> None:
    first, second = Database(database_address), Database(database_address)

    with first.begin() as connection:
        connection.execute(insert(STAFF).values(ROW))

    assert _names(second) == ["Ada"]
    first.close()
    second.close()


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def change() -> None:
        with database.begin() as connection:
            connection.execute(insert(STAFF).values(ROW))
            raise LookupError

    with pytest.raises(LookupError):
        change()

    assert _names(database) == []


def test_a_row_that_is_not_there_does_not_make_the_database_unavailable(database: Database) -> None:
    with pytest.raises(NoResultFound), database.begin() as connection:
        connection.execute(select(STAFF)).one()


def test_more_threads_than_connections_are_unavailable_in_time(tmp_path: Path) -> None:
    database = Database(database_url("", tmp_path))
    with contextlib.ExitStack() as held:
        for _ in range(15):
            held.enter_context(database.begin(reading=True))

        with pytest.raises(Unavailable, match="no connection was free"), database.begin(reading=True):
            pass
    database.close()


def test_a_key_that_exists_is_an_integrity_error_that_does_not_say_what_was_written(database: Database) -> None:
    def add() -> None:
        with database.begin() as connection:
            connection.execute(insert(STAFF).values({**ROW, "password_hash": "hash-canary"}))

    add()
    with pytest.raises(IntegrityError) as refusal:
        add()

    assert "hash-canary" not in str(refusal.value)


def test_processes_that_start_at_once_make_the_tables_once(database_address: str) -> None:
    script = f"""
from contextlib import suppress
from web.database import Database
from web.unavailable import Unavailable
database, count = Database({database_address!r}), None
while count is None:
    with suppress(Unavailable), database.begin() as connection:  # which waits for the others for two seconds
        count = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()
print(count)
"""  # noqa: S608 - an address of ours
    processes = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]

    assert [process.communicate(timeout=PATIENCE)[0].strip() for process in processes] == ["1"] * 6


def test_threads_that_start_at_once_make_the_tables_once(database: Database) -> None:
    found: list[list[str]] = []

    def look() -> bool:
        with contextlib.suppress(Unavailable):  # who waits for the first does so for two seconds
            found.append(_names(database))
            return True
        return False

    threads = [threading.Thread(target=eventually, args=[look]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [[]] * 8


def test_a_database_of_a_newer_version_is_left_alone(database_address: str) -> None:
    with Database(database_address).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Unavailable, match="newer version"), Database(database_address).begin():
        pass


def test_after_a_fork_parent_and_child_have_connections_of_their_own(database_address: str) -> None:
    script = f"""
import os
from tests.test_database import ROW
from web.database import Database
from web.tables import STAFF
database = Database({database_address!r})
def add(name):
    with database.begin() as connection:
        connection.execute(STAFF.insert().values({{**ROW, "name": name}}))
add("before")
if (child := os.fork()) == 0:
    [add(f"child {{number}}") for number in range(20)]
    os._exit(0)
[add(f"parent {{number}}") for number in range(20)]
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=PATIENCE)

    database = Database(database_address)
    assert len(_names(database)) == 41
    database.close()


def test_the_address_of_the_default_is_a_file_in_the_data_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "a b%20?x=1#y"

    database = Database(database_url("", folder))

    assert database.file == folder / "citewell.sqlite3"
    assert not folder.exists()  # nothing is made before it is needed


def test_the_address_of_postgresql_names_the_driver_and_keeps_the_password() -> None:
    given = "postgresql://citewell:p%40ss%2F@db.example:5433/name?sslmode=require"

    assert database_url(given, Path("data")) == given.replace("postgresql:", "postgresql+pg8000:")
    assert Database(database_url(given, Path("data"))).file is None


def test_the_file_is_for_its_user_only_and_so_is_a_new_folder(tmp_path: Path) -> None:
    database = Database(database_url("", tmp_path / "new" / "data"))

    with database.begin() as connection:
        connection.execute(insert(STAFF).values(ROW))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "data").iterdir()}

    assert modes == dict.fromkeys(["citewell.sqlite3", "citewell.sqlite3-wal", "citewell.sqlite3-shm"], 0o600)
    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
    database.close()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "citewell.sqlite3"
    file.touch(mode=0o644)

    with Database(database_url("", tmp_path)).begin():
        pass

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_sqlite_is_set_up_to_last_and_to_forget(tmp_path: Path) -> None:
    def pragma(connection: Connection, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    with Database(database_url("", tmp_path)).begin() as connection:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        assert [pragma(connection, name) for name in names] == ["wal", 2, 1, 1, 2000]


def test_who_reads_does_not_wait_for_who_writes(tmp_path: Path) -> None:
    database = Database(database_url("", tmp_path))
    with database.begin() as writing:
        writing.execute(insert(STAFF).values(ROW))

        assert _names(database) == []
    database.close()


def test_a_lock_of_somebody_else_is_waited_for_and_then_it_is_unavailable(tmp_path: Path) -> None:
    database = Database(database_url("", tmp_path))
    _names(database)
    other = sqlite3.connect(tmp_path / "citewell.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="database is locked"), database.begin():
        pass

    other.close()
    with database.begin() as connection:
        connection.execute(insert(STAFF).values(ROW))
    database.close()


@pytest.mark.parametrize(
    "what", ["a file where the folder should be", "a folder where the file should be", "no database"]
)
def test_what_cannot_be_opened_is_unavailable(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "data"
    if what == "a file where the folder should be":
        folder.write_text("")
    elif what == "a folder where the file should be":
        (folder / "citewell.sqlite3").mkdir(parents=True)
    else:
        folder.mkdir()
        (folder / "citewell.sqlite3").write_text("no database " * 100)

    with pytest.raises(Unavailable), Database(database_url("", folder)).begin():
        pass


def test_a_server_that_takes_the_connection_and_says_nothing_is_unavailable_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        database = Database(database_url(f"postgresql://citewell:secret@127.0.0.1:{port}/name", Path("data")))
        started = time.monotonic()

        with pytest.raises(Unavailable) as refusal, database.begin():
            pass

    assert time.monotonic() - started < 5
    assert "secret" not in str(refusal.value)


@pytest.mark.postgres
def test_a_wrong_password_is_not_repeated(postgres: PostgreSQL) -> None:
    wrong = postgres.new_database().replace(PASSWORD, "wrong-canary")
    database = Database(database_url(wrong, Path("data")))

    with pytest.raises(Unavailable, match="password authentication failed") as refusal, database.begin():
        pass

    assert "wrong-canary" not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.postgres
def test_a_statement_that_waits_too_long_is_unavailable(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))

    with pytest.raises(Unavailable, match="statement timeout"), database.begin() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(10)")
    database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["a statement", "the end"])
def test_a_server_that_falls_silent_within_a_transaction_is_unavailable(postgres: PostgreSQL, what: str) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))

    def silenced() -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE something (number integer)")
            postgres.freeze()
            if what == "a statement":
                connection.exec_driver_sql("SELECT 'canary'")

    try:
        with pytest.raises(Unavailable, match="connection was lost") as refusal:
            silenced()
    finally:
        postgres.wake()

    assert "canary" not in str(refusal.value)
    assert _names(database) == []
    database.close()


@pytest.mark.postgres
def test_while_the_server_is_silent_one_asks_and_the_others_do_not_wait(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))
    assert _names(database) == []

    def refused(_: int) -> float:
        started = time.monotonic()
        with pytest.raises(Unavailable), database.begin():
            pass
        return time.monotonic() - started

    postgres.freeze()
    try:
        refused(0)
        with ThreadPoolExecutor(4) as threads:
            waited = sorted(threads.map(refused, range(4)))
    finally:
        postgres.wake()

    assert waited[2] < 1 < WAIT_SECONDS < waited[3]
    assert _names(database) == []
    database.close()


@pytest.mark.postgres
def test_after_the_server_was_away_it_works_again(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))
    assert _names(database) == []

    postgres.stop()
    try:
        with pytest.raises(Unavailable), database.begin():
            pass
    finally:
        postgres.start()

    assert _names(database) == []
    database.close()


@pytest.mark.postgres
def test_a_server_that_was_away_unnoticed_is_no_error(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database(), Path("data")))
    assert _names(database) == []

    postgres.stop()
    postgres.start()

    assert _names(database) == []
    database.close()


@pytest.mark.postgres
def test_a_server_without_encryption_is_refused_where_it_is_required(postgres: PostgreSQL) -> None:
    database = Database(database_url(postgres.new_database() + "?sslmode=require", Path("data")))

    with pytest.raises(Unavailable), database.begin():
        pass


def test_the_newest_revision_is_the_one_that_the_tables_name() -> None:
    config = Config()
    config.set_main_option("script_location", "web:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]
