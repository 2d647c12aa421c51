"""What each paper of a contest says (facts/contest-practice.md §3), from the rules, sheets, decisions and figures themselves.

What no record holds – names of members, funds, bases of an office – stands as dots to be filled in. Vietnamese only: these are
papers of Vietnamese offices, not pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from quiz.access import Role
from quiz.accounts.models import Account, RoleGrant
from quiz.contests.models import Contest
from quiz.contests.rule_set import contest_rules, rule_set
from quiz.contests.rules_text import Bullets, Chain, Heading, Section, Table, rules_text
from quiz.contests.topics import titles
from quiz.db import db
from quiz.formats import day, local, number, span
from quiz.marking.queries import annulled_in
from quiz.ranking import identity, queries, signing
from quiz.ranking.models import Ranking, Stance
from quiz.ranking.unit_sheet_queries import latest_unit_sheets, unit_standings
from quiz.ranking.words import columns, scope_name
from quiz.recognition import service as recognition
from quiz.recognition.models import Decision
from quiz.recognition.queries import decision_of, published_sheets
from quiz.reports import charts, statistics_words
from quiz.reports.contest_count import Figures
from quiz.reports.documents.layout import Head, Paper
from quiz.reports.period_figures import PeriodFigures
from quiz.rules.tie_break import NO_PREDICTION

DOTS = "……………………………"
MOST_ROWS = 500  # of a list in a paper; longer ones are attached as a workbook


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues the papers.  name: "Sở Tư pháp tỉnh Tây Ninh" """

    name: str

    @property
    def place(self) -> str:
        for word in ("tỉnh ", "thành phố "):
            if word in self.name.lower():
                at = self.name.lower().index(word) + len(word)
                return self.name[at:].strip()
        return "……"

    @property
    def board(self) -> str:
        return "Ban Tổ chức cuộc thi"

    def head(
        self, kind: str, symbol: str, subject: str, *, by_board: bool = True, signed: tuple[str, date] | None = None
    ) -> Head:
        above, issuer = (self.name, self.board) if by_board else ("", self.name)
        paper_number, signed_on = signed if signed else ("", None)
        return Head(above, issuer, symbol, self.place, kind, subject, paper_number, signed_on)


def plan(contest: Contest, office: Office) -> bytes:
    """Kế hoạch tổ chức cuộc thi."""
    rules = rule_set(contest)
    sections = _sections(contest)
    paper = Paper(office.head("Kế hoạch", "/KH-STP", f"Tổ chức {_in_sentence(contest.title)}", by_board=False))
    paper.text(f"Căn cứ {DOTS}")
    paper.text(f"{office.name} ban hành Kế hoạch tổ chức {_in_sentence(contest.title)} như sau:")
    paper.heading("I. MỤC ĐÍCH, YÊU CẦU")
    paper.text(
        "Tuyên truyền, phổ biến pháp luật về thi đua, khen thưởng và gương điển hình tiên tiến; nâng cao hiểu biết và ý thức chấp "
        "hành pháp luật của cán bộ, công chức, viên chức và người dân; việc tổ chức bảo đảm công khai, công bằng, tiết kiệm, ai "
        "cũng kiểm chứng được kết quả."
    )
    paper.heading("II. TÊN GỌI, ĐỐI TƯỢNG, NỘI DUNG, THỜI GIAN")
    for section in sections[:2]:
        _write_blocks(paper, section)
    _write_blocks(paper, next(s for s in sections if s.title == "Thời gian"))
    paper.heading("III. HÌNH THỨC VÀ CƠ CẤU GIẢI")
    paper.text("Thi trực tuyến. Cách thi, cách chấm, cách xét giải theo Thể lệ cuộc thi.")
    _write_prizes(paper, contest)
    paper.heading("IV. TỔ CHỨC THỰC HIỆN")
    for line in (
        f"Thành lập Ban Tổ chức, Ban Giám khảo, Tổ Thư ký; ban hành Thể lệ: trước ngày {day(rules.first_opens_at)}.",
        "Biên soạn, thẩm định câu hỏi và đáp án; niêm phong danh sách câu hỏi trước giờ mở kỳ thi đầu tiên.",
        "Các cơ quan, đơn vị, địa phương phát động, vận động người tham gia; đăng liên kết cuộc thi.",
        f"Công bố kết quả chậm nhất {rules.contest.announce_days} ngày sau khi mỗi kỳ thi kết thúc; tổng kết, trao giải: {DOTS}",
        f"Kinh phí: {DOTS}",
    ):
        paper.bullet(line)
    paper.signed(["Như trên", "Các cơ quan, đơn vị, địa phương", "Lưu: VT"], "Giám đốc")
    return paper.as_bytes()


