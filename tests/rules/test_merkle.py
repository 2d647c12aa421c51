"""Merkle trees: every record has a proof, and no other record has it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules import merkle

RECORDS = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def by_the_book(leaves):
    """RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node(by_the_book(leaves[:k]), by_the_book(leaves[k:]))


@given(RECORDS)
def test_the_root_is_that_of_the_rfc(records):
    leaves = [merkle.leaf(r) for r in records]
    assert merkle.root(leaves) == by_the_book(leaves)


@given(RECORDS, st.data())
def test_a_proof_leads_to_the_root_and_only_from_its_record(records, data):
    tree = merkle.levels([merkle.leaf(r) for r in records])
    index = data.draw(st.integers(0, len(records) - 1))
    steps = merkle.proof(tree, index)
    assert merkle.root_by(records[index], steps) == tree[-1][0]
    other = data.draw(st.binary(max_size=8).filter(lambda r: r != records[index]))
    assert merkle.root_by(other, steps) != tree[-1][0]


def test_no_records():
    assert merkle.root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("n", [1, 2, 3, 1000])
def test_proofs_are_short(n):
    tree = merkle.levels([merkle.leaf(str(i).encode()) for i in range(n)])
    assert len(merkle.proof(tree, 0)) == (n - 1).bit_length()
