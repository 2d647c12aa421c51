"""contest figures: what organizers count of a contest, kept"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("contest_figures")
