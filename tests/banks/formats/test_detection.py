"""Formats are told by what a file holds, whatever its name says."""

from __future__ import annotations

import io
import zipfile

import pytest

from quiz.banks.exporting import WRITERS
from quiz.banks.formats.detection import READERS, Format, detect
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.writing import OutBank, OutItem
from quiz.banks.wording import Wording
from quiz.errors import Refusal

BANK = OutBank("thu", "Ngân hàng thử", "", [{"code": "chung", "title": "Quy định chung"}])
ITEM = OutItem(
    code="C-1",
    wording=Wording(
        kind="single",
        stem="Luật có hiệu lực từ ngày nào?",
        options=("01/01/2023", "01/01/2024"),
        key=(2,),
        topic="chung",
        level=1,
    ),
)
TEXT = "Câu 1. Luật có hiệu lực từ ngày nào?\nA. 01/01/2023\nB. 01/01/2024\nĐáp án: B\n"


def zipped(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_recognised_and_read(name: str):
    content = WRITERS[name].write(BANK, [ITEM]).content
    assert detect(content) == Format(name)
    (raw,) = READERS[detect(content)](content).items
    assert (raw.stem, raw.key) == ("Luật có hiệu lực từ ngày nào?", [2])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TEXT.encode(), Format.TEXT),
        (TEXT.encode("utf-16"), Format.TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), Format.TEXT),
        ("::Câu 1:: Luật có hiệu lực khi nào? {=2024 ~2023}".encode(), Format.GIFT),
        ("Luật có hiệu lực khi nào?\nA. 2023\nB. 2024\nANSWER: B\n".encode(), Format.AIKEN),
        ("STT;Câu hỏi;A;B;Đáp án\n1;Hỏi?;Một;Hai;B\n".encode(), Format.CSV),
        ("Câu hỏi\tA\tB\tĐáp án\nHỏi?\tMột\tHai\tB\n".encode("utf-16"), Format.CSV),
        (b"<?xml version='1.0'?><quiz/>", Format.MOODLE_XML),
        (b"<questestinterop xmlns='http://www.imsglobal.org/xsd/ims_qtiasiv1p2'/>", Format.QTI),
        (b"<qti-assessment-item xmlns='http://www.imsglobal.org/xsd/imsqtiasi_v3p0'/>", Format.QTI),
        (b"bank:\n  code: thu\nitems: []\n", Format.YAML),
    ],
)
def test_formats_by_content(content: bytes, expected: Format):
    assert detect(content) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileRefusal.EMPTY),
        (b"\xef\xbb\xbf \n", FileRefusal.EMPTY),
        (b"%PDF-1.7 ...", FileRefusal.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, FileRefusal.OLD_OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), FileRefusal.PASSWORD),
        (b"{\\rtf1\\ansi C\\'e2u 1}", FileRefusal.UNKNOWN_FORMAT),
        (b"\xff\xd8\xff\xe0 JFIF", FileRefusal.UNKNOWN_FORMAT),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), FileRefusal.UNKNOWN_FORMAT),
        (zipped(readme="không có câu hỏi"), FileRefusal.UNKNOWN_FORMAT),
        (b"<html><body>1. C\xc3\xa2u</body></html>", FileRefusal.UNKNOWN_FORMAT),
        (b"<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz/>", FileRefusal.UNSAFE),
        (b"<quiz><question></quiz>", FileRefusal.DAMAGED),
        (TEXT.encode("cp1258", "replace").replace(b"?", b"\xe3"), FileRefusal.NOT_UTF8),
    ],
)
def test_files_that_no_reader_takes(content: bytes, reason: FileRefusal):
    with pytest.raises(Refusal) as refused:
        detect(content)
    assert refused.value.reason is reason
