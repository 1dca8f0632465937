"""Starts real servers for tests, and stops them."""

import random
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.waiting import PATIENCE

_PORTS = iter(random.sample(range(10_000, 32_768), 22_768))
"""Below those that Linux hands out by itself; each once."""


@contextmanager
def started(command: Sequence[str], cwd: Path, *, logs_it: bool = False) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``command`` and yield the process with the address in its start line; killed at the end if it still runs.

    That is the first line on standard output, or where it ``logs_it``, of the log.
    """
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = process.stderr if logs_it else process.stdout
            line = said.readline() if said else ""
            found = re.search(r"http://localhost:(\d+)/", line)
            if found is None:
                process.kill()
                raise AssertionError(line + process.communicate()[1])
            yield process, f"http://127.0.0.1:{found[1]}"
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> str:
    """All that ``process`` still says after it was told to end, which it must do well."""
    process.send_signal(number)
    more, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complaints
    return more + complaints


@contextmanager
def serving(command: Sequence[str], cwd: Path) -> Iterator[str]:
    """Run ``command``, yield the address in its start line, then stop it: it must leave well, and say no more."""
    with serving_process(command, cwd) as (address, _):
        yield address


@contextmanager
def serving_process(command: Sequence[str], cwd: Path) -> Iterator[tuple[str, int]]:
    """The same with the id of the process."""
    with started(command, cwd) as (process, address):
        yield address, process.pid
        assert stopped(process) == ""


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Serve ``app`` from a thread of this process, yield its address, then stop."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def free_port() -> int:
    """A port of this machine that nobody listens on.

    Nor does anybody get it by chance: before the server for which it is has started, or while that is stopped.
    """
    for port in _PORTS:
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    pytest.fail("all ports are taken")