def rules_paper(contest: Contest, office: Office) -> bytes:
    """Thể lệ: every word of the page, in its order."""
    signed = contest.rules_number
    subject = contest.title[:1].upper() + contest.title[1:]
    paper = Paper(office.head("Thể lệ", "/TL-BTC", subject, signed=(signed, None) if signed else None))  # type: ignore[arg-type]
    for section in _sections(contest):
        paper.heading(f"{section.roman}. {section.title.upper()}")
        _write_blocks(paper, section)
    paper.signed(
        ["Các cơ quan, đơn vị, địa phương", "Trang thông tin cuộc thi", "Lưu: VT, BTC"],
        "Trưởng ban",
        on_behalf="TM. Ban Tổ chức",
    )
    return paper.as_bytes()


def board_decision(contest: Contest, office: Office) -> bytes:
    """Quyết định thành lập Ban Tổ chức, Ban Giám khảo, Tổ Thư ký."""
    paper = Paper(
        office.head(
            "Quyết định", "/QĐ-STP", f"Về việc thành lập Ban Tổ chức, Ban Giám khảo và Tổ Thư ký {_in_sentence(contest.title)}",
            by_board=False,
        )
    )  # fmt: skip
    paper.centred(f"GIÁM ĐỐC {office.name.upper()}")
    for base in (
        f"Căn cứ {DOTS}",
        f"Căn cứ Kế hoạch số {DOTS} về tổ chức {_in_sentence(contest.title)};",
        f"Theo đề nghị của {DOTS}",
    ):
        paper.text(base, italic=True)
    paper.centred("QUYẾT ĐỊNH:")
    paper.text(
        f" Thành lập Ban Tổ chức {_in_sentence(contest.title)} gồm các ông, bà có tên sau:", bold_start="Điều 1."
    )
    _members(paper, Role.ORGANIZER, ("Trưởng ban", "Phó Trưởng ban", "Thành viên"))
    paper.text(" Thành lập Ban Giám khảo gồm các ông, bà có tên sau:", bold_start="Điều 2.")
    _members(paper, Role.JUDGE, ("Trưởng Ban Giám khảo", "Thành viên"))
    paper.text(
        " Ban Tổ chức điều hành cuộc thi theo Kế hoạch và Thể lệ; Ban Giám khảo chấm, xét và ký chốt kết quả độc lập. Thành viên các "
        "ban không dự thi. Các ban tự giải thể sau khi hoàn thành nhiệm vụ.",
        bold_start="Điều 3.",
    )
    paper.text(
        " Quyết định này có hiệu lực kể từ ngày ký. Các ông, bà có tên tại Điều 1, Điều 2 và các đơn vị liên quan chịu trách nhiệm "
        "thi hành Quyết định này./.",
        bold_start="Điều 4.",
    )
    paper.signed(["Như Điều 4", "Lưu: VT"], "Giám đốc")
    return paper.as_bytes()


def _members(paper: Paper, role: Role, titles_: Sequence[str]) -> None:
    accounts = db.session.scalars(
        db.select(Account).join(RoleGrant, RoleGrant.account_id == Account.id).where(
            RoleGrant.role == role.value, Account.disabled_at.is_(None)).order_by(Account.name_folded)
    ).all()  # fmt: skip
    rows = [
        [str(n), a.full_name, a.org_unit.name if a.org_unit else DOTS, titles_[min(n - 1, len(titles_) - 1)]]
        for n, a in enumerate(accounts, 1)
    ] or [["1", DOTS, DOTS, titles_[0]]]
    paper.table(["TT", "Họ và tên", "Chức vụ, đơn vị", "Nhiệm vụ"], rows, (1.2, 5.5, 5.5, 4))


