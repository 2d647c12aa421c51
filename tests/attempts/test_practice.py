"""Practice over the tables, on both databases: nothing that a contest keeps is shown or marked, and memory counts once."""

from datetime import date, timedelta
from random import Random

import pytest
from fsrs import Rating
from sqlalchemy import select

from quiz.accounts.models import Account
from quiz.attempts import practice
from quiz.attempts import practice_queries as queries
from quiz.attempts.models import Attempt
from quiz.attempts.practice import Mode, PracticeRefusal, Wish
from quiz.attempts.practice_models import PracticeBank, PracticeCard, PracticeUse
from quiz.attempts.responses import EMPTY
from quiz.banks.models import Bank, Item, ItemVersion, KeyDoubt
from quiz.contests import service as contests
from quiz.contests.models import Contest, Pool
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import EXEMPLARS, contest_rules
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.rules.practice import Why
from quiz.rules.visibility import Release
from tests.kinds import KINDS, paper_of_all_kinds

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def given_bank(given, db_session, clock):
    """`given_bank(code)`: gives the bank to practice."""

    def make(code, **columns):
        bank = db_session.scalars(select(Bank).where(Bank.code == code)).one()
        values = {"is_on": True, "closed_topics": [], "law_date": None, "changed_at": clock.now}
        with transaction():
            db_session.add(PracticeBank(bank=bank, **values | columns))
        return queries.given_bank(code)

    return make


@pytest.fixture
def contest(given, db_session, given_bank, clock):
    """A contest whose two rounds of an hour come in an hour and in three, and whose whole bank is given to practice.

    Its pool holds all items of the bank, its blueprint asks for one topic.
    """

    def make(**changes):
        values = {"opens_at": clock.now + HOUR, "closes_at": clock.now + 2 * HOUR}
        contest = db_session.get_one(Contest, given.contest(**values | changes))
        given_bank(contest.divisions[0].rules["blueprint"][0]["bank"])
        return contest

    return make


def given_of(contest):
    return queries.given_bank(contest.divisions[0].rules["blueprint"][0]["bank"])


def free_now(contest, clock):
    """Item ids that practice offers now."""
    db.session.expire_all()
    return {p.subject.item_id for p in practice.free_items(Wish(given=given_of(contest)), now=clock.now)}


def whys(contest, clock):
    found = queries.practicable(given_of(contest), clock.now)
    return {line.why for line in queries.kept(found, clock.now)}


def ask(given, clock, account_id=None, **wish):
    return practice.choose(Wish(given=given, **wish), account_id, now=clock.now)


def tell(asked, clock, account_id=None, *, is_right):
    """Answer a single choice."""
    place = next(iter(asked.question.right))
    given = [place] if is_right else [place % len(asked.question.order) + 1]
    with transaction():
        again = practice.ask_again(asked.mark, now=clock.now)
        return practice.answer(again, {**EMPTY, "a": {"1": given}}, account_id, now=clock.now)


def reason(asked, clock):
    with pytest.raises(Refusal) as raised:
        practice.ask_again(asked.mark, now=clock.now)
    return raised.value.reason


def pool_of(contest):
    return db.session.scalars(select(Pool).where(Pool.division_id == contest.divisions[0].id)).one()


def draws_from(contest, rows, now):
    """Let every round of a contest of one division draw from a pool of its own, and no more from the common one."""
    for round_ in contest.rounds:
        where = {"division_id": contest.divisions[0].id, "round_id": round_.id}
        db.session.add(Pool(**where, candidates=rows, digest="d" * 64, frozen_at=now))


# The life of a contest


