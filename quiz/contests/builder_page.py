"""What the pages of the builder show beside their form, before a contest is opened and after."""

from __future__ import annotations

from datetime import date
from typing import Any

from quiz.contests.builder_form import BuilderForm
from quiz.contests.readiness import surprises
from quiz.contests.rules_text import pieces, rules_text
from quiz.contests.topics import Titles, supply_with_exemplars


def beside(form: BuilderForm, law_date: date, names: Titles) -> dict[str, Any]:
    """Sentences, thể lệ and warnings of what the form says now, or what it lacks to be read; offers the topics in it.

    law_date: of the contest as it is kept, for a form that cannot be read
    """
    read = form.readable_rules()
    topics = supply_with_exemplars(names.banks, read.law_date if read else law_date, names)
    form.offer(topics, names)
    return {
        "available": {f"{t.bank}|{t.topic}": t for t in topics},
        "pieces": pieces(read, names) if read else {},
        "sections": rules_text(read, names) if read else [],
        "missing": [] if read else form.missing(),
        "warnings": list(surprises(read)) if read else [],
    }
