"""guard sign-off: no word on a published sheet, no sheet born published unsigned; who answers a complaint, and by what sheet"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ASKED = (
    "(SELECT coalesce({field}, 0) FROM contest c JOIN division d ON d.contest_id = c.id WHERE d.id = NEW.division_id)"
)


def upgrade() -> None:
    for column, table in (("version_id", "item_version"), ("assigned_to_id", "account"), ("sheet_id", "ranking")):
        # by hand: a table made anew, as Alembic does on SQLite, would lose its triggers
        op.execute(
            f"ALTER TABLE complaint ADD COLUMN {column} INTEGER CONSTRAINT fk_complaint_{column}_{table} REFERENCES {table} (id)"
        )
    op.create_index("ix_complaint_version_id", "complaint", ["version_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER complaint_fixed_version BEFORE UPDATE OF version_id ON complaint FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            # the row of the sheet is locked, so that it is not published in the same moment
            "CREATE FUNCTION refuse_after_publication() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM ranking WHERE id = NEW.ranking_id FOR UPDATE; "
            "IF (SELECT published_at FROM ranking WHERE id = NEW.ranking_id) IS NOT NULL THEN "
            "RAISE EXCEPTION 'the sheet is published' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER sheet_signature_before_publication BEFORE INSERT OR UPDATE ON sheet_signature FOR EACH ROW "
            "EXECUTE FUNCTION refuse_after_publication()"
        )
        asked = ASKED.format(field="(c.rules->>'signing_judges')::int")
        op.execute(
            "CREATE FUNCTION refuse_born_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {asked} > 0 THEN RAISE EXCEPTION 'a sheet without its signatures is not published' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER ranking_not_born_published BEFORE INSERT ON ranking FOR EACH ROW "
            "WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION refuse_born_published()"
        )
    else:
        op.execute(
            "CREATE TRIGGER complaint_fixed_version BEFORE UPDATE OF version_id ON complaint "
            "BEGIN SELECT RAISE(ABORT, 'rows of complaint are fixed'); END"
        )
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER sheet_signature_before_publication_{event.lower()} BEFORE {event} ON sheet_signature "
                "WHEN (SELECT published_at FROM ranking WHERE id = NEW.ranking_id) IS NOT NULL "
                "BEGIN SELECT RAISE(ABORT, 'the sheet is published'); END"
            )
        asked = ASKED.format(field="json_extract(c.rules, '$.signing_judges')")
        op.execute(
            "CREATE TRIGGER ranking_not_born_published BEFORE INSERT ON ranking "
            f"WHEN NEW.published_at IS NOT NULL AND {asked} > 0 "
            "BEGIN SELECT RAISE(ABORT, 'a sheet without its signatures is not published'); END"
        )


def downgrade() -> None:
    raise RuntimeError("signatures and complaints are not thrown away; restore the backup made before the upgrade")
