"""Papers of a quarter's exemplars: the list for the provincial council, the minutes of the vote, the report by unit."""

from __future__ import annotations

from quiz.exemplars.models import Field
from quiz.exemplars.nomination_queries import Consolidated
from quiz.exemplars.story_words import LIFE
from quiz.exemplars.votes import Minutes
from quiz.exemplars.words import quarter_title
from quiz.formats import local, number
from quiz.reports.documents.layout import Paper
from quiz.reports.documents.papers import DOTS, Office
from quiz.reports.quarter_figures import QuarterFigures

DEMO = "BẢN TRÌNH DIỄN: người, đơn vị và kết quả trong văn bản này là giả định."
COUNCIL = "Hội đồng Thi đua - Khen thưởng"
LIST_HEADS = (
    "Stt",
    "Ông/Bà",
    "Họ và tên, tên tập thể",
    "Chức vụ, đơn vị",
    "Lĩnh vực",
    "Tóm tắt thành tích",
    "Số phiếu đồng ý",
)
UNIT_HEADS = ("Đơn vị", "Đề cử đã gửi", "Được chọn", "Câu chuyện đã đăng", "Tin, bài, sự kiện", "Người dự thi")


def list_rows(found: Consolidated, *, chosen: bool) -> list[list[str]]:
    """The columns LIST_HEADS; of the chosen, or of all that were put before the council."""
    return [
        [
            str(line.number), line.honorific, line.name, ", ".join(filter(None, (line.position, line.unit_name))),
            str(LIFE[Field(line.field)]), line.summary,
            "–" if line.agree is None else f"{line.agree}/{line.may_vote}",
        ]
        for line in (found.chosen if chosen else found.lines)
    ]  # fmt: skip


def recommendation(found: Consolidated, office: Office) -> bytes:
    """Danh sách giới thiệu điển hình tiên tiến, to the provincial council."""
    words = quarter_title(found.quarter)
    paper = Paper(
        office.head(
            "Danh sách", "/DS-HĐTĐKT", f"Giới thiệu điển hình tiên tiến {words} với {COUNCIL} tỉnh", by_board=False
        ),
        landscape=True,
    )
    if found.is_demo:
        paper.centred(DEMO)
    if found.chosen:
        paper.table(LIST_HEADS, list_rows(found, chosen=True), (1.1, 1.6, 4, 4.5, 3, 8, 2.3))
    else:
        paper.text(f"{words[:1].upper()}{words[1:]} không có cá nhân, tập thể nào được {COUNCIL} Sở giới thiệu.")
    paper.text(f"Danh sách này có {number(len(found.chosen))} cá nhân, tập thể. Hồ sơ kèm theo từng trường hợp.")
    paper.signed(
        [f"{COUNCIL} tỉnh", "Các đơn vị có tên trong danh sách", "Lưu: VT, VP"], "Chủ tịch", on_behalf=f"TM. {COUNCIL}"
    )
    return paper.as_bytes()


