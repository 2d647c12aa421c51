"""Two finished contests in which everything has happened that the journal tells of, for whoever changes a row behind it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select

from quiz import jobs
from quiz.access import Role
from quiz.accounts import unit_import, unit_service
from quiz.accounts.models import Account, OrgUnit
from quiz.accounts.unit_plan import Count
from quiz.attempts import service as attempts
from quiz.attempts import submission
from quiz.attempts.models import Attempt
from quiz.attempts.papers import questions
from quiz.attempts.responses import canonical
from quiz.banks.models import ItemKind, Picture
from quiz.contests import drafting, presets, rule_versions
from quiz.contests import service as contests
from quiz.contests.models import Contest, Entry, Round
from quiz.contests.rule_changes import Terms
from quiz.contests.rule_set import RuleSet, rule_set
from quiz.db import db, transaction
from quiz.marking import flags, identity, keys, panels, verdicts
from quiz.marking.models import EssayTask, IdentityResult, Ruling
from quiz.ranking import admissions, lots, service, signing, unit_sheets
from quiz.ranking.models import LotKind, Ranking
from quiz.ranking.unit_models import UnitSheet
from quiz.ranking.unit_sheets import QualityPoints
from quiz.recognition import complaints, prints, unit_awards
from quiz.recognition import service as recognition
from quiz.recognition.models import Certificate, Complaint, ComplaintAbout, Decision, ImageKind, Outcome, RevokeCause
from quiz.rules.answering import way
from quiz.rules.keys import Overlay, What
from tests.given import Given
from tests.reports.finished import finished_contest, official

PEOPLE = 5
COLLECTIVE = {
    "code": "tap-the", "name": "Giải tập thể", "formula": "composite", "scope": "round", "by_block": False,
    "weights": {"ratio": 50, "quality": 50, "winners": 0},
    "prizes": [{"code": "nhat-tap-the", "name": "Giải Nhất tập thể", "quota": 1, "amount": 5_000_000}],
}  # fmt: skip
PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}]
RULES = {
    "minutes": 30, "attempt_limit": 1, "counted": "best", "prediction": None, "chain": ["score", "elapsed", "submitted"],
    "essay_points": 20, "essay_judges": 2, "essay_spread_percent": 20, "annulment_judges": 2, "signing_judges": 1,
    "overall": {"how": "none"}, "collective": [COLLECTIVE], "areas": [],
    "lucky": {"name": "Giải may mắn", "quota": 1, "among": "without_prize", "scope": "round"},
}  # fmt: skip


def full_contests(given: Given, clock: Any) -> dict[str, int]:
    """The contest of `finished_contest` with pictures, images on its certificates and one of these issued anew; and one
    with essays, units, two rounds, and a second opinion on everything.  Gives the ids of the first one.
    """
    picture = drawing("navy")
    digest = hashlib.sha256(picture).hexdigest()
    now = clock()
    given.save(
        Picture(
            digest=digest, media_type="image/png", width=40, height=30, content=picture, is_used=True, created_at=now
        )
    )
    ids = finished_contest(given, clock, images=[[0, digest, "Biển báo"]])
    with given.app.app_context():
        _certificates(clock, ids)
    Second(given, clock, ids["organizer"], [ids["judge"], ids["other"]]).play()
    return ids


def drawing(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "PNG")
    return file.getvalue()


def _certificates(clock: Any, ids: dict[str, int]) -> None:
    with transaction():
        actor = db.session.get_one(Account, ids["organizer"])
        decision = db.session.scalars(select(Decision)).one()
        kept = [prints.add_image(kind, "Ban Tổ chức", drawing(color), actor, now=clock()) for kind, color in _IMAGES]
        prints.choose(decision, kept[0].id, kept[1].id, actor, now=clock())
        certificate = db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
        assert certificate is not None
        new = recognition.ReissueData(
            cause=RevokeCause.WRONG_DETAILS, decision="50/QĐ-BTC", issued_on=clock().date(), name="Tên Đúng",
            belongs_to="Sở Tư pháp", signer_name="Lê Văn Hòa", signer_title="Trưởng Ban Tổ chức", why="Sai tên đệm.",
        )  # fmt: skip
        recognition.reissue(certificate, new, actor, now=clock())


_IMAGES = ((ImageKind.SEAL, "red"), (ImageKind.SIGNATURE, "blue"))


class Second:
    """The second contest, step by step; each deed is a transaction at a moment of its own."""

    def __init__(self, given: Given, clock: Any, organizer: int, judges: list[int]) -> None:
        self.given, self.clock = given, clock
        self.organizer = organizer
        self.judges = [*judges, official(given, Role.JUDGE), official(given, Role.JUDGE)]

    def do(self, deed: Callable[[], Any]) -> Any:
        self.clock.advance(seconds=1)
        with transaction():
            return deed()

    def get(self, model: Any, id_: int) -> Any:
        return db.session.get_one(model, id_)

    def judge(self, n: int) -> Account:
        return self.get(Account, self.judges[n])

    @property
    def actor(self) -> Account:
        return self.get(Account, self.organizer)

    @property
    def now(self) -> Any:
        return self.clock()

    def play(self) -> None:
        self.given.bank(8, "luat")
        self.given.bank(3, "viet", kind=ItemKind.ESSAY, options=[], key=[], topic="chung", level=1)
        with self.given.app.app_context():
            units = [self._unit(n) for n in (1, 2)]
            other = self._import()
            self._open()
            entries = [self._register(n, units[n % 2]) for n in range(PEOPLE)]
            papers = [self._sit(n, entry) for n, entry in enumerate(entries)]
            self._manage()
            self._correct(papers[-1])
            self._rule(papers)
            self._mark()
            self._complain(papers[0])
            sheet = self._sheet()
            self.do(lambda: admissions.admit(self.get(Round, self.rounds[1]), self.actor, now=self.now))
            self._units([*units, other])
            assert sheet

    def _unit(self, n: int) -> int:
        by = self.actor
        unit = self.do(
            lambda: unit_service.create_unit(
                code=f"K{n}", name=f"Phòng {n}", kind="phòng", block="", parent=None, note="", by=by, now=self.now
            )
        )
        count = Count(self.now.date(), 10 * n, "báo cáo", None, None)
        self.do(lambda: unit_service.state_headcount(self.get(OrgUnit, unit.id), count, by=self.actor, now=self.now))
        return unit.id

    def _import(self) -> int:
        """A unit from a file, of which nobody takes part."""
        file = "mã,tên,loại,tổng số,tính đến ngày,nguồn\nK3,Phòng 3,phòng,30,01/01/2024,báo cáo\n"
        draft = self.do(lambda: unit_import.draft_import(file.encode(), "don-vi.csv", by=self.actor, now=self.now))
        seen = unit_import.plan_digest(unit_import.plan_of(draft, now=self.now))
        self.do(lambda: unit_import.commit_import(draft, seen, by=self.actor, now=self.now))
        return db.session.scalars(select(OrgUnit.id).where(OrgUnit.code == "K3")).one()

    def _open(self) -> None:
        opens = self.now + timedelta(hours=1)

        def draft() -> Contest:
            contest = drafting.create_draft(
                presets.presets()["hai-dot-ba-luot"], title="Cuộc thi lớn", banks=["luat", "viet"],
                law_date=self.now.date(), opens_at=opens, actor=self.actor, now=self.now,
            )  # fmt: skip
            document = rule_set(contest).model_dump(mode="json")
            document["contest"] |= RULES
            division = document["divisions"][0]
            document["divisions"] = [division]
            cells = [("luat", "chung", None, 2), ("luat", "danh-hieu", None, 1), ("viet", "chung", 0, 1)]
            names = ("bank", "topic", "level", "count")
            division["rules"] |= {
                "audience": "all", "prizes": PRIZES, "overall_prizes": [],
                "blueprint": [dict(zip(names, cell, strict=True)) for cell in cells],
            }  # fmt: skip
            first, last = document["rounds"][:2]
            for round_, day in ((first, 0), (last, 10)):
                round_ |= {
                    "opens_at": (opens + timedelta(days=day)).isoformat(),
                    "closes_at": (opens + timedelta(days=day + 5)).isoformat(),
                }
                round_["rules"] |= {"blueprints": {}, "prizes": {}, "attempt_limit": None, "minutes": None}
            last["rules"]["admission"] = {"rounds": [first["code"]], "quota": 2}
            document["rounds"] = [first, last]
            drafting.save_draft(contest, RuleSet.model_validate(document), summary="Lời đầu.", rules_number="12/TL")
            return contest

        self.contest = self.do(draft).id
        self.do(lambda: contests.open_contest(self.get(Contest, self.contest), self.actor, now=self.now))
        self.rounds = [r.id for r in self.get(Contest, self.contest).rounds]

    def _register(self, n: int, unit: int) -> int:
        person = self.given.account(name=f"Thí Sinh {n}", unit=unit)

        def register() -> Entry:
            contest = self.get(Contest, self.contest)
            account = self.get(Account, person)
            return contests.register_entry(account, contest, contest.divisions[0], now=self.now, declared=True)

        return self.do(register).id

    def _sit(self, n: int, entry_id: int) -> int:
        opens = self.get(Round, self.rounds[0]).opens_at
        at = opens + timedelta(hours=1, minutes=40 * n)
        self.clock.now = at
        attempt_id = self.do(
            lambda: attempts.start_attempt(self.get(Entry, entry_id), self.get(Round, self.rounds[0]), now=self.now)
        ).id

        def hand_in() -> None:
            attempt = self.get(Attempt, attempt_id)
            found: dict[str, Any] = {"a": {}, "s": {}, "w": {}, "e": {}, "f": [], "p": None, "t": {}}
            for q in questions(attempt):
                if q.kind == ItemKind.ESSAY:
                    found["e"][str(q.number)] = f"Bài viết số {n} về một tấm gương."
                else:
                    found[way(q.kind)][str(q.number)] = sorted(q.right) if q.number > n else [q.order.index(1) + 1]
            submission.submit(attempt, canonical(found), 1, now=at + timedelta(minutes=5 + n))

        self.do(hand_in)
        return attempt_id

    def _manage(self) -> None:
        """Other rules, another introduction, an earlier close."""

        def change() -> None:
            contest = self.get(Contest, self.contest)
            document = rule_set(contest).model_dump(mode="json")
            document["contest"]["announce_days"] += 2
            terms = Terms(RuleSet.model_validate(document), contest.summary, "13/TL")
            why = "Cần thêm thời gian chấm."
            rule_versions.change_rules(contest, terms, self.actor, why=why, confirmed=True, now=self.now)

        self.do(change)
        self.do(lambda: contests.change_summary(self.get(Contest, self.contest), self.actor, "Lời mới.", now=self.now))
        last, first = self.get(Round, self.rounds[1]), self.get(Round, self.rounds[0])
        later = last.closes_at + timedelta(days=1)
        self.do(
            lambda: contests.extend_round(
                self.get(Round, last.id), self.actor, closes_at=later, why="Theo yêu cầu.", now=self.now
            )
        )
        self.clock.now = first.opens_at + timedelta(days=2)
        self.do(lambda: contests.close_round(self.get(Round, first.id), self.actor, why="Đã đủ người.", now=self.now))
        self.clock.advance(hours=1)
        self.do(lambda: flags.compute(first.id, now=self.now))

    def _correct(self, paper: int) -> None:
        """A proposal that is withdrawn, and another one by which people get more points."""
        version = self.get(Attempt, paper).paper[0][0]

        def propose(what: What) -> Any:
            overlay = Overlay(what, ((1,),) if what is What.ACCEPT else ())
            contest = self.get(Contest, self.contest)
            return keys.propose(contest, version, overlay, self.judge(0), why="Hai ý cùng đúng.", now=self.now)

        first = self.do(lambda: propose(What.VOID))
        self.do(lambda: keys.withdraw(first, self.judge(0), now=self.now))
        second = self.do(lambda: propose(What.ACCEPT))
        self.do(lambda: keys.confirm(second, self.judge(1), now=self.now))
        jobs.run_all(self.clock)

    def _rule(self, papers: list[int]) -> None:
        """The last attempt is annulled by two judges, another one almost, a third annulled and restored."""

        def attempt(n: int) -> Attempt:
            return self.get(Attempt, papers[n])

        def proposed(n: int) -> Any:
            return verdicts.propose_annulment(attempt(n), self.judge(0), why="Hai bài giống nhau.", now=self.now)

        one = self.do(lambda: proposed(4))
        self.do(lambda: verdicts.confirm(one, self.judge(1), why="Đồng ý.", now=self.now))
        two = self.do(lambda: proposed(3))
        self.do(lambda: verdicts.decline(two, self.judge(1), why="Chưa đủ căn cứ.", now=self.now))
        three = self.do(lambda: proposed(2))
        self.do(lambda: verdicts.confirm(three, self.judge(1), why="Đồng ý.", now=self.now))
        self.do(lambda: verdicts.restore(attempt(2), self.judge(2), why="Có nhầm lẫn.", now=self.now))
        self.do(lambda: verdicts.rule(attempt(1), Ruling.IDENTITY, self.judge(0), why="Trùng tên.", now=self.now))
        self.do(lambda: verdicts.rule(attempt(0), Ruling.KEEP, self.judge(0), why="Hợp lệ.", now=self.now))
        self.do(lambda: verdicts.note(attempt(0), self.judge(2), "Đã xem lại camera.", now=self.now))
        self.do(
            lambda: identity.state(
                attempt(1).entry, IdentityResult.CONFIRMED, self.judge(1), note="Đã xem giấy tờ.", now=self.now
            )
        )

    def _mark(self) -> None:
        """Two judges for each essay, by lot; those of one lie too far apart, and a third decides."""
        round_id = self.rounds[0]
        self.do(
            lambda: panels.set_panel(self.get(Round, round_id), self.judges, self.judges[0], self.actor, now=self.now)
        )
        self.do(lambda: panels.draw(self.get(Round, round_id), self.actor, now=self.now))
        first = db.session.scalars(select(EssayTask.attempt_id).order_by(EssayTask.id)).first()
        while True:
            waiting = db.session.scalars(
                select(EssayTask).where(EssayTask.marked_at.is_(None)).order_by(EssayTask.id)
            ).first()
            if waiting is None:
                break
            points = 4 if waiting.attempt_id == first and waiting.slot == 1 else 16
            judge = self.get(Account, waiting.judge_id)
            self.do(lambda w=waiting, p=points, j=judge: panels.give(w, p, [], "Viết tốt.", j, now=self.now))

    def _complain(self, paper: int) -> None:
        def file() -> Complaint:
            attempt = self.get(Attempt, paper)
            return complaints.file(
                attempt.entry, attempt, ComplaintAbout.QUESTION, 1, "Câu 1 có hai đáp án.", now=self.now
            )

        complaint_id = self.do(file).id
        self.do(lambda: complaints.assign(self.get(Complaint, complaint_id), self.judge(3), self.actor, now=self.now))
        self.do(
            lambda: complaints.answer(
                self.get(Complaint, complaint_id), Outcome.REJECTED, "Chỉ có một đáp án đúng.", self.judge(3),
                remedy="không", now=self.now,
            )
        )  # fmt: skip

    def _sheet(self) -> int:
        round_id = self.rounds[0]

        def make() -> Ranking:
            round_ = self.get(Round, round_id)
            return service.make_sheet(round_, round_.contest.divisions[0], self.judge(0), now=self.now)

        sheet = self.do(make).id
        digest = self.get(Ranking, sheet).digest
        self.do(lambda: signing.sign(self.get(Ranking, sheet), self.judge(0), digest, now=self.now))
        self.do(lambda: signing.sign(self.get(Ranking, sheet), self.judge(1), digest, now=self.now))
        why = "Chờ trả lời khiếu nại."
        self.do(lambda: signing.decline(self.get(Ranking, sheet), self.judge(2), digest, why=why, now=self.now))
        self.do(lambda: signing.withdraw(self.get(Ranking, sheet), self.judge(1), why="Ký nhầm.", now=self.now))
        lucky = LotKind.LUCKY
        self.do(
            lambda: lots.announce(self.get(Ranking, sheet), lucky, 0, "Xổ số Tây Ninh", self.judge(0), now=self.now)
        )
        self.do(lambda: lots.draw(self.get(Ranking, sheet), lucky, 0, "654321", self.judge(0), now=self.now))
        self.do(lambda: service.publish(self.get(Ranking, sheet), self.actor, now=self.now))
        return sheet

    def _units(self, units: list[int]) -> None:
        def competition() -> Any:
            return unit_sheets.competitions(self.get(Contest, self.contest))[0]

        for points in (70, 80):
            given = {unit: QualityPoints(points + n, "Tuyên truyền tốt.") for n, unit in enumerate(units)}
            self.do(lambda given=given: unit_sheets.give_quality(competition(), given, self.judge(0), now=self.now))

        def make() -> UnitSheet:
            of = competition()
            return unit_sheets.make_unit_sheet(of.contest, of.round_, of.rules, self.judge(0), now=self.now)

        sheet = self.do(make).id
        self.do(lambda: unit_sheets.publish_unit_sheet(self.get(UnitSheet, sheet), self.actor, now=self.now))
        self.clock.advance(days=1)
        data = recognition.DecisionData(
            number="60/QĐ-BTC", signed_on=self.now.date(), place_name="Tây Ninh", signer_name="Lê Văn Hòa",
            signer_title="Trưởng Ban Tổ chức", organization="Sở Tư pháp", confirmed=True,
        )  # fmt: skip
        decision = self.do(lambda: unit_awards.award(self.get(UnitSheet, sheet), data, self.actor, now=self.now)).id
        self.do(
            lambda: recognition.revoke_all(
                self.get(Decision, decision),
                RevokeCause.RESULT_CHANGED,
                "61/QĐ-BTC",
                "Tính lại.",
                self.actor,
                now=self.now,
            )
        )
