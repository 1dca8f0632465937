"""``citewell journal``: what an administrator deletes and hands out."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, insert, select

import server
from tests.postgres import PASSWORD, PostgreSQL
from web.clock import today
from web.database import FILE, Database, database_url
from web.journal_commands import COLUMNS
from web.spreadsheet import csv_line
from web.tables import TURNS

Citewell = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with three turns: of today, of 10 days and of 40 days ago."""
    _fill(database_url("", tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def citewell(folder: Path) -> Citewell:
    """The command line, on that folder."""

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(server.cli, ["journal", *arguments, "--data", str(folder)], input=typed)

    return run


def _fill(address: str) -> None:
    database = Database(address)
    with database.begin() as connection:
        for days_ago in (0, 10, 40):
            row = {"turn_id": f"{days_ago:032d}", "day": today() - timedelta(days=days_ago), "channel": "widget"}
            words = {"kind": "none", "filed": False, "question": f"canary {days_ago}", "shown": "faq#a faq#b"}
            connection.execute(insert(TURNS).values({**row, **words}))
    database.close()


def _turns(folder: Path, with_words: bool = False) -> int:
    database = Database(database_url("", folder))
    counted = select(func.count()).select_from(TURNS)
    with database.begin(reading=True) as connection:
        found = connection.execute(counted.where(TURNS.c.question.is_not(None)) if with_words else counted)
        count = int(found.scalar_one())
    database.close()
    return count


def test_purge_deletes_the_words_that_are_too_old(citewell: Citewell, folder: Path) -> None:
    done = citewell("purge", "--journal", "questions", "--journal-days", "10")

    assert (done.exit_code, done.output) == (
        0,
        f"Words of 2 turns deleted in {folder / FILE}; up to 10 days are kept.\n",
    )
    assert (_turns(folder), _turns(folder, with_words=True)) == (3, 1)


def test_purge_deletes_all_words_where_questions_are_not_kept(citewell: Citewell, folder: Path) -> None:
    done = citewell("purge", "--yes")

    assert (done.exit_code, done.output) == (0, f"Words of 3 turns deleted in {folder / FILE}; no words are kept.\n")
    assert _turns(folder) == 3
    assert b"canary" not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_all_words_are_not_purged_unasked(citewell: Citewell, folder: Path) -> None:
    done = citewell("purge")

    assert done.exit_code == 1
    assert "With CITEWELL_JOURNAL=counts no words are kept: delete all in" in done.stderr
    assert _turns(folder, with_words=True) == 3


def test_export_prints_a_table_for_a_spreadsheet(citewell: Citewell) -> None:
    done = citewell("export")

    oldest, *_ = rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.exit_code == 0
    assert list(oldest) == list(COLUMNS)
    assert [row["question"] for row in rows] == ["canary 40", "canary 10", "canary 0"]
    assert (oldest["day"], oldest["helpful"], oldest["filed"]) == (str(today() - timedelta(days=40)), "", "False")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0-", "\u200b@"]
)
def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_defused(
    citewell: Citewell, folder: Path, start: str
) -> None:
    database = Database(database_url("", folder))
    with database.begin() as connection:
        row = {"turn_id": "f" * 32, "day": today(), "channel": "widget", "kind": "none", "filed": False}
        connection.execute(insert(TURNS).values(**row, question=f'{start}HYPERLINK("x"),\n"y"'))
    database.close()

    rows = list(csv.DictReader(io.StringIO(citewell("export").stdout, newline="")))

    assert {row["turn_id"]: row["question"] for row in rows}["f" * 32] == f'\'{start}HYPERLINK("x"),\n"y"'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("knee;=1+1", "knee;'=1+1"),
        ("knee; ＝1;-2", "knee; '＝1;'-2"),
        ('knee;"@A1"', 'knee;"\'@A1"'),
        ("knee\n+1\t-1", "knee\n'+1\t'-1"),
        (" ;=1", " ;'=1"),
        ("\t=1", "'\t'=1"),
        ("knee = back; not - so, -1", "knee = back; not - so, -1"),
    ],
)
def test_no_cell_begins_as_a_formula_where_another_separator_is_set(value: str, shown: str) -> None:
    assert next(csv.reader(io.StringIO(csv_line([value]), newline=""))) == [shown]


