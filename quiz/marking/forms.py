"""Shape of the judges' input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from quiz.attempts.responses import LONGEST_TEXT
from quiz.banks.forms import choices
from quiz.banks.models import ItemKind
from quiz.banks.versions import Face
from quiz.banks.wording import MOST_ACCEPTED
from quiz.contests.forms import NumberField
from quiz.contests.rule_set import Criterion
from quiz.forms import Form, required
from quiz.marking.models import EssayMark, EssayTask, Ruling
from quiz.rules import written
from quiz.rules.keys import Overlay, What

SHORTEST_WHY = 10  # characters


class EssayMarkForm(Form):
    """Points of an essay. A reason is asked for only where points are changed."""

    points = NumberField(_l("Điểm"), low=0, high=1000)
    note = TextAreaField(_l("Nhận xét"), [Length(max=2000, message=_l("Nhận xét dài quá 2.000 ký tự."))])
    why = TextAreaField(_l("Lý do đổi điểm"), [Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự."))])

    def __init__(self, worth: int, mark: EssayMark | None) -> None:
        super().__init__(obj=mark)
        self.worth = worth
        if mark is None:
            del self.why

    def validate_points(self, field: Any) -> None:
        if field.data is not None and field.data > self.worth:
            raise ValidationError(_l("Hãy nhập số nguyên từ 0 đến %(high)s.", high=self.worth))

    def validate_why(self, field: Any) -> None:
        if len(field.data or "") < SHORTEST_WHY:
            raise ValidationError(
                _l("Bài đã có điểm; muốn đổi, hãy ghi lý do, ít nhất 10 ký tự. Lý do được lưu vào nhật ký.")
            )


class WhyForm(Form):
    """A reason for the record.  confirmed: posted by the page that shows the consequences"""

    why = TextAreaField(
        _l("Lý do"),
        [
            required(_l("Hãy ghi lý do: lý do được lưu vào nhật ký và biên bản.")),
            Length(min=SHORTEST_WHY, message=_l("Lý do quá ngắn. Hãy ghi ít nhất 10 ký tự, đủ để người khác hiểu.")),
            Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự.")),
        ],
    )
    confirmed = BooleanField()


class VerdictForm(WhyForm):
    """Keep the attempt, or ask for the person's identity; an annulment goes through the page that shows what follows."""

    confirmed = None
    ruling = RadioField(
        _l("Phán quyết"),
        [required(_l("Hãy chọn một phán quyết."))],
        choices=choices(
            [(Ruling.KEEP, _l("Giữ nguyên lượt thi")), (Ruling.IDENTITY, _l("Đề nghị xác minh người dự thi"))]
        ),
    )


class NoteForm(Form):
    text = TextAreaField(
        _l("Ghi chú cho giám khảo khác"),
        [required(_l("Hãy viết ghi chú.")), Length(max=2000, message=_l("Ghi chú dài quá 2.000 ký tự."))],
    )