@pytest.mark.parametrize("release", Release)
def test_through_the_life_of_a_contest(contest, clock, release):
    """Just before, at, and just after every edge of a round; nothing is free but after all is shown."""
    c = contest(rules={"review_release": release.value, "late_start": "full"}, rounds=1)
    (round_,) = c.rounds
    ended = round_.closes_at + timedelta(minutes=20, seconds=10)
    life = [
        (round_.opens_at - TICK, Why.TO_COME), (round_.opens_at, Why.OPEN), (round_.closes_at - TICK, Why.OPEN),
        (round_.closes_at, Why.SITTING), (ended, Why.SITTING),
    ]  # fmt: skip
    for now, why in life:
        clock.now = now
        assert free_now(c, clock) == set()
        assert whys(c, clock) == {why}
    clock.now = ended + TICK
    is_shown = release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE)
    assert bool(free_now(c, clock)) == is_shown
    assert whys(c, clock) == (set() if is_shown else {Why.KEY_KEPT})
    with transaction():
        round_.published_at = clock.now
    assert bool(free_now(c, clock)) == (release is not Release.NEVER)


def test_between_two_rounds_of_one_pool_nothing_is_free(contest, clock):
    c = contest(rounds=2)
    clock.now += 2 * HOUR + timedelta(minutes=1)
    with transaction():  # the second opens later than at once
        c.rounds[1].opens_at, c.rounds[1].closes_at = clock.now + HOUR, clock.now + 2 * HOUR
    assert free_now(c, clock) == set()
    assert whys(c, clock) == {Why.TO_COME}
    clock.now = c.rounds[1].closes_at + timedelta(minutes=1)
    assert len(free_now(c, clock)) == 16


def test_a_round_closed_early_waits_for_those_who_sit(given, contest, clock):
    c = contest(rounds=1)
    entry_id = given.entry(c.id)
    clock.now = c.rounds[0].opens_at + timedelta(minutes=30)
    attempt_id = given.open_attempt(entry_id, c.rounds[0].id)
    with transaction():
        actor = db.session.get_one(Account, given.account())
        contests.close_round(c.rounds[0], actor, why="Mất điện.", now=clock.now + timedelta(minutes=1))
    until, ended = db.session.get_one(Attempt, attempt_id).accept_until, all_ended_at(c.rounds[0])
    assert c.rounds[0].closes_at < until < ended  # who began just before the close would have had until then
    for now, is_free in ((until, False), (ended - TICK, False), (ended, True)):
        clock.now = now
        assert bool(free_now(c, clock)) == is_free


def test_an_attempt_that_outlives_the_rules_of_today_is_waited_for(given, contest, clock):
    """Its minutes were promised; that the rules give fewer since, does not end it."""
    c = contest(rounds=1)
    entry_id = given.entry(c.id)
    clock.now = c.rounds[0].closes_at - timedelta(minutes=1)
    attempt_id = given.open_attempt(entry_id, c.rounds[0].id)  # twenty minutes from now, beyond the close
    until = db.session.get_one(Attempt, attempt_id).accept_until
    for now, whys_now in ((until - TICK, {Why.SITTING}), (until, {Why.SITTING}), (until + TICK, set())):
        clock.now = now
        assert whys(c, clock) == whys_now
    assert free_now(c, clock)


def test_a_draft_keeps_the_topics_it_asks_for(contest, clock):
    c = contest(state="draft")
    topics = {p.subject.topic for p in practice.free_items(Wish(given=given_of(c)), now=clock.now)}
    assert topics == {"danh-hieu"}
    assert whys(c, clock) == {Why.DRAFT}
    with transaction():
        own = {"blueprints": {"bang-1": [{"bank": given_of(c).bank.code, "topic": "danh-hieu", "count": 1}]}}
        c.rounds[0].rules = own  # of one round only
    assert free_now(c, clock) == set()
    with transaction():
        db.session.delete(c)
    assert len(queries.free(queries.practicable(queries.given_banks()[0], clock.now), clock.now)) == 16


def test_a_draft_that_asks_for_items_on_exemplars_keeps_the_whole_bank(contest, clock):
    c = contest(state="draft")
    assert free_now(c, clock)
    with transaction():
        cells = [{"bank": given_of(c).bank.code, "topic": EXEMPLARS, "count": 1}]
        c.divisions[0].rules = {**c.divisions[0].rules, "blueprint": cells}
    assert free_now(c, clock) == set()


