"""unit sheets

Collective competitions: sheets of units, their rows, and judges' points for quality; all of them are fixed once written.
The index of ended attempts takes in the full marks, so that averages of units are counted without reading papers.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ENDED = ['round_id', 'entry_id', 'ended_at', 'id', 'pool_id', 'state', 'score', 'correct', 'all_correct', 'elapsed_ms',
         'started_at', 'prediction', 'written']

# of a sheet, what only its publication changes is free
FIXED = ('id, contest_id, round_id, scope, code, number, rules, tier_names, round_names, counted_on, units, basis, sources, '
         'digest, form, made_at, made_by_id')
GUARDS = [
    ('unit_sheet_fixed', 'unit_sheet', f'UPDATE OF {FIXED}', ''),
    ('unit_sheet_published_once', 'unit_sheet', 'UPDATE', 'OLD.published_at IS NOT NULL'),
    ('unit_sheet_no_delete', 'unit_sheet', 'DELETE', ''),
    ('unit_standing_no_update', 'unit_standing', 'UPDATE', ''),
    ('unit_standing_no_delete', 'unit_standing', 'DELETE', ''),
    ('unit_quality_no_update', 'unit_quality', 'UPDATE', ''),
    ('unit_quality_no_delete', 'unit_quality', 'DELETE', ''),
]


def upgrade() -> None:
    op.create_table('unit_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('scope', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('tier_names', sa.JSON(), nullable=False),
    sa.Column('round_names', sa.JSON(), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('units', sa.Integer(), nullable=False),
    sa.Column('basis', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('form', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('scope = coalesce(round_id, 0)', name=op.f('ck_unit_sheet_scope_of_round')),
    sa.CheckConstraint(
        '(published_at IS NULL) = (published_by_id IS NULL)', name=op.f('ck_unit_sheet_published_by_someone')
    ),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_unit_sheet_contest_id_contest')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_unit_sheet_round_id_round')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_unit_sheet_made_by_id_account')),
    sa.ForeignKeyConstraint(['published_by_id'], ['account.id'], name=op.f('fk_unit_sheet_published_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_sheet')),
    sa.UniqueConstraint(
        'contest_id', 'scope', 'code', 'number', name=op.f('uq_unit_sheet_contest_id_scope_code_number')
    )
    )
    op.create_table('unit_standing',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('block', sa.String(length=100), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('tied', sa.Boolean(), nullable=False),
    sa.Column('value', sa.String(length=400), nullable=True),
    sa.Column('prize', sa.String(length=40), nullable=False),
    sa.Column('contested', sa.Boolean(), nullable=False),
    sa.Column('tally', sa.JSON(), nullable=False),
    sa.Column('stated', sa.JSON(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['unit_sheet.id'], name=op.f('fk_unit_standing_sheet_id_unit_sheet')),
    sa.PrimaryKeyConstraint('sheet_id', 'position', name=op.f('pk_unit_standing'))
    )
    op.create_index('uq_unit_standing_unit', 'unit_standing', ['sheet_id', 'unit_id'], unique=True)
    op.create_table('unit_quality',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('points BETWEEN 0 AND 100', name=op.f('ck_unit_quality_points_of_a_hundred')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_unit_quality_contest_id_contest')),
    sa.ForeignKeyConstraint(['unit_id'], ['org_unit.id'], name=op.f('fk_unit_quality_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['given_by_id'], ['account.id'], name=op.f('fk_unit_quality_given_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_quality')),
    sa.UniqueConstraint(
        'contest_id', 'scope', 'code', 'unit_id', 'number',
        name=op.f('uq_unit_quality_contest_id_scope_code_unit_id_number'),
    )
    )
    _index([*ENDED, 'max_score'])
    for name, table, event, when in GUARDS:
        condition = f'WHEN ({when}) ' if when else ''
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(
                f'CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}'
                'EXECUTE FUNCTION refuse_change()'
            )
        else:
            op.execute(
                f'CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}'
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def _index(columns: list[str]) -> None:
    ended = sa.text("state <> 'open'")
    op.drop_index('ix_attempt_ended', 'attempt')
    op.create_index('ix_attempt_ended', 'attempt', columns, sqlite_where=ended, postgresql_where=ended)


def downgrade() -> None:
    raise RuntimeError("published results are not thrown away; restore the backup made before the upgrade")
