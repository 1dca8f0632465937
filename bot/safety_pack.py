"""Messages that must and must not raise a safety message: ``safety-tests/*.jsonl`` in, what fails out.

Floor 5: knows `errors`, `model`, `safety` and `textfile`.

One JSON object a line: ``{"text": "…", "rule": "leg_clot", "level": "urgent"}`` must raise a message at that level or a
more urgent one, ``{"text": "…", "rule": null}`` none; ``context`` are earlier messages, oldest first. What the rules do
not manage yet is marked ``"gap": "why"``: it is counted, and does not fail. Other keys are notes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import CorpusError
from bot.model import LEVELS, Level, Raised
from bot.safety import Safety
from bot.textfile import read_text

FOLDER = "safety-tests"
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


@dataclass(frozen=True, slots=True)
class SafetyTest:
    """A line of the pack; ``notes`` are its other keys."""

    path: Path
    line: int
    text: str
    context: tuple[str, ...]
    rule: str | None
    level: Level | None
    gap: str | None
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test raised."""

    test: SafetyTest
    raised: tuple[Raised, ...]

    @property
    def level(self) -> Level | None:
        """The level of the first message; none where nothing was raised."""
        return self.raised[0].level if self.raised else None

    @property
    def passed(self) -> bool:
        """Whether it raised its level or a more urgent one; or nothing, where it must not."""
        if self.test.level is None or self.level is None:
            return self.test.level is self.level
        return LEVELS.index(self.level) <= LEVELS.index(self.test.level)

    def __str__(self) -> str:
        """One line for the person who edits the rules."""
        expected = f"{self.test.rule} ({self.test.level})" if self.test.rule else "nothing"
        found = ", ".join(f"{one.rule.rule_id} ({one.level}: {' + '.join(one.matched)})" for one in self.raised)
        said = " / ".join((*self.test.context, self.test.text))
        return f"{self.test.path}:{self.test.line}: raises {found or 'nothing'}; expected {expected}: “{said}”"


def load_safety_tests(folder: Path) -> tuple[SafetyTest, ...]:
    """The pack of the corpus in ``folder``, none where it has none. Raises `CorpusError` for a line that is wrong."""
    return tuple(test for path in sorted((folder / FOLDER).glob("*.jsonl")) for test in read_safety_tests(path))


def read_safety_tests(path: Path) -> Iterator[SafetyTest]:
    """The tests of one file. Raises `CorpusError` for a line that is wrong."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip():
            yield _read(path, number, line)


def run(safety: Safety, tests: Iterable[SafetyTest]) -> list[Outcome]:
    """What each test raises."""
    return [Outcome(test, safety.raised(test.text, test.context)) for test in tests]


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
