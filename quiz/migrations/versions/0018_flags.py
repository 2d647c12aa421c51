"""where attempts come from, flags, notes and verdicts of judges, checks of winners' identity"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FIXED = "attempt_id, ruling, reason, judge_id, given_at"
# name → (table, event, condition on OLD or none)
GUARDS = {
    "verdict_fixed": ("verdict", f"UPDATE OF {FIXED}", None),
    "verdict_settled_once": ("verdict", "UPDATE", "OLD.state <> 'proposed'"),
    "verdict_no_delete": ("verdict", "DELETE", None),
    "attempt_note_no_update": ("attempt_note", "UPDATE", None),
    "attempt_note_no_delete": ("attempt_note", "DELETE", None),
    "flag_attempt_judged_no_delete": ("flag_attempt", "DELETE", "OLD.verdict_id IS NOT NULL"),
}


def upgrade() -> None:
    for name in ("device_mark", "network", "last_network"):
        op.add_column("attempt", sa.Column(name, sa.String(length=20), server_default="", nullable=False))
    op.add_column("attempt", sa.Column("network_changes", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ruling IN ('keep', 'annul', 'identity')", name=op.f("ck_verdict_ruling_known")),
        sa.CheckConstraint(
            "state = 'given' OR (ruling = 'annul' AND state IN ('proposed', 'confirmed', 'declined'))",
            name=op.f("ck_verdict_state_known"),
        ),
        sa.CheckConstraint("second_id <> judge_id", name=op.f("ck_verdict_two_judges")),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'declined')) = (second_id IS NOT NULL)", name=op.f("ck_verdict_second_settles")
        ),
        sa.CheckConstraint("(second_id IS NULL) = (second_at IS NULL)", name=op.f("ck_verdict_second_has_moment")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_verdict_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["judge_id"], ["account.id"], name=op.f("fk_verdict_judge_id_account")),
        sa.ForeignKeyConstraint(["second_id"], ["account.id"], name=op.f("fk_verdict_second_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_attempt_id"), "verdict", ["attempt_id"])
    proposed = sa.text("state = 'proposed'")
    op.create_index(
        "uq_verdict_one_proposed", "verdict", ["attempt_id"], unique=True,
        sqlite_where=proposed, postgresql_where=proposed,
    )  # fmt: skip
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("strength", sa.SmallInteger(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("strength BETWEEN 1 AND 3", name=op.f("ck_flag_strength_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_flag_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_flag_round_id_key")),
    )
    op.create_table(
        "flag_attempt",
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_attempt_flag_id_flag")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_flag_attempt_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdict.id"], name=op.f("fk_flag_attempt_verdict_id_verdict")),
        sa.PrimaryKeyConstraint("flag_id", "attempt_id", name=op.f("pk_flag_attempt")),
    )
    op.create_index(op.f("ix_flag_attempt_attempt_id"), "flag_attempt", ["attempt_id"])
    op.create_table(
        "flag_run",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsaid", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_flag_run_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_flag_run")),
    )
    op.create_table(
        "attempt_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_note_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["judge_id"], ["account.id"], name=op.f("fk_attempt_note_judge_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_note")),
    )
    op.create_index(op.f("ix_attempt_note_attempt_id"), "attempt_note", ["attempt_id"])
    op.create_table(
        "identity_check",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result IN ('pending', 'confirmed', 'refuted')", name=op.f("ck_identity_check_result_known")),
        sa.CheckConstraint(
            "result = 'pending' OR checked_by_id IS NOT NULL", name=op.f("ck_identity_check_checked_by_someone")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_identity_check_entry_id_entry")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_identity_check_asked_by_id_account")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_identity_check_checked_by_id_account")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_identity_check")),
    )
    _guard()


def _guard() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, (table, event, condition) in GUARDS.items():
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            deed = "FOR EACH ROW " + when + "EXECUTE FUNCTION refuse_change()"
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {deed}")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("verdicts of judges are not thrown away; restore the backup made before the upgrade")
