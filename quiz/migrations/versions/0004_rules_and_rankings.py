"""rules and rankings

A rule set says more of its rounds, an attempt may be left or hold an essay, and headcounts have other denominators. A
standing keeps the values it was ranked by as one key; live boards leave the table of result sheets. Boards of before are
dropped: the clock makes them anew.
"""

import json
import struct
import unicodedata
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

STEP = 5_000
PAGE = 500


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    _accounts()
    _contests()
    _attempts()
    _rankings()
    _guards()


def _accounts() -> None:
    with op.batch_alter_table('account') as table:
        table.drop_constraint(op.f('ck_account_audience_known'), type_='check')
    with op.batch_alter_table('account') as table:
        table.create_check_constraint(op.f('ck_account_audience_known'), "audience IN ('staff', 'student', 'citizen')")
    with op.batch_alter_table('headcount') as table:
        table.add_column(sa.Column('obliged', sa.Integer(), nullable=True))
        table.add_column(sa.Column('population', sa.Integer(), nullable=True))
    with op.batch_alter_table('headcount') as table:
        table.create_check_constraint(op.f('ck_headcount_obliged_within_people'), "obliged > 0 AND obliged <= people")
        table.create_check_constraint(op.f('ck_headcount_population_positive'), "population > 0")


def _contests() -> None:
    with op.batch_alter_table('round') as table:
        table.add_column(sa.Column('rules', sa.JSON(), nullable=False, server_default='{}'))
        table.add_column(sa.Column('first_published_at', sa.DateTime(timezone=True), nullable=True))
    _drop_triggers({'pool': ('pool_no_update', 'pool_no_delete')})
    with op.batch_alter_table('pool') as table:
        table.add_column(sa.Column('round_id', sa.Integer(), nullable=True))
        table.drop_constraint(op.f('uq_pool_division_id'), type_='unique')
    with op.batch_alter_table('pool') as table:
        table.create_foreign_key(op.f('fk_pool_round_id_round'), 'round', ['round_id'], ['id'])
        table.create_unique_constraint(op.f('uq_pool_division_id_round_id'), ['division_id', 'round_id'])
    whole = sa.text('round_id IS NULL')
    op.create_index('uq_pool_of_division', 'pool', ['division_id'], unique=True, sqlite_where=whole, postgresql_where=whole)
    with op.batch_alter_table('entry') as table:
        table.add_column(sa.Column('name_folded', sa.String(length=200), nullable=False, server_default=''))
        table.add_column(sa.Column('name_reversed', sa.String(length=200), nullable=False, server_default=''))
        table.add_column(sa.Column('declared', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_index('ix_entry_division_id')
    _fold_names()
    op.create_index('ix_entry_name', 'entry', ['division_id', 'name_folded'])
    op.create_index('ix_entry_given_name', 'entry', ['division_id', 'name_reversed'])
    op.create_table('qualification',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('admitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('admitted_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['admitted_by_id'], ['account.id'], name=op.f('fk_qualification_admitted_by_id_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_qualification_entry_id_entry')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_qualification_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'entry_id', name=op.f('pk_qualification'))
    )
    op.create_table('rule_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('is_harmless', sa.Boolean(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_rule_version_contest_id_contest')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_rule_version_made_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_version')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_rule_version_contest_id_number'))
    )
    contest = sa.table('contest', sa.column('id', sa.Integer), sa.column('rules', sa.JSON))
    for id_, rules in op.get_bind().execute(sa.select(contest.c.id, contest.c.rules)).all():
        rules = dict(rules)
        if 'chain' in rules:
            rules['chain'] = _renamed(rules['chain'])
        op.execute(sa.update(contest).where(contest.c.id == id_).values(rules=rules))


def _renamed(chain: list[str]) -> list[str]:
    return ['attempts' if name == 'fewer_attempts' else name for name in chain]


def _fold_names() -> None:
    """As quiz.text.plain folds: without marks, in small letters."""
    entry = sa.table(
        'entry', sa.column('id', sa.Integer), sa.column('full_name', sa.String), sa.column('name_folded', sa.String),
        sa.column('name_reversed', sa.String),
    )
    last = 0
    while rows := op.get_bind().execute(
        sa.select(entry.c.id, entry.c.full_name).where(entry.c.id > last).order_by(entry.c.id).limit(STEP)
    ).all():
        for id_, name in rows:
            text = unicodedata.normalize('NFD', name.replace('đ', 'd').replace('Đ', 'D'))
            folded = ''.join(c for c in text if not unicodedata.combining(c)).casefold()
            folded = ' '.join(folded.split())[:200]
            op.execute(sa.update(entry).where(entry.c.id == id_).values(
                name_folded=folded, name_reversed=' '.join(reversed(folded.split()))
            ))
        last = rows[-1].id