def test_export_prints_json_lines_as_they_are(citewell: Citewell) -> None:
    rows = [json.loads(line) for line in citewell("export", "--format", "jsonl").stdout.splitlines()]

    assert [row["question"] for row in rows] == ["canary 40", "canary 10", "canary 0"]
    assert rows[0] == {
        **dict.fromkeys(COLUMNS),
        "turn_id": f"{40:032d}",
        "day": str(today() - timedelta(days=40)),
        "channel": "widget",
        "kind": "none",
        "filed": False,
        "question": "canary 40",
        "shown": "faq#a faq#b",
    }


@pytest.mark.parametrize(
    ("arguments", "said", "left"),
    [
        (["--turn", f"{10:032d}"], "1 turn deleted", 2),
        (["--turn", "x"], "0 turns deleted", 3),
        (["--before", str(date(2000, 1, 1))], "0 turns deleted", 3),
        ([], "3 turns deleted", 0),
    ],
)
def test_erase_deletes_whole_turns(
    citewell: Citewell, folder: Path, arguments: list[str], said: str, left: int
) -> None:
    done = citewell("erase", *arguments, "--yes")

    assert (done.exit_code, done.output) == (0, f"{said} in {folder / FILE}.\n")
    assert _turns(folder) == left


def test_erase_before_a_day_leaves_that_day(citewell: Citewell, folder: Path) -> None:
    citewell("erase", "--before", str(today() - timedelta(days=10)), "--yes")

    assert _turns(folder) == 2


def test_what_is_erased_is_in_no_byte_of_the_folder(citewell: Citewell, folder: Path) -> None:
    citewell("erase", "--yes")

    assert b"canary" not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_erase_asks_first_and_a_no_changes_nothing(citewell: Citewell, folder: Path) -> None:
    refused, accepted = citewell("erase", typed="n\n"), citewell("erase", typed="y\n")

    assert f"Delete 3 turns in {folder / FILE} for good?" in refused.output
    assert refused.exit_code == 1
    assert accepted.output.endswith(f"3 turns deleted in {folder / FILE}.\n")
    assert _turns(folder) == 0


def test_erase_takes_one_turn_or_the_days_before_one(citewell: Citewell, folder: Path) -> None:
    both, no_day = citewell("erase", "--turn", "x", "--before", "2026-11-30"), citewell("erase", "--before", "soon")

    assert (both.exit_code, both.output) == (2, "citewell: --turn and --before cannot stand together\n")
    assert no_day.exit_code == 2
    assert _turns(folder) == 3


@pytest.mark.parametrize("command", [["purge", "--yes"], ["export"], ["erase", "--yes"]], ids=" ".join)
def test_where_nothing_is_kept_it_is_said_and_nothing_made(tmp_path: Path, command: list[str]) -> None:
    done = CliRunner().invoke(server.cli, ["journal", *command, "--data", str(tmp_path / "none")])

    expected = f"citewell: {tmp_path / 'none' / 'citewell.sqlite3'}: no such file; nothing is kept there\n"
    assert (done.exit_code, done.output) == (2, expected)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_used_is_one_line_without_its_password() -> None:
    address = "postgresql://citewell:secret@127.0.0.1:1/name"

    done = CliRunner().invoke(server.cli, ["journal", "export"], env={"CITEWELL_DATABASE_URL": address})

    assert done.exit_code == 2
    assert done.output.startswith("citewell: the database cannot be used now: ")
    assert done.output.count("\n") == 1
    assert "secret" not in done.output


@pytest.mark.postgres
def test_the_commands_do_the_same_on_postgresql(postgres: PostgreSQL) -> None:
    address = postgres.new_database()
    _fill(database_url(address, Path("data")))

    outputs = [
        CliRunner().invoke(server.cli, ["journal", *command], env={"CITEWELL_DATABASE_URL": address}).output
        for command in (["export"], ["purge", "--yes"], ["erase", "--yes"])
    ]

    assert outputs[0].count("canary") == 3
    where = address.replace(f":{PASSWORD}@", "@")
    assert outputs[0].endswith(f"That is all of {where}.\n")
    assert outputs[1:] == [
        f"Words of 3 turns deleted in {where}; no words are kept.\n",
        f"3 turns deleted in {where}.\n",
    ]
    assert PASSWORD not in "".join(outputs)


@pytest.mark.parametrize("command", [[], ["purge"], ["export"], ["erase"]])
def test_each_command_says_what_it_is_for(command: list[str]) -> None:
    done = CliRunner().invoke(server.cli, ["journal", *command, "--help"])

    assert done.exit_code == 0
    assert "Usage:" in done.output
