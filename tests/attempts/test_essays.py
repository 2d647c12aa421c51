"""Essays in a paper: written, counted, kept, handed in, and shown with the points that judges gave."""

import gzip

import pytest

from quiz.attempts.models import Attempt
from quiz.attempts.papers import of_paper, score
from quiz.attempts.responses import EMPTY, canonical
from quiz.db import db, transaction
from quiz.rules.marking import Score, Worth
from tests.essays import OWN, STEM, contest_with_essays, paper_with_essays

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORTH = Worth(2, essay=20)
LONG = "một hai ba bốn năm sáu bảy tám chín"
ANSWERS = {"a": {"1": [2], "2": [1]}, "e": {"3": OWN, "4": LONG}}


@pytest.fixture
def sat(given, visit):
    """Somebody with an open paper: (visitor, address, round id)."""
    contest = contest_with_essays(given, rules={"review_release": "after_submit"})
    account = given.account(name="Ngô Văn Bảy")
    round_id = given.round_ids(contest)[0]
    paper = paper_with_essays(given)
    given.open_attempt(given.entry(contest, account), round_id, code="TUTUTUTUTUTU", paper=paper, essays=2)
    return visit(account), "/thi/TUTUTUTUTUTU", round_id


def the_attempt(app):
    with app.app_context():
        return db.session.scalars(db.select(Attempt)).one()


@one_database
def test_essays_have_a_maximum_and_no_points_of_the_machine(given, app):
    paper = paper_with_essays(given)
    with app.app_context():
        assert score(paper, canonical(ANSWERS), WORTH) == Score(points=2, maximum=44, correct=1, items=2)
        alone = score(paper[2:], canonical({"e": {"1": OWN}}), WORTH)
        assert (alone.points, alone.maximum, alone.correct, alone.all_correct) == (0, 40, 0, False)
        perfect = score(paper, EMPTY | {"a": {"1": [2], "2": [2]}}, WORTH)
        assert perfect.all_correct
        shown = of_paper(paper, canonical(ANSWERS), WORTH)
        assert [q.is_essay for q in shown] == [False, False, True, True]
        assert [(q.given, q.words, q.is_too_long, q.worth) for q in shown[2:]] == [
            (OWN, 10, True, 20),
            (LONG, 9, True, 20),
        ]
        assert not of_paper(paper, EMPTY, WORTH)[2].is_answered


@one_database
def test_an_essay_is_saved_and_stands_in_its_field_again(app, sat):
    person, address, _round_id = sat
    page = person.get(address).text
    assert page.count("<textarea") == 2
    assert 'data-words="8"' in page
    assert "tối đa 20 điểm" in page
    assert "Nêu việc làm" not in page  # what guides the judges
    saved = person.post_json("/api" + address, {"revision": 1, "responses": EMPTY | ANSWERS}, page=address)
    assert saved.status_code == 204
    assert the_attempt(app).responses["e"] == {"3": OWN, "4": LONG}
    page = person.get(address).text
    assert f">{OWN}</textarea>" in page
    assert "9 trên 8 từ" in page


@one_database
def test_a_page_with_a_long_essay_stays_small(app, sat):
    person, address, _round_id = sat
    text = "Thi đua là hoạt động có tổ chức của cá nhân, tập thể. " * 150
    person.post_json("/api" + address, {"revision": 1, "responses": EMPTY | {"e": {"3": text}}}, page=address)
    assert the_attempt(app).revision == 1
    assert len(gzip.compress(person.get(address).data)) < 12 * 1024


def test_handing_in_by_a_plain_form_and_waiting_for_the_judges(app, sat):
    person, address, _round_id = sat
    fields = {"revision": "1", "q1": "2", "q2": "2", "q3": OWN.replace("\n", "\r\n"), "q4": ""}
    page = person.post(address + "/nop", fields, page=address, follow_redirects=True)
    attempt = the_attempt(app)
    assert (attempt.score, attempt.max_score, attempt.correct, attempt.all_correct) == (4, 44, 2, True)
    assert (attempt.responses["e"], attempt.written, attempt.awaits_marks) == ({"3": OWN}, None, True)
    words = " ".join(page.text.split())
    for said in ("4<small>/44</small>", "Phần tự luận chờ chấm", STEM, "Bà Tư ở ấp 3", "chờ Ban Giám khảo chấm"):
        assert said in words
    assert "2/2" in words
    assert "tự luận chờ chấm" in person.get(f"/cuoc-thi/{slug(app)}/thi").text


def slug(app):
    with app.app_context():
        return db.session.scalars(db.select(Attempt)).one().round_.contest.slug


@one_database
def test_points_of_the_judges_are_shown_once_all_essays_have_theirs(app, sat, given):
    from quiz.marking.models import EssayMark

    person, address, _round_id = sat
    person.post(address + "/nop", {"revision": "1", "q1": "2", "q2": "1", "q3": OWN, "q4": LONG}, page=address)
    id_ = the_attempt(app).id
    judge = given.account()
    marks = [
        EssayMark(attempt_id=id_, question=n, points=p, note="", judge_id=judge, marked_at=given.clock())
        for n, p in ((3, 15), (4, 8))
    ]
    given.save(marks[0])
    assert "15/20" not in person.get(address + "/ket-qua").text
    given.save(marks[1])
    with app.app_context(), transaction():
        db.session.get_one(Attempt, id_).written = 23
    words = " ".join(person.get(address + "/ket-qua").text.split())
    for said in ("25<small>/44</small>", "15/20 điểm", "8/20 điểm", "Điểm tự luận"):
        assert said in words
    assert "chờ chấm" not in words
    assert "<b>25/44</b>" in person.get(f"/cuoc-thi/{slug(app)}/thi").text
