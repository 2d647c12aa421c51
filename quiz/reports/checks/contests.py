"""Contests as they were opened: pools, commitments, items, rules, moments, and who was admitted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from quiz import journal
from quiz.banks.models import Picture
from quiz.banks.versions import contents
from quiz.contests.models import Contest, ContestState, Division, Pool, Qualification, Round, RuleVersion
from quiz.contests.rule_set import STORED, RuleSet, rule_set
from quiz.contests.service import contents_of_round
from quiz.db import db
from quiz.journal import JournalRecord
from quiz.reports.checks.told import Faults, Look, by
from quiz.rules import commitment
from quiz.rules.records import OLD_CONTENT, content_digest, items_digest


def contests(look: Look) -> Faults:
    there = set()
    for contest in look.rows(Contest):
        there.add(contest.id)
        yield from look.at(contest, _contest)
    for contest_id in look.told("contest.opened"):
        if contest_id not in there:
            yield f"contest {contest_id}: is gone"


def _contest(look: Look, contest: Contest) -> Faults:
    opened = look.last(contest.id, "contest.opened")
    if (opened is not None) != (contest.state == ContestState.OPEN):
        yield f"contest {contest.id}: opened without the journal, or the other way round"
    if opened is None:
        return
    if contest.opened_at != opened.at:
        yield f"contest {contest.id}: was not opened when it says"
    yield from _pools(contest, opened.after)
    yield from _items(opened.after.get("items", {}))
    for round_ in contest.rounds:
        yield from _commitment(round_, opened.after)
        yield from _moments(look, round_)
    yield from _rules(look, contest, opened)


def _pools(contest: Contest, opened: Any) -> Faults:
    rounds = {r.id: r.code for r in contest.rounds}
    divisions = {d.id: d.code for d in contest.divisions}
    of_contest = select(Pool).join(Division, Division.id == Pool.division_id).where(Division.contest_id == contest.id)
    pools = db.session.scalars(of_contest.order_by(Pool.id)).all()
    for pool in pools:
        name = "/".join(filter(None, (divisions[pool.division_id], rounds.get(pool.round_id or 0))))
        if not pool.digest == commitment.pool_digest(pool.candidates) == opened["pools"].get(name):
            yield f"pool {pool.id}: not what was frozen when contest {contest.slug} was opened"
    if len(pools) != len(opened["pools"]):
        yield f"contest {contest.id}: has {len(pools)} pools, {len(opened['pools'])} were frozen"


def _items(said: dict[str, str]) -> Faults:
    there = contents(map(int, said))
    for version_id, digest in said.items():
        content = there.get(int(version_id))
        if content is None or content_digest(content) != digest:
            yield f"item_version {version_id}: not what it said when papers began to be drawn from it, or gone"


def _commitment(round_: Round, opened: Any) -> Faults:
    if round_.commitment != opened["commitments"].get(round_.code):
        yield f"round {round_.id}: its commitment is not the one that was published"
        return
    digests = {}
    for division in round_.contest.divisions:
        own = select(Pool.digest).where(Pool.division_id == division.id)
        of_round = db.session.scalar(own.where(Pool.round_id == round_.id))
        digests[division.code] = of_round or db.session.scalar(own.where(Pool.round_id.is_(None))) or ""
    secret = round_.secret or ""
    items = contents_of_round(round_)
    old = items_digest(items, OLD_CONTENT)
    sealed = {
        commitment.commitment(round_.code, digests, items_digest(items), secret),
        commitment.second_commitment(round_.code, digests, old, secret),
        commitment.first_commitment(round_.code, digests, secret),
    }
    if round_.commitment not in sealed:
        yield f"round {round_.id}: secret, pools or items (what they say, their keys) do not fit the commitment"
    shown = {digest for content in items.values() for _place, digest, _text in content["images"]}
    for digest in sorted(shown):  # which is that of the bytes
        content = db.session.scalar(select(Picture.content).where(Picture.digest == digest))
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            yield f"picture {digest[:12]}: not what an item of round {round_.id} shows, or gone"


def _moments(look: Look, round_: Round) -> Faults:
    closed = look.last(round_.id, "round.closed")
    planned = datetime.fromisoformat(closed.before["closes_at"]) if closed else None
    if round_.planned_closes_at != planned:
        yield f"round {round_.id}: closed early without the journal, or the other way round"
    sheets = [r for of_one in look.told("sheet.published").values() for r in of_one]
    divisions = [d.id for d in round_.contest.divisions]
    of_round = [r for r in sheets if r.after["round"] == round_.id]
    of_all = [r for r in sheets if r.after["round"] is None and r.after["division"] in divisions]
    # records of before a whole contest's sheet could bring out its rounds say it of their own round alone
    whole = [r.at for r in of_round if r.after.get("round_published")]
    whole += [r.at for r in of_round + of_all if round_.id in r.after.get("rounds_published", ())]
    if round_.published_at != (min(whole) if whole else None):
        yield f"round {round_.id}: its results are out without the journal, or the other way round"
    if round_.first_published_at != min((r.at for r in of_round + of_all), default=None):
        yield f"round {round_.id}: its rules are fixed without the journal, or the other way round"


# Rules


def _rules(look: Look, contest: Contest, opened: JournalRecord) -> Faults:
    told = {1: opened} | {r.after["version"]: r for r in look.of(contest.id, "rules.changed")}
    versions = {v.number: v for v in look.rows(RuleVersion, RuleVersion.contest_id == contest.id)}
    for number, version in versions.items():
        yield from _version(version, contest, told.get(number))
    # contests of before there were versions have got their first one with the first change
    for number in told.keys() - versions.keys() - ({1} if not look.is_sealed(contest.id) else set()):
        yield f"rule_version {number} of contest {contest.id}: is gone"
    stored = versions[max(versions)].rules if versions else opened.after.get("rules")
    if stored is not None:
        since = told[max(versions)] if versions and max(versions) in told else opened
        published = _closed_since(look, contest, stored, since)
        there = (("division", contest.divisions, published.divisions), ("round", contest.rounds, published.rounds))
        others = [t for t, rows, parts in there if [r.code for r in rows] != [p.code for p in parts]]
        for table in others:
            yield f"{table} of contest {contest.id}: not those of its rules, or in another order"
        if not others:
            yield from _parts(contest, published, rule_set(contest))
    yield from _terms(look, contest, opened)


def _version(version: RuleVersion, contest: Contest, told: JournalRecord | None) -> Faults:
    name = f"rule_version {version.number} of contest {contest.id}"
    if told is None:
        yield f"{name}: nobody made it"
    elif version.number == 1:
        if version.rules != told.after.get("rules", version.rules):
            yield f"{name}: not the rules that were published at the opening"
        # one that was written with the first change names nobody
        if version.made_at != told.at or version.made_by_id not in (None, told.actor_id) or version.changes:
            yield f"{name}: not made when and by whom the journal says"
    else:
        changes = [[place, told.before.get(place), told.after.get(place)] for place, _before, _after in version.changes]
        said = (len(told.before), told.after["is_harmless"], told.reason, *by(told))
        if version.changes != changes or said != (
            len(version.changes), version.is_harmless, version.why, version.made_at, version.made_by_id,
        ):  # fmt: skip
            yield f"{name}: not the change that was made"
        if told.after.get("digest") not in (None, journal.seal(version.rules)):
            yield f"{name}: not the rules that were made"


def _closed_since(look: Look, contest: Contest, stored: Any, since: JournalRecord) -> RuleSet:
    """The rules of a version, with what closing and extending rounds has changed afterwards."""
    document = RuleSet.model_validate(stored, context=STORED).model_dump(mode="json")
    ids = {round_.code: round_.id for round_ in contest.rounds}
    for part in document["rounds"]:
        for record in look.of(ids.get(part["code"], 0), "round.closed", "round.extended"):
            if record.seq > since.seq:
                part["closes_at"] = record.after["closes_at"]
    return RuleSet.model_validate(document, context=STORED)


def _parts(contest: Contest, published: RuleSet, now: RuleSet) -> Faults:
    if (published.title, published.law_date, published.contest) != (now.title, now.law_date, now.contest):
        yield f"contest {contest.id}: title, law date or rules are not those of its last rule version"
    for division, was, is_ in zip(contest.divisions, published.divisions, now.divisions, strict=True):
        if was != is_:
            yield f"division {division.id}: not as the last rule version of contest {contest.id} has it"
    for round_, before, after in zip(contest.rounds, published.rounds, now.rounds, strict=True):
        if before != after:
            yield f"round {round_.id}: not as the last rule version of contest {contest.id} has it"


def _terms(look: Look, contest: Contest, opened: JournalRecord) -> Faults:
    """What stands beside the rules: the introduction, and the number of the paper."""
    now = {"summary": contest.summary, "rules_number": contest.rules_number}
    said = {name: opened.after[name] for name in now if name in opened.after}
    for record in look.of(contest.id, "rules.changed", "contest.summary_changed"):
        if record.action == "contest.summary_changed":
            said["summary"] = record.after
        else:
            said |= {name: record.after[name] for name in now if name in record.after}
    for name, value in said.items():
        if value != now[name]:
            yield f"contest {contest.id}: its {name} is not what was published"


# Admissions


def admissions(look: Look) -> Faults:
    """Who may take part in a round to which only some are admitted: those admitted at one moment together."""
    rows: dict[tuple[int, datetime], list[Qualification]] = defaultdict(list)
    for row in look.rows(Qualification):
        rows[row.round_id, row.admitted_at].append(row)
    told: dict[tuple[int, datetime], list[JournalRecord]] = defaultdict(list)
    for round_id, records in look.told("round.admitted").items():
        for record in records:
            told[round_id, record.at].append(record)
    for round_id, at in sorted(rows.keys() | told.keys()):
        own, records = rows[round_id, at], told[round_id, at]
        fits = len(own) == sum(r.after["entries"] for r in records)
        if fits and len(records) == 1:
            names = ",".join(map(str, sorted(row.entry_id for row in own)))
            fits = hashlib.sha256(names.encode()).hexdigest() == records[0].after["sha256"] and all(
                row.admitted_by_id == records[0].actor_id for row in own
            )
        if not fits:
            yield f"qualification of round {round_id}: not those who were admitted at {at:%Y-%m-%d %H:%M:%S}"
