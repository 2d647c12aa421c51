"""A wrong key: proposed, looked at, confirmed by a second person, and everything marked anew."""

from threading import Thread

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts import submission
from quiz.attempts.models import Attempt, AttemptNews
from quiz.attempts.papers import Marker, score
from quiz.banks import doubts
from quiz.banks.models import ItemVersion
from quiz.banks.queries import candidates
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Pool, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import keys
from quiz.marking.models import KeyRuling
from quiz.marking.refusals import KeyRefusal
from quiz.ranking import key_previews, queries, service
from quiz.ranking.models import Ranking
from quiz.rules.commitment import pool_rows
from quiz.rules.drawing import Candidate
from quiz.rules.keys import Overlay, What
from quiz.rules.marking import Worth
from tests.conftest import NOON
from tests.kinds import KINDS, MIXED, RIGHT, paper_of_all_kinds

WHY = "Khoản 2 Điều 5 nói khác đáp án."
C_IS_RIGHT = Overlay(What.CORRECT, ((3,),))
PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 1_000_000}]


@pytest.fixture
def contest(given):
    return given.contest(prizes=PRIZES)


@pytest.fixture
def round_id(given, contest):
    return given.round_ids(contest)[0]


@pytest.fixture
def two(given):
    """Two people in office."""
    return given.account(Role.ORGANIZER, name="Phạm Đề Xuất"), given.account(Role.JUDGE, name="Lê Xác Nhận")


def answers(*options):
    """Responses to the four questions, by option number; the papers of `given` show options in their own order."""
    return {"a": {str(n): [o] for n, o in enumerate(options, 1)}, "f": [], "p": None, "t": {}}


@pytest.fixture
def sat(given, contest, round_id):
    """`sat(2, 2, 2, 3)`: somebody who chose these options; B is right everywhere."""

    def sit(*options, seconds=60, **columns):
        right = sum(o == 2 for o in options)
        return given.attempt(
            given.entry(contest), round_id, score=right, seconds=seconds, responses=answers(*options), **columns
        )

    return sit


@pytest.fixture
def version(app, contest, sat):
    """The item that is asked fourth."""

    def of(attempt):
        with app.app_context():
            return db.session.get_one(Attempt, attempt).paper[3][0]

    return of


@pytest.fixture
def rule(app, clock, contest, two):
    """`rule(version, overlay)`: propose, preview, confirm and apply; gives (id of the ruling, preview)."""

    def deed(version_id, overlay=C_IS_RIGHT, *, apply=True):
        with app.app_context():
            with transaction():
                one = db.session.get_one(Account, two[0])
                ruling = keys.propose(
                    db.session.get_one(Contest, contest), version_id, overlay, one, why=WHY, now=clock()
                )
                job = jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", one, now=clock())
                ids = ruling.id, job.id
            jobs.run_all(clock)
            if apply:
                with transaction():
                    keys.confirm(
                        db.session.get_one(KeyRuling, ids[0]), db.session.get_one(Account, two[1]), now=clock()
                    )
                jobs.run_all(clock)
            return ids[0], db.session.get_one(jobs.Job, ids[1]).result

    return deed


@pytest.fixture
def scores(app):
    def read(*attempts):
        with app.app_context():
            rows = [db.session.get_one(Attempt, a) for a in attempts]
            return [(r.score, r.correct, r.all_correct) for r in rows]

    return read


def make_sheet(app, contest, actor, now):
    with app.app_context(), transaction():
        round_ = db.session.get_one(Contest, contest).rounds[0]
        return service.make_sheet(round_, round_.contest.divisions[0], db.session.get_one(Account, actor), now=now).id


