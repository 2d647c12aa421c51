"""The front page: which contest it shows, and what it must not give away."""

from datetime import date, timedelta

import pytest

from quiz.access import Role
from quiz.contests.models import Entry
from quiz.db import db
from quiz.ranking.models import Board, Ranking
from quiz.recognition.models import Award, Certificate, Decision

HOUR = timedelta(hours=1)


@pytest.fixture
def board(given, clock):
    def make(round_id: int, division_id: int, people: int, audience: str = "public", state: str = "live") -> int:
        return given.save(
            Board(
                round_id=round_id, scope=round_id, division_id=division_id, audience=audience, state=state, chain=["score"],
                rules="", people=people, made_at=clock.now, checked_at=clock.now, changed_at=clock.now,
            )
        )  # fmt: skip

    return make


@pytest.fixture
def winner(given, app, clock):
    """`winner(contest, round number, name)` gives a person a first prize by a decision of its own."""

    def make(contest_id: int, name: str, *, round_: int = 0, number: int = 1, revoked: bool = False) -> None:
        round_id, division_id = given.round_ids(contest_id)[round_], given.division_ids(contest_id)[0]
        ranking_id = given.save(
            Ranking(
                round_id=round_id, division_id=division_id, number=number,
                made_at=clock.now, chain=["score"], published_at=clock.now,
            )
        )  # fmt: skip
        entry_id = given.entry(contest_id, given.account(name=name))
        decision = Decision(
            contest_id=contest_id, ranking_id=ranking_id, number="45/QĐ-BTC", signed_on=date(2024, 11, 20),
            place_name="Tây Ninh", signer_name="Người Ký", signer_title="Trưởng Ban", organization="Sở Tư pháp",
            made_at=clock.now, made_by_id=given.account(Role.ORGANIZER),
        )  # fmt: skip
        award = Award(
            decision=decision, entry_id=entry_id, position=1, place=1, tier="nhat", tier_name="Giải Nhất", amount=0
        )
        void = {"revoked_at": clock.now, "revoke_reason": "sai", "revoke_cause": "other"} if revoked else {}
        given.save(
            Certificate(
                award=award,
                code=f"C{entry_id}",
                year=2024,
                register_number=entry_id,
                issued_at=clock.now,
                issued_on=date(2024, 11, 20),
                name=name,
                name_folded="",
                belongs_to="Xã Bến Cầu, tỉnh Tây Ninh",
                printed={},
                **void,
            )
        )

    return make


def home(visit) -> str:
    response = visit().get("/")
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    return response.text


def test_an_empty_house(visit):
    assert "Chưa có cuộc thi nào đang mở" in home(visit)


def test_the_open_contest_that_closes_first(given, visit, clock):
    given.contest(closes_at=clock.now + 2 * HOUR)
    given.contest(closes_at=clock.now + HOUR, summary="Mời bà con dự thi.")
    page = home(visit)
    for words in (
        "<h1 id=\"cuoc-thi\">Cuộc thi số 2</h1>", "Mời bà con dự thi.", 'data-left="3600"', "13:00 ngày 20/11/2024",
        "4 câu", "20 phút", "2 lượt mỗi kỳ, lấy lượt có kết quả tốt nhất", 'href="/cuoc-thi/cuoc-thi-2/dang-ky"',
        'href="/cuoc-thi/cuoc-thi-1"', "ngày 31/12/2024",
    ):  # fmt: skip
        assert words in page


def test_before_the_opening_it_counts_down_to_it(given, visit, clock):
    given.contest(opens_at=clock.now + HOUR, closes_at=clock.now + 2 * HOUR)
    page = home(visit)
    assert "Kỳ 1 mở sau" in page
    assert 'data-left="3600"' in page
    assert "Đăng ký dự thi" in page


def test_after_the_end_there_is_no_entrance(given, visit, clock):
    given.contest()
    clock.advance(hours=1)
    page = home(visit)
    assert "Mọi kỳ đã đóng" in page
    assert "/dang-ky" not in page.split("<main")[1].split("</main>")[0]


def test_people_are_counted_from_the_public_boards(given, visit, board):
    contest_id = given.contest(divisions=("A", "B"))
    (round_id,), (a, b) = given.round_ids(contest_id), given.division_ids(contest_id)
    assert "Đã dự thi kỳ này" not in home(visit)
    board(round_id, a, 1000, state="retired")
    board(round_id, a, 1200)
    board(round_id, a, 9999, state="building")
    board(round_id, a, 5000, audience="staff")  # goes on behind the freeze
    board(round_id, b, 34)
    assert "1.234 người" in home(visit)


def test_no_count_while_a_prediction_is_open(given, visit, board):
    rules = {"prediction": {"target": "people"}, "chain": ["score", "prediction"]}
    contest_id = given.contest(rules=rules)
    board(given.round_ids(contest_id)[0], given.division_ids(contest_id)[0], 1234)
    page = home(visit)
    assert "1.234" not in page
    assert "và 1 câu dự đoán" in page


def test_winners_of_the_latest_decision_with_name_and_unit_only(given, visit, winner):
    contest_id = given.contest(rounds=2)
    winner(contest_id, "Người Cũ")
    winner(contest_id, "Trần Văn Út", round_=1)
    page = home(visit)
    for words in ("Người đạt giải, Kỳ 2", "Trần Văn Út", "Xã Bến Cầu, tỉnh Tây Ninh", "Giải Nhất"):
        assert words in page
    assert "Người Cũ" not in page
    assert "1990" not in page


def test_a_corrected_decision_replaces_the_former(given, visit, winner):
    contest_id = given.contest()
    winner(contest_id, "Người Bị Thu Hồi", revoked=True)
    winner(contest_id, "Người Được Giải", number=2)
    page = home(visit)
    assert "Người Được Giải" in page
    assert "Người Bị Thu Hồi" not in page


def test_only_revoked_prizes_are_no_winners(given, visit, winner, app):
    winner(given.contest(), "Người Bị Thu Hồi", revoked=True)
    assert "Người đạt giải" not in home(visit)
    with app.app_context():
        assert db.session.query(Entry).count() == 1
