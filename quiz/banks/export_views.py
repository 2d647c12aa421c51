"""Downloads of a bank in each format that can hold items, with a list of what the format could not hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import abort, render_template, request, url_for

from quiz.access import Permission, needs
from quiz.banks import exporting
from quiz.banks.draft_views import attachment
from quiz.banks.models import Bank
from quiz.banks.views import bank_or_404, bp
from quiz.banks.words import EXPORT_USES, EXPORTS
from quiz.errors import sentence


@bp.route("/ngan-hang/<code>/tai-ve")
@needs(Permission.SEE_BANK, of=bank_or_404)
def export_choice(bank: Bank) -> Any:
    """What a download of this bank in the chosen format would leave out, before it is made."""
    format_ = request.args.get("dang", "")
    losses = exporting.written(bank, format_).losses if format_ in exporting.WRITERS else []
    by_kind = Counter(lost for _code, lost in losses)
    return render_template(
        "banks/export.html",
        bank=bank,
        format=format_ if format_ in exporting.WRITERS else "",
        formats=EXPORTS,
        uses=EXPORT_USES,
        losses=[(sentence(lost), count) for lost, count in by_kind.most_common()],
        codes=[(code, sentence(lost)) for code, lost in losses[:200]],
        in_all=len(losses),
        address=lambda name: url_for(".export", code=bank.code, ending=exporting.WRITERS[name].ending),
    )


@bp.route("/ngan-hang/<code>.<ending>")
@needs(Permission.SEE_BANK, of=bank_or_404)
def export(bank: Bank, ending: str) -> Any:
    """The bank's items in use, or the latest wording of those never approved."""
    name = next((name for name, writer in exporting.WRITERS.items() if writer.ending == ending), None) or abort(404)
    written = exporting.written(bank, name)
    return attachment(written.content, exporting.WRITERS[name].media_type, f"{bank.code}.{ending}")
