"""Exemplars and movements on a contest's page, and contests on a movement's."""

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.contests import featured
from quiz.contests.models import Contest
from quiz.db import db
from quiz.exemplars.models import Movement
from quiz.journal import JournalRecord


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER)


@pytest.fixture
def movement(given, clock):
    return given.save(
        Movement(slug="nong-thon-moi", title="Chung sức xây dựng nông thôn mới", scope="province", created_at=clock.now,
                 updated_at=clock.now)
    )  # fmt: skip


def test_the_page_shows_what_is_chosen_in_its_order(app, given, visit, organizer, movement):
    contest_id = given.contest()
    first, second = given.exemplar("Đội Ất"), given.exemplar("Tổ Giáp")
    page = f"/to-chuc/cuoc-thi/{contest_id}/guong"
    chosen = {"exemplars": [str(second), str(first)], "movements": [str(movement)]}
    assert visit(organizer).post(page, chosen).status_code == 302
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        assert [e.id for e in featured.featured(contest)] == [second, first]
        assert [c.id for c in featured.contests_of(db.session.get_one(Movement, movement))] == [contest_id]
        slug = contest.slug
        (record,) = db.session.scalars(select(JournalRecord).where(JournalRecord.action == "contest.featured"))
        assert record.after == {"exemplars": [second, first], "movements": [movement]}
    shown = visit().get(f"/cuoc-thi/{slug}").text
    assert shown.index("Tổ Giáp") < shown.index("Đội Ất")
    assert "tu=contest" in shown
    assert "Chung sức xây dựng nông thôn mới" in shown
    # the same again changes nothing and is not journalled
    assert visit(organizer).post(page, chosen).status_code == 302
    with app.app_context():
        assert len(db.session.scalars(select(JournalRecord)).all()) == 1


def test_what_is_not_published_is_not_shown(app, given, visit, organizer):
    contest_id = given.contest()
    archived = given.exemplar("Đội Cũ", state="archived")
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        slug = contest.slug
    assert (
        visit(organizer).post(f"/to-chuc/cuoc-thi/{contest_id}/guong", {"exemplars": [str(archived)]}).status_code
        == 422
    )
    assert "Đội Cũ" not in visit().get(f"/cuoc-thi/{slug}").text


def test_a_page_features_a_few(given, visit, organizer):
    contest_id = given.contest()
    many = [str(given.exemplar(f"Tổ {n}")) for n in range(featured.MOST + 1)]
    answer = visit(organizer).post(f"/to-chuc/cuoc-thi/{contest_id}/guong", {"exemplars": many})
    assert answer.status_code == 422
    assert "nhiều nhất 12 gương" in answer.text


def test_a_draft_is_not_among_the_contests_of_a_movement(app, given, visit, organizer, movement):
    contest_id = given.contest(state="draft")
    visit(organizer).post(f"/to-chuc/cuoc-thi/{contest_id}/guong", {"movements": [str(movement)]})
    with app.app_context():
        assert featured.contests_of(db.session.get_one(Movement, movement)) == []


def test_only_organizers_choose(given, visit):
    contest_id = given.contest()
    assert visit(given.account(Role.JUDGE)).get(f"/to-chuc/cuoc-thi/{contest_id}/guong").status_code == 403