def test_from_a_wrong_key_to_a_corrected_sheet(app, clock, contest, two, sat, version, rule, scores):
    wronged, favoured, other = sat(2, 2, 2, 3), sat(2, 2, 2, 2), sat(1, 1, 1, 1)
    clock.advance(hours=2)
    old = make_sheet(app, contest, two[1], clock())
    ruling, preview = rule(version(wronged), apply=False)
    assert (preview["attempts"], preview["up"], preview["down"], preview["gains"]) == (3, 1, 1, [[1, 1], [-1, 1]])
    assert preview["people"] == [[[wronged, 3, 4]], [[favoured, 4, 3]]]
    (scope,) = preview["scopes"]
    assert (scope["sheet"], scope["up"], scope["down"]) == (old, 1, 1)
    assert [(p[2:], p[0] == scope["prizes"][0][0]) for p in scope["prizes"]] == [
        ([2, "", 1, "Giải Nhất"], True),
        ([1, "Giải Nhất", 2, ""], False),
    ]
    assert scores(wronged, favoured, other) == [(3, 3, False), (4, 4, True), (0, 0, False)]  # nothing is written yet
    with app.app_context():
        assert not queries.is_out_of_date(queries.sheet_by_id(old))
        with transaction():
            keys.confirm(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, two[1]), now=clock())
        jobs.run_all(clock)
        row = db.session.get_one(KeyRuling, ruling)
        assert (row.number, row.counts, row.finished_at) == (1, {"up": 1, "down": 1}, clock())
        assert queries.is_out_of_date(queries.sheet_by_id(old))
        told = [(r.attempt_id, r.score_before, r.score_after) for r in keys.affected(ruling, 0, 10)]
        assert told == [(wronged, 3, 4), (favoured, 4, 3)]
        assert [r.attempt_id for r in keys.affected(ruling, wronged, 10)] == [favoured]
    assert scores(wronged, favoured, other) == [(4, 4, True), (3, 3, False), (0, 0, False)]
    new = make_sheet(app, contest, two[1], clock())
    with app.app_context():
        first = [queries.standing_at(db.session.get_one(Ranking, s), 1).attempt_id for s in (old, new)]
        assert first == [favoured, wronged]  # the old one stays as it was
        assert not queries.is_out_of_date(queries.sheet_by_id(new))


def test_everybody_gets_the_points_of_a_void_item(sat, version, rule, scores):
    right, wrong, blank = sat(2, 2, 2, 2), sat(2, 2, 2, 4), sat(2, 1, 1)
    rule(version(right), Overlay(What.VOID))
    assert scores(right, wrong, blank) == [(4, 4, True), (4, 4, True), (2, 2, False)]


def test_no_later_contest_draws_what_was_ruled_upon(app, sat, version, rule):
    v = version(sat(2, 2, 2, 3))
    rule(v)
    with app.app_context():
        bank = db.session.get_one(ItemVersion, v).item.bank.code
        assert v not in {c.version_id for c in candidates([bank], NOON.date())}
        assert doubts.key_doubts([v])[v].why == WHY


def test_rulings_add_up(sat, version, rule, scores, app):
    attempt = sat(3, 2, 2, 3)
    rule(version(attempt))
    with app.app_context():
        first = db.session.get_one(Attempt, attempt).paper[0][0]
    rule(first, Overlay(What.ACCEPT, ((3,), (4,))))
    assert scores(attempt) == [(4, 4, True)]


def test_a_ruling_adds_to_an_earlier_one_on_the_same_item(sat, version, rule, scores):
    by_old_key, by_new_key, accepted = sat(2, 2, 2, 2), sat(2, 2, 2, 3), sat(2, 2, 2, 4)
    rule(version(accepted))
    rule(version(accepted), Overlay(What.ACCEPT, ((4,),)))
    assert scores(by_old_key, by_new_key, accepted) == [(3, 3, False), (4, 4, True), (4, 4, True)]


def test_every_kind_of_item_is_marked_by_its_ruling(app, given, contest, round_id, rule, scores):
    """Answers that are right, and mixed ones, under a further answer, another key and none at all for each kind."""
    paper = paper_of_all_kinds(given)
    versions = {kind: v for kind, (v, _order) in zip(KINDS, paper, strict=True)}
    with app.app_context():
        division_id = db.session.get_one(Contest, contest).divisions[0].id
    rows = pool_rows([Candidate(v, "", "", 1, 0) for v in versions.values()])
    given.save(Pool(division_id=division_id, round_id=round_id, candidates=rows, digest="", frozen_at=given.clock()))
    right, mixed = (
        given.attempt(
            given.entry(contest),
            round_id,
            paper=paper,
            responses=r,
            score=n,
            correct=n,
            all_correct=n == 7,
            max_score=7,
        )
        for r, n in ((RIGHT, 7), (MIXED, 2))
    )
    assert scores(right, mixed) == [(7, 7, True), (2, 2, False)]
    with app.app_context():
        worth = Worth(each=12)
        marker = Marker(worth)
        for responses in (RIGHT, MIXED) * 2:  # the second time from memory
            assert marker.score(paper, responses) == score(paper, responses, worth)
    for kind, more, other in [
        ("multiple", Overlay(What.ACCEPT, ((3,),)), Overlay(What.CORRECT, ((2, 4),))),
        ("true_false", Overlay(What.ACCEPT, ((1,),)), Overlay(What.CORRECT, ((1,),))),
        ("short_text", Overlay(What.ACCEPT, (), ("ba tram trieu dong",)), Overlay(What.CORRECT, (), ("bốn trăm",))),
        ("number", Overlay(What.ACCEPT, (), ("9",)), Overlay(What.CORRECT, (), ("9",))),
        ("ordering", Overlay(What.ACCEPT, ((1, 2, 4, 3),)), Overlay(What.CORRECT, ((4, 3, 2, 1),))),
        ("matching", Overlay(What.ACCEPT, ((4, 1, 1),)), Overlay(What.CORRECT, ((1, 1, 1),))),
        ("single", Overlay(What.ACCEPT, ((4,),)), Overlay(What.CORRECT, ((4,),))),
    ]:
        before = scores(right, mixed)
        rule(versions[kind], more)
        accepted = scores(right, mixed)
        assert all(a[0] >= b[0] for a, b in zip(accepted, before, strict=True)), kind
        rule(versions[kind], other)
        assert scores(right)[0][0] == before[0][0] - 1, kind  # who was right by the old key is not by the new one
        rule(versions[kind], Overlay(What.VOID))
    assert scores(right, mixed) == [(7, 7, True), (7, 7, True)]


