"""Rehearsing a contest: on both databases, nothing of it is written but a line of the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemFigures, ItemVersion
from quiz.contests import drafting
from quiz.contests.models import Contest
from quiz.contests.presets import presets
from quiz.contests.rule_set import rule_set
from quiz.db import db, transaction
from quiz.journal import JournalRecord
from quiz.ranking import rehearsal, rehearsal_words
from quiz.ranking.rehearsal import Wishes
from quiz.rules.rehearsal_people import Assumptions, difficulty

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRIZES = [
    {"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 500},
    {"code": "ba", "name": "Giải Ba", "quota": 5, "amount": 100},
]
USUAL = {
    "people": "200", "seed": "3", "share_1": "85", "share_2": "70", "share_3": "55", "spread": "1.0", "takes_part": "80",
    "goes_on": "60",
}  # fmt: skip


def wishes(people: int = 200, **how: float) -> Wishes:
    return Wishes(Assumptions(people=people, **how), {1: 0.85, 2: 0.7, 3: 0.55})  # type: ignore[arg-type]


def counts() -> dict[str, int]:
    tables = [t for t in db.metadata.sorted_tables if t.name not in ("journal", "journal_head")]
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


class TestPlan:
    @pytest.mark.parametrize("state", ["draft", "open"])
    def test_a_draft_and_an_open_contest(self, given, db_session, state):
        contest = db_session.get_one(Contest, given.contest(state=state, prizes=PRIZES, rounds=2))
        report = rehearsal.rehearse(contest, wishes())
        assert [f.round for f in report.figures] == ["ky-1", "ky-2"]
        assert report.attempts > 200
        assert all(f.given >= 6 for f in report.figures)

    def test_items_with_figures_are_as_easy_as_they_were(self, given, db_session, clock):
        contest = db_session.get_one(Contest, given.contest())
        version_id = db_session.scalars(
            select(ItemVersion.id).where(ItemVersion.topic == "chung").order_by(ItemVersion.id)
        ).first()
        with transaction():
            db_session.add(
                ItemFigures(
                    version_id=version_id, shown=100, facility=0.3, median_ms=50_000, choices={}, warnings={},
                    is_suspect=False, computed_at=clock.now,
                )
            )  # fmt: skip
        plan, known = rehearsal.plan_of(contest, wishes())
        assert known == 1
        assert plan.items[version_id].difficulty == difficulty(0.3, 0.25, 1.0)
        assert plan.items[version_id].seconds == 50.0

    def test_divisions_have_the_people_who_have_registered(self, given, db_session):
        contest_id = given.contest(divisions=("Cán bộ", "Người dân"))
        for _ in range(3):
            given.entry(contest_id)
        given.entry(contest_id, division=1)
        plan, _known = rehearsal.plan_of(db_session.get_one(Contest, contest_id), wishes())
        assert [d.share for d in plan.divisions] == [3, 1]

    def test_whole_contest_admission_hours_and_prediction(self, given, db_session, clock):
        rules = {
            "attempt_limit": None, "prediction": {"target": "people_all_correct", "use": "condition"},
            "chain": ["score", "prediction", "elapsed"], "overall": {"how": "sum"}, "level_points":
            {"level_1": 1, "level_2": 2, "level_3": 3}, "prize_rules": {"one_per_person": True, "share_percent": 5},
        }  # fmt: skip
        week = timedelta(days=7)
        contest_id = given.contest(rules=rules, prizes=PRIZES, rounds=2, closes_at=clock.now + week)
        contest = db_session.get_one(Contest, contest_id)
        contest.rounds[0].rules = {"hours": {"weekdays": [1, 2, 3, 4, 5]}}
        contest.rounds[1].rules = {"admission": {"rounds": ["ky-1"], "quota": 10}, "minutes": 5}
        report = rehearsal.rehearse(contest, wishes(300))
        first, final, whole = report.figures
        assert whole.round == ""
        assert final.people <= 12
        assert first.truth == first.ever_full
        assert sum(t.quota for t in first.tiers) <= first.people * 5 // 100

    def test_nothing_is_written_but_a_line_of_the_journal(self, given, db_session, clock):
        contest = db_session.get_one(Contest, given.contest(prizes=PRIZES))
        before = counts()
        with transaction():
            report = rehearsal.rehearse(contest, wishes())
            rehearsal.note(report, contest, None, now=clock.now)
        assert counts() == before
        record = db_session.scalars(select(JournalRecord)).one()
        assert record.action == "contest.rehearsed"
        assert record.after["assumptions"]["seed"] == 1
        again = rehearsal.rehearse(contest, wishes())
        assert record.after["rankings"][0]["all_right"] == again.figures[0].full

    @SQLITE
    def test_more_rounds_and_attempts_mean_fewer_people(self, given, db_session):
        short = db_session.get_one(Contest, given.contest())
        long = db_session.get_one(Contest, given.contest(rounds=12, rules={"attempt_limit": None}))
        assert rehearsal.most_people(short, wishes(), 8) > 20_000
        assert rehearsal.most_people(long, wishes(), 8) < rehearsal.most_people(short, wishes(), 8) / 12


@SQLITE
def test_every_preset_can_be_rehearsed(given, db_session, clock):
    given.bank(400, "mot")
    given.bank(400, "hai")
    given.bank(24, "viet", kind="essay", options=[], key=[], topic="chung")
    for preset in presets().values():
        with transaction():
            contest = drafting.create_draft(
                preset, title="Tìm hiểu luật", banks=["mot", "hai", "viet"], law_date=date(2024, 12, 31),
                opens_at=clock.now + timedelta(days=30), actor=None, now=clock.now,
            )  # fmt: skip
        rules = rule_set(contest)
        report = rehearsal.rehearse(contest, wishes(40))
        rankings = len(rules.divisions) * (len(rules.rounds) + (rules.contest.overall.how.value != "none"))
        assert len(report.figures) == rankings, preset.code
        assert report.attempts > 0, preset.code
        with given.app.test_request_context():
            assert all(f.text for f in rehearsal_words.advice(report, rules))


@SQLITE
class TestAdvice:
    def told(self, db_session, contest_id: int) -> str:
        contest = db_session.get_one(Contest, contest_id)
        easy = Wishes(Assumptions(people=400), {1: 0.98, 2: 0.97, 3: 0.96})
        return "\n".join(f.text for f in rehearsal_words.advice(rehearsal.rehearse(contest, easy), rule_set(contest)))

    def test_many_with_full_marks(self, given, db_session):
        with given.app.test_request_context():
            told = self.told(db_session, given.contest(prizes=PRIZES))
        assert "đúng tất cả" in told
        assert "do thời gian quyết định" in told

    def test_equals_at_the_edge_of_a_prize(self, given, db_session):
        with given.app.test_request_context():
            told = self.told(db_session, given.contest(prizes=PRIZES, rules={"chain": ["score"]}))
        assert "Chuỗi xét hạng chưa đủ phân định" in told

    def test_papers_that_are_all_alike(self, given, db_session):
        with given.app.test_request_context():
            told = self.told(db_session, given.contest(items=1, rules={"review_release": "after_submit"}))
        assert "Đáp án lại mở ngay sau khi nộp" in told

    def test_prizes_nobody_can_win(self, given, db_session):
        rules = {"prize_rules": {"min_score": 1000}}
        with given.app.test_request_context():
            told = self.told(db_session, given.contest(prizes=PRIZES, rules=rules))
        assert "chỉ trao được 0 trong 6 giải" in told


class TestPage:
    def test_a_rehearsal(self, given, visit, app):
        contest_id = given.contest(state="draft", prizes=PRIZES, divisions=("Cán bộ", "Người dân"))
        url = f"/to-chuc/cuoc-thi/{contest_id}/tong-duyet"
        organizer = visit(given.account(Role.ORGANIZER))
        assert "Số liệu mô phỏng, không phải kết quả thi" in organizer.get(url).text
        with app.app_context():
            before = counts()
        page = organizer.post(url, USUAL)
        assert page.status_code == 200
        for words in ("Kết quả mô phỏng", "Bằng nhau sau từng tiêu chí", "Giải Nhất", "Người mô phỏng", "Kỳ 1, Cán bộ"):
            assert words in page.text
        with app.app_context():
            assert counts() == before
            assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
            assert db.session.scalars(select(JournalRecord.action)).all() == ["contest.rehearsed"]

    @SQLITE
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"people": "0"}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"people": "20001"}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"people": "9" * 40}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"people": "nghìn"}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"people": ""}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"people": "-5"}, "Hãy nhập số nguyên từ 1 đến 20.000"),
            ({"seed": "1" * 30}, "Hãy nhập số nguyên từ 0 đến 1.000.000.000"),
            ({"seed": "１２"}, "Hãy nhập số nguyên từ 0 đến 1.000.000.000"),
            ({"share_2": "100"}, "Hãy nhập số nguyên từ 1 đến 99"),
            ({"spread": "99"}, "Lựa chọn này không có trong danh sách"),
            ({"takes_part": "0"}, "Hãy nhập số nguyên từ 1 đến 100"),
        ],
    )
    def test_bad_input(self, given, visit, app, typed, said):
        contest_id = given.contest(state="draft")
        page = visit(given.account(Role.ORGANIZER)).post(f"/to-chuc/cuoc-thi/{contest_id}/tong-duyet", USUAL | typed)
        assert page.status_code == 422
        assert said in page.text
        with app.app_context():
            assert not db.session.scalars(select(JournalRecord)).all()

    @SQLITE
    def test_what_takes_too_long_is_named(self, given, visit):
        contest_id = given.contest(items=40, rounds=12, rules={"attempt_limit": None})
        page = visit(given.account(Role.ORGANIZER)).post(
            f"/to-chuc/cuoc-thi/{contest_id}/tong-duyet", USUAL | {"people": "20000", "goes_on": "100"}
        )
        assert page.status_code == 422
        assert "trang mô phỏng được nhiều nhất" in page.text
        assert f"flask ranking rehearse {contest_id}" in page.text

    @SQLITE
    def test_a_bank_that_is_too_small(self, given, visit, app):
        contest_id = given.contest(state="draft")
        with app.app_context(), transaction():
            for version in db.session.scalars(select(ItemVersion)):
                version.is_live = False
        page = visit(given.account(Role.ORGANIZER)).post(f"/to-chuc/cuoc-thi/{contest_id}/tong-duyet", USUAL)
        assert page.status_code == 422
        assert "Ngân hàng chưa đủ câu" in page.text

    @SQLITE
    def test_only_organizers(self, given, visit):
        contest_id = given.contest(state="draft")
        url = f"/to-chuc/cuoc-thi/{contest_id}/tong-duyet"
        assert visit(given.account(Role.JUDGE)).get(url).status_code == 403
        assert visit(given.account()).get(url).status_code == 403
        assert visit().get(url).status_code == 302
        assert visit(given.account(Role.ORGANIZER)).get("/to-chuc/cuoc-thi/999/tong-duyet").status_code == 404

    @SQLITE
    def test_links_lead_here(self, given, visit):
        organizer = visit(given.account(Role.ORGANIZER))
        draft = given.contest(state="draft")
        assert f"/to-chuc/cuoc-thi/{draft}/tong-duyet" in organizer.get(f"/to-chuc/cuoc-thi/{draft}/xem-truoc").text


@SQLITE
def test_the_command(given, app):
    contest_id = given.contest(prizes=PRIZES)
    said = app.test_cli_runner().invoke(args=["ranking", "rehearse", str(contest_id), "--people", "300"])
    assert said.exit_code == 0, said.output
    assert "ky-1\tbang-1\t" in said.output
    assert app.test_cli_runner().invoke(args=["ranking", "rehearse", "999"]).exit_code != 0
