"""``citewell staff …``: what it says, how it asks for passwords, and its exit codes."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server import cli
from tests.postgres import PASSWORD as POSTGRES_PASSWORD
from tests.postgres import PostgreSQL
from tests.test_accounts import OTHER, PASSWORD, QUICK
from web.accounts import Accounts
from web.database import FILE, Database, database_url


class Commands:
    """The command line on one data folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = {"CITEWELL_DATA": str(folder)}
        self.file = folder / FILE
        self.accounts = Accounts(Database(database_url("", folder)), method=QUICK)

    def run(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["staff", *arguments], input=typed, env=self._environment)


@pytest.fixture
def staff(tmp_path: Path) -> Commands:
    """No account yet."""
    return Commands(tmp_path / "data")


def twice(password: str) -> str:
    return f"{password}\n{password}\n"


def refused(result: Result) -> str:
    """What a refused command says in one line on standard error, with exit code 2."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def test_an_account_is_added_after_its_password_was_typed_twice_and_not_shown(staff: Commands) -> None:
    result = staff.run("add", "Mina", typed=twice(PASSWORD))

    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(f"Added mina (desk) in {staff.file}.\n")
    assert PASSWORD not in result.output
    added = staff.accounts.verify("mina", PASSWORD)
    assert added
    assert added.role == "desk"


def test_the_folder_may_be_named_as_an_option_as_for_the_server(staff: Commands, tmp_path: Path) -> None:
    other = tmp_path / "other"

    result = staff.run("add", "mina", "--password-stdin", "--data", str(other), typed=PASSWORD)

    assert result.exit_code == 0, result.output
    assert staff.accounts.named("mina") is None
    assert Accounts(Database(database_url("", other))).named("mina")


def test_an_editor_is_added_with_a_password_from_a_pipe(staff: Commands) -> None:
    for name, typed in (("mina", PASSWORD), ("rafi", f"{PASSWORD}\n"), ("tariq", f"{PASSWORD}\r\nmore\n")):
        result = staff.run("add", name, "--role", "editor", "--password-stdin", typed=typed)
        assert (result.exit_code, result.output) == (0, f"Added {name} (editor) in {staff.file}.\n")
        assert staff.accounts.verify(name, PASSWORD)


def test_a_password_that_cannot_be_taken_is_asked_for_again(staff: Commands) -> None:
    result = staff.run("add", "mina", typed=f"short\n{twice(PASSWORD)}")

    assert result.exit_code == 0, result.output
    assert "the password has 5 characters; expected 12 to 1024" in result.output
    assert "short\n" not in result.output
    assert staff.accounts.verify("mina", PASSWORD)


def test_two_passwords_that_differ_are_asked_for_again(staff: Commands) -> None:
    result = staff.run("add", "mina", typed=f"{PASSWORD}\n{OTHER}\n{twice(PASSWORD)}")

    assert result.exit_code == 0, result.output
    assert "do not match" in result.output
    assert staff.accounts.verify("mina", PASSWORD)


def test_nothing_is_added_where_nobody_types(staff: Commands) -> None:
    result = staff.run("add", "mina")

    assert result.exit_code == 1
    assert staff.accounts.all() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "the password has 0 characters; expected 12 to 1024"),
        ("short\n", "the password has 5 characters; expected 12 to 1024"),
        ("x" * 1025, "the password has 1025 characters; expected 12 to 1024"),
        ("mina.akter.desk\n", "the password is the name; expected another"),
    ],
)
def test_a_password_from_a_pipe_that_cannot_be_taken_is_refused(staff: Commands, typed: str, said: str) -> None:
    assert refused(staff.run("add", "mina.akter.desk", "--password-stdin", typed=typed)) == f"citewell: {said}"
    assert staff.accounts.all() == []


def test_a_name_that_is_taken_or_cannot_be_one_is_refused_before_a_password_is_asked_for(staff: Commands) -> None:
    staff.accounts.add("mina", PASSWORD, "desk")

    assert refused(staff.run("add", "MINA")) == f"citewell: mina: there is such an account already in {staff.file}"
    assert refused(staff.run("add", "mina akter")).startswith(
        "citewell: 'mina akter' cannot be a name; expected 1 to 64"
    )


def test_the_list_names_accounts_and_roles_and_no_hash(staff: Commands) -> None:
    empty = staff.run("list")
    staff.accounts.add("rafi", PASSWORD, "editor")
    staff.accounts.add("mina.akter", PASSWORD, "desk")

    result = staff.run("list")

    assert (empty.exit_code, empty.stdout) == (0, "")
    assert empty.stderr == f"There is no account yet in {staff.file}. Add one: citewell staff add NAME\n"
    assert (result.exit_code, result.stdout) == (0, "mina.akter  desk\nrafi        editor\n")
    assert result.stderr == f"These are in {staff.file}.\n"


def test_no_database_is_made_only_to_look_into_it(staff: Commands) -> None:
    staff.run("list")
    staff.run("remove", "mina")
    staff.run("add", "mina", "--password-stdin", typed="short")

    assert not staff.file.parent.exists()


def test_a_password_and_a_role_are_changed_and_an_account_removed(staff: Commands) -> None:
    staff.accounts.add("mina", PASSWORD, "desk")

    password = staff.run("password", "Mina", typed=twice(OTHER))
    piped = staff.run("password", "Mina", "--password-stdin", typed=PASSWORD)
    assert password.exit_code == piped.exit_code == 0
    assert piped.output == f"mina has a new password in {staff.file}. Sessions from before it have ended.\n"
    assert staff.accounts.verify("mina", PASSWORD)

    role = staff.run("role", "MINA", "editor")
    assert (role.exit_code, role.output) == (0, f"mina is editor now in {staff.file}.\n")
    found = staff.accounts.named("mina")
    assert found
    assert found.role == "editor"

    removed = staff.run("remove", "Mina")
    assert (removed.exit_code, removed.output) == (0, f"Removed mina from {staff.file}.\n")
    assert staff.accounts.all() == []


@pytest.mark.parametrize("command", [("password", "nobody"), ("role", "nobody", "desk"), ("remove", "Nobody")])
def test_what_is_not_there_is_named(staff: Commands, command: tuple[str, ...]) -> None:
    assert refused(staff.run(*command, typed=twice(PASSWORD))) == (
        f"citewell: nobody: there is no such account in {staff.file}"
    )


@pytest.mark.parametrize("command", [("add", "mina", "--role", "admin"), ("role", "mina", "admin")])
def test_a_role_that_there_is_not_is_refused_with_those_that_there_are(
    staff: Commands, command: tuple[str, ...]
) -> None:
    result = staff.run(*command)

    assert result.exit_code == 2
    assert "'admin' is not one of 'desk', 'editor'" in result.stderr


def test_no_command_takes_a_password_as_an_argument(staff: Commands) -> None:
    for command in (("add", "mina", "--password", PASSWORD), ("add", "mina", PASSWORD), ("password", "mina", PASSWORD)):
        assert staff.run(*command).exit_code == 2
    assert staff.accounts.all() == []


def test_a_data_folder_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    folder = tmp_path / "file" / "data"

    said = refused(Commands(folder).run("list"))

    why = f"cannot write in the data folder {folder}: Not a directory. CITEWELL_DATA names another"
    assert said == f"citewell: the database cannot be used now: {why}"


def test_a_data_folder_of_another_user_is_said_in_one_line(staff: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "stat", refuse)  # root, as whom these tests may run, is refused nothing

    assert "Permission denied. CITEWELL_DATA names another" in refused(staff.run("list"))


@pytest.mark.postgres
def test_of_postgresql_the_commands_say_the_address_without_its_password(postgres: PostgreSQL) -> None:
    address = postgres.new_database()

    outputs = [
        CliRunner().invoke(cli, ["staff", *command], input=PASSWORD, env={"CITEWELL_DATABASE_URL": address}).output
        for command in (["add", "mina", "--password-stdin"], ["list"], ["remove", "mina"])
    ]

    where = address.replace(f":{POSTGRES_PASSWORD}@", "@")
    assert where != address
    assert all(f"{where}." in output for output in outputs)
