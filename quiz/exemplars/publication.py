"""After the vote: the list goes to the provincial council, and with its decision the chosen become public, as draft stories."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from quiz.accounts.models import Account
from quiz.db import db
from quiz.errors import Refusal
from quiz.exemplars.models import Exemplar, StoryState
from quiz.exemplars.nomination_models import Nomination, NominationState, Quarter
from quiz.exemplars.nomination_refusals import NominationRefusal
from quiz.exemplars.nominations import move
from quiz.text import plain

LONGEST_SUMMARY = 500  # of a story


def recommend(quarter: Quarter, document: str, actor: Account, *, now: datetime) -> int:
    """Record that the list of the chosen has gone to the provincial council; gives how many.

    document: number and day of the letter.  Raises Refusal(NominationRefusal).
    """
    chosen = _in_state(quarter, NominationState.CHOSEN)
    if not chosen:
        raise Refusal(NominationRefusal.NOTHING_CHOSEN)
    for nomination in chosen:
        move(nomination, (NominationState.CHOSEN,), NominationState.RECOMMENDED, actor, now=now, note=document)
    return len(chosen)


def publish(
    quarter: Quarter, nomination_ids: Collection[int], decision: str, actor: Account, *, now: datetime
) -> list[Exemplar]:
    """Make the outcome of the vote public: each nomination becomes a draft story, which then goes its own two-person way.

    Raises Refusal(NominationRefusal).
    """
    recommended = [n for n in _in_state(quarter, NominationState.RECOMMENDED) if n.id in set(nomination_ids)]
    if not recommended:
        raise Refusal(NominationRefusal.NOTHING_RECOMMENDED)
    if quarter.published_at is None:
        quarter.published_at, quarter.decision = now, decision
        db.session.flush()
    stories = []
    for nomination in recommended:
        story = _story_of(nomination, actor, now)
        stories.append(story)
        move(
            nomination, (NominationState.RECOMMENDED,), NominationState.PUBLISHED, actor, now=now, note=decision,
            announced_at=now, exemplar_id=story.id, told={"exemplar": story.id},
        )  # fmt: skip
    for nomination in _in_state(quarter, NominationState.NOT_CHOSEN):
        nomination.announced_at = nomination.announced_at or now
    db.session.flush()
    return stories


def _in_state(quarter: Quarter, state: NominationState) -> list[Nomination]:
    found = select(Nomination).where(Nomination.quarter_id == quarter.id, Nomination.state == state)
    return list(db.session.scalars(found.order_by(Nomination.id)))


def _story_of(nomination: Nomination, author: Account, now: datetime) -> Exemplar:
    n = nomination
    parts = (("Đặc điểm tình hình", n.situation), ("Thành tích", n.achievements), ("Được ghi nhận", n.honours), ("Vì sao là điển hình", n.grounds))  # fmt: skip
    story = Exemplar(
        slug=_free_slug(f"{n.name} {n.quarter.name}"), kind=n.kind, name=n.name, title=n.name,
        summary=_shortened(n.summary), org_unit_id=n.org_unit_id, unit_name=n.org_unit.name, place="", field=n.field,
        period=f"Quý {n.quarter.n}/{n.quarter.year}", year=n.quarter.year, quarter=n.quarter.name, figures=list(n.figures),
        body="\n\n".join(f"## {head}\n\n{text}" for head, text in parts if text), sources=[], topics="", revision=0,
        state=StoryState.DRAFT, is_demo=n.is_demo, origin="", author_id=author.id, created_at=now, updated_at=now,
    )  # fmt: skip
    if n.movement is not None:
        story.movements.append(n.movement)
    db.session.add(story)
    db.session.flush()
    return story


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rpartition(" ")[0] + "…"


def _free_slug(text: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")[:70].rstrip("-") or "x"
    taken = set(db.session.scalars(select(Exemplar.slug).where(Exemplar.slug.startswith(stem, autoescape=True))))
    n, slug = 1, stem
    while slug in taken:
        n += 1
        slug = f"{stem}-{n}"
    return slug
