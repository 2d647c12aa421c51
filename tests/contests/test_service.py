"""Opening, closing, extending, registering."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests import queries, service
from quiz.contests.models import Contest, Division, Entry, Pool, Qualification, Round, RuleVersion
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.refusals import ContestRefusal
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.contests.service import items_of_round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.rules.commitment import commitment, pool_digest
from quiz.rules.drawing import Candidate
from quiz.rules.eligibility import EntryRefusal

MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)  # answers are still taken at the last moment of the grace


@pytest.fixture
def draft(given, clock):
    """A draft that opens in a day, with its organizer: (contest id, account id)."""
    contest_id = given.contest(
        state="draft", opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=8),
        divisions=("Bảng A", "Bảng B"),
    )  # fmt: skip
    return contest_id, given.account(Role.ORGANIZER)


def opened(contest_id: int, actor_id: int, now) -> Contest:
    contest = db.session.get_one(Contest, contest_id)
    with transaction():
        service.open_contest(contest, db.session.get_one(Account, actor_id), now=now)
    return contest


def test_opening_freezes_pools_and_publishes_commitments(draft, db_session, clock):
    contest = opened(*draft, clock.now)
    assert (contest.state, contest.opened_at) == ("open", clock.now)
    pools = queries.pool_digests(contest.id)
    assert list(pools) == [("bang-1", None), ("bang-2", None)]
    digests = {division: digest for (division, _round), digest in pools.items()}
    for round_ in contest.rounds:
        assert len(bytes.fromhex(round_.secret)) == 32
        assert round_.commitment == commitment(round_.code, digests, items_of_round(round_), round_.secret)
    for pool in db_session.scalars(select(Pool)):
        assert pool.digest == pool_digest(pool.candidates)
        assert {row[2] for row in pool.candidates} == {"chung"}  # only what the blueprint can draw
    record = db_session.scalars(select(JournalRecord)).one()
    assert (record.action, record.subject) == ("contest.opened", f"contest:{contest.id}")
    assert record.after["pools"] == digests
    assert contest.rounds[0].secret not in str(record.after)
    version = db_session.scalars(select(RuleVersion)).one()
    assert (version.contest_id, version.number, version.made_at) == (contest.id, 1, clock.now)
    assert RuleSet.model_validate(version.rules) == rule_set(contest)


def test_pools_are_read_from_memory(draft, db_session, clock):
    contest = opened(*draft, clock.now)
    pool_id = pool_id_of(contest.divisions[0].id, contest.rounds[0].id)
    candidates = candidates_of(pool_id)
    assert all(isinstance(c, Candidate) for c in candidates)
    assert len(candidates) == 8
    assert candidates_of(pool_id) is candidates


def test_opening_twice_is_refused(draft, db_session, clock):
    contest = opened(*draft, clock.now)
    secret = contest.rounds[0].secret
    with pytest.raises(Refusal) as refused:
        opened(*draft, clock.now)
    assert refused.value.reason is ContestRefusal.OPENED_ALREADY
    assert db_session.get_one(Round, contest.rounds[0].id).secret == secret


def test_opening_with_a_bank_too_small_names_what_is_missing(draft, db_session, clock):
    division = db_session.get_one(Contest, draft[0]).divisions[1]
    cells = [{**division.rules["blueprint"][0], "level": 2, "count": 7}]
    with transaction():
        division.rules = division.rules | {"blueprint": cells}
    with pytest.raises(Refusal) as refused:
        opened(*draft, clock.now)
    assert refused.value.reason is ContestRefusal.BANK_TOO_SMALL
    for words in ("Bảng B", "Quy định chung", "mức thông hiểu", "7 câu"):
        assert words in refused.value.sentence
    contest = db_session.get_one(Contest, draft[0])
    assert (contest.state, db_session.scalars(select(Pool)).all()) == ("draft", [])


def test_the_law_date_decides_what_the_pool_holds(given, clock, db_session):
    bank = "ngan-hang-luat"
    given.bank(8, bank, valid_until=date(2024, 12, 1))
    contest_id = given.contest(state="draft", law_date=date(2024, 11, 30), opens_at=clock.now + MINUTE)
    with transaction():
        contest = db_session.get_one(Contest, contest_id)
        contest.divisions[0].rules = {"blueprint": [{"bank": bank, "topic": "chung", "count": 4}]}
    organizer = given.account(Role.ORGANIZER)
    with transaction():
        contest.law_date = date(2024, 12, 1)
    with pytest.raises(Refusal):
        opened(contest_id, organizer, clock.now)
    with transaction():
        db_session.get_one(Contest, contest_id).law_date = date(2024, 11, 30)
    opened(contest_id, organizer, clock.now)


def test_opening_with_a_round_already_closed_is_refused(draft, db_session, clock):
    clock.advance(days=8)
    with pytest.raises(Refusal) as refused:
        opened(*draft, clock.now)
    assert refused.value.reason is ContestRefusal.ROUND_IS_OVER


def test_opening_an_incomplete_draft_is_refused(draft, db_session, clock):
    with transaction():
        db_session.get_one(Contest, draft[0]).rounds = []
    with pytest.raises(Refusal) as refused:
        opened(*draft, clock.now)
    assert refused.value.reason is ContestRefusal.INCOMPLETE


class TestRounds:
    @pytest.fixture
    def round_(self, given, clock, db_session):
        contest_id = given.contest(opens_at=clock.now, closes_at=clock.now + timedelta(hours=2))
        self.actor_id = given.account(Role.ORGANIZER)
        return db_session.get_one(Round, given.round_ids(contest_id)[0])

    def close(self, round_, now):
        with transaction():
            service.close_round(round_, db.session.get_one(Account, self.actor_id), why="bão", now=now)

    def extend(self, round_, closes_at, now):
        with transaction():
            actor = db.session.get_one(Account, self.actor_id)
            service.extend_round(round_, actor, closes_at=closes_at, why="mạng chậm", now=now)

    def test_closing_early(self, round_, clock, db_session):
        planned = round_.closes_at
        clock.advance(minutes=30)
        self.close(round_, clock.now)
        assert (round_.closes_at, round_.planned_closes_at) == (clock.now, planned)
        record = db_session.scalars(select(JournalRecord)).one()
        assert (record.action, record.reason) == ("round.closed", "bão")
        assert record.before == {"closes_at": planned.isoformat()}
        assert record.after == {"closes_at": clock.now.isoformat()}

    def test_running_attempts_of_a_round_closed_early_keep_their_deadline(self, round_, clock):
        clock.advance(minutes=30)
        self.close(round_, clock.now)
        assert all_ended_at(round_) == clock.now + timedelta(minutes=20, seconds=10) + TICK

    def test_but_never_beyond_the_former_close(self, round_, clock):
        planned = round_.closes_at
        clock.advance(minutes=110)
        self.close(round_, clock.now)
        assert all_ended_at(round_) == planned + timedelta(seconds=10) + TICK

    @pytest.mark.parametrize(
        ("after", "reason"),
        [
            (timedelta(0), ContestRefusal.ROUND_NOT_OPEN),
            (-MINUTE, ContestRefusal.ROUND_NOT_OPEN),
            (timedelta(hours=2), ContestRefusal.ROUND_CLOSED),
            (timedelta(hours=3), ContestRefusal.ROUND_CLOSED),
        ],
    )
    def test_closing_out_of_time_is_refused(self, round_, clock, after, reason):
        with pytest.raises(Refusal) as refused:
            self.close(round_, clock.now + after)
        assert refused.value.reason is reason
        assert round_.name in refused.value.sentence

    def test_closing_twice_is_refused(self, round_, clock):
        clock.advance(minutes=30)
        self.close(round_, clock.now)
        with pytest.raises(Refusal) as refused:
            self.close(round_, clock.now)
        assert refused.value.reason is ContestRefusal.ROUND_CLOSED

    def test_extending(self, round_, clock, db_session):
        later = round_.closes_at + timedelta(days=1)
        self.extend(round_, later, clock.now)
        assert (round_.closes_at, round_.planned_closes_at) == (later, None)
        assert db_session.scalars(select(JournalRecord)).one().action == "round.extended"

    def test_extending_to_an_earlier_moment_is_refused(self, round_, clock):
        with pytest.raises(Refusal) as refused:
            self.extend(round_, round_.closes_at, clock.now)
        assert refused.value.reason is ContestRefusal.CLOSE_NOT_LATER

    def test_a_closed_round_stays_closed(self, round_, clock):
        clock.advance(hours=2)
        with pytest.raises(Refusal) as refused:
            self.extend(round_, clock.now + timedelta(days=1), clock.now)
        assert refused.value.reason is ContestRefusal.ROUND_CLOSED

    def test_a_draft_has_nothing_to_close(self, given, clock, db_session):
        contest_id = given.contest(state="draft")
        self.actor_id = given.account(Role.ORGANIZER)
        round_ = db_session.get_one(Round, given.round_ids(contest_id)[0])
        with pytest.raises(Refusal) as refused:
            self.close(round_, clock.now + MINUTE)
        assert refused.value.reason is ContestRefusal.NOT_OPENED


class TestAdmitting:
    @pytest.fixture
    def final(self, given, clock, db_session):
        contest_id = given.contest(
            rounds=2, round_rules=[{}, {"admission": {"rounds": ["ky-1"], "quota": 3}}], closes_at=clock.now + MINUTE
        )
        return db_session.get_one(Round, given.round_ids(contest_id)[1])

    def admit(self, given, round_, entries, clock):
        actor = db.session.get_one(Account, given.account(Role.ORGANIZER))
        with transaction():
            return service.admit(round_, entries, actor, now=clock.now)

    def test_many_are_admitted_once_and_journalled(self, given, final, clock, db_session):
        entries = [given.entry(final.contest_id) for _ in range(3)]
        elsewhere = given.entry(given.contest())
        assert self.admit(given, final, entries[:2], clock) == 2
        assert self.admit(given, final, [*entries, elsewhere, 9999], clock) == 1
        assert self.admit(given, final, entries, clock) == 0
        rows = db_session.scalars(select(Qualification).order_by(Qualification.entry_id)).all()
        assert [(row.round_id, row.entry_id, row.admitted_at) for row in rows] == [
            (final.id, entry_id, clock.now) for entry_id in entries
        ]
        assert queries.is_qualified(entries[2], final.id)
        assert not queries.is_qualified(elsewhere, final.id)
        assert queries.qualified_rounds(entries[0]) == {final.id}
        records = db_session.scalars(select(JournalRecord).order_by(JournalRecord.seq)).all()
        assert [(r.action, r.after["entries"]) for r in records] == [("round.admitted", 2), ("round.admitted", 1)]

    def test_a_round_for_all_has_no_list(self, given, final, clock):
        with pytest.raises(Refusal) as refused:
            self.admit(given, final.contest.rounds[0], [given.entry(final.contest_id)], clock)
        assert refused.value.reason is ContestRefusal.NO_ADMISSION


class TestRegistering:
    def register(self, account_id, contest_id, now, division=0, **named):
        contest = db.session.get_one(Contest, contest_id)
        account = db.session.get_one(Account, account_id)
        with transaction():
            return service.register_entry(account, contest, contest.divisions[division], now=now, **named)

    def refusal(self, *arguments, **named):
        with pytest.raises(Refusal) as refused:
            self.register(*arguments, **named)
        return refused.value

    def test_identity_is_frozen(self, given, clock, db_session):
        account_id, contest_id = given.account(unit=given.org_unit("Sở Tư pháp")), given.contest()
        entry = self.register(account_id, contest_id, clock.now)
        assert (entry.belongs_to, entry.registered_at) == ("Sở Tư pháp", clock.now)
        with transaction():
            account = db_session.get_one(Account, account_id)
            account.full_name, account.org_unit.name = "Tên Mới", "Tên khác"
        db_session.expire_all()
        assert (entry.full_name, entry.belongs_to) == ("Người Thứ 2", "Sở Tư pháp")

    def test_registering_again_gives_the_same_entry(self, given, clock, db_session):
        account_id, contest_id = given.account(), given.contest(divisions=("A", "B"))
        first = self.register(account_id, contest_id, clock.now)
        clock.advance(minutes=5)
        again = self.register(account_id, contest_id, clock.now, division=1)
        assert again.id == first.id
        assert len(db_session.scalars(select(Entry)).all()) == 1

    def test_the_table_decides_when_the_first_entry_is_not_seen(self, given, clock, db_session, app):
        """Two clicks at once: the second did not find an entry, and inserts one none the less."""
        account_id, contest_id = given.account(), given.contest()
        first_id = given.entry(contest_id, account_id)
        contest = db_session.get_one(Contest, contest_id)
        late = Entry(
            contest_id=contest_id, division_id=contest.divisions[0].id, account_id=account_id, full_name="X",
            birth_date=date(1990, 1, 1), belongs_to="", registered_at=clock.now,
        )  # fmt: skip
        with transaction():
            assert not service.insert_unless_taken(late)
        assert [e.id for e in db_session.scalars(select(Entry))] == [first_id]

    def test_a_draft_takes_nobody(self, given, clock, db_session):
        refused = self.refusal(given.account(), given.contest(state="draft"), clock.now)
        assert refused.reason is EntryRefusal.CONTEST_NOT_OPEN

    def test_an_ended_contest_takes_nobody(self, given, clock, db_session):
        account_id, contest_id = given.account(), given.contest()
        self.register(given.account(), contest_id, clock.now + timedelta(minutes=59, seconds=59))
        refused = self.refusal(account_id, contest_id, clock.now + timedelta(hours=1))
        assert refused.reason is EntryRefusal.CONTEST_ENDED

    def test_barred_roles(self, given, clock, db_session):
        refused = self.refusal(given.account(Role.JUDGE), given.contest(), clock.now)
        assert refused.reason is EntryRefusal.BARRED_ROLE

    def test_too_young_on_the_local_day_of_the_first_opening(self, given, clock, db_session):
        # opens at 23:30 UTC on 19 November, which is 20 November in Tây Ninh
        opens_at = clock.now.replace(day=19, hour=23, minute=30)
        contest_id = given.contest(opens_at=opens_at, closes_at=clock.now + timedelta(days=1))
        self.register(given.account(birth_date=date(2009, 11, 20)), contest_id, clock.now)
        refused = self.refusal(given.account(birth_date=date(2009, 11, 21)), contest_id, clock.now)
        assert refused.reason is EntryRefusal.TOO_YOUNG
        assert "đủ 15 tuổi vào ngày 20/11/2024" in refused.sentence

    @pytest.mark.parametrize(("born", "is_taken"), [(date(1988, 11, 21), True), (date(1988, 11, 20), False)])
    def test_an_age_may_be_the_highest(self, given, clock, db_session, born, is_taken):
        contest_id, account_id = given.contest(rules={"max_age": 35}), given.account(birth_date=born)
        if is_taken:
            assert self.register(account_id, contest_id, clock.now)
        else:
            refused = self.refusal(account_id, contest_id, clock.now)
            assert refused.reason is EntryRefusal.TOO_OLD
            assert "không quá 35 tuổi vào ngày 20/11/2024" in refused.sentence

    def test_people_of_other_provinces_but_not_of_units_are_outside(self, given, clock, db_session):
        contest_id = given.contest(rules={"areas": [80, 1]})
        self.register(given.account(province_code=80), contest_id, clock.now)
        self.register(given.account(unit=given.org_unit()), contest_id, clock.now)
        for elsewhere in (given.account(province_code=79), given.account(province_code=None)):
            refused = self.refusal(elsewhere, contest_id, clock.now)
            assert refused.reason is EntryRefusal.OUTSIDE_AREA
            assert "Tây Ninh" in refused.sentence

    def test_authors_and_reviewers_of_drawn_items_are_barred(self, given, clock, db_session):
        author, reviewer, other = given.account(), given.account(), given.account()
        contest_id = given.contest(rules={"bars_authors": True}, version={"author_id": author, "reviewer_id": reviewer})
        given.bank(2, "khac", author_id=other)  # of items that this contest does not draw
        for account_id in (author, reviewer):
            assert self.refusal(account_id, contest_id, clock.now).reason is EntryRefusal.WROTE_ITEMS
        self.register(other, contest_id, clock.now)
        self.register(author, given.contest(version={"author_id": author}), clock.now)

    def test_relatives_are_asked_to_declare(self, given, clock, db_session):
        account_id, contest_id = given.account(), given.contest(rules={"bars_relatives": True})
        refused = self.refusal(account_id, contest_id, clock.now)
        assert refused.reason is EntryRefusal.NOT_DECLARED
        assert self.register(account_id, contest_id, clock.now, declared=True).declared
        assert not self.register(given.account(), given.contest(), clock.now).declared

    @pytest.mark.parametrize(
        ("audience", "division", "is_taken"),
        [
            ("student", "student", True), ("student", "citizen", True), ("student", "free", False),
            ("student", "staff", False), ("citizen", "free", True), ("citizen", "student", False),
            ("staff", "free", False), ("student", "all", True),
        ],
    )  # fmt: skip
    def test_students_and_free_people(self, given, clock, db_session, audience, division, is_taken):
        account_id, contest_id = given.account(audience=audience), given.contest()
        with transaction():
            row = db_session.get_one(Division, given.division_ids(contest_id)[0])
            row.rules = row.rules | {"audience": division}
        if is_taken:
            assert self.register(account_id, contest_id, clock.now)
        else:
            assert self.refusal(account_id, contest_id, clock.now).reason is EntryRefusal.WRONG_AUDIENCE

    def test_wrong_audience(self, given, clock, db_session):
        contest_id, account_id = given.contest(), given.account()
        with transaction():
            division = db_session.get_one(Division, given.division_ids(contest_id)[0])
            division.rules = division.rules | {"audience": "staff"}
        assert self.refusal(account_id, contest_id, clock.now).reason is EntryRefusal.WRONG_AUDIENCE


def test_every_refusal_has_a_sentence():
    from quiz.errors import has_sentence

    assert all(has_sentence(reason) for reason in [*ContestRefusal, *EntryRefusal])
