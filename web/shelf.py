"""A private folder of files that can be made again, each written in one step and believed only if it is whole and ours.

Knows nothing of what is in them.
"""

import fcntl
import logging
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

SUFFIX = ".kept"

KEPT = 3
"""How many are kept, the last used. Chosen: what is served, what was before, and what another server serves."""

PATIENCE_SECONDS = 60.0
"""How long one process waits for another that makes one. Chosen: longer than that takes on a slow machine."""

LOOK_SECONDS = 0.05

_CHECKSUM = sha256().digest_size

_LOG = logging.getLogger(__name__)


def sealed(content: bytes) -> bytes:
    """``content`` behind its checksum, as it stands in a file."""
    return sha256(content).digest() + content


def opened(written: bytes) -> memoryview | None:
    """What was sealed; ``None`` where it is not whole."""
    content = memoryview(written)[_CHECKSUM:]
    return content if sha256(content).digest() == written[:_CHECKSUM] else None


class Shelf:
    """One such folder. Nothing that is wrong with it ever raises."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when it is needed."""
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """What is kept under ``name``, sealed; ``None`` where there is nothing that may be believed."""
        try:
            with self._ours() as folder:
                written = _read(name + SUFFIX, folder)
                with suppress(OSError):  # where nothing can be written, all stays as it is
                    os.utime(name + SUFFIX, dir_fd=folder)  # the last used are kept
        except OSError:
            return None
        return written if opened(written) else None

    def keep(self, name: str, written: bytes) -> None:
        """Keep what is ``written``, sealed, and delete what is too many; where that cannot be, say so once."""
        try:
            with self._ours() as folder:
                _write(name + SUFFIX, written, folder)
                _tidy(folder)
        except OSError as error:
            _warn(self._folder, error.strerror or type(error).__name__)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Wait for whoever else makes something for this folder, but not for ever. The folder is there then, if it can.

        The lock is on the folder itself, and ends with the process that holds it.
        """
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            yield  # nothing can be kept there, so nobody has anything to give
            return
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _ours(self) -> Iterator[int]:
        """The folder, whatever is put in its place meanwhile. Raises `OSError` where it is not to be believed."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _refuse_foreign(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)


def _refuse_foreign(descriptor: int) -> None:
    """Raise `PermissionError` for what is another user's, or what others may write."""
    state = os.fstat(descriptor)
    if state.st_uid != os.geteuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(0, "it belongs to another user, or others may write there")


def _read(name: str, folder: int) -> bytes:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        _refuse_foreign(descriptor)
        return file.read()


def _write(name: str, content: bytes, folder: int) -> None:
    """Beside it first, so that nobody ever reads half of it. Nothing forces it to the disk: a checksum is enough."""
    fresh = f".{secrets.token_hex(8)}"
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(fresh, dir_fd=folder)
        raise


def _tidy(folder: int) -> None:
    """Keep the last used, and nothing that a process left half-written when it was killed."""
    names = os.listdir(folder)
    by_use = sorted((name for name in names if name.endswith(SUFFIX)), key=lambda name: _used(name, folder))
    for name in [*by_use[:-KEPT], *(name for name in names if name.startswith("."))]:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


def _used(name: str, folder: int) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime_ns
    except OSError:
        return 0


def _lock(descriptor: int) -> None:
    """Until the descriptor is closed; without it after `PATIENCE_SECONDS`, and where the disk knows no locks."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        except OSError:
            return
        else:
            return


@cache  # once in a process, however often the content changes
def _warn(folder: Path, reason: str) -> None:
    _LOG.warning("Nothing can be kept in %s (%s), so each start takes some seconds longer.", folder, reason)
