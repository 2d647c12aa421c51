"""The workbook that teaches the format: an example table to write over, and a sheet that explains every column.

Also the report of an upload's problems, to mend the file by.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from flask_babel import gettext as _

_EXAMPLE_TOPICS = ({"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"})


def template(topics: Sequence[Mapping[str, str]] = ()) -> bytes:
    """topics: those of the bank it is meant for; they appear in the examples, the choices and the explanation."""
    topics = topics or _EXAMPLE_TOPICS
    columns = _columns(topics)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1, "text_wrap": True, "valign": "top"})
        # text cells: Excel would turn "1,3" into a number and "1-2" into a day
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet = book.add_worksheet(_("Câu hỏi"))
        sheet.freeze_panes(1, 0)
        for index, (heading, width, _meaning) in enumerate(columns):
            sheet.write_string(0, index, heading, head)
            sheet.set_column(index, index, width, text)
        for number, row in enumerate(_examples(topics), 1):
            for index, value in enumerate(row):
                sheet.write_string(number, index, value, text)
        _add_choices(sheet, [heading for heading, _width, _meaning in columns], topics)
        _add_explanation(book, columns, head)
    return file.getvalue()


def _columns(topics: Sequence[Mapping[str, str]]) -> list[tuple[str, int, str]]:
    """Heading, width, what to fill in."""
    titles = "; ".join(topic["title"] for topic in topics)
    letters = [(_("Phương án %(letter)s", letter=letter), 26, "") for letter in "ABCDE"]
    letters[0] = (letters[0][0], 26, _("Ít nhất hai phương án, điền liền nhau. Câu đúng sai thì để trống."))
    return [
        (_("Mã câu"), 12, _("Có thể để trống. Mã đã có trong ngân hàng thì dòng đó thành phiên bản mới của câu ấy.")),
        (_("Loại câu"), 14, _("Một đáp án, Nhiều đáp án hoặc Đúng sai. Để trống thì hiểu theo đáp án.")),
        (_("Chủ đề"), 22, _("Mã hoặc tên một chủ đề của ngân hàng: %(titles)s.", titles=titles)),
        (_("Mức độ"), 14, _("1 hoặc nhận biết; 2 hoặc thông hiểu; 3 hoặc vận dụng.")),
        (_("Câu hỏi"), 50, _("Bắt buộc. Mỗi câu hỏi một dòng, hỏi một điều.")),
        *letters,
        (_("Đáp án"), 10, _("Bắt buộc. Chữ cái của phương án đúng: B. Nhiều đáp án: A,C. Câu đúng sai: Đúng hoặc Sai.")),
        (_("Giải thích"), 50, _("Vì sao đáp án đúng. Người thi đọc phần này khi đáp án được công bố.")),
        (_("Văn bản"), 18, _("Số hiệu văn bản làm căn cứ, ví dụ 06/2022/QH15.")),
        (_("Điều"), 8, _("Số của điều, ví dụ 5.")),
        (_("Khoản"), 8, _("Số của khoản.")),
        (_("Điểm"), 8, _("Chữ của điểm, ví dụ a.")),
        (_("Đúng từ ngày"), 14, _("Ngày đầu tiên đáp án đúng, ví dụ 01/01/2024.")),
        (_("Hết đúng từ ngày"), 14, _("Ngày đầu tiên không còn bảo đảm đáp án đúng. Chưa biết thì để trống.")),
        (_("Điển hình"), 30, _("Có thể để trống. Một câu về gương điển hình liên quan.")),
        (_("Nguồn"), 20, _("Có thể để trống. Tài liệu người soạn đã dùng.")),
    ]  # fmt: skip


def _examples(topics: Sequence[Mapping[str, str]]) -> list[tuple[str, ...]]:
    first, last = topics[0]["title"], topics[-1]["title"]
    law, until = "06/2022/QH15", "01/10/2026"
    return [
        ("VD-01", "Một đáp án", first, "Nhận biết",
         "Luật Thi đua, khen thưởng số 06/2022/QH15 có hiệu lực thi hành từ ngày nào?",
         "Ngày 15/6/2022", "Ngày 01/01/2023", "Ngày 01/01/2024", "Ngày 01/7/2024", "", "C",
         "Luật được thông qua ngày 15/6/2022 nhưng có hiệu lực thi hành từ ngày 01/01/2024.",
         law, "94", "1", "", "01/01/2024", until, "", ""),
        ("VD-02", "Nhiều đáp án", last, "2",
         "Các luật nào sau đây bị Luật Thi đua, khen thưởng năm 2022 thay thế? (chọn các phương án đúng)",
         "Luật số 15/2003/QH11", "Luật số 14/2012/QH13", "Luật số 39/2013/QH13", "Luật số 35/2013/QH13", "", "A,C",
         "Luật số 39/2013/QH13 sửa đổi Luật số 15/2003/QH11; hai luật còn lại thuộc lĩnh vực khác.",
         law, "94", "2", "", "01/01/2024", until, "", ""),
        ("VD-03", "Đúng sai", last, "Nhận biết",
         "Luật Thi đua, khen thưởng số 06/2022/QH15 được Quốc hội thông qua ngày 15/6/2022.",
         "", "", "", "", "", "Đúng", "Quốc hội khóa XV thông qua Luật tại kỳ họp thứ 3.",
         law, "", "", "", "01/01/2024", until, "", ""),
    ]  # fmt: skip


def _add_choices(
    sheet: xlsxwriter.worksheet.Worksheet, headings: Sequence[str], topics: Iterable[Mapping[str, str]]
) -> None:
    titles = [topic["title"] for topic in topics]
    choices = {
        _("Loại câu"): ["Một đáp án", "Nhiều đáp án", "Đúng sai"],
        _("Mức độ"): ["Nhận biết", "Thông hiểu", "Vận dụng"],
        # Excel takes lists of up to 255 characters and parts them at commas
        _("Chủ đề"): titles if len(",".join(titles)) < 250 and not any("," in title for title in titles) else [],
    }
    for heading, values in choices.items():
        if values:
            column = headings.index(heading)
            sheet.data_validation(
                1, column, 5000, column, {"validate": "list", "source": values, "error_type": "warning"}
            )


def _add_explanation(book: xlsxwriter.Workbook, columns: Iterable[tuple[str, int, str]], head: object) -> None:
    sheet = book.add_worksheet(_("Hướng dẫn"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrap)
    sheet.set_column(1, 1, 90, wrap)
    lines = [
        (_("Cách dùng"), _("Ghi đè lên các dòng ví dụ ở trang đầu. Tên cột viết hoa hay thường, có dấu hay không đều được; thứ tự cột tùy ý.")),
        (_("Sau khi tải lên"), _("Máy chủ liệt kê mọi lỗi theo dòng trước khi ghi. Câu được ghi ở trạng thái nháp; người khác duyệt thì mới vào đề.")),
        (_("Giới hạn"), _("Tệp .xlsx không đặt mật khẩu, tối đa 20 MB và 5.000 câu.")),
        ("", ""),
        *((heading, meaning) for heading, _width, meaning in columns if meaning),
    ]  # fmt: skip
    sheet.write_string(0, 0, _("Mục"), head)
    sheet.write_string(0, 1, _("Ý nghĩa"), head)
    for number, (term, meaning) in enumerate(lines, 1):
        sheet.write_string(number, 0, term)
        sheet.write_string(number, 1, meaning)


def problem_report(rows: Iterable[tuple[int, str, str, str]]) -> bytes:
    """A workbook with one problem a line.  rows: (row of the sheet, stem, severity, sentence)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#f4eee1", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Cần xem"))
        sheet.freeze_panes(1, 0)
        headings = ((_("Dòng"), 8), (_("Câu hỏi"), 60), (_("Mức"), 12), (_("Vấn đề"), 80))
        for index, (heading, width) in enumerate(headings):
            sheet.write_string(0, index, heading, head)
            sheet.set_column(index, index, width, wrap)
        for number, (row, *texts) in enumerate(rows, 1):
            sheet.write_number(number, 0, row)
            for index, text in enumerate(texts, 1):
                sheet.write_string(number, index, text)
    return file.getvalue()
