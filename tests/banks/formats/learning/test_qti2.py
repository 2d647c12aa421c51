"""Items of QTI 2.1, 2.2 and 3.0 as the specification's examples and common systems have them."""

from __future__ import annotations

import re
from html import escape

import pytest

from quiz.banks.faults import Fault
from quiz.banks.formats import qti
from tests.banks.formats.round_trips import faults

MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = MATCH.replace("match_correct", "map_response.xml")


def item(body: str, declaration: str = "", processing: str = MATCH, more: str = "", attributes: str = "") -> bytes:
    head = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="CAU-1" title="Tên" timeDependent="false"'
    return f"{head} {attributes}>{declaration}<itemBody>{body}</itemBody>{processing}{more}</assessmentItem>".encode()


def declare(*correct: str, cardinality: str = "single", base: str = "identifier", mapping: str = "") -> str:
    values = "".join(f"<value>{escape(value)}</value>" for value in correct)
    holder = f"<correctResponse>{values}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"{holder}{mapping}</responseDeclaration>"
    )


def points(bounds: str = "", case: str = "", **values: object) -> str:
    entries = "".join(f'<mapEntry mapKey="{k}" mappedValue="{v}" {case}/>' for k, v in values.items())
    return f'<mapping defaultValue="0" {bounds}>{entries}</mapping>'


CHOICES = "".join(f'<simpleChoice identifier="{name}">Ý {name}</simpleChoice>' for name in "ABC")


def choice(most: int | str = 1, shuffle: str = "true", choices: str = CHOICES) -> str:
    head = f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{most}">'
    return f"{head}<prompt>Hỏi gì?</prompt>{choices}</choiceInteraction>"


def in_version_3(content: bytes) -> bytes:
    """The same item with the names of version 3: qti- in front, kebab case."""

    def kebab(name: str) -> str:
        return re.sub(r"[A-Z]", lambda found: "-" + found[0].lower(), name)

    def renamed(found: re.Match[str]) -> str:
        attributes = re.sub(r"\b([a-z]+[A-Z]\w*)=", lambda a: kebab(a[1]) + "=", found[3])
        ours = found[2] not in ("p", "img", "div", "b")
        return f"<{found[1]}{'qti-' + kebab(found[2]) if ours else found[2]}{attributes}>"

    text = re.sub(r"<(/?)(\w+)((?:[^>\"]|\"[^\"]*\")*)>", renamed, content.decode())
    return text.replace("imsqti_v2p1", "imsqtiasi_v3p0").encode()


@pytest.fixture(params=["2.1", "2.2", "3.0"])
def version(request):
    """Rewrites an item for one of the versions."""
    return {"2.1": lambda c: c, "2.2": lambda c: c.replace(b"imsqti_v2p1", b"imsqti_v2p2"), "3.0": in_version_3}[
        request.param
    ]


def read_one(content: bytes):
    [found] = qti.read(content).items
    return found


def test_a_choice_in_every_version(version):
    fixed = CHOICES.replace('"C"', '"C" fixed="true"').replace("Ý B", "<b>Ý</b> B")
    found = read_one(version(item("<p>Lời dẫn.</p>" + choice(choices=fixed), declare("B"))))
    assert (found.kind, found.stem, found.options, found.key, found.pinned) == (
        "single", "Lời dẫn. Hỏi gì?", ["Ý A", "Ý B", "Ý C"], [2], [3],
    )  # fmt: skip
    assert (found.code, found.key_text, faults(found)) == ("CAU-1", "B", {"HTML_CLEANED"})


@pytest.mark.parametrize(
    ("most", "cardinality", "correct", "kind"),
    [
        (1, "single", "B", "single"),
        (0, "multiple", "AB", "multiple"),
        (2, "multiple", "AB", "multiple"),
        (0, "multiple", "B", "multiple"),
        (1, "multiple", "B", "single"),
        (1, "multiple", "AB", "multiple"),
        (0, "single", "B", "single"),
    ],
)
def test_one_or_several(version, most, cardinality, correct, kind):
    found = read_one(version(item(choice(most), declare(*correct, cardinality=cardinality))))
    assert (found.kind, found.key, found.partial) == (kind, [" ABC".index(c) for c in correct], False)


