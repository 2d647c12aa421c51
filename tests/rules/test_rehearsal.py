"""A rehearsal keeps the rules it plays by, and is the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules import clock
from quiz.rules.clock import Hours, LateStart, Limits, Window
from quiz.rules.counting import Counted, Overall
from quiz.rules.decks import Deck
from quiz.rules.drawing import ESSAY, Candidate, Cell
from quiz.rules.prediction import Scope, Target
from quiz.rules.prizes import Conditions, Skip, Tier
from quiz.rules.rehearsal import DivisionPlan, Outcome, Plan, Rehearsal, RoundPlan, Sitting
from quiz.rules.rehearsal_figures import exposed, figures, load, ties
from quiz.rules.rehearsal_people import Assumptions, ItemModel, difficulty

MONDAY = datetime(2024, 11, 18, 0, 0, tzinfo=UTC)  # 7:00 in Tây Ninh
OFFICE = Hours((1, 2, 3, 4, 5), 7 * 60 + 30, 17 * 60 + 30)
TIERS = [Tier("nhat", 1, 500), Tier("nhi", 2, 300), Tier("ba", 5, 100)]
POOL = [Candidate(n, "b", "t", n % 3 + 1, 4) for n in range(1, 61)]


def items(share: float = 0.7, spread: float = 1.0, **columns: Any) -> dict[int, ItemModel]:
    return {c.version_id: ItemModel(difficulty=difficulty(share, 0.25, spread), **columns) for c in POOL}


def round_(n: int = 1, days: float = 7, **columns: Any) -> RoundPlan:
    opens_at = MONDAY + timedelta(days=7 * (n - 1))
    values: dict[str, Any] = {
        "code": f"ky-{n}", "window": Window(opens_at, opens_at + timedelta(days=days)), "allowance_s": 1200,
        "decks": {"chung": Deck(POOL, [Cell("b", "t", None, 10)])}, "tiers": {"chung": TIERS},
    }  # fmt: skip
    return RoundPlan(**values | columns)


def plan(*rounds: RoundPlan, **columns: Any) -> Plan:
    values: dict[str, Any] = {
        "divisions": [DivisionPlan(code="chung")], "rounds": rounds or [round_()], "items": items(),
        "chain": ("score", "elapsed", "submitted"),
    }  # fmt: skip
    return Plan(**values | columns)


def play(plan: Plan, people: int = 120, **how: Any) -> tuple[list[Outcome], Rehearsal, list[Sitting]]:
    seen: list[Sitting] = []
    played = Rehearsal(plan, Assumptions(people=people, **how), seen.append)
    return list(played.outcomes()), played, seen


limits = st.builds(
    Limits,
    in_all=st.none() | st.integers(1, 6), in_round=st.none() | st.integers(1, 4), in_week=st.none() | st.integers(1, 2),
    week_starts=st.tuples(st.integers(1, 7), st.integers(0, 1439)),
)  # fmt: skip


class TestRulesAreKept:
    @given(limits, st.none() | st.just(OFFICE), st.sampled_from(LateStart), st.floats(0.2, 21), st.integers(0, 99))
    def test_windows_hours_limits_and_deadlines(self, allowed, hours, late, days, seed):
        first = round_(1, days=min(days, 7), limits=allowed, keys_at=MONDAY)
        second = round_(2, days=days, limits=allowed)
        rounds = [replace(r, window=replace(r.window, hours=hours)) for r in (first, second)]
        _outcomes, _played, seen = play(plan(*rounds, late_start=late), 25, seed=seed, goes_on=0.95)
        used: dict[tuple[Any, ...], int] = {}
        for s in seen:
            assert clock.phase(s.round.window, s.started_at) is clock.RoundPhase.OPEN
            assert hours is None or hours.hold(s.started_at)
            assert s.started_at <= s.ended_at <= s.deadline_at
            assert s.deadline_at == clock.deadline(s.round.window, s.started_at, 1200, late)
            assert s.result.registered_at <= s.started_at
            week = clock.week_of(s.started_at, allowed.week_starts)
            for name in ((s.entry_id,), (s.entry_id, s.round.code), (s.entry_id, week, "week")):
                used[name] = used.get(name, 0) + 1
        for name, n in used.items():
            most = {1: allowed.in_all, 2: allowed.in_round, 3: allowed.in_week}[len(name)]
            assert most is None or n <= most

    def test_an_attempt_begins_after_the_one_before(self):
        _outcomes, _played, seen = play(plan(), 60, goes_on=1.0)
        last: dict[int, datetime] = {}
        for s in seen:
            assert s.entry_id not in last or s.started_at > last[s.entry_id]
            last[s.entry_id] = s.ended_at
        assert len(seen) > 120

    def test_only_the_admitted_take_part(self):
        final = round_(2, admits_from=("ky-1",), quota=5)
        first, second = play(plan(round_(1), final), 100, takes_part=1.0)[0]
        admitted = {s.result.entry_id for s in first.standings if s.place <= 5}
        assert {s.result.entry_id for s in second.standings} == admitted

    def test_one_prize_of_a_period_and_one_of_the_contest(self):
        rounds = [round_(n, period="Đợt 1") for n in (1, 2)]
        a, b = play(plan(*rounds, one_per_period=True), 40, takes_part=1.0)[0]
        winners = [{g.standing.entry_id for g in o.proposals.given} for o in (a, b)]
        assert winners[0].isdisjoint(winners[1])
        assert {why for _place, why in b.proposals.skipped} == {Skip.WON_IN_PERIOD}

    def test_conditions_and_the_share_of_prizes(self):
        outcome = play(plan(conditions=Conditions(all_correct=True), share_percent=2), 100, takes_part=1.0)[0][0]
        assert sum(t.quota for t in outcome.tiers) == 2
        assert all(g.standing.perfect for g in outcome.proposals.given)

    def test_the_whole_contest_adds_up_its_rounds(self):
        chain = ("score", "elapsed", "attempts")
        rounds = [round_(1), round_(2), round_(3)]
        outcomes = play(plan(*rounds, overall=Overall.SUM, overall_chain=chain), 30, takes_part=1.0)[0]
        assert [o.round for o in outcomes] == ["ky-1", "ky-2", "ky-3", ""]
        by_entry: dict[int, int] = {}
        for o in outcomes[:3]:
            for s in o.standings:
                by_entry[s.result.entry_id] = by_entry.get(s.result.entry_id, 0) + s.result.score
        assert {s.result.entry_id: s.result.score for s in outcomes[3].standings} == by_entry


class TestPeople:
    def test_same_seed_same_contest(self):
        outcomes = [play(plan(target=Target.PEOPLE_ALL_CORRECT), 50, seed=7)[0] for _ in range(2)]
        assert outcomes[0] == outcomes[1]
        assert outcomes[0] != play(plan(target=Target.PEOPLE_ALL_CORRECT), 50, seed=8)[0]

    def test_a_rule_of_one_round_leaves_the_people_of_another_as_they_were(self):
        a = play(plan(round_(1), round_(2)), 40)[0][0]
        b = play(plan(round_(1), round_(2, allowance_s=60)), 40)[0][0]
        assert a.standings == b.standings

    def test_the_able_score_higher(self):
        outcomes, played, _seen = play(plan(), 600)
        bands = figures(outcomes[0], played).bands
        assert [b.mean for b in bands] == sorted((b.mean for b in bands), reverse=True)
        assert bands[0].mean > bands[-1].mean + 1

    @pytest.mark.parametrize("seed", [1, 2])
    def test_easier_items_make_more_full_marks(self, seed):
        shares: list[float] = []
        for share in (0.5, 0.75, 0.9, 0.97):
            outcomes, played, _seen = play(plan(items=items(share)), 500, seed=seed)
            shares.append(figures(outcomes[0], played).full_share)
        assert shares == sorted(shares)
        assert shares[-1] > shares[0]

    @given(st.floats(0.35, 0.95), st.floats(0.3, 1.5))
    def test_items_are_as_easy_as_was_said(self, share, spread):
        one = plan(round_(limits=Limits(in_round=1)), items=items(share, spread, seconds=1.0))
        outcome = play(one, 400, spread=spread, takes_part=1.0)[0][0]
        right = sum(s.result.correct for s in outcome.standings) / (10 * len(outcome.standings))
        assert right == pytest.approx(share, abs=0.06)

    def test_keys_that_are_shown_help_those_who_come_again(self):
        def again(keys_at: datetime | None) -> float:
            _o, _p, seen = play(plan(round_(limits=Limits(in_round=6), keys_at=keys_at)), 200, goes_on=1.0)
            late = [s for s in seen if s.result.attempt_id >= 4]
            return sum(s.result.correct for s in late) / len(late)

        assert again(MONDAY) > again(None) + 1

    def test_what_time_does_not_suffice_for_stays_empty(self):
        outcome = play(plan(round_(allowance_s=60, limits=Limits(in_round=1))), 50)[0][0]
        assert max(s.result.elapsed_ms for s in outcome.standings) <= 60_000
        assert max(s.result.correct for s in outcome.standings) <= 6

    def test_essays_are_points_and_not_right_items(self):
        pool = [Candidate(1, "b", "t", ESSAY, 0), Candidate(2, "b", "t", 1, 4)]
        deck = Deck(pool, [Cell("b", "t", ESSAY, 1), Cell("b", "t", 1, 1)])
        model = {1: ItemModel(difficulty=0, points=20, is_essay=True), 2: ItemModel(difficulty=0)}
        outcome = play(plan(round_(decks={"chung": deck}), items=model), 50)[0][0]
        assert outcome.highest == 21
        assert all(s.result.score == s.result.written + s.result.correct for s in outcome.standings)
        assert max(s.result.written for s in outcome.standings) > 10

    @pytest.mark.parametrize("target", Target)
    @pytest.mark.parametrize("scope", Scope)
    def test_predictions_are_measured_by_what_happened(self, target, scope):
        whole = {"overall": Overall.SUM, "overall_chain": ("score", "prediction")} if scope is Scope.CONTEST else {}
        chain = ("score",) if whole else ("score", "prediction")
        outcomes, _played, seen = play(plan(round_(1), round_(2), target=target, scope=scope, chain=chain, **whole), 80)
        for o in outcomes:
            own = [s for s in seen if o.round in ("", s.round.code)]
            truth = {
                Target.ATTEMPTS: len(own),
                Target.PEOPLE: len({s.entry_id for s in own}),
                Target.PEOPLE_ALL_CORRECT: len({s.entry_id for s in own if s.result.perfect}),
            }[target]
            if (scope is Scope.CONTEST) == (o.round == ""):
                assert o.truth == truth
                assert any(s.result.prediction_gap is not None for s in o.standings)
            else:
                assert o.truth is None

    def test_divisions_share_the_people_by_weight(self):
        divisions = [DivisionPlan(code="a", share=3), DivisionPlan(code="b", share=1)]
        deck = Deck(POOL, [Cell("b", "t", None, 10)])
        both = plan(round_(decks={"a": deck, "b": deck}, tiers={}), divisions=divisions)
        _outcomes, played, _seen = play(both, 100)
        assert [played.divisions.count(code) for code in "ab"] == [75, 25]


class TestFigures:
    @given(st.integers(0, 50), st.sampled_from([10, 12, 60]))
    def test_exposure_adds_up(self, seed, size):
        deck = Deck(POOL[:size], [Cell("b", "t", None, 10)])
        outcomes, _played, seen = play(plan(round_(decks={"chung": deck}, limits=Limits(in_round=3))), 30, seed=seed)
        e = outcomes[0].exposure
        assert e is not None
        assert sum(e.drawn.values()) == e.papers * 10 == 10 * len(seen)
        said = exposed(e)
        assert said.mean == 10 / size
        assert said.mean <= said.most <= 1
        assert said.common == pytest.approx(_common(seen))
        assert said.never == size - len({v for s in seen for v in s.version_ids})

    def test_items_met_again(self):
        deck = Deck(POOL[:10], [Cell("b", "t", None, 10)])
        rounds = [round_(n, decks={"chung": deck}, limits=Limits(in_round=2)) for n in (1, 2)]
        first, second = (exposed(o.exposure) for o in play(plan(*rounds), 50, takes_part=1.0)[0])  # type: ignore[arg-type]
        assert (first.again, first.before) == (1.0, None)
        assert (second.again, second.before) == (1.0, 1.0)

    @given(st.integers(0, 30))
    def test_each_step_leaves_fewer_equals(self, seed):
        outcome = play(plan(chain=("score", "attempts", "elapsed")), 40, seed=seed)[0][0]
        found = ties(outcome.standings, outcome.chain)
        assert [t.equal for t in found] == sorted((t.equal for t in found), reverse=True)
        by_score: dict[int, int] = {}
        for s in outcome.standings:
            by_score[s.result.score] = by_score.get(s.result.score, 0) + 1
        assert found[0].largest == max(by_score.values())
        assert found[0].first == by_score[max(by_score)]
        assert found[-1].equal == sum(s.tied for s in outcome.standings)

    def test_what_decides_prizes(self):
        outcomes, played, _seen = play(plan(chain=("score",)), 400)
        found = figures(outcomes[0], played)
        assert sum(found.decided.values()) == found.given or not found.decided
        assert found.contested > 0  # points alone do not tell so many apart
        assert sum(t.given for t in found.tiers) == found.given
        assert sum(b.winners for b in found.bands) == found.given
        assert sum(found.used.values()) == found.people

    def test_the_load(self):
        _outcomes, played, seen = play(plan(), 200)
        found = load(played.starts["ky-1"])
        assert sum(played.starts["ky-1"].values()) == len(seen)
        assert found.starts == max(played.starts["ky-1"].values()) >= 1

    def test_nobody_comes(self):
        outcomes, played, _seen = play(plan(target=Target.PEOPLE), 5, takes_part=0.0)
        found = figures(outcomes[0], played)
        assert (found.people, found.given, found.full_share, found.truth) == (0, 0, 0.0, 0)
        assert found.exposed is not None
        assert found.exposed.never == found.exposed.size
        assert load(played.starts["ky-1"]).starts == 0

    @pytest.mark.parametrize("how", Counted)
    def test_any_way_of_counting(self, how):
        outcome = play(plan(counted=how), 30)[0][0]
        assert outcome.standings


def _common(seen: list[Sitting]) -> float:
    papers = [set(s.version_ids) for s in seen]
    pairs = [(a, b) for n, a in enumerate(papers) for b in papers[:n]]
    return sum(len(a & b) for a, b in pairs) / len(pairs)
