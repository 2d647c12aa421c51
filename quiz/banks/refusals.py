"""What banks refuse, what is wrong with items, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.banks.formats.xlsx_guard import FileRefusal
from quiz.banks.wording import Fault
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
    REVIEWED = "reviewed"
    RETIRED = "retired"


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
        ReviewRefusal.REVIEWED: _l(
            "Phiên bản này đã có người duyệt hoặc trả lại từ trước, lần bấm này không làm gì thêm. Hãy tải lại trang để xem kết quả."
        ),
        ReviewRefusal.RETIRED: _l(
            "Câu hỏi đã ngừng dùng nên không duyệt được, chưa có gì thay đổi. Hãy cho dùng lại trước rồi duyệt."
        ),
        FileRefusal.NOT_EXCEL: _l(
            "Tệp này không phải tệp Excel (.xlsx), dù tên có thể ghi như vậy. Chưa có gì được ghi. "
            "Hãy mở tệp bằng Excel, chọn Lưu thành “Excel Workbook (.xlsx)” rồi tải lại."
        ),
        FileRefusal.OLD_EXCEL: _l(
            "Tệp này thuộc dạng Excel đời cũ (.xls). Chưa có gì được ghi. "
            "Hãy mở bằng Excel, chọn Lưu thành “Excel Workbook (.xlsx)” rồi tải lại."
        ),
        FileRefusal.PASSWORD: _l(
            "Tệp được đặt mật khẩu nên máy chủ không mở được. Chưa có gì được ghi. "
            "Hãy bỏ mật khẩu trong Excel (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi tải lại."
        ),
        FileRefusal.DAMAGED: _l(
            "Tệp Excel bị hỏng hoặc tải lên chưa hết. Chưa có gì được ghi. Hãy mở lại tệp gốc để kiểm tra rồi tải lại."
        ),
        FileRefusal.TOO_LARGE_INSIDE: _l(
            "Nội dung bên trong tệp quá lớn so với một ngân hàng câu hỏi. Chưa có gì được ghi. "
            "Hãy bỏ hình ảnh, trang tính thừa và các ô nằm xa ngoài bảng rồi tải lại."
        ),
        FileRefusal.TOO_MANY_ROWS: _l(
            "Tệp có hơn %(most)s câu. Chưa có gì được ghi. Hãy chia thành nhiều tệp rồi tải lần lượt."
        ),
        FileRefusal.NO_HEADINGS: _l(
            "Không thấy dòng tiêu đề có cột “Câu hỏi” và “Đáp án” trong 20 dòng đầu của trang tính nào. "
            "Chưa có gì được ghi. Hãy so với tệp mẫu rồi tải lại."
        ),
        FileRefusal.NO_ROWS: _l(
            "Bảng chỉ có dòng tiêu đề, không có câu hỏi nào. Chưa có gì được ghi. Hãy kiểm tra lại tệp rồi tải lại."
        ),
        Fault.NO_STEM: _l("Câu dẫn để trống."),
        Fault.TOO_FEW_OPTIONS: _l("Chỉ có %(count)s phương án; cần ít nhất 2."),
        Fault.TOO_MANY_OPTIONS: _l("Có %(count)s phương án; nhiều nhất là %(most)s."),
        Fault.SAME_OPTION_TWICE: _l("Phương án %(b)s giống phương án %(a)s."),
        Fault.NO_KEY: _l("Chưa có đáp án."),
        Fault.TWO_KEYS: _l(
            "Câu một đáp án nhưng đáp án ghi %(key)s. Giữ một phương án, hoặc đổi thành câu nhiều đáp án."
        ),
        Fault.KEY_NAMES_NO_OPTION: _l("Đáp án là %(key)s nhưng phương án chỉ có đến %(last)s."),
        Fault.ONE_KEY_OF_SEVERAL: _l("Câu nhiều đáp án nhưng chỉ có một phương án đúng."),
        Fault.ALL_ARE_KEYS: _l("Mọi phương án đều đúng."),
        Fault.TOO_LONG: _l("“%(start)s…” dài %(length)s ký tự; nhiều nhất là %(most)s."),
        Fault.UNKNOWN_TOPIC: _l("Ngân hàng không có chủ đề “%(topic)s”. Các chủ đề: %(known)s."),
        Fault.UNKNOWN_LEVEL: _l("Không hiểu mức độ “%(level)s”. Hãy ghi 1, 2, 3 hoặc nhận biết, thông hiểu, vận dụng."),
        Fault.ENDS_BEFORE_START: _l("Ngày hết đúng phải sau ngày bắt đầu đúng."),
        Fault.BAD_CODE: _l("Mã “%(code)s” chỉ được gồm chữ không dấu, số, dấu chấm và gạch nối, tối đa 60 ký tự."),
        Fault.SAME_CODE_TWICE: _l("Mã “%(code)s” đã có ở dòng %(row)s."),
        Fault.SAME_ITEM_TWICE: _l("Giống hệt câu ở dòng %(row)s."),
        Fault.SAME_STEM_TWICE: _l("Câu dẫn trùng với câu ở dòng %(row)s."),
        Fault.ITEM_IN_BANK: _l("Câu %(code)s trong ngân hàng đã giống hệt câu này nên không cần ghi nữa."),
        Fault.STEM_IN_BANK: _l("Câu dẫn trùng với câu %(code)s đã có trong ngân hàng."),
        Fault.NEW_VERSION: _l("Mã %(code)s đã có: câu này sẽ thành phiên bản mới của câu đó, ở trạng thái nháp."),
        Fault.NO_TOPIC: _l("Chưa ghi chủ đề. Các chủ đề: %(known)s."),
        Fault.NO_LEVEL: _l("Chưa ghi mức độ; coi là nhận biết."),
        Fault.UNKNOWN_KIND: _l(
            "Không hiểu loại câu “%(kind)s”. Hãy ghi một đáp án, nhiều đáp án hoặc đúng sai, hay để trống."
        ),
        Fault.SEVERAL_ASSUMED: _l("Đáp án có nhiều phương án nên coi là câu nhiều đáp án."),
        Fault.OPTION_GAP: _l(
            "Phương án %(empty)s để trống mà phương án %(filled)s lại có. Hãy điền liền nhau, vì đáp án gọi theo chữ cái."
        ),
        Fault.UNREADABLE_KEY: _l("Không hiểu đáp án “%(key)s”. Hãy ghi chữ cái của phương án đúng, ví dụ B hoặc A,C."),
        Fault.AMBIGUOUS_KEY: _l(
            "Đáp án “%(key)s” vừa là thứ tự phương án %(place)s vừa trùng nội dung phương án %(text)s. Hãy ghi bằng chữ cái."
        ),
        Fault.DECIMAL_KEY: _l("Excel lưu đáp án thành số thập phân %(key)s. Hãy ghi bằng chữ cái, ví dụ A,C."),
        Fault.TRUE_FALSE_KEY: _l("Câu đúng sai nhưng đáp án ghi “%(key)s”. Hãy ghi Đúng hoặc Sai."),
        Fault.OPTIONS_NOT_READ: _l("Câu đúng sai nên các phương án ghi trong tệp không được dùng."),
        Fault.BAD_DAY: _l("Không hiểu ngày “%(text)s” ở cột “%(column)s”. Hãy ghi dạng 31/12/2024."),
        Fault.DAY_BY_EXCEL: _l(
            "Excel lưu ô ở cột “%(column)s” dưới dạng ngày, đọc thành “%(text)s”. Hãy kiểm tra lại."
        ),
        Fault.ERROR_CELL: _l("Ô ở cột “%(column)s” đang báo lỗi công thức %(text)s."),
        Fault.UNKNOWN_DOCUMENT: _l(
            "Thư viện chưa có văn bản “%(document)s”. Câu vẫn ghi được nhưng chưa có căn cứ; tên văn bản được giữ ở phần nguồn."
        ),
        Fault.DOCUMENT_EXPIRED: _l(
            "%(document)s hết hiệu lực từ %(day)s. Câu vẫn ghi được, nhưng không vào đề của cuộc thi lấy ngày pháp luật từ ngày đó."
        ),
        Fault.DOCUMENT_QUESTIONED: _l(
            "%(document)s cần đối chiếu từ %(day)s. Câu vẫn ghi được, nhưng không vào đề của cuộc thi lấy ngày pháp luật từ ngày đó."
        ),
        Fault.PLACE_WITHOUT_DOCUMENT: _l("Có ghi điều, khoản hoặc điểm nhưng chưa ghi văn bản."),
        Fault.UNKNOWN_COLUMN: _l("Không nhận ra cột %(column)s “%(heading)s”; nội dung cột này không được đọc."),
        Fault.UNNAMED_COLUMN: _l("Cột %(column)s có nội dung mà không có tên cột; nội dung cột này không được đọc."),
        Fault.SAME_COLUMN_TWICE: _l(
            "Cột %(column)s “%(heading)s” cùng nghĩa với cột %(first)s; chỉ cột %(first)s được đọc."
        ),
        Fault.SHEET_NOT_READ: _l(
            "Trang tính “%(sheet)s” cũng có câu hỏi nhưng chưa được đọc. Hãy tải nó thành tệp riêng."
        ),
        Fault.CODE_IN_FILE: _l("Mã “%(code)s” đã có ở tệp %(first)s."),
        Fault.NOT_YAML: _l("Tệp không đúng cú pháp YAML: %(why)s"),
        Fault.DOUBLED_FIELD: _l("Dòng %(line)s: mục “%(name)s” được ghi hai lần."),
        Fault.NOT_A_MAPPING: _l("%(what)s phải gồm các mục có tên."),
        Fault.UNKNOWN_FIELD: _l("Không nhận ra mục “%(name)s”."),
        Fault.MISSING_FIELD: _l("Thiếu mục “%(name)s”."),
        Fault.NOT_TEXT: _l("Mục “%(name)s” phải là chữ; hãy đặt trong dấu ngoặc kép."),
        Fault.NO_BANK: _l("Không tệp nào có phần “bank” nêu mã, tên và chủ đề của ngân hàng."),
        Fault.SEVERAL_BANKS: _l("Phần “bank” đã có ở tệp %(first)s."),
        Fault.OPTION_LETTERS: _l("Phương án phải được gọi lần lượt A, B, C…; đang là %(letters)s."),
        Fault.NOT_IN_LIBRARY: _l("Thư viện văn bản không có “%(document)s”."),
        Fault.NOBODY_VOUCHES: _l(
            "Phần “bank” phải nêu author và second_reader thì câu hỏi mới được đưa thẳng vào sử dụng."
        ),
    }
)
