"""``citewell evaluate``: what it prints, what it writes, and with which exit code it leaves."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.answering import Answerer
from bot.evaluation import evaluate, load_run, run_json
from bot.figures import MEASURES
from bot.judged import JudgedQuestion
from server import cli
from tests.conftest import ROOT
from tests.waiting import PATIENCE

EXAMPLE = "How can worn-out running shoes lead to back pain?"
LINES: list[dict[str, Any]] = [
    {"q": EXAMPLE, "gold": {"faq#worn-shoes": 2}, "type": "direct"},
    {"q": "worn-out running shoes and back pain", "gold": {"faq#core-role": 2, "faq#worn-shoes": 1}, "type": "tricky"},
    {"turns": ["I run", "qwxzy wuffz"], "gold": {"faq#worn-shoes": 2}, "type": "follow-up"},
    {"q": "qwxzy", "gold": {}, "type": "out of scope"},
]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine's environment, and a terminal of a known width."""
    monkeypatch.delenv("CITEWELL_CORPUS", raising=False)
    monkeypatch.setenv("COLUMNS", "88")


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """Four judged questions: one done right, one with a wrong passage, one left unanswered, one rightly so."""
    path = tmp_path / "judged.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in LINES), "utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)])


def folded(text: str) -> str:
    return " ".join(text.split())


def test_it_prints_every_figure_with_its_interval(judged: Path) -> None:
    result = run(judged)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("4 judged questions, 3 answerable and 1 not; content version ")
    for measure in MEASURES:
        assert re.search(rf"^{re.escape(measure.label)} +{measure.name} ", result.stdout, re.MULTILINE)
    assert re.search(r"right_action +0\.500 +0\.15 – 0\.85 +4$", result.stdout, re.MULTILINE)
    assert re.search(r"^tricky +1 +0\.000 ", result.stdout, re.MULTILINE)
    assert re.search(r"^Confidence +mean +relevant +questions$", result.stdout, re.MULTILINE)


def test_it_explains_every_failure(judged: Path, answerer: Answerer) -> None:
    found = answerer.find(LINES[1]["q"], limit=10)
    first = max(found.hits[0].contributions, key=lambda added: added.score)

    text = folded(run(judged, "--failures", "all").stdout)

    assert "Wrong passage: 1 “worn-out running shoes and back pain” [tricky] expected: faq#core-role (" in text
    assert f"shown: faq#worn-shoes “{found.hits[0].passage.title}” (relevant, grade 1)" in text
    assert f"confidence: {found.judgment.confidence:.2f}, wrong passage" in text
    assert f"matched: {first.word} → {first.term} in {first.field} {first.score:.2f}" in text
    assert "Should have answered: 1 “qwxzy wuffz” [follow-up] after: “I run” expected: faq#worn-shoes (not in" in text
    assert "shown: not covered" in text
    for reason in found.judgment.reasons:
        assert f"{reason.name} {reason.seen:.2f} ({reason.added:+.2f})" in text


def test_it_lists_as_many_failures_of_a_kind_as_asked_for(judged: Path) -> None:
    text = run(judged, "--failures", "0").stdout

    assert "expected:" not in text
    assert text.count("  … and 1 more (--failures all)") == 2
    assert "more (" not in run(judged, "--failures", "1").stdout


