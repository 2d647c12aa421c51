"""Pages of the law library, open to everybody."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request
from flask_babel import lazy_gettext as _l

from quiz.access import public
from quiz.addresses import page_number
from quiz.formats import local
from quiz.law import queries
from quiz.law.models import DocumentState

bp = Blueprint("law", __name__)

PAGE = 50

# state → (word, kind of tag, icon)
STATES = {
    DocumentState.IN_FORCE: (_l("Còn hiệu lực"), "ok", "check"),
    DocumentState.QUESTIONED: (_l("Cần đối chiếu"), "warn", "warn"),
    DocumentState.NOT_YET: (_l("Chưa có hiệu lực"), "info", "clock"),
    DocumentState.EXPIRED: (_l("Hết hiệu lực"), "bad", "cross"),
    DocumentState.UNDATED: (_l("Không ghi thời hạn"), "", "info"),
}


@bp.app_template_global()
def document_state(state: DocumentState) -> tuple[object, str, str]:
    """Word, kind of tag and icon for a state, so that every page shows it alike."""
    return STATES[state]


@bp.route("/van-ban")
@public
def index() -> object:
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
def show(document_id: int) -> object:
    document = queries.document_by_id(document_id) or abort(404)
    return render_template(
        "law/show.html",
        document=document,
        today=local(g.now).date(),
        successor=queries.document_by_number(document.replaced_by) if document.replaced_by else None,
        predecessors=queries.replaced_by(document),
    )
