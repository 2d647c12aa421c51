"""The whole life of a contest, played by its people through the pages only; and no answer gives a key before its phase."""

import io
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import pypdf
import pytest
from playwright.sync_api import expect

from quiz.access import Role
from quiz.accounts import service as accounts
from quiz.accounts.models import Audience
from quiz.db import transaction
from tests.browser.conftest import DESKTOP
from tests.browser.items import BAD, ITEMS, QUESTIONS, RIGHT, SECRET, shown_orders, workbook

pytestmark = pytest.mark.browser

PASSWORD = "sông Vàm Cỏ Đông 24"
SAVED = re.compile("Đã lưu")
TITLE = "Tìm hiểu Luật Thi đua, khen thưởng"
PEOPLE = ("Nguyễn Thị An", "Trần Văn Bình")


@dataclass
class Play:
    """What the acts hand on to each other."""

    site: object
    pages: dict = field(default_factory=dict)  # name → page
    ids: dict = field(default_factory=dict)  # name → account id
    slug: str = ""

    def __getitem__(self, name):
        return self.pages[name]


@pytest.fixture
def play(site, open_page):
    """People in office, each signed in through the sign-in page."""
    play = Play(site)
    site.given.document()
    site.given.org_unit("Phòng Phổ biến, giáo dục pháp luật", people=12)
    office = {"organizer": Role.ORGANIZER, "reviewer": Role.ORGANIZER, "judge": Role.JUDGE}
    with site.app.app_context(), transaction():
        for name, role in office.items():
            account = accounts.create_account(
                full_name=f"Cán bộ {name}", birth_date=date(1980, 2, 3), password=PASSWORD, audience=Audience.CITIZEN,
                username=name, now=site.clock(),
            )  # fmt: skip
            accounts.grant_role(account, role, by=None, now=site.clock())
            play.ids[name] = account.id
    for name in office:
        play.pages[name] = open_page(size=DESKTOP)
        sign_in(play[name], name, f"Cán bộ {name}")
    return play


def sign_in(page, login, name):
    page.goto("/dang-nhap")
    form = page.get_by_role("main").locator("form")
    form.get_by_label("Số điện thoại, email hoặc tên đăng nhập").fill(login)
    form.get_by_label("Mật khẩu").fill(PASSWORD)
    form.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("header").get_by_text(name).first).to_be_attached()


def test_a_contest_from_the_bank_to_the_certificate(play, open_page, tmp_path):
    fill_the_bank(play, tmp_path)
    review_the_items(play)
    make_and_open_the_contest(play)
    for name, page in zip(PEOPLE, (open_page(), open_page()), strict=True):
        play.pages[name] = page
        register(play, name)
    an, binh = PEOPLE
    start(play[an])
    start(play[binh])
    answer_through_a_lost_network(play[an])
    run_out_of_time(play, binh)
    look_at_the_board(play, open_page())
    play.site.clock.advance(days=3)
    try_to_peek(play)
    rank_and_annul(play, an, binh)
    sealed = list(play.site.answers)
    publish_and_award(play)
    no_key_was_sent(play, sealed)
    play.pages[an] = open_page(size=DESKTOP)
    sign_in(play[an], "+84 912.345.678", an)  # at another device, with the number as people write it
    play[binh].goto("/tai-khoan")
    play[binh].get_by_role("button", name="Đăng xuất").click()
    sign_in(play[binh], "Binh@Example.vn", binh)
    keys_are_shown_now(play)
    download_and_verify(play, binh, open_page())


# 1. The bank


