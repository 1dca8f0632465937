"""Which files content is made of, and a short name for exactly their bytes. Floor 1: knows `errors` only.

Apart from what reads Markdown: who serves an answerer that was made before need only know whether the content is the
same.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from bot.errors import CorpusError

CLINIC = "clinic.toml"
LEXICON = "lexicon.toml"
SAFETY = "safety.toml"
NOT_COVERED = "not-covered.txt"
WEIGHTS = "judging.toml"
SAFETY_TESTS = "safety-tests"
"""A folder of ``*.jsonl`` files."""

SHIPPED = Path(__file__).resolve().parent.parent / "corpus"
"""Where the rules stand that come with Citewell."""

NOT_SERVED = frozenset({"readme", "editorial"})
"""Files for the people who edit the folder; so are those whose name starts with ``_`` or a dot."""

_SUFFIXES = frozenset({".md", ".markdown"})


def documents_in(folder: Path) -> list[Path]:
    """The files of ``folder`` that people are to see, in the order of their names.

    Raises `CorpusError` where there is no such folder, and where it has none.
    """
    if not folder.is_dir():
        problem = "this is a file, and no folder" if folder.exists() else "no such folder"
        raise CorpusError(folder, None, problem, "a folder with at least one Markdown file")
    if not (paths := _documents(folder)):
        raise CorpusError(folder, None, "no document in this folder", "at least one Markdown file, such as faq.md")
    for path in paths:
        if (name := _bytes(path.name)) != path.name.encode("utf-8", "replace"):
            raise CorpusError(folder, None, f"the name of a document is not UTF-8: {name!r}", "another name")
    return paths


def is_served(path: Path) -> bool:
    """Whether this file is a document that people are to see."""
    return (
        path.suffix.lower() in _SUFFIXES
        and not path.name.startswith(("_", "."))
        and path.stem.casefold() not in NOT_SERVED
        and path.is_file()
    )


def files_of(folder: Path) -> list[Path]:
    """All files that ``folder`` serves, those that are there. Raises `OSError`."""
    parts = (folder / name for name in (CLINIC, LEXICON, SAFETY, NOT_COVERED, WEIGHTS))
    return [path for path in (*_documents(folder), *parts, *_safety_tests(folder)) if path.exists()]


def version_of(folder: Path, held: Mapping[Path, bytes] = MappingProxyType({})) -> str:
    """A short name for exactly the bytes of what ``folder`` serves: twelve hex digits; nothing is checked.

    Files in ``held`` count as if they held that. Raises `OSError`.
    """
    return _name_of(files_of(folder), held)


def shipped_version() -> str:
    """As `version_of`, for the safety rules and tests that come with Citewell, and are used where content has none."""
    return _name_of((SHIPPED / SAFETY, *_safety_tests(SHIPPED)))


def _documents(folder: Path) -> list[Path]:
    return sorted((path for path in folder.iterdir() if is_served(path)), key=lambda path: path.name)


def _safety_tests(folder: Path) -> list[Path]:
    return sorted((folder / SAFETY_TESTS).glob("*.jsonl"))


def _name_of(paths: Iterable[Path], held: Mapping[Path, bytes] = MappingProxyType({})) -> str:
    digest = sha256()
    for path in paths:
        content = held[path] if path in held else path.read_bytes()
        digest.update(sha256(_bytes(path.name)).digest() + sha256(content).digest())
    return digest.hexdigest()[:12]


def _bytes(name: str) -> bytes:
    """A file's name as it is on the disk, which need not be UTF-8."""
    return name.encode("utf-8", "surrogateescape")
