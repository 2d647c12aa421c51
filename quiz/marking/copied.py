"""Essays of a round that share passages, found by a job; judges see papers by their codes, as when they mark."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from quiz import jobs
from quiz.attempts.models import Attempt
from quiz.contests.models import Round
from quiz.db import db
from quiz.marking.models import EssayTask
from quiz.rules.passages import alike

JOB = "essays-alike"
SHOWN = 100


def texts_of(round_: Round) -> dict[str, str]:
    """Code of a paper → its text, of every essay that has been given to judges."""
    rows = db.session.execute(
        select(EssayTask.paper, EssayTask.question, Attempt.responses)
        .join(EssayTask.attempt)
        .where(Attempt.round_id == round_.id, EssayTask.slot == 1)
    )
    return {paper: responses.get("e", {}).get(str(question), "") for paper, question, responses in rows}


@jobs.handler(JOB)
def look_for_copies(job: jobs.Job, clock: jobs.Clock) -> dict[str, Any]:
    """{"papers": how many were compared, "pairs": [[paper, paper, share], …]}"""
    texts = texts_of(db.session.get_one(Round, int(job.subject.partition(":")[2])))
    pairs = alike(texts)
    return {"papers": len(texts), "pairs": [[p.a, p.b, round(p.share, 3)] for p in pairs[:SHOWN]]}
