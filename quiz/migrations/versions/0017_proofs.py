"""proofs: Merkle trees of result sheets, files for the public, and a journal whose chain can be published"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FIXED = ("sheet_proof", "proof_page")


def upgrade() -> None:
    op.add_column("journal", sa.Column("form", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "sheet_proof",
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("journal_seq", sa.Integer(), nullable=False),
        sa.Column("journal_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_sheet_proof_ranking_id_ranking")),
        sa.PrimaryKeyConstraint("ranking_id", name=op.f("pk_sheet_proof")),
    )
    op.create_table(
        "proof_page",
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_proof_page_ranking_id_ranking")),
        sa.PrimaryKeyConstraint("ranking_id", "level", "number", name=op.f("pk_proof_page")),
    )
    op.create_table(
        "public_file",
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_public_file_ranking_id_ranking")),
        sa.PrimaryKeyConstraint("ranking_id", name=op.f("pk_public_file")),
    )
    for table in FIXED:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            if op.get_bind().dialect.name == "postgresql":
                op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
                )


def downgrade() -> None:
    raise RuntimeError("proofs are not thrown away; restore the backup made before the upgrade")
