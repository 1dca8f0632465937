"""Starts real servers for tests, and stops them."""

import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server


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
    more, complaints = process.communicate(timeout=30)
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
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
