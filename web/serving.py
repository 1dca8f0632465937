"""The web server: a socket, one process or several, and an end at which nothing that was asked is lost."""

import errno
import logging
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

from bot.errors import CitewellError
from web import memory, processes
from web.connections import Server
from web.inputs import MAX_BODY
from web.settings import Settings
from web.terminal import reason

# Chosen, not measured.
CONNECTIONS = 1000
"""Open at the same time, in each process."""

OTHER_FILES = 200
"""That may be open beside connections: the database's, the log, the content while it is read."""

_LOG = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """A socket on which browsers are awaited; raises `CitewellError` where there cannot be one."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=socket.SOMAXCONN
        )
    except OSError as error:
        message = f"cannot listen on {host}, port {port}: {_why(error, port)}"
        raise CitewellError(message) from None


def _why(error: OSError, port: int) -> str:
    """What the system says, and what to do about it."""
    if (error.errno or 0) < 0:  # of what looks names up
        return "this machine knows no such host. Listen on an address of its own with --host"
    hints = {
        errno.EADDRINUSE: f". Take another with --port, or see who has it: ss -ltnp 'sport = :{port}'",
        errno.EACCES: ". Take one from 1024 on with --port, and let a reverse proxy have this one",
        errno.EADDRNOTAVAIL: ". Listen on one of this machine's own with --host: `hostname -I` lists them",
    }
    return reason(error) + hints.get(error.errno or 0, "")


def serve(
    app: Any, listener: socket.socket, settings: Settings, *, start: Callable[[int], None], ready: Callable[[], None]
) -> None:
    """Serve the WSGI application ``app`` until it is told to end, in as many processes as ``settings`` say.

    ``ready`` is called once, from when on it can be told to end. ``start`` is called in each process, with its number
    from 0 on, before it answers: what begins threads is there.
    """
    memory.settle()  # what is loaded stays, so that several processes share it
    connections = _room()

    def work(number: int, ready: Callable[[], None] = lambda: None) -> None:
        start(number)
        _answer(app, listener, settings, connections, ready)

    if settings.processes == 1:
        work(0, ready)
    else:
        processes.run(settings.processes, work, ready=ready, end=listener.close)
    for number in processes.ENDING:  # what follows writes what waits, and is over soon
        signal.signal(number, signal.SIG_IGN)


def _answer(app: Any, listener: socket.socket, settings: Settings, connections: int, ready: Callable[[], None]) -> None:
    server = Server(
        app,
        listener,
        threads=settings.threads,
        seconds=settings.request_seconds,
        max_body=MAX_BODY,
        connections=connections,
    )
    for number in processes.ENDING:
        signal.signal(number, lambda _signal, _frame: server.stop())
    ready()
    server.run()


def _room() -> int:
    """How many connections the system lets one process have; its limit is raised as far as we may, if need be.

    Where that is not enough it is said; half of what may be open is left to other files then.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = min(CONNECTIONS, max(soft - OTHER_FILES, soft // 2))
    if room < CONNECTIONS:
        _LOG.warning("A process may open %d files (ulimit -n), so each has room for %d connections.", soft, room)
    return room
