"""stories: drafts that wait, who wrote and who saw an edit, pictures that wait with it, posters and cards"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CHECKS = {
    "edit_two_people": "edit_seen_by_id IS NULL OR edit_seen_by_id <> edited_by_id",
    "pending_has_editor": "(pending IS NULL) = (pending_by_id IS NULL)",
    "drafts_change_at_once": "pending IS NULL OR state <> 'draft'",
    "only_drafts_wait": "submitted_at IS NULL OR state = 'draft'",
}


def upgrade() -> None:
    with op.batch_alter_table("exemplar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("edited_by_id", "edit_seen_by_id"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_exemplar_{name}_account"), "account", [name], ["id"])
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_exemplar_{name}"), rule)
    op.add_column("story_picture", sa.Column("is_shown", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "story_file",
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('card', 'poster-a4', 'poster-a3')", name=op.f("ck_story_file_kind_known")),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_story_file_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("exemplar_id", "kind", name=op.f("pk_story_file")),
    )


def downgrade() -> None:
    op.drop_table("story_file")
    op.drop_column("story_picture", "is_shown")
    with op.batch_alter_table("exemplar", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_exemplar_{name}"), type_="check")
        for name in ("edit_seen_by_id", "edited_by_id"):
            batch_op.drop_constraint(op.f(f"fk_exemplar_{name}_account"), type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.drop_column("submitted_at")
