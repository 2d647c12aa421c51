"""Results as the tests of ranking, counting and prizes make them: a few values of each column, so that ties are many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from quiz.rules.tie_break import CRITERIA, Result, turned

NOON = datetime(2024, 11, 20, 5, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def result(entry_id: int, score: int = 20, **columns: Any) -> Result:
    """A result that differs from others in what is stated only."""
    defaults = {"attempt_id": entry_id, "elapsed_ms": 60_000, "submitted_at": NOON, "registered_at": NOON}
    return Result(entry_id=entry_id, score=score, **(defaults | columns))


moments = st.integers(0, 3).map(lambda n: NOON + n * TICK)
columns = st.fixed_dictionaries(
    {
        "score": st.integers(18, 20),
        "elapsed_ms": st.integers(44_999, 45_001),
        "submitted_at": moments,
        "registered_at": moments,
        "attempts_used": st.integers(1, 3),
        "prediction_gap": st.none() | st.integers(0, 2),
        "correct": st.integers(18, 20),
        "perfect": st.integers(0, 1),
        "written": st.integers(0, 2),
        "total_elapsed_ms": st.integers(45_000, 45_002),
        "started_at": moments,
        "perfect_attempts": st.integers(0, 2),
    }
)
results = st.lists(columns, max_size=15).map(lambda rows: [result(n, **row) for n, row in enumerate(rows, 1)])
steps = st.permutations(list(CRITERIA)).flatmap(
    lambda names: st.tuples(*(st.sampled_from((name, turned(name))) for name in names))
)
chains = steps.flatmap(lambda chain: st.integers(1, len(chain)).map(lambda n: list(chain[:n])))
