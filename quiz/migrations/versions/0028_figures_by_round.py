"""figures by round: a row for each, with what had happened before; all are counted anew, so the old ones are dropped"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("contest_figures")
    op.create_table(
        "contest_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "people <= registered AND people <= attempts", name=op.f("ck_contest_figures_people_are_counted_once")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_figures_contest_id_contest")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_contest_figures_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_figures")),
        sa.UniqueConstraint("contest_id", "round_id", name=op.f("uq_contest_figures_contest_id_round_id")),
    )
    op.create_index(
        "uq_contest_figures_whole", "contest_figures", ["contest_id"], unique=True,
        sqlite_where=sa.text("round_id IS NULL"), postgresql_where=sa.text("round_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("contest_figures")
    op.create_table(
        "contest_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_figures_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_figures")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_contest_figures_contest_id")),
    )
