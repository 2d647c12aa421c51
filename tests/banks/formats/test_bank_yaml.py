"""The shipped format: strict, all problems at once, and what is written can be read."""

import base64
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.banks.faults import Fault
from quiz.banks.formats import bank_yaml
from quiz.banks.formats.bank_yaml import BadBankFile
from quiz.banks.formats.files import FileRefusal
from quiz.banks.wording import Wording
from quiz.errors import Refusal
from tests.banks.bank_folders import HEAD, OTHERS, SINGLE, changed, folder
from tests.banks.formats.round_trips import BANK, banks, out_item, read_back, reason_to_refuse, store

LIBRARY = {"06/2022/QH15": 7}


def written(kind, fields, number=1):
    """An item of a kind, in one line of YAML."""
    return f"- {{id: W-{number}, kind: {kind}, topic: chung, level: 1, stem: Hỏi?, {fields}}}\n"


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


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (changed("kind: single", "kind: riddle"), Fault.UNKNOWN_KIND),
        (changed("kind: single", "kind: essay"), Fault.UNKNOWN_FIELD),
        (changed("kind: single", "kind: single\n  partial: true"), Fault.UNKNOWN_FIELD),
        (changed("kind: single", "kind: multiple\n  partial: có"), Fault.CELL_NOT_READ),
        (changed("key: B", "key: B\n  pinned: cuối"), Fault.UNREADABLE_KEY),
        (changed("key: B", "key: B\n  images: [{data: '???', alt: x}]"), Fault.IMAGE_NOT_KEPT),
        (changed("key: B", "key: B\n  images: [{file: ../x.png, alt: x}]"), Fault.IMAGE_NOT_KEPT),
        (changed("key: B", "key: B\n  images: x"), Fault.NOT_A_MAPPING),
        (written("short_text", ""), Fault.NO_ACCEPTED),
        (written("number", "accepted: [trăm]"), Fault.NOT_A_NUMBER),
        (written("number", "accepted: [100]"), Fault.NOT_TEXT),
        (written("essay", "words: nhiều"), Fault.CELL_NOT_READ),
        (written("ordering", "options: {A: x, B: y}"), Fault.TOO_FEW_THINGS),
        (written("matching", "options: {A: x, B: y}, matches: ['1', '2'], key: {A: 1}"), Fault.LEFT_WITHOUT_MATCH),
        (written("matching", "options: {A: x, B: y}, matches: ['1', '2'], key: A"), Fault.NOT_A_MAPPING),
        (SINGLE.replace("id: T-001", "id: &a T-001"), Fault.NOT_YAML),
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


def test_items_of_every_kind(tmp_path):
    items = (
        written("short_text", "accepted: [Quốc hội, 'Quốc hội, khóa XV']", 1)
        + written("number", "accepted: ['100±5', '3.5']", 2)
        + written("ordering", "options: {A: x, B: y, C: z}, partial: true", 3)
        + written("matching", "options: {A: x, B: y}, matches: ['1', '2', '3'], key: {A: 3, B: 1}", 4)
        + written("essay", "words: 500", 5)
        + written("multiple", "options: {A: x, B: y, C: z}, key: [A, C], partial: true, pinned: C", 6)
    )
    found = [wording for _code, wording in bank_yaml.read(folder(tmp_path, items), LIBRARY).items]
    assert [w.accepted for w in found[:2]] == [("Quốc hội", "Quốc hội, khóa XV"), ("100±5", "3.5")]
    assert (found[2].options, found[2].partial) == (("x", "y", "z"), True)
    assert (found[3].matches, found[3].key) == (("1", "2", "3"), (3, 1))
    assert found[4].words == 500
    assert (found[5].key, found[5].partial, found[5].pinned) == ((1, 3), True, (3,))


def test_pictures_beside_the_file_or_within(tmp_path):
    (tmp_path / "a.png").write_bytes(b"picture")
    data = base64.b64encode(b"other").decode()
    images = f"key: B\n  images: [{{file: a.png, alt: Hình}}, {{place: B, data: {data}, alt: Hai}}]"
    path = folder(tmp_path, changed("key: B", images))
    [(_code, wording)] = bank_yaml.read(path, LIBRARY, store).items
    assert wording.images == ((0, store(b"picture"), "Hình"), (2, store(b"other"), "Hai"))
    assert problems(path) == [("01.yaml", "T-001", Fault.IMAGE_NOT_KEPT)] * 2  # where no pictures can be kept


def uploaded(items, head=""):
    return bank_yaml.read_upload(f"{head}\nitems:\n{items}".encode())


