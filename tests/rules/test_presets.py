"""A field of people for every preset, ranked by hand: what its chain, its counting, its conditions and caps make of it.

The comments say how the order was found on paper. Only the rulebook is at work: options come from the preset's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from quiz.contests.presets import Preset, presets
from quiz.contests.rule_set import ContestRules
from quiz.ranking.prizes import conditions_of
from quiz.rules.collective import Tally, rank_units
from quiz.rules.counting import counted, together
from quiz.rules.prediction import gap
from quiz.rules.prizes import Conditions, Held, Ranked, Tier, Worth, propose, within_share
from quiz.rules.tie_break import Result, Standing, rank
from quiz.slugs import slug

MONDAY = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sat:
    """One attempt.  right: items · s: seconds it took · at: minute of its start · guess: prediction · essay: points"""

    right: int
    s: int = 300
    at: int = 0
    guess: int | None = None
    essay: int = 0


Round = Mapping[str, Sequence[Sat]]  # person → attempts, in the order in which they were made


def of(code: str) -> tuple[Preset, ContestRules]:
    return presets()[code], presets()[code].contest


def results_of(code: str, people: Round, truth: int | None = None, registered: str = "") -> dict[str, Result]:
    """What counts of each person's attempts.  registered: people in the order of their registration"""
    preset, rules = of(code)
    found = {}
    for name, attempts in people.items():
        made = [_result(preset, rules, name, n, sat, truth) for n, sat in enumerate(attempts, 1)]
        best = counted(made, rules.counted, rules.chain)
        found[name] = replace(
            best,
            attempts_used=len(made),
            total_elapsed_ms=sum(r.elapsed_ms for r in made),
            perfect_attempts=sum(r.perfect for r in made),
            registered_at=MONDAY + timedelta(minutes=registered.find(name)),
        )
    return found


def _result(preset: Preset, rules: ContestRules, name: str, n: int, sat: Sat, truth: int | None) -> Result:
    started = MONDAY + timedelta(minutes=sat.at)
    return Result(
        entry_id=ord(name),
        attempt_id=ord(name) * 10 + n,
        score=sat.right * rules.points_per_item + sat.essay,
        correct=sat.right,
        perfect=int(sat.right == preset.questions),
        written=sat.essay,
        elapsed_ms=sat.s * 1000,
        started_at=started,
        submitted_at=started + timedelta(seconds=sat.s),
        registered_at=MONDAY,
        prediction_gap=gap(sat.guess, truth),
    )


def listed(standings: Sequence[Standing]) -> str:
    """ "A B=C D": who stands where; equals are joined."""
    groups = [[chr(s.result.entry_id) for s in group] for _place, group in groupby(standings, key=lambda s: s.place)]
    return " ".join("=".join(group) for group in groups)


def order(code: str, people: Round, truth: int | None = None, registered: str = "") -> str:
    return listed(rank(results_of(code, people, truth, registered).values(), of(code)[1].chain))


def overall(code: str, rounds: Sequence[Round], registered: str = "") -> list[Standing]:
    rules = of(code)[1]
    by_person: dict[str, list[Result]] = {}
    for people in rounds:
        for name, result in results_of(code, people, registered=registered).items():
            by_person.setdefault(name, []).append(result)
    how, chain = rules.overall.how, rules.overall.chain
    return rank([together(results, how, chain) for results in by_person.values()], chain)


def tiers(code: str, *, final: bool = False, division: int = 0) -> list[Tier]:
    d = presets()[code].divisions[division]
    return [Tier(slug(p.name), p.quota, p.amount) for p in (d.overall_prizes if final else d.prizes)]


def prizes(
    code: str,
    people: Round,
    truth: int | None = None,
    *,
    held: Held = Held(),  # noqa: B008 frozen
    share_of: int | None = None,
    division: int = 0,
) -> str:
    """ "nhat:A nhi:BC": who would win what.  share_of: participants, where the number of prizes depends on them"""
    rules = of(code)[1]
    given = tiers(code, division=division)
    if share_of is not None:
        given = within_share(given, share_of, rules.prize_rules.share_percent)
    standings = rank(results_of(code, people, truth).values(), rules.chain)
    conditions = conditions_of(rules, overall=False, predicts=rules.prediction is not None)
    return _won(standings, given, conditions, held)


