"""Judged questions: what is read, and what is refused with its line."""

from pathlib import Path

import pytest

from bot.errors import CitewellError, JudgedError
from bot.judged import JudgedQuestion, load_judged
from web.inputs import MAX_CONTEXT, check_text

KNOWN = {"faq#shoes", "faq#ice"}


def load(*paths: Path) -> tuple[JudgedQuestion, ...]:
    return load_judged(paths, passage_ids=KNOWN, check=check_text, max_context=MAX_CONTEXT)


def written(folder: Path, *lines: str, name: str = "judged.jsonl") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode())
    return path


def test_a_question_has_its_words_its_grades_and_its_type(tmp_path: Path) -> None:
    path = written(
        tmp_path, '{"q": "old shoes?", "gold": {"faq#shoes": 2, "faq#ice": 1}, "type": "direct", "voice": 3}'
    )

    assert load(path) == (JudgedQuestion("old shoes?", (), {"faq#shoes": 2, "faq#ice": 1}, "direct"),)


def test_a_conversation_is_judged_on_its_last_message(tmp_path: Path) -> None:
    path = written(tmp_path, '{"turns": ["one", "two", "three"], "gold": {}, "type": "follow-up"}')

    assert load(path) == (JudgedQuestion("three", ("one", "two"), {}, "follow-up"),)


def test_the_type_may_be_missing_and_lines_may_be_empty_and_files_may_be_several(tmp_path: Path) -> None:
    first = written(tmp_path, '\ufeff{"q": "a", "gold": {}}\r', "", '{"q": "b\u2028c", "gold": {}}', "")
    second = written(tmp_path, '{"turns": ["x", "a"], "gold": {}}', name="more.jsonl")

    found = load(first, second)

    assert [(judged.question, judged.type) for judged in found] == [
        ("a", "untyped"),
        ("b\u2028c", "untyped"),
        ("a", "untyped"),
    ]


GOOD = '{"q": "fine", "gold": {}}'

WRONG = {
    "no JSON": ("{q}", "cannot be read as JSON (Expecting"),
    "too deep": ("[" * 200_000, "cannot be read as JSON ("),
    "a list": ("[1]", "[1] is not a judged question; expected a line like {"),
    "no gold": ('{"q": "a"}', "gold is missing; expected passage ids, each with 2 "),
    "no question": ('{"gold": {}}', "neither q nor turns; expected one of them"),
    "both": ('{"q": "a", "turns": ["a"], "gold": {}}', "both q and turns; expected one of them"),
    "q": ('{"q": 7, "gold": {}}', "q = 7 is not allowed; expected the words of a question"),
    "no turns": ('{"turns": [], "gold": {}}', "turns = [] is not allowed; expected the messages of a conversation"),
    "a turn": ('{"turns": ["a", 1], "gold": {}}', "turns.1 = 1 is not allowed; expected the messages"),
    "grade": ('{"q": "a", "gold": {"faq#ice": 3}}', "gold.faq#ice = 3 is not allowed; expected passage ids, each with"),
    "grade 0": ('{"q": "a", "gold": {"faq#ice": 0}}', "gold.faq#ice = 0 is not allowed; expected passage ids"),
    "grade true": ('{"q": "a", "gold": {"faq#ice": true}}', "gold.faq#ice = True is not allowed; expected passage"),
    "gold": ('{"q": "a", "gold": ["faq#ice"]}', "gold = ['faq#ice'] is not allowed; expected passage ids"),
    "type": ('{"q": "a", "gold": {}, "type": ""}', "type = '' is not allowed; expected the name of a kind of question"),
    "passage": (
        '{"q": "a", "gold": {"faq#shoe": 2}}',
        "gold names “faq#shoe”, which no document has; expected a passage id, such as faq#shoes",
    ),
    "long": (
        f'{{"q": "{"x" * 501}", "gold": {{}}}}',
        "the question must have at most 500 characters; it has 501; expected words that a visitor could send",
    ),
    "long context": (
        f'{{"turns": ["{"x" * 501}", "a"], "gold": {{}}}}',
        "the question must have at most 500 characters",
    ),
    "blank": ('{"q": " ", "gold": {}}', "the question must not be blank; expected words"),
    "control": ('{"q": "a\\u001b[31m", "gold": {}}', "the question must not contain control characters; expected"),
    "control in type": (
        '{"q": "a", "gold": {}, "type": "\\u001b[31m"}',
        "the type must not contain control characters",
    ),
    "too many turns": ('{"turns": ["a", "b", "c", "d", "e"], "gold": {}}', "turns has 5 messages; expected at most 4"),
    "twice": (GOOD, "this question stands already at {path}:1; expected every question once"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_refused_with_file_line_problem_and_expectation(tmp_path: Path, name: str) -> None:
    line, complaint = WRONG[name]
    path = written(tmp_path, GOOD, "", line)

    with pytest.raises(JudgedError) as refused:
        load(path)

    assert str(refused.value).startswith(f"{path}:3: {complaint.format(path=path) if name == 'twice' else complaint}")
    assert "; expected " in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.line == 3
    assert isinstance(refused.value, CitewellError)


def test_the_longest_question_and_the_longest_conversation_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, f'{{"turns": ["a", "b", "c", "{"x" * 500}"], "gold": {{}}}}')

    assert len(load(path)[0].question) == 500


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\n \n", ": no question in this file; expected lines like {"),
        (b'\n{"q": "\xff"}', ":2: byte 0xff is not UTF-8; expected the file saved as UTF-8"),
        (b'{"q": "\0"}', ":1: a NUL character; expected a text file saved as UTF-8"),
        (None, ": cannot be read (No such file or directory); expected a file that Citewell may read"),
    ],
    ids=["empty", "bytes", "nul", "missing"],
)
def test_a_file_that_holds_no_questions_is_refused_by_name(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "judged.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(JudgedError) as refused:
        load(path)

    assert str(refused.value).startswith(f"{path}{complaint}")


def test_the_same_words_after_other_messages_are_another_question(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, '{"turns": ["before", "fine"], "gold": {}}')

    assert len(load(path)) == 2
