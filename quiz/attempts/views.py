"""Pages of a person who takes part: the own panel, the paper, its saves, the outcome."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from quiz.access import Permission, guarded_in_sql, needs
from quiz.attempts import autosave, origins, panel, predictions, queries, responses, service, submission
from quiz.attempts.forms import PredictionForm
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import kinds, questions
from quiz.banks import links
from quiz.contests import rule_versions
from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.queries import contest_by_slug, entry_of, round_by_id
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.contests.rules_text import criterion_text
from quiz.db import transaction
from quiz.errors import Refusal, error_response, explain
from quiz.exemplars import reach
from quiz.rules import visibility
from quiz.rules.clock import AbandonRefusal, Consumed, SaveRefusal, StartRefusal
from quiz.rules.prediction import PredictionRefusal

bp = Blueprint("attempts", __name__)

explain(
    {
        StartRefusal.CONTEST_NOT_OPEN: _l("Cuộc thi chưa mở. Chưa tính lượt thi nào. Hãy quay lại khi Ban Tổ chức công bố."),
        StartRefusal.ROUND_NOT_OPEN: _l("Chưa đến giờ mở kỳ thi. Chưa tính lượt thi nào. Hãy xem lịch cuộc thi rồi quay lại."),
        StartRefusal.ROUND_CLOSED: _l("Kỳ thi đã đóng nên không bắt đầu lượt mới được. Các lượt bạn đã nộp vẫn còn nguyên."),
        StartRefusal.NO_ATTEMPT_LEFT: _l("Bạn đã dùng hết số lượt của kỳ thi này. Các lượt đã nộp vẫn còn nguyên."),
        StartRefusal.OUTSIDE_HOURS: _l(
            "Kỳ thi nhận bài %(hours)s; lúc này ngoài giờ nên chưa bắt đầu được. Chưa tính lượt thi nào. %(next)s"
        ),
        StartRefusal.NO_ATTEMPT_IN_WEEK: _l(
            "Bạn đã dùng hết %(limit)s lượt của tuần này. Các lượt đã nộp vẫn còn nguyên. Tuần mới bắt đầu lúc %(moment)s; "
            "nếu khi đó kỳ thi còn mở, bạn thi tiếp được."
        ),
        StartRefusal.NO_ATTEMPT_IN_CONTEST: _l(
            "Bạn đã dùng hết %(limit)s lượt của cả cuộc thi. Các lượt đã nộp vẫn còn nguyên và vẫn được xếp hạng."
        ),
        StartRefusal.NOT_QUALIFIED: _l(
            "Kỳ này chỉ dành cho người được chọn từ các kỳ trước, và bạn chưa có tên trong danh sách. Chưa tính lượt thi nào. "
            "Nếu kết quả các kỳ trước chưa công bố, hãy chờ; nếu bạn cho rằng có nhầm lẫn, hãy liên hệ Ban Tổ chức."
        ),
        AbandonRefusal.CONSUMED_AT_START: _l(
            "Theo thể lệ, bấm Bắt đầu là đã tính một lượt nên không bỏ lượt được. Bài của bạn vẫn còn nguyên; hãy làm tiếp rồi nộp."
        ),
        AbandonRefusal.HAS_ENDED: _l(
            "Bài này đã nộp hoặc đã hết giờ nên không bỏ được nữa. Những câu đã lưu được tính. Hãy xem ở trang lượt thi của bạn."
        ),
        PredictionRefusal.NOT_ASKED: _l(
            "Cuộc thi này không hỏi câu dự đoán sau khi nộp bài. Chưa có gì được ghi, bài của bạn vẫn còn nguyên."
        ),
        PredictionRefusal.NOT_HANDED_IN: _l(
            "Câu dự đoán chỉ nhận sau khi nộp bài. Chưa có gì được ghi, bài của bạn vẫn còn nguyên. Hãy nộp bài rồi dự đoán."
        ),
        PredictionRefusal.TOO_LATE: _l(
            "Kỳ thi đã đóng nên không nhận dự đoán nữa. Bài của bạn vẫn còn nguyên; câu dự đoán để trống."
        ),
        PredictionRefusal.GIVEN_ALREADY: _l(
            "Bạn đã dự đoán cho lượt này, và mỗi lượt chỉ dự đoán một lần. Con số đã ghi trước đó được giữ nguyên."
        ),
        SaveRefusal.NOT_FOUND: _l("Không tìm thấy bài thi này trong tài khoản của bạn. Hãy đăng nhập đúng tài khoản đã bắt đầu bài."),
        SaveRefusal.SUBMITTED: _l("Bài thi này đã nộp nên không nhận thêm câu trả lời. Những câu đã lưu trước đó được tính."),
        SaveRefusal.TIME_OVER: _l("Đã hết giờ làm bài nên câu trả lời này không được nhận. Những câu đã lưu trước đó được tính."),
        SaveRefusal.OTHER_DEVICE: _l("Bài đang được làm tiếp trên máy khác hoặc thẻ khác. Câu đã lưu vẫn còn nguyên."),
    }
)  # fmt: skip


def attempt_or_404(code: str) -> Attempt:
    return queries.attempt_by_code(code) or abort(404)


def round_or_404(round_id: int) -> Round:
    """A round of a public contest; the address of a draft would tell its title."""
    round_ = round_by_id(round_id)
    return round_ if round_ is not None and round_.contest.state == ContestState.OPEN else abort(404)


def open_contest_or_404(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    return contest if contest is not None and contest.opened_at else abort(404)


@bp.route("/cuoc-thi/<slug>/thi")
@needs(Permission.TAKE_PART, of=open_contest_or_404)
def mine(contest: Contest) -> Any:
    """Own panel: what can be started, resumed or looked at."""
    entry = entry_of(contest.id, current_user.id)
    if entry is None:
        return redirect(url_for("contests.enter", slug=contest.slug))
    running = queries.open_attempt(entry.id)
    if running is not None:
        _has_ended(running)
    attempts = queries.attempts_of(entry.id)
    rules = contest_rules(contest)
    return render_template(
        "attempts/mine.html",
        contest=contest,
        entry=entry,
        rules=rules,
        notices=rule_versions.notices(entry),
        lines=panel.round_lines(entry, attempts, now=g.now),
        running=next((a for a in attempts if a.state == AttemptState.OPEN), None),
        shows_score={a.id for a in attempts if visibility.released(rules.score_release, _stage(a))},
    )


@bp.route("/thi/bat-dau/<int:round_id>", methods=["POST"])
@needs(Permission.TAKE_PART, of=round_or_404)
def start(round_: Round) -> Any:
    entry = entry_of(round_.contest_id, current_user.id)
    if entry is None:
        return redirect(url_for("contests.enter", slug=round_.contest.slug))
    with transaction():
        token = request.cookies.get(_device_cookie(), "")[:40] or secrets.token_urlsafe(16)
        origin = service.Origin(_device(), token, request.headers.get("User-Agent", ""), request.remote_addr or "")
        code = service.start_attempt(entry, round_, now=g.now, origin=origin).code
    response = redirect(url_for(".sit", code=code))
    response.set_cookie(
        _device_cookie(), token, max_age=origins.COOKIE_DAYS * 86400, httponly=True, samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )  # fmt: skip
    return response


@bp.route("/thi/<code>")
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def sit(attempt: Attempt) -> Any:
    """The paper: all its questions in one page, so that moving between them needs no network."""
    if _has_ended(attempt):
        return redirect(url_for(".outcome", code=attempt.code))
    rules = contest_rules(attempt.round_.contest)
    return render_template(
        "attempts/sit.html",
        attempt=attempt,
        round=attempt.round_,
        contest=attempt.round_.contest,
        rules=rules,
        questions=questions(attempt, rules.worth),
        left_ms=autosave.left_ms(attempt.deadline_at, g.now),
        since_ms=(g.now - attempt.started_at) // timedelta(milliseconds=1),
        may_abandon=rules.consumed is Consumed.AT_SUBMIT,
    )


@bp.route("/api/thi/<code>", methods=["POST"])
@guarded_in_sql(Permission.SIT_ATTEMPT)
def save(code: str, account_id: int) -> Any:
    """Take the whole responses document. 204 with the time left; 409 with the reason; 422 when it is not of our shape."""
    if (request.content_length or 0) > responses.LONGEST_BODY:
        abort(413)
    try:
        document, revision = responses.from_body(request.get_data())
    except responses.BadResponses:
        return error_response(
            422, _("Máy chủ không đọc được câu trả lời vừa gửi. Những câu đã lưu trước đó vẫn còn nguyên.")
        )
    saved = autosave.save(code, account_id, document, revision, now=g.now, network=_network(code))
    return _left(saved.left_ms)


@bp.route("/api/thi/<code>")
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def time_left(attempt: Attempt) -> Any:
    """For a page that slept: how much time is left, on the server's clock."""
    if attempt.state != AttemptState.OPEN:
        raise Refusal(SaveRefusal.SUBMITTED)
    return _left(autosave.left_ms(attempt.deadline_at, g.now))


