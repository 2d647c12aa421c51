"""Migrations bring an empty database of either kind to what the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from quiz.db import db


def test_migrations_match_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