def fill_the_bank(play, folder):
    page = play["organizer"]
    page.goto("/ngan-hang")
    page.get_by_role("link", name="Tạo ngân hàng đầu tiên").click()
    page.get_by_label("Tên ngân hàng").fill("Luật Thi đua")
    page.get_by_label("Chủ đề").fill("Quy định chung\nDanh hiệu thi đua")
    page.get_by_role("button", name="Tạo ngân hàng").click()
    page.get_by_role("link", name="Nhập từ tệp").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp Excel mẫu").click()
    page.get_by_label("Tệp câu hỏi").set_input_files(workbook(download.value.path(), folder / "câu hỏi.xlsx"))
    page.get_by_role("button", name="Kiểm tra", exact=True).click()

    expect(page.get_by_role("heading", name="Kiểm tra tệp câu hỏi")).to_be_visible()
    expect(page.get_by_text(f"{len(BAD)} câu chưa ghi được")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Câu có hai đáp án?")).to_contain_text("Lỗi")
    expect(rows.filter(has_text="Câu có đáp án lạ?")).to_contain_text("E")
    expect(rows.filter(has_text="(không có câu dẫn)")).to_contain_text("Lỗi")
    expect(page.get_by_role("main")).to_contain_text("Việc riêng")  # the column that nobody knows
    page.get_by_role("button", name=f"Ghi {len(ITEMS)} câu", exact=True).click()
    expect(page.get_by_text(f"Đã ghi {len(ITEMS)} câu mới")).to_be_visible()


def review_the_items(play):
    author, reviewer = play["organizer"], play["reviewer"]
    author.locator("tbody").get_by_role("link").first.click()
    expect(author.get_by_role("main")).to_contain_text("Bạn soạn phiên bản này nên cần người khác duyệt.")
    reviewer.goto("/ngan-hang")
    reviewer.get_by_role("link", name=f"Duyệt {len(ITEMS)} câu").click()
    reviewer.get_by_label("Chọn cả trang này").check()
    reviewer.get_by_role("button", name="Duyệt câu đã chọn").click()
    expect(reviewer.get_by_text(f"Đã duyệt {len(ITEMS)} câu")).to_be_visible()
    reviewer.goto("/ngan-hang")
    expect(reviewer.locator("tbody tr")).to_contain_text("Không có")


# 2. The contest


def make_and_open_the_contest(play):
    page = play["organizer"]
    page.goto("/to-chuc/cuoc-thi")
    page.get_by_role("link", name="Lập cuộc thi mới").first.click()
    page.get_by_label("Tên cuộc thi").fill(TITLE)
    page.get_by_label("Một kỳ, một lượt, xét thời gian").check()
    page.get_by_label("Luật Thi đua").check()
    page.get_by_label("Kỳ đầu mở lúc").fill("2024-11-20T11:00")
    page.get_by_role("button", name="Lập bản nháp").click()

    topics = page.get_by_label(re.compile("^Mức bất kỳ"))
    expect(topics).to_have_count(2)
    topics.nth(0).fill("40")  # more than the bank holds
    topics.nth(1).fill("3")
    drops = page.get_by_role("button", name=re.compile(r"^Bỏ giải \d+$"))
    while (left := drops.count()) > 2:
        drops.last.click()
        expect(drops).to_have_count(left - 1)
    page.get_by_label("Số giải").nth(1).fill("1")
    page.get_by_label("Đóng lúc").fill("2024-11-22T17:00")
    page.get_by_label("Thời gian làm bài, phút").fill("20")
    page.get_by_label("Xem đáp án và giải thích").select_option("after_publish")
    page.get_by_label("Xem bảng xếp hạng").select_option("after_submit")
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.get_by_role("main")).to_contain_text("Chưa mở được: Bảng chung cần 40 câu")
    expect(page.get_by_role("button", name="Mở cuộc thi")).to_have_count(0)

    page.get_by_role("link", name="Sửa tiếp bản nháp").click()
    page.get_by_label(re.compile("^Mức bất kỳ")).nth(0).fill("3")
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.locator(".sample > li")).to_have_count(QUESTIONS)
    page.get_by_role("button", name="Mở cuộc thi").click()
    expect(page.get_by_role("status")).to_contain_text("Cuộc thi đã mở.")
    page.goto("/cuoc-thi")
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url("**/cuoc-thi/*")
    play.slug = page.url.rpartition("/")[2]