class KeyForm(Form):
    """A ruling on the key of an item.  overlay: once the form is valid"""

    what = RadioField(
        _l("Xử lý thế nào?"),
        [required(_l("Hãy chọn cách xử lý."))],
        choices=[
            (What.CORRECT.value, _l("Đáp án sai: dùng đáp án khác")),
            (What.ACCEPT.value, _l("Có nhiều đáp án đúng: nhận thêm")),
            (What.VOID.value, _l("Câu hỏi sai: hủy câu, mọi bài được đủ điểm của câu")),
        ],
    )
    options = SelectMultipleField(_l("Phương án đúng"), coerce=int)
    numbers = StringField(_l("Thứ tự đúng"))
    accepted = TextAreaField(_l("Câu trả lời đúng"), [Length(max=4000, message=_l("Danh sách dài quá 4.000 ký tự."))])
    why = TextAreaField(
        _l("Lý do"),
        [
            required(_l("Hãy ghi lý do: người dự thi được đọc.")),
            Length(min=SHORTEST_WHY, message=_l("Lý do quá ngắn. Hãy ghi ít nhất 10 ký tự, nêu căn cứ.")),
            Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự.")),
        ],
    )

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.overlay = Overlay(What.VOID)
        kind = ItemKind(face.kind)
        if kind.has_options:
            self.options.choices = list(enumerate(face.options, 1))
        kept = (
            "options"
            if kind.has_options
            else "numbers"
            if kind in (ItemKind.ORDERING, ItemKind.MATCHING)
            else "accepted"
        )
        for name in {"options", "numbers", "accepted"} - {kept}:
            del self[name]
        self.kept = self[kept]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.overlay = self._overlay(What(self.what.data))
        except ValidationError as error:
            self.kept.errors = [*self.kept.errors, str(error)]
            return False
        return True

    def _overlay(self, what: What) -> Overlay:
        if what is What.VOID:
            return Overlay(what)
        match self.kept.name:
            case "options":
                return Overlay(what, self._chosen(what, tuple(sorted(self.options.data))))
            case "numbers":
                return Overlay(what, (self._sequence(),))
            case _:
                texts = tuple(dict.fromkeys(filter(None, map(str.strip, str(self.accepted.data or "").splitlines()))))
                if not texts or len(texts) > MOST_ACCEPTED or any(len(text) > LONGEST_TEXT for text in texts):
                    raise ValidationError(
                        _l("Hãy ghi từ 1 đến 20 câu trả lời, mỗi dòng một câu, mỗi câu không quá 200 ký tự.")
                    )
                if self.face.kind == ItemKind.NUMBER:
                    texts = tuple(text.replace(",", ".") for text in texts)
                    if not all(map(written.read_accepted_number, texts)):
                        raise ValidationError(_l("Mỗi dòng phải là một số, có thể kèm khoảng lệch. Ví dụ: 3,5±0,25."))
                return Overlay(what, (), texts)

    def _chosen(self, what: What, chosen: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        if not chosen:
            raise ValidationError(_l("Hãy đánh dấu ít nhất một phương án."))
        if self.face.kind == ItemKind.MULTIPLE:
            return (chosen,)
        if what is What.CORRECT and len(chosen) > 1:
            raise ValidationError(_l("Câu này chỉ có một đáp án. Nếu nhiều phương án cùng đúng, hãy chọn “nhận thêm”."))
        return tuple((option,) for option in chosen)

    def _sequence(self) -> tuple[int, ...]:
        """An ordering names every thing once; a matching names a right side for every left side."""
        parts = str(self.numbers.data or "").replace(",", " ").split()
        most = len(self.face.matches or self.face.options)
        numbers = tuple(int(part) for part in parts if part.isascii() and part.isdecimal() and 1 <= int(part) <= most)
        is_whole = len(parts) == len(numbers) == len(self.face.options)
        if not is_whole or (self.face.kind == ItemKind.ORDERING and len(set(numbers)) < len(numbers)):
            raise ValidationError(
                _l(
                    "Hãy ghi đủ %(count)s số từ 1 đến %(most)s, cách nhau bằng dấu cách.",
                    count=len(self.face.options),
                    most=most,
                )
            )
        return numbers


class PanelForm(Form):
    """Who marks a round.  judges: (id, name) of everybody who may"""

    judges = SelectMultipleField(_l("Giám khảo chấm"), coerce=int)
    chair = SelectField(_l("Trưởng ban chấm"), coerce=int)

    def __init__(self, judges: Sequence[tuple[int, str]], **data: Any) -> None:
        super().__init__(**data)
        self.judges.choices = list(judges)
        self.chair.choices = list(judges)

    def validate_judges(self, field: Any) -> None:
        if len(field.data or ()) < 2:
            raise ValidationError(_l("Hãy chọn ít nhất hai giám khảo."))


class PointsForm(Form):
    """A judge's points of an essay without a rubric, or with one the rows that `points_form` adds."""

    worth = 0
    total = NumberField(_l("Điểm"), low=0, high=1000)
    note = TextAreaField(_l("Nhận xét"), [Length(max=2000, message=_l("Nhận xét dài quá 2.000 ký tự."))])

    @property
    def parts(self) -> list[Any]:
        return [field for name, field in self._fields.items() if name.startswith("part_")]

    @property
    def points(self) -> int:
        return sum(part.data for part in self.parts) if self.parts else int(self.total.data or 0)

    def validate_total(self, field: Any) -> None:
        if field.data is not None and field.data > self.worth:
            raise ValidationError(_l("Hãy nhập số nguyên từ 0 đến %(high)s.", high=self.worth))


def points_form(rubric: Sequence[Criterion], worth: int, task: EssayTask) -> PointsForm:
    """The form of an essay, with what its judge has given already."""
    rows = {f"part_{n}": NumberField(c.name, low=0, high=c.points) for n, c in enumerate(rubric)}
    data: dict[str, Any] = {}
    if task.marked_at is not None:
        data = {"total": task.points, "note": task.note} | dict(zip(rows, task.parts, strict=False))
    form: PointsForm = type("RubricForm", (PointsForm,), {**rows, "worth": worth})(data=data)
    if rubric:
        del form.total
    return form
