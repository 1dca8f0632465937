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
from web import memory, mistakes
from web.content import Broken, Content, told
from web.writing import NotWritten, locked

PATIENCE_SECONDS = 3.0
"""How long `Watcher.close` waits for content that is being loaded; chosen."""

AGAIN_SECONDS = 60.0
"""After which broken content is tried again although it did not change; chosen."""

SOON_SECONDS = 5.0
"""The same where only the loading failed; twice as long after each further time, up to `AGAIN_SECONDS`. Chosen."""

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
class _Refused:
    """The ``version`` that cannot be served, when it is tried again, and how long that is after it was tried last."""

    version: str = ""
    again: float = 0.0
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """A state of the folder; where it cannot be read, only ``problem`` says something."""

    stamps: Stamps = ()
    version: str = ""
    problem: Broken | None = None


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
        self._told: Broken | None = None
        """What was logged to be broken, and not yet to be whole again."""
        self._refused = _Refused()
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
        began = time.monotonic()
        loaded = self._loaded()
        took = time.monotonic() - began
        if self._state.closing.is_set():  # what was being loaded may have been ended with all the rest
            return
        with _nobody_writes(self._watch.folder) as so:
            if so and seen == _see(self._watch.folder):
                self._take(loaded, seen, took)

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
            self._say(seen.problem)
        elif seen.version == self._content.version:
            self._settle(seen.stamps)
        elif seen.version != self._refused.version or time.monotonic() >= self._refused.again:
            return seen
        return None

    def _loaded(self) -> Answerer | Broken:
        """What the folder holds, or why it cannot be served."""
        folder = self._watch.folder
        try:
            return self._watch.build(folder)
        except CorpusError as error:
            return mistakes.of_content(error, folder)
        except Exception as error:  # a thread that ended here would leave every later edit unseen
            return mistakes.of_loading(error, folder)

    def _take(self, loaded: Answerer | Broken, seen: _Seen, took: float) -> None:
        """Serve what is ``loaded``, or say why not; it is of ``seen``, which still is what stands in the folder."""
        if isinstance(loaded, Broken):
            self._refuse(seen.version, loaded)
            self._say(loaded)
        elif loaded.corpus.version == seen.version:  # or the folder was another one for a moment, while it was read
            _LOG.info("The content was changed, and loaded in %.1f s: %s.", took, told(loaded))
            if not _is_as_safe(self._content.current.answerer, loaded):
                _LOG.warning(SAFETY_CHANGED)
            self._content.swap(loaded)
            memory.give_back()
            self._settle(seen.stamps)

    def _refuse(self, version: str, broken: Broken) -> None:
        """Leave this version alone for a while."""
        before = self._refused.pause if self._refused.version == version else 0.0
        pause = min(AGAIN_SECONDS, before * 2 or SOON_SECONDS) if broken.may_pass else AGAIN_SECONDS
        self._refused = _Refused(version, time.monotonic() + pause, pause)

    def _settle(self, stamps: Stamps) -> None:
        """What the folder holds is served."""
        self._settled = stamps
        if self._told:
            whole = "could be loaded at last" if self._told.may_pass else "has no mistake any more"
            _LOG.warning("The content %s: version %s is served.", whole, self._content.version)
        self._content.broken = self._told = None

    def _say(self, broken: Broken) -> None:
        """Say it once, also where it is found again."""
        self._settled = None  # or a folder that comes back as it was would not be looked at
        if str(broken) == str(self._content.broken):
            return
        self._content.broken = self._told = broken
        before, again = self._content.version, " It is tried again soon." if broken.may_pass else ""
        _LOG.error("The content was changed and cannot be served: %s. Version %s goes on.%s", broken, before, again)


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
        return _Seen(problem=mistakes.of_folder(error, folder))


def _stamps(folder: Path) -> Stamps:
    """Raises `OSError`."""
    stats = [(path, path.stat()) for path in files_of(folder)]
    return tuple((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for path, stat in stats)


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
