"""The journal as people read it."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from quiz import journal
from quiz.access import Role
from quiz.db import db, transaction
from quiz.reports import journal_queries
from quiz.reports.journal_views import ACTION_TEXTS

PAGE = "/nhat-ky"


@pytest.fixture
def written(app, clock):
    """So many records, the last one about contest 7."""

    def write(number):
        with app.app_context(), transaction():
            for n in range(1, number):
                journal.record(None, "unit.created", f"orgunit:{n}", now=clock.now, after={"name": f"Đơn vị {n}"})
            journal.record(None, "contest.opened", "contest:7", now=clock.now, why="Theo kế hoạch")

    return write


def test_the_newest_come_first_in_words(given, visit, written):
    written(3)
    page = visit(given.account(Role.JUDGE)).get(PAGE).text
    assert page.index("Mở cuộc thi", page.index("<ol")) < page.index("Thêm đơn vị", page.index("<ol"))
    for words in ("Cuộc thi 7", "Theo kế hoạch", "người vận hành", "Chuỗi nhật ký còn nguyên", "Đã kiểm tra cả 3 dòng"):
        assert words in page


def test_pages_go_on_by_number(given, visit, written):
    written(60)
    reader = visit(given.account(Role.ORGANIZER))
    first = reader.get(PAGE).text
    assert "Dòng 60" in first
    assert "Dòng 10<" not in first
    assert "truoc=11" in first
    assert "Dòng 10<" in reader.get(PAGE + "?truoc=11").text


def test_filters_by_action_and_subject(given, visit, written):
    written(5)
    reader = visit(given.account(Role.ADMIN))
    opened = reader.get(PAGE + "?viec=contest.opened").text
    assert "Cuộc thi 7" in opened
    assert "Đơn vị 1" not in opened
    assert "Dòng 2<" in reader.get(PAGE + "?doi-tuong=orgunit:2").text
    assert "Không có dòng nào" in reader.get(PAGE + "?doi-tuong=orgunit:99").text


def test_a_changed_record_is_found(app, written):
    written(5)
    with app.app_context(), transaction():
        drop = "DROP TRIGGER journal_no_update" + (" ON journal" if db.engine.dialect.name == "postgresql" else "")
        db.session.execute(text("SAVEPOINT before_break"))
        db.session.execute(text(drop))
        db.session.execute(text("UPDATE journal SET reason = 'khác' WHERE seq = 3"))
        assert journal_queries.check_chain_end(1000) == journal_queries.ChainCheck(5, 3)
        assert journal_queries.check_chain_end(2).broken_at is None
        db.session.execute(text("ROLLBACK TO SAVEPOINT before_break"))


def test_a_cut_off_end_is_found(app, written):
    written(5)
    with app.app_context():
        db.session.execute(text("UPDATE journal_head SET seq = 6"))
        assert journal_queries.check_chain_end(1000).broken_at == 6
        db.session.rollback()


def test_an_empty_journal_is_whole(app, given, visit):
    page = visit(given.account(Role.ADMIN)).get(PAGE).text
    assert "Chuỗi nhật ký còn nguyên" in page


def test_every_action_that_is_recorded_has_a_name():
    found = set()
    for path in Path("quiz").rglob("*.py"):
        source = path.read_text()
        if "journal.record(" in source:
            found |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', source))
    assert {"sheet.made", "round.closed", "prizes.awarded"} <= found
    assert found <= set(ACTION_TEXTS)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.ORGANIZER, 200), (Role.JUDGE, 200), (Role.UNIT_CONTACT, 403), (None, 403)],
)
def test_who_may_read(given, visit, role, status):
    assert visit(given.account(*([role] if role else []))).get(PAGE).status_code == status
    assert visit().get(PAGE).status_code in (302, 401)
