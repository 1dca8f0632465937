"""Sees that the content in the folder has changed, loads and checks it aside, and lets it be served.

A thread in each process looks every few seconds: at names, sizes and times, and at the bytes where these have changed.
It asks and does not wait to be told, because network drives and mounted folders tell nothing. What is broken is said,
and the content of before goes on.
"""

import logging
import os
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from flask import Flask

from bot.answering import Answerer
from bot.errors import CorpusError
from bot.versions import files_of, version_of
from web import memory
from web.clock import now
from web.content import Broken, Content
from web.writing import NotWritten, locked

PATIENCE_SECONDS = 3.0
"""How long `Watcher.close` waits for content that is being loaded; chosen."""

AGAIN_SECONDS = 60.0
"""After which broken content is tried again although it did not change; chosen."""

LONGEST = 300
"""Characters of each thing that is said of a mistake: a heading that somebody quoted may have any number."""

READABLE = "a folder whose files Citewell may read"
LOADABLE = "content that can be loaded"

SAFETY_CHANGED = "The safety rules or their tests were changed: `citewell check` plays the tests, which takes a while."

_EXTENSION = "citewell.watcher"
_LOG = logging.getLogger(__name__)

Stamps = tuple[tuple[str, int, int, int, int], ...]
"""Of each file its name, number, size and times: they differ where its bytes do, and may where they do not."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The folder that is looked at every so many ``seconds``, and what makes an answerer of it.

    ``build`` raises `bot.errors.CorpusError` for content that is wrong.
    """

    folder: Path
    build: Callable[[Path], Answerer]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """A state of the folder; where it cannot be read, only ``problem`` says something: the file, and what is wrong."""

    stamps: Stamps = ()
    version: str = ""
    problem: tuple[str, str] | None = None


class _State:
    """What belongs to one process: a child after a fork has its own."""

    def __init__(self) -> None:
        self.closing = Event()
        self.lock = Lock()
        self.thread: Thread | None = None


class Watcher:
    """Keeps ``content`` what stands in the folder. `look` is for one thread, the others for any."""

    def __init__(self, content: Content, watch: Watch) -> None:
        """Nothing begins yet."""
        self._content = content
        self._watch = watch
        self._state = _State()
        self._settled: Stamps | None = None
        """Of the state that is served."""
        self._seen: _Seen | None = None
        """What the last look saw."""
        self._is_told = False
        """Whether it was logged that something is broken, and not yet that it is whole again."""
        self._refused = ("", 0.0)
        """The version that was found broken, and when it is tried again: perhaps it only could not be read."""
        after_fork = weakref.WeakMethod(self._after_fork)
        os.register_at_fork(after_in_child=lambda: (call := after_fork()) and call())

    def start(self) -> None:
        """Begin, unless it has begun in this process or is closed."""
        state = self._state
        with state.lock:
            if state.closing.is_set() or (state.thread and state.thread.is_alive()):
                return
            state.thread = Thread(target=self._run, args=[state], name="citewell-watcher", daemon=True)
            state.thread.start()

    def close(self) -> None:
        """Look no more. What is being loaded is waited for, for three seconds."""
        state = self._state
        state.closing.set()
        with state.lock:
            thread = state.thread
        if thread:
            thread.join(PATIENCE_SECONDS)

    def look(self) -> None:
        """Look once. What has changed is loaded when two looks find it alike: until then somebody may be saving files.

        It is loaded without the lock, so that editors need not wait, and served only if the folder still is what was
        loaded and nobody changes it at that moment: so nothing is seen of a change that is taken back.
        """
        with _nobody_writes(self._watch.folder) as so:
            seen = self._found() if so else None
        if seen is None:
            return
        loaded = self._loaded()
        if self._state.closing.is_set():  # what was being loaded may have been ended with all the rest
            return
        with _nobody_writes(self._watch.folder) as so:
            if so and seen == _see(self._watch.folder):
                self._take(loaded, seen)

    # ---- the thread

    def _run(self, state: _State) -> None:
        while not state.closing.wait(self._watch.seconds):
            self.look()

    def _after_fork(self) -> None:
        """The parent's thread is not there."""
        self._state = _State()

    # ---- one look

    def _found(self) -> _Seen | None:
        """What is to be loaded now, if anything is."""
        folder = self._watch.folder
        with suppress(OSError):
            if self._settled == _stamps(folder):
                return None
        seen, before = _see(folder), self._seen
        self._seen = seen
        if seen != before:
            return None
        if seen.problem:
            self._say(Broken(*seen.problem, READABLE, now()))
        elif seen.version == self._content.version:
            self._settle(seen.stamps)
        elif seen.version != self._refused[0] or time.monotonic() >= self._refused[1]:
            return seen
        return None

    def _loaded(self) -> Answerer | Broken:
        """What the folder holds, or why it cannot be served."""
        folder = self._watch.folder
        try:
            return self._watch.build(folder)
        except CorpusError as error:
            return _broken(error, folder)
        except Exception as error:  # a thread that ended here would leave every later edit unseen
            return Broken(_plain(folder.name), f"cannot be loaded ({type(error).__name__})", LOADABLE, now())

    def _take(self, loaded: Answerer | Broken, seen: _Seen) -> None:
        """Serve what is ``loaded``, or say why not; it is of ``seen``, which still is what stands in the folder."""
        if isinstance(loaded, Broken):
            self._refused = (seen.version, time.monotonic() + AGAIN_SECONDS)
            self._say(loaded)
        elif loaded.corpus.version == seen.version:  # or the folder was another one for a moment, while it was read
            _LOG.info("The content was changed: version %s is served.", seen.version)
            if not _is_as_safe(self._content.current.answerer, loaded):
                _LOG.warning(SAFETY_CHANGED)
            self._content.swap(loaded)
            memory.give_back()
            self._settle(seen.stamps)

    def _settle(self, stamps: Stamps) -> None:
        """What the folder holds is served."""
        self._settled = stamps
        if self._is_told:
            _LOG.warning("The content has no mistake any more: version %s is served.", self._content.version)
        self._content.broken, self._is_told = None, False

    def _say(self, broken: Broken) -> None:
        """Say it once, also where it is found again."""
        self._settled = None  # or a folder that comes back as it was would not be looked at
        if str(broken) == str(self._content.broken):
            return
        self._content.broken, self._is_told = broken, True
        before = self._content.version
        _LOG.error("The content was changed and cannot be served: %s. Version %s goes on.", broken, before)


