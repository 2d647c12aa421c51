"""Statistics after a contest, by classical test theory: how items and papers worked, and which items to read again.

Figures come from tallies (rules.tally) and counts of scores, all of one paper set. One that is not defined, because
nobody was shown the item or everybody has the same score, is None. Each formula names its source.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quiz.rules.tally import ItemTally, Showings

# No warning before. An option that fewer than 5 % choose does no work (Tarrant, Ware & Mohammed 2009, BMC Med. Educ.
# 9:40), and what did not come up in n showings is below 3/n with 95 % confidence (rule of three: Hanley & Lippman-Hand
# 1983, JAMA 249, 1743–1745): 3/60 = 5 %. By then chance moves a correlation of 0 by 1/√60 = 0.13.
MIN_SHOWN = 60
# The fewest attempts of the upper group that may speak against a key. Ours: no source prescribes one.
MIN_UPPER = 10
# "Items with difficulties less than 30% or more than 90% definitely need attention": University of Wisconsin Oshkosh,
# Testing Services, optimal item difficulty.
TOO_HARD_BELOW = 0.30
TOO_EASY_ABOVE = 0.90


class ItemWarning(enum.StrEnum):
    """Why somebody should read an item again. None of these proves that it is bad."""

    NEGATIVE_DISCRIMINATION = "negative_discrimination"  # people who do better on the rest do worse here
    LIKELY_WRONG_KEY = "likely_wrong_key"  # the best prefer an option that counts as wrong
    NEVER_CHOSEN = "never_chosen"  # an option that tempts nobody
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """How an option fared.

    chosen: how often it was chosen
    share: the part of all showings in which it was chosen; several may be chosen, so shares can add up to more than 1
    upper_share, lower_share: the same among the best 27 % and among the weakest 27 % of the attempts
    """

    number: int
    is_key: bool
    chosen: int
    share: float | None
    upper_share: float | None
    lower_share: float | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """How an item fared.

    shown: on how many papers it was
    facility: how easy it was, from 0 to 1: the share of its points that people got (all or nothing: who got it right)
    discrimination: did people who did well on the rest of the paper do better here? From -1 over 0 (no link) to 1
    discrimination_plain: the same against the whole score, the item included, which flatters it
    upper_lower: how much more of its points the best 27 % got than the weakest 27 %, from -1 to 1
    upper_shown: how many attempts of the best 27 % had it; not whole when the cut falls among equal scores
    options: its options as the author ordered them, none when there is nothing to choose from
    blank: how often nothing was chosen
    median_s: half of the people took so many seconds or fewer; tally.LONGEST_S stands for that or more
    """

    shown: int
    facility: float | None
    discrimination: float | None
    discrimination_plain: float | None
    upper_lower: float | None
    upper_shown: float
    options: tuple[OptionFigures, ...]
    blank: int
    median_s: float | None


def item_figures(tally: ItemTally) -> ItemFigures:
    """The figures of an item, from its tally."""
    upper = tally.groups.upper
    return ItemFigures(
        shown=tally.everyone.number,
        facility=_facility(tally.everyone, tally.maximum),
        discrimination=_discrimination(tally),
        discrimination_plain=_discrimination_plain(tally),
        upper_lower=_upper_lower(tally),
        upper_shown=tally.upper.number / upper.whole if upper.whole else 0.0,
        options=tuple(_option_figures(tally, number) for number in range(1, tally.options + 1)),
        blank=tally.blank,
        median_s=median(tally.times),
    )


def item_warnings(figures: ItemFigures) -> dict[ItemWarning, tuple[int, ...]]:
    """What is odd about an item, each with the numbers of the options concerned (none: the item as a whole).

    Empty below MIN_SHOWN showings. A key is suspected when, of at least MIN_UPPER attempts of the upper group that had
    the item, more chose some wrong option than some right one; the options named are those wrong ones. An equal number
    is no ground. That the best go wrong together as a sign of a wrong key: Rudolph et al. (2019), "Best practices
    related to examination item construction and post-hoc review", Am. J. Pharm. Educ. 83(7), 7204.
    """
    if figures.shown < MIN_SHOWN:
        return {}
    found: dict[ItemWarning, tuple[int, ...]] = {}
    if figures.discrimination is not None and figures.discrimination < 0:
        found[ItemWarning.NEGATIVE_DISCRIMINATION] = ()
    if preferred := _preferred_to_the_key(figures):
        found[ItemWarning.LIKELY_WRONG_KEY] = preferred
    if unused := tuple(option.number for option in figures.options if not option.chosen):
        found[ItemWarning.NEVER_CHOSEN] = unused
    if figures.facility is not None and figures.facility > TOO_EASY_ABOVE:
        found[ItemWarning.TOO_EASY] = ()
    if figures.facility is not None and figures.facility < TOO_HARD_BELOW:
        found[ItemWarning.TOO_HARD] = ()
    return found


def _preferred_to_the_key(figures: ItemFigures) -> tuple[int, ...]:
    if figures.upper_shown < MIN_UPPER:
        return ()
    shares = {option.number: option.upper_share or 0.0 for option in figures.options}
    least = min((shares[option.number] for option in figures.options if option.is_key), default=1.0)
    return tuple(o.number for o in figures.options if not o.is_key and shares[o.number] > least)


def _option_figures(tally: ItemTally, number: int) -> OptionFigures:
    everyone, upper, lower = (
        (part.chosen[number - 1], part.number) for part in (tally.everyone, tally.upper, tally.lower)
    )
    return OptionFigures(
        number, number in tally.key, everyone[0], _quotient(*everyone), _quotient(*upper), _quotient(*lower)
    )


def _quotient(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _facility(showings: Showings, maximum: int) -> float | None:
    """Mean points as a share of full marks; for right or wrong the proportion right, called p.

    Source: Crocker & Algina (1986), Introduction to Classical and Modern Test Theory (p); for partial marks the
    facility index of Moodle, Quiz report statistics.
    """
    return _quotient(showings.points, showings.number * maximum)


def _discrimination_plain(tally: ItemTally) -> float | None:
    """Correlation of the item's points with the score; for right or wrong the point-biserial correlation.

    Source: LeBlanc & Cox (2017), "Interpretation of the point-biserial correlation coefficient in the context of a
    school examination", Quant. Methods Psychol. 13(1), 46–56.
    """
    return _correlation(
        tally.everyone.number,
        (tally.everyone.points, tally.points_squared),
        (tally.scores, tally.scores_squared),
        tally.products,
    )


def _discrimination(tally: ItemTally) -> float | None:
    """Correlation of the item's points with the rest of the score, in which the item has no part.

    Source: LeBlanc & Cox (2017), see above, the corrected coefficient; SPSS RELIABILITY, corrected item-total
    correlation. Why to correct: Henrysson (1963), "Correction of item-total correlations in item analysis",
    Psychometrika 28, 211–218.
    """
    points, squared = tally.everyone.points, tally.points_squared
    rest = (tally.scores - points, tally.scores_squared - 2 * tally.products + squared)
    return _correlation(tally.everyone.number, (points, squared), rest, tally.products - squared)


def _correlation(n: int, x: tuple[int, int], y: tuple[int, int], products: int) -> float | None:
    """Pearson's r of n pairs, from the sums of x and x², of y and y², and of x · y; None when x or y does not vary."""
    covariance = n * products - x[0] * y[0]
    variances = (n * x[1] - x[0] ** 2) * (n * y[1] - y[0] ** 2)
    # squared as whole numbers, whose quotient is rounded once: r cannot leave -1 … 1
    return math.copysign(math.sqrt(covariance**2 / variances), covariance) if variances else None


