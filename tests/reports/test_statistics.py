"""Figures of contests: against a count by hand, and one figure the same on page, workbook and paper."""

import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from python_calamine import CalamineWorkbook

from quiz import jobs
from quiz.access import Role
from quiz.accounts import places
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.attempts.models import Attempt
from quiz.contests.key_rulings import Rulings
from quiz.contests.models import Contest, Round
from quiz.db import db, transaction
from quiz.marking import service as marking
from quiz.marking.models import Annulment
from quiz.ranking import service
from quiz.ranking.models import Ranking
from quiz.reports import charts, contest_count, contest_figures, statistics_words
from quiz.reports.contest_count import Figures
from quiz.reports.contest_figures import Since
from quiz.reports.documents import papers
from quiz.reports.documents.layout import written_day
from quiz.reports.documents.papers import Office
from tests.banks.formats.office import needs_office
from tests.conftest import NOON

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 2, "amount": 1_000_000}]
OFFICE = Office("Sở Tư pháp tỉnh Tây Ninh")
WARD = 28243  # Xã An Lục Long


@pytest.fixture
def contest(given, clock):
    """Two divisions and rounds; people of two units and of none, between people of another contest; an open, a left, an
    expired and an annulled attempt."""
    contest = given.contest(divisions=("Bảng A", "Bảng B"), rounds=2, prizes=PRIZES, rules={"attempt_limit": 5})
    other = given.contest(closes_at=clock() + timedelta(days=200))
    rounds = given.round_ids(contest)
    units = [given.org_unit("Phòng Một"), given.org_unit("Phòng Hai"), None]
    with given.app.app_context(), transaction():
        for unit in db.session.scalars(db.select(OrgUnit)):
            unit.block = "Khối sở"
    for n in range(9):
        home = {} if n % 3 < 2 else {"province_code": 80, "ward_code": WARD}
        entry = given.entry(contest, given.account(name=f"Người {n}", unit=units[n % 3], **home), division=n % 2)
        at = clock() + timedelta(minutes=37 * n)
        given.attempt(
            entry, rounds[0], score=n % 5, seconds=30 + 20 * n, started_at=at, device="phone" if n % 2 else "computer"
        )
        given.attempt(given.entry(other), given.round_ids(other)[0])
        if n == 8:
            given.attempt(entry, rounds[0], number=2, state="expired", score=1, started_at=at)
            given.attempt(entry, rounds[1], number=1, state="abandoned", score=0, started_at=at)
            given.attempt(entry, rounds[1], number=2, state="expired", score=3, started_at=at)
            given.open_attempt(entry, rounds[0], number=3)
    judge = given.account(Role.JUDGE)
    given.save(Annulment(attempt_id=1, reason="thi hộ", annulled_at=clock(), annulled_by_id=judge))
    return contest


def recount(contest, clock):
    with transaction():
        jobs.ask(contest_figures.JOB, contest_figures.subject_of(contest), None, now=clock())
    jobs.run_all(clock)


@pytest.fixture
def counted(app, clock, contest):
    with app.app_context():
        recount(contest, clock)
    return contest


def by_hand(attempts, found):
    """Compare figures with these attempts, counted another way."""
    valid = [a for a in attempts if a.state in ("submitted", "expired") and a.id != 1]
    assert (found.registered, found.started, found.attempts) == (9, len(attempts), len(valid))
    assert found.people == len({a.entry_id for a in valid})
    assert found.perfect == sum(a.all_correct for a in valid)
    assert found.quick == sum(a.elapsed_ms < 60_000 for a in valid)
    assert found.best_ms == min((a.elapsed_ms for a in valid if a.all_correct), default=None)
    assert dict(found.histogram) == {k: Counter(a.correct for a in valid)[k] for k in dict(found.histogram)}
    assert sum(n for _k, n in found.histogram) == found.attempts
    for rows, of in (
        (found.divisions, lambda a: a.entry.division.name),
        (found.units, lambda a: a.entry.org_unit.name if a.entry.org_unit else ""),
        (found.blocks, lambda a: a.entry.org_unit.block if a.entry.org_unit else ""),
        (found.places, lambda a: places.wards(80)[a.entry.account.ward_code] if a.entry.account.ward_code else ""),
        (found.devices, lambda a: a.device),
    ):
        counts = Counter(map(of, valid))
        people = {name: len({a.entry_id for a in valid if of(a) == name}) for name in counts}
        assert {name: (p, n) for name, p, n in rows} == {name: (people[name], n) for name, n in counts.items() if name}
    assert sum(n for _hour, n in found.hours) == found.started


