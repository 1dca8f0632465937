"""The clinic's staff: who may sign in at the desk, and what each may do there.

A password is kept as a scrypt hash alone. There is no account until someone at the server's command line adds one.
"""

import secrets
import threading
import unicodedata
from typing import Any

import regex
from sqlalchemy import Delete, Row, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from bot.errors import CitewellError
from web.clock import today
from web.database import Database
from web.staff import LONGEST_NAME, ROLES, Role, Staff, folded_name
from web.tables import STAFF

SHORTEST = 12
LONGEST = 1024
"""Code points of a password after NFC; scrypt's work does not grow with them, the hash before it does."""

_NAME = regex.compile(rf"[\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}._-]{{0,{LONGEST_NAME - 1}}}")

_UNTYPABLE = regex.compile(r"[\p{Cc}\p{Cs}]")

METHOD = "scrypt:32768:8:3"
"""32 MB and three rounds, one of the least that OWASP's password storage cheat sheet advises.

Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

_HASHING = threading.BoundedSemaphore(2)
"""Hashes at once, in the whole process: each takes a core and 32 MB. Chosen, not measured."""


class AccountError(CitewellError):
    """A name, password or role that an account cannot have, or an account that is not there."""


class Accounts:
    """The accounts in a database. Every method raises `web.database.Unavailable` where it cannot be used now."""

    def __init__(self, database: Database, *, method: str = METHOD) -> None:
        """``method`` is how new passwords are hashed, as `werkzeug.security` names it."""
        self._database = database
        self._method = method
        self._nobody = f"{method}$nobody${'0' * 128}"
        """A hash that no password has: an unknown name takes as long as a known one."""

    def add(self, name: str, password: str, role: Role) -> Staff:
        """A new account; raises `AccountError` for what it cannot have and for a name that is taken."""
        name = checked_name(name)
        password_hash = self._hashed(checked_password(password, name))
        added = Staff(name, checked_role(role), _epoch())
        row = {"name": name, "password_hash": password_hash, "role": role, "epoch": added.epoch, "added": today()}
        try:
            with self._database.begin() as connection:
                connection.execute(insert(STAFF).values(row))
        except IntegrityError:
            message = f"{name}: there is such an account already"
            raise AccountError(message) from None
        return added

    def verify(self, name: str, password: str) -> Staff | None:
        """Whose name and password these are; ``None``, after as long a time, if nobody's."""
        key, password = folded_name(name), unicodedata.normalize("NFC", password[: LONGEST + 1])
        if len(password) > LONGEST:
            return None
        row = self._row(key)
        with _HASHING:
            right = check_password_hash(row.password_hash if row else self._nobody, password)
        return _staff(row) if row and right else None

    def named(self, name: str) -> Staff | None:
        """The account of that name."""
        row = self._row(folded_name(name))
        return _staff(row) if row else None

    def set_password(self, name: str, password: str) -> None:
        """Another password; whoever is signed in with the one before is signed out."""
        key = folded_name(name)
        password_hash = self._hashed(checked_password(password, key))
        self._change(key, update(STAFF).values(password_hash=password_hash, epoch=_epoch()))

    def set_role(self, name: str, role: Role) -> None:
        """Another role, in force at once."""
        self._change(folded_name(name), update(STAFF).values(role=checked_role(role)))

    def remove(self, name: str) -> None:
        """No such account any more; whoever is signed in with it is signed out."""
        self._change(folded_name(name), delete(STAFF))

    def all(self) -> list[Staff]:
        """All accounts by name."""
        with self._database.begin(reading=True) as connection:
            return [_staff(row) for row in connection.execute(select(STAFF).order_by(STAFF.c.name))]

    def _hashed(self, password: str) -> str:
        with _HASHING:
            return generate_password_hash(password, self._method)

    def _row(self, name: str) -> Row[Any] | None:
        if not _NAME.fullmatch(name):  # not every database takes every character in a question
            return None
        with self._database.begin(reading=True) as connection:
            return connection.execute(select(STAFF).where(STAFF.c.name == name)).first()

    def _change(self, name: str, change: Update | Delete) -> None:
        """Do ``change`` to one account; raises `AccountError` where there is none of that name."""
        if _NAME.fullmatch(name):
            with self._database.begin() as connection:
                if connection.execute(change.where(STAFF.c.name == name)).rowcount:
                    return
        message = f"{name}: there is no such account"
        raise AccountError(message)


def checked_name(name: str) -> str:
    """``name`` as it is kept; `AccountError` where no account may have it."""
    folded = folded_name(name)
    if not _NAME.fullmatch(folded):
        expected = f"1 to {LONGEST_NAME} letters, digits, dots, dashes and underscores, a letter or digit first"
        message = f"{name!r} cannot be a name; expected {expected}"
        raise AccountError(message)
    return folded


def checked_password(password: str, name: str) -> str:
    """``password`` in NFC; `AccountError` where the account ``name`` may not have it. It stands in no message."""
    normal = unicodedata.normalize("NFC", password[: 4 * LONGEST])
    if not SHORTEST <= len(normal) <= LONGEST:
        message = f"the password has {len(password)} characters; expected {SHORTEST} to {LONGEST}"
        raise AccountError(message)
    if _UNTYPABLE.search(normal):
        message = "the password has a character that no keyboard types, such as a tab; expected none"
        raise AccountError(message)
    if folded_name(normal) == folded_name(name):
        message = "the password is the name; expected another"
        raise AccountError(message)
    return normal


def checked_role(role: str) -> Role:
    """``role``; `AccountError` where there is none of that name."""
    for known in ROLES:
        if role == known:
            return known
    message = f"{role!r} is no role; expected {' or '.join(ROLES)}"
    raise AccountError(message)


def _epoch() -> str:
    return secrets.token_hex(16)


def _staff(row: Row[Any]) -> Staff:
    return Staff(row.name, row.role, row.epoch)
