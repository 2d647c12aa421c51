"""Decisions, awards, certificates, the images that these bear, and complaints."""

from __future__ import annotations

import hashlib
from typing import Any

from quiz.journal import JournalRecord
from quiz.recognition.digests import award_digest, certificate_digest, complaint_digest, decision_digest
from quiz.recognition.models import Certificate, Complaint, Decision, PrintChoice, PrintImage
from quiz.reports.checks.told import Faults, Look, by
from quiz.text import plain


def decisions(look: Look) -> Faults:
    there = set()
    for decision in look.rows(Decision):
        there.add(decision.id)
        yield from look.at(decision, _decision)
    for decision_id in look.told("prizes.awarded"):
        if decision_id not in there:
            yield f"decision {decision_id}: is gone"


def _decision(look: Look, decision: Decision) -> Faults:
    record = look.last(decision.id, "prizes.awarded")
    if record is None:
        yield f"decision {decision.id}: nobody entered it"
        return
    said = record.after
    digests = said.get("digests", {})
    stated = (decision.number, decision.signed_on.isoformat(), decision.made_at, decision.made_by_id)
    if stated != (said["number"], said["signed_on"], *by(record)) or digests.get("decision") not in (
        None, decision_digest(decision),
    ):  # fmt: skip
        yield f"decision {decision.id}: not as it was entered"
    if "awards" not in digests:
        return  # entered before certificates had digests
    there = {award.id: award for award in decision.awards}
    for award_id, digest in digests["awards"]:
        award = there.pop(award_id, None)
        if award is None or award_digest(award) != digest:
            yield f"award {award_id}: not what was awarded"
    for award_id in there:
        yield f"award {award_id}: nobody awarded it"


def certificates(look: Look) -> Faults:
    issued: dict[int, tuple[str, Any]] = {}  # certificate → its digest, and when it was issued
    revoked: dict[int, JournalRecord] = {}
    replaced = set()
    is_whole = True  # does the journal know of every certificate?
    for records in look.told("prizes.awarded").values():
        for record in records:
            is_whole = is_whole and "digests" in record.after
            for certificate_id, digest in record.after.get("digests", {}).get("certificates", ()):
                issued[certificate_id] = digest, record.at
    for certificate_id, records in look.told("certificate.reissued").items():
        replaced.add(certificate_id)
        for record in records:
            is_whole = is_whole and "digest" in record.after
            if "digest" in record.after:
                issued[record.after["certificate"]] = record.after["digest"], record.at
    for certificate_id, records in look.told("certificate.revoked").items():
        revoked[certificate_id] = records[-1]
    for certificate in look.rows(Certificate):
        digest, at = issued.pop(certificate.id, (None, None))
        name = f"certificate {certificate.id}"
        if digest is None:
            if is_whole:
                yield f"{name}: nobody issued it"
        elif (digest, at, certificate.name_folded) != (
            certificate_digest(certificate), certificate.issued_at, plain(certificate.name),
        ):  # fmt: skip
            yield f"{name}: not what was issued"
        void = revoked.pop(certificate.id, None)
        said = (void.after["cause"], void.after["decision"], void.reason, void.at) if void else (None, "", "", None)
        if said != (
            certificate.revoke_cause, certificate.revoke_decision, certificate.revoke_reason, certificate.revoked_at,
        ):  # fmt: skip
            yield f"{name}: revoked without the journal or otherwise than it says, or not revoked"
        if certificate.is_replaced != (certificate.id in replaced):
            yield f"{name}: replaced without the journal, or the other way round"
    for certificate_id in issued.keys() | revoked.keys():
        yield f"certificate {certificate_id}: is gone"


# Images


def images(look: Look) -> Faults:
    """The images on certificates, and which of them the certificates of a decision bear."""
    added, deleted = look.told("print_image.added"), look.told("print_image.deleted")
    there = {}
    for image in look.rows(PrintImage):
        there[image.id] = image
        records = added.get(image.id)
        said = records[-1].after if records else {}
        stated = {"kind": image.kind, "title": image.title, "digest": image.digest}
        if stated != said or hashlib.sha256(image.content).hexdigest() != image.digest:
            yield f"print_image {image.id}: not what was added"
    for image_id in added.keys() - deleted.keys() - there.keys():
        yield f"print_image {image_id}: is gone"
    chosen = look.told("certificates.images_chosen")
    choices = {choice.decision_id: choice for choice in look.rows(PrintChoice)}
    for decision_id in sorted(choices.keys() | chosen.keys()):
        choice, records = choices.get(decision_id), chosen[decision_id]
        said = dict(records[-1].after) if records else {}
        said = {name: None if image_id in deleted else image_id for name, image_id in said.items()}
        if choice is None or said != {"seal": choice.seal_id, "signature": choice.signature_id}:
            yield f"print_choice {decision_id}: not the images that were chosen"


# Complaints


def complaints(look: Look) -> Faults:
    there = set()
    for complaint in look.rows(Complaint):
        there.add(complaint.id)
        yield from look.at(complaint, _complaint)
    for complaint_id in look.told("complaint.filed", "complaint.assigned", "complaint.answered"):
        if complaint_id not in there:
            yield f"complaint {complaint_id}: is gone"


def _complaint(look: Look, complaint: Complaint) -> Faults:
    filed = look.last(complaint.id, "complaint.filed")
    if filed is None:
        if look.is_sealed(complaint.entry.contest_id):
            yield f"complaint {complaint.id}: nobody filed it"
    elif filed.after["digest"] != complaint_digest(complaint) or filed.at != complaint.filed_at:
        yield f"complaint {complaint.id}: not what was filed"
    assigned = look.last(complaint.id, "complaint.assigned")
    if complaint.assigned_to_id != (assigned.after["assigned_to"] if assigned else None):
        yield f"complaint {complaint.id}: assigned without the journal, or the other way round"
    answered = look.last(complaint.id, "complaint.answered")
    said: tuple[Any, ...] = (None, "", None, "", None, None)
    if answered is not None:
        after = answered.after
        said = (after["outcome"], after["remedy"], after["sheet"], answered.reason, *by(answered))
    if said != (
        complaint.outcome, complaint.remedy, complaint.sheet_id, complaint.answer, complaint.answered_at,
        complaint.answered_by_id,
    ):  # fmt: skip
        yield f"complaint {complaint.id}: not what was answered"
