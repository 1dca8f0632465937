"""Changed content is noticed, loaded aside and served; broken content is told, and the content of before goes on."""

import itertools
import json
import logging
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.answering import Answerer
from bot.corpus import load_corpus
from bot.errors import CorpusError
from bot.versions import version_of
from tests.conftest import TWO_TOPICS
from tests.reviewing import DESK, EDITOR, OURS, Clinic, make_clinic
from tests.waiting import PATIENCE, eventually
from web import mistakes, watching
from web import prepared as module
from web.content import BEFORE_GOES_ON, NOT_YET, Content
from web.database import Database, database_url
from web.prepared import Interrupted, prepared
from web.publishing import Proposal, Publisher
from web.unavailable import Unavailable
from web.watching import Watch, Watcher
from web.writing import locked, replace

NEW = TWO_TOPICS.replace("Wear dry socks.", "Wear two pairs of socks.")
DAY = date(2026, 11, 30)
PROPOSAL = Proposal("does wet footwear give me sores", "page#blisters")
RULE = [
    "version = 1",
    "[[rule]]",
    'id = "chest"',
    'title = "Chest"',
    'level = "urgent"',
    'message = ["Now."]',
    'signs = "chest + pain"',
]
BROKEN = TWO_TOPICS + "\n## Empty {#empty\n\n<!-- also asked: what is canary -->\n"


ANSWERERS: dict[str, Answerer] = {}


def build(folder: Path) -> Answerer:
    """As `bot.build`, where nothing is built twice."""
    corpus = load_corpus(folder)
    if corpus.version not in ANSWERERS:
        ANSWERERS[corpus.version] = Answerer(corpus)
    return ANSWERERS[corpus.version]


class Folder:
    """Content as it is served, and the watcher over its folder, which looks when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.page = folder / "page.md"
        self.path = folder
        self.builds = 0
        self.meanwhile: Callable[[], object] = lambda: None
        self.content = Content(build(folder))
        self.watcher = Watcher(self.content, Watch(folder, self.build, 0.02))
        self.look()

    def build(self, folder: Path) -> Answerer:
        """As `build`, counted; what happens in the folder meanwhile, happens at its end."""
        self.builds += 1
        built = build(folder)
        self.meanwhile()
        return built

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.watcher.look()

    def save(self, content: str) -> None:
        """In one step: a thread that looks may come between an empty file and a full one."""
        aside = self.path / ".page.md"
        aside.write_text(content, "utf-8")
        aside.replace(self.page)

    @property
    def says(self) -> str:
        """What visitors read about blisters."""
        (text,) = (one.text for one in self.content.current.answerer.passages if one.title == "Blisters")
        return text

    @property
    def is_newest(self) -> bool:
        return self.content.version == version_of(self.path)

    @property
    def broken(self) -> str:
        return str(self.content.broken)


@pytest.fixture(autouse=True)
def _warnings(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing below, whatever another test had logged in this process."""
    caplog.set_level(logging.WARNING, "web")


@pytest.fixture
def folder(two_topics: Path) -> Folder:
    return Folder(two_topics)


# ---- what has changed is served


def test_a_changed_file_is_served_when_two_looks_find_it_alike(folder: Folder) -> None:
    folder.page.write_text(NEW, "utf-8")

    folder.look(1)
    after_one = folder.says
    folder.look(1)

    assert after_one == "Blisters come from rubbing. Wear dry socks."
    assert folder.says == "Blisters come from rubbing. Wear two pairs of socks."
    assert folder.is_newest


def test_what_is_still_being_saved_is_not_loaded(folder: Folder) -> None:
    for number in range(5):
        folder.page.write_text(f"{NEW}\nSave number {number}.\n", "utf-8")
        folder.look(1)
    assert folder.builds == 0

    folder.look(1)

    assert folder.builds == 1
    assert "number 4" in folder.says


