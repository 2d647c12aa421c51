"""Votes of the council that were counted: their boxes against the digest of the count, their results against the journal."""

from __future__ import annotations

from quiz.exemplars import votes as service
from quiz.exemplars.vote_models import CouncilVote
from quiz.reports.checks.told import Faults, Look
from quiz.rules.votes import Outcome, digest

_COUNTS = ("agree", "disagree", "other")


def votes(look: Look) -> Faults:
    there = set()
    for vote in look.rows(CouncilVote):
        there.add(vote.id)
        yield from look.at(vote, _vote)
    for vote_id in look.told("vote.opened"):
        if vote_id not in there:
            yield f"council_vote {vote_id}: is gone"


def _vote(look: Look, vote: CouncilVote) -> Faults:
    record = look.last(vote.id, "vote.closed")
    if record is None:
        if vote.closed_at is not None:
            yield f"council_vote {vote.id}: nobody counted it"
        return
    said = record.after
    if (vote.voted, vote.digest, vote.closed_at) != (said["voted"], said["digest"], record.at):
        yield f"council_vote {vote.id}: not as it was counted"
    outcomes = dict(said["outcomes"])
    for paper in vote.papers:
        told = outcomes.pop(str(paper.nomination_id), None)
        counts = {name: getattr(paper, name) for name in _COUNTS if getattr(paper, name) is not None}
        if told != {"may_vote": paper.may_vote, "outcome": paper.outcome} | counts:
            yield f"vote_paper {vote.id}/{paper.nomination_id}: not what the council decided"
    for nomination_id in outcomes:
        yield f"vote_paper {vote.id}/{nomination_id}: is gone"
    # without a quorum secret ballots are destroyed unread
    kept = all(paper.outcome != Outcome.NO_QUORUM for paper in vote.papers)
    if kept and digest(service.all_ballots(vote)) != said["digest"]:
        yield f"ballots of council_vote {vote.id}: not those that were counted"
