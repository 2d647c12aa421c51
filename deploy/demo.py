"""The demo: the shipped bank, a contest with a finished and an open round, and 300 people who do not exist.

Everything goes through the services that real people use, with past moments handed in, so what the demo shows is what
the product does. It is made once, in one go; a database that holds any account is left alone.
"""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from quiz.access import Role
from quiz.accounts import places, unit_import
from quiz.accounts import service as accounts
from quiz.accounts.models import Account, Audience, Headcount, OrgUnit
from quiz.app import create_app, system_clock
from quiz.attempts import practice, submission
from quiz.attempts import service as attempts
from quiz.attempts.models import Attempt
from quiz.attempts.papers import Question, questions
from quiz.attempts.responses import canonical
from quiz.banks import shipped as banks
from quiz.banks import story_links
from quiz.banks.queries import bank_by_code
from quiz.contests import drafting, featured, presets
from quiz.contests import service as contests
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.contests.rule_set import BlueprintCell, CollectiveRules, PrizeTier, RoundPart, rule_set
from quiz.db import db, transaction
from quiz.exemplars import choices, nominations, posts, quarters
from quiz.exemplars import shipped as exemplars
from quiz.formats import local
from quiz.law import csv_file
from quiz.law import csv_import as law
from quiz.ranking import clockwork, signing, unit_sheets
from quiz.ranking import service as ranking
from quiz.recognition import service as recognition
from quiz.reports import item_figures
from quiz.rules.answering import way
from quiz.rules.collective import Formula
from quiz.rules.prediction import Scope
from quiz.rules.quarters import YearQuarter

TOP = Path(__file__).resolve().parent.parent
BANK = "thi-dua-khen-thuong"
OTHER_BANK = "pho-bien-giao-duc-phap-luat"  # no contest of the demo draws from it
PEOPLE = 300
TITLE = "Tìm hiểu pháp luật về thi đua, khen thưởng và gương điển hình tiên tiến năm 2024"
SUMMARY = (
    "Hai mươi câu hỏi, hai mươi phút, làm ngay trên điện thoại. Cuộc thi trình diễn: bộ câu hỏi là thật, người dự thi và "
    "kết quả đợt 1 là giả định."
)
LAW_DATE = date(2024, 12, 31)
PRACTICE_DATE = date(2026, 9, 30)  # Law 06/2026/QH16, which changes the emulation law, holds from the next day on

# role → (user name, full name, what the line printed by `make run` says)
STAFF = {
    Role.ADMIN: ("quantri", "Quản trị viên Trình diễn", "quản trị"),
    Role.ORGANIZER: ("tochuc", "Cán bộ Tổ chức Trình diễn", "ban tổ chức"),
    Role.JUDGE: ("giamkhao", "Giám khảo Trình diễn", "ban giám khảo"),
    Role.UNIT_CONTACT: ("daumoi", "Đầu mối Đơn vị Trình diễn", "đầu mối đơn vị"),
    Role.COUNCIL_MEMBER: ("hoidong", "Thành viên Hội đồng Trình diễn", "thành viên hội đồng"),
}
PARTICIPANT = ("thisinh", "Thí sinh Trình diễn", "thí sinh")

FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Phan Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Lâm Mai Cao".split()
MIDDLE = "Văn Thị Ngọc Minh Thanh Hoài Quốc Thu Hữu Kim Đức Bích Xuân Công Mỹ Tấn".split()
GIVEN = "An Bình Châu Dung Giang Hà Hạnh Hiếu Hòa Hương Khôi Lan Linh Lộc Mai Nam Ngân Nhung Phúc Quân Sơn Tâm Thảo Trí Tuấn Vy Yến".split()
COMMUNES = [
    "Xã Bến Cầu",
    "Xã Tân Biên",
    "Xã Tân Châu",
    "Xã Dương Minh Châu",
    "Phường Tân Ninh",
    "Phường Long Hoa",
    "Phường Gò Dầu",
    "Xã Châu Thành",
]

