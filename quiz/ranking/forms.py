"""Shape of the input around result sheets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from quiz.forms import Form, required
from quiz.ranking.lots import Seed


class LotForm(Form):
    """The seed of a draw.  place: the shared place, 0 for the lucky draw"""

    place = HiddenField()
    seed = StringField(
        _l("Chuỗi số công khai"),
        [
            required(_l("Hãy ghi chuỗi số: nó quyết định thứ tự bốc thăm.")),
            Length(min=4, max=200, message=_l("Chuỗi số cần từ 4 đến 200 ký tự.")),
        ],
    )
    source = StringField(
        _l("Lấy từ đâu, công bố khi nào"),
        [
            required(_l("Hãy ghi nguồn của chuỗi số, để ai cũng đối chiếu được.")),
            Length(min=10, max=500, message=_l("Nguồn cần từ 10 đến 500 ký tự.")),
        ],
    )

    @property
    def typed(self) -> Seed:
        return Seed((self.seed.data or "").strip(), (self.source.data or "").strip())
