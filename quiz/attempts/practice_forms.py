"""The shape of what organizers say about practice; the answers of people are read by responses.py."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.attempts.practice_models import PracticeBank
from quiz.banks.models import Bank
from quiz.forms import DayField, Form


class PracticeBankForm(Form):
    """topics: codes of those that are practised"""

    is_on = BooleanField(_l("Cho mọi người ôn luyện bằng ngân hàng này"))
    law_date = DayField(_l("Nội dung pháp luật tính đến ngày"))
    topics = SelectMultipleField(
        _l("Chủ đề được ôn"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    @classmethod
    def of(cls, bank: Bank, setting: PracticeBank | None) -> PracticeBankForm:
        codes = [topic["code"] for topic in bank.topics]
        closed = setting.closed_topics if setting else []
        form = cls(
            data={
                "is_on": setting is not None and setting.is_on,
                "law_date": setting.law_date if setting else None,
                "topics": [code for code in codes if code not in closed],
            }
        )
        form.topics.choices = [(topic["code"], topic["title"]) for topic in bank.topics]
        return form

    @property
    def closed_topics(self) -> list[str]:
        return [code for code, _title in self.topics.choices if code not in (self.topics.data or ())]
