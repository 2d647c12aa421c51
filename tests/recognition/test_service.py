"""Awards by a published sheet: who gets what, the register, and what is refused. On both databases."""

from datetime import date, timedelta
from itertools import count
from threading import Barrier, Thread

import pytest

from quiz import journal
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Round
from quiz.db import db, transaction
from quiz.errors import Refusal, has_sentence
from quiz.journal import JournalRecord
from quiz.marking.service import annul
from quiz.ranking import lots
from quiz.ranking.models import LotKind, Ranking
from quiz.recognition import queries, service
from quiz.recognition.models import Award, Certificate, Decision, RevokeCause
from quiz.recognition.refusals import CAUSE_TEXTS, RecognitionRefusal
from quiz.rules.lots import draw_lots
from quiz.rules.prizes import Skip
from tests.ranking.places import rows_of

pytestmark = pytest.mark.usefixtures("after_close")


def awards(app):
    with app.app_context():
        rows = db.session.execute(
            db.select(Award.tier, Award.place, Certificate.register_number, Certificate.year)
            .join(Award.certificate)
            .order_by(Award.id)
        )
        return [tuple(row) for row in rows]


def refused(call, *arguments, **named):
    with pytest.raises(Refusal) as refusal:
        call(*arguments, **named)
    return refusal.value.reason


def revoke(app, clock, organizer, code, why="Nhập nhầm tên đơn vị"):
    with app.app_context(), transaction():
        certificate = queries.certificate_by_code(code)
        actor = db.session.get_one(Account, organizer)
        service.revoke(certificate, RevokeCause.WRONG_DETAILS, "52/QĐ-BTC", why, actor, now=clock())


def codes(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Certificate.code).order_by(Certificate.id)))


def test_every_refusal_and_cause_has_words():
    assert all(has_sentence(reason) for reason in RecognitionRefusal)
    assert set(CAUSE_TEXTS) == set(RevokeCause)


def test_prizes_go_along_the_standings(app, sheet, award):
    award(sheet([1, 2, 3, 4]))
    assert awards(app) == [("nhat", 1, 1, 2024), ("nhi", 2, 2, 2024), ("nhi", 3, 3, 2024)]
    with app.app_context():
        decision = db.session.scalars(db.select(Decision)).one()
        assert (decision.number, decision.awards[0].tier_name) == ("45/QĐ-BTC", "Giải Nhất")
        assert decision.awards[0].amount == 2_000_000
        assert decision.awards[2].certificate.serial == "0003/2024"
        record = db.session.scalars(db.select(JournalRecord)).one()
        assert (record.action, record.subject, record.actor_name) == (
            "prizes.awarded", f"decision:{decision.id}", "Phạm Thị Tổ Chức",
        )  # fmt: skip
        assert [line[1:] for line in record.after["awards"]] == [
            [1, "nhat", "0001/2024"], [2, "nhi", "0002/2024"], [3, "nhi", "0003/2024"],
        ]  # fmt: skip
        assert journal.first_broken() is None


def test_fewer_people_than_prizes(app, sheet, award):
    award(sheet([1]))
    assert awards(app) == [("nhat", 1, 1, 2024)]


def test_two_share_the_first_place_and_one_second_prize_is_left(app, sheet, award):
    ranking = sheet([1, 1, 3, 4])
    assert refused(award, ranking) is RecognitionRefusal.NOT_CONFIRMED
    assert awards(app) == []
    award(ranking, confirmed=True)
    assert [line[:2] for line in awards(app)] == [("nhat", 1), ("nhat", 1), ("nhi", 3)]


def test_a_tie_at_the_last_prize_goes_beyond_the_quota(app, sheet, award):
    ranking = sheet([1, 2, 3, 3, 3, 6])
    with app.app_context():
        proposed = service.propose(db.session.get_one(Ranking, ranking))
        assert (proposed.quota, proposed.beyond_quota) == (3, 2)
        assert [w.contested for w in proposed.winners] == [False, False, True, True, True]
    assert refused(award, ranking) is RecognitionRefusal.NOT_CONFIRMED
    award(ranking, confirmed=True)
    assert [line[:2] for line in awards(app)] == [("nhat", 1), ("nhi", 2), ("nhi", 3), ("nhi", 3), ("nhi", 3)]


def test_a_tie_within_one_tier_needs_no_confirmation(app, sheet, award):
    award(sheet([1, 2, 2, 4]))
    assert [line[:2] for line in awards(app)] == [("nhat", 1), ("nhi", 2), ("nhi", 2)]


def test_the_register_runs_on_and_restarts_with_the_year(app, clock, sheet, award):
    award(sheet([1, 2, 3]))
    award(sheet([1, 2], division=1), number="46/QĐ-BTC")
    clock.advance(days=60)
    award(sheet([1, 2, 3], round_=1, entries=entries_of(app, 0)), signed_on=date(2025, 1, 2))
    assert [(year, number) for _tier, _place, number, year in awards(app)] == [
        (2024, 1), (2024, 2), (2024, 3), (2024, 4), (2024, 5), (2025, 1), (2025, 2), (2025, 3),
    ]  # fmt: skip


