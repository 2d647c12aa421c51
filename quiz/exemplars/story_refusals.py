"""Why a deed about a story or a movement is not done, in words."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class StoryRefusal(enum.Enum):
    EDITED_SINCE = "edited_since"
    OWN_STORY = "own_story"
    OWN_EDIT = "own_edit"
    NOT_COMPLETE = "not_complete"
    NOT_A_DRAFT = "not_a_draft"
    NOT_APPROVED = "not_approved"
    NOT_PUBLISHED = "not_published"
    IS_A_DRAFT = "is_a_draft"
    IS_ARCHIVED = "is_archived"
    NOTHING_WAITS = "nothing_waits"
    TAKEN_SLUG = "taken_slug"
    PICTURE_THERE = "picture_there"
    TOO_MANY_PICTURES = "too_many_pictures"


explain(
    {
        StoryRefusal.EDITED_SINCE: _l("Người khác vừa sửa hoặc duyệt câu chuyện này. Chưa có gì được ghi đè; những gì bạn gõ vẫn còn trong biểu mẫu. Hãy mở bản mới ở thẻ khác để so, rồi lưu lại."),
        StoryRefusal.OWN_STORY: _l("Bạn đã viết hoặc sửa câu chuyện này nên cần người khác duyệt. Chưa có gì bị thay đổi."),
        StoryRefusal.OWN_EDIT: _l("Bản sửa này do bạn viết nên cần người khác duyệt. Chưa có gì bị thay đổi."),
        StoryRefusal.NOT_COMPLETE: _l("Câu chuyện còn thiếu: %(missing)s. Chưa có gì bị thay đổi. Hãy bổ sung rồi thử lại."),
        StoryRefusal.NOT_A_DRAFT: _l("Câu chuyện không còn là bản nháp: có thể người khác vừa duyệt. Chưa có gì bị thay đổi."),
        StoryRefusal.NOT_APPROVED: _l("Chỉ đăng được câu chuyện đã duyệt hoặc đang lưu trữ. Chưa có gì bị thay đổi."),
        StoryRefusal.NOT_PUBLISHED: _l("Chỉ lưu trữ được câu chuyện đang đăng. Chưa có gì bị thay đổi."),
        StoryRefusal.IS_A_DRAFT: _l("Câu chuyện đang là bản nháp rồi. Chưa có gì thay đổi thêm."),
        StoryRefusal.IS_ARCHIVED: _l("Câu chuyện đang lưu trữ nên không sửa được. Hãy đăng lại hoặc đưa về bản nháp rồi sửa."),
        StoryRefusal.NOTHING_WAITS: _l("Không còn bản sửa nào chờ duyệt: có thể người khác vừa quyết định. Chưa có gì bị thay đổi."),
        StoryRefusal.TAKEN_SLUG: _l("Một câu chuyện hay phong trào khác vừa lấy địa chỉ này. Chưa có gì được ghi. Hãy bấm lưu lần nữa."),
        StoryRefusal.PICTURE_THERE: _l("Hình này đã có trong câu chuyện. Chưa có gì bị thay đổi."),
        StoryRefusal.TOO_MANY_PICTURES: _l("Một câu chuyện có nhiều nhất %(most)s hình. Hãy bỏ bớt rồi thêm."),
    }
)  # fmt: skip
