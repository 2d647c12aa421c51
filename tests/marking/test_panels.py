"""Two blind judges: the lots, points, the alarm, the third or the chair, and what joins the score."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking import copied, essays, panels, queries
from quiz.marking.models import EssayTask
from quiz.marking.refusals import MarkingRefusal
from tests.essays import OWN, contest_with_essays, paper_with_essays

RULES = {"essay_judges": 2, "essay_spread_percent": 20}
NOTHING = {"a": {}, "f": [], "p": None, "t": {}}


@pytest.fixture
def contest(given):
    return contest_with_essays(given, rules=RULES)


@pytest.fixture
def round_id(given, contest):
    return given.round_ids(contest)[0]


@pytest.fixture
def judges(given):
    return [given.account(Role.JUDGE, name=f"Giám khảo {n}") for n in "ABC"]


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER)


@pytest.fixture
def paper(given):
    return paper_with_essays(given)


@pytest.fixture
def attempt_id(given, contest, round_id, paper):
    entry = given.entry(contest, given.account(name="Lâm Thanh Tùng"))
    responses = {"a": {}, "e": {"3": OWN, "4": "x"}, "f": [], "p": None, "t": {}}
    return given.attempt(entry, round_id, paper=paper, responses=responses, essays=2, max_score=44)


@pytest.fixture
def deed(app):
    """`deed(f, …)`: in a transaction of its own; gives what f gives, or the reason of a refusal."""

    def run(function, *arguments, **named):
        with app.app_context():
            try:
                with transaction():
                    return function(*arguments, **named)
            except Refusal as refusal:
                return refusal.reason

    return run


@pytest.fixture
def draw(deed, clock, round_id, judges, organizer):
    """`draw(judges, chair)`: set the panel and draw; gives how many tasks were given."""

    def make(chosen=None, chair=None):
        def work():
            round_, actor = db.session.get_one(Round, round_id), db.session.get_one(Account, organizer)
            panels.set_panel(round_, chosen or judges, chair or judges[0], actor, now=clock())
            return panels.draw(round_, actor, now=clock())

        return deed(work)

    return make


@pytest.fixture
def tasks(app, attempt_id):
    """`tasks(question)`: [(id, slot, judge), …] of an essay."""

    def read(question=3):
        with app.app_context():
            return [(t.id, t.slot, t.judge_id) for t in panels.of_essay(attempt_id, question)]

    return read


@pytest.fixture
def give(deed, clock):
    def points(task_id, number, parts=()):
        def work():
            task = db.session.get_one(EssayTask, task_id)
            panels.give(task, number, parts, "", task.judge, now=clock())

        return deed(work)

    return points


@pytest.fixture
def written(app, attempt_id):
    def read():
        with app.app_context():
            return db.session.get_one(Attempt, attempt_id).written, queries.essay_points(attempt_id)

    return read


def test_two_near_judges_agree_on_the_mean(app, draw, tasks, give, written):
    assert draw() == 4
    assert draw() == 0  # nothing is given twice
    for question, a, b in ((3, 15, 18), (4, 4, 0)):
        (first, _s1, j1), (second, _s2, j2) = tasks(question)
        assert j1 != j2
        assert give(first, a) is None
        assert written()[0] is None
        assert give(second, b) is None
    assert written() == (19, {3: 17, 4: 2})  # halves are rounded up
    with app.app_context():
        records = db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq)).all()
        assert [r.action for r in records].count("essay.points_given") == 4
        # judges read the journal: what was given stands there only when the essay has its mark
        assert not any("points" in r.after for r in records if r.action == "essay.points_given")
        marked = [r.after for r in records if r.action == "essay.marked"]
        assert [[j["points"] for j in after["judged"]] for after in marked] == [[15, 18], [4, 0]]


def test_far_judges_raise_an_alarm_and_a_third_marks_too(app, round_id, judges, draw, tasks, give, written):
    draw()
    (first, _s, one), (second, _s2, two) = tasks()
    give(first, 4)
    give(second, 16)
    (third, slot, who) = tasks()[2]
    assert slot == 3
    assert {one, two, who} == set(judges)
    with app.app_context():
        progress = panels.progress(db.session.get_one(Round, round_id))
        assert ([has for _paper, has in progress.alarms], progress.twice, progress.final) == ([True], 1, 0)
    assert written()[1] == {}
    assert give(first, 16) is MarkingRefusal.POINTS_STAY  # they know each other's by now
    assert give(third, 13) is None
    assert written()[1] == {3: 15}  # of 13 and 16, the two nearest
    assert give(third, 12) is MarkingRefusal.POINTS_STAY


def test_without_a_third_judge_the_chair_decides(given, judges, draw, tasks, give, written):
    chair = given.account(Role.JUDGE, name="Trưởng ban")
    draw(judges[:2], chair)
    give(tasks()[0][0], 0)
    give(tasks()[1][0], 20)
    assert tasks()[2][2] == chair
    give(tasks()[2][0], 17)
    assert written()[1] == {3: 17}


def test_without_anybody_the_panel_must_grow(app, round_id, judges, draw, tasks, give):
    draw(judges[:2], judges[0])
    give(tasks()[0][0], 0)
    give(tasks()[1][0], 20)
    assert len(tasks()) == 2
    with app.app_context():
        assert [has for _p, has in panels.progress(db.session.get_one(Round, round_id)).alarms] == [False]
    assert draw(judges) == 1
    assert tasks()[2][2] == judges[2]


def test_points_may_be_changed_until_the_other_judge_has_given_theirs(draw, tasks, give, written):
    draw()
    first, second = tasks()[0][0], tasks()[1][0]
    give(first, 10)
    assert give(first, 12) is None
    give(second, 12)
    assert give(first, 13) is MarkingRefusal.POINTS_STAY
    assert written()[1] == {3: 12}


def test_nobody_marks_the_own_unit(given, contest, round_id, draw, judges, deed, paper):
    top = given.org_unit("Sở")
    unit = given.org_unit("Phòng", parent=top)
    below = given.org_unit("Tổ", parent=unit)
    own = given.account(Role.JUDGE, unit=unit)
    responses = {"a": {}, "e": {"3": "x", "4": "y"}, "f": [], "p": None, "t": {}}
    ids = [
        given.attempt(given.entry(contest, given.account(unit=u)), round_id, paper=paper, responses=responses, essays=2)
        for u in (unit, below, top)
    ]

    assert draw([*judges[:2], own], own) == 12  # three papers of two essays, each for two

    def who(attempt):
        return {t.judge_id for n in (3, 4) for t in panels.of_essay(attempt, n)}

    assert [own in deed(who, attempt) for attempt in ids[:2]] == [False, False]


def test_a_round_needs_two_judges_beyond_the_unit(given, contest, round_id, draw, paper):
    unit = given.org_unit("Phòng", parent=given.org_unit("Sở"))
    given.attempt(
        given.entry(contest, given.account(unit=unit)), round_id, paper=paper, essays=2,
        responses=NOTHING,
    )  # fmt: skip
    both = [given.account(Role.JUDGE, unit=unit) for _ in range(2)]
    assert draw(both, both[0]) is MarkingRefusal.TOO_FEW_JUDGES


def test_the_rubric_adds_up(given, clock, deed, organizer, judges, paper):
    rubric = [{"name": "Nội dung", "points": 15}, {"name": "Hình thức", "points": 5}]
    contest = contest_with_essays(given, rules=RULES | {"essay_rubric": rubric})
    (round_id,) = given.round_ids(contest)
    responses = {"a": {}, "e": {"3": "x"}, "f": [], "p": None, "t": {}}
    attempt = given.attempt(given.entry(contest), round_id, paper=paper, responses=responses, essays=2)

    def work(points, parts):
        round_, actor = db.session.get_one(Round, round_id), db.session.get_one(Account, organizer)
        panels.set_panel(round_, judges, judges[0], actor, now=clock())
        panels.draw(round_, actor, now=clock())
        task = panels.of_essay(attempt, 3)[0]
        panels.give(task, points, parts, "", task.judge, now=clock())
        return task.parts

    assert deed(work, 20, [16, 4]) is MarkingRefusal.NO_SUCH_ESSAY
    assert deed(work, 18, [14, 5]) is MarkingRefusal.NO_SUCH_ESSAY
    assert deed(work, 19, [14, 5]) == [14, 5]


def test_the_old_page_gives_no_points_here(deed, clock, attempt_id, judges):
    def work():
        attempt, judge = db.session.get_one(Attempt, attempt_id), db.session.get_one(Account, judges[0])
        essays.mark_essay(attempt, 3, 5, judge, note="", now=clock())

    assert deed(work) is MarkingRefusal.TWO_JUDGES


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE essay_task SET judge_id = 1",
        "UPDATE essay_task SET decides = true WHERE slot = 3",
        "DELETE FROM essay_task",
        "UPDATE essay_task SET points = 20 WHERE slot = 1 AND question = 3",  # both are in
        "UPDATE essay_mark SET points = 20",
        "DELETE FROM essay_mark",
        "INSERT INTO essay_mark (attempt_id, question, points, note, judge_id, marked_at) "
        "SELECT attempt_id, 4, 20, '', judge_id, assigned_at FROM essay_task WHERE slot = 3",  # nobody has read it yet
    ],
)
def test_lots_and_points_stay_behind_our_back(app, draw, tasks, give, statement):
    draw()
    for slot, points in enumerate((4, 16, 13)):
        give(tasks()[slot][0], points)
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(statement))


def test_who_marks_alone_marks_nobody_of_the_own_unit(given, deed, clock, paper):
    unit = given.org_unit("Phòng", parent=given.org_unit("Sở"))
    contest = contest_with_essays(given)
    entry = given.entry(contest, given.account(unit=unit))
    attempt_id = given.attempt(entry, given.round_ids(contest)[0], paper=paper, essays=2, responses=NOTHING)
    own, other = given.account(Role.JUDGE, unit=unit), given.account(Role.JUDGE)

    def work(judge):
        attempt, actor = db.session.get_one(Attempt, attempt_id), db.session.get_one(Account, judge)
        return essays.mark_essay(attempt, 3, 5, actor, note="", now=clock()).points

    assert deed(work, own) is MarkingRefusal.OWN_UNIT
    assert deed(work, other) == 5


def test_copied_essays_are_found(app, given, clock, contest, round_id, attempt_id, draw, paper):
    story = "Năm 2020 bà Tư ở ấp 3 đã hiến hai trăm mét vuông đất để làm đường cho bà con trong ấp đi lại."
    for n in range(2):
        responses = {"a": {}, "e": {"3": f"Bài số {n}. {story}", "4": "khác"}, "f": [], "p": None, "t": {}}
        given.attempt(given.entry(contest), round_id, paper=paper, responses=responses, essays=2)
    draw()
    with app.app_context():
        with transaction():
            jobs.ask(copied.JOB, f"round:{round_id}", None, now=clock())
        jobs.run_all(clock)
        result = jobs.latest(copied.JOB, f"round:{round_id}").result
    assert result["papers"] == 6
    assert len(result["pairs"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages(app, visit, round_id, judges, organizer, attempt_id, tasks):
    page = f"/cham-thi/{round_id}/ban-cham"
    office = visit(organizer)
    assert "Chưa lập ban chấm" in office.get(page).text
    assert visit(judges[0]).post(page, {"judges": judges, "chair": judges[0]}, page="/tai-khoan").status_code == 403
    one_only = office.post(page, {"judges": judges[:1], "chair": judges[0]})
    assert one_only.status_code == 422
    assert "ít nhất hai giám khảo" in one_only.text
    assert office.post(page, {"judges": [str(j) for j in judges], "chair": str(judges[0])}).status_code == 302
    assert office.post(f"/cham-thi/{round_id}/boc-tham", page=page).status_code == 302
    (first, _s, one), (_second, _s2, two) = tasks()
    judge, other = visit(one), visit(two)
    with app.app_context():
        code = db.session.get_one(Attempt, attempt_id).code
    mine = judge.get(f"/cham-thi/{round_id}").text
    assert f"/cham-thi/bai/{first}" in mine
    task = judge.get(f"/cham-thi/bai/{first}").text
    assert "Bà Tư ở ấp 3" in task
    for page_ in (mine, task, office.get(page).text):
        assert "Lâm Thanh Tùng" not in page_
    assert other.get(f"/cham-thi/bai/{first}").status_code == 403
    bad = judge.post(f"/cham-thi/bai/{first}", {"total": "21", "note": "Ý hay"})
    assert bad.status_code == 422
    assert "Ý hay" in bad.text
    assert judge.post(f"/cham-thi/bai/{first}", {"total": "19", "note": "Ý hay"}).status_code == 302
    assert "Ý hay" not in other.get(f"/cham-thi/bai/{tasks()[1][0]}").text  # blind until both are in
    assert office.post(f"/cham-thi/{round_id}/giong-nhau", page=page).status_code == 302
    for away in (f"/xet-hang/tu-luan/{round_id}", f"/xet-hang/tu-luan/bai/{code}/3"):  # papers go by another code there
        assert judge.get(away).location == f"/cham-thi/{round_id}"
    named = f"/xet-hang/luot/{code}"
    assert "Bà Tư ở ấp 3" not in judge.get(named).text  # the author stands there, so the text does not
    assert other.post(f"/cham-thi/bai/{tasks()[1][0]}", {"total": "1", "note": "Lạc đề"}).status_code == 302
    (third, _s3, three) = tasks()[2]
    blind = visit(three)
    assert "Lạc đề" not in blind.get(f"/cham-thi/bai/{third}").text
    assert "Lạc đề" in judge.get(f"/cham-thi/bai/{first}").text
    assert blind.post(f"/cham-thi/bai/{third}", {"total": "18", "note": ""}).status_code == 302
    assert "Lạc đề" in blind.get(f"/cham-thi/bai/{third}").text
    assert "Bà Tư ở ấp 3" not in judge.get(named).text
    for task_id, _slot, who in tasks(4):
        assert visit(who).post(f"/cham-thi/bai/{task_id}", {"total": "3", "note": ""}).status_code == 302
    assert "Bà Tư ở ấp 3" in judge.get(named).text
