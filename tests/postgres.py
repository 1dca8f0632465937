"""A real PostgreSQL for tests, from Debian's package; stopped and started at will."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine

from tests.services import free_port
from tests.waiting import PATIENCE

PASSWORD = "pass-word-canary"  # noqa: S105 - of a server that lives as long as the tests
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def is_installed() -> bool:
    """Whether Debian's package is there."""
    return bool(_PROGRAMS)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server in a folder of its own, listening on the loopback address."""

    folder: Path
    port: int

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self.folder / "log")
        _run("pg_ctl", "-D", str(self.folder / "cluster"), "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        """Break every connection and stop."""
        _run("pg_ctl", "-D", str(self.folder / "cluster"), "-m", "immediate", "-w", "stop")

    def freeze(self) -> None:
        """Take connections from now on, and say nothing."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the server and all of its processes."""
        main = int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0])
        others = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in [main, *map(int, others)]:
            with suppress(ProcessLookupError):  # those that clean up come and go
                os.kill(pid, number)

    def new_database(self) -> str:
        """The setting ``database_url`` of a fresh database."""
        name = f"test_{secrets.token_hex(8)}"
        engine = create_engine(self._url("postgres", "postgresql+pg8000"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self._url(name, "postgresql")

    def _url(self, name: str, driver: str) -> str:
        url = URL.create(driver, "citewell", PASSWORD, "127.0.0.1", self.port, name)
        return url.render_as_string(hide_password=False)


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """A fresh server, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="citewell-postgres-"))
    password = folder / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        for path in (folder, password):
            shutil.chown(path, "postgres", "postgres")
    cluster = ["-D", str(folder / "cluster"), "-U", "citewell", "--pwfile", str(password)]
    _run("initdb", *cluster, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    server = PostgreSQL(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    other_user: Sequence[str] = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    path = str(_PROGRAMS[-1].parent / program)
    subprocess.run([*other_user, path, *arguments], cwd="/", stdout=subprocess.DEVNULL, timeout=PATIENCE, check=True)
