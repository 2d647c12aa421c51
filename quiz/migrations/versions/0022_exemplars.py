"""exemplars: stories, movements, pictures, provisions, reach"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("launched_by", sa.String(length=200), nullable=False),
        sa.Column("started", sa.String(length=10), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scope IN ('national', 'province', 'department')", name=op.f("ck_movement_scope_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("slug", name=op.f("uq_movement_slug")),
    )
    op.create_table(
        "exemplar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("topics", sa.String(length=500), nullable=False),
        sa.Column("pending", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("pending_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'archived') = (archived_at IS NOT NULL)", name=op.f("ck_exemplar_archived_has_moment")),
        sa.CheckConstraint("(state = 'draft') = (approved_at IS NULL)", name=op.f("ck_exemplar_approved_has_moment")),
        sa.CheckConstraint("(state IN ('published', 'archived')) = (published_at IS NOT NULL)", name=op.f("ck_exemplar_published_has_moment")),
        sa.CheckConstraint(
            "field IN ('production', 'agriculture', 'industry', 'defence', 'education', 'health', 'science', 'justice', 'culture', 'administration', 'history')",
            name=op.f("ck_exemplar_field_known"),
        ),
        sa.CheckConstraint("kind IN ('person', 'group', 'event')", name=op.f("ck_exemplar_kind_known")),
        sa.CheckConstraint("state IN ('draft', 'approved', 'published', 'archived')", name=op.f("ck_exemplar_state_known")),
        sa.CheckConstraint("approved_by_id IS NULL OR author_id IS NULL OR approved_by_id <> author_id", name=op.f("ck_exemplar_two_people")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name=op.f("fk_exemplar_approved_by_id_account")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_exemplar_author_id_account")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_exemplar_org_unit_id_org_unit")),
        sa.ForeignKeyConstraint(["pending_by_id"], ["account.id"], name=op.f("fk_exemplar_pending_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplar")),
        sa.UniqueConstraint("slug", name=op.f("uq_exemplar_slug")),
    )
    with op.batch_alter_table("exemplar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exemplar_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_exemplar_org_unit_id"), ["org_unit_id"], unique=False)
        batch_op.create_index("ix_exemplar_state_published", ["state", "published_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_exemplar_year"), ["year"], unique=False)

    op.create_table(
        "exemplar_movement",
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_exemplar_movement_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_exemplar_movement_movement_id_movement"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("exemplar_id", "movement_id", name=op.f("pk_exemplar_movement")),
    )
    with op.batch_alter_table("exemplar_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exemplar_movement_movement_id"), ["movement_id"], unique=False)

    op.create_table(
        "story_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("consent", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("alt <> ''", name=op.f("ck_story_picture_has_alt")),
        sa.CheckConstraint("consent <> ''", name=op.f("ck_story_picture_has_consent")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_story_picture_added_by_id_account")),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_story_picture_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_picture")),
        sa.UniqueConstraint("exemplar_id", "digest", name=op.f("uq_story_picture_exemplar_id_digest")),
    )
    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_picture_digest"), ["digest"], unique=False)

    op.create_table(
        "story_provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["legal_document.id"], name=op.f("fk_story_provision_document_id_legal_document")),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_story_provision_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_provision")),
        sa.UniqueConstraint(
            "exemplar_id", "document_id", "article", "clause", "point", name=op.f("uq_story_provision_exemplar_id_document_id_article_clause_point")
        ),
    )
    with op.batch_alter_table("story_provision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_provision_document_id"), ["document_id"], unique=False)

    op.create_table(
        "story_reach",
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("read_through", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('direct', 'list', 'search', 'contest', 'review', 'practice', 'feed', 'qr', 'shared')",
            name=op.f("ck_story_reach_origin_known"),
        ),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplar.id"], name=op.f("fk_story_reach_exemplar_id_exemplar"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("exemplar_id", "on_day", "origin", name=op.f("pk_story_reach")),
    )


def downgrade() -> None:
    op.drop_table("story_reach")
    op.drop_table("story_provision")
    op.drop_table("story_picture")
    op.drop_table("exemplar_movement")
    op.drop_table("exemplar")
    op.drop_table("movement")