def _attempts() -> None:
    with op.batch_alter_table('attempt') as table:
        table.add_column(sa.Column('essays', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('written', sa.Integer(), nullable=True))
        table.drop_constraint(op.f('ck_attempt_state_known'), type_='check')
    with op.batch_alter_table('attempt') as table:
        table.create_check_constraint(
            op.f('ck_attempt_state_known'), "state IN ('open', 'submitted', 'expired', 'abandoned')"
        )
    open_ = sa.text("state = 'open'")
    op.create_index('ix_attempt_open_until', 'attempt', ['accept_until'], sqlite_where=open_, postgresql_where=open_)
    ended = sa.text("state <> 'open'")
    op.create_index(
        'ix_attempt_ended', 'attempt',
        ['round_id', 'entry_id', 'ended_at', 'id', 'pool_id', 'state', 'score', 'correct', 'all_correct', 'elapsed_ms',
         'started_at', 'prediction', 'written'],
        sqlite_where=ended, postgresql_where=ended,
    )
    unmarked = sa.text("essays > 0 AND written IS NULL AND state <> 'open'")
    op.create_index(
        'ix_attempt_unmarked', 'attempt', ['round_id'], sqlite_where=unmarked, postgresql_where=unmarked
    )
    op.create_table('attempt_news',
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_news_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_attempt_news_round_id_round')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_attempt_news'))
    )
    op.create_index('ix_attempt_news_round_id', 'attempt_news', ['round_id'])


