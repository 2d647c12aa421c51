"""Where an attempt is made: what is kept tells attempts apart and nothing else, and a save counts changes of network by itself."""

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from quiz.attempts import origins
from quiz.attempts.models import Attempt
from quiz.db import db


@pytest.mark.parametrize(
    ("address", "neighbourhood"),
    [
        ("203.0.113.7", "203.0.113"), ("203.0.113.250", "203.0.113"), ("::ffff:203.0.113.9", "203.0.113"),
        ("2001:db8:1:2::3", "2001:0db8:0001"), ("2001:db8:1:ffff::", "2001:0db8:0001"), ("", ""), ("unix:", ""),
    ],
)  # fmt: skip
def test_neighbourhoods(address, neighbourhood):
    assert origins.neighbourhood(address) == neighbourhood


@hypothesis_given(st.ip_addresses(), st.integers(1, 9), st.integers(1, 9))
def test_marks_join_within_a_contest_and_not_beyond(address, contest, other):
    mine = origins.start_network(str(address), contest, "bí mật")
    assert (mine == origins.start_network(str(address), other, "bí mật")) == (contest == other)
    assert mine != origins.start_network(str(address), contest, "bí mật khác")
    assert mine != origins.save_network(str(address), "MA", "bí mật")
    assert str(address) not in mine
    assert len(mine) == 2 * origins.MARK_BYTES


def test_an_update_of_the_browser_makes_no_new_device():
    assert origins.device_mark("t", "Firefox/128.0", 1, "s") == origins.device_mark("t", "Firefox/129.1", 1, "s")
    assert origins.device_mark("t", "Firefox/128.0", 1, "s") != origins.device_mark("t", "Chrome/128.0", 1, "s")
    assert origins.device_mark("", "Firefox/128.0", 1, "s") == ""


def test_saves_count_changes_of_network(app, given, visit):
    """Home, home, mobile, home: two changes. Two people on one device have one mark; nothing of an address is stored."""
    contest = given.contest()
    (round_id,) = given.round_ids(contest)
    accounts = [given.account() for _ in range(2)]
    for account in accounts:
        given.entry(contest, account)
    person = visit(accounts[0])
    home, mobile = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.20"}
    start = person.post(f"/thi/bat-dau/{round_id}", page="/tai-khoan", environ_overrides=home)
    where = start.location
    for revision, place in enumerate((home, home, mobile, home), 1):
        body = {"revision": revision, "responses": {"a": {"1": [revision % 4 + 1]}, "b": {"1": 900}, "t": {"1": 1000}}}
        assert person.post_json(f"/api{where}", body, page=where, environ_overrides=place).status_code == 204
    again = person.post_json(f"/api{where}", body, page=where, environ_overrides=mobile)
    assert again.status_code == 204  # a repeat writes nothing
    cookie = person.client.get_cookie("hieuluat-may")
    other = visit(accounts[1])
    other.client.set_cookie("hieuluat-may", cookie.value)
    other.post(f"/thi/bat-dau/{round_id}", page="/tai-khoan", environ_overrides=mobile)
    person.post(f"{where}/nop", {"revision": "5", "q1": "2"}, page=where, environ_overrides=mobile)
    with app.app_context():
        first, second = db.session.scalars(db.select(Attempt).order_by(Attempt.id)).all()
        assert (first.network_changes, second.network_changes) == (3, 0)
        assert first.device_mark == second.device_mark != ""
        assert first.network != second.network
        assert first.responses["b"] == {"1": 900}
        assert "203.0" not in str([first.network, first.last_network, first.device_mark])
