"""Drafts from presets, replaced whole, dropped."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests import drafting, service
from quiz.contests.models import Contest, Division, Round
from quiz.contests.presets import presets
from quiz.contests.readiness import findings, surprises
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.contests.slugs import free_slug, slug
from quiz.contests.topics import titles
from quiz.db import db, transaction
from quiz.errors import Refusal

OPENS = datetime(2026, 11, 1, 0, tzinfo=UTC)
NOW = datetime(2026, 10, 1, tzinfo=UTC)


def draft(
    preset="mot-ky-mot-luot", title="Tìm hiểu luật", banks=("ngan-hang",), law_date=date(2024, 12, 31)
) -> Contest:
    with transaction():
        return drafting.create_draft(
            presets()[preset], title=title, banks=list(banks), law_date=law_date, opens_at=OPENS, actor=None, now=NOW
        )


def texts(contest: Contest, now=NOW) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"bad": [], "warn": []}
    for finding in findings(rule_set(contest), titles(), now):
        found[finding.kind].append(finding.text)
    return found


@pytest.mark.parametrize("code", presets())
def test_every_preset_makes_a_draft_that_opens(given, db_session, code):
    given.bank(80)
    organizer = given.account(Role.ORGANIZER)
    contest = draft(code)
    rules = rule_set(contest)
    assert {d.rules.items for d in rules.divisions} == {presets()[code].questions}
    assert rules.first_opens_at == OPENS
    assert list(surprises(rules)) == []
    with transaction():
        service.open_contest(contest, db_session.get_one(Account, organizer), now=NOW)
    assert contest.state == "open"


def test_the_weekly_preset_opens_every_week(given, db_session):
    given.bank(80)
    rounds = draft("nhieu-ky-hang-tuan").rounds
    assert [r.opens_at - OPENS for r in rounds] == [timedelta(weeks=n) for n in range(4)]
    assert all(a.closes_at <= b.opens_at for a, b in pairwise(rounds))


def test_addresses_come_from_titles_and_differ(given, db_session):
    given.bank(40)
    assert [draft().slug, draft().slug, draft().slug] == ["tim-hieu-luat", "tim-hieu-luat-2", "tim-hieu-luat-3"]
    assert slug("Đồng Tháp: “Ơ kìa!”") == "dong-thap-o-kia"
    assert slug("???") == "x"
    assert free_slug("a", {"a", "a-2", "a-4"}) == "a-3"


def test_saving_replaces_parts_and_keeps_codes(given, db_session):
    given.bank(80)
    contest = draft("mot-ky-du-doan-hai-bang")
    kept = contest.divisions[1].id
    document = rule_set(contest).model_dump()
    document["divisions"] = [
        document["divisions"][1] | {"name": "Nhân dân"},
        document["divisions"][0] | {"code": "moi"},
    ]
    with transaction():
        drafting.save_draft(contest, RuleSet.model_validate(document), summary="Lời", rules_number="1/TL")
    db_session.expire_all()
    assert [(d.code, d.name, d.position) for d in contest.divisions] == [
        ("bang-2", "Nhân dân", 1), ("moi", "Bảng Cán bộ, công chức", 2),
    ]  # fmt: skip
    assert contest.divisions[0].id == kept
    assert (contest.summary, contest.rules_number) == ("Lời", "1/TL")


def test_a_draft_changed_meanwhile_is_neither_replaced_nor_opened(given, db_session):
    given.bank(80)
    contest = draft()
    actor = db_session.get_one(Account, given.account(Role.ORGANIZER))
    seen = drafting.draft_mark(contest)
    with transaction():
        drafting.save_draft(contest, rule_set(contest), summary="Lời mới", rules_number="", seen=seen)
    for deed in (
        lambda: drafting.save_draft(contest, rule_set(contest), summary="Lời cũ", rules_number="", seen=seen),
        lambda: service.open_contest(contest, actor, now=NOW, seen=seen),
    ):
        with pytest.raises(Refusal) as refused, transaction():
            deed()
        assert refused.value.reason is ContestRefusal.CHANGED_MEANWHILE
    db_session.expire_all()
    assert (contest.summary, contest.state) == ("Lời mới", "draft")


def test_an_open_contest_is_not_replaced_nor_dropped(given, db_session):
    contest = db_session.get_one(Contest, given.contest())
    actor = db_session.get_one(Account, given.account(Role.ORGANIZER))
    for deed in (
        lambda: drafting.save_draft(contest, rule_set(contest), summary="", rules_number=""),
        lambda: drafting.drop_draft(contest, actor, now=NOW),
    ):
        with pytest.raises(Refusal) as refused, transaction():
            deed()
        assert refused.value.reason is ContestRefusal.RULES_FIXED


def test_dropping_a_draft_takes_its_parts_along(given, db_session):
    given.bank(40)
    contest = draft()
    with transaction():
        drafting.drop_draft(contest, db_session.get_one(Account, given.account(Role.ORGANIZER)), now=NOW)
    for model in (Contest, Division, Round):
        assert db.session.scalars(select(model)).all() == []


class TestReadiness:
    def test_nothing_to_say(self, given, db_session):
        given.bank(80)
        assert texts(draft(law_date=date(2026, 11, 1))) == {"bad": [], "warn": []}

    def test_a_short_bank(self, given, db_session):
        given.bank(10)
        bad = texts(draft())["bad"]
        assert len(bad) == 2
        assert "Bảng chung cần 10 câu “Quy định chung”, mức bất kỳ; ngân hàng có 5 câu rút được." in bad

    def test_a_bank_barely_large_enough(self, given, db_session):
        given.bank(30)
        assert any("gần giống nhau" in text for text in texts(draft())["warn"])

    def test_rounds_in_the_past(self, given, db_session):
        given.bank(80)
        contest = draft()
        assert any("giờ mở đã qua" in text for text in texts(contest, OPENS)["warn"])
        assert any("giờ đóng đã qua" in text for text in texts(contest, OPENS + timedelta(days=30))["bad"])

    def test_overlapping_rounds_and_no_prizes(self, given, db_session):
        given.bank(80)
        document = rule_set(draft("nhieu-ky-hang-tuan")).model_dump()
        document["rounds"][0]["closes_at"] = document["rounds"][1]["opens_at"] + timedelta(minutes=1)
        document["divisions"][0]["rules"]["prizes"] = []
        warned = [f.text for f in findings(RuleSet.model_validate(document), titles(), NOW)]
        assert "“Kỳ 1” và “Kỳ 2” trùng giờ nhau." in warned
        assert "Bảng chung chưa có giải thưởng." in warned

    def test_items_kept_out_by_the_law_date_are_named(self, given, db_session):
        given.bank(80)
        given.bank(4, "cu", valid_until=date(2024, 12, 1))
        document = rule_set(draft()).model_dump()
        document["divisions"][0]["rules"]["blueprint"] += ({"bank": "cu", "topic": "chung", "count": 1},)
        found = findings(RuleSet.model_validate(document), titles(), NOW)
        assert any("2 câu trong các chủ đề đã chọn không được rút" in f.text and "C002, C004" in f.text for f in found)

    def test_parts_that_one_point_cannot_show(self, given, db_session):
        given.bank(80, kind="multiple", key=[1, 2], partial=True)
        document = rule_set(draft()).model_dump()

        def warned(points):
            document["contest"]["points_per_item"] = points
            found = findings(RuleSet.model_validate(document), titles(), NOW)
            return [f.text for f in found if "80 câu chấm từng phần nhưng mỗi câu chỉ 1 điểm" in f.text]

        assert (len(warned(1)), len(warned(2))) == (1, 0)

    def test_items_right_on_the_law_date_and_not_when_people_sit(self, given, db_session):
        given.bank(80, valid_until=date(2025, 1, 1))
        warned = texts(draft())["warn"]
        assert any("Từ ngày 01/01/2025" in text and "80 câu rút được" in text for text in warned)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"attempt_limit": None}, "Không giới hạn lượt mà xét thời gian"),
        ({"attempt_limit": 3, "review_release": "after_submit"}, "biết đáp án rồi thi lại"),
        ({"review_release": "after_submit"}, "người nộp trước có thể đưa đáp án"),
        ({"score_release": "after_publish", "board_release": "after_submit"}, "mà trên bảng có điểm"),
        ({"score_release": "never", "board_release": "after_publish"}, "mà trên bảng có điểm"),
        ({"chain": ("elapsed", "score")}, "không bắt đầu bằng điểm"),
        ({"chain": ("score",)}, "rất nhiều người đồng hạng"),
        ({"attempt_limit": 3, "counted": "last"}, "không lấy lượt tốt nhất"),
        ({"chain": ("score", "fewer_attempts", "elapsed")}, "luôn bằng nhau"),
        ({"minutes": 1}, "chưa đầy 10 giây một câu"),
    ],
)
def test_surprising_combinations_are_said(given, db_session, options, words):
    given.bank(80)
    document = rule_set(draft()).model_dump()
    document["contest"] |= options
    assert any(words in finding.text for finding in surprises(RuleSet.model_validate(document)))
