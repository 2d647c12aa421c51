"""The shape of what is typed about stories and movements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.exemplars.models import Exemplar, ExemplarKind, Movement, Scope
from quiz.exemplars.models import Field as Life
from quiz.exemplars.story_content import PICTURE_TEXTS, Content, latest_content
from quiz.exemplars.story_text import QUARTER
from quiz.exemplars.story_words import CONTENT, KINDS, LIFE, SCOPES
from quiz.forms import Form, at_most, required, tidy, whole_number
from quiz.law.csv_file import is_web_address
from quiz.law.models import LegalDocument, place_of
from quiz.law.places import read_number

MOST_FIGURES = 8
MOST_SOURCES = 40
MOST_PROVISIONS = 20
BLANK_ROWS = 3  # for provisions, below those that are there
LONGEST_BODY = 50_000
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def read_figures(text: str | None) -> list[dict[str, str]]:
    """ "212 | vụ việc đã nhận hòa giải", one a line.  Raises ValidationError, naming the line."""
    found = []
    for line in _lines(text):
        parts = _parts(line)
        if len(parts) != 2 or not all(parts):
            raise ValidationError(_("Dòng “%(line)s” cần đúng một dấu | giữa con số và việc đã làm.", line=line[:60]))
        if len(parts[0]) > 40 or len(parts[1]) > 120:
            raise ValidationError(
                _("Dòng “%(line)s” quá dài: con số nhiều nhất 40 ký tự, việc đã làm nhiều nhất 120.", line=line[:60])
            )
        found.append({"value": parts[0], "label": parts[1]})
    if len(found) > MOST_FIGURES:
        raise ValidationError(_("Nhiều nhất %(n)s dòng.", n=MOST_FIGURES))
    return found


def write_figures(figures: Sequence[dict[str, str]]) -> str:
    return "\n".join(f"{f['value']} | {f['label']}" for f in figures)


def read_sources(text: str | None, known: Sequence[dict[str, str]] = ()) -> list[dict[str, str]]:
    """ "Tên bài | Báo | https://…", one a line, the last two may be missing.  known: sources whose fact is kept

    Raises ValidationError, naming the line.
    """
    facts = {tuple(s.get(n, "") for n in ("title", "publisher", "address")): s.get("fact", "") for s in reversed(known)}
    found = []
    for line in _lines(text):
        parts = _parts(line)
        if len(parts) > 3 or not parts[0]:
            raise ValidationError(
                _("Dòng “%(line)s” chưa đọc được. Ví dụ: Tên bài | Báo Tây Ninh | https://…", line=line[:60])
            )
        title, publisher, address = (*parts, "", "")[:3]
        if address and not is_web_address(address):
            raise ValidationError(
                _("Địa chỉ ở dòng “%(line)s” phải bắt đầu bằng http:// hoặc https://.", line=line[:60])
            )
        if len(title) > 300 or len(publisher) > 200 or len(address) > 500:
            raise ValidationError(_("Dòng “%(line)s” quá dài.", line=line[:60]))
        found.append({"title": title, "publisher": publisher, "address": address, "fact": facts.get((title, publisher, address), "")})  # fmt: skip
    if len(found) > MOST_SOURCES:
        raise ValidationError(_("Nhiều nhất %(n)s dòng.", n=MOST_SOURCES))
    return found


def write_sources(sources: Sequence[dict[str, str]]) -> str:
    """One a line, each once, without empty ends."""
    lines = [" | ".join(s.get(n, "").replace("|", "/") for n in ("title", "publisher", "address")) for s in sources]
    return "\n".join(dict.fromkeys(line.rstrip(" |") for line in lines))


class ProvisionsField(Field):
    """Places in documents of the library, a row of four each: document, article, clause, point.

    Posts `name-0-document`, `name-0-article` …; rows: as typed · data: [[document id, article, clause, point], …]
    documents: those to choose from; set before the form is shown or validated
    """

    data: list[list[Any]]
    documents: Sequence[LegalDocument] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = [list(row) for row in data] if data else []
        self.rows = [[str(part) for part in row] for row in self.data]
        if formdata is not None and f"{self.name}-0-document" in formdata:
            names = ("document", "article", "clause", "point")
            self.rows = []
            while f"{self.name}-{len(self.rows)}-document" in formdata and len(self.rows) < MOST_PROVISIONS:
                n = len(self.rows)
                self.rows.append([tidy(formdata.get(f"{self.name}-{n}-{name}", ""))[:60] for name in names])

    @property
    def shown(self) -> list[list[str]]:
        """The rows, and blank ones below."""
        typed = [row for row in self.rows if any(row)]
        return (typed + [["", "", "", ""]] * BLANK_ROWS)[:MOST_PROVISIONS]

    def pre_validate(self, form: Any) -> None:
        known = {str(document.id): document for document in self.documents}
        self.data = []
        for number, (chosen, *places) in enumerate((row for row in self.rows if any(row)), 1):
            if chosen not in known:
                raise StopValidation(_("Hàng %(n)s: hãy chọn văn bản trong thư viện.", n=number))
            read = [read_number(text, name) for text, name in zip(places, ("article", "clause", "point"), strict=True)]
            if None in read:
                raise StopValidation(
                    _("Hàng %(n)s: điều, khoản là số (5, 12a), điểm là chữ cái (a, đ).", n=number)
                )  # fmt: skip
            article, clause, point = (text or "" for text in read)
            if (clause and not article) or (point and not clause):
                raise StopValidation(
                    _("Hàng %(n)s: có khoản thì phải có điều, có điểm thì phải có khoản.", n=number)
                )  # fmt: skip
            row = [int(chosen), article, clause, point]
            if row in self.data:
                raise StopValidation(
                    _("Hàng %(n)s lặp lại %(place)s.", n=number, place=place_of(article, clause, point) or _("văn bản"))
                )
            self.data.append(row)


def _boxes(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )  # fmt: skip


class SeenForm(Form):
    """seen: the revision of the story that the page showed"""

    seen = HiddenField(default="0")

    @property
    def revision(self) -> int:
        return int(self.seen.data) if str(self.seen.data).isdecimal() else 0


class WhyForm(SeenForm):
    why = StringField(_l("Lý do"), [required(_l("Hãy ghi lý do.")), at_most(300)])


class StoryForm(SeenForm):
    """figures, sources: lines; what they hold after validation is in `content`."""

    kind = SelectField(CONTENT["kind"], choices=[SelectChoice(v.value, word) for v, word in KINDS.items()])
    name = StringField(CONTENT["name"], [required(_l("Hãy điền tên cá nhân hoặc tập thể.")), at_most(200)])
    title = StringField(CONTENT["title"], [required(_l("Hãy điền tiêu đề.")), at_most(300)])
    summary = TextAreaField(CONTENT["summary"], [at_most(500)])
    field = SelectField(CONTENT["field"], choices=[SelectChoice(v.value, word) for v, word in LIFE.items()])
    org_unit_id = SelectField(CONTENT["org_unit_id"], coerce=int)
    unit_name = StringField(CONTENT["unit_name"], [at_most(300)])
    place = StringField(CONTENT["place"], [at_most(200)])
    period = StringField(CONTENT["period"], [at_most(100)])
    year = IntegerField(CONTENT["year"], [Optional(), whole_number(1000, 2100)])
    quarter = StringField(CONTENT["quarter"], [at_most(7)])
    figures = TextAreaField(CONTENT["figures"], [at_most(2000)])
    body = TextAreaField(CONTENT["body"], [at_most(LONGEST_BODY)])
    sources = TextAreaField(CONTENT["sources"], [at_most(20_000)])
    provisions = ProvisionsField(CONTENT["provisions"])
    movements = _boxes(CONTENT["movements"])
    topics = StringField(CONTENT["topics"], [at_most(500)])

    base: Content  # what the form began from

    @classmethod
    def of(cls, story: Exemplar | None) -> StoryForm:
        if story is None:
            form = cls(data={"kind": ExemplarKind.PERSON.value, "field": Life.JUSTICE.value})
            form.base = {"sources": [], "pictures": []}
            return form
        base = latest_content(story)
        form = cls(
            data=base
            | {
                "org_unit_id": base["org_unit_id"] or 0,
                "figures": write_figures(base["figures"]),
                "sources": write_sources(base["sources"]),
                "seen": str(story.revision),
            }
        )
        form.base = base
        return form

    def validate_quarter(self, field: Any) -> None:
        if field.data and not QUARTER.fullmatch(field.data):
            raise ValidationError(_("Viết như 2026-Q3."))

    def validate_figures(self, field: Any) -> None:
        self._figures = read_figures(field.data)

    def validate_sources(self, field: Any) -> None:
        typed = read_sources(field.data, self.base["sources"])
        same = write_sources(typed) == write_sources(self.base["sources"])
        # a source that several facts rest on is one line of the form and stays several where nobody has touched it
        self._sources = list(self.base["sources"]) if same else typed

    @property
    def content(self) -> dict[str, Any]:
        """After validation; pictures as they were."""
        return {
            "kind": self.kind.data,
            "name": self.name.data,
            "title": self.title.data,
            "summary": self.summary.data or "",
            "field": self.field.data,
            "org_unit_id": self.org_unit_id.data or None,
            "unit_name": self.unit_name.data or "",
            "place": self.place.data or "",
            "period": self.period.data or "",
            "year": self.year.data,
            "quarter": self.quarter.data or "",
            "figures": self._figures,
            "body": (self.body.data or "").replace("\r\n", "\n"),
            "sources": self._sources,
            "topics": self.topics.data or "",
            "movements": sorted(self.movements.data or []),
            "provisions": self.provisions.data,
            "pictures": self.base["pictures"],
        }


class PictureForm(SeenForm):
    """A new picture; `texts` after validation."""

    file = FileField(_l("Tệp hình"), [FileRequired(_l("Hãy chọn một tệp hình."))])
    alt = StringField(_l("Hình cho thấy gì"), [required(_l("Hãy tả hình cho người không nhìn thấy.")), at_most(300)])
    caption = StringField(_l("Chú thích"), [at_most(300)])
    credit = StringField(_l("Người chụp, nguồn ảnh"), [at_most(200)])
    consent = TextAreaField(
        _l("Ai đồng ý cho dùng hình"),
        [required(_l("Hãy ghi ai đồng ý, khi nào, bằng cách nào; hoặc vì sao không cần.")), at_most(500)],
    )

    @property
    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in PICTURE_TEXTS}


class PicturesForm(SeenForm):
    """The pictures that are there: their texts, their order, which to take away. Posts `<digest>-alt`, `-place`, `-away`.

    rows: (digest, texts as typed, place, to be taken away, what is wrong)
    """

    def __init__(self, story: Exemplar, formdata: Any = None) -> None:
        super().__init__(formdata=formdata, data={"seen": str(story.revision)})
        self.rows: list[dict[str, Any]] = []
        for n, said in enumerate(latest_content(story)["pictures"], 1):
            row: dict[str, Any] = {**said, "place": str(n), "away": False, "errors": []}
            if formdata is not None and f"{said['digest']}-alt" in formdata:
                row |= {name: tidy(formdata.get(f"{said['digest']}-{name}", "")) for name in (*PICTURE_TEXTS, "place")}
                row["away"] = f"{said['digest']}-away" in formdata
            self.rows.append(row)

    def is_right(self) -> bool:
        longest = {"alt": 300, "caption": 300, "credit": 200, "consent": 500}
        for row in (row for row in self.rows if not row["away"]):
            if not row["alt"]:
                row["errors"].append(_("Hãy tả hình cho người không nhìn thấy."))
            if not row["consent"]:
                row["errors"].append(_("Hãy ghi ai đồng ý cho dùng hình, hoặc vì sao không cần."))
            if any(len(row[name]) > most for name, most in longest.items()):
                row["errors"].append(_("Có chỗ quá dài."))
            if not row["place"].isdecimal() or len(row["place"]) > 3:
                row["errors"].append(_("Thứ tự là một số."))
        return not any(row["errors"] for row in self.rows)

    @property
    def wanted(self) -> list[dict[str, str]]:
        """Contents' pictures in their new order; of two with the same place, the one that stood first stays first."""
        kept = sorted((row for row in self.rows if not row["away"]), key=lambda row: int(row["place"]))
        return [{name: row[name] for name in ("digest", *PICTURE_TEXTS)} for row in kept]