def test_where_nothing_changed_nothing_is_loaded_nor_where_only_the_times_did(folder: Folder) -> None:
    folder.look(3)
    os.utime(folder.page, (1, 1))
    folder.look(3)

    assert folder.builds == 0


def test_a_change_of_the_same_length_that_keeps_the_time_is_seen(folder: Folder) -> None:
    stat = folder.page.stat()

    folder.page.write_text(TWO_TOPICS.replace("dry socks", "wet socks"), "utf-8")
    os.utime(folder.page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    folder.look()

    assert folder.page.stat().st_size == stat.st_size
    assert "wet socks" in folder.says


@pytest.mark.parametrize("name", ["new.md", "lexicon.toml", "clinic.toml", "not-covered.txt", "safety.toml"])
def test_files_that_come_and_go_are_noticed(folder: Folder, name: str) -> None:
    contents = {
        "new.md": "# New\n\n## Cramps\n\nDrink.\n",
        "lexicon.toml": 'version = 1\n\n[[group]]\nwords = ["sock", "stocking"]\n',
        "clinic.toml": 'name = "Hill Clinic"\nsafety_messages = false\n',
        "not-covered.txt": "# Parking\nwhere can I park\n",
        "safety.toml": "version = 1\n",
    }
    before = folder.content.version, (folder.path / name).exists()

    (folder.path / name).write_text(contents[name], "utf-8")
    folder.look()
    with_it = folder.content.version, folder.broken
    (folder.path / name).unlink()
    (folder.path / "clinic.toml").write_text("safety_messages = false\n", "utf-8")
    folder.look()

    assert with_it[0] != before[0], with_it
    assert folder.content.version == before[0]


def test_a_folder_that_changes_while_it_is_loaded_is_loaded_again(folder: Folder) -> None:
    later = NEW.replace("two pairs", "three pairs")
    folder.meanwhile = lambda: folder.page.write_text(later, "utf-8")
    folder.page.write_text(NEW, "utf-8")
    folder.look()
    after_first = folder.says
    folder.meanwhile = lambda: None

    folder.look()

    assert "dry socks" in after_first
    assert "three pairs" in folder.says
    assert folder.is_newest


def test_what_was_another_content_only_while_it_was_loaded_is_not_served(folder: Folder) -> None:
    """The bytes are again what they were, but the times are not."""

    def build(path: Path) -> Answerer:
        folder.page.write_text(NEW.replace("two pairs", "nothing"), "utf-8")
        built = bot.build(path)
        folder.page.write_text(NEW, "utf-8")
        return built

    watcher = Watcher(folder.content, Watch(folder.path, build, 1))
    folder.page.write_text(NEW, "utf-8")

    for _ in range(6):
        watcher.look()

    assert "dry socks" in folder.says


def test_an_answerer_of_other_content_than_the_folder_has_is_not_served(folder: Folder) -> None:
    other = build(folder.path)
    watcher = Watcher(folder.content, Watch(folder.path, lambda _: other, 1))
    folder.page.write_text(NEW, "utf-8")
    folder.look()

    folder.page.write_text(NEW.replace("two", "three"), "utf-8")
    for _ in range(4):
        watcher.look()

    assert "two pairs" in folder.says


def test_a_change_that_is_served_has_a_line_in_the_log_with_its_size_and_none_of_its_words(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")
    folder.page.write_text(NEW, "utf-8")

    folder.look(4)

    version = re.escape(folder.content.version)
    (line,) = caplog.messages
    assert re.fullmatch(
        rf"The content was changed, and loaded in \d+\.\d s: 2 passages of 1 documents, version {version}\.", line
    )


# ---- what is broken


def test_a_broken_edit_leaves_the_old_content_and_is_told_once(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    before = folder.content.version

    folder.page.write_text(BROKEN, "utf-8")
    folder.look(5)

    assert folder.content.version == before
    assert folder.broken.startswith("page.md:")
    assert "; expected " in folder.broken
    assert caplog.messages == [
        f"The content was changed and cannot be served: {folder.broken}. Version {before} goes on."
    ]
    assert folder.builds == 1


def test_the_log_says_what_check_says(folder: Folder) -> None:
    folder.page.write_text(BROKEN, "utf-8")
    folder.look()

    with pytest.raises(CorpusError) as said:
        build(folder.path)
    assert str(said.value) == f"{folder.path}/{folder.broken}"


def test_broken_content_that_is_mended_is_served_and_that_is_told(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    folder.page.write_text(BROKEN, "utf-8")
    folder.look()
    folder.page.write_text(NEW, "utf-8")

    folder.look()

    assert folder.content.broken is None
    assert "two pairs" in folder.says
    assert caplog.messages[1:] == [f"The content has no mistake any more: version {folder.content.version} is served."]


def test_broken_content_that_becomes_what_it_was_is_no_longer_called_broken(folder: Folder) -> None:
    folder.page.write_text(BROKEN, "utf-8")
    folder.look()
    assert folder.content.broken
    folder.page.write_text(TWO_TOPICS, "utf-8")

    folder.look()

    assert folder.content.broken is None
    assert folder.builds == 1


def test_another_mistake_is_told_anew(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    for content in (BROKEN, BROKEN.replace("## Blisters", "## Blisters\n\nMore.")):
        folder.page.write_text(content, "utf-8")
        folder.look()

    first, second = caplog.messages
    assert first != second


def test_what_cannot_be_loaded_is_tried_again_though_nothing_changed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be that it could not be read just then, or that a machine was short of memory."""
    monkeypatch.setattr(watching, "AGAIN_SECONDS", 0.0)
    folder.meanwhile = lambda: 1 / 0
    folder.page.write_text(NEW, "utf-8")
    folder.look()
    said = folder.broken
    folder.meanwhile = lambda: None

    folder.look(1)

    assert said == f"{folder.path.name}: cannot be loaded (ZeroDivisionError); expected {mistakes.LOADABLE}"
    assert folder.content.broken is None
    assert "two pairs" in folder.says


@dataclass(slots=True)
class Killed:
    """As the process that reads the content, which is killed whenever it is started."""

    folder: Folder

    def __call__(self) -> None:
        raise Interrupted(self.folder.path, None, "cannot be loaded now: it was ended by SIGKILL", "to be whole")


def test_content_whose_reader_was_killed_is_tried_again_soon_and_then_ever_more_rarely(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    folder.meanwhile = Killed(folder)
    folder.page.write_text(NEW, "utf-8")

    tried: list[float] = []
    for _ in range(300):
        before = folder.builds
        folder.look(1)
        tried += [now[0]] * (folder.builds - before)
        now[0] += 1
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    folder.meanwhile = lambda: None
    now[0] += watching.AGAIN_SECONDS
    folder.look(1)

    assert pauses[:5] == [5, 10, 20, 40, 60]
    assert {*pauses[5:]} == {60}
    assert "two pairs" in folder.says


def test_another_edit_after_one_whose_reader_was_killed_is_tried_at_once_and_again_soon(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    folder.meanwhile = Killed(folder)
    for content in (NEW, NEW + "\nMore.\n"):
        folder.page.write_text(content, "utf-8")
        folder.look(2)

    builds = folder.builds
    now[0] += watching.SOON_SECONDS
    folder.look(1)

    assert builds == 2
    assert folder.builds == 3


def test_a_reader_that_was_killed_is_told_once_and_so_is_that_it_came_through_at_last(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "AGAIN_SECONDS", 0.0)
    before = folder.content.version
    folder.meanwhile = Killed(folder)
    folder.page.write_text(NEW, "utf-8")
    folder.look(4)
    folder.meanwhile = lambda: None
    folder.look(1)

    why = f"{folder.path.name}: cannot be loaded now: it was ended by SIGKILL; expected to be whole"
    assert caplog.messages == [
        f"The content was changed and cannot be served: {why}. Version {before} goes on. It is tried again soon.",
        f"The content could be loaded at last: version {folder.content.version} is served.",
    ]


def test_a_folder_that_goes_and_comes_back_as_it_was_is_whole_again(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    away = folder.path.with_name("away")
    folder.path.rename(away)
    folder.look(4)
    said, served = folder.broken, folder.says

    away.rename(folder.path)
    folder.look()

    assert said == f"{folder.path.name}: No such file or directory; expected {mistakes.READABLE}"
    assert "dry socks" in served
    assert folder.content.broken is None
    assert len(caplog.messages) == 2


def test_an_empty_folder_is_broken(folder: Folder) -> None:
    folder.page.unlink()

    folder.look()

    assert "no document in this folder" in folder.broken
    assert "dry socks" in folder.says


def test_no_path_of_the_machine_is_told(folder: Folder) -> None:
    (folder.path / "clinic.toml").unlink()
    (folder.path / "clinic.toml").mkdir()

    folder.look()

    assert folder.broken.startswith("clinic.toml: ")
    assert str(folder.path) not in folder.broken


def test_a_name_with_signs_that_nobody_sees_stays_one_line_of_plain_text(folder: Folder) -> None:
    (folder.path / "a\n\x1b[31m\u202e.md").write_text("no heading", "utf-8")

    folder.look()

    assert folder.content.broken
    assert folder.broken.isprintable()


# ---- with the review


def test_nothing_is_looked_at_while_the_review_changes_the_folder(folder: Folder) -> None:
    with locked(folder.path):
        replace(folder.page, TWO_TOPICS.encode(), NEW.encode())
        folder.look(4)
        during = folder.says
        replace(folder.page, NEW.encode(), TWO_TOPICS.encode())
    folder.look(4)

    assert "dry socks" in during
    assert folder.builds == 0


def test_a_change_that_the_review_begins_while_something_is_loaded_is_waited_for(folder: Folder) -> None:
    lock = locked(folder.path)
    folder.meanwhile = lock.__enter__
    folder.page.write_text(NEW, "utf-8")
    folder.look()
    during = folder.says
    folder.meanwhile = lambda: None
    lock.__exit__(None, None, None)

    folder.look(1)

    assert "dry socks" in during
    assert "two pairs" in folder.says


def test_several_watchers_do_not_wait_for_each_other_but_no_change_is_published_meanwhile(folder: Folder) -> None:
    reading = [locked(folder.path, reading=True) for _ in range(2)]

    with reading[0] as first, reading[1] as second, locked(folder.path) as publisher:
        assert (first, second, publisher) == (True, True, False)


# ---- with the review of another process


@dataclass(frozen=True, slots=True)
class TwoProcesses:
    """A folder that two processes serve: an editor publishes in the one, and the other has its watcher alone."""

    publishing: Folder
    other: Folder
    database: Database

    def publish(self) -> None:
        publisher = Publisher(self.publishing.content, self.database, self.publishing.path, today=lambda: DAY)
        version = publisher.rehearse(PROPOSAL, ()).trial.version
        publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())


@pytest.fixture
def two(two_topics: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoProcesses]:
    database = Database(database_url("", tmp_path_factory.mktemp("data")))
    yield TwoProcesses(Folder(two_topics), Folder(two_topics), database)
    database.close()


def test_what_one_process_publishes_the_other_serves_soon_and_the_first_does_not_load_again(two: TwoProcesses) -> None:
    two.publish()

    for folder in (two.publishing, two.other):
        folder.look(4)

    assert two.publishing.content.version == two.other.content.version == version_of(two.other.path)
    assert (two.publishing.builds, two.other.builds) == (0, 1)
    answer = two.other.content.current.answerer.answer(PROPOSAL.phrasing)
    assert answer.passage
    assert answer.passage.id == PROPOSAL.passage_id


def test_of_a_publication_that_is_taken_back_the_other_process_sees_nothing(
    two: TwoProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks all the time while the file is changed and put back."""
    before = two.other.content.version

    def no_room(*_: object) -> int:
        assert version_of(two.other.path) != before
        two.other.look(4)
        message = "no room"
        raise Unavailable(message)

    monkeypatch.setattr("web.decisions.keep", no_room)
    with pytest.raises(Unavailable):
        two.publish()
    two.other.look(4)

    assert two.other.content.version == version_of(two.other.path) == before
    assert two.other.builds == 0


def test_changed_safety_rules_of_the_same_length_and_time_are_loaded(folder: Folder) -> None:
    rules = folder.path / "safety.toml"
    (folder.path / "clinic.toml").write_text("safety_messages = true\n", "utf-8")
    rules.write_text("\n".join([*RULE, 'heading = "Call A"']), "utf-8")
    folder.look()
    stat = rules.stat()

    rules.write_text("\n".join([*RULE, 'heading = "Call B"']), "utf-8")
    os.utime(rules, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    folder.look()

    assert rules.stat().st_size == stat.st_size
    (raised,) = folder.content.current.answerer.raised("my chest has pain")
    assert raised.rule.heading == "Call B"


# ---- threads and processes


@pytest.fixture
def watcher(folder: Folder) -> Iterator[Watcher]:
    yield folder.watcher
    folder.watcher.close()


def test_a_thread_looks_by_itself_until_it_is_closed(folder: Folder, watcher: Watcher) -> None:
    before = set(threading.enumerate())
    watcher.start()
    watcher.start()
    folder.save(NEW)
    eventually(lambda: "two pairs" in folder.says)

    watcher.close()
    watcher.start()

    assert set(threading.enumerate()) <= before
    assert folder.builds == 1


def test_what_fails_to_load_while_all_is_closed_is_not_told(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    def close_and_fail() -> None:
        folder.watcher.close()
        raise OSError

    folder.meanwhile = close_and_fail
    folder.page.write_text(NEW, "utf-8")

    folder.look()

    assert folder.builds == 1
    assert caplog.messages == []


def test_a_child_of_a_process_that_looks_no_more_can_look(folder: Folder) -> None:
    folder.watcher.start()
    folder.watcher.close()

    child = os.fork()
    if child == 0:
        folder.watcher.start()
        os._exit(0 if "citewell-watcher" in {thread.name for thread in threading.enumerate()} else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_child_process_looks_for_itself(folder: Folder, watcher: Watcher) -> None:
    watcher.start()

    child = os.fork()
    if child == 0:  # nothing of the tests may run here
        signal.alarm(PATIENCE)
        watcher.start()
        folder.save(NEW)
        while "two pairs" not in folder.says:
            time.sleep(0.01)
        os._exit(0)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    eventually(lambda: "two pairs" in folder.says)


# ---- what is seen of it


@dataclass(slots=True)
class Site:
    """The application of a small clinic that watches its folder, and who asks it."""

    clinic: Clinic
    watcher: Watcher

    def edit(self, name: str, content: str) -> None:
        (self.clinic.page.parent / name).write_text(content, "utf-8")
        for _ in range(2):
            self.watcher.look()

    def get(self, path: str, name: str | None = None) -> str:
        response = self.clinic.browser(name).get(path)
        assert response.status_code == 200, path
        return response.get_data(as_text=True)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    clinic = make_clinic(tmp_path, watch_seconds=3600)
    return Site(clinic, clinic.app.extensions["citewell.watcher"])


def test_where_content_is_whole_readyz_says_which_and_since_when(site: Site) -> None:
    ready = json.loads(site.get("/readyz"))

    assert ready["content"]["version"] == ready["corpus_version"] == version_of(site.clinic.page.parent)
    assert datetime.fromisoformat(ready["content"]["loaded"]).tzinfo
    assert (ready["content"]["broken"], ready["content"]["since"]) == (None, None)


def test_where_newer_content_is_broken_readyz_says_where_and_not_what_stands_there(site: Site) -> None:
    before = json.loads(site.get("/readyz"))

    site.edit("page.md", "# Page\n\n## Shoes\n\nNew ones.\n\n<!-- staff note: canary -->\n")
    broken = json.loads(site.get("/readyz"))
    site.edit("page.md", "# Page\n\n## Shoes\n\nNew ones.\n")
    mended = json.loads(site.get("/readyz"))

    assert broken["status"] == "ready"
    assert broken["content"]["version"] == before["content"]["version"]
    assert broken["content"]["broken"].startswith("page.md:7: expected a line “staff note:”")
    assert datetime.fromisoformat(broken["content"]["since"]).tzinfo
    assert "canary" not in str(broken)
    assert str(site.clinic.page.parent) not in str(broken)
    assert mended["content"]["version"] != before["content"]["version"]
    assert mended["content"]["broken"] is None


def test_where_the_reader_was_killed_everyone_may_read_how_and_staff_that_it_is_tried_again(
    two_topics: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path_factory.mktemp("data")
    content = Content(prepared(two_topics, data))
    watcher = Watcher(content, Watch(two_topics, partial(prepared, data=data), 3600))
    monkeypatch.setattr(module, "_RUN", "import os; os.kill(os.getpid(), 9)")
    (two_topics / "page.md").write_text(NEW, "utf-8")

    for _ in range(2):
        watcher.look()

    killed = (
        "cannot be loaded now: the process that reads it was ended by SIGKILL, perhaps because there was not enough"
    )
    assert content.broken
    assert content.broken.for_everyone == f"{two_topics.name}: {killed} memory"
    assert content.notice
    assert content.notice.startswith(f"{NOT_YET} {two_topics.name}: {killed}")
    assert BEFORE_GOES_ON not in content.notice


PAGES = {DESK: ["/desk"], EDITOR: ["/desk", "/desk/review", "/desk/review/questions", "/desk/review/decisions"]}


def test_staff_who_are_signed_in_read_what_is_wrong_until_it_is_mended_and_nobody_else(site: Site) -> None:
    pages = [(name, path) for name, paths in PAGES.items() for path in paths]

    site.edit("page.md", "# Page\n\n## A\n\nText.\n\n<!-- also asked: why <b> -->\n")
    shown = [site.get(path, name) for name, path in pages]
    public = [site.get(path) for path in ("/", "/chat", "/sources/page", "/desk/sign-in")]
    site.edit("page.md", "# Page\n\n## A\n\nText.\n")
    mended = [site.get(path, name) for name, path in pages]

    for page in shown:
        assert BEFORE_GOES_ON in page
        assert "also asked: why &lt;b&gt;" in page
        assert "why <b>" not in page
    assert not [page for page in (*public, *mended) if BEFORE_GOES_ON in page]
    assert not [page for page in mended if "page.md" in page]


def test_a_console_that_stays_open_learns_of_it_with_the_next_look_up(site: Site) -> None:
    def look_up() -> Any:
        return site.clinic.browser(DESK).post("/desk/api/search", json={"query": "blisters"}, headers=OURS).get_json()

    whole = look_up()
    site.edit("page.md", "no heading")
    broken = look_up()

    assert whole["broken"] is None
    assert broken["broken"].startswith(BEFORE_GOES_ON)
    assert broken["rows"]


EVERYTHING_OF_THE_CLINIC = """\
name = "{name}"
site = "https://{word}.example"
phone = "+88 01{digit}"
hours = "Open on {word}"
disclaimer = "Please consult {name}."
country = "BD"
languages = ["en"]
start_questions = ["page#{word}"]
safety_messages = false

[[phones.BD]]
label = "Ambulance {word}"
tel = "{digit}{digit}{digit}"
uses = ["emergency"]
"""


def test_nothing_of_the_first_content_is_left_after_a_change(site: Site) -> None:
    """Name, phones, start questions, sources, the line to embed: all of it comes from the content of now."""
    for word, digit in (("old", "1"), ("new", "2")):
        site.edit("clinic.toml", EVERYTHING_OF_THE_CLINIC.format(name=f"The {word} clinic", word=word, digit=digit))
        site.edit("page.md", f"# The {word} page\n\n## What is {word}? {{#{word}}}\n\nThe {word} text.\n")
        if word == "old":
            site.edit("old-document.md", "# An old document\n\n## Old section\n\nOld text.\n")
    (site.clinic.page.parent / "old-document.md").unlink()
    site.edit("page.md", site.clinic.page.read_text("utf-8"))

    pages = {path: site.get(path) for path in ("/", "/chat", "/sources", "/sources/page", "/api/config")}
    pages |= {path: site.get(path, name) for name, paths in PAGES.items() for path in paths}
    client = site.clinic.browser(None)
    pages["answer"] = client.post("/chat", data={"message": "what is new"}).get_data(as_text=True)
    pages["missing"] = client.get("/sources/old-document").get_data(as_text=True)
    pages["chat"] = client.post("/api/chat", json={"message": "what is new"}).get_data(as_text=True)
    pages["search"] = client.post("/api/search", json={"query": "what is new"}).get_data(as_text=True)
    pages["suggest"] = client.post("/api/suggest", json={"query": "what is"}).get_data(as_text=True)

    for path, page in pages.items():
        assert re.search(r"\bnew\b", page), path
        assert not re.search(r"\bold\b|An old document|111", page, re.IGNORECASE), path
    assert client.get("/sources/old-document").status_code == 404


def test_what_is_found_names_the_content_that_it_is_of(site: Site) -> None:
    client = site.clinic.browser(None)

    replies = [
        client.post(path, json=body).get_json()["corpus_version"]
        for path, body in (("/api/chat", {"message": "blisters"}), ("/api/search", {"query": "blisters"}))
    ]

    served = {*replies, client.get("/api/config").get_json()["corpus_version"]}
    assert served == {version_of(site.clinic.page.parent)}


def test_changed_safety_rules_are_served_as_at_a_start_and_the_log_says_how_to_test_them(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.path / "clinic.toml").write_text("safety_messages = true\n", "utf-8")
    (folder.path / "safety.toml").write_text("\n".join([*RULE, 'heading = "Call"']), "utf-8")

    folder.look()

    assert folder.content.current.answerer.raised("my chest has pain")
    assert caplog.messages == [watching.SAFETY_CHANGED]


TEST = '{"text": "my chest has pain", "rule": "chest", "level": "urgent"}\n'


def test_only_where_the_safety_rules_or_their_tests_say_something_else_the_log_says_so(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """As they are served: made in a process of its own, where nothing is the same object as before."""
    files = {
        "clinic.toml": "safety_messages = true\n",
        "safety.toml": "\n".join([*RULE, 'heading = "Call"']),
        "safety-tests/own.jsonl": TEST,
    }
    for name, content in files.items():
        (folder.path / name).parent.mkdir(exist_ok=True)
        (folder.path / name).write_text(content, "utf-8")
    data = tmp_path_factory.mktemp("data")
    served = Content(prepared(folder.path, data))
    watcher = Watcher(served, Watch(folder.path, partial(prepared, data=data), 3600))
    caplog.set_level(logging.WARNING)

    warned = {}
    for name, changed in (
        ("page.md", NEW),
        ("safety-tests/own.jsonl", TEST + TEST.replace("has", "is in")),
        ("safety.toml", files["safety.toml"].replace("Now.", "Soon.")),
        ("clinic.toml", "safety_messages = false\n"),
    ):
        (folder.path / name).write_text(changed, "utf-8")
        for _ in range(2):
            watcher.look()
        warned[name] = list(caplog.messages)
        caplog.clear()

    told = [watching.SAFETY_CHANGED]
    assert served.version == version_of(folder.path)
    assert list(warned.values()) == [[], told, told, told]
