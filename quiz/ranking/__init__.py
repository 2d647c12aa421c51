"""Ranking: from counted attempts to numbered standings.

Ours: live boards built on a clock, result sheets of people and of units, why one is above another, publication.  Not ours: prizes (recognition).
Decided: a result sheet is never edited; a correction makes a new one beside it, because decisions cite it by number.
"""