def test_any_contest_that_draws_an_item_keeps_it(given, contest, clock):
    """Two contests over one bank: what the first has shown, the second still needs."""
    c = contest(rounds=1)
    clock.now = c.rounds[0].closes_at + HOUR
    assert len(free_now(c, clock)) == 16
    other = db.session.get_one(Contest, given.contest(opens_at=clock.now + HOUR, closes_at=clock.now + 2 * HOUR))
    with transaction():
        draws_from(other, pool_of(c).candidates[:5], clock.now)
    assert len(free_now(c, clock)) == 11


def test_pools_that_were_split_are_free_one_by_one(given, db_session, given_bank, clock):
    """Opened by the service itself: each round draws from items of its own, and the first are free before the second."""
    given.bank(40, "chia")
    bank = given_bank("chia")
    contest_id = given.contest(
        state="draft", rounds=2, opens_at=clock.now + HOUR, closes_at=clock.now + 2 * HOUR, rules={"split_pool": True}
    )
    c = db_session.get_one(Contest, contest_id)
    with transaction():
        c.divisions[0].rules = {**c.divisions[0].rules, "blueprint": [{"bank": "chia", "topic": "chung", "count": 4}]}
        c.rounds[1].opens_at, c.rounds[1].closes_at = clock.now + 5 * HOUR, clock.now + 6 * HOUR
    with transaction():
        contests.open_contest(c, db_session.get_one(Account, given.account()), now=clock.now)

    def free():
        db_session.expire_all()
        return len(practice.free_items(Wish(given=bank, topics=["chung"]), now=clock.now))

    assert free() == 0
    clock.now += 3 * HOUR
    assert free() == 10
    clock.now += 4 * HOUR
    assert free() == 20


def test_walks_through_many_contests_show_nothing_that_any_keeps(given, db_session, given_bank, clock):
    """Contests of all kinds over one bank, at a hundred moments: compared with what their rows say, read another way."""
    given.bank(30, "chung-kho")
    bank = given_bank("chung-kho")
    versions = db_session.execute(select(ItemVersion.id, Item.id).join(Item).join(Bank).where(Bank.code == "chung-kho"))
    item_of = {row[0]: row[1] for row in versions}
    dice, began = Random(6), clock.now
    pools = {}
    for _ in range(6):
        opens = began + timedelta(minutes=dice.randrange(0, 600))
        contest_id = given.contest(
            opens_at=opens, closes_at=opens + timedelta(minutes=dice.randrange(1, 120)), rounds=dice.choice((1, 2)),
            rules={
                "review_release": dice.choice(list(Release)).value, "late_start": dice.choice(("full", "cut")),
                "grace_s": dice.choice((0, 10, 60)),
            },
        )  # fmt: skip
        drawn = dice.sample(sorted(item_of), 6)
        with transaction():
            c = db_session.get_one(Contest, contest_id)
            rows = [[v, "chung-kho", "chung", 1, 4, True, []] for v in sorted(drawn)]
            draws_from(c, rows, began)
            if dice.random() < 0.5:
                for round_ in c.rounds:
                    round_.published_at = round_.closes_at + HOUR
        pools[contest_id] = {item_of[v] for v in drawn}
    seen_free = set()
    for _ in range(100):
        clock.now = began + timedelta(minutes=dice.randrange(0, 1500), microseconds=dice.randrange(3))
        offered = {p.subject.item_id for p in practice.free_items(Wish(given=bank), now=clock.now)}
        for contest_id, items in pools.items():
            c = db_session.get_one(Contest, contest_id)
            rules = contest_rules(c)
            for round_ in c.rounds:
                last = round_.closes_at + timedelta(seconds=rules.grace_s)
                last += timedelta(minutes=20) if rules.late_start.value == "full" else timedelta(0)
                shown = {"never": False, "after_publish": round_.published_at is not None}
                if clock.now <= last or not shown.get(rules.review_release.value, True):
                    assert not offered & items
        seen_free.add(len(offered))
    assert len(seen_free) > 3  # and it does let something through


# What is asked of the item itself


def test_only_what_holds_today_is_practised_and_the_day_can_be_told(given, given_bank, clock):
    given.bank(4, "cu", valid_until=date(2024, 1, 1))
    bank = given_bank("cu")
    assert ask(bank, clock) is None
    with transaction():
        bank.law_date = date(2023, 12, 31)
    assert ask(bank, clock) is not None


