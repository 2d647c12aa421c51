"""guard rows that must never change

The journal only grows, the wording of an item version is fixed, a frozen pool stays frozen, and the standings of a result
sheet are never edited. Services keep to this anyway; the triggers keep everybody else to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDING = (
    "item_id, number, kind, stem, options, key, topic, level, explanation, document_id, article, clause, point, "
    "valid_from, valid_until, exemplar, source, author_id, created_at"
)

# name → (table, event, condition on OLD or none)
GUARDS = {
    "journal_no_update": ("journal", "UPDATE", None),
    "journal_no_delete": ("journal", "DELETE", None),
    "item_version_fixed_wording": ("item_version", f"UPDATE OF {WORDING}", None),
    "item_version_no_delete": ("item_version", "DELETE", None),
    "pool_no_update": ("pool", "UPDATE", None),
    "pool_no_delete": ("pool", "DELETE", None),
    "standing_no_update": ("standing", "UPDATE", None),
    "standing_of_sheet_no_delete": (
        "standing",
        "DELETE",
        "(SELECT kind FROM ranking WHERE ranking.id = OLD.ranking_id) = 'sheet'",
    ),
}


def upgrade() -> None:
    op.execute(sa.text(f"INSERT INTO journal_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')"))
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            # two conditions, not one: OLD.ranking_id may only be named for tables that have it
            "BEGIN IF TG_NARGS > 0 THEN IF (SELECT kind FROM ranking WHERE id = OLD.ranking_id) IS DISTINCT FROM 'sheet' "
            "THEN RETURN OLD; END IF; END IF; "
            "RAISE EXCEPTION 'rows of % are fixed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name, (table, event, condition) in GUARDS.items():
        if postgresql:
            argument = "'sheet'" if condition else ""
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change({argument})"
            )
        else:
            when = f"WHEN {condition} " if condition else ""
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def downgrade() -> None:
    for name, (table, _event, _condition) in GUARDS.items():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.execute("DELETE FROM journal_head")
