"""The shipped links bring shipped items and stories together, once, and leave what people have linked."""

from pathlib import Path

import yaml
from sqlalchemy import select

from quiz.banks import links, shipped, story_links
from quiz.banks.models import Bank, Item, ItemStory
from quiz.db import db, transaction
from quiz.exemplars import shipped as stories
from quiz.exemplars.models import Exemplar
from quiz.law import csv_file
from quiz.law import csv_import as law

BANK = Path("question_banks/thi-dua-khen-thuong")


def test_shipped_items_and_stories_are_linked_once(app, given, clock):
    with app.app_context():
        with transaction():
            assert story_links.link_shipped(now=clock.now) == 0  # nothing is here yet
            law.import_documents(csv_file.read_file(BANK.parent / "van-ban.csv").rows, now=clock.now)
            shipped.import_bank(BANK, now=clock.now, live=True)
            stories.import_shipped(now=clock.now)
        item = db.session.scalars(select(Item).where(Item.code == "TDKT-120")).one()
        own = given.exemplar("Tổ Giáp", items=[item.id])
        with transaction():
            linked = story_links.link_shipped(now=clock.now)
        wanted = yaml.safe_load(story_links.FILE.read_text("utf-8"))
        bank = db.session.scalars(select(Bank)).one()
        pairs = {
            (slug, code)
            for slug, code, bank_id in db.session.execute(
                select(Exemplar.slug, Item.code, Item.bank_id)
                .join(ItemStory, ItemStory.exemplar_id == Exemplar.id)
                .join(Item)
            )
            if bank_id == bank.id and not slug.startswith("guong-")
        }
        assert pairs == {
            (slug, p.split("/")[1]) for slug, places in wanted.items() for p in places if p.startswith(bank.code + "/")
        }
        assert linked == len({code for _slug, code in pairs})
        assert own in {exemplar.id for exemplar in links.stories_of_item(item)}
        with transaction():
            assert story_links.link_shipped(now=clock.now) == 0
