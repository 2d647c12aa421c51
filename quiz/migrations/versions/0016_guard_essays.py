"""guard essays: points stay once both judges have given theirs, a mark comes after them, and a chair's word is one"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SAME = "t.attempt_id = {row}.attempt_id AND t.question = {row}.question"
BOTH_IN = (
    f"OLD.marked_at IS NOT NULL AND NOT EXISTS "
    f"(SELECT 1 FROM essay_task t WHERE {SAME.format(row='OLD')} AND t.slot < 3 AND t.marked_at IS NULL)"
)
EARLY = f"EXISTS (SELECT 1 FROM essay_task t WHERE {SAME.format(row='NEW')} AND t.marked_at IS NULL)"
JUDGED = f"EXISTS (SELECT 1 FROM essay_task t WHERE {SAME.format(row='OLD')})"

# name, event, table, when, what is said
GUARDS = [
    ("essay_task_fixed_word", "UPDATE OF decides", "essay_task", "NEW.decides <> OLD.decides", "rows of essay_task are fixed"),
    ("essay_task_points_stay", "UPDATE OF points, parts, note, marked_at", "essay_task", BOTH_IN, "the points of both stay"),
    ("essay_mark_after_judges", "INSERT", "essay_mark", EARLY, "an essay has its mark when its judges have given points"),
    ("essay_mark_stays_update", "UPDATE", "essay_mark", JUDGED, "a mark that judges have agreed on stays"),
    ("essay_mark_stays_delete", "DELETE", "essay_mark", JUDGED, "a mark that judges have agreed on stays"),
]


def upgrade() -> None:
    op.execute(
        # by hand: a table made anew, as Alembic does on SQLite, would lose its triggers
        "ALTER TABLE essay_task ADD COLUMN decides BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_essay_task_third_decides CHECK (slot = 3 OR NOT decides)"
    )
    for name, event, table, when, said in GUARDS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
                f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )


def downgrade() -> None:
    raise RuntimeError("judges' marks are not thrown away; restore the backup made before the upgrade")
