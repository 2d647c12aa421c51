"""From attempts to flags to verdicts: what is found, who may rule, and that two judges are two."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from random import Random

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Division, Entry, Pool, Round
from quiz.db import db
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking import flags, queries, verdicts
from quiz.marking.conflicts import has_conflict
from quiz.marking.models import Annulment, Flag, IdentityCheck, Ruling, Verdict
from quiz.marking.queries import FlagFilter, FlagState
from quiz.marking.refusals import MarkingRefusal
from quiz.ranking import corrections, identity
from quiz.ranking import service as ranking
from quiz.rules.suspicion import Kind

WHY = "Hai bài giống hệt, đã hỏi cả hai người"
PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 2}]
ITEMS = 12
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def field(app, given, clock):
    """`field(rules)`: a round of forty people who answer twelve items each their own way; number 1 copies number 0, the last
    one is done in a moment, two of one name and birthday sit at once on one device. Gives (contest, round, attempts)."""

    def make(people=40, **rules):
        dice = Random(11)
        contest = given.contest(items=ITEMS, rules=rules, prizes=PRIZES)
        (round_id,) = given.round_ids(contest)
        with app.app_context():
            candidates = db.session.scalars(db.select(Pool)).one().candidates[:ITEMS]
        paper = [[c[0], [1, 2, 3, 4]] for c in candidates]
        ids, before = [], None
        for n in range(people):
            person = given.account(
                name="Trùng Tên Họ" if n in (5, 6) else "", birth_date=date(1990, 1, 1 if n in (5, 6) else n % 27 + 1)
            )
            right = [dice.random() < 0.55 for _ in paper]
            chosen = [2 if ok else dice.choice((1, 3, 4)) for ok in right]
            if n == 1:
                chosen = before
            if n == people - 1:
                chosen = [2] * ITEMS
            before = chosen
            seconds = 5 if n == people - 1 else dice.uniform(300, 700)
            times, at = {}, 0.0
            for k in range(ITEMS):
                at += seconds / (ITEMS + 1) * dice.uniform(0.7, 1.3)
                times[str(k + 1)] = int(1000 * at)
            score = chosen.count(2)
            ids.append(given.attempt(
                given.entry(contest, person), round_id, score=score, seconds=seconds, paper=paper, max_score=ITEMS,
                correct=score, all_correct=score == ITEMS, started_at=clock.now + timedelta(minutes=0 if n in (5, 6) else n),
                responses={"a": {str(k + 1): [c] for k, c in enumerate(chosen)}, "f": [], "p": None, "t": times},
                device_mark="d" * 18 if n in (5, 6) else f"{n:018}", network="n" * 18 if n < 2 else "",
                network_changes=9 if n == 9 else 0,
            ))  # fmt: skip
        clock.advance(hours=3)
        return contest, round_id, ids

    return make


def kinds_of(round_id):
    return Counter(flag.kind for flag in db.session.scalars(db.select(Flag).filter_by(round_id=round_id)))


def test_what_is_planted_is_found_and_little_else(app, field, given, clock):
    _contest, round_id, ids = field()
    judge_id = given.account(Role.JUDGE)
    with app.app_context():
        jobs.ask("flags.compute", flags.subject_of(round_id), None, now=clock.now)
        db.session.commit()
        jobs.run_all(clock)
        job = jobs.latest("flags.compute", flags.subject_of(round_id))
        assert (job.state, job.result["attempts"]) == ("done", 40)
        found = {
            (f.kind, tuple(link.attempt_id for link in f.attempts)): f for f in db.session.scalars(db.select(Flag))
        }
        assert (Kind.ALIKE, (ids[0], ids[1])) in found
        assert (Kind.FAST_PAPER, (ids[-1],)) in found
        assert (Kind.FAST_ANSWERS, (ids[-1],)) in found
        assert (Kind.ONE_DEVICE, (ids[5], ids[6])) in found
        assert (Kind.SAME_PERSON, (ids[5], ids[6])) in found
        assert (Kind.OVERLAP, (ids[5], ids[6])) in found
        assert (Kind.NETWORK_CHANGES, (ids[9],)) in found
        assert len(found) <= 9
        assert queries.flag_run(round_id).unsaid == []
        text_ = " ".join(str(f.evidence) for f in found.values())
        assert "Trùng" not in text_
        assert "1990" not in text_

        # computing anew replaces what nobody has answered, and keeps what a judge has
        judge, copied = db.session.get(Account, judge_id), db.session.get(Attempt, ids[1])
        verdicts.rule(copied, Ruling.KEEP, judge, why=WHY, now=clock.now)
        kept = {f.id for f in queries.flags_of_attempt(ids[1])}
        others = {f.id for f in found.values()} - kept
        db.session.commit()
        flags.compute(round_id, now=clock.now)
        db.session.commit()
        after = {f.id for f in db.session.scalars(db.select(Flag))}
        assert kept <= after
        assert len(after) == len(kept) + len(others)
        assert (
            queries.count_flags(round_id, FlagFilter(state=FlagState.RULED)) == 0
        )  # the other of the pair still waits
        verdicts.rule(db.session.get(Attempt, ids[0]), Ruling.IDENTITY, judge, why=WHY, now=clock.now)
        assert queries.count_flags(round_id, FlagFilter(state=FlagState.RULED)) == len(kept)
        entry_id = db.session.get(Attempt, ids[0]).entry_id
        assert db.session.get(IdentityCheck, entry_id).result == "pending"
        db.session.commit()
        for statement in (
            f"DELETE FROM flag_attempt WHERE attempt_id = {ids[1]}",
            "UPDATE verdict SET reason = 'khác'",
            "DELETE FROM verdict",
        ):
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement))
            db.session.rollback()


def test_a_small_round_says_what_it_cannot_say(app, field, clock):
    _contest, round_id, _ids = field(people=12)
    with app.app_context():
        flags.compute(round_id, now=clock.now)
        db.session.commit()
        assert set(queries.flag_run(round_id).unsaid) == {
            Kind.FAST_PAPER, Kind.FAST_ANSWERS, Kind.ALIKE, Kind.NETWORK_CHANGES
        }  # fmt: skip
        assert kinds_of(round_id) == {Kind.ONE_DEVICE: 1, Kind.SAME_PERSON: 1, Kind.OVERLAP: 1}


def test_a_judge_does_not_rule_on_the_own_line_of_units(app, given, clock):
    top = given.org_unit("Sở")
    office = given.org_unit("Phòng", parent=top)
    group = given.org_unit("Tổ", parent=office)
    other = given.org_unit("Phòng khác", parent=top)
    contest = given.contest()
    round_id = given.round_ids(contest)[0]
    entries = {}
    for unit in (top, office, group, other, None):
        entry = given.entry(contest, given.account(unit=unit))
        entries[unit] = entry
        with app.app_context():
            db.session.get(Entry, entry).org_unit_id = unit
            db.session.commit()
    judges = {unit: given.account(Role.JUDGE, unit=unit) for unit in (top, office, group, other, None)}
    own = given.entry(contest, judges[None])
    attempt = given.attempt(entries[group], round_id)
    with app.app_context():
        line = {
            (j, e): has_conflict(db.session.get(Account, judges[j]), db.session.get(Entry, entries[e]))
            for j in judges for e in entries
        }  # fmt: skip
        assert {pair for pair, has in line.items() if has} == {
            (top, top), (office, office), (group, group), (other, other), (office, group), (group, office)
        }  # fmt: skip
        assert has_conflict(db.session.get(Account, judges[None]), db.session.get(Entry, own))
        judge, row = db.session.get(Account, judges[office]), db.session.get(Attempt, attempt)
        for deed in (
            lambda: verdicts.rule(row, Ruling.KEEP, judge, why=WHY, now=clock.now),
            lambda: corrections.annul(row, judge, why=WHY, now=clock.now),
            lambda: corrections.restore(row, judge, why=WHY, now=clock.now),
            lambda: verdicts.propose_annulment(row, judge, why=WHY, now=clock.now),
        ):
            with pytest.raises(Refusal) as refused:
                deed()
            assert refused.value.reason is MarkingRefusal.OWN_UNIT
        assert db.session.scalar(db.select(db.func.count()).select_from(Verdict)) == 0


def test_two_judges_annul_where_the_rules_ask_for_two(app, given, visit, clock):
    contest = given.contest(rules={"annulment_judges": 2})
    round_id = given.round_ids(contest)[0]
    attempt = given.attempt(given.entry(contest), round_id)
    first, second = (given.account(Role.JUDGE, name=name) for name in ("Giám Khảo Một", "Giám Khảo Hai"))
    with app.app_context():
        address = f"/xet-hang/luot/{db.session.get(Attempt, attempt).code}"
        with pytest.raises(Refusal) as refused:
            corrections.annul(db.session.get(Attempt, attempt), db.session.get(Account, first), why=WHY, now=clock.now)
        assert refused.value.reason is MarkingRefusal.NEEDS_SECOND
    one, two = visit(first), visit(second)
    assert "Gửi đề nghị hủy" in one.post(f"{address}/huy", {"why": WHY}, page=address).text
    one.post(f"{address}/huy", {"why": WHY, "confirmed": "y"}, page=address)
    assert "chờ giám khảo thứ hai" in one.get(address).text
    again = one.post(f"{address}/huy", {"why": WHY, "confirmed": "y"}, page=address)
    assert again.status_code == 409
    assert "người xác nhận phải là giám khảo khác" in again.text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Annulment)) == 0
        with pytest.raises(DBAPIError):
            db.session.execute(
                text(f"UPDATE verdict SET state = 'confirmed', second_id = {first}, second_at = given_at")
            )
        db.session.rollback()
    assert two.post(f"{address}/khong-huy", {"why": WHY}, page=address).status_code == 302
    one.post(f"{address}/huy", {"why": WHY, "confirmed": "y"}, page=address)
    assert two.post(f"{address}/huy", {"why": WHY, "confirmed": "y"}, page=address).status_code == 302
    page = two.get(address).text
    assert "Đã hủy" in page
    assert "giám khảo thứ hai đồng ý" in page
    with app.app_context():
        states = db.session.scalars(db.select(Verdict.state).order_by(Verdict.id)).all()
        assert states == ["declined", "confirmed"]
        assert db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)).all() == [
            "annulment.proposed", "annulment.declined", "annulment.proposed", "attempt.annulled"
        ]  # fmt: skip


@one_database
def test_pages_of_the_judges_room(app, field, given, visit, clock):
    _contest, round_id, ids = field()
    judge, organizer = visit(given.account(Role.JUDGE)), visit(given.account(Role.ORGANIZER))
    queue = f"/xet-hang/canh-bao/{round_id}"
    assert "Chưa dò lần nào" in judge.get(queue).text
    assert judge.post(f"{queue}/do", page=queue).status_code == 302
    assert "đang chờ đến lượt" in judge.get(queue).text
    with app.app_context():
        jobs.run_all(clock)
        codes = [db.session.get(Attempt, i).code for i in ids]
        pair = db.session.scalars(db.select(Flag).filter_by(kind=Kind.ALIKE)).first().id
        judge_row = db.session.scalars(db.select(Account).order_by(Account.id.desc()).limit(1)).one()
        division = db.session.scalars(db.select(Division)).one()
        sheet = ranking.make_sheet(db.session.get(Round, round_id), division, judge_row, now=clock.now)
        db.session.commit()
        sheet_id = sheet.id
        winners = [e.id for e in identity.unverified(sheet)]
        assert len(winners) == 2
    page = judge.get(queue).text
    assert page.index("Bậc giải") < page.index("Nhiều tài khoản trên một thiết bị", page.index('class="rows"'))
    assert "Trùng Tên Họ" not in page
    filtered = judge.get(f"{queue}?loai=alike&muc=1").text
    assert "Xem hai bài cạnh nhau" in filtered
    assert "Không có cảnh báo nào" in judge.get(f"{queue}?loai=overlap&muc=1").text
    beside = judge.get(f"/xet-hang/canh-bao/cap/{pair}").text
    assert "Sai giống nhau" in beside
    assert "người sai chọn vậy" in beside
    attempt = f"/xet-hang/luot/{codes[1]}"
    assert "Hai bài giống nhau" in judge.get(attempt).text
    assert judge.post(f"{attempt}/ghi-chu", {"text": "Đã gọi điện"}, page=attempt).status_code == 302
    assert judge.post(f"{attempt}/ghi-chu", {"text": ""}, page=attempt).status_code == 422
    assert judge.post(f"{attempt}/phan-quyet", {"ruling": "annul", "why": WHY}, page=attempt).status_code == 422
    assert judge.post(f"{attempt}/phan-quyet", {"ruling": "identity", "why": WHY}, page=attempt).status_code == 302
    page = judge.get(attempt).text
    assert "Đã gọi điện" in page
    assert "Phán quyết: Đề nghị xác minh" in page

    verify = f"/xet-hang/{sheet_id}/xac-minh"
    assert "Còn 2 người ở bậc giải chưa xác minh" in organizer.get(f"/xet-hang/{sheet_id}").text
    assert organizer.get(verify).text.count('name="entry"') >= 3  # two winners and the one who was asked for
    assert organizer.post(verify, {"entry": "999", "result": "confirmed"}, page=verify).status_code == 404
    assert organizer.post(verify, {"entry": str(winners[0]), "result": ""}, page=verify).status_code == 422
    for winner in winners:
        sent = {"entry": str(winner), "result": "confirmed", "note": "Đã gặp"}
        assert organizer.post(verify, sent, page=verify).status_code == 302
    assert "chưa xác minh xong" not in organizer.get(f"/xet-hang/{sheet_id}").text
    book = CalamineWorkbook.from_filelike(BytesIO(organizer.get(f"{verify}.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:5] == ["TT", "Họ tên", "CCCD (che bớt)", "SĐT hoặc email (che bớt)", "Đơn vị, nơi ở"]
    assert [row[6] for row in rows[1:]] == ["Đúng người", "Đúng người", "Chưa xác minh"]

    for path in (queue, f"/xet-hang/canh-bao/cap/{pair}"):
        assert organizer.get(path).status_code == 403
        assert visit(given.account()).get(path).status_code == 403
    assert visit(given.account()).get(verify).status_code == 403
    assert "Trình duyệt không cho thấy gì" in visit().get("/tro-giup/canh-bao").text
