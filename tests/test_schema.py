"""Migrations bring an empty database of either kind to what the models describe, and lose nothing that is there already."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import text

from quiz.app import create_app
from quiz.banks import standing
from quiz.banks.models import Item
from quiz.db import db
from quiz.law.models import LawChange
from tests.conftest import settings_for


def is_ours(_object, name, *_rest):
    """The index of words (banks/search.py) is made by hand: it has another shape in each database."""
    return not (name or "").startswith("item_search")


def test_migrations_match_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, db.metadata) == []


BEFORE = """
INSERT INTO legal_document (id, number, title, kind, issuer, replaced_by, note, source, search_text, questioned_from)
VALUES (1, '06/2022/QH15', 'Luật', '', '', '', '', '', '', '2026-10-01');
INSERT INTO bank (id, code, title, note, topics, created_at) VALUES (1, 'b', 'B', '', '[]', '2024-01-01 00:00:00');
INSERT INTO item (id, bank_id, code, retired_at) VALUES (1, 1, 'C1', NULL), (2, 1, 'C2', NULL), (3, 1, 'C3', '2024-05-01 00:00:00');
INSERT INTO item_version (id, item_id, number, kind, stem, options, key, topic, level, explanation, document_id, article, clause, point,
  exemplar, source, created_at, declined_why, is_live, search_text, reviewed_at) VALUES
  (1, 1, 1, 'single', 'Cũ?', '["a", "b"]', '[1]', 'chung', 1, '', 1, '', '', '', '', '', '2024-01-01 00:00:00', '', true, 'cu? a b', '2024-01-02 00:00:00'),
  (2, 1, 2, 'single', 'Mới?', '["a", "b"]', '[2]', 'khac', 2, '', 1, '', '', '', '', '', '2024-02-01 00:00:00', '', false, 'moi? a b', NULL),
  (3, 2, 1, 'true_false', 'Bị trả?', '["Đúng", "Sai"]', '[1]', 'chung', 1, '', NULL, '', '', '', '', '', '2024-01-01 00:00:00', 'Sai', false, 'bi tra? dung sai', '2024-01-02 00:00:00'),
  (4, 3, 1, 'single', 'Bỏ?', '["a", "b"]', '[1]', 'chung', 3, '', NULL, '', '', '', '', '', '2024-01-01 00:00:00', '', true, 'bo? a b', '2024-01-02 00:00:00')
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_banks_and_doubts_survive_the_widening(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/old.sqlite3"
    if kind == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with create_app(settings_for(server)).app_context(), db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CREATE DATABASE widening"))
            url = db.engine.url.set(database="widening").render_as_string(hide_password=False)
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade(revision="0002")
        with db.engine.begin() as connection:
            for statement in BEFORE.split(";"):
                connection.execute(text(statement))
        upgrade()
        items = {item.code: item for item in db.session.scalars(db.select(Item))}
        assert {code: (item.state, item.pending, item.latest_number) for code, item in items.items()} == {
            "C1": ("live", True, 2), "C2": ("draft", False, 1), "C3": ("retired", False, 1),
        }  # fmt: skip
        for item in items.values():
            expected = standing.columns_of_item(item)
            assert {name: getattr(item, name) for name in expected} == expected
        assert [v.sent_at == v.created_at for v in items["C1"].versions] == [True, True]
        change = db.session.scalars(db.select(LawChange)).one()
        assert (change.document_id, str(change.from_on), change.is_read, change.scope) == (1, "2026-10-01", False, [])
        db.session.remove()
        db.engine.dispose()