# 3. People take part


def register(play, name):
    """From the contest's page through registration and back: an account, then an entry."""
    page = play[name]
    page.goto("/")
    page.get_by_role("link", name="Xem thể lệ").click()
    page.locator("#vao-thi").get_by_role("link", name="Vào thi").click()
    page.get_by_role("link", name="Đăng ký dự thi").click()
    page.get_by_label("Họ và tên").fill(name)
    for part, value in {"Ngày": "27", "Tháng": "3", "Năm": "1990"}.items():
        page.get_by_label(part, exact=True).fill(value)
    form = page.locator("form.identity")
    if name == PEOPLE[0]:
        page.get_by_label("Số điện thoại", exact=True).fill("0912 345 678")
        form.get_by_label("Cán bộ, công chức").check()
        page.get_by_label("Đơn vị công tác").select_option(label="Phòng Phổ biến, giáo dục pháp luật")
    else:
        page.get_by_label("Email (không bắt buộc)").fill("binh@example.vn")
        form.get_by_label("Nhân dân").check()
        page.get_by_label("Xã, phường nơi ở").fill("ben cau")
    form.get_by_label("Mật khẩu").fill(PASSWORD)
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Đăng ký").click()
    page.get_by_role("button", name="Đăng ký dự thi").click()
    expect(page.get_by_role("status")).to_contain_text("Bạn đã đăng ký dự thi ở Bảng chung.")
    play.ids[name] = next(a.account_id for a in reversed(play.site.answers) if a.account_id)


def start(page):
    page.get_by_role("button", name="Bắt đầu lượt thứ 1").click()
    page.wait_for_url("**/thi/*")
    expect(page.locator("[data-step]")).to_have_count(QUESTIONS + 1)


def answer(page, number, *, right=True):
    """Choose by what the options say: their places are different in every paper."""
    question = page.locator(f"#c{number}")
    stem = question.locator("legend").evaluate("el => el.lastChild.textContent.trim()")
    for option in question.locator(".opt").all():
        if (option.inner_text().strip() in RIGHT[stem]) == right:
            option.click()
            if not right:
                break


def answer_through_a_lost_network(page):
    """The first half online, then the network goes; the tab is closed and opened again; everything is there."""
    for number in range(1, 4):
        answer(page, number)
        page.get_by_role("button", name="Tiếp").click()
    expect(page.locator("#save")).to_have_text(SAVED)
    page.context.set_offline(True)
    for number in range(4, QUESTIONS + 1):
        answer(page, number)
        page.get_by_role("button", name="Tiếp").click()
    expect(page.locator("#offline")).to_contain_text("Mất kết nối. Bạn cứ làm tiếp.")
    expect(page.locator("[data-done]")).to_have_text(str(QUESTIONS))
    page.context.set_offline(False)
    expect(page.locator("#say")).to_have_text("Có mạng lại, mọi câu trả lời đã được lưu.")
    page.reload()  # the answers that were given without a network come back from the server
    expect(page.locator("[data-done]")).to_have_text(str(QUESTIONS))
    expect(page.locator("input:checked")).to_have_count(QUESTIONS + any_of_several(page))
    page.get_by_role("link", name="Xem lại và nộp bài").click()
    expect(page.locator("#left-text")).to_have_text(f"Bạn đã trả lời đủ {QUESTIONS} câu.")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/ket-qua")
    expect(page.locator(".score")).to_have_text(f"{QUESTIONS}/{QUESTIONS}")
    expect(page.get_by_role("main")).to_contain_text("mở khi Ban Tổ chức công bố kết quả")


def any_of_several(page):
    """How many more boxes than questions are ticked: the question with several right options has two."""
    return 1 if page.locator("input[type=checkbox]").count() else 0


