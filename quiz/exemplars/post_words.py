"""What pages call the kinds and states of posts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.exemplars.post_models import PostKind, PostState

POST_KINDS = {
    PostKind.NEWS: _l("Tin"),
    PostKind.ARTICLE: _l("Bài viết"),
    PostKind.TALK: _l("Tọa đàm"),
    PostKind.MEETING: _l("Giao lưu"),
    PostKind.VISIT: _l("Tham quan, học tập kinh nghiệm"),
}

# state → (word, kind of tag, icon)
POST_STATES = {
    PostState.DRAFT: (_l("Bản nháp"), "", "info"),
    PostState.PUBLISHED: (_l("Đã đăng"), "ok", "check"),
    PostState.WITHDRAWN: (_l("Đã gỡ"), "warn", "off"),
}
