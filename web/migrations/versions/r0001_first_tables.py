"""The first tables: turns, decisions, staff."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables in an empty database."""
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("passage_id", sa.Text()),
        sa.Column("file", sa.Text()),
        sa.Column("phrasing", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_decisions"),
    )
    op.create_table(
        "turns",
        sa.Column("turn_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("passage_id", sa.Text()),
        sa.Column("rule", sa.Text()),
        sa.Column("helpful", sa.Boolean()),
        sa.Column("filed", sa.Boolean(), nullable=False),
        sa.Column("question", sa.Text()),
        sa.Column("comment", sa.Text()),
        sa.Column("shown", sa.Text()),
        sa.Column("decision_id", sa.Integer()),
        sa.PrimaryKeyConstraint("turn_id", name="pk_turns"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.decision_id"], name="fk_turns_decision_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_turns_day", "turns", ["day"])
    op.create_index("ix_turns_decision_id", "turns", ["decision_id"])
    op.create_table(
        "staff",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("added", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_staff"),
    )
