"""recognition: prizes of units, papers that keep what they print, reissue, images of seals, files of many certificates"""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CHECKS = {
    "revoke_cause_known": "revoke_cause IN ('wrong_details', 'result_changed', 'rules_broken', 'other')",
    "revoked_with_reason": "revoked_at IS NULL OR revoke_reason <> ''",
    "revoked_with_cause": "(revoked_at IS NULL) = (revoke_cause IS NULL)",
}

FIXED = (
    "award_id, code, year, register_number, issued_at, issued_on, name, name_folded, belongs_to, printed, replaces_id"
)
# name → (table, event, condition on OLD or none)
GUARDS = {
    "decision_no_update": ("decision", "UPDATE", None),
    "decision_no_delete": ("decision", "DELETE", None),
    "award_no_update": ("award", "UPDATE", None),
    "award_no_delete": ("award", "DELETE", None),
    "certificate_fixed": ("certificate", f"UPDATE OF {FIXED}", None),
    "certificate_revoked_once": (
        "certificate",
        "UPDATE OF revoked_at, revoke_cause, revoke_decision, revoke_reason",
        "OLD.revoked_at IS NOT NULL",
    ),
    "certificate_replaced_once": ("certificate", "UPDATE OF is_replaced", "OLD.is_replaced"),
    "certificate_no_delete": ("certificate", "DELETE", None),
}

ISSUED = """
SELECT c.id, e.full_name, e.belongs_to, a.tier_name, d.number, d.signed_on, d.place_name, d.signer_name, d.signer_title,
  d.organization, contest.title, division.name AS division, round.name AS round
FROM certificate c JOIN award a ON a.id = c.award_id JOIN decision d ON d.id = a.decision_id JOIN entry e ON e.id = a.entry_id
JOIN contest ON contest.id = d.contest_id JOIN ranking ON ranking.id = d.ranking_id
JOIN division ON division.id = ranking.division_id LEFT JOIN round ON round.id = ranking.round_id
"""


def upgrade() -> None:
    with op.batch_alter_table("decision") as table:
        table.alter_column("ranking_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("unit_sheet_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("template", sa.String(length=20), nullable=False, server_default="certificate"))
        table.create_foreign_key(op.f("fk_decision_unit_sheet_id_unit_sheet"), "unit_sheet", ["unit_sheet_id"], ["id"])
        table.create_unique_constraint(op.f("uq_decision_unit_sheet_id"), ["unit_sheet_id"])
        table.create_check_constraint(op.f("ck_decision_of_one_sheet"), "(ranking_id IS NULL) <> (unit_sheet_id IS NULL)")
        table.create_check_constraint(op.f("ck_decision_template_known"), "template IN ('certificate', 'commendation')")
    with op.batch_alter_table("decision") as table:
        table.alter_column("template", existing_type=sa.String(length=20), server_default=None)
    with op.batch_alter_table("award") as table:
        table.alter_column("entry_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_award_unit_id_org_unit"), "org_unit", ["unit_id"], ["id"])
        table.create_unique_constraint(op.f("uq_award_decision_id_unit_id"), ["decision_id", "unit_id"])
        table.create_check_constraint(op.f("ck_award_to_one"), "(entry_id IS NULL) <> (unit_id IS NULL)")
        table.create_index(op.f("ix_award_unit_id"), ["unit_id"])
    _widen_certificates()
    op.create_table(
        "print_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('seal', 'signature')", name=op.f("ck_print_image_kind_known")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_print_image_added_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_image")),
    )
    op.create_table(
        "print_choice",
        sa.Column("decision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_print_choice_decision_id_decision")),
        sa.ForeignKeyConstraint(["seal_id"], ["print_image.id"], name=op.f("fk_print_choice_seal_id_print_image")),
        sa.ForeignKeyConstraint(["signature_id"], ["print_image.id"], name=op.f("fk_print_choice_signature_id_print_image")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_print_choice")),
    )
    op.create_index(op.f("ix_print_choice_seal_id"), "print_choice", ["seal_id"])
    op.create_index(op.f("ix_print_choice_signature_id"), "print_choice", ["signature_id"])
    op.create_table(
        "print_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_print_file_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_file")),
    )
    op.create_index(op.f("ix_print_file_decision_id"), "print_file", ["decision_id"])
    _guard()


def _widen_certificates() -> None:
    checks = tuple(sa.CheckConstraint(condition, name=op.f(f"ck_certificate_{name}")) for name, condition in CHECKS.items())
    with op.batch_alter_table("certificate", table_args=checks) as table:
        table.drop_constraint(op.f("uq_certificate_award_id"), type_="unique")
        table.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("name", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("name_folded", sa.String(length=400), nullable=True))
        table.add_column(sa.Column("belongs_to", sa.String(length=300), nullable=True))
        table.add_column(sa.Column("printed", sa.JSON(), nullable=True))
        table.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("is_replaced", sa.Boolean(), nullable=False, server_default=sa.false()))
    _write_what_is_printed()
    with op.batch_alter_table("certificate", table_args=checks) as table:
        for name, kind in (
            ("issued_on", sa.Date()), ("name", sa.String(length=200)), ("name_folded", sa.String(length=400)),
            ("belongs_to", sa.String(length=300)), ("printed", sa.JSON()),
        ):  # fmt: skip
            table.alter_column(name, existing_type=kind, nullable=False)
        table.alter_column("is_replaced", existing_type=sa.Boolean(), server_default=None)
        table.create_foreign_key(op.f("fk_certificate_replaces_id_certificate"), "certificate", ["replaces_id"], ["id"])
        table.create_unique_constraint(op.f("uq_certificate_replaces_id"), ["replaces_id"])
        table.create_check_constraint(
            op.f("ck_certificate_revoked_before_replaced"), "NOT is_replaced OR revoked_at IS NOT NULL"
        )
    op.create_index(op.f("ix_certificate_award_id"), "certificate", ["award_id"])
    stands = sa.text("NOT is_replaced")
    op.create_index(
        "uq_certificate_of_award", "certificate", ["award_id"], unique=True, sqlite_where=stands, postgresql_where=stands
    )


def _write_what_is_printed() -> None:
    """What was looked up at each download becomes the certificate's own."""
    connection = op.get_bind()
    for row in connection.execute(sa.text(ISSUED)).all():
        printed = {
            "template": "certificate", "organization": row.organization, "prize": row.tier_name,
            "of": " · ".join([row.division, *([row.round] if row.round else [])]), "contest": row.title,
            "decision": row.number, "decided_on": str(row.signed_on), "place_name": row.place_name,
            "signer_title": row.signer_title, "signer_name": row.signer_name, "reissue": 0,
        }  # fmt: skip
        connection.execute(
            sa.text(
                "UPDATE certificate SET issued_on = :day, name = :name, name_folded = :folded, belongs_to = :belongs_to, "
                "printed = :printed WHERE id = :id"
            ),
            {
                "id": row.id, "day": row.signed_on, "name": row.full_name, "folded": _folded(row.full_name),
                "belongs_to": row.belongs_to, "printed": json.dumps(printed, ensure_ascii=False),
            },
        )  # fmt: skip


def _folded(name: str) -> str:
    apart = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def _guard() -> None:
    for name, (table, event, condition) in GUARDS.items():
        when = f"WHEN ({condition}) " if condition else ""
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are fixed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("decisions and certificates are not thrown away; restore the backup made before the upgrade")
