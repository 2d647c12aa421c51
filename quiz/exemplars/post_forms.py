"""The shape of what is typed about posts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.exemplars.post_models import Post, PostKind
from quiz.exemplars.post_words import POST_KINDS
from quiz.exemplars.posts import SAID
from quiz.forms import Form, MomentField, at_most, required


class PostForm(Form):
    """seen: the revision that the editor began from; 0 for a new post"""

    seen = HiddenField(default="0")
    kind = SelectField(_l("Loại"), choices=[(kind.value, text) for kind, text in POST_KINDS.items()])
    title = StringField(_l("Tiêu đề"), [required(_l("Hãy điền tiêu đề.")), at_most(300)])
    summary = TextAreaField(_l("Tóm tắt"), [at_most(500)])
    body = TextAreaField(_l("Nội dung"), [required(_l("Hãy viết nội dung.")), at_most(50_000)])
    starts_at = MomentField(_l("Bắt đầu"))
    ends_at = MomentField(_l("Kết thúc"))
    place = StringField(_l("Địa điểm"), [at_most(300)])
    org_unit_id = SelectField(_l("Đơn vị"), coerce=int)
    exemplars = SelectMultipleField(
        _l("Gương điển hình liên quan"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @classmethod
    def of(cls, post: Post | None) -> PostForm:
        if post is None:
            return cls(data={"kind": PostKind.NEWS.value})
        data = {name: getattr(post, name) for name in SAID}
        return cls(
            data=data
            | {
                "org_unit_id": post.org_unit_id or 0,
                "exemplars": [e.id for e in post.exemplars],
                "seen": str(post.revision),
            }
        )

    @property
    def is_event(self) -> bool:
        return self.kind.data in {kind.value for kind in PostKind if kind.is_event}

    def validate_starts_at(self, field: Any) -> None:
        if self.is_event and field.data is None and not field.process_errors:
            raise ValidationError(_("Sự kiện cần có giờ bắt đầu."))

    def validate_ends_at(self, field: Any) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("Giờ kết thúc phải sau giờ bắt đầu."))

    def validate_place(self, field: Any) -> None:
        if self.is_event and not field.data:
            raise ValidationError(_("Sự kiện cần có địa điểm; họp trực tuyến thì ghi “Trực tuyến”."))

    def said(self) -> dict[str, Any]:
        """Columns of a Post. News and articles have no time of their own, whatever the hidden fields hold."""
        values = {name: self[name].data for name in SAID} | {"org_unit_id": self.org_unit_id.data or None}
        return values if self.is_event else values | {"starts_at": None, "ends_at": None}

    @property
    def revision(self) -> int:
        return int(self.seen.data) if str(self.seen.data).isdecimal() else 0


class WhyForm(Form):
    why = StringField(_l("Lý do"), [required(_l("Hãy ghi lý do.")), at_most(300)])
