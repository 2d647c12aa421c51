"""The shipped format: strict, all problems at once, and what is written can be read."""

from datetime import date

import pytest
import yaml

from quiz.banks import queries, service
from quiz.banks.formats import bank_yaml
from quiz.banks.formats.bank_yaml import BadBankFile
from quiz.banks.wording import Fault, wording_of
from quiz.db import db
from tests.conftest import NOON

HEAD = """
bank:
  code: thu
  title: Ngân hàng thử
  author: Người viết
  second_reader: Người đọc
  topics:
  - {code: chung, title: "Quy định chung, nguyên tắc"}
  - {code: khac, title: Khác}
"""
SINGLE = """
- id: T-001
  kind: single
  topic: chung
  level: 1
  stem: >-
    Câu hỏi
    thứ nhất?
  options:
    A: Một
    B: Hai
  key: B
  explanation: Vì thế.
  citation: {document: 06/2022/QH15, article: "5", clause: "2", point: "a"}
  valid: {from: 2024-01-01, until: 2026-10-01}
  facts: [NT-03, NT-04]
"""
OTHERS = """
- {id: T-002, kind: multiple, topic: khac, level: 2, stem: "Hai?", options: {A: x, B: yy, C: z}, key: "A, C", explanation: E}
- {id: T-003, kind: true_false, topic: khac, level: 3, stem: Ba., key: "sai", explanation: E, exemplar: Gương.}
"""
LIBRARY = {"06/2022/QH15": 7}


def folder(tmp_path, items, head=HEAD):
    (tmp_path / "bank.yaml").write_text(head, "utf-8")
    (tmp_path / "01.yaml").write_text("items:\n" + items, "utf-8")
    return tmp_path


def problems(path):
    with pytest.raises(BadBankFile) as bad:
        bank_yaml.read(path, LIBRARY)
    return [(p.file, p.item, p.problem.fault) for p in bad.value.problems]


def test_reads_a_folder(tmp_path):
    file = bank_yaml.read(folder(tmp_path, SINGLE + OTHERS), LIBRARY)
    assert (file.code, file.title, file.vouched) == ("thu", "Ngân hàng thử", True)
    assert [code for code, _ in file.items] == ["T-001", "T-002", "T-003"]
    first, second, third = (wording for _, wording in file.items)
    assert (first.stem, first.options, first.key) == ("Câu hỏi thứ nhất?", ("Một", "Hai"), (2,))
    assert (first.document_id, first.article, first.clause, first.point) == (7, "5", "2", "a")
    assert (first.valid_from, first.valid_until) == (date(2024, 1, 1), date(2026, 10, 1))
    assert first.source == "Bảng sự kiện pháp lý: NT-03, NT-04"
    assert second.key == (1, 3)
    assert (third.options, third.key, third.exemplar) == (("Đúng", "Sai"), (2,), "Gương.")


