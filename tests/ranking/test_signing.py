"""Judges sign, organizers publish; the database counts the names too."""

from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.ranking import service, signing
from quiz.ranking.models import Ranking
from quiz.ranking.refusals import RankingRefusal
from tests.test_races import at_once

WHY = "Còn một lượt thi chưa được làm rõ."


@pytest.fixture
def contest(given):
    return given.contest(rules={"signing_judges": 2})


@pytest.fixture
def judges(given):
    return [given.account(Role.JUDGE, name=f"Giám khảo {n}") for n in "AB"]


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER)


@pytest.fixture
def sheet(app, given, clock, contest, judges):
    """The id of a sheet that nobody has signed."""
    (round_id,) = given.round_ids(contest)
    given.attempt(given.entry(contest), round_id)
    clock.advance(hours=2)
    with app.app_context(), transaction():
        round_ = db.session.get_one(Round, round_id)
        actor = db.session.get_one(Account, judges[0])
        return service.make_sheet(round_, round_.contest.divisions[0], actor, now=clock()).id


@pytest.fixture
def say(app, clock, sheet):
    """`say("sign", judge)`, `say("withdraw", judge)`, … in a transaction of its own; gives the reason of a refusal."""

    def deed(what, judge, **more):
        with app.app_context():
            try:
                with transaction():
                    ranking, actor = db.session.get_one(Ranking, sheet), db.session.get_one(Account, judge)
                    if what == "publish":
                        service.publish(ranking, actor, now=clock())
                    elif what == "withdraw":
                        signing.withdraw(ranking, actor, why=WHY, now=clock())
                    else:
                        digest = more.pop("digest", ranking.digest)
                        getattr(signing, what)(ranking, actor, digest, now=clock(), **more)
            except Refusal as refusal:
                return refusal.reason
            return None

    return deed


def test_a_sheet_is_published_once_enough_have_signed(app, say, judges, organizer):
    a, b = judges
    assert say("publish", organizer) is RankingRefusal.NOT_SIGNED
    assert say("sign", a) is None
    assert say("sign", a) is RankingRefusal.SAID_ALREADY
    assert say("publish", organizer) is RankingRefusal.NOT_SIGNED
    assert say("decline", b, why=WHY) is None
    assert say("publish", organizer) is RankingRefusal.NOT_SIGNED
    assert say("withdraw", b) is None
    assert say("withdraw", b) is RankingRefusal.NOTHING_TO_WITHDRAW
    assert say("sign", b) is None
    assert say("publish", organizer) is None
    assert say("withdraw", a) is RankingRefusal.ALREADY_PUBLISHED
    with app.app_context():
        actions = list(db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)))
        assert actions[2:] == [
            "sheet.signed", "sheet.declined", "sheet.signature_withdrawn", "sheet.signed", "sheet.published",
        ]  # fmt: skip


def test_nobody_signs_what_they_have_not_seen(say, judges):
    assert say("sign", judges[0], digest="0" * 64) is RankingRefusal.NOT_WHAT_WAS_SEEN


def test_nobody_signs_the_results_of_a_contest_they_take_part_in(given, say, contest, judges):
    given.entry(contest, judges[0])
    assert say("sign", judges[0]) is RankingRefusal.SIGNER_TAKES_PART


def test_an_attempt_annulled_meanwhile_makes_the_sheet_unsignable(app, given, clock, say, contest, judges):
    attempt = given.attempt(given.entry(contest), given.round_ids(contest)[0])
    with app.app_context(), transaction():
        db.session.execute(
            text("INSERT INTO annulment (attempt_id, reason, annulled_at, annulled_by_id, restore_reason) VALUES (:a, 'x', '2024-11-20 07:00:00', :j, '')"),
            {"a": attempt, "j": judges[0]},
        )  # fmt: skip
    assert say("sign", judges[0]) is RankingRefusal.NOT_WHAT_WAS_SEEN


