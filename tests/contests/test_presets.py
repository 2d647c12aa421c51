"""Every preset makes a draft over whatever bank is chosen, and the draft opens."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests import drafting, service
from quiz.contests.presets import (
    Calendar,
    Final,
    Preset,
    first_rule_set,
    lacks_essays,
    lacks_sets,
    presets,
)
from quiz.contests.readiness import findings
from quiz.contests.rule_set import ESSAY_LEVEL, RuleSet, rule_set
from quiz.contests.surprises import surprises
from quiz.contests.topics import TopicSupply, titles
from quiz.db import transaction
from quiz.formats import local

OPENS = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)  # a Thursday, 08:00 local time
NOW = datetime(2026, 10, 1, tzinfo=UTC)
SUPPLY = [
    TopicSupply("mot", "chung", "Quy định chung", {ESSAY_LEVEL: 2, 1: 300, 2: 200, 3: 100}),
    TopicSupply("hai", "danh-hieu", "Danh hiệu", {ESSAY_LEVEL: 0, 1: 200, 2: 100, 3: 100}),
]

# what the real contests did, though one would rather not
SURPRISING = {
    "hai-dot-hoc-sinh-300-diem": "Thời điểm bắt đầu làm bài",
    "muoi-sau-tuan-khong-gioi-han-luot": "Không giới hạn lượt",
    "sau-ky-dung-het-doan-gan-nhat": "không có tiêu chí thời gian",
}


def first(code: str, supply: list[TopicSupply] = SUPPLY) -> RuleSet:
    return first_rule_set(presets()[code], title="T", law_date=date(2026, 11, 5), opens_at=OPENS, topics=supply)


def test_there_are_enough_of_them():
    assert len(presets()) >= 15
    names = [p.name for p in presets().values()]
    assert len(set(names)) == len(names)
    assert [p.order for p in presets().values()] == sorted({p.order for p in presets().values()})


@pytest.mark.parametrize("code", presets())
class TestEach:
    # tests/ranking/test_presets_played.py opens and plays each of them on both databases
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_opens(self, given, db_session, code):
        given.bank(700, "mot")
        given.bank(700, "hai")
        given.bank(24, "viet", kind="essay", options=[], key=[], topic="chung")
        organizer = given.account(Role.ORGANIZER)
        preset = presets()[code]
        with transaction():
            contest = drafting.create_draft(
                preset, title="Tìm hiểu luật", banks=["mot", "hai", "viet"], law_date=date(2024, 12, 31), opens_at=OPENS,
                actor=None, now=NOW,
            )  # fmt: skip
        rules = rule_set(contest)
        assert rules.contest == preset.contest
        assert {sum(c.count for c in d.rules.blueprint) for d in rules.divisions} == {preset.questions + preset.essays}
        assert [f.text for f in findings(rules, titles(), NOW) if f.kind == "bad"] == []
        with transaction():
            service.open_contest(contest, db_session.get_one(Account, organizer), now=NOW)
        assert contest.state == "open"

    def test_surprises_only_where_the_real_contest_does(self, given, db_session, code):
        said = [finding.text for finding in surprises(first(code))]
        assert [SURPRISING[code] in text for text in said] == [True] if code in SURPRISING else said == []

    def test_a_small_bank_without_essays_still_makes_a_draft(self, code):
        rules = first(code, [TopicSupply("mot", "chung", "Quy định chung", {1: 2, 2: 1, 3: 0})])
        assert not rules.has_essays
        assert not rules.contest.split_pool or len(rules.rounds) == 1
        assert all(d.rules.items > 0 for d in rules.divisions)

    def test_an_empty_bank_too(self, code):
        assert first(code, [TopicSupply("mot", "chung", "Quy định chung", {})]).divisions

    def test_names_its_sources(self, code):
        from pathlib import Path

        from quiz.contests import presets as package

        head = Path(package.__file__).with_name(f"{code}.yaml").read_text(encoding="utf-8").split("order:")[0]
        assert "contest-practice.md" in head
        assert "INF" in head or code in ("mot-ky-du-doan-hai-bang", "nhieu-ky-hang-tuan")


def test_what_is_lacking_is_known():
    essays, sets = presets()["hang-quy-thi-viet"], presets()["bon-tuan-hai-bo-cau-hoi"]
    assert lacks_essays(essays, SUPPLY[1:])
    assert not lacks_essays(essays, SUPPLY)
    assert not lacks_essays(sets, SUPPLY[1:])
    assert lacks_sets(sets, ["mot"])
    assert not lacks_sets(sets, ["mot", "hai"])
    assert not lacks_sets(essays, ["mot"])


def test_divisions_with_sets_of_their_own_draw_from_different_banks():
    staff, citizens = first("bon-tuan-hai-bo-cau-hoi").divisions
    assert {c.bank for c in staff.rules.blueprint} == {"mot"}
    assert {c.bank for c in citizens.rules.blueprint} == {"hai"}
    staff, citizens = first("bon-tuan-hai-bo-cau-hoi", SUPPLY[:1]).divisions
    assert staff.rules.blueprint == citizens.rules.blueprint


def test_every_round_draws_from_its_own_part_only_where_there_is_enough():
    assert first("muoi-sau-tuan-khong-gioi-han-luot").contest.split_pool
    few = [TopicSupply("mot", "chung", "Quy định chung", {1: 159})]
    assert not first("muoi-sau-tuan-khong-gioi-han-luot", few).contest.split_pool


class TestCalendar:
    def spans(self, code: str) -> list[tuple[str, str]]:
        form = "%a %d/%m %H:%M"
        return [(local(r.opens_at).strftime(form), local(r.closes_at).strftime(form)) for r in first(code).rounds]

    def test_from_a_weekday_and_hour_to_another(self):
        assert self.spans("muoi-sau-tuan-khong-gioi-han-luot")[:2] == [
            ("Mon 09/11 10:00", "Mon 16/11 09:00"),
            ("Mon 16/11 10:00", "Mon 23/11 09:00"),
        ]

    def test_the_named_day_counts_though_its_hour_is_over(self):
        preset = presets()["gio-hanh-chinh"]
        monday = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)  # 08:00, the preset opens at 07:30
        rules = first_rule_set(preset, title="T", law_date=date(2026, 1, 1), opens_at=monday, topics=SUPPLY)
        assert local(rules.rounds[0].opens_at).strftime("%d/%m %H:%M") == "09/11 07:30"
        assert local(rules.rounds[0].closes_at).strftime("%a %H:%M") == "Fri 17:30"
        assert rules.rounds[0].rules.hours.weekdays == (1, 2, 3, 4, 5)

    def test_weeks_meet_without_overlap(self):
        rounds = first("nhieu-ky-hang-tuan").rounds
        assert [r.opens_at - OPENS for r in rounds] == [timedelta(weeks=n) for n in range(4)]
        assert all(a.closes_at <= b.opens_at for a, b in pairwise(rounds))

    def test_months_and_quarters_keep_the_day(self):
        assert [a for a, _b in self.spans("hang-quy-thi-viet")] == [
            "Thu 05/11 08:00", "Fri 05/02 08:00", "Wed 05/05 08:00", "Thu 05/08 08:00",
        ]  # fmt: skip

    def test_a_month_that_is_too_short_gives_its_last_day(self):
        preset = presets()["hang-thang-trac-nghiem-tu-luan"]
        last = datetime(2026, 1, 31, 1, 0, tzinfo=UTC)
        rounds = first_rule_set(preset, title="T", law_date=date(2026, 1, 1), opens_at=last, topics=SUPPLY).rounds
        assert [local(r.opens_at).strftime("%d/%m") for r in rounds[:3]] == ["31/01", "28/02", "31/03"]

    def test_periods_are_named(self):
        periods = [r.rules.period for r in first("tam-ky-ba-bang-cong-diem").rounds]
        assert periods == ["Đợt 1"] * 4 + ["Đợt 2"] * 4

    def test_the_final_comes_after_and_admits_from_all_before(self):
        *weeks, final = first("hang-tuan-chung-ket").rounds
        assert final.opens_at > weeks[-1].closes_at
        assert final.rules.admission.rounds == tuple(r.code for r in weeks)
        assert final.rules.admission.quota * len(weeks) == 28
        assert (final.rules.minutes, final.rules.attempt_limit) == (20, 1)
        assert sum(c.count for c in final.rules.blueprints["bang-1"]) == 40

    def test_finals_follow_one_another(self):
        base = presets()["hang-tuan-chung-ket"]
        semi = Final(name="Bán kết", after_days=3, lasts_hours=1, quota=20)
        preset = Preset.model_validate(base.model_dump() | {"finals": [semi, *base.finals]})
        rules = first_rule_set(preset, title="T", law_date=date(2026, 1, 1), opens_at=OPENS, topics=SUPPLY)
        assert [r.rules.admission.rounds for r in rules.rounds[-2:]] == [
            ("ky-1", "ky-2", "ky-3", "ky-4"), ("chung-ket-1",),
        ]  # fmt: skip

    @pytest.mark.parametrize("fields", [{"count": 1}, {"count": 2, "lasts_days": 1}])
    def test_a_calendar_must_be_whole(self, fields):
        with pytest.raises(ValueError, match="round"):
            Calendar(**fields)


def test_the_page_says_what_the_bank_lacks(given, visit):
    given.bank(40, "mot")
    organizer = visit(given.account(Role.ORGANIZER))
    sent = {"title": "Thi viết", "preset": "hang-quy-thi-viet", "banks": ["mot"], "opens_at": "2026-11-05T08:00"}
    page = organizer.get(organizer.post("/to-chuc/cuoc-thi/moi", sent).headers["Location"])
    assert "ngân hàng đã chọn chưa có câu tự luận nào rút được" in page.text
    assert "10 câu" in page.text  # the draft can be used all the same
