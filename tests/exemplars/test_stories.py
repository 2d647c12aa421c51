"""Stories come before the public by two people's hands, and nothing anybody has typed is lost."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.exemplars import movements, stories, story_queries
from quiz.exemplars.models import Exemplar, Movement, StoryPicture, StoryState
from quiz.exemplars.movements import MovementRefusal
from quiz.exemplars.stories import Saved
from quiz.exemplars.story_content import content_of
from quiz.exemplars.story_queries import Wanted
from quiz.exemplars.story_refusals import StoryRefusal
from quiz.journal import JournalRecord, first_broken
from tests.exemplars.told import CONSENT, content, movement, picture_file, row

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def people(given, db_session):
    """An author and two organizers, as rows of the session."""
    ids = [given.account(Role.ORGANIZER, name=name) for name in ("Người Viết", "Người Duyệt", "Người Thứ Ba")]
    return [db_session.get_one(Account, id_) for id_ in ids]


@pytest.fixture
def do(clock):
    """`do(stories.publish_story, story, actor)`: a deed in a transaction of its own, with the page's revision."""

    def deed(service, *arguments, **named):
        with transaction():
            return service(*arguments, **named, now=clock.now)

    return deed


def refused(reason, deed, *arguments, **named):
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **named)
    assert refusal.value.reason is reason
    assert refusal.value.sentence


def published(do, author, second, **changes):
    story = do(stories.write_story, content(**changes), author)
    do(stories.approve_story, story, second, revision=story.revision)
    do(stories.publish_story, story, second)
    return story


def deeds(db_session):
    return [r.action for r in db_session.query(JournalRecord).order_by(JournalRecord.seq)]


def test_a_story_from_draft_to_archive(people, do, db_session, clock):
    author, second, _third = people
    story = do(stories.write_story, content(), author)
    assert (story.slug, story.state) == ("to-hoa-giai-ap-mau", StoryState.DRAFT)
    do(stories.submit_story, story, author, revision=1)
    assert story.submitted_at == clock.now
    do(stories.approve_story, story, second, revision=1)
    assert (story.state, story.approved_by, story.submitted_at) == (StoryState.APPROVED, second, None)
    assert story_queries.published(Wanted(), limit=5)[1] == 0
    do(stories.publish_story, story, author)
    assert [s.id for s in story_queries.newest_stories(5)] == [story.id]
    do(stories.archive_story, story, second, "Đã cũ.")
    assert story.is_public
    assert story_queries.newest_stories(5) == []
    do(stories.publish_story, story, second)
    assert story.state == StoryState.PUBLISHED
    do(stories.take_back, story, second, "Cần viết lại.")
    assert (story.state, story.approved_by_id, story.published_at) == (StoryState.DRAFT, None, None)
    assert deeds(db_session) == [
        "story.written", "story.submitted", "story.approved", "story.published", "story.archived", "story.published",
        "story.taken_back",
    ]  # fmt: skip
    assert first_broken() is None


def test_who_has_written_does_not_approve(people, do):
    author, second, third = people
    story = do(stories.write_story, content(), author)
    refused(StoryRefusal.OWN_STORY, do, stories.approve_story, story, author, revision=1)
    do(stories.edit_story, story, content(body="Khác."), second, revision=1)
    refused(StoryRefusal.OWN_STORY, do, stories.approve_story, story, second, revision=2)
    do(stories.approve_story, story, third, revision=2)


@pytest.mark.parametrize("columns", [{"approved_by_id": "author"}, {"edit_seen_by_id": "author"}])
def test_the_database_refuses_one_pair_of_eyes(people, do, db_session, columns):
    author, second, _third = people
    story = published(do, author, second)
    with pytest.raises(IntegrityError), transaction():
        db_session.execute(update(Exemplar).where(Exemplar.id == story.id).values(dict.fromkeys(columns, author.id)))


@pytest.mark.parametrize("missing", stories.NEEDED)
def test_what_is_missing_is_named(people, do, missing):
    author, second, _third = people
    story = do(stories.write_story, content(**{missing: [] if missing == "sources" else ""}), author)
    refused(StoryRefusal.NOT_COMPLETE, do, stories.submit_story, story, author, revision=1)
    refused(StoryRefusal.NOT_COMPLETE, do, stories.approve_story, story, second, revision=1)


