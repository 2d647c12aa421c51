"""Commands on accounts: made once, roles given and taken, never without an admin."""

from datetime import UTC, date, datetime

import pytest

from quiz import journal
from quiz.access import Role
from quiz.accounts import consent, contacts, places, queries, service
from quiz.accounts.models import Account, Audience
from quiz.accounts.passwords import PasswordRefusal
from quiz.accounts.service import AccountRefusal
from quiz.db import db, transaction
from quiz.errors import Refusal
from tests.conftest import NOON

PASSWORD = "con trâu đi trước"


def make(**values):
    defaults = {
        "full_name": "Ngô Văn Sáu", "birth_date": date(1961, 3, 27), "password": None, "audience": Audience.CITIZEN,
        "phone": "0912 345 678", "now": NOON,
    }  # fmt: skip
    with transaction():
        return service.create_account(**defaults | values)


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as refusal, transaction():
        call(*args, **kwargs)
    return refusal.value.reason


def actions():
    db.session.expire_all()
    return [
        (r.action, r.subject)
        for r in db.session.scalars(db.select(journal.JournalRecord).order_by(journal.JournalRecord.seq))
    ]


def test_a_name_that_grows_when_folded_still_fits(db_session):
    account = make(full_name="ß" * 200, password=PASSWORD)
    assert account.name_folded == "s" * 200


def test_an_account_holds_what_was_said_in_its_normal_form(db_session):
    place = places.find_ward(80, "ben cau")
    account = make(full_name="  Ngô  Văn Sáu ", email="Sau@Vidu.VN", place=place, consented_at=NOON, password=PASSWORD)
    db_session.expire_all()
    assert (account.full_name, account.name_folded) == ("Ngô Văn Sáu", "ngo van sau")
    assert (account.phone, account.email) == ("0912345678", "sau@vidu.vn")
    assert (account.place_name, account.province_code) == ("Xã Bến Cầu, tỉnh Tây Ninh", 80)
    assert (account.consented_at, account.consent_text) == (NOON, consent.CURRENT)
    assert account.roles == {Role.PARTICIPANT}
    assert account.password_hash.startswith("$argon2id$")
    assert actions() == []  # a participant's step is no decision


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"phone": "+84 912345678"}, AccountRefusal.PHONE_TAKEN),
        ({"phone": None, "email": "SAU@vidu.vn"}, AccountRefusal.EMAIL_TAKEN),
        ({"phone": None, "username": "Sau.Ngo"}, AccountRefusal.USERNAME_TAKEN),
        ({"phone": None}, AccountRefusal.NO_WAY_TO_SIGN_IN),
        ({"full_name": " - "}, AccountRefusal.NO_NAME),
        ({"birth_date": NOON.date()}, AccountRefusal.BIRTH_DATE),
        ({"birth_date": date(1899, 12, 31)}, AccountRefusal.BIRTH_DATE),
        ({"phone": "0987654321", "password": "0987654321"}, PasswordRefusal.SAYS_WHO),
    ],
)
def test_an_account_is_refused(db_session, values, reason):
    make(email="sau@vidu.vn", username="sau.ngo")
    assert refused(make, **values) is reason
    assert db_session.query(Account).count() == 1


def test_roles_are_given_taken_and_written_down(db_session):
    admin, other = make(), make(phone="0987654321")
    with transaction():
        service.grant_role(admin, Role.ADMIN, by=None, now=NOON)
        service.grant_role(other, Role.JUDGE, by=admin, now=NOON, why="Quyết định 12/QĐ-STP")
    assert refused(service.grant_role, other, Role.JUDGE, by=admin, now=NOON) is AccountRefusal.ROLE_HELD_ALREADY
    assert other.roles == {Role.PARTICIPANT, Role.JUDGE}
    assert other.grants[0].granted_by_id == admin.id
    with transaction():
        service.revoke_role(other, Role.JUDGE, by=admin, now=NOON)
    assert other.roles == {Role.PARTICIPANT}
    assert refused(service.revoke_role, other, Role.JUDGE, by=admin, now=NOON) is AccountRefusal.ROLE_NOT_HELD
    assert actions() == [
        ("account.role_granted", f"account:{admin.id}"),
        ("account.role_granted", f"account:{other.id}"),
        ("account.role_revoked", f"account:{other.id}"),
    ]
    assert journal.first_broken() is None


def test_the_last_admin_stays(db_session):
    first, second = make(), make(phone="0987654321")
    with transaction():
        service.grant_role(first, Role.ADMIN, by=None, now=NOON)
        service.grant_role(second, Role.ADMIN, by=first, now=NOON)
        service.disable(second, by=first, now=NOON, why="nghỉ việc")
    assert refused(service.revoke_role, first, Role.ADMIN, by=first, now=NOON) is AccountRefusal.LAST_ADMIN
    assert refused(service.disable, first, by=first, now=NOON, why="nhầm") is AccountRefusal.LAST_ADMIN
    db_session.expire_all()
    assert first.is_active
    assert Role.ADMIN in first.roles
    with transaction():  # a shut admin may lose the role, and comes back without it
        service.revoke_role(second, Role.ADMIN, by=first, now=NOON)
        service.enable(second, by=first, now=NOON)
    assert queries.count_active_admins() == 1
    assert [a for a, _s in actions()].count("account.disabled") == 1  # the refused ones left no record


def test_an_account_is_shut_and_opened_once(db_session):
    account = make()
    assert refused(service.enable, account, by=None, now=NOON) is AccountRefusal.NOT_DISABLED
    with transaction():
        service.disable(account, by=None, now=NOON, why="thử")
    assert refused(service.disable, account, by=None, now=NOON, why="thử") is AccountRefusal.DISABLED_ALREADY
    assert not account.is_active


