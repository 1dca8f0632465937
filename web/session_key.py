"""The key that signs sessions at the desk: made once, kept in the data folder, told to nobody."""

import os
import secrets
import stat
from pathlib import Path

from bot.errors import CitewellError
from web import data_folder

FILE = "session.key"
BYTES = 32


class SessionKeyError(CitewellError):
    """There is no key that can be used, and none can be made."""


def load_session_key(folder: Path) -> bytes:
    """The key in ``folder``, made on first use; processes that start at once all get the same.

    Raises `SessionKeyError` where the file is not as we made it: a key that others could read or set signs nothing.
    """
    path = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
    except OSError as error:
        raise SessionKeyError(data_folder.problem(folder, error)) from None
    try:
        return _read(path)
    except OSError as error:
        message = f"{path}: cannot be used: {error.strerror or error}"
        raise SessionKeyError(message) from None


def _make(path: Path) -> None:
    """Write a key beside ``path`` and link it there in one step, so that nobody ever reads half of one.

    A link that is there already is another process's, and its key is the one to use.
    """
    fresh = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:  # elsewhere a mode says nothing
        message = f"{path}: others may read it; expected mode 600. Delete it, and a new one is made at the next start"
        raise SessionKeyError(message)
    key = path.read_bytes()
    if len(key) != BYTES:
        message = f"{path}: {len(key)} bytes long; expected {BYTES}. Delete it, and a new one is made at the next start"
        raise SessionKeyError(message)
    return key
