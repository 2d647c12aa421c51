"""Where one place of a document stands on a day, which need not be where the document stands."""

from datetime import date

import pytest

from quiz.law.models import DocumentState, LawChange, LegalDocument, Provision
from quiz.rules.validity import Place

DAY = date(2026, 11, 1)


def document(provisions=(), changes=(), **columns):
    found = LegalDocument(number="06/2022/QH15", title="Luật", effective_on=date(2024, 1, 1), **columns)
    found.provisions = [Provision(**{"clause": "", "point": ""} | p) for p in provisions]
    found.changes = [LawChange(**{"from_on": DAY, "is_read": True, "scope": []} | c) for c in changes]
    return found


@pytest.mark.parametrize(
    ("found", "place", "state"),
    [
        (document(), Place("5"), "in_force"),
        (document(expires_on=DAY), Place("5"), "expired"),
        (document(questioned_from=DAY), Place("5"), "questioned"),
        (document([{"article": "5", "expires_on": DAY}]), Place("5", "2"), "expired"),
        (document([{"article": "5", "expires_on": DAY}]), Place("6"), "in_force"),
        (document([{"article": "5", "clause": "2", "expires_on": DAY}]), Place("5"), "in_force"),
        (document([{"article": "5", "effective_on": date(2027, 1, 1)}]), Place("5"), "not_yet"),
        (document(changes=[{"kind": "repealed", "scope": [["5", "", ""]]}]), Place("5", "1"), "expired"),
        (document(changes=[{"kind": "repealed", "scope": [["5", "1", ""]]}]), Place("5"), "questioned"),
        (document(changes=[{"kind": "amended", "scope": [["5", "", ""]], "is_read": False}]), Place("5"), "questioned"),
        (document(changes=[{"kind": "amended", "scope": [["5", "", ""]], "is_read": False}]), Place("6"), "in_force"),
        (document(changes=[{"kind": "amended", "scope": [["5", "", ""]]}]), Place("5"), "in_force"),
        (
            document(changes=[{"kind": "repealed", "scope": [["5", "", ""]], "from_on": date(2026, 11, 2)}]),
            Place("5"),
            "in_force",
        ),
    ],
)
def test_a_place_may_end_before_the_rest(found, place, state):
    assert found.state_at(place, DAY) is DocumentState(state)