def test_what_was_abandoned_stays_as_it_is(given, contest, round_id, sat, version, rule, scores):
    v = version(sat(2, 2, 2, 3))
    left = given.attempt(
        given.entry(contest), round_id, state="abandoned", responses=answers(2, 2, 2, 3), score=0, max_score=0, correct=0,
        all_correct=False,
    )  # fmt: skip
    _ruling, preview = rule(v)
    assert (preview["attempts"], preview["up"]) == (1, 1)
    assert scores(left) == [(0, 0, False)]


def test_whoever_ends_later_is_marked_by_the_ruling(app, given, clock, contest, round_id, sat, version, rule, scores):
    v = version(sat(1, 1, 1, 1))
    open_ = given.open_attempt(given.entry(contest), round_id, responses=answers(2, 2, 2, 3))
    rule(v)
    clock.advance(minutes=30)
    with app.app_context(), transaction():
        assert submission.end_expired(clock()) == 1
    assert scores(open_) == [(4, 4, True)]


def test_who_was_marked_too_early_is_found_before_a_sheet_is_made(app, clock, contest, two, sat, version, rule, scores):
    v = version(sat(2, 2, 2, 2))
    rule(v)
    late = sat(2, 2, 2, 3)  # as one that read the rulings before this one and wrote after it had finished
    with app.app_context(), transaction():
        db.session.execute(delete(AttemptNews))
    clock.advance(hours=2)
    make_sheet(app, contest, two[1], clock())
    assert scores(late) == [(4, 4, True)]
    with app.app_context():
        assert db.session.scalars(db.select(AttemptNews.attempt_id)).all() == [late]  # boards hear of it


def test_handing_in_while_a_ruling_is_applied(app, given, clock, contest, round_id, two, sat, version, rule, scores):
    """A submission that has read the old keys and has not been committed yet when the job passes, on both databases."""
    ruling, _preview = rule(version(sat(1, 1, 1, 1)), apply=False)
    late = given.open_attempt(given.entry(contest), round_id, responses=answers(2, 2, 2, 3))
    with app.app_context(), transaction():
        keys.confirm(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, two[1]), now=clock())

    def apply():
        with app.app_context():
            jobs.run_all(clock)

    job = Thread(target=apply)
    with app.app_context():
        with transaction():
            submission.submit(db.session.get_one(Attempt, late), None, 0, now=clock())
            job.start()
            job.join(0.5)  # PostgreSQL lets it finish, SQLite makes it wait
        job.join()
        assert rulings_of(db.session.get_one(Contest, contest, populate_existing=True)).finished == 1
    clock.advance(hours=2)
    make_sheet(app, contest, two[1], clock())
    assert scores(late) == [(4, 4, True)]


