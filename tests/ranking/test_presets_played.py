"""Every preset played from its draft to its prizes: opened, sat, marked, ranked live and for good, awarded, units too.

Four people stand behind one another in everything that any chain asks for, so the order is the same under every preset;
tests/rules/test_presets.py works out by hand where the chains differ.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account, Audience
from quiz.attempts import predictions, submission
from quiz.attempts import service as attempts
from quiz.attempts.models import Attempt
from quiz.attempts.papers import questions
from quiz.banks.models import ItemKind
from quiz.contests import drafting
from quiz.contests import service as contests
from quiz.contests.models import Contest, Entry, Round
from quiz.contests.presets import presets
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules, division_rules, prizes_in, window_of
from quiz.db import db, transaction
from quiz.marking import essays
from quiz.ranking import (
    admissions,
    board_queries,
    clockwork,
    prizes,
    queries,
    service,
    signing,
    unit_sheet_queries,
    unit_sheets,
)
from quiz.rules.counting import Overall
from quiz.rules.eligibility import fits
from quiz.rules.prediction import Target
from quiz.rules.prizes import within_share
from tests.ranking.places import places
from tests.reports.verified import checked

NOW = datetime(2026, 10, 1, tzinfo=UTC)
OPENS = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)  # a Thursday, 08:00 local time
WRONG = (0, 0, 1, 2)  # answers of the four
TRUTHS = {Target.PEOPLE_ALL_CORRECT: 2, Target.PEOPLE: 4, Target.ATTEMPTS: 4}
OFF_BY = (0, 1, 5, None)  # how far each misses the truth; the last one makes no guess


@pytest.fixture
def play(app, given, clock):
    return Play(app, given, clock)


class Play:
    """A contest made from a preset, and what people do in it. Every step is a transaction of its own."""

    def __init__(self, app, given, clock):
        self.app, self.given, self.clock = app, given, clock

    def open(self, code):
        given = self.given
        given.bank(80, "mot")
        given.bank(80, "hai")
        given.bank(24, "viet", kind=ItemKind.ESSAY, options=[], key=[], topic="chung")
        self.clock.now = NOW
        self.staff = given.account(Role.ORGANIZER, Role.JUDGE)
        with self.app.app_context(), transaction():
            contest = drafting.create_draft(
                presets()[code], title="Tìm hiểu luật", banks=["mot", "hai", "viet"], law_date=date(2024, 12, 31),
                opens_at=OPENS, actor=None, now=NOW,
            )  # fmt: skip
            contests.open_contest(contest, db.session.get_one(Account, self.staff), now=NOW)
            self.contest_id, self.round_ids = contest.id, [r.id for r in contest.rounds]
            self.rules = contest_rules(contest)
            self.division_id = contest.divisions[0].id
            audience = division_rules(contest.divisions[0]).audience
        self.unit = given.org_unit("Phòng Tư pháp", people=10)
        fitting = next(a for a in Audience if fits(a, audience))
        self.people = []
        for n in range(len(WRONG)):
            person = given.account(
                unit=self.unit if fitting is Audience.STAFF else None, audience=fitting, name=f"Người {n + 1}",
                province_code=72, birth_date=date(1996, 5, 1),
            )  # fmt: skip
            with self.app.app_context(), transaction():
                contest = db.session.get_one(Contest, self.contest_id)
                division = contest.divisions[0]
                account = db.session.get_one(Account, person)
                at = NOW + timedelta(days=1, minutes=n)
                self.people.append(contests.register_entry(account, contest, division, now=at, declared=True).id)

    def sit(self, round_id):
        """The four sit one after the other, each a little slower, later and less right than the one before."""
        for n, entry_id in enumerate(self.people):
            with self.app.app_context(), transaction():
                round_, entry = db.session.get_one(Round, round_id), db.session.get_one(Entry, entry_id)
                window = window_of(round_)
                begin = window.opens_at + timedelta(minutes=n)
                start = window.hours.next_start(begin) + timedelta(minutes=n) if window.hours else begin
                attempt_id = attempts.start_attempt(entry, round_, now=start).id
            with self.app.app_context(), transaction():
                attempt = db.session.get_one(Attempt, attempt_id)
                end = start + timedelta(seconds=60 + n)
                submission.submit(attempt, self._answers(attempt, n), 1, now=end)
            if self.rules.predicts_after_paper and self._guess(n) is not None:
                with self.app.app_context(), transaction():
                    predictions.predict(db.session.get_one(Attempt, attempt_id), self._guess(n), now=end)
            self._mark(attempt_id, n)

    def _guess(self, n):
        return None if OFF_BY[n] is None else TRUTHS[self.rules.prediction.target] + OFF_BY[n]

    def _answers(self, attempt, n):
        """All right but WRONG[n]; the key of every item is option 2."""
        found = {"a": {}, "e": {}, "f": [], "p": None, "t": {}}
        wrong = WRONG[n]
        for q in questions(attempt):
            if q.kind == ItemKind.ESSAY:
                found["e"][str(q.number)] = "Một tấm gương sáng trong phong trào thi đua yêu nước."
                continue
            place = q.order.index(2) + 1
            found["a"][str(q.number)] = [place if wrong <= 0 else place % len(q.order) + 1]
            wrong -= 1
        if self.rules.predicts_in_paper:
            found["p"] = self._guess(n)
        return found

    def _mark(self, attempt_id, n):
        with self.app.app_context(), transaction():
            attempt, judge = db.session.get_one(Attempt, attempt_id), db.session.get_one(Account, self.staff)
            for q in essays.essays_of(attempt):
                if self.rules.essay_judges > 1:  # as two judges agree: tests/marking/test_panels.py
                    essays.write_mark(attempt, q.number, self.rules.essay_points - n, [], judge, now=NOW)
                else:
                    essays.mark_essay(attempt, q.number, self.rules.essay_points - n, judge, note="", now=NOW)

    def sheet(self, round_id):
        with self.app.app_context(), transaction():
            contest, judge = db.session.get_one(Contest, self.contest_id), db.session.get_one(Account, self.staff)
            round_ = db.session.get_one(Round, round_id) if round_id else None
            rounds = [round_] if round_ else contest.rounds
            now = max(all_ended_at(r) for r in rounds) + timedelta(minutes=1)
            sheet = service.make_sheet(round_, contest.divisions[0], judge, now=now)
            signing.sign(sheet, judge, sheet.digest, now=now)
            service.publish(sheet, judge, now=now)
            return sheet.id

    def board(self, round_id):
        """(place, entry) of the live board."""
        with self.app.app_context():
            clockwork.tick("test", now=OPENS + timedelta(hours=3), thorough=True)
            board = board_queries.live_board(round_id, self.division_id)
            return [(row.place, row.entry_id) for row in board_queries.page(board, size=10).rows]


@pytest.mark.parametrize("code", presets())
def test_every_preset_is_opened_played_and_ranked(play, code):
    play.open(code)
    first = play.round_ids[0]
    play.sit(first)
    live = {entry: place for place, entry in play.board(first)}
    in_order = [live[entry] for entry in play.people]
    assert in_order == sorted(in_order)  # some are equal while predictions are not compared
    sheet = play.sheet(first)
    with play.app.app_context():
        assert [entry for _place, entry, _tied in places(sheet)] == play.people
        ranking = queries.sheet_by_id(sheet)
        given = prizes.proposed(ranking).given
        tiers = within_share(
            prizes.tiers_of(prizes_in(ranking.division, ranking.round_)), 4, play.rules.prize_rules.share_percent
        )  # fmt: skip
        if tiers:
            assert (given[0].standing.entry_id, given[0].tier.code) == (play.people[0], tiers[0].code)
        if play.rules.prediction and "prediction" in play.rules.chain:
            assert ranking.truth == TRUTHS[play.rules.prediction.target]
        assert checked(sheet).get("truth") in ((None,) if ranking.truth is None else ("ok", "skip"))


@pytest.mark.parametrize("code", [c for c, p in presets().items() if p.contest.overall.how is not Overall.NONE])
def test_presets_with_a_ranking_of_the_whole_contest(play, code):
    play.open(code)
    for round_id in play.round_ids[:2]:
        play.sit(round_id)
    sheet = play.sheet(None)
    with play.app.app_context():
        assert [entry for _place, entry, _tied in places(sheet)] == play.people
        assert prizes.proposed(queries.sheet_by_id(sheet)).given[0].standing.entry_id == play.people[0]
        checked(sheet)


@pytest.mark.parametrize("code", [c for c, p in presets().items() if p.finals])
def test_presets_with_a_final_let_the_first_ones_in(play, code):
    play.open(code)
    first, final = play.round_ids[0], play.round_ids[-1]
    play.sit(first)
    play.sheet(first)
    with play.app.app_context(), transaction():
        round_ = db.session.get_one(Round, final)
        new = admissions.admit(round_, db.session.get_one(Account, play.staff), now=OPENS + timedelta(days=60))
        play.people = [s.entry_id for s in admissions.qualified(round_)]
        assert new == len(play.people) > 0
    play.sit(final)
    sheet = play.sheet(final)
    with play.app.app_context():
        assert [entry for _place, entry, _tied in places(sheet)] == play.people
        checked(sheet)


@pytest.mark.parametrize("code", [c for c, p in presets().items() if p.contest.collective and len(p.divisions) == 1])
def test_presets_with_collective_prizes_rank_the_unit_of_those_who_sat(play, code):
    """tests/ranking/test_unit_sheets.py ranks units over several divisions, and works their places out."""
    play.open(code)
    play.sit(play.round_ids[0])
    with play.app.app_context():
        competition = unit_sheets.competitions(db.session.get_one(Contest, play.contest_id))[0]
        of_round = competition.round_.id if competition.round_ else None
    if of_round:
        play.sheet(of_round)
    else:
        is_ranked = play.rules.overall.how is not Overall.NONE
        for round_id in [*play.round_ids, *([None] if is_ranked else [])]:
            play.sheet(round_id)
    with play.app.app_context(), transaction():
        contest, judge = db.session.get_one(Contest, play.contest_id), db.session.get_one(Account, play.staff)
        later = max(all_ended_at(r) for r in contest.rounds) + timedelta(days=1)
        competition = unit_sheets.competitions(contest)[0]
        sheet = unit_sheets.make_unit_sheet(contest, competition.round_, competition.rules, judge, now=later)
        row = unit_sheet_queries.standing_of_unit(sheet.id, play.unit)
        took_part = db.session.get_one(Entry, play.people[0]).org_unit_id is not None
        assert row.tally["participants"] == (4 if took_part else 0)