def identity_list(ranking: Ranking, office: Office) -> bytes:
    """Bảng xác minh thí sinh: who stands in a prize place, masked, with what is known."""
    contest = ranking.contest
    paper = Paper(
        office.head("Bảng xác minh thí sinh", "/BXM-BTC", f"{contest.title} ({_scope(ranking)})"), landscape=True
    )
    names = identity.RESULTS
    rows = [
        [
            str(n), line.entry.full_name, line.contact, line.entry.belongs_to, line.prize or "–", str(names[line.result]),
            _checker(line)[0], _checker(line)[1],
        ]
        for n, line in enumerate(identity.lines(ranking), 1)
    ]  # fmt: skip
    paper.table(
        ["TT", "Họ và tên", "Số điện thoại, email", "Đơn vị, nơi ở", "Giải dự kiến", "Kết quả xác minh", "Người xác minh", "Ngày"],
        rows, (1, 4.5, 3.5, 5, 3, 3, 3.5, 2),
    )  # fmt: skip
    paper.signatures(["Người lập bảng", "Tổ trưởng Tổ Thư ký"])
    return paper.as_bytes()


def _checker(line: identity.Line) -> tuple[str, str]:
    check = line.check
    if check is None or check.checked_by is None or check.checked_at is None:
        return "", ""
    return check.checked_by.full_name, day(check.checked_at)


def minutes(ranking: Ranking, office: Office) -> bytes:
    """Biên bản họp xét giải: the data as of the sheet, the truth, what was left out and why, the proposal."""
    contest = ranking.contest
    paper = Paper(office.head("Biên bản", "/BB-BTC", f"Họp xét giải {_in_sentence(contest.title)} ({_scope(ranking)})"))
    paper.text(f"Thời gian: {DOTS} Địa điểm: {DOTS}")
    paper.text(f"Thành phần: {DOTS}")
    paper.heading("1. Dữ liệu xét giải")
    made = local(ranking.made_at)
    paper.bullet(
        f"Bảng kết quả số {ranking.number}, lập lúc {made:%H:%M} ngày {made:%d/%m/%Y}, dấu SHA-256: {ranking.digest}."
    )
    paper.bullet(f"Số người được xếp hạng: {number(ranking.people)}; số lượt thi hợp lệ: {number(ranking.attempts)}.")
    if ranking.truth is not None:
        paper.bullet(f"Số thực tế của câu dự đoán: {number(ranking.truth)}.")
    paper.bullet("Thứ tự xét hạng: " + "; ".join(f"({n}) {str(title).lower()}" for n, (_c, title) in enumerate(columns(ranking.chain), 1)) + ".")  # fmt: skip
    signed = [s for s in signing.standing(signing.signatures_of(ranking)) if s.stance == Stance.SIGNED]
    if signed:
        paper.bullet("Giám khảo ký chốt: " + ", ".join(s.judge.full_name for s in signed) + ".")
    paper.heading("2. Lượt thi bị loại và lý do")
    annulled = annulled_in(queries.round_ids_of(ranking), ranking.division_id, limit=MOST_ROWS)
    for a in annulled:
        paper.bullet(f"{a.attempt.entry.full_name}, lượt {a.attempt.number}: {a.reason}")
    if not annulled:
        paper.text("Không có lượt thi nào bị loại.")
    paper.heading("3. Đề nghị trao giải")
    _winners_table(paper, ranking)
    paper.heading("4. Kết luận")
    paper.text(f"Cuộc họp thống nhất đề nghị công nhận kết quả như trên. Ý kiến khác: {DOTS}")
    paper.signatures(["Trưởng Ban Giám khảo", "Thư ký", "Chủ trì"])
    return paper.as_bytes()


def _winner_rows(ranking: Ranking) -> list[list[str]]:
    """As the page of the decision shows them: from the decision, or before there is one from the proposal."""
    decision = decision_of(ranking.id)
    if decision is not None:
        winners = [
            (a.entry, a.name, a.belongs_to, a.tier_name, a.amount) for a in decision.awards if a.entry is not None
        ]
    else:
        winners = [
            (w.entry, w.name, w.belongs_to, w.tier_name, w.amount)
            for w in recognition.propose(ranking).winners
            if w.entry is not None
        ]
    standings = {s.entry_id: s for s in queries.standings_of(ranking, [entry.id for entry, *_rest in winners])}
    rows = []
    for n, (entry, name, belongs_to, tier_name, amount) in enumerate(winners, 1):
        s = standings.get(entry.id)
        values = s.values(ranking.chain) if s else {}
        gap = values.get("prediction", NO_PREDICTION)
        elapsed = values.get("elapsed")
        rows.append([
            str(n), name, day(entry.birth_date), belongs_to, ranking.division.name,
            f"{number(s.attempt.points)}/{number(s.attempt.max_score or 0)}" if s else "–",
            span(int(elapsed), 3) if isinstance(elapsed, int) else "–",
            "–" if gap == NO_PREDICTION else number(int(gap)),  # type: ignore[arg-type]
            tier_name, number(amount), "",
        ])  # fmt: skip
    return rows


