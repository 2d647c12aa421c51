"""nominations: quarters, evidence, comments, votes of the council; closed votes are fixed"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# what belongs to a vote that has been counted
OF_A_VOTE = ("council_seat", "vote_paper", "vote_conflict", "vote_turnout", "ballot_box", "open_ballot")
# of a vote itself, from its opening on
FIXED = (
    "quarter_id", "number", "mode", "base", "quorum_part", "quorum_of", "threshold_part", "threshold_of", "more_than", "opened_at",
)


def _guard() -> None:
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FIXED)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_after_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF (SELECT closed_at FROM council_vote WHERE id = COALESCE(NEW.vote_id, OLD.vote_id)) IS NOT NULL THEN "
            "RAISE EXCEPTION 'the vote has been counted' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN COALESCE(NEW, OLD); END $$"
        )
        for table in OF_A_VOTE:
            op.execute(
                f"CREATE TRIGGER {table}_after_count BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
                "EXECUTE FUNCTION refuse_after_count()"
            )
        op.execute(
            f"CREATE TRIGGER council_vote_fixed BEFORE UPDATE ON council_vote FOR EACH ROW "
            f"WHEN (OLD.closed_at IS NOT NULL OR {changed}) EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER council_seat_fixed BEFORE UPDATE OR DELETE ON council_seat FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
        )
        return
    for table in OF_A_VOTE:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER {table}_after_count_{event.lower()} BEFORE {event} ON {table} "
                f"WHEN (SELECT closed_at FROM council_vote WHERE id = {row}.vote_id) IS NOT NULL "
                "BEGIN SELECT RAISE(ABORT, 'the vote has been counted'); END"
            )
    op.execute(
        f"CREATE TRIGGER council_vote_fixed BEFORE UPDATE ON council_vote WHEN OLD.closed_at IS NOT NULL OR {changed} "
        "BEGIN SELECT RAISE(ABORT, 'rows of council_vote are fixed'); END"
    )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER council_seat_fixed_{event.lower()} BEFORE {event} ON council_seat "
            "BEGIN SELECT RAISE(ABORT, 'rows of council_seat are fixed'); END"
        )


def upgrade() -> None:
    op.create_table('quarter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('nominations_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmation_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('consolidation_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comment_days', sa.Integer(), nullable=False),
    sa.Column('vote_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recommendation_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publication_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(published_at IS NULL) = (decision = '')", name=op.f('ck_quarter_published_by_decision')),
    sa.CheckConstraint('comment_days BETWEEN 1 AND 60', name=op.f('ck_quarter_comment_days_possible')),
    sa.CheckConstraint('n BETWEEN 1 AND 4', name=op.f('ck_quarter_n_of_four')),
    sa.CheckConstraint('nominations_due_at <= confirmation_due_at AND confirmation_due_at <= consolidation_due_at AND consolidation_due_at <= vote_due_at AND vote_due_at <= recommendation_due_at AND recommendation_due_at <= publication_due_at', name=op.f('ck_quarter_steps_in_order')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['account.id'], name=op.f('fk_quarter_opened_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarter')),
    sa.UniqueConstraint('year', 'n', name=op.f('uq_quarter_year_n'))
    )
    op.create_table('unit_head',
    sa.Column('org_unit_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_unit_head_account_id_account')),
    sa.ForeignKeyConstraint(['named_by_id'], ['account.id'], name=op.f('fk_unit_head_named_by_id_account')),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_unit_head_org_unit_id_org_unit'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('org_unit_id', 'account_id', name=op.f('pk_unit_head'))
    )
    with op.batch_alter_table('unit_head', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_head_account_id'), ['account_id'], unique=False)

    op.create_table('council_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quarter_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('mode', sa.String(length=6), nullable=False),
    sa.Column('base', sa.String(length=7), nullable=False),
    sa.Column('quorum_part', sa.Integer(), nullable=False),
    sa.Column('quorum_of', sa.Integer(), nullable=False),
    sa.Column('threshold_part', sa.Integer(), nullable=False),
    sa.Column('threshold_of', sa.Integer(), nullable=False),
    sa.Column('more_than', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voted', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(closed_at IS NULL) = (digest = '')", name=op.f('ck_council_vote_closed_with_digest')),
    sa.CheckConstraint("base IN ('council', 'voters')", name=op.f('ck_council_vote_base_known')),
    sa.CheckConstraint("mode IN ('secret', 'open')", name=op.f('ck_council_vote_mode_known')),
    sa.CheckConstraint('(closed_at IS NULL) = (voted IS NULL)', name=op.f('ck_council_vote_closed_with_turnout')),
    sa.CheckConstraint('0 < quorum_part AND quorum_part <= quorum_of', name=op.f('ck_council_vote_quorum_possible')),
    sa.CheckConstraint('0 < threshold_part AND (threshold_part < threshold_of OR (threshold_part = threshold_of AND NOT more_than))', name=op.f('ck_council_vote_threshold_possible')),
    sa.CheckConstraint('closes_at > opened_at', name=op.f('ck_council_vote_closes_after_opening')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['account.id'], name=op.f('fk_council_vote_opened_by_id_account')),
    sa.ForeignKeyConstraint(['quarter_id'], ['quarter.id'], name=op.f('fk_council_vote_quarter_id_quarter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council_vote')),
    sa.UniqueConstraint('quarter_id', 'number', name=op.f('uq_council_vote_quarter_id_number'))
    )
    with op.batch_alter_table('council_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_council_vote_closes_at'), ['closes_at'], unique=False)
        batch_op.create_index('uq_council_vote_open', ['quarter_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('nomination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quarter_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('honorific', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_folded', sa.String(length=200), nullable=False),
    sa.Column('position', sa.String(length=300), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('field', sa.String(length=16), nullable=False),
    sa.Column('movement_id', sa.Integer(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('situation', sa.Text(), nullable=False),
    sa.Column('achievements', sa.Text(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('honours', sa.Text(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('consent', sa.String(length=300), nullable=False),
    sa.Column('consented_on', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('edited_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('return_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('comments_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('comments_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('exemplar_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(consent = '') = (consented_on IS NULL)", name=op.f('ck_nomination_consent_has_day')),
    sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_nomination_merged_into_another')),
    sa.CheckConstraint("field IN ('production', 'agriculture', 'industry', 'defence', 'education', 'health', 'science', 'justice', 'culture', 'administration', 'history')", name=op.f('ck_nomination_field_known')),
    sa.CheckConstraint("kind IN ('person', 'group')", name=op.f('ck_nomination_kind_known')),
    sa.CheckConstraint("state <> 'published' OR announced_at IS NOT NULL", name=op.f('ck_nomination_published_is_announced')),
    sa.CheckConstraint("state <> 'returned' OR (question <> '' AND return_due_at IS NOT NULL)", name=op.f('ck_nomination_returned_with_term')),
    sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR consent <> ''", name=op.f('ck_nomination_sent_with_consent')),
    sa.CheckConstraint("state IN ('draft', 'sent', 'confirmed', 'returned', 'accepted', 'commenting', 'voting', 'chosen', 'not_chosen', 'recommended', 'published', 'declined', 'merged', 'withdrawn')", name=op.f('ck_nomination_state_known')),
    sa.CheckConstraint("state IN ('draft', 'sent', 'returned', 'withdrawn') OR confirmed_at IS NOT NULL", name=op.f('ck_nomination_office_takes_confirmed')),
    sa.CheckConstraint("state NOT IN ('commenting', 'voting', 'chosen', 'not_chosen', 'recommended', 'published') OR comments_until IS NOT NULL", name=op.f('ck_nomination_public_has_commented')),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_by_id IS NULL)', name=op.f('ck_nomination_confirmed_by_somebody')),
    sa.CheckConstraint('birth_year BETWEEN 1900 AND 2100', name=op.f('ck_nomination_birth_year_possible')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> author_id', name=op.f('ck_nomination_two_people')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> edited_by_id', name=op.f('ck_nomination_editor_confirms_not')),
    sa.CheckConstraint('merged_into_id <> id', name=op.f('ck_nomination_not_into_itself')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_nomination_author_id_account')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_nomination_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['edited_by_id'], ['account.id'], name=op.f('fk_nomination_edited_by_id_account')),
    sa.ForeignKeyConstraint(['exemplar_id'], ['exemplar.id'], name=op.f('fk_nomination_exemplar_id_exemplar'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_into_id'], ['nomination.id'], name=op.f('fk_nomination_merged_into_id_nomination')),
    sa.ForeignKeyConstraint(['movement_id'], ['movement.id'], name=op.f('fk_nomination_movement_id_movement'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_nomination_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['quarter_id'], ['quarter.id'], name=op.f('fk_nomination_quarter_id_quarter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination')),
    sa.UniqueConstraint('exemplar_id', name=op.f('uq_nomination_exemplar_id'))
    )
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_name_folded'), ['name_folded'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_org_unit_id'), ['org_unit_id'], unique=False)
        batch_op.create_index('ix_nomination_quarter_state', ['quarter_id', 'state'], unique=False)

    op.create_table('nomination_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quarter_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_nomination_reminder_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['quarter_id'], ['quarter.id'], name=op.f('fk_nomination_reminder_quarter_id_quarter'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_reminder')),
    sa.UniqueConstraint('quarter_id', 'org_unit_id', 'occasion', name=op.f('uq_nomination_reminder_quarter_id_org_unit_id_occasion'))
    )
    with op.batch_alter_table('nomination_reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_reminder_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_reminder_org_unit_id'), ['org_unit_id'], unique=False)

    op.create_table('quarter_unit',
    sa.Column('quarter_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_quarter_unit_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['quarter_id'], ['quarter.id'], name=op.f('fk_quarter_unit_quarter_id_quarter'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('quarter_id', 'org_unit_id', name=op.f('pk_quarter_unit'))
    )
    with op.batch_alter_table('quarter_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarter_unit_org_unit_id'), ['org_unit_id'], unique=False)

    op.create_table('council_seat',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('full_name', sa.String(length=200), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('leads', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_council_seat_account_id_account')),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_council_seat_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['vote_id'], ['council_vote.id'], name=op.f('fk_council_seat_vote_id_council_vote')),
    sa.PrimaryKeyConstraint('vote_id', 'account_id', name=op.f('pk_council_seat'))
    )
    with op.batch_alter_table('council_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_council_seat_account_id'), ['account_id'], unique=False)

    op.create_table('nomination_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sender', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(noted_at IS NULL) = (note = '')", name=op.f('ck_nomination_comment_noted_has_moment')),
    sa.CheckConstraint("account_id IS NOT NULL OR (name <> '' AND contact <> '')", name=op.f('ck_nomination_comment_from_somebody')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_nomination_comment_account_id_account')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_comment_nomination_id_nomination'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['account.id'], name=op.f('fk_nomination_comment_noted_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_comment'))
    )
    with op.batch_alter_table('nomination_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_comment_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_comment_nomination_id'), ['nomination_id'], unique=False)
        batch_op.create_index('ix_nomination_comment_sender', ['sender', 'sent_at'], unique=False)

    op.create_table('nomination_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('minutes', 'report', 'consent', 'achievement', 'portrait', 'other')", name=op.f('ck_nomination_evidence_kind_known')),
    sa.CheckConstraint("media_type IN ('application/pdf', 'image/png', 'image/jpeg')", name=op.f('ck_nomination_evidence_media_type_known')),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_nomination_evidence_added_by_id_account')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_evidence_nomination_id_nomination'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_evidence')),
    sa.UniqueConstraint('nomination_id', 'digest', name=op.f('uq_nomination_evidence_nomination_id_digest'))
    )
    op.create_table('nomination_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('from_state', sa.String(length=12), nullable=False),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("to_state IN ('draft', 'sent', 'confirmed', 'returned', 'accepted', 'commenting', 'voting', 'chosen', 'not_chosen', 'recommended', 'published', 'declined', 'merged', 'withdrawn')", name=op.f('ck_nomination_step_state_known')),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_nomination_step_actor_id_account')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_step_nomination_id_nomination'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_step'))
    )
    with op.batch_alter_table('nomination_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_step_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_step_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('vote_paper',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('may_vote', sa.Integer(), nullable=True),
    sa.Column('agree', sa.Integer(), nullable=True),
    sa.Column('disagree', sa.Integer(), nullable=True),
    sa.Column('other', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.CheckConstraint("outcome IN ('chosen', 'not_chosen', 'no_quorum')", name=op.f('ck_vote_paper_outcome_known')),
    sa.CheckConstraint('agree + disagree + other <= may_vote', name=op.f('ck_vote_paper_no_more_than_may_vote')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_vote_paper_nomination_id_nomination')),
    sa.ForeignKeyConstraint(['vote_id'], ['council_vote.id'], name=op.f('fk_vote_paper_vote_id_council_vote')),
    sa.PrimaryKeyConstraint('vote_id', 'nomination_id', name=op.f('pk_vote_paper'))
    )
    with op.batch_alter_table('vote_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_paper_nomination_id'), ['nomination_id'], unique=False)

    op.create_table('ballot_box',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('ballots', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['vote_id', 'nomination_id'], ['vote_paper.vote_id', 'vote_paper.nomination_id'], name='fk_ballot_box_paper'),
    sa.PrimaryKeyConstraint('vote_id', 'nomination_id', name=op.f('pk_ballot_box'))
    )
    op.create_table('open_ballot',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('choice', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("choice IN ('agree', 'disagree', 'other')", name=op.f('ck_open_ballot_choice_known')),
    sa.ForeignKeyConstraint(['vote_id', 'account_id'], ['council_seat.vote_id', 'council_seat.account_id'], name='fk_open_ballot_seat'),
    sa.ForeignKeyConstraint(['vote_id', 'nomination_id'], ['vote_paper.vote_id', 'vote_paper.nomination_id'], name='fk_open_ballot_paper'),
    sa.PrimaryKeyConstraint('vote_id', 'nomination_id', 'account_id', name=op.f('pk_open_ballot'))
    )
    op.create_table('vote_conflict',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('declared_on', sa.Date(), nullable=True),
    sa.CheckConstraint("cause IN ('unit', 'author', 'nominee', 'declared')", name=op.f('ck_vote_conflict_cause_known')),
    sa.ForeignKeyConstraint(['vote_id', 'account_id'], ['council_seat.vote_id', 'council_seat.account_id'], name='fk_vote_conflict_seat'),
    sa.ForeignKeyConstraint(['vote_id', 'nomination_id'], ['vote_paper.vote_id', 'vote_paper.nomination_id'], name='fk_vote_conflict_paper'),
    sa.PrimaryKeyConstraint('vote_id', 'nomination_id', 'account_id', name=op.f('pk_vote_conflict'))
    )
    op.create_table('vote_turnout',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['vote_id', 'account_id'], ['council_seat.vote_id', 'council_seat.account_id'], name='fk_vote_turnout_seat'),
    sa.PrimaryKeyConstraint('vote_id', 'account_id', name=op.f('pk_vote_turnout'))
    )
    _guard()


def downgrade() -> None:
    raise RuntimeError("nominations and votes are not thrown away; restore the backup made before the upgrade")
