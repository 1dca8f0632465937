"""Kept answerers: the same answers, made anew when anything differs, and never in the way of a start."""

import json
import logging
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from shutil import copytree

import pytest

import bot
from bot.answering import Answerer
from bot.errors import CorpusError
from bot.versions import version_of
from tests.conftest import ROOT, WriteCorpus
from web import prepared as module
from web import program, shelf
from web.prepared import FOLDER, Interrupted, prepared
from web.shelf import SUFFIX, Shelf, sealed

QUESTIONS = ("what is sciatica", "how do i prevent blisters", "whatt is siatica", "and for blisters?", "opening hours")


def files(data: Path) -> list[Path]:
    return sorted((data / FOLDER).glob(f"*{SUFFIX}"))


def said(answerer: Answerer) -> list[str]:
    """All that is said to some questions, to the last character."""
    found = [
        (answerer.answer(question), answerer.look_up(question), answerer.search(question)) for question in QUESTIONS
    ]
    return [
        json.dumps([asdict(one) if not isinstance(one, tuple) else [*map(asdict, one)] for one in row], default=str)
        for row in found
    ]


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that an answerer is made of, as long as the test runs."""
    folders: list[Path] = []
    really = module._made

    def noting(folder: Path) -> tuple[Answerer, bytes]:
        folders.append(folder)
        return really(folder)

    monkeypatch.setattr(module, "_made", noting)
    return folders


def test_what_is_kept_answers_as_what_was_just_built(two_topics: Path, data: Path, counted: list[Path]) -> None:
    built, made_aside, kept = bot.build(two_topics), prepared(two_topics, data), prepared(two_topics, data)

    assert said(kept) == said(made_aside) == said(built)
    assert counted == [two_topics]


def test_the_shipped_content_is_kept_with_its_safety_messages(answerer: Answerer) -> None:
    kept = pickle.loads(pickle.dumps(answerer))  # noqa: S301 - our own

    for message in ("I can't feel my legs and I wet myself", "my calf is swollen and hot after the flight", "hello"):
        assert kept.alert(message) == answerer.alert(message)
        assert kept.answer(message) == answerer.answer(message)
    assert kept.suggest("how") == answerer.suggest("how")
    assert kept.group(QUESTIONS) == answerer.group(QUESTIONS)


def test_changed_content_is_made_anew_and_the_old_state_found_again(
    two_topics: Path, data: Path, counted: list[Path]
) -> None:
    before = prepared(two_topics, data)
    page = two_topics / "page.md"
    old = page.read_text("utf-8")
    page.write_text(old.replace("dry socks", "clean socks"), "utf-8")
    after = prepared(two_topics, data)
    page.write_text(old, "utf-8")
    again = prepared(two_topics, data)

    assert before.corpus.version == again.corpus.version != after.corpus.version
    assert len(counted) == 2


def test_the_name_depends_on_all_that_is_in_an_answerer(
    two_topics: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copytree(two_topics, tmp_path_factory.mktemp("elsewhere") / "copy")
    name = module._name(two_topics, "content")
    others = {module._name(two_topics, "other content"), module._name(other, "content")}
    for what, value in (
        ("_program", lambda: "other code"),
        ("shipped_version", lambda: "other rules"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(module, what, value)
            others.add(module._name(two_topics, "content"))

    assert len(others - {name}) == 4
    assert module._name(two_topics, "content") == name


def test_a_program_is_named_by_its_bytes_its_libraries_and_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    (code / "__pycache__").mkdir(parents=True)
    names = []
    monkeypatch.setattr(program, "CODE", code)
    for path, content in (("a.py", "1"), ("a.py", "2"), ("list.txt", ""), ("__pycache__/a.pyc", "3")):
        (code / path).write_text(content)
        names.append(program.name())
    monkeypatch.setattr(program, "version", lambda package: "9.9" if package == "numpy" else "1.0")
    names.append(program.name())
    monkeypatch.setattr(sys, "version", "4.0")
    names.append(program.name())

    assert len(set(names)) == 5
    assert names[2] == names[3]


@pytest.mark.parametrize("content", [b"no pickle", pickle.dumps([1])])
def test_what_is_no_answerer_is_made_anew(two_topics: Path, data: Path, content: bytes) -> None:
    name = module._name(two_topics, version_of(two_topics))
    kept = Shelf(data / FOLDER)
    with kept.one_at_a_time():
        kept.keep(name, sealed(content))

    answerer = prepared(two_topics, data)

    assert answerer.answer("what is sciatica").kind == "answer"
    assert isinstance(module._loaded(files(data)[0].read_bytes()), Answerer)


def test_where_nothing_can_be_kept_it_says_so_once_and_answers(
    two_topics: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / FOLDER).write_text("a file where the folder should be")

    with caplog.at_level(logging.WARNING):
        kinds = {prepared(two_topics, data).answer("what is sciatica").kind for _ in range(2)}

    assert kinds == {"answer"}
    assert len(caplog.records) == 1
    assert str(data / FOLDER) in caplog.text


def test_those_that_start_together_make_it_once(two_topics: Path, data: Path, counted: list[Path]) -> None:
    with ThreadPoolExecutor(4) as starters:
        answerers = list(starters.map(lambda _: prepared(two_topics, data), range(4)))

    assert {answerer.answer("what is sciatica").kind for answerer in answerers} == {"answer"}
    assert counted == [two_topics]


def test_who_waits_too_long_makes_it_too(
    two_topics: Path, data: Path, counted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PATIENCE_SECONDS", 0.1)

    with Shelf(data / FOLDER).one_at_a_time():
        answerer = prepared(two_topics, data)

    assert answerer.answer("what is sciatica").kind == "answer"
    assert counted == [two_topics]


def test_wrong_content_is_refused_in_the_same_words_whatever_is_kept(write_corpus: WriteCorpus, data: Path) -> None:
    folder = write_corpus({"page.md": "# Page\n\n## Sleep\n\nSleep well.\n"})
    prepared(folder, data)
    (folder / "page.md").write_text("# Page\n\n## Sleep\n\n<b>Sleep</b> well.\n", "utf-8")

    with pytest.raises(CorpusError) as built:
        bot.build(folder)
    with pytest.raises(CorpusError) as refused:
        prepared(folder, data)

    assert str(refused.value) == str(built.value)
    assert (refused.value.path, refused.value.line) == (built.value.path, built.value.line)


def test_a_missing_folder_is_refused_in_the_same_words(tmp_path: Path, data: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder; expected a folder with at least one Markdown file"):
        prepared(tmp_path / "none", data)


def test_where_no_process_can_be_started_it_is_made_in_this_one(
    two_topics: Path, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/dev/null/python")

    answerer = prepared(two_topics, data)

    assert answerer.answer("what is sciatica").kind == "answer"
    assert files(data) == []
    assert "in this very process" in caplog.text


UNDER_A_CHANGE = """
import sys
from pathlib import Path
from bot.errors import CorpusError
from web.prepared import prepared

