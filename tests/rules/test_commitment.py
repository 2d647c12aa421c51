"""The published seal of a round can be computed again by anybody."""

import hashlib
import json

import pytest

from quiz.rules import records
from quiz.rules.commitment import (
    candidate_of,
    commitment,
    first_commitment,
    pool_digest,
    pool_rows,
    second_commitment,
)
from quiz.rules.drawing import Candidate

PINNED = Candidate(5, "luật", "b", 3, 4, True, (3, 4))
POOL = [Candidate(7, "luật", "a", 2, 4, True), Candidate(3, "luật", "a", 1, 2, False)]


def test_the_digest_does_not_depend_on_the_order_of_the_pool():
    assert pool_rows(POOL) == [[3, "luật", "a", 1, 2, False], [7, "luật", "a", 2, 4, True]]
    assert pool_digest(pool_rows(POOL)) == pool_digest(pool_rows(reversed(POOL)))


def test_the_digest_is_sha256_of_compact_json():
    text = '[[3,"luật","a",1,2,false],[7,"luật","a",2,4,true]]'
    assert pool_digest(pool_rows(POOL)) == hashlib.sha256(text.encode()).hexdigest()


def test_only_pinned_options_lengthen_a_row():
    """Rows of pools without pins are as they were before there were any, and so are their digests."""
    assert pool_rows([*POOL, PINNED])[1] == [5, "luật", "b", 3, 4, True, [3, 4]]


@pytest.mark.parametrize("candidate", [*POOL, PINNED])
def test_a_stored_row_gives_its_candidate_back(candidate):
    (row,) = json.loads(json.dumps(pool_rows([candidate])))
    assert candidate_of(row) == candidate


def test_the_commitment_is_sha256_of_the_stated_lines():
    text = "hieu-luat commitment 3\nky-1\nbang-1 aa\nbang-2 bb\nee\nff00\n"
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert commitment("ky-1", {"bang-2": "bb", "bang-1": "aa"}, "ee", "ff00") == expected


def test_older_forms_of_the_commitment_stay_as_they_were():
    for sealed, text in (
        (
            second_commitment("ky-1", {"bang-1": "aa"}, "ee", "ff00"),
            "hieu-luat commitment 2\nky-1\nbang-1 aa\nee\nff00\n",
        ),
        (first_commitment("ky-1", {"bang-1": "aa"}, "ff00"), "hieu-luat commitment 1\nky-1\nbang-1 aa\nff00\n"),
    ):
        assert sealed == hashlib.sha256(text.encode()).hexdigest()


def test_pictures_are_part_of_what_an_item_says_but_were_not_before():
    item = dict.fromkeys(records.CONTENT) | {"stem": "Biển này báo gì?", "images": [[0, "ab", "biển báo"]]}
    other = item | {"images": [[0, "ac", "biển báo"]]}
    assert records.items_digest({1: item}) != records.items_digest({1: other})
    old = [records.items_digest({1: version}, records.OLD_CONTENT) for version in (item, other)]
    assert old[0] == old[1] != records.items_digest({1: item | {"images": []}})


def test_anything_changed_changes_the_commitment():
    sealed = commitment("ky-1", {"bang-1": "aa"}, "ee", "ff00")
    others = {
        commitment("ky-2", {"bang-1": "aa"}, "ee", "ff00"),
        commitment("ky-1", {"bang-1": "ab"}, "ee", "ff00"),
        commitment("ky-1", {"bang-1": "aa", "bang-2": "aa"}, "ee", "ff00"),
        commitment("ky-1", {"bang-1": "aa"}, "ee", "ff01"),
        commitment("ky-1", {"bang-1": "aa"}, "ef", "ff00"),
    }
    assert sealed not in others
    assert len(others) == 5