class MovementForm(Form):
    """seen: the digest of what the page showed"""

    seen = HiddenField(default="")
    title = StringField(_l("Tên phong trào"), [required(_l("Hãy điền tên phong trào.")), at_most(300)])
    scope = SelectField(_l("Phạm vi"), choices=[SelectChoice(v.value, word) for v, word in SCOPES.items()])
    launched_by = StringField(_l("Cơ quan, người phát động"), [at_most(200)])
    started = StringField(_l("Bắt đầu"), [at_most(10)])
    ended = StringField(_l("Kết thúc"), [at_most(10)])
    summary = TextAreaField(_l("Tóm tắt"), [at_most(500)])
    body = TextAreaField(_l("Giới thiệu"), [at_most(LONGEST_BODY)])
    sources = TextAreaField(CONTENT["sources"], [at_most(20_000)])
    position = IntegerField(_l("Thứ tự hiển thị"), [whole_number(0, 9999)], default=0)
    is_shown = BooleanField(_l("Hiện cho mọi người"), default=True)

    @classmethod
    def of(cls, movement: Movement | None) -> MovementForm:
        if movement is None:
            return cls(data={"scope": Scope.PROVINCE.value, "is_shown": True, "position": 0})
        names = ("title", "scope", "launched_by", "started", "ended", "summary", "body", "position", "is_shown")
        data = {name: getattr(movement, name) for name in names}
        notes = "\n".join(dict.fromkeys(s["note"].replace("\n", " ") for s in movement.sources if s.get("note")))
        return cls(data=data | {"sources": notes})

    def _day(self, field: Any) -> None:
        if field.data and not _DAY.fullmatch(field.data):
            raise ValidationError(_("Viết năm, hoặc năm-tháng, hoặc năm-tháng-ngày: 1948, 1948-06, 1948-06-11."))

    def validate_started(self, field: Any) -> None:
        self._day(field)

    def validate_ended(self, field: Any) -> None:
        self._day(field)
        if field.data and self.started.data and field.data < self.started.data[: len(field.data)]:
            raise ValidationError(_("Phong trào không thể kết thúc trước khi bắt đầu."))

    def said(self, movement: Movement | None) -> dict[str, Any]:
        """Columns of a Movement."""
        names = ("title", "scope", "launched_by", "started", "ended", "summary", "position", "is_shown")
        known = {s["note"].replace("\n", " "): s for s in (movement.sources if movement else []) if s.get("note")}
        typed = [known.get(line, {"fact": "", "note": line}) for line in _lines(self.sources.data)]
        same = movement is not None and list(known) == [s["note"].replace("\n", " ") for s in typed]
        return {name: self[name].data for name in names} | {
            "body": (self.body.data or "").replace("\r\n", "\n"),
            "sources": list(movement.sources) if same and movement is not None else typed,
        }
