"""What commands share on a terminal: how wide a text is, a bar for what takes long, files written for people."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.errors import CitewellError

MAX_WIDTH = 88


def width() -> int:
    """How wide lines may be: as the terminal is, and never too wide to read."""
    return min(MAX_WIDTH, shutil.get_terminal_size().columns)


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[], None]]:
    """What to call after each of ``length`` steps; on a terminal, a bar shows how many are done."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def write(path: Path, text: str) -> None:
    """Write ``text`` into the file ``path``; raises `CitewellError` where that cannot be."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        message = f"cannot write {path}: {reason(error)}"
        raise CitewellError(message) from None


def reason(error: OSError) -> str:
    """The system's own words, without what Python adds; a name that cannot be resolved has no number there."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)
