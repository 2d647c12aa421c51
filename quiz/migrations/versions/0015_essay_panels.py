"""essay panels: two judges by lot for each essay"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

GUARDS = [
    ("essay_task_fixed_lot", "UPDATE OF attempt_id, question, slot, paper, judge_id, assigned_at"),
    ("essay_task_no_delete", "DELETE"),
]


def upgrade() -> None:
    op.create_table(
        "essay_panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("judges", sa.JSON(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_essay_panel_round_id_round")),
        sa.ForeignKeyConstraint(["chair_id"], ["account.id"], name=op.f("fk_essay_panel_chair_id_account")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_essay_panel_made_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_panel")),
        sa.UniqueConstraint("round_id", name=op.f("uq_essay_panel_round_id")),
    )
    op.create_table(
        "essay_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=24), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot BETWEEN 1 AND 3", name=op.f("ck_essay_task_slot_known")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_essay_task_points_not_negative")),
        sa.CheckConstraint("(points IS NULL) = (marked_at IS NULL)", name=op.f("ck_essay_task_marked_whole")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_essay_task_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["judge_id"], ["account.id"], name=op.f("fk_essay_task_judge_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_task")),
        sa.UniqueConstraint("attempt_id", "question", "slot", name=op.f("uq_essay_task_attempt_id_question_slot")),
        sa.UniqueConstraint("attempt_id", "question", "judge_id", name=op.f("uq_essay_task_attempt_id_question_judge_id")),
    )
    op.create_index("ix_essay_task_judge_id", "essay_task", ["judge_id"])
    op.create_index("ix_essay_task_paper", "essay_task", ["paper"])
    for name, event in GUARDS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON essay_task FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON essay_task "
                "BEGIN SELECT RAISE(ABORT, 'rows of essay_task are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("judges' marks are not thrown away; restore the backup made before the upgrade")