def changed(old, new):
    assert old in SINGLE
    return SINGLE.replace(old, new)


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (changed("kind: single", "kind: essay"), Fault.UNKNOWN_KIND),
        (changed("topic: chung", "topic: xyz"), Fault.UNKNOWN_TOPIC),
        (changed("level: 1", "level: 4"), Fault.UNKNOWN_LEVEL),
        (changed("level: 1", "level: dễ"), Fault.UNKNOWN_LEVEL),
        (changed("level: 1", "level: true"), Fault.UNKNOWN_LEVEL),
        (changed("key: B", "key: C"), Fault.KEY_NAMES_NO_OPTION),
        (changed("key: B", "key: A, B"), Fault.TWO_KEYS),
        (changed("key: B", "key: hai"), Fault.UNREADABLE_KEY),
        (changed("  key: B\n", ""), Fault.MISSING_FIELD),
        (changed("B: Hai", "B: Một"), Fault.SAME_OPTION_TWICE),
        (changed("B: Hai", "B: 2024"), Fault.NOT_TEXT),
        (changed("B: Hai", "B: No"), Fault.NOT_TEXT),
        (changed("B: Hai", "C: Hai"), Fault.OPTION_LETTERS),
        (changed("B: Hai", "A: Hai"), Fault.DOUBLED_FIELD),
        (changed("06/2022/QH15", "99/2022/QH15"), Fault.NOT_IN_LIBRARY),
        (changed("document: 06/2022/QH15, ", ""), Fault.MISSING_FIELD),
        (changed('article: "5"', "article: 5"), Fault.NOT_TEXT),
        (changed("point:", "letter:"), Fault.UNKNOWN_FIELD),
        (changed("from: 2024-01-01", "from: hôm qua"), Fault.BAD_DAY),
        (changed("until: 2026-10-01", "until: 2024-01-01"), Fault.ENDS_BEFORE_START),
        (changed("explanation:", "explanaton:"), Fault.UNKNOWN_FIELD),
        (changed("id: T-001", "id: 1"), Fault.NOT_TEXT),
        (changed("id: T-001", "id: T/001"), Fault.BAD_CODE),
        (changed("facts: [NT-03, NT-04]", "facts: NT-03"), Fault.NOT_TEXT),
        (SINGLE + SINGLE, Fault.CODE_IN_FILE),
        ("- chỉ là chữ\n", Fault.NOT_A_MAPPING),
        ("  - [\n", Fault.NOT_YAML),
        (OTHERS.replace('"sai"', '"có"'), Fault.TRUE_FALSE_KEY),
        (OTHERS.replace("kind: true_false,", "kind: true_false, options: {A: x},"), Fault.UNKNOWN_FIELD),
    ],
)
def test_each_fault_is_found(tmp_path, items, fault):
    assert fault in {found for _, _, found in problems(folder(tmp_path, items))}


def test_all_problems_are_listed_with_file_and_item(tmp_path):
    items = changed("key: B", "key: C") + OTHERS.replace("level: 2", "level: 9").replace("topic: khac", "topic: k")
    path = folder(tmp_path, items)
    (path / "02.yaml").write_text("itms: []\n", "utf-8")
    assert problems(path) == [
        ("02.yaml", "", Fault.UNKNOWN_FIELD),
        ("01.yaml", "T-001", Fault.KEY_NAMES_NO_OPTION),
        ("01.yaml", "T-002", Fault.UNKNOWN_TOPIC),
        ("01.yaml", "T-002", Fault.UNKNOWN_LEVEL),
        ("01.yaml", "T-003", Fault.UNKNOWN_TOPIC),
    ]


def test_a_folder_needs_exactly_one_bank(tmp_path):
    path = folder(tmp_path, SINGLE, head="items: []")
    assert ("01.yaml", "T-001", Fault.UNKNOWN_TOPIC) in problems(path)
    assert (path.name, "", Fault.NO_BANK) in problems(path)
    folder(tmp_path, SINGLE)
    (path / "02.yaml").write_text(HEAD, "utf-8")
    assert ("bank.yaml", "", Fault.SEVERAL_BANKS) in problems(path)


def test_what_is_written_is_read_back_as_it_was(given, app, tmp_path):
    law = given.document()
    source = folder(tmp_path, SINGLE + OTHERS)
    long = "Lời dẫn dài: có dấu hai chấm, “ngoặc kép”, 'nháy', # thăng và - gạch. " * 4
    items = yaml.safe_load((source / "01.yaml").read_text("utf-8"))["items"]
    items[1] |= {"stem": long, "explanation": f"{long}\n\n{long}", "options": {"A": "yes", "B": "5", "C": "- 1: 2"}}
    (source / "01.yaml").write_text(yaml.safe_dump({"items": items}, allow_unicode=True), "utf-8")
    with app.app_context():
        service.import_bank(source, now=NOON)
        db.session.commit()
        bank = queries.bank_by_code("thu")
        versions = [(i.code, i.latest) for i in queries.items_with_versions(bank)]
        before = [(code, wording_of(version)) for code, version in versions]
        text = bank_yaml.write(bank, versions)
        (tmp_path / "out.yaml").write_text(text, "utf-8")
        back = bank_yaml.read(tmp_path / "out.yaml", {"06/2022/QH15": law})
        assert back.items == before
        assert (back.code, back.title, back.topics) == (bank.code, bank.title, bank.topics)
        again = service.import_bank(tmp_path / "out.yaml", now=NOON, live=False)
        assert (again.added, again.changed, again.unchanged) == ([], [], 3)
