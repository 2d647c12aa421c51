"""The workbook that teaches the format: an example table to write over, and a sheet that explains every column."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from flask_babel import gettext as _

from quiz.banks.formats.reading import MOST_ITEMS
from quiz.banks.formats.sheets import table_rows as names
from quiz.banks.formats.sheets.xlsx_writing import SAFE, WIDTHS, formats, set_up
from quiz.banks.formats.spelling.cells import KIND_NAMES, LEVEL_NAMES

_EXAMPLE_TOPICS = ({"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"})
_MEANING_WIDTH, _LINE_HEIGHT = 90, 16  # characters, points
_LAW, _FROM, _UNTIL = "06/2022/QH15", "01/01/2024", "01/10/2026"


def template(topics: Sequence[Mapping[str, str]] = ()) -> bytes:
    """topics: those of the bank it is meant for; they appear in the examples, the choices and the explanation."""
    topics = topics or _EXAMPLE_TOPICS
    columns = names.headings(names.FEWEST_OPTIONS)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as book:
        head, text = formats(book)
        sheet = book.add_worksheet(_("Câu hỏi"))
        set_up(sheet)
        for index, heading in enumerate(columns):
            sheet.write_string(0, index, heading, head)
            sheet.set_column(index, index, WIDTHS.get(heading, 26), text)
        for number, example in enumerate(_examples(topics), 1):
            for heading, value in example.items():
                sheet.write_string(number, columns.index(heading), value, text)
        _add_choices(sheet, columns, topics)
        _add_explanation(book, topics, head)
    return file.getvalue()


def _meanings(topics: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Heading, and what to fill in."""
    titles = "; ".join(topic["title"] for topic in topics)
    return [
        (names.CODE, _("Có thể để trống. Mã đã có trong ngân hàng thì dòng đó thành phiên bản mới của câu ấy.")),
        (names.KIND, _("Một đáp án, Nhiều đáp án, Đúng sai, Điền từ, Điền số, Sắp xếp, Ghép đôi hoặc Tự luận. Để trống thì hiểu theo đáp án.")),
        (names.TOPIC, _("Mã hoặc tên một chủ đề của ngân hàng: %(titles)s.", titles=titles)),
        (names.LEVEL, _("1 hoặc nhận biết; 2 hoặc thông hiểu; 3 hoặc vận dụng.")),
        (names.STEM, _("Bắt buộc. Mỗi câu hỏi một dòng, hỏi một điều.")),
        (_("Phương án A, B, C…"), _("Ít nhất hai phương án, điền liền nhau; cần thêm thì thêm cột Phương án F, G… Câu đúng sai, điền từ, điền số và tự luận để trống. Có thể thay các cột này bằng một cột “Phương án”, trong ô ghi mỗi phương án một dòng: A. … B. …")),
        (_("Câu sắp xếp"), _("Ghi các mục vào các cột phương án theo thứ tự đúng, ít nhất 3 mục. Máy chủ tự xáo khi ra đề.")),
        (_("Câu ghép đôi"), _("Mỗi cột phương án một cặp, ghi “vế trái → vế phải” hoặc “vế trái = vế phải”. Vế phải thừa ghi “→ vế phải”.")),
        (names.KEY, _("Chữ cái của phương án đúng: B. Nhiều đáp án: A,C. Câu đúng sai: Đúng hoặc Sai. Câu điền từ: các câu trả lời được chấp nhận, cách nhau bằng dấu |. Câu điền số: 3,5 hoặc 100±5 (từ 95 đến 105). Câu sắp xếp, ghép đôi và tự luận để trống. Cũng có thể đặt dấu * trước phương án đúng.")),
        (names.PARTIAL, _("Ghi Có nếu trả lời đúng một phần được một phần điểm; chỉ dùng cho câu nhiều đáp án, sắp xếp và ghép đôi.")),
        (names.PINNED, _("Chữ cái của phương án không được đổi chỗ khi trộn đề, ví dụ D. “Tất cả các phương án trên” tự giữ chỗ.")),
        (names.WORDS, _("Số chữ nhiều nhất của câu tự luận; để trống là không giới hạn.")),
        (names.EXPLANATION, _("Vì sao đáp án đúng. Người thi đọc phần này khi đáp án được công bố.")),
        (names.DOCUMENT, _("Số hiệu văn bản làm căn cứ, ví dụ 06/2022/QH15.")),
        (names.ARTICLE, _("Số của điều, ví dụ 5.")),
        (names.CLAUSE, _("Số của khoản.")),
        (names.POINT, _("Chữ của điểm, ví dụ a.")),
        (names.VALID_FROM, _("Ngày đầu tiên đáp án đúng, ví dụ 01/01/2024.")),
        (names.VALID_UNTIL, _("Ngày đầu tiên không còn bảo đảm đáp án đúng. Chưa biết thì để trống.")),
        (names.EXEMPLAR, _("Có thể để trống. Một câu về gương điển hình liên quan.")),
        (names.SOURCE, _("Có thể để trống. Tài liệu người soạn đã dùng.")),
        (_("Hình"), _("Chèn hình vào ô của câu hỏi hoặc của phương án, rồi ghi lời mô tả bằng mục Văn bản thay thế của Excel.")),
    ]  # fmt: skip


