"""Many clicks at the same instant, from real threads: one attempt at most is open, and what is stored is what is marked."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from quiz.access import Role
from quiz.attempts import submission
from quiz.attempts.models import Attempt
from quiz.db import db
from quiz.journal import JournalRecord
from tests.visitor import Visitor

TIMES = range(8)  # each race is run again with another person


def at_once(*deeds):
    """Do all of it in the same moment; the answers, in the order of the deeds."""
    barrier = Barrier(len(deeds))

    def do(deed):
        barrier.wait(timeout=10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


class Device:
    """A browser of some person, with its token in hand, so that a race is between posts alone."""

    def __init__(self, app, account_id, page):
        visitor = Visitor(app, account_id)
        self.client, self.token = visitor.client, visitor.token(page)

    def post(self, address, data):
        return self.client.post(address, data={"csrf_token": self.token, **data})

    def start(self, round_id):
        return self.post(f"/thi/bat-dau/{round_id}", {})

    def save(self, code, revision, answers):
        body = {"revision": revision, "responses": document(answers)}
        return self.client.post(f"/api/thi/{code}", json=body, headers={"X-CSRFToken": self.token})

    def submit(self, code, revision, answers):
        body = {"revision": revision, **{f"q{number}": places for number, places in answers.items()}}
        return self.client.post(f"/thi/{code}/nop", data={"csrf_token": self.token, **body})


def document(answers):
    return {"a": {str(number): places for number, places in answers.items()}, "f": [], "p": None, "t": {}}


@pytest.fixture
def contest(given):
    """Two attempts for each person."""
    return given.contest()


@pytest.fixture
def person(given, contest):
    """`person()`: somebody new who takes part; gives the account."""

    def new():
        account = given.account()
        given.entry(contest, account)
        return account

    return new


@pytest.fixture
def devices(app):
    """`devices(account, 3)`: so many browsers of one person."""

    def of(account, count, page="/tai-khoan"):
        return [Device(app, account, page) for _ in range(count)]

    return of


def code_of(response):
    """The attempt that an answer leads to."""
    assert response.status_code == 302, response.text
    return response.location.split("/")[2]


@pytest.fixture
def attempts_of(app):
    def read(account):
        with app.app_context():
            return list(db.session.scalars(db.select(Attempt).filter_by(account_id=account).order_by(Attempt.number)))

    return read


def right_answers(attempt):
    """How many of the stored answers are right: in the banks of `given` that is the author's second option."""
    orders = {str(number): order for number, (_version, order) in enumerate(attempt.paper, 1)}
    return sum([orders[n][place - 1] for place in places] == [2] for n, places in attempt.responses["a"].items())


def assert_marked_as_stored(attempt):
    assert attempt.state == "submitted"
    assert (attempt.score, attempt.correct) == (right_answers(attempt),) * 2


def test_starts_at_once_open_one_attempt(given, contest, person, devices, attempts_of):
    (round_id,) = given.round_ids(contest)
    for _ in TIMES:
        account = person()
        answers = at_once(*(partial(d.start, round_id) for d in devices(account, 6)))
        (attempt,) = attempts_of(account)
        assert {code_of(answer) for answer in answers} == {attempt.code}
        assert attempt.state == "open"


def test_starts_and_submits_at_once_never_leave_two_open(given, contest, person, devices, attempts_of):
    (round_id,) = given.round_ids(contest)
    for _ in TIMES:
        account = person()
        first, *others = devices(account, 6)
        code = code_of(first.start(round_id))
        submits = [partial(d.submit, code, 1, {1: [2]}) for d in others[:2]]
        starts = [partial(d.start, round_id) for d in others[2:]]
        answers = at_once(*submits, *starts)
        attempts = attempts_of(account)
        assert [a.number for a in attempts] == list(range(1, len(attempts) + 1))
        assert len(attempts) <= 2
        assert_marked_as_stored(attempts[0])
        assert {a.state for a in attempts[1:]} <= {"open"}
        assert [answer.status_code for answer in answers[:2]] == [302, 302]
        led_to = {code_of(answer) for answer in answers[2:] if answer.status_code == 302}
        assert led_to <= {a.code for a in attempts}


def test_starts_beside_the_end_of_the_last_attempt_make_no_further_one(
    given, contest, person, devices, attempts_of, clock
):
    """The time of the second of two attempts is over; whoever comes first ends it, and nobody gets a third."""
    (round_id,) = given.round_ids(contest)
    for _ in TIMES:
        account = person()
        first, *others = devices(account, 6)
        first.submit(code_of(first.start(round_id)), 1, {})
        code = code_of(first.start(round_id))
        clock.advance(minutes=20, seconds=11)
        looks = [partial(d.client.get, f"/thi/{code}") for d in others[:2]]
        starts = [partial(d.start, round_id) for d in others[2:]]
        answers = at_once(*looks, *starts)
        assert [a.state for a in attempts_of(account)] == ["submitted", "expired"]
        assert [answer.status_code for answer in answers] == [302, 302, 409, 409, 409]
        clock.advance(minutes=-20, seconds=-11)


