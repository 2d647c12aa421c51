"""A contest whose days cross a change of the law tells its organizer, item by item."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quiz.access import Role
from quiz.banks.models import LawCheck
from quiz.contests import law_warnings
from quiz.contests.law_warnings import Span
from quiz.contests.models import Contest
from quiz.contests.readiness import findings
from quiz.contests.rule_set import rule_set
from quiz.contests.topics import titles
from quiz.db import db
from quiz.law.models import Provision
from tests.conftest import NOON

OPENS, CLOSES = NOON, NOON + timedelta(days=14)  # 20/11 … 4/12/2024
MEANWHILE = date(2024, 12, 1)


@pytest.fixture
def make(given):
    """`make(**columns of its items)`: (contest, document) of a contest that goes on for two weeks."""

    def make(state="open", **version):
        law = given.document()
        contest = given.contest(
            opens_at=OPENS,
            closes_at=CLOSES,
            law_date=OPENS.date(),
            state=state,
            items=2,
            version={"document_id": law} | version,
        )
        return contest, law

    return make


def warnings(app, contest_id):
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        found = law_warnings.of_open(contest) if contest.state == "open" else law_warnings.of_draft(rule_set(contest))
        return [(w.item.code, w.day, law_warnings.told(w), w.check is not None) for w in found]


def test_the_span_goes_from_the_law_date_to_the_last_day_of_the_last_round():
    midnight = datetime(2024, 12, 4, 17, 0, tzinfo=UTC)  # of 5/12 in Tây Ninh
    assert law_warnings.span_of(date(2024, 1, 1), [(OPENS, midnight)]) == Span(date(2024, 1, 1), date(2024, 12, 4))
    assert law_warnings.span_of(date(2025, 1, 1), [(OPENS, CLOSES)]) == Span(date(2024, 11, 20), date(2024, 12, 4))
    later = midnight + timedelta(seconds=1)
    assert law_warnings.span_of(date(2025, 1, 1), [(OPENS, OPENS), (OPENS, later)]).last == date(2024, 12, 5)


@pytest.mark.parametrize(
    ("day", "warned"),
    [(date(2024, 11, 20), False), (date(2024, 11, 21), True), (date(2024, 12, 4), True), (date(2024, 12, 5), False)],
)
def test_a_change_within_the_span_warns(given, app, make, day, warned):
    contest, law = make()
    given.change(law, day)
    assert bool(warnings(app, contest)) is warned


@pytest.mark.parametrize("state", ["open", "draft"])
def test_every_item_that_papers_may_hold_is_named(given, app, make, state):
    contest, law = make(state, article="5")
    given.change(law, MEANWHILE)
    found = warnings(app, contest)
    # a draft draws the topic of its blueprint, the pool of an open one was frozen with all items of the bank
    assert [code for code, *_ in found] == [f"C00{n}" for n in (range(1, 9) if state == "open" else (2, 4, 6, 8))]
    assert {told for _, _, told, _ in found} == {"06/2022/QH15 được sửa đổi bởi 06/2026/QH16"}


def test_a_change_of_other_places_or_documents_is_no_matter(given, app, make):
    contest, law = make(article="5")
    given.change(law, MEANWHILE, scope=[["6", "", ""]])
    given.change(given.document("1/2024", title="Khác"), MEANWHILE)
    assert warnings(app, contest) == []


def test_a_checked_item_is_shown_as_such_and_not_counted(given, app, make):
    contest, law = make()
    change = given.change(law, MEANWHILE)
    given.save(LawCheck(version_id=3, change_id=change, account_id=given.account(), checked_at=NOON))
    assert [code for code, _, _, checked in warnings(app, contest) if checked] == ["C003"]
    with app.app_context():
        row = db.session.get_one(Contest, contest)
        assert law_warnings.count_unchecked(row, NOON) == 7
        assert law_warnings.count_unchecked(row, CLOSES) == 0


@pytest.mark.parametrize(
    ("columns", "document", "told"),
    [
        ({}, {"expires_on": MEANWHILE}, "06/2022/QH15 hết hiệu lực"),
        ({"valid_until": MEANWHILE}, {}, "thời hạn của đáp án hoặc điều khoản kết thúc"),
    ],
)
def test_an_end_without_a_recorded_change_warns_too(given, app, columns, document, told):
    law = given.document(**document)
    version = {"document_id": law} | columns
    contest = given.contest(opens_at=OPENS, closes_at=CLOSES, law_date=OPENS.date(), items=1, version=version)
    assert {(day, said) for _, day, said, _ in warnings(app, contest)} == {(MEANWHILE, told)}


def test_the_end_of_a_provision_warns(given, app, make):
    contest, law = make(article="5")
    given.save(Provision(document_id=law, article="5", expires_on=MEANWHILE))
    assert len(warnings(app, contest)) == 8


def test_a_change_and_the_end_that_it_gives_are_told_once(given, app, make):
    contest, law = make(valid_until=MEANWHILE)
    given.change(law, MEANWHILE)
    assert len(warnings(app, contest)) == 8


def test_the_readiness_of_a_draft_names_the_items(given, app, make):
    contest, law = make("draft")
    given.change(law, MEANWHILE)
    with app.app_context():
        found = [
            f.text for f in findings(rule_set(db.session.get_one(Contest, contest)), titles(), NOON) if f.kind == "warn"
        ]
    text = next(text for text in found if "01/12/2024" in text)
    assert "06/2022/QH15 được sửa đổi bởi 06/2026/QH16: 4 câu" in text
    assert "C002, C004, C006, C008" in text


def test_the_organizer_sees_the_table_and_the_tag(given, visit, make):
    contest, law = make(article="5", clause="2")
    organizer = visit(given.account(Role.ORGANIZER))
    page = organizer.get(f"/to-chuc/cuoc-thi/{contest}").text
    assert "Pháp luật thay đổi trong thời gian thi" not in page
    change = given.change(law, MEANWHILE)
    page = organizer.get(f"/to-chuc/cuoc-thi/{contest}").text
    for text in (
        "8 câu chưa được đối chiếu",
        "Khoản 2 Điều 5",
        "Từ ngày 01/12/2024",
        f'href="/van-ban/thay-doi/{change}"',
    ):
        assert text in page
    assert "Luật thay đổi: 8 câu" in organizer.get("/to-chuc/cuoc-thi").text


def test_the_preview_of_a_draft_shows_the_table(given, visit, make):
    contest, law = make("draft")
    given.change(law, MEANWHILE)
    page = visit(given.account(Role.ORGANIZER)).get(f"/to-chuc/cuoc-thi/{contest}/xem-truoc").text
    assert "4 câu chưa được đối chiếu" in page