def entries_of(app, decision_index):
    with app.app_context():
        decision = db.session.scalars(db.select(Decision).order_by(Decision.id)).all()[decision_index]
        return [a.entry_id for a in decision.awards]


def test_a_refused_award_leaves_no_hole_in_the_register(app, sheet, award):
    tied = sheet([1, 1, 1, 1])
    assert refused(award, tied) is RecognitionRefusal.NOT_CONFIRMED
    award(sheet([1], division=1))
    assert awards(app) == [("nhat", 1, 1, 2024)]


def test_awarding_twice_is_refused_and_doubles_nothing(app, sheet, award):
    ranking = sheet([1, 2, 3])
    award(ranking)
    assert refused(award, ranking) is RecognitionRefusal.ALREADY_AWARDED
    assert len(awards(app)) == 3


def test_two_clicks_at_the_same_moment_give_one_decision(app, sheet, award):
    ranking, both = sheet([1, 2, 3]), Barrier(2)
    outcomes = []

    def click():
        both.wait()
        try:
            award(ranking)
            outcomes.append("awarded")
        except Refusal as refusal:
            outcomes.append(refusal.reason)

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(["awarded", str(RecognitionRefusal.ALREADY_AWARDED)])
    assert len(awards(app)) == 3


def test_two_decisions_at_the_same_moment_share_the_register(app, sheet, award):
    rankings, both = [sheet([1, 2, 3]), sheet([1, 2, 3], division=1)], Barrier(2)

    def sign(ranking):
        both.wait()
        award(ranking)

    signings = [Thread(target=sign, args=(ranking,)) for ranking in rankings]
    for thread in signings:
        thread.start()
    for thread in signings:
        thread.join()
    numbers = [line[2] for line in awards(app)]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert numbers[:3] in ([1, 2, 3], [4, 5, 6])


def test_an_unpublished_sheet_is_refused(sheet, award):
    assert refused(award, sheet([1], published=False)) is RecognitionRefusal.NOT_PUBLISHED


def test_a_sheet_with_a_newer_one_is_refused(app, sheet, award):
    old = sheet([1])
    with app.app_context():
        entry = db.session.scalars(db.select(Ranking)).one()
        assert entry.id == old
    new = sheet([1], number=2)
    assert refused(award, old) is RecognitionRefusal.NEWER_SHEET
    award(new)


def test_a_sheet_from_before_an_annulment_is_refused(app, given, clock, organizer, sheet, award):
    ranking = sheet([1, 2])
    with app.app_context(), transaction():
        first = rows_of(ranking)[0]
        attempt, actor = db.session.get_one(Attempt, first.attempt_id), db.session.get_one(Account, organizer)
        annul(attempt, actor, why="Dùng tài liệu trái phép", now=clock())
    assert refused(award, ranking) is RecognitionRefusal.SHEET_OUT_OF_DATE
    assert awards(app) == []


def test_a_corrected_sheet_waits_until_the_old_certificates_are_revoked(app, clock, organizer, sheet, award):
    award(sheet([1, 2]))
    new = sheet([1, 2], number=2, entries=entries_of(app, 0))
    assert refused(award, new) is RecognitionRefusal.EARLIER_DECISION_STANDS
    for code in codes(app):
        revoke(app, clock, organizer, code)
    award(new, number="60/QĐ-BTC")
    assert [line[2] for line in awards(app)] == [1, 2, 3, 4]


def test_a_division_without_prizes_or_people_has_nobody_to_award(app, given, sheet, award):
    assert refused(award, sheet([])) is RecognitionRefusal.NOBODY_TO_AWARD


@pytest.mark.parametrize(
    ("shift", "reason"),
    [(-4, RecognitionRefusal.SIGNED_BEFORE_CLOSE), (1, RecognitionRefusal.SIGNED_IN_FUTURE), (-3, None), (0, None)],
)
def test_the_day_of_signing_lies_between_close_and_today(clock, sheet, award, shift, reason):
    ranking, signed_on = sheet([1]), clock().date() + timedelta(days=shift)
    if reason is None:
        assert award(ranking, signed_on=signed_on)
    else:
        assert refused(award, ranking, signed_on=signed_on) is reason


def test_revoking_keeps_the_row_and_says_why_in_the_journal(app, clock, organizer, sheet, award):
    award(sheet([1]))
    [code] = codes(app)
    revoke(app, clock, organizer, code)
    with app.app_context():
        certificate = queries.certificate_by_code(code)
        assert certificate.revoked_at == clock()
        assert (certificate.revoke_cause, certificate.revoke_decision) == ("wrong_details", "52/QĐ-BTC")
        assert certificate.serial == "0001/2024"
        record = db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq.desc())).first()
        assert (record.action, record.reason) == ("certificate.revoked", "Nhập nhầm tên đơn vị")
    assert refused(revoke, app, clock, organizer, code) is RecognitionRefusal.REVOKED_ALREADY


