"""Answerers that are kept in the data folder: making one takes seconds, loading one a tenth of a second.

A kept answerer is for exactly one state of the content, of our own code and of the libraries that are in it: all of
them make its name, and what has another name is made anew. What is wrong with content is found while an answerer is
made, so there is a kept one only of content that was checked, and by this very code.

It is a pickle, and loading one may run anything: it is trusted as much as the ``__pycache__`` beside the code, so file
and folder must belong to the user of this process, and nobody else may write there (`web.shelf`).
"""

import gc
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event, Timer

import bot
from bot.answering import Answerer
from bot.errors import CorpusError
from bot.versions import shipped_version, version_of
from web import program
from web.shelf import Shelf, opened

FOLDER = "prepared"

LONGEST_SECONDS = 600
"""In which an answerer is made, or something is wrong. Chosen: it takes five seconds, or fifty."""

CHANGED = "the program was changed on the disk"
RESTART = "Citewell to be restarted"
WHOLE = "a process that reads it to its end"
NO_MEMORY = "perhaps because there was not enough memory"

_RUN = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from web.preparing import main; main()"

_LOG = logging.getLogger(__name__)


class Interrupted(CorpusError):  # noqa: N818 - says what happened
    """The content was not read to its end, or by another program: nothing is known of the content."""


def prepared(folder: Path, data: Path) -> Answerer:
    """The answerer of the content in ``folder``: as it is kept in ``data``, or made in a process of its own and kept.

    Raises `CorpusError` for content that is wrong, whatever is kept of other content; `Interrupted` where the other
    process ended before it was done, and for any content where the program is no longer the one that runs here.
    """
    _program()  # before anything is made: what is on the disk then is what runs here
    try:
        content = version_of(folder)
        name = _name(folder, content)
    except (CorpusError, OSError):
        return _made(folder)[0]  # which finds what is wrong with the content, and says it
    shelf = Shelf(data / FOLDER)
    if answerer := _kept(shelf, name):
        return answerer
    with shelf.one_at_a_time():
        if answerer := _kept(shelf, name):  # another process has made it meanwhile
            return answerer
        answerer, written = _made(folder)
        if written and answerer.corpus.version == content:  # or it was changed just now
            shelf.keep(name, written)
        return answerer


def _kept(shelf: Shelf, name: str) -> Answerer | None:
    written = shelf.read(name)
    try:
        return _loaded(written) if written else None
    except Exception:  # whatever is wrong with it, it is made anew
        return None


def _made(folder: Path) -> tuple[Answerer, bytes]:
    """The answerer of ``folder``, and what it was loaded from.

    It is made aside: this process never holds what only the making needs, some 60 MB, and goes on answering meanwhile.
    Where no other process can be started, as within some web servers, it is made here, and there is nothing to keep.
    """
    command = [sys.executable, "-c", _RUN, json.dumps(sys.path), str(folder)]
    waited_for, waiting = os.pipe()  # the other process ends when this end is closed, also by the end of this process
    try:
        try:
            process = subprocess.Popen(command, stdin=waited_for, stdout=subprocess.PIPE)  # noqa: S603 - our own code
        except OSError as error:
            reason = error.strerror or type(error).__name__
            _LOG.warning("The content is read in this very process, since none can be started for it: %s.", reason)
            return bot.build(folder), b""
        finally:
            os.close(waited_for)
        written = _handed_over(process, folder)
    finally:
        os.close(waiting)
    return _loaded(written), written


def _handed_over(process: subprocess.Popen[bytes], folder: Path) -> bytes:
    """What ``process`` made, sealed. Raises `Interrupted`, also where it is of another program."""
    with _limited(process) as took_too_long:
        said, _ = process.communicate()
    if process.returncode and program.name() == _program():
        how = f"took longer than {LONGEST_SECONDS} seconds" if took_too_long() else _end(process.returncode)
        raise _interrupted(folder, f"the process that reads it {how}")
    if said[: program.NAME_LENGTH] != _program().encode():
        raise _interrupted(folder, CHANGED, RESTART)
    written = said[program.NAME_LENGTH :]
    if opened(written) is None:
        raise _interrupted(folder, "only a part of it came")
    return written


def _interrupted(folder: Path, how: str, expected: str = WHOLE) -> Interrupted:
    return Interrupted(folder, None, f"cannot be loaded now: {how}", expected)


def _end(code: int) -> str:
    """How a process ended that has this exit code; below 0 it is a signal's."""
    if code > 0:
        return f"ended with code {code}"
    name = signal.Signals(-code).name if -code in {*signal.Signals} else f"signal {-code}"
    return f"was ended by {name}" + f", {NO_MEMORY}" * (-code == signal.SIGKILL)


@contextmanager
def _limited(process: subprocess.Popen[bytes]) -> Iterator[Callable[[], bool]]:
    """It has ended after the block; says whether it was ended in it because it took too long.

    `subprocess` itself would ask again and again by a clock that may be set.
    """
    took_too_long = Event()

    def end() -> None:
        took_too_long.set()
        process.kill()

    limit = Timer(LONGEST_SECONDS, end)
    limit.daemon = True
    limit.start()
    try:
        yield took_too_long.is_set
    finally:
        limit.cancel()
        process.kill()
        process.wait()


def _loaded(written: bytes) -> Answerer:
    """The answerer, or the error that was raised where it was made; `ValueError` for what is neither."""
    content = opened(written)
    if content is None:
        message = "something else came out of it"
        raise ValueError(message)
    with _no_collection():
        outcome = pickle.loads(content)  # noqa: S301 - the docstring of this file says whose it is
    if isinstance(outcome, CorpusError):
        raise outcome
    if not isinstance(outcome, Answerer):
        message = f"it is a {type(outcome).__name__}"
        raise ValueError(message)
    return outcome


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python would look through all that was loaded again and again, though nothing of it can go."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# ---- what a kept answerer depends on


def _name(folder: Path, content: str) -> str:
    """The folder counts, too: its name stands in warnings, and says where rules come from."""
    parts = [content, shipped_version(), str(folder), str(folder.absolute()), _program()]
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@cache  # what changes on the disk from now on is not what this process runs
def _program() -> str:
    return program.name()