def test_every_figure_is_what_counting_by_hand_gives(app, given, counted):
    with app.app_context():
        attempts = db.session.scalars(db.select(Attempt).where(Attempt.round_id.in_(given.round_ids(counted)))).all()
        whole = contest_figures.figures_of(contest_figures.kept_of(counted))
        by_hand(attempts, whole)
        assert (whole.annulled, whole.running, whole.left, whole.expired) == (1, 1, 1, 2)
        assert (dict(whole.days), whole.largest) == ({"2024-11-20": len(attempts)}, 4)
        assert (whole.ages, whole.youngest, whole.oldest) == ([("30–39", whole.people, whole.attempts)], 34, 34)
        first, second = (
            contest_figures.figures_of(contest_figures.kept_of(counted, r)) for r in given.round_ids(counted)
        )
        by_hand([a for a in attempts if a.round_.position == 1], first)
        by_hand([a for a in attempts if a.round_.position == 2], second)
        assert first.people + second.people > whole.people  # some took part in both


def test_what_happens_while_the_machine_counts(app, given, contest):
    """Somebody registers and hands in, a unit is founded, and another gets a new name, between two reads."""
    with app.app_context():
        row = db.session.get_one(Contest, contest)
        registered = contest_count.registered_in(row)
        unit = given.org_unit("Phòng Mới")
        late = given.entry(contest, given.account(unit=unit), division=1)
        given.attempt(late, given.round_ids(contest)[0])
        with transaction():
            db.session.scalars(db.select(OrgUnit).filter_by(name="Phòng Hai")).one().name = "Phòng Hai Mới"
        found = contest_count.count(db.session.get_one(Contest, contest), registered)[None]
        assert found.registered == 9
        assert {name for name, _people, _attempts in found.units} == {"Phòng Một", "Phòng Hai Mới"}
        again = contest_count.registered_in(db.session.get_one(Contest, contest))
        assert again.number == 10
        assert ("Phòng Mới", 1, 1) in contest_count.count(db.session.get_one(Contest, contest), again)[None].units


def test_units_of_one_name_stay_apart(app, given, clock):
    contest = given.contest()
    for people, above in ((2, "UBND xã A"), (1, "UBND xã B")):
        unit = given.org_unit("Phòng Tư pháp", parent=given.org_unit(above))
        for _n in range(people):
            given.attempt(given.entry(contest, given.account(unit=unit)), given.round_ids(contest)[0])
    with app.app_context(), app.test_request_context():
        recount(contest, clock)
        figures = contest_figures.figures_of(contest_figures.kept_of(contest))
        assert figures.units == [("Phòng Tư pháp, UBND xã A", 2, 2), ("Phòng Tư pháp, UBND xã B", 1, 1)]
        table = next(t for t in statistics_words.tables(figures) if t.key == "don-vi")
        names = [name for name, _people, _attempts in figures.units]
        assert [row[0] for row in table.rows] == [name for name, _n in table.chart.bars] == names


def test_a_contest_without_people_has_figures(app, given):
    with app.app_context():
        row = db.session.get_one(Contest, given.contest(rounds=2))
        found = contest_count.count(row, contest_count.registered_in(row))
        assert [f.registered for f in found.values()] == [0, 0, 0]
        assert statistics_words.tables(found[None]) == []


