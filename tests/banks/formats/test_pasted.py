import unicodedata

import pytest

from quiz.banks.formats import pasted
from quiz.banks.formats.files import FileRefusal
from quiz.errors import Refusal

TEXT = "Câu 1. Ai ban hành luật?\nA. Quốc hội\nB. Chính phủ\nĐáp án: A"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_file_in_its_encodings(encoding, end):
    (item,) = pasted.read(TEXT.replace("\n", end).encode(encoding)).items
    assert (item.stem, item.options, item.key, item.place) == (
        "Ai ban hành luật?",
        ["Quốc hội", "Chính phủ"],
        [1],
        "dòng 1",
    )


def test_bold_as_chat_programs_write_it():
    (item,) = pasted.read_text("### **Câu 1:** Ai ban hành luật?\n**A. Quốc hội**\nB. Chính phủ\nC. Bộ").items
    assert (item.stem, item.options, item.key) == ("Ai ban hành luật?", ["Quốc hội", "Chính phủ", "Bộ"], [1])


def test_a_table_out_of_a_spreadsheet():
    (item,) = pasted.read_text("STT\tCâu hỏi\tA\tB\tĐáp án\n1\tAi ban hành luật?\tQuốc hội\tChính phủ\tA\n").items
    assert (item.stem, item.options, item.key) == ("Ai ban hành luật?", ["Quốc hội", "Chính phủ"], [1])


def test_an_empty_line_parts_paragraphs_of_an_explanation():
    (item,) = pasted.read_text(TEXT + "\nGiải thích: Một\nhai.\n\nBa.").items
    assert item.explanation == "Một\nhai.\n\nBa."


def test_letters_in_two_characters_are_joined():
    (item,) = pasted.read_text(unicodedata.normalize("NFD", TEXT)).items
    assert item.stem == "Ai ban hành luật?"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", FileRefusal.EMPTY), (" \n\t", FileRefusal.EMPTY), ("Một bài thơ\nkhông có câu hỏi.", FileRefusal.NO_ITEMS)],
)
def test_text_without_questions_is_refused(text, reason):
    with pytest.raises(Refusal) as refused:
        pasted.read_text(text)
    assert refused.value.reason is reason


@pytest.mark.parametrize("char", [" ", "\t", "(", ",", "A. ", "*", "[", "1-A ", "Đ ", "Vì: ", "_", "**a", "a)"])
def test_long_lines_of_one_sign_are_read_in_time(char):
    pasted.read_text(f"{TEXT}\n" + char * 60_000)
    pasted.read_text("Câu 1. " + char * 60_000 + "\nA. " + char * 60_000 + "\nB. hai\nĐáp án: " + char * 60_000)
