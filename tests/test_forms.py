"""Forms speak Vietnamese, also where WTForms chooses the words."""

import re
from pathlib import Path

import pytest
import wtforms.fields

from quiz.access import Role
from quiz.forms import _SAID_BY_FIELDS, tidy


def test_every_sentence_of_the_fields_is_translated():
    folder = Path(wtforms.fields.__file__).parent
    said = {s for file in folder.glob("*.py") for s in re.findall(r'gettext\(\s*"([^"]+)"', file.read_text())}
    assert len(said) > 8
    assert said - {"Choices cannot be None."} <= _SAID_BY_FIELDS.keys()  # the one left is a programmer's mistake


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_choice_that_is_not_offered_is_refused_in_vietnamese(given, visit):
    page = f"/quan-tri/tai-khoan/{given.account()}"
    response = visit(given.account(Role.ADMIN)).post(f"{page}/vai-tro", {"role": "king"}, page=page)
    assert response.status_code == 422
    assert "không có trong danh sách" in response.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_text_that_is_too_long_is_refused_in_vietnamese(visit):
    response = visit().post("/dang-ky", {"full_name": "a" * 201})
    assert response.status_code == 422
    assert "Mục này dài quá 200 ký tự." in response.text


def test_signs_that_steer_are_dropped_from_what_is_typed():
    assert tidy(" Nguyễn \u202eVăn\u2066 A\x1b[31m\x85 ") == "Nguyễn Văn A[31m"
    assert tidy("Ha\u200bi\ufeff") == "Hai"  # or two options that look the same would differ
    assert tidy("dòng một\r\n\tdòng hai 😀") == "dòng một\r\n\tdòng hai 😀"