@pytest.mark.parametrize(
    ("mapping", "correct", "key", "partial", "found"),
    [
        (points(A=1, C=1), "AC", [1, 3], True, set()),
        (points(A=1, C=1, B=-1), "AC", [1, 3], True, set()),
        (points(A=1, C=1, B=-2), "AC", [1, 3], True, {"WRONG_COSTS"}),
        (points(A=2, C=1), "", [1, 3], True, {"WEIGHTS_EVENED"}),
        (points('lowerBound="0" upperBound="1"', A=1, C=1), "AC", [1, 3], False, {"WEIGHTS_EVENED"}),
        (points(A=1, C=1), "AB", [], True, {"KEYS_DISAGREE"}),
        (points(A=1).replace('defaultValue="0"', 'defaultValue="1"'), "A", [], True, {"KEYS_DISAGREE"}),
    ],
)
def test_points_by_a_table(version, mapping, correct, key, partial, found):
    read = read_one(version(item(choice(0), declare(*correct, cardinality="multiple", mapping=mapping), MAP)))
    assert (read.kind, read.key, read.partial, faults(read)) == ("multiple", key, partial, found)


def test_a_table_for_one_right_option():
    read = read_one(item(choice(1), declare(mapping=points(B=2, C=1)), MAP))
    assert (read.kind, read.key, faults(read)) == ("single", [2], {"HALF_RIGHT"})


OUTCOME = '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
CORRECT = f"<match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>{OUTCOME}"


def rule(inside: str) -> str:
    return f"<responseProcessing><responseCondition><responseIf>{inside}</responseIf></responseCondition></responseProcessing>"


@pytest.mark.parametrize(
    ("processing", "key", "found"),
    [
        ("", [2], set()),
        (rule(CORRECT), [2], set()),
        (rule(f"<customOperator><variable identifier='RESPONSE'/></customOperator>{OUTCOME}"), [], {"KEY_UNCERTAIN"}),
        (rule(f"<not>{CORRECT.replace(OUTCOME, '')}</not>{OUTCOME}"), [], {"KEY_UNCERTAIN"}),
        (rule(f"<isNull><variable identifier='RESPONSE'/></isNull>{OUTCOME}"), [], {"KEY_UNCERTAIN"}),
        (MATCH.replace("match_correct", "my_own"), [], {"KEY_UNCERTAIN"}),
        (MATCH.replace("match_correct", "map_response_point"), [], {"KEY_UNCERTAIN"}),
    ],
)
def test_rules_of_their_own_leave_the_key_open(version, processing, key, found):
    read = read_one(version(item(choice(), declare("B"), processing)))
    assert (read.key, read.key_text, faults(read)) == (key, "B", found)


def test_a_key_that_names_no_option():
    assert faults(read_one(item(choice(), declare("X")))) == {"KEY_UNCERTAIN"}


def test_true_and_false_the_other_way_round(version):
    choices = '<simpleChoice identifier="F">Sai</simpleChoice><simpleChoice identifier="T">Đúng</simpleChoice>'
    read = read_one(version(item(choice(choices=choices), declare("T"))))
    assert (read.kind, read.key, read.options) == ("true_false", [1], [])


def test_a_fixed_order_is_reported():
    assert faults(read_one(item(choice(shuffle="false"), declare("B")))) == {"SHUFFLED_HERE"}


def test_ordering(version):
    body = f'<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Xếp</prompt>{CHOICES}</orderInteraction>'
    read = read_one(version(item(body, declare("C", "A", "B", cardinality="ordered"))))
    assert (read.kind, read.stem, read.options, faults(read)) == ("ordering", "Xếp", ["Ý C", "Ý A", "Ý B"], set())
    assert faults(read_one(item(body, declare("C", "A", cardinality="ordered")))) == {"KEY_UNCERTAIN"}


def match_set(**choices: str) -> str:
    inside = "".join(
        f'<simpleAssociableChoice identifier="{name}" matchMax="1">{text}</simpleAssociableChoice>'
        for name, text in choices.items()
    )
    return f"<simpleMatchSet>{inside}</simpleMatchSet>"


