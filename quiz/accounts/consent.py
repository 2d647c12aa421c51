"""The consent that people give at registration: each text ever shown, under its version.

An account stores the version it agreed to. A published text is never edited; a change is a new version beside it, because
what a person agreed to must stay readable.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

TEXTS = {
    "2025-11": _l(
        "Tôi đồng ý cho Ban Tổ chức dùng họ tên, ngày sinh, số điện thoại hoặc email, đơn vị hoặc nơi ở của tôi để tổ chức "
        "cuộc thi, xếp hạng và liên hệ khi tôi đạt giải; và công bố họ tên cùng đơn vị hoặc nơi ở của tôi trên bảng xếp "
        "hạng và danh sách đạt giải. Nếu tôi chưa đủ 16 tuổi, cha, mẹ hoặc người giám hộ của tôi đã biết và đồng ý."
    ),
}

CURRENT = "2025-11"
