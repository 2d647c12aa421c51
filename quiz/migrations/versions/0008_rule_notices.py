"""rule notices: who has read of a change to the rules"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_notice",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_rule_notice_entry_id_entry")),
        sa.ForeignKeyConstraint(["version_id"], ["rule_version.id"], name=op.f("fk_rule_notice_version_id_rule_version")),
        sa.PrimaryKeyConstraint("entry_id", "version_id", name=op.f("pk_rule_notice")),
    )


def downgrade() -> None:
    op.drop_table("rule_notice")
