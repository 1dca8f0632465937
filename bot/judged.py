"""Judged questions: files that say which passages answer what. Floor 2: knows `errors` and `textfile`.

One JSON object a line: ``{"q": "…", "gold": {"passage id": 2 | 1}, "type": "…"}``. Grade 2 answers as well as any
passage does, 1 is relevant; an empty gold means that no passage answers. ``{"turns": ["…", …], …}`` is a conversation,
judged on its last message. The type may be left out, other keys are for the people who keep the file.
"""

import difflib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import JudgedError
from bot.textfile import read_text

UNTYPED = "untyped"

_EXAMPLE = '{"q": "…", "gold": {"passage id": 2}, "type": "…"}'
_EXPECTED = {
    "q": "the words of a question",
    "turns": "the messages of a conversation, the judged one last",
    "gold": "passage ids, each with 2 (answers as well as any) or 1 (relevant), or {} where none answers",
    "type": "the name of a kind of question",
}


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question, the messages before it (oldest first), and the grade of every passage that answers it."""

    question: str
    context: tuple[str, ...]
    gold: Mapping[str, int]
    type: str


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    q: str | None = None
    turns: Annotated[list[str], Field(min_length=1)] | None = None
    gold: dict[str, Annotated[int, Field(ge=1, le=2)]]
    type: Annotated[str, Field(min_length=1)] = UNTYPED


def load_judged(
    paths: Sequence[Path], *, passage_ids: Collection[str], check: Callable[[str], str | None], max_context: int
) -> tuple[JudgedQuestion, ...]:
    """All questions of the files, in their order.

    ``check`` says what is wrong with words, or ``None``; ``max_context`` is how many messages may
    stand before the judged one. Raises `JudgedError` for a file without a question, for a line that is wrong, for a
    passage that is not among ``passage_ids`` and for a question that stands twice.
    """
    questions: dict[tuple[str, ...], tuple[JudgedQuestion, str]] = {}
    for path in paths:
        for number, line in _lines(path):
            try:
                read = _Line.model_validate(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise JudgedError(path, number, *_complaint(error)) from None
            problem = _problem(read, check, max_context) or _unknown(read, passage_ids)
            if problem:
                raise JudgedError(path, number, *problem)
            messages = _messages(read)
            if messages in questions:
                twice = f"this question stands already at {questions[messages][1]}"
                raise JudgedError(path, number, twice, "every question once")
            judged = JudgedQuestion(messages[-1], messages[:-1], read.gold, read.type)
            questions[messages] = judged, f"{path}:{number}"
    return tuple(judged for judged, _ in questions.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold something, counted from 1; JSON may hold line ends other than the line feed."""
    lines = read_text(path, JudgedError).split("\n")
    held = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not held:
        raise JudgedError(path, None, "no question in this file", f"lines like {_EXAMPLE}")
    return iter(held)


def _complaint(error: ValueError | RecursionError) -> tuple[str, str]:
    """Problem and expectation."""
    if not isinstance(error, ValidationError):
        return f"cannot be read as JSON ({error})", f"a line like {_EXAMPLE}"
    first = error.errors()[0]
    if not first["loc"]:
        return f"{first['input']!r} is not a judged question", f"a line like {_EXAMPLE}"
    key = ".".join(str(part) for part in first["loc"])
    expected = _EXPECTED[str(first["loc"][0])]
    if first["type"] == "missing":
        return f"{key} is missing", expected
    return f"{key} = {first['input']!r} is not allowed", expected


def _messages(line: _Line) -> tuple[str, ...]:
    return (line.q,) if line.q is not None else tuple(line.turns or ())


def _problem(line: _Line, check: Callable[[str], str | None], max_context: int) -> tuple[str, str] | None:
    """What is wrong with the messages of a line."""
    if (line.q is None) == (line.turns is None):
        return ("both q and turns" if line.q is not None else "neither q nor turns"), f"one of them, as in {_EXAMPLE}"
    messages = _messages(line)
    if len(messages) > max_context + 1:
        return f"turns has {len(messages)} messages", f"at most {max_context + 1}, of which the last is judged"
    for name, words in [*(("the question", message) for message in messages), ("the type", line.type)]:
        if wrong := check(words):
            return f"{name} {wrong}", "words that a visitor could send"
    return None


def _unknown(line: _Line, passage_ids: Collection[str]) -> tuple[str, str] | None:
    for passage_id in line.gold:
        if passage_id not in passage_ids:
            near, *_ = [*difflib.get_close_matches(passage_id, sorted(passage_ids), n=1, cutoff=0), "faq#prevent"]
            return f"gold names “{passage_id}”, which no document has", f"a passage id, such as {near}"
    return None
