"""Officers, their groups, the audit, and what the clock did."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Whoever reaches the tables past our code meets the same rule.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END",
        "CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is never deleted'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is never changed or deleted'; END $$",
        "CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    ),
}
FORGET_IT = {
    "sqlite": ("DROP TRIGGER audit_not_changed", "DROP TRIGGER audit_not_deleted"),
    "postgresql": ("DROP TRIGGER audit_is_append_only ON audit", "DROP FUNCTION audit_is_append_only()"),
}


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role", sa.Enum("admin", "officer", "reader", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("appointed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("appointed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointed_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "appointment_link",
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "role", sa.Enum("admin", "officer", "reader", name="role", native_enum=False, length=20), nullable=False
        ),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["used_by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "staff_group",
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("bound_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bound_by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("office"),
    )
    op.create_index("ix_staff_group_chat_id", "staff_group", ["chat_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("deed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor_id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "house_rule",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "occurrence",
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("what", "at"),
    )
    op.add_column("delivery", sa.Column("about_id", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("document", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_delivery_about_id", "delivery", ["about_id"])
    for column in ("is_forum", "may_manage_topics", "may_delete_messages"):
        op.add_column("group_chat", sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in FORGET_IT[op.get_bind().dialect.name]:
        op.execute(statement)
    for column in ("may_delete_messages", "may_manage_topics", "is_forum"):
        op.drop_column("group_chat", column)
    op.drop_index("ix_delivery_about_id", "delivery")
    op.drop_column("delivery", "document")
    op.drop_column("delivery", "about_id")
    op.drop_table("occurrence")
    op.drop_table("house_rule")
    op.drop_table("audit")
    op.drop_table("staff_group")
    op.drop_table("appointment_link")
    op.drop_table("officer")
