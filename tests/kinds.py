"""One item of every kind that is marked at once, and a paper that holds them."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from sqlalchemy import select

from quiz.banks.models import Bank, Item, ItemVersion, Picture
from quiz.db import db
from tests.given import Given

THINGS = ["Đề nghị khen thưởng", "Họp hội đồng", "Trình người có thẩm quyền", "Công bố quyết định"]
SECRET = "ba trăm triệu đồng"  # an accepted text
DIGEST = "ab" * 32  # of a picture
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")

# columns of a version, by kind; the right options of the two choices are 2, and 1 and 3
KINDS: dict[str, dict[str, Any]] = {
    "single": {"images": [[0, DIGEST, "Mẫu huy hiệu"], [3, DIGEST, "Mẫu cờ"]]},
    "multiple": {"key": [1, 3], "partial": True, "pinned": [4]},
    "true_false": {"options": ["Đúng", "Sai"], "key": [2]},
    "short_text": {"options": [], "key": [], "accepted": [SECRET, "300 triệu đồng"]},
    "number": {"options": [], "key": [], "accepted": ["3.5±0.25"]},
    "ordering": {"options": THINGS, "key": [], "partial": True},
    "matching": {
        "options": ["Luật", "Nghị định", "Thông tư"], "matches": ["Bộ trưởng", "Chính phủ", "Chủ tịch nước", "Quốc hội"],
        "key": [4, 2, 1], "partial": True,
    },
}  # fmt: skip

# the order in which the paper shows options, things or right sides
ORDERS = {
    "single": [3, 1, 4, 2], "multiple": [3, 2, 1, 4], "true_false": [1, 2], "short_text": [], "number": [],
    "ordering": [2, 4, 1, 3], "matching": [3, 4, 2, 1],
}  # fmt: skip

# right answers to that paper; and answers of which 1 and 5 are right, 3 and 4 wrong, 2, 6 and 7 right to 1/2, 2/4 and 2/3
RIGHT = {
    "a": {"1": [4], "2": [1, 3], "3": [2]}, "s": {"6": [2, 4, 1, 3], "7": [2, 3, 4]},
    "w": {"4": "Ba trăm triệu đồng.", "5": "3,75"}, "f": [], "p": None, "t": {},
}  # fmt: skip
MIXED = {
    "a": {"1": [4], "2": [1], "3": [1]}, "s": {"6": [2, 4, 3, 3], "7": [2, 0, 4]},
    "w": {"4": "ba tram trieu dong", "5": "3.25"}, "f": [], "p": None, "t": {},
}  # fmt: skip


def paper_of_all_kinds(given: Given) -> list[list[Any]]:
    """Write the items into a bank of their own; gives the paper as an attempt keeps it, a question for each of KINDS."""
    picture = Picture(
        digest=DIGEST, media_type="image/png", width=1, height=1, content=PNG, is_used=True, created_at=given.clock()
    )
    given.save(picture)
    for kind, columns in KINDS.items():
        given.bank(1, f"loai-{kind.replace('_', '-')}", kind=kind, stem=f"Câu loại {kind}?", **columns)
    with given.app.app_context():
        versions = db.session.scalars(select(ItemVersion).join(Item).join(Bank).where(Bank.code.startswith("loai-")))
        ids = {version.kind: version.id for version in versions}
    return [[ids[kind], ORDERS[kind]] for kind in KINDS]
