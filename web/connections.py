"""waitress with an end to everything: how long a request may take to come, how much of it is held, how serving stops.

What waitress leaves open, and its classes let others close: it counts silence and no total, holds what is refused, and
drops what waits when it stops. Source: https://docs.pylonsproject.org/projects/waitress/en/stable/
"""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask

# Chosen, not measured.
MAX_BODY_READ = 12 * 1024 * 1024
"""What is read of a body before the connection is closed: a client that sends far too much still reads our refusal."""

MAX_HEADER = 16 * 1024
"""Of the first line and all headers together, in bytes."""

MAX_UNSENT = 1024 * 1024
"""Of replies that a client has not taken, in bytes, at which it is answered no more; larger than any one reply."""

ONE_SECOND = 1.0
GRACE_SECONDS = 0.5
"""How long, at the end, those that are connected may still send a request: it may be on its way."""

DRAIN_SECONDS = 5.0
"""How long, at the end, requests are finished; with the journal's three seconds, below the ten that Docker gives."""


class _Kept(OverflowableBuffer):
    """The beginning of a body: what is longer than may be is counted by the parser, and no use to hold."""

    def __init__(self, most: int) -> None:
        super().__init__(most + 1)
        self._most = most

    def append(self, s: bytes) -> None:
        super().append(s[: max(0, self._most - len(self))])


class _Request(HTTPRequestParser):
    """One request while it comes in."""

    path = ""  # until it is known: waitress names it where the client has gone, also of what is no HTTP

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.since = time.monotonic()

    @property
    def has_begun(self) -> bool:
        """Whether anything but empty lines has come."""
        return bool(self.header_plus.strip()) or self.body_rcv is not None

    def parse_header(self, header_plus: bytes) -> None:
        """Refuse, too, what says in two ways where it ends: a proxy in front may take the other one.

        Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
        """
        try:
            super().parse_header(header_plus)
        except ValueError:  # of an address such as http://[::1, which waitress would write into the log as a crash
            message = "Bad URI"
            raise ParsingError(message) from None
        has_length = "CONTENT_LENGTH" in self.headers
        if (self.chunked and has_length) or "TRANSFER_ENCODING" in self.headers:
            message = "Transfer-Encoding beside Content-Length, or in HTTP/1.0"
            raise ParsingError(message)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Kept(self.adj.inbuf_overflow)


