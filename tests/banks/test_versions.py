"""Faces: read once, kept, and never more than one query for many."""

from datetime import date

from sqlalchemy import event

from quiz.banks import versions
from quiz.banks.models import ItemVersion
from quiz.banks.versions import faces
from quiz.db import db
from quiz.rules.marking import Key
from tests.kinds import DIGEST, SECRET, paper_of_all_kinds


def statements(app):
    """The statements sent while the returned list is alive."""
    sent = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: sent.append(a[2]))
    return sent


def version_ids():
    return list(db.session.scalars(db.select(ItemVersion.id).order_by(ItemVersion.id)))


def test_a_face_says_all_that_a_paper_and_its_review_need(given, app):
    document = given.document("98/2023/NĐ-CP", title="Quy định chi tiết", kind="Nghị định")
    given.bank(
        1, document_id=document, article="5", clause="2", point="a", valid_from=date(2024, 1, 1), exemplar="Gương"
    )
    with app.app_context():
        [id_] = version_ids()
        face = faces([id_])[id_]
    assert face == versions.Face(
        version_id=id_, item_code="C001", kind="single", stem="Câu hỏi số 1?",
        options=tuple(f"Phương án {letter} của câu 1" for letter in "ABCD"), matches=(), images=(), level=2, words=None,
        key=Key(kind="single", right=(2,)), explanation="Giải thích câu 1.", document_id=document, document_number="98/2023/NĐ-CP",
        document_name="Nghị định 98/2023/NĐ-CP", place="Điểm a khoản 2 Điều 5", valid_from=date(2024, 1, 1),
        valid_until=None, exemplar="Gương",
    )  # fmt: skip


def test_a_face_of_every_kind_has_its_key_and_pictures(given, app):
    paper_of_all_kinds(given)
    with app.app_context():
        by_kind = {face.kind: face for face in faces(version_ids()).values()}
    assert by_kind["single"].image_at(0) == (0, DIGEST, "Mẫu huy hiệu")
    assert by_kind["single"].image_at(3) == (3, DIGEST, "Mẫu cờ")
    assert by_kind["single"].image_at(1) is None
    assert {kind: face.key for kind, face in by_kind.items()} == {
        "single": Key(kind="single", right=(2,)),
        "multiple": Key(kind="multiple", right=(1, 3), partial=True),
        "true_false": Key(kind="true_false", right=(2,)),
        "short_text": Key(kind="short_text", accepted=(SECRET, "300 triệu đồng")),
        "number": Key(kind="number", accepted=("3.5±0.25",)),
        "ordering": Key(kind="ordering", right=(1, 2, 3, 4), partial=True),
        "matching": Key(kind="matching", right=(4, 2, 1), partial=True),
    }
    assert by_kind["matching"].matches == ("Bộ trưởng", "Chính phủ", "Chủ tịch nước", "Quốc hội")


def test_an_item_without_a_document_has_empty_names(given, app):
    given.bank(1)
    with app.app_context():
        [face] = faces(version_ids()).values()
        assert (face.document_id, face.document_number, face.document_name, face.place) == (None, "", "", "")


def test_missing_faces_are_read_in_one_query_and_then_kept(given, app):
    given.bank(30)
    with app.app_context():
        ids = version_ids()
        sent = statements(app)
        assert faces(ids[:10]).keys() == set(ids[:10])
        assert len(sent) == 1
        assert faces(ids[:20]).keys() == set(ids[:20])
        assert len(sent) == 2
        assert faces(ids[:20]).keys() == set(ids[:20])
        assert len(sent) == 2


def test_unknown_ids_are_left_out(given, app):
    given.bank(1)
    with app.app_context():
        assert faces([999_999]) == {}


def test_the_oldest_faces_give_way(given, app, monkeypatch):
    monkeypatch.setattr(versions, "KEPT", 5)
    given.bank(9)
    with app.app_context():
        ids = version_ids()
        assert faces(ids).keys() == set(ids)  # all are answered, even when not all are kept
        kept = app.extensions["banks.faces"]
        assert list(kept) == ids[-5:]
