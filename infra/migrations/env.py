"""What Alembic runs for each upgrade: on the connection it was given, in its transaction."""

from alembic import context

from infra.migrations.versions import version_table

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    version_table=version_table(attributes["tree"]),
    transactional_ddl=True,
)
context.run_migrations()