def test_submits_at_once_end_an_attempt_once(given, contest, person, devices, attempts_of):
    (round_id,) = given.round_ids(contest)
    for turn in TIMES:
        account = person()
        first, *others = devices(account, 6)
        code = code_of(first.start(round_id))
        # the same paper clicked twice, and papers that differ, from several devices
        papers = [{1: [2], 2: [3]}] * 2 + [{1: [n + 1], 3: [n + 1]} for n in range(3)]
        answers = at_once(*(partial(d.submit, code, turn + 1, p) for d, p in zip(others, papers, strict=True)))
        (attempt,) = attempts_of(account)
        assert_marked_as_stored(attempt)
        assert attempt.responses["a"] in [document(p)["a"] for p in papers]
        # a device whose answers came second is told so while the attempt is open, and led to the outcome afterwards
        assert {answer.status_code for answer in answers} <= {302, 409}
        assert any(answer.status_code == 302 for answer in answers)


def test_saves_beside_a_submit_are_marked_or_refused(given, contest, person, devices, attempts_of):
    (round_id,) = given.round_ids(contest)
    for turn in TIMES:
        account = person()
        first, *others = devices(account, 6)
        code = code_of(first.start(round_id))
        answers_of = {
            revision: {1: [revision % 4 + 1], 2: [2], 4: [(revision + turn) % 4 + 1]} for revision in range(1, 7)
        }
        saves = [partial(d.save, code, r, answers_of[r]) for r, d in enumerate(others, 1)]
        *saved, submitted = at_once(*saves, partial(first.submit, code, 6, answers_of[6]))
        assert submitted.status_code == 302
        (attempt,) = attempts_of(account)
        assert_marked_as_stored(attempt)
        # nothing that was acknowledged is lost: the last revision has it all
        assert (attempt.revision, attempt.responses) == (6, document(answers_of[6]))
        assert {answer.status_code for answer in saved} <= {204, 409}


def test_saves_beside_the_end_of_the_time_are_marked_or_refused(given, contest, person, devices, attempts_of, clock):
    """The deadline passes while the last saves are on their way: each is marked or refused, none is forgotten."""
    (round_id,) = given.round_ids(contest)

    def look_later(device, code):
        clock.advance(milliseconds=1)
        return device.client.get(f"/thi/{code}")

    for _ in TIMES:
        account = person()
        first, *others = devices(account, 6)
        code = code_of(first.start(round_id))
        clock.advance(minutes=20, seconds=10)  # the last moment of the grace
        saves = [partial(d.save, code, r, {1: [2], 3: [r % 4 + 1]}) for r, d in enumerate(others, 1)]
        *saved, looked = at_once(*saves, partial(look_later, first, code))
        assert looked.status_code == 302
        (attempt,) = attempts_of(account)
        assert attempt.state == "expired"
        assert (attempt.score, attempt.correct) == (right_answers(attempt),) * 2
        accepted = [revision for revision, answer in enumerate(saved, 1) if answer.status_code == 204]
        assert attempt.revision == max(accepted, default=0)
        clock.advance(minutes=-20, seconds=-10, milliseconds=-1)


def test_a_save_that_comes_while_the_paper_is_being_marked_is_marked_too(
    given, contest, person, devices, attempts_of, clock, monkeypatch
):
    """The narrowest moment of all, which threads hit too rarely: between reading the answers and closing the row."""
    (round_id,) = given.round_ids(contest)
    account = person()
    phone, computer = devices(account, 2)
    code = code_of(phone.start(round_id))
    orders = dict(enumerate((order for _version, order in attempts_of(account)[0].paper), 1))
    right = {number: [order.index(2) + 1] for number, order in orders.items()}
    arrived = []

    def mark_slowly(*arguments, score=submission.score):
        if not arrived:
            clock.advance(milliseconds=-1)
            arrived.append(phone.save(code, 7, right).status_code)
            clock.advance(milliseconds=1)
        return score(*arguments)

    monkeypatch.setattr(submission, "score", mark_slowly)
    clock.advance(minutes=20, seconds=10, milliseconds=1)
    assert computer.client.get(f"/thi/{code}").status_code == 302
    (attempt,) = attempts_of(account)
    assert arrived == [204]
    assert (attempt.state, attempt.revision, attempt.score) == ("expired", 7, 4)


def test_a_role_given_or_taken_many_times_at_once_is_given_or_taken_once(app, given, devices):
    admin = given.account(Role.ADMIN)
    for _ in TIMES:
        person = f"/quan-tri/tai-khoan/{given.account()}"
        for address, data in ((f"{person}/vai-tro", {"role": "judge"}), (f"{person}/vai-tro/judge/thu-hoi", {})):
            clicks = [partial(d.post, address, data) for d in devices(admin, 4)]
            statuses = [answer.status_code for answer in at_once(*clicks)]
            assert statuses.count(302) == 1
            assert set(statuses) <= {302, 409, 422}  # 422: the role was not in the list any more
    with app.app_context():
        actions = [entry.action for entry in db.session.scalars(db.select(JournalRecord).order_by(JournalRecord.seq))]
    assert actions == ["account.role_granted", "account.role_revoked"] * len(TIMES)
