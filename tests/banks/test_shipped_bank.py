"""The shipped banks: whole, vouched for, and as good as their READMEs say."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from quiz.banks import queries, shipped
from quiz.banks.formats.assembly import assemble
from quiz.banks.formats.detection import READERS, detect
from quiz.banks.formats.reading import Known
from quiz.banks.models import ItemKind
from quiz.banks.wording import essence, flaws, wording_of
from quiz.db import transaction
from quiz.law import csv_file
from quiz.law import csv_import as law
from quiz.law.queries import all_documents as documents
from tests.conftest import NOON

BANKS = Path(__file__).parent.parent.parent / "question_banks"
LEAST_DRAWN = {"thi-dua-khen-thuong": 150, "pho-bien-giao-duc-phap-luat": 60}  # folder and code → items on the law date
LAW_DATE = date(2024, 12, 31)
_FILLERS = ("tất cả", "cả a và", "cả ba", "cả bốn", "không có đáp án", "không phương án nào", "các đáp án trên")


@pytest.fixture(params=LEAST_DRAWN)
def bank(app, request):
    with app.app_context():
        reading = csv_file.read_file(BANKS / "van-ban.csv")
        assert reading.problems == []
        with transaction():
            law.import_documents(reading.rows, now=NOON)
            shipped.import_bank(BANKS / request.param, now=NOON)
        yield queries.bank_by_code(request.param)


@pytest.fixture
def versions(bank):
    return [(item.code, item.live_version) for item in queries.items_with_versions(bank)]


def test_importing_both_files_again_changes_nothing(bank):
    rows = csv_file.read_file(BANKS / "van-ban.csv").rows
    with transaction():
        documents = law.import_documents(rows, now=NOON)
        report = shipped.import_bank(BANKS / bank.code, now=datetime(2027, 1, 1, tzinfo=NOON.tzinfo))
    assert (documents.added, documents.changed) == ([], [])
    assert (report.added, report.changed, report.kept) == ([], [], [])


def test_the_law_date_of_the_demo_leaves_items_enough(bank):
    assert len(queries.candidates([bank.code], LAW_DATE)) >= LEAST_DRAWN[bank.code]


def test_every_item_may_be_drawn_on_its_first_and_on_its_last_day(bank, versions):
    drawn = {day: {c.version_id for c in queries.candidates([bank.code], day)} for day in _ends(versions)}
    refused = [(code, day) for code, v in versions for day in _ends([(code, v)]) if v.id not in drawn[day]]
    assert refused == []


def _ends(versions):
    """The first days of these items and, of those that end, the last."""
    first = {v.valid_from for _code, v in versions}
    return sorted(first | {v.valid_until - timedelta(days=1) for _code, v in versions if v.valid_until})


def test_the_bank_holds_as_many_items_as_its_readme_says(bank, versions):
    readme = (BANKS / bank.code / "README.md").read_text("utf-8")
    assert f"tự viết {len(versions)} câu" in readme


def test_every_item_is_complete_and_clean(bank, versions):
    topics = [topic["code"] for topic in bank.topics]
    for code, version in versions:
        wording = wording_of(version)
        assert flaws(wording, topics) == [], code
        assert version.explanation, code
        assert version.document, code
        assert version.valid_from, code
        assert version.source.startswith("Bảng sự kiện pháp lý: "), code
        texts = " ".join(wording.options).casefold()
        assert not any(filler in texts for filler in _FILLERS), code
        # the correct option does not give itself away by saying what the explanation says word for word
        assert essence(version.explanation) not in {essence(option) for option in wording.options}, code


def test_no_item_is_there_twice(versions):
    wholes = Counter(wording_of(version).essence for _code, version in versions)
    assert [whole for whole, times in wholes.items() if times > 1] == []


def test_keys_are_spread_over_the_letters(versions):
    keys = Counter(v.key[0] for _code, v in versions if v.kind == ItemKind.SINGLE and len(v.options) == 4)
    assert set(keys) == {1, 2, 3, 4}
    assert max(keys.values()) <= 0.35 * sum(keys.values())


def test_every_topic_has_items_of_every_level(bank, versions):
    held = Counter((v.topic, v.level) for _code, v in versions)
    assert [(t["code"], level) for t in bank.topics for level in (1, 2, 3) if not held[t["code"], level]] == []


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_the_example_files_hold_the_bank_as_it_is(bank, versions, ending):
    content = (BANKS / "vi-du" / f"{bank.code}.{ending}").read_bytes()
    known = Known(bank.topics, documents(), LAW_DATE)
    read = [assemble(raw, known, lambda picture: "") for raw in READERS[detect(content)](content).items]
    wordings = {code: wording_of(version) for code, version in versions}
    different = [row.code for row in read if not row.wording.says_the_same(wordings[row.code])]
    assert (len(read), different) == (len(versions), []), "run `make examples`"
