"""What a participant is sent is the same whatever the key is, so nothing in it can be a trace of the key."""

import re
from dataclasses import replace

import pytest

from quiz.access import Role
from quiz.attempts import practice
from quiz.attempts.models import Attempt
from quiz.attempts.practice_models import PracticeBank
from quiz.banks.models import Bank
from quiz.db import db, transaction
from tests.kinds import MIXED, SECRET, THINGS, paper_of_all_kinds

UNTIL_PUBLISHED = {"score_release": "after_publish", "review_release": "after_publish"}
# what is made anew for every answer
FRESH = re.compile(r'(?<=name="csrf_token" value=")[^"]+|^Set-Cookie:.*$', re.MULTILINE)


@pytest.fixture
def contest(given):
    return given.contest(rules=UNTIL_PUBLISHED)


@pytest.fixture
def account(given, contest):
    return given.account()


@pytest.fixture
def entry(given, contest, account):
    return given.entry(contest, account)


@pytest.fixture
def person(visit, account):
    return visit(account)


@pytest.fixture(params=["drawn", "every kind"])
def code(request, given, contest, entry, person):
    """An open attempt with answers, one of them flagged; with a drawn paper, or one with questions of every kind."""
    (round_id,) = given.round_ids(contest)
    if request.param == "every kind":
        code = "MOILOAICAU12"
        given.open_attempt(entry, round_id, code=code, paper=paper_of_all_kinds(given))
    else:
        code = person.post(f"/thi/bat-dau/{round_id}", page="/tai-khoan").location.rpartition("/")[2]
    assert save(person, code, 1).status_code == 204
    assert person.get(f"/thi/{code}").status_code == 200  # its items are in memory now
    return code


def save(person, code, revision):
    answers = {"a": {"1": [1], "2": [2], "3": [2]}, "f": [2], "p": None, "t": {"1": 900}}
    if code.startswith("MOILOAI"):
        answers |= {part: MIXED[part] for part in "sw"}
    return person.post_json(f"/api/thi/{code}", {"revision": revision, "responses": answers}, page="/tai-khoan")


@pytest.fixture
def with_key(app, code):
    """`with_key(3)`: from now on every item has another key, explanation and exemplar.

    Things in order and right sides get another author's order, while the paper still shows them where it did.
    The database fixes the wording of versions; papers read them from the application's memory, where it can be changed.
    """
    faces = dict(app.extensions["banks.faces"])

    def change(key):
        for id_, face in faces.items():
            told = {"explanation": f"Vì {key} là đúng.", "exemplar": f"Gương {key}"}
            if face.kind == "ordering":  # its key is the author's order itself
                secret = {"options": turn(face.options, key)}
            else:
                right = replace(face.key, right=(key,) * len(face.key.right), accepted=(f"chỉ nhận {key}",))
                secret = {"matches": turn(face.matches, key), "key": right}
            app.extensions["banks.faces"][id_] = replace(face, **secret, **told)
        with app.app_context(), transaction():
            attempt = db.session.scalars(db.select(Attempt)).one()
            attempt.paper = [[id_, order_after(faces[id_], order, key)] for id_, order in paper]

    with app.app_context():
        paper = db.session.scalars(db.select(Attempt)).one().paper
    return change


def turn(texts, by):
    return texts[by:] + texts[:by]


def order_after(face, order, by):
    """The order in which turned texts are shown where the texts were."""
    if face.kind not in ("ordering", "matching"):
        return order
    texts = face.options if face.kind == "ordering" else face.matches
    return [turn(texts, by).index(texts[number - 1]) + 1 for number in order]


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


@pytest.mark.parametrize("code", ["every kind"], indirect=True)
def test_a_paper_says_nothing_that_is_accepted_and_lists_things_as_drawn(person, code):
    page = person.get(f"/thi/{code}").text
    for secret in (SECRET, "300 triệu đồng", "±"):
        assert secret not in page
    assert "ba tram trieu dong" in page  # but what was typed is there
    assert sorted(THINGS, key=page.index) == [THINGS[n] for n in (1, 3, 0, 2)]


@pytest.fixture
def practised(app, given, clock):
    """Addresses of a question of every kind to practise, with the order of their options made the same for every page."""
    paper_of_all_kinds(given)
    with app.app_context():
        banks = {
            bank.code: bank.id for bank in db.session.scalars(db.select(Bank).where(Bank.code.startswith("loai-")))
        }
    for bank_id in banks.values():
        given.save(PracticeBank(bank_id=bank_id, is_on=True, closed_topics=[], law_date=None, changed_at=clock()))
    return [f"/on-luyen/{code}/cau?hat=1" for code in sorted(banks)]


def test_a_question_to_practise_has_no_trace_of_its_key(app, given, visit, practised, monkeypatch):
    """Not in the page, nor in the mark that it carries: that is signed and not sealed, so anybody can read it."""
    monkeypatch.setattr(practice.secrets, "token_urlsafe", lambda _n: "luon-luon-mot-so")
    visitor = visit()
    for address in practised:
        assert visitor.get(address).status_code == 200  # its item is in memory now
    faces = dict(app.extensions["banks.faces"])

    def set_keys(key):
        for id_, face in faces.items():
            told = {"explanation": f"Vì {key} là đúng.", "exemplar": f"Gương {key}"}
            right = replace(face.key, right=(key,) * len(face.key.right), accepted=(f"chỉ nhận {key}",))
            app.extensions["banks.faces"][id_] = replace(face, key=right, **told)

    for address in practised:
        one, other = both(set_keys, lambda address=address: visitor.get(address))
        assert one == other, address
        mark = re.search(r'name="cau" value="([^"]+)"', visitor.get(address).text)[1]
        with app.app_context():
            version_id, nonce, _asked_s = practice._signer().loads(mark)
        assert (version_id in faces, nonce) == (True, "luon-luon-mot-so")
    # the answer's page does tell, to know that it would be seen
    token = visitor.token(practised[0])
    fields = {"cau": mark, "csrf_token": token}
    one, other = both(set_keys, lambda: visitor.client.post(practised[0], data=fields))
    assert one != other
