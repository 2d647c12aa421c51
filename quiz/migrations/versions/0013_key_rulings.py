"""key rulings: wrong keys are ruled upon, and every attempt is marked by what holds"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PROPOSAL = "contest_id, version_id, what, keys, accepted, why, proposed_at, proposed_by_id"

GUARDS = [
    ("key_ruling_fixed_proposal", "key_ruling", f"UPDATE OF {PROPOSAL}", ""),
    ("key_ruling_finished_once", "key_ruling", "UPDATE", "OLD.finished_at IS NOT NULL"),
    ("key_ruling_no_delete", "key_ruling", "DELETE", ""),
    ("remark_no_update", "remark", "UPDATE", ""),
    ("remark_no_delete", "remark", "DELETE", ""),
]


def upgrade() -> None:
    op.add_column("contest", sa.Column("key_rulings", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("attempt", sa.Column("ruling", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "key_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("what IN ('correct', 'accept', 'void')", name=op.f("ck_key_ruling_what_known")),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_key_ruling_two_people")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_key_ruling_confirmed_by_someone")
        ),
        sa.CheckConstraint("finished_at IS NULL OR number IS NOT NULL", name=op.f("ck_key_ruling_finished_has_number")),
        sa.CheckConstraint("withdrawn_at IS NULL OR confirmed_at IS NULL", name=op.f("ck_key_ruling_withdrawn_before")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_key_ruling_contest_id_contest")),
        sa.ForeignKeyConstraint(["version_id"], ["item_version.id"], name=op.f("fk_key_ruling_version_id_item_version")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name=op.f("fk_key_ruling_proposed_by_id_account")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_key_ruling_confirmed_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_ruling")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_key_ruling_contest_id_number")),
    )
    waiting = sa.text("finished_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_key_ruling_waiting", "key_ruling", ["contest_id"], unique=True,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_table(
        "remark",
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=False),
        sa.Column("score_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ruling_id"], ["key_ruling.id"], name=op.f("fk_remark_ruling_id_key_ruling")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_remark_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("ruling_id", "attempt_id", name=op.f("pk_remark")),
    )
    op.create_index("ix_remark_attempt_id", "remark", ["attempt_id"])
    for name, table, event, condition in GUARDS:
        when = f"WHEN ({condition}) " if condition else ""
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("rulings on keys are not thrown away; restore the backup made before the upgrade")