def test_deeds_that_come_too_late_are_refused(people, do):
    author, second, _third = people
    story = do(stories.write_story, content(), author)
    refused(StoryRefusal.NOT_APPROVED, do, stories.publish_story, story, second)
    refused(StoryRefusal.NOT_PUBLISHED, do, stories.archive_story, story, second, "Cũ.")
    refused(StoryRefusal.IS_A_DRAFT, do, stories.take_back, story, second, "Sửa.")
    refused(StoryRefusal.NOTHING_WAITS, do, stories.apply_edit, story, second, revision=1)
    refused(StoryRefusal.EDITED_SINCE, do, stories.approve_story, story, second, revision=7)
    do(stories.approve_story, story, second, revision=1)
    refused(StoryRefusal.NOT_A_DRAFT, do, stories.submit_story, story, author, revision=2)
    refused(StoryRefusal.NOT_A_DRAFT, do, stories.drop_draft, story, second)
    do(stories.publish_story, story, second)
    do(stories.archive_story, story, second, "Cũ.")
    refused(StoryRefusal.IS_ARCHIVED, do, stories.edit_story, story, content(body="Khác."), author, revision=4)


def test_an_edit_of_a_published_story_waits_for_another_person(people, do, db_session):
    author, second, third = people
    story = published(do, author, second)
    changed = content(body="Bản mới.", year=2025)
    assert do(stories.edit_story, story, changed, second, revision=3) is Saved.WAITS
    assert story.body.startswith("Đoạn đầu")
    refused(StoryRefusal.OWN_EDIT, do, stories.apply_edit, story, second, revision=4)
    refused(StoryRefusal.EDITED_SINCE, do, stories.apply_edit, story, third, revision=3)
    do(stories.apply_edit, story, third, revision=4)
    assert content_of(story) == changed
    assert (story.pending, story.edited_by_id, story.edit_seen_by_id) == (None, second.id, third.id)
    record = db_session.query(JournalRecord).order_by(JournalRecord.seq.desc()).first()
    assert record.action == "story.edit_applied"
    assert record.before == {"body": content()["body"], "year": 2026}
    assert record.after == {"body": "Bản mới.", "year": 2025}


def test_a_refused_edit_is_kept_by_the_journal(people, do, db_session):
    author, second, third = people
    story = published(do, author, second)
    do(stories.edit_story, story, content(body="Sai rồi."), author, revision=3)
    do(stories.refuse_edit, story, third, "Con số chưa có nguồn.", revision=4)
    assert story.pending is None
    record = db_session.query(JournalRecord).order_by(JournalRecord.seq.desc()).first()
    assert (record.before, record.reason) == ({"body": "Sai rồi."}, "Con số chưa có nguồn.")


def test_an_edit_that_is_undone_no_longer_waits(people, do):
    author, second, _third = people
    story = published(do, author, second)
    do(stories.edit_story, story, content(body="Khác."), author, revision=3)
    assert do(stories.edit_story, story, content(body="Khác."), author, revision=4) is Saved.NOTHING
    do(stories.edit_story, story, content(), author, revision=4)
    assert (story.pending, story.pending_by_id) == (None, None)


def test_what_waits_comes_back_with_the_draft(people, do):
    author, second, third = people
    story = published(do, author, second)
    do(stories.edit_story, story, content(body="Đang viết dở."), third, revision=3)
    do(stories.take_back, story, second, "Viết lại.")
    assert story.body == "Đang viết dở."
    refused(StoryRefusal.OWN_STORY, do, stories.approve_story, story, third, revision=story.revision)


def test_the_second_of_two_editors_is_told(people, do):
    author, second, _third = people
    story = do(stories.write_story, content(), author)
    assert do(stories.edit_story, story, content(title="Một"), author, revision=1) is Saved.AT_ONCE
    refused(StoryRefusal.EDITED_SINCE, do, stories.edit_story, story, content(title="Hai"), second, revision=1)
    assert story.title == "Một"
    do(stories.submit_story, story, author, revision=2)
    do(stories.edit_story, story, content(title="Ba"), author, revision=2)
    assert story.submitted_at is None  # what was to be approved is no longer what there is