def test_doubted_and_retired_items_and_closed_topics_are_left_out(given, db_session, given_bank, clock):
    given.bank(4, "kho")
    bank = given_bank("kho", closed_topics=["danh-hieu"])
    one, two = practice.free_items(Wish(given=bank), now=clock.now)
    with transaction():
        db_session.add(KeyDoubt(version_id=one.candidate.version_id, why="sai", doubted_at=clock.now))
    assert ask(bank, clock).item_id == two.subject.item_id
    with transaction():
        item = db_session.get_one(Item, two.subject.item_id)
        item.state, item.retired_at = "retired", clock.now
    assert ask(bank, clock) is None


def test_what_was_read_a_minute_ago_is_not_shown_when_it_holds_no_more(given, db_session, given_bank, clock):
    given.bank(2, "kho")
    bank = given_bank("kho")
    first = ask(bank, clock, seed=1)
    with transaction():
        db_session.get_one(ItemVersion, first.question.face.version_id).is_live = False
    second = ask(bank, clock, seed=1)
    assert second.item_id != first.item_id
    assert first.item_id in {p.subject.item_id for p in practice.free_items(Wish(given=bank), now=clock.now)}
    clock.advance(minutes=1)
    assert first.item_id not in {p.subject.item_id for p in practice.free_items(Wish(given=bank), now=clock.now)}


def test_essays_are_not_practised(given, given_bank, clock):
    given.bank(2, "luan", kind="essay", options=[], key=[])
    assert ask(given_bank("luan"), clock) is None


def test_a_bank_nobody_has_given_is_not_practised(given, db_session, clock):
    given.bank(2, "kin")
    assert queries.given_bank("kin") is None
    assert queries.given_banks() == []


def test_a_copy_of_a_question_in_another_bank_is_kept_too(given, contest, given_bank, clock):
    """Every bank that tests are given asks in the same words."""
    contest(rounds=1, items=1)  # questions 1 to 4
    given.bank(6, "ban-sao")
    bank = given_bank("ban-sao")
    with transaction():
        version = db.session.scalars(select(ItemVersion).join(Item).join(Bank).where(Bank.code == "ban-sao")).first()
        assert version.stem == "Câu hỏi số 1?"
    assert len(practice.free_items(Wish(given=bank), now=clock.now)) == 2


# Between showing and answering


def test_what_a_contest_takes_meanwhile_is_not_told(given, db_session, given_bank, clock):
    given.bank(2, "kho")
    asked = ask(given_bank("kho"), clock)
    assert practice.ask_again(asked.mark, now=clock.now).item_id == asked.item_id
    draft = db_session.get_one(Contest, given.contest(state="draft"))
    with transaction():
        cells = [{"bank": "kho", "topic": topic, "count": 1} for topic in ("chung", "danh-hieu")]
        draft.divisions[0].rules = {**draft.divisions[0].rules, "blueprint": cells}
    assert reason(asked, clock) is PracticeRefusal.KEPT


def test_what_is_taken_back_reworded_or_old_is_not_told(given, db_session, given_bank, clock):
    given.bank(1, "kho")
    bank = given_bank("kho")
    asked = ask(bank, clock)
    clock.advance(days=1)
    assert practice.ask_again(asked.mark, now=clock.now)
    clock.advance(seconds=1)
    assert reason(asked, clock) is PracticeRefusal.TOO_OLD
    asked = ask(bank, clock)
    with transaction():
        bank.is_on = False
    assert reason(asked, clock) is PracticeRefusal.KEPT
    with transaction():
        bank.is_on = True
        db_session.get_one(ItemVersion, asked.question.face.version_id).is_live = False
    assert reason(asked, clock) is PracticeRefusal.CHANGED


