"""A text file in, its characters out. Floor 1: knows `errors` only."""

from codecs import BOM_UTF8
from pathlib import Path

from bot.errors import CorpusError, FileError


def read_text(path: Path, refusal: type[FileError] = CorpusError) -> str:
    """The characters of ``path``, a byte order mark left out.

    Raises ``refusal`` for a file that cannot be read, is not UTF-8 or holds a NUL character.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise refusal(path, None, f"cannot be read ({error.strerror})", "a file that Citewell may read") from None
    return text_of(data, path, refusal)


def text_of(data: bytes, path: Path, refusal: type[FileError] = CorpusError) -> str:
    """As `read_text`, of the bytes that ``path`` holds or may come to hold."""
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise refusal(path, line, problem, "the file saved as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal(path, line, "a NUL character", "a text file saved as UTF-8")
    return text
