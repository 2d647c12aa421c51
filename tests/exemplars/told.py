"""What tests of stories start from."""

from io import BytesIO
from itertools import count

from PIL import Image

from quiz.exemplars.models import Exemplar, Movement

BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile"}
NUMBERS = count(1)


def content(**changes):
    """What a person in office has typed, whole enough to be approved."""
    return {
        "kind": "group", "name": "Tổ hòa giải ấp Mẫu", "title": "Cuốn sổ luật của ấp Mẫu", "summary": "Hòa giải thành mọi vụ.",
        "field": "justice", "org_unit_id": None, "unit_name": "UBND xã Mẫu", "place": "Xã Mẫu", "period": "2012–2026",
        "year": 2026, "quarter": "", "figures": [{"value": "212", "label": "vụ việc"}], "body": "Đoạn đầu.\n\n> Lời trích.",
        "sources": [{"title": "Báo cáo", "publisher": "UBND xã Mẫu", "address": "", "fact": ""}], "topics": "",
        "movements": [], "provisions": [], "pictures": [],
    } | changes  # fmt: skip


def row(now, *, state="published", **columns):
    """An Exemplar in some state, that was never written by hand."""
    said = {k: v for k, v in content().items() if k not in ("movements", "provisions", "pictures")}
    return Exemplar(
        **said | {
            "slug": f"guong-{next(NUMBERS)}", "state": state, "created_at": now, "updated_at": now,
            "approved_at": None if state == "draft" else now,
            "published_at": now if state in ("published", "archived") else None,
            "archived_at": now if state == "archived" else None,
        } | columns
    )  # fmt: skip


def movement(now, **columns):
    n = next(NUMBERS)
    return Movement(
        **{"slug": f"phong-trao-{n}", "title": f"Phong trào số {n}", "scope": "province", "created_at": now, "updated_at": now}
        | columns
    )  # fmt: skip


def picture_file(colour="#8c1c1c", size=(320, 200)):
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


CONSENT = {"alt": "Sân nhà văn hóa", "caption": "", "credit": "", "consent": "Bà Mẫu đồng ý, giấy ngày 02/03/2026"}
