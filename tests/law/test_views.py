"""The library is open to everybody and says of each document whether it holds."""

from datetime import date


def test_the_index_names_the_state_in_words(given, visit):
    given.document()
    given.document("98/2023/NĐ-CP", title="Quy định chi tiết", expires_on=date(2024, 11, 20))
    given.document("01/2024/TT-BNV", title="Biện pháp", questioned_from=date(2024, 11, 20))
    given.document("152/2025/NĐ-CP", title="Phân cấp", effective_on=date(2025, 7, 1))
    given.document("Lời kêu gọi", title="Lời kêu gọi", effective_on=None)
    page = visit().get("/van-ban")
    assert page.status_code == 200
    for word in ("Còn hiệu lực", "Hết hiệu lực", "Cần đối chiếu", "Chưa có hiệu lực", "Không ghi thời hạn"):
        assert f"</svg> {word}</span>" in page.text


def test_search_and_state_narrow_the_index(given, visit):
    given.document()
    given.document("98/2023/NĐ-CP", title="Quy định chi tiết", expires_on=date(2024, 11, 20))
    page = visit().get("/van-ban?q=luat+thi+dua").text
    assert "06/2022/QH15" in page
    assert "98/2023/NĐ-CP" not in page
    assert "98/2023/NĐ-CP" in visit().get("/van-ban?hieu-luc=expired").text
    assert "Không có văn bản nào như vậy" in visit().get("/van-ban?q=khong+co").text
    assert visit().get("/van-ban?hieu-luc=xyz&trang=-3").status_code == 200


def test_the_index_is_paged(given, visit):
    for n in range(51):
        given.document(f"{n:02d}/2024", title=f"Văn bản {n}")
    assert "1–50 trong 51 văn bản" in visit().get("/van-ban").text
    assert "51–51 trong 51 văn bản" in visit().get("/van-ban?trang=2").text


def test_a_document_links_to_what_replaced_it(given, visit):
    new = given.document("152/2025/NĐ-CP", title="Phân cấp", kind="Nghị định", effective_on=date(2025, 7, 1))
    old = given.document(
        "98/2023/NĐ-CP", title="Quy định chi tiết", kind="Nghị định", expires_on=date(2024, 11, 1),
        replaced_by="152/2025/NĐ-CP", note="Ghi chú riêng.", source="https://example.vn/98",
    )  # fmt: skip
    page = visit().get(f"/van-ban/{old}").text
    assert f'<a href="/van-ban/{new}">Nghị định 152/2025/NĐ-CP</a>' in page
    assert "đã hết hiệu lực từ ngày 01/11/2024" in page
    assert "Ghi chú riêng." in page
    assert 'href="https://example.vn/98"' in page
    assert f'<a href="/van-ban/{old}">Nghị định 98/2023/NĐ-CP</a>' in visit().get(f"/van-ban/{new}").text


def test_an_unknown_document_is_not_found(visit):
    assert visit().get("/van-ban/999").status_code == 404
