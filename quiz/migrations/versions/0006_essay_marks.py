"""essay marks

What judges give the essays of an attempt.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('essay_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('points >= 0', name=op.f('ck_essay_mark_points_not_negative')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_essay_mark_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['judge_id'], ['account.id'], name=op.f('fk_essay_mark_judge_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_essay_mark')),
    sa.UniqueConstraint('attempt_id', 'question', name=op.f('uq_essay_mark_attempt_id_question'))
    )


def downgrade() -> None:
    op.drop_table('essay_mark')
