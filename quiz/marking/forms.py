"""Shape of the judges' input."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from quiz.forms import Form, required


class WhyForm(Form):
    """A reason for the record.  confirmed: posted by the page that shows the consequences"""

    why = TextAreaField(
        _l("Lý do"),
        [
            required(_l("Hãy ghi lý do: lý do được lưu vào nhật ký và biên bản.")),
            Length(min=10, message=_l("Lý do quá ngắn. Hãy ghi ít nhất 10 ký tự, đủ để người khác hiểu.")),
            Length(max=2000, message=_l("Lý do dài quá 2.000 ký tự.")),
        ],
    )
    confirmed = BooleanField()
