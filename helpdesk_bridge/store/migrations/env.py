"""Runs migrations inside the transaction it is handed, so that a failed upgrade leaves the schema as it was."""

from alembic import context

from helpdesk_bridge.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
