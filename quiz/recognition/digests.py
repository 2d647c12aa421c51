"""Digests of decisions, awards, certificates and complaints, which the journal keeps, so that a changed row is found."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from quiz.rules.records import as_json

if TYPE_CHECKING:
    from quiz.recognition.models import Award, Certificate, Complaint, Decision


def _digest(*values: Any) -> str:
    return hashlib.sha256(as_json(values).encode()).hexdigest()


def decision_digest(decision: Decision) -> str:
    """SHA-256, in hex, of what it is about and every word of it that is printed."""
    return _digest(
        decision.contest_id, decision.ranking_id, decision.unit_sheet_id, decision.number, decision.signed_on.isoformat(),
        decision.place_name, decision.signer_name, decision.signer_title, decision.organization, decision.template,
    )  # fmt: skip


def award_digest(award: Award) -> str:
    """SHA-256, in hex, of whom it names, the place, the prize and the amount."""
    return _digest(
        award.decision_id, award.entry_id, award.unit_id, award.position, award.place, award.tier, award.tier_name,
        award.amount,
    )  # fmt: skip


def certificate_digest(certificate: Certificate) -> str:
    """SHA-256, in hex, of the code, the number in the register, the award it stands for, and every word it prints.

    What happens to it later (revoked, replaced) has records of its own in the journal.
    """
    return _digest(
        certificate.code, certificate.year, certificate.register_number, certificate.award_id,
        certificate.issued_on.isoformat(), certificate.name, certificate.belongs_to, sorted(certificate.printed.items()),
        certificate.replaces_id,
    )  # fmt: skip


def complaint_digest(complaint: Complaint) -> str:
    """SHA-256, in hex, of the complaint as it came in; what becomes of it has records of its own in the journal.

    Its code makes the digest one that nobody can try texts on.
    """
    return _digest(
        complaint.code, complaint.year, complaint.number, complaint.entry_id, complaint.attempt_id, complaint.about,
        complaint.question, complaint.version_id, complaint.text, complaint.due_at.isoformat(),
    )  # fmt: skip
