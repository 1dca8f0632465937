"""Replaces a file of the content in one step, and lets one process at a time do so."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp


class NotWritten(Exception):  # noqa: N818 - says what happened
    """The file is as it was. Says why, in words for an editor."""


@contextmanager
def locked(folder: Path, *, reading: bool = False) -> Iterator[bool]:
    """Whether nobody else who asks here changes ``folder`` during the block, be it in this process or another.

    Many may hold it together who are only ``reading``. The lock is on the folder itself, so no file is left behind, and
    it ends with the process that holds it. Raises `NotWritten` where there is no such folder, or it knows no locks.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _not_written(error) from None
    try:
        yield _took(descriptor, fcntl.LOCK_SH if reading else fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _took(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # a network drive, perhaps
        raise _not_written(error) from None
    return True


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Let ``path``, which holds ``before``, hold ``after``: whoever reads it meets one or the other, and never a part.

    Mode and owner stay. Raises `NotWritten` where it holds something else, or cannot be replaced.
    """
    path = path.resolve()  # a link stays a link
    try:
        if path.read_bytes() != before:
            message = "The file was changed meanwhile."
            raise NotWritten(message)
        _replace(path, after)
    except OSError as error:
        raise _not_written(error) from None


def _not_written(error: OSError) -> NotWritten:
    return NotWritten(f"The folder with the content cannot be written to ({os.strerror(error.errno or 0)}).")


def _replace(path: Path, content: bytes) -> None:
    state = path.stat()
    if not os.access(path, os.W_OK):  # who may not write the file may not go round that by way of the folder
        raise PermissionError(13, "")
    descriptor, name = mkstemp(prefix=".citewell-", dir=path.parent)  # the dot keeps it from being served
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(content)
            written.flush()
            os.fchmod(descriptor, stat.S_IMODE(state.st_mode))
            if (state.st_uid, state.st_gid) != _owner(descriptor):
                os.fchown(descriptor, state.st_uid, state.st_gid)
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _owner(descriptor: int) -> tuple[int, int]:
    state = os.fstat(descriptor)
    return state.st_uid, state.st_gid


def _sync(folder: Path) -> None:
    """A power cut must not bring the old name back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
