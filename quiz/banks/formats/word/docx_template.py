"""The Word file that teaches the format: instructions on the first page, then examples of every accepted way of writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from quiz.banks.formats.lines.document import GUARD
from quiz.banks.formats.word.paper import Paper

_EXAMPLE_TOPICS = ({"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"})


def template(topics: Sequence[Mapping[str, str]] = ()) -> bytes:
    """topics: those of the bank it is meant for; they appear in the examples.

    The examples are what a reader looks for in any language of the interface, so they are not translated.
    """
    topics = topics or _EXAMPLE_TOPICS
    paper = Paper(_("Tệp mẫu câu hỏi"))
    _write_instructions(paper, topics)
    first, last = topics[0]["title"], topics[-1]["title"]
    _write_answer_lines(paper, first, last)
    _write_marks(paper, first)
    _write_other_kinds(paper, last)
    _write_table(paper, first)
    _write_key_table(paper, last)
    return paper.content()


def _write_instructions(paper: Paper, topics: Sequence[Mapping[str, str]]) -> None:
    """Each begins with a sign that no one sees and that keeps the reader from taking it for a question."""
    paper.line(GUARD + _("Cách soạn câu hỏi trong Word"), marked=True)
    titles = "; ".join(topic["title"] for topic in topics)
    for text in (
        _("Các trang sau là ví dụ chạy được. Hãy xóa ví dụ và trang này, rồi soạn câu hỏi của bạn theo một trong các cách đó; có thể dùng lẫn các cách trong một tệp."),
        _("Mỗi câu bắt đầu bằng “Câu 1.” hoặc “1.”; mỗi phương án bắt đầu bằng A, B, C… ở đầu dòng, hoặc nhiều phương án trên một dòng. Số câu và chữ cái đánh tự động đều được."),
        _("Đáp án ghi theo một trong các cách: dòng “Đáp án: B”; in đậm, gạch chân, tô màu cả phương án đúng; dấu * trước phương án đúng; hoặc bảng đáp án ở cuối tệp. Khi hai cách không khớp nhau, máy chủ không tự chọn mà hỏi lại bạn."),
        _("Có thể ghi thêm các dòng: Giải thích, Căn cứ, Chủ đề, Mức độ, Đúng từ ngày, Điển hình, Nguồn, Mã (đứng trước câu), Loại."),
        _("Chủ đề của ngân hàng: %(titles)s. Dòng “Chủ đề: …” đứng trên nhiều câu thì dùng chung cho các câu đó.", titles=titles),
        _("Hình chèn ngay dưới câu dẫn hoặc phương án. Hãy ghi lời mô tả cho hình (bấm chuột phải vào hình, chọn Sửa văn bản thay thế)."),
        _("Sau khi tải lên, máy chủ cho xem từng câu đã hiểu thế nào trước khi ghi. Không có gì được ghi khi bạn chưa bấm."),
    ):  # fmt: skip
        paper.line(GUARD + text)
    paper.new_page()


def _write(paper: Paper, *lines: str) -> None:
    for number, line in enumerate(lines):
        paper.line(line, gap=not number, keep=number < len(lines) - 1)


def _write_answer_lines(paper: Paper, first: str, last: str) -> None:
    paper.line("PHẦN 1. ĐÁP ÁN GHI THÀNH DÒNG", marked=True, keep=True)
    _write(
        paper, "Mã: VD-01", "Câu 1. Luật Thi đua, khen thưởng số 06/2022/QH15 có hiệu lực thi hành từ ngày nào?", "A. Ngày 15/6/2022",
        "B. Ngày 01/01/2023", "C. Ngày 01/01/2024", "D. Ngày 01/7/2024", "Đáp án: C",
        "Giải thích: Luật được thông qua ngày 15/6/2022 nhưng có hiệu lực thi hành từ ngày 01/01/2024.",
        "Căn cứ: Khoản 1 Điều 94 Luật số 06/2022/QH15", f"Chủ đề: {first}", "Mức độ: Nhận biết",
        "Đúng từ ngày 01/01/2024 đến trước ngày 01/10/2026",
    )  # fmt: skip
    _write(
        paper, "Mã: VD-02", "Câu 2. Các luật nào sau đây bị Luật Thi đua, khen thưởng năm 2022 thay thế? (chọn các phương án đúng)",
        "A. Luật số 15/2003/QH11", "B. Luật số 14/2012/QH13", "C. Luật số 39/2013/QH13", "D. Luật số 35/2013/QH13",
        "Đáp án: A, C", "Giải thích: Luật số 39/2013/QH13 sửa đổi Luật số 15/2003/QH11; hai luật còn lại thuộc lĩnh vực khác.",
        "Căn cứ: Khoản 2 Điều 94 Luật số 06/2022/QH15", f"Chủ đề: {last}", "Mức độ: Thông hiểu",
    )  # fmt: skip


def _write_marks(paper: Paper, topic: str) -> None:
    paper.line("PHẦN 2. ĐÁP ÁN ĐÁNH DẤU NGAY Ở PHƯƠNG ÁN", gap=True, marked=True, keep=True)
    stem = "Luật Thi đua, khen thưởng số 06/2022/QH15 do cơ quan nào ban hành?"
    paper.line(f"Câu 1. {stem}", gap=True, keep=True)
    for text, is_right in (("A. Chính phủ", False), ("B. Quốc hội", True), ("C. Bộ Nội vụ", False)):
        paper.line(text, marked=is_right)
    _write(paper, f"Chủ đề: {topic}", "Mức độ: 1")
    _write(
        paper, "Câu 2. Ngày nào là ngày Chủ tịch Hồ Chí Minh ra Lời kêu gọi Thi đua ái quốc?", "A. Ngày 02/9/1945",
        "*B. Ngày 11/6/1948", "C. Ngày 19/5/1949", f"Chủ đề: {topic}", "Mức độ: 1",
    )  # fmt: skip


def _write_other_kinds(paper: Paper, topic: str) -> None:
    paper.line("PHẦN 3. CÁC LOẠI CÂU KHÁC", gap=True, marked=True, keep=True)
    ends = (f"Chủ đề: {topic}", "Mức độ: 2")
    _write(
        paper, "Câu 1. Luật Thi đua, khen thưởng số 06/2022/QH15 được thông qua ngày 15/6/2022.", "Loại: Đúng sai", "Đáp án: Đúng", *ends,
    )  # fmt: skip
    _write(
        paper, "Câu 2. Cơ quan nào thông qua Luật Thi đua, khen thưởng?", "Loại: Điền từ", "Đáp án: Quốc hội",
        "Hoặc: Quốc hội khóa XV", *ends,
    )  # fmt: skip
    _write(paper, "Câu 3. Luật Thi đua, khen thưởng năm 2022 có bao nhiêu điều?", "Loại: Điền số", "Đáp án: 96", *ends)
    _write(
        paper, "Câu 4. Sắp xếp các văn bản theo thời gian ban hành, từ sớm đến muộn.", "Loại: Sắp xếp", "A. Luật số 39/2013/QH13",
        "B. Luật số 15/2003/QH11", "C. Luật số 06/2022/QH15", "Đáp án: B, A, C", *ends,
    )  # fmt: skip
    _write(
        paper, "Câu 5. Ghép văn bản với cơ quan ban hành.", "Loại: Ghép đôi", "A. Luật", "B. Nghị định", "1) Chính phủ", "2) Quốc hội",
        "3) Bộ trưởng", "Đáp án: A-2, B-1", *ends,
    )  # fmt: skip
    _write(
        paper, "Câu 6. Hãy kể về một tấm gương điển hình tiên tiến ở đơn vị bạn.", "Loại: Tự luận", "Số chữ tối đa: 500", *ends,
    )  # fmt: skip


def _write_table(paper: Paper, topic: str) -> None:
    paper.line("PHẦN 4. CÂU HỎI TRONG BẢNG", gap=True, marked=True, keep=True)
    paper.table(
        [
            ("STT", "Câu hỏi", "Phương án trả lời", "Đáp án", "Căn cứ pháp lý", "Chủ đề", "Mức độ"),
            ("1", "Luật Thi đua, khen thưởng năm 2022 thay thế luật nào?", "A. Luật số 15/2003/QH11\nB. Luật số 22/2008/QH12", "A",
             "Khoản 2 Điều 94 Luật số 06/2022/QH15", topic, "1"),
        ]
    )  # fmt: skip


def _write_key_table(paper: Paper, topic: str) -> None:
    paper.line("PHẦN 5. BẢNG ĐÁP ÁN Ở CUỐI TỆP", gap=True, marked=True, keep=True)
    paper.line(f"Chủ đề: {topic}")
    _write(
        paper, "Câu 1. Quốc hội khóa XV thông qua Luật Thi đua, khen thưởng vào năm nào?", "A. 2020\tB. 2021\tC. 2022\tD. 2023",
        "Câu 2. Luật số 06/2022/QH15 có hiệu lực từ năm nào?", "A. 2022\tB. 2023\tC. 2024\tD. 2025", "HẾT",
    )  # fmt: skip
    _write(paper, "BẢNG ĐÁP ÁN", "PHẦN 5", "1-C 2-C")