def test_figures_know_what_has_happened_since(app, given, clock, counted):
    judge, first = given.account(Role.JUDGE), given.round_ids(counted)[0]

    def happened(round_id=None):
        kept = contest_figures.kept_of(counted, round_id)
        return set(contest_figures.since(kept, db.session.get_one(Contest, counted), clock()))

    with app.app_context():
        actor, attempt = db.session.get_one(Account, judge), db.session.get_one(Attempt, 3)
        assert happened() == happened(first) == set()
        with transaction():
            marking.annul(attempt, actor, why="Thi hộ, có biên bản.", now=clock())
        assert happened() == {Since.ANNULLED}
        with transaction():
            marking.restore(attempt, actor, why="Biên bản ghi nhầm người.", now=clock())
        assert happened() == {Since.ANNULLED, Since.RESTORED}
        recount(counted, clock)
        assert happened() == set()
        clock.advance(hours=1, seconds=10)  # a last answer may still be on its way
        assert happened() == set()
        clock.advance(microseconds=1)
        assert (happened(), happened(first)) == ({Since.ENDED}, {Since.ENDED})
        assert happened(given.round_ids(counted)[1]) == set()
        recount(counted, clock)
        with transaction():
            db.session.get_one(Contest, counted).key_rulings = Rulings(1, 1).to_json()
        assert happened() == {Since.MARKED_ANEW}
        recount(counted, clock)
        with transaction():
            db.session.execute(db.update(Attempt).where(Attempt.state == "open").values(
                state="abandoned", ended_at=clock(), score=0))  # fmt: skip
            round_ = db.session.get_one(Round, first)
            service.make_sheet(round_, round_.contest.divisions[0], actor, now=clock())
        assert happened() == {Since.NEW_SHEET}


def test_the_machine_counts_by_itself_what_a_count_would_change(app, given, clock, contest):
    def counted_at(hours=0.0):
        """The hours pass, and what is due is done; when the contest was counted last, in hours from noon."""
        clock.advance(hours=hours)
        jobs.do_chores(clock)
        jobs.run_all(clock)
        kept = contest_figures.kept_of(contest)
        return kept and (kept.made_at - NOON).total_seconds() / 3600

    given.contest(state="draft", opens_at=NOON)
    later = given.contest(opens_at=NOON + timedelta(hours=5), closes_at=NOON + timedelta(hours=6))
    with app.app_context():
        assert counted_at() == 0  # two rounds, from noon to one and from one to two
        assert counted_at(0.5) == 0  # an hour has not passed
        assert counted_at(0.5) == 1
        assert counted_at(1) == 2
        assert counted_at(1) == 3  # the second has ended
        assert counted_at(1) == 3
        assert contest_figures.kept_of(later) is None
        with transaction():
            actor = db.session.get_one(Account, given.account(Role.JUDGE))
            marking.annul(db.session.get_one(Attempt, 3), actor, why="Thi hộ, có biên bản.", now=clock())
        assert counted_at(1) == 5
        assert contest_figures.kept_of(later).attempts == 0
        assert counted_at(1) == 5


def test_what_could_not_be_swept_yet_is_counted_again(app, clock, contest):
    """Just after the end an attempt may still be open; the last count is made once none can be."""
    clock.advance(hours=2, seconds=11)
    with app.app_context():
        recount(contest, clock)
        clock.advance(minutes=30)
        assert [c.id for c in contest_figures.due(clock()) if c.id == contest] == [contest]
        recount(contest, clock)
        assert contest not in [c.id for c in contest_figures.due(clock())]


