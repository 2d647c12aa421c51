"""Access, over all routes at once: every route is marked, every line of the table has a yes and a no, every change needs
the token of a form, and every refusal has its sentence.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

import quiz
from quiz import access, errors
from quiz.access import GRANTS, Permission, Role, allows

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Somebody:
    id: int = 1
    is_authenticated: bool = True
    roles: frozenset[Role] = frozenset({Role.PARTICIPANT})
    org_unit_id: int | None = None
    subject: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(
            account_id=2, assigned_to_id=2, org_unit_id=2, head_ids=set(), member_ids=set(), is_before_council=False
        )
    )


# word of the table → makes it hold of somebody; a new word must be taught here
TEACH = {
    access.participant: lambda who: None,  # whoever is signed in
    access.organizer: lambda who: _give(who, Role.ORGANIZER),
    access.judge: lambda who: _give(who, Role.JUDGE),
    access.unit_contact: lambda who: _give(who, Role.UNIT_CONTACT),
    access.council_member: lambda who: _give(who, Role.COUNCIL_MEMBER),
    access.admin: lambda who: _give(who, Role.ADMIN),
    access.own: lambda who: setattr(who.subject, "account_id", who.id),
    access.of_own_unit: lambda who: setattr(who, "org_unit_id", who.subject.org_unit_id),
    access.heads_it: lambda who: who.subject.head_ids.add(who.id),
    access.seated: lambda who: who.subject.member_ids.add(who.id),
    access.before_council: lambda who: setattr(who.subject, "is_before_council", True),
    access.assigned: lambda who: setattr(who.subject, "assigned_to_id", who.id),
}

LINES = [(permission, line) for permission, lines in GRANTS.items() for line in lines]


def _give(who: Somebody, role: Role) -> None:
    who.roles |= {role}


def _named(value: object) -> str:
    return "+".join(w.__name__ for w in value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("permission", "line"), LINES, ids=_named)
def test_every_line_of_the_table_has_a_yes(permission, line):
    who = Somebody()
    for word in line:
        TEACH[word](who)
    assert allows(who, permission, who.subject)


@pytest.mark.parametrize(("permission", "line"), LINES, ids=_named)
def test_every_line_of_the_table_has_a_no_for_each_of_its_words(permission, line):
    for left_out in line:
        who = Somebody(is_authenticated=left_out is not access.participant)
        for word in line:
            if word is not left_out:
                TEACH[word](who)
        assert not allows(who, permission, who.subject), left_out.__name__


def test_every_permission_is_granted_to_somebody():
    assert {p for p in Permission if not GRANTS.get(p)} == set()


def rules_of(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


@one_database
def test_every_route_is_marked(app):
    unmarked = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in rules_of(app)
        if not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    assert not unmarked, "neither @needs nor @public: " + ", ".join(unmarked)


@one_database
def test_every_permission_that_a_route_needs_is_in_the_table(app):
    needed = {app.view_functions[rule.endpoint].access for rule in rules_of(app)} - {"public"}
    assert needed <= set(GRANTS)


def _made_up(converter: BaseConverter) -> object:
    """An argument of an address that names nothing."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def _address(app: Flask, rule: Rule) -> str:
    """An address of the rule with made-up arguments; the guard stands before anything looks at them."""
    values = {name: _made_up(c) for name, c in rule._converters.items()}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods & CHANGING)))


@one_database
def test_every_change_needs_the_token_of_a_form(app, visit, given):
    """Whoever asks, and however it is sent: without the token nothing happens, and the answer says so."""
    visitors = [visit(), visit(given.account(*(r for r in Role if r is not Role.PARTICIPANT)))]
    changing = [rule for rule in rules_of(app) if rule.methods & CHANGING]
    assert changing
    open_doors = []
    for rule in changing:
        for visitor in visitors:
            for method in sorted(rule.methods & CHANGING):
                for body in ({"data": {"x": "1"}}, {"json": {"x": 1}}, {"data": {"csrf_token": "made up"}}):
                    status = visitor.client.open(_address(app, rule), method=method, **body).status_code
                    if status != 400:
                        open_doors.append(f"{method} {rule.rule} answered {status}")
    assert not open_doors, "\n".join(open_doors)


@one_database
def test_pages_that_need_a_permission_send_strangers_to_sign_in(app, visit):
    """Also when what they ask for does not exist: a stranger learns nothing from the difference."""
    stranger = visit()
    wrong = []
    for rule in rules_of(app):
        if app.view_functions[rule.endpoint].access == "public" or "GET" not in rule.methods:
            continue
        values = {name: _made_up(c) for name, c in rule._converters.items()}
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = stranger.get(address)
        if answer.status_code != 401 and not (answer.location or "").startswith("/dang-nhap"):
            wrong.append(f"{address} answered {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def refusal_enums() -> list[type[enum.Enum]]:
    """Every enum of the house whose name ends in Refusal."""
    for module in pkgutil.walk_packages(quiz.__path__, "quiz."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)

    def below(kind: type[enum.Enum]) -> list[type[enum.Enum]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in below(sub))]

    found = {k for k in below(enum.Enum) if k.__name__.endswith("Refusal") and k.__module__.startswith("quiz.")}
    return sorted(found, key=lambda k: (k.__module__, k.__name__))


@one_database
def test_every_refusal_has_its_sentence(app):
    enums = refusal_enums()
    assert "StartRefusal" in {e.__name__ for e in enums}
    mute = [f"{e.__module__}.{member}" for e in enums for member in e if not errors.has_sentence(member)]
    assert not mute, "no sentence for: " + ", ".join(mute)