SIDES = match_set(L1="Huế", L2="Vinh") + match_set(R1="Bắc", R2="Trung", R3="Nam")
MATCHING = f'<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2">{SIDES}</matchInteraction>'


def pairs(*correct: str, mapping: str = "") -> str:
    return declare(*correct, cardinality="multiple", base="directedPair", mapping=mapping)


def test_matching(version):
    read = read_one(version(item(f"<p>Ghép</p>{MATCHING}", pairs("L1 R2", "L2 R2"))))
    assert (read.kind, read.stem, read.options, read.matches, read.key, read.partial) == (
        "matching", "Ghép", ["Huế", "Vinh"], ["Bắc", "Trung", "Nam"], [2, 2], False,
    )  # fmt: skip


def test_matching_by_a_table():
    table = '<mapping defaultValue="0"><mapEntry mapKey="L1 R2" mappedValue="1"/><mapEntry mapKey="L2 R1" mappedValue="1"/></mapping>'
    read = read_one(item(MATCHING, pairs("L2 R1", "L1 R2", mapping=table), MAP))
    assert (read.key, read.partial, faults(read)) == ([2, 1], True, set())
    assert faults(read_one(item(MATCHING, pairs("L2 R3", "L1 R2", mapping=table), MAP))) == {"KEYS_DISAGREE"}


def test_associating_pairs(version):
    inside = "".join(
        f'<simpleAssociableChoice identifier="{n}" matchMax="1">{t}</simpleAssociableChoice>'
        for n, t in zip("ABCD", ("Huế", "Bắc", "Trung", "Sapa"), strict=True)
    )
    body = f'<associateInteraction responseIdentifier="RESPONSE" maxAssociations="2">{inside}</associateInteraction>'
    read = read_one(version(item(body, declare("A C", "D B", cardinality="multiple", base="pair"))))
    assert (read.kind, read.options, read.matches, read.key) == ("matching", ["Huế", "Sapa"], ["Bắc", "Trung"], [2, 1])


ENTRY = '<p>Thủ đô là <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="9"/> của ta.</p>'


@pytest.mark.parametrize(
    ("declaration", "processing", "accepted", "found"),
    [
        (declare("Hà Nội", base="string"), MATCH, ["Hà Nội"], set()),
        (declare("HN", base="string", mapping=points(HN=1, TL=1, Hue="0.5")), MAP, ["HN", "TL"], {"HALF_RIGHT"}),
        (declare("HN", base="string", mapping=points(case='caseSensitive="true"', HN=1)), MAP, ["HN"], {"CASE_IGNORED"}),
        (
            declare(base="string"),
            rule(f"<stringMatch caseSensitive='false'><variable identifier='RESPONSE'/><baseValue>Hà Nội</baseValue></stringMatch>{OUTCOME}"),
            ["Hà Nội"],
            set(),
        ),
        (
            declare("x", base="string"),
            rule(f"<patternMatch pattern='.*'><variable identifier='RESPONSE'/></patternMatch>{OUTCOME}"),
            [],
            {"KEY_UNCERTAIN"},
        ),
    ],
)  # fmt: skip
def test_a_text_typed_into_a_sentence(version, declaration, processing, accepted, found):
    read = read_one(version(item(ENTRY, declaration, processing)))
    assert (read.kind, read.stem, read.accepted, faults(read)) == (
        "short_text",
        "Thủ đô là _____ của ta.",
        accepted,
        found,
    )


def test_a_gap_on_its_own_leaves_no_mark(version):
    body = '<p>Thủ đô?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    assert read_one(version(item(body, declare("HN", base="string")))).stem == "Thủ đô?"


def equal(tolerance: str, value: str = "<correct identifier='RESPONSE'/>") -> str:
    return rule(f"<equal {tolerance}><variable identifier='RESPONSE'/>{value}</equal>{OUTCOME}")


BETWEEN = (
    "<and><not><isNull><variable identifier='RESPONSE'/></isNull></not>"
    "<gte><variable identifier='RESPONSE'/><baseValue>2</baseValue></gte>"
    "<gte><baseValue>5</baseValue><variable identifier='RESPONSE'/></gte></and>"
)


