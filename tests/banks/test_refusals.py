import pytest

from quiz.banks.faults import Fault
from quiz.banks.formats.sheets.xlsx_guard import FileRefusal
from quiz.banks.refusals import BankRefusal, ReviewRefusal
from quiz.errors import has_sentence


@pytest.mark.parametrize("member", [*BankRefusal, *ReviewRefusal, *FileRefusal, *Fault])
def test_every_refusal_and_fault_has_a_sentence(member):
    assert has_sentence(member)
