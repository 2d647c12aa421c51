"""Draws on a sheet: ties are put in order once, by a seed that anybody can use again; and the lucky draw."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.ranking import lots, prizes, queries, service
from quiz.ranking.lots import Seed
from quiz.ranking.models import Lot
from quiz.ranking.refusals import RankingRefusal
from quiz.rules.lots import draw_lots

SEED = Seed("XSKT Tây Ninh 26/11/2026: 123456", "Xổ số kiến thiết Tây Ninh, quay 16:15 ngày 26/11/2026")
PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}, {"code": "nhi", "name": "Giải Nhì", "quota": 1}]


@pytest.fixture
def judge(given):
    return given.account(Role.JUDGE)


@pytest.fixture
def sheet(app, given, clock, judge):
    """`sheet([4, 4, 3], lucky=…)`: a sheet ranked by the score alone. Gives its id."""

    def make(scores, **rules):
        contest = given.contest(rules={"chain": ["score"]} | rules, prizes=PRIZES)
        (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
        for score in scores:
            given.attempt(given.entry(contest), round_id, score=score)
        with app.app_context(), transaction():
            round_, division = db.session.get(Round, round_id), db.session.get(Division, division_id)
            now = clock.now + timedelta(minutes=62)
            return service.make_sheet(round_, division, db.session.get(Account, judge), now=now).id

    return make


def draw(app, clock, judge, deed, ranking_id, *arguments):
    with app.app_context(), transaction():
        ranking, actor = queries.sheet_by_id(ranking_id), db.session.get(Account, judge)
        return deed(ranking, *arguments, actor, now=clock.now + timedelta(minutes=70)).id


def refusal_of(*arguments):
    with pytest.raises(Refusal) as refused:
        draw(*arguments)
    assert refused.value.sentence
    return refused.value.reason


def test_a_lot_puts_those_who_share_a_place_in_order_for_the_prizes(app, clock, judge, sheet):
    ranking_id = sheet([4, 4, 4, 3])
    with app.app_context():
        ranking = queries.sheet_by_id(ranking_id)
        sharing = queries.sharing(ranking, 1)
        assert [(len(sharing), place) for place, _n in queries.shared_places(ranking, limit=5)] == [(3, 1)]
        before = prizes.proposed(ranking).given
        assert [(p.tier.code, p.contested) for p in before] == [("nhat", True)] * 3
        expected = draw_lots(SEED.text, ranking.digest, sharing)
    draw(app, clock, judge, lots.draw_tie, ranking_id, 1, SEED)
    with app.app_context():
        after = prizes.proposed(queries.sheet_by_id(ranking_id)).given
        assert [(p.standing.entry_id, p.tier.code, p.contested) for p in after] == [
            (expected[0], "nhat", False), (expected[1], "nhi", False),
        ]  # fmt: skip
    assert refusal_of(app, clock, judge, lots.draw_tie, ranking_id, 1, SEED) is RankingRefusal.DRAWN_ALREADY
    assert refusal_of(app, clock, judge, lots.draw_tie, ranking_id, 4, SEED) is RankingRefusal.NOT_SHARED
    for statement in (db.update(Lot).values(seed="khác"), db.delete(Lot)):
        with app.app_context(), pytest.raises(DBAPIError), transaction():
            db.session.execute(statement)


@pytest.mark.parametrize(("among", "people"), [("everybody", 5), ("all_correct", 3), ("without_prize", 3)])
def test_the_urn_of_a_lucky_draw(app, clock, judge, sheet, among, people):
    lucky = {"name": "Giải may mắn", "quota": 2, "among": among}
    ranking_id = sheet([4, 4, 4, 3, 3] if among != "without_prize" else [4, 3, 2, 2, 2], lucky=lucky)
    lot_id = draw(app, clock, judge, lots.draw_lucky, ranking_id, SEED)
    with app.app_context():
        lot, ranking = db.session.get(Lot, lot_id), queries.sheet_by_id(ranking_id)
        assert lot.urn == people
        assert len(lot.entries) == min(people, 4)
        assert lots.lucky_winners(ranking) == lot.entries[:2]
        assert lot.entries == draw_lots(lot.seed, ranking.digest, lots.urn(ranking, lots.lucky_rules(ranking)))[:4]


def test_no_lucky_draw_without_a_rule_or_people(app, clock, judge, sheet):
    assert refusal_of(app, clock, judge, lots.draw_lucky, sheet([4]), SEED) is RankingRefusal.NO_LUCKY_DRAW
    empty = sheet([3], lucky={"among": "all_correct"})
    assert refusal_of(app, clock, judge, lots.draw_lucky, empty, SEED) is RankingRefusal.EMPTY_URN


def test_the_pages_of_a_draw(app, given, clock, visit, judge, sheet):
    ranking_id = sheet([4, 4, 3])
    clock.advance(minutes=70)
    person = visit(judge)
    sheet_page = f"/xet-hang/{ranking_id}"
    page = person.get(sheet_page).text
    assert "Bốc thăm giữa 2 người đồng hạng 1" in page
    short = person.post(
        f"/xet-hang/{ranking_id}/boc-tham", {"place": "1", "seed": "1", "source": "xs"}, page=sheet_page
    )
    assert short.status_code == 422
    assert "Chuỗi số cần từ 4 đến 200 ký tự." in short.text
    fields = {"place": "1", "seed": SEED.text, "source": SEED.source}
    drawn = person.post(f"/xet-hang/{ranking_id}/boc-tham", fields, page=sheet_page)
    assert drawn.status_code == 302
    address = drawn.headers["Location"]
    assert "Tính lại ra đúng thứ tự này" in person.get(address).text
    assert visit().get(address).status_code == 404  # the sheet is not published
    again = person.post(f"/xet-hang/{ranking_id}/boc-tham", fields, page="/tai-khoan")
    assert again.status_code == 409
    assert visit(given.account()).post(f"/xet-hang/{ranking_id}/boc-tham", fields, page="/tai-khoan").status_code == 403
    assert "bốc thăm thứ 1" in person.get(f"/xet-hang/{ranking_id}").text
