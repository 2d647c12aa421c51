"""Who may do what: one table of grants, and the two marks every route carries, `@needs(…)` or `@public`."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from functools import lru_cache, wraps
from hmac import compare_digest
from typing import Any, Protocol

from flask import abort, current_app, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer


class Role(enum.StrEnum):
    """What a person is in office. Everybody with an account is a participant; the other roles are given."""

    PARTICIPANT = "participant"
    ORGANIZER = "organizer"
    JUDGE = "judge"
    UNIT_CONTACT = "unit_contact"
    COUNCIL_MEMBER = "council_member"
    ADMIN = "admin"


class Visitor(Protocol):
    id: Any
    is_authenticated: Any
    roles: frozenset[Role]
    org_unit_id: Any


# A word of the table: does it hold of this visitor and this subject?
Word = Callable[[Visitor, Any], bool]


def participant(visitor: Visitor, subject: Any) -> bool:
    return visitor.is_authenticated


def organizer(visitor: Visitor, subject: Any) -> bool:
    return Role.ORGANIZER in visitor.roles


def judge(visitor: Visitor, subject: Any) -> bool:
    return Role.JUDGE in visitor.roles


def unit_contact(visitor: Visitor, subject: Any) -> bool:
    return Role.UNIT_CONTACT in visitor.roles


def council_member(visitor: Visitor, subject: Any) -> bool:
    return Role.COUNCIL_MEMBER in visitor.roles


def admin(visitor: Visitor, subject: Any) -> bool:
    return Role.ADMIN in visitor.roles


def own(visitor: Visitor, subject: Any) -> bool:
    """The subject belongs to the visitor: it names the account as `account_id`."""
    return subject is not None and subject.account_id == visitor.id


def assigned(visitor: Visitor, subject: Any) -> bool:
    """The subject was given to the visitor to deal with: it names the account as `assigned_to_id`."""
    return subject is not None and subject.assigned_to_id == visitor.id


def of_own_unit(visitor: Visitor, subject: Any) -> bool:
    """The subject belongs to the visitor's unit: it names the unit as `org_unit_id`."""
    return subject is not None and visitor.org_unit_id is not None and subject.org_unit_id == visitor.org_unit_id


def heads_it(visitor: Visitor, subject: Any) -> bool:
    """The visitor confirms for the subject's unit and has not written it: it names such accounts as `head_ids`."""
    return subject is not None and visitor.id in subject.head_ids


def seated(visitor: Visitor, subject: Any) -> bool:
    """The visitor has a seat in the council of the subject, a vote: it names the accounts as `member_ids`."""
    return subject is not None and visitor.id in subject.member_ids


def before_council(visitor: Visitor, subject: Any) -> bool:
    """The subject has been put before the council, or will be: it says so as `is_before_council`."""
    return subject is not None and subject.is_before_council


