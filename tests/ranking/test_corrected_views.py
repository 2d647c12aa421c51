"""A corrected sheet beside the published one that it replaced: who moved, whose prize did, and the old one kept."""

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Round
from quiz.db import db, transaction
from quiz.ranking import comparisons, corrections, service
from quiz.ranking.models import Ranking

PRIZES = [
    {"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000},
    {"code": "nhi", "name": "Giải Nhì", "quota": 1, "amount": 1_000_000},
]
NAMES = ["Lê Thị Nhất", "Lê Thị Nhì", "Lê Thị Ba", "Lê Thị Tư"]


@pytest.fixture
def corrected(app, given, clock):
    """Four people; the first is annulled after the publication.  `corrected(board_release=…)` gives (slug, accounts, sheets)."""

    def make(**rules):
        contest = given.contest(prizes=PRIZES, rules=rules)
        (round_id,) = given.round_ids(contest)
        accounts = [given.account(name=name) for name in NAMES]
        attempts = [
            given.attempt(given.entry(contest, a), round_id, score=4 - n, correct=4 - n) for n, a in enumerate(accounts)
        ]
        clock.advance(hours=2)
        with app.app_context(), transaction():
            round_ = db.session.get_one(Round, round_id)
            actor = db.session.get_one(Account, given.account(Role.JUDGE))
            sheets = [service.make_sheet(round_, round_.contest.divisions[0], actor, now=clock())]
            service.publish(sheets[0], actor, now=clock())
            first = db.session.get_one(Attempt, attempts[0])
            corrections.annul(first, actor, why="Có biên bản: người khác làm bài thay.", now=clock())
            sheets.append(service.make_sheet(round_, round_.contest.divisions[0], actor, now=clock()))
            return round_.contest.slug, accounts, [s.id for s in sheets]

    return make


@pytest.fixture
def publish(app, given, clock):
    def deed(sheet_id):
        with app.app_context(), transaction():
            actor = db.session.get_one(Account, given.account(Role.ORGANIZER))
            service.publish(db.session.get_one(Ranking, sheet_id), actor, now=clock())

    return deed


def test_who_moved_and_whose_prize_did(app, corrected):
    _slug, _accounts, (old, new) = corrected()
    with app.app_context():
        before, after = (db.session.get_one(Ranking, id_) for id_ in (old, new))
        assert comparisons.replaced_by(before) is None
        assert comparisons.replaced_by(after).id == old
        found = comparisons.changes(before, after)
        assert (found.up, found.down, found.joined, found.left, found.moved) == (3, 0, 0, 1, 4)
        people = found.names()

        def said(moves):
            return [
                (people[m.entry_id].full_name, *((p.place, p.prize) if p else None for p in (m.before, m.after)))
                for m in moves
            ]

        assert said(found.first) == [
            ("Lê Thị Nhì", (2, ""), (1, "")), ("Lê Thị Ba", (3, ""), (2, "")), ("Lê Thị Tư", (4, ""), (3, "")),
            ("Lê Thị Nhất", (1, ""), None),
        ]  # fmt: skip
        assert said(found.of_prizes) == [
            ("Lê Thị Nhì", (2, "Giải Nhì"), (1, "Giải Nhất")), ("Lê Thị Ba", (3, ""), (2, "Giải Nhì")),
            ("Lê Thị Nhất", (1, "Giải Nhất"), None),
        ]  # fmt: skip
        assert comparisons.changes(before, after) is found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages(given, visit, corrected, publish):
    slug, accounts, (_old, new) = corrected()
    board = f"/bang-xep-hang/{slug}/ky-1/bang-1"
    anybody, judge, second = visit(), visit(given.account(Role.JUDGE)), visit(accounts[1])
    # nothing of the coming sheet is told before it is published
    assert anybody.get(f"{board}/so-2").status_code == 404
    assert anybody.get(f"{board}/so-2/thay-doi").status_code == 404
    assert anybody.get(f"{board}/so-1/thay-doi").status_code == 404
    assert anybody.get(f"/xet-hang/{new}/thay-doi").status_code == 302
    assert second.get(f"/xet-hang/{new}/thay-doi").status_code == 403
    assert f"/xet-hang/{new}/thay-doi" in judge.get(f"/xet-hang/{new}").text
    assert "Bảng số 2 chưa công bố" in judge.get(f"/xet-hang/{new}/thay-doi").text
    publish(new)
    page = anybody.get(board).text
    assert f"{board}/so-1" in page
    assert f"{board}/so-2/thay-doi" in page
    assert "Thấy kết quả chưa đúng?" not in page
    assert "Thấy kết quả chưa đúng?" in second.get(board).text
    old = anybody.get(f"{board}/so-1").text
    assert "Đã được thay bằng bảng số 2" in old
    assert "Lê Thị Nhất" in old
    assert anybody.get(f"{board}/so-2").location.endswith(board)
    changes = second.get(f"{board}/so-2/thay-doi").text
    assert "Thứ hạng của bạn" in changes
    assert "Thứ hạng của bạn" not in anybody.get(f"{board}/so-2/thay-doi").text
    assert "không có trên bảng" in changes


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_rules_show_no_board_they_show_no_old_one(visit, corrected, publish):
    slug, _accounts, (_old, new) = corrected(board_release="never")
    publish(new)
    for address in ("so-1", "so-2/thay-doi"):
        page = visit().get(f"/bang-xep-hang/{slug}/ky-1/bang-1/{address}").text
        assert "không công bố bảng xếp hạng" in page
        assert "Lê Thị" not in page
