"""The template teaches what the reader understands."""

import io

import pytest
from python_calamine import CalamineWorkbook

from quiz.banks.formats import xlsx
from quiz.banks.formats.assembly import assemble
from quiz.banks.formats.reading import Known
from quiz.banks.formats.sheets import xlsx_template
from quiz.banks.models import ItemKind
from tests.banks.formats.round_trips import KNOWN, LAW, TOPICS, store

OWN_TOPICS = [{"code": "chung", "title": "Quy định chung"}, {"code": "danh-hieu", "title": "Danh hiệu thi đua"}]


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("topics", [(), TOPICS])
def test_its_examples_are_read_without_a_word(topics):
    known = Known(topics or OWN_TOPICS, [LAW], KNOWN.today)
    reading = xlsx.read(xlsx_template.template(topics))
    items = [assemble(raw, known, store) for raw in reading.items]
    assert (reading.problems, [item.problems for item in items]) == ([], [[]] * len(ItemKind))
    assert {item.wording.kind for item in items} == {*ItemKind}
    assert items[0].wording.document_id == LAW.id


def test_every_column_is_explained():
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_template.template()))
    columns = book.get_sheet_by_index(0).to_python()[0]
    terms = {row[0] for row in book.get_sheet_by_index(1).to_python()}
    assert {name for name in columns if not name.startswith("Phương án")} <= terms
    assert "20.000 câu" in str(book.get_sheet_by_index(1).to_python())
