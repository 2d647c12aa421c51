"""Contests: what is held, for whom, when, under which rules; and who has signed up.

Ours: contests, divisions, rounds, the rule set as data and as the printed thể lệ, entries, the pool frozen at opening.
Not ours: attempts.  Decided: from the opening on, what decides a place is fixed: rule set, blueprint, pool of item versions.
"""
