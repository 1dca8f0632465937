"""A way to ask published and undone, over real files and a real database."""

import logging
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import bot
from bot.answering import Answerer
from tests.conftest import ROOT, WriteCorpus
from web import publishing, trial, writing
from web.content import Content
from web.database import Database, database_url
from web.decisions import Decided, decided, open_turns
from web.prepared import Interrupted
from web.publishing import Outdated, Proposal, Publisher, Rehearsal
from web.tables import DECISIONS, TURNS
from web.trial import Changed, Edit, Failed, Reply, Rights
from web.unavailable import Unavailable

TODAY = date(2026, 11, 30)

PAGE = """\
# Running

## Sciatica

Sciatica is pain that travels into the leg.

<!-- also asked:
what is sciatica
-->

## Blisters

Blisters come from rubbing. Wear dry socks.
"""

SAFETY = """\
version = 1

[[rule]]
id = "chest"
title = "Chest pain"
level = "emergency"
heading = "Call an ambulance now"
message = ["This can be dangerous."]
signs = \"\"\"
chest + pain|hurts
\"\"\"
"""

HEAVY = "a heavy weight sits on the breastbone"
PLACES = [f"{place}{number}" for place in ("home", "work", "club", "park", "gym") for number in range(12)]
PROPOSAL = Proposal("does wet footwear give me sores", "page#blisters")
ADDED = f"{PAGE}\n<!-- also asked:\n{PROPOSAL.phrasing}\n-->\n"
DIFF = (
    "--- page.md",
    "+++ page.md",
    "@@ -11,3 +11,7 @@",
    " ## Blisters",
    " ",
    " Blisters come from rubbing. Wear dry socks.",
    "+",
    "+<!-- also asked:",
    "+does wet footwear give me sores",
    "+-->",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Content as it is served, and the publisher over its folder."""

    folder: Path
    database: Database
    content: Content = field(init=False)
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", Content(bot.build(self.folder)))
        publisher = Publisher(self.content, self.database, self.folder, today=lambda: TODAY)
        object.__setattr__(self, "publisher", publisher)

    @property
    def page(self) -> Path:
        """The document that is changed."""
        return self.folder / "page.md"

    def rehearse(self, proposal: Proposal = PROPOSAL, *kept: str) -> Rehearsal:
        """What would change."""
        return self.publisher.rehearse(proposal, kept)

    def publish(self, proposal: Proposal = PROPOSAL, *turn_ids: str) -> int:
        """Rehearse, and publish what was shown."""
        version = self.rehearse(proposal).trial.version
        return self.publisher.publish(proposal, version=version, by="edna", turn_ids=turn_ids)

    def decided(self) -> list[Decided]:
        """The decisions that hold."""
        with self.database.begin(reading=True) as connection:
            return list(decided(connection))

    def answers(self, question: str) -> str | None:
        """The passage that a visitor gets now."""
        answer = self.content.current.answerer.answer(question)
        return answer.passage.id if answer.passage else None


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database outside the content's folder."""
    database = Database(database_url("", tmp_path_factory.mktemp("data")))
    yield database
    database.close()


@pytest.fixture
def desk(write_corpus: WriteCorpus, database: Database) -> Desk:
    """Two sections, no safety messages."""
    return Desk(write_corpus({"page.md": PAGE, "clinic.toml": "safety_messages = false\n"}), database)


@pytest.fixture
def guarded(write_corpus: WriteCorpus, database: Database) -> Desk:
    """The same with one safety rule and its test."""
    folder = write_corpus({"page.md": PAGE, "safety.toml": SAFETY})
    (folder / "safety-tests").mkdir()
    test = '{"text": "my chest hurts", "rule": "chest", "level": "emergency"}\n'
    (folder / "safety-tests" / "own.jsonl").write_text(test, "utf-8")
    return Desk(folder, database)


@pytest.fixture
def worded(write_corpus: WriteCorpus, database: Database) -> Desk:
    """Two rules, and tests enough for a second opinion by their wording."""
    first = SAFETY.replace("chest + pain|hurts", "heavy + breastbone")
    second = SAFETY.partition("\n\n")[2].replace("chest", "cough").replace("emergency", "soon", 1)
    folder = write_corpus({"page.md": PAGE, "safety.toml": f"{first}\n{second}"})
    tests = [
        *(f'{{"text": "{HEAVY} at {place}", "rule": "chest", "level": "emergency"}}' for place in PLACES),
        *(f'{{"text": "an old cough hurts at {place}", "rule": "cough", "level": "soon"}}' for place in PLACES),
        *(f'{{"text": "what shoes would you wear at {place}", "rule": null}}' for place in PLACES),
    ]
    (folder / "safety-tests").mkdir()
    (folder / "safety-tests" / "own.jsonl").write_text("\n".join(tests), "utf-8")
    return Desk(folder, database)


def ask(database: Database, question: str, number: int = 1) -> str:
    """An unanswered question in the journal; its turn's id."""
    turn_id = f"{number:032x}"
    with database.begin() as connection:
        row = {"turn_id": turn_id, "day": TODAY, "channel": "widget", "kind": "none", "filed": False}
        connection.execute(insert(TURNS).values(question=question, **row))
    return turn_id


def is_open(database: Database) -> bool:
    """Whether there is an open question."""
    with database.begin(reading=True) as connection:
        return bool(open_turns(connection))


# ---- the rehearsal


def test_a_rehearsal_shows_the_exact_change_and_changes_nothing(desk: Desk) -> None:
    before = desk.page.read_bytes()

    rehearsal = desk.rehearse()

    assert rehearsal.trial.edit.diff == DIFF
    assert desk.page.read_bytes() == before
    assert desk.answers(PROPOSAL.phrasing) is None
    assert {path.name for path in desk.folder.iterdir()} == {"page.md", "clinic.toml"}


def test_a_rehearsal_says_what_the_question_itself_gets_before_and_after(desk: Desk) -> None:
    effect = desk.rehearse().effect

    assert effect.itself.before.kind != "answer"
    assert effect.itself.after == Reply("answer", "page#blisters", None)


def test_which_answers_change_is_found_among_headings_what_is_not_covered_and_the_journal(desk: Desk) -> None:
    (desk.folder / "not-covered.txt").write_text("# shoes\nwhich footwear is cheap\n", "utf-8")

    effect = desk.rehearse(PROPOSAL, "wet footwear gives me sores", "what is sciatica").effect

    assert effect.asked == 6  # two headings, one not covered, the question itself, two of the journal
    assert [one.question for one in effect.changed] == ["wet footwear gives me sores"]
    assert effect.changed[0].after.passage_id == "page#blisters"


def test_of_the_journal_s_words_nothing_is_remembered(desk: Desk) -> None:
    desk.rehearse(PROPOSAL, "wet footwear gives me sores")

    assert "Sciatica" in repr(vars(desk.publisher))
    assert "footwear" not in repr(vars(desk.publisher))


def test_judged_questions_say_how_many_right_actions_are_gained_and_lost(desk: Desk) -> None:
    gained = '{"q": "wet footwear gives me sores", "gold": {"page#blisters": 2}}\n'
    lost = '{"q": "sores from wet footwear", "gold": {}}\n'
    (desk.folder / "questions.jsonl").write_text(gained + lost, "utf-8")

    effect = desk.rehearse().effect

    assert effect.rights == Rights(judged=2, gained=1, lost=1)
    assert effect.problem is None


def test_a_file_of_judged_questions_that_is_wrong_is_named_and_left_out(desk: Desk) -> None:
    (desk.folder / "questions.jsonl").write_text('{"q": "socks?", "gold": {"page#no": 2}}\n', "utf-8")

    effect = desk.rehearse().effect

    assert effect.rights is None
    assert effect.problem
    assert effect.problem.startswith("questions.jsonl:1: ")


def test_judged_questions_are_no_content_and_change_no_version(desk: Desk) -> None:
    version = bot.build(desk.folder).corpus.version

    (desk.folder / "questions.jsonl").write_text('{"q": "socks?", "gold": {}}\n', "utf-8")

    assert bot.build(desk.folder).corpus.version == version


def test_new_warnings_are_shown_and_old_ones_whose_line_moved_are_not(desk: Desk) -> None:
    long = PAGE.replace("Wear dry socks.", "Wear dry socks. " + "Rest a while. " * 60) + "\n[^1]: Unused.\n"
    desk.page.write_text(long, "utf-8")
    desk.content.swap(bot.build(desk.folder))

    assert desk.rehearse().trial.warnings == ()


def test_edits_by_hand_that_are_not_served_yet_are_named(desk: Desk) -> None:
    assert not desk.rehearse().trial.other_edits

    desk.page.write_text(PAGE.replace("dry socks", "thin socks"), "utf-8")

    assert desk.rehearse().trial.other_edits


# ---- what is refused


def test_urgent_words_never_become_a_way_to_ask(guarded: Desk) -> None:
    with pytest.raises(Failed, match="safety message"):
        guarded.rehearse(Proposal("my chest hurts when I wear wet socks", "page#blisters"))


def test_a_passage_that_is_not_there_and_words_that_are_no_line_are_refused(desk: Desk) -> None:
    for proposal in (Proposal("wet socks", "page#no"), Proposal("socks --> here", "page#blisters")):
        with pytest.raises(Failed):
            desk.rehearse(proposal)


def test_a_safety_test_that_fails_by_the_rules_alone_refuses_the_change(guarded: Desk) -> None:
    rules = guarded.folder / "safety.toml"
    rules.write_text(SAFETY.replace("chest + pain|hurts", "chest + aches"), "utf-8")

    with pytest.raises(Failed) as refused:
        guarded.rehearse()

    assert str(refused.value) == trial.UNSAFE
    assert refused.value.details[0].startswith("safety-tests/own.jsonl:1: raises nothing; expected chest (emergency)")


def test_a_message_that_loses_its_card_to_ways_to_ask_refuses_the_change(worded: Desk) -> None:
    rules = worded.folder / "safety.toml"
    rules.write_text(rules.read_text("utf-8").replace("heavy + breastbone", "tight + breastbone"), "utf-8")
    served = bot.build(worded.folder)
    ways = "\n".join(f"{HEAVY} at {place} {number}" for place in PLACES for number in range(9))
    edit = Edit("page.md", PAGE.encode(), f"{PAGE}\n<!-- also asked:\n{ways}\n-->\n".encode())

    with pytest.raises(Failed, match="safety test fails"):
        trial.tried(worded.folder, edit, served, TODAY)


def test_a_test_that_only_its_wording_saves_refuses_the_change_as_citewell_check_does(worded: Desk) -> None:
    rules = worded.folder / "safety.toml"
    rules.write_text(rules.read_text("utf-8").replace("heavy + breastbone", "tight + breastbone"), "utf-8")
    assert bot.build(worded.folder).raised(f"{HEAVY} at home1")  # a visitor is met all the same

    with pytest.raises(Failed, match="safety test fails"):
        worded.rehearse()


def test_content_that_is_broken_already_is_named_by_file_and_line(desk: Desk) -> None:
    (desk.folder / "lexicon.toml").write_text("broken", "utf-8")

    with pytest.raises(Failed) as refused:
        desk.rehearse()

    assert str(refused.value) == trial.WRONG_ALREADY
    assert refused.value.details[0].startswith("lexicon.toml")


# ---- publishing


def test_what_was_shown_is_published_served_and_kept_as_a_decision(desk: Desk) -> None:
    turn_id = ask(desk.database, PROPOSAL.phrasing)
    edit = desk.rehearse().trial.edit

    desk.publish(PROPOSAL, turn_id)

    assert desk.page.read_bytes() == edit.after
    assert desk.answers(PROPOSAL.phrasing) == "page#blisters"
    (one,) = desk.decided()
    assert (one.questions, one.example) == (1, PROPOSAL.phrasing)
    assert (one.decision.day, one.decision.by, one.decision.file) == (TODAY, "edna", "page.md")
    assert not is_open(desk.database)


def test_mode_and_links_stay_and_nothing_is_left_beside_the_file(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = tmp_path_factory.mktemp("elsewhere") / "page.md"
    desk.page.rename(real)
    real.chmod(0o640)
    desk.page.symlink_to(real)

    desk.publish()

    assert desk.page.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert PROPOSAL.phrasing in real.read_text("utf-8")
    assert [path.name for path in real.parent.iterdir()] == ["page.md"]
    assert {path.name for path in desk.folder.iterdir()} == {"page.md", "clinic.toml"}


def test_any_file_that_changed_since_it_was_shown_refuses_and_changes_nothing(desk: Desk) -> None:
    version = desk.rehearse().trial.version
    desk.page.write_text(PAGE.replace("dry socks", "thin socks"), "utf-8")
    before = desk.page.read_bytes()

    with pytest.raises(Outdated):
        desk.publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())

    assert desk.page.read_bytes() == before
    assert desk.decided() == []


def test_a_server_that_was_started_anew_checks_before_it_publishes(guarded: Desk) -> None:
    version = guarded.rehearse().trial.version
    anew = Desk(guarded.folder, guarded.database)

    assert anew.publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=()) == 1


