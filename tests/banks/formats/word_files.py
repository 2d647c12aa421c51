"""Word files made in memory for tests: paragraphs of runs, tables, raw packages, and a noisy file of thirty questions."""

import hashlib
import io
import zipfile
from types import SimpleNamespace
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import RGBColor
from PIL import Image as Pillow

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_TYPE}.numbering+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)


def png(width=24, height=16, colour=(180, 40, 30)):
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


PICTURE = SimpleNamespace(content=png(), digest=hashlib.sha256(png()).hexdigest())


class Word:
    """A file made with python-docx. A part of a paragraph is a text, or a text with its looks: ("B. hai", "bold red")."""

    def __init__(self):
        self.document = docx.Document()

    def add(self, *paragraphs):
        for parts in paragraphs:
            paragraph = self.document.add_paragraph()
            for part in [parts] if isinstance(parts, str) else parts:
                text, looks = (part, "") if isinstance(part, str) else part
                _dress(paragraph.add_run(text), looks.split())
        return self

    def picture(self, content, alt=""):
        shape = self.document.add_paragraph().add_run().add_picture(io.BytesIO(content))
        shape._inline.docPr.set("descr", alt)
        return self

    def table(self, *rows):
        """Cells are texts, or lists of paragraphs as `add` takes them."""
        table = self.document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, content in zip(table.add_row().cells, row, strict=True):
                for number, parts in enumerate([content] if isinstance(content, str) else content):
                    paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                    for part in [parts] if isinstance(parts, str) else parts:
                        text, looks = (part, "") if isinstance(part, str) else part
                        _dress(paragraph.add_run(text), looks.split())
        return self

    def content(self):
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()


def _dress(run, looks):
    for look in looks:
        if look in ("bold", "italic", "underline"):
            setattr(run, look, True)
        elif look == "strike":
            run.font.strike = True
        elif look == "yellow":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        else:
            run.font.color.rgb = RGBColor.from_string({"red": "FF0000", "blue": "0000FF", "grey": "222222"}[look])


def package(body, *, numbering="", styles="", parts=(), relations="", namespace=W):
    """A package of raw XML.  parts: {name: content} of further ones; relations: further ones of the document."""
    folder = f"{R}" if namespace == W else "http://purl.oclc.org/ooxml/officeDocument/relationships"

    def wrapped(name, inner):
        return f'<w:{name} xmlns:w="{namespace}" {_NAMES}>{inner}</w:{name}>'

    known = (
        f'<Relationship Id="n1" Type="{folder}/numbering" Target="numbering.xml"/>'
        f'<Relationship Id="n2" Type="{folder}/styles" Target="styles.xml"/>'
    )
    top = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{top}"><Relationship Id="d" Type="{folder}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{top}">{known}{relations}</Relationships>',
        "word/document.xml": wrapped("document", f"<w:body>{body}</w:body>"),
        "word/numbering.xml": wrapped("numbering", numbering),
        "word/styles.xml": wrapped("styles", styles),
        **dict(parts),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def p(text="", *, properties="", run=""):
    """A paragraph of raw XML with one run."""
    inner = (
        f"<w:r>{run and f'<w:rPr>{run}</w:rPr>'}<w:t xml:space='preserve'>{escape(text)}</w:t></w:r>" if text else ""
    )
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{inner}</w:p>"


def listed(text, num, level=0):
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def levels(number, *formats):
    """An abstract list.  formats: (numFmt, lvlText) of its levels"""
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(formats)
    )
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def noisy_docx():
    """Thirty questions as people send them, in mixed layouts with damage.

    read: 30 · without any error: 24, of which 30 has a warning · errors: 9 and 24 two keys that disagree, 7 and 16 no key,
    5 a picture without its words, 28 the same as 3 · letters mended: 2, 4, 6 · skipped: the title · dropped: two feet of pages
    """
    word = Word()
    word.add("SỞ TƯ PHÁP – BAN TỔ CHỨC CUỘC THI", "BỘ CÂU HỎI TÌM HIỂU LUẬT THI ĐUA, KHEN THƯỞNG")
    _answer_lines(word)
    _marked(word)
    _keys_below(word)
    _in_a_table(word)
    _copied(word)
    word.add("--- HẾT ---", "BẢNG ĐÁP ÁN", "19-A 20.B 21C", "22-D; 23: A; 24 – B")
    return word.content()


def _answer_lines(word):
    word.add(
        "Câu 1: Luật Thi đua, khen thưởng số 06/2022/QH15 có hiệu lực từ ngày nào?",
        "A.Ngày 15/6/2022", "B.Ngày 01/01/2024", "C.Ngày 01/7/2024", "Đáp án: B", "Giải thích: Theo khoản 1 Điều 94 của Luật.",
        "Căn cứ: Khoản 1 Điều 94 Luật số 06/2022/QH15",
        "Câu 2. Nhà nƣớc khen thƣởng theo nguyên tắc nào?",
        "A. Chính xác, công khai", "B. Bí mật", "C. Theo thâm niên", "Đáp án: A",
        "3. Ai quyết định tặng Huân chương?", "A. Chủ tịch nước", "B. Bộ trưởng", "C. Chủ tịch Ủy ban nhân dân cấp tỉnh", "ĐA: A",
        ["Câu 4", ": Cơ quan nào quản lý nhà nướ", "c về thi đua, khen thưở ng?"],
        "a) Bộ Tư pháp", "b) Bộ Nội vụ", "c) Bộ Tài chính", "Dap an: b", "Trang 1/3",
    )  # fmt: skip
    word.add("Câu 5. Biểu tượng dưới đây thuộc hình thức khen thưởng nào?").picture(png(60, 40))
    word.add(
        "A. Huân chương Lao động", "B. Bằng khen", "Đáp án đúng là: A",
        "Cau 6. Danh hiệu nào dành cho hộ gia đình đƣợc quy định trong Luật?", "A. Gia đình văn hóa", "B. Lao động tiên tiến",
        "C. Chiến sĩ thi đua cơ sở", "Dap an: A",
        "Câu 7. Hình thức nào sau đây là hình thức tổ chức thi đua?", "A. Thi đua thường xuyên", "B. Thi đua bí mật",
        "Câu 8 Thi đua theo chuyên đề còn gọi là gì?", "A. Thi đua theo đợt", "B. Thi đua hằng ngày", "Trả lời: A",
    )  # fmt: skip


