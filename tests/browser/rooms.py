"""A database in which every page has something to show, and the addresses of all pages by who opens them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy import demo
from quiz import jobs
from quiz.access import Role
from quiz.accounts import mailing, unit_import
from quiz.accounts.models import Account, OrgUnit
from quiz.attempts import service as attempts
from quiz.attempts.models import Attempt
from quiz.banks import drafts
from quiz.banks.models import Bank, Item, ItemKind
from quiz.banks.versions import faces
from quiz.contests import drafting, presets
from quiz.contests.models import Contest, Division, Entry, Pool, Round
from quiz.db import db, transaction
from quiz.exemplars import comments, evidence, nominations, quarters, reach, stories, story_files
from quiz.exemplars.models import Origin
from quiz.exemplars.nomination_models import EvidenceKind, Quarter
from quiz.exemplars.story_content import content_of
from quiz.exemplars.vote_models import VoteMode
from quiz.law import service as law
from quiz.law.models import LawChange, LegalDocument
from quiz.marking import copied, flags, keys, panels, verdicts
from quiz.marking.models import EssayTask, Flag, Ruling
from quiz.ranking import clockwork, corrections, key_previews, lots, signing
from quiz.ranking import service as ranking
from quiz.ranking.models import LotKind
from quiz.ranking.unit_models import UnitSheet, UnitStanding
from quiz.recognition import complaints
from quiz.recognition import service as recognition
from quiz.recognition.models import Certificate, ComplaintAbout, RevokeCause
from quiz.reports import contest_figures
from quiz.rules.keys import Overlay, What
from quiz.rules.quarters import YearQuarter
from quiz.rules.votes import Choice
from tests.banks.sheets import good, workbook
from tests.exemplars.nominees import Department
from tests.exemplars.told import CONSENT, content, movement, picture_file

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}]
WHY = "Có biên bản: người khác làm bài thay."

# who → addresses; names in braces come from `furnish`
PAGES = {
    "visitor": [
        "/", "/cuoc-thi", "/cuoc-thi/{contest}", "/cuoc-thi/{over}", "/cuoc-thi/{upcoming}", "/ket-qua",
        "/ket-qua/{contest}", "/ket-qua/{over}", "/van-ban", "/van-ban/{document}", "/tra-cuu", "/tra-cuu/SAI",
        "/tra-cuu/{certificate}", "/tra-cuu/{revoked}", "/giai/{certificate}", "/giai/{revoked}", "/dang-nhap", "/dang-ky", "/du-lieu-ca-nhan", "/tro-giup", "/tro-giup/canh-bao",
        "/on-luyen", "/on-luyen/{other_bank}/cau?hat=1", "/on-luyen/{other_bank}/cau?hat=1&chu-de=hoa-giai", "/on-luyen/{bank}/cau",
        "/bang-xep-hang/{contest}/dot-1/{division}", "/bang-xep-hang/{contest}/dot-2/{division}",
        "/bang-xep-hang/{contest}/dot-1/don-vi", "/bang-xep-hang/{contest}/tap-the/tap-the?ky=dot-1",
        "/bang-xep-hang/{rich}/chung/bang-1", "/bang-xep-hang/{rich}/ky-1/bang-1?ten=nguyen",
        "/bang-xep-hang/{frozen}/ky-1/bang-1", "/bang-xep-hang/{hidden}/ky-1/bang-1", "/cuoc-thi/{contest}/the-le/1",
        "/thong-bao/thoi-nhan-thu/{stop}", "/khong-co-trang-nay", "/bang-xep-hang/{again}/ky-1/bang-1",
        "/bang-xep-hang/{again}/ky-1/bang-1/so-1", "/bang-xep-hang/{again}/ky-1/bang-1/so-2/thay-doi",
        "/cuoc-thi/{ruled}/dinh-chinh",
        "/kiem-chung/{sheet}",
        "/guong", "/guong?q=khong+co+gi", "/guong/{story}", "/guong/{old_story}", "/phong-trao", "/phong-trao/{movement}",
        "/de-cu/2024-Q4/lay-y-kien", "/tin", "/tin?q=khong+co+gi", "/lich", "/tin/toa-dam-ke-chuyen-guong-dien-hinh-trong-nganh-tu-phap",
    ],
    "sitting": [
        "/", "/on-luyen", "/on-luyen/{other_bank}/cau?che-do=den-han", "/tai-khoan", "/thong-bao", "/tai-khoan/sua", "/tai-khoan/mat-khau", "/cuoc-thi/{contest}", "/cuoc-thi/{contest}/thi",
        "/thi/{open}", "/thi/{done}/ket-qua", "/cuoc-thi/{hidden}/dang-ky", "/ngan-hang", "/khieu-nai", "/khieu-nai/{complaint}",
        "/khieu-nai/moi/{again}",
    ],
    "waiting": ["/cuoc-thi/{contest}/thi", "/thi/{fresh}/ket-qua", "/bang-xep-hang/{contest}/dot-2/{own_division}"],
    "winner": ["/ket-qua", "/ket-qua/{contest}", "/tra-cuu/{certificate}"],
    "organizer": [
        "/to-chuc/on-luyen", "/to-chuc/on-luyen/{bank}", "/to-chuc/on-luyen/{other_bank}", "/to-chuc/cuoc-thi", "/to-chuc/cuoc-thi/moi", "/to-chuc/cuoc-thi/{draft_contest}",
        "/to-chuc/cuoc-thi/{draft_contest}/xem-truoc?dap-an=1", "/to-chuc/cuoc-thi/{contest_id}",
        "/to-chuc/cuoc-thi/{contest_id}/sua-the-le", "/to-chuc/cuoc-thi/{draft_contest}/tong-duyet", "/to-chuc/don-vi",
        "/to-chuc/don-vi/moi", "/to-chuc/don-vi/{unit}", "/to-chuc/don-vi/nhap", "/to-chuc/don-vi/nhap/{unit_draft}",
        "/to-chuc/dot/{final}/vao-vong", "/to-chuc/don-vi-tham-gia", "/to-chuc/giai/{unawarded}", "/to-chuc/giai/quyet-dinh/{decision}/thu-hoi", "/ngan-hang", "/ngan-hang/moi", "/ngan-hang/{bank}",
        "/ngan-hang/{bank}/sua", "/ngan-hang/{bank}/cau-moi", "/ngan-hang/{bank}/nhap", "/ngan-hang/nhap/{draft}",
        "/ngan-hang/{bank}/cau/{item}", "/ngan-hang/{bank}/cau/{item}/sua", "/ngan-hang/nhap/{draft}/cau/2", "/ngan-hang/nhap/{draft}?xem=all",
        *(f"/ngan-hang/{{bank}}/cau-moi?loai={kind}" for kind in ItemKind), "/ngan-hang/{bank}/tai-ve",
        "/ngan-hang/{bank}/tai-ve?dang=aiken", "/to-chuc/cuoc-thi/{contest_id}/so-lieu-cau-hoi",
        "/to-chuc/so-cap", "/to-chuc/giay-chung-nhan/{certificate}/cap-lai", "/to-chuc/giai/quyet-dinh/{decision}/in",
        "/to-chuc/hinh-dau", "/to-chuc/giai/tap-the/{unit_sheet}",
        "/tra-cuu/{certificate}", "/ket-qua/{over}", "/to-chuc/khieu-nai", "/to-chuc/khieu-nai/{complaint}", "/cham-thi/{paired_round}/ban-cham",
        "/to-chuc/cuoc-thi/{contest_id}/theo-doi", "/to-chuc/cuoc-thi/{contest_id}/thong-ke",
        "/to-chuc/cuoc-thi/{contest_id}/thong-ke?ky=dot-2", "/to-chuc/cuoc-thi/{contest_id}/van-ban", "/to-chuc/bao-cao",
        "/nhat-ky", "/van-ban/moi", "/van-ban/nhap", "/van-ban/{document}", "/van-ban/{document}/sua",
        "/van-ban/{document}/dieu-khoan", "/van-ban/dieu-khoan/{provision}", "/van-ban/{document}/cau-hoi",
        "/van-ban/{document}/thay-doi/moi", "/van-ban/thay-doi/{law_change}", "/van-ban/thay-doi/{law_change}/sua",
        "/to-chuc/guong", "/to-chuc/guong/moi", "/to-chuc/guong/{edited_story}", "/to-chuc/guong/{edited_story}/sua",
        "/to-chuc/guong/{edited_story}/hinh", "/to-chuc/guong/{draft_story}", "/to-chuc/guong/tiep-can",
        "/to-chuc/guong/{edited_story}/tiep-can", "/to-chuc/phong-trao", "/to-chuc/phong-trao/moi",
        "/to-chuc/phong-trao/{movement_id}",
        "/to-chuc/tin", "/to-chuc/tin/moi", "/to-chuc/tin/1", "/to-chuc/tin/1/sua", "/to-chuc/cuoc-thi/{contest_id}/guong", "/to-chuc/de-cu/2024-Q3/bao-cao",
        "/to-chuc/de-cu", "/to-chuc/de-cu/moi", "/to-chuc/de-cu/2024-Q4", "/to-chuc/de-cu/2024-Q3", "/to-chuc/de-cu/2024-Q2",
        "/to-chuc/de-cu/2024-Q4/lich", "/to-chuc/de-cu/2024-Q4/don-vi", "/to-chuc/de-cu/thu-truong",
        "/to-chuc/de-cu/2024-Q4/bo-phieu", "/to-chuc/de-cu/2024-Q3/gia-han-phieu", "/de-cu/ho-so/{confirmed}",
        "/de-cu/ho-so/{commenting}", "/hoi-dong/2024-Q3",
    ],
    "judge": [
        "/xet-hang", "/xet-hang/{sheet}", "/xet-hang/{corrected}", "/xet-hang/{unsigned}", "/xet-hang/{again_sheet}/thay-doi", "/xet-hang/{sheet}/so-sanh?a=1&b=2",
        "/xet-hang/luot/{attempt}", "/xet-hang/luot/{annulled}", "/xet-hang/luot/{open}", "/xet-hang/canh-bao/{flagged}",
        "/xet-hang/canh-bao/cap/{pair}", "/xet-hang/{corrected}/xac-minh", "/ngan-hang/{bank}/cau/{item}",
        "/bang-xep-hang/{hidden}/ky-1/bang-1", "/bang-xep-hang/{frozen}/ky-1/bang-1", "/boc-tham/{lot}",
        "/xet-hang/so-thuc-te/{rich_id}/{rich_round}", "/xet-hang/tap-the/{contest_id}",
        "/xet-hang/tap-the/bang/{unit_sheet}", "/xet-hang/tap-the/bang/{unit_sheet}/{ranked_unit}",
        "/xet-hang/tap-the/bang/{unit_sheet}/so-sanh?a=1&b=2", "/xet-hang/tu-luan/{essay_round}",
        "/xet-hang/tu-luan/bai/{essay}/1", "/cham-thi/{paired_round}", "/cham-thi/bai/{task}",
        "/cham-thi/{paired_round}/giong-nhau/{paper_a}/{paper_b}",
        "/xet-hang/tap-the/{rich_id}/tong-hop/chung/chat-luong", "/xet-hang/dap-an/{contest_id}",
        "/xet-hang/dap-an/{contest_id}/cau/{version}", "/xet-hang/dap-an/de-xuat/{ruling}",
        "/xet-hang/dap-an/de-xuat/{applied}", "/xet-hang/dap-an/de-xuat/{applied}/bai",
    ],
    "admin": ["/quan-tri/tai-khoan", "/quan-tri/tai-khoan/{account}", "/nhat-ky"],
    "unit_contact": ["/to-chuc/don-vi-tham-gia", "/to-chuc/guong", "/to-chuc/guong/moi", "/to-chuc/de-cu"],
    "nominator": [
        "/to-chuc/de-cu", "/de-cu/2024-Q4/moi", "/de-cu/ho-so/{drafted}", "/de-cu/ho-so/{drafted}/sua", "/de-cu/ho-so/{returned}",
    ],
    "head": ["/de-cu/xac-nhan", "/de-cu/ho-so/{sent}"],
    "council_member": ["/to-chuc/de-cu", "/hoi-dong/2024-Q3", "/hoi-dong/2024-Q2", "/hoi-dong/2024-Q2/bien-ban"],
}  # fmt: skip

# forms that are sent back: (who, address, button)
SENT_EMPTY = [
    ("visitor", "/dang-nhap", "Đăng nhập"),
    ("visitor", "/dang-ky", "Đăng ký"),
    ("sitting", "/tai-khoan/mat-khau", "Đổi mật khẩu"),
    ("organizer", "/to-chuc/cuoc-thi/moi", "Lập bản nháp"),
    ("organizer", "/to-chuc/cuoc-thi/{draft_contest}", "Lưu bản nháp"),
    ("organizer", "/to-chuc/cuoc-thi/{draft_contest}/tong-duyet", "Chạy tổng duyệt"),
    ("organizer", "/to-chuc/cuoc-thi/{contest_id}/sua-the-le", "Xem điều gì đổi"),
    ("organizer", "/to-chuc/giai/{unawarded}", "Ghi quyết định"),
    ("organizer", "/to-chuc/khieu-nai/{complaint}", "Gửi trả lời"),
    ("organizer", "/to-chuc/hinh-dau", "Lưu hình"),
    ("organizer", "/to-chuc/giay-chung-nhan/{certificate}/cap-lai", "Cấp lại"),
    ("sitting", "/khieu-nai/moi/{again}", "Gửi khiếu nại"),
    ("organizer", "/ngan-hang/moi", "Tạo ngân hàng"),
    ("organizer", "/ngan-hang/{bank}/cau-moi", "Ghi và gửi duyệt"),
    ("organizer", "/ngan-hang/{bank}/cau-moi?loai=matching", "Ghi và gửi duyệt"),
    ("organizer", "/ngan-hang/{bank}/cau/{item}", "Gửi ý kiến"),
    ("organizer", "/ngan-hang/nhap/{draft}/cau/2", "Lưu câu này"),
    ("organizer", "/to-chuc/giai/quyet-dinh/{decision}/thu-hoi", "Thu hồi"),
    ("organizer", "/to-chuc/guong/moi", "Lưu bản nháp"),
    ("organizer", "/to-chuc/guong/{edited_story}", "Đưa về bản nháp"),
    ("organizer", "/to-chuc/guong/{edited_story}/hinh", "Thêm hình"),
    ("organizer", "/to-chuc/phong-trao/moi", "Lưu phong trào"),
    ("organizer", "/van-ban/moi", "Lưu văn bản"),
    ("organizer", "/van-ban/nhap", "Đọc tệp và xem báo cáo"),
    ("organizer", "/van-ban/{document}/dieu-khoan", "Thêm điều khoản"),
    ("organizer", "/van-ban/{document}/thay-doi/moi", "Xem câu bị ảnh hưởng"),
    ("judge", "/xet-hang/luot/{attempt}", "Xem điều gì sẽ thay đổi"),
    ("judge", "/xet-hang/luot/{attempt}", "Ghi phán quyết"),
    ("judge", "/cham-thi/bai/{task}", "Ghi điểm"),
    ("organizer", "/cham-thi/{empty_round}/ban-cham", "Lưu ban chấm"),
    ("nominator", "/de-cu/2024-Q4/moi", "Lưu hồ sơ"),
    ("nominator", "/de-cu/ho-so/{drafted}", "Rút đề cử"),
    ("organizer", "/de-cu/ho-so/{confirmed}", "Trả về kèm câu hỏi"),
    ("organizer", "/to-chuc/de-cu/2024-Q4/lich", "Lưu lịch"),
    ("organizer", "/to-chuc/de-cu/2024-Q4/bo-phieu", "Mở bỏ phiếu"),
    ("council_member", "/hoi-dong/2024-Q3", "Gửi phiếu"),
    ("council_member", "/hoi-dong/2024-Q3", "Tôi không bỏ phiếu cho đề cử này"),
    ("visitor", "/de-cu/2024-Q4/lay-y-kien", "Gửi ý kiến"),
]


def furnish(site):
    """Fill the database; gives (name in an address → value, who → account id or None)."""
    now = site.clock()
    with site.app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "PEOPLE", 40)
        demo.make(now, "mật khẩu trình diễn")
    values = _over(site, now) | _plans(site, now) | _rich(site, now) | _written(site, now)
    people = {"visitor": None}
    with site.app.app_context(), transaction():
        by_name = {a.username: a for a in db.session.scalars(db.select(Account))}
        for role in (Role.ORGANIZER, Role.JUDGE, Role.ADMIN, Role.UNIT_CONTACT, Role.COUNCIL_MEMBER):
            people[str(role)] = by_name[demo.STAFF[role][0]].id
        people["sitting"] = by_name[demo.PARTICIPANT[0]].id
        values["account"] = people["organizer"]
        values["stop"] = mailing.stop_token(by_name[demo.PARTICIPANT[0]])
        values |= _of_demo(people, now) | _uploads(by_name[demo.STAFF[Role.ORGANIZER][0]], now)
    values |= _corrected(site, now, people["sitting"]) | _paired(site, now, people["judge"])
    values |= _counted(site, values, people, now) | _ruled(site, now) | _told(site, values, now)
    values |= _nominated(site, people, now)
    return values, people


def _nominated(site, people, now):
    """A quarter with nominations at every step, one whose vote is open, and one whose open ballots have been counted."""
    at = SimpleNamespace(now=now)
    d = Department.made(site.given, at, units=2, council=3)
    d.council.append(people["council_member"])
    people |= {"nominator": d.contacts[0], "head": d.heads[0]}
    long = {"summary": "Vận động bà con hiến đất làm đường và giữ vệ sinh chung. " * 6, "is_demo": True}
    with site.app.app_context():
        at.now = datetime(2024, 5, 20, 2, tzinfo=UTC)
        _of_quarter(d, 2)
        vote, (told,) = d.voting("Tổ hòa giải Giả định", mode=VoteMode.OPEN)
        for member in d.council:
            d.cast(vote, member, {told: Choice.AGREE}, reasons={told: "Việc làm có sức lan tỏa."})
        d.close(vote)
        at.now = datetime(2024, 8, 20, 2, tzinfo=UTC)
        _of_quarter(d, 3)
        d.commented("Trương Văn Mẫu", "Lê Thị Kim Mẫu")
        at.now = now
        d.vote_again()
        _of_quarter(d, 4)
        commenting = d.accepted(1, "Người Đang Lấy Ý Kiến", **long)
        office = d.person(d.office)
        with transaction():
            nominations.open_comments(d.quarter(), office, now=now)
            comments.say(
                d.nomination(commenting), "Tôi xác nhận việc này là thật.", None, name="Người dân", contact="0912345678",
                sender="x", now=now,
            )  # fmt: skip
        returned, confirmed = d.confirmed(0, "Người Được Hỏi Lại", **long), d.confirmed(0, "Trương Văn Mẫu", **long)
        d.confirmed(1, "Trương Văn Mẩu", **long)
        with transaction():
            nominations.ask_back(
                d.nomination(returned), "Số liệu lấy từ đâu?", now + timedelta(days=3), office, now=now
            )
        sent, drafted = d.drafted(0, "Người Chờ Xác Nhận", **long), d.drafted(0, "Bản Nháp", **long)
        with transaction():
            nominations.send(d.nomination(sent), d.person(d.contacts[0]), now=now)
            pdf = b"%PDF-1.7 %%EOF"
            writer = d.person(d.contacts[0])
            evidence.add(d.nomination(drafted), EvidenceKind.MINUTES, "bien-ban.pdf", pdf, writer, now=now)
    return {
        "commenting": commenting, "returned": returned, "confirmed": confirmed, "sent": sent, "drafted": drafted,
    }  # fmt: skip


def _of_quarter(d, n):
    """From now on the department works on this quarter of the year."""
    of = db.select(Quarter).filter_by(year=2024, n=n)
    d.quarter = lambda: db.session.scalars(of).one()
    running = db.session.scalars(of).one_or_none()
    if running is None:
        d.open_quarter(YearQuarter(2024, n))
    else:  # the demo has opened it, before the department was there
        with transaction():
            asked = [*(unit.id for unit in running.units), *d.units]
            quarters.set_units(running, asked, d.person(d.office), why="Thêm đơn vị mới lập.", now=d.clock.now)


def _counted(site, values, people, now):
    """The demo's figures, counted, and a ruling on one of its keys that waits for a second person."""
    with site.app.app_context():
        with transaction():
            contest = db.session.get_one(Contest, values["contest_id"])
            actor = db.session.get_one(Account, people["organizer"])
            jobs.ask(contest_figures.JOB, f"contest:{contest.id}", actor, now=now)
            papers = db.session.scalars(
                db.select(Attempt).where(Attempt.round_id == contest.rounds[0].id).order_by(Attempt.id).limit(40)
            )
            versions = [face for attempt in papers for face in faces([v for v, _order in attempt.paper]).values()]
            face = next(f for f in versions if f.kind == ItemKind.SINGLE)
            other = next(n for n in range(1, len(face.options) + 1) if n not in face.key.right)
            overlay = Overlay(What.ACCEPT, ((other,),))
            ruling = keys.propose(contest, face.version_id, overlay, actor, why="Hai phương án cùng đúng.", now=now)
            jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", actor, now=now)
            found = {"version": face.version_id, "ruling": ruling.id}
        jobs.run_all(site.clock)
        return found