def _won(
    standings: Sequence[Standing],
    given: Sequence[Tier],
    conditions: Conditions = Conditions(),  # noqa: B008 frozen
    held: Held = Held(),  # noqa: B008 frozen
) -> str:
    places = [
        Ranked(
            position=s.position, place=s.place, tied=s.tied, entry_id=s.result.entry_id, score=s.result.score,
            perfect=bool(s.result.perfect), gap=s.result.prediction_gap,
        )
        for s in standings
    ]  # fmt: skip
    by_tier: dict[str, str] = {}
    for proposal in propose(places, given, conditions, held).given:
        code = proposal.tier.code.removeprefix("giai-")
        by_tier[code] = by_tier.get(code, "") + chr(proposal.standing.entry_id)
    return " ".join(f"{code}:{people}" for code, people in by_tier.items())


def units(code: str, tallies: Sequence[Tally], scheme: int = 0) -> list[tuple[int, int | None]]:
    """(unit, place) in the order of the list."""
    return [(r.unit_id, r.place) for r in rank_units(tallies, of(code)[1].collective[scheme].scheme)]


# The usual contest of a province


def test_one_round_with_prediction():
    people = {
        "A": [Sat(20, 200, guess=110), Sat(18, 50, guess=100)],  # the better score counts, with its guess: 10 off
        "B": [Sat(20, 400, guess=95)],  # 5 off
        "C": [Sat(20, 100, guess=105)],  # 5 off as well, over or under alike: faster than B
        "D": [Sat(19, 10, guess=100)],  # right on, but a point less
        "E": [Sat(20, 10)],  # no guess: behind every guess of the same score
        "F": [Sat(20, 400, guess=95, at=1)],  # as B, handed in a minute later
    }
    assert order("mot-ky-du-doan-hai-bang", people, truth=100) == "C B F A E D"
    assert prizes("mot-ky-du-doan-hai-bang", people, 100) == "nhat:C nhi:BF ba:AED"


def test_one_attempt_score_then_time():
    people = {
        "A": [Sat(20, 61)],
        "B": [Sat(20, 60, at=5)],  # as long as C, handed in later
        "C": [Sat(20, 60)],
        "D": [Sat(19, 20)],
        "E": [Sat(19, 20)],  # D's equal in everything: they share the place
    }
    assert order("mot-ky-mot-luot", people) == "C B A D=E"
    assert prizes("mot-ky-mot-luot", people) == "nhat:C nhi:BA" + "DE"  # D and E share what is left of Nhì: 1 of 3
    crowd = [Tally(unit_id=1, participants=40), Tally(unit_id=2, participants=70), Tally(unit_id=3, participants=40)]
    assert units("mot-ky-mot-luot", crowd) == [(2, 1), (1, 2), (3, 2)]
    winners = [
        Tally(unit_id=1, participants=40, winners={"giai-nhat": 1, "giai-ba": 1}),
        Tally(unit_id=2, participants=70, winners={"giai-ba": 2}),  # as many prizes, more people
        Tally(unit_id=3, participants=90),
    ]
    assert units("mot-ky-mot-luot", winners, 1) == [(2, 1), (1, 2), (3, 3)]


def test_four_weeks_with_fewer_attempts_better():
    people = {
        "A": [Sat(9, 100), Sat(10, 120)],  # two attempts
        "B": [Sat(10, 120)],  # the same score and time in one
        "C": [Sat(10, 121)],
        "D": [Sat(8), Sat(8), Sat(10, 120)],  # three
    }
    assert order("nhieu-ky-hang-tuan", people) == "B A D C"


# The archetypes


