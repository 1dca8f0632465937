"""The name of the program that is on the disk: what makes an answerer of content, to the last byte.

A process finds it out when it begins. Where it is another one later, the program was changed under that process, and
what is made by the one is nothing for the other.
"""

import sys
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "nltk", "numpy", "pydantic", "rank-bm25", "regex", "symspellpy")
"""The packages whose objects are in an answerer, or whose doing it is."""

NAME_LENGTH = sha256().digest_size * 2

CODE = Path(__file__).resolve().parent.parent / "bot"


def name() -> str:
    """Our own code with what comes with it, by its bytes; the libraries and Python by their versions."""
    digest = sha256("\0".join((sys.version, *map(_release, LIBRARIES))).encode())
    for path in sorted(CODE.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            digest.update(str(path.relative_to(CODE)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _release(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:  # as in a program that was packed into one file, whose parts never change alone
        return package
