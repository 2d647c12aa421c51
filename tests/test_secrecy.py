"""What a participant is sent is the same whatever the key is, so nothing in it can be a trace of the key."""

import re
from dataclasses import replace

import pytest

from quiz.access import Role

UNTIL_PUBLISHED = {"score_release": "after_publish", "review_release": "after_publish"}
# what is made anew for every answer
FRESH = re.compile(r'(?<=name="csrf_token" value=")[^"]+|^Set-Cookie:.*$', re.MULTILINE)


@pytest.fixture
def contest(given):
    return given.contest(rules=UNTIL_PUBLISHED)


@pytest.fixture
def account(given, contest):
    account = given.account()
    given.entry(contest, account)
    return account


@pytest.fixture
def person(visit, account):
    return visit(account)


@pytest.fixture
def code(given, contest, person):
    """An open attempt with three answers, one of them flagged."""
    (round_id,) = given.round_ids(contest)
    code = person.post(f"/thi/bat-dau/{round_id}", page="/tai-khoan").location.rpartition("/")[2]
    assert save(person, code, 1).status_code == 204
    assert person.get(f"/thi/{code}").status_code == 200  # its items are in memory now
    return code


def save(person, code, revision):
    answers = {"a": {"1": [1], "2": [2], "3": [4]}, "f": [2], "p": None, "t": {"1": 900}}
    return person.post_json(f"/api/thi/{code}", {"revision": revision, "responses": answers}, page="/tai-khoan")


@pytest.fixture
def with_key(app):
    """`with_key(3)`: from now on every item has that key, explanation and exemplar.

    The database fixes the wording of versions; papers read them from the application's memory, where it can be changed.
    """

    def change(key):
        known = app.extensions["banks.faces"]
        for id_, face in known.items():
            told = {"explanation": f"Vì {key} là đúng.", "exemplar": f"Gương {key}"}
            known[id_] = replace(face, key=frozenset([key]), **told)

    return change


def both(with_key, ask):
    """The answers to the same question under two keys, without what is made anew each time."""
    answers = []
    for key in (1, 3):
        with_key(key)
        answer = ask()
        assert answer.status_code < 400, answer.text
        answers.append(FRESH.sub("", f"{answer.status}\n{answer.headers}\n{answer.text}"))
    return answers


def test_a_running_paper_has_no_trace_of_its_key(contest, person, code, with_key):
    for ask in (
        lambda: person.get(f"/thi/{code}"),
        lambda: person.get(f"/api/thi/{code}"),
        lambda: person.get("/cuoc-thi/cuoc-thi-1/thi"),
        lambda: save(person, code, 2),  # and the same again
    ):
        one, other = both(with_key, ask)
        assert one == other


@pytest.mark.parametrize("when", ["submitted", "round over"])
def test_an_outcome_has_no_trace_of_its_key_before_the_results_are_out(
    given, visit, clock, person, code, with_key, when
):
    with_key(2)
    person.post(f"/thi/{code}/nop", {"revision": "2", "q1": "1", "q2": "2"}, page=f"/thi/{code}")
    if when == "round over":
        clock.advance(days=1)
    for path in (f"/thi/{code}/ket-qua", "/cuoc-thi/cuoc-thi-1/thi", "/bang-xep-hang/cuoc-thi-1/ky-1/bang-1"):
        one, other = both(with_key, lambda path=path: person.get(path))
        assert one == other, path
    # the same question to a page that may show the key, to know that the key would be seen
    judge = visit(given.account(Role.JUDGE))
    one, other = both(with_key, lambda: judge.get(f"/xet-hang/luot/{code}"))
    assert one != other
