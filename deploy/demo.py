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

from flask import Flask
from sqlalchemy import func, select

from quiz.access import Role
from quiz.accounts import service as accounts
from quiz.accounts.models import Account, Audience, Headcount, OrgUnit
from quiz.accounts.units_import import import_units_file
from quiz.app import create_app, system_clock
from quiz.attempts import service as attempts
from quiz.attempts import submission
from quiz.attempts.papers import questions
from quiz.banks import service as banks
from quiz.contests import service as contests
from quiz.contests.models import Contest, Division, Round
from quiz.db import db, transaction
from quiz.law import service as law
from quiz.ranking import boards
from quiz.ranking import service as ranking
from quiz.recognition import service as recognition

TOP = Path(__file__).resolve().parent.parent
PEOPLE = 300
TITLE = "Tìm hiểu pháp luật về thi đua, khen thưởng và gương điển hình tiên tiến năm 2024"
SUMMARY = (
    "Hai mươi câu hỏi, hai mươi phút, làm ngay trên điện thoại. Cuộc thi trình diễn: bộ câu hỏi là thật, người dự thi và "
    "kết quả đợt 1 là giả định."
)
LAW_DATE = date(2024, 12, 31)

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
COMMUNES = ["Xã Bến Cầu", "Xã Tân Biên", "Xã Tân Châu", "Xã Dương Minh Châu", "Phường Tân Ninh", "Phường Long Hoa", "Phường Gò Dầu", "Xã Châu Thành"]

BLUEPRINT = [("chung", 4), ("danh-hieu", 3), ("hinh-thuc", 3), ("tham-quyen", 3), ("huong-dan", 2), ("loi-keu-goi", 3), ("phong-trao", 2)]
PRIZES = [("nhat", "Giải Nhất", 1, 2_000_000), ("nhi", "Giải Nhì", 2, 1_000_000), ("ba", "Giải Ba", 3, 500_000), ("kk", "Giải Khuyến khích", 10, 200_000)]


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