class Permission(enum.StrEnum):
    SEE_OWN_ACCOUNT = "see_own_account"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_UNITS = "manage_units"
    SEE_JOURNAL = "see_journal"
    EDIT_LAW = "edit_law"
    WRITE_POST = "write_post"
    EDIT_POST = "edit_post"
    PUBLISH_POST = "publish_post"
    WRITE_STORY = "write_story"
    EDIT_STORY = "edit_story"
    PREVIEW_STORY = "preview_story"
    APPROVE_STORY = "approve_story"
    SEE_REACH = "see_reach"
    EDIT_MOVEMENT = "edit_movement"
    SEE_BANK = "see_bank"
    EDIT_BANK = "edit_bank"
    REVIEW_ITEM = "review_item"
    MANAGE_CONTEST = "manage_contest"
    PREVIEW_CONTEST = "preview_contest"
    SEE_PARTICIPATION = "see_participation"
    SEE_FIGURES = "see_figures"
    SEE_STATISTICS = "see_statistics"
    MAKE_PAPERS = "make_papers"
    TAKE_PART = "take_part"
    SIT_ATTEMPT = "sit_attempt"
    SEE_ATTEMPT = "see_attempt"
    KEEP_PRACTICE = "keep_practice"
    MANAGE_PRACTICE = "manage_practice"
    SEE_RANKING = "see_ranking"
    MAKE_RANKING = "make_ranking"
    ANNUL_ATTEMPT = "annul_attempt"
    CHECK_IDENTITY = "check_identity"
    MARK_ESSAY = "mark_essay"
    MARK_ASSIGNED = "mark_assigned"
    ASSIGN_ESSAYS = "assign_essays"
    SEE_MARKING = "see_marking"
    PUBLISH_RESULTS = "publish_results"
    SIGN_RESULTS = "sign_results"
    RULE_ON_KEY = "rule_on_key"
    DRAW_LOTS = "draw_lots"
    JUDGE_UNITS = "judge_units"
    AWARD = "award"
    SEE_OWN_COMPLAINT = "see_own_complaint"
    SEE_COMPLAINTS = "see_complaints"
    ASSIGN_COMPLAINT = "assign_complaint"
    ANSWER_COMPLAINT = "answer_complaint"
    DOWNLOAD_CERTIFICATE = "download_certificate"
    REVOKE_CERTIFICATE = "revoke_certificate"
    SEE_REGISTER = "see_register"
    PRINT_CERTIFICATES = "print_certificates"
    SEE_NOMINATIONS = "see_nominations"
    SEE_NOMINATION = "see_nomination"
    NOMINATE = "nominate"
    CONFIRM_NOMINATION = "confirm_nomination"
    CONSOLIDATE = "consolidate"
    SEE_VOTES = "see_votes"
    VOTE = "vote"


# Any line is enough; every word of the line must hold.
GRANTS: dict[Permission, list[tuple[Word, ...]]] = {
    Permission.SEE_OWN_ACCOUNT: [(participant,)],
    Permission.MANAGE_ACCOUNTS: [(admin,)],
    Permission.MANAGE_UNITS: [(admin,), (organizer,)],
    Permission.SEE_JOURNAL: [(admin,), (organizer,), (judge,)],
    Permission.EDIT_LAW: [(organizer,), (admin,)],
    Permission.WRITE_POST: [(organizer,), (unit_contact,)],
    Permission.EDIT_POST: [(organizer,), (unit_contact, of_own_unit)],
    Permission.PUBLISH_POST: [(organizer,)],
    Permission.WRITE_STORY: [(organizer,), (unit_contact,)],
    Permission.EDIT_STORY: [(organizer,), (unit_contact, of_own_unit)],
    Permission.PREVIEW_STORY: [(organizer,), (judge,), (council_member,), (unit_contact, of_own_unit)],
    Permission.APPROVE_STORY: [(organizer,)],
    Permission.SEE_REACH: [(organizer,)],
    Permission.EDIT_MOVEMENT: [(organizer,)],
    Permission.SEE_BANK: [(organizer,), (judge,)],
    Permission.EDIT_BANK: [(organizer,)],
    Permission.REVIEW_ITEM: [(organizer,), (judge,)],
    Permission.MANAGE_CONTEST: [(organizer,)],
    Permission.PREVIEW_CONTEST: [(organizer,), (judge,)],
    Permission.SEE_PARTICIPATION: [(organizer,), (judge,), (unit_contact,)],
    Permission.MAKE_PAPERS: [(organizer,)],
    Permission.SEE_STATISTICS: [(organizer,), (judge,)],
    Permission.SEE_FIGURES: [(organizer,), (judge,)],  # with keys
    Permission.TAKE_PART: [(participant,)],
    Permission.SIT_ATTEMPT: [(participant, own)],
    Permission.SEE_ATTEMPT: [(judge,)],  # with its key: participants have a page of their own, without it
    Permission.KEEP_PRACTICE: [(participant,)],  # own memory only: rate it, erase it
    Permission.MANAGE_PRACTICE: [(organizer,)],
    Permission.SEE_RANKING: [(judge,), (organizer,)],
    Permission.MAKE_RANKING: [(judge,), (organizer,)],
    Permission.ANNUL_ATTEMPT: [(judge,)],
    Permission.CHECK_IDENTITY: [(judge,), (organizer,)],  # of winners, before publication
    Permission.MARK_ESSAY: [(judge,)],
    Permission.MARK_ASSIGNED: [(judge, assigned)],
    Permission.ASSIGN_ESSAYS: [(organizer,)],
    Permission.SEE_MARKING: [(judge,), (organizer,)],  # how far it has come, without names and points
    Permission.PUBLISH_RESULTS: [(organizer,)],
    Permission.SIGN_RESULTS: [(judge,)],
    Permission.RULE_ON_KEY: [(judge,), (organizer,)],
    Permission.DRAW_LOTS: [(judge,), (organizer,)],
    Permission.JUDGE_UNITS: [(judge,)],
    Permission.AWARD: [(organizer,)],
    Permission.SEE_OWN_COMPLAINT: [(participant, own)],
    Permission.SEE_COMPLAINTS: [(organizer,), (judge,)],
    Permission.ASSIGN_COMPLAINT: [(organizer,)],
    Permission.ANSWER_COMPLAINT: [(organizer,), (judge, assigned)],
    Permission.DOWNLOAD_CERTIFICATE: [(participant, own), (unit_contact, of_own_unit), (organizer,)],
    Permission.REVOKE_CERTIFICATE: [(organizer,)],
    Permission.SEE_REGISTER: [(organizer,), (admin,)],
    Permission.PRINT_CERTIFICATES: [(organizer,)],  # and the images of seals and signatures
    Permission.SEE_NOMINATIONS: [
        (organizer,),
        (unit_contact,),
        (council_member,),
    ],  # the way in; each sees the own part
    Permission.SEE_NOMINATION: [
        (organizer,),
        (unit_contact, of_own_unit),
        (participant, heads_it),
        (council_member, before_council),
    ],
    Permission.NOMINATE: [(unit_contact, of_own_unit)],
    Permission.CONFIRM_NOMINATION: [(participant, heads_it)],
    Permission.CONSOLIDATE: [(organizer,)],
    Permission.SEE_VOTES: [(organizer,), (council_member,)],  # counted ones, and how far an open one is
    Permission.VOTE: [(council_member, seated)],
}


