"""The clinic's own messages that must and must not raise a safety message: ``safety-tests/*.jsonl`` in.

Floor 2: knows `errors`, `model`, `textfile` and `versions`.

One JSON object a line: ``{"text": "…", "rule": "leg_clot", "level": "urgent"}`` must raise a message at that level or a
more urgent one, ``{"text": "…", "rule": null}`` none; ``context`` are earlier messages, oldest first. What the rules
alone do not manage is marked ``"gap": "why"``. Other keys are notes. The lines test the rules, and are examples of how
people say it (`bot.likeness`).
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot import versions
from bot.errors import CorpusError
from bot.model import Level, SafetyTest
from bot.textfile import read_text

FOLDER = versions.SAFETY_TESTS
EXPECTED = '{"text": "…", "rule": "leg_clot", "level": "urgent"} or {"text": "…", "rule": null}'


class _Line(BaseModel):
    """What must stand in a line; anything else may."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    text: Annotated[str, Field(min_length=1)]
    context: list[str] = []
    rule: str | None
    level: Level | None = None
    gap: str | None = None

    @model_validator(mode="after")
    def _with_a_level(self) -> Self:
        if (self.rule is None) is not (self.level is None):
            message = "a level beside a rule, and none beside null"
            raise ValueError(message)
        return self


def load_safety_tests(folder: Path) -> tuple[SafetyTest, ...]:
    """The pack of the corpus in ``folder``, none where it has none. Raises `CorpusError` for a line that is wrong."""
    paths = sorted((folder / FOLDER).glob("*.jsonl"))
    stats = [path.stat() for path in paths]
    return _load(tuple(paths), tuple((stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size) for stat in stats))


@lru_cache(maxsize=2)  # the same objects while the files stay the same: what is made of them need not be made again
def _load(paths: tuple[Path, ...], _stamps: tuple[tuple[int, ...], ...]) -> tuple[SafetyTest, ...]:
    return tuple(test for path in paths for test in read_safety_tests(path))


def read_safety_tests(path: Path) -> Iterator[SafetyTest]:
    """The tests of one file. Raises `CorpusError` for a line that is wrong."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip():
            yield _read(path, number, line)


def _read(path: Path, number: int, line: str) -> SafetyTest:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        problem = f"{where}: {first['msg']}" if where else first["msg"].removeprefix("Value error, expected ")
        raise CorpusError(path, number, problem, EXPECTED) from None
    notes = {name: str(value) for name, value in (read.model_extra or {}).items()}
    return SafetyTest(path, number, read.text, tuple(read.context), read.rule, read.level, read.gap, notes)
