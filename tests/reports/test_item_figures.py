"""Figures of papers and items, counted from attempts: a contest small enough to work out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from quiz.attempts.models import Attempt
from quiz.banks.models import Bank, Item, ItemFigures, ItemVersion
from quiz.contests.models import Division, Pool
from quiz.db import db, transaction
from quiz.marking.models import Annulment
from quiz.reports import item_figures
from quiz.reports.models import PaperFigures
from quiz.rules.item_record import ItemRecord, figures_of
from quiz.rules.statistics import ItemFigures as Figures
from quiz.rules.statistics import ItemWarning

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Counted:
    """A division's figures as they were kept.  items: place on the paper, from 1 → figures, and the warnings"""

    paper: Mapping[str, Any]
    items: list[Figures]
    warnings: list[Mapping[str, list[int]]]


@pytest.fixture
def compute(app, clock) -> Callable[..., Counted]:
    """`compute(division_id)` counts a division and gives what was kept, the items in the order of the bank."""

    def run(division_id: int) -> Counted:
        with app.app_context(), transaction():
            kept = item_figures.compute(db.session.get_one(Division, division_id), now=clock.now)
            items = sorted(kept.items, key=lambda item: item["version"])
            return Counted(
                kept.figures, [figures_of(ItemRecord.from_json(item)) for item in items], [i["warnings"] for i in items]
            )

    return run


@pytest.fixture
def of_version(app) -> Callable[[int], ItemFigures | None]:
    """What banks know of the nth version, over all contests."""

    def get(n: int) -> ItemFigures | None:
        with app.app_context():
            first = db.session.scalar(select(func.min(Pool.id)))
            candidates = db.session.get_one(Pool, first).candidates
            return db.session.get(ItemFigures, candidates[n - 1][0])

    return get


@pytest.fixture
def ladder(given) -> Callable[..., list[int]]:
    """Attempts of four people with 4, 3, 1 and 0 right, the first questions each; one ended by the clock. Their ids."""

    def make(contest_id: int, division: int = 0) -> list[int]:
        rounds = given.round_ids(contest_id)
        return [
            given.attempt(given.entry(contest_id, division=division), rounds[n % len(rounds)], score=score, state=state)
            for n, (score, state) in enumerate([(4, "submitted"), (3, "expired"), (1, "submitted"), (0, "submitted")])
        ]

    return make


def annul(given, attempt_id: int, **columns: Any) -> None:
    given.save(
        Annulment(
            attempt_id=attempt_id, reason="hai người làm một bài", annulled_at=given.clock(),
            annulled_by_id=given.account(), **columns,
        )
    )  # fmt: skip


# --- one division -----------------------------------------------------------------------------------------------------


def test_a_small_contest_by_hand(given, compute, ladder):
    contest_id = given.contest(rounds=2)
    ladder(contest_id)
    found = compute(given.division_ids(contest_id)[0])
    # scores 4, 3, 1, 0: the squares of their distances from 2 add up to 10; item variances 1/4, 1/3, 1/3, 1/4
    alpha = 4 / 3 * (1 - (7 / 6) / (10 / 3))
    assert found.paper == {
        "n": 4, "mean": 2.0, "maximum": 4, "sd": pytest.approx(math.sqrt(10 / 3)), "skewness": pytest.approx(0.0),
        "kurtosis": pytest.approx(-3.3), "kr20": pytest.approx(alpha), "alpha": pytest.approx(alpha),
        "sem": pytest.approx(2 / 3),
    }  # fmt: skip
    assert [f.facility for f in found.items] == [0.75, 0.5, 0.5, 0.25]
    first, second, _third, fourth = found.items
    assert second.discrimination == pytest.approx(2 / math.sqrt(5))  # 1 1 0 0 beside 3 2 1 0, the rest of the scores
    # the upper 27 % of four are 1.08: the one with 4, and a little of the one with 3
    assert first.upper_lower == pytest.approx(1 - 0.08 / 1.08)
    assert fourth.upper_lower == pytest.approx(1 / 1.08)
    assert first.upper_shown == pytest.approx(1.08)
    assert [(o.number, o.is_key, o.chosen) for o in second.options] == [
        (1, False, 2), (2, True, 2), (3, False, 0), (4, False, 0),
    ]  # fmt: skip
    assert [o.share for o in first.options] == [0.25, 0.75, 0, 0]
    assert all(f.shown == 4 and f.blank == 0 and f.median_s is None for f in found.items)
    assert found.warnings == [{}] * 4  # too few to say anything