BLUEPRINT = [
    ("chung", 4),
    ("danh-hieu", 3),
    ("hinh-thuc", 3),
    ("tham-quyen", 3),
    ("huong-dan", 2),
    ("loi-keu-goi", 3),
    ("phong-trao", 2),
]


def main(passwords: Path) -> None:
    """Make the demo unless it is there, and print one account of each role."""
    app = create_app()
    with app.app_context():
        if db.session.scalar(select(func.count()).select_from(Account)) == 0:
            print("Đang lập dữ liệu trình diễn (một lần, khoảng nửa phút)…", flush=True)
            password = secrets.token_urlsafe(9)
            make(system_clock(), password)
            passwords.write_text(json.dumps({"password": password}))
            passwords.chmod(0o600)
        if passwords.exists():
            password = json.loads(passwords.read_text())["password"]
            print("Tài khoản trình diễn, cùng mật khẩu:", password)
            for username, _name, title in [*STAFF.values(), PARTICIPANT]:
                print(f"  {title:<20} {username}")
        db.engine.dispose()


def make(now: datetime, password: str) -> None:
    """The whole demo, as if it had happened over the last three weeks."""
    dice = Random(2024)
    began = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=21)  # 7:00 in Tây Ninh
    with transaction():
        reading = csv_file.read_file(TOP / "question_banks" / "van-ban.csv")
        law.import_documents(reading.rows, now=began)
        exemplars.import_shipped(now=began)
        for code in (BANK, OTHER_BANK):
            banks.import_bank(TOP / "question_banks" / code, now=began)
        units = _units(dice, began)
        staff = {role: _office(role, password, units, began) for role in STAFF}
        _give_to_practice(staff[Role.ORGANIZER], began)
        contest = _contest(staff[Role.ORGANIZER], began)
        story_links.link_shipped(now=began)
        _tell(contest, staff, began)
        _nominate(staff[Role.ORGANIZER], units[0].parent, now)
        people = _people(dice, contest, units, password, began + timedelta(hours=2))
        first, second = contest.rounds
        division_ids = [division.id for division in contest.divisions]
        judge_id, organizer_id = staff[Role.JUDGE].id, staff[Role.ORGANIZER].id
        first_id, second_id = first.id, second.id
    for n, (entry_id, skill) in enumerate(people):
        _sit(dice, entry_id, first_id, skill, dice.choice((1, 1, 2, 3)))
        if n % 3 == 1:
            _sit(dice, entry_id, second_id, skill, 1, until=now)
    closed = db.session.get_one(Round, first_id).closes_at + timedelta(hours=1)
    for n, division_id in enumerate(division_ids, 45):
        _recognise(first_id, division_id, judge_id, organizer_id, closed, f"{n}/QĐ-BTC")
        with transaction():
            item_figures.compute(db.session.get_one(Division, division_id), now=now)
    _rank_units(first_id, judge_id, organizer_id, closed)
    clockwork.tick("demo", now=now)  # the boards of the open round


def _tell(contest: Contest, staff: dict[Role, Account], now: datetime) -> None:
    """What the contest's page features, and an event that is to come."""
    organizer, contact = staff[Role.ORGANIZER], staff[Role.UNIT_CONTACT]
    told = {e.slug: e.id for e in choices.published()}
    chosen = [
        told[slug] for slug in ("loi-keu-goi-thi-dua-ai-quoc-1948", "dai-hoi-chien-si-thi-dua-1952") if slug in told
    ]
    featured.feature(contest, chosen, [m.id for m in choices.shown_movements()[:1]], organizer, now=now)
    starts = now + timedelta(days=24, hours=1)
    said = {
        "kind": "talk", "title": "Tọa đàm: kể chuyện gương điển hình trong ngành tư pháp", "org_unit_id": contact.org_unit_id,
        "summary": "Buổi trò chuyện trình diễn về cách chọn, viết và kể một câu chuyện điển hình.",
        "body": "Sự kiện này là **giả định**, để cho thấy một sự kiện trông ra sao.\n\n- Nghe kể ba câu chuyện lịch sử.\n- Trao đổi cách viết tóm tắt thành tích.",
        "place": "Hội trường Giả định", "starts_at": starts, "ends_at": starts + timedelta(hours=2),
    }  # fmt: skip
    post = posts.write_post(said, [], contact, now=now)
    post.is_demo = True
    posts.publish_post(post, organizer, now=now)


