"""The tables of the database: what each column means. Knows nothing of how they are reached (`web.database`).

A change here needs a new revision in `web/migrations/versions`; a test holds the two together.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, MetaData, String, Table, Text

REVISION = "0001"
"""The newest in `web/migrations/versions`, which makes the tables below."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables. Keys have names that do not depend on the database, so that a later revision can name them."""

TURNS = Table(
    "turns",
    METADATA,
    Column("turn_id", String(32), primary_key=True),  # random, so that nobody can guess another's
    Column("day", Date, nullable=False, index=True),  # and no time of day
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("passage_id", Text),
    Column("rule", Text),  # id of the first safety message; beside one, no words are kept
    Column("helpful", Boolean),
    Column("filed", Boolean, nullable=False, default=False),
    Column("question", Text),
    Column("comment", Text),
    Column("shown", Text),  # ids of what was offered, parted by spaces; only beside a question
    Column("decision_id", Integer, ForeignKey("decisions.decision_id", ondelete="SET NULL"), index=True),
)
"""What was asked of Citewell, a row a question."""

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision_id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("action", Text, nullable=False),
    Column("passage_id", Text),
    Column("file", Text),
    Column("phrasing", Text),  # made from questions, so it is deleted like them
    Column("by", Text, nullable=False),
    Column("undone", Boolean, nullable=False, default=False),
)
"""What an editor decided about questions."""

STAFF = Table(
    "staff",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("epoch", Text, nullable=False),  # random; changes with the password, so that older sessions end
    Column("added", Date, nullable=False),
)
"""Who may sign in."""