def test_no_sheet_while_keys_are_being_applied(app, clock, contest, two, sat, version, rule):
    attempt = sat(2, 2, 2, 3)
    ruling, _preview = rule(version(attempt), apply=False)
    clock.advance(hours=2)
    with app.app_context():
        with transaction():
            keys.confirm(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, two[1]), now=clock())
        keys._let_hold(ruling)  # and then the process was stopped
    with pytest.raises(Refusal) as refusal:
        make_sheet(app, contest, two[1], clock())
    assert refusal.value.reason is KeyRefusal.BEING_APPLIED
    with app.app_context():
        jobs.run_all(clock)  # goes on where it was stopped
        assert rulings_of(db.session.get_one(Contest, contest)).finished == 1
        assert db.session.get_one(Attempt, attempt).score == 4
    make_sheet(app, contest, two[1], clock())


def test_what_breaks_between_two_parts_is_gone_on_with(
    app, clock, contest, two, sat, version, rule, scores, monkeypatch
):
    monkeypatch.setattr(keys, "STEP", 2)
    taken = [sat(2, 2, 2, 3) for _n in range(5)]
    ruling, _preview = rule(version(taken[0]), apply=False)
    write, parts = keys._write, []

    def breaks_once(part, *how):
        parts.append(part)
        if len(parts) == 2:
            raise OSError("the disk is full")
        write(part, *how)

    monkeypatch.setattr(keys, "_write", breaks_once)
    with app.app_context():
        with transaction():
            keys.confirm(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, two[1]), now=clock())
        jobs.run_all(clock)
        assert jobs.latest(keys.JOB, f"key_ruling:{ruling}").state == jobs.JobState.FAILED
        assert db.session.get_one(KeyRuling, ruling).finished_at is None
    assert [right for right, *_rest in scores(*taken)] == [4, 4, 3, 3, 3]
    with app.app_context():
        with transaction():
            jobs.ask(keys.JOB, f"key_ruling:{ruling}", None, now=clock())
        jobs.run_all(clock)
        done = jobs.latest(keys.JOB, f"key_ruling:{ruling}")
        assert (done.state, done.done) == (jobs.JobState.DONE, 3)
        assert db.session.get_one(KeyRuling, ruling).counts == {"up": 5, "down": 0}
    assert scores(*taken) == [(4, 4, True)] * 5


def refusal_of(app, deed):
    with app.app_context(), pytest.raises(Refusal) as refusal, transaction():
        deed()
    return refusal.value.reason


def test_two_people_and_one_at_a_time(app, clock, contest, two, sat, version, rule):
    v = version(sat(2, 2, 2, 3))
    ruling, _preview = rule(v, apply=False)

    def confirm(by):
        return lambda: keys.confirm(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, by), now=clock())

    def propose(overlay=C_IS_RIGHT, version_id=v):
        return lambda: keys.propose(
            db.session.get_one(Contest, contest), version_id, overlay, db.session.get_one(Account, two[0]), why=WHY,
            now=clock(),
        )  # fmt: skip

    assert refusal_of(app, confirm(two[0])) is KeyRefusal.SAME_PERSON
    assert refusal_of(app, propose(Overlay(What.VOID))) is KeyRefusal.ANOTHER_WAITS
    with app.app_context(), transaction():
        keys.withdraw(db.session.get_one(KeyRuling, ruling), db.session.get_one(Account, two[0]), now=clock())
    assert refusal_of(app, confirm(two[1])) is KeyRefusal.SETTLED
    assert refusal_of(app, propose(Overlay(What.CORRECT, ((2,),)))) is KeyRefusal.CHANGES_NOTHING
    assert refusal_of(app, propose(version_id=10_000)) is KeyRefusal.NOT_IN_CONTEST