def test_a_eight_weeks_added_up():
    code = "tam-ky-ba-bang-cong-diem"
    week = {
        "A": [Sat(20, 300)],
        "B": [Sat(20, 250), Sat(20, 260)],  # its best is the faster one
        "C": [Sat(20, 300), Sat(15, 10)],  # as A, with one attempt more
        "D": [Sat(19, 100)],
    }
    assert order(code, week) == "B A C D"
    # B has won in an earlier week of the đợt: the next one moves up, three prizes for staff, four for pupils
    held = Held(in_period=frozenset({ord("B")}))
    assert prizes(code, week, held=held) == "tuan:ACD"
    assert prizes(code, week, division=1) == "tuan:BACD"
    # Over the weeks: A 20+20 in 600 s; B 20 in 250 s, one week only; C 20+20 in 600 s with 3 attempts; D 19+20
    last = {"A": [Sat(20, 300)], "C": [Sat(20, 300)], "D": [Sat(20, 100)]}
    final = overall(code, [week, last])
    assert listed(final) == "A C D B"
    assert _won(final, tiers(code, final=True)) == "nhat-chung-cuoc:A nhi-chung-cuoc:CD ba-chung-cuoc:B"
    # Three lists of ten. People 50, 40, 40 give 10, 9, 9; points 600, 900, 500 give 9, 10, 8; attempts 60, 50, 90 give
    # 9, 8, 10. Together 28, 27, 27: units 2 and 3 have as many people, so they share the place.
    tallies = [
        Tally(unit_id=1, participants=50, score_sum=600, attempts=60),
        Tally(unit_id=2, participants=40, score_sum=900, attempts=50),
        Tally(unit_id=3, participants=40, score_sum=500, attempts=90),
    ]
    assert units(code, tallies) == [(1, 1), (2, 2), (3, 2)]


def test_b_pupils_with_300_points():
    code = "hai-dot-hoc-sinh-300-diem"
    people = {
        "A": [Sat(30, 600, guess=52)],
        "B": [Sat(30, 600, guess=48, at=9)],  # as far off as A, as fast, logged in later
        "C": [Sat(30, 600, guess=48), Sat(30, 700, guess=48)],  # as A; the faster one counts; two attempts at 300
        "D": [Sat(30, 900, guess=50)],  # right on
        "E": [Sat(29, 100, guess=50)],
    }
    assert order(code, people, truth=50) == "D C A B E"
    # 5 people: at most 2 prizes, the highest ones
    assert prizes(code, people, 50, share_of=5) == "nhat:DC"
    assert prizes(code, people, 50, share_of=1000) == "nhat:DC nhi:ABE"
    # D holds a Nhất of the first đợt already and keeps it; C's Nhì of the first gives way to the Nhất
    held = Held(highest={ord("D"): Worth(1_000_000, 0), ord("C"): Worth(800_000, 1)})
    assert prizes(code, people, 50, share_of=1000, held=held) == "nhat:CA nhi:BE"
    # 60 % and 80 % of the rounds make 70 points, a Nhất 10: 80. 75 points and a Nhì 8: 83. The third: 90 and nothing.
    tallies = [
        Tally(unit_id=1, participants=90, headcount=100, participants_by_round=(60, 80), winners={"giai-nhat": 1}),
        Tally(unit_id=2, participants=80, headcount=100, participants_by_round=(75, 75), winners={"giai-nhi": 1}),
        Tally(unit_id=3, participants=95, headcount=100, participants_by_round=(90, 90)),
    ]
    assert units(code, tallies) == [(3, 1), (2, 2), (1, 3)]


