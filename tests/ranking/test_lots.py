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
from quiz.ranking.models import Lot, LotKind, LotNotice
from quiz.ranking.refusals import RankingRefusal
from quiz.rules.lots import draw_lots

SEED = "123456"
SOURCE = "Giải đặc biệt xổ số kiến thiết Tây Ninh, quay 16:15 ngày 28/11/2024"
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


@pytest.fixture
def deed(app, clock, judge):
    """`deed(lots.announce, sheet, kind, place, text)`: gives the id of what was written; each is a minute later."""

    def do(what, ranking_id, *arguments):
        clock.advance(minutes=1)
        with app.app_context(), transaction():
            ranking, actor = queries.sheet_by_id(ranking_id), db.session.get(Account, judge)
            return what(ranking, *arguments, actor, now=clock.now + timedelta(minutes=70)).id

    return do


def refusal_of(deed, *arguments):
    with pytest.raises(Refusal) as refused:
        deed(*arguments)
    assert refused.value.sentence
    return refused.value.reason


TIE, LUCKY = LotKind.TIE, LotKind.LUCKY


def test_a_lot_puts_those_who_share_a_place_in_order_for_the_prizes(app, deed, sheet):
    ranking_id = sheet([4, 4, 4, 3])
    with app.app_context():
        ranking = queries.sheet_by_id(ranking_id)
        sharing = queries.sharing(ranking, 1)
        assert queries.shared_places(ranking, limit=5) == [(1, 3)]
        before = prizes.proposed(ranking).given
        assert [(p.tier.code, p.contested) for p in before] == [("nhat", True)] * 3
        expected = draw_lots(SEED, ranking.digest, sharing)
    deed(lots.announce, ranking_id, TIE, 1, SOURCE)
    deed(lots.draw, ranking_id, TIE, 1, SEED)
    with app.app_context():
        after = prizes.proposed(queries.sheet_by_id(ranking_id)).given
        assert [(p.standing.entry_id, p.tier.code, p.contested) for p in after] == [
            (expected[0], "nhat", False), (expected[1], "nhi", False),
        ]  # fmt: skip
    assert refusal_of(deed, lots.draw, ranking_id, TIE, 1, "99999") is RankingRefusal.DRAWN_ALREADY
    assert refusal_of(deed, lots.announce, ranking_id, TIE, 1, "nguồn khác") is RankingRefusal.ANNOUNCED_ALREADY
    assert refusal_of(deed, lots.announce, ranking_id, TIE, 4, SOURCE) is RankingRefusal.NOT_SHARED
    for table, columns in ((Lot, {"seed": "khác"}), (LotNotice, {"source": "khác"})):
        for statement in (db.update(table).values(columns), db.delete(table)):
            with app.app_context(), pytest.raises(DBAPIError), transaction():
                db.session.execute(statement)


def test_nobody_draws_with_a_seed_whose_source_was_not_announced(app, clock, judge, deed, sheet):
    ranking_id = sheet([4, 4])
    assert refusal_of(deed, lots.draw, ranking_id, TIE, 1, SEED) is RankingRefusal.NOT_ANNOUNCED
    deed(lots.announce, ranking_id, TIE, 1, SOURCE)
    with app.app_context():
        ranking, actor = queries.sheet_by_id(ranking_id), db.session.get(Account, judge)
        with pytest.raises(Refusal) as at_once:
            lots.draw(ranking, TIE, 1, SEED, actor, now=clock.now + timedelta(minutes=70))
    assert at_once.value.reason is RankingRefusal.NOT_ANNOUNCED


@pytest.mark.parametrize(("among", "people"), [("everybody", 5), ("all_correct", 3), ("without_prize", 3)])
def test_the_urn_of_a_lucky_draw(app, deed, sheet, among, people):
    lucky = {"name": "Giải may mắn", "quota": 2, "among": among}
    ranking_id = sheet([4, 4, 4, 3, 3] if among != "without_prize" else [4, 3, 2, 2, 2], lucky=lucky)
    deed(lots.announce, ranking_id, LUCKY, 0, SOURCE)
    lot_id = deed(lots.draw, ranking_id, LUCKY, 0, SEED)
    with app.app_context():
        lot, ranking = db.session.get(Lot, lot_id), queries.sheet_by_id(ranking_id)
        assert lot.urn == people
        assert len(lot.entries) == min(people, 4)
        assert lots.lucky_winners(ranking) == lot.entries[:2]
        assert lot.entries == draw_lots(lot.seed, ranking.digest, lots.urn(ranking, lots.lucky_rules(ranking)))[:4]


def test_no_lucky_draw_without_a_rule_or_people(deed, sheet):
    assert refusal_of(deed, lots.announce, sheet([4]), LUCKY, 0, SOURCE) is RankingRefusal.NO_LUCKY_DRAW
    empty = sheet([3], lucky={"among": "all_correct"})
    deed(lots.announce, empty, LUCKY, 0, SOURCE)
    assert refusal_of(deed, lots.draw, empty, LUCKY, 0, SEED) is RankingRefusal.EMPTY_URN


def test_the_pages_of_a_draw(given, clock, visit, judge, sheet):
    ranking_id = sheet([4, 4, 3])
    clock.advance(minutes=70)
    person, address = visit(judge), f"/xet-hang/{ranking_id}"
    assert "Bốc thăm giữa 2 người đồng hạng 1" in person.get(address).text
    short = person.post(f"{address}/boc-tham/bao-truoc", {"place": "1", "source": "xs"}, page=address)
    assert short.status_code == 422
    assert "Nguồn cần từ 10 đến 500 ký tự." in short.text
    notice = {"place": "1", "source": SOURCE}
    assert person.post(f"{address}/boc-tham/bao-truoc", notice, page=address).status_code == 302
    clock.advance(hours=5)
    assert SOURCE in person.get(address).text
    fields = {"place": "1", "seed": SEED}
    assert person.post(f"{address}/boc-tham", {"place": "1", "seed": "1"}, page=address).status_code == 422
    drawn = person.post(f"{address}/boc-tham", fields, page=address)
    assert drawn.status_code == 302
    page = person.get(drawn.headers["Location"]).text
    assert "Tính lại ra đúng thứ tự này" in page
    assert SOURCE in page
    assert visit().get(drawn.headers["Location"]).status_code == 404  # the sheet is not published
    assert person.post(f"{address}/boc-tham", fields, page="/tai-khoan").status_code == 409
    assert visit(given.account()).post(f"{address}/boc-tham", fields, page="/tai-khoan").status_code == 403
    assert "bốc thăm thứ 1" in person.get(address).text