def run_out_of_time(play, name):
    """One right, one wrong answer, and the time goes by; the page hands in by itself."""
    page = play[name]
    answer(page, 1)
    page.get_by_role("button", name="Tiếp").click()
    answer(page, 2, right=False)
    expect(page.locator("#save")).to_have_text(SAVED)
    expect(page.locator("[data-done]")).to_have_text("2")
    left = play.site.clock() + timedelta(seconds=float(page.locator("form").get_attribute("data-left-ms")) / 1000)
    play.site.clock.set(left - timedelta(seconds=3))
    page.reload()
    page.wait_for_url("**/ket-qua", timeout=20_000)
    expect(page.locator(".score")).to_have_text(f"1/{QUESTIONS}")


def look_at_the_board(play, visitor):
    play.site.app.test_cli_runner().invoke(args=["ranking", "rebuild"])
    board = f"/bang-xep-hang/{play.slug}/ky-1/bang-1"
    for page in (visitor, *(play[name] for name in PEOPLE)):
        page.goto(board)
        expect(page.locator("tbody th .main")).to_contain_text(list(PEOPLE))
    expect(play[PEOPLE[1]].get_by_role("region", name="Thứ hạng của bạn")).to_contain_text("2")
    for path in (
        "/",
        "/cuoc-thi",
        f"/cuoc-thi/{play.slug}",
        "/ket-qua",
        "/van-ban",
        "/tra-cuu",
        "/ngan-hang",
        "/xet-hang",
    ):
        visitor.goto(path)


def try_to_peek(play):
    """Participants look everywhere once the round is over and before its results are out."""
    codes = {a.path.split("/")[2].rstrip("?") for a in play.site.answers if re.match(r"/thi/[A-Z0-9]+", a.path)}
    assert len(codes) == len(PEOPLE)
    for name in PEOPLE:
        page = play[name]
        own = [page.goto(f"/thi/{code}/ket-qua").status for code in codes]
        assert sorted(own) == [200, 403]
        for code in codes:
            for path in (f"/xet-hang/luot/{code}", f"/api/thi/{code}", f"/thi/{code}"):
                page.goto(path)
        forbidden = ["/ngan-hang", "/ngan-hang/luat-thi-dua", "/ngan-hang/luat-thi-dua.yaml", "/xet-hang", "/nhat-ky"]
        assert {page.goto(path).status for path in [*forbidden, "/to-chuc/cuoc-thi/1/xem-truoc?dap-an=1"]} == {403}
        page.goto(f"/cuoc-thi/{play.slug}/thi")


# 4. Judges and results


def rank_and_annul(play, first, second):
    page = play["judge"]
    page.goto("/xet-hang")
    page.get_by_role("button", name="Lập bảng kết quả").click()
    people = page.locator("table.sheet tbody th .main")
    expect(people).to_have_text([first, second])
    page.get_by_role("button", name="Vì sao người này xếp trên người kia?").click()
    expect(page.get_by_role("main")).to_contain_text(first)
    page.go_back()
    page.get_by_role("link", name=first).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    expect(page.locator(".fold")).to_have_count(QUESTIONS)
    page.get_by_label("Lý do", exact=True).fill("Có biên bản: người khác làm bài thay tại phòng máy số 2.")
    page.get_by_role("button", name="Xem điều gì sẽ thay đổi").click()
    expect(page.get_by_role("main")).to_contain_text("1 người lên hạng")
    expect(page.locator("tr").filter(has_text=second)).to_contain_text("hạng 1")
    page.get_by_role("button", name="Hủy lượt thi này").click()
    expect(page.get_by_role("status")).to_contain_text("Đã hủy lượt thi. Đã lập bảng kết quả mới.")
    page.goto("/xet-hang")
    page.get_by_role("link", name="Bảng số 2").click()
    expect(people).to_have_text([second])
    expect(page.get_by_role("main")).to_contain_text("người khác làm bài thay")
    page.get_by_role("button", name="Ký chốt bảng kết quả").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi chữ ký của bạn dưới bảng kết quả số 2.")
    page.goto("/nhat-ky")
    expect(page.get_by_role("main")).to_contain_text("người khác làm bài thay")


