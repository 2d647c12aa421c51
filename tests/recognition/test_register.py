"""Reissue and its chain, the register, files of many papers, images of seals, pages to share, and rows that stay as they are."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.ranking import service as ranking
from quiz.ranking import unit_sheets
from quiz.recognition import prints, queries, service, unit_awards
from quiz.recognition.digests import certificate_digest
from quiz.recognition.models import Award, Certificate, PrintFile, PrintImage, RevokeCause, Template
from quiz.recognition.queries import Wanted
from quiz.recognition.refusals import RecognitionRefusal
from quiz.reports import record_check
from tests.recognition.conftest import PAPER, day_fields

pytestmark = pytest.mark.usefixtures("after_close")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def awarded(sheet, award):
    """Three winners; gives the id of their decision."""
    return award(sheet([1, 2, 3], names=["Trần Văn Út", "Lê Thị Bé", "Đỗ Quốc Ân"]))


def codes(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Certificate.code).order_by(Certificate.id)))


@pytest.fixture
def reissue(app, clock, organizer):
    def make(code, *, days=0, **changes):
        with app.app_context(), transaction():
            certificate = queries.certificate_by_code(code)
            data = {
                "cause": RevokeCause.WRONG_DETAILS, "decision": "52/QĐ-BTC", "issued_on": clock().date() + timedelta(days=days),
                "name": "Trần Văn Út Em", "belongs_to": "Xã Bến Cầu", "signer_name": "Lê Văn Hòa",
                "signer_title": "Trưởng Ban Tổ chức", "why": "Tên in sai so với đăng ký",
            } | changes  # fmt: skip
            actor = db.session.get_one(Account, organizer)
            return service.reissue(certificate, service.ReissueData(**data), actor, now=clock()).code

    return make


def test_a_certificate_is_issued_anew_with_its_history(app, clock, visit, organizer, awarded, reissue):
    old = codes(app)[0]
    clock.advance(days=60)
    new = reissue(old)
    again = reissue(new, name="Trần Văn Út")
    for code, reason in ((old, RecognitionRefusal.REISSUED_ALREADY), (new, RecognitionRefusal.REISSUED_ALREADY)):
        with pytest.raises(Refusal) as refusal:
            reissue(code)
        assert refusal.value.reason is reason
    with pytest.raises(Refusal) as refusal:
        reissue(again, days=-1)
    assert refusal.value.reason is RecognitionRefusal.REISSUED_BEFORE_ISSUED
    with app.app_context():
        last = queries.certificate_by_code(again)
        chain = queries.chain_of(last)
        assert [(c.serial, c.name, c.is_replaced, c.printed["reissue"]) for c in chain] == [
            ("0001/2024", "Trần Văn Út", True, 0), ("0001/2025", "Trần Văn Út Em", True, 1), ("0002/2025", "Trần Văn Út", False, 2),
        ]  # fmt: skip
        assert (last.award.certificate.code, last.award.name) == (again, "Trần Văn Út")
        records = db.session.scalars(db.select(JournalRecord).filter_by(action="certificate.reissued")).all()
        assert [r.after["certificate"] for r in records] == [chain[1].id, chain[2].id]
        assert records[1].after["digest"] == certificate_digest(last)
        assert [line for line in record_check.faults() if "certificate" in line or "award" in line] == []
    page = visit().get(f"/tra-cuu/{old}").text
    for words in ("đã được cấp lại, không còn giá trị", "52/QĐ-BTC", "0001/2025", "Thông tin in trên giấy không đúng"):
        assert words in page
    assert new not in page
    assert "cấp lại lần 2" in visit().get(f"/tra-cuu/{again}").text
    told = visit().get(f"/tra-cuu/{old}.json").json
    assert (told["state"], told["replaced_by"], told["revoke_decision"]) == ("revoked", "0001/2025", "52/QĐ-BTC")
    assert visit().get(f"/tra-cuu/{again}.json").json["state"] == "valid"
    assert visit().get("/tra-cuu/SAI.json").status_code == 404
    assert (
        "cấp lại lần 2"
        in PdfReader(BytesIO(visit(organizer).get(f"/giay-chung-nhan/{again}.pdf").data)).pages[0].extract_text()
    )


def test_the_form_of_the_reissue(app, clock, visit, organizer, awarded):
    code, person = codes(app)[1], visit(organizer)
    page = f"/to-chuc/giay-chung-nhan/{code}/cap-lai"
    assert 'value="Lê Thị Bé"' in person.get(page).text
    fields = {
        "name": "Lê Thị Bé Ba", "belongs_to": "Xã Bến Cầu", "signer_name": "Lê Văn Hòa", "signer_title": "Trưởng Ban",
        "decision_number": "60/QĐ-BTC", "cause": "other", "why": "Giấy cũ bị cháy trong kho",
    } | {k.replace("signed_on", "issued_on"): v for k, v in day_fields(clock().date()).items()}  # fmt: skip
    assert person.post(page, fields | {"issued_on-y": "2023"}).status_code == 422
    response = person.post(page, fields)
    assert response.status_code == 302
    assert "Lê Thị Bé Ba" in person.get(response.location).text
    assert person.get(page).status_code == 409
    assert visit().get(f"/giai/{code}").text.count("og:title") == 0
    shared = visit().get(response.location.replace("/tra-cuu/", "/giai/"))
    for words in ("Lê Thị Bé Ba", "Giải Nhì", 'property="og:title"', "45/QĐ-BTC"):
        assert words in shared.text


def test_the_register_is_searched_and_taken_away(app, contest, visit, given, organizer, awarded, sheet, award, reissue):
    award(sheet([1], division=1, names=["Nguyễn Thị Lan"]), number="46/QĐ-BTC", template=Template.COMMENDATION)
    reissue(codes(app)[0])
    with app.app_context():
        found = lambda **wanted: [c.serial for c in queries.register(Wanted(**wanted))]  # noqa: E731
        assert found() == ["0005/2024", "0004/2024", "0003/2024", "0002/2024", "0001/2024"]
        assert found(name="tran van") == ["0005/2024", "0001/2024"]
        assert found(state="revoked") == ["0001/2024"]
        assert found(state="reissued", contest_id=contest) == ["0005/2024"]
        assert found(year=2023) == found(name="100%") == []
        assert queries.count_register(Wanted(state="valid")) == 4
    person = visit(organizer)
    page = person.get("/to-chuc/so-cap?ten=lan").text
    assert "Nguyễn Thị Lan" in page
    assert "Giấy khen" in page
    assert "Lê Thị Bé" not in page
    assert "thay cho số 0001/2024" in person.get("/to-chuc/so-cap?nam=2024").text
    book = CalamineWorkbook.from_filelike(BytesIO(person.get("/to-chuc/so-cap.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [f"000{n}/2024" for n in range(1, 6)]
    reason = "Thông tin in trên giấy không đúng"
    assert rows[1][13:19] == ["Đã thu hồi", "23/11/2024", "52/QĐ-BTC", reason, "", "0005/2024"]
    assert rows[4][2] == "Giấy khen"
    assert visit(given.account(Role.JUDGE)).get("/to-chuc/so-cap").status_code == 403


def test_all_papers_in_one_file_and_a_job_when_there_are_many(app, clock, visit, organizer, awarded, monkeypatch):
    person, page = visit(organizer), f"/to-chuc/giai/quyet-dinh/{awarded}/in"
    assert "3 giấy còn giá trị" in person.get(page).text
    whole = PdfReader(BytesIO(person.get(f"{page}.pdf").data))
    assert [("0001", "0002", "0003")[n] in p.extract_text() for n, p in enumerate(whole.pages)] == [True] * 3
    monkeypatch.setattr(prints, "AT_ONCE", 2)
    assert person.get(f"{page}.zip").status_code == 404
    assert person.post(f"{page}.zip", page=page).status_code == 302
    assert "đang chờ đến lượt" in person.get(page).text
    with app.app_context():
        jobs.run_all(clock)
    with ZipFile(BytesIO(person.get(f"{page}.zip").data)) as archive:
        assert len(archive.namelist()) == 3
    code = codes(app)[0]
    fields = {"cause": "other", "decision_number": "52/QĐ-BTC", "why": "Người nhận trả lại giấy"}
    person.post(f"/to-chuc/giay-chung-nhan/{code}/thu-hoi", fields, page=f"/tra-cuu/{code}")
    assert person.get(f"{page}.zip").status_code == 200  # two are left, which are few again
    monkeypatch.setattr(prints, "AT_ONCE", 1)
    assert person.get(f"{page}.zip").status_code == 404  # the file still holds the revoked one
    clock.advance(days=3)
    with app.app_context():
        with transaction():
            prints.ask(queries.decision_by_id(awarded), "pdf", db.session.get_one(Account, organizer), now=clock())
        jobs.run_all(clock)
        assert [f.kind for f in db.session.scalars(db.select(PrintFile))] == ["pdf"]


def test_images_are_kept_anew_chosen_and_forgotten(app, given, visit, organizer, awarded):
    def drawn(size=(60, 40), form="PNG"):
        file = BytesIO()
        Image.new("RGBA" if form == "PNG" else "RGB", size, (200, 0, 0, 90)[: 4 if form == "PNG" else 3]).save(
            file, form
        )
        return file.getvalue()

    person, page = visit(organizer), "/to-chuc/hinh-dau"
    fields = {"kind": "seal", "title": "Sở Tư pháp", "permitted": "y"}
    assert person.post(page, fields | {"file": (BytesIO(b"<svg/>"), "dau.svg")}, page=page).status_code == 422
    assert (
        person.post(page, fields | {"permitted": "", "file": (BytesIO(drawn()), "dau.png")}, page=page).status_code
        == 422
    )
    assert person.post(page, fields | {"file": (BytesIO(drawn()), "dau.png")}, page=page).status_code == 302
    with app.app_context():
        image = db.session.scalars(db.select(PrintImage)).one()
        image_id = image.id
        assert (image.kind, image.media_type, image.width) == ("seal", "image/png", 60)
    assert person.get(f"{page}/{image_id}").mimetype == "image/png"
    assert visit(given.account(Role.JUDGE)).get(f"{page}/{image_id}").status_code == 403
    where = f"/to-chuc/giai/quyet-dinh/{awarded}/in"
    certificate = f"/giay-chung-nhan/{codes(app)[0]}.pdf"
    plain = person.get(certificate).data
    assert person.post(where, {"seal": image_id, "signature": 0}, page=where).status_code == 302
    assert len(person.get(certificate).data) > len(plain)
    assert person.post(f"{page}/{image_id}/xoa", page=page).status_code == 302
    assert person.get(certificate).data == plain
    with app.app_context():
        said = set(db.session.scalars(db.select(JournalRecord.action)))
        assert {"print_image.added", "certificates.images_chosen", "print_image.deleted"} <= said


@pytest.fixture
def units(app, given, clock, organizer):
    """A published sheet of two units in one block, whose best gets a prize; gives its id and the units."""
    rules = {
        "code": "ty-le", "name": "Tập thể tiêu biểu", "formula": "participants",
        "prizes": [{"code": "a", "name": "Giải Nhất tập thể", "quota": 1, "amount": 3_000_000}],
    }  # fmt: skip
    contest_id = given.contest(
        rules={"collective": [rules]}, opens_at=clock() - timedelta(days=1), closes_at=clock() - timedelta(hours=2)
    )
    ids = []
    for n, people in enumerate((2, 1)):
        unit = OrgUnit(code=f"S{n}", name=f"Sở số {n}", block="Khối sở, ban, ngành")
        unit.headcounts.append(Headcount(as_of=date(2024, 6, 30), people=9, source="Báo cáo"))
        ids.append(given.save(unit))
        for _ in range(people):
            entry = given.entry(contest_id, given.account(unit=ids[-1]))
            given.attempt(entry, given.round_ids(contest_id)[0], started_at=clock() - timedelta(hours=5))
    with app.app_context(), transaction():
        contest, actor = db.session.get_one(Contest, contest_id), db.session.get_one(Account, organizer)
        ranking.publish(
            ranking.make_sheet(contest.rounds[0], contest.divisions[0], actor, now=clock()), actor, now=clock()
        )
        [competition] = unit_sheets.competitions(contest)
        made = unit_sheets.make_unit_sheet(contest, competition.round_, competition.rules, actor, now=clock())
        unit_sheets.publish_unit_sheet(made, actor, now=clock())
        return made.id, ids


def test_units_are_awarded_like_people(app, given, clock, visit, organizer, units):
    sheet_id, (best, _other) = units
    person, page = visit(organizer), f"/to-chuc/giai/tap-the/{sheet_id}"
    shown = person.get(page).text
    assert "Giải Nhất tập thể" in shown
    assert "Sở số 1" not in shown
    fields = PAPER | day_fields(clock().date()) | {"template": "commendation", "signer_title": "Giám đốc"}
    response = person.post(page, fields)
    assert response.status_code == 302
    assert "Mẫu: Giấy khen. 1 giấy" in person.get(response.location).text
    assert person.get(page).status_code == 302
    with app.app_context():
        award = db.session.scalars(db.select(Award)).one()
        assert (award.unit_id, award.entry_id, award.amount, award.name) == (best, None, 3_000_000, "Sở số 0")
        code, slug = award.certificate.code, award.decision.contest.slug
        sheet = unit_sheets.unit_sheet_queries.unit_sheet_by_id(sheet_id)
        with pytest.raises(Refusal) as refusal:
            unit_awards.award(sheet, _data(clock), db.session.get_one(Account, organizer), now=clock())
        assert refusal.value.reason is RecognitionRefusal.ALREADY_AWARDED
        db.session.rollback()
        assert [line for line in record_check.faults() if "award" in line or "certificate" in line] == []
    public = visit().get(f"/ket-qua/{slug}?ky=chung").text
    for words in ("Tập thể tiêu biểu", "Sở số 0", "Khối sở, ban, ngành", "Giải Nhất tập thể"):
        assert words in public
    assert "Sở số 0" in visit().get(f"/tra-cuu/{code}").text
    assert visit().get("/").status_code == 200
    contact = visit(given.account(Role.UNIT_CONTACT, unit=best))
    text_ = PdfReader(BytesIO(contact.get(f"/giay-chung-nhan/{code}.pdf").data)).pages[0].extract_text()
    assert "GIÁM ĐỐC SỞ TƯ PHÁP TỈNH TÂY NINH" in text_
    assert visit(given.account(Role.UNIT_CONTACT)).get(f"/giay-chung-nhan/{code}.pdf").status_code == 403


def _data(clock):
    return service.DecisionData(signed_on=clock().date(), organization="Sở Tư pháp tỉnh Tây Ninh", **PAPER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE award SET amount = 1",
        "DELETE FROM award",
        "UPDATE decision SET number = '1/X'",
        "DELETE FROM certificate",
        "UPDATE certificate SET name = 'Khác'",
        "UPDATE certificate SET printed = '{}'",
        "UPDATE certificate SET register_number = 9 WHERE register_number = 1",
        "UPDATE certificate SET revoke_reason = 'khác' WHERE register_number = 1",
        "UPDATE certificate SET is_replaced = false WHERE register_number = 1",
        "UPDATE certificate SET is_replaced = true WHERE register_number = 2",
    ],
)
def test_rows_stay_as_they_were_signed(app, awarded, reissue, statement):
    reissue(codes(app)[0])
    with app.app_context(), pytest.raises(DBAPIError):
        db.session.execute(text(statement))