WINNERS = ["TT", "Họ và tên", "Ngày sinh", "Đơn vị, địa chỉ", "Bảng", "Điểm", "Thời gian", "Lệch dự đoán", "Giải", "Mức thưởng (đồng)", "Ký nhận"]  # fmt: skip


def winners_table(ranking: Ranking) -> tuple[list[str], list[list[str]]]:
    """Danh sách đạt giải cá nhân, for the workbook and the papers."""
    return WINNERS, _winner_rows(ranking)


def _winners_table(paper: Paper, ranking: Ranking) -> None:
    rows = _winner_rows(ranking)
    if not rows:
        paper.text("Không có người đạt giải.")
        return
    keep = [0, 1, 3, 5, 6, 7, 8, 9]
    paper.table(
        [WINNERS[i] for i in keep],
        [[row[i] for i in keep] for row in rows[:MOST_ROWS]],
        (1, 3.6, 3.8, 1.6, 2, 1.5, 2.2, 2),
    )
    if len(rows) > MOST_ROWS:
        paper.text(f"và {number(len(rows) - MOST_ROWS)} người khác theo danh sách kèm theo.")


def recognition_decision(ranking: Ranking, office: Office) -> bytes:
    """Quyết định công nhận kết quả và trao giải, with the list attached."""
    contest = ranking.contest
    decision = decision_of(ranking.id)
    signed = (decision.number, decision.signed_on) if decision else None
    paper = Paper(
        office.head("Quyết định", "/QĐ-BTC", f"Về việc công nhận kết quả và trao giải {_in_sentence(contest.title)} ({_scope(ranking)})",
                    signed=signed)
    )  # fmt: skip
    paper.centred("TRƯỞNG BAN TỔ CHỨC CUỘC THI")
    for base in (
        f"Căn cứ {DOTS}",
        f"Căn cứ Thể lệ {('số ' + contest.rules_number + ' ') if contest.rules_number else ''}{_in_sentence(contest.title)};",
        f"Căn cứ Bảng kết quả số {ranking.number} và Biên bản họp xét giải;",
        "Theo đề nghị của Ban Giám khảo.",
    ):
        paper.text(base, italic=True)
    paper.centred("QUYẾT ĐỊNH:")
    rows = _winner_rows(ranking)
    amount = sum(int(row[9].replace(".", "")) for row in rows)
    paper.text(
        f" Công nhận kết quả và trao giải cho {number(len(rows))} cá nhân đạt giải {_in_sentence(contest.title)}, {_scope(ranking)} "
        "(có danh sách kèm theo).",
        bold_start="Điều 1.",
    )
    paper.text(f" Tổng tiền thưởng: {number(amount)} đồng, từ nguồn kinh phí {DOTS}", bold_start="Điều 2.")
    paper.text(
        " Quyết định này có hiệu lực kể từ ngày ký. Tổ Thư ký và các cá nhân, đơn vị có liên quan chịu trách nhiệm thi hành Quyết "
        "định này./.",
        bold_start="Điều 3.",
    )
    title, name = (decision.signer_title, decision.signer_name) if decision else ("Trưởng ban", "")
    paper.signed(["Như Điều 3", "Trang thông tin cuộc thi", "Lưu: VT, BTC"], title, name)
    paper.page_break()
    paper.centred("DANH SÁCH CÁ NHÂN ĐẠT GIẢI")
    paper.centred(f"(Kèm theo Quyết định số {decision.number if decision else DOTS})", bold=False)
    _winners_table(paper, ranking)
    _collective_list(paper, contest)
    return paper.as_bytes()


def _collective_list(paper: Paper, contest: Contest) -> None:
    for sheet in latest_unit_sheets(contest.id).values():
        if sheet.published_at is None:
            continue
        paper.centred(f"DANH SÁCH TẬP THỂ: {sheet.name.upper()}")
        names = {p["code"]: p["name"] for p in sheet.rules.get("prizes", [])}
        rows = [
            [str(n), s.name, s.block or "–", str(s.tally.get("people", s.tally.get("participants", "–"))), names.get(s.prize, "")]
            for n, s in enumerate(unit_standings(sheet.id, limit=MOST_ROWS), 1)
            if s.prize
        ]  # fmt: skip
        if rows:
            paper.table(["TT", "Đơn vị", "Khối", "Số người dự thi", "Giải"], rows, (1, 7, 3.5, 2.5, 3.5))
        else:
            paper.text("Không có tập thể đạt giải.")


