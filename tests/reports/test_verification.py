"""Anybody can check a published result with one file and the data; and whoever changes a row is found."""

import io
import json
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import inspect, select, text

from quiz import jobs
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.marking import keys, verdicts
from quiz.marking.queries import annulled_ids
from quiz.ranking import proofs, queries, service
from quiz.ranking.models import Ranking
from quiz.reports import public_data, record_check
from quiz.reports.models import PublicFile
from quiz.reports.refusals import PublicDataRefusal
from quiz.rules import commitment, records, verification
from quiz.rules.keys import Overlay, What
from quiz.rules.lots import draw_lots
from tests.reports.finished import finished_contest, official


@pytest.fixture
def ids(given, clock):
    return finished_contest(given, clock)


@pytest.fixture
def site(app, visit, ids):
    return visit()


def unzipped(site, ids):
    with zipfile.ZipFile(io.BytesIO(site.get(f"/kiem-chung/{ids['ranking']}/du-lieu.zip").data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def states(files):
    return {f.subject: f.state for f in verification.check(files)}


def test_one_file_of_python_says_that_all_is_right(app, site, ids, visit, tmp_path):
    (tmp_path / "verify.py").write_bytes(site.get("/kiem-chung/verify.py").data)
    (tmp_path / "du-lieu.zip").write_bytes(site.get(f"/kiem-chung/{ids['ranking']}/du-lieu.zip").data)
    with app.app_context():
        person = db.session.scalar(text("SELECT account_id FROM entry ORDER BY id DESC LIMIT 1"))
    receipt = visit(person).get(f"/kiem-chung/{ids['ranking']}/bien-nhan.json")
    (tmp_path / "bien-nhan.json").write_bytes(receipt.data)
    # -I -S: no site packages, nothing of ours
    command = [sys.executable, "-I", "-S", "verify.py", "bien-nhan.json", "du-lieu.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert all(line.startswith("ĐÚNG") for line in lines), done.stdout
    assert {line.split()[1] for line in lines} == {
        "receipt", "standings", "merkle", "commitment", "papers", "marks", "answers", "truth", "ranking", "lots", "journal",
    }  # fmt: skip


def test_the_page_names_the_file_without_reading_it(app, site, ids):
    content = site.get(f"/kiem-chung/{ids['ranking']}/du-lieu.zip").data
    assert f"ZIP, {len(content) // 1024 + 1} KB" in site.get(f"/kiem-chung/{ids['ranking']}").text
    with app.app_context():
        file = db.session.get_one(PublicFile, ids["ranking"])
        assert inspect(file).unloaded == {"content"}
        assert (file.size, file.content) == (len(content), content)


def test_the_data_hold_nobodys_name(app, site, ids):
    whole = b"".join(unzipped(site, ids).values()).decode()
    assert "Người Thứ" not in whole
    assert "nguoi" not in whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_answers_with_their_marks_are_out_no_sooner_than_the_keys(app, ids):
    with app.app_context():
        ranking = db.session.get_one(Ranking, ids["ranking"])
        before = ranking.contest.rounds[0].closes_at
        files = public_data.files(ranking, now=before)
        assert not {"attempts.jsonl", "items.jsonl"} & files.keys()
        sheet = json.loads(files["sheet.json"])
        assert (sheet["salt"], sheet["rulings"], sheet["rounds"][0]["secret"]) == (None, {}, None)
        assert "bad" not in states(files).values()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("release", ["after_close", "after_publish", "never"])
def test_the_data_hold_no_key_that_the_rules_keep(app, ids, clock, release):
    with app.app_context(), db.session.no_autoflush:
        ranking = db.session.get_one(Ranking, ids["ranking"])
        contest, round_ = ranking.contest, ranking.round_
        contest.rules = contest.rules | {"review_release": release}
        assert ("items.jsonl" in public_data.files(ranking, now=clock())) == (release != "never")
        round_.published_at = None  # as while another division is not out
        files = public_data.files(ranking, now=clock())
        keeps = release != "after_close"
        assert keeps == (not {"attempts.jsonl", "items.jsonl"} & files.keys())
        assert keeps == (json.loads(files["sheet.json"])["rulings"] == {})


def changed(files, name, change):
    return {**files, name: change(files[name])}


def of_attempt(n, part):
    """Change a part of the first attempt in the data."""

    def change(content):
        lines = content.splitlines()
        row = json.loads(lines[0])
        part(row)
        lines[0] = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        return b"\n".join(lines) + b"\n"

    return change


def of_sheet(part):
    def change(content):
        sheet = json.loads(content)
        part(sheet)
        return json.dumps(sheet).encode()

    return change


def other_seed(sheet):
    """One that would have given another order; half of them do among two."""
    lot = sheet["lots"][0]
    others = (str(n) for n in range(1_000))
    lot["seed"] = next(s for s in others if draw_lots(s, sheet["digest"], lot["entries"]) != lot["entries"])


def more_points(row):
    row[0][9] += 1


def other_answers(row):
    row[2] = row[2].replace("[1]", "[2]").replace("[3]", "[1]").replace("[4]", "[2]")


def other_paper(row):
    paper = json.loads(row[1])
    row[1] = json.dumps([paper[1], paper[0], *paper[2:]], separators=(",", ":"))


FORGERIES = {
    "points": ("attempts.jsonl", of_attempt(0, more_points), {"marks", "answers"}),
    "answers": ("attempts.jsonl", of_attempt(0, other_answers), {"answers"}),
    "paper": ("attempts.jsonl", of_attempt(0, other_paper), {"papers", "answers"}),
    "an attempt left out": (
        "attempts.jsonl",
        lambda c: b"\n".join(c.splitlines()[:-1]) + b"\n",
        {"answers"},
    ),
    "a key": ("items.jsonl", lambda c: c.replace(b'"key":[2]', b'"key":[3]', 1), {"commitment"}),
    "two places": (
        "standings.txt",
        lambda c: b"\n".join([*c.splitlines()[1::-1], *c.splitlines()[2:]]) + b"\n",
        {"standings"},
    ),
    "a record": ("records.txt", lambda c: c.replace(b" 1 ", b" 2 ", 1), {"merkle"}),
    "a draw": ("sheet.json", of_sheet(lambda sheet: sheet["lots"][0]["entries"].reverse()), {"lots"}),
    "the seed of a draw": ("sheet.json", of_sheet(other_seed), {"lots"}),
    "a draw that was not announced": (
        "sheet.json",
        of_sheet(lambda sheet: sheet["lots"][0].update(announced="2030-01-01T00:00:00+00:00")),
        {"lots"},
    ),
    "the truth": (
        "sheet.json",
        of_sheet(lambda sheet: sheet.update(truth=sheet["truth"] + 1)),
        {"standings", "truth", "ranking"},
    ),
    "the journal": ("journal.txt", lambda c: b"\n".join(c.splitlines()[:3] + c.splitlines()[4:]) + b"\n", {"journal"}),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_forged_data_are_found(site, ids):
    files = unzipped(site, ids)
    assert set(states(files).values()) == {"ok"}
    for name, (file, change, found) in FORGERIES.items():
        wrong = {subject for subject, state in states(changed(files, file, change)).items() if state == "bad"}
        assert found <= wrong, (name, wrong)


# What the command says


def said(tmp_path, files, *arguments):
    """(exit status, lines) of the command over these files."""
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    lines = []
    status = verification.main([str(tmp_path / "data.zip"), *arguments], lines.append)
    return status, lines


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_speaks_english_throughout(site, ids, tmp_path):
    files = unzipped(site, ids)
    closed = {name: content for name, content in files.items() if name not in ("attempts.jsonl", "items.jsonl")}
    nonsense = changed(files, "journal.txt", lambda _content: b"x")
    told = [said(tmp_path, f, "--en") for f in (files, closed, nonsense)]
    assert [status for status, _lines in told] == [0, 0, 2]
    told += [said(tmp_path, changed(files, file, change), "--en") for file, change, _found in FORGERIES.values()]
    rounds = {round_["name"] for round_ in json.loads(files["sheet.json"])["rounds"]}
    lines = {line for _status, lines in told for line in lines if not any(name in line for name in rounds)}
    assert [line for line in lines if not line.isascii()] == []
    vietnamese = set(said(tmp_path, files)[1])
    assert len(vietnamese) == len(told[0][1])
    assert not vietnamese & set(told[0][1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_data_that_cannot_be_read_are_no_fault_of_the_result_and_no_traceback(site, ids, tmp_path):
    files = unzipped(site, ids)
    for name, content in files.items():
        for wrong in (b"", b"\x00\xff", b"{}", b"[]", b"1 2 3\n", content[: len(content) // 2], content + b"x y\n"):
            status, lines = said(tmp_path, files | {name: wrong})
            assert status in (1, 2) or (name == "items.jsonl" and not wrong), (name, wrong[:20])
            assert (status == 2) == any("không đọc được" in line or "chưa biết" in line for line in lines), (
                name,
                lines,
            )
        assert said(tmp_path, {n: c for n, c in files.items() if n != name})[0] in ((0,) if name in CLOSED else (1, 2))
    for part in json.loads(files["sheet.json"]):
        for value in (None, [], {}, "x", -1, {"x": [1]}):
            assert said(tmp_path, changed(files, "sheet.json", of_sheet(lambda s, p=part, v=value: s.update({p: v}))))[
                0
            ] in (0, 1, 2)
    newer = changed(files, "sheet.json", of_sheet(lambda sheet: sheet.update(form="hieu-luat sheet data 99")))
    assert said(tmp_path, newer)[0] == 2
    (tmp_path / "x.zip").write_bytes(b"no archive")
    (tmp_path / "x.json").write_text("{")
    (tmp_path / "y.json").write_text('{"form": "hieu-luat receipt 1"}')
    for arguments in (["x.zip"], ["x.json"], ["y.json"], ["absent.zip"], ["absent.json"], ["x.txt"], []):
        lines = []
        assert verification.main([str(tmp_path / a) for a in arguments], lines.append) == 2, arguments
        assert lines


CLOSED = ("attempts.jsonl", "items.jsonl")  # may be left out of what is published


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_byte_of_what_is_sealed_can_be_changed(site, ids, tmp_path):
    files = unzipped(site, ids)
    dice = Random(7)
    for _ in range(200):
        name = dice.choice(["standings.txt", "records.txt", "attempts.jsonl", "journal.txt"])
        at, byte = dice.randrange(len(files[name])), dice.choice(b"0123456789abc {}[],:x-\n")
        wrong = changed(files, name, lambda c, at=at, byte=byte: c[:at] + bytes([byte]) + c[at + 1 :])
        if wrong != files:
            assert said(tmp_path, wrong)[0] in (1, 2), (name, at, chr(byte))


def of_before_pictures(files):
    """The files as of a contest that was opened before commitments covered pictures."""
    items = {i["id"]: i for i in map(json.loads, files["items.jsonl"].splitlines())}
    for item in items.values():
        del item["images"]
    sheet = json.loads(files["sheet.json"])
    for round_ in sheet["rounds"]:
        pools = {code: commitment.pool_digest(rows) for code, rows in round_["pools"].items()}
        old = records.items_digest(items, records.OLD_CONTENT)
        round_["commitment"] = commitment.second_commitment(round_["code"], pools, old, round_["secret"])
        round_["items"] = old
        del round_["items_without_pictures"]
    lines = "".join(f"{json.dumps(i)}\n" for i in items.values())
    return files | {"sheet.json": json.dumps(sheet).encode(), "items.jsonl": lines.encode()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_commitments_cover_pictures_since_they_do_and_older_ones_still_hold(site, ids):
    files = unzipped(site, ids)
    shown = changed(files, "items.jsonl", lambda c: c.replace(b'"images":[]', b'"images":[[0,"ab","h"]]', 1))
    assert states(shown)["commitment"] == "bad"
    old = of_before_pictures(files)
    assert set(states(old).values()) == {"ok"}
    assert set(states({name: c for name, c in old.items() if name != "items.jsonl"}).values()) <= {"ok", "skip"}
    assert states(changed(old, "items.jsonl", lambda c: c.replace(b'"key": [2]', b'"key": [3]')))["commitment"] == "bad"


# Behind the application's back


@contextmanager
def behind_the_back(statement):
    """Change rows as somebody with the file in hand would, without the guards; taken back afterwards."""
    with db.engine.connect() as connection:
        before = connection.begin()
        if connection.dialect.name == "sqlite":
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        assert connection.exec_driver_sql(statement).rowcount > 0, statement
        db.session.remove()
        session = db.session()
        session.get_bind = lambda *_arguments, **_named: connection  # it reads what the connection has written
        try:
            yield
        finally:
            db.session.remove()
            if before.is_active:  # a row that could not be read has ended it
                before.rollback()


ATTEMPT = "(SELECT id FROM attempt WHERE id NOT IN (SELECT attempt_id FROM annulment) ORDER BY id LIMIT 1)"
TAMPERINGS = {  # all others, on SQLite alone: test_tampering.py
    "score": (f"UPDATE attempt SET score = score - 1 WHERE id = {ATTEMPT}", "attempt"),
    "responses": (
        f'UPDATE attempt SET responses = \'{{"a":{{}},"f":[],"p":1,"t":{{}}}}\' WHERE id = {ATTEMPT}',
        "attempt",
    ),
    "time": (f"UPDATE attempt SET elapsed_ms = 1000 WHERE id = {ATTEMPT}", "attempt"),
    "prediction": (f"UPDATE attempt SET prediction = 99 WHERE id = {ATTEMPT}", "attempt"),
    "attempt deleted": (f"DELETE FROM attempt WHERE id = {ATTEMPT}", "sheet"),
    "attempt of its ruling": (f"UPDATE attempt SET ruling = 9, score = score - 1 WHERE id = {ATTEMPT}", "attempt"),
    "key": ("UPDATE item_version SET key = '[3]' WHERE id = (SELECT min(id) FROM item_version)", "item_version"),
    "identity": (
        f"UPDATE entry SET full_name = 'x' WHERE id = (SELECT entry_id FROM attempt WHERE id = {ATTEMPT})",
        "entry",
    ),
    "standings": ("UPDATE standing_page SET number = number + 1", "standing_page"),
    "tree": ("DELETE FROM proof_page WHERE level = 1", "proof_page"),
    "certificate": ("UPDATE certificate SET code = 'KHAC' WHERE id = (SELECT min(id) FROM certificate)", "certificate"),
    "journal": ("UPDATE journal SET reason = 'khác' WHERE seq = 2", "journal 2"),
}


def test_what_was_corrected_since_does_not_replace_the_data_of_a_sheet(app, site, ids, given, clock):
    before = unzipped(site, ids)
    judge_id = official(given, Role.JUDGE)
    with app.app_context():
        attempt = db.session.scalars(select(Attempt).where(Attempt.id.not_in(annulled_ids()))).first()
        judge = db.session.get_one(Account, judge_id)
        verdicts.annul(attempt, judge, why="Thi hộ, có biên bản.", now=clock())
        db.session.commit()
    assert site.post(f"/kiem-chung/{ids['ranking']}/chuan-bi", page=f"/kiem-chung/{ids['ranking']}").status_code == 302
    with app.app_context():
        jobs.run_all(clock)
    assert "Kết quả đã được đính chính" in site.get(f"/kiem-chung/{ids['ranking']}").text
    assert unzipped(site, ids) == before


def make_again(app, ids, clock):
    with app.app_context():
        with transaction():
            jobs.ask(public_data.JOB, f"ranking:{ids['ranking']}", None, now=clock.now)
        with pytest.raises(Refusal) as refusal:
            public_data.make_file(jobs.latest(public_data.JOB, f"ranking:{ids['ranking']}"), clock)
        return refusal.value.reason


def test_a_correction_while_the_data_are_read_does_not_replace_them(app, site, ids, given, clock):
    before = unzipped(site, ids)
    judge_id = given.account(Role.JUDGE)

    class Overtaken:
        """The clock is asked once the first look is over: just then a judge annuls an attempt."""

        now = clock()

        def __call__(self):
            with app.app_context(), transaction():
                last = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
                if last.id not in set(db.session.scalars(annulled_ids())):
                    verdicts.annul(last, db.session.get_one(Account, judge_id), why="Thi hộ.", now=self.now)
            return self.now

    assert make_again(app, ids, Overtaken()) is PublicDataRefusal.OUT_OF_DATE
    assert unzipped(site, ids) == before


def test_no_data_are_made_while_a_ruling_is_being_applied(app, site, ids, clock):
    before = unzipped(site, ids)
    with app.app_context(), transaction():
        contest = db.session.get_one(Contest, ids["contest"])
        rulings = rulings_of(contest)
        contest.key_rulings = replace(rulings, number=rulings.number + 1).to_json()
    assert make_again(app, ids, clock) is PublicDataRefusal.OUT_OF_DATE
    assert unzipped(site, ids) == before


# Receipts of a sheet that a correction has overtaken


@pytest.fixture
def version(app, ids, given, clock):
    """An item version that some papers hold, whose key is ruled to be another one, after the sheet was made."""
    judges = [given.account(Role.JUDGE) for _ in range(2)]
    clock.advance(minutes=1)
    with app.app_context():
        with transaction():
            one, other = (db.session.get_one(Account, judge) for judge in judges)
            contest = db.session.get_one(Contest, ids["contest"])
            held = [{v for v, _order in attempt.paper} for attempt in db.session.scalars(select(Attempt))]
            found = next(v for v in sorted(set.union(*held)) if not all(v in paper for paper in held))
            ruling = keys.propose(contest, found, Overlay(What.CORRECT, ((3,),)), one, why="Đáp án sai.", now=clock())
            keys.confirm(ruling, other, now=clock())
        jobs.run_all(clock)
    return found


def people(app, version):
    """(account, does one of their papers hold the version?) of everybody"""
    with app.app_context():
        rows = db.session.execute(select(Attempt.account_id, Attempt.paper)).all()
    return {a: any(v == version for of, paper in rows if of == a for v, _order in paper) for a, _paper in rows}


def leads_to_its_root(response):
    return [finding.state for finding in verification.check_receipt(response.json)] == ["ok"]


def test_whose_papers_were_marked_anew_is_told_where_the_receipt_is_now(app, ids, given, clock, visit, version):
    of_old = f"/kiem-chung/{ids['ranking']}/bien-nhan.json"
    everybody = people(app, version)
    assert set(everybody.values()) == {True, False}
    for account, is_remarked in everybody.items():
        response = visit(account).get(of_old)
        if is_remarked:
            assert response.status_code == 409
            assert "bài thi của bạn được chấm lại" in response.text
            assert "khi bảng kết quả đính chính được công bố" in response.text
        else:
            assert leads_to_its_root(response)
    actor = given.account(Role.JUDGE, Role.ORGANIZER)
    clock.advance(minutes=1)
    with app.app_context(), transaction():
        contest, by = db.session.get_one(Contest, ids["contest"]), db.session.get_one(Account, actor)
        newer = service.make_sheet(contest.rounds[0], contest.divisions[0], by, now=clock())
        service.publish(newer, by, now=clock())
        sheet_id = newer.id
    for account, is_remarked in everybody.items():
        visitor = visit(account)
        old = visitor.get(of_old)
        if is_remarked:
            assert old.status_code == 409
            assert f"bảng kết quả số 2, tại /kiem-chung/{sheet_id}." in old.text
        else:
            assert leads_to_its_root(old)
        assert leads_to_its_root(visitor.get(f"/kiem-chung/{sheet_id}/bien-nhan.json"))


def test_an_annulment_takes_nobody_their_receipt(app, ids, given, clock, visit):
    judge = given.account(Role.JUDGE)
    with app.app_context(), transaction():
        last = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
        verdicts.annul(last, db.session.get_one(Account, judge), why="Thi hộ, có biên bản.", now=clock())
        accounts = set(db.session.scalars(select(Attempt.account_id)))
    for account in accounts:
        assert leads_to_its_root(visit(account).get(f"/kiem-chung/{ids['ranking']}/bien-nhan.json"))


def test_no_correction_excuses_a_row_that_a_hand_has_changed(app, ids, version):
    with app.app_context():
        attempts = db.session.scalars(select(Attempt).order_by(Attempt.id)).all()
        attempt = next(a for a in attempts if not people(app, version)[a.account_id])
        attempt_id, entry_id = attempt.id, attempt.entry_id
        with behind_the_back(f"UPDATE attempt SET elapsed_ms = 1 WHERE id = {attempt_id}"):
            receipt = proofs.receipt(db.session.get_one(Ranking, ids["ranking"]), entry_id)
            assert [finding.state for finding in verification.check_receipt(receipt)] == ["bad"]


def test_whoever_changes_a_row_is_found(app, ids):
    with app.app_context():
        assert list(record_check.faults()) == []
        missed = {}
        for name, (statement, word) in TAMPERINGS.items():
            with behind_the_back(statement):
                found = list(record_check.faults())
                if not any(word in line for line in found):
                    missed[name] = found
        assert missed == {}


def test_what_has_lawfully_changed_is_no_fault_and_hides_none(app, given, clock, ids):
    judges = [official(given, Role.JUDGE) for _ in range(2)]
    with app.app_context():
        with transaction():
            one, other = (db.session.get_one(Account, judge) for judge in judges)
            contest = db.session.get_one(Contest, ids["contest"])
            version = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first().paper[1][0]
            ruling = keys.propose(contest, version, Overlay(What.CORRECT, ((3,),)), one, why="Đáp án sai.", now=clock())
            keys.confirm(ruling, other, now=clock())
        jobs.run_all(clock)
        with transaction():
            last = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
            verdicts.annul(last, db.session.get_one(Account, judges[0]), why="Thi hộ.", now=clock())
        assert queries.is_out_of_date(db.session.get_one(Ranking, ids["ranking"]))
        assert db.session.scalar(text("SELECT count(*) FROM remark WHERE ruling_id = 2")) > 0
        assert list(record_check.faults()) == []
        for name in ("score", "responses", "time", "prediction", "attempt of its ruling", "attempt deleted"):
            with behind_the_back(TAMPERINGS[name][0]):
                assert any("sheet" in line for line in record_check.faults()), name


def test_the_command(app, ids):
    runner = app.test_cli_runner()
    done = runner.invoke(args=["reports", "check-records"])
    assert (done.exit_code, done.output.strip()) == (0, "records: whole")
