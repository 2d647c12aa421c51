"""widen banks and law

New kinds of items, pictures, comments, figures of use; uploads in rows; provisions and changes of the law. The row of an
item repeats its latest version, so that lists are filtered in one table. Uploads that wait for a decision are dropped.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

WORDING = (
    "item_id, number, kind, stem, options, key, matches, accepted, partial, pinned, images, words, topic, level, explanation, "
    "document_id, article, clause, point, valid_from, valid_until, exemplar, source, origin, author_id, created_at"
)
KINDS = "kind IN ('single', 'multiple', 'true_false', 'short_text', 'number', 'ordering', 'matching', 'essay')"
def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    _create_tables()
    _widen_drafts()
    _free_versions()
    _widen_items()
    _widen_versions()
    _guard_versions()
    _index_words()
    with op.batch_alter_table('legal_document') as table:
        table.add_column(sa.Column('link', sa.String(length=500), nullable=False, server_default=''))
    # a change of unknown content had no row of its own
    op.execute(
        "INSERT INTO law_change (document_id, kind, from_on, by_number, scope, is_read, note, recorded_at) "
        "SELECT id, 'amended', questioned_from, '', '[]', false, '', CURRENT_TIMESTAMP FROM legal_document "
        "WHERE questioned_from IS NOT NULL"
    )


def _create_tables() -> None:
    op.create_table('picture',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('is_used', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_picture'))
    )
    op.create_table('provision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('article', sa.String(length=40), nullable=False),
    sa.Column('clause', sa.String(length=40), nullable=False),
    sa.Column('point', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("article <> ''", name=op.f('ck_provision_names_an_article')),
    sa.CheckConstraint('expires_on > effective_on', name=op.f('ck_provision_expires_after_effective')),
    sa.ForeignKeyConstraint(['document_id'], ['legal_document.id'], name=op.f('fk_provision_document_id_legal_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provision')),
    sa.UniqueConstraint('document_id', 'article', 'clause', 'point', name=op.f('uq_provision_document_id_article_clause_point'))
    )
    op.create_table('item_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_item_comment_account_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_comment_item_id_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_comment'))
    )
    with op.batch_alter_table('item_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_comment_item_id'), ['item_id'], unique=False)

    op.create_table('law_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('by_number', sa.String(length=160), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('is_read', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('amended', 'replaced', 'repealed')", name=op.f('ck_law_change_kind_known')),
    sa.ForeignKeyConstraint(['document_id'], ['legal_document.id'], name=op.f('fk_law_change_document_id_legal_document')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_law_change_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_change')),
    sa.UniqueConstraint('document_id', 'by_number', 'from_on', name=op.f('uq_law_change_document_id_by_number_from_on'))
    )
    op.create_table('import_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('key_text', sa.String(length=300), nullable=False),
    sa.Column('wording', sa.JSON(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('worst', sa.String(length=12), nullable=False),
    sa.Column('origin', sa.String(length=64), nullable=False),
    sa.Column('is_mended', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['import_draft.id'], name=op.f('fk_import_row_draft_id_import_draft'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_row')),
    sa.UniqueConstraint('draft_id', 'number', name=op.f('uq_import_row_draft_id_number'))
    )
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.create_index('ix_import_row_draft_worst', ['draft_id', 'worst'], unique=False)

    op.create_table('item_figures',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('facility', sa.Double(), nullable=True),
    sa.Column('discrimination', sa.Double(), nullable=True),
    sa.Column('index', sa.Double(), nullable=True),
    sa.Column('median_ms', sa.Integer(), nullable=True),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('is_suspect', sa.Boolean(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['item_version.id'], name=op.f('fk_item_figures_version_id_item_version')),
    sa.PrimaryKeyConstraint('version_id', name=op.f('pk_item_figures'))
    )
    op.create_table('law_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_law_check_account_id_account')),
    sa.ForeignKeyConstraint(['change_id'], ['law_change.id'], name=op.f('fk_law_check_change_id_law_change')),
    sa.ForeignKeyConstraint(['version_id'], ['item_version.id'], name=op.f('fk_law_check_version_id_item_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_check')),
    sa.UniqueConstraint('version_id', 'change_id', name=op.f('uq_law_check_version_id_change_id'))
    )
    with op.batch_alter_table('law_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_law_check_change_id'), ['change_id'], unique=False)

    op.create_table('paper_figures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('division_id', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['division_id'], ['division.id'], name=op.f('fk_paper_figures_division_id_division')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_figures')),
    sa.UniqueConstraint('division_id', name=op.f('uq_paper_figures_division_id'))
    )


def _widen_drafts() -> None:
    op.execute("DELETE FROM import_draft")
    # numbers are never given again: an old tab must not decide on another upload
    with op.batch_alter_table('import_draft', table_kwargs={'sqlite_autoincrement': True}) as table:
        table.add_column(sa.Column('format', sa.String(length=20), nullable=False, server_default=''))
        table.add_column(sa.Column('defaults', sa.JSON(), nullable=False, server_default='{}'))
        table.drop_column('rows')


def _widen_items() -> None:
    with op.batch_alter_table('item') as table:
        table.add_column(sa.Column('state', sa.String(length=12), nullable=False, server_default='draft'))
        table.add_column(sa.Column('pending', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column('latest_number', sa.Integer(), nullable=False, server_default='1'))
        table.add_column(sa.Column('kind', sa.String(length=20), nullable=False, server_default='single'))
        table.add_column(sa.Column('topic', sa.String(length=60), nullable=False, server_default=''))
        table.add_column(sa.Column('level', sa.Integer(), nullable=False, server_default='1'))
        table.add_column(sa.Column('document_id', sa.Integer(), nullable=True))
        table.add_column(sa.Column('search_text', sa.Text(), nullable=False, server_default=''))
        table.create_index('ix_item_bank_state', ['bank_id', 'state', 'pending'])
        table.create_index('ix_item_bank_topic_level', ['bank_id', 'topic', 'level'])
        table.create_index('ix_item_bank_document', ['bank_id', 'document_id'])
        table.create_foreign_key('fk_item_document_id_legal_document', 'legal_document', ['document_id'], ['id'])
    op.execute("UPDATE item SET latest_number = coalesce((SELECT max(number) FROM item_version v WHERE v.item_id = item.id), 1)")
    latest = "FROM item_version v WHERE v.item_id = item.id AND v.number = item.latest_number"
    for column, empty in (('kind', "'single'"), ('topic', "''"), ('level', "1"), ('document_id', "NULL"), ('search_text', "''")):
        op.execute(f"UPDATE item SET {column} = coalesce((SELECT v.{column} {latest}), {empty})")
    _respell_search_texts()
    waits = f"EXISTS (SELECT 1 {latest} AND NOT v.is_live AND v.reviewed_at IS NULL)"
    op.execute(f"UPDATE item SET pending = (retired_at IS NULL AND {waits})")
    op.execute(
        "UPDATE item SET state = CASE WHEN retired_at IS NOT NULL THEN 'retired' "
        "WHEN EXISTS (SELECT 1 FROM item_version v WHERE v.item_id = item.id AND v.is_live) THEN 'live' "
        "WHEN pending THEN 'review' ELSE 'draft' END"
    )
    with op.batch_alter_table('item') as table:
        table.create_check_constraint(op.f('ck_item_state_known'), "state IN ('draft', 'review', 'live', 'retired')")
        table.create_check_constraint(
            op.f('ck_item_retired_has_moment'), "(state = 'retired') = (retired_at IS NOT NULL)"
        )


def _respell_search_texts() -> None:
    """What a search goes through is words alone, with the code among them (banks.standing.search_text)."""
    item = sa.table('item', sa.column('id', sa.Integer), sa.column('code', sa.String), sa.column('search_text', sa.Text))
    for id_, code, text in op.get_bind().execute(sa.select(item.c.id, item.c.code, item.c.search_text)).all():
        words = " ".join(re.findall(r"[^\W_]+", f"{code} {text}".lower()))
        op.execute(sa.update(item).where(item.c.id == id_).values(search_text=words))


def _free_versions() -> None:
    """Take the guards off, so that the table can be made anew; _guard_versions puts them back."""
    for name in ('item_version_fixed_wording', 'item_version_no_delete'):
        op.execute(f"DROP TRIGGER {name}" + (" ON item_version" if _postgresql() else ""))


def _widen_versions() -> None:
    with op.batch_alter_table('item_version') as table:
        table.add_column(sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE item_version SET sent_at = created_at")  # so far every version was sent to review at once
    with op.batch_alter_table('item_version') as table:
        table.add_column(sa.Column('matches', sa.JSON(), nullable=False, server_default='[]'))
        table.add_column(sa.Column('accepted', sa.JSON(), nullable=False, server_default='[]'))
        table.add_column(sa.Column('partial', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column('pinned', sa.JSON(), nullable=False, server_default='[]'))
        table.add_column(sa.Column('images', sa.JSON(), nullable=False, server_default='[]'))
        table.add_column(sa.Column('words', sa.Integer(), nullable=True))
        table.add_column(sa.Column('origin', sa.String(length=64), nullable=False, server_default=''))
        table.drop_index('ix_item_version_topic_level')  # lists are filtered by the columns of item
        table.drop_column('search_text')
        table.drop_constraint(op.f('ck_item_version_kind_known'), type_='check')
    with op.batch_alter_table('item_version') as table:
        table.create_check_constraint(op.f('ck_item_version_kind_known'), KINDS)
        table.create_check_constraint(
            op.f('ck_item_version_reviewed_was_sent'), "reviewed_at IS NULL OR sent_at IS NOT NULL"
        )


def _guard_versions() -> None:
    for name, event in (('item_version_fixed_wording', f"UPDATE OF {WORDING}"), ('item_version_no_delete', "DELETE")):
        if _postgresql():
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON item_version FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON item_version "
                "BEGIN SELECT RAISE(ABORT, 'rows of item_version are fixed'); END"
            )


def _index_words() -> None:
    """The words of items, each database in its own way (banks/search.py asks it).

    A later step that alters `item` on SQLite makes the table anew and has to make the three triggers again.
    """
    if _postgresql():
        op.execute("CREATE INDEX item_search ON item USING gin (to_tsvector('simple'::regconfig, search_text))")
        return
    forget = "INSERT INTO item_search (item_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    learn = "INSERT INTO item_search (rowid, search_text) VALUES (new.id, new.search_text);"
    op.execute(
        "CREATE VIRTUAL TABLE item_search USING fts5 (search_text, content='item', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(f"CREATE TRIGGER item_search_insert AFTER INSERT ON item BEGIN {learn} END")
    op.execute(f"CREATE TRIGGER item_search_delete AFTER DELETE ON item BEGIN {forget} END")
    op.execute(f"CREATE TRIGGER item_search_update AFTER UPDATE OF search_text ON item BEGIN {forget} {learn} END")
    op.execute("INSERT INTO item_search (item_search) VALUES ('rebuild')")


def downgrade() -> None:
    raise RuntimeError("the new kinds of items have no place in the old tables; restore the backup made before the upgrade")