@pytest.mark.parametrize("statement", [
    "UPDATE key_ruling SET confirmed_at = proposed_at, confirmed_by_id = proposed_by_id",
    "UPDATE key_ruling SET what = 'void'", "DELETE FROM key_ruling",
])  # fmt: skip
def test_the_database_keeps_to_it(app, sat, version, rule, statement):
    rule(version(sat(2, 2, 2, 3)), apply=False)
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(statement))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPages:
    def test_the_way_of_a_wrong_key(self, app, clock, visit, contest, two, sat, version):
        attempt = sat(2, 2, 2, 3)
        v = version(attempt)
        with app.app_context():
            row = db.session.get_one(Attempt, attempt)
            code, person, slug = row.code, row.account_id, row.entry.contest.slug
        clock.advance(hours=2)
        organizer, judge, participant = visit(two[0]), visit(two[1]), visit(person)
        page = f"/xet-hang/dap-an/{contest}/cau/{v}"
        assert page in judge.get(f"/xet-hang/luot/{code}").text
        assert participant.get(page).status_code == 403
        for bad in ({"what": "correct", "why": WHY}, {"what": "correct", "options": ["2", "3"], "why": WHY},
                    {"what": "void", "why": "ngắn"}, {"options": ["3"], "why": WHY}):  # fmt: skip
            assert organizer.post(page, bad).status_code == 422
        same = organizer.post(page, {"what": "correct", "options": ["2"], "why": WHY})
        assert "giống đáp án đang dùng" in same.text
        sent = organizer.post(page, {"what": "correct", "options": ["3"], "why": WHY})
        ruling = sent.headers["Location"]
        assert "Xem trước: đang chờ đến lượt" in organizer.get(ruling).text
        with app.app_context():
            jobs.run_all(clock)
        assert "cần một người khác" in organizer.get(ruling).text
        shown = judge.get(ruling).text
        assert "Xác nhận và chấm lại" in shown
        preview = shown.split('name="preview" value="')[1].split('"')[0]
        assert judge.post(f"{ruling}/xac-nhan", {"preview": "0"}, page=ruling).status_code == 302
        assert "Xác nhận và chấm lại" in judge.get(ruling).text  # another preview than the page has shown
        judge.post(f"{ruling}/xac-nhan", {"preview": preview}, page=ruling)
        with app.app_context():
            jobs.run_all(clock)
        assert "Đã chấm lại xong" in judge.get(ruling).text
        outcome = participant.get(f"/thi/{code}/ket-qua").text
        assert "Điểm từ 3 thành 4" in outcome
        assert "Đáp án câu này đã được đính chính" in outcome
        assert "Bài thi của bạn được chấm lại" in participant.get("/thong-bao").text
        assert "chấm lại vì đáp án được đính chính" in participant.get(f"/cuoc-thi/{slug}/thi").text
        assert f"/cuoc-thi/{slug}" in participant.get(f"/thi/{code}/ket-qua").text
        row = f"/xet-hang/dap-an/de-xuat/{ruling.rpartition('/')[2]}/bai"
        assert code in judge.get(row).text.replace("-", "")
        assert participant.get(row).status_code == 403
        public = visit()
        assert "Đính chính đáp án" in public.get(f"/cuoc-thi/{slug}").text
        assert WHY in public.get(f"/cuoc-thi/{slug}/dinh-chinh").text
        assert "Đáp án đã bị đính chính" in organizer.get("/ngan-hang/ngan-hang-1").text
        assert "Đã áp dụng" in organizer.get(f"/xet-hang/dap-an/{contest}").text

    def test_before_the_release_people_learn_nothing_of_points_and_keys(self, app, given, clock, visit, rule):
        contest = given.contest(rules={"score_release": "after_publish", "review_release": "after_publish"})
        round_id = given.round_ids(contest)[0]
        attempt = given.attempt(given.entry(contest), round_id, score=3, responses=answers(2, 2, 2, 3))
        with app.app_context():
            row = db.session.get_one(Attempt, attempt)
            code, person, v, slug = row.code, row.account_id, row.paper[3][0], row.round_.contest.slug
            stem = db.session.get_one(ItemVersion, v).stem
            one, two = (given.account(Role.JUDGE) for _ in range(2))
            with transaction():
                ruling = keys.propose(
                    db.session.get_one(Contest, contest),
                    v,
                    C_IS_RIGHT,
                    db.session.get_one(Account, one),
                    why=WHY,
                    now=clock(),
                )
            with transaction():
                keys.confirm(ruling, db.session.get_one(Account, two), now=clock())
            jobs.run_all(clock)
            assert db.session.get_one(Round, round_id).published_at is None
        browser = visit(person)
        outcome = browser.get(f"/thi/{code}/ket-qua").text
        for told in ("chấm lại", "Điểm từ", WHY, "Phương án C của câu"):
            assert told not in outcome
        assert "chấm lại" not in browser.get("/thong-bao").text
        corrections = f"/cuoc-thi/{slug}/dinh-chinh"
        public = browser.get(corrections).text
        assert "Đính chính số 1" in public
        assert WHY not in public
        assert stem not in public
        with app.app_context(), transaction():
            db.session.get_one(Round, round_id).published_at = clock()
        assert WHY not in browser.get(corrections).text  # the round is still open
        clock.advance(hours=2)
        public = browser.get(corrections).text
        assert WHY in public
        assert stem in public
        assert f"Lý do: {WHY}" in browser.get(f"/thi/{code}/ket-qua").text
        assert "Bài thi của bạn được chấm lại" in browser.get("/thong-bao").text