def test_annulled_and_open_attempts_do_not_count(given, compute, ladder):
    contest_id = given.contest(rules={"attempt_limit": None})
    ladder(contest_id)
    (division_id,), (round_id,) = given.division_ids(contest_id), given.round_ids(contest_id)
    before = compute(division_id)
    cheat = given.attempt(given.entry(contest_id), round_id, score=4)
    annul(given, cheat)
    given.open_attempt(given.entry(contest_id), round_id)
    assert compute(division_id) == before
    restored = given.attempt(given.entry(contest_id), round_id, score=4)
    annul(given, restored, restored_at=given.clock(), restored_by_id=given.account(), restore_reason="nhầm")
    assert compute(division_id).paper["n"] == 5


def test_points_are_those_of_the_contest(given, compute):
    contest_id = given.contest(rules={"points_per_item": 5})
    (round_id,) = given.round_ids(contest_id)
    for right in (4, 2):
        columns = {
            "correct": right,
            "max_score": 20,
            "responses": answers({n: [2 if n <= right else 1] for n in range(1, 5)}),
        }
        given.attempt(given.entry(contest_id), round_id, score=5 * right, **columns)
    found = compute(given.division_ids(contest_id)[0])
    assert (found.paper["mean"], found.paper["maximum"]) == (15.0, 20)
    assert [f.facility for f in found.items] == [1.0, 1.0, 0.5, 0.5]
    assert found.paper["alpha"] is not None


def answers(chosen: Mapping[int, list[int]], **parts: Any) -> dict[str, Any]:
    return {"a": {str(n): places for n, places in chosen.items()}, "f": [], "p": None, "t": {}} | parts


def test_options_are_those_of_the_author_whatever_order_was_shown(given, app, compute):
    contest_id = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest_id), given.division_ids(contest_id)
    with app.app_context():
        version = db.session.scalars(select(Pool.candidates)).one()[0][0]
    for order, place in (([4, 2, 1, 3], 2), ([3, 4, 1, 2], 1)):  # the key, then option 3
        paper = [[version, order]]
        right = order[place - 1] == 2
        given.attempt(
            given.entry(contest_id), round_id, score=int(right), correct=int(right), max_score=1, paper=paper,
            responses=answers({1: [place]}),
        )  # fmt: skip
    (figures,) = compute(division_id).items
    assert [o.chosen for o in figures.options] == [0, 1, 1, 0]
    assert figures.facility == 0.5


def test_time_on_a_question_is_the_time_since_the_answer_before(given, compute):
    contest_id = given.contest()
    (round_id,) = given.round_ids(contest_id)
    times = {"1": 4_000, "3": 9_999, "2": 12_500}  # the fourth was never answered
    given.attempt(given.entry(contest_id), round_id, responses=answers({1: [2], 2: [2], 3: [2]}, t=times), score=3)
    found = compute(given.division_ids(contest_id)[0])
    assert [f.median_s for f in found.items] == [4, 2, 5, None]
    assert [f.blank for f in found.items] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("answered_after_ms", "expected"),
    [
        ({}, {}),
        ({"7": 999}, {7: 0}),
        ({"2": 1_000, "1": 61_000}, {2: 1, 1: 60}),
        ({"1": 5_000, "2": 5_000, "10": 5_000}, {1: 5, 2: 0, 10: 0}),
    ],
)
def test_seconds_spent(answered_after_ms, expected):
    assert item_figures.seconds_spent(answered_after_ms) == expected


