"""live boards

A board is kept up to date instead of being built anew: its entries by packed key, where each entry stands, who of a unit
does, fence posts that places are counted over, and the board itself. Names of entries are sorted letter by letter on PostgreSQL too, so that a prefix is a range of
the index.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('board',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('division_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('scope', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('chain', sa.JSON(), nullable=False),
    sa.Column('rules', sa.String(length=64), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_settled', sa.Boolean(), nullable=False),
    sa.Column('participation', sa.JSON(), nullable=False),
    sa.Column('tallied_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("audience IN ('public', 'staff')", name=op.f('ck_board_audience_known')),
    sa.CheckConstraint("state IN ('building', 'live', 'retired')", name=op.f('ck_board_state_known')),
    sa.CheckConstraint("people >= 0", name=op.f('ck_board_people_not_negative')),
    sa.CheckConstraint("scope = coalesce(round_id, 0)", name=op.f('ck_board_scope_of_round')),
    sa.ForeignKeyConstraint(['division_id'], ['division.id'], name=op.f('fk_board_division_id_division')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_board_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board'))
    )
    op.create_index('ix_board_round_id', 'board', ['round_id'])
    for state in ('live', 'building'):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f'uq_board_{state}', 'board', ['division_id', 'scope', 'audience'], unique=True, sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table('board_entry',
    sa.Column('board_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('board_id', 'key', name=op.f('pk_board_entry')),
    sqlite_with_rowid=False
    )
    op.create_table('board_place',
    sa.Column('board_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('board_id', 'entry_id', name=op.f('pk_board_place')),
    sqlite_with_rowid=False
    )
    op.create_table('board_unit_place',
    sa.Column('board_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('org_unit_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('board_id', 'org_unit_id', 'key', name=op.f('pk_board_unit_place')),
    sqlite_with_rowid=False
    )
    op.create_table('board_bucket',
    sa.Column('board_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_key', sa.LargeBinary(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.CheckConstraint("people >= 0", name=op.f('ck_board_bucket_people_not_negative')),
    sa.PrimaryKeyConstraint('board_id', 'first_key', name=op.f('pk_board_bucket')),
    sqlite_with_rowid=False
    )
    if op.get_bind().dialect.name == 'postgresql':
        for name in ('name_folded', 'name_reversed'):
            op.alter_column(
                'entry', name, existing_type=sa.String(length=200), existing_nullable=False,
                type_=sa.String(length=200, collation='C'),
            )


def downgrade() -> None:
    op.drop_table('board_bucket')
    op.drop_table('board_unit_place')
    op.drop_table('board_place')
    op.drop_table('board_entry')
    op.drop_table('board')
