"""Digests of awards and certificates, which the journal keeps, so that a changed row is found."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from quiz.rules.records import as_json

if TYPE_CHECKING:
    from quiz.recognition.models import Award, Certificate


def _digest(*values: Any) -> str:
    return hashlib.sha256(as_json(values).encode()).hexdigest()


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
