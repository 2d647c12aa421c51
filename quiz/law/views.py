"""Pages of the law library, open to everybody. Editing: edit_views.py; files: import_views.py; changes: banks.law_change_views,
because a change is shown with the items it touches before it is recorded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from quiz.access import public
from quiz.addresses import page_number
from quiz.formats import local
from quiz.law import queries
from quiz.law.models import DocumentState, LegalDocument
from quiz.law.places import in_order
from quiz.law.words import CHANGES, STATES

bp = Blueprint("law", __name__)

PAGE = 50


@bp.app_template_global()
def document_state(state: DocumentState) -> tuple[object, str, str]:
    """Word, kind of tag and icon for a state, so that every page shows it alike."""
    return STATES[state]


@bp.app_template_global()
def change_word(kind: str) -> object:
    """What happens to a document, in words."""
    return CHANGES[kind]  # type: ignore[index]


def document_or_404(document_id: int) -> LegalDocument:
    return queries.document_by_id(document_id) or abort(404)


@bp.route("/van-ban")
@public
def index() -> Any:
    text = request.args.get("q", "").strip()[:200]
    chosen = request.args.get("hieu-luc", "")
    state = DocumentState(chosen) if chosen in {*DocumentState} else None
    number = page_number()
    today = local(g.now).date()
    documents, in_all = queries.documents(text, state, today, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "law/index.html", documents=documents, in_all=in_all, text=text, state=state, states=STATES, today=today,
        number=number, size=PAGE,
    )  # fmt: skip


@bp.route("/van-ban/<int:document_id>")
@public
def show(document_id: int) -> Any:
    document = document_or_404(document_id)
    numbers = {change.by_number for change in document.changes} | {document.replaced_by}
    return render_template(
        "law/show.html",
        document=document,
        today=local(g.now).date(),
        named=queries.documents_by_number(numbers - {""}),
        predecessors=queries.replaced_by(document),
        changed_by_it=queries.changes_made_by(document),
        provisions=sorted(document.provisions, key=lambda p: in_order(p.place)),
    )


from quiz.law import edit_views, import_views  # noqa: E402, F401  their routes belong to the same blueprint