@pytest.mark.parametrize(
    "spoil", [lambda m: "", lambda m: "x" + m, lambda m: m[:-9] + ("A" if m[-9] != "A" else "B") + m[-8:]]
)
def test_a_mark_that_is_not_ours_is_refused(given, given_bank, clock, spoil):
    given.bank(1, "kho")
    asked = ask(given_bank("kho"), clock)
    with pytest.raises(Refusal) as raised:
        practice.ask_again(spoil(asked.mark), now=clock.now)
    assert raised.value.reason is PracticeRefusal.BAD_MARK


def test_the_mark_shows_the_options_again_as_they_were_and_does_not_tell_their_order(
    given, db_session, given_bank, clock
):
    paper_of_all_kinds(given)
    for kind in KINDS:
        bank = given_bank(f"loai-{kind.replace('_', '-')}")
        orders = set()
        for _ in range(8):
            asked = ask(bank, clock)
            assert practice.ask_again(asked.mark, now=clock.now).question == asked.question
            told = practice._signer().loads(asked.mark)
            assert told == [asked.question.face.version_id, asked.nonce, int(clock.now.timestamp())]
            orders.add(tuple(asked.question.order))
        assert len(orders) > 1 or kind in ("true_false", "short_text", "number")


# Memory


def test_a_right_answer_comes_back_in_days_and_a_wrong_one_in_minutes(given, given_bank, clock):
    given.bank(1, "kho")
    bank, person = given_bank("kho"), given.account()
    wrong = tell(ask(bank, clock, person, mode=Mode.LEARN), clock, person, is_right=False)
    assert wrong.due_at - clock.now == timedelta(minutes=10)
    assert wrong.ratings == {}
    assert ask(bank, clock, person, mode=Mode.DUE) is None
    clock.advance(minutes=10)
    right = tell(ask(bank, clock, person, mode=Mode.DUE), clock, person, is_right=True)
    assert right.due_at == right.ratings[Rating.Good] == clock.now.replace(hour=17, minute=0)  # midnight in Tây Ninh
    spans = [right.ratings[rating] for rating in Rating]
    assert spans == sorted(spans)
    assert spans[0] - clock.now == timedelta(minutes=10)
    clock.now = right.due_at - TICK
    assert ask(bank, clock, person, mode=Mode.LEARN) is None
    clock.now = right.due_at
    assert ask(bank, clock, person, mode=Mode.LEARN) is not None


def test_how_hard_it_was_is_said_once_or_twice_alike_and_only_of_the_last_answer(given, given_bank, clock):
    given.bank(1, "kho")
    bank, person = given_bank("kho"), given.account()
    asked = ask(bank, clock, person, mode=Mode.ALL)
    told = tell(asked, clock, person, is_right=True)
    for rating in (Rating.Easy, Rating.Hard, Rating.Easy):
        with transaction():
            assert practice.rate(person, asked.item_id, asked.mark, rating) == told.ratings[rating]
    assert queries.due_moments(person) == {asked.item_id: told.ratings[Rating.Easy]}
    later = ask(bank, clock, person, mode=Mode.ALL)
    tell(later, clock, person, is_right=False)
    for mark, expected in ((asked.mark, PracticeRefusal.NOT_RATED), (later.mark, PracticeRefusal.NOT_RATED), ("x", PracticeRefusal.BAD_MARK)):  # fmt: skip
        with pytest.raises(Refusal) as raised:
            practice.rate(person, asked.item_id, mark, Rating.Easy)
        assert raised.value.reason is expected
    with pytest.raises(Refusal):  # nor anybody else's
        practice.rate(given.account(), later.item_id, later.mark, Rating.Easy)


def test_a_page_sent_twice_counts_once(given, db_session, given_bank, clock):
    given.bank(1, "kho")
    bank, person = given_bank("kho"), given.account()
    asked = ask(bank, clock, person)
    first, second = (tell(asked, clock, person, is_right=r) for r in (True, False))
    assert (second.due_at, second.ratings) == (first.due_at, first.ratings)
    card = db_session.scalars(select(PracticeCard)).one()
    assert (card.seen, card.correct) == (1, 1)
    assert [(u.answered, u.correct) for u in db_session.scalars(select(PracticeUse))] == [(1, 1)]
    tell(ask(bank, clock, person), clock, person, is_right=False)
    card = queries.card_of(person, asked.item_id)
    assert (card.seen, card.correct) == (2, 1)


