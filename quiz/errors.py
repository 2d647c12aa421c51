"""Refusals and error pages: every error says in Vietnamese what happened, what was kept, and what to do next."""

from __future__ import annotations

import enum
import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from quiz.db import db

log = logging.getLogger(__name__)

_sentences: dict[enum.Enum, Any] = {}

_MOST_TAKEN = 100 * 1024 * 1024


class Refusal(Exception):
    """The rules say no. `reason` is an enum member that `explain` has given a sentence; `details` fill its gaps."""

    def __init__(self, reason: enum.Enum, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details

    @property
    def sentence(self) -> str:
        return sentence(self.reason, **self.details)


def explain(sentences: Mapping[Any, Any]) -> None:
    """Give the members of a refusal enum their sentences (lazy strings, with %(name)s gaps for details)."""
    _sentences.update(sentences)


def sentence(reason: enum.Enum, **details: object) -> str:
    text = str(_sentences[reason])
    return text % details if details else text


def has_sentence(reason: enum.Enum) -> bool:
    return reason in _sentences


# status → (title, what happened and what to do next)
_PAGES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Yêu cầu chưa đúng"),
        _l("Máy chủ không đọc được yêu cầu này. Chưa có gì bị thay đổi. Hãy quay lại trang trước và thử lại."),
    ),
    401: (_l("Cần đăng nhập"), _l("Trang này dành cho người đã đăng nhập. Hãy đăng nhập rồi mở lại.")),
    403: (
        _l("Bạn không có quyền xem trang này"),
        _l("Tài khoản của bạn không được giao việc này. Nếu bạn cần quyền, hãy liên hệ Ban Tổ chức."),
    ),
    404: (
        _l("Không tìm thấy trang"),
        _l("Địa chỉ có thể đã gõ sai hoặc trang đã được gỡ. Hãy về trang chủ để tìm tiếp."),
    ),
    405: (_l("Không làm được bằng cách này"), _l("Trang này không nhận kiểu yêu cầu vừa gửi. Chưa có gì bị thay đổi.")),
    409: (_l("Việc này chưa làm được"), _l("Tình trạng hiện tại không cho phép. Chưa có gì bị thay đổi.")),
    413: (
        _l("Tệp quá lớn"),
        _l("Tệp vượt quá dung lượng cho phép nên chưa được nhận. Chưa có gì được ghi. Hãy chia nhỏ tệp rồi tải lại."),
    ),
    422: (_l("Có chỗ cần sửa"), _l("Một số thông tin chưa hợp lệ. Chưa có gì được ghi.")),
    429: (_l("Thử lại sau ít phút"), _l("Bạn thao tác quá nhanh. Hãy chờ một lát rồi thử lại.")),
    500: (
        _l("Máy chủ gặp lỗi"),
        _l(
            "Lỗi này ở phía chúng tôi và đã được ghi lại. Những câu trả lời đã báo “Đã lưu” vẫn còn nguyên. Hãy thử lại sau ít phút."
        ),
    ),
    503: (_l("Máy chủ đang bận"), _l("Hãy thử lại sau ít phút. Những câu trả lời đã báo “Đã lưu” vẫn còn nguyên.")),
}


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch"


def error_response(status: int, message: str | None = None, code: str | None = None) -> tuple[Response | str, int]:
    title, text = _PAGES.get(status, _PAGES[500] if status >= 500 else _PAGES[400])
    message = message or str(text)
    if wants_json():
        return jsonify(error=code or str(status), message=message), status
    return render_template("errors/error.html", status=status, title=title, message=message), status


def fault_sentence() -> str:
    """What people are told of a fault of ours, where no error page can be shown."""
    return str(_PAGES[500][1])


def _take_the_rest() -> None:
    """Read what is left of a request that is too large, within bounds, and forget it.

    Browsers show an answer only once they have sent everything; a connection closed before that is all people would see.
    """
    left = min(request.content_length or 0, _MOST_TAKEN)
    while left > 0 and (taken := request.environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(taken)


def init_app(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Any:
        db.session.rollback()
        return error_response(409, refusal.sentence, refusal.reason.name.lower())

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Any:
        return error_response(
            400,
            _(
                "Biểu mẫu đã cũ hoặc được gửi từ nơi khác nên chưa được nhận. Chưa có gì bị thay đổi. Hãy tải lại trang rồi gửi lại."
            ),
            "csrf",
        )

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        if error.code == 413:
            _take_the_rest()
        if error.code == 404 and request.method == "POST":
            return error_response(
                404,
                _(
                    "Mục này không còn: có thể lần bấm trước đã xong, hoặc người khác đã xóa. Lần bấm này không làm gì thêm. "
                    "Hãy mở lại danh sách để xem."
                ),
            )
        return error_response(error.code or 500)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Any:
        if app.testing or app.debug:
            raise error
        log.exception("unhandled fault at %s", getattr(g, "now", None), exc_info=error)
        db.session.rollback()
        # the page that says so must not ask a database that may be gone who is signed in
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
        return error_response(500)
