"""key doubts: versions whose key a contest has ruled upon are drawn by no later one"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_doubt",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["item_version.id"], name=op.f("fk_key_doubt_version_id_item_version")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_key_doubt")),
    )
    # the earliest ruling on each version so far
    op.execute(
        "INSERT INTO key_doubt (version_id, why, doubted_at) "
        "SELECT version_id, why, finished_at FROM key_ruling WHERE id IN "
        "(SELECT min(id) FROM key_ruling WHERE finished_at IS NOT NULL GROUP BY version_id)"
    )


def downgrade() -> None:
    op.drop_table("key_doubt")