@bp.route("/thi/<code>/nop", methods=["POST"])
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def submit(attempt: Attempt) -> Any:
    """End the attempt with the answers of the form, or with what is stored when the form brings none."""
    typed = request.form.get("document")
    try:
        if typed is not None:
            document = responses.from_text(typed)
        else:
            # a page without script posts its fields, but not the flags and times it does not know
            stored = attempt.responses
            kept = {part: stored[part] for part in ("f", "t", "b") if part in stored}
            document = responses.from_form(request.form, kinds(attempt.paper)) | kept
        revision = responses.read_revision(request.form.get("revision", ""))
    except responses.BadResponses:
        return error_response(
            422,
            _(
                "Máy chủ không đọc được câu trả lời vừa gửi. Bài chưa nộp, những câu đã lưu vẫn còn nguyên. Hãy tải lại trang rồi nộp lại."
            ),
        )
    with transaction():
        submission.submit(attempt, document, revision, now=g.now, network=_network(attempt.code))
        reach.finished_after_reading(session, now=g.now)
    where = url_for(".outcome", code=attempt.code)
    return jsonify(next=where) if request.headers.get("X-Requested-With") == "fetch" else redirect(where)


@bp.route("/thi/<code>/bo", methods=["GET", "POST"])
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def abandon(attempt: Attempt) -> Any:
    """Leave the attempt, after a page that says what that means."""
    if _has_ended(attempt) and request.method == "GET":
        return redirect(url_for(".outcome", code=attempt.code))
    if request.method == "POST":
        with transaction():
            service.abandon(attempt, now=g.now)
        flash(_("Bạn đã bỏ lượt này; nó không được tính."), "ok")
        return redirect(url_for(".mine", slug=attempt.round_.contest.slug))
    return render_template(
        "attempts/abandon.html", attempt=attempt, round=attempt.round_, contest=attempt.round_.contest
    )


