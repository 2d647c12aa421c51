"""What can be done to many items at once, each by the same rules as one item alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from quiz import journal
from quiz.access import Permission
from quiz.banks import review, service
from quiz.banks.models import Bank, Item
from quiz.banks.refusals import ReviewRefusal
from quiz.banks.wording import Wording, wording_of
from quiz.errors import Refusal


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, when and why; value: the topic or level that items get."""

    bank: Bank
    actor: journal.Actor
    why: str
    value: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """said: with %(count)s · do: raises Refusal(ReviewRefusal), before it writes, for an item that must be left alone"""

    permission: Permission
    title: Any
    said: Any
    do: Callable[[Item, Deed], None]
    asks_why: bool = False


def _send(item: Item, deed: Deed) -> None:
    review.send_version(item.latest, now=deed.now)


def _approve(item: Item, deed: Deed) -> None:
    review.approve_version(item.latest, deed.actor, now=deed.now)


def _decline(item: Item, deed: Deed) -> None:
    review.decline_version(item.latest, deed.actor, deed.why, now=deed.now)


def _retire(item: Item, deed: Deed) -> None:
    if not review.retire_item(item, deed.actor, deed.why, now=deed.now):
        raise Refusal(ReviewRefusal.RETIRED_ALREADY)


def _revive(item: Item, deed: Deed) -> None:
    if not review.revive_item(item, deed.actor, now=deed.now):
        raise Refusal(ReviewRefusal.IN_USE_ALREADY)


def _set_topic(item: Item, deed: Deed) -> None:
    if deed.value not in {topic["code"] for topic in deed.bank.topics}:
        raise Refusal(ReviewRefusal.NO_SUCH_TOPIC)
    _reword(item, deed, topic=deed.value)


def _set_level(item: Item, deed: Deed) -> None:
    if deed.value not in ("1", "2", "3"):
        raise Refusal(ReviewRefusal.NO_SUCH_LEVEL)
    _reword(item, deed, level=int(deed.value))


def _reword(item: Item, deed: Deed, **values: Any) -> None:
    """A new version, sent to review: topic and level decide which papers an item gets into."""
    wording: Wording = wording_of(item.latest)
    changed = replace(wording, **values)
    if changed == wording:
        raise Refusal(ReviewRefusal.SAME_ALREADY)
    service.write_version(item, changed, deed.actor, now=deed.now, send=True)


BULK: dict[str, Action] = {
    "send": Action(Permission.EDIT_BANK, _l("Gửi duyệt"), _l("Đã gửi duyệt %(count)s câu."), _send),
    "approve": Action(
        Permission.REVIEW_ITEM, _l("Duyệt"), _l("Đã duyệt %(count)s câu: đề mới rút được các câu này."), _approve
    ),
    "decline": Action(
        Permission.REVIEW_ITEM, _l("Trả lại kèm lý do"), _l("Đã trả lại %(count)s câu cho người soạn, kèm lý do."), _decline,
        asks_why=True,
    ),
    "topic": Action(
        Permission.EDIT_BANK, _l("Đổi chủ đề"), _l("Đã đổi chủ đề của %(count)s câu bằng phiên bản mới, chờ người khác duyệt."), _set_topic
    ),
    "level": Action(
        Permission.EDIT_BANK, _l("Đổi mức độ"), _l("Đã đổi mức độ của %(count)s câu bằng phiên bản mới, chờ người khác duyệt."), _set_level
    ),
    "retire": Action(
        Permission.EDIT_BANK, _l("Ngừng dùng"),
        _l("Đã ngừng dùng %(count)s câu: đề mới không rút các câu này nữa, bài đã thi giữ nguyên."), _retire,
    ),
    "revive": Action(Permission.EDIT_BANK, _l("Cho dùng lại"), _l("%(count)s câu được dùng lại."), _revive),
}  # fmt: skip
