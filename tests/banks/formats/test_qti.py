"""QTI packages of any version: manifest, parts, pictures; what is unsafe or damaged; and our own package written and read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from quiz.banks.faults import Fault
from quiz.banks.formats import qti
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe import packages
from quiz.banks.formats.writing import Lost
from quiz.banks.models import ItemKind
from quiz.banks.wording import Wording
from quiz.errors import Refusal
from tests.banks.formats.round_trips import BANK, banks, faults, out_item, read_back, reason_to_refuse

PICTURE = b"\x89PNG picture"


def item(identifier: str = "CAU-1", image: str = "", key: str = "A") -> str:
    shown = f'<img src="{image}" alt="Lá cờ"/>' if image else ""
    return (
        f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{identifier}" title="T">'
        f'<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse>'
        f"<value>{key}</value></correctResponse></responseDeclaration><itemBody><p>Hỏi {identifier}?{shown}</p>"
        '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">'
        '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice></choiceInteraction></itemBody>'
        '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>'
    )


OLD = (
    '<questestinterop><item ident="CU-1"><presentation><material><mattext>Cũ?</mattext></material>'
    '<response_lid ident="R"><render_choice><response_label ident="x"><material><mattext>a</mattext></material></response_label>'
    '<response_label ident="y"><material><mattext>b</mattext></material></response_label></render_choice></response_lid>'
    "</presentation><resprocessing><respcondition><conditionvar><varequal respident='R'>y</varequal></conditionvar>"
    "<setvar>1</setvar></respcondition></resprocessing></item></questestinterop>"
)


def resource(*files: str, kind: str = "imsqti_item_xmlv2p1", metadata: str = "", attributes: str = "") -> str:
    inside = "".join(f'<file href="{file}"/>' for file in files)
    return f'<resource identifier="R" type="{kind}" href="{files[0]}" {attributes}>{metadata}{inside}</resource>'


def manifest(*resources: str, attributes: str = "") -> str:
    head = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" {attributes}><organizations/><resources>'
    return f"{head}{''.join(resources)}</resources></manifest>"


def package(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def codes(content: bytes) -> list[str]:
    return [item.code for item in qti.read(content).items]


def test_items_come_in_the_order_of_the_manifest():
    files = {
        "imsmanifest.xml": manifest(resource("câu hỏi/câu%20hai.xml"), resource("a/b/mot.xml"), resource("test.xml")),
        "a/b/mot.xml": item("MOT"),
        "câu hỏi/câu hai.xml": item("HAI"),
        "test.xml": "<assessmentTest/>",
        "not-named.xml": item("BA"),
    }
    assert codes(package(files)) == ["HAI", "MOT"]
    assert qti.read(package(files)).items[0].place == "câu thứ 1 (“câu hỏi/câu hai.xml”)"


def test_a_package_within_a_folder():
    files = {"gói/imsmanifest.xml": manifest(resource("q.xml")), "gói/q.xml": item()}
    assert codes(package(files)) == ["CAU-1"]


def test_addresses_may_have_a_common_start():
    about = manifest(resource("q.xml", attributes='xml:base="items/"'), attributes='xml:base="goi/"')
    assert codes(package({"imsmanifest.xml": about, "goi/items/q.xml": item()})) == ["CAU-1"]


def test_a_package_without_manifest():
    assert codes(package({"b.xml": item("B"), "a.xml": item("A")})) == ["A", "B"]


@pytest.mark.parametrize(
    ("content", "held"), [(item(), True), ("<?xml version='1.0'?>\n" + OLD, True), ("<quiz/>", False)]
)
def test_a_package_without_manifest_is_known_by_its_items(content, held):
    with packages.opened(package({"a.txt": item(), "b.xml": content})) as opened:
        assert qti.holds_items(opened) is held


def test_versions_are_mixed_and_the_manifest_is_not_believed():
    about = manifest(resource("a.xml", kind="imsqti_xmlv1p2"), resource("b.xml", kind="imsqti_item_xmlv3p0"))
    assert codes(package({"imsmanifest.xml": about, "a.xml": item("MOI"), "b.xml": OLD})) == ["MOI", "CU-1"]


def test_a_course_of_canvas_has_each_quiz_twice():
    richer = OLD.replace("CU-1", "DU")
    files = {
        "imsmanifest.xml": manifest(
            resource("g1/assessment_qti.xml", kind="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"),
            resource("g1/assessment_meta.xml", "non_cc_assessments/g1.xml.qti", kind="associatedcontent"),
        ),
        "g1/assessment_qti.xml": OLD,
        "g1/assessment_meta.xml": "<quiz/>",
        "non_cc_assessments/g1.xml.qti": richer,
    }
    assert codes(package(files)) == ["DU"]


@pytest.mark.parametrize(
    ("address", "kept", "found"),
    [
        ("../images/a b.png", True, set()),
        ("../images/a%20b.png", True, set()),
        ("../images/a%20b.png?v=1", True, set()),
        ("$IMS-CC-FILEBASE$/images/a b.png", True, set()),
        ("%24IMS-CC-FILEBASE%24/a%20b.png", True, set()),
        ("../images/thieu.png", False, {"IMAGE_NOT_FOUND"}),
        ("../../etc/passwd", False, {"IMAGE_OUTSIDE"}),
        ("%2e%2e/%2e%2e/etc/passwd", False, {"IMAGE_OUTSIDE"}),
        ("/etc/passwd", False, {"IMAGE_OUTSIDE"}),
        ("http://example.org/a.png", False, {"IMAGE_OUTSIDE"}),
        ("file:///etc/passwd", False, {"IMAGE_OUTSIDE"}),
    ],
)
def test_pictures_come_from_within_the_package(address, kept, found):
    files = {
        "imsmanifest.xml": manifest(resource("items/q.xml")),
        "items/q.xml": item(image=address),
        "images/a b.png": PICTURE,
        "web_resources/a b.png": PICTURE,
    }
    [read] = qti.read(package(files)).items
    assert [(p.place, p.content, p.alt) for p in read.pictures] == ([(0, PICTURE, "Lá cờ")] if kept else [])
    assert faults(read) == found


def test_an_object_is_a_picture_too():
    shown = item().replace("</p>", '<object data="a.png" type="image/png">Lá <b>cờ</b></object></p>', 1)
    [read] = qti.read(package({"q.xml": shown, "a.png": PICTURE})).items
    assert [(p.content, p.alt) for p in read.pictures] == [(PICTURE, "Lá cờ")]


def test_keywords_of_the_manifest_are_labels():
    words = "".join(
        f"<keyword><langstring>{w}</langstring></keyword>"
        for w in ("muc-do:3", "Điều: 5", "van-ban:06/2022/QH15", "luật")
    )
    metadata = f"<metadata><lom><general><identifier>TD-9</identifier>{words}</general></lom></metadata>"
    [read] = qti.read(
        package({"imsmanifest.xml": manifest(resource("q.xml", metadata=metadata)), "q.xml": item()})
    ).items
    assert (read.code, read.level, read.article, read.document) == ("TD-9", "3", "5", "06/2022/QH15")
    assert [p.details["labels"] for p in read.problems] == ["luật"]


@pytest.mark.parametrize(
    "made_up", ["i5f0e3c9a7b2d4e6f8091a2b3", "g9f8e7d6c5b4a39281706f5e4d3c2b1a0", "choice_1234567890123"]
)
def test_identifiers_of_programs_are_no_codes(made_up):
    assert codes(item(made_up).encode()) == [""]


def test_a_damaged_part_is_passed_over():
    about = manifest(resource("a.xml"), resource("b.xml"), resource("thieu.xml"))
    reading = qti.read(package({"imsmanifest.xml": about, "a.xml": item()[:-9], "b.xml": item("B")}))
    assert [item.code for item in reading.items] == ["B"]
    assert sorted(s.place for s in reading.skipped) == ["a.xml", "thieu.xml"]
    assert {s.problem.fault for s in reading.skipped} == {Fault.PART_NOT_READ}


THIEF = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + item().replace("Hỏi", "&x;")
BOMB = package({"q.xml": item()} | dict.fromkeys(map("{}.bin".format, range(201)), b"\0" * 1024 * 1024))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (THIEF.encode(), FileRefusal.UNSAFE),
        (package({"q.xml": THIEF}), FileRefusal.UNSAFE),
        (package({"imsmanifest.xml": THIEF, "q.xml": item()}), FileRefusal.UNSAFE),
        (package({"../q.xml": item()}), FileRefusal.UNSAFE),
        (BOMB, FileRefusal.TOO_LARGE_INSIDE),
        (package({"q.xml": item()})[:-30], FileRefusal.DAMAGED),
        (package({"imsmanifest.xml": "<manifest", "q.xml": item()}), FileRefusal.DAMAGED),
        (package({"readme.txt": "x"}), FileRefusal.NO_ITEMS),
        (package({}), FileRefusal.DAMAGED),
        (b"<assessmentTest/>", FileRefusal.NO_ITEMS),
        (b"<qti-assessment-test/>", FileRefusal.NO_ITEMS),
        (b"<manifest/>", FileRefusal.NO_ITEMS),
        (b"<questestinterop/>", FileRefusal.NO_ITEMS),
        (b"<quiz/>", FileRefusal.UNKNOWN_FORMAT),
        (b"", FileRefusal.DAMAGED),
        (b"<assessmentItem>" * 3000, FileRefusal.DAMAGED),
    ],
)
def test_files_that_are_refused(content, reason):
    with pytest.raises(Refusal) as refused:
        qti.read(content)
    assert refused.value.reason is reason


@given(banks)
@settings(deadline=None)
def test_what_is_written_is_read_back(items):
    reading = qti.read(qti.write(BANK, items).content)
    found = read_back(reading)
    assert [(item.code, item.wording) for item in found] == [(item.code, item.wording) for item in items]
    assert not reading.skipped
    assert not any(p.severity == "error" for item in found for p in item.problems)


def single(**fields: object) -> Wording:
    values = {"kind": ItemKind.SINGLE, "stem": "Hỏi", "options": ("a", "b"), "key": (1,), "topic": "chung", "level": 1}
    return Wording(**values | fields)


def test_a_package_is_the_same_every_time_and_names_all_its_files():
    items = [
        out_item(n, single(stem=f"Câu {n}", topic=topic)) for n, topic in enumerate(("chung", "chung", "danh-hieu"), 1)
    ]
    written = qti.write(BANK, items)
    assert written.content == qti.write(BANK, items).content
    archive = zipfile.ZipFile(io.BytesIO(written.content))
    root = etree.fromstring(archive.read("imsmanifest.xml"))
    named = {file.get("href") for file in root.iter("{*}file")}
    assert named == set(archive.namelist()) - {"imsmanifest.xml"}
    sections = etree.fromstring(archive.read("test.xml")).findall(".//{*}assessmentSection")
    assert [(s.get("title"), len(s)) for s in sections] == [
        ("Quy định chung: a/b", 2),
        ("Danh hiệu <thi đua>", 1),
    ]


def test_what_qti_cannot_hold_is_told():
    ordering = single(kind=ItemKind.ORDERING, options=("a", "b", "c"), key=(), partial=True)
    written = qti.write(BANK, [out_item(1, ordering), out_item(2, single(article="5"))])
    assert written.losses == [("T001-a.b", Lost.PARTIAL), ("002-a.b", Lost.CITATION)]


VALID = qti.write(BANK, [out_item(1, single()), out_item(2, single(stem="Hai"))]).content
BARE = OLD.encode()


@given(st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=3)), min_size=1, max_size=6))
@settings(deadline=None)
def test_damaged_bytes_are_read_or_refused(changes):
    for whole in (VALID, BARE, item().encode()):
        content = bytearray(whole)
        for place, replacement in changes:
            content[place % len(whole) : place % len(whole) + 2] = replacement
        assert reason_to_refuse(qti.read, bytes(content)) in (None, *FileRefusal)


_NAMES = st.sampled_from(
    "choiceInteraction orderInteraction matchInteraction associateInteraction textEntryInteraction extendedTextInteraction prompt "
    "inlineChoiceInteraction simpleChoice simpleMatchSet simpleAssociableChoice mapping mapEntry correctResponse value object img "
    "responseDeclaration responseProcessing responseCondition responseIf equal match variable correct baseValue setOutcomeValue and gte lte "
    "modalFeedback feedbackInline rubricBlock itemBody response_lid response_str response_label render_fib item presentation resprocessing "
    "respcondition conditionvar varequal not or vargte varlte setvar itemfeedback material mattext matimage section".split()
)  # fmt: skip
_VALUES = st.sampled_from(
    [
        "RESPONSE",
        "A",
        "A B",
        "B",
        "multiple",
        "single",
        "ordered",
        "directedPair",
        "float",
        "0",
        "-1",
        "nan",
        "1e99",
        "",
        "ư",
    ]
)
_ATTRIBUTES = st.sampled_from(
    "identifier responseIdentifier cardinality baseType maxChoices mapKey mappedValue ident respident rcardinality tolerance "
    "toleranceMode src data upperBound defaultValue fixed view uri texttype embedded".split()
)  # fmt: skip
_TREES = st.recursive(
    _VALUES,
    lambda inside: st.builds(
        lambda name, attributes, parts: (
            f"<{name} {' '.join(f'{k}={v!r}' for k, v in attributes.items())}>{''.join(parts)}</{name}>"
        ),
        _NAMES, st.dictionaries(_ATTRIBUTES, _VALUES, max_size=4), st.lists(inside, max_size=5),
    ),
    max_leaves=40,
)  # fmt: skip


@given(st.sampled_from(["assessmentItem", "questestinterop"]), st.lists(_TREES, max_size=6))
@settings(deadline=None, max_examples=200)
def test_any_structure_is_read_or_refused(root, parts):
    content = f"<{root}>{''.join(parts)}</{root}>".encode()
    assert reason_to_refuse(qti.read, content) in (None, FileRefusal.NO_ITEMS)