def vote_minutes(minutes: Minutes, office: Office) -> bytes:
    """Biên bản kiểm phiếu: who could vote, how many did, what each nomination got."""
    words = quarter_title(minutes.quarter)
    paper = Paper(
        office.head("Biên bản", "/BB-HĐTĐKT", f"Kiểm phiếu bình chọn điển hình tiên tiến {words}", by_board=False)
    )
    if minutes.is_demo:
        paper.centred(DEMO)
    paper.heading("1. Thành phần và hình thức")
    how = "bỏ phiếu kín" if minutes.is_secret else "biểu quyết công khai"
    opened, closed = local(minutes.opened_at), local(minutes.closed_at)
    paper.bullet(f"Hội đồng gồm {minutes.of} thành viên; hình thức: {how}.")
    paper.bullet(f"Mở lúc {opened:%H:%M ngày %d/%m/%Y}, kiểm phiếu lúc {closed:%H:%M ngày %d/%m/%Y}.")
    quorum = "đủ điều kiện kiểm phiếu" if minutes.has_quorum else "không đủ điều kiện kiểm phiếu"
    paper.bullet(f"Đã bỏ phiếu: {minutes.voted}/{minutes.of}; cần ít nhất {minutes.needed_to_vote}: {quorum}.")
    paper.table(
        ["TT", "Họ và tên", "Đơn vị", "Bỏ phiếu"],
        [
            [str(n), m.name + (" (chủ trì)" if m.leads else ""), m.unit_name, "có" if m.has_voted else "không"]
            for n, m in enumerate(minutes.council, 1)
        ],
        (1.2, 6, 6, 2.5),
    )
    paper.heading("2. Kết quả kiểm phiếu")
    paper.table(
        ["TT", "Được đề cử", "Đơn vị", "Đồng ý", "Không đồng ý", "Ý kiến khác", "Được bỏ phiếu", "Cần có", "Kết quả"],
        [
            [
                str(line.number), line.name, line.unit_name,
                *((str(line.tally.agree), str(line.tally.disagree), str(line.tally.other)) if line.tally else ("–", "–", "–")),
                str(line.may_vote), "–" if line.needed is None else str(line.needed),
                {"chosen": "được chọn", "not_chosen": "không được chọn"}.get(str(line.outcome), "chưa kết luận"),
            ]
            for line in minutes.lines
        ],
        (0.9, 3.4, 3, 1.3, 1.4, 1.4, 1.4, 1.3, 2),
    )  # fmt: skip
    away = [(line.name, who) for line in minutes.lines for who, _cause in line.away]
    paper.heading("3. Không bỏ phiếu vì có liên quan")
    for nominee, who in away:
        paper.bullet(f"{who}: không bỏ phiếu về {nominee}; không tính vào số người được bỏ phiếu của trường hợp này.")
    if not away:
        paper.text("Không có.")
    paper.text(f"Mã đối chiếu của hòm phiếu: {minutes.digest}")
    paper.signatures(["Người kiểm phiếu", "Chủ trì"])
    return paper.as_bytes()


def unit_rows(figures: QuarterFigures) -> list[tuple[str, int, int, int, int, int]]:
    """The columns UNIT_HEADS."""
    return [(u.unit, u.sent, u.chosen, u.stories, u.posts, u.people) for u in figures.units]


def summary_rows(figures: QuarterFigures) -> list[tuple[str, int]]:
    rows = [
        ("Đơn vị được đề nghị giới thiệu", figures.units_asked),
        ("Đơn vị đã gửi đề cử", figures.units_that_sent),
        ("Đề cử đã gửi", figures.sent),
        ("Đề cử được Hội đồng chọn", figures.chosen),
        ("Câu chuyện điển hình đã đăng", figures.stories),
        ("Tin, bài, sự kiện đã đăng", figures.posts),
        ("Cuộc thi có kỳ thi kết thúc trong quý", len(figures.contests)),
        ("Lượt người dự thi", figures.people),
    ]
    if figures.minutes is not None:
        rows += [
            ("Thành viên Hội đồng đã bỏ phiếu", figures.minutes.voted),
            ("Thành viên Hội đồng", figures.minutes.of),
        ]
    return rows


def quarter_report(figures: QuarterFigures, office: Office) -> bytes:
    """Báo cáo công tác phát hiện, tuyên truyền điển hình tiên tiến of a quarter."""
    words = quarter_title(figures.name)
    paper = Paper(
        office.head(
            "Báo cáo", "/BC-STP", f"Phát hiện, giới thiệu và tuyên truyền điển hình tiên tiến {words}", by_board=False
        )
    )
    if figures.is_demo:
        paper.centred(DEMO)
    paper.heading("1. Số liệu chung")
    paper.table(["Số liệu", "Trong quý"], [[what, number(n)] for what, n in summary_rows(figures)], (11, 4))
    paper.heading("2. Từng đơn vị")
    paper.table(
        UNIT_HEADS, [[name, *map(number, rest)] for name, *rest in unit_rows(figures)], (6, 2, 2, 2.2, 2.2, 2.2)
    )
    silent = [u.unit for u in figures.units if u.is_asked and not u.sent]
    if silent:
        paper.text(f"Chưa gửi đề cử: {'; '.join(silent)}.")
    paper.heading("3. Cuộc thi trong quý")
    for title in figures.contests:
        paper.bullet(title)
    if not figures.contests:
        paper.text("Không có kỳ thi nào kết thúc trong quý.")
    paper.heading("4. Đánh giá, kiến nghị")
    paper.text(DOTS)
    paper.signed(["Giám đốc Sở", "Lưu: VT, VP"], "Chánh Văn phòng")
    return paper.as_bytes()