def _rankings() -> None:
    _drop_triggers({'standing': ('standing_no_update', 'standing_of_sheet_no_delete')})
    op.create_table('truth',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('scope', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=30), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('basis', sa.String(length=60), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counted_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_truth_contest_id_contest')),
    sa.ForeignKeyConstraint(['counted_by_id'], ['account.id'], name=op.f('fk_truth_counted_by_id_account')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_truth_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_truth')),
    sa.UniqueConstraint('contest_id', 'scope', 'number', name=op.f('uq_truth_contest_id_scope_number'))
    )
    op.execute("DELETE FROM standing WHERE ranking_id IN (SELECT id FROM ranking WHERE kind = 'board')")
    op.execute("DELETE FROM ranking WHERE kind = 'board'")
    op.rename_table('standing', 'old_standing')
    with op.batch_alter_table('ranking') as table:
        table.drop_constraint(op.f('ck_ranking_kind_known'), type_='check')
        table.drop_constraint(op.f('ck_ranking_only_ready_sheets_published'), type_='check')
        table.drop_constraint(op.f('uq_ranking_round_id_division_id_kind_number'), type_='unique')
    with op.batch_alter_table('ranking') as table:
        table.drop_column('kind')
        table.drop_column('is_ready')
        table.drop_column('checked_at')
        table.alter_column('round_id', existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column('truth_id', sa.Integer(), nullable=True))
        table.add_column(sa.Column('form', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('ranking') as table:
        table.create_foreign_key(op.f('fk_ranking_truth_id_truth'), 'truth', ['truth_id'], ['id'])
        table.create_unique_constraint(op.f('uq_ranking_round_id_division_id_number'), ['round_id', 'division_id', 'number'])
    op.execute(
        "UPDATE round SET first_published_at = (SELECT min(published_at) FROM ranking WHERE ranking.round_id = round.id)"
    )
    whole = sa.text('round_id IS NULL')
    op.create_index(
        'uq_ranking_of_contest', 'ranking', ['division_id', 'number'], unique=True, sqlite_where=whole, postgresql_where=whole
    )
    ranking = sa.table('ranking', sa.column('id', sa.Integer), sa.column('chain', sa.JSON))
    for id_, chain in op.get_bind().execute(sa.select(ranking.c.id, ranking.c.chain)).all():
        op.execute(sa.update(ranking).where(ranking.c.id == id_).values(chain=_renamed(chain)))
    _standings()
    op.create_table('lot_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ranking_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('tie', 'lucky')", name=op.f('ck_lot_notice_kind_known')),
    sa.ForeignKeyConstraint(['announced_by_id'], ['account.id'], name=op.f('fk_lot_notice_announced_by_id_account')),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_lot_notice_ranking_id_ranking')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot_notice')),
    sa.UniqueConstraint('ranking_id', 'kind', 'place', name=op.f('uq_lot_notice_ranking_id_kind_place'))
    )
    op.create_table('lot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ranking_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.String(length=200), nullable=False),
    sa.Column('urn', sa.Integer(), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('tie', 'lucky')", name=op.f('ck_lot_kind_known')),
    sa.ForeignKeyConstraint(['drawn_by_id'], ['account.id'], name=op.f('fk_lot_drawn_by_id_account')),
    sa.ForeignKeyConstraint(['notice_id'], ['lot_notice.id'], name=op.f('fk_lot_notice_id_lot_notice')),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_lot_ranking_id_ranking')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('ranking_id', 'kind', 'place', name=op.f('uq_lot_ranking_id_kind_place'))
    )


# what a step of a chain packs, as quiz.rules.tie_break did when this was written: (column, bytes, more is better)
PACKED = {
    'score': ('score', 4, True), 'prediction': ('prediction_gap', 8, False), 'elapsed': ('elapsed_ms', 8, False),
    'submitted': ('submitted_at', 8, False), 'attempts': ('attempts_used', 4, False),
    'registered': ('registered_at', 8, False),
}


def _standings() -> None:
    """Every standing again in pages, with its values as one key (ranking/sheet_pages.py)."""
    pages = op.create_table('standing_page',
    sa.Column('ranking_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('records', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_standing_page_ranking_id_ranking')),
    sa.PrimaryKeyConstraint('ranking_id', 'number', name=op.f('pk_standing_page'))
    )
    index = op.create_table('standing_index',
    sa.Column('ranking_id', sa.Integer(), nullable=False),
    sa.Column('first_entry', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('pairs', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['ranking_id'], ['ranking.id'], name=op.f('fk_standing_index_ranking_id_ranking')),
    sa.PrimaryKeyConstraint('ranking_id', 'first_entry', name=op.f('pk_standing_index'))
    )
    old = sa.table('old_standing', *(
        sa.column(name, sa.DateTime(timezone=True) if name.endswith('_at') else sa.Integer) for name in (
            'ranking_id', 'position', 'place', 'tied', 'entry_id', 'attempt_id', 'score', 'elapsed_ms', 'submitted_at',
            'registered_at', 'attempts_used', 'prediction_gap',
        )
    ))
    bind = op.get_bind()
    chains = {id_: chain if isinstance(chain, list) else json.loads(chain)
              for id_, chain in bind.execute(sa.text('SELECT id, chain FROM ranking'))}
    for ranking_id, chain in chains.items():
        rows = bind.execute(sa.select(old).where(old.c.ranking_id == ranking_id).order_by(old.c.position)).mappings().all()
        records = [
            struct.pack('>QQI?', row['entry_id'], row['attempt_id'], row['place'], bool(row['tied']))
            + b''.join(_packed(row, step) for step in chain)
            for row in rows
        ]
        for n in range(0, len(records), PAGE):
            bind.execute(sa.insert(pages).values(
                ranking_id=ranking_id, number=n // PAGE, records=b''.join(records[n:n + PAGE])
            ))
        pairs = sorted((row['entry_id'], row['position']) for row in rows)
        for n in range(0, len(pairs), PAGE):
            bind.execute(sa.insert(index).values(
                ranking_id=ranking_id, first_entry=pairs[n][0],
                pairs=b''.join(struct.pack('>QI', *pair) for pair in pairs[n:n + PAGE]),
            ))
    op.drop_table('old_standing')


def _packed(row, step: str) -> bytes:
    column, size, more_is_better = PACKED[step]
    value = row[column]
    if value is None:
        value = 2**63 - 1
    if isinstance(value, datetime):
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        value = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta.resolution
    return struct.pack('>I' if size == 4 else '>Q', 256**size - 1 - value if more_is_better else value)


def _drop_triggers(of_table: dict[str, tuple[str, ...]]) -> None:
    for table, names in of_table.items():
        for name in names:
            op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if _postgresql() else ""))


GUARDS = [
    (f"{table}_no_{event.lower()}", table, event)
    for table, events in {
        'pool': ('UPDATE', 'DELETE'), 'standing_page': ('UPDATE', 'DELETE'),
        'standing_index': ('UPDATE', 'DELETE'), 'truth': ('UPDATE', 'DELETE'),
        'lot': ('UPDATE', 'DELETE'), 'lot_notice': ('UPDATE', 'DELETE'), 'rule_version': ('UPDATE', 'DELETE'), 'entry': ('DELETE',), 'attempt': ('DELETE',),
    }.items()
    for event in events
]


def _guards() -> None:
    for name, table, event in GUARDS:
        if _postgresql():
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("the new rules have no place in the old tables; restore the backup made before the upgrade")
