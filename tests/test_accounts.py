"""Accounts of the staff: what they may be called, how passwords are kept, and when they are right."""

import re
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from web.accounts import LONGEST, AccountError, Accounts, checked_name, checked_password
from web.database import Database
from web.staff import ROLES, Staff
from web.tables import STAFF
from web.unavailable import Unavailable

PASSWORD = "correct horse battery"  # noqa: S105 - of no account outside these tests
OTHER = "staple staple staple"
QUICK = "scrypt:1024:8:1"
"""A hash that takes no time, for tests that are about something else."""


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """None yet."""
    return Accounts(database, method=QUICK)


def test_there_is_no_account_until_one_is_added(accounts: Accounts) -> None:
    assert accounts.all() == []
    assert accounts.verify("admin", "admin") is None


def test_who_was_added_is_known_by_name_and_password_and_by_no_other(accounts: Accounts) -> None:
    added = accounts.add("Mina", PASSWORD, "desk")

    assert (added.name, added.role) == ("mina", "desk")
    assert accounts.verify("mina", PASSWORD) == added
    assert accounts.verify("mina", PASSWORD + " ") is None
    assert accounts.verify("mina", "") is None
    assert accounts.verify("rafi", PASSWORD) is None
    assert accounts.named("rafi") is None


@pytest.mark.parametrize("typed", ["mina", "MINA", "Mina", "ｍｉｎａ"])
def test_a_name_is_the_same_in_whatever_letters_it_is_typed(accounts: Accounts, typed: str) -> None:
    added = accounts.add("Mina", PASSWORD, "desk")

    assert accounts.named(typed) == added
    with pytest.raises(AccountError, match="mina: there is such an account already"):
        accounts.add(typed, PASSWORD, "desk")


def test_a_password_is_the_same_however_unicode_writes_it(accounts: Accounts) -> None:
    accounts.add("mina", "caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait", "desk")

    assert accounts.verify("mina", "cafe\N{COMBINING ACUTE ACCENT} au lait")


@pytest.mark.parametrize("name", ["m", "mina.akter", "Mina_2", "a-b", "x" * 64, "মিনা", "Żaneta"])
def test_names_that_are_taken(name: str) -> None:
    assert checked_name(name) == name.casefold()


@pytest.mark.parametrize(
    "name",
    ["", " ", "mina akter", "x" * 65, "-mina", ".mina", "mina@clinic", "mina\n", "mi\0na", "<b>", "a/b", "x" * 9999],
)
def test_names_that_are_not(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="cannot be a name; expected 1 to 64 letters"):
        accounts.add(name, PASSWORD, "desk")
    assert accounts.named(name) is None
    assert accounts.verify(name, PASSWORD) is None
    with pytest.raises(AccountError, match="there is no such account"):
        accounts.remove(name)


@pytest.mark.parametrize("password", ["x" * 12, "x" * LONGEST, "পাসওয়ার্ড একটা", "            "])
def test_passwords_that_are_taken(password: str) -> None:
    assert checked_password(password, "mina")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "the password has 0 characters; expected 12 to 1024"),
        ("x" * 11, "the password has 11 characters; expected 12 to 1024"),
        ("x" * (LONGEST + 1), "the password has 1025 characters; expected 12 to 1024"),
        ("e\N{COMBINING ACUTE ACCENT}" * 6, "expected 12 to 1024"),  # six letters, as a person sees them
        ("Mina.Akter.Desk", "the password is the name; expected another"),
        ("correct\thorse battery", "no keyboard types"),
        ("correct horse \ud800", "no keyboard types"),
    ],
)
def test_passwords_that_are_not_and_no_message_repeats_one(accounts: Accounts, password: str, said: str) -> None:
    with pytest.raises(AccountError, match=said) as refused:
        accounts.add("mina.akter.desk", password, "desk")
    assert not password or password not in str(refused.value)
    assert accounts.all() == []


def test_a_password_too_long_to_be_one_is_wrong_even_where_it_starts_right(accounts: Accounts) -> None:
    accounts.add("mina", "x" * LONGEST, "desk")

    assert accounts.verify("mina", "x" * LONGEST)
    assert accounts.verify("mina", "x" * 1_000_000) is None


def test_the_database_holds_a_salted_hash_and_no_password(database: Database, tmp_path: Path) -> None:
    accounts = Accounts(database)
    for name in ("mina", "rafi"):
        accounts.add(name, PASSWORD, "desk")

    with database.begin() as connection:
        hashes = connection.execute(select(STAFF.c.password_hash)).scalars().all()

    assert all(re.fullmatch(r"scrypt:32768:8:3\$\w{16}\$[0-9a-f]{128}", one) for one in hashes)
    assert len({*hashes}) == 2
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and PASSWORD.encode() in file.read_bytes()]


def test_an_unknown_name_takes_as_long_as_a_known_one(database: Database) -> None:
    accounts = Accounts(database, method="scrypt:8192:8:1")
    accounts.add("mina", PASSWORD, "desk")

    def least(name: str) -> float:
        took = []
        for _ in range(3):
            started = time.thread_time()
            accounts.verify(name, OTHER)
            took.append(time.thread_time() - started)
        return min(took)

    assert 0.5 < least("mina") / least("nobody") < 2
    assert 0.5 < least("mina") / least("no body") < 2  # what can be no name, too


def test_another_password_replaces_the_first_and_brings_another_epoch(accounts: Accounts) -> None:
    before = accounts.add("mina", PASSWORD, "editor")

    accounts.set_password("Mina", OTHER)

    assert accounts.verify("mina", PASSWORD) is None
    after = accounts.verify("mina", OTHER)
    assert after
    assert (after.name, after.role) == ("mina", "editor")
    assert after.epoch != before.epoch


def test_another_role_is_in_force_at_once_and_changes_nothing_else(accounts: Accounts) -> None:
    before = accounts.add("mina", PASSWORD, "desk")

    accounts.set_role("MINA", "editor")

    assert accounts.named("mina") == Staff("mina", "editor", before.epoch)


def test_who_was_removed_is_gone_and_who_is_added_anew_is_another(accounts: Accounts) -> None:
    before = accounts.add("mina", PASSWORD, "desk")
    accounts.add("rafi", PASSWORD, "desk")

    accounts.remove("Mina")

    assert accounts.verify("mina", PASSWORD) is None
    assert [one.name for one in accounts.all()] == ["rafi"]
    assert accounts.add("mina", PASSWORD, "desk").epoch != before.epoch


def test_what_is_not_there_can_neither_be_changed_nor_removed(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="mina: there is no such account"):
        accounts.set_password("mina", PASSWORD)
    with pytest.raises(AccountError, match="mina: there is no such account"):
        accounts.set_role("mina", "editor")
    with pytest.raises(AccountError, match="mina: there is no such account"):
        accounts.remove("mina")


def test_an_editor_may_what_the_desk_may_and_not_the_other_way() -> None:
    may = {one: [role for role in ROLES if Staff("x", one, "e").may(role)] for one in ROLES}

    assert may == {"desk": ["desk"], "editor": ["desk", "editor"]}


def test_a_role_that_there_is_not_is_refused(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="'admin' is no role; expected desk or editor"):
        accounts.add("mina", PASSWORD, "admin")  # type: ignore[arg-type]
    assert accounts.all() == []


def test_a_database_that_cannot_be_used_says_so_for_every_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    accounts = Accounts(Database(f"sqlite:///{tmp_path}/file/x.sqlite3"))

    with pytest.raises(Unavailable):
        accounts.verify("mina", PASSWORD)