def test_a_version_that_passed_no_check_is_not_published_for_being_named(guarded: Desk) -> None:
    rules = guarded.folder / "safety.toml"
    rules.write_text(SAFETY.replace("chest + pain|hurts", "chest + aches"), "utf-8")
    version = trial.version_after(guarded.folder, Edit("page.md", PAGE.encode(), ADDED.encode()))

    with pytest.raises(Failed, match="safety test fails"):
        guarded.publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())

    assert guarded.page.read_text("utf-8") == PAGE


def test_where_the_decision_cannot_be_kept_the_file_is_as_before(desk: Desk) -> None:
    version = desk.rehearse().trial.version
    with desk.database.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )

    with pytest.raises(Exception, match="disk is full"):
        desk.publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())

    assert desk.page.read_text("utf-8") == PAGE
    assert desk.answers(PROPOSAL.phrasing) is None


def test_where_the_changed_content_cannot_be_loaded_that_is_said_and_the_file_is_as_before(desk: Desk) -> None:
    def killed(folder: Path) -> Answerer:
        raise Interrupted(folder, None, "cannot be loaded now: it was ended by SIGKILL", "to be whole")

    version = desk.rehearse().trial.version
    publisher = Publisher(desk.content, desk.database, desk.folder, build=killed, today=lambda: TODAY)

    with pytest.raises(Failed) as failed:
        publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())

    assert (str(failed.value), failed.value.details) == (
        publishing.NOT_LOADED,
        (f"{desk.folder.name}: cannot be loaded now: it was ended by SIGKILL; expected to be whole",),
    )
    assert desk.page.read_text("utf-8") == PAGE
    assert desk.decided() == []


