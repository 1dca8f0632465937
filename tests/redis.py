"""A real Redis for tests, from Debian's package; stopped, started, frozen and woken at will."""

import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import free_port
from tests.waiting import PATIENCE, eventually

PASSWORD = "pass-word-canary"  # noqa: S105 - of a server that lives as long as the tests
_PROGRAM = shutil.which("redis-server")


def is_installed() -> bool:
    """Whether Debian's package is there."""
    return _PROGRAM is not None


@dataclass(slots=True)
class Redis:
    """A server on the loopback address that keeps nothing on the disk."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def address(self) -> str:
        """The setting ``rate_limit_storage``."""
        return self.address_with(PASSWORD)

    def address_with(self, password: str) -> str:
        """As `address`, with another password."""
        return f"redis://:{password}@127.0.0.1:{self.port}/3"

    def start(self) -> None:
        """Start with nothing in it, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command = [str(_PROGRAM), *options, "--requirepass", PASSWORD, "--dir", str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        eventually(self._answers, lambda: "Redis does not start")

    def stop(self) -> None:
        """Break every connection and stop."""
        if self._process:
            self.wake()
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def freeze(self) -> None:
        """Take connections from now on, and say nothing."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Go on."""
        self._signal(signal.SIGCONT)

    def asked(self, *words: str) -> bytes:
        """What it replies to a command, as it stands on the wire; after a password that is right."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(f"AUTH {PASSWORD}\r\nSELECT 3\r\n{' '.join(words)}\r\nQUIT\r\n".encode())
            said = b""
            while more := connection.recv(65536):
                said += more
        assert said.startswith(b"+OK\r\n+OK\r\n"), said
        return said.removeprefix(b"+OK\r\n+OK\r\n").removesuffix(b"+OK\r\n")

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            return self.asked("PING") == b"+PONG\r\n"
        except (OSError, AssertionError):
            return False


@contextmanager
def running() -> Iterator[Redis]:
    """A fresh server, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="citewell-redis-"))
    server = Redis(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