def test_c_two_rounds_and_blocks():
    code = "hai-vong-tap-the-theo-khoi"
    first = {"A": [Sat(20, 200)], "B": [Sat(20, 200)], "C": [Sat(19, 90)], "D": [Sat(20, 100), Sat(20, 90)]}
    assert order(code, first, registered="BADC") == "D B A C"  # B registered before A
    # Right items 40, 40, 39, 20; A and B equal in time and attempts too, so the registration decides again
    second = {"A": [Sat(20, 300)], "B": [Sat(20, 300)], "C": [Sat(20, 90)]}
    final = overall(code, [first, second], registered="BADC")
    assert listed(final) == "B A C D"
    assert _won(final, tiers(code, final=True)) == "nhat:B nhi:AC ba:D"
    won = {"giai-nhat": 1}
    tallies = [
        Tally(unit_id=1, block="tỉnh", participants=90, headcount=100, obliged=80, obliged_participants=80, winners=won),
        Tally(unit_id=2, block="tỉnh", participants=99, headcount=100, obliged=80, obliged_participants=79, winners=won),
        Tally(unit_id=3, block="huyện", participants=50, headcount=100, obliged=20, obliged_participants=20, winners=won),
        Tally(unit_id=4, block="huyện", participants=60, headcount=100, obliged=20, obliged_participants=20),
    ]  # fmt: skip
    # 2 lacks one of those obliged, 4 has no winner: neither is ranked
    assert units(code, tallies) == [(3, 1), (1, 1), (4, None), (2, None)]


def test_d_unlimited_attempts_best_and_earliest():
    code = "muoi-sau-tuan-khong-gioi-han-luot"
    people = {
        "A": [
            Sat(9, at=0, guess=100),
            Sat(10, at=60, guess=120),
            Sat(10, at=90, guess=100),
        ],  # the earliest perfect: 20 off
        "B": [Sat(10, at=500, guess=110)],  # 10 off
        "C": [Sat(10, at=100, guess=110)],  # 10 off, earlier
        "D": [Sat(9, at=1, guess=100)],  # right on and not all right
        "E": [
            Sat(5, at=0, guess=100)
        ],  # not all right either: its 5 and D's 9 are the same to this chain, it is earlier
    }
    assert order(code, people, truth=100) == "C B A E D"
    assert prizes(code, people, 100) == "nhat:C nhi:BA"  # nobody with a wrong answer


def test_e_all_right_and_nearest():
    code = "sau-ky-dung-het-doan-gan-nhat"
    people = {
        "A": [Sat(10, guess=90)],
        "B": [Sat(10, guess=110)],  # as far off: nothing parts them
        "C": [Sat(10, guess=100)],
        "D": [Sat(10)],  # no guess, no prize
        "E": [Sat(9, guess=100)],
    }
    assert order(code, people, truth=100) == "C A=B D E"
    # Nhất C; A and B share the one Nhì, which takes one of the two Ba; nobody is left for the other
    assert prizes(code, people, 100) == "nhat:C nhi:AB"


def test_f_questions_and_essay():
    code = "hang-thang-trac-nghiem-tu-luan"
    people = {
        "A": [Sat(10, essay=30)],  # 50 + 30
        "B": [Sat(8, essay=45)],  # 40 + 45
        "C": [Sat(9, essay=40)],  # 45 + 40: the same 85
        "D": [Sat(10, essay=0)],
    }
    assert order(code, people) == "B=C A D"
    assert prizes(code, people) == "nhat:BC nhi:A ba:D"  # the shared Nhất takes one of the two Nhì
    assert presets()[code].finals[0].quota == 3
    tallies = [
        Tally(unit_id=1, participants=10, score_sum=500, max_score_sum=1000),
        Tally(unit_id=2, participants=10, score_sum=600, max_score_sum=1000),  # as many, a better average
        Tally(unit_id=3, participants=11),
    ]
    assert units(code, tallies) == [(3, 1), (2, 2), (1, 3)]


def test_g_two_periods_with_three_attempts():
    people = {
        "A": [Sat(20, 900, at=100, guess=40), Sat(20, 60, at=500, guess=50)],  # the earlier one counts, slow as it is
        "B": [Sat(20, 600, at=200, guess=60)],  # as far off as A's first, later
        "C": [Sat(19, 60, at=0, guess=50)],
        "D": [Sat(20, 600, at=900, guess=49)],
    }
    assert order("hai-dot-ba-luot", people, truth=50) == "D A B C"


