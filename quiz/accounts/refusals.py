"""What the refusals of this domain say: what happened, whether anything was lost, what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.accounts.contacts import ContactRefusal
from quiz.accounts.passwords import PasswordRefusal
from quiz.accounts.places import PlaceRefusal
from quiz.accounts.service import AccountRefusal
from quiz.accounts.signin import SignInRefusal
from quiz.accounts.unit_file import UnitFileRefusal
from quiz.accounts.unit_import import UnitImportRefusal
from quiz.accounts.unit_plan import UnitRowRefusal
from quiz.accounts.unit_service import UnitRefusal
from quiz.errors import explain

# Sentences about one field stand beside that field, so they only name the fault and its remedy.
explain(
    {
        ContactRefusal.PHONE_NOT_DIGITS: _l("Số điện thoại chỉ gồm chữ số. Ví dụ: 0912 345 678."),
        ContactRefusal.PHONE_TOO_SHORT: _l("Số điện thoại còn thiếu %(missing)s chữ số."),
        ContactRefusal.PHONE_TOO_LONG: _l("Số điện thoại thừa %(extra)s chữ số."),
        ContactRefusal.PHONE_PREFIX: _l(
            "Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09; số cố định bắt đầu bằng 02. Hãy kiểm tra lại số vừa nhập."
        ),
        ContactRefusal.PHONE_FOREIGN: _l("Chỉ nhận số điện thoại Việt Nam (+84). Nếu không có, hãy dùng email."),
        ContactRefusal.EMAIL_SHAPE: _l("Địa chỉ email chưa đúng. Ví dụ: ten@vidu.vn."),
        ContactRefusal.USERNAME_SHAPE: _l(
            "Tên đăng nhập có từ 3 đến 60 ký tự, gồm chữ không dấu, chữ số, dấu chấm, gạch nối, gạch dưới, và có ít nhất một chữ cái."
        ),
        PasswordRefusal.TOO_SHORT: _l("Mật khẩu cần ít nhất %(shortest)s ký tự."),
        PasswordRefusal.TOO_LONG: _l("Mật khẩu dài quá %(longest)s ký tự. Hãy chọn mật khẩu ngắn hơn."),
        PasswordRefusal.TOO_COMMON: _l("Mật khẩu này quá dễ đoán. Hãy ghép vài từ không liên quan với nhau."),
        PasswordRefusal.SAYS_WHO: _l(
            "Mật khẩu trùng với tên, số điện thoại, email hoặc tên đăng nhập. Hãy chọn mật khẩu khác."
        ),
        PasswordRefusal.NOT_THE_OLD_ONE: _l("Mật khẩu hiện tại chưa đúng, nên mật khẩu chưa được đổi."),
        PasswordRefusal.SAME_AS_BEFORE: _l("Mật khẩu mới phải khác mật khẩu hiện tại."),
        PlaceRefusal.UNKNOWN_PROVINCE: _l("Hãy chọn tỉnh, thành phố trong danh sách."),
        PlaceRefusal.UNKNOWN_WARD: _l(
            "Không thấy xã, phường này ở %(province)s. Hãy dùng tên sau sắp xếp ngày 01/07/2025 và kiểm tra tỉnh, thành phố đã chọn."
        ),
        PlaceRefusal.UNKNOWN_WARD_LIKE: _l("Không thấy xã, phường này ở %(province)s. Có phải: %(names)s?"),
        PlaceRefusal.SEVERAL_WARDS: _l("Có nhiều nơi tên như vậy: %(names)s. Hãy viết đủ dấu và đủ chữ xã, phường."),
    }
)

explain(
    {
        AccountRefusal.NO_NAME: _l("Hãy viết họ và tên."),
        AccountRefusal.BIRTH_DATE: _l("Ngày sinh phải từ năm 1900 đến trước hôm nay."),
        AccountRefusal.NO_WAY_TO_SIGN_IN: _l("Cần số điện thoại hoặc email để đăng nhập."),
        AccountRefusal.PHONE_TAKEN: _l(
            "Số điện thoại này đã có tài khoản, nên chưa lập tài khoản mới. Hãy đăng nhập, hoặc dùng số khác."
        ),
        AccountRefusal.EMAIL_TAKEN: _l(
            "Email này đã có tài khoản, nên chưa lập tài khoản mới. Hãy đăng nhập, hoặc dùng email khác."
        ),
        AccountRefusal.USERNAME_TAKEN: _l("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."),
        AccountRefusal.ROLE_HELD_ALREADY: _l(
            "Người này đã có vai trò đó. Chưa có gì bị thay đổi. Hãy tải lại trang để xem vai trò hiện tại."
        ),
        AccountRefusal.ROLE_NOT_HELD: _l(
            "Người này không còn vai trò đó. Chưa có gì bị thay đổi. Hãy tải lại trang để xem vai trò hiện tại."
        ),
        AccountRefusal.LAST_ADMIN: _l(
            "Đây là quản trị viên cuối cùng đang hoạt động, nên chưa có gì bị thay đổi. Hãy giao vai trò quản trị cho người khác trước."
        ),
        AccountRefusal.CONTACT_WITHOUT_UNIT: _l(
            "Người này chưa khai đơn vị nên chưa thể làm đầu mối đơn vị. Chưa có gì bị thay đổi. Hãy nhờ người này khai đơn vị trong trang tài khoản của mình trước."
        ),
        AccountRefusal.DISABLED_ALREADY: _l("Tài khoản này đã khóa từ trước. Chưa có gì bị thay đổi."),
        AccountRefusal.NOT_DISABLED: _l("Tài khoản này đang mở. Chưa có gì bị thay đổi."),
        AccountRefusal.OWN_PASSWORD_ELSEWHERE: _l(
            "Mật khẩu của chính bạn chưa bị thay đổi. Hãy đổi trong trang tài khoản của bạn."
        ),
        AccountRefusal.UNIT_GOES_WITH_ROLE: _l(
            "Bạn là đầu mối của đơn vị hiện tại nên không tự đổi đơn vị được. Chưa có gì bị thay đổi. Hãy liên hệ Ban Tổ chức."
        ),
        SignInRefusal.WRONG: _l(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra rồi thử lại; nếu đã sai nhiều lần liên tiếp, hãy chờ 5 phút."
        ),
        SignInRefusal.DISABLED: _l(
            "Tài khoản này đã bị khóa. Dữ liệu của bạn vẫn còn. Hãy liên hệ Ban Tổ chức để mở lại."
        ),
    }
)

explain(
    {
        UnitRefusal.CODE_TAKEN: _l("Mã %(code)s đã thuộc về một đơn vị khác. Chưa có gì được ghi. Hãy dùng mã khác."),
        UnitRefusal.BELOW_ITSELF: _l(
            "“%(parent)s” nằm dưới chính đơn vị này nên không thể là cấp trên. Chưa có gì được ghi."
        ),
        UnitRefusal.IN_USE: _l(
            "Đơn vị này còn đơn vị trực thuộc, tài khoản hoặc lượt đăng ký dự thi nên không xóa được. Chưa có gì bị thay đổi."
        ),
        UnitFileRefusal.TOO_BIG: _l("Tệp lớn hơn %(most)s MB. Chưa có gì được ghi. Hãy bỏ bớt hình ảnh hoặc chia tệp."),
        UnitFileRefusal.NOT_A_TABLE: _l(
            "Tệp này không phải bảng CSV hay XLSX. Chưa có gì được ghi. Hãy chọn tệp khác."
        ),
        UnitFileRefusal.OLD_EXCEL: _l(
            "Tệp là định dạng Excel cũ (.xls). Chưa có gì được ghi. Hãy mở tệp và lưu lại thành .xlsx."
        ),
        UnitFileRefusal.UNREADABLE_TEXT: _l(
            "Không đọc được chữ trong tệp CSV. Chưa có gì được ghi. Hãy lưu lại với mã UTF-8 (trong Excel: “CSV UTF-8”) hoặc lưu thành .xlsx."
        ),
        UnitFileRefusal.EMPTY: _l("Tệp không có dòng dữ liệu nào dưới dòng tiêu đề. Chưa có gì được ghi."),
        UnitFileRefusal.TOO_MANY_ROWS: _l(
            "Tệp có %(found)s dòng, nhiều hơn %(most)s dòng cho phép. Chưa có gì được ghi. Hãy chia tệp."
        ),
        UnitFileRefusal.UNKNOWN_COLUMNS: _l(
            "Tệp có cột chưa rõ nghĩa: %(headings)s. Chưa có gì được ghi. Hãy đổi tên cột theo mẫu hoặc bỏ cột."
        ),
        UnitFileRefusal.DOUBLED_COLUMN: _l(
            "Cột “%(heading)s” cùng nghĩa với một cột đứng trước. Chưa có gì được ghi. Hãy giữ một cột."
        ),
        UnitFileRefusal.MISSING_COLUMNS: _l(
            "Tệp thiếu cột %(headings)s. Chưa có gì được ghi. Dòng đầu tiên của bảng phải là tên các cột."
        ),
        UnitImportRefusal.HAS_PROBLEMS: _l(
            "Tệp còn %(count)s dòng bị từ chối nên chưa ghi dòng nào. Hãy sửa tệp rồi tải lên lại."
        ),
        UnitImportRefusal.NOTHING_TO_DO: _l("Mọi dòng của tệp đều trùng với dữ liệu hiện có. Không có gì để ghi."),
        UnitImportRefusal.COMMITTED_ALREADY: _l("Tệp này đã được ghi từ trước. Không có gì được ghi thêm."),
        UnitImportRefusal.CHANGED_MEANWHILE: _l(
            "Danh sách đơn vị vừa thay đổi sau khi bạn xem báo cáo nên chưa ghi dòng nào. Hãy xem lại báo cáo rồi xác nhận."
        ),
        UnitRowRefusal.NO_CODE: _l("Thiếu mã đơn vị."),
        UnitRowRefusal.CODE_SHAPE: _l("Mã “%(code)s” chỉ được gồm chữ, số, dấu chấm, gạch nối, gạch dưới, gạch chéo."),
        UnitRowRefusal.CODE_TWICE: _l("Mã %(code)s có ở cả dòng %(lines)s."),
        UnitRowRefusal.NO_NAME: _l("Thiếu tên đơn vị."),
        UnitRowRefusal.TOO_LONG: _l("Cột “%(column)s” dài quá %(longest)s ký tự."),
        UnitRowRefusal.FORMULA: _l("Cột “%(column)s” bắt đầu như một công thức; hãy ghi giá trị."),
        UnitRowRefusal.UNKNOWN_PARENT: _l("Mã cấp trên %(parent)s không có trong tệp và cũng chưa có trong hệ thống."),
        UnitRowRefusal.CYCLE: _l("Đơn vị nằm dưới chính nó: %(loop)s."),
        UnitRowRefusal.PEOPLE_NOT_NUMBER: _l(
            "Cột “%(column)s”: “%(text)s” không đúng. Hãy ghi số nguyên lớn hơn 0, ví dụ 1250."
        ),
        UnitRowRefusal.PEOPLE_ZERO: _l("Cột “%(column)s” phải lớn hơn 0; nếu chưa biết thì để trống."),
        UnitRowRefusal.OBLIGED_WITHOUT_PEOPLE: _l("Cột “%(column)s” có số nhưng thiếu tổng số người."),
        UnitRowRefusal.OBLIGED_ABOVE_PEOPLE: _l(
            "Số người phải dự thi (%(obliged)s) nhiều hơn tổng số người (%(people)s)."
        ),
        UnitRowRefusal.PEOPLE_WITHOUT_DAY: _l("Có tổng số người nhưng thiếu ngày của số liệu."),
        UnitRowRefusal.DAY_WITHOUT_PEOPLE: _l("Có ngày nhưng thiếu tổng số người."),
        UnitRowRefusal.DAY_SHAPE: _l("Ngày “%(text)s” không đọc được. Ví dụ đúng: 31/12/2024."),
        UnitRowRefusal.DAY_AHEAD: _l("Ngày %(text)s ở tương lai."),
    }
)