def test_movements_and_provisions_are_written_with_the_rest(people, do, given, clock):
    author, _second, _third = people
    first, other = given.document(), given.document("98/2023/NĐ-CP", title="Quy định")
    moved = [given.save(movement(clock.now, position=n)) for n in range(2)]
    places = [[first, "5", "", ""], [first, "5", "2", "a"], [other, "", "", ""]]
    story = do(stories.write_story, content(movements=moved, provisions=places), author)
    assert content_of(story)["provisions"] == places
    assert [m.id for m in story.movements] == moved
    fewer = content(movements=moved[1:], provisions=[places[2], places[0]])
    do(stories.edit_story, story, fewer, author, revision=1)
    assert content_of(story) == fewer
    assert [p.name for p in story.provisions] == ["", "Điều 5"]


def test_pictures_of_a_draft_are_there_at_once(people, do, db_session):
    author, _second, _third = people
    story = do(stories.write_story, content(), author)
    assert do(stories.add_picture, story, picture_file(), CONSENT, author, revision=1) is Saved.AT_ONCE
    refused(StoryRefusal.PICTURE_THERE, do, stories.add_picture, story, picture_file(), CONSENT, author, revision=2)
    do(stories.add_picture, story, picture_file("#00f"), CONSENT, author, revision=2)
    first, second = content_of(story)["pictures"]
    do(stories.edit_story, story, content(pictures=[second | {"caption": "Xanh"}, first]), author, revision=3)
    assert [(p.caption, p.position) for p in story.shown_pictures] == [("Xanh", 1), ("", 2)]
    do(stories.edit_story, story, content(pictures=[first]), author, revision=4)
    assert db_session.query(StoryPicture).count() == 1


def test_pictures_of_a_published_story_wait_with_its_edit(people, do, db_session):
    author, second, third = people
    story = published(do, author, second)
    assert do(stories.add_picture, story, picture_file(), CONSENT, author, revision=3) is Saved.WAITS
    assert story.shown_pictures == []
    do(stories.refuse_edit, story, second, "Không rõ ai chụp.", revision=4)
    assert db_session.query(StoryPicture).count() == 0
    do(stories.add_picture, story, picture_file(), CONSENT, author, revision=5)
    do(stories.apply_edit, story, third, revision=6)
    assert [p.alt for p in story.shown_pictures] == [CONSENT["alt"]]
    do(stories.edit_story, story, content(), author, revision=7)  # takes the picture away
    assert len(story.shown_pictures) == 1
    do(stories.apply_edit, story, third, revision=8)
    assert db_session.query(StoryPicture).count() == 0


def test_there_is_an_end_to_pictures(people, do, monkeypatch):
    author, _second, _third = people
    monkeypatch.setattr(stories, "MOST_PICTURES", 1)
    story = do(stories.write_story, content(), author)
    do(stories.add_picture, story, picture_file(), CONSENT, author, revision=1)
    refused(
        StoryRefusal.TOO_MANY_PICTURES,
        do,
        stories.add_picture,
        story,
        picture_file("#0f0"),
        CONSENT,
        author,
        revision=2,
    )


@pytest.mark.parametrize("empty", ["alt", "consent"])
def test_the_database_refuses_a_picture_without_words_or_consent(people, do, db_session, empty):
    author, _second, _third = people
    story = do(stories.write_story, content(), author)
    with pytest.raises(IntegrityError):
        do(stories.add_picture, story, picture_file(), CONSENT | {empty: ""}, author, revision=1)


def test_a_dropped_draft_is_kept_by_the_journal(people, do, db_session):
    author, _second, _third = people
    story = do(stories.write_story, content(), author)
    do(stories.drop_draft, story, author)
    assert story_queries.to_manage() == []
    record = db_session.query(JournalRecord).order_by(JournalRecord.seq.desc()).first()
    assert record.before == content()


