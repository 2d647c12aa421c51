"""Shape of the input around result sheets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from quiz.forms import Form, required


class _DrawForm(Form):
    place = HiddenField()  # the shared place, 0 for the lucky draw

    @property
    def place_number(self) -> int:
        text = self.place.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class NoticeForm(_DrawForm):
    """Where the seed of a draw will come from."""

    source = StringField(
        _l("Dãy số sẽ lấy từ đâu, công bố khi nào"),
        [
            required(_l("Hãy ghi nguồn của dãy số, để ai cũng đối chiếu được.")),
            Length(min=10, max=500, message=_l("Nguồn cần từ 10 đến 500 ký tự.")),
        ],
    )


class LotForm(_DrawForm):
    """The seed, once the announced source has given it."""

    seed = StringField(
        _l("Dãy số đã công bố"),
        [
            required(_l("Hãy ghi dãy số: nó quyết định thứ tự bốc thăm.")),
            Length(min=4, max=200, message=_l("Dãy số cần từ 4 đến 200 ký tự.")),
        ],
    )
