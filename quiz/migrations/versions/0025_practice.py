"""practice: banks that are practised, what people remember, sums of use"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_bank",
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("closed_topics", sa.JSON(), nullable=False),
        sa.Column("law_date", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_practice_bank_bank_id_bank"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bank_id", name=op.f("pk_practice_bank")),
    )
    op.create_table(
        "practice_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.CheckConstraint("seen >= 1", name=op.f("ck_practice_card_was_seen")),
        sa.CheckConstraint("correct BETWEEN 0 AND seen", name=op.f("ck_practice_card_correct_among_seen")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_practice_card_account_id_account")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_practice_card_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_card")),
        sa.UniqueConstraint("account_id", "item_id", name=op.f("uq_practice_card_account_id_item_id")),
    )
    with op.batch_alter_table("practice_card", schema=None) as batch_op:
        batch_op.create_index("ix_practice_card_due", ["account_id", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_practice_card_item_id"), ["item_id"], unique=False)

    op.create_table(
        "practice_use",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.CheckConstraint("correct BETWEEN 0 AND answered", name=op.f("ck_practice_use_correct_among_answered")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_practice_use_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_practice_use")),
    )


def downgrade() -> None:
    op.drop_table("practice_use")
    op.drop_table("practice_card")
    op.drop_table("practice_bank")
