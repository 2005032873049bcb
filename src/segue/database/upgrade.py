"""Runs Alembic's upgrade inside a transaction that somebody else has opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, scripts: Path, version_table: str) -> None:
    """Apply every script after the present version."""
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes.update(connection=connection, version_table=version_table)
    command.upgrade(config, "head")
