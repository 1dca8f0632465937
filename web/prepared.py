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
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import bot
from bot.answering import Answerer
from bot.errors import CorpusError
from bot.versions import shipped_version, version_of
from web.shelf import Shelf, opened

FOLDER = "prepared"

LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "nltk", "numpy", "pydantic", "rank-bm25", "regex", "symspellpy")
"""The packages whose objects are in an answerer, or whose doing it is."""

LONGEST_SECONDS = 600
"""In which an answerer is made, or it is not this Python that was started. Chosen: it takes five seconds, or fifty."""

_CODE = Path(bot.__file__).parent
_RUN = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from web.preparing import main; main()"

_LOG = logging.getLogger(__name__)


def prepared(folder: Path, data: Path) -> Answerer:
    """The answerer of the content in ``folder``: as it is kept in ``data``, or made in a process of its own and kept.

    Raises `CorpusError` for content that is wrong, whatever is kept of other content.
    """
    try:
        content = version_of(folder)
        name = _name(folder, content)
    except (CorpusError, OSError, PackageNotFoundError):
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
    try:
        ended = subprocess.run(  # noqa: S603 - the same Python with our own code
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, timeout=LONGEST_SECONDS
        )
        return _loaded(ended.stdout), ended.stdout
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _LOG.warning("The content is read in this very process, since none could be started for it: %s.", error)
        return bot.build(folder), b""


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
    libraries = [f"{package} {version(package)}" for package in LIBRARIES]
    parts = [sys.version, content, shipped_version(), str(folder), str(folder.absolute()), *libraries, _code()]
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@cache  # what changes on the disk from now on is not what this process runs
def _code() -> str:
    """Our own code, and what comes with it, by its bytes."""
    digest = sha256()
    for path in sorted(_CODE.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            digest.update(str(path.relative_to(_CODE)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()
