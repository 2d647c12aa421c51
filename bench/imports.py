"""Uploads at size: 10,000 items from XLSX and 1,000 from DOCX, read, checked, compared, kept and committed, on both databases.

Each file is taken in by a process of its own, so that the peak memory is that of the work, with the application loaded.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from bench.banks import application, databases
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.app import system_clock
from quiz.banks import drafts, service
from quiz.banks.formats import table_rows
from quiz.banks.formats.reading import Defaults
from quiz.db import db, transaction
from quiz.law.models import LegalDocument
from tests.given import Given

TOPICS = [{"code": f"chu-de-{n}", "title": f"Chủ đề {n}"} for n in range(1, 8)]
NUMBERS = [f"{n:02}/2024/NĐ-CP" for n in range(1, 31)]
WORDS = (
    "thi đua khen thưởng luật nghị định điều khoản danh hiệu chiến sĩ lao động tiên tiến cơ sở bộ ngành tỉnh toàn quốc huân chương "
    "hạng nhất nhì ba quyết định thẩm quyền chủ tịch ủy ban nhân dân sở tư pháp báo cáo thành tích hồ sơ tập thể cá nhân gia đình"
).split()
DEFAULTS = Defaults(topic="chu-de-1", level=1)  # the Word file names neither
SIZES = {"xlsx": 10_000, "docx": 1_000}


def library() -> list[LegalDocument]:
    return [
        LegalDocument(number=number, title=f"Nghị định {number}", kind="Nghị định", effective_on=date(2024, 1, 1))
        for number in NUMBERS
    ]


class Texts:
    """Sentences by chance, the same every time."""

    def __init__(self) -> None:
        self.dice = Random(3)

    def sentence(self, words: int) -> str:
        return " ".join(self.dice.choices(WORDS, k=words)).capitalize()

    def item(self, number: int) -> tuple[str, list[str], str, str]:
        """Stem, options, letter of the right one, explanation."""
        options = [f"{self.sentence(6)} {letter}" for letter in "một hai ba bốn".split()]
        return f"{self.sentence(18)} {number}?", options, self.dice.choice("ABCD"), self.sentence(30)


def make_xlsx(count: int) -> bytes:
    """A workbook of single choices under all headings of the template."""
    texts, file = Texts(), io.BytesIO()
    names = table_rows.headings(table_rows.FEWEST_OPTIONS)
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Câu hỏi")
        sheet.write_row(0, 0, names)
        for number in range(1, count + 1):
            stem, options, key, explanation = texts.item(number)
            cells = dict(zip(table_rows.option_headings(4), options, strict=True)) | {
                table_rows.CODE: f"CH-{number:05}", table_rows.KIND: "Một đáp án",
                table_rows.TOPIC: TOPICS[number % len(TOPICS)]["title"], table_rows.LEVEL: "Nhận biết", table_rows.STEM: stem,
                table_rows.KEY: key, table_rows.EXPLANATION: explanation, table_rows.DOCUMENT: NUMBERS[number % 30],
                table_rows.ARTICLE: str(number % 90 + 1), table_rows.CLAUSE: "2", table_rows.VALID_FROM: "01/01/2024",
                table_rows.SOURCE: "Tài liệu tập huấn",
            }  # fmt: skip
            for name, value in cells.items():
                sheet.write_string(number, names.index(name), value)
    return file.getvalue()


def make_docx(count: int) -> bytes:
    """A Word file in the plainest layout: "Câu 1. …", "A. …" to "D. …", "Đáp án: B"."""
    texts, lines = Texts(), []
    for number in range(1, count + 1):
        stem, options, key, explanation = texts.item(number)
        lines += [f"Câu {number}. {stem}", *(f"{letter}. {text}" for letter, text in zip("ABCD", options, strict=True))]
        lines += [f"Đáp án: {key}", f"Giải thích: {explanation}"]
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{word}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"{body}</w:body></w:document>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


MAKERS: dict[str, Callable[[int], bytes]] = {"xlsx": make_xlsx, "docx": make_docx}


def _measure(path: Path, url: str) -> None:
    """Upload a file and commit it, in wall time; peak memory is that of this process, which does nothing else."""
    app = application(url)
    author_id = Given(app, system_clock).account(Role.ORGANIZER)
    with app.app_context():
        with transaction():
            db.session.add_all(library())
            author = db.session.get_one(Account, author_id)
            bank = service.create_bank(path.stem, "Ngân hàng thử", "", TOPICS, author, now=system_clock())
        began = time.perf_counter()
        with transaction():
            draft, stages = _timed(
                drafts.start_import(bank, path.name, path.read_bytes(), author, now=system_clock(), defaults=DEFAULTS)
            )
        reported = time.perf_counter()
        counts = drafts.counts_of(draft)
        with transaction():
            done, _stages = _timed(drafts.commit_import(draft, author, now=system_clock(), send=True))
        ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = " + ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items())
    print(
        f"| {app.extensions['settings'].database_url.partition(':')[0]} | {path.suffix[1:]} | {done.added:,} of {counts.read:,} "
        f"| {reported - began:.2f} ({told}) | {ended - reported:.2f} | {ended - began:.2f} | {peak:.0f} |",
        flush=True,
    )


def _timed(work: Generator[drafts.Progress, None, Any]) -> tuple[Any, dict[str, float]]:
    """What the work returns, and the seconds of each of its stages."""
    stages: dict[str, float] = {}
    stage, since = "", time.perf_counter()
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            stages[stage] = stages.get(stage, 0) + time.perf_counter() - since
            return end.value, stages
        now = time.perf_counter()
        if stage:
            stages[stage] = stages.get(stage, 0) + now - since
        stage, since = step.stage.value, now


def main() -> None:
    print("| database | file | items | report, s | commit, s | both, s | peak memory, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for ending, count in SIZES.items():
            files.append(Path(folder) / f"items.{ending}")
            files[-1].write_bytes(MAKERS[ending](count))
        for file in files:
            for _name, database in databases():
                with database as url:
                    subprocess.run([sys.executable, "-m", "bench.imports", str(file), url], check=True)


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
