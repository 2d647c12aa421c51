"""Uploads at size: 10,000 items from XLSX and 1,000 from DOCX, read, checked, compared, kept and committed, on both databases.

Through the served application, as a browser does it; time is what somebody waits, memory the peak of the one worker.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import xlsxwriter

from bench.banks import application
from bench.hot_path import SECRET, Person, databases, gunicorn
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.app import system_clock
from quiz.banks import service
from quiz.banks.formats.sheets import table_rows
from quiz.db import db, transaction
from quiz.law.models import LegalDocument
from tests.given import Given

TOPICS = [{"code": f"chu-de-{n}", "title": f"Chủ đề {n}"} for n in range(1, 8)]
NUMBERS = [f"{n:02}/2024/NĐ-CP" for n in range(1, 31)]
WORDS = (
    "thi đua khen thưởng luật nghị định điều khoản danh hiệu chiến sĩ lao động tiên tiến cơ sở bộ ngành tỉnh toàn quốc huân chương "
    "hạng nhất nhì ba quyết định thẩm quyền chủ tịch ủy ban nhân dân sở tư pháp báo cáo thành tích hồ sơ tập thể cá nhân gia đình"
).split()
FIELDS = {"topic": "chu-de-1", "level": "1", "document": "0"}  # for the Word file, whose items name none
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


def _measure(name: str, url: str, files: Sequence[Path]) -> None:
    """Upload and commit each file through the served application, as a browser does; one worker, so that its peak is seen."""
    app = application(url)
    organizer = Given(app, system_clock).account(Role.ORGANIZER)
    with app.app_context(), transaction():
        db.session.add_all(library())
        author = db.session.get_one(Account, organizer)
        for file in files:
            service.create_bank(file.suffix[1:], "Ngân hàng thử", "", TOPICS, author, now=system_clock())
    environ = {
        "QUIZ_SECRET_KEY": SECRET, "QUIZ_DATABASE_URL": url, "QUIZ_BASE_URL": "http://127.0.0.1", "QUIZ_SECURE_COOKIES": "0",
        "QUIZ_CLOCK": "0", "QUIZ_JOBS": "0", "QUIZ_WORKERS": "1",
    }  # fmt: skip
    app.config["SECRET_KEY"] = SECRET
    browser = Browser(Person(app, organizer))
    for file in files:
        with gunicorn("wsgi:app", environ) as port:
            browser.look(
                port, f"/ngan-hang/{file.suffix[1:]}"
            )  # a worker that has just been started loads the application first
            before = _peak_mb(port)
            began = time.perf_counter()
            report, stages = browser.work(port, f"/ngan-hang/{file.suffix[1:]}/nhap", {**FIELDS, "file": file})
            reported = time.perf_counter()
            done, _stages = browser.work(port, f"{report}/ghi", {"what": "all", "send": "1"})
            ended = time.perf_counter()
            peak = _peak_mb(port)
        told = ", ".join(f"{words.strip('…').lower()} {seconds:.2f}" for words, seconds in stages.items())
        print(
            f"| {name} | {file.suffix[1:]} | {done.partition('da-ghi=')[2].partition('-')[0]} | {reported - began:.2f} ({told}) "
            f"| {ended - reported:.2f} | {ended - began:.2f} | {peak:.0f} (idle {before:.0f}) |",
            flush=True,
        )


class Browser:
    """Posts forms as the script of the page does, and reads what is told line by line."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def look(self, port: int, path: str) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers={"Cookie": self.person.cookie})
        reply = connection.getresponse()
        assert reply.status == 200, reply.status

    def work(self, port: int, path: str, fields: Mapping[str, str | Path]) -> tuple[str, dict[str, float]]:
        """The address that the work leads to, and the seconds of each of its stages."""
        body, kind = _multipart({**fields, "csrf_token": self.person.token})
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Cookie": self.person.cookie, "Content-Type": kind, "X-Requested-With": "fetch"}
        connection.request("POST", path, body, headers)
        stages: dict[str, float] = {}
        stage, since = "", time.perf_counter()
        reply = connection.getresponse()
        assert reply.status == 200, (reply.status, reply.read()[:500])
        for line in reply:
            told, now = json.loads(line), time.perf_counter()
            if stage:
                stages[stage] = stages.get(stage, 0) + now - since
            stage, since = told.get("say", ""), now
        return told["next"], stages


def _multipart(fields: Mapping[str, str | Path]) -> tuple[bytes, str]:
    """The body of a form, and its content type."""
    parts = []
    for name, value in fields.items():
        file = f'; filename="{value.name}"' if isinstance(value, Path) else ""
        content = value.read_bytes() if isinstance(value, Path) else value.encode()
        parts.append(
            f'--ranh-gioi\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return b"".join(parts) + b"--ranh-gioi--\r\n", "multipart/form-data; boundary=ranh-gioi"


def _peak_mb(port: int) -> float:
    """The most memory that any process of the server on this port has held so far."""
    peaks = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # of somebody else, or gone meanwhile
            if f"QUIZ_BIND=127.0.0.1:{port}".encode() in (folder / "environ").read_bytes():
                status = (folder / "status").read_text()
                peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(peaks)


def main() -> None:
    print("| database | file | items | report, s | commit, s | both, s | peak memory, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder, databases() as urls:
        files = []
        for ending, count in SIZES.items():
            files.append(Path(folder) / f"items.{ending}")
            files[-1].write_bytes(MAKERS[ending](count))
        for name, url in urls:
            _measure(name, url, files)


if __name__ == "__main__":
    main()
