"""The messages that a clinic collects: read, run, and what fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.rehearsal import Outcome, run
from bot.safety import Safety
from bot.safety_rules import load_safety_rules
from bot.safety_tests import FOLDER, load_safety_tests

WriteCorpus = Callable[..., Path]

RULES = """\
version = 1
[filters]
negations = "no"
[[rule]]
id = "chest"
title = "T"
level = "emergency"
heading = "H"
message = ["M"]
signs = "chest + pain"
[[rule]]
id = "leg"
title = "T"
level = "soon"
heading = "H"
message = ["M"]
signs = "leg + numb"
"""


def outcomes(write_corpus: WriteCorpus, *lines: str) -> list[Outcome]:
    folder = write_corpus({"safety.toml": RULES})
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / "more.jsonl").write_text("\n".join(lines), "utf-8")
    return run(Safety(load_safety_rules(folder)).raised, load_safety_tests(folder))


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ('{"text": "chest pain", "rule": "chest", "level": "emergency"}', True),
        ('{"text": "pain", "context": ["chest"], "rule": "chest", "level": "emergency"}', True),
        ('{"text": "chest pain", "rule": "leg", "level": "soon"}', True),  # more urgent is right
        ('{"text": "leg numb", "rule": "leg", "level": "urgent"}', False),  # less urgent is not
        ('{"text": "hello", "rule": "leg", "level": "soon"}', False),
        ('{"text": "no chest pain", "rule": null, "filter": "negation"}', True),
        ('{"text": "leg numb", "rule": null}', False),
    ],
)
def test_what_passes(write_corpus: WriteCorpus, line: str, passed: bool) -> None:
    (outcome,) = outcomes(write_corpus, "", line, " ")

    assert outcome.passed is passed
    assert outcome.test.line == 2


def test_a_failure_says_where_it_stands_what_was_raised_and_what_should_have_been(write_corpus: WriteCorpus) -> None:
    (missed,) = outcomes(write_corpus, '{"text": "hello", "context": ["a"], "rule": "leg", "level": "soon"}')
    (false,) = outcomes(write_corpus, '{"text": "leg numb", "rule": null}')

    assert str(missed) == f"{missed.test.path}:1: raises nothing; expected leg (soon): “a / hello”"
    assert str(false) == f"{false.test.path}:1: raises leg (soon: leg numb); expected nothing: “leg numb”"


def test_other_keys_are_notes_and_a_gap_is_kept(write_corpus: WriteCorpus) -> None:
    (outcome,) = outcomes(write_corpus, '{"text": "x", "rule": null, "filter": "past", "gap": "why"}')

    assert (outcome.test.notes, outcome.test.gap) == ({"filter": "past"}, "why")


def test_a_folder_without_tests_has_none(write_corpus: WriteCorpus) -> None:
    assert load_safety_tests(write_corpus({"safety.toml": RULES})) == ()


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        '{"rule": null}',
        '{"text": "", "rule": null}',
        '{"text": "x"}',
        '{"text": "x", "rule": "leg"}',
        '{"text": "x", "rule": null, "level": "soon"}',
        '{"text": "x", "rule": "leg", "level": "red"}',
        '{"text": "x", "rule": null, "context": "y"}',
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_place(write_corpus: WriteCorpus, line: str) -> None:
    with pytest.raises(CorpusError, match=r"more\.jsonl:2: .*; expected \{\"text\""):
        outcomes(write_corpus, "", line)