def test_a_unit_contact_needs_a_unit_and_does_not_choose_it(db_session, given):
    unit, other = given.org_unit(), given.org_unit("Văn phòng Sở")
    citizen = make()
    assert (
        refused(service.grant_role, citizen, Role.UNIT_CONTACT, by=None, now=NOON)
        is AccountRefusal.CONTACT_WITHOUT_UNIT
    )
    from quiz.accounts.models import OrgUnit

    staff = make(phone="0987654321", audience=Audience.STAFF, org_unit=db.session.get(OrgUnit, unit))
    with transaction():
        service.grant_role(staff, Role.UNIT_CONTACT, by=None, now=NOON)
    said = {
        "full_name": "Tên Mới", "birth_date": date(1990, 1, 1), "audience": Audience.STAFF, "phone": "0987654321",
        "email": None, "place": None, "now": NOON,
    }  # fmt: skip
    moved = refused(service.correct_account, staff, org_unit=db.session.get(OrgUnit, other), **said)
    assert moved is AccountRefusal.UNIT_GOES_WITH_ROLE
    with transaction():
        service.correct_account(staff, org_unit=db.session.get(OrgUnit, unit), **said)
    assert staff.name_folded == "ten moi"


def test_a_one_time_password_must_be_changed_and_is_not_written_down(db_session):
    account, admin = make(password=PASSWORD), make(phone="0987654321")
    before = account.password_hash
    with transaction():
        password = service.set_one_time_password(account, by=admin, now=NOON)
    assert account.must_change_password
    assert account.password_hash != before
    assert account.password_changed_at == NOON
    record = db.session.scalars(db.select(journal.JournalRecord)).one()
    assert record.action == "account.password_set"
    assert password not in str([record.before, record.after, record.reason])
    own = refused(service.set_one_time_password, admin, by=admin, now=NOON)
    assert own is AccountRefusal.OWN_PASSWORD_ELSEWHERE
    wrong = refused(service.change_password, account, old=PASSWORD, new="cái cày đi sau", now=NOON)
    assert wrong is PasswordRefusal.NOT_THE_OLD_ONE
    same = refused(service.change_password, account, old=password, new=password, now=NOON)
    assert same is PasswordRefusal.SAME_AS_BEFORE
    with transaction():
        service.change_password(account, old=password, new="cái cày đi sau", now=NOON)
    assert not account.must_change_password


def test_a_phone_taken_by_a_correction_is_refused(db_session):
    make()
    account = make(phone="0987654321")
    said = {
        "full_name": "Ngô Văn Bảy", "birth_date": date(1961, 3, 27), "audience": Audience.CITIZEN, "email": None,
        "org_unit": None, "place": None, "now": NOON,
    }  # fmt: skip
    assert refused(service.correct_account, account, phone="0912345678", **said) is AccountRefusal.PHONE_TAKEN
    db_session.expire_all()
    assert (account.phone, account.full_name) == ("0987654321", "Ngô Văn Sáu")


def test_people_are_found_without_diacritics_and_paged_by_key(db_session):
    for i in range(7):
        make(full_name=f"Nguyễn Thị Đào {i}", phone=f"091234567{i}")
    make(full_name="Trần 100%_A", phone="0987654321", email="tran@vidu.vn")
    first = queries.people("thi dao", size=3)
    assert [a.full_name[-1] for a in first.people] == ["6", "5", "4"]
    assert (first.total, first.newer_than) == (7, None)
    second = queries.people("Thị Đào", older_than=first.older_than, size=3)
    assert [a.full_name[-1] for a in second.people] == ["3", "2", "1"]
    last = queries.people("thị đào", older_than=second.older_than, size=3)
    assert [a.full_name[-1] for a in last.people] == ["0"]
    assert last.older_than is None
    back = queries.people("thi dao", newer_than=last.newer_than, size=3)
    assert [a.id for a in back.people] == [a.id for a in second.people]
    start = queries.people("thi dao", newer_than=second.newer_than, size=3)
    assert [a.id for a in start.people] == [a.id for a in first.people]
    assert start.newer_than is None
    assert [a.full_name for a in queries.people("%_").people] == ["Trần 100%_A"]
    for typed in ("+84 987 654 321", "TRAN@vidu.vn"):
        assert [a.phone for a in queries.people(typed).people] == ["0987654321"]
    assert queries.people("09876").people == []  # a part of a number is no way to fish for people


def test_people_are_filtered_by_role(db_session):
    make()
    judge = make(phone="0987654321")
    with transaction():
        service.grant_role(judge, Role.JUDGE, by=None, now=NOON)
    assert [a.id for a in queries.people(role=Role.JUDGE).people] == [judge.id]
    assert queries.people(role=Role.PARTICIPANT).total == 2


def test_a_published_consent_text_is_never_edited():
    import hashlib

    said = {version: hashlib.sha256(str(text).encode()).hexdigest()[:16] for version, text in consent.TEXTS.items()}
    assert said == {"2025-11": "a080dc41fdada9e4"}
    assert consent.CURRENT in consent.TEXTS


def test_sign_in_names_reach_accounts(db_session):
    account = make(email="sau@vidu.vn", username="sau.ngo")
    for typed in ("84912345678", "SAU@vidu.vn", "Sau.Ngo"):
        assert queries.account_by_sign_in_name(*contacts.sign_in_name(typed)) == account
    assert queries.account_by_sign_in_name(*contacts.sign_in_name("0999999999")) is None


def test_moments_are_aware(db_session):
    account = make(now=datetime(2024, 1, 1, tzinfo=UTC))
    db_session.expire_all()
    assert account.created_at == datetime(2024, 1, 1, tzinfo=UTC)
