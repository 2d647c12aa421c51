"""Attempts: a person sits a paper. The hot path lives here: start, save × n, submit, outcome.

Ours: papers, responses, autosave, submission, ending what ran out of time; practice between contests (practice*.py), which
must know what their rounds draw from.  Not ours: annulment (marking), places (ranking).
Decided: one row an attempt, a save is one guarded UPDATE, time is the server's; docs/architecture.md says why.
"""