# ---- the folder


@contextmanager
def _nobody_writes(folder: Path) -> Iterator[bool]:
    """Whether the review changes nothing in ``folder`` during the block: it may take a change back."""
    with ExitStack() as stack:
        try:
            free = stack.enter_context(locked(folder, reading=True))
        except NotWritten:  # where there is no lock to be had, the review does not write
            free = True
        yield free


def _see(folder: Path) -> _Seen:
    try:
        return _Seen(_stamps(folder), version_of(folder))
    except OSError as error:
        where = _plain(_relative(Path(error.filename or folder), folder))
        return _Seen(problem=(where, os.strerror(error.errno or 0)))


def _stamps(folder: Path) -> Stamps:
    """Raises `OSError`."""
    stats = [(path, path.stat()) for path in files_of(folder)]
    return tuple((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for path, stat in stats)


# ---- what is said


def _broken(error: CorpusError, folder: Path) -> Broken:
    where = _relative(error.path, folder)
    if error.line is not None:
        where = f"{where}:{error.line}"
    # The system's words may have the whole path in them.
    problem, expected = (said.replace(f"{folder}/", "") for said in (error.problem, error.expected))
    return Broken(_plain(where), _plain(problem), _plain(expected), now())


def _relative(path: Path, folder: Path) -> str:
    """The path within ``folder``; what lies elsewhere has only its name told."""
    return str(path.relative_to(folder)) if path != folder and path.is_relative_to(folder) else path.name


def _plain(said: str) -> str:
    """One line without characters that nobody sees: a file's name and what stands in it may hold any."""
    return "".join(character if character.isprintable() else " " for character in said)[:LONGEST]


def _is_as_safe(before: Answerer, after: Answerer) -> bool:
    """Whether the safety rules and their tests say what they said."""
    old, new = before.corpus.safety, after.corpus.safety
    rules = old.say_the_same_as(new) if old and new else old is new
    return rules and before.safety_tests_name == after.safety_tests_name


# ---- the application


def register(app: Flask, content: Content, watch: Watch) -> None:
    """Let ``app`` serve ``content`` as the folder has it; a process that is not told to `start` begins when asked."""
    watcher = Watcher(content, watch)
    app.extensions[_EXTENSION] = watcher
    app.before_request(watcher.start)


def start(app: Flask) -> None:
    """Begin to look, in this process; for each process of a web server that has several."""
    if _EXTENSION in app.extensions:
        app.extensions[_EXTENSION].start()


def close(app: Flask) -> None:
    """Look no more."""
    if _EXTENSION in app.extensions:
        app.extensions[_EXTENSION].close()
