"""The web server: a socket, threads that answer, and an end at which nothing that was asked is lost."""

import logging
import signal
import socket
from types import FrameType
from typing import Never

from flask import Flask
from waitress.server import create_server

from bot.errors import CitewellError
from web.settings import Settings
from web.terminal import reason

# What the web server reads of a body before the application refuses it. Large enough that a client which sends far too
# much still reads our refusal instead of a broken connection; held in memory, never in a file.
MAX_BODY_READ = 12 * 1024 * 1024

CONNECTIONS = 1000
IDLE_SECONDS = 30  # after which a connection that sends nothing makes room for others


def listen(host: str, port: int) -> socket.socket:
    """A socket on which browsers are awaited; raises `CitewellError` where there cannot be one."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        message = f"cannot listen on {host}, port {port}: {reason(error)}"
        raise CitewellError(message) from None


def run(app: Flask, listener: socket.socket, settings: Settings) -> None:
    """Serve ``app`` until SIGTERM or Ctrl+C."""
    server = create_server(
        app,
        sockets=[listener],
        threads=settings.threads,
        max_request_body_size=MAX_BODY_READ,
        inbuf_overflow=MAX_BODY_READ + 1,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        clear_untrusted_proxy_headers=not settings.proxies,  # or the application never sees what proxies say
        ident=None,
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every question that waits its turn
    signal.signal(signal.SIGTERM, _stop)
    server.run()


def _stop(_signal: int, _frame: FrameType | None) -> Never:
    """Let the web server finish the questions it has and leave."""
    raise SystemExit(0)