def test_two_stories_of_one_name_have_two_addresses(people, do):
    author, _second, _third = people
    slugs = [do(stories.write_story, content(), author).slug for _ in range(3)]
    assert slugs == ["to-hoa-giai-ap-mau", "to-hoa-giai-ap-mau-2", "to-hoa-giai-ap-mau-3"]


@pytest.fixture
def many(given, clock, db_session):
    """Five published stories that differ, and one of each other state."""
    moved = movement(clock.now, slug="lam-theo-bac")
    told = [
        row(clock.now, name="Trần Thị Đậm", kind="person", field="health", year=2024, unit_name="Trạm Y tế Mẫu"),
        row(clock.now, name="Đội Ánh Sáng", field="science", year=2025, movements=[moved]),
        row(clock.now, name="Tổ 1", year=2026, place="Phường Gò Dầu", movements=[moved]),
        row(clock.now, name="Đại hội 1952", kind="event", field="history", year=1952, unit_name=""),
        row(clock.now, name="Tổ 2", year=2026, topics="hoà nhạc 50%"),
    ]
    given.save(moved, *told, *(row(clock.now, state=state) for state in ("draft", "approved", "archived")))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"Trần Thị Đậm", "Đội Ánh Sáng", "Tổ 1", "Đại hội 1952", "Tổ 2"}),
        ({"text": "tran dam"}, {"Trần Thị Đậm"}), ({"text": "ĐẬM trần"}, {"Trần Thị Đậm"}), ({"text": "go dau"}, {"Tổ 1"}),
        ({"text": "anh san"}, {"Đội Ánh Sáng"}), ({"text": "50%"}, {"Tổ 2"}), ({"text": "tran sang"}, set()),
        ({"kind": "event"}, {"Đại hội 1952"}), ({"field": "health"}, {"Trần Thị Đậm"}), ({"year": 2026}, {"Tổ 1", "Tổ 2"}),
        ({"unit": "Trạm Y tế Mẫu"}, {"Trần Thị Đậm"}), ({"movement": "lam-theo-bac"}, {"Đội Ánh Sáng", "Tổ 1"}),
        ({"movement": "lam-theo-bac", "year": 2025}, {"Đội Ánh Sáng"}), ({"unit": "Không có"}, set()),
    ],
)  # fmt: skip
@one_database
def test_lists_are_narrowed(many, wanted, names):
    found, in_all = story_queries.published(Wanted(**wanted), limit=20)
    assert {s.name for s in found} == names
    assert in_all == len(names)


def test_stories_are_counted_and_paged(many):
    page, in_all = story_queries.published(Wanted(), limit=2, offset=4)
    assert (len(page), in_all) == (1, 5)
    assert dict(story_queries.counts_by(Exemplar.year)) == {1952: 1, 2024: 1, 2025: 1, 2026: 2}
    assert dict(story_queries.counts_by(Exemplar.unit_name)) == {"UBND xã Mẫu": 3, "Trạm Y tế Mẫu": 1}
    assert list(story_queries.stories_by_movement().values()) == [2]
    one = story_queries.published(Wanted(text="go dau"), limit=1)[0][0]
    assert [s.name for s in story_queries.others(one, 2)] == ["Đội Ánh Sáng", "Tổ 2"]  # of its movement, of its field


def test_movements_are_written_and_journalled(people, do, db_session):
    author, second, _third = people
    said = {
        "title": "Cả nước thi đua", "scope": "national", "launched_by": "", "started": "2021", "ended": "", "summary": "",
        "body": "", "sources": [], "position": 1, "is_shown": True,
    }  # fmt: skip
    added = do(movements.add_movement, said, author)
    seen = movements.digest_of(added)
    assert not do(movements.edit_movement, added, said, second, seen=seen)
    assert do(movements.edit_movement, added, said | {"summary": "Mới."}, second, seen=seen)
    with pytest.raises(Refusal) as refusal:
        do(movements.edit_movement, added, said | {"summary": "Khác."}, author, seen=seen)
    assert refusal.value.reason is MovementRefusal.EDITED_SINCE
    assert db_session.get_one(Movement, added.id).summary == "Mới."
    assert deeds(db_session) == ["movement.added", "movement.edited"]
