"""What may be drawn, and what a search finds."""

from datetime import date

from quiz.banks import queries, standing
from quiz.banks.models import Bank, Item, ItemKind
from quiz.banks.queries import Counts, ItemFilter, ItemSearch
from quiz.db import db, transaction

LAW_DATE = date(2024, 12, 31)


def drawn(app, *codes, on=LAW_DATE):
    with app.app_context():
        return queries.candidates(codes, on)


def test_candidates_say_what_the_draw_needs(given, app):
    given.bank(3)
    given.bank(1, "dung-sai", kind="true_false", options=["Đúng", "Sai"], key=[1])
    found = drawn(app, "ngan-hang", "dung-sai")
    assert [(c.bank, c.topic, c.level, c.options, c.shuffle) for c in found] == [
        ("ngan-hang", "danh-hieu", 2, 4, True),
        ("ngan-hang", "chung", 3, 4, True),
        ("ngan-hang", "danh-hieu", 1, 4, True),
        ("dung-sai", "danh-hieu", 2, 2, False),
    ]
    assert [c.bank for c in drawn(app, "dung-sai")] == ["dung-sai"]


def test_drafts_and_retired_items_are_not_drawn(given, app, clock):
    given.bank(2, live=False)
    assert drawn(app, "ngan-hang") == []
    given.bank(2, "b")
    with app.app_context(), transaction():
        item = db.session.scalars(db.select(Item).join(Bank).where(Bank.code == "b")).first()
        item.retired_at = clock()
        standing.refresh(item)
    assert len(drawn(app, "b")) == 1


def test_the_law_date_decides(given, app):
    law = given.document()
    given.change(law, date(2026, 10, 1))
    decree = given.document("98/2023/NĐ-CP", expires_on=date(2025, 7, 1))
    given.bank(1, "luat", document_id=law)
    given.bank(1, "nghi-dinh", document_id=decree)
    given.bank(1, "ky", valid_from=date(2024, 3, 31), valid_until=date(2025, 1, 1))
    codes = ["luat", "nghi-dinh", "ky"]
    for day, expected in [
        (date(2023, 12, 31), set()),  # before the law
        (date(2024, 12, 31), {"luat", "nghi-dinh", "ky"}),
        (date(2025, 1, 1), {"luat", "nghi-dinh"}),
        (date(2025, 7, 1), {"luat"}),
        (date(2026, 9, 30), {"luat"}),
        (date(2026, 10, 1), set()),
    ]:
        assert {c.bank for c in drawn(app, *codes, on=day)} == expected


def test_counts_by_state(given, app, clock):
    given.bank(3)
    given.bank(2, "nhap", live=False)
    given.bank(0, "trong")
    with app.app_context(), transaction():
        item = db.session.scalars(db.select(Item).join(Bank).where(Bank.code == "ngan-hang")).first()
        item.retired_at = clock()
        standing.refresh(item)
    with app.app_context():
        counts = {bank.code: counts for bank, counts in queries.banks_with_counts()}
        assert counts == {
            "ngan-hang": Counts(live=2, retired=1),
            "nhap": Counts(review=2, pending=2),
            "trong": Counts(),
        }
        assert counts["ngan-hang"].items == 3
        for bank, expected in queries.banks_with_counts():
            assert queries.counts_of(bank) == expected


def found(app, **search):
    with app.app_context():
        lines, in_all = queries.items(queries.bank_by_code("ngan-hang"), ItemSearch(**search), limit=50)
        assert len(lines) == in_all
        return [line.item.code for line in lines]


def test_the_list_is_searched_and_narrowed(given, app, clock):
    given.bank(4)
    given.bank(1, "khac")
    assert found(app) == ["C001", "C002", "C003", "C004"]
    assert found(app, text="CAU HOI so 2") == ["C002"]
    assert found(app, text="phuong an a cua cau 3") == ["C003"]
    assert found(app, text="c004") == ["C004"]
    assert found(app, text="100%_") == []
    assert found(app, topic="chung") == ["C002", "C004"]
    assert found(app, level=2) == ["C001", "C004"]
    assert found(app, kind=ItemKind.MULTIPLE) == []
    assert found(app, state=ItemFilter.LIVE) == ["C001", "C002", "C003", "C004"]
    assert found(app, state=ItemFilter.PENDING) == []


def test_a_newer_draft_is_pending_while_the_item_stays_live(given, app):
    given.bank(2)
    with app.app_context(), transaction():
        item = db.session.scalars(db.select(Item)).first()
        item.versions.append(given._version(1, False, {"number": 2, "stem": "Câu mới?"}))
        standing.refresh(item)
    assert found(app, state=ItemFilter.PENDING) == ["C001"]
    assert found(app, state=ItemFilter.LIVE) == ["C001", "C002"]
    assert found(app, text="cau moi") == ["C001"]  # the latest version is what the list shows
    assert found(app, text="cau hoi so 1") == []


def test_pages_of_many_items_are_the_same_from_either_end(given, app, monkeypatch):
    given.bank(23)
    monkeypatch.setattr(queries, "_FEW", 5)
    with app.app_context():
        bank = db.session.scalars(db.select(Bank)).one()
        pages = [queries.items(bank, ItemSearch(), limit=5, offset=offset)[0] for offset in range(0, 30, 5)]
    codes = [[line.item.code for line in page] for page in pages]
    assert [len(page) for page in codes] == [5, 5, 5, 5, 3, 0]
    assert [code for page in codes for code in page] == [f"C{n:03d}" for n in range(1, 24)]