def test_h_weeks_and_a_final():
    code = "hang-tuan-chung-ket"
    people = {
        "A": [Sat(15, 300), Sat(19, 500)],
        "B": [Sat(19, 400)],
        "C": [Sat(20, 890), Sat(20, 880)],
        "D": [Sat(19, 400, at=3)],
    }
    assert order(code, people) == "C B D A"
    assert prizes(code, people) == ""  # the weeks have none
    preset, rules = of(code)
    final = preset.finals[0]
    assert (rules.limits.in_week, final.quota * preset.rounds.count) == (2, 28)
    placed = rank(
        results_of(code, {"A": [Sat(38, 900)], "B": [Sat(40, 1100)], "C": [Sat(38, 800)]}).values(), rules.chain
    )
    assert _won(placed, [Tier(slug(p.name), p.quota, p.amount) for p in final.prizes]) == "nhat:B nhi:CA"


def test_i_written_every_quarter():
    code = "hang-quy-thi-viet"
    people = {name: [Sat(0, essay=points)] for name, points in (("A", 80), ("B", 92), ("C", 80), ("D", 49), ("E", 50))}
    assert order(code, people) == "B A=C E D"
    assert prizes(code, people) == "nhat:B nhi:AC ba:E"  # D is below 50 points


# More of the thirty


def test_three_attempts_in_the_whole_contest():
    people = {
        "A": [Sat(17), Sat(19, 700, guess=10), Sat(18)],  # 90 off
        "B": [Sat(19, 600, guess=190)],  # 90 off, faster
        "C": [Sat(19, 1000, guess=101)],
        "D": [Sat(18, 30, guess=100)],
    }
    assert order("mot-thang-ba-luot-toan-cuoc", people, truth=100) == "C B A D"
    assert of("mot-thang-ba-luot-toan-cuoc")[1].limits.in_all == 3


def test_within_the_province():
    code = "mot-thang-trong-tinh"
    people = {"A": [Sat(10, 90, guess=7)], "B": [Sat(10, 80, guess=3)], "C": [Sat(10, 30, guess=9)]}
    assert order(code, people, truth=5) == "B A C"  # 2 off both, B faster; C 4 off
    tallies = [
        Tally(unit_id=1, participants=4, headcount=4),  # all of them, and fewer than five
        Tally(unit_id=2, participants=10, headcount=20),
        Tally(unit_id=3, participants=30, headcount=60),  # the same half of more people
    ]
    assert units(code, tallies) == [(3, 1), (2, 2), (1, None)]


def test_two_sets_of_questions():
    code = "bon-tuan-hai-bo-cau-hoi"
    people = {"A": [Sat(15, 300, guess=10)], "B": [Sat(15, 299, guess=10)], "C": [Sat(14, 1, guess=12)]}
    assert order(code, people, truth=12) == "B A C"
    assert [t.amount for t in tiers(code)] == [800_000, 600_000, 400_000]
    assert [t.amount for t in tiers(code, division=1)] == [700_000, 500_000, 300_000]
    # 60 % of the ratio and 40 % of the quality: 50 → 30 + 36 = 66; 80 → 48 + 16 = 64; the third has no quality
    tallies = [
        Tally(unit_id=1, participants=50, headcount=100, quality=90),
        Tally(unit_id=2, participants=80, headcount=100, quality=40),
        Tally(unit_id=3, participants=99, headcount=100),
    ]
    assert units(code, tallies) == [(1, 1), (2, 2), (3, None)]


def test_prediction_after_the_paper():
    people = {
        "A": [Sat(20, 500, at=0, guess=30), Sat(20, 100, at=50, guess=20)],  # the earlier one, 10 off
        "B": [Sat(20, 100, at=99, guess=11)],  # 9 off
        "C": [Sat(20, 100)],  # never answered it
        "D": [Sat(20, 400, at=0, guess=10)],  # 10 off, faster than A's first
    }
    assert order("mot-thang-du-doan-sau-khi-nop", people, truth=20) == "B D A C"


def test_five_points_each():
    code = "mot-luot-cau-nam-diem"
    people = {"A": [Sat(20, 700, guess=4)], "B": [Sat(20, 600, guess=6)], "C": [Sat(19, 60, guess=5)]}
    assert order(code, people, truth=5) == "B A C"
    assert {name: r.score for name, r in results_of(code, people).items()} == {"A": 100, "B": 100, "C": 95}