def test_a_change_that_is_published_has_a_line_in_the_log_without_its_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web")

    desk.publish()

    assert caplog.messages == [
        f"An editor changed the content in the review: 2 passages of 1 documents, version {desk.content.version}."
    ]


def test_without_a_database_nothing_is_published(desk: Desk, tmp_path: Path) -> None:
    version = desk.rehearse().trial.version
    (tmp_path / "file").write_text("", "utf-8")
    away = Database(database_url("", tmp_path / "file"))
    publisher = Publisher(desk.content, away, desk.folder)

    with pytest.raises(Unavailable):
        publisher.publish(PROPOSAL, version=version, by="edna", turn_ids=())

    assert desk.page.read_text("utf-8") == PAGE


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    nobody_may = Path("/proc/version")  # not even root can make a file beside it

    with pytest.raises(writing.NotWritten, match="cannot be written to"):
        writing.replace(nobody_may, nobody_may.read_bytes(), b"")


def test_one_change_is_made_at_a_time_in_all_processes_that_share_the_folder(desk: Desk) -> None:
    with writing.locked(desk.folder) as got:
        assert got
        with pytest.raises(Failed, match="Another change"):
            desk.rehearse()

    assert desk.rehearse().trial.version


# ---- replacing a file


def test_a_file_that_holds_something_else_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(b"theirs")

    with pytest.raises(writing.NotWritten, match="changed meanwhile"):
        writing.replace(path, b"ours", b"new")

    assert path.read_bytes() == b"theirs"