folder, data, code = map(Path, sys.argv[1:])
page, old = folder / "page.md", code.read_text("utf-8")
prepared(folder, data)
for number, change in enumerate(("", "# another", "raise SystemExit(7)", "")):
    code.write_text(old + change, "utf-8")
    page.write_text(page.read_text("utf-8") + f"Edit {number}.", "utf-8")
    try:
        said = prepared(folder, data).answer("what is sciatica").kind
    except CorpusError as error:
        said = f"{error.problem}; expected {error.expected}"
    print(said, len(list(data.rglob("*.kept"))))
"""


def test_where_the_program_was_changed_under_a_process_nothing_is_loaded_or_kept_until_it_is_taken_back(
    two_topics: Path, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    installed = tmp_path_factory.mktemp("installed")
    for part in ("bot", "web", "corpus"):
        copytree(ROOT / part, installed / part)
    arguments = [str(two_topics), str(data), str(installed / "bot" / "answering.py")]

    told = subprocess.run(
        [sys.executable, "-c", UNDER_A_CHANGE, *arguments],
        cwd=installed,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout.splitlines()

    refused = f"cannot be loaded now: {module.CHANGED}; expected {module.RESTART} 2"
    assert told == ["answer 2", refused, refused, "answer 3"]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("os.kill(os.getpid(), 9)", "was ended by SIGKILL, perhaps because there was not enough memory"),
        ("os.kill(os.getpid(), 15)", "was ended by SIGTERM"),
        ("os.kill(os.getpid(), 40)", "was ended by signal 40"),
        ("os._exit(3)", "ended with code 3"),
    ],
)
def test_of_a_process_that_ended_before_it_was_done_is_told_how_and_nothing_is_made_in_its_place(
    two_topics: Path, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, end: str, said: str
) -> None:
    monkeypatch.setattr(module, "_RUN", f"import os; {end}")

    with pytest.raises(Interrupted) as interrupted:
        prepared(two_topics, data)

    assert interrupted.value.problem == f"cannot be loaded now: the process that reads it {said}"
    assert files(data) == []
    assert caplog.messages == []


def test_of_a_process_that_hands_over_a_part_only_that_is_told(
    two_topics: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RUN", f"print({program.name()!r}, end='')")

    with pytest.raises(Interrupted, match="cannot be loaded now: only a part of it came"):
        prepared(two_topics, data)


def test_a_process_that_takes_too_long_is_ended(two_topics: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RUN", "import sys; sys.stdin.read()")
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.2)

    with pytest.raises(Interrupted, match=r"the process that reads it took longer than 0\.2 seconds"):
        prepared(two_topics, data)


def started(folder: Path, run: str = module._RUN) -> subprocess.Popen[bytes]:
    """The process that makes an answerer, as `web.prepared` starts it; its standard input is the test's to close."""
    command = [sys.executable, "-c", run, json.dumps(sys.path), str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)


