"""Merkle trees as in RFC 6962 (Certificate Transparency): one root over many records, and a short proof for each.

A leaf is SHA-256(0x00 ‖ record), a node SHA-256(0x01 ‖ left ‖ right), so that no node can pass for a record; a node without
a neighbour rises as it is. The root of no records is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The tree from its leaves to its root, which stands alone in the last level; no levels for no leaves."""
    if not leaves:
        return []
    found = [list(leaves)]
    while len(found[-1]) > 1:
        below = found[-1]
        above = [node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        found.append(above)
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    return levels(leaves)[-1][0] if leaves else EMPTY


def places(index: int, sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(level, position) of what the proof of a leaf is made of, from below.  sizes: of the levels, from the leaves on"""
    found = []
    for level, size in enumerate(sizes[:-1]):
        other = index ^ 1
        if other < size:
            found.append((level, other))
        index //= 2
    return found


def proof(tree: Sequence[Sequence[bytes]], index: int) -> list[tuple[str, str]]:
    """[(side of the neighbour, "L" or "R"; its digest in hex), …] of a leaf, from below.  tree: as `levels` gives it"""
    return [
        ("L" if position % 2 == 0 else "R", tree[level][position].hex())
        for level, position in places(index, [len(level) for level in tree])
    ]


def root_by(record: bytes, steps: Sequence[Sequence[str]]) -> bytes:
    """The root that a record has by its proof."""
    digest = leaf(record)
    for side, other in steps:
        neighbour = bytes.fromhex(other)
        digest = node(neighbour, digest) if side == "L" else node(digest, neighbour)
    return digest