@bp.route("/thi/<code>/ket-qua")
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def outcome(attempt: Attempt) -> Any:
    """What the rule set lets the person see now: receipt at once; score, review and key each from its own stage on."""
    if not _has_ended(attempt):
        return redirect(url_for(".sit", code=attempt.code))
    if attempt.state == AttemptState.ABANDONED:
        return redirect(url_for(".mine", slug=attempt.round_.contest.slug))
    return _outcome_page(attempt, PredictionForm(formdata=None))


@bp.route("/thi/<code>/du-doan", methods=["POST"])
@needs(Permission.SIT_ATTEMPT, of=attempt_or_404)
def predict(attempt: Attempt) -> Any:
    """Take the prediction of a contest that asks for it after the paper."""
    _has_ended(attempt)
    form = PredictionForm()
    if not form.validate_on_submit():
        if refusal := predictions.why_not_predict(attempt, now=g.now):
            raise refusal
        return _outcome_page(attempt, form), 422
    assert form.prediction.data is not None
    with transaction():
        predictions.predict(attempt, form.prediction.data, now=g.now)
    flash(_("Đã ghi dự đoán của bạn."), "ok")
    return redirect(url_for(".outcome", code=attempt.code))


def _outcome_page(attempt: Attempt, form: PredictionForm) -> str:
    round_ = attempt.round_
    rules = contest_rules(round_.contest)
    stage = _stage(attempt)
    review = visibility.released(rules.review_release, stage)
    reviewed = questions(attempt, rules.worth) if review else None
    used = queries.used(attempt.entry_id, round_.id, rules.limits, g.now)
    return render_template(
        "attempts/outcome.html",
        attempt=attempt,
        round=round_,
        contest=round_.contest,
        rules=rules,
        stage=stage,
        shows_score=visibility.released(rules.score_release, stage) or review,
        questions=reviewed,
        stories=links.stories_of_versions({q.face.version_id for q in reviewed or ()}),
        used=used.in_round,
        may_start=service.why_not_start(attempt.entry, round_, now=g.now, used=used) is None,
        all_ended_at=all_ended_at(round_),
        form=form,
        may_predict=rules.predicts_after_paper and predictions.why_not_predict(attempt, now=g.now) is None,
        predict_until=predictions.last_moment_of(attempt) if rules.predicts_after_paper else None,
        criteria=[criterion_text(step) for step in rules.chain],
    )


def _has_ended(attempt: Attempt) -> bool:
    """Is the attempt over? One whose time has run out is ended now; only that opens a transaction."""
    if attempt.state == AttemptState.OPEN and g.now > attempt.accept_until:
        with transaction():
            submission.end_if_over(attempt, now=g.now)
    return attempt.state != AttemptState.OPEN


def _stage(attempt: Attempt) -> visibility.Stage:
    round_ = attempt.round_
    finished = attempt.state != AttemptState.OPEN
    return visibility.stage(all_ended_at(round_), finished, round_.published_at is not None, g.now)


def _left(left_ms: int) -> Response:
    response = Response(status=204)
    response.headers["X-Left-Ms"] = str(left_ms)
    return response


def _network(code: str) -> str:
    return origins.save_network(request.remote_addr or "", code, str(current_app.secret_key))


def _device_cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-may"


def _device() -> str:
    return "phone" if "Mobi" in request.headers.get("User-Agent", "") else "computer"


from quiz.attempts import practice_office_views, practice_views  # noqa: E402, F401  their routes belong here