def _upper_lower(tally: ItemTally) -> float | None:
    """Facility in the upper group less facility in the lower group.

    Source: Kelley (1939), see tally.UPPER_LOWER_SHARE; Tristan Lopez (1998), "The item discrimination index: does it
    work?", Rasch Measurement Transactions 12:1, 626.
    """
    upper, lower = _facility(tally.upper, tally.maximum), _facility(tally.lower, tally.maximum)
    return None if upper is None or lower is None else upper - lower


def median(counts: Sequence[int]) -> float | None:
    """Median of whole numbers, from how often each of 0, 1, 2 … occurs; of an even number the mean of the middle two."""
    n = sum(counts)
    return (_ranked(counts, (n - 1) // 2) + _ranked(counts, n // 2)) / 2 if n else None


def _ranked(counts: Sequence[int], rank: int) -> int:
    """The number at that place, from 0, when all are put in order."""
    for value, count in enumerate(counts):
        if rank < count:
            return value
        rank -= count
    raise IndexError(rank)


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """How the papers of a set fared.

    n: how many attempts there were
    mean: the average score, in points
    sd: how far scores usually lie from the average, in points (standard deviation)
    skewness: 0: as many far above the average as below; below 0: most did well, some fell far behind; above 0: the reverse
    kurtosis: above 0: more scores far out than a bell curve has; below 0: fewer
    kr20: how alike another such paper would rank the same people, at most 1, from right and wrong alone
    alpha: the same from points (Cronbach's alpha)
    sem: by how many points a person's score usually misses what it should be (standard error of measurement)
    """

    n: int
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    kr20: float | None
    alpha: float | None
    sem: float | None


def paper_figures(scores: Mapping[int, int], rights: Mapping[int, int], tallies: Iterable[ItemTally]) -> PaperFigures:
    """The figures of a paper set.

    scores: points → attempts with that score · rights: number of right items → attempts with so many · tallies: of
    every item on the papers of these attempts. When their sums do not make up the scores, something else is in there,
    and alpha (or KR-20) is None; KR-20 also when there are marks between none and full, which it is not made for.
    """
    tallies = list(tallies)
    points, right = _spread(scores), _spread(rights)
    sd = math.sqrt(_variance(points)) if points.n > 1 else None
    alpha = kr20 = None
    if sum(t.everyone.points for t in tallies) == points.total:
        alpha = _reliability(points, [(t.everyone.number, t.everyone.points, t.points_squared) for t in tallies])
    if sum(t.right for t in tallies) == right.total and not any(t.partly for t in tallies):
        kr20 = _reliability(right, [(t.everyone.number, t.right, t.right) for t in tallies])
    return PaperFigures(
        n=points.n,
        mean=_quotient(points.total, points.n),
        sd=sd,
        skewness=_skewness(points),
        kurtosis=_kurtosis(points),
        kr20=kr20,
        alpha=alpha,
        sem=_standard_error(sd, alpha),
    )


@dataclass(frozen=True, slots=True)
class _Spread:
    """n values, their sum, and the sums of the 2nd, 3rd and 4th powers of n times their distance from the mean."""

    n: int
    total: int
    second: int
    third: int
    fourth: int


def _spread(counts: Mapping[int, int]) -> _Spread:
    n = sum(counts.values())
    total = sum(value * count for value, count in counts.items())
    distances = [(n * value - total, count) for value, count in counts.items()]
    second, third, fourth = (sum(count * d**power for d, count in distances) for power in (2, 3, 4))
    return _Spread(n, total, second, third, fourth)


def _variance(spread: _Spread) -> float:
    """Sample variance, with n - 1."""
    return spread.second / (spread.n**2 * (spread.n - 1))


def _skewness(spread: _Spread) -> float | None:
    """G1, the adjusted Fisher–Pearson coefficient, as SAS, SPSS and Excel (SKEW) have it; of three attempts or more.

    Source: Joanes & Gill (1998), "Comparing measures of sample skewness and kurtosis", The Statistician 47, 183–189.
    """
    n = spread.n
    if n < 3 or not spread.second:
        return None
    g1 = math.copysign(math.sqrt(n * spread.third**2 / spread.second**3), spread.third)
    return g1 * math.sqrt(n * (n - 1)) / (n - 2)


def _kurtosis(spread: _Spread) -> float | None:
    """G2, the adjusted excess over a bell curve, as SAS, SPSS and Excel (KURT) have it; of four attempts or more.

    Source: Joanes & Gill (1998), see above.
    """
    n = spread.n
    if n < 4 or not spread.second:
        return None
    g2 = n * spread.fourth / spread.second**2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def _reliability(totals: _Spread, items: Sequence[tuple[int, int, int]]) -> float | None:
    """Coefficient alpha, k/(k - 1) · (1 - sum of item variances / variance of totals); of 0 and 1 it is KR-20.

    items: for each how often shown, and the sums of what it gave and of its squares.
    Source: Cronbach (1951), "Coefficient alpha and the internal structure of tests", Psychometrika 16, 297–334; Kuder &
    Richardson (1937), "The theory of the estimation of test reliability", Psychometrika 2, 151–160, formula 20.

    That formula when all had the same items; an estimate when papers are drawn. Then k is the mean number of items on a
    paper, and the sum of item variances the mean over attempts of the sum (of p · q) for the items on their papers.
    Variances are taken with n - 1 below and above, because p · q from few showings is too small, and items shown once
    vary as the others do on average. Unequal papers spread the totals, so the estimate is rather too high; random items
    have their own theory (Cronbach, Rajaratnam & Gleser 1963). One above 1 rests on too few showings and is None.
    """
    showings = sum(n for n, _, _ in items)
    repeated = [(n, total, squares) for n, total, squares in items if n > 1]
    if totals.n < 2 or not totals.second or not repeated or showings <= totals.n:
        return None
    # fsum rounds once, so that the order of the items cannot matter
    weighted = math.fsum((n * squares - total**2) / (n - 1) for n, total, squares in repeated)
    length = showings / totals.n
    item_variances = length * weighted / sum(n for n, _, _ in repeated)
    alpha = length / (length - 1) * (1 - item_variances / _variance(totals))
    return min(alpha, 1.0) if alpha < 1 + 1e-9 else None


def _standard_error(sd: float | None, reliability: float | None) -> float | None:
    """Standard error of measurement, sd · √(1 - reliability); a negative reliability counts as 0.

    Source: Dudek (1979), "The continuing misinterpretation of the standard error of measurement", Psychol. Bull. 86,
    335–337.
    """
    return None if sd is None or reliability is None else sd * math.sqrt(1 - max(reliability, 0.0))
