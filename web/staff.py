"""Who may sign in at the desk, as the pages there know them; `web.accounts` keeps them."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Role = Literal["desk", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Staff:
    """One who may sign in. ``epoch`` is another after each change of password: sessions from before it end."""

    name: str
    role: Role
    epoch: str

    def may(self, role: Role) -> bool:
        """Whether this one may do what ``role`` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class KnownStaff(Protocol):
    """What the desk asks of accounts. Each raises `web.unavailable.Unavailable` where it cannot be told now."""

    def verify(self, name: str, password: str) -> Staff | None:
        """Whose name and password these are; ``None``, after as long a time, if nobody's."""

    def named(self, name: str) -> Staff | None:
        """The account of that name."""


def folded_name(name: str) -> str:
    """``name`` as it is kept: in small letters, and in one of the ways in which Unicode can write it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[: 4 * LONGEST_NAME]).casefold())
