"""What comes with the product is brought in again and again, and mends only what nobody has touched."""

import pytest
import yaml

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import transaction
from quiz.exemplars import stories, story_files
from quiz.exemplars.models import Exemplar, Movement, StoryState
from quiz.exemplars.shipped import import_shipped
from quiz.exemplars.shipped_files import BadShipped, read
from quiz.exemplars.story_content import content_of
from quiz.journal import JournalRecord
from tests.exemplars.told import row

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MOVEMENT = {
    "slug": "thi-dua-ai-quoc", "title": "Thi đua ái quốc", "scope": "national", "launched_by": "Chủ tịch Hồ Chí Minh",
    "started_on": "1948-06-11", "ended_on": None, "summary": "Tóm tắt.", "body": "Giới thiệu.\n",
    "sources": [{"fact": "LS-01", "note": "Lời kêu gọi"}],
}  # fmt: skip
STORY = {
    "slug": "co-ba-nhat", "kind": "group", "name": "Đại đội 2", "title": "Cờ Ba nhất", "summary": "Khởi từ một đại đội.",
    "field": "defence", "place": "", "period": "1960", "year": 1960, "movements": ["thi-dua-ai-quoc"],
    "figures": [{"value": "18/6/1960", "label": "ngày khởi đầu"}],
    "sources": [{"fact": "LS-41", "title": "Bài báo", "publisher": "Báo", "address": "https://vi.du/a"}],
    "provisions": [{"document": "06/2022/QH15", "article": "59", "clause": "1", "point": ""}], "topics": "cờ ba nhất",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """`write(title="…")`: the files of a folder, changed as told; gives the folder."""
    (tmp_path / "stories").mkdir()

    def files(body="Câu chuyện.", movement=None, **changes):
        listed = {"movements": [MOVEMENT | (movement or {})]}
        (tmp_path / "movements.yaml").write_text(yaml.safe_dump(listed, allow_unicode=True), "utf-8")
        front = yaml.safe_dump(STORY | changes, allow_unicode=True)
        (tmp_path / "stories" / "co-ba-nhat.md").write_text(f"---\n{front}---\n\n{body}\n", "utf-8")
        return tmp_path

    return files


@pytest.fixture
def bring(db_session, clock):
    def do(folder):
        with transaction():
            return import_shipped(folder, now=clock.now)

    return do


def test_stories_come_in_published_with_all_they_say(bring, write, given, db_session, clock):
    given.document()
    report = bring(write())
    assert (report.added, report.unknown_law) == (["thi-dua-ai-quoc", "co-ba-nhat"], [])
    story = db_session.query(Exemplar).one()
    assert (story.state, story.author_id, story.approved_by_id, story.published_at) == (
        "published",
        None,
        None,
        clock.now,
    )
    assert (story.body, story.year, story.figures) == ("Câu chuyện.", 1960, STORY["figures"])
    assert [m.title for m in story.movements] == ["Thi đua ái quốc"]
    assert [f"{p.name} {p.document.number}" for p in story.provisions] == ["Khoản 1 Điều 59 06/2022/QH15"]
    movement = db_session.query(Movement).one()
    assert (movement.started, movement.ended, movement.position) == ("1948-06-11", "", 1)
    assert jobs.latest(story_files.JOB, f"exemplar:{story.id}").is_unfinished
    assert db_session.query(JournalRecord).one().action == "stories.imported"


def test_the_same_again_changes_nothing_and_a_new_text_mends(bring, write, given, db_session):
    given.document()
    bring(write())
    again = bring(write())
    assert (again.added, again.changed, again.kept, again.unchanged) == ([], [], [], 2)
    assert db_session.query(JournalRecord).count() == 1
    mended = bring(write(body="Câu chuyện kể lại.", movement={"body": "Giới thiệu lại."}))
    assert mended.changed == ["thi-dua-ai-quoc", "co-ba-nhat"]
    story = db_session.query(Exemplar).one()
    assert (story.body, story.revision) == ("Câu chuyện kể lại.", 2)


def test_what_people_have_made_of_it_stays(bring, write, given, db_session, clock):
    given.document()
    one, two = (db_session.get_one(Account, given.account(Role.ORGANIZER)) for _ in range(2))
    bring(write())
    story, movement = db_session.query(Exemplar).one(), db_session.query(Movement).one()
    with transaction():
        stories.edit_story(story, content_of(story) | {"title": "Tên khác"}, one, revision=1, now=clock.now)
        movement.summary = "Tóm tắt khác."
    assert bring(write(body="Mới.")).kept == ["thi-dua-ai-quoc", "co-ba-nhat"]  # an edit waits for a second person
    with transaction():
        stories.apply_edit(story, two, revision=2, now=clock.now)
    assert bring(write(body="Mới.")).kept == ["thi-dua-ai-quoc", "co-ba-nhat"]
    assert (story.title, story.body) == ("Tên khác", "Câu chuyện.")


@one_database
@pytest.mark.parametrize("deed", ["archive_story", "take_back"])
def test_a_story_taken_away_does_not_come_back(bring, write, given, db_session, clock, deed):
    bring(write())
    actor = db_session.get_one(Account, given.account(Role.ORGANIZER))
    story = db_session.query(Exemplar).one()
    with transaction():
        getattr(stories, deed)(story, actor, "Cần xem lại.", now=clock.now)
    state = story.state
    bring(write(body="Mới."))
    assert story.state == state != StoryState.PUBLISHED


@one_database
def test_a_document_that_the_library_lacks_is_cited_once_it_is_there(bring, write, given, db_session):
    assert bring(write()).unknown_law == [("co-ba-nhat", "06/2022/QH15")]
    assert db_session.query(Exemplar).one().provisions == []
    given.document()
    assert bring(write()).changed == ["co-ba-nhat"]
    assert len(db_session.query(Exemplar).one().provisions) == 1


@one_database
def test_a_story_of_ones_own_with_the_same_address_stays(bring, write, given, db_session, clock):
    given.save(row(clock.now, slug="co-ba-nhat", name="Của mình"))
    assert bring(write()).kept == ["co-ba-nhat"]
    assert db_session.query(Exemplar).one().name == "Của mình"


@one_database
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "hero"}, "kind"), ({"field": ""}, "field"), ({"movements": ["khong-co"]}, "no movement khong-co"), ({"year": "xưa"}, "year"),
        ({"sources": []}, "sources"), ({"slug": "khac"}, "its slug is khac"), ({"surprise": 1}, "surprise"), ({"summary": ""}, "summary"),
        ({"figures": [{"value": "1"}]}, "figures.0.label"), ({"movement": {"scope": "world"}}, "movements.yaml, 1: scope"),
        ({"sources": [{"title": "x", "address": "javascript:x"}]}, "sources.0.address"), ({"body": ""}, "body"),
    ],
)  # fmt: skip
def test_files_of_another_form_are_refused_whole(bring, write, db_session, changes, said):
    with pytest.raises(BadShipped) as bad:
        bring(write(**changes))
    assert any(said in problem for problem in bad.value.problems), bad.value.problems
    assert db_session.query(Movement).count() == 0


@one_database
def test_the_command_says_what_it_did(app, write, given):
    given.document()
    run = app.test_cli_runner().invoke
    assert "2 added, 0 changed, 0 kept, 0 unchanged" in run(args=["exemplars", "import-shipped", str(write())]).output
    assert "0 added, 0 changed, 0 kept, 2 unchanged" in run(args=["exemplars", "import-shipped", str(write())]).output
    failed = run(args=["exemplars", "import-shipped", str(write(kind="hero"))])
    assert failed.exit_code == 1
    assert "co-ba-nhat.md: kind" in failed.output


def test_what_is_shipped_can_be_read():
    movements, told = read()
    assert len({m.slug for m in movements}) == len(movements)
    assert len({s.slug for s in told}) == len(told)
