"""The items of the journey: their answers are known to the test, and marks in them show where a key leaks."""

import re

import xlsxwriter
from python_calamine import CalamineWorkbook

SECRET = "GT-KHOA"  # stands in all that only the review may show: explanation, exemplar, source


def options(n):
    return [f"Trong {n * 7 + k * 2} ngày làm việc" for k in range(4)]


# stem → (kind, topic, options, numbers of the right ones)
ITEMS = {
    **{f"Thời hạn thứ {n} là bao lâu?": ("Một đáp án", "Quy định chung", options(n), {n % 4}) for n in range(1, 5)},
    **{f"Thời hạn thứ {n} là bao lâu?": ("Một đáp án", "Danh hiệu thi đua", options(n), {n % 4}) for n in range(5, 8)},
    "Những thời hạn nào đúng luật?": ("Nhiều đáp án", "Quy định chung", options(8), {0, 2}),
    "Hội đồng họp mỗi năm hai lần.": ("Đúng sai", "Danh hiệu thi đua", ["Đúng", "Sai"], {1}),
}
RIGHT = {stem: {texts[i] for i in right} for stem, (_kind, _topic, texts, right) in ITEMS.items()}
QUESTIONS = 6
# rows with a fault each: (stem, kind, key)
BAD = [("Câu có hai đáp án?", "Một đáp án", "A,C"), ("Câu có đáp án lạ?", "Một đáp án", "E"), ("", "Một đáp án", "A")]


def workbook(template, path):
    """An upload under the template's own headings: all items, an empty row, the rows with faults, an unknown column."""
    headings = CalamineWorkbook.from_path(template).get_sheet_by_index(0).to_python()[0]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*headings, "Việc riêng"])
        good = [row(stem, *item) for stem, item in ITEMS.items()]
        bad = [row(stem, kind, "Quy định chung", options(9), set()) | {"Đáp án": key} for stem, kind, key in BAD]
        for n, values in enumerate([*good, {}, *bad], 1):
            sheet.write_row(n, 0, [values.get(heading, "") for heading in headings])
    return path


def row(stem, kind, topic, texts, right):
    key = ",".join("ABCD"[i] for i in sorted(right))
    values = {
        "Loại câu": kind, "Chủ đề": topic, "Mức độ": "Nhận biết", "Câu hỏi": stem, "Đáp án": key,
        "Giải thích": f"{SECRET} giải thích: {stem}", "Văn bản": "06/2022/QH15", "Điều": "77", "Đúng từ ngày": "01/01/2024",
        "Điển hình": f"{SECRET} gương", "Nguồn": f"{SECRET} nguồn",
    }  # fmt: skip
    if kind == "Đúng sai":
        return values | {"Đáp án": texts[right.copy().pop()]}
    return values | {f"Phương án {letter}": text for letter, text in zip("ABCD", texts, strict=True)}


def shown_orders(paper):
    """The original places of each question's options, in the order shown.

    On the way: every option looks like every other one, apart from its text and the place it is shown at, so neither the
    key nor the original place can be read from the page.
    """
    orders, looks = [], set()
    for question in re.findall(r'<fieldset class="q">(.*?)</fieldset>', paper, re.DOTALL):
        stem = re.search(r"</small>(.*?)</legend>", question, re.DOTALL)[1].strip()
        labels = re.findall(r"<label.*?</label>", question, re.DOTALL)
        texts = [re.search(r"<span>(.*?)</span>", label)[1] for label in labels]
        assert [re.search(r'value="(.*?)"', label)[1] for label in labels] == [
            str(n) for n in range(1, len(labels) + 1)
        ]
        for label in labels:
            bare = re.sub(r"<span>.*?</span>|value=\"\d+\"|name=\"q\d+\"| checked", "", label)
            looks.add(bare.replace("checkbox", "radio"))
        orders.append([ITEMS[stem][2].index(text) for text in texts])
    assert len(orders) == QUESTIONS
    assert len(looks) == 1, looks
    return orders
