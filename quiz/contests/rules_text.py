"""The thể lệ: the rule set as numbered sections of plain data, so that the words and the engine say the same."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# criterion name of rules.tie_break → (title, which value stands above)
CRITERION_TEXTS = {
    "score": (_l("Điểm"), _l("cao hơn xếp trên")),
    "prediction": (
        _l("Dự đoán"),
        _l("lệch ít hơn so với số thực tế xếp trên, không kể thừa hay thiếu; không dự đoán xếp sau"),
    ),
    "elapsed": (
        _l("Thời gian làm bài"),
        _l("ngắn hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây"),
    ),
    "submitted": (_l("Thời điểm nộp"), _l("sớm hơn xếp trên")),
    "fewer_attempts": (_l("Số lượt đã dùng"), _l("ít hơn xếp trên")),
    "registered": (_l("Thời điểm đăng ký"), _l("sớm hơn xếp trên")),
}