GUARDED = [
    "UPDATE ranking SET published_at = made_at, published_by_id = 1",
    "UPDATE ranking SET digest = 'f'",
    "UPDATE ranking SET people = 7",
    "DELETE FROM ranking",
    "DELETE FROM sheet_signature",
    "UPDATE sheet_signature SET stance = 'declined', note = 'x'",
    "UPDATE sheet_signature SET digest = 'f'",
]


@pytest.mark.parametrize("statement", GUARDED)
def test_the_database_keeps_to_it(app, say, judges, statement):
    say("sign", judges[0])
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(statement))


AFTER_PUBLICATION = [
    "UPDATE sheet_signature SET withdrawn_at = signed_at, withdraw_why = 'x'",
    "INSERT INTO sheet_signature (ranking_id, judge_id, stance, digest, note, signed_at, withdraw_why) "
    "SELECT ranking_id, judge_id + 1, stance, digest, note, signed_at, '' FROM sheet_signature",
    "INSERT INTO ranking (division_id, number, made_at, basis, chain, people, attempts, participation, digest, form, published_at) "
    "SELECT division_id, 9, made_at, basis, chain, people, attempts, participation, digest, form, published_at FROM ranking",
    "UPDATE ranking SET published_at = NULL",
    "UPDATE standing_page SET number = 3",
]


@pytest.mark.parametrize("statement", AFTER_PUBLICATION)
def test_the_database_keeps_what_was_published(app, say, judges, organizer, statement):
    assert [say("sign", judge) for judge in judges] == [None, None]
    assert say("publish", organizer) is None
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(text(statement))


def test_a_signature_is_not_withdrawn_in_the_moment_of_publication(app, say, judges, organizer, sheet):
    """One comes first: the sheet is out and signed, or the name is gone and the sheet is not out."""
    assert [say("sign", judge) for judge in judges] == [None, None]
    for _ in range(8):
        published, withdrawn = at_once(partial(say, "publish", organizer), partial(say, "withdraw", judges[0]))
        with app.app_context():
            ranking = db.session.get_one(Ranking, sheet)
            names = signing.missing(ranking, signing.signatures_of(ranking))
            is_out = ranking.published_at is not None
        if is_out:
            assert (published, withdrawn, names) == (None, RankingRefusal.ALREADY_PUBLISHED, 0)
            break
        assert (published, withdrawn, names) == (RankingRefusal.NOT_SIGNED, None, 1)
        assert say("sign", judges[0]) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages(given, visit, sheet, judges, organizer):
    page = f"/xet-hang/{sheet}"
    office, judge, other = visit(organizer), visit(judges[0]), visit(judges[1])
    assert "Còn thiếu 2 chữ ký" in office.get(page).text
    assert "Công bố bảng kết quả" not in office.get(page).text
    assert "Ký chốt bảng kết quả" not in office.get(page).text
    assert "Chưa có ý kiến: Giám khảo A, Giám khảo B." in office.get(page).text
    digest = judge.get(page).text.split('name="digest" value="')[1][:64]
    assert judge.post(f"{page}/ky", {"digest": digest}, page=page).status_code == 302
    assert other.post(f"{page}/khong-ky", {"digest": digest, "why": "ngắn"}, page=page).status_code == 422
    assert other.post(f"{page}/khong-ky", {"digest": digest, "why": WHY}, page=page).status_code == 302
    assert WHY in office.get(page).text
    assert "Chưa có ý kiến" not in office.get(page).text
    assert office.post(f"{page}/ky", {"digest": digest}, page="/tai-khoan").status_code == 403
    assert "còn thiếu 1 chữ ký" in office.post(f"{page}/cong-bo", page="/tai-khoan").text
    assert other.post(f"{page}/rut-y-kien", {"why": WHY}, page=page).status_code == 302
    other.post(f"{page}/ky", {"digest": digest}, page=page)
    assert "Đã đủ chữ ký" in office.get(page).text
    assert office.post(f"{page}/cong-bo", page=page).status_code == 302
    board = office.get(page).text.split('href="/bang-xep-hang/')[1].split('"')[0]
    assert "Đã có 2 giám khảo ký chốt" in visit().get(f"/bang-xep-hang/{board}").text
