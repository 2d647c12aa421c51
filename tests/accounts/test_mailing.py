"""Letters, sent to a real SMTP server on this machine."""

import re
import socket
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from quiz import jobs
from quiz.accounts.models import Account, Letter
from quiz.db import db, transaction


class Postbox:
    """Keeps what it is sent; refuses addresses that begin with one of `refused`."""

    def __init__(self):
        self.letters, self.refused = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 aiosmtpd calls it so
        for begin, answer in self.refused.items():
            if address.startswith(begin):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def postbox(app):
    box = Postbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    app.extensions["settings"] = replace(
        app.extensions["settings"], smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        smtp_from="cuoc-thi@example.vn",
    )  # fmt: skip
    yield box
    server.stop()


@pytest.fixture
def minute(app, clock):
    """`minute()`: a minute passes, and the chores are done."""

    def pass_by(minutes=1):
        clock.advance(minutes=minutes)
        with app.app_context():
            jobs.do_chores(clock)

    return pass_by


@pytest.fixture
def contest(given, clock):
    return given.contest(opens_at=clock() + timedelta(minutes=30), closes_at=clock() + timedelta(hours=2))


def test_a_letter_is_sent_once_to_each_who_wants_it(given, contest, postbox, minute):
    for email, takes in [("an@example.vn", True), ("binh@example.vn", False), (None, True)]:
        given.entry(contest, given.account(email=email, takes_letters=takes, name="Nguyễn Văn Ân"))
    minute()
    minute(30)
    minute()
    minute()
    [(to, letter)] = postbox.letters
    assert to == ["an@example.vn"]
    assert letter["Subject"].startswith("Kỳ 1 đã mở")
    assert letter["From"] == "Sở Tư pháp tỉnh Tây Ninh <cuoc-thi@example.vn>"
    assert "Kính gửi Nguyễn Văn Ân," in letter.get_content()
    assert re.search(r"http://localhost/cuoc-thi/cuoc-thi-\d+", letter.get_content())


def test_a_letter_can_be_stopped_without_signing_in(app, given, contest, postbox, minute, visit):
    person = given.account(email="an@example.vn")
    given.entry(contest, person)
    minute()
    minute(30)
    [(_to, letter)] = postbox.letters
    stop = re.search(r"http://localhost(/thong-bao/thoi-nhan-thu/\S+)", letter.get_content())[1]
    assert f"<http://localhost{stop}>" == letter["List-Unsubscribe"].strip()
    stranger = visit()
    assert "Đã thôi gửi thư cho bạn" in stranger.post(stop).text
    with app.app_context():
        assert not db.session.get_one(Account, person).takes_letters
    assert stranger.get(f"{stop}x").status_code == 404


def test_a_server_that_is_away_gets_the_letter_later(app, given, contest, postbox, minute, caplog):
    given.entry(contest, given.account(email="an@example.vn"))
    minute()
    there = app.extensions["settings"]
    app.extensions["settings"] = replace(there, smtp_port=free_port())
    minute(30)
    assert "letters wait" in caplog.text
    app.extensions["settings"] = there
    minute(1)
    minute(10)
    assert len(postbox.letters) == 1


@pytest.mark.parametrize(
    ("answer", "tries", "fails"), [("550 unknown", 1, True), ("450 later", 5, True), ("450 later", 4, False)]
)
def test_a_refused_letter_is_tried_again_only_if_that_may_help(
    app, given, contest, postbox, minute, answer, tries, fails
):
    postbox.refused = {"sai": answer}
    given.entry(contest, given.account(email="sai@example.vn"))
    given.entry(contest, given.account(email="an@example.vn"))
    minute()
    minute(30)
    for _again in range(tries - 1):
        minute(11)
    assert [to for to, _letter in postbox.letters] == [["an@example.vn"]]  # the others do not wait for it
    with app.app_context():
        letter = db.session.scalars(db.select(Letter).join(Account).where(Account.email == "sai@example.vn")).one()
        assert (letter.tries, letter.failed_at is not None) == (tries, fails)


def test_so_many_a_minute(app, given, contest, postbox, minute):
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_per_minute=2)
    for n in range(5):
        given.entry(contest, given.account(email=f"n{n}@example.vn"))
    minute()
    counts = []
    for minutes in (30, 1, 1):
        minute(minutes)
        counts.append(len(postbox.letters))
    assert counts == [2, 4, 5]


def test_nobody_is_written_to_about_the_past(app, given, contest, postbox, minute, clock):
    given.entry(contest, given.account(email="an@example.vn"))
    clock.advance(minutes=45)
    minute()
    minute()
    assert postbox.letters == []


def test_without_a_server_nothing_is_written(app, given, contest, minute):
    given.entry(contest, given.account(email="an@example.vn"))
    minute()
    minute(30)
    with app.app_context():
        assert db.session.scalars(db.select(Letter)).all() == []


def test_old_letters_are_cleared_away(app, given, contest, postbox, minute):
    given.entry(contest, given.account(email="an@example.vn"))
    minute()
    minute(30)
    minute(60 * 24 * 31)
    with app.app_context():
        assert db.session.scalars(db.select(Letter)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_person_chooses(app, given, postbox, visit):
    person = given.account(email="an@example.vn")
    browser = visit(person)
    assert "đang được gửi cả đến an@example.vn" in browser.get("/thong-bao").text
    assert browser.post("/thong-bao/thu", {"wants": "no"}, page="/thong-bao").status_code == 302
    assert "Bạn đã thôi nhận thư" in browser.get("/thong-bao").text
    browser.post("/thong-bao/thu", {"wants": "yes"}, page="/thong-bao")
    with app.app_context(), transaction():
        assert db.session.get_one(Account, person).takes_letters
