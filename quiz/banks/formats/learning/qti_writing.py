"""Writes a QTI 2.1 package: a manifest, a test that lists the items by topic, one file for each item, pictures in images/.

What QTI has no field for stands as keywords in the metadata (LOM) that the manifest has for each item: see own_fields.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from lxml import etree

from quiz.banks.formats.learning import own_fields
from quiz.banks.formats.safe.markup import in_xml
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.banks.models import ItemKind

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_METADATA = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES: dict[str | None, str] = {"lom": _LOM, "imsqti": _METADATA, "xsi": _XSI}
_SCHEMA = {
    _QTI: f"{_QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    _CP: f"{_CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
}
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RESPONSE = "RESPONSE"
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}
_LETTERS_A_WORD = 7  # with the blank behind it, in running Vietnamese text
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same items make the same file


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """Write a package that other systems import and our reader reads back whole."""
    written = Written()
    files: dict[str, bytes] = {}
    writers = [_ItemWriter(item, written, files) for item in items]
    for writer in writers:
        files[writer.path] = _bytes(writer.root())
    files["test.xml"] = _bytes(_test(bank, writers))
    files = {"imsmanifest.xml": _bytes(_manifest(bank, writers)), **files}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    written.content = buffer.getvalue()
    return written


def _bytes(root: etree._Element) -> bytes:
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _root(name: str, namespace: str, **attributes: str) -> etree._Element:
    root = etree.Element(f"{{{namespace}}}{name}", attributes, nsmap=_PREFIXES | {None: namespace})
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA[namespace])
    return root


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A child in the namespace of its parent."""
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}", attributes)
    child.text = in_xml(text) or None
    return child


def _identifier(code: str) -> str:
    """A code as QTI lets it be: it must not begin with a digit."""
    return code if code[:1].isalpha() else f"_{code}"


def _test(bank: OutBank, writers: Sequence[_ItemWriter]) -> etree._Element:
    root = _root("assessmentTest", _QTI, identifier="TEST", title=in_xml(bank.title))
    part = _add(root, "testPart", identifier="PART", navigationMode="nonlinear", submissionMode="simultaneous")
    for number, (topic, group) in enumerate(groupby(writers, key=lambda w: w.wording.topic), 1):
        title = in_xml(bank.topic_title(topic))
        section = _add(part, "assessmentSection", identifier=f"SECTION_{number}", title=title, visible="true")
        for writer in group:
            _add(section, "assessmentItemRef", identifier=_identifier(writer.item.code), href=writer.path)
    return root


def _manifest(bank: OutBank, writers: Sequence[_ItemWriter]) -> etree._Element:
    root = _root("manifest", _CP, identifier=f"MANIFEST_{_identifier(bank.code)}")
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "QTIv2.1 Package")
    _add(metadata, "schemaversion", "1.0.0")
    _lom(metadata, "", bank.title, [])
    _add(root, "organizations")
    resources = _add(root, "resources")
    test = _add(resources, "resource", identifier="RES_TEST", type="imsqti_test_xmlv2p1", href="test.xml")
    _add(test, "file", href="test.xml")
    for number, writer in enumerate(writers, 1):
        name = f"RES_{number}"
        resource = _add(resources, "resource", identifier=name, type="imsqti_item_xmlv2p1", href=writer.path)
        about = _add(resource, "metadata")
        _lom(about, writer.item.code, writer.wording.stem[:100], writer.keywords)
        qti = etree.SubElement(about, f"{{{_METADATA}}}qtiMetadata")
        _add(qti, "interactionType", writer.interaction)
        for path in (writer.path, *writer.pictures):
            _add(resource, "file", href=path)
        _add(test, "dependency", identifierref=name)
    return root


def _lom(parent: etree._Element, code: str, title: str, keywords: Iterable[str]) -> None:
    general = _add(etree.SubElement(parent, f"{{{_LOM}}}lom"), "general")
    if code:
        _add(_add(general, "identifier"), "entry", code)
    _add(_add(general, "title"), "string", title, language="vi")
    for keyword in keywords:
        _add(_add(general, "keyword"), "string", keyword, language="vi")


