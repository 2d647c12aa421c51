"""Shape of what people type around a paper; the paper itself is read by responses.py."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.attempts.responses import LONGEST_PREDICTION
from quiz.contests.forms import NumberField
from quiz.forms import Form


class PredictionForm(Form):
    """The prediction of a contest that asks for it after the paper."""

    prediction = NumberField(_l("Dự đoán của bạn"), low=0, high=LONGEST_PREDICTION)
