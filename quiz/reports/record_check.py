"""Whether what the database holds is what was decided: every sealed thing against its seal and against the journal.

`verify.py` looks at what is published; this looks at the rows themselves, so that a row which somebody has changed behind
the application's back is named. The journal's head is published with every sheet, so the journal itself cannot be made anew
unseen. What is not looked at, and why, stands table by table in tests/reports/test_tampering.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from quiz import journal
from quiz.reports.checks import contests, marking, people, recognition, results, units, votes
from quiz.reports.checks.told import Look

CHECKS = (
    people.roles,
    people.units,
    contests.contests,
    contests.admissions,
    marking.annulments,
    marking.verdicts,
    marking.notes,
    marking.identities,
    marking.essay_marks,
    marking.panels,
    marking.essay_tasks,
    marking.key_rulings,
    results.truths,
    results.sheets,
    results.signatures,
    results.lots,
    results.public_files,
    units.sheets_of_units,
    units.qualities,
    recognition.decisions,
    recognition.certificates,
    recognition.images,
    recognition.complaints,
    votes.votes,
)


def faults() -> Iterator[str]:
    """One line for each row that is not what it was."""
    broken = journal.first_broken()
    if broken is not None:
        yield f"journal {broken}: does not fit the chain"
    look = Look()
    for check in CHECKS:
        yield from look.through(check)