class _ItemWriter:
    """One item and its file."""

    def __init__(self, item: OutItem, written: Written, files: dict[str, bytes]) -> None:
        self.item, self.wording, self.written, self.files = item, item.wording, written, files
        self.path = f"items/{item.code}.xml"
        self.keywords = own_fields.labels(item)
        self.interaction, self._write = _WRITERS[ItemKind(item.wording.kind)]
        self.pictures: list[str] = []
        self.item_root = _root(
            "assessmentItem", _QTI, identifier=_identifier(item.code), title=in_xml(item.wording.stem[:100]),
            adaptive="false", timeDependent="false",
        )  # fmt: skip
        self.item_root.set(_LANG, "vi")

    def root(self) -> etree._Element:
        """The whole item file. What it says elsewhere, pictures and keywords, is known afterwards."""
        self._write(self)
        self._losses()
        return self.item_root

    def lose(self, lost: Lost) -> None:
        self.written.losses.append((self.item.code, lost))

    def declare(self, cardinality: str, base_type: str, correct: Sequence[str]) -> etree._Element:
        declaration = _add(
            self.item_root, "responseDeclaration", identifier=_RESPONSE, cardinality=cardinality, baseType=base_type
        )
        if correct:
            holder = _add(declaration, "correctResponse")
            for value in correct:
                _add(holder, "value", value)
        return declaration

    def points(self, declaration: etree._Element, points: dict[str, int], upper: int, **attributes: str) -> None:
        mapping = _add(declaration, "mapping", lowerBound="0", upperBound=str(upper), defaultValue="0")
        for value, earned in points.items():
            _add(mapping, "mapEntry", mapKey=in_xml(value), mappedValue=str(earned), **attributes)

    def body(self) -> etree._Element:
        """Outcomes, then the body: the order that the schema asks for."""
        score = _add(self.item_root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        _add(_add(score, "defaultValue"), "value", "0")
        if self.wording.explanation and self.wording.kind != ItemKind.ESSAY:
            shown = _add(
                self.item_root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier"
            )
            _add(_add(shown, "defaultValue"), "value", "EXPLANATION")
        return _add(self.item_root, "itemBody")

    def interact(self, body: etree._Element, **attributes: str) -> etree._Element:
        """The interaction with the stem as its prompt."""
        interaction = _add(body, self.interaction, responseIdentifier=_RESPONSE, **attributes)
        self.fill(_add(interaction, "prompt"), self.wording.stem, 0)
        return interaction

    def fill(self, element: etree._Element, text: str, place: int) -> None:
        """The text of a place, and its picture."""
        element.text = in_xml(text)
        image = self.wording.image_at(place)
        picture = self.item.pictures.get(image.digest) if image else None
        if image and picture:
            path = f"images/{image.digest[:24]}.{_EXTENSIONS.get(picture.media_type, 'png')}"
            self.files[path] = picture.content
            self.pictures.append(path)
            _add(element, "img", src=f"../{path}", alt=in_xml(image.alt))

    def finish(self, template: str = "") -> None:
        if template:
            _add(self.item_root, "responseProcessing", template=_TEMPLATES + template)
        if self.wording.explanation and self.wording.kind != ItemKind.ESSAY:
            feedback = _add(
                self.item_root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier="EXPLANATION", showHide="show"
            )
            _paragraphs(feedback, self.wording.explanation)

    def write_choice(self) -> None:
        w = self.wording
        several = w.kind == ItemKind.MULTIPLE
        names = {n: f"C{n}" for n in range(1, len(w.options) + 1)}
        right = [names[n] for n in w.key]
        declaration = self.declare("multiple" if several else "single", "identifier", right)
        if several and w.partial:
            self.points(declaration, {name: 1 if name in right else -1 for name in names.values()}, len(right))
        shuffle = "false" if w.kind == ItemKind.TRUE_FALSE else "true"
        interaction = self.interact(self.body(), shuffle=shuffle, maxChoices="0" if several else "1")
        for n, option in enumerate(w.options, 1):
            fixed = {"fixed": "true"} if n in w.pinned else {}
            self.fill(_add(interaction, "simpleChoice", identifier=names[n], **fixed), option, n)
        self.finish("map_response" if several and w.partial else "match_correct")

    def write_ordering(self) -> None:
        w = self.wording
        self.declare("ordered", "identifier", [f"C{n}" for n in range(1, len(w.options) + 1)])
        interaction = self.interact(self.body(), shuffle="true")
        for n, option in enumerate(w.options, 1):
            self.fill(_add(interaction, "simpleChoice", identifier=f"C{n}"), option, n)
        self.finish("match_correct")
        if w.partial:
            self.keywords.append(own_fields.marking_label(partial=True))
            self.lose(Lost.PARTIAL)

    def write_matching(self) -> None:
        w = self.wording
        pairs = [f"L{left} R{right}" for left, right in enumerate(w.key, 1)]
        declaration = self.declare("multiple", "directedPair", pairs)
        if w.partial:
            self.points(declaration, dict.fromkeys(pairs, 1), len(pairs))
        interaction = self.interact(self.body(), shuffle="true", maxAssociations=str(len(pairs)))
        lefts, rights = _add(interaction, "simpleMatchSet"), _add(interaction, "simpleMatchSet")
        for n, left in enumerate(w.options, 1):
            self.fill(_add(lefts, "simpleAssociableChoice", identifier=f"L{n}", matchMax="1"), left, n)
        for n, right in enumerate(w.matches, 1):
            most = str(len(w.options))
            _add(rights, "simpleAssociableChoice", right, identifier=f"R{n}", matchMax=most)
        self.finish("map_response" if w.partial else "match_correct")

    def write_short_text(self) -> None:
        accepted = self.wording.accepted
        declaration = self.declare("single", "string", accepted[:1])
        self.points(declaration, dict.fromkeys(accepted, 1), 1, caseSensitive="false")
        self._write_entry()
        self.finish("map_response")

    def write_number(self) -> None:
        accepted = [text.partition("±") for text in self.wording.accepted]
        self.declare("single", "float", [value for value, _sign, _tolerance in accepted[:1]])
        self._write_entry()
        condition = _add(_add(self.item_root, "responseProcessing"), "responseCondition")
        for number, (value, _sign, tolerance) in enumerate(accepted):
            branch = _add(condition, "responseElseIf" if number else "responseIf")
            wide = {"toleranceMode": "absolute", "tolerance": f"{tolerance} {tolerance}"} if tolerance else {}
            equal = _add(branch, "equal", **(wide or {"toleranceMode": "exact"}))
            _add(equal, "variable", identifier=_RESPONSE)
            _add(equal, "baseValue", value, baseType="float")
            _add(_add(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
        self.finish()

    def _write_entry(self) -> None:
        body = self.body()
        self.fill(_add(body, "p"), self.wording.stem, 0)
        _add(_add(body, "p"), "textEntryInteraction", responseIdentifier=_RESPONSE)

    def write_essay(self) -> None:
        w = self.wording
        self.declare("single", "string", [])
        body = self.body()
        if w.explanation:
            _paragraphs(_add(body, "rubricBlock", view="scorer"), w.explanation)
        length = {"expectedLength": str(w.words * _LETTERS_A_WORD)} if w.words else {}
        self.interact(body, **length)
        if w.words:
            self.keywords.append(own_fields.words_label(self.item))
        self.finish()

    def _losses(self) -> None:
        w = self.wording
        if any(image.place > len(w.options) or image.digest not in self.item.pictures for image in w.images):
            self.lose(Lost.IMAGES)
        if not self.item.document and (w.article or w.clause or w.point):
            self.lose(Lost.CITATION)


def _paragraphs(parent: etree._Element, text: str) -> None:
    for block in text.split("\n\n"):
        _add(parent, "p", block)


_WRITERS: dict[str, tuple[str, Callable[[_ItemWriter], None]]] = {
    ItemKind.SINGLE: ("choiceInteraction", _ItemWriter.write_choice),
    ItemKind.MULTIPLE: ("choiceInteraction", _ItemWriter.write_choice),
    ItemKind.TRUE_FALSE: ("choiceInteraction", _ItemWriter.write_choice),
    ItemKind.SHORT_TEXT: ("textEntryInteraction", _ItemWriter.write_short_text),
    ItemKind.NUMBER: ("textEntryInteraction", _ItemWriter.write_number),
    ItemKind.ORDERING: ("orderInteraction", _ItemWriter.write_ordering),
    ItemKind.MATCHING: ("matchInteraction", _ItemWriter.write_matching),
    ItemKind.ESSAY: ("extendedTextInteraction", _ItemWriter.write_essay),
}