def announcement(ranking: Ranking, figures: Figures, office: Office, items: Sequence[tuple[str, str, str]]) -> bytes:
    """Thông báo kết quả và đáp án.  items: (question, answer, basis) once the keys are out, else none"""
    contest = ranking.contest
    paper = Paper(office.head("Thông báo", "/TB-BTC", f"Kết quả {_in_sentence(contest.title)} ({_scope(ranking)})"))
    paper.heading("1. Người tham gia")
    for what, value in statistics_words.headline(figures)[:4]:
        paper.bullet(f"{what}: {value}.")
    paper.heading("2. Kết quả theo số câu đúng")
    table = next((t for t in statistics_words.tables(figures) if t.key == "so-cau-dung"), None)
    if table is not None:
        paper.table(list(table.head), _texts(table.rows))
    paper.heading("3. Cá nhân đạt giải")
    _winners_table(paper, ranking)
    paper.heading("4. Khiếu nại")
    rules = contest_rules(contest)
    if rules.complaint_days:
        paper.text(
            f"Khiếu nại gửi trên trang cuộc thi, chậm nhất hết ngày thứ {rules.complaint_days} sau ngày công bố."
        )
    else:
        paper.text("Theo Thể lệ, Ban Tổ chức không nhận khiếu nại về kết quả.")
    paper.heading("5. Đáp án")
    if items:
        paper.table(
            ["TT", "Câu hỏi", "Đáp án", "Căn cứ"], [[str(n), *row] for n, row in enumerate(items, 1)], (1, 7, 5, 4.5)
        )
    else:
        paper.text("Đáp án công bố khi Thể lệ cho mở và không còn kỳ thi nào dùng chung câu hỏi.")
    paper.signed(
        ["Người dự thi", "Trang thông tin cuộc thi", "Lưu: VT, BTC"], "Trưởng ban", on_behalf="TM. Ban Tổ chức"
    )
    return paper.as_bytes()


def final_report(
    contest: Contest, figures: Figures, by_round: Sequence[tuple[str, Figures]], counted: str, office: Office
) -> bytes:
    """Báo cáo tổng kết with every table of the statistics page and its charts.  counted: when the figures were, as a sentence"""
    paper = Paper(office.head("Báo cáo", "/BC-BTC", f"Tổng kết {_in_sentence(contest.title)}"))
    paper.heading("I. CÔNG TÁC CHỈ ĐẠO, TỔ CHỨC")
    paper.text(f"Cuộc thi có {len(contest.rounds)} kỳ, {len(contest.divisions)} bảng thi. {DOTS}")
    paper.heading("II. KẾT QUẢ")
    paper.text(counted)
    paper.table(["Số liệu", "Kết quả"], [[what, value] for what, value in statistics_words.headline(figures)], (9, 6))
    if len(by_round) > 1:
        rows = [[name, number(f.people), number(f.attempts), number(f.perfect)] for name, f in by_round]
        paper.table(["Kỳ thi", "Người dự thi", "Lượt thi", "Bài đúng tất cả"], rows)
    for n, table in enumerate(statistics_words.tables(figures), 1):
        paper.heading(f"{n}. {table.title}")
        if table.chart is not None:
            paper.picture(charts.as_png(table.chart), table.chart.says)
        paper.table(list(table.head), _texts(table.rows[:MOST_ROWS]))
    paper.heading("III. GIẢI THƯỞNG")
    for sheet in published_sheets(contest.id):
        paper.text(f"{sheet.division.name}, {_scope(sheet)}:")
        _winners_table(paper, sheet)
    paper.heading("IV. ĐÁNH GIÁ, KIẾN NGHỊ")
    for what in ("Ưu điểm", "Hạn chế, nguyên nhân", "Kiến nghị"):
        paper.bullet(f"{what}: {DOTS}")
    paper.signed(["Lãnh đạo Sở", "Các cơ quan, đơn vị", "Lưu: VT, BTC"], "Trưởng ban", on_behalf="TM. Ban Tổ chức")
    return paper.as_bytes()


