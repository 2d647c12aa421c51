"""posts: news, articles, events, and the exemplars they are about"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cancelled_why", sa.String(length=300), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('news', 'article', 'talk', 'meeting', 'visit')", name=op.f("ck_post_kind_known")),
        sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name=op.f("ck_post_state_known")),
        sa.CheckConstraint("(kind IN ('talk', 'meeting', 'visit')) = (starts_at IS NOT NULL)", name=op.f("ck_post_events_have_a_start")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_post_ends_after_start")),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f("ck_post_published_has_moment")),
        sa.CheckConstraint(
            "published_by_id IS NULL OR author_id IS NULL OR published_by_id <> author_id", name=op.f("ck_post_two_people")
        ),
        sa.CheckConstraint("cancelled_why = '' OR starts_at IS NOT NULL", name=op.f("ck_post_only_events_are_cancelled")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_post_author_id_account")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_post_org_unit_id_org_unit")),
        sa.ForeignKeyConstraint(["published_by_id"], ["account.id"], name=op.f("fk_post_published_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_slug")),
    )
    op.create_index(op.f("ix_post_org_unit_id"), "post", ["org_unit_id"])
    op.create_index("ix_post_state_published", "post", ["state", "published_at"])
    op.create_index("ix_post_state_starts", "post", ["state", "starts_at"])
    op.create_table(
        "post_exemplar",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_exemplar_post_id_post"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_post_exemplar_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "exemplar_id", name=op.f("pk_post_exemplar")),
    )
    op.create_index(op.f("ix_post_exemplar_exemplar_id"), "post_exemplar", ["exemplar_id"])


def downgrade() -> None:
    op.drop_table("post_exemplar")
    op.drop_table("post")
