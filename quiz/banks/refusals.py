"""What banks refuse, and the sentences that say so; those for what is wrong with items are in fault_sentences.py."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

import quiz.banks.fault_sentences  # noqa: F401  (whoever can refuse can tell of faults too)
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.writing import Lost
from quiz.errors import explain


class BankRefusal(enum.Enum):
    CODE_TAKEN = "code_taken"
    NOT_EMPTY = "not_empty"
    TOPIC_IN_USE = "topic_in_use"
    EDITED_MEANWHILE = "edited_meanwhile"
    NOTHING_CHANGED = "nothing_changed"
    DRAFT_GONE = "draft_gone"
    NOTHING_TO_WRITE = "nothing_to_write"


class ReviewRefusal(enum.Enum):
    OWN_WORDING = "own_wording"
    NOT_LATEST = "not_latest"
    SENT = "sent"
    NOT_SENT = "not_sent"
    REVIEWED = "reviewed"
    RETIRED = "retired"
    RETIRED_ALREADY = "retired_already"
    IN_USE_ALREADY = "in_use_already"
    SAME_ALREADY = "same_already"
    NO_SUCH_TOPIC = "no_such_topic"
    NO_SUCH_LEVEL = "no_such_level"


class LawCheckRefusal(enum.Enum):
    """Why an item is left alone when chosen items are compared with a change of the law."""

    OWN_WORDING = "own_wording"
    CHECKED = "checked"
    OVER = "over"
    WAITS = "waits"
    HAS_DRAFT = "has_draft"
    NEEDS_VERSION = "needs_version"
    NOTHING_WAITS = "nothing_waits"
    REWORDED = "reworded"


explain(
    {
        LawCheckRefusal.OWN_WORDING: _l("bạn soạn câu này nên cần người khác đối chiếu."),
        LawCheckRefusal.CHECKED: _l("đã được đối chiếu từ trước."),
        LawCheckRefusal.OVER: _l(
            "văn bản hoặc thời hạn của đáp án đã hết vì lý do khác; hãy sửa câu hỏi, dẫn văn bản đang có hiệu lực."
        ),
        LawCheckRefusal.WAITS: _l("đã có phiên bản mới chờ người khác duyệt."),
        LawCheckRefusal.HAS_DRAFT: _l("có bản nháp hoặc bản bị trả lại mới hơn; hãy mở câu hỏi để sửa tiếp bản đó."),
        LawCheckRefusal.NEEDS_VERSION: _l(
            "đáp án ghi chỉ đúng đến trước ngày thay đổi; cần Ban Tổ chức viết phiên bản mới bỏ ngày đó."
        ),
        LawCheckRefusal.NOTHING_WAITS: _l("không có phiên bản gia hạn nào chờ duyệt."),
        LawCheckRefusal.REWORDED: _l("phiên bản chờ duyệt đã viết lại nội dung; hãy mở câu hỏi để đọc rồi duyệt."),
    }
)

explain(
    {
        BankRefusal.CODE_TAKEN: _l("Mã “%(code)s” đã được dùng, chưa có gì được ghi. Hãy chọn mã khác."),
        BankRefusal.NOT_EMPTY: _l(
            "Ngân hàng này có %(count)s câu hỏi nên không xóa được, mọi thứ còn nguyên. "
            "Nếu không dùng nữa, hãy ngừng dùng từng câu."
        ),
        BankRefusal.TOPIC_IN_USE: _l(
            "Chủ đề %(topics)s đang có câu hỏi nên không bỏ được, chưa có gì được ghi. Hãy giữ lại mã chủ đề đó; tên thì đổi được."
        ),
        BankRefusal.EDITED_MEANWHILE: _l(
            "Trong lúc bạn sửa, người khác đã ghi một phiên bản mới của câu này. Nội dung bạn nhập còn trên trang nhưng chưa được ghi. "
            "Hãy mở câu hỏi ở thẻ khác để xem phiên bản mới rồi quyết định."
        ),
        BankRefusal.NOTHING_CHANGED: _l("Nội dung giống hệt phiên bản mới nhất nên không có gì để ghi."),
        BankRefusal.DRAFT_GONE: _l(
            "Bản kiểm tra này đã được ghi hoặc đã bỏ từ trước, lần bấm này không làm gì thêm. Hãy mở ngân hàng để xem."
        ),
        BankRefusal.NOTHING_TO_WRITE: _l(
            "Chưa chọn câu nào ghi được nên chưa có gì được ghi. Hãy chọn ít nhất một câu không có lỗi."
        ),
        ReviewRefusal.OWN_WORDING: _l(
            "Bạn là người soạn phiên bản này nên không tự duyệt được, chưa có gì thay đổi. Hãy nhờ người khác trong Ban Tổ chức duyệt."
        ),
        ReviewRefusal.NOT_LATEST: _l(
            "Câu này đã có phiên bản mới hơn nên phiên bản bạn xem không duyệt được, chưa có gì thay đổi. Hãy tải lại trang để xem bản mới."
        ),
        ReviewRefusal.SENT: _l("Phiên bản này đã gửi duyệt từ trước, lần bấm này không làm gì thêm."),
        ReviewRefusal.NOT_SENT: _l(
            "Phiên bản này còn là nháp, người soạn chưa gửi duyệt, nên chưa duyệt được. Chưa có gì thay đổi."
        ),
        ReviewRefusal.REVIEWED: _l(
            "Phiên bản này đã có người duyệt hoặc trả lại từ trước, lần bấm này không làm gì thêm. Hãy tải lại trang để xem kết quả."
        ),
        ReviewRefusal.RETIRED: _l(
            "Câu hỏi đã ngừng dùng nên không duyệt được, chưa có gì thay đổi. Hãy cho dùng lại trước rồi duyệt."
        ),
        ReviewRefusal.RETIRED_ALREADY: _l("Câu đã ngừng dùng từ trước."),
        ReviewRefusal.IN_USE_ALREADY: _l("Câu đang được dùng, không cần cho dùng lại."),
        ReviewRefusal.SAME_ALREADY: _l("Câu đã đúng như vậy nên không có gì để đổi."),
        ReviewRefusal.NO_SUCH_TOPIC: _l("Chưa chọn chủ đề của ngân hàng nên chưa có gì thay đổi."),
        ReviewRefusal.NO_SUCH_LEVEL: _l("Chưa chọn mức độ nên chưa có gì thay đổi."),
        FileRefusal.EMPTY: _l("Tệp trống, không có gì để đọc. Chưa có gì được ghi. Hãy chọn lại tệp."),
        FileRefusal.UNKNOWN_FORMAT: _l(
            "Không nhận ra dạng của tệp này. Chưa có gì được ghi. "
            "Hãy dùng tệp Word (.docx), Excel (.xlsx), ODS, CSV, GIFT, Aiken, Moodle XML, QTI, YAML, hoặc dán câu hỏi vào ô văn bản."
        ),
        FileRefusal.PDF: _l(
            "Đây là tệp PDF, dù tên có thể ghi khác. Chưa có gì được ghi. "
            "Hãy tải tệp Word gốc, hoặc mở PDF, chép phần câu hỏi rồi dán vào ô văn bản."
        ),
        FileRefusal.OLD_OFFICE: _l(
            "Tệp thuộc dạng Word hoặc Excel đời cũ (.doc, .xls). Chưa có gì được ghi. "
            "Hãy mở tệp rồi chọn Lưu thành .docx hoặc .xlsx và tải lại."
        ),
        FileRefusal.PASSWORD: _l(
            "Tệp được đặt mật khẩu nên máy chủ không mở được. Chưa có gì được ghi. "
            "Hãy bỏ mật khẩu (Tệp › Thông tin › Bảo vệ) rồi tải lại."
        ),
        FileRefusal.DAMAGED: _l(
            "Tệp bị hỏng hoặc tải lên chưa hết. Chưa có gì được ghi. Hãy mở lại tệp gốc để kiểm tra rồi tải lại."
        ),
        FileRefusal.UNSAFE: _l(
            "Tệp chứa khai báo hoặc đường dẫn không an toàn mà tệp câu hỏi thật không bao giờ có, nên không được đọc. Chưa có gì được ghi. "
            "Hãy xuất lại tệp từ chương trình gốc."
        ),
        FileRefusal.NOT_UTF8: _l(
            "Tệp văn bản không dùng bảng mã Unicode (UTF-8 hoặc UTF-16) nên chữ tiếng Việt sẽ sai. Chưa có gì được ghi. "
            "Hãy mở tệp, chọn Lưu thành với bảng mã UTF-8 rồi tải lại."
        ),
        FileRefusal.TOO_LARGE_INSIDE: _l(
            "Nội dung bên trong tệp quá lớn so với một ngân hàng câu hỏi. Chưa có gì được ghi. "
            "Hãy bỏ hình ảnh, trang tính thừa và các ô nằm xa ngoài bảng rồi tải lại."
        ),
        FileRefusal.TOO_MANY_ROWS: _l(
            "Tệp có hơn %(most)s câu. Chưa có gì được ghi. Hãy chia thành nhiều tệp rồi tải lần lượt."
        ),
        FileRefusal.TOO_MANY_LINES: _l(
            "Tệp có hơn %(most)s dòng. Chưa có gì được ghi. Hãy bỏ các dòng trống và phần không phải câu hỏi, "
            "hoặc chia thành nhiều tệp rồi tải lần lượt."
        ),
        FileRefusal.NO_HEADINGS: _l(
            "Không thấy dòng tiêu đề có cột “Câu hỏi” và “Đáp án” trong 20 dòng đầu của trang tính nào. "
            "Chưa có gì được ghi. Hãy so với tệp mẫu rồi tải lại."
        ),
        FileRefusal.NO_ROWS: _l(
            "Bảng chỉ có dòng tiêu đề, không có câu hỏi nào. Chưa có gì được ghi. Hãy kiểm tra lại tệp rồi tải lại."
        ),
        FileRefusal.NO_ITEMS: _l(
            "Không tìm thấy câu hỏi nào trong tệp. Chưa có gì được ghi. Hãy mở tệp để kiểm tra. "
            "Trong tệp Word và văn bản, câu hỏi cần bắt đầu bằng “Câu 1.” hoặc số thứ tự, phương án bằng A, B, C như tệp mẫu."
        ),
        FileRefusal.NOT_YAML: _l(
            "Tệp YAML sai cú pháp ở dòng %(line)s. Chưa có gì được ghi. Hãy sửa chỗ đó (thường là thụt lề hoặc dấu hai chấm) rồi tải lại."
        ),
        Lost.KIND: _l("loại câu mà dạng tệp này không có, nên câu không nằm trong tệp"),
        Lost.IMAGES: _l("hình ảnh"),
        Lost.PARTIAL: _l("cách chấm từng phần"),
        Lost.PINNED: _l("phương án giữ nguyên chỗ"),
        Lost.EXPLANATION: _l("giải thích"),
        Lost.CITATION: _l("căn cứ pháp lý"),
        Lost.PERIOD: _l("khoảng ngày đáp án đúng"),
        Lost.LEVEL: _l("mức độ"),
        Lost.TOPIC: _l("chủ đề"),
        Lost.EXEMPLAR: _l("điển hình"),
        Lost.SOURCE: _l("nguồn"),
        Lost.CODE: _l("mã câu"),
        Lost.WORDS: _l("giới hạn số chữ"),
        Lost.OTHER_MATCHES: _l("vế phải thừa của câu ghép đôi"),
    }
)
