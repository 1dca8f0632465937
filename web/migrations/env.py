"""Run by Alembic: carry the revisions out in the transaction that `web.database` has begun."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