def publish_and_award(play):
    page = play["organizer"]
    page.goto("/xet-hang")
    page.get_by_role("link", name="Xem và công bố").click()
    page.get_by_role("button", name="Công bố bảng kết quả").click()
    expect(page.get_by_role("status")).to_contain_text("Đã công bố bảng kết quả số 2.")
    page.get_by_role("link", name="Lập quyết định trao giải").click()
    page.get_by_label("Số quyết định").fill("45/QĐ-BTC")
    for part, value in {"Ngày": "23", "Tháng": "11", "Năm": "2024"}.items():
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Nơi ký").fill("Tây Ninh")
    page.get_by_label("Họ và tên người ký").fill("Lê Văn Hòa")
    page.get_by_label("Chức vụ người ký").fill("Trưởng Ban Tổ chức")
    page.get_by_role("button", name="Ghi quyết định và cấp 1 giấy").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi quyết định số 45/QĐ-BTC và cấp 1 giấy.")


def download_and_verify(play, winner, visitor):
    visitor.goto(f"/ket-qua/{play.slug}")
    expect(visitor.get_by_role("main")).to_contain_text(winner)
    expect(visitor.get_by_role("main")).not_to_contain_text(PEOPLE[0])
    page = play[winner]
    page.goto("/ket-qua")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải PDF").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF")
    printed = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert winner in printed
    address = re.search(r"/tra-cuu/\w+", printed)
    assert address, printed
    visitor.goto(address[0])
    expect(visitor.get_by_role("status")).to_contain_text("Giấy này có thật và còn giá trị")
    expect(visitor.get_by_role("main")).to_contain_text(winner)


# 5. No page sends a key before its phase


def of_public(play, answers):
    """What went to participants and to visitors."""
    public = {None, *(play.ids[name] for name in PEOPLE)}
    return [answer for answer in answers if answer.account_id in public]


def no_key_was_sent(play, answers):
    seen = of_public(play, answers)
    whole = "\n".join(answer.path for answer in seen)
    for page in (
        r"^/thi/\w+\?",
        r"^/api/thi/\w+",
        r"^/thi/\w+/nop",
        r"^/thi/\w+/ket-qua",
        "^/bang-xep-hang/",
        "^/cuoc-thi/",
    ):
        assert re.search(page, whole, re.MULTILINE), f"the journey has not passed {page}"
    papers = []
    for answer in seen:
        assert SECRET not in answer.text, f"{answer.path} gives away what only the review may show"
        assert "Điều 77" not in answer.text, f"{answer.path} cites what the question is about"
        if re.match(r"/thi/\w+\?$", answer.path) and answer.status == 200:
            papers.append(answer.text)
    assert len(papers) >= len(PEOPLE)
    orders = [order for paper in papers for order in shown_orders(paper)]
    assert any(order != sorted(order) for order in orders), "no paper has shuffled options"


def keys_are_shown_now(play):
    for name in PEOPLE:
        page = play[name]
        page.goto(f"/cuoc-thi/{play.slug}/thi")
        page.get_by_role("link", name="Xem kết quả lượt 1").click()
        reviews = page.locator(".fold")
        expect(reviews).to_have_count(QUESTIONS)
        for review in reviews.all():
            expect(review).to_contain_text(f"{SECRET} giải thích")
            expect(review).to_contain_text("Điều 77")
            stem = re.search(r"Câu \d+\. (.+)", review.locator("summary").inner_text())[1].strip()
            keys = review.locator(".opt.key > span:first-child").all_text_contents()
            assert set(keys) == RIGHT[stem]