class _Refusal(ErrorTask):
    """The reply to what is no HTTP that we take; says nothing of what was sent, nor by whom it is refused."""

    request: Any  # the stubs of waitress are not exact here and below
    response_headers: Any

    def execute(self) -> None:
        """Write it."""
        status = HTTPStatus(self.request.error.code)
        self.status = f"{status.value} {status.phrase}"
        body = f"{status.phrase}\n".encode()
        self.response_headers += [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            ("X-Request-ID", secrets.token_hex(8)),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Reply(WSGITask):
    """The reply of the application."""

    channel: Any
    wrote_header: Any

    def write(self, data: bytes) -> None:
        """Send it; the headers together with what comes first of the body."""
        if self.wrote_header:
            super().write(data)
            return
        with self.channel.in_one_piece():
            super().write(data)


class Channel(HTTPChannel):
    """One connection. ``waiting_since`` it was opened or its last request was answered."""

    parser_class = _Request
    task_class = _Reply
    error_task_class = _Refusal
    server: Any
    request: Any
    requests: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.waiting_since = time.monotonic()
        self._held: list[bytes] | None = None
        super().__init__(*args, **kwargs)

    @property
    def is_answered(self) -> bool:
        """Whether a request of it is being answered, or waits for that."""
        return bool(self.requests)

    @property
    def keeps_us_waiting(self) -> bool:
        """Whether the client is to do something: to ask, or to take a reply, also where it has asked for more."""
        return not self.is_answered or self.total_outbufs_len > 0

    @property
    def is_busy(self) -> bool:
        """Whether it is answered, or its reply is not wholly sent."""
        return self.is_answered or self.total_outbufs_len > 0

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """Send what is written in this block at its end: while something is sent, another thread takes the turn."""
        held: list[bytes] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
        self.write_soon(b"".join(held))

    def write_soon(self, data: Any) -> int:
        """Send ``data``, or hold it where more comes at once; how many bytes that is."""
        if self._held is None:
            return int(super().write_soon(data))
        self._held.append(data)
        return len(data)

    def service(self) -> None:
        """Answer one request; the last one where the server is about to end.

        Not where many were sent at once and their replies are not taken: waitress would let a thread wait for that.
        """
        if self.total_outbufs_len > MAX_UNSENT:
            self.cancel()
            self.server.pull_trigger()
            return
        if self.server.is_ending:
            self.requests[0].headers["CONNECTION"] = "close"
        super().service()
        self.waiting_since = time.monotonic()

    def is_late(self, seconds: float, now: float) -> bool:
        """Whether it has taken longer than ``seconds`` to send a request, to begin one, or to take a reply."""
        if not self.keeps_us_waiting:
            return False
        comes = self.request is not None and self.request.has_begun and not self.total_outbufs_len
        return now - (self.request.since if comes else self.waiting_since) > seconds


class Server(TcpWSGIServer):
    """Serves until `stop` is called, and then finishes what it has been asked."""

    channel_class = Channel
    active_channels: Any
    socket: Any
    _map: Any

    def __init__(
        self,
        app: Any,
        listener: socket.socket,
        *,
        threads: int,
        seconds: int,
        max_body: int,
        connections: int,
    ) -> None:
        """``seconds`` are for a request to come, and for its reply to be taken.

        So many ``connections`` are open at most: who comes then takes the place of who has kept us waiting longest.
        """
        adjustments = Adjustments(
            threads=threads,
            max_request_body_size=MAX_BODY_READ,
            max_request_header_size=MAX_HEADER,
            inbuf_overflow=max_body + 1,
            connection_limit=connections + 10,  # waitress would let newcomers wait; `handle_accept` comes before that
            clear_untrusted_proxy_headers=False,  # the application must see whether a proxy handed a request on
            ident=None,
        )
        self.is_ending = False
        self._seconds = seconds
        self._connections = connections
        self._looked = 0.0
        described = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, {}, _sock=listener, adj=adjustments, sockinfo=described, bind_socket=False)
        self.task_dispatcher.set_thread_count(threads)

    def stop(self) -> None:
        """Let `run` come to its end; may be called from a signal handler, and again: then it does nothing."""
        if not self.is_ending:  # what is pulled is a descriptor's number, and after the end it may be another file's
            self.is_ending = True
            self.pull_trigger()

    def run(self) -> None:
        """Serve; and at the end, finish."""
        while not self.is_ending:
            wasyncore.poll2(ONE_SECOND, self._map)
        self._accept_last()
        stopped = time.monotonic()
        while self._is_needed(time.monotonic() - stopped):
            wasyncore.poll2(GRACE_SECONDS / 5, self._map)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def maintenance(self, _now: float) -> None:
        """Close who is late. Called whenever the loop turns; looks once a second, and not at the time of day.

        At once: `will_close`, by which waitress does it, waits until something can be sent, which may be never.
        """
        self.next_channel_cleanup = 0
        now = time.monotonic()
        if now - self._looked < ONE_SECOND:
            return
        self._looked = now
        for channel in self._channels():
            if channel.will_close or channel.is_late(self._seconds, now):
                channel.handle_close()

    def handle_accept(self) -> None:
        """Take in whoever has come, in place of another if there is no room."""
        super().handle_accept()
        channels = self._channels()
        if len(channels) > self._connections:
            idle = [channel for channel in channels if channel.keeps_us_waiting]
            min(idle or channels, key=lambda channel: channel.waiting_since).handle_close()

    def _channels(self) -> list[Channel]:
        return [*self.active_channels.values()]

    def _accept_last(self) -> None:
        """Take in those that are at the door already, and close it."""
        before = -1
        while before < len(self.active_channels) < self._connections:
            before = len(self.active_channels)
            self.handle_accept()
        self.accepting = False
        self.del_channel(self._map)
        self.socket.close()

    def _is_needed(self, seconds: float) -> bool:
        """Whether anybody is still served so many ``seconds`` after the end was called for."""
        channels = self._channels()
        if seconds < GRACE_SECONDS:
            return bool(channels)
        return seconds < DRAIN_SECONDS and any(channel.is_busy for channel in channels)