def _nominate(organizer: Account, top: OrgUnit | None, now: datetime) -> None:
    """A quarter that takes nominations, with two of a unit that plainly does not exist."""
    unit = OrgUnit(code="GIA-DINH", name="Phòng Giả định (trình diễn)", kind="phòng", parent_id=top.id if top else None)
    db.session.add(unit)
    db.session.flush()
    contact, head = (
        accounts.create_account(
            full_name=name, birth_date=date(1985, 5, 19), password=None, audience=Audience.STAFF, username=username,
            org_unit=unit, consented_at=now, now=now,
        )
        for name, username in (("Đầu mối Giả định", "giadinh1"), ("Trưởng phòng Giả định", "giadinh2"))
    )  # fmt: skip
    accounts.grant_role(contact, Role.UNIT_CONTACT, by=organizer, now=now, why="tài khoản trình diễn")
    quarters.name_head(unit, "giadinh2", organizer, now=now)
    today = local(now).date()
    of = YearQuarter(today.year, (today.month - 1) // 3 + 1)
    if quarters.default_deadlines(of).nominations <= now:  # the running one takes none any more
        of = YearQuarter(of.year + of.n // 4, of.n % 4 + 1)
    quarter = quarters.open_quarter(of, organizer, now=now)
    for name, kind, honorific, what in (
        ("Nguyễn Thị Giả Định", "person", "Bà", "Rút ngắn thời gian trả hồ sơ hộ tịch trong dữ liệu trình diễn."),
        ("Tổ hòa giải Giả Định", "group", "", "Hòa giải thành mọi vụ việc của dữ liệu trình diễn."),
    ):
        content = {
            "kind": kind, "honorific": honorific, "name": name, "position": "Công chức (giả định)" if kind == "person" else "",
            "birth_year": None, "field": "justice", "movement_id": None, "summary": what,
            "situation": "Hồ sơ này là giả định.", "achievements": what, "figures": [{"value": "0", "label": "hồ sơ thật"}],
            "honours": "", "grounds": "Để cho thấy một đề cử trông ra sao.", "consent": "Không có người thật nào được nêu",
            "consented_on": today,
        }  # fmt: skip
        nomination = nominations.draft(quarter, unit, content, contact, now=now, is_demo=True)
        if kind == "person":
            nominations.send(nomination, contact, now=now)
            nominations.confirm(nomination, head, now=now)


def _give_to_practice(organizer: Account, now: datetime) -> None:
    """Both banks, as of the last day for which all their answers are vouched; the contest keeps its own back meanwhile."""
    for code in (BANK, OTHER_BANK):
        bank = bank_by_code(code)
        assert bank is not None
        practice.give(bank, is_on=True, closed_topics=(), law_date=PRACTICE_DATE, actor=organizer, now=now)


def _rank_units(round_id: int, judge_id: int, organizer_id: int, now: datetime) -> None:
    """The collective prize of a round: share of a unit's people who took part."""
    with transaction():
        round_ = db.session.get_one(Round, round_id)
        judge, organizer = db.session.get_one(Account, judge_id), db.session.get_one(Account, organizer_id)
        (rules,) = rule_set(round_.contest).contest.collective
        sheet = unit_sheets.make_unit_sheet(round_.contest, round_, rules, judge, now=now + timedelta(hours=3))
        unit_sheets.publish_unit_sheet(sheet, organizer, now=now + timedelta(hours=4))


def _units(dice: Random, now: datetime) -> list[OrgUnit]:
    """The shipped units with headcounts that are made up, and say so."""
    file = TOP / "quiz" / "accounts" / "units" / "so-tu-phap-tay-ninh-2024.csv"
    draft = unit_import.draft_import(file.read_bytes(), file.name, by=None, now=now)
    unit_import.commit_import(draft, unit_import.plan_digest(unit_import.plan_of(draft, now=now)), by=None, now=now)
    units = list(db.session.scalars(select(OrgUnit).order_by(OrgUnit.code)))
    parents = {unit.parent_id for unit in units}
    leaves = [unit for unit in units if unit.id not in parents]
    for unit in leaves:
        source = "số liệu giả định của bản trình diễn"
        unit.headcounts.append(Headcount(as_of=date(2024, 1, 1), people=dice.randint(9, 26), source=source))
    return leaves


def _office(role: Role, password: str, units: list[OrgUnit], now: datetime) -> Account:
    username, name, _title = STAFF[role]
    account = accounts.create_account(
        full_name=name, birth_date=date(1985, 5, 19), password=password, audience=Audience.STAFF, username=username,
        org_unit=units[0], consented_at=now, now=now,
    )  # fmt: skip
    accounts.grant_role(account, role, by=None, now=now, why="tài khoản trình diễn")
    return account


def _contest(organizer: Account, now: datetime) -> Contest:
    """Two rounds of two weeks: the first is over, the second is open."""
    preset = presets.presets()["mot-ky-du-doan-hai-bang"]
    contest = drafting.create_draft(
        preset, title=TITLE, banks=[BANK], law_date=LAW_DATE, opens_at=now + timedelta(days=1), actor=organizer, now=now
    )
    rules = rule_set(contest)
    blueprint = tuple(BlueprintCell(bank=BANK, topic=topic, count=n) for topic, n in BLUEPRINT)
    starts = [now + timedelta(days=1), now + timedelta(days=15)]
    rounds = tuple(
        RoundPart(
            code=f"dot-{n}",
            name=f"Đợt {n}",
            opens_at=start,
            closes_at=start + timedelta(days=13, hours=10 + 72 * (n - 1)),
        )
        for n, start in enumerate(starts, 1)
    )
    divisions = tuple(
        d.model_copy(update={"rules": d.rules.model_copy(update={"blueprint": blueprint})}) for d in rules.divisions
    )
    units = CollectiveRules(
        code="tap-the", name="Giải tập thể", formula=Formula.RATIO, scope=Scope.ROUND, by_block=False,
        tie_breaks=("participants", "average"),
        prizes=(PrizeTier(code="tap-the", name="Tập thể tham gia tích cực", quota=3, amount=1_000_000),),
    )  # fmt: skip
    everything = rules.contest.model_copy(update={"collective": (units,)})
    rules = rules.model_copy(update={"contest": everything, "rounds": rounds, "divisions": divisions})
    drafting.save_draft(contest, rules, summary=SUMMARY, rules_number="12/TL-BTC")
    contests.open_contest(contest, organizer, now=now)
    return contest


def _people(
    dice: Random, contest: Contest, units: list[OrgUnit], password: str, now: datetime
) -> list[tuple[int, float]]:
    """Registered people who do not exist, each with a skill; the first is the participant whose account is printed."""
    divisions = {d.rules["audience"]: d for d in contest.divisions}
    homes = [places.find_ward(places.HOME_PROVINCE, name) for name in COMMUNES]
    people = []
    for n in range(PEOPLE + 1):
        is_staff = n > 0 and dice.random() < 0.6
        names = (dice.choice(FAMILY), dice.choice(MIDDLE), dice.choice(GIVEN))
        account = accounts.create_account(
            full_name=PARTICIPANT[1] if n == 0 else " ".join(names),
            birth_date=date(1960, 1, 1) + timedelta(days=dice.randint(0, 16_000)),
            password=password if n == 0 else None,
            audience=Audience.STAFF if is_staff else Audience.CITIZEN,
            username=PARTICIPANT[0] if n == 0 else f"mau{n}",
            org_unit=dice.choice(units) if is_staff else None,
            place=None if is_staff else dice.choice(homes),
            consented_at=now,
            now=now,
        )
        registered = now + timedelta(seconds=dice.randint(0, 20 * 3600))
        entry = contests.register_entry(account, contest, divisions[account.audience], now=registered)
        people.append((entry.id, min(0.92, max(0.3, dice.gauss(0.7, 0.15)))))
    return people


def _sit(dice: Random, entry_id: int, round_id: int, skill: float, times: int, until: datetime | None = None) -> None:
    """So many attempts of one person, answered as well as the skill allows, better each time."""
    round_ = db.session.get_one(Round, round_id)
    last = min(round_.closes_at, until or round_.closes_at) - timedelta(hours=times)
    started = round_.opens_at + (last - round_.opens_at) * dice.random()
    for n in range(times):
        with transaction():
            entry, round_ = db.session.get_one(Entry, entry_id), db.session.get_one(Round, round_id)
            code = attempts.start_attempt(
                entry, round_, now=started, origin=attempts.Origin(dice.choice(("phone", "phone", "computer")))
            ).code
        seconds = dice.uniform(240, 1150) if dice.random() > 0.03 else dice.uniform(38, 70)
        with transaction():
            attempt = db.session.scalars(select(Attempt).where(Attempt.code == code)).one()
            document = _answers(dice, attempt, min(0.95, skill + 0.03 * n), seconds)
            submission.submit(attempt, document, 1, now=started + timedelta(seconds=seconds))
        started += timedelta(seconds=seconds) + timedelta(minutes=dice.randint(2, 30))


def _answers(dice: Random, attempt: Attempt, skill: float, seconds: float) -> dict[str, object]:
    answers: dict[str, dict[str, object]] = {"a": {}, "s": {}, "w": {}}
    times = {}
    paper = questions(attempt)
    for q in paper:
        right = dice.random() < skill
        answers[way(q.kind)][str(q.number)] = _answer(dice, q, right)
        times[str(q.number)] = int(seconds * 1000 * q.number / (len(paper) + 1))
    return canonical(answers | {"f": [], "p": max(0, int(dice.gauss(9, 6))), "t": times})


def _answer(dice: Random, q: Question, right: bool) -> object:
    """A right answer, or one by guess."""
    match way(q.kind):
        case "a":
            return sorted(q.right) if right else [dice.randint(1, len(q.offers))]
        case "s":
            return list(q.right) if right else [dice.randint(1, len(q.order)) for _ in q.offers]
        case _:
            return str(next(iter(q.right))).partition("±")[0] if right else "không nhớ"


def _recognise(round_id: int, division_id: int, judge_id: int, organizer_id: int, now: datetime, number: str) -> None:
    """The judge ranks, the organizer publishes and awards: what people will do in the pages."""
    with transaction():
        round_, division = db.session.get_one(Round, round_id), db.session.get_one(Division, division_id)
        judge, organizer = db.session.get_one(Account, judge_id), db.session.get_one(Account, organizer_id)
        sheet = ranking.make_sheet(round_, division, judge, now=now)
        signing.sign(sheet, judge, sheet.digest, now=now + timedelta(hours=1))
        ranking.publish(sheet, organizer, now=now + timedelta(hours=2))
        data = recognition.DecisionData(
            number=number, signed_on=(now + timedelta(hours=12)).date(), place_name="Tây Ninh", signer_name="Nguyễn Trình Diễn",
            signer_title="Trưởng Ban Tổ chức", organization="Ban Tổ chức cuộc thi (bản trình diễn)", confirmed=True,
        )  # fmt: skip
        recognition.award(sheet, data, organizer, now=now + timedelta(days=1))