def test_lines_are_no_wider_than_the_terminal(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    failures = run(judged).stdout.partition("Wrong passage")[2]

    assert max(map(len, failures.splitlines())) <= 60


def test_several_files_are_one_evaluation(judged: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text('{"q": "zzyx", "gold": {}}\n', "utf-8")

    assert run(judged, more).stdout.startswith("5 judged questions, 3 answerable and 2 not; ")


def test_what_it_saves_is_the_evaluation_and_what_json_prints_is_the_same(
    judged: Path, tmp_path: Path, answerer: Answerer
) -> None:
    saved = tmp_path / "run.json"
    questions = [
        JudgedQuestion(messages[-1], tuple(messages[:-1]), line["gold"], line["type"])
        for line in LINES
        for messages in [line.get("turns") or [line["q"]]]
    ]

    result = run(judged, "--save", saved, "--json")

    assert saved.read_text("utf-8") == result.stdout == run_json(evaluate(answerer, questions))


def test_against_a_saved_evaluation_it_says_what_changed_question_by_question(judged: Path, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    run(judged, "--save", saved)
    before = json.loads(saved.read_text("utf-8"))
    before["records"][0] |= {"answered": None, "kind": "none", "outcome": "should have answered"}
    before["records"][3] |= {"question": "another"}
    saved.write_text(json.dumps(before), "utf-8")

    text = folded(run(judged, "--compare", saved).stdout)

    assert "Compared: 3 questions, 2 left out; content version " in text
    assert "Right action 0.000 0.333 +0.333 1.000 " in text
    assert f"Better: 1 “{EXAMPLE}” should have answered → right Worse: 0" in text


def test_against_other_content_it_asks_the_same_questions_there(
    judged: Path, write_corpus: Callable[..., Path]
) -> None:
    folder = write_corpus({"other.md": "# Opening hours\n\nFrom nine to five.\n"})

    result = run(judged, "--compare", folder)

    assert result.exit_code == 0
    assert "Compared: 4 questions, 0 left out; " in result.stdout
    assert re.search(r"^Best passage first +0\.000 +0\.333 ", result.stdout, re.MULTILINE)


def test_json_carries_the_comparison_and_can_still_be_compared_with(judged: Path, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    run(judged, "--save", saved)

    printed = run(judged, "--json", "--compare", saved).stdout
    again = tmp_path / "again.json"
    again.write_text(printed, "utf-8")

    assert json.loads(printed)["comparison"]["questions"] == 4
    assert run_json(load_run(again)) == saved.read_text("utf-8")


def test_the_report_is_written_where_it_is_asked_for(judged: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"

    result = run(judged, "--html", path)

    assert result.exit_code == 0
    assert path.read_text("utf-8").startswith("<!doctype html>")
    assert EXAMPLE not in path.read_text("utf-8")  # it was done right, and only failures are listed


# ---- a figure that must be reached


def test_failures_alone_are_no_failure_of_the_command(judged: Path) -> None:
    assert run(judged).exit_code == 0


def test_a_figure_below_the_least_it_may_be_is_named_and_the_exit_code_is_1(judged: Path) -> None:
    result = run(
        judged, "--at-least", "right_action=0.6", "--at-least", "success_at_1=0.2", "--at-least", "precision=1"
    )

    assert result.exit_code == 1
    assert result.stderr == "citewell: right_action is 0.500; expected at least 0.6\n"
    assert result.stdout == run(judged).stdout


def test_a_figure_that_is_reached_exactly_is_enough(judged: Path) -> None:
    result = run(judged, "--at-least", "right_action=0.5")

    assert (result.exit_code, result.stderr) == (0, "")


def test_a_figure_that_cannot_be_told_is_not_reached(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"q": "qwxzy", "gold": {}}\n', "utf-8")

    result = run(path, "--at-least", "success_at_1=0")

    assert result.exit_code == 1
    assert result.stderr.startswith("citewell: success_at_1 cannot be told from these questions; expected at least 0")


@pytest.mark.parametrize("least", ["brier=0.1", "nope=0.1", "right_action", "right_action=", "auroc=nan", "auroc=80"])
def test_what_no_figure_can_reach_is_wrong_use(judged: Path, least: str) -> None:
    result = run(judged, "--at-least", least)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{least!r} is not allowed; expected a number from 0 to 1 for one of right_action, " in folded(result.stderr)
    assert "calibration_error" not in result.stderr


# ---- refusals


@pytest.mark.parametrize("count", ["-1", "many", "", "²"])
def test_failures_are_counted_or_all(judged: Path, count: str) -> None:
    result = run(judged, "--failures", count)

    assert result.exit_code == 2
    assert "expected a whole number, or all" in folded(result.stderr)


def test_a_wrong_line_is_refused_in_one_line(judged: Path) -> None:
    judged.write_text(f'{json.dumps(LINES[0])}\n{{"q": "a", "gold": {{"faq#nope": 2}}}}\n', "utf-8")

    result = run(judged)

    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"citewell: {judged}:2: gold names “faq#nope”, which no document has; expected a passage id")


@pytest.mark.parametrize("option", ["--html", "--save"])
def test_a_file_that_cannot_be_written_is_refused_in_one_line(judged: Path, tmp_path: Path, option: str) -> None:
    result = run(judged, option, tmp_path / "no" / "such.file")

    assert result.exit_code == 2
    assert result.stderr == f"citewell: cannot write {tmp_path}/no/such.file: No such file or directory\n"


@pytest.mark.parametrize("other", ["nothing.json", "judged.jsonl"])
def test_what_is_no_evaluation_cannot_be_compared_with(judged: Path, other: str) -> None:
    result = run(judged, "--compare", judged.parent / other)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "; expected a file that citewell evaluate --save wrote" in result.stderr
    assert len(result.stderr.splitlines()) == 1


# ---- as a process


def _process(judged: Path, *arguments: str | Path, seed: str = "0", stderr: int = subprocess.PIPE) -> bytes:
    command = [sys.executable, str(ROOT / "server.py"), "evaluate", str(judged), *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=stderr, env=environment, timeout=PATIENCE, check=True
    ).stdout


@pytest.mark.server
def test_two_runs_give_the_same_bytes(judged: Path, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        html, saved = tmp_path / f"{seed}.html", tmp_path / f"{seed}.json"
        printed = _process(judged, "--html", html, "--save", saved, seed=seed)
        made.append((printed, html.read_bytes(), saved.read_bytes()))

    assert made[0] == made[1]


@pytest.mark.server
def test_a_bar_shows_what_is_done_on_a_terminal_only(judged: Path) -> None:
    ours, theirs = pty.openpty()

    printed = _process(judged, stderr=theirs)
    seen = os.read(ours, 65536).decode()
    os.close(theirs)
    os.close(ours)

    assert "Asking" in seen
    assert "100%" in seen
    assert b"Asking" not in printed
    assert "Asking" not in run(judged).stderr
