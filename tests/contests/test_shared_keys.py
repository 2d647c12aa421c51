"""A draft is warned of contests that show keys of its items before it is over."""

from datetime import timedelta

import pytest

from quiz.banks import standing
from quiz.banks.models import Item, ItemVersion
from quiz.contests.models import Contest
from quiz.contests.readiness import findings
from quiz.contests.rule_set import rule_set
from quiz.contests.topics import titles
from quiz.db import db, transaction


@pytest.fixture
def make(app, given, clock):
    """make(review_release, …): a contest of an hour from now on, and a draft of the day after that draws from its bank."""

    def contests(release, *, of_bank=True, opens_in=timedelta(days=1), **columns):
        other = given.contest(rules={"review_release": release}, **columns)
        opens_at = clock.now + opens_in
        draft = given.contest(state="draft", opens_at=opens_at, closes_at=opens_at + timedelta(hours=1))
        if of_bank:
            with app.app_context(), transaction():
                one, two = (db.session.get(Contest, c).divisions[0] for c in (other, draft))
                two.rules = two.rules | {"blueprint": one.rules["blueprint"]}
        return other, draft

    return contests


@pytest.fixture
def warned(app, clock):
    def of(draft):
        with app.app_context():
            rules = rule_set(db.session.get_one(Contest, draft))
            return [f.text for f in findings(rules, titles(), clock.now) if "cũng có trong cuộc thi" in f.text]

    return of


@pytest.mark.parametrize(
    ("release", "when"),
    [
        ("after_submit", "từ ngày 20/11/2024"),
        ("after_close", "từ ngày 20/11/2024"),
        ("after_publish", "khi công bố kết quả"),
    ],
)
def test_a_draft_is_warned(make, warned, release, when):
    other, draft = make(release)
    (text,) = warned(draft)
    assert text.startswith(f"8 câu rút được cũng có trong cuộc thi “Cuộc thi số {other}”")
    assert f"xem được đáp án {when}, trước khi kỳ cuối" in text


def test_no_warning_where_nobody_gets_to_know_in_time(make, warned, given, clock):
    _other, draft = make("never")
    assert warned(draft) == []
    _other, draft = make("after_close", of_bank=False)
    assert warned(draft) == []
    # closes long after the draft
    _other, draft = make("after_close", closes_at=clock.now + timedelta(days=30))
    assert warned(draft) == []


def test_another_wording_of_an_item_counts(app, make, warned):
    _other, draft = make("after_close")
    with app.app_context(), transaction():
        for item in db.session.scalars(db.select(Item)):
            (old,) = item.versions
            old.is_live = False
            kept = {
                c.key: getattr(old, c.key)
                for c in db.inspect(ItemVersion).column_attrs
                if c.key not in ("id", "item_id")
            }
            db.session.flush()
            item.versions.append(ItemVersion(**kept | {"number": 2, "stem": old.stem + " (sửa)", "is_live": True}))
            standing.refresh(item)
    (text,) = warned(draft)
    assert text.startswith("8 câu")