def period_report(
    now: PeriodFigures,
    names: Sequence[str],
    lines: Sequence[tuple[str, int, int]],
    contests: Sequence[Sequence[str | int]],
    notes: Sequence[str],
    office: Office,
) -> bytes:
    """Báo cáo định kỳ for the director.

    names: of the period and of the one before · lines: (what, now, before) · contests: title, registered, people, attempts,
    prizes of each · notes: what the sums leave out
    """
    paper = Paper(
        office.head("Báo cáo", "/BC-STP", f"Kết quả tổ chức các cuộc thi tìm hiểu pháp luật từ {day(now.begins)} đến {day(now.ends)}",
                    by_board=False)
    )  # fmt: skip
    paper.heading("1. Số liệu chung")
    paper.table(["Số liệu", *names], [[what, number(a), number(b)] for what, a, b in lines], (9, 4, 4))
    for note in notes:
        paper.text(note)
    paper.heading("2. Từng cuộc thi")
    if contests:
        paper.table(
            ["Cuộc thi", "Đăng ký", "Người dự thi", "Lượt thi", "Giải"], _texts(contests), (8, 2.2, 2.6, 2.2, 1.8)
        )
    else:
        paper.text("Không có cuộc thi nào kết thúc trong kỳ.")
    paper.heading("3. Đánh giá, kiến nghị")
    paper.text(DOTS)
    paper.signed(["Giám đốc Sở", "Lưu: VT"], "Người lập báo cáo")
    return paper.as_bytes()


def certificates(decision: Decision, office: Office) -> bytes:
    """Giấy chứng nhận for printing on an office's own blanks, one page for each."""
    contest = decision.contest
    paper: Paper | None = None
    for award in decision.awards:
        certificate = award.certificate
        if certificate is None or certificate.revoked_at is not None:
            continue
        head = office.head("Giấy chứng nhận", "", "", signed=(certificate.serial, decision.signed_on))
        if paper is None:
            paper = Paper(head, landscape=True)
        else:
            paper.page_break()
            paper.begin(head)
        paper.centred(f"{decision.signer_title} chứng nhận", bold=False)
        paper.centred(certificate.name.upper())
        paper.centred(certificate.belongs_to, bold=False)
        paper.centred(f"đạt {award.tier_name}")
        paper.centred(f"{contest.title} ({scope_name(decision.sheet)}, {decision.ranked})", bold=False)
        paper.centred(
            f"Quyết định số {decision.number} ngày {day(decision.signed_on)}. Số vào sổ: {certificate.serial}.",
            bold=False,
        )
        paper.signed([], decision.signer_title, decision.signer_name)
    if paper is None:
        paper = Paper(office.head("Giấy chứng nhận", "", "Không có giấy chứng nhận còn hiệu lực"))
    return paper.as_bytes()


# Parts


def _scope(ranking: Ranking) -> str:
    return str(scope_name(ranking))


def _in_sentence(title: str) -> str:
    """A title that begins with "Cuộc thi" goes on in the middle of a sentence."""
    return title[0].lower() + title[1:] if title.lower().startswith(("cuộc thi", "hội thi")) else f"cuộc thi “{title}”"


def _sections(contest: Contest) -> list[Section]:
    return rules_text(rule_set(contest), titles())


def _plain(text: str) -> str:
    return Markup(text).striptags() if isinstance(text, Markup) else text


def _write_blocks(paper: Paper, section: Section) -> None:
    for block in section.blocks:
        match block:
            case str():
                paper.text(_plain(block))
            case Heading():
                paper.heading(block.heading)
            case Bullets():
                for item in block.items:
                    paper.bullet(_plain(item))
            case Chain():
                for n, (criterion, direction) in enumerate(block.lines, 1):
                    paper.bullet(f"{n}. {criterion}: {direction}")
            case Table():
                paper.centred(block.caption)
                paper.table([_plain(h) for h in block.head], [[_plain(cell) for cell in row] for row in block.rows])


def _write_prizes(paper: Paper, contest: Contest) -> None:
    rows = [
        [d.name, t.name, number(t.quota), number(t.amount)]
        for d in rule_set(contest).divisions
        for t in (*d.rules.prizes, *d.rules.overall_prizes)
    ]
    if rows:
        paper.table(["Bảng", "Giải", "Số giải mỗi kỳ", "Mức thưởng (đồng)"], rows, (6, 4.5, 3, 3.5))


def _texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [[number(cell) if isinstance(cell, int | float) else str(cell or "") for cell in row] for row in rows]