def test_certificates_of_a_person(app, sheet, award):
    award(sheet([1, 2], names=["Trần Văn Út", "Lê Thị Bé"]))
    with app.app_context():
        account_id = db.session.scalars(db.select(Account.id).where(Account.full_name == "Lê Thị Bé")).one()
        [certificate] = queries.certificates_of(account_id)
        assert (certificate.award.tier, certificate.account_id) == ("nhi", account_id)


def test_codes_are_twelve_letters_without_look_alikes(app, sheet, award):
    award(sheet([1, 2, 3]))
    for code in codes(app):
        assert len(code) == 12
        assert not set(code) & set("O0I1")


# Caps and the lucky draw


def with_rules(app, contest, **rules):
    with app.app_context(), transaction():
        row = db.session.get_one(Contest, contest)
        row.rules = row.rules | rules


def test_of_two_prizes_a_person_keeps_the_higher(app, contest, sheet, award):
    with_rules(app, contest, prize_rules={"one_per_person": True})
    award(sheet([1, 2, 3]))
    a, b, c = entries_of(app, 0)
    second = sheet([1, 2, 3, 4], round_=1, entries=[b, a, c])
    with app.app_context():
        proposed = service.propose(db.session.get_one(Ranking, second))
        d = rows_of(second)[3].entry_id
        assert [(w.entry.id, w.tier, w.replaces) for w in proposed.winners] == [(b, "nhat", True), (d, "nhi", False)]
        assert [(e.id, why) for e, _place, why in proposed.skipped] == [(a, Skip.HOLDS_HIGHER), (c, Skip.HOLDS_HIGHER)]
        assert proposed.needs_confirmation
    assert refused(award, second) is RecognitionRefusal.NOT_CONFIRMED


def test_one_round_prize_in_a_period(app, given, contest, sheet, award):
    with_rules(app, contest, prize_rules={"one_per_period": True})
    with app.app_context(), transaction():
        for round_ in db.session.scalars(db.select(Round)):
            round_.rules = {"period": "Đợt 1"}
    award(sheet([1, 2]))
    a, _b = entries_of(app, 0)
    second = sheet([1, 2], round_=1, entries=[a])
    with app.app_context():
        proposed = service.propose(db.session.get_one(Ranking, second))
        assert [(w.place, w.tier) for w in proposed.winners] == [(2, "nhat")]
        assert [why for _e, _place, why in proposed.skipped] == [Skip.WON_IN_PERIOD]


def test_individual_prizes_within_a_share_of_the_participants(app, contest, sheet):
    with_rules(app, contest, prize_rules={"share_percent": 50})
    ranking = sheet([1, 2, 3, 4])
    with app.app_context():
        proposed = service.propose(db.session.get_one(Ranking, ranking))
        assert [w.tier for w in proposed.winners] == ["nhat", "nhi"]
        assert proposed.beyond_quota == 0


def test_a_reserve_stands_in_for_who_has_a_prize_already(app, clock, contest, organizer, sheet, award):
    with_rules(app, contest, lucky={"name": "Giải may mắn", "quota": 1, "amount": 100_000})
    ranking = sheet([1, 2, 3, 4, 5])
    with app.app_context(), transaction():
        row, actor = db.session.get_one(Ranking, ranking), db.session.get_one(Account, organizer)
        people = [s.entry_id for s in rows_of(ranking)]
        drawn = ((seed, draw_lots(seed, row.digest, people)) for seed in map("{:06}".format, count()))
        seed = next(seed for seed, order in drawn if order[0] in people[:3] and order[1] in people[3:])
        lots.announce(row, LotKind.LUCKY, 0, "xổ số ngày 26/11/2026", actor, now=clock())
        second = lots.draw(row, LotKind.LUCKY, 0, seed, actor, now=clock() + timedelta(hours=1)).entries[1]
    award(ranking)
    assert [row[0] for row in awards(app)] == ["nhat", "nhi", "nhi", "may-man"]
    assert entries_of(app, 0)[3] == second


def test_the_lucky_ones_follow_the_winners(app, clock, contest, organizer, sheet, award):
    with_rules(app, contest, lucky={"name": "Giải may mắn", "quota": 1, "amount": 100_000, "among": "without_prize"})
    ranking = sheet([1, 2, 3, 4, 5])
    with app.app_context(), transaction():
        row, actor = db.session.get_one(Ranking, ranking), db.session.get_one(Account, organizer)
        lots.announce(row, LotKind.LUCKY, 0, "xổ số ngày 26/11/2026", actor, now=clock())
        lots.draw(row, LotKind.LUCKY, 0, "123456", actor, now=clock() + timedelta(hours=1))
        (lucky,) = lots.lucky_winners(row)
    award(ranking)
    assert [row[0] for row in awards(app)] == ["nhat", "nhi", "nhi", "may-man"]
    assert entries_of(app, 0)[3] == lucky