def allows(visitor: Visitor, permission: Permission, subject: Any = None) -> bool:
    """Does the table grant the permission to this visitor, over this subject?"""
    return visitor.is_authenticated and any(all(word(visitor, subject) for word in line) for line in GRANTS[permission])


View = Callable[..., Any]


def public(view: View) -> View:
    """Mark a view that anybody may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def needs(permission: Permission, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view by the table.

    of: takes the view's URL arguments that it names, returns the subject (or aborts with 404); the view gets the
        subject as its first argument in their place.
    A visitor who is not signed in is sent to sign in; one without the grant gets 403.
    """

    def mark(view: View) -> View:
        taken = list(inspect.signature(of).parameters) if of else []

        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if of is None:
                if not allows(current_user, permission):
                    abort(403)
                return view(**arguments)
            subject = of(**{name: arguments.pop(name) for name in taken})
            if not allows(current_user, permission, subject):
                abort(403)
            return view(subject, **arguments)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def guarded_in_sql(permission: Permission) -> Callable[[View], View]:
    """Mark a view of the hot path whose own WHERE clause names the account, so that no row is read beforehand.

    The view gets `account_id`, taken from the signed session cookie; nobody signed in is 401. The CSRF token is checked
    here, with the signature of each token checked once per worker; `app.py` tells the general guard to stand aside.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                _check_token(request.headers.get("X-CSRFToken", ""))
            account_id = session.get("_user_id")
            if account_id is None:
                abort(401)
            return view(account_id=int(account_id), **arguments)

        guarded.access = permission  # type: ignore[attr-defined]
        guarded.checks_token = True  # type: ignore[attr-defined]
        return guarded

    return mark


def _check_token(token: str) -> None:
    """Raises CSRFError unless the token is the one of this session."""
    own = session.get("csrf_token")
    signed = _read_token(token, str(current_app.secret_key))
    if own is None or signed is None or not compare_digest(own, signed):
        raise CSRFError("the token is missing or not of this session")


@lru_cache(maxsize=20_000)
def _read_token(token: str, secret: str) -> str | None:
    """What a token of flask_wtf was signed over; None for a token that we did not sign. Tokens do not expire."""
    try:
        return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(token))
    except BadData:
        return None
