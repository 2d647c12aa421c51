"""Nominations from the unit's desk to the published story, with what may not happen on the way."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.exc import IntegrityError

from quiz import pictures
from quiz.access import Role
from quiz.accounts import notices
from quiz.accounts.models import OrgUnit
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import comments, evidence, nominations, publication, quarters
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars.models import Exemplar
from quiz.exemplars.nomination_models import EvidenceKind, Nomination, NominationState, Quarter, Reminder
from quiz.exemplars.nomination_queries import Owner, task_of
from quiz.exemplars.nomination_refusals import (
    CommentRefusal,
    EvidenceRefusal,
    NominationRefusal,
    QuarterRefusal,
)
from quiz.journal import JournalRecord
from quiz.rules.quarters import YearQuarter
from quiz.rules.votes import Choice
from tests.exemplars.nominees import CONTENT, code_of
from tests.test_pictures import file_of

S = NominationState
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.usefixtures("db_session")


def refused(reason):
    """`with refused(…)`: the rules say no, for this reason, and nothing is left behind."""

    class Check:
        def __enter__(self):
            return self

        def __exit__(self, kind, error, _trace):
            db.session.rollback()
            assert kind is Refusal, f"not refused: {error}"
            assert error.reason is reason
            return True

    return Check()


def actions():
    return [r.action for r in db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq))]


def told(account_id, clock):
    return [n.title for n in notices.inbox(_person(account_id), now=clock.now)]


def _person(account_id):
    from quiz.accounts.models import Account

    return db.session.get_one(Account, account_id)


# Quarters


def test_a_quarter_opens_with_the_usual_calendar_for_the_leaf_units(department, clock):
    department.open_quarter()
    quarter = department.quarter()
    assert quarter.name == "2024-Q4"
    assert quarter.nominations_due_at == datetime(2024, 12, 4, 17, tzinfo=UTC)  # 00:00 of 5 December there
    assert [u.id for u in quarter.units] == department.units
    assert actions() == ["quarter.opened"]
    with refused(QuarterRefusal.OPENED_ALREADY):
        quarters.open_quarter(quarter.of, department.person(department.office), now=clock.now)


def test_terms_know_the_holidays_of_the_country():
    working = quarters.working_days(2024)
    assert not working.is_working(date(2024, 2, 12))  # Tết
    assert not working.is_working(date(2024, 9, 2))
    assert working.is_working(date(2024, 11, 20))
    assert not quarters.working_days(2024).is_working(date(2025, 1, 1))  # a term may run over New Year


def test_the_office_changes_the_calendar_with_a_reason(department, clock):
    department.open_quarter()
    quarter, office = department.quarter(), department.person(department.office)
    later = quarter.nominations_due_at + timedelta(days=1)
    with refused(QuarterRefusal.STEPS_OUT_OF_ORDER):
        values = {"vote_due_at": quarter.nominations_due_at}
        quarters.change_calendar(quarter, values, office, why="Thử", now=clock.now)
    with transaction():
        quarters.change_calendar(quarter, {"nominations_due_at": later}, office, why="Bão lụt", now=clock.now)
        quarters.change_calendar(quarter, {"nominations_due_at": later}, office, why="Như cũ", now=clock.now)
    (record,) = db.session.scalars(db.select(JournalRecord).filter_by(action="quarter.calendar_changed"))
    assert (record.reason, record.after["nominations_due_at"]) == ("Bão lụt", later.isoformat())


def test_units_are_asked_or_not(department, clock):
    department.open_quarter()
    department.drafted(0)
    office = department.person(department.office)
    with refused(QuarterRefusal.UNIT_HAS_NOMINATIONS):
        quarters.set_units(department.quarter(), department.units[1:], office, why="Gọn", now=clock.now)
    with transaction():
        quarters.set_units(department.quarter(), department.units[:2], office, why="Gọn", now=clock.now)
    with refused(NominationRefusal.UNIT_NOT_ASKED):
        department.drafted(2)


def test_reminders_go_to_units_that_sent_nothing_once_a_day(department, clock):
    department.open_quarter()
    department.confirmed(0)
    department.drafted(1)
    office = department.person(department.office)
    with transaction():
        assert quarters.remind_now(department.quarter(), office, now=clock.now) == 2
    with refused(QuarterRefusal.NOBODY_TO_REMIND):
        quarters.remind_now(department.quarter(), office, now=clock.now)
    assert actions().count("quarter.units_reminded") == 1
    assert "Đơn vị chưa gửi đề cử điển hình tiên tiến quý IV/2024" in told(department.contacts[1], clock)
    assert not [t for t in told(department.contacts[0], clock) if "chưa gửi" in t]


def test_the_clock_reminds_seven_and_two_days_before_the_end(department, clock):
    department.open_quarter()
    department.confirmed(0)
    due = department.quarter().nominations_due_at
    tick = timedelta(microseconds=1)

    def occasions(moment):
        clock.now = moment
        quarters.remind_in_time(clock)
        rows = db.session.execute(db.select(Reminder.occasion, Reminder.org_unit_id).order_by(Reminder.id)).all()
        return [(occasion, department.units.index(unit)) for occasion, unit in rows]

    seven = [("7", 1), ("7", 2)]
    assert occasions(due - timedelta(days=7) - tick) == []
    assert occasions(due - timedelta(days=7)) == seven
    assert occasions(due - timedelta(days=3)) == seven
    assert occasions(due - timedelta(days=2)) == [*seven, ("2", 1), ("2", 2)]
    assert occasions(due) == [*seven, ("2", 1), ("2", 2)]
    assert actions().count("quarter.units_reminded") == 2


@one_database
def test_a_quarter_opened_late_reminds_of_nothing_that_had_passed(department, clock):
    clock.now = datetime(2024, 11, 30, tzinfo=UTC)  # five days before the end
    department.open_quarter()
    quarters.remind_in_time(clock)
    assert db.session.scalars(db.select(Reminder)).all() == []


# From the unit to the office


def test_the_deadline_is_the_first_moment_of_day_five(department, clock):
    department.open_quarter()
    in_time, late = department.drafted(0), department.drafted(1)
    due = department.quarter().nominations_due_at
    clock.now = due - timedelta(microseconds=1)
    with transaction():
        nominations.send(department.nomination(in_time), _person(department.contacts[0]), now=clock.now)
    clock.now = due
    with refused(NominationRefusal.TOO_LATE):
        nominations.send(department.nomination(late), _person(department.contacts[1]), now=clock.now)
    with refused(NominationRefusal.TOO_LATE):
        department.drafted(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"summary": ""}, NominationRefusal.NO_SUMMARY),
        ({"achievements": ""}, NominationRefusal.NO_ACHIEVEMENTS),
        ({"consent": "", "consented_on": None}, NominationRefusal.NO_CONSENT),
    ],
)
@one_database
def test_what_a_nomination_needs_before_it_is_sent(department, clock, content, reason):
    department.open_quarter()
    id_ = department.drafted(**content)
    with refused(reason):
        nominations.send(department.nomination(id_), _person(department.contacts[0]), now=clock.now)


@one_database
def test_a_summary_has_at_most_300_words(department):
    department.open_quarter()
    department.drafted(summary="chữ " * 300)
    with refused(NominationRefusal.TOO_MANY_WORDS):
        department.drafted(summary="chữ " * 301)


def test_who_writes_does_not_confirm(department, clock, given):
    """Neither as head nor as whoever edited it last; the database says so too."""
    unit = department.units[0]
    department.open_quarter()
    id_ = department.drafted(0)
    author = _person(department.contacts[0])
    with transaction():
        quarters.name_head(
            db.session.get_one(OrgUnit, unit), author.username, _person(department.office), now=clock.now
        )
        nominations.send(department.nomination(id_), author, now=clock.now)
    with refused(NominationRefusal.OWN_WORK):
        nominations.confirm(department.nomination(id_), author, now=clock.now)
    with pytest.raises(IntegrityError):
        nominations.move(
            department.nomination(id_), (S.SENT,), S.CONFIRMED, author, now=clock.now, confirmed_by_id=author.id,
            confirmed_at=clock.now,
        )  # fmt: skip
    db.session.rollback()
    with refused(NominationRefusal.OWN_WORK):  # not a head
        nominations.confirm(department.nomination(id_), _person(department.heads[1]), now=clock.now)
    with transaction():
        nominations.confirm(department.nomination(id_), _person(department.heads[0]), now=clock.now)
    assert department.nomination(id_).confirmed_by_id == department.heads[0]


@one_database
def test_a_unit_without_a_head_cannot_send(department, clock):
    department.open_quarter()
    id_ = department.drafted(0)
    with transaction():
        (head,) = [h for h in queries.heads() if h.account_id == department.heads[0]]
        quarters.dismiss_head(head, _person(department.office), now=clock.now)
    with refused(NominationRefusal.NO_HEAD):
        nominations.send(department.nomination(id_), _person(department.contacts[0]), now=clock.now)


def test_two_editors_do_not_overwrite_each_other(department, clock):
    department.open_quarter()
    id_ = department.drafted(0)
    contact = _person(department.contacts[0])
    with transaction():
        nominations.edit(department.nomination(id_), CONTENT | {"name": "Tên Mới"}, 0, contact, now=clock.now)
    with refused(NominationRefusal.EDITED_MEANWHILE):
        nominations.edit(department.nomination(id_), CONTENT, 0, contact, now=clock.now)
    assert department.nomination(id_).name_folded == "ten moi"


def test_a_question_of_the_office_goes_to_the_unit_and_its_head_again(department, clock):
    department.open_quarter()
    id_ = department.confirmed(0)
    office, contact, head = (_person(i) for i in (department.office, department.contacts[0], department.heads[0]))
    due = clock.now + timedelta(days=20)  # after the deadline of the quarter
    with refused(NominationRefusal.TERM_PASSED):
        nominations.ask_back(department.nomination(id_), "Số liệu nào?", clock.now, office, now=clock.now)
    with transaction():
        nominations.ask_back(department.nomination(id_), "Số liệu nào?", due, office, now=clock.now)
    assert task_of(department.nomination(id_), now=clock.now) == queries.Task(Owner.UNIT, due)
    assert any("cần bổ sung" in t for t in told(department.contacts[0], clock))
    with refused(NominationRefusal.MOVED_ON):
        nominations.accept(department.nomination(id_), office, now=clock.now)
    clock.now = due - timedelta(seconds=1)
    with transaction():
        nominations.edit(department.nomination(id_), CONTENT, 0, contact, now=clock.now)
        nominations.send(department.nomination(id_), contact, now=clock.now)
        nominations.hand_back(department.nomination(id_), head, why="Thiếu số", now=clock.now)
    assert department.nomination(id_).state == S.RETURNED  # the question still stands
    with transaction():
        nominations.send(department.nomination(id_), contact, now=clock.now)
        nominations.confirm(department.nomination(id_), head, now=clock.now)
        nominations.accept(department.nomination(id_), office, now=clock.now)
    assert [s.to_state for s in department.nomination(id_).steps] == [
        "draft", "sent", "confirmed", "returned", "sent", "returned", "sent", "confirmed", "accepted",
    ]  # fmt: skip


def test_what_the_head_hands_back_is_a_draft_that_may_still_be_sent(department, clock):
    department.open_quarter()
    id_ = department.drafted(0)
    contact, head = _person(department.contacts[0]), _person(department.heads[0])
    with transaction():
        nominations.send(department.nomination(id_), contact, now=clock.now)
    clock.now = department.quarter().nominations_due_at
    with transaction():
        nominations.hand_back(department.nomination(id_), head, why="Sửa tên", now=clock.now)
        nominations.send(department.nomination(id_), contact, now=clock.now)
    assert department.nomination(id_).state == S.SENT


def test_whoever_has_to_do_with_a_nomination_does_not_accept_it(department, clock, given):
    both = given.account(Role.ORGANIZER, Role.UNIT_CONTACT, unit=department.units[0])
    department.contacts[0] = both
    department.open_quarter()
    id_ = department.confirmed(0)
    for deed in (
        lambda n: nominations.accept(n, _person(both), now=clock.now),
        lambda n: nominations.decline(n, _person(both), why="Thử", now=clock.now),
    ):
        with refused(NominationRefusal.OWN_WORK):
            deed(department.nomination(id_))


def test_a_unit_withdraws_before_the_vote_and_not_after(department, clock):
    department.open_quarter()
    contact = _person(department.contacts[0])
    id_ = department.drafted(0)
    with transaction():
        nominations.withdraw(department.nomination(id_), contact, why="Nhầm người", now=clock.now)
    assert task_of(department.nomination(id_), now=clock.now) is None
    _vote, (voted,) = department.voting("Người Được Bầu")
    with refused(NominationRefusal.MOVED_ON):
        nominations.withdraw(department.nomination(voted), contact, why="Muộn", now=clock.now)


# One person not twice


def test_a_repeat_is_shown_and_accepted_only_with_a_reason(department, clock):
    department.open_quarter(YearQuarter(2024, 3))  # a quarter before, filled straight from the model
    earlier = department.quarter()
    contact, head = department.contacts[0], department.heads[0]
    common = {"quarter_id": earlier.id, "state": "not_chosen", "author_id": contact, "edited_by_id": contact,
              "created_at": clock.now, "updated_at": clock.now, "confirmed_by_id": head, "confirmed_at": clock.now,
              "comments_until": clock.now}  # fmt: skip
    rows = [
        Nomination(**CONTENT | {"name": "NGUYỄN THỊ HỒNG MẪU"}, org_unit_id=department.units[0], **common),
        Nomination(**CONTENT, org_unit_id=department.units[2], **common),
        Nomination(**CONTENT | {"birth_year": 1971}, org_unit_id=department.units[0], **common),
    ]
    with transaction():
        db.session.add_all(rows)
        quarters.open_quarter(YearQuarter(2024, 4), _person(department.office), now=clock.now)
    department.quarter = lambda: db.session.scalars(db.select(Quarter).filter_by(n=4)).one()
    id_ = department.confirmed(0, birth_year=1980)
    found = queries.repeats_of(department.nomination(id_))
    assert [(r.nomination.id, r.is_same) for r in found] == [(rows[0].id, True), (rows[1].id, False)]
    office = _person(department.office)
    with refused(NominationRefusal.REPEAT_NEEDS_REASON):
        nominations.accept(department.nomination(id_), office, now=clock.now)
    with transaction():
        nominations.accept(department.nomination(id_), office, why="Thành tích mới", now=clock.now)
    (record,) = db.session.scalars(db.select(JournalRecord).filter_by(action="nomination.accepted"))
    assert (record.reason, record.after["repeats"]) == ("Thành tích mới", [f"nomination:{rows[0].id}"])


def test_stories_already_told_count_as_repeats(department, clock):
    department.open_quarter()
    id_ = department.confirmed(0)
    common = {"kind": "person", "title": "T", "field": "justice", "created_at": clock.now, "updated_at": clock.now,
              "approved_at": clock.now, "published_at": clock.now, "state": "published"}  # fmt: skip
    with transaction():
        same = Exemplar(slug="a", name="Nguyễn Thị Hồng Mẫu", unit_name="phòng giả định 1", **common)
        other = Exemplar(slug="b", name="Nguyễn Thị Hồng Mẫu Hai", unit_name="Phòng Giả định 1", **common)
        db.session.add_all([same, other])
    assert [(r.story.slug, r.is_same) for r in queries.repeats_of(department.nomination(id_))] == [("a", True)]


def test_candidates_for_a_merge_are_shown_and_the_merged_one_points_to_the_survivor(department, clock):
    department.open_quarter()
    one = department.confirmed(0, "Tổ hòa giải khu phố 4", kind="group")
    again = department.confirmed(1, "TỔ HÒA GIẢI KHU PHỐ 4", kind="group")
    alike = department.confirmed(0, "Tổ hòa giải khu phố 04", kind="group")
    department.confirmed(1, "Tổ hòa giải khu phố 04x", kind="group")  # alike, but of another unit
    department.confirmed(2, "Nguyễn Văn Khác")
    assert [n.id for n in queries.duplicates_of(department.nomination(one))] == [again, alike]
    office = _person(department.office)
    for other in (one, department.drafted(2, "Chưa gửi")):
        with refused(NominationRefusal.CANNOT_MERGE_INTO):
            nominations.merge(
                department.nomination(one), department.nomination(other), office, why="Trùng", now=clock.now
            )
    with transaction():
        nominations.merge(department.nomination(again), department.nomination(one), office, why="Trùng", now=clock.now)
    merged = department.nomination(again)
    assert (merged.state, merged.merged_into_id, merged.steps[-1].note) == ("merged", one, "Trùng")
    assert queries.duplicates_of(department.nomination(one)) == [department.nomination(alike)]


# The public term


def test_the_public_comments_for_five_working_days(department, clock):
    department.open_quarter()
    id_ = department.accepted(0)
    clock.now = datetime(2024, 12, 27, 4, tzinfo=UTC)  # a Friday; New Year's Day lies between
    with transaction():
        until = nominations.open_comments(department.quarter(), _person(department.office), now=clock.now)
    assert until == datetime(2025, 1, 6, 17, tzinfo=UTC)  # to the end of Monday 6 January
    assert task_of(department.nomination(id_), now=until - timedelta(seconds=1)).owner is Owner.PUBLIC
    assert task_of(department.nomination(id_), now=until).owner is Owner.OFFICE
    clock.now = until - timedelta(seconds=1)
    say = {"name": "Người dân", "contact": "0912345678", "sender": "x"}
    with transaction():
        comment = comments.say(department.nomination(id_), "Đúng người", None, now=clock.now, **say)
        comments.note(comment, "Đã xác minh", _person(department.office), now=clock.now)
    with refused(CommentRefusal.CLOSED):
        comments.say(department.nomination(id_), "Muộn", None, now=until, **say)
    with refused(NominationRefusal.NOTHING_TO_COMMENT):
        nominations.open_comments(department.quarter(), _person(department.office), now=clock.now)


@one_database
def test_nobody_floods_the_office_with_comments(department, clock, given):
    department.open_quarter()
    id_ = department.accepted(0)
    with transaction():
        nominations.open_comments(department.quarter(), _person(department.office), now=clock.now)
    account = _person(given.account())

    def say(who, sender):
        comments.say(department.nomination(id_), "Ý kiến", who, name="A", contact="b", sender=sender, now=clock.now)

    for who, sender, most in ((account, "x", comments.MOST_A_DAY), (None, "y", comments.MOST_OF_ADDRESS)):
        with transaction():
            for _ in range(most):
                say(who, sender)
        with refused(CommentRefusal.TOO_MANY):
            say(who, sender)
    with transaction():
        say(None, "z")
    clock.advance(days=1)
    with transaction():
        say(account, "x")
    assert comments.sender_mark("1.2.3.4", "k", now=clock.now) != comments.sender_mark(
        "1.2.3.4", "k", now=clock.now + timedelta(days=1)
    )


# Evidence


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def test_evidence_is_a_pdf_or_a_picture_encoded_anew(department, clock):
    department.open_quarter()
    id_ = department.drafted(0)
    contact = _person(department.contacts[0])

    def add(name, content, kind=EvidenceKind.MINUTES):
        return evidence.add(department.nomination(id_), kind, name, content, contact, now=clock.now)

    with transaction():
        kept = add("..\\..\\Biên bản/họp\r\n;bình xét.PDF", PDF)
        picture = add("ảnh.php.jpeg", file_of(Image.new("RGB", (8, 8)), "PNG"), EvidenceKind.PORTRAIT)
    assert (kept.file_name, kept.media_type) == ("họp-bình xét.pdf", "application/pdf")
    assert (picture.file_name, picture.media_type) == ("ảnh.php.png", "image/png")
    assert department.nomination(id_).has_minutes
    for content, reason in (
        (b"", EvidenceRefusal.EMPTY),
        (PDF, EvidenceRefusal.SAME_FILE),
        (b"<svg/>", EvidenceRefusal.NOT_A_PDF),
        (b"MZ" + PDF, EvidenceRefusal.NOT_A_PDF),
        (b"%PDF-" + b"0" * evidence.MOST_PDF_MB * 1024 * 1024, EvidenceRefusal.PDF_TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n broken", pictures.PictureRefusal.NOT_A_PICTURE),
    ):
        with refused(reason):
            add("a.pdf", content)
    with transaction():
        nominations.send(department.nomination(id_), contact, now=clock.now)
    with refused(NominationRefusal.NOT_WITH_UNIT):
        add("a.pdf", PDF + b" ")
    with refused(NominationRefusal.NOT_WITH_UNIT):
        evidence.remove(department.nomination(id_).evidence[0], contact, now=clock.now)


# To the end


def test_the_chosen_become_draft_stories_with_the_decision_and_units_learn_it_then(department, clock):
    vote, (good, bad) = department.voting("Người Được Chọn", "Người Không Được")
    for n, member in enumerate(department.council):
        department.cast(vote, member, {good: Choice.AGREE, bad: Choice.DISAGREE}, code_of(n))
    department.close(vote)
    listed = queries.consolidated(department.quarter())
    assert [line.name for line in listed.chosen] == ["Người Được Chọn"]
    assert [(line.number, line.agree, line.voted, line.may_vote) for line in listed.lines] == [
        (1, 5, 5, 5),
        (2, 0, 5, 5),
    ]
    assert listed.without == ("Phòng Giả định 3",)
    office = _person(department.office)
    with refused(NominationRefusal.NOTHING_RECOMMENDED):
        publication.publish(department.quarter(), [good], "QĐ", office, now=clock.now)
    with transaction():
        publication.recommend(department.quarter(), "Công văn 7", office, now=clock.now)
    before = [told(c, clock) for c in department.contacts[:2]]
    assert not any("chọn" in title for titles in before for title in titles)
    with transaction():
        (story,) = publication.publish(department.quarter(), [good, bad], "Quyết định 12", office, now=clock.now)
    assert (story.state, story.quarter, story.unit_name, story.slug) == (
        "draft", "2024-Q4", "Phòng Giả định 1", "nguoi-duoc-chon-2024-q4",
    )  # fmt: skip
    assert "## Thành tích\n\nGiải quyết 1.200 hồ sơ trước hạn." in story.body
    assert department.nomination(good).exemplar_id == story.id
    assert "“Người Được Chọn” được chọn là điển hình tiên tiến" in told(department.contacts[0], clock)
    assert "“Người Không Được” chưa được chọn trong quý này" in told(department.contacts[1], clock)
    assert task_of(department.nomination(good), now=clock.now) is None


@one_database
def test_every_state_that_is_not_an_end_has_an_owner_and_a_term(department, clock):
    department.open_quarter()
    nomination = department.nomination(department.confirmed(0))
    nomination.comments_until, nomination.return_due_at = clock.now, clock.now
    ends = {S.NOT_CHOSEN, S.PUBLISHED, S.DECLINED, S.MERGED, S.WITHDRAWN}
    with db.session.no_autoflush:
        for state in S:
            nomination.state = state.value
            assert (task_of(nomination, now=clock.now) is None) == (state in ends), state
    db.session.rollback()


@pytest.mark.parametrize(
    "values",
    [{"state": "accepted"}, {"state": "merged"}, {"state": "returned"}, {"state": "published"}, {"state": "unknown"},
     {"state": "sent", "consent": "", "consented_on": None}, {"birth_year": 1066}],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_what_must_never_be(department, values):
    department.open_quarter()
    id_ = department.drafted(0)
    with pytest.raises(IntegrityError):
        db.session.execute(db.update(Nomination).where(Nomination.id == id_).values(**values))
    db.session.rollback()


@one_database
def test_every_action_of_this_room_has_its_words_in_the_journal():
    """Journal actions are literals of the services, or "nomination." with the state it came to."""
    from quiz.reports.journal_views import ACTION_TEXTS

    room = Path(nominations.__file__).parent
    written = {
        action
        for file in room.glob("*.py")
        for action in re.findall(r'"((?:quarter|unit|nomination|vote)\.(?!id")[a-z_]+)"', file.read_text("utf-8"))
    }
    assert len(written) > 12
    assert written | {f"nomination.{state}" for state in S} <= ACTION_TEXTS.keys()
