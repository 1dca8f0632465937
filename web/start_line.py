"""The one line of a start: for people on standard output, and where the log is for programs, in the log instead."""

import logging

import click

from bot.answering import Answerer
from web.content import told
from web.settings import LogFormat

_HERE = ("127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 - only named, not bound

_LOG = logging.getLogger(__name__)


def say(answerer: Answerer, host: str, port: int, form: LogFormat) -> None:
    """Say where it can be asked from now on, and how much there is to answer from."""
    address = "localhost" if host in _HERE else f"[{host}]" if ":" in host else host
    line = f"Citewell answers on http://{address}:{port}/ ({told(answerer)})."
    if form == "text":
        click.echo(f"{line} Stop with Ctrl+C.")
    else:
        _LOG.info("%s", line)
