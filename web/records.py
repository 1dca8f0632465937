"""What the database holds, for the roof: each made when it is first used.

SQLAlchemy takes as long to load as Flask and 14 MB, and nobody waits for it before the first answer.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from web.late import late

if TYPE_CHECKING:
    from web.accounts import Accounts
    from web.database import Database


def database(address: str, data: Path) -> "Database":
    """That of the setting ``database_url``, or where that is empty, the file in ``data``."""
    return late(lambda: _database(address, data))


def accounts(kept_in: "Database") -> "Accounts":
    """The accounts in this database."""
    return late(lambda: _accounts(kept_in))


def _database(address: str, data: Path) -> "Database":
    from web.database import Database, database_url  # noqa: PLC0415 - the docstring of this file says why

    return Database(database_url(address, data))


def _accounts(kept_in: "Database") -> "Accounts":
    from web.accounts import Accounts  # noqa: PLC0415 - the docstring of this file says why

    return Accounts(kept_in)
