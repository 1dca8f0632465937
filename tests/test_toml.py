"""A TOML file → a checked object, or a refusal that names file, key, value and expectation."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.errors import CorpusError
from bot.toml import load_toml

WriteCorpus = Callable[..., Path]


def _even(value: int) -> int:
    if value % 2:
        message = "an even number"
        raise ValueError(message)
    return value


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    size: Annotated[int, Field(gt=0)] = 1


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    name: Annotated[str, StringConstraints(min_length=1)] = "nobody"
    kind: Annotated[str, Field(alias="type")] = "plain"
    seats: Annotated[int, AfterValidator(_even)] = 2
    rows: Annotated[list[_Row], Field(default_factory=list)]


class _Needs(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    name: str


def test_a_file_that_is_not_there_is_the_defaults(tmp_path: Path) -> None:
    assert load_toml(tmp_path / "a.toml", _Settings) == _Settings(rows=[])


@pytest.mark.parametrize("content", ["", "\ufeff", "# only a comment\r\n", "\n\n"])
def test_an_empty_file_is_the_defaults(write_corpus: WriteCorpus, content: str) -> None:
    assert load_toml(write_corpus({"a.toml": content}) / "a.toml", _Settings) == _Settings(rows=[])


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_the_file_says_is_read_whatever_its_line_ends(write_corpus: WriteCorpus, mark: str, line_end: str) -> None:
    content = 'name = "ক"\ntype = "round"\n[[rows]]\nlabel = " a "\n[[rows]]\nlabel = "b"\nsize = 3\n'
    path = write_corpus({"a.toml": mark + content.replace("\n", line_end)}) / "a.toml"

    loaded = load_toml(path, _Settings)

    assert (loaded.name, loaded.kind, loaded.seats) == ("ক", "round", 2)
    assert loaded.rows == [_Row(label="a"), _Row(label="b", size=3)]


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    # what is wrong: (content, problem, expectation)
    "an unknown key": ("nmae = 3", "nmae = 3 is not allowed", "one of name, type, seats, rows"),
    "a key by the name that only the code has": ('kind = "x"', "kind = 'x' is not allowed", "one of name, type, "),
    "an unknown table": ("[more]\na = 1", "more = {'a': 1} is not allowed", "one of name, "),
    "an unknown key in a row": (
        '[[rows]]\nlabel = "a"\n[[rows]]\nlabel = "b"\nsiez = 1',
        "rows.1.siez = 1 is not allowed",
        "no such key there",
    ),
    "a key that is missing in a row": ("[[rows]]\nsize = 1", "rows.0.label is missing", "a value there"),
    "a blank text": ('name = ""', "name = '' is not allowed", "some words; leave the line out to get the default"),
    "a number for a text": ("name = 3", "name = 3 is not allowed", "a valid string"),
    "a text for a number": ('seats = "2"', "seats = '2' is not allowed", "a valid integer"),
    "a truth value for a number": ("seats = true", "seats = True is not allowed", "a valid integer"),
    "a day for a text": ("name = 2026-11-22", "name = datetime.date(2026, 11, 22) is not allowed", "a valid string"),
    "a row for a list of rows": ('[rows]\nlabel = "a"', "rows = {'label': 'a'} is not allowed", "a valid list"),
    "a number out of range": ('rows = [{label = "a", size = 0}]', "rows.0.size = 0 is not allowed", "greater than 0"),
    "what a check of our own refuses": ("seats = 3", "seats = 3 is not allowed", "an even number"),
    "a text over two lines": ('seats = """1\n2"""', "seats = '1\\n2' is not allowed", "a valid integer"),
    "the first of two faults": ("name = 3\nseats = 3", "name = 3 is not allowed", "a valid string"),
    "no TOML": ('name = "A"\n\nseats = 01\n', "cannot be read as TOML", "lines like: name ="),
    "a key given twice": ('name = "A"\nname = "B"\n', "cannot be read as TOML", "lines like"),
    "a table given twice": ("[more]\n[more]\n", "cannot be read as TOML", "lines like"),
    "Latin-1": (b'name = "Caf\xe9"', "cannot be read as TOML", "lines like"),
    "a NUL": (b'name = "\0"', "cannot be read as TOML", "lines like"),
}


@pytest.mark.parametrize(("content", "problem", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_file_is_refused_by_file_key_value_and_expectation(
    write_corpus: WriteCorpus, content: str | bytes, problem: str, expected: str
) -> None:
    path = write_corpus({"a.toml": content}) / "a.toml"

    with pytest.raises(CorpusError) as caught:
        load_toml(path, _Settings)

    assert (caught.value.path, caught.value.line) == (path, None)
    assert caught.value.problem.startswith(problem)
    assert caught.value.expected.startswith(expected)
    assert str(caught.value).startswith(f"{path}: {problem}")
    assert "\n" not in str(caught.value)


def test_toml_that_cannot_be_read_names_the_line(write_corpus: WriteCorpus) -> None:
    path = write_corpus({"a.toml": 'name = "A"\n\nseats = x\n'}) / "a.toml"

    with pytest.raises(CorpusError, match=r"cannot be read as TOML \(.*line 3"):
        load_toml(path, _Settings)


def test_a_file_that_must_say_something_is_missed_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"a\.toml: name is missing; expected a value there"):
        load_toml(tmp_path / "a.toml", _Needs)


def test_a_refusal_hides_the_checker_s_own_report(write_corpus: WriteCorpus) -> None:
    path = write_corpus({"a.toml": "seats = 3"}) / "a.toml"

    with pytest.raises(CorpusError) as caught:
        load_toml(path, _Settings)

    assert caught.value.__suppress_context__


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()

    with pytest.raises(CorpusError, match=r"a\.toml: .+; expected "):
        load_toml(tmp_path / "a.toml", _Settings)
