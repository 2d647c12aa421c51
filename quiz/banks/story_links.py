"""The links of shipped items with shipped stories (quiz/exemplars/shipped/item_links.yaml)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select

from quiz.banks import links
from quiz.banks.models import Bank, Item
from quiz.db import db
from quiz.exemplars import shipped
from quiz.exemplars.models import Exemplar

FILE = shipped.FOLDER / "item_links.yaml"


def link_shipped(file: Path = FILE, *, now: datetime) -> int:
    """Link items with the stories that the file names, beside what people have linked; gives how many items were linked
    anew. Items and stories that are not here are passed over: a bank may be left out.
    """
    wanted: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    rows = db.session.execute(select(Exemplar.slug, Exemplar.id).where(Exemplar.slug.in_(list(wanted))))
    stories = {row.slug: row.id for row in rows}
    of_item: dict[str, set[int]] = defaultdict(set)
    for slug, places in wanted.items():
        for place in places if slug in stories else ():
            of_item[place].add(stories[slug])
    items = {
        f"{code}/{item.code}": item
        for code, item in db.session.execute(select(Bank.code, Item).join(Item, Item.bank_id == Bank.id))
        if f"{code}/{item.code}" in of_item
    }
    linked = 0
    for place, item in sorted(items.items()):
        there = {exemplar.id for exemplar in links.stories_of_item(item)}
        if not of_item[place] <= there:
            links.link_stories(item, there | of_item[place], None, now=now)
            linked += 1
    return linked