def test_an_upload_says_where_each_item_stands_and_leaves_the_rest_to_the_assembly():
    reading = uploaded(SINGLE + OTHERS, HEAD)
    assert (reading.problems, reading.skipped) == ([], [])
    assert [item.place for item in reading.items] == ["dòng 13", "dòng 29", "dòng 30"]
    first = read_back(reading)[0]
    assert (first.wording.key, first.wording.document_id, first.wording.valid_until) == ((2,), 7, date(2026, 10, 1))
    loose = uploaded("- {stem: Câu?, options: {A: x, B: y}, key: B, colour: red, valid: {from: 01/02/2024}}\n- chữ\n")
    assert [(p.fault, p.severity) for p in loose.items[0].problems] == [(Fault.UNKNOWN_FIELD, "warning")]
    assert [(s.place, s.problem.fault) for s in loose.skipped] == [("mục 2", Fault.NOT_A_MAPPING)]
    assert read_back(loose)[0].wording.valid_from == date(2024, 2, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("items: [", FileRefusal.NOT_YAML),
        ("items: []", FileRefusal.NO_ITEMS),
        ("bank: {}", FileRefusal.NO_ITEMS),
        ("chỉ là chữ", FileRefusal.NO_ITEMS),
        ("", FileRefusal.NO_ITEMS),
        ("items:\n- !!python/object/apply:os.system [ls]", FileRefusal.NOT_YAML),
        ("a: &a [x]\nitems: [*a, *a]", FileRefusal.UNSAFE),
        ("items: " + "[" * 500_000, FileRefusal.UNSAFE),
        ("items:\n" + "- " * 500_000 + "x", FileRefusal.UNSAFE),
        ("items: [" + "x," * 20_001 + "]", FileRefusal.TOO_MANY_ROWS),
        ("items: [{id: [" + "x," * 1_600_000 + "]}]", FileRefusal.UNSAFE),
        ("items:\n- id: \x01", FileRefusal.NOT_YAML),
    ],
)
def test_uploads_that_are_refused(text, reason):
    assert reason_to_refuse(bank_yaml.read_upload, text.encode()) == reason


def test_the_line_of_a_mistake_is_said():
    with pytest.raises(Refusal) as refusal:
        bank_yaml.read_upload(b"items:\n- id: a\n  stem: x: y\n")
    assert refusal.value.details == {"line": 3}


@settings(max_examples=60, deadline=None)
@given(banks)
def test_what_is_written_is_read_back_by_both_readers(tmp_path_factory, items):
    written = bank_yaml.write(BANK, items)
    assert written.losses == []
    reading = bank_yaml.read_upload(written.content)
    assert [item.wording for item in read_back(reading)] == [item.wording for item in items]
    assert [item.code for item in reading.items] == [item.code for item in items]
    valid = [item for item in items if not _ends_before_it_starts(item.wording)]
    path = tmp_path_factory.mktemp("yaml") / "bank.yaml"
    path.write_bytes(bank_yaml.write(BANK, valid).content)
    file = bank_yaml.read(path, LIBRARY, store)
    assert file.items == [(item.code, item.wording) for item in valid]
    assert (file.code, file.title, file.topics) == (BANK.code, BANK.title, BANK.topics)


def _ends_before_it_starts(wording):
    return bool(wording.valid_from and wording.valid_until and wording.valid_until <= wording.valid_from)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "5",
        "- 1: 2",
        "null",
        "2024-01-01",
        "1e3",
        "#x",
        "&a",
        "*a",
        "!t",
        "'",
        '"',
        "a: b #c",
        ": " * 60 + "x",
        "“a” " * 40,
    ],
)
def test_texts_that_yaml_would_take_for_something_else(text):
    text = text.strip()
    item = out_item(
        1,
        Wording(kind="short_text", stem=text, accepted=(text,), topic="chung", level=1, explanation=text, source=text),
    )
    [back] = read_back(bank_yaml.read_upload(bank_yaml.write(BANK, [item]).content))
    assert back.wording == replace(item.wording)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_a_refusal_or_read(data):
    content = bytearray((HEAD + "items:\n" + SINGLE + OTHERS).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        piece = data.draw(
            st.sampled_from(
                [b"", b"&a ", b"*a", b"!x ", b"? ", b"{", b"- ", b": ", b"\xff", b"\n", b"2024-99-99", b"~", b"1e999"]
            )
        )
        content[start : start + data.draw(st.integers(0, 8))] = piece
    reason_to_refuse(bank_yaml.read_upload, bytes(content))


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.dates() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "kind",
                        "stem",
                        "options",
                        "key",
                        "matches",
                        "accepted",
                        "images",
                        "place",
                        "data",
                        "alt",
                        "citation",
                        "valid",
                        "level",
                        "words",
                        "pinned",
                        "A",
                        "x",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["", "single", "matching", "essay", "number", "ordering", "true_false"]),
)
def test_any_values_are_a_refusal_or_read(value, kind):
    entry = ({"kind": kind} if kind else {}) | (
        value if isinstance(value, dict) else {"key": value, "options": value, "images": value}
    )
    reason_to_refuse(bank_yaml.read_upload, yaml.safe_dump({"items": [entry, value]}, allow_unicode=True).encode())