def test_guessing_the_attempts():
    people = {
        "A": [Sat(20, 90, at=30, guess=500)],
        "B": [Sat(20, 90, at=10, guess=500)],  # took part earlier
        "C": [Sat(20, 80, at=99, guess=510)],
        "D": [Sat(19, 10, at=0, guess=505)],
    }
    assert order("hang-tuan-doan-so-luot", people, truth=505) == "C B A D"


def test_weekly_prizes_under_a_condition_and_a_cumulative_one():
    code = "bon-tuan-cong-don-thanh-nien"
    week = {
        "A": [Sat(10, 60, guess=99)],
        "B": [Sat(10, 50, guess=90)],
        "C": [Sat(10, 40)],  # all right, no guess
        "D": [Sat(9, 30, guess=100)],
    }
    assert order(code, week, truth=100) == "A B C D"
    assert prizes(code, week, 100) == "nhat-tuan:A nhi-tuan:B"
    # 20 points each for A, B and D; D 30+60, B 50+50, A 60+60; C has one week
    last = {"A": [Sat(10, 60)], "B": [Sat(10, 50)], "D": [Sat(10, 60)]}
    final = overall(code, [week | {"D": [Sat(10, 30)]}, last])
    assert listed(final) == "D B A C"
    assert (
        _won(final, tiers(code, final=True))
        == "nhat-chung-cuoc:D nhi-chung-cuoc:B ba-chung-cuoc:A khuyen-khich-chung-cuoc:C"
    )
    few = [
        Tally(unit_id=1, participants=9, score_sum=90, max_score_sum=90),  # perfect, and fewer than ten
        Tally(unit_id=2, participants=10, score_sum=80, max_score_sum=100),
        Tally(unit_id=3, participants=40, score_sum=300, max_score_sum=400),
    ]
    assert units(code, few, 0) == [(3, 1), (2, 2), (1, 3)]
    assert units(code, few, 1) == [(2, 1), (3, 2), (1, None)]


def test_office_hours_and_bands():
    code = "gio-hanh-chinh"
    people = {"A": [Sat(20, 90), Sat(20, 95)], "B": [Sat(20, 90)], "C": [Sat(20, 89)]}
    assert order(code, people) == "C B A"
    tallies = [
        Tally(unit_id=1, participants=14, headcount=49),  # 28.6 % of 30 %
        Tally(unit_id=2, participants=15, headcount=50),  # 30 % of 25 %
        Tally(unit_id=3, participants=24, headcount=99),  # 24.2 % of 25 %
        Tally(unit_id=4, participants=20, headcount=100),  # 20 % of 20 %
        Tally(unit_id=5, participants=30, headcount=100),  # 30 %, more people than unit 2
    ]
    assert units(code, tallies) == [(5, 1), (2, 2), (4, 3), (1, None), (3, None)]


def test_the_best_round_and_a_lucky_draw():
    code = "bon-tuan-boc-tham"
    first = {"A": [Sat(15, 100)], "B": [Sat(14, 50)], "C": [Sat(15, 90)]}
    second = {"A": [Sat(15, 80)], "B": [Sat(15, 85)], "D": [Sat(13, 10)]}
    assert order(code, first) == "C A B"
    # the best of each: A 15 in 80 s, B 15 in 85 s, C 15 in 90 s, D 13
    final = overall(code, [first, second])
    assert listed(final) == "A B C D"
    # A has won a Nhì of a round, and the Giải Đặc biệt is higher; a Nhất that A holds bars from the Nhất of a round
    held = Held(highest={ord("A"): Worth(500_000, 1)})
    assert _won(final, tiers(code, final=True), held=held) == "dac-biet:A"
    assert prizes(code, second, held=Held(highest={ord("A"): Worth(1_000_000, 0)})) == "nhat:B nhi:D"


def test_every_preset_has_a_field():
    """A new preset without a field of people ranked by hand fails here."""
    from pathlib import Path

    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in presets() if f'"{code}"' not in text] == []
