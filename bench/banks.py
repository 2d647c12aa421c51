"""Banks at size: the list and the search of a bank of 50,000 items, server time a page, on both databases.

The time is that of the whole request inside the application (routing, access, queries, template), median and worst of many.
"""

from __future__ import annotations

import gc
import statistics
import time
from random import Random

from flask_migrate import upgrade
from sqlalchemy import text

from bench.hot_path import databases
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.app import create_app, system_clock
from quiz.banks import service
from quiz.banks.models import Bank
from quiz.banks.service import NewItem
from quiz.banks.wording import Wording
from quiz.db import db, transaction
from quiz.settings import Settings
from tests.given import Given
from tests.visitor import Visitor

ITEMS = 50_000
TOPICS = [{"code": f"chu-de-{n}", "title": f"Chủ đề {n}"} for n in range(1, 8)]
WORDS = (
    "thi đua khen thưởng luật nghị định điều khoản danh hiệu chiến sĩ lao động tiên tiến cơ sở bộ ngành tỉnh toàn quốc huân chương "
    "hạng nhất nhì ba quyết định thẩm quyền chủ tịch ủy ban nhân dân sở tư pháp báo cáo thành tích hồ sơ tập thể cá nhân gia đình"
).split()
PAGES = {
    "list, page 1": "/ngan-hang/lon",
    "list, last page": f"/ngan-hang/lon?trang={ITEMS // 50}",
    "search, one common word": "/ngan-hang/lon?q=huan",
    "search, three words": "/ngan-hang/lon?q=huan+chuong+hang",
    "search, one item": "/ngan-hang/lon?q=x49999",
    "search, nothing found": "/ngan-hang/lon?q=khongco",
    "filter by topic, level, state": "/ngan-hang/lon?chu-de=chu-de-3&muc=2&trang-thai=review",
    "filter by use": "/ngan-hang/lon?so-lieu=unused",
}


def main() -> None:
    with databases() as urls:
        for name, url in urls:
            _measure(name, url)


def application(url: str):  # type: ignore[no-untyped-def]
    settings = Settings(
        secret_key="bench", database_url=url, base_url="http://localhost", secure_cookies=False, testing=True
    )
    app = create_app(settings, system_clock)
    with app.app_context():
        upgrade()
    return app


def _measure(name: str, url: str) -> None:
    app = application(url)
    organizer = Given(app, system_clock).account(Role.ORGANIZER)
    with app.app_context():
        _fill(db.session.get_one(Account, organizer))
        if name == "PostgreSQL":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # what autovacuum does within a minute
    gc.collect()  # what filling has left behind is no page's
    visitor = Visitor(app, organizer)
    print(f"{name}: {ITEMS} items")
    for title, address in PAGES.items():
        times = []
        for _ in range(15):
            started = time.perf_counter()
            reply = visitor.get(address)
            times.append((time.perf_counter() - started) * 1000)
            assert reply.status_code == 200
        print(f"  {title:<32} median {statistics.median(times):6.1f} ms, worst {max(times[1:]):6.1f} ms")


def _fill(author: Account) -> None:
    dice = Random(7)
    now = system_clock()
    with transaction():
        bank = service.create_bank("lon", "Ngân hàng lớn", "", TOPICS, author, now=now)
        bank_id = bank.id
    for start in range(0, ITEMS, 5_000):
        new = [NewItem("", _wording(dice, n)) for n in range(start, start + 5_000)]
        with transaction():
            service.add_items(db.session.get_one(Bank, bank_id), new, author, now=now, send=True)


def _wording(dice: Random, n: int) -> Wording:
    stem = " ".join(dice.choices(WORDS, k=22)) + f" x{n}?"
    options = tuple(f"{letter} {' '.join(dice.choices(WORDS, k=8))}" for letter in "abcd")
    topic, level = TOPICS[n % len(TOPICS)]["code"], n % 3 + 1
    return Wording(kind="single", stem=stem, options=options, key=(n % 4 + 1,), topic=topic, level=level)


if __name__ == "__main__":
    main()
