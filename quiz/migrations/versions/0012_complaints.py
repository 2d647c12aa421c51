"""complaints: the register, which is only added to"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FILED = "code, year, number, entry_id, attempt_id, about, question, text, filed_at, due_at"

GUARDS = [
    ("complaint_fixed_filing", f"UPDATE OF {FILED}", ""),
    ("complaint_answered_once", "UPDATE", "OLD.answered_at IS NOT NULL"),
    ("complaint_no_delete", "DELETE", ""),
]


def upgrade() -> None:
    waiting = sa.text("answered_at IS NULL")
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.CheckConstraint("about IN ('question', 'attempt', 'result')", name=op.f("ck_complaint_about_known")),
        sa.CheckConstraint("outcome IN ('upheld', 'partly', 'rejected')", name=op.f("ck_complaint_outcome_known")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answered_by_id IS NULL) "
            "AND (answered_at IS NULL OR answer <> '')",
            name=op.f("ck_complaint_answered_whole"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_complaint_entry_id_entry")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_complaint_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_complaint_answered_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("code", name=op.f("uq_complaint_code")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_complaint_year_number")),
    )
    op.create_index("ix_complaint_entry_id", "complaint", ["entry_id"])
    op.create_index(
        "uq_complaint_open", "complaint", ["attempt_id", "about", "question"], unique=True,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    for name, event, condition in GUARDS:
        when = f"WHEN ({condition}) " if condition else ""
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON complaint FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON complaint {when}"
                "BEGIN SELECT RAISE(ABORT, 'rows of complaint are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("complaints are not thrown away; restore the backup made before the upgrade")