def test_figures_are_kept_as_they_are(app, counted):
    with app.app_context():
        kept = contest_figures.kept_of(counted)
        figures = contest_figures.figures_of(kept)
        assert Figures.of_json(figures.to_json()) == figures


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPages:
    @pytest.fixture
    def office(self, given, visit):
        return visit(given.account(Role.ORGANIZER))

    def test_who_may_look(self, given, visit, counted):
        for page in ("theo-doi", "thong-ke", "thong-ke.xlsx", "van-ban"):
            assert visit(given.account()).get(f"/to-chuc/cuoc-thi/{counted}/{page}").status_code == 403
        assert visit(given.account(Role.JUDGE)).get(f"/to-chuc/cuoc-thi/{counted}/thong-ke").status_code == 200

    def test_before_anything_is_counted(self, app, clock, office, contest):
        page = f"/to-chuc/cuoc-thi/{contest}/thong-ke"
        assert "Chưa tính thống kê" in office.get(page).text
        assert office.get(f"{page}.xlsx").status_code == 404
        assert office.post(f"{page}/tinh", page=page).status_code == 302
        assert "đang chờ đến lượt" in office.get(page).text
        assert office.get(f"/to-chuc/cuoc-thi/{contest}/van-ban/bao-cao-tong-ket.docx").status_code == 302

    def test_charts_have_their_finding_as_text(self, office, counted):
        page = office.get(f"/to-chuc/cuoc-thi/{counted}/thong-ke").text
        assert 'alt="Số lượt thi theo số câu đúng: nhiều nhất là' in page
        picture = office.get(f"/to-chuc/cuoc-thi/{counted}/thong-ke/so-cau-dung.svg")
        assert picture.data.startswith(b"<svg")
        assert b"<script" not in picture.data
        for address in re.findall(r'(?:src|srcset)="(/to-chuc[^"]+)"', page):
            assert office.get(address.replace("&amp;", "&")).data.startswith(b"<svg")
        assert 'hep=1&amp;toi=1"' in page
        assert office.get(f"/to-chuc/cuoc-thi/{counted}/thong-ke/khong-co.svg").status_code == 404

    def test_what_was_counted_before_a_ruling_says_so(self, app, given, clock, office, counted):
        pages = [f"/to-chuc/cuoc-thi/{counted}/{page}" for page in ("thong-ke", "theo-doi", "van-ban")]
        assert not any("tính trước khi" in office.get(page).text for page in pages)
        judge = given.account(Role.JUDGE)
        with app.app_context(), transaction():
            actor, attempt = db.session.get_one(Account, judge), db.session.get_one(Attempt, 3)
            marking.annul(attempt, actor, why="Thi hộ, có biên bản.", now=clock())
        told = "Số liệu này tính trước khi có lượt thi bị hủy."
        assert all(told in office.get(page).text for page in pages)
        report = office.get(f"/to-chuc/cuoc-thi/{counted}/van-ban/bao-cao-tong-ket.docx").data
        assert told in "\n".join(p.text for p in docx.Document(io.BytesIO(report)).paragraphs)
        asked = office.post(f"{pages[0]}/tinh", {"back": "van-ban"}, page=pages[2])
        assert asked.location == pages[2]
        with app.app_context():
            jobs.run_all(clock)
        assert not any("tính trước khi" in office.get(page).text for page in pages)

    def test_the_monitor_counts_now(self, office, counted):
        page = " ".join(office.get(f"/to-chuc/cuoc-thi/{counted}/theo-doi").text.split())
        assert "<dt>Đang làm bài</dt><dd>1</dd>" in page
        assert "Phòng Một" in page

    def test_the_monitor_names_units_that_lag_behind(self, app, given, office, contest):
        empty = given.org_unit("Xã Chưa Ai Thi", people=40)
        given.org_unit("Xã Chưa Báo Số Người")
        page = office.get(f"/to-chuc/cuoc-thi/{contest}/theo-doi").text
        assert "Chưa có số liệu của kỳ này" in page
        app.test_cli_runner().invoke(args=["ranking", "rebuild"])
        page = office.get(f"/to-chuc/cuoc-thi/{contest}/theo-doi").text
        assert "Xã Chưa Ai Thi" in page
        assert "0 / 40" in page
        assert "Xã Chưa Báo Số Người" not in page
        given.attempt(given.entry(contest, given.account(unit=empty)), given.round_ids(contest)[0])
        given.save(Headcount(org_unit_id=empty, as_of=NOON.date(), people=1, source="sáp nhập"))
        app.test_cli_runner().invoke(args=["ranking", "rebuild"])
        assert "Xã Chưa Ai Thi" not in office.get(f"/to-chuc/cuoc-thi/{contest}/theo-doi").text

    def test_page_workbook_and_report_say_the_same(self, app, office, counted):
        page = office.get(f"/to-chuc/cuoc-thi/{counted}/thong-ke").text
        book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"/to-chuc/cuoc-thi/{counted}/thong-ke.xlsx").data))
        sheet = dict(book.get_sheet_by_name("Tổng hợp").to_python()[1:])
        report = docx.Document(
            io.BytesIO(office.get(f"/to-chuc/cuoc-thi/{counted}/van-ban/bao-cao-tong-ket.docx").data)
        )
        in_report = {row.cells[0].text: row.cells[1].text for row in report.tables[1].rows}
        with app.app_context(), app.test_request_context():
            figures = contest_figures.figures_of(contest_figures.kept_of(counted))
            lines = statistics_words.headline(figures)
            tables = statistics_words.tables(figures)
        for what, value in lines:
            assert f"<dt>{what}</dt><dd>{value}</dd>" in page
            assert sheet[what] == in_report[what] == value
        written = [[cell.text for cell in row.cells] for table in report.tables for row in table.rows]
        for table in tables:
            rows = book.get_sheet_by_name(table.title[:31]).to_python()[1:]
            assert [[str(c) for c in row] for row in table.rows] == [
                [str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in row] for row in rows
            ]
            for row in table.rows:
                assert [str(c) for c in row] in written

    def test_a_period(self, app, clock, office, counted):
        clock.advance(days=1)
        page = office.get("/to-chuc/bao-cao").text
        assert "Cuộc thi số" in page
        assert office.get("/to-chuc/bao-cao?tu=x&den=2024-11-30").status_code == 200
        assert (
            "Không có cuộc thi nào kết thúc trong kỳ"
            in office.get("/to-chuc/bao-cao?tu=2023-01-01&den=2023-03-31").text
        )
        book = CalamineWorkbook.from_filelike(io.BytesIO(office.get("/to-chuc/bao-cao.xlsx").data))
        lines = {row[0]: row[1] for row in book.get_sheet_by_name("Tổng hợp").to_python()[1:]}
        assert (lines["Cuộc thi kết thúc trong kỳ"], lines["Lượt người đăng ký"], lines["Lượt thi hợp lệ"]) == (
            1,
            9,
            10,
        )
        paper = docx.Document(io.BytesIO(office.get("/to-chuc/bao-cao.docx").data))
        told = {row.cells[0].text: row.cells[1].text for row in paper.tables[1].rows}
        assert told["Lượt thi hợp lệ"] == "10"

    def test_a_period_reads_what_is_kept(self, app, clock, office, contest):
        """What is not counted yet, or was counted too early, is said to be so; and a button has it counted."""

        def told():
            page = " ".join(office.get("/to-chuc/bao-cao").text.split())
            paper = docx.Document(io.BytesIO(office.get("/to-chuc/bao-cao.docx").data))
            said = "\n".join(p.text for p in paper.paragraphs)
            notes = [text for text in ("1 cuộc thi chưa đếm xong", "1 cuộc thi của Quý 4/2024 đếm trước khi có thay đổi")
                     if text in page and text in said]  # fmt: skip
            return notes, [cell.text for cell in paper.tables[2].rows[1].cells][1:]

        def count_now():
            days = {"tu": "2024-10-01", "den": "2024-12-31"}
            asked = office.post("/to-chuc/bao-cao/dem", days, page="/to-chuc/bao-cao")
            assert asked.location == "/to-chuc/bao-cao?tu=2024-10-01&den=2024-12-31"
            with app.app_context():
                jobs.run_all(clock)

        assert told() == (["1 cuộc thi chưa đếm xong"], ["–", "–", "–", "0"])
        count_now()
        assert told() == ([], ["9", "8", "10", "0"])
        clock.advance(hours=2, minutes=1)
        assert told()[0] == ["1 cuộc thi của Quý 4/2024 đếm trước khi có thay đổi"]
        count_now()
        assert told() == ([], ["9", "8", "10", "0"])

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("", ["Quý 4/2024", "Quý 3/2024"]),
            ("?tu=2024-11-01&den=2024-11-30", ["Tháng 11/2024", "Tháng 10/2024"]),
            ("?tu=2024-01-01&den=2024-12-31", ["Năm 2024", "Năm 2023"]),
            ("?tu=2024-01-01&den=2024-06-30", ["01/01/2024–30/06/2024", "01/07/2023–31/12/2023"]),
            ("?tu=2024-11-01&den=2024-11-20", ["01/11/2024–20/11/2024", "12/10/2024–31/10/2024"]),
            ("?tu=2024-11-20&den=2024-11-01", ["Quý 4/2024", "Quý 3/2024"]),
        ],
    )
    def test_a_period_stands_beside_the_same_span_before(self, office, asked, names):
        page = office.get(f"/to-chuc/bao-cao{asked}").text
        paper = docx.Document(io.BytesIO(office.get(f"/to-chuc/bao-cao.docx{asked}").data))
        book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"/to-chuc/bao-cao.xlsx{asked}").data))
        assert [cell.text for cell in paper.tables[1].rows[0].cells][1:] == names
        assert book.get_sheet_by_name("Tổng hợp").to_python()[0][1:] == names
        assert all(f">{name}</th>" in page for name in names)

    def test_a_contest_counts_in_the_month_in_which_its_last_round_closed(self, given, office):
        midnight = datetime(2024, 9, 30, 17, 0, tzinfo=UTC)  # in Việt Nam: a window ends before its closing moment
        for closes_at in (midnight, midnight + timedelta(minutes=1), midnight + timedelta(days=31)):
            given.contest(opens_at=closes_at - timedelta(days=3), closes_at=closes_at)
        page = office.get("/to-chuc/bao-cao?tu=2024-10-01&den=2024-10-31").text
        assert '<th scope="row">Cuộc thi kết thúc trong kỳ</th><td class="r">2</td><td class="r">1</td>' in page

    def test_papers_of_a_sheet_say_what_it_says(self, app, given, clock, office, counted):
        clock.advance(hours=3)
        judge = given.account(Role.JUDGE)
        with app.app_context(), transaction():
            round_ = db.session.get_one(Round, given.round_ids(counted)[0])
            sheet = service.make_sheet(
                round_, round_.contest.divisions[0], db.session.get_one(Account, judge), now=clock()
            )
            ranking, digest = sheet.id, sheet.digest
        listed = office.get(f"/to-chuc/cuoc-thi/{counted}/van-ban").text
        assert f"/to-chuc/bang-ket-qua/{ranking}/bien-ban.docx" in listed
        assert "thong-bao.docx" not in listed  # not published yet
        assert office.get(f"/to-chuc/bang-ket-qua/{ranking}/thong-bao.docx").status_code == 302
        with app.app_context():
            with transaction():
                sheet = db.session.get_one(Ranking, ranking)
                service.publish(sheet, db.session.get_one(Account, judge), now=clock())
            # the round has ended since the figures were counted
            assert office.get(f"/to-chuc/bang-ket-qua/{ranking}/thong-bao.docx").status_code == 302
            assert "tính trước khi kỳ thi kết thúc" in office.get(f"/to-chuc/cuoc-thi/{counted}/van-ban").text
            recount(counted, clock)
        assert office.get(f"/to-chuc/bang-ket-qua/{ranking}/thong-bao.docx").status_code == 200
        minutes = docx.Document(io.BytesIO(office.get(f"/to-chuc/bang-ket-qua/{ranking}/bien-ban.docx").data))
        whole = "\n".join(p.text for p in minutes.paragraphs)
        assert digest in whole
        assert "thi hộ" in whole
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(office.get(f"/to-chuc/bang-ket-qua/{ranking}/danh-sach.xlsx").data)
        )
        rows = book.get_sheet_by_index(0).to_python()
        assert rows[0] == papers.WINNERS
        names = [row[1] for row in rows[1:]]
        decision = docx.Document(io.BytesIO(office.get(f"/to-chuc/bang-ket-qua/{ranking}/quyet-dinh.docx").data))
        assert [row.cells[1].text for row in decision.tables[2].rows][1:] == names
        assert f"trao giải cho {len(names)} cá nhân" in "\n".join(p.text for p in decision.paragraphs)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_thể_lệ_of_the_paper_is_that_of_the_page(app, contest):
    with app.app_context(), app.test_request_context():
        row = db.session.get_one(Contest, contest)
        paper = docx.Document(io.BytesIO(papers.rules_paper(row, OFFICE)))
        said = "\n".join(p.text for p in paper.paragraphs) + "\n".join(c.text for t in paper.tables for c in t._cells)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
        for section in papers._sections(row):
            assert section.title.upper() in said
            for block in section.blocks:
                if isinstance(block, str):
                    assert papers._plain(block) in said


