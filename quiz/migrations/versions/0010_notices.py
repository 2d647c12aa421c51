"""notices: letters, how far people have read, and work that comes round again"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.add_column("account", sa.Column("notices_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("takes_letters", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("account") as batch:
        batch.alter_column("takes_letters", server_default=None)
    unsent = sa.text("sent_at IS NULL AND failed_at IS NULL")
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_letter_ended_once")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_letter_account_id_key")),
    )
    op.create_index("ix_letter_due", "letter", ["due_at"], sqlite_where=unsent, postgresql_where=unsent)
    expired = sa.text("state = 'expired'")
    op.create_index("ix_attempt_expired", "attempt", ["ended_at"], sqlite_where=expired, postgresql_where=expired)
    op.create_table(
        "letter_mark",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_mark")),
    )


def downgrade() -> None:
    op.drop_table("letter_mark")
    op.drop_index("ix_attempt_expired", "attempt")
    op.drop_table("letter")
    with op.batch_alter_table("account") as batch:
        batch.drop_column("takes_letters")
        batch.drop_column("notices_seen_at")
    op.drop_table("chore")