def test_what_is_due_comes_first_then_what_is_new(given, given_bank, clock):
    given.bank(6, "kho")
    bank, person = given_bank("kho"), given.account()
    wish = {"mode": Mode.LEARN, "seed": 3}
    first = tell(ask(bank, clock, person, **wish), clock, person, is_right=False).asked.item_id
    second = ask(bank, clock, person, **wish).item_id
    assert second != first
    clock.advance(minutes=10)
    assert ask(bank, clock, person, **wish).item_id == first
    met = {first}
    for _ in range(6):
        met.add(tell(ask(bank, clock, person, **wish), clock, person, is_right=True).asked.item_id)
    assert len(met) == 6
    assert ask(bank, clock, person, **wish) is None


def test_visitors_walk_through_everything_and_leave_only_sums(given, db_session, given_bank, clock):
    given.bank(5, "kho")
    bank, after, met = given_bank("kho"), None, []
    while (asked := ask(bank, clock, seed=9, after=after)) is not None:
        told = tell(asked, clock, is_right=len(met) % 2 == 0)
        assert (told.due_at, told.ratings) == (None, {})
        met.append(after := asked.item_id)
    assert len(set(met)) == len(met) == 5
    assert db_session.scalars(select(PracticeCard)).all() == []
    sums = queries.use_by_topic(bank.bank)
    assert {topic: answered for topic, (answered, _correct) in sums.items()} == {"chung": 2, "danh-hieu": 3}
    assert sum(correct for _answered, correct in sums.values()) == 3


def test_who_answers_too_many_in_an_hour_waits(given, given_bank, clock, monkeypatch):
    monkeypatch.setattr(practice, "PER_HOUR", 2)
    given.bank(4, "kho")
    bank, person = given_bank("kho"), given.account()
    for _ in range(2):
        tell(ask(bank, clock, person, mode=Mode.LEARN), clock, person, is_right=True)
    with pytest.raises(Refusal) as raised:
        ask(bank, clock, person, mode=Mode.LEARN)
    assert raised.value.reason is PracticeRefusal.TOO_MANY
    clock.advance(hours=1)
    assert ask(bank, clock, person, mode=Mode.LEARN)


def test_forgetting_erases_the_own_memory_and_nobody_elses(given, db_session, given_bank, clock):
    given.bank(1, "kho")
    bank, one, other = given_bank("kho"), given.account(), given.account()
    for person in (one, other):
        tell(ask(bank, clock, person), clock, person, is_right=True)
    with transaction():
        assert practice.forget(one) == 1
    assert [card.account_id for card in db_session.scalars(select(PracticeCard))] == [other]
    assert db_session.scalars(select(PracticeUse)).one().answered == 2


def test_giving_a_bank_is_told_in_the_journal_and_only_when_something_changes(given, db_session, clock):
    bank = db_session.get_one(Bank, given.bank(1, "kho"))
    actor = db_session.get_one(Account, given.account())
    for _ in range(2):
        with transaction():
            practice.give(
                bank, is_on=True, closed_topics=["chung"], law_date=date(2026, 9, 30), actor=actor, now=clock.now
            )
    (record,) = db_session.scalars(select(JournalRecord).where(JournalRecord.action == "practice.changed"))
    assert (record.before, record.subject) == (None, f"bank:{bank.id}")
    assert record.after == {"is_on": True, "closed_topics": ["chung"], "law_date": "2026-09-30"}


def test_progress_is_by_topic(given, given_bank, clock):
    given.bank(2, "kho")
    bank, person = given_bank("kho"), given.account()
    for is_right in (True, False):
        tell(ask(bank, clock, person, mode=Mode.LEARN), clock, person, is_right=is_right)
    found = queries.progress(person)
    assert {key: (p.items, p.answered) for key, p in found.items()} == {
        (bank.bank_id, "chung"): (1, 1), (bank.bank_id, "danh-hieu"): (1, 1),
    }  # fmt: skip
    assert sum(p.correct for p in found.values()) == 1