SLOW = "import bot, threading; bot.build = lambda folder: print(flush=True) or threading.Event().wait(); "


def test_who_makes_an_answerer_ends_quietly_with_who_waits_for_it(two_topics: Path) -> None:
    with started(two_topics, module._RUN.replace("from web", f"{SLOW}from web", 1)) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.readline()  # it has begun
        process.stdin.close()

        assert process.wait(timeout=60) == 1
        assert process.stderr.read() == b""


def test_who_makes_an_answerer_that_nobody_reads_ends_quietly(two_topics: Path) -> None:
    with started(two_topics) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()

        assert process.wait(timeout=60) == 1
        assert process.stderr.read() == b""


LATE = ("alembic", "bot.corpus", "markdown_it", "nltk", "phonenumbers", "sqlalchemy", "web.review_pages", "yaml")
SERVED = f"""
import sys
from pathlib import Path
from web import records
from web.app import create_app
from web.journal import Journal
from web.prepared import prepared
from web.review import Review
from web.sessions import Desk

folder, data = map(Path, sys.argv[1:])
database = records.database("", data)
journal = Journal(database, kept="counts", days=30)
desk = Desk(records.accounts(database), b"k" * 32)
app = create_app(prepared(folder, data), journal=journal, desk=desk, review=Review(folder, journal, database))
loaded = [name for name in {LATE!r} if name in sys.modules]
answer = app.test_client().post("/api/chat", json={{"message": "what is sciatica"}}).json
journal.close()
print(loaded, answer["kind"], "sqlalchemy" in sys.modules, "alembic" in sys.modules)
"""


def test_a_start_loads_nothing_that_can_wait(two_topics: Path, data: Path) -> None:
    prepared(two_topics, data)

    told = [
        subprocess.run(
            [sys.executable, "-c", SERVED, str(two_topics), str(data)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]

    assert told == ["[] answer True True", "[] answer True False"]  # the tables are made once
