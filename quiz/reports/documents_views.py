"""Where organizers take the papers of a contest away: Word files to finish, and the lists as workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from quiz import jobs, journal
from quiz.access import Permission, needs
from quiz.banks.versions import faces
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, Pool
from quiz.contests.round_state import keys_are_public
from quiz.db import db, transaction
from quiz.formats import moment
from quiz.ranking import queries
from quiz.ranking.models import Ranking
from quiz.recognition.models import Decision
from quiz.recognition.queries import decision_of
from quiz.reports import contest_figures, statistics_words
from quiz.reports.contest_figures import Since
from quiz.reports.documents import papers
from quiz.reports.documents.papers import Office
from quiz.reports.period_views import asked_periods, contest_lines, named, period_lines, shortcomings
from quiz.reports.statistics_views import before_what, counted_contest_or_404
from quiz.reports.views import bp
from quiz.rules.keys import effective
from quiz.rules.marking import Key
from quiz.spreadsheets import Worksheet, send_book

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_ANSWERS = 300  # questions whose answers a paper lists

OF_CONTEST: dict[str, tuple[Any, Callable[[Contest, Office], bytes]]] = {
    "ke-hoach": (_l("Kế hoạch tổ chức cuộc thi"), papers.plan),
    "the-le": (_l("Thể lệ cuộc thi"), papers.rules_paper),
    "quyet-dinh-ban-to-chuc": (_l("Quyết định thành lập Ban Tổ chức, Ban Giám khảo, Tổ Thư ký"), papers.board_decision),
}
OF_SHEET: dict[str, tuple[Any, Callable[[Ranking, Office], bytes]]] = {
    "bang-xac-minh": (_l("Bảng xác minh thí sinh"), papers.identity_list),
    "bien-ban": (_l("Biên bản họp xét giải"), papers.minutes),
    "quyet-dinh": (_l("Quyết định công nhận kết quả kèm danh sách"), papers.recognition_decision),
}


def office() -> Office:
    return Office(current_app.extensions["settings"].organization)


def sheet_or_404(ranking_id: int) -> Ranking:
    return queries.sheet_by_id(ranking_id) or abort(404)


def decision_or_404(decision_id: int) -> Decision:
    return db.session.get(Decision, decision_id) or abort(404)


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/van-ban")
@needs(Permission.MAKE_PAPERS, of=counted_contest_or_404)
def papers_of(contest: Contest) -> str:
    """Every paper that can be made now, and what is still missing for the others."""
    sheets = queries.latest_sheets(contest)
    kept = contest_figures.kept_of(contest.id)
    return render_template(
        "reports/papers.html",
        contest=contest,
        of_contest=[(key, title) for key, (title, _make) in OF_CONTEST.items()],
        of_sheet=[(key, title) for key, (title, _make) in OF_SHEET.items()],
        sheets=sheets,
        decisions={s.id: decision_of(s.id) for s in sheets},
        kept=kept,
        before=before_what(contest, kept),
        job=jobs.latest(contest_figures.JOB, contest_figures.subject_of(contest.id)),
    )


def send_paper(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=f"{name}.docx")


def _write_down(subject: Any, paper: str) -> None:
    with transaction():
        journal.record(current_user, "paper.made", subject, now=g.now, after={"paper": paper})


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/van-ban/<any('ke-hoach', 'the-le', 'quyet-dinh-ban-to-chuc'):key>.docx")
@needs(Permission.MAKE_PAPERS, of=counted_contest_or_404)
def contest_paper(contest: Contest, key: str) -> Response:
    return send_paper(OF_CONTEST[key][1](contest, office()), f"{key}-{contest.slug}")


@bp.route("/to-chuc/bang-ket-qua/<int:ranking_id>/<any('bang-xac-minh', 'bien-ban', 'quyet-dinh'):key>.docx")
@needs(Permission.MAKE_PAPERS, of=sheet_or_404)
def sheet_paper(ranking: Ranking, key: str) -> Response:
    content = OF_SHEET[key][1](ranking, office())
    _write_down(ranking, key)  # it names people
    return send_paper(content, f"{key}-bang-{ranking.id}")


@bp.route("/to-chuc/bang-ket-qua/<int:ranking_id>/danh-sach.xlsx")
@needs(Permission.MAKE_PAPERS, of=sheet_or_404)
def winners_xlsx(ranking: Ranking) -> Response:
    """Danh sách đạt giải cá nhân, with the columns that the papers have."""
    head, rows = papers.winners_table(ranking)
    _write_down(ranking, "danh-sach")
    columns = [(title, 30 if n in (1, 3) else 16) for n, title in enumerate(head)]
    return send_book(f"danh-sach-bang-{ranking.id}.xlsx", Worksheet(_("Danh sách đạt giải"), columns, rows))


@bp.route("/to-chuc/bang-ket-qua/<int:ranking_id>/thong-bao.docx")
@needs(Permission.MAKE_PAPERS, of=sheet_or_404)
def announcement_paper(ranking: Ranking) -> Any:
    """Of a published sheet only, so that no file tells results before the page does."""
    kept = contest_figures.kept_of(ranking.contest.id, ranking.round_id)
    if ranking.published_at is None or kept is None:
        flash(
            _("Thông báo kết quả chỉ lập được khi bảng đã công bố và thống kê đã tính. Chưa có tệp nào được lập."),
            "warn",
        )
        return redirect(url_for(".papers_of", contest_id=ranking.contest.id))
    happened = contest_figures.since(kept, ranking.contest, g.now)
    if told := statistics_words.before([reason for reason in happened if reason is not Since.NEW_SHEET]):
        flash(_("%(told)s Hãy tính lại rồi lập thông báo; chưa có tệp nào được lập.", told=told), "warn")
        return redirect(url_for(".papers_of", contest_id=ranking.contest.id))
    content = papers.announcement(ranking, contest_figures.figures_of(kept), office(), _answers(ranking))
    _write_down(ranking, "thong-bao")
    return send_paper(content, f"thong-bao-bang-{ranking.id}")


def _answers(ranking: Ranking) -> list[tuple[str, str, str]]:
    """(question, answer, basis) of what papers of the division could ask; nothing while keys are closed."""
    contest = ranking.contest
    if not keys_are_public(contest, g.now):
        return []
    pools = db.session.scalars(db.select(Pool.candidates).where(Pool.division_id == ranking.division_id))
    ids = sorted({row[0] for rows in pools for row in rows})[:LONGEST_ANSWERS]
    rulings = rulings_of(contest).items
    found = []
    for version_id, face in sorted(faces(ids).items()):
        key = effective(face.key, rulings[version_id]) if version_id in rulings else face.key
        found.append((face.stem, _answer(face, key), ", ".join(filter(None, (face.place, face.document_name)))))
    return found


def _answer(face: Any, key: Key) -> str:
    if key.void:
        return _("Câu bị hủy, mọi bài được đủ điểm")
    if face.kind in ("short_text", "number"):
        return "; ".join(key.accepted)
    if face.kind == "essay":
        return _("Tự luận, Ban Giám khảo chấm")
    if face.kind == "matching":
        return "; ".join(f"{a} – {face.matches[n - 1]}" for a, n in zip(face.options, key.right, strict=False))
    glue = " → " if face.kind == "ordering" else "; "
    return glue.join(face.options[n - 1] for right in (key.right, *key.others) for n in right)


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/van-ban/bao-cao-tong-ket.docx")
@needs(Permission.MAKE_PAPERS, of=counted_contest_or_404)
def final_report(contest: Contest) -> Any:
    kept = contest_figures.kept_of(contest.id)
    if kept is None:
        flash(_("Báo cáo lấy số liệu từ trang Thống kê, mà thống kê chưa được tính. Hãy bấm tính rồi tải lại."), "warn")
        return redirect(url_for(".statistics", contest_id=contest.id))
    figures = contest_figures.kept_by_round(contest)
    by_round = [(r.name, figures[r.id]) for r in contest.rounds if r.id in figures]
    notes = [_("Số liệu tính lúc %(at)s.", at=moment(kept.made_at).striptags()), before_what(contest, kept)]
    content = papers.final_report(contest, figures[None], by_round, " ".join(filter(None, notes)), office())
    _write_down(contest, "bao-cao-tong-ket")
    return send_paper(content, f"bao-cao-tong-ket-{contest.slug}")


@bp.route("/to-chuc/quyet-dinh/<int:decision_id>/giay-chung-nhan.docx")
@needs(Permission.MAKE_PAPERS, of=decision_or_404)
def certificates_paper(decision: Decision) -> Response:
    content = papers.certificates(decision, office())
    _write_down(decision, "giay-chung-nhan")
    return send_paper(content, f"giay-chung-nhan-{decision.id}")


@bp.route("/to-chuc/bao-cao.docx")
@needs(Permission.SEE_STATISTICS)
def period_docx() -> Response:
    now, past = asked_periods()
    _write_down("statistics:period", f"bao-cao {now.begins} {now.ends}")
    notes = shortcomings(now) + shortcomings(past)
    content = papers.period_report(
        now, [named(now), named(past)], period_lines(now, past), contest_lines(now), notes, office()
    )
    return send_paper(content, f"bao-cao-{now.begins:%Y%m%d}-{now.ends:%Y%m%d}")
