"""Votes of the council: one ballot each however it is sent, counted once, and no trace of whose it was."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quiz.access import Role
from quiz.accounts import notices
from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars import nominations, votes
from quiz.exemplars.nomination_models import Nomination, PublicComment
from quiz.exemplars.nomination_refusals import VoteRefusal
from quiz.exemplars.vote_models import BallotBox, ConflictCause, OpenBallot, Turnout, VoteMode
from quiz.journal import JournalRecord
from quiz.rules.votes import Base, Choice, Outcome, Tally, VoteRule, mark_of
from tests.exemplars.nominees import Department, code_of
from tests.exemplars.test_nominations import refused
from tests.test_races import at_once

YES, NO, ELSE = Choice
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def inside(db_session):
    """Inside an application context."""


def boxes(vote_id):
    rows = db.session.scalars(db.select(BallotBox).filter_by(vote_id=vote_id).execution_options(populate_existing=True))
    return {box.nomination_id: box.ballots for box in rows}


def outcomes(vote_id):
    return [
        (p.may_vote, p.agree, p.disagree, p.other, p.outcome) for p in Department.vote(vote_id).papers
    ]  # fmt: skip


# Opening


@pytest.mark.usefixtures("inside")
class TestOpening:
    def test_the_council_is_fixed_and_conflicts_are_found(self, department, given, clock):
        """A member of the nominating unit, and whoever confirmed the nomination, do not vote on it."""
        colleague = given.account(Role.COUNCIL_MEMBER, name="Cùng Phòng", unit=department.units[0])
        other = department.heads[1]
        given.save(_grant(other, clock))
        department.council += [colleague, other]
        vote_id, (first, second) = department.voting("Người Một", "Người Hai")
        assert votes.conflicts_of(department.vote(vote_id), colleague).keys() == {first}
        assert votes.conflicts_of(department.vote(vote_id), colleague)[first].cause == ConflictCause.UNIT
        assert votes.conflicts_of(department.vote(vote_id), other)[second].cause == ConflictCause.AUTHOR
        assert votes.conflicts_of(department.vote(vote_id), department.council[0]) == {}
        late = given.account(Role.COUNCIL_MEMBER, name="Đến Sau", unit=department.top)
        with refused(VoteRefusal.NO_SEAT):
            department.cast(vote_id, late, {first: YES, second: YES}, code_of(1))
        (record,) = db.session.scalars(db.select(JournalRecord).filter_by(action="vote.opened"))
        assert record.after["conflicts"] == [[first, colleague, "unit"], [second, other, "author"]]

    def test_a_vote_waits_for_the_end_of_the_public_term(self, department, clock):
        department.open_quarter()
        with refused(VoteRefusal.NOTHING_TO_VOTE_ON):
            department.vote_again()
        department.accepted(0)
        with transaction():
            until = nominations.open_comments(department.quarter(), department.person(department.office), now=clock.now)
        clock.now = until - timedelta(microseconds=1)
        with refused(VoteRefusal.COMMENTS_STILL_RUN):
            department.vote_again()
        clock.now = until
        department.vote_again()
        with refused(VoteRefusal.OPEN_ALREADY):
            department.vote_again()

    def test_too_few_members(self, department, given):
        department.open_quarter()
        department.commented("Người Một")
        with refused(VoteRefusal.TOO_FEW_MEMBERS):
            department.vote_again(members=department.council[:2])
        with refused(VoteRefusal.NOT_OF_THE_COUNCIL):
            department.vote_again(members=[*department.council, department.office])
        near = [given.account(Role.COUNCIL_MEMBER, unit=department.units[0]) for _ in range(3)]
        with refused(VoteRefusal.NOBODY_FREE):
            department.vote_again(members=near)
        with refused(VoteRefusal.TOO_FEW_FOR_SECRET):  # two would know each other's ballots
            department.vote_again(members=near + department.council[:2])
        department.vote_again(VoteMode.OPEN, members=near + department.council[:2])

    def test_what_guarded_the_public_term_is_forgotten(self, department, clock):
        department.open_quarter()
        (id_,) = department.commented("Người Một")
        comment = PublicComment(nomination_id=id_, name="A", contact="b", text="T", sent_at=clock.now, sender="x")
        with transaction():
            db.session.add(comment)
        department.vote_again()
        assert db.session.scalar(db.select(PublicComment.sender)) == ""


def _grant(account_id, clock):
    from quiz.accounts.models import RoleGrant

    return RoleGrant(account_id=account_id, role=Role.COUNCIL_MEMBER, granted_at=clock.now)


# Casting and counting


@pytest.mark.usefixtures("inside")
class TestCounting:
    def test_more_than_two_thirds_of_those_who_may_vote(self, department, given):
        department.council.append(given.account(Role.COUNCIL_MEMBER, unit=department.units[0]))
        vote_id, (first, second) = department.voting("Người Một", "Người Hai")
        near = department.council[-1]
        cast = {m: (YES, NO if n < 2 else YES) for n, m in enumerate(department.council)}
        for n, (member, (one, two)) in enumerate(cast.items()):
            own = {second: two} if member == near else {first: one, second: two}
            department.cast(vote_id, member, own, code_of(n))
        department.close(vote_id)
        assert outcomes(vote_id) == [(5, 5, 0, 0, "chosen"), (6, 4, 2, 0, "not_chosen")]
        assert [department.nomination(i).state for i in (first, second)] == ["chosen", "not_chosen"]
        minutes = votes.minutes(department.quarter())
        assert [line.tally for line in minutes.lines] == [Tally(agree=5), Tally(agree=4, disagree=2)]
        assert [line.needed for line in minutes.lines] == [4, 5]
        (away,) = minutes.lines[0].away
        assert away == (department.person(near).full_name, "unit")
        assert (minutes.voted, minutes.of, minutes.has_quorum) == (6, 6, True)

    def test_without_a_quorum_nothing_is_counted_and_the_ballots_are_destroyed(self, department):
        vote_id, (id_,) = department.voting("Người Một")
        for n, member in enumerate(department.council[:3]):  # of five; four are needed
            department.cast(vote_id, member, {id_: YES}, code_of(n))
        department.close(vote_id)
        assert outcomes(vote_id) == [(5, None, None, None, "no_quorum")]
        assert boxes(vote_id) == {id_: []}
        assert department.nomination(id_).state == "commenting"
        assert not votes.minutes(department.quarter()).has_quorum
        again = department.vote_again()
        for n, member in enumerate(department.council[:4]):
            department.cast(again, member, {id_: YES}, code_of(n))
        department.close(again)
        assert outcomes(again) == [(5, 4, 0, 0, "chosen")]
        assert votes.minutes(department.quarter()).number == 2
        assert votes.minutes(department.quarter(), 1).number == 1

    def test_those_who_declare_a_conflict_count_neither_above_nor_below(self, department, clock):
        vote_id, (first, second) = department.voting("Người Một", "Người Hai")
        one, *rest = department.council
        with transaction():
            votes.declare_conflict(
                department.vote(vote_id), first, department.person(one), ConflictCause.NOMINEE, "Tôi", now=clock.now
            )
        with refused(VoteRefusal.CONFLICT_ALREADY):
            votes.declare_conflict(
                department.vote(vote_id), first, department.person(one), ConflictCause.DECLARED, "Tôi", now=clock.now
            )
        department.cast(vote_id, one, {first: NO, second: YES}, code_of(9))  # the first is simply not taken
        for n, member in enumerate(rest):
            department.cast(vote_id, member, {first: YES if n else NO, second: YES}, code_of(n))
        with refused(VoteRefusal.CONFLICT_AFTER_VOTE):
            votes.declare_conflict(
                department.vote(vote_id), first, department.person(rest[0]), ConflictCause.DECLARED, "", now=clock.now
            )
        department.close(vote_id)
        assert outcomes(vote_id) == [(4, 3, 1, 0, "chosen"), (5, 5, 0, 0, "chosen")]

    def test_who_is_away_from_everything_is_not_waited_for(self, department, clock):
        vote_id, (id_,) = department.voting("Người Một")
        one, *rest = department.council
        with transaction():
            votes.declare_conflict(
                department.vote(vote_id), id_, department.person(one), ConflictCause.DECLARED, "Anh em", now=clock.now
            )
        with refused(VoteRefusal.ALL_IN_CONFLICT):
            department.cast(vote_id, one, {id_: YES}, code_of(9))
        for n, member in enumerate(rest):
            department.cast(vote_id, member, {id_: YES}, code_of(n))
        assert votes.may_close(department.vote(vote_id), clock.now)
        with transaction():
            votes.close(department.vote(vote_id), department.person(department.office), now=clock.now)
        assert outcomes(vote_id) == [(4, 4, 0, 0, "chosen")]

    def test_a_ballot_is_whole_and_changes_only_with_its_code(self, department):
        vote_id, (first, second) = department.voting("Người Một", "Người Hai")
        one, two = department.council[:2]
        with refused(VoteRefusal.INCOMPLETE):
            department.cast(vote_id, one, {first: YES}, code_of(1))
        for bad in ("", "ngắn", code_of(1)[:-1]):
            with refused(VoteRefusal.BAD_CODE):
                department.cast(vote_id, one, {first: YES, second: YES}, bad)
        assert boxes(vote_id) == {first: [], second: []}
        department.cast(vote_id, one, {first: YES, second: YES}, code_of(1))
        with refused(VoteRefusal.BAD_CODE):  # another's code is no code to begin with
            department.cast(vote_id, two, {first: NO, second: NO}, code_of(1))
        with refused(VoteRefusal.WRONG_CODE):
            department.cast(vote_id, one, {first: NO, second: NO}, code_of(2))
        department.cast(vote_id, one, {first: NO, second: YES}, code_of(1))
        department.cast(vote_id, one, {first: NO, second: YES}, code_of(1))  # the same form again
        assert boxes(vote_id) == {first: [[mark_of(code_of(1), first), "disagree"]],
                                  second: [[mark_of(code_of(1), second), "agree"]]}  # fmt: skip
        assert votes.progress(department.vote(vote_id)) == votes.Progress(1, 5, 4)

    def test_ballots_are_taken_until_the_close_and_not_at_it(self, department, clock):
        vote_id, (id_,) = department.voting("Người Một")
        one, two = department.council[:2]
        closes = department.vote(vote_id).closes_at
        clock.now = closes - timedelta(microseconds=1)
        department.cast(vote_id, one, {id_: YES}, code_of(1))
        with refused(VoteRefusal.NOT_OVER):
            votes.close(department.vote(vote_id), None, now=clock.now)
        clock.now = closes
        with refused(VoteRefusal.OVER):
            department.cast(vote_id, two, {id_: YES}, code_of(2))
        with transaction():  # nobody has counted yet, so the office may give more time
            votes.extend(
                department.vote(vote_id), closes + timedelta(hours=1), department.person(department.office),
                why="Bão", now=clock.now,
            )  # fmt: skip
        department.cast(vote_id, two, {id_: YES}, code_of(2))
        clock.now += timedelta(hours=1)
        votes.close_in_time(clock)
        assert department.vote(vote_id).voted == 2
        with refused(VoteRefusal.OVER):
            votes.close(department.vote(vote_id), None, now=clock.now)

    def test_open_ballots_stand_in_the_minutes_with_names_and_reasons(self, department):
        rule = VoteRule(base=Base.VOTERS, threshold=Fraction(4, 5), more_than=False)
        vote_id, (id_,) = department.voting("Người Một", mode=VoteMode.OPEN, rule=rule)
        for n, member in enumerate(department.council[:4]):
            department.cast(vote_id, member, {id_: YES if n else ELSE}, reasons={id_: f"lý do {n}"})
        department.cast(vote_id, department.council[1], {id_: NO}, reasons={id_: "nghĩ lại"})
        assert votes.progress(department.vote(vote_id)).voted == 4
        department.close(vote_id)
        (line,) = votes.minutes(department.quarter()).lines
        assert [ballot[1:] for ballot in line.ballots] == [
            ("other", "lý do 0"), ("disagree", "nghĩ lại"), ("agree", "lý do 2"), ("agree", "lý do 3"),
        ]  # fmt: skip
        assert (line.tally, line.needed, line.outcome) == (
            Tally(agree=2, disagree=1, other=1), 4, Outcome.NOT_CHOSEN,
        )  # fmt: skip

    def test_what_has_been_counted_is_fixed(self, department):
        """By the database itself: ballots, turnout, conflicts, seats, and the rule from the opening on."""
        vote_id, (id_,) = department.voting("Người Một")
        for statement in ("UPDATE council_vote SET threshold_part = 1", "UPDATE council_seat SET full_name = 'X'"):
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement))
            db.session.rollback()
        for n, member in enumerate(department.council):
            department.cast(vote_id, member, {id_: YES}, code_of(n))
        department.close(vote_id)
        for statement in (
            "UPDATE ballot_box SET revision = 99",
            "DELETE FROM vote_turnout",
            f"INSERT INTO vote_conflict (vote_id, nomination_id, account_id, cause, reason) "
            f"VALUES ({vote_id}, {id_}, {department.council[0]}, 'unit', '')",
            "UPDATE vote_paper SET agree = 0",
            "UPDATE council_vote SET digest = 'x'",
        ):
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement))
            db.session.rollback()

    def test_members_are_told_of_the_vote_and_reminded_while_they_have_not_voted(self, department, clock):
        vote_id, (id_,) = department.voting("Người Một")
        one, two = department.council[:2]
        department.cast(vote_id, one, {id_: YES}, code_of(1))
        clock.now = department.vote(vote_id).closes_at - timedelta(hours=1)

        def keys(account_id):
            found = notices.inbox(db.session.get_one(Account, account_id), now=clock.now)
            return sorted(n.key for n in found if n.key.startswith("vote"))

        assert keys(one) == [f"vote-open:{vote_id}"]
        assert keys(two) == [f"vote-closing:{vote_id}", f"vote-open:{vote_id}"]
        assert keys(department.contacts[0]) == []


# No double vote under concurrency


class TestRaces:
    @pytest.fixture
    def vote(self, app, department):
        with app.app_context():
            vote_id, ids = department.voting("Người Một", "Người Hai")
        return vote_id, ids

    @pytest.fixture
    def cast(self, app, department, vote):
        """`cast(member, code)` in a thread of its own: True, or the reason of the refusal."""
        vote_id, ids = vote

        def do(member, code, choice=YES):
            with app.app_context():
                try:
                    department.cast(vote_id, member, dict.fromkeys(ids, choice), code)
                except Refusal as refusal:
                    return refusal.reason
                return True

        return do

    def test_one_member_many_times_at_once_counts_once(self, app, department, vote, cast):
        vote_id, ids = vote
        for turn, member in enumerate(department.council):
            answers = at_once(*(partial(cast, member, code_of(10 * turn + n)) for n in range(4)))
            assert Counter(answers) == {True: 1, VoteRefusal.WRONG_CODE: 3}
            with app.app_context():
                assert [len(ballots) for ballots in boxes(vote_id).values()] == [turn + 1] * len(ids)

    def test_the_same_form_sent_many_times_at_once_is_one_ballot(self, app, department, vote, cast):
        vote_id, ids = vote
        for turn, member in enumerate(department.council):
            assert at_once(*[partial(cast, member, code_of(turn))] * 4) == [True] * 4
            with app.app_context():
                assert [len(ballots) for ballots in boxes(vote_id).values()] == [turn + 1] * len(ids)

    def test_all_members_at_once_all_count(self, app, department, vote, cast):
        vote_id, _ids = vote
        answers = at_once(*(partial(cast, m, code_of(n)) for n, m in enumerate(department.council)))
        assert answers == [True] * 5
        with app.app_context():
            department.close(vote_id)
            assert outcomes(vote_id) == [(5, 5, 0, 0, "chosen")] * 2

    def test_ballots_beside_the_count_are_counted_or_refused(self, app, department, vote, cast, clock):
        """The vote is counted as soon as all have voted, while one of them changes the ballot again and again."""
        vote_id, _ids = vote
        for n, member in enumerate(department.council):
            assert cast(member, code_of(n)) is True

        def count():
            with app.app_context(), transaction():
                votes.close(department.vote(vote_id), None, now=clock.now)
            return True

        changes = [partial(cast, m, code_of(n), NO) for n, m in enumerate(department.council[:3])]
        counted, *changed = at_once(count, *changes)
        assert counted is True
        assert set(changed) <= {True, VoteRefusal.OVER}
        with app.app_context():
            against = sum(answer is True for answer in changed)
            for _may, agree, disagree, _other, _outcome in outcomes(vote_id):
                assert (agree, disagree) == (5 - against, against)

    def test_an_open_ballot_twice_at_once_counts_once(self, app, department):
        with app.app_context():
            vote_id, (id_,) = department.voting("Người Ba", mode=VoteMode.OPEN)

        def cast(choice):
            with app.app_context():
                department.cast(vote_id, department.council[0], {id_: choice})

        at_once(*(partial(cast, choice) for choice in (YES, NO, YES, ELSE)))
        with app.app_context():
            assert len(db.session.scalars(db.select(OpenBallot)).all()) == 1
            assert len(db.session.scalars(db.select(Turnout)).all()) == 1


# Secrecy


def tables():
    """Every row of every table in the order in which the database has them; only turnout is put in order."""
    dumped = {}
    for table in db.metadata.sorted_tables:
        rows = [repr(tuple(row)) for row in db.session.execute(table.select())]
        dumped[table.name] = sorted(rows) if table.name == "vote_turnout" else rows
    return dumped


def told_to_everybody(clock):
    people = db.session.scalars(db.select(Account).order_by(Account.id)).all()
    return [[tuple(n) for n in notices.inbox(person, now=clock.now)] for person in people]


@st.composite
def castings(draw):
    """How a vote goes: (who declares a conflict in what, who votes, choices of each ballot, order of two castings)."""
    size, count = draw(st.integers(3, 7)), draw(st.integers(1, 3))
    away = {m: draw(st.sets(st.integers(0, count - 1), max_size=count)) for m in range(size) if draw(st.booleans())}
    voters = [m for m in range(size) if len(away.get(m, ())) < count and draw(st.integers(0, 5))]
    ballots = {m: [draw(st.sampled_from(Choice)) for _ in range(count)] for m in voters}
    return size, count, away, voters, ballots, draw(st.permutations(voters)), draw(st.randoms(use_true_random=False))


def swapped(voters, away, dice):
    """Another member for each ballot, among those who vote on the same nominations."""
    groups = {}
    for member in voters:
        groups.setdefault(frozenset(away.get(member, ())), []).append(member)
    owner = {}
    for members in groups.values():
        others = list(members)
        dice.shuffle(others)
        owner |= dict(zip(members, others, strict=True))
    return owner


class TestSecrecy:
    @one_database
    def test_who_cast_which_ballot_leaves_no_trace(self, db_session, department, clock, given):
        """Whoever of those who may vote on the same nominations cast which ballot, and in whatever order: every table but the
        turnout, the journal, all notices, the minutes and the consolidated list are the same to the letter."""
        department.council += [given.account(Role.COUNCIL_MEMBER, unit=department.units[n]) for n in (0, 1)]
        department.open_quarter()
        waiting = department.commented("Người Một", "Người Hai", "Người Ba")
        department.council = department.council[5:] + department.council[:5]
        check = settings(
            max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        seen = Counter()

        @check
        @hypothesis_given(castings())
        def hold(casting):
            size, count, declared, voters, ballots, order, dice = casting
            one = play(size, count, declared, {b: b for b in voters}, ballots, voters, dice)
            two = play(size, count, declared, None, ballots, order, dice)
            assert one == two
            seen[len(voters)] += 1

        def play(*casting):
            """Everything that is to be seen of a vote, which is then taken back."""
            now = clock.now
            try:
                return shown(*casting, now)
            finally:
                clock.now = now
                db.session.rollback()

        def shown(size, count, declared, owner, ballots, order, dice, now):
            for id_ in waiting[count:]:
                db.session.execute(db.update(Nomination).where(Nomination.id == id_).values(state="declined"))
            db.session.expire_all()
            members = department.council[:size]
            try:
                vote = votes.open_vote(
                    department.quarter(), members, members[0], VoteMode.SECRET, VoteRule(quorum=Fraction(1, 3)),
                    now + timedelta(days=2), department.person(department.office), now=now,
                )  # fmt: skip
            except Refusal as refusal:
                if refusal.reason is not VoteRefusal.TOO_FEW_FOR_SECRET:
                    raise
                return refusal.reason
            for m, places in sorted(declared.items()):
                for place in sorted(places):
                    if waiting[place] not in votes.conflicts_of(vote, members[m]):
                        person = department.person(members[m])
                        votes.declare_conflict(vote, waiting[place], person, ConflictCause.DECLARED, "", now=now)
            out = {m: frozenset(votes.conflicts_of(vote, members[m])) for m in ballots}
            able = [m for m in order if len(out[m]) < count]
            owner = owner or swapped(sorted(able), out, dice)
            for m in able:
                choices = dict(zip(waiting, ballots[m], strict=False))
                voter = department.person(members[owner[m]])
                votes.cast(vote, voter, choices, code=code_of(m), now=now)
                if ballots[m][0] is NO:  # some change their ballot
                    votes.cast(vote, voter, choices | {waiting[0]: ELSE}, code=code_of(m), now=now)
            running = tables(), told_to_everybody(clock), votes.progress(vote)
            clock.now = now + timedelta(days=2)
            votes.close(vote, department.person(department.office), now=clock.now)
            quarter = department.quarter()
            return running, tables(), told_to_everybody(clock), votes.minutes(quarter), queries.consolidated(quarter)

        hold()
        assert sum(seen.values()) >= 15
        assert max(seen) >= 5

    def test_no_row_and_no_record_names_a_voter_beside_a_choice(self, db_session, department):
        vote_id, (id_,) = department.voting("Người Một")
        before = {name: len(rows) for name, rows in tables().items()}
        journal = tables()["journal"]
        department.cast(vote_id, department.council[2], {id_: NO}, code_of(1))
        after = tables()
        assert {name for name, rows in after.items() if len(rows) != before[name]} == {"vote_turnout"}
        assert after["vote_turnout"] == [repr((vote_id, department.council[2]))]  # and nothing else, above all no time
        assert after["journal"] == journal
        assert boxes(vote_id) == {id_: [[mark_of(code_of(1), id_), "disagree"]]}
        assert code_of(1) not in str(after)

    def test_codes_are_long_and_random(self):
        codes = {votes.new_ballot_code() for _ in range(200)}
        assert len(codes) == 200
        assert {len(code) for code in codes} == {24}
