"""Migrations bring an empty database of either kind to what the models describe, and lose nothing that is there already."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quiz.app import create_app
from quiz.banks import standing
from quiz.banks.models import Item
from quiz.contests.models import Contest, Entry
from quiz.contests.rule_set import contest_rules
from quiz.db import db
from quiz.law.models import LawChange
from quiz.ranking import queries
from quiz.ranking.models import Ranking
from quiz.recognition.models import Certificate
from quiz.rules.tie_break import NO_PREDICTION
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


def old_database(kind, tmp_path, request, name):
    """The address of an empty database."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/old.sqlite3"
    server = request.getfixturevalue("postgresql_server")
    with create_app(settings_for(server)).app_context(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"CREATE DATABASE {name}"))
        return db.engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_banks_and_doubts_survive_the_widening(kind, tmp_path, request):
    app = create_app(settings_for(old_database(kind, tmp_path, request, "widening")))
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


RANKED = """
INSERT INTO account (id, username, full_name, name_folded, birth_date, password_hash, must_change_password, audience, place_name, consent_text,
  created_at, failed_signins) VALUES (1, 'an', 'Đỗ Thị Ân', 'do thi an', '1990-01-01', 'x', false, 'citizen', '', '', '2024-01-01 00:00:00', 0);
INSERT INTO contest (id, slug, title, summary, rules_number, law_date, rules, state, created_at, opened_at) VALUES
  (1, 'c', 'C', '', '', '2024-01-01', '{"chain": ["score", "prediction", "fewer_attempts", "submitted"], "prediction": {"target": "people"}}', 'open',
   '2024-01-01 00:00:00', '2024-01-01 00:00:00');
INSERT INTO division (id, contest_id, code, name, position, rules) VALUES (1, 1, 'bang-1', 'Bảng', 1, '{}');
INSERT INTO round (id, contest_id, code, name, position, opens_at, closes_at) VALUES
  (1, 1, 'ky-1', 'Kỳ 1', 1, '2024-01-01 00:00:00', '2024-02-01 00:00:00');
INSERT INTO pool (id, division_id, candidates, digest, frozen_at) VALUES (1, 1, '[]', 'd', '2024-01-01 00:00:00');
INSERT INTO entry (id, contest_id, division_id, account_id, full_name, birth_date, belongs_to, registered_at) VALUES
  (1, 1, 1, 1, 'Đỗ Thị Ân', '1990-01-01', 'Xã', '2024-01-01 00:00:00');
INSERT INTO attempt (id, code, entry_id, round_id, account_id, pool_id, number, state, seed, paper, responses, revision, started_at, deadline_at,
  accept_until, ended_at, elapsed_ms, score, max_score, correct, all_correct, device) VALUES
  (1, 'T1', 1, 1, 1, 1, 1, 'submitted', '1', '[]', '{}', 1, '2024-01-02 00:00:00', '2024-01-02 00:20:00', '2024-01-02 00:20:10',
   '2024-01-02 00:05:00.000007', 300000, 18, 20, 18, false, '');
INSERT INTO ranking (id, round_id, division_id, kind, number, is_ready, made_at, basis, chain, truth, people, attempts, participation, digest) VALUES
  (1, 1, 1, 'board', 7, true, '2024-01-03 00:00:00', '', '["score"]', NULL, 1, 1, '[]', ''),
  (2, 1, 1, 'sheet', 1, true, '2024-02-02 00:00:00', '0.0', '["score", "prediction", "fewer_attempts", "submitted"]', 1, 1, 1, '[]', 'abc');
INSERT INTO standing (ranking_id, position, place, tied, entry_id, attempt_id, score, max_score, elapsed_ms, submitted_at, registered_at,
  attempts_used, prediction, prediction_gap) VALUES
  (1, 1, 1, false, 1, 1, 18, 20, 300000, '2024-01-02 00:05:00.000007', '2024-01-01 00:00:00', 1, NULL, NULL),
  (2, 1, 1, false, 1, 1, 18, 20, 300000, '2024-01-02 00:05:00.000007', '2024-01-01 00:00:00', 1, NULL, NULL);
INSERT INTO decision (id, contest_id, ranking_id, number, signed_on, place_name, signer_name, signer_title, organization, made_at, made_by_id)
  VALUES (1, 1, 2, '45/QĐ-BTC', '2024-02-05', 'Tây Ninh', 'Lê Văn Hòa', 'Trưởng Ban', 'Sở Tư pháp', '2024-02-05 00:00:00', 1);
INSERT INTO award (id, decision_id, entry_id, position, place, tier, tier_name, amount) VALUES (1, 1, 1, 1, 1, 'nhat', 'Giải Nhất', 5);
INSERT INTO certificate (id, award_id, code, year, register_number, issued_at, revoke_decision, revoke_reason) VALUES
  (1, 1, 'AAAABBBBCCCC', 2024, 1, '2024-02-05 00:00:00', '', '')
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_contests_attempts_and_sheets_survive_the_new_rankings(kind, tmp_path, request):
    app = create_app(settings_for(old_database(kind, tmp_path, request, "ranked")))
    with app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            for statement in RANKED.split(";\n"):
                connection.exec_driver_sql(statement.replace("%", "%%"))
        upgrade()
        contest = db.session.scalars(db.select(Contest)).one()
        assert contest_rules(contest).chain == ("score", "prediction", "attempts", "submitted")
        entry = db.session.scalars(db.select(Entry)).one()
        assert (entry.name_folded, entry.name_reversed) == ("do thi an", "an thi do")
        sheet = db.session.scalars(db.select(Ranking)).one()  # boards are made anew by the clock
        assert (sheet.id, sheet.digest, sheet.form, sheet.chain) == (2, "abc", 1, list(contest_rules(contest).chain))
        (standing,) = queries.standings(sheet, 1, 10)
        assert (standing.place, standing.entry_id, standing.attempt.code) == (1, 1, "T1")
        assert standing.values(sheet.chain) == {
            "score": 18, "prediction": NO_PREDICTION, "attempts": 1,
            "submitted": datetime(2024, 1, 2, 0, 5, 0, 7, tzinfo=UTC),
        }  # fmt: skip
        assert queries.standing_of(sheet, 1) == standing
        certificate = db.session.scalars(db.select(Certificate)).one()
        assert (certificate.name, certificate.name_folded, str(certificate.issued_on)) == (
            "Đỗ Thị Ân",
            "do thi an",
            "2024-02-05",
        )
        assert (certificate.printed["of"], certificate.printed["decided_on"]) == ("Bảng · Kỳ 1", "2024-02-05")
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE certificate SET revoked_at = issued_at"))  # without its cause
        db.session.rollback()
        with pytest.raises(DBAPIError):
            db.session.execute(text("DELETE FROM attempt"))
        db.session.remove()
        db.engine.dispose()
