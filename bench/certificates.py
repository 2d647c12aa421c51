"""Certificates: how long a thousand of them take, as one PDF and as a ZIP of single ones. No database: rows are handed in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from quiz.app import create_app
from quiz.codes import new_code
from quiz.recognition import printing
from quiz.recognition.models import Certificate, Template
from quiz.settings import Settings

PAPERS = 1_000
BASE = "https://hieuluat.tayninh.gov.vn"


def certificate(number: int, template: Template) -> Certificate:
    return Certificate(
        code=new_code(), year=2026, register_number=number, issued_at=datetime(2026, 11, 20, tzinfo=UTC),
        issued_on=date(2026, 11, 20), name=f"Nguyễn Thị Ngọc Ánh {number}", belongs_to="Sở Giáo dục và Đào tạo tỉnh Tây Ninh",
        printed={
            "template": template.value, "organization": "Sở Tư pháp tỉnh Tây Ninh", "prize": "Giải Khuyến khích",
            "of": "Bảng Cán bộ, công chức · Đợt 1", "decision": "45/QĐ-BTC", "decided_on": "2026-11-20",
            "contest": "Cuộc thi trực tuyến Tìm hiểu pháp luật về thi đua, khen thưởng năm 2026", "place_name": "Tây Ninh",
            "signer_title": "Giám đốc", "signer_name": "Lê Văn Hòa", "reissue": 0,
        },
    )  # fmt: skip


def main() -> None:
    app = create_app(Settings(secret_key="of no use", database_url="sqlite://", base_url=BASE))
    look = printing.Look(base_url=BASE)
    with app.app_context(), app.test_request_context():
        for template in Template:
            papers = [certificate(n, template) for n in range(1, PAPERS + 1)]
            for name, make in (("one PDF", printing.pdf_of), ("ZIP", printing.zip_of)):
                start = time.perf_counter()
                size = len(make(papers, look))
                took = time.perf_counter() - start
                print(f"{PAPERS} papers ({template}), {name}: {took:.1f} s, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
