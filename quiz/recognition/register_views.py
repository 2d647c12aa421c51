"""The register of certificates (sổ cấp), printing them, issuing one anew, and the images that they may bear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import undefer

from quiz import jobs, journal
from quiz.access import Permission, needs
from quiz.addresses import page_number
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.formats import day, local
from quiz.recognition import prints, queries, service
from quiz.recognition.forms import ImageChoiceForm, ImageForm, ReissueForm
from quiz.recognition.models import Certificate, Decision, ImageKind, PrintFile, PrintImage, RevokeCause, Template
from quiz.recognition.queries import Wanted
from quiz.recognition.refusals import CAUSE_TEXTS, RecognitionRefusal
from quiz.recognition.views import bp, certificate_or_404, decision_or_404
from quiz.recognition.words import IMAGE_TEXTS, TEMPLATE_TEXTS
from quiz.spreadsheets import Cell, Worksheet, send_book

PER_PAGE = 50
LONGEST_NAME = 100


def _wanted() -> Wanted:
    return Wanted(
        year=request.args.get("nam", type=int),
        contest_id=request.args.get("cuoc-thi", type=int),
        state=request.args.get("tinh-trang", ""),
        name=request.args.get("ten", "")[:LONGEST_NAME],
    )


# The register


@bp.route("/to-chuc/so-cap")
@needs(Permission.SEE_REGISTER)
def register() -> Any:
    wanted, page = _wanted(), page_number()
    asked = {"nam": wanted.year, "cuoc-thi": wanted.contest_id, "tinh-trang": wanted.state, "ten": wanted.name}
    return render_template(
        "recognition/register.html",
        wanted=wanted,
        asked={name: value for name, value in asked.items() if value},
        certificates=queries.register(wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        total=queries.count_register(wanted),
        page=page,
        per_page=PER_PAGE,
        years=queries.register_years(),
        contests=queries.register_contests(),
        templates=TEMPLATE_TEXTS,
    )


@bp.route("/to-chuc/so-cap.xlsx")
@needs(Permission.SEE_REGISTER)
def register_xlsx() -> Response:
    """The rows that the filters leave, in the order in which they were entered."""
    rows = sorted(queries.register(_wanted()), key=lambda c: (c.year, c.register_number))
    with transaction():
        journal.record(current_user, "certificates.exported", "certificates:all", now=g.now, after={"rows": len(rows)})
    columns = [
        (_("Số vào sổ"), 12), (_("Ngày cấp"), 12), (_("Mẫu giấy"), 18), (_("Họ và tên, tên tập thể"), 30),
        (_("Đơn vị, nơi ở, khối"), 34), (_("Giải"), 18), (_("Bảng, kỳ thi"), 28), (_("Cuộc thi"), 40),
        (_("Số quyết định"), 18), (_("Ngày quyết định"), 14), (_("Người ký"), 24), (_("Chức vụ"), 24), (_("Mã tra cứu"), 18),
        (_("Tình trạng"), 14), (_("Ngày thu hồi"), 14), (_("Văn bản thu hồi"), 18), (_("Lý do"), 30), (_("Cấp lại thay số"), 14),
        (_("Đã thay bằng số"), 14), (_("Người nhận ký"), 18), (_("Ghi chú"), 20),
    ]  # fmt: skip
    return send_book("so-cap.xlsx", Worksheet(_("Sổ cấp"), columns, _cells(rows)))


def _cells(rows: Sequence[Certificate]) -> Iterator[Sequence[Cell]]:
    for c in rows:
        p = c.printed
        revoked = c.revoked_at is not None
        yield [
            c.serial, day(c.issued_on), str(TEMPLATE_TEXTS[c.template]), c.name, c.belongs_to, p["prize"], p["of"],
            p["contest"], p["decision"], day(date.fromisoformat(p["decided_on"])), p["signer_name"], p["signer_title"], c.code,
            _("Đã thu hồi") if revoked else _("Còn giá trị"), day(c.revoked_at) if c.revoked_at else "", c.revoke_decision,
            str(CAUSE_TEXTS[RevokeCause(c.revoke_cause)]) if c.revoke_cause else "", c.replaces.serial if c.replaces else "",
            c.replaced_by.serial if c.replaced_by else "", "", "",
        ]  # fmt: skip


@bp.route("/to-chuc/giay-chung-nhan/<code>/cap-lai", methods=["GET", "POST"])
@needs(Permission.REVOKE_CERTIFICATE, of=certificate_or_404)
def reissue(certificate: Certificate) -> Any:
    """A new paper in place of this one, with corrected words where they were wrong."""
    if request.method == "GET" and certificate.is_replaced:
        raise Refusal(RecognitionRefusal.REISSUED_ALREADY)
    printed = certificate.printed
    form = ReissueForm(
        name=certificate.name,
        belongs_to=certificate.belongs_to,
        signer_name=printed["signer_name"],
        signer_title=printed["signer_title"],
        decision_number=certificate.revoke_decision,
        issued_on=local(g.now).date(),
        why_not_issued_on=lambda on: service.why_not_reissued_on(certificate, on, g.now),
    )
    if form.validate_on_submit():
        assert form.issued_on.data is not None  # the form has checked it
        with transaction():
            data = service.ReissueData(
                cause=RevokeCause(form.cause.data),
                decision=str(form.decision_number.data),
                issued_on=form.issued_on.data,
                name=str(form.name.data),
                belongs_to=str(form.belongs_to.data or ""),
                signer_name=str(form.signer_name.data),
                signer_title=str(form.signer_title.data),
                why=str(form.why.data),
            )
            new = service.reissue(certificate, data, current_user, now=g.now)
            code, serial = new.code, new.serial
        flash(_("Đã cấp lại. Giấy mới mang số %(serial)s, giấy cũ không còn giá trị.", serial=serial), "ok")
        return redirect(url_for(".certificate", code=code))
    page = render_template("recognition/reissue.html", certificate=certificate, form=form)
    return page, 422 if form.errors else 200


# Printing


@bp.route("/to-chuc/giai/quyet-dinh/<int:decision_id>/in", methods=["GET", "POST"])
@needs(Permission.PRINT_CERTIFICATES, of=decision_or_404)
def print_certificates(decision: Decision) -> Any:
    """The certificates of a decision: which images they bear, and files of all of them."""
    images = prints.images()
    chosen = prints.choice_of(decision.id)
    form = ImageChoiceForm(seal=chosen.seal_id or 0, signature=chosen.signature_id or 0)
    for field, kind in ((form.seal, ImageKind.SEAL), (form.signature, ImageKind.SIGNATURE)):
        field.choices = [(0, _("Không in")), *((i.id, i.title) for i in images if i.kind == kind)]
    if form.validate_on_submit():
        with transaction():
            prints.choose(decision, form.seal.data or None, form.signature.data or None, current_user, now=g.now)
        flash(_("Đã ghi lựa chọn hình. Giấy in từ bây giờ theo lựa chọn này."), "ok")
        return redirect(url_for(".print_certificates", decision_id=decision.id))
    page = render_template(
        "recognition/print.html",
        decision=decision,
        form=form,
        images=images,
        count=len(decision.valid_certificates),
        at_once=prints.AT_ONCE,
        files={kind: prints.file_of(decision, kind, g.now) for kind in prints.KINDS},
        jobs={kind: jobs.latest(prints.JOB, prints.subject(decision, kind)) for kind in prints.KINDS},
        kind=TEMPLATE_TEXTS[Template(decision.template)],
    )
    return page, 422 if form.errors else 200


@bp.route("/to-chuc/giai/quyet-dinh/<int:decision_id>/in.<any(pdf, zip):kind>", methods=["GET", "POST"])
@needs(Permission.PRINT_CERTIFICATES, of=decision_or_404)
def print_file(decision: Decision, kind: str) -> Any:
    """All certificates in one file: at once while they are few, else what a job has made; a POST asks for the job."""
    if request.method == "POST":
        with transaction():
            prints.ask(decision, kind, current_user, now=g.now)
        return redirect(url_for(".print_certificates", decision_id=decision.id))
    if len(decision.valid_certificates) <= prints.AT_ONCE:
        return _file(decision, kind, prints.made(decision, kind))
    made = prints.file_of(decision, kind, g.now) or abort(404)
    file = db.session.get_one(PrintFile, made.id, options=[undefer(PrintFile.content)])
    return _file(decision, kind, file.content)


def _file(decision: Decision, kind: str, content: bytes) -> Response:
    name = f"giay-quyet-dinh-{decision.id}.{kind}"
    return Response(
        content, mimetype=prints.KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# Images of seals and signatures


def image_or_404(image_id: int) -> PrintImage:
    return db.session.get(PrintImage, image_id, options=[undefer(PrintImage.content)]) or abort(404)


@bp.route("/to-chuc/hinh-dau", methods=["GET", "POST"])
@needs(Permission.PRINT_CERTIFICATES)
def print_images() -> Any:
    form = ImageForm()
    if form.validate_on_submit():
        try:
            with transaction():
                content = form.file.data.read(prints.MOST_BYTES + 1)
                prints.add_image(ImageKind(form.kind.data), str(form.title.data), content, current_user, now=g.now)
        except Refusal as refusal:
            form.file.errors = [refusal.sentence]
        else:
            flash(_("Đã lưu hình. Hình chỉ in trên giấy của quyết định nào được chọn."), "ok")
            return redirect(url_for(".print_images"))
    page = render_template("recognition/print_images.html", form=form, images=prints.images(), kinds=IMAGE_TEXTS)
    return page, 422 if form.errors else 200


@bp.route("/to-chuc/hinh-dau/<int:image_id>")
@needs(Permission.PRINT_CERTIFICATES, of=image_or_404)
def print_image(image: PrintImage) -> Response:
    return Response(image.content, mimetype=image.media_type)


@bp.route("/to-chuc/hinh-dau/<int:image_id>/xoa", methods=["POST"])
@needs(Permission.PRINT_CERTIFICATES, of=image_or_404)
def delete_print_image(image: PrintImage) -> Any:
    with transaction():
        prints.delete_image(image, current_user, now=g.now)
    flash(_("Đã xóa hình. Giấy in từ bây giờ không còn hình này."), "ok")
    return redirect(url_for(".print_images"))
