"""What a test starts from. Each method states only what the test is about, fills in the rest, and returns an id.

Rows are made straight from the models, so a test of one domain does not lean on the services of another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account, Headcount, OrgUnit, RoleGrant
from quiz.banks import standing
from quiz.banks.models import Bank, Item, ItemStory, ItemVersion
from quiz.banks.queries import candidate_of
from quiz.contests.models import Contest, ContestState, Division, Entry, Pool, Round
from quiz.db import db, transaction
from quiz.exemplars.models import Exemplar
from quiz.law.models import LawChange, LegalDocument
from quiz.rules.commitment import pool_rows

TOPICS = [{"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"}]

# what most items leave empty
NO_WORDS: dict[str, Any] = {"matches": [], "accepted": [], "partial": False, "pinned": [], "images": []}

RULES: dict[str, Any] = {"minutes": 20, "attempt_limit": 2, "chain": ["score", "elapsed", "submitted"]}


class Given:
    def __init__(self, app: Flask, clock: Callable[[], datetime]) -> None:
        self.app = app
        self.clock = clock
        self.numbers = count(1)

    def save(self, *rows: Any) -> Any:
        """Commit rows and return the id of the first."""
        with self.app.app_context(), transaction():
            db.session.add_all(rows)
            db.session.flush()
            return getattr(rows[0], "id", None)

    def org_unit(
        self, name: str = "Phòng Phổ biến pháp luật", people: int | None = None, parent: int | None = None
    ) -> int:
        n = next(self.numbers)
        unit = OrgUnit(code=f"U{n}", name=name, parent_id=parent)
        if people is not None:
            unit.headcounts.append(Headcount(as_of=date(2024, 1, 1), people=people, source="báo cáo"))
        return self.save(unit)

    def account(self, *roles: Role, name: str = "", unit: int | None = None, **columns: Any) -> int:
        n = next(self.numbers)
        values: dict[str, Any] = {
            "username": f"nguoi{n}", "full_name": name or f"Người Thứ {n}", "birth_date": date(1990, 1, 1),
            "password_hash": "không đăng nhập bằng mật khẩu", "audience": "staff" if unit else "citizen",
            "org_unit_id": unit, "place_name": "" if unit else "Xã Bến Cầu, tỉnh Tây Ninh",
            "consented_at": self.clock(), "created_at": self.clock(),
        }  # fmt: skip
        account = Account(**values | columns)
        account.grants = [RoleGrant(role=role, granted_at=self.clock()) for role in roles]
        return self.save(account)

    def document(self, number: str = "06/2022/QH15", **columns: Any) -> int:
        values: dict[str, Any] = {
            "title": "Luật Thi đua, khen thưởng",
            "kind": "Luật",
            "effective_on": date(2024, 1, 1),
        }
        return self.save(LegalDocument(number=number, **values | columns))

    def change(self, document_id: int, from_on: date = date(2026, 10, 1), **columns: Any) -> int:
        """An amendment of the whole document that nobody has read, unless told otherwise."""
        values: dict[str, Any] = {"kind": "amended", "by_number": "06/2026/QH16", "recorded_at": self.clock()}
        return self.save(LawChange(document_id=document_id, from_on=from_on, **values | columns))

    def bank(self, items: int = 0, code: str = "ngan-hang", *, live: bool = True, **version: Any) -> int:
        """A bank whose items are single choice, four options, key B; topics and levels take turns."""
        bank = Bank(code=code, title="Ngân hàng thử", topics=TOPICS, created_at=self.clock())
        for n in range(1, items + 1):
            bank.items.append(self._item(n, live, version))
        return self.save(bank)

    def _item(self, n: int, live: bool, version: dict[str, Any]) -> Item:
        item = Item(code=f"C{n:03d}")
        item.versions.append(self._version(n, live, version))
        standing.refresh(item)
        return item

    def _version(self, n: int, live: bool, columns: dict[str, Any]) -> ItemVersion:
        values: dict[str, Any] = {
            "number": 1, "kind": "single", "stem": f"Câu hỏi số {n}?", "key": [2],
            "options": [f"Phương án {letter} của câu {n}" for letter in "ABCD"],
            "topic": TOPICS[n % 2]["code"], "level": n % 3 + 1, "explanation": f"Giải thích câu {n}.",
            "created_at": self.clock(), "sent_at": self.clock(), "is_live": live,
        }  # fmt: skip
        # columns have their defaults only once they are written, and the row of the item repeats some of them before
        return ItemVersion(**NO_WORDS | values | columns)

    def exemplar(
        self, name: str = "Tổ hòa giải Mẫu", *, state: str = "published", items: Sequence[int] = (), **columns: Any
    ) -> int:
        """A group with a published story, unless told otherwise; `items` ask about it."""
        n, now = next(self.numbers), self.clock()
        values: dict[str, Any] = {
            "slug": f"guong-{n}", "kind": "group", "name": name, "title": f"Câu chuyện của {name}", "field": "justice",
            "summary": "Hòa giải thành mọi vụ việc.", "body": "Đoạn đầu.\n\nĐoạn sau.", "state": state,
            "created_at": now, "updated_at": now, "approved_at": None if state == "draft" else now,
            "published_at": now if state in ("published", "archived") else None,
            "archived_at": now if state == "archived" else None,
        }  # fmt: skip
        exemplar_id = self.save(Exemplar(**values | columns))
        if items:
            self.save(*(ItemStory(item_id=i, exemplar_id=exemplar_id, linked_at=now) for i in items))
        return exemplar_id

    def contest(
        self,
        *,
        rules: dict[str, Any] | None = None,
        prizes: list[dict[str, Any]] | None = None,
        items: int = 4,
        state: str = ContestState.OPEN,
        opens_at: datetime | None = None,
        closes_at: datetime | None = None,
        divisions: tuple[str, ...] = ("Bảng chung",),
        rounds: int = 1,
        law_date: date = date(2024, 12, 31),
        version: dict[str, Any] | None = None,
        round_rules: Sequence[dict[str, Any]] = (),
        **columns: Any,
    ) -> int:
        """A contest with a bank of its own, big enough; open at once for an hour unless told otherwise.

        version: columns of every item of the bank · round_rules: rules of the first rounds, in order
        """
        n = next(self.numbers)
        now = self.clock()
        bank_code = f"ngan-hang-{n}"
        bank_id = self.bank(items * 4, bank_code, **version or {})
        open_ = state == ContestState.OPEN
        contest = Contest(
            slug=f"cuoc-thi-{n}", title=f"Cuộc thi số {n}", law_date=law_date, rules=RULES | (rules or {}),
            state=state, created_at=now, opened_at=now if open_ else None, **columns,
        )  # fmt: skip
        blueprint = [{"bank": bank_code, "topic": "chung", "count": items}]
        for i, name in enumerate(divisions, 1):
            parts = {"audience": "all", "blueprint": blueprint, "prizes": prizes or []}
            contest.divisions.append(Division(code=f"bang-{i}", name=name, position=i, rules=parts))
        opens_at, closes_at = opens_at or now, closes_at or now + timedelta(hours=1)
        for i in range(1, rounds + 1):
            shift = (closes_at - opens_at) * (i - 1)
            contest.rounds.append(
                Round(
                    code=f"ky-{i}", name=f"Kỳ {i}", position=i, opens_at=opens_at + shift, closes_at=closes_at + shift,
                    secret="00" * 32 if open_ else None, commitment="c" * 64 if open_ else None,
                    rules=round_rules[i - 1] if i <= len(round_rules) else {},
                )
            )  # fmt: skip
        contest_id = self.save(contest)
        if open_:
            self._freeze_pools(contest_id, bank_id)
        return contest_id

    def _freeze_pools(self, contest_id: int, bank_id: int) -> None:
        with self.app.app_context(), transaction():
            v = ItemVersion
            rows = db.session.execute(
                select(v.id, Bank.code, v.topic, v.level, v.kind, v.options, v.matches, v.pinned)
                .join(Item, Item.id == v.item_id)
                .join(Bank, Bank.id == Item.bank_id)
                .where(Bank.id == bank_id)
            )
            candidates = pool_rows(candidate_of(row) for row in rows)
            digest = hashlib.sha256(json.dumps(candidates).encode()).hexdigest()
            for division in db.session.get_one(Contest, contest_id).divisions:
                db.session.add(
                    Pool(division_id=division.id, candidates=candidates, digest=digest, frozen_at=self.clock())
                )

    def division_ids(self, contest_id: int) -> list[int]:
        with self.app.app_context():
            return [d.id for d in db.session.get_one(Contest, contest_id).divisions]

    def round_ids(self, contest_id: int) -> list[int]:
        with self.app.app_context():
            return [r.id for r in db.session.get_one(Contest, contest_id).rounds]

    def entry(self, contest_id: int, account_id: int | None = None, division: int = 0) -> int:
        account_id = account_id or self.account()
        division_id = self.division_ids(contest_id)[division]
        with self.app.app_context():
            account = db.session.get_one(Account, account_id)
            entry = Entry(
                contest_id=contest_id, division_id=division_id, account_id=account_id, full_name=account.full_name,
                birth_date=account.birth_date, org_unit_id=account.org_unit_id,
                belongs_to=account.org_unit.name if account.org_unit else account.place_name, registered_at=self.clock(),
            )  # fmt: skip
        return self.save(entry)

    def attempt(
        self, entry_id: int, round_id: int, *, score: int = 4, seconds: float = 60, number: int = 1, **columns: Any
    ) -> int:
        """A finished attempt with this score, started now and submitted after so many seconds.

        The paper is the first four version ids of the division's pool in their original option order.
        """
        from quiz.attempts.models import Attempt, AttemptNews  # imported late: given serves domains above attempts too

        started = columns.pop("started_at", None) or self.clock()
        ended = started + timedelta(seconds=seconds)
        with self.app.app_context():
            entry = db.session.get_one(Entry, entry_id)
            pool = db.session.scalars(db.select(Pool).filter_by(division_id=entry.division_id).limit(1)).one()
            account_id, pool_id = entry.account_id, pool.id
            paper = [[c[0], list(range(1, c[4] + 1))] for c in pool.candidates[:4]]
        values: dict[str, Any] = {
            "code": f"T{next(self.numbers):011d}", "entry_id": entry_id, "round_id": round_id, "account_id": account_id,
            "pool_id": pool_id, "number": number, "state": "submitted", "seed": "1", "paper": paper,
            "responses": {"a": {str(i + 1): [2 if i < (score or 0) else 1] for i in range(4)}, "f": [], "p": None, "t": {}},
            "revision": 4, "started_at": started, "deadline_at": started + timedelta(minutes=20),
            "accept_until": started + timedelta(minutes=20, seconds=10), "saved_at": ended,
            "ended_at": ended, "elapsed_ms": int(seconds * 1000), "score": score, "max_score": 4, "correct": score,
            "all_correct": score == 4, "prediction": None,
        }  # fmt: skip
        values |= columns
        attempt_id = self.save(Attempt(**values))
        if values["state"] != "open":
            self.save(AttemptNews(attempt_id=attempt_id, round_id=round_id))  # as whatever ends an attempt leaves them
        return attempt_id

    def open_attempt(self, entry_id: int, round_id: int, **columns: Any) -> int:
        """An attempt that was started now and is still being worked on."""
        ended = dict.fromkeys(("ended_at", "elapsed_ms", "max_score", "correct", "all_correct", "saved_at"))
        nothing = {"a": {}, "f": [], "p": None, "t": {}}
        open_ = {"state": "open", "revision": 0, "responses": nothing}
        return self.attempt(entry_id, round_id, **ended | open_ | columns | {"score": None})
