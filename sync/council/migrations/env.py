"""Run migrations on the connection that the store hands over; the store begins and commits."""

from alembic import context

from sync.council.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
