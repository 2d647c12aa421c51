"""What may change in the rules of an open contest: every field has a class, and what is harmless moves no place."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_changes import (
    FIELDS,
    Kind,
    Situation,
    Terms,
    changes,
    is_harmless,
    more_prizes,
    needs_new_boards,
    undone,
)
from quiz.contests.rule_set import (
    ContestRules,
    DivisionPart,
    DivisionRules,
    RoundPart,
    RoundRules,
    RuleSet,
    tiers_of,
)
from quiz.errors import has_sentence
from quiz.ranking.prizes import conditions_of
from quiz.rules import prizes
from quiz.rules.counting import counted
from quiz.rules.prizes import Ranked
from quiz.rules.tie_break import rank
from tests.rules.results import columns, result

OPENS = datetime(2024, 11, 20, 5, tzinfo=UTC)
WEEK = timedelta(days=7)
BEFORE, DURING, AFTER = OPENS - timedelta(hours=1), OPENS + timedelta(hours=1), OPENS + WEEK + timedelta(hours=1)
TIERS = [
    {"code": "nhat", "name": "Nhất", "quota": 1, "amount": 500},
    {"code": "ba", "name": "Ba", "quota": 3, "amount": 100},
]


def document(**contest: Any) -> dict[str, Any]:
    return {
        "title": "Cuộc thi", "law_date": "2024-11-20",
        "contest": {"chain": ["score", "elapsed"], **contest},
        "divisions": [
            {
                "code": "bang-1", "name": "Bảng chung",
                "rules": {"blueprint": [{"bank": "b", "topic": "t", "count": 4}], "prizes": deepcopy(TIERS)},
            }
        ],
        "rounds": [
            {
                "code": f"ky-{n}", "name": f"Kỳ {n}", "opens_at": (OPENS + (n - 1) * 2 * WEEK).isoformat(),
                "closes_at": (OPENS + (n - 1) * 2 * WEEK + WEEK).isoformat(),
            }
            for n in (1, 2)
        ],
    }  # fmt: skip


def changed(change: Any, now: datetime = DURING, published: tuple[str, ...] = (), **contest: Any) -> list[Any]:
    """What a change of the document is taken for.  change: edits the document in place"""
    before, after = document(**contest), document(**contest)
    change(after)
    rules = RuleSet.model_validate(before)
    at = Situation(rules, now, frozenset(published))
    return changes(Terms(rules), Terms(RuleSet.model_validate(after)), at)


def verdict(change: Any, now: datetime = DURING, published: tuple[str, ...] = (), **contest: Any) -> Any:
    (found,) = changed(change, now, published, **contest)
    return found.verdict


def put(*way: Any) -> Any:
    """put("contest", "minutes", 30) sets that place."""

    def change(at: Any) -> None:
        *steps, name, value = way
        for step in steps:
            at = at[step]
        at[name] = value

    return change


def test_every_field_of_the_schema_has_a_class():
    """A new field without one fails here: somebody has to decide who is harmed by a change of it."""
    fields = {"summary", "rules_number"}
    fields |= {name for name in RuleSet.model_fields if name != "contest"}
    fields |= {f"contest.{name}" for name in ContestRules.model_fields}
    for group, part, rules in (("divisions", DivisionPart, DivisionRules), ("rounds", RoundPart, RoundRules)):
        fields |= {f"{group}.{name}" for name in part.model_fields if name not in ("code", "rules")}
        fields |= {f"{group}.rules.{name}" for name in rules.model_fields}
    assert set(FIELDS) == fields


def test_every_refusal_has_a_sentence():
    assert all(has_sentence(refusal) for refusal in ContestRefusal)


class TestHarmless:
    @pytest.mark.parametrize(
        "change",
        [
            put("title", "Tên khác"),
            put("divisions", 0, "name", "Bảng A"),
            put("rounds", 0, "name", "Tuần 1"),
            put("contest", "announce_days", 5),
            put("contest", "complaint_days", 10),
            put("divisions", 0, "rules", "prizes", 0, "amount", 900),
            put("divisions", 0, "rules", "prizes", 1, "quota", 9),
            put("divisions", 0, "rules", "prizes", 0, "name", "Giải Nhất"),
            put("divisions", 0, "rules", "prizes", [*TIERS, {"code": "kk", "name": "KK", "quota": 9, "amount": 50}]),
            put("rounds", 1, "rules", {"prizes": {"bang-1": [TIERS[0] | {"amount": 600}, TIERS[1]]}}),
        ],
    )
    def test_what_harms_nobody(self, change):
        assert verdict(change) is Kind.HARMLESS

    @pytest.mark.parametrize(
        "change",
        [
            put("contest", "announce_days", 11),  # later than promised
            put("contest", "complaint_days", 2),
            put("divisions", 0, "rules", "prizes", TIERS[:1]),
            put("divisions", 0, "rules", "prizes", 0, "amount", 400),
            put("divisions", 0, "rules", "prizes", TIERS[::-1]),
            put("divisions", 0, "rules", "prizes", [*TIERS, {"code": "db", "name": "ĐB", "quota": 1, "amount": 999}]),
            put("contest", "board_release", "after_publish"),
            put("contest", "review_release", "after_submit"),
            put("rounds", 1, "rules", {"prizes": {"bang-1": []}}),
        ],
    )
    def test_what_takes_away_or_shows_early_is_told(self, change):
        assert verdict(change) is Kind.TOLD

    def test_under_a_cap_only_the_lowest_tier_may_grow(self):
        cap = {"prize_rules": {"share_percent": 50}}
        assert verdict(put("divisions", 0, "rules", "prizes", 0, "quota", 2), **cap) is Kind.TOLD
        assert verdict(put("divisions", 0, "rules", "prizes", 1, "quota", 5), **cap) is Kind.HARMLESS

    def test_a_collective_competition_under_another_name(self):
        one = {"code": "tt", "name": "Tập thể", "prizes": TIERS}
        assert verdict(put("contest", "collective", [one | {"name": "Đơn vị"}]), collective=[one]) is Kind.HARMLESS
        other = one | {"denominator": "population"}
        assert verdict(put("contest", "collective", [other]), collective=[one]) is Kind.TOLD
        assert verdict(put("contest", "collective", []), collective=[one]) is Kind.TOLD

    def test_more_lots(self):
        lots = {"quota": 5, "amount": 100}
        assert verdict(put("contest", "lucky", lots | {"quota": 6}), lucky=lots) is Kind.HARMLESS
        assert verdict(put("contest", "lucky", lots | {"among": "all_correct"}), lucky=lots) is Kind.TOLD
        assert verdict(put("contest", "lucky", None), lucky=lots) is Kind.TOLD
        assert verdict(put("contest", "lucky", lots)) is Kind.TOLD

    @given(
        st.lists(columns, min_size=1, max_size=12),
        st.sampled_from([("score", "elapsed"), ("score", "prediction", "submitted"), ("attempts", "score")]),
        st.sampled_from(["best", "first", "last", "best_earliest"]),
        st.dictionaries(
            st.sampled_from(["title", "name", "announce_days", "complaint_days", "nhat", "ba", "quota", "new"]),
            st.integers(1, 20), min_size=1,
        ),
        st.none() | st.integers(1, 100),
    )  # fmt: skip
    @settings(deadline=None, max_examples=80, derandomize=True)
    def test_no_harmless_change_moves_a_place_or_takes_a_prize(self, rows, chain, how, edits, cap):
        contest = {
            "chain": chain, "counted": how, "attempt_limit": 3, "prize_rules": {"share_percent": cap},
            "prediction": {} if "prediction" in chain else None,
        }  # fmt: skip
        before, after = document(**contest), document(**contest)
        tiers = [dict(t) for t in TIERS]
        for name, n in edits.items():
            match name:
                case "title":
                    after["title"] += str(n)
                case "name":
                    after["divisions"][0]["name"] += str(n)
                case "announce_days" | "complaint_days":
                    after["contest"][name] = n
                case "nhat" | "ba":
                    tiers[name == "ba"]["amount"] += n - 5
                case "quota":
                    tiers[n % 2]["quota"] += n
                case "new":
                    tiers.append({"code": "kk", "name": "KK", "quota": n, "amount": n})
        after["divisions"][0]["rules"]["prizes"] = tiers
        a, b = RuleSet.model_validate(before), RuleSet.model_validate(after)
        found = changes(Terms(a), Terms(b), Situation(a, DURING))
        if not is_harmless(found):
            return
        places, won = _ranked(rows, a)
        places_after, won_after = _ranked(rows, b)
        assert places_after == places
        assert all(won_after.get(entry_id, 0) >= amount for entry_id, amount in won.items())
        assert not needs_new_boards(found)


def _ranked(rows: list[dict[str, Any]], rules: RuleSet) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """[(place, entry), …] and entry → amount won, of a field in which three entries share the attempts."""
    c = rules.contest
    by_entry: dict[int, list[Any]] = {}
    for n, row in enumerate(rows):
        by_entry.setdefault(n % 3 + n // 6 * 3 + 1, []).append(result(n % 3 + n // 6 * 3 + 1, attempt_id=n, **row))
    standings = rank([counted(own, c.counted, c.chain) for own in by_entry.values()], c.chain)
    tiers = prizes.within_share(tiers_of(rules.divisions[0].rules.prizes), len(standings), c.prize_rules.share_percent)
    ranked = [
        Ranked(position=s.position, place=s.place, tied=s.tied, entry_id=s.result.entry_id, score=s.result.score)
        for s in standings
    ]
    given_ = prizes.propose(ranked, tiers, conditions_of(c, overall=False, predicts=False)).given
    return [(s.place, s.result.entry_id) for s in standings], {g.standing.entry_id: g.tier.amount for g in given_}


class TestSealed:
    def test_what_the_commitment_holds(self):
        assert verdict(put("law_date", "2024-12-01"), BEFORE) is ContestRefusal.LAW_DATE_SEALED
        blueprint = [{"bank": "b", "topic": "t", "count": 5}]
        assert verdict(put("divisions", 0, "rules", "blueprint", blueprint), BEFORE) is ContestRefusal.BLUEPRINT_SEALED
        own = {"blueprints": {"bang-1": blueprint}}
        assert verdict(put("rounds", 1, "rules", own), BEFORE) is ContestRefusal.BLUEPRINT_SEALED
        assert verdict(put("contest", "split_pool", True), BEFORE) is ContestRefusal.POOL_SEALED

    def test_divisions_and_rounds_neither_come_nor_go(self):
        def more(rules):
            rules["divisions"].append(rules["divisions"][0] | {"code": "bang-2"})

        def fewer(rules):
            rules["rounds"].pop()

        assert verdict(more, BEFORE) is ContestRefusal.DIVISIONS_SEALED
        assert verdict(fewer, BEFORE) is ContestRefusal.ROUNDS_SEALED

    @pytest.mark.parametrize("field", ["points_per_item", "essay_points"])
    @pytest.mark.parametrize(("now", "expected"), [(BEFORE, Kind.TOLD), (OPENS, ContestRefusal.POINTS_FIXED)])
    def test_points_until_the_first_round_opens(self, field, now, expected):
        assert verdict(put("contest", field, 7), now) is expected

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (BEFORE, Kind.TOLD),
            (OPENS, ContestRefusal.ATTEMPTS_RUNNING),
            (OPENS + WEEK + timedelta(minutes=20), ContestRefusal.ATTEMPTS_RUNNING),  # a late start has its full time
            (AFTER, Kind.TOLD),
        ],
    )
    @pytest.mark.parametrize(
        ("field", "less", "more"), [("minutes", 5, 30), ("grace_s", 0, 60), ("late_start", "cut", "full")]
    )
    def test_nobody_is_at_work_when_the_time_is_cut(self, field, less, more, now, expected):
        """Else the keys would be shown while somebody still has the time that was promised."""
        usual = {"late_start": "full"} if field == "late_start" else {}
        assert verdict(put("contest", field, less), now, **usual) is expected
        usual = {"late_start": "cut"} if field == "late_start" else {}
        assert verdict(put("contest", field, more), now, **usual) is Kind.TOLD

    def test_nobody_is_at_work_when_the_time_of_a_round_is_cut(self):
        cut = put("rounds", 0, "rules", {"minutes": 5})
        assert verdict(cut, BEFORE) is Kind.TOLD
        assert verdict(cut) is ContestRefusal.ATTEMPTS_RUNNING
        assert verdict(put("rounds", 1, "rules", {"minutes": 5})) is Kind.TOLD

    def test_what_the_prediction_asks(self):
        asked = {"chain": ["score", "prediction"], "prediction": {"target": "people"}}
        other = put("contest", "prediction", {"target": "attempts"})
        assert verdict(other, BEFORE, **asked) is Kind.TOLD
        assert verdict(other, **asked) is ContestRefusal.QUESTION_FIXED
        condition = put("contest", "prediction", {"target": "people", "use": "condition"})
        assert verdict(condition, **asked) is Kind.TOLD

        def drop(rules):
            rules["contest"] |= {"chain": ["score"], "prediction": None}

        assert [c.verdict for c in changed(drop, **asked)] == [Kind.TOLD, Kind.TOLD]


class TestCalendar:
    def opens(self, n: int, moved: timedelta, now: datetime = BEFORE) -> Any:
        def move(rules):
            for name in ("opens_at", "closes_at"):
                rules["rounds"][n][name] = (datetime.fromisoformat(rules["rounds"][n][name]) + moved).isoformat()

        return {c.field: c.verdict for c in changed(move, now)}

    def test_a_round_to_come_may_be_put_off(self):
        assert self.opens(1, timedelta(days=1)) == {"rounds.opens_at": Kind.TOLD, "rounds.closes_at": Kind.TOLD}

    def test_but_not_brought_forward(self):
        assert self.opens(1, -timedelta(days=1))["rounds.opens_at"] is ContestRefusal.OPENS_EARLIER

    def test_a_round_that_is_open_has_buttons(self):
        late = (OPENS + 1.5 * WEEK).isoformat()
        assert verdict(put("rounds", 0, "closes_at", late)) is ContestRefusal.CLOSE_BY_BUTTON
        later = (OPENS + timedelta(hours=2)).isoformat()
        assert verdict(put("rounds", 0, "opens_at", later)) is ContestRefusal.ROUND_HAS_OPENED

    @pytest.mark.parametrize(("now", "expected"), [(DURING, Kind.TOLD), (AFTER, ContestRefusal.ROUND_HAS_CLOSED)])
    def test_a_closed_round_is_over(self, now, expected):
        assert verdict(put("rounds", 0, "rules", {"minutes": 30}), now) is expected
        hours = {"hours": {"weekdays": [1], "opens": "08:00", "closes": "09:00"}}
        assert verdict(put("rounds", 0, "rules", hours), now) is expected

    def test_the_way_into_a_round_until_it_opens(self):
        way = put("rounds", 1, "rules", {"admission": {"rounds": ["ky-1"], "quota": 5}})
        assert verdict(way) is Kind.TOLD
        assert verdict(way, OPENS + 2 * WEEK) is ContestRefusal.ROUND_HAS_OPENED


class TestPublished:
    def test_nothing_that_published_results_stand_on(self):
        out = ("ky-1",)
        assert verdict(put("contest", "chain", ["score"]), AFTER, out) is ContestRefusal.RESULTS_PUBLISHED
        assert verdict(put("contest", "complaint_days", 9), AFTER, out) is ContestRefusal.RESULTS_PUBLISHED
        assert verdict(put("rounds", 1, "rules", {"minutes": 9}), AFTER, out) is Kind.TOLD
        assert verdict(put("rounds", 0, "name", "Tuần 1"), AFTER, out) is Kind.HARMLESS


class TestVersions:
    def test_a_change_can_be_undone(self):
        def much(rules):
            rules["title"] = "Khác"
            rules["contest"] |= {"minutes": 30, "chain": ["score"]}
            rules["divisions"][0]["name"] = "Khác"
            rules["rounds"][1]["rules"] = {"minutes": 9}

        before, after = document(), document()
        much(after)
        rules = RuleSet.model_validate(after)
        found = [[c.place, c.before, c.after] for c in changed(much)]
        assert undone(rules.model_dump(mode="json"), [["summary", "a", "b"], *found]) == RuleSet.model_validate(before)

    def test_boards_are_built_anew_when_places_may_move(self):
        assert needs_new_boards(changed(put("contest", "chain", ["score"])))
        assert needs_new_boards(changed(put("contest", "counted", "last"), attempt_limit=2))
        assert not needs_new_boards(changed(put("contest", "minutes", 30)))

    def test_prizes_where_there_were_none(self):
        assert more_prizes([], TIERS)