def _ruled(site, now):
    """A contest in which the key of an item was wrong, after everything has been marked anew."""
    given = site.given
    contest = given.contest(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    (round_id,) = given.round_ids(contest)
    taken = [
        given.attempt(given.entry(contest), round_id, score=n, started_at=now - timedelta(days=2)) for n in (0, 2, 4)
    ]
    one, two = (given.account(Role.JUDGE, name=f"Giám khảo {name}") for name in ("Đề Xuất", "Xác Nhận"))
    with site.app.app_context():
        with transaction():
            version_id = db.session.get_one(Attempt, taken[0]).paper[0][0]
            ruling = keys.propose(
                db.session.get_one(Contest, contest), version_id, Overlay(What.CORRECT, ((1,),)),
                db.session.get_one(Account, one), why="Khoản 2 Điều 5 nói như phương án A.", now=now,
            )  # fmt: skip
            jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", None, now=now)
        jobs.run_all(site.clock)
        with transaction():
            keys.confirm(ruling, db.session.get_one(Account, two), now=now)
        jobs.run_all(site.clock)
        return {"ruled": ruling.contest.slug, "applied": ruling.id}


def _told(site, values, now):
    """A movement with stories: one with all that a story can have and an edit that waits, one archived, one a draft."""
    organizers = [site.given.account(Role.ORGANIZER, name=f"Người Viết {name}") for name in ("Một", "Hai")]
    whole = content(
        quarter="2024-Q3", provisions=[[values["document"], "5", "", ""]],
        figures=[{"value": "212", "label": "vụ việc đã nhận hòa giải"}, {"value": "38", "label": "tổ học theo"}],
        body="Đoạn mở.\n\n> Luật viết cho mọi người, thì mình phải nói sao cho mọi người hiểu.\n>\n> Bà Mẫu\n\n## Mục\n\n- một\n- hai\n\n[Trang](https://vi.du)",
    )  # fmt: skip
    with site.app.app_context():
        one, two = (db.session.get_one(Account, id_) for id_ in organizers)

        def publish(said):
            with transaction():
                story = stories.write_story(said, one, now=now)
                stories.add_picture(
                    story,
                    picture_file("#60733f", (800, 500)),
                    CONSENT | {"caption": "Sân nhà."},
                    one,
                    revision=1,
                    now=now,
                )
                stories.approve_story(story, two, revision=2, now=now)
                stories.publish_story(story, two, now=now)
                story_files.ask(story, two, now=now)
            return story

        with transaction():
            shown = movement(
                now, slug="chung-suc", title="Chung sức xây dựng nông thôn mới", body="Lời.", started="2011"
            )
            db.session.add(shown)
            db.session.flush()
            movement_id = shown.id
        story = publish(whole | {"movements": [movement_id]})
        slug, story_id = story.slug, story.id
        old = publish(content(name="Chuyện cũ", title="Chuyện đã lưu trữ"))
        jobs.run_all(site.clock)
        with transaction():
            stories.archive_story(old, two, "Đã cũ.", now=now)
            text = content_of(story)["body"].replace("Đoạn mở", "Đoạn mở đầu")
            said = content_of(story) | {"body": text}
            stories.edit_story(story, said, one, revision=story.revision, now=now)
            stories.add_picture(
                story, picture_file("#8c1c1c", (400, 600)), CONSENT, one, revision=story.revision, now=now
            )
            draft = stories.write_story(content(name="Bản nháp", kind="person"), one, now=now)
            stories.submit_story(draft, one, revision=1, now=now)
            reach.count_opened(story.id, Origin.QR, now=now)
            return {
                "story": slug, "old_story": old.slug, "edited_story": story_id, "draft_story": draft.id,
                "movement": "chung-suc", "movement_id": movement_id,
            }  # fmt: skip


def _over(site, now):
    """A contest whose results wait for prizes, with people in equal places and an attempt that was annulled."""
    given = site.given
    began, ended = now - timedelta(days=2), now - timedelta(days=1)
    contest = given.contest(prizes=PRIZES, divisions=("Bảng A", "Bảng B"), opens_at=began, closes_at=ended)
    (round_id,) = given.round_ids(contest)
    mark = "0" * 18  # one device for all of them
    taken = [
        given.attempt(given.entry(contest, division=n % 2), round_id, started_at=began, device_mark=mark)
        for n in range(6)
    ]
    judge = given.account(Role.JUDGE, name="Giám khảo Hai")
    with site.app.app_context(), transaction():
        round_, actor = db.session.get_one(Round, round_id), db.session.get_one(Account, judge)
        first, _second = (ranking.make_sheet(round_, d, actor, now=now) for d in round_.contest.divisions)
        ranking.publish(first, actor, now=now)
        bad, fine = (db.session.get_one(Attempt, taken[n]) for n in (1, 0))
        (corrected,) = corrections.annul(bad, actor, why=WHY, now=now)
        verdicts.rule(db.session.get_one(Attempt, taken[2]), Ruling.IDENTITY, actor, why=WHY, now=now)
        flags.compute(round_id, now=now)
        pair = db.session.scalars(db.select(Flag).filter_by(kind="overlap")).first()
        return {
            "flagged": round_id, "pair": pair.id,
            "over": round_.contest.slug, "unawarded": first.id, "sheet": first.id, "corrected": corrected.id,
            "annulled": bad.code, "attempt": fine.code,
        }  # fmt: skip


def _rich(site, now):
    """A contest with most that rules can ask for: a round that is over and ranked, a final to come, a frozen board beside."""
    given = site.given
    composite = {"code": "tong-hop", "name": "Tập thể tiêu biểu", "formula": "composite", "prize_points": {"nhat": 10}}
    rich = given.contest(
        rounds=2, opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1), prizes=PRIZES,
        rules={
            "prediction": {"target": "people"}, "chain": ["score", "prediction"], "collective": [composite],
            "overall": {"how": "sum", "chain": ["score", "elapsed", "attempts"]},
            "lucky": {"name": "Giải may mắn", "quota": 2, "amount": 100_000},
        },
        round_rules=[{}, {"admission": {"rounds": ["ky-1"], "quota": 3}}],
    )  # fmt: skip
    first, final = given.round_ids(rich)
    for n in range(5):
        entry = given.entry(rich, given.account(name=f"Nguyễn Văn Số {n}"))
        given.attempt(entry, first, prediction=n // 2, started_at=now - timedelta(days=2))
    frozen = given.contest(
        rules={"freeze_hours": 2}, closes_at=now + timedelta(hours=1), opens_at=now - timedelta(hours=5)
    )
    given.attempt(given.entry(frozen), given.round_ids(frozen)[0], started_at=now - timedelta(hours=4))
    judge = given.account(Role.JUDGE, name="Giám khảo Ba")
    with site.app.app_context(), transaction():
        round_, actor = db.session.get_one(Round, first), db.session.get_one(Account, judge)
        sheet = ranking.make_sheet(round_, round_.contest.divisions[0], actor, now=now)
        ranking.publish(sheet, actor, now=now)
        lots.announce(sheet, LotKind.TIE, 2, "Giải đặc biệt xổ số Tây Ninh ngày mai", actor, now=now)
        lot = lots.draw(sheet, LotKind.TIE, 2, "123456", actor, now=now + timedelta(days=1))
        values = {
            "rich": round_.contest.slug, "rich_id": rich, "rich_round": first, "final": final, "lot": lot.id,
            "frozen": db.session.get_one(Contest, frozen).slug,
        }  # fmt: skip
    with site.app.app_context():
        clockwork.tick("rooms", now=now, thorough=True)
    return values


def _corrected(site, now, person):
    """A published sheet that another has replaced, one that judges have yet to sign, and a complaint that waits."""
    given = site.given
    began = now - timedelta(days=2)
    contest = given.contest(
        prizes=PRIZES, divisions=("Bảng A", "Bảng B"), opens_at=began, closes_at=now - timedelta(days=1),
        rules={"signing_judges": 1},
    )  # fmt: skip
    (round_id,) = given.round_ids(contest)
    entries = [given.entry(contest, person), *(given.entry(contest, division=n % 2) for n in range(5))]
    taken = [given.attempt(e, round_id, score=4 - n // 2, started_at=began) for n, e in enumerate(entries)]
    judges = [given.account(Role.JUDGE, name=f"Giám khảo {name}") for name in ("Ký", "Không Ký")]
    with site.app.app_context(), transaction():
        round_ = db.session.get_one(Round, round_id)
        first, second = round_.contest.divisions
        judge, other = (db.session.get_one(Account, id_) for id_ in judges)

        def out(sheet):
            signing.sign(sheet, judge, sheet.digest, now=now)
            ranking.publish(sheet, judge, now=now)

        out(ranking.make_sheet(round_, first, judge, now=now))
        own, bad = (db.session.get_one(Attempt, taken[n]) for n in (0, 1))
        complaint = complaints.file(own.entry, own, ComplaintAbout.QUESTION, 2, WHY, now=now)
        corrections.annul(bad, judge, why=WHY, now=now)
        second_sheet = ranking.make_sheet(round_, first, judge, now=now)
        out(second_sheet)
        unsigned = ranking.make_sheet(round_, second, judge, now=now)
        signing.decline(unsigned, other, unsigned.digest, why=WHY, now=now)
        return {
            "again": round_.contest.slug,
            "complaint": complaint.code,
            "unsigned": unsigned.id,
            "again_sheet": second_sheet.id,
        }


def _written(site, now):
    """A round with an essay that waits for its judge."""
    given = site.given
    contest = given.contest(items=1, version={"kind": "essay", "options": [], "key": [], "words": 500})
    (round_id,) = given.round_ids(contest)
    words = "Tấm gương của đồng chí Nguyễn Văn Mẫu trong phong trào thi đua yêu nước. " * 12
    attempt = given.attempt(
        given.entry(contest), round_id, essays=1, score=0, max_score=20, correct=0, all_correct=False,
        responses={"a": {}, "e": {"1": words}, "f": [], "p": None, "t": {}}, started_at=now - timedelta(minutes=30),
    )  # fmt: skip
    with site.app.app_context():
        return {"essay_round": round_id, "essay": db.session.get_one(Attempt, attempt).code}


def _paired(site, now, judge):
    """A round whose essays two judges mark: two papers that are alike, one of them with a third judge; and a round without a panel."""
    given = site.given
    words = (
        "Tấm gương của đồng chí Nguyễn Văn Mẫu trong phong trào thi đua yêu nước ở xã nhà được nhiều người noi theo. "
    )
    rubric = [{"name": "Nội dung", "points": 15}, {"name": "Hình thức", "points": 5}]
    essay = {"kind": "essay", "options": [], "key": [], "words": 50, "explanation": "Nêu việc làm, kết quả."}
    contest = given.contest(items=1, version=essay, rounds=2, rules={"essay_judges": 2, "essay_rubric": rubric})
    round_id, empty = given.round_ids(contest)
    with site.app.app_context():
        version = (
            db.session.scalars(db.select(Pool).join(Division).where(Division.contest_id == contest))
            .one()
            .candidates[0][0]
        )
    for n in range(2):
        given.attempt(
            given.entry(contest), round_id, essays=1, score=0, max_score=20, correct=0, all_correct=False, paper=[[version, []]],
            responses={"a": {}, "e": {"1": f"Bài {n}. {words * (n + 1)}"}, "f": [], "p": None, "t": {}},
        )  # fmt: skip
    others = [given.account(Role.JUDGE, name=f"Giám khảo {name}") for name in ("Hai", "Ba")]
    with site.app.app_context(), transaction():
        round_, actor = db.session.get_one(Round, round_id), db.session.get_one(Account, judge)
        panels.set_panel(round_, others, judge, actor, now=now)
        panels.draw(round_, actor, now=now)
        papers = sorted(copied.texts_of(round_))
        first = papers[0]
        for task in db.session.scalars(db.select(EssayTask).filter_by(paper=first).order_by(EssayTask.slot)).all():
            points = (15, 5) if task.slot == 1 else (3, 1)
            panels.give(task, sum(points), points, "Bài có liên hệ thực tế.", task.judge, now=now)
        chair = db.session.scalars(db.select(EssayTask).filter_by(judge_id=judge)).one()
        jobs.ask(copied.JOB, f"round:{round_id}", actor, now=now)
        task = chair.id
    with site.app.app_context():
        jobs.run_all(site.clock)
    return {
        "paired_round": round_id, "empty_round": empty, "task": task, "paper_a": papers[0], "paper_b": papers[1],
    }  # fmt: skip


def _plans(site, now):
    """A contest that opens tomorrow, one that hides its board, and a draft."""
    given = site.given
    tomorrow = {"opens_at": now + timedelta(days=1), "closes_at": now + timedelta(days=3)}
    upcoming = given.contest(**tomorrow)
    hidden = given.contest(rules={"board_release": "after_publish"})
    with site.app.app_context(), transaction():
        draft = drafting.create_draft(
            next(iter(presets.presets().values())), title="Cuộc thi còn nháp", banks=[demo.BANK], law_date=demo.LAW_DATE,
            actor=None, now=now, opens_at=now + timedelta(days=5),
        )  # fmt: skip
        slugs = {
            name: db.session.get_one(Contest, id_).slug for name, id_ in (("upcoming", upcoming), ("hidden", hidden))
        }
        return slugs | {"draft_contest": draft.id}


def _of_demo(people, now):
    contest = db.session.scalars(db.select(Contest).filter_by(title=demo.TITLE)).one()
    first, second = contest.rounds
    own = db.session.scalars(db.select(Entry).filter_by(contest_id=contest.id, account_id=people["sitting"])).one()
    fresh = db.session.scalars(db.select(Attempt).filter_by(round_id=second.id)).first()
    people["waiting"] = fresh.account_id
    standing, revoked = db.session.scalars(db.select(Certificate).order_by(Certificate.id).limit(2))
    people["winner"] = standing.award.entry.account_id
    organizer = db.session.get_one(Account, people["organizer"])
    change = db.session.scalars(
        db.select(LawChange).join(LawChange.document).where(LegalDocument.number == "06/2022/QH15")
    ).one()
    place = {"article": "5", "clause": "2", "title": "Mục tiêu"}
    provision = law.add_provision(change.document, place, organizer, now=now)
    unit_sheet = db.session.scalars(db.select(UnitSheet)).one()
    ranked = db.session.scalars(db.select(UnitStanding).filter_by(sheet_id=unit_sheet.id, position=1)).one()
    recognition.revoke(revoked, RevokeCause.WRONG_DETAILS, "52/QĐ-BTC", WHY, organizer, now=now)
    return {
        "contest": contest.slug, "contest_id": contest.id, "division": contest.divisions[0].code,
        "own_division": fresh.entry.division.code, "fresh": fresh.code, "certificate": standing.code, "decision": standing.award.decision_id,
        "revoked": revoked.code, "open": attempts.start_attempt(own, second, now=now).code,
        "done": db.session.scalars(db.select(Attempt).filter_by(entry_id=own.id, round_id=first.id)).first().code,
        "document": change.document_id, "law_change": change.id, "provision": provision.id,
        "unit": db.session.scalars(db.select(OrgUnit)).first().id,
        "item": db.session.scalars(db.select(Item).join(Bank).where(Bank.code == demo.BANK)).first().code,
        "bank": demo.BANK, "other_bank": demo.OTHER_BANK, "unit_sheet": unit_sheet.id, "ranked_unit": ranked.unit_id,
    }  # fmt: skip


def _uploads(organizer, now):
    """An upload of items and one of units, each with things to mend."""
    bank = db.session.scalars(db.select(Bank).filter_by(code=demo.BANK)).one()
    rows = [good(), good("Câu có đáp án lạ?", key="Z"), [], good("Câu có chủ đề lạ?", topic="khong-co")]
    draft = drafts.finished(drafts.start_import(bank, "câu hỏi.xlsx", workbook(*rows), organizer, now=now))
    file = Path(demo.TOP) / "quiz" / "accounts" / "units" / "so-tu-phap-tay-ninh-2024.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    data = "\n".join([*lines[:6], lines[1], ",".join(["?"] * 9)]).encode()
    unit_draft = unit_import.draft_import(data, "đơn vị.csv", by=organizer, now=now)
    db.session.flush()
    return {"draft": draft.id, "unit_draft": unit_draft.id}
