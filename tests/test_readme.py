"""README is true: its commands run, its example is the real reply, its links lead somewhere."""

import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answerer
from tests.conftest import ROOT
from tests.services import serving
from tests.waiting import PATIENCE
from web.replies import answer_json

README = (ROOT / "README.md").read_text("utf-8")
PYTHON = ".venv/bin/python"

# Run by .ci/run in a fresh clone, because they install packages.
SET_UP = {"python3 -m venv .venv", ".venv/bin/pip install --no-deps --require-hashes -r requirements/run.txt"}


def commands() -> list[str]:
    """Every command in README's shell blocks, comments cut off, continued lines joined."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := re.sub(r"\s+#.*", "", line).strip())]


def commands_that(start: str) -> list[str]:
    """The commands that begin with ``start``."""
    return [command for command in commands() if command.startswith(start)]


SERVING = [command for command in commands_that(PYTHON) if command.endswith("server.py") or " serve " in command]
ASKING = [command for command in commands_that(PYTHON) if "docs/client.py" in command]
DOING = [command for command in commands_that(PYTHON) if command not in (*SERVING, *ASKING)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place with a folder of one document and README's judged questions, as the reader's own."""
    (tmp_path / "my-folder").mkdir()
    (tmp_path / "my-folder" / "hours.md").write_text("# Hours\n\n## When are you open?\n\nFrom 9 to 5.\n", "utf-8")
    (judged,) = re.findall(r"```\n(\{.*?)```", README, re.DOTALL)
    (tmp_path / "my-questions.jsonl").write_text(judged, "utf-8")
    return tmp_path


def on_this_machine(command: str) -> list[str]:
    """The command as this test's own Python runs it from any folder."""
    return shlex.split(
        command.replace(PYTHON, shlex.quote(sys.executable)).replace("server.py", str(ROOT / "server.py"))
    )


def test_every_command_is_one_that_a_test_runs() -> None:
    known = {*SERVING, *ASKING, *DOING, *SET_UP, *commands_that("make "), *commands_that("curl ")}

    assert set(commands()) == known
    assert len(SERVING) >= 2
    assert len(DOING) >= 4


@pytest.mark.server
@pytest.mark.parametrize("command", DOING)
def test_a_command_does_what_it_says(command: str, folder: Path) -> None:
    if "--compare" in command:  # with what the command before it has saved
        before = DOING[DOING.index(command) - 1]
        subprocess.run(on_this_machine(before), cwd=folder, capture_output=True, timeout=PATIENCE, check=True)

    typed = None
    if " staff add " in command:  # asks for a password, which a test without a terminal gives by a pipe
        command, typed = f"{command} --password-stdin", "long enough for a test\n"

    done = subprocess.run(
        on_this_machine(command), cwd=folder, input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.server
@pytest.mark.parametrize("command", SERVING)
def test_a_serving_command_serves(command: str, folder: Path) -> None:
    with serving([*on_this_machine(command), "--port", "0"], cwd=folder) as address:
        assert address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("command", commands_that("make "))
def test_a_make_target_exists_and_its_recipe_is_the_plain_command(command: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")

    planned = subprocess.run(
        [*shlex.split(command), "--dry-run", "--always-make"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert planned.returncode == 0, planned.stderr
    recipe = {"make serve": "python server.py serve", "make test": "python -m pytest"}[command]
    assert recipe in planned.stdout


@pytest.mark.server
def test_the_curl_example_gets_the_reply_that_is_shown() -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    (command,) = commands_that("curl ")

    with serving([sys.executable, str(ROOT / "server.py"), "--port", "0"], cwd=ROOT) as address:
        here = command.replace("localhost:8000", address)
        reply = subprocess.run(shlex.split(here), capture_output=True, text=True, timeout=PATIENCE, check=True).stdout

    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert_shown(json.loads(shown), json.loads(reply))


@pytest.mark.server
def test_a_command_of_the_client_gets_an_answer() -> None:
    with serving([sys.executable, str(ROOT / "server.py"), "--port", "0"], cwd=ROOT) as address:
        done = [
            subprocess.run(
                [*on_this_machine(command), address], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False
            )
            for command in ASKING
        ]

    assert [(asked.returncode, asked.stderr) for asked in done if asked.returncode or not asked.stdout] == []


def assert_shown(shown: Any, real: Any) -> None:
    """Everything shown is real; an ellipsis stands for what is left out."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name != "…":
                assert_shown(value, real[name])
    elif isinstance(shown, str) and shown.endswith("…"):
        assert real.startswith(shown.removesuffix("…").strip())
    else:
        assert shown == real


def test_the_python_example_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)

    assert tried >= 3
    assert failed == 0


def test_the_fields_that_are_explained_are_the_fields_of_the_reply(answerer: Answerer) -> None:
    design = (ROOT / "DESIGN.md").read_text("utf-8")

    explained = re.findall(r"^\| `(\w+)` \|", design, re.MULTILINE)

    assert set(explained) == set(answer_json(answerer.answer("back pain")))


@pytest.mark.parametrize("name", ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md", "corpus/README.md"])
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    targets = [target for target in re.findall(r"\]\(([^)#]+)", text) if "://" not in target]

    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []
