"""Makes the tables, or brings them up to date: the only one that knows Alembic beside the revisions themselves."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection


class MadeByNewer(Exception):  # noqa: N818 - says what is the matter
    """The tables have a revision that is not known here."""


def upgrade(connection: Connection) -> None:
    """Carry out what revisions are missing, in the transaction of ``connection``. Raises `MadeByNewer`."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "web:migrations")
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise MadeByNewer from None