@pytest.mark.parametrize(
    ("processing", "accepted"),
    [
        (MATCH, ["4"]),
        (equal("toleranceMode='exact'"), ["4"]),
        (equal("toleranceMode='absolute' tolerance='0.5'"), ["4±0.5"]),
        (equal("toleranceMode='absolute' tolerance='0 1'"), ["4.5±0.5"]),
        (equal("toleranceMode='relative' tolerance='10 10'"), ["4±0.4"]),
        (equal("toleranceMode='absolute' tolerance='{DO_LECH}'"), []),
        (rule(BETWEEN + OUTCOME), ["3.5±1.5"]),
        (rule("<gte><variable identifier='RESPONSE'/><baseValue>2</baseValue></gte>" + OUTCOME), []),
        (rule("<equalRounded><variable identifier='RESPONSE'/></equalRounded>" + OUTCOME), []),
    ],
)
def test_numbers(version, processing, accepted):
    read = read_one(version(item(ENTRY, declare("4", base="float"), processing)))
    assert (read.kind, read.accepted, faults(read)) == ("number", accepted, set() if accepted else {"KEY_UNCERTAIN"})


def test_a_word_chosen_in_a_sentence(version):
    words = "".join(f'<inlineChoice identifier="{n}">từ {n}</inlineChoice>' for n in "AB")
    body = f'<p>Chọn <inlineChoiceInteraction responseIdentifier="RESPONSE">{words}</inlineChoiceInteraction>.</p>'
    read = read_one(version(item(body, declare("B"))))
    assert (read.kind, read.stem, read.options, read.key) == ("single", "Chọn _____ .", ["từ A", "từ B"], [2])


def test_an_essay_with_guidance_and_model_answer(version):
    rubric = '<rubricBlock view="scorer"><p>Ba ý.</p><p>Mỗi ý 1 điểm.</p></rubricBlock>'
    body = f'{rubric}<extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="200"><prompt>Viết.</prompt></extendedTextInteraction>'
    read = read_one(version(item(body, declare("Bài mẫu", base="string"), "")))
    assert (read.kind, read.stem, read.words) == ("essay", "Viết.", None)
    assert read.explanation == "Ba ý.\n\nMỗi ý 1 điểm.\n\nGợi ý trả lời: Bài mẫu"


def test_feedback_explains(version):
    notes = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show"><p>{text}</p></modalFeedback>'
        for name, text in (("B", "Theo Điều 5."), ("general", "Xem Luật."), ("INCORRECT", "Sai rồi."))
    )
    inline = CHOICES.replace(
        "Ý A", 'Ý A<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Chưa</feedbackInline>'
    )
    read = read_one(version(item(choice(choices=inline), declare("B"), MATCH, notes)))
    assert read.options[0] == "Ý A"
    assert read.explanation == "Xem Luật.\n\nA: Chưa\n\nB: Theo Điều 5."
    assert faults(read) == {"NOTES_MERGED", "NOTES_LEFT_OUT"}


@pytest.mark.parametrize(
    ("body", "attributes", "word"),
    [
        ("<p>Chỉ đọc.</p>", "", "lời dẫn"),
        (choice() + ENTRY, "", "nhiều ô"),
        ("<hotspotInteraction responseIdentifier='RESPONSE'/>", "", "hotspot"),
        ("<customInteraction/>", "", "custom"),
        ("<unheardOfInteraction/>", "", "unheardOf"),
        (choice(), 'adaptive="true"', "adaptive"),
        (MATCHING, "", "nhiều vế"),
        (choice(choices=CHOICES * 1000), "", "quá nhiều"),
    ],
)
def test_kinds_that_have_no_counterpart_are_named(body, attributes, word):
    reading = qti.read(item(body, pairs("L1 R1", "L1 R2"), MATCH, "", attributes))
    [skipped] = reading.skipped
    assert skipped.problem.fault is Fault.KIND_NOT_HELD
    assert word in skipped.problem.details["kind"]


def test_scripts_are_gone_and_formulas_reported():
    body = "<script>alert(1)</script><p onclick='x()'>Hỏi <m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>x</m:mi></m:math></p>"
    read = read_one(item(body + choice(), declare("B")))
    assert read.stem == "Hỏi Hỏi gì?"
    assert faults(read) == {"HTML_CLEANED", "FORMULA_LOST"}