def _marked(word):
    word.add(
        "Câu 9. Mục tiêu của thi đua là gì?", "A. Tạo động lực", [("B. Xếp loại", "bold")], "C. Thu quỹ", "Đáp án: A",
        "Câu 10: Đối tượng thi đua gồm ai?", "A. Chỉ cán bộ", [("B. Cá nhân, tập thể, hộ gia đình", "bold")], "C. Chỉ doanh nghiệp",
        "Câu 11: Sáng kiến được công nhận bởi ai?", [("A", "underline"), ". Người đứng đầu cơ quan có thẩm quyền"], "B. Bạn bè", "C. Báo chí",
        "Câu 12: Bằng khen của Bộ do ai tặng?", "A. Trưởng phòng", "B. Cục trưởng", [("C. Bộ trưởng", "red")],
        ["Câu 13: Huân chương Sao vàng có mấy hạng? A. Không chia hạng\tB. Hai hạng\t", "C. Ba hạng\tD. Bốn hạng"], "Đáp án: A",
        "Câu 14: Chu kỳ xét danh hiệu lao động tiên tiến?", "*A. Hằng năm", "B. Năm năm", "C. Mười năm",
        "Câu 15: Ai phát động thi đua trong phạm vi cả nước?", "A. Thủ tướng Chính phủ (đúng)", "B. Trưởng thôn", "C. Hiệu trưởng",
        "Câu 16: Quỹ thi đua, khen thưởng hình thành từ đâu?", "A. Ngân sách nhà nước", "B. Tiền phạt", "C. Vay nợ",
        "Câu 17: Cờ thi đua của Chính phủ tặng cho ai?", [("A. Tập thể dẫn đầu", "yellow")], "B. Mọi cá nhân", "C. Học sinh",
        "Câu 18: Chiến sĩ thi đua toàn quốc do ai tặng?", [("A. Thủ tướng Chính phủ", "italic")], "B. Sở Nội vụ", "C. Xã", "Trang 2/3",
    )  # fmt: skip


def _keys_below(word):
    word.add(
        "Câu 19. Quyết định khen thưởng được công bố khi nào?", "A. Ngay sau khi ký", "B. Sau mười năm", "C. Không công bố",
        "Câu 20. Hồ sơ khen thưởng nộp ở đâu?", "A. Chợ", "B. Cơ quan thi đua, khen thưởng", "C. Ngân hàng",
        "Câu 21. Hành vi nào bị cấm?", "A. Nêu gương", "B. Học tập", "C. Kê khai gian dối để được khen",
        "Câu 22. Ai được đề nghị khen thưởng?", "A. Không ai", "B. Người đã mất quyền", "C. Chỉ người nước ngoài", "D. Tập thể, cá nhân có thành tích",
        "Câu 23. Danh hiệu thi đua bị hủy khi nào?", "A. Gian dối", "B. Nghỉ hưu", "C. Chuyển công tác", "D. Cả A và B",
        "Câu 24. Luật có bao nhiêu chương?", "A. 8", "B. 9", "C. 10", "Đáp án: A",
    )  # fmt: skip


def _in_a_table(word):
    word.table(
        ("STT", "Câu hỏi", "Phương án trả lời", "Đáp án", "Căn cứ pháp lý", "Ghi chú"),
        (
            "25",
            "Luật được Quốc hội khóa nào thông qua?",
            ["A. Khóa XIV", "B. Khóa XV", "C. Khóa XIII"],
            "B",
            "Luật số 06/2022/QH15",
            "",
        ),
        ("26", "Luật được thông qua vào năm nào?", ["A. 2021", "B. 2022", "C. 2023"], "B", "", "xem lại"),
        ("27", "Ngày truyền thống thi đua yêu nước là ngày nào?", ["A. 11/6", "B. 19/5", "C. 02/9"], "A", "", ""),
    )


def _copied(word):
    word.add(
        "Câu 28. Ai quyết định tặng Huân chương?", "A. Chủ tịch nước", "B. Bộ trưởng", "C. Chủ tịch Ủy ban nhân dân cấp tỉnh", "Đáp án: A",
        "Câu 29. Thi đua được hiểu là gì?", "a. Hoạt động có tổ chức", "b. Hoạt động bắt buộc", "c. Hoạt động vui chơi",
        "Đáp án đúng là: Hoạt động có tổ chức", "Vì: Luật định nghĩa như vậy.", "Tham khảo: Bài 1, mục 1.3.9",
        "Câu 30. Những hình thức nào là hình thức khen thưởng? (chọn các phương án đúng)", "*A. Huân chương", "*B. Huy chương", "C. Thẻ đỏ",
    )  # fmt: skip
