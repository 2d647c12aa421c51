"""Pools of rounds: own blueprints, items shared out among rounds, essays, and what is said when there are too few."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks.models import Item, ItemVersion
from quiz.contests import queries, service
from quiz.contests.models import Contest, Pool
from quiz.contests.pool_plan import planned_pools
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import EXEMPLARS, rule_set
from quiz.contests.service import items_of_round
from quiz.contests.topics import drawable, left_out, supply, supply_with_exemplars, titles
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.rules.commitment import commitment
from quiz.rules.drawing import ESSAY, draw, split, split_seed

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def draft(given, clock):
    """`draft(rounds=3, …)`: a draft that opens in a day; its bank has sixteen items, eight of them in topic "chung"."""

    def make(*, divisions=("Bảng A",), blueprint=None, own=None, **rules):
        contest_id = given.contest(
            state="draft", opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=2),
            divisions=divisions, rounds=3, rules=rules,
        )  # fmt: skip
        with transaction():
            contest = db.session.get_one(Contest, contest_id)
            bank = contest.divisions[0].rules["blueprint"][0]["bank"]

            def cells(named):
                return [{"bank": bank, **cell} for cell in named]

            for division in contest.divisions:
                division.rules = division.rules | {"blueprint": cells(blueprint or [{"topic": "chung", "count": 2}])}
            for round_ in contest.rounds:
                if round_.code in (own or {}):
                    of_divisions = {code: cells(named) for code, named in own[round_.code].items()}
                    round_.rules = {"blueprints": of_divisions}
        return contest_id, given.account(Role.ORGANIZER)

    return make


def opened(contest_id, actor_id, now):
    contest = db.session.get_one(Contest, contest_id)
    with transaction():
        service.open_contest(contest, db.session.get_one(Account, actor_id), now=now)
    return contest


def ids(contest, division, round_):
    return {c.version_id for c in candidates_of(pool_id_of(contest.divisions[division].id, contest.rounds[round_].id))}


def test_rounds_that_share_out_the_bank_share_no_item(draft, db_session, clock):
    contest = opened(*draft(divisions=("A", "B"), split_pool=True), clock.now)
    assert len(db_session.scalars(select(Pool)).all()) == 6
    parts = [ids(contest, 0, n) for n in range(3)]
    assert [ids(contest, 1, n) for n in range(3)] == parts  # the divisions ask the same of each round
    assert sorted(map(len, parts)) == [2, 3, 3]
    assert len(set().union(*parts)) == 8
    pools = queries.pool_digests(contest.id)
    for round_ in contest.rounds:
        digests = {d.code: pools[d.code, round_.code] for d in contest.divisions}
        assert round_.commitment == commitment(round_.code, digests, items_of_round(round_), round_.secret)


def test_anybody_can_cut_the_bank_again_once_every_secret_is_out(draft, db_session, clock):
    contest = opened(*draft(split_pool=True), clock.now)
    pools = [candidates_of(pool_id_of(contest.divisions[0].id, r.id)) for r in contest.rounds]
    seed = split_seed([r.secret for r in contest.rounds])
    again = split([c for pool in pools for c in pool], 3, seed)
    assert [sorted(part) for part in again] == [list(pool) for pool in pools]


def test_a_round_with_a_blueprint_of_its_own_has_its_own_pool(draft, db_session, clock):
    own = {"ky-3": {"bang-1": [{"topic": "danh-hieu", "count": 3}]}}
    contest = opened(*draft(divisions=("A", "B"), own=own), clock.now)
    pools = queries.pool_digests(contest.id)
    assert list(pools) == [("bang-1", "ky-3"), ("bang-1", None), ("bang-2", None)]
    assert ids(contest, 0, 0) == ids(contest, 0, 1) == ids(contest, 1, 2)
    assert not ids(contest, 0, 2) & ids(contest, 0, 0)
    last = contest.rounds[2]
    digests = {"bang-1": pools["bang-1", "ky-3"], "bang-2": pools["bang-2", None]}
    assert last.commitment == commitment(last.code, digests, items_of_round(last), last.secret)


@one_database
def test_a_round_with_other_topics_leaves_the_others_their_items(draft, db_session, clock):
    own = {"ky-3": {"bang-1": [{"topic": "danh-hieu", "count": 3}]}}
    contest = opened(*draft(own=own, split_pool=True), clock.now)
    assert [len(ids(contest, 0, n)) for n in range(3)] == [4, 4, 8]


@one_database
@pytest.mark.parametrize(
    ("rules", "blueprint", "own", "reason", "words"),
    [
        ({"split_pool": True}, [{"topic": "chung", "count": 3}], None, ContestRefusal.SHARE_TOO_SMALL,
         ["“Kỳ ", "“Bảng A”", "Quy định chung", "cần 3 câu", "chỉ có 2 câu"]),
        ({}, None, {"ky-2": {"bang-1": [{"topic": "danh-hieu", "level": 1, "count": 7}]}},
         ContestRefusal.ROUND_BANK_TOO_SMALL, ["“Kỳ 2”", "“Bảng A”", "Danh hiệu thi đua", "mức nhận biết", "cần 7 câu"]),
        ({}, [{"topic": "chung", "level": 0, "count": 1}], None, ContestRefusal.BANK_TOO_SMALL, ["tự luận", "cần 1 câu"]),
    ],
)  # fmt: skip
def test_too_few_items_are_named_with_their_round(draft, db_session, clock, rules, blueprint, own, reason, words):
    contest_id, actor_id = draft(blueprint=blueprint, own=own, **rules)
    with pytest.raises(Refusal) as refused:
        opened(contest_id, actor_id, clock.now)
    assert refused.value.reason is reason
    assert [word for word in words if word not in refused.value.sentence] == []
    assert db_session.get_one(Contest, contest_id).state == "draft"
    assert [pool for pool in planned_pools(rule_set(db_session.get_one(Contest, contest_id))) if pool.shortage]


@one_database
def test_essays_are_drawn_only_where_a_cell_asks_for_them(given, draft, db_session, clock):
    given.bank(3, "tu-luan", kind="essay", options=[], key=[], topic="chung")
    contest_id, actor_id = draft()
    with transaction():
        division = db_session.get_one(Contest, contest_id).divisions[0]
        more = [{"bank": "tu-luan", "topic": "chung", "level": level, "count": 2} for level in (None, ESSAY)]
        division.rules = division.rules | {"blueprint": more[:1]}
    rules = rule_set(db_session.get_one(Contest, contest_id))
    assert drawable(rules.divisions[0].rules.blueprint, rules.law_date) == []
    (topic,) = [t for t in supply(["tu-luan"], rules.law_date, titles()) if t.topic == "chung"]
    assert (topic.total, topic.levels[ESSAY]) == (0, 3)
    with transaction():
        division.rules = division.rules | {"blueprint": more[1:]}
    contest = opened(contest_id, actor_id, clock.now)
    assert {c.level for c in candidates_of(pool_id_of(contest.divisions[0].id, contest.rounds[0].id))} == {ESSAY}


@pytest.fixture
def on_exemplars(given, draft, app):
    """`on_exemplars(blueprint, n)`: a draft whose bank has n items on exemplars, of both topics; gives their versions too."""

    def make(blueprint, linked=6, **options):
        contest_id, actor_id = draft(blueprint=blueprint, **options)
        with app.app_context():
            items = db.session.scalars(select(Item.id).order_by(Item.id).limit(linked)).all()
            versions = set(db.session.scalars(select(ItemVersion.id).where(ItemVersion.item_id.in_(items))))
        given.exemplar("Tổ hòa giải Mẫu", items=items[:3])
        given.exemplar("Đội Mẫu", items=items[2:])  # an item may ask about two
        return contest_id, actor_id, versions

    return make


@pytest.mark.parametrize("options", [{}, {"split_pool": True}], ids=["one pool", "shared out"])
def test_every_paper_has_just_as_many_items_on_exemplars_as_are_asked_for(on_exemplars, db_session, clock, options):
    blueprint = [{"topic": EXEMPLARS, "count": 1}, {"topic": "chung", "count": 1}]
    contest_id, actor_id, told = on_exemplars(blueprint, **options)
    contest = opened(contest_id, actor_id, clock.now)
    (division,), rules = contest.divisions, rule_set(contest)
    for round_ in contest.rounds:
        pool = candidates_of(pool_id_of(division.id, round_.id))
        assert {c.version_id for c in pool if c.topic == EXEMPLARS} <= told
        for seed in range(20):
            paper = draw(pool, rules.divisions[0].rules.cells, seed)
            assert [item.version_id in told for item in paper].count(True) == 1


@one_database
def test_without_such_a_line_items_on_exemplars_stand_in_their_topics(on_exemplars, db_session, clock):
    contest_id, actor_id, told = on_exemplars([{"topic": "chung", "count": 2}, {"topic": "danh-hieu", "count": 2}])
    contest = opened(contest_id, actor_id, clock.now)
    pool = candidates_of(pool_id_of(contest.divisions[0].id, contest.rounds[0].id))
    assert told <= {c.version_id for c in pool}
    assert EXEMPLARS not in {c.topic for c in pool}


@one_database
def test_too_few_items_on_exemplars_are_named(on_exemplars, db_session, clock):
    contest_id, actor_id, _told = on_exemplars([{"topic": EXEMPLARS, "count": 7}])
    with pytest.raises(Refusal) as refused:
        opened(contest_id, actor_id, clock.now)
    assert refused.value.reason is ContestRefusal.BANK_TOO_SMALL
    assert "Gương điển hình tiên tiến" in refused.value.sentence
    assert "chỉ có 6 câu" in refused.value.sentence


@one_database
def test_the_builder_offers_items_on_exemplars_beside_their_topics(on_exemplars, given, db_session):
    contest_id, _actor, told = on_exemplars([{"topic": EXEMPLARS, "count": 2}])
    given.exemplar("Chưa đăng", state="draft")
    rules, names = rule_set(db_session.get_one(Contest, contest_id)), titles()
    banks = {c.bank for c in rules.divisions[0].rules.blueprint}
    offered = supply_with_exemplars(banks, rules.law_date, names)
    assert offered[:-1] == supply(banks, rules.law_date, names)
    assert (offered[-1].topic, offered[-1].title, offered[-1].total) == (EXEMPLARS, "Gương điển hình tiên tiến", 6)
    assert {c.version_id for c in drawable(rules.divisions[0].rules.blueprint, rules.law_date)} == told
    assert left_out([rules.divisions[0].rules], rules.law_date) == []