@needs_office
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_office_programs_open_the_papers(app, contest, tmp_path):
    from pypdf import PdfReader

    from tests.banks.formats.office import converted

    with app.app_context(), app.test_request_context():
        content = papers.plan(db.session.get_one(Contest, contest), OFFICE)
    pdf = converted(content, "docx", "pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "KẾ HOẠCH" in text
    assert "Nơi nhận" in text


@pytest.mark.parametrize(
    ("day", "text"), [((2026, 1, 5), "ngày 05 tháng 01 năm 2026"), ((2026, 11, 15), "ngày 15 tháng 11 năm 2026")]
)
def test_days_are_written_as_the_decree_says(day, text):
    assert written_day(date(*day)) == text


@pytest.mark.parametrize(
    ("correct", "of", "expected"),
    [
        (0, 30, 0),
        (2, 30, 0),
        (3, 30, 1),
        (26, 30, 8),
        (27, 30, 9),
        (29, 30, 9),
        (30, 30, 10),
        (49, 50, 9),
        (99, 100, 9),
    ],
)
def test_tenths(correct, of, expected):
    assert contest_count.tenth(correct, of) == expected


def tables_of(app, **figures):
    with app.app_context(), app.test_request_context():
        return {table.key: table for table in statistics_words.tables(Figures(**figures))}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestTables:
    def test_long_papers_are_told_by_tenths(self, app):
        counted = {"attempts": 3, "histogram": [(26, 1), (25, 2)], "tenths": [(10, 1), (9, 0), (8, 2)]}
        assert [row[0] for row in tables_of(app, **counted, largest=25)["so-cau-dung"].rows] == [
            "26 câu đúng", "25 câu đúng",
        ]  # fmt: skip
        table = tables_of(app, **counted, largest=26)["so-cau-dung"]
        assert table.rows == [
            ["Đúng tất cả", 1, "33,3 %"], ["Từ 90 đến dưới 100 %", 0, "0,0 %"], ["Từ 80 đến dưới 90 %", 2, "66,7 %"],
        ]  # fmt: skip
        assert "từ 80 đến dưới 90 %" in table.chart.says
        worst = tables_of(app, attempts=1, tenths=[(0, 1)], largest=26)["so-cau-dung"]
        assert worst.rows == [["Dưới 10 % số câu", 1, "100,0 %"]]

    def test_every_bar_of_a_chart_stands_in_the_table_that_the_page_shows(self, app):
        hours = [(f"2024-11-{d:02d} {h:02d}", d * h + 1) for d in range(1, 29) for h in (7, 9, 23)]
        days = Counter()
        for hour, n in hours:
            days[hour[:10]] += n
        rows = [(f"Đơn vị {n}", 100 - n, 200) for n in range(40)]
        found = tables_of(
            app, attempts=9, people=9, largest=25, histogram=[(k, 1) for k in range(25, -1, -1)], hours=hours,
            days=sorted(days.items()), units=rows, ages=[("00–17", 3, 3), ("60+", 6, 6)],
        )  # fmt: skip
        assert {key for key, table in found.items() if table.chart} == {"so-cau-dung", "ngay", "gio", "don-vi", "tuoi"}
        for table in found.values():
            shown = [(row[0], row[1]) for row in table.rows[: table.shown]]
            assert list(table.chart.bars) == shown
        assert [row[0] for row in found["gio"].rows] == [f"{h:02d} giờ" for h in range(7, 24)]
        assert [row[0] for row in found["tuoi"].rows] == ["Dưới 18", "60 trở lên"]

    def test_a_long_contest_is_drawn_by_weeks(self, app):
        first = date(2024, 10, 31)  # a Thursday
        days = [((first + timedelta(days=n)).isoformat(), 1) for n in range(32)]
        found = tables_of(app, days=days)
        assert found["ngay"].chart is None
        assert len(found["ngay"].rows) == 32
        assert found["tuan"].rows[0] == ["28/10–03/11/2024", 4]
        assert sum(row[1] for row in found["tuan"].rows) == 32
        assert "tuan" not in tables_of(app, days=days[:31])

    def test_days_without_anybody_have_a_bar_too(self, app):
        table = tables_of(app, days=[("2024-11-29", 2), ("2024-12-02", 1)])["ngay"]
        assert table.rows == [["29/11/2024", 2], ["30/11/2024", 0], ["01/12/2024", 0], ["02/12/2024", 1]]
        far = tables_of(app, days=[("2024-01-01", 2), ("2024-12-02", 1)])["ngay"]
        assert far.rows == [["01/01/2024", 2], ["02/12/2024", 1]]


def test_a_chart_has_a_bar_for_each_value_in_the_look_that_is_asked_for():
    chart = charts.Chart("Số người dự thi", [(f"Phường Mỹ Ngãi {n}", n) for n in range(40)], "…")
    assert charts.as_png(chart)[:8] == b"\x89PNG\r\n\x1a\n"
    wide, narrow = (charts.as_svg(chart, charts.Look(narrow=narrow)) for narrow in (False, True))
    assert [float(re.search(rb'width="([0-9.]+)pt"', svg)[1]) for svg in (wide, narrow)] == [
        pytest.approx(n * 72 / 25.4, abs=0.1) for n in (160, 90)
    ]
    dark = charts.as_svg(chart, charts.Look(dark=True))
    assert b"#f1eadd" in dark
    assert b"#221b14" not in dark
    assert wide.count(b'fill="#8c1c1c"') == 40
