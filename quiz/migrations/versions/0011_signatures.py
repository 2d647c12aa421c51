"""signatures: judges' names under result sheets, and what a sheet must never be"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CONTENT = "round_id, division_id, number, made_at, made_by_id, basis, chain, truth_id, truth, people, attempts, participation, digest, form"
WORD = "ranking_id, judge_id, stance, digest, note, signed_at"

# name, table, event, condition on OLD and NEW that both databases read
GUARDS = [
    ("ranking_fixed_content", "ranking", f"UPDATE OF {CONTENT}", ""),
    ("ranking_published_once", "ranking", "UPDATE OF published_at, published_by_id", "OLD.published_at IS NOT NULL"),
    ("ranking_no_delete", "ranking", "DELETE", ""),
    ("sheet_signature_fixed_word", "sheet_signature", f"UPDATE OF {WORD}", ""),
    ("sheet_signature_withdrawn_once", "sheet_signature", "UPDATE", "OLD.withdrawn_at IS NOT NULL"),
    ("sheet_signature_no_delete", "sheet_signature", "DELETE", ""),
]

SIGNED = (
    "(SELECT count(*) FROM sheet_signature s WHERE s.ranking_id = NEW.id AND s.stance = 'signed' AND s.withdrawn_at IS NULL "
    "AND s.digest = NEW.digest)"
)
ASKED = (
    "(SELECT coalesce({field}, 0) FROM contest c JOIN division d ON d.contest_id = c.id WHERE d.id = NEW.division_id)"
)


def upgrade() -> None:
    standing = sa.text("withdrawn_at IS NULL")
    op.create_table(
        "sheet_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_why", sa.Text(), nullable=False),
        sa.CheckConstraint("stance IN ('signed', 'declined')", name=op.f("ck_sheet_signature_stance_known")),
        sa.CheckConstraint("stance = 'signed' OR note <> ''", name=op.f("ck_sheet_signature_declined_with_reason")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdraw_why <> ''", name=op.f("ck_sheet_signature_withdrawn_with_reason")
        ),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_sheet_signature_ranking_id_ranking")),
        sa.ForeignKeyConstraint(["judge_id"], ["account.id"], name=op.f("fk_sheet_signature_judge_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_signature")),
    )
    op.create_index(
        "uq_sheet_signature_standing", "sheet_signature", ["ranking_id", "judge_id"], unique=True,
        sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, event, condition in GUARDS:
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )
    if postgresql:
        asked = ASKED.format(field="(c.rules->>'signing_judges')::int")
        op.execute(
            "CREATE FUNCTION refuse_unsigned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {SIGNED} < {asked} THEN RAISE EXCEPTION 'a sheet without its signatures is not published' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER ranking_signed_first BEFORE UPDATE OF published_at ON ranking FOR EACH ROW "
            "WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION refuse_unsigned()"
        )
    else:
        asked = ASKED.format(field="json_extract(c.rules, '$.signing_judges')")
        op.execute(
            "CREATE TRIGGER ranking_signed_first BEFORE UPDATE OF published_at ON ranking "
            f"WHEN NEW.published_at IS NOT NULL AND {SIGNED} < {asked} "
            "BEGIN SELECT RAISE(ABORT, 'a sheet without its signatures is not published'); END"
        )


def downgrade() -> None:
    raise RuntimeError("signatures are not thrown away; restore the backup made before the upgrade")