def test_items_that_are_typed_ordered_or_matched(given, app, clock, compute):
    contest_id = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest_id), given.division_ids(contest_id)
    kinds: list[dict[str, Any]] = [
        {"kind": "short_text", "options": [], "key": [], "accepted": ["ba năm"]},
        {"kind": "ordering", "options": ["một", "hai", "ba"], "key": []},
        {"kind": "matching", "options": ["x", "y"], "key": [2, 1], "matches": ["p", "q"], "partial": True},
    ]
    with app.app_context(), transaction():
        bank = db.session.scalars(select(Bank)).first()
        items = [Item(code=f"K{n}", versions=[given._version(n, True, columns)]) for n, columns in enumerate(kinds)]
        bank.items.extend(items)
        db.session.flush()
        versions = [item.versions[0].id for item in items]
    paper = [[versions[0], []], [versions[1], [3, 1, 2]], [versions[2], [2, 1]]]
    right = answers({}, w={"1": "Ba năm."}, s={"2": [3, 1, 2], "3": [1, 2]})
    wrong = answers({}, w={"1": "bốn năm"}, s={"2": [1, 2, 3]})
    for responses, score in ((right, 3), (wrong, 0)):
        given.attempt(
            given.entry(contest_id), round_id, paper=paper, responses=responses, score=score, correct=score, max_score=3,
            all_correct=score == 3,
        )  # fmt: skip
    found = compute(division_id)
    assert [f.facility for f in found.items] == [0.5, 0.5, 0.5]
    assert [f.options for f in found.items] == [(), (), ()]
    assert found.paper["alpha"] == pytest.approx(1.0)


def test_a_division_without_attempts(given, compute):
    found = compute(given.division_ids(given.contest())[0])
    assert found.paper["n"] == 0
    assert found.paper["mean"] is None
    assert found.items == []


# --- warnings, and the order of items ---------------------------------------------------------------------------------


@pytest.fixture
def crowd(given, app) -> Callable[..., None]:
    """`crowd(contest_id, (how many, answers by question), …)`: many attempts at four questions with key 2, of one entry."""
    codes = count(1)

    def make(contest_id: int, *groups: tuple[int, dict[int, list[int]]]) -> None:
        given.attempt(entry := given.entry(contest_id), given.round_ids(contest_id)[0], score=4)
        numbers = count(2)
        with app.app_context(), transaction():
            first = db.session.scalars(select(Attempt).where(Attempt.entry_id == entry)).one()
            columns = {c.key: getattr(first, c.key) for c in Attempt.__table__.columns if c.key != "id"}
            for many, chosen in groups:
                score = sum(places == [2] for places in chosen.values())
                own = {"score": score, "correct": score, "all_correct": False, "responses": answers(chosen)}
                db.session.add_all(
                    Attempt(**columns | own | {"code": f"D{next(codes)}", "number": next(numbers)}) for _ in range(many)
                )

    return make


@one_database
def test_a_wrong_key_comes_first(given, compute, crowd, app):
    contest_id = given.contest(rules={"attempt_limit": None})
    # who knows the rest chooses C in the first question, who does not chooses B, its key
    crowd(contest_id, (39, {1: [3], 2: [2], 3: [2], 4: [2]}), (40, {1: [2], 2: [1], 3: [4], 4: [2]}))
    (division_id,) = given.division_ids(contest_id)
    found = compute(division_id)
    assert found.warnings[0] == {
        ItemWarning.NEGATIVE_DISCRIMINATION: [], ItemWarning.LIKELY_WRONG_KEY: [3], ItemWarning.NEVER_CHOSEN: [1, 4],
    }  # fmt: skip
    assert found.warnings[3].keys() == {ItemWarning.TOO_EASY, ItemWarning.NEVER_CHOSEN}
    with app.app_context():
        items = db.session.scalars(select(PaperFigures.items)).one()
        assert [sorted(item["warnings"]) for item in items] == [
            sorted(found.warnings[0]), ["never_chosen"], ["never_chosen"], ["never_chosen", "too_easy"],
        ]  # fmt: skip
        row = db.session.get_one(ItemFigures, items[0]["version"])
        assert row.is_suspect
        assert row.warnings["likely_wrong_key"] == [3]
        assert row.choices["0"][0] == 80
        assert row.choices["3"] == [39, pytest.approx(20.6), 0]  # of the upper 21.6, one with 4 points chose B


