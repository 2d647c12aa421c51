"""Drafts from presets, replaced whole, dropped."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests import drafting, service
from quiz.contests.models import Contest, Division, Round
from quiz.contests.presets import presets
from quiz.contests.readiness import findings
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.contests.topics import titles
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.slugs import free_slug, slug

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

    def test_no_prizes(self, given, db_session):
        given.bank(80)
        document = rule_set(draft()).model_dump()
        document["divisions"][0]["rules"]["prizes"] = []
        warned = [f.text for f in findings(RuleSet.model_validate(document), titles(), NOW)]
        assert "Bảng chung chưa có giải thưởng." in warned
        document["rounds"][0]["rules"]["prizes"] = {"bang-1": [{"code": "nhat", "name": "Giải Nhất", "quota": 1}]}
        warned = [f.text for f in findings(RuleSet.model_validate(document), titles(), NOW)]
        assert "Bảng chung chưa có giải thưởng." not in warned

    def test_a_round_with_too_large_a_paper_and_a_share_too_small(self, given, db_session):
        given.bank(80)
        document = rule_set(draft("nhieu-ky-hang-tuan")).model_dump()
        document["rounds"][3]["rules"]["blueprints"] = {
            "bang-1": [{"bank": "ngan-hang", "topic": "chung", "count": 41}]
        }
        bad = [f.text for f in findings(RuleSet.model_validate(document), titles(), NOW) if f.kind == "bad"]
        assert bad == [
            "Bảng chung, Kỳ 4 cần 41 câu “Quy định chung”, mức bất kỳ; ngân hàng có 10 câu rút được trong phần chia cho kỳ này."
        ]

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
