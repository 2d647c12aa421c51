"""The sentence for each thing that can be wrong with an item or with the file it came in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.banks.faults import Fault
from quiz.errors import explain

explain(
    {
        Fault.NO_STEM: _l("Câu dẫn để trống."),
        Fault.TOO_FEW_OPTIONS: _l("Cần ít nhất 2 phương án, đang có %(count)s."),
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
        Fault.NO_ACCEPTED: _l("Chưa ghi câu trả lời nào được coi là đúng."),
        Fault.SAME_ACCEPTED_TWICE: _l("Câu trả lời đúng thứ %(b)s giống câu thứ %(a)s."),
        Fault.NOT_A_NUMBER: _l("“%(text)s” không phải số. Hãy ghi ví dụ 3,14 hoặc 100±5 (từ 95 đến 105)."),
        Fault.TOO_FEW_THINGS: _l("Câu sắp xếp cần ít nhất 3 mục, đang có %(count)s."),
        Fault.TOO_FEW_PAIRS: _l("Câu ghép đôi cần ít nhất 2 cặp, đang có %(count)s."),
        Fault.TOO_MANY_PAIRS: _l("Câu ghép đôi có %(count)s dòng; nhiều nhất là %(most)s."),
        Fault.LEFT_WITHOUT_MATCH: _l("Vế trái thứ %(lefts)s chưa được ghép với vế phải nào."),
        Fault.BAD_WORD_LIMIT: _l("Giới hạn %(words)s chữ không dùng được; hãy ghi từ 1 đến %(most)s hoặc để trống."),
        Fault.IMAGE_WITHOUT_TEXT: _l(
            "Hình của %(where)s chưa có lời mô tả. Hãy ghi hình cho thấy gì, để người không nhìn thấy hình cũng làm được bài."
        ),
        Fault.IMAGE_NOT_KEPT: _l("Một hình trong tệp không dùng được nên đã bỏ: %(why)s"),
        Fault.IMAGE_NOWHERE: _l("Hình đặt ở %(where)s mà câu không có phương án đó."),
        Fault.PINNED_BY_WORDS: _l(
            "Phương án %(options)s giữ nguyên chỗ khi trộn, vì có phương án nhắc đến phương án khác."
        ),
        Fault.REPAIRED: _l("Đã sửa chữ hỏng: %(changes)s. Hãy xem lại cho đúng."),
        Fault.KEYS_DISAGREE: _l("Tệp cho hai đáp án khác nhau: %(a)s, nhưng %(b)s. Hãy chọn đáp án đúng."),
        Fault.KEY_UNCERTAIN: _l("Chưa chắc đáp án: %(why)s. Hãy chọn đáp án đúng."),
        Fault.TOPIC_BY_DEFAULT: _l("Câu chưa ghi chủ đề nên lấy chủ đề đã chọn cho cả tệp."),
        Fault.MUCH_LIKE_ROW: _l("Gần giống câu thứ %(row)s của tệp."),
        Fault.MUCH_LIKE_ITEM: _l("Gần giống câu %(code)s đã có trong ngân hàng."),
        Fault.KEPT_BY_PEOPLE: _l(
            "Câu %(code)s đã nhập từ nội dung này và sau đó có người sửa; bản đã sửa được giữ, không ghi đè."
        ),
        Fault.KEPT_RETIRED: _l("Câu %(code)s có nội dung này đã được quyết định ngừng dùng; quyết định đó được giữ."),
        Fault.KEPT_DECLINED: _l(
            "Câu %(code)s có nội dung này đã bị người duyệt trả lại; hãy sửa câu đó thay vì nhập lại."
        ),
        Fault.BAD_CODE: _l("Mã “%(code)s” chỉ được gồm chữ không dấu, số, dấu chấm và gạch nối, tối đa 60 ký tự."),
        Fault.SAME_CODE_TWICE: _l("Mã “%(code)s” đã có ở câu thứ %(row)s của tệp."),
        Fault.SAME_ITEM_TWICE: _l("Giống hệt câu thứ %(row)s của tệp."),
        Fault.SAME_STEM_TWICE: _l("Câu dẫn trùng với câu thứ %(row)s của tệp."),
        Fault.ITEM_IN_BANK: _l("Câu %(code)s trong ngân hàng đã giống hệt câu này nên không cần ghi nữa."),
        Fault.STEM_IN_BANK: _l("Câu dẫn trùng với câu %(code)s đã có trong ngân hàng."),
        Fault.KEY_DIFFERS: _l(
            "Câu %(code)s trong ngân hàng có cùng câu dẫn và phương án nhưng đáp án khác. Nếu ghi, đây là phiên bản mới của câu đó, chờ người khác duyệt."
        ),
        Fault.NEW_VERSION: _l("Mã %(code)s đã có: câu này sẽ thành phiên bản mới của câu đó, ở trạng thái nháp."),
        Fault.NO_TOPIC: _l("Chưa ghi chủ đề. Các chủ đề: %(known)s."),
        Fault.NO_LEVEL: _l("Chưa ghi mức độ; coi là nhận biết."),
        Fault.UNKNOWN_KIND: _l(
            "Không hiểu loại câu “%(kind)s”. Hãy ghi một đáp án, nhiều đáp án, đúng sai, điền từ, số, sắp xếp, ghép đôi hoặc tự luận, "
            "hay để trống."
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
        Fault.OPTIONS_NOT_READ: _l("Loại câu này không dùng phương án nên các phương án ghi trong tệp không được đọc."),
        Fault.BAD_DAY: _l("Không hiểu ngày “%(text)s”. Hãy ghi dạng 31/12/2024."),
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
        Fault.SHEET_HIDDEN: _l(
            "Trang tính ẩn “%(sheet)s” cũng có câu hỏi nhưng không được đọc. Nếu cần, hãy cho hiện trang đó rồi tải thành tệp riêng."
        ),
        Fault.HIDDEN_ROW: _l("Dòng này đang ẩn trong tệp. Câu vẫn được đọc; hãy xem có định nhập không."),
        Fault.HEADINGS_AGAIN: _l("Dòng này lặp lại tên các cột."),
        Fault.TITLE_ROW: _l("Ô gộp ngang “%(text)s” là tiêu đề, không phải câu hỏi."),
        Fault.MERGED_CELL: _l(
            "Ô ở cột “%(column)s” gộp với dòng %(row)s nên dòng này không có nội dung riêng ở cột đó."
        ),
        Fault.FILLED_FROM_MERGED: _l("Ô ở cột “%(column)s” gộp với dòng %(row)s nên lấy nội dung của dòng đó."),
        Fault.FORMULA_WITHOUT_VALUE: _l(
            "Ô ở cột “%(column)s” là công thức chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại rồi tải lên, hoặc gõ nội dung vào ô."
        ),
        Fault.CELL_NOT_READ: _l("Ô ở cột “%(column)s” ghi “%(text)s”, không dùng được cho câu này nên đã bỏ qua."),
        Fault.PICTURE_NOT_READ: _l(
            "Một hình ở dòng này không đọc được hoặc không thuộc câu nào nên đã bỏ qua. Hãy thêm hình khi sửa câu."
        ),
        Fault.PICTURES_NOT_READ: _l(
            "Tệp có hình đặt theo cách không đọc được nên các hình đó đã bỏ qua. Hãy thêm hình khi sửa câu."
        ),
        Fault.MACROS_NOT_READ: _l("Tệp có macro. Macro không được chạy và không được giữ lại."),
        Fault.QUOTES_NOT_CLOSED: _l(
            "Dấu ngoặc kép trong tệp CSV không đi thành cặp, bắt đầu từ khoảng dòng %(line)s, nên các ô sau đó có thể bị dính vào nhau. "
            "Hãy xem kỹ các câu, hoặc lưu lại tệp từ Excel."
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
        Fault.KEY_TOLD_BY: _l("Đáp án %(key)s nhận ra từ %(how)s."),
        Fault.KEY_FIRST: _l(
            "Tệp dùng ký hiệu #! và #$, tức là xếp phương án đúng lên đầu, nên đáp án được hiểu theo cách đó. Hãy xem lại vài câu."
        ),
        Fault.MARKS_NOT_A_KEY: _l(
            "Trong tệp này %(mark)s thường không trùng với đáp án ghi bằng chữ nên không được coi là dấu hiệu của đáp án."
        ),
        Fault.TRUTHS_AS_SEVERAL: _l(
            "Câu gồm nhiều ý đúng, sai nên được hiểu là câu nhiều đáp án; các ý đúng là %(key)s. Hãy xem lại câu dẫn."
        ),
        Fault.ORDER_AS_WRITTEN: _l("Chưa ghi thứ tự đúng nên lấy thứ tự các mục trong tệp. Hãy xem lại."),
        Fault.NOTE_NOT_READ: _l("Phần “%(text)s” sau số câu không được đọc."),
        Fault.NO_NUMBER: _l("Câu này không có số; đoạn đứng ngay trước các phương án được hiểu là câu dẫn."),
        Fault.NUMBERS_SKIPPED: _l(
            "Số câu bị nhảy, thiếu số %(numbers)s. Hãy kiểm tra xem có câu nào chưa được đọc không."
        ),
        Fault.NUMBERS_DOUBLED: _l("Số câu %(numbers)s được dùng cho nhiều câu."),
        Fault.TAKEN_AS_EXPLANATION: _l("Đoạn “%(start)s” đứng sau đáp án nên được hiểu là giải thích."),
        Fault.PICTURES_AT_ONE_PLACE: _l("Có nhiều hình ở %(where)s; chỉ hình đầu được giữ."),
        Fault.PICTURE_NOT_PLACED: _l("Hình nằm ngoài câu dẫn và phương án nên không được đọc."),
        Fault.LOOSE_TEXT: _l("“%(start)s” không thuộc câu nào nên không được đọc."),
        Fault.LOOSE_PICTURE: _l("Hình không thuộc câu nào nên không được đọc."),
        Fault.FEET_DROPPED: _l("Đã bỏ %(count)s dòng đầu trang, cuối trang hoặc chữ của trang web, như “%(start)s”."),
        Fault.KEYS_WITHOUT_ITEM: _l("Bảng đáp án có câu %(numbers)s nhưng tệp không có câu mang số đó."),
        Fault.SOLUTION_WITHOUT_ITEM: _l("Lời giải câu %(number)s không gắn được với câu nào nên không được đọc."),
        Fault.CHANGES_ACCEPTED: _l(
            "Tệp có sửa đổi đang theo dõi: phần thêm vào được đọc, phần đã xóa thì không (%(count)s chỗ)."
        ),
        Fault.COMMENTS_NOT_READ: _l("Tệp có %(count)s chú thích bên lề; các chú thích không được đọc."),
        Fault.FOOTNOTES_NOT_READ: _l(
            "Tệp có %(count)s chú thích cuối trang hoặc cuối tệp; các chú thích không được đọc."
        ),
        Fault.TEXT_BOXES_READ: _l(
            "Chữ trong %(count)s hộp văn bản được đọc ngay sau đoạn chứa hộp. Hãy xem lại thứ tự."
        ),
        Fault.EQUATIONS_AS_TEXT: _l("%(count)s công thức được đọc thành chữ thường. Hãy xem lại các câu đó."),
        Fault.HIDDEN_TEXT_NOT_READ: _l("Tệp có chữ ẩn (%(count)s chỗ); chữ ẩn không được đọc."),
        Fault.LINKED_PICTURES: _l(
            "%(count)s hình nằm ngoài tệp nên không lấy được. Hãy chèn hình vào tệp rồi tải lại."
        ),
        Fault.MACROS_NOT_RUN: _l("Tệp có macro; macro không bao giờ được chạy và không được giữ lại."),
        Fault.INSERTED_NOT_READ: _l(
            "Tệp có %(count)s phần chèn từ tệp khác; các phần đó không được đọc. Hãy dán nội dung vào tệp."
        ),
        Fault.NOBODY_VOUCHES: _l(
            "Phần “bank” phải nêu author và second_reader thì câu hỏi mới được đưa thẳng vào sử dụng."
        ),
        Fault.NO_QUESTION: _l("“%(start)s” chỉ là lời, không có phần trả lời, nên không thành câu hỏi."),
        Fault.UNPAIRED_BRACES: _l(
            "“%(start)s” thiếu dấu { hoặc }, hoặc có dòng trống giữa hai dấu đó. Hãy sửa trong tệp; dấu { } của nội dung ghi là \\{ và \\}."
        ),
        Fault.BLOCK_TOO_LONG: _l(
            "“%(start)s” quá dài hoặc có quá nhiều phương án so với một câu hỏi nên không được đọc."
        ),
        Fault.MARKDOWN_KEPT: _l(
            "Tệp định dạng chữ bằng Markdown; các dấu như ** hay _ được giữ như chữ. Hãy xóa nếu thừa."
        ),
        Fault.AIKEN_HABITS: _l(
            "%(count)s câu không đúng hẳn mẫu Aiken, được đọc theo lối viết quen dùng ở Việt Nam: %(habits)s. Hãy xem lại các câu này."
        ),
        Fault.KIND_NOT_HELD: _l("Câu thuộc loại “%(kind)s” mà ở đây chưa có nên không được đọc."),
        Fault.PART_NOT_READ: _l(
            "Phần này của gói bị hỏng nên không được đọc; các phần khác vẫn được đọc. Hãy xuất lại gói từ hệ thống gốc."
        ),
        Fault.HTML_CLEANED: _l("Tệp có định dạng (in đậm, màu, bảng, liên kết…); ở đây chỉ giữ chữ và hình."),
        Fault.FORMULA_LOST: _l(
            "Câu có công thức toán mà ở đây chưa giữ được. Hãy ghi lại công thức bằng chữ hoặc hình."
        ),
        Fault.IMAGE_OUTSIDE: _l(
            "Hình “%(name)s” nằm ngoài tệp (trên mạng hoặc ở thư mục khác) nên không được lấy. Nếu cần, hãy thêm hình bằng tay."
        ),
        Fault.IMAGE_NOT_FOUND: _l(
            "Hình “%(name)s” được nhắc đến nhưng không có trong tệp. Nếu cần, hãy thêm hình bằng tay."
        ),
        Fault.IMAGE_NO_PLACE: _l(
            "Hình “%(name)s” không có chỗ đặt (câu dẫn và mỗi phương án chỉ có một hình) nên đã bỏ."
        ),
        Fault.NOTES_MERGED: _l("Lời nhận xét cho từng phương án đã gộp vào phần giải thích."),
        Fault.NOTES_LEFT_OUT: _l(
            "Gợi ý và lời nhận xét chung khi làm đúng, làm sai không được đọc vì ở đây không có chỗ."
        ),
        Fault.LABELS_LEFT_OUT: _l("Nhãn của tệp không được đọc: %(labels)s."),
        Fault.CODE_LEFT_OUT: _l("Mã “%(code)s” của tệp không dùng được ở đây; câu sẽ nhận mã mới."),
        Fault.WEIGHTS_EVENED: _l(
            "Tệp cho các phương án đúng số điểm khác nhau, hoặc chỉ cần một phương án là đủ điểm; ở đây mọi phương án đúng có phần điểm bằng nhau."
        ),
        Fault.HALF_RIGHT: _l("“%(answer)s” chỉ được một phần điểm trong tệp; ở đây được coi là sai."),
        Fault.WRONG_COSTS: _l("Tệp trừ điểm khi chọn sai; ở đây chọn sai chỉ bớt phần của câu đó, không xuống dưới 0."),
        Fault.CASE_IGNORED: _l("Tệp phân biệt chữ hoa, chữ thường; ở đây không phân biệt."),
        Fault.WILDCARD: _l(
            "Câu trả lời “%(answer)s” dùng dấu * thay cho chữ bất kỳ mà ở đây không có nên đã bỏ. Hãy ghi từng câu trả lời được chấp nhận."
        ),
        Fault.UNITS_LEFT_OUT: _l(
            "Đơn vị đo %(units)s không được đọc; ở đây chỉ chấm con số. Hãy ghi đơn vị vào câu dẫn."
        ),
        Fault.SHUFFLED_HERE: _l(
            "Tệp không cho trộn phương án; ở đây phương án được trộn, trừ phương án giữ nguyên chỗ."
        ),
        Fault.SUBSET_ASKED: _l("Tệp chỉ hỏi một số mục chọn ngẫu nhiên; ở đây hỏi tất cả các mục."),
    }
)
