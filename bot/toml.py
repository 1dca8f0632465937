"""A TOML file in, a checked object out. Floor 1: knows `errors` only."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import CorpusError

FileT = TypeVar("FileT", bound=BaseModel)


def load_toml(path: Path, shape: type[FileT]) -> FileT:
    """The file as ``shape``, or the defaults of ``shape`` where there is no file.

    Raises `CorpusError` for a file that is no TOML, for an unknown key and for a value of the wrong form.
    """
    try:
        return shape.model_validate(_read(path) if path.exists() else {})
    except ValidationError as error:
        raise _refusal(path, shape, error) from None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CorpusError(path, None, f"cannot be read as TOML ({error})", 'lines like: name = "…"') from None


def _refusal(path: Path, shape: type[BaseModel], error: ValidationError) -> CorpusError:
    """The first complaint, with the key in the file's own words; TOML gives no line of a key."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "extra_forbidden" if len(first["loc"]) == 1:
            expected = f"one of {', '.join(field.alias or name for name, field in shape.model_fields.items())}"
        case "extra_forbidden":
            expected = "no such key there"
        case "string_pattern_mismatch":
            expected = "a country as BD, a language as en, a number to dial as +8801234, an id as leg_clot"
        case "missing":
            return CorpusError(path, None, f"{key} is missing", "a value there")
        case "string_too_short":
            expected = "some words; leave the line out to get the default"
        case _:
            expected = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return CorpusError(path, None, f"{key} = {first['input']!r} is not allowed", expected.removeprefix("Value "))