def test_a_file_is_never_half_written(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(b"old")
    inode = path.stat().st_ino

    writing.replace(path, b"old", b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_ino != inode  # another file took its name: the old one was not written into
    assert [one.name for one in tmp_path.iterdir()] == ["page.md"]


# ---- undoing


def test_undone_the_file_is_back_byte_for_byte_and_the_questions_are_open(desk: Desk) -> None:
    before = desk.page.read_bytes()
    decision_id = desk.publish(PROPOSAL, ask(desk.database, PROPOSAL.phrasing))

    assert desk.publisher.undo(decision_id)

    assert desk.page.read_bytes() == before
    assert desk.answers(PROPOSAL.phrasing) is None
    assert desk.decided() == []
    assert is_open(desk.database)


def test_where_the_file_was_edited_since_the_line_alone_is_taken_out(desk: Desk) -> None:
    decision_id = desk.publish()
    edited = desk.page.read_text("utf-8").replace("dry socks", "thin socks")
    desk.page.write_text(edited, "utf-8")

    assert desk.publisher.undo(decision_id)

    assert desk.page.read_text("utf-8") == PAGE.replace("dry socks", "thin socks")


@pytest.mark.parametrize("without", ["does wet footwear give me sores\n", "## Blisters\n"])
def test_where_the_line_or_its_section_is_gone_the_decision_is_undone_and_the_file_stays(
    desk: Desk, without: str
) -> None:
    decision_id = desk.publish()
    left = desk.page.read_text("utf-8").replace(without, "")
    left = left.replace("<!-- also asked:\n-->\n", "")
    left = left.replace("<!-- also asked:\ndoes wet footwear give me sores\n-->\n", "")
    desk.page.write_text(left, "utf-8")

    assert not desk.publisher.undo(decision_id)

    assert desk.page.read_text("utf-8") == left
    assert desk.decided() == []


def test_in_a_file_that_is_not_utf8_nothing_is_undone_and_it_is_said(desk: Desk) -> None:
    decision_id = desk.publish()
    desk.page.write_bytes(desk.page.read_bytes() + "caf\xe9\n".encode("latin-1"))

    with pytest.raises(Failed) as refused:
        desk.publisher.undo(decision_id)

    assert str(refused.value) == trial.WRONG_ALREADY


def test_a_decision_whose_words_are_gone_cannot_be_undone(desk: Desk) -> None:
    decision_id = desk.publish()
    with desk.database.begin() as connection:
        connection.execute(DECISIONS.update().values(phrasing=None))

    with pytest.raises(Failed, match="were deleted"):
        desk.publisher.undo(decision_id)

    with desk.database.begin(reading=True) as connection:
        assert connection.scalar(select(DECISIONS.c.undone)) is False


def test_a_decision_is_undone_once(desk: Desk) -> None:
    decision_id = desk.publish()
    desk.publisher.undo(decision_id)

    for number in (decision_id, 99):
        with pytest.raises(Failed, match="not there any more"):
            desk.publisher.undo(number)


def test_what_changes_is_told_apart_by_passage_kind_and_safety_message() -> None:
    shown = Reply("answer", "faq#a", None)

    assert Changed("q", shown, Reply("answer", "faq#b", None)).before != Reply("answer", "faq#b", None)
    assert shown != Reply("answer", "faq#a", "chest")
    assert str(Outdated()) == publishing.CHANGED


CUT_OFF = f"""
import sys, threading, time
from pathlib import Path
import bot
from web.content import Content
from web.database import Database
from web.prepared import Interrupted
from web.publishing import Proposal, Publisher
folder, address = Path(sys.argv[1]), sys.argv[2]
begun = threading.Event()
def build(folder):
    begun.set()
    time.sleep(1)  # time enough for the program to be over
    return bot.build(folder)
publisher = Publisher(Content(bot.build(folder)), Database(address), folder, build=build)
proposal = {PROPOSAL!r}
version = publisher.rehearse(proposal, ()).trial.version
publish = lambda: publisher.publish(proposal, version=version, by="edna", turn_ids=())
threading.Thread(target=publish, daemon=True).start()  # as a web server's threads are
begun.wait()
"""


def test_a_process_that_ends_publishes_first_what_it_began_to(desk: Desk) -> None:
    database = f"sqlite:///{desk.database.file}"

    subprocess.run([sys.executable, "-c", CUT_OFF, str(desk.folder), database], cwd=ROOT, check=True, timeout=300)

    assert desk.page.read_text() == ADDED
    assert [one.decision.phrasing for one in desk.decided()] == [PROPOSAL.phrasing]
