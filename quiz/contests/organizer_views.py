"""Pages on which organizers make, preview, open, close and extend contests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from secrets import randbelow
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.addresses import asked_number, page_number
from quiz.banks.versions import faces
from quiz.contests import drafting, law_warnings, queries, service
from quiz.contests.builder_form import CHECKING, form_for
from quiz.contests.builder_page import beside
from quiz.contests.calendar import PHASE_TAGS, contest_phase, rounds_now
from quiz.contests.forms import CloseForm, CreateForm, ExtendForm, SummaryForm
from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.pools import candidates_of, pool_id_of
from quiz.contests.presets import Preset, PresetKind, lacks_essays, lacks_sets, presets
from quiz.contests.readiness import findings
from quiz.contests.rule_set import DivisionPart, RuleSet, cells_of, rule_set
from quiz.contests.topics import drawable, supply, titles
from quiz.contests.views import bp, public_page
from quiz.db import transaction
from quiz.formats import local
from quiz.forms import Form
from quiz.rules.drawing import BankTooSmall, PaperItem, draw

PER_PAGE = 20
SEEDS = 1_000_000

# kinds of presets, in the order in which they are offered
PRESET_KINDS = {
    PresetKind.ONE_ROUND: _l("Một kỳ thi"),
    PresetKind.EACH_ROUND: _l("Nhiều kỳ, mỗi kỳ xếp hạng và trao giải riêng"),
    PresetKind.OVERALL: _l("Nhiều kỳ, có thêm xếp hạng chung cuộc"),
    PresetKind.FINAL: _l("Chọn người vào vòng chung kết"),
    PresetKind.WRITTEN: _l("Có bài tự luận, thi viết"),
}


def contest_by_id_or_404(contest_id: int) -> Contest:
    return queries.contest_by_id(contest_id) or abort(404)


def round_or_404(round_id: int) -> Round:
    return queries.round_by_id(round_id) or abort(404)


@bp.route("/to-chuc/cuoc-thi")
@needs(Permission.MANAGE_CONTEST)
def manage() -> Any:
    page = page_number()
    return render_template(
        "contests/manage.html",
        contests=queries.all_contests(limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        count=queries.count_contests(),
        page=page,
        per_page=PER_PAGE,
        tag_of=lambda contest: PHASE_TAGS[contest_phase(contest, g.now)],
        count_law_warnings=lambda contest: law_warnings.count_unchecked(contest, g.now),
    )


@bp.route("/to-chuc/cuoc-thi/moi", methods=["GET", "POST"])
@needs(Permission.MANAGE_CONTEST)
def create() -> Any:
    names = titles()
    with_topics = {bank for bank, _topic in names.topics}
    form = CreateForm()
    form.preset.choices = [(p.code, p.name) for p in presets().values()]
    form.banks.choices = [(code, title) for code, title in names.banks.items() if code in with_topics]
    if form.validate_on_submit():
        opens_at = form.opens_at.data
        assert opens_at is not None
        preset, banks = presets()[form.preset.data], form.banks.data or []
        law_date = form.law_date.data or local(opens_at).date()
        with transaction():
            contest = drafting.create_draft(
                preset,
                title=form.title.data or "",
                banks=banks,
                law_date=law_date,
                opens_at=opens_at,
                actor=current_user,
                now=g.now,
            )
        flash(_("Đã lập bản nháp. Bản nháp chưa ai ngoài Ban Tổ chức nhìn thấy."), "ok")
        for lack in _lacks(preset, banks, law_date, contest):
            flash(lack, "warn")
        return redirect(url_for(".edit", contest_id=contest.id))
    groups = [(title, [p for p in presets().values() if p.kind is kind]) for kind, title in PRESET_KINDS.items()]
    return render_template("contests/create.html", form=form, groups=groups), 422 if form.errors else 200


def _lacks(preset: Preset, banks: list[str], law_date: date, contest: Contest) -> Iterator[str]:
    """What the preset wants and the banks do not have; the draft does without."""
    topics = supply(banks, law_date, titles())
    if lacks_essays(preset, topics):
        yield _("Mẫu này có bài tự luận, nhưng ngân hàng đã chọn chưa có câu tự luận nào rút được. Bản nháp tạm chỉ có câu trắc "
                "nghiệm. Hãy thêm câu tự luận vào ngân hàng rồi ghi vào cột “Tự luận” của ma trận đề.")  # fmt: skip
    if lacks_sets(preset, banks):
        yield _("Mẫu này cho mỗi bảng một bộ câu hỏi riêng, cần %(n)s ngân hàng. Bạn chọn ít hơn nên các bảng đang dùng chung câu "
                "hỏi. Hãy đổi chủ đề trong ma trận đề của từng bảng.", n=preset.sets)  # fmt: skip
    if preset.contest.split_pool and not rule_set(contest).contest.split_pool:
        yield _("Ngân hàng chưa đủ câu để mỗi kỳ có phần câu hỏi riêng, nên bản nháp cho các kỳ dùng chung ngân hàng: câu hỏi của "
                "kỳ trước có thể gặp lại ở kỳ sau.")  # fmt: skip


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_CONTEST, of=contest_by_id_or_404)
def edit(contest: Contest) -> Any:
    if contest.state == ContestState.OPEN:
        return _edit_open(contest)
    mark = drafting.draft_mark(contest)
    form = form_for(contest, mark)
    act = request.form.get("act", "save")
    names = titles()
    status = 200
    law_date = form.law_date.data or contest.law_date
    if form.is_submitted() and act not in CHECKING:
        form.rearrange(act, supply(names.banks, law_date, names))
    elif form.validate_on_submit():
        if act != "refresh" and form.seen.data == mark:
            with transaction():
                drafting.save_draft(
                    contest,
                    form.rules(),
                    summary=form.summary.data or "",
                    rules_number=form.rules_number.data or "",
                    seen=mark,
                )
            flash(_("Đã lưu bản nháp."), "ok")
            return redirect(url_for(".preview" if act == "preview" else ".edit", contest_id=contest.id))
        if form.seen.data != mark:
            form.form_errors = [
                _("Người khác vừa lưu bản nháp này sau khi bạn mở trang, nên bản của bạn chưa được ghi. Những gì bạn điền vẫn "
                  "còn ở dưới; bấm Lưu lần nữa để ghi đè, hoặc tải lại trang để xem bản mới.")
            ]  # fmt: skip
            form.seen.data, form.seen.raw_data = mark, None
            status = 409
    elif form.is_submitted():
        status = 422
    shown = beside(form, law_date, names)
    return render_template("contests/edit.html", contest=contest, form=form, **shown), status


def _edit_open(contest: Contest) -> Any:
    """Of an open contest the introduction may change; the calendar has buttons of its own."""
    form = SummaryForm(obj=contest)
    if "act" in request.form:  # the builder, sent from a page that was opened before the contest was
        drafting.save_draft(contest, rule_set(contest), summary=contest.summary, rules_number=contest.rules_number)
    if form.validate_on_submit():
        with transaction():
            service.change_summary(contest, current_user, form.summary.data or "", now=g.now)
        flash(_("Đã sửa lời giới thiệu."), "ok")
        return redirect(url_for(".edit", contest_id=contest.id))
    return _open_page(contest, summary_form=form)


def _open_page(contest: Contest, **forms: Any) -> Any:
    """The page of an open contest, re-shown with whichever of its forms was sent."""
    shown = {
        "summary_form": forms.get("summary_form") or SummaryForm(formdata=None, obj=contest),
        "close_form": forms.get("close_form"),
        "extend_form": forms.get("extend_form"),
        "round_id": forms.get("round_id"),
    }
    bad = any(form.errors for name, form in shown.items() if name != "round_id" and form)
    return render_template(
        "contests/edit_open.html",
        contest=contest,
        phase_tag=PHASE_TAGS[contest_phase(contest, g.now)],
        rounds=rounds_now(contest, g.now),
        law_warnings=law_warnings.of_open(contest),
        told=law_warnings.told,
        entries=queries.count_entries(contest.id),
        close_form_of=lambda r: _numbered(shown["close_form"] if shown["round_id"] == r.id else None, CloseForm, r),
        extend_form_of=lambda r: _numbered(shown["extend_form"] if shown["round_id"] == r.id else None, ExtendForm, r),
        **shown,
    ), 422 if bad else 200


def _numbered(sent: Form | None, kind: type[Form], round_: Round) -> Form:
    """The form that was sent, or a fresh one; ids carry the round, because the page holds a form for each."""
    form = sent or kind(formdata=None)
    for field in form:
        field.id = f"{field.name}-{kind.__name__.removesuffix('Form').lower()}-{round_.id}"
    return form


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/xem-truoc")
@needs(Permission.PREVIEW_CONTEST, of=contest_by_id_or_404)
def preview(contest: Contest) -> Any:
    """The public page as it will be, a sample paper, and what stands in the way of opening."""
    rules = rule_set(contest)
    seed = asked_number("de")
    if seed is None:
        seed = randbelow(SEEDS)
    division = next((d for d in rules.divisions if d.code == request.args.get("bang")), rules.divisions[0])
    paper = _sample(contest, rules, division, seed)
    return render_template(
        "contests/preview.html",
        found=findings(rules, titles(), g.now) if contest.state == ContestState.DRAFT else [],
        law_warnings=law_warnings.of_draft(rules) if contest.state == ContestState.DRAFT else [],
        told=law_warnings.told,
        seed=seed,
        next_seed=(seed + 1) % SEEDS,
        division=division,
        paper=paper,
        faces=faces(item.version_id for item in paper),
        seen=drafting.draft_mark(contest),
        shows_keys=request.args.get("dap-an") == "1",
        entry=None,
        refusal=None,
        **public_page(contest),
    )


def _sample(contest: Contest, rules: RuleSet, division: DivisionPart, seed: int) -> list[PaperItem]:
    """A paper of the first round as participants would get it; empty when the bank is too small."""
    blueprint = rules.rounds[0].rules.blueprints.get(division.code) or division.rules.blueprint
    if contest.state == ContestState.OPEN:
        division_id = next(d.id for d in contest.divisions if d.code == division.code)
        pool = candidates_of(pool_id_of(division_id, contest.rounds[0].id))
    else:
        pool = tuple(drawable(blueprint, rules.law_date))
    try:
        return draw(pool, cells_of(blueprint), seed)
    except BankTooSmall:
        return []


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/mo", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=contest_by_id_or_404)
def open_contest(contest: Contest) -> Any:
    with transaction():
        service.open_contest(contest, current_user, now=g.now, seen=request.form.get("seen"))
    flash(_("Cuộc thi đã mở. Thể lệ và dấu niêm phong đã công khai; từ nay muốn sửa thể lệ phải lập bản mới."), "ok")
    return redirect(url_for(".edit", contest_id=contest.id))


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/xoa", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=contest_by_id_or_404)
def drop_draft(contest: Contest) -> Any:
    title = contest.title
    with transaction():
        drafting.drop_draft(contest, current_user, now=g.now)
    flash(_("Đã xóa bản nháp “%(title)s”.", title=title), "ok")
    return redirect(url_for(".manage"))


@bp.route("/to-chuc/dot/<int:round_id>/dong", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=round_or_404)
def close_round(round_: Round) -> Any:
    form = CloseForm()
    if not form.validate_on_submit():
        return _open_page(round_.contest, close_form=form, round_id=round_.id)
    with transaction():
        service.close_round(round_, current_user, why=form.why.data or "", now=g.now)
    flash(_("Đã đóng %(name)s. Lượt đang làm vẫn được làm hết thời gian của mình.", name=round_.name), "ok")
    return redirect(url_for(".edit", contest_id=round_.contest_id))


@bp.route("/to-chuc/dot/<int:round_id>/gia-han", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=round_or_404)
def extend_round(round_: Round) -> Any:
    form = ExtendForm()
    if not form.validate_on_submit():
        return _open_page(round_.contest, extend_form=form, round_id=round_.id)
    closes_at = form.closes_at.data
    assert closes_at is not None
    with transaction():
        service.extend_round(round_, current_user, closes_at=closes_at, why=form.why.data or "", now=g.now)
    flash(_("Đã gia hạn %(name)s.", name=round_.name), "ok")
    return redirect(url_for(".edit", contest_id=round_.contest_id))