def _examples(topics: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    first, last = topics[0]["title"], topics[-1]["title"]
    law = {names.DOCUMENT: _LAW, names.VALID_FROM: _FROM, names.VALID_UNTIL: _UNTIL}
    return [
        {
            names.CODE: "VD-01", names.KIND: "Một đáp án", names.TOPIC: first, names.LEVEL: "Nhận biết",
            names.STEM: "Luật Thi đua, khen thưởng số 06/2022/QH15 có hiệu lực thi hành từ ngày nào?",
            **_options("Ngày 15/6/2022", "Ngày 01/01/2023", "Ngày 01/01/2024", "Ngày 01/7/2024"), names.KEY: "C",
            names.EXPLANATION: "Luật được thông qua ngày 15/6/2022 nhưng có hiệu lực thi hành từ ngày 01/01/2024.",
            **law, names.ARTICLE: "94", names.CLAUSE: "1",
        },
        {
            names.CODE: "VD-02", names.KIND: "Nhiều đáp án", names.TOPIC: last, names.LEVEL: "2",
            names.STEM: "Các luật nào sau đây bị Luật Thi đua, khen thưởng năm 2022 thay thế? (chọn các phương án đúng)",
            **_options("Luật số 15/2003/QH11", "Luật số 14/2012/QH13", "Luật số 39/2013/QH13", "Luật số 35/2013/QH13"),
            names.KEY: "A,C", names.PARTIAL: "Có",
            names.EXPLANATION: "Luật số 39/2013/QH13 sửa đổi Luật số 15/2003/QH11; hai luật còn lại thuộc lĩnh vực khác.",
            **law, names.ARTICLE: "94", names.CLAUSE: "2",
        },
        {
            names.CODE: "VD-03", names.KIND: "Đúng sai", names.TOPIC: last, names.LEVEL: "Nhận biết",
            names.STEM: "Luật Thi đua, khen thưởng số 06/2022/QH15 được Quốc hội thông qua ngày 15/6/2022.",
            names.KEY: "Đúng", names.EXPLANATION: "Quốc hội khóa XV thông qua Luật tại kỳ họp thứ 3.", **law,
        },
        {
            names.CODE: "VD-04", names.KIND: "Điền từ", names.TOPIC: first, names.LEVEL: "Nhận biết",
            names.STEM: "Luật Thi đua, khen thưởng năm 2022 do cơ quan nào ban hành?",
            names.KEY: "Quốc hội | Quốc hội khóa XV", names.EXPLANATION: "Luật là văn bản do Quốc hội ban hành.", **law,
        },
        {
            names.CODE: "VD-05", names.KIND: "Điền số", names.TOPIC: first, names.LEVEL: "Thông hiểu",
            names.STEM: "Từ ngày Luật được thông qua (15/6/2022) đến ngày có hiệu lực (01/01/2024) là khoảng bao nhiêu ngày? "
            "(chấp nhận chênh lệch 10 ngày)",
            names.KEY: "565±10", names.EXPLANATION: "Từ ngày 15/6/2022 đến ngày 01/01/2024 là 565 ngày.", **law,
        },
        {
            names.CODE: "VD-06", names.KIND: "Sắp xếp", names.TOPIC: last, names.LEVEL: "Thông hiểu",
            names.STEM: "Sắp xếp các mốc sau theo thứ tự thời gian, mốc sớm nhất đứng đầu.",
            **_options("Thông qua Luật số 15/2003/QH11", "Thông qua Luật số 39/2013/QH13", "Thông qua Luật số 06/2022/QH15"),
            names.PARTIAL: "Có", names.EXPLANATION: "Các luật lần lượt được thông qua năm 2003, 2013 và 2022.", **law,
        },
        {
            names.CODE: "VD-07", names.KIND: "Ghép đôi", names.TOPIC: last, names.LEVEL: "Thông hiểu",
            names.STEM: "Ghép mỗi luật với năm được thông qua.",
            **_options("Luật số 15/2003/QH11 → Năm 2003", "Luật số 39/2013/QH13 → Năm 2013", "Luật số 06/2022/QH15 → Năm 2022", "→ Năm 2024"),
            names.EXPLANATION: "Năm thông qua nằm trong số hiệu của luật.", **law,
        },
        {
            names.CODE: "VD-08", names.KIND: "Tự luận", names.TOPIC: first, names.LEVEL: "Vận dụng",
            names.STEM: "Viết về một gương điển hình tiên tiến ở cơ quan, địa phương bạn và điều bạn học được.",
            names.WORDS: "500",
            names.EXPLANATION: "Bài viết được chấm theo nội dung, tính xác thực và cách trình bày.",
        },
    ]  # fmt: skip


def _options(*texts: str) -> dict[str, str]:
    return dict(zip(names.option_headings(len(texts)), texts, strict=True))


def _add_choices(
    sheet: xlsxwriter.worksheet.Worksheet, headings: Sequence[str], topics: Iterable[Mapping[str, str]]
) -> None:
    titles = [topic["title"] for topic in topics]
    choices = {
        names.KIND: [*KIND_NAMES.values()],
        names.LEVEL: [*LEVEL_NAMES.values()],
        names.PARTIAL: ["Có"],
        # Excel takes lists of up to 255 characters and parts them at commas
        names.TOPIC: titles if len(",".join(titles)) < 250 and not any("," in title for title in titles) else [],
    }
    for heading, values in choices.items():
        if values:
            column = headings.index(heading)
            sheet.data_validation(
                1, column, MOST_ITEMS, column, {"validate": "list", "source": values, "error_type": "warning"}
            )


def _add_explanation(book: xlsxwriter.Workbook, topics: Sequence[Mapping[str, str]], head: object) -> None:
    sheet = book.add_worksheet(_("Hướng dẫn"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrap)
    sheet.set_column(1, 1, _MEANING_WIDTH, wrap)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    most = f"{MOST_ITEMS:,}".replace(",", ".")
    lines = [
        (_("Cách dùng"), _("Ghi đè lên các dòng ví dụ ở trang đầu. Tên cột viết hoa hay thường, có dấu hay không đều được; thứ tự cột tùy ý.")),
        (_("Sau khi tải lên"), _("Máy chủ liệt kê mọi lỗi theo dòng trước khi ghi. Câu được ghi ở trạng thái nháp; người khác duyệt thì mới vào đề.")),
        (_("Giới hạn"), _("Tệp .xlsx không đặt mật khẩu, tối đa 20 MB và %(most)s câu.", most=most)),
        ("", ""),
        *_meanings(topics),
    ]  # fmt: skip
    sheet.write_string(0, 0, _("Mục"), head)
    sheet.write_string(0, 1, _("Ý nghĩa"), head)
    for number, (term, meaning) in enumerate(lines, 1):
        sheet.write_string(number, 0, term)
        sheet.write_string(number, 1, meaning)
        sheet.set_row(number, _LINE_HEIGHT * (1 + len(meaning) // _MEANING_WIDTH))  # not every office makes room itself
