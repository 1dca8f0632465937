"""The log, on standard error: lines for people, or an object of JSON a line; never the words of an exception.

What an exception says may be what a visitor typed: of one that nobody expected, the log has its kind and its place.
"""

import json
import logging
import os
import re
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime

from web import access_log, request_ids
from web.settings import LogFormat

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(form: LogFormat) -> None:
    """Let everything that is logged in this process be written in this ``form``."""
    handler = _Stderr()
    handler.setFormatter(_Text() if form == "text" else _Json())
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if not isinstance(other, _Stderr)), handler]
    logging.getLogger("web").setLevel(logging.INFO)  # what we say there somebody wants to read; others say too much
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every question that waits its turn


def told(error: BaseException) -> str:
    """Where ``error`` came from and of what kind it is, with those that led to it; nothing that it says itself."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = f": {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else ""
    places = "".join(traceback.format_tb(error.__traceback__))
    earlier = f"{told(before)}\n\nwhich led to:\n\n" if before else ""
    return f"{earlier}Traceback (most recent call last):\n{places}{kind}{reason}"


class _Stderr(logging.Handler):
    """Writes each record in one piece, so that those of several processes do not run into each other.

    A line that cannot be written, as on a full disk, is lost: raising would end the thread that answers.
    """

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record) + "\n"
        with suppress(OSError, ValueError, AttributeError):  # full; closed; none at all
            sys.stderr.write(line)
            sys.stderr.flush()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        name = _request_id(record)
        message = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", record.getMessage())
        line = f"{_time(record)} {record.levelname} {record.name}: {message}" + (f" [{name}]" if name else "")
        return f"{line}\n{told(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": _request_id(record),
            **getattr(record, access_log.FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1]:
            said["exception"] = told(record.exc_info[1])
        return json.dumps(said)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _request_id(record: logging.LogRecord) -> str | None:
    fields: dict[str, str] = getattr(record, access_log.FIELDS, {})
    return fields.get("request_id") or request_ids.current()
