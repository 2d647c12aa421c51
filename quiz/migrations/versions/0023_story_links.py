"""story links: exemplars that items ask about, and that contests feature; movements that contests are part of"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_story",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_story_item_id_item")),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_item_story_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["linked_by_id"], ["account.id"], name=op.f("fk_item_story_linked_by_id_account")),
        sa.PrimaryKeyConstraint("item_id", "exemplar_id", name=op.f("pk_item_story")),
    )
    op.create_index(op.f("ix_item_story_exemplar_id"), "item_story", ["exemplar_id"])
    op.create_table(
        "contest_story",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_story_contest_id_contest"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_contest_story_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contest_id", "exemplar_id", name=op.f("pk_contest_story")),
    )
    op.create_index(op.f("ix_contest_story_exemplar_id"), "contest_story", ["exemplar_id"])
    op.create_table(
        "contest_movement",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_movement_contest_id_contest"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_contest_movement_movement_id_movement"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contest_id", "movement_id", name=op.f("pk_contest_movement")),
    )
    op.create_index(op.f("ix_contest_movement_movement_id"), "contest_movement", ["movement_id"])


def downgrade() -> None:
    op.drop_table("contest_movement")
    op.drop_table("contest_story")
    op.drop_table("item_story")
