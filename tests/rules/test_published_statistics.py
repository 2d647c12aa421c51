"""Statistics against published numbers. Every source was read; where it prints something else, the test says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest

from quiz.rules.statistics import ItemWarning, PaperFigures, item_figures, item_warnings, paper_figures
from quiz.rules.tally import ItemTally, upper_lower_groups
from tests.rules.answers import Item, from_marks, paper, tallies

NO_GROUPS = upper_lower_groups({})


def of_scores(values: Sequence[int]) -> PaperFigures:
    return paper_figures(Counter(values), {}, [])


# Bock & Lieberman (1970), "Fitting a response model for n dichotomously scored items", Psychometrika 35, 179–197: five
# items of the Law School Admission Test, 1,000 people; how many have the pattern 00000, 00001, … 11111. Read in the
# data set `bock.table` of the R package psych. The figures are printed by the R package mirt 1.45, `itemstats`, in its
# reference pages LSAT6 and itemstats: mean, total.r and total.r_if_rm per item; mean, SD, alpha and SEM of the totals.
LSAT_6 = [3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298]  # fmt: skip
LSAT_7 = [12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308]  # fmt: skip


@pytest.mark.parametrize(
    ("frequencies", "items", "whole"),
    [
        (
            LSAT_6,
            [(0.924, 0.362, 0.113), (0.709, 0.567, 0.153), (0.553, 0.618, 0.173), (0.763, 0.534, 0.144), (0.870, 0.435, 0.122)],
            (3.819, 1.035, 0.295, 0.869),
        ),
        (
            LSAT_7,
            [(0.828, 0.530, 0.246), (0.658, 0.600, 0.247), (0.772, 0.611, 0.313), (0.606, 0.592, 0.223), (0.843, 0.461, 0.175)],
            (3.707, 1.199, 0.453, 0.886),
        ),
    ],
)  # fmt: skip
def test_law_school_admission_test(
    frequencies: list[int], items: list[tuple[float, float, float]], whole: tuple[float, float, float, float]
):
    patterns = product((0, 1), repeat=5)
    rows = [row for row, count in zip(patterns, frequencies, strict=True) for _ in range(count)]
    found = [item_figures(tally) for tally in tallies(from_marks(rows)).values()]
    assert [_rounded(f.facility, f.discrimination_plain, f.discrimination) for f in found] == items
    figures = paper(from_marks(rows))
    assert _rounded(figures.mean, figures.sd, figures.alpha, figures.sem) == whole
    assert figures.kr20 == figures.alpha


def _rounded(*figures: float | None) -> tuple[float, ...]:
    return tuple(round(figure, 3) for figure in figures if figure is not None)


def test_point_biserial_of_eight_students():
    """By the source's own formula, (45 - 30)/8.29 · √(.5 · .5), r is .905, which its table prints as .91.

    J. D. Brown, Statistics Corner: "Point-biserial correlation coefficients", Shiken (newsletter of the JALT Testing &
    Evaluation SIG), p. 12–15, table 2: totals, means 45 and 30 of those right and wrong, mean 37.50, SD 8.29 (with n).
    Item 3, right for all, is printed as .00; here it is undefined.
    """
    totals = [50, 45, 45, 40, 35, 30, 30, 25]
    items = [[1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1], [1] * 8]
    found = []
    for marks in items:
        tally = ItemTally(NO_GROUPS, 0, frozenset(), 1)
        for mark, total in zip(marks, totals, strict=True):
            tally.add(mark, total)
        found.append(item_figures(tally).discrimination_plain)
    assert found == [pytest.approx(15 / 8.29 * 0.5, abs=0.0005), pytest.approx(-15 / 8.29 * 0.5, abs=0.0005), None]
    figures = of_scores(totals)
    assert figures.mean == 37.5
    assert figures.sd is not None
    assert figures.sd * (7 / 8) ** 0.5 == pytest.approx(8.29, abs=0.005)


def test_kr20_of_a_quiz_on_reliability():
    """The source prints p · q of each item and the variance of the totals, and leaves KR-20 to the reader.

    K. L. Wuensch (East Carolina University), KR20.txt: ten students, ten items; variances with n.
    """
    rows = [
        "1111110110", "1011011101", "1111011001", "0010001000", "0000010010",
        "1110111111", "1101110111", "1111111101", "0101111101", "1101101110",
    ]  # fmt: skip
    figures = paper(from_marks([[int(mark) for mark in row] for row in rows]))
    printed = [0.21, 0.21, 0.24, 0.21, 0.24, 0.16, 0.21, 0.21, 0.25, 0.24]
    assert figures.kr20 == pytest.approx(10 / 9 * (1 - sum(printed) / 5.84))


def test_alpha_of_items_with_many_points():
    """SPSS prints alpha .633, and .712 as the corrected item-total correlation of the first item.

    D. J. Denis, Applied Univariate, Bivariate, and Multivariate Statistics, on Cronbach's alpha: five items, ten people.
    """
    rows = [
        (10, 12, 15, 11, 12), (12, 18, 12, 12, 1), (8, 16, 14, 14, 4), (6, 8, 16, 8, 6), (4, 7, 8, 7, 5),
        (6, 6, 3, 7, 3), (3, 4, 6, 5, 8), (7, 3, 7, 9, 9), (8, 9, 4, 10, 10), (9, 5, 6, 11, 12),
    ]  # fmt: skip
    items = {number: Item(maximum=20) for number in range(1, 6)}
    figures = paper(from_marks(rows), items)
    assert figures.alpha == pytest.approx(0.633, abs=0.0005)
    assert figures.kr20 is None  # not of right and wrong
    assert item_figures(tallies(from_marks(rows), items)[1]).discrimination == pytest.approx(0.712, abs=0.0005)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((3, 4, 5, 2, 3, 4, 5, 6, 4, 7), 0.359543),  # Microsoft, Excel: SKEW function
        ((1, 3, 4, 5, 9), 0.885),  # Apache OpenOffice wiki, Calc: SKEW function
        ((1, 3, 4, 5, 7), 0.0),  # the same
    ],
)
def test_published_skewness(values: Sequence[int], expected: float):
    assert of_scores(values).skewness == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((3, 4, 5, 2, 3, 4, 5, 6, 4, 7), -0.151799637),  # Microsoft, Excel: KURT function
        ((35, 31, 47, 51, 37, 31, 58, 39), -0.7496238078),  # MESCIUS, Spread formula reference: KURT
        ((10, 20, 30, -20), 1.5),  # Better Solutions, Excel: KURT
    ],
)
def test_published_kurtosis(values: Sequence[int], expected: float):
    assert of_scores(values).kurtosis == pytest.approx(expected, abs=1e-9)


def test_upper_less_lower_of_a_worksheet():
    """Ten students and ten questions, upper and lower half, with p and D of each question.

    "Item Analysis Worksheet", studylib.net, document 25270846.
    """
    rows = [
        "1111111111", "1111111101", "1101111100", "0111110101", "1110111001",
        "1110110100", "0110110101", "0111001010", "1110100001", "0100010010",
    ]  # fmt: skip
    attempts = from_marks([[int(mark) for mark in row] for row in rows])
    found = [item_figures(tally) for tally in tallies(attempts, share=Fraction(1, 2)).values()]
    assert [f.facility for f in found] == [0.6, 1.0, 0.8, 0.5, 0.8, 0.8, 0.5, 0.6, 0.3, 0.6]
    assert [f.upper_lower for f in found] == pytest.approx([0.4, 0, 0, 0.6, 0.4, 0.4, 0.6, 0.4, -0.2, 0.4])


@pytest.mark.parametrize(
    ("upper", "suspected"),
    [
        ((1, 1, 9, 2), (3,)),  # "miskeyed": A, B, C and D, which is the key
        ((4, 4, 3, 4), ()),  # "guessing occurred"
        ((8, 1, 3, 8), ()),  # "ambiguity"
    ],
)
def test_flaws_of_items_in_the_upper_group(upper: tuple[int, ...], suspected: tuple[int, ...]):
    """The handout gives the choices of an upper 27 %; here each is there 27 times, above 73 % who choose the key.

    "Other Possible Item Flaws", scribd.com, document 658986535.
    """
    size = sum(upper)
    tally = ItemTally(upper_lower_groups({9: 27 * size, 5: 73 * size}), 4, frozenset({4}), 1)
    for option, count in enumerate(upper, start=1):
        for _ in range(27 * count):
            tally.add(int(option == 4), 9, {option})
    for _ in range(73 * size):
        tally.add(1, 5, {4})
    figures = item_figures(tally)
    assert [option.upper_share for option in figures.options] == [count / size for count in upper]
    assert item_warnings(figures).get(ItemWarning.LIKELY_WRONG_KEY, ()) == suspected