# --- over all contests ------------------------------------------------------------------------------------------------


def test_banks_pool_the_divisions(given, compute, ladder, of_version):
    contest_id = given.contest(divisions=("A", "B"))
    a, b = given.division_ids(contest_id)
    ladder(contest_id)
    (round_id,) = given.round_ids(contest_id)
    for score, ms in ((4, 8_000), (3, 10_000)):
        times = {"t": {"1": ms}}
        responses = answers({n: [2 if n <= score else 3] for n in range(1, 5)}, **times)
        given.attempt(given.entry(contest_id, division=1), round_id, score=score, responses=responses)
    of_a = compute(a)
    assert of_version(4).facility == 0.25
    of_b = compute(b)
    assert (of_b.paper["n"], [f.facility for f in of_b.items]) == (2, [1, 1, 1, 0.5])
    first, fourth = of_version(1), of_version(4)
    assert (fourth.shown, fourth.facility) == (6, pytest.approx(2 / 6))
    assert fourth.choices["0"] == [6, pytest.approx(1.08 + 0.54), pytest.approx(1.08 + 0.54)]
    assert [fourth.choices[str(n)][0] for n in (1, 2, 3, 4)] == [3, 2, 1, 0]
    # of B the fourth question varies and the rest does not, so that only A has a say
    assert of_b.items[3].discrimination is None
    assert fourth.discrimination == pytest.approx(of_a.items[3].discrimination)
    assert fourth.index == pytest.approx((4 * of_a.items[3].upper_lower + 2 * 1) / 6)
    assert first.median_ms == 9_000
    assert not first.is_suspect


def test_what_no_attempt_tells_any_more_is_forgotten(given, compute, ladder, of_version, clock):
    contest_id = given.contest()
    (division_id,) = given.division_ids(contest_id)
    attempts = ladder(contest_id)
    compute(division_id)
    assert of_version(1).shown == 4
    for attempt_id in attempts[1:]:
        annul(given, attempt_id)
    clock.advance(hours=1)
    compute(division_id)
    assert of_version(1).shown == 1
    assert of_version(1).computed_at == clock.now
    annul(given, attempts[0])
    compute(division_id)
    assert of_version(1) is None


def test_counting_sees_one_moment(given, app, ladder):
    """What ends while we count is left for the next time, or the two looks would disagree."""
    contest_id = given.contest()
    ladder(contest_id)
    entry_id, (round_id,) = given.entry(contest_id), given.round_ids(contest_id)
    ended = select(func.count()).select_from(Attempt)
    with app.app_context(), item_figures.one_snapshot() as connection:
        assert connection.scalar(ended) == 4
        given.attempt(entry_id, round_id)
        assert connection.scalar(ended) == 4


@one_database
def test_a_version_keeps_its_figures_apart_from_other_versions(given, app, compute, ladder):
    contest_id = given.contest()
    ladder(contest_id)
    compute(given.division_ids(contest_id)[0])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ItemFigures)) == 4
        assert db.session.scalar(select(func.count()).select_from(ItemVersion)) == 16


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(app) -> Callable[..., Any]:
    return lambda *arguments: app.test_cli_runner().invoke(args=["reports", "figures", *arguments])


@one_database
def test_the_command_counts_opened_contests(given, ladder, run, clock):
    contest_id = given.contest(divisions=("A", "B"))
    ladder(contest_id)
    given.contest(state="draft")
    result = run()
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "cuoc-thi-1 bang-1: 4 attempts, 4 items, 0 with a warning",
        "cuoc-thi-1 bang-2: 0 attempts, 0 items, 0 with a warning",
    ]
    clock.now += timedelta(hours=1)
    assert run("--contest", "cuoc-thi-1").output == result.output


@one_database
@pytest.mark.parametrize("state", ["draft", None])
def test_the_command_needs_an_opened_contest(given, run, state):
    if state:
        given.contest(state=state)
    for arguments in ((), ("--contest", "cuoc-thi-1")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "there is no open contest" in result.output
