"""Opportunities, who is told of them, what they answer and wish for, and feeds."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("looked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("etag", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("modified", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("told_trouble_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("stopped_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_feed_next_at", "feed", ["next_at"])
    op.create_index("ix_feed_office", "feed", ["office"])

    op.create_table(
        "opportunity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "buyer", "fair", "tender", "export", "contest", name="opportunitykind", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sought", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("products", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("market", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("needs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("is_strict", sa.Boolean(), nullable=False),
        sa.Column("kecamatan", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("deadline", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("link", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("file", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "scheduled",
                "open",
                "closed",
                "withdrawn",
                "dropped",
                name="opportunitystate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("publish_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("why_closed", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("sweep", sa.BigInteger(), nullable=True),
        sa.Column("is_outdated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("is_invented", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_opportunity_deadline", "opportunity", ["state", "deadline"])
    op.create_index("ix_opportunity_office", "opportunity", ["office"])
    op.create_index("ix_opportunity_state", "opportunity", ["state"])

    op.create_table(
        "opportunity_mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("owed", "sent", "uncertain", "failed", name="mailstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("has_file", sa.Boolean(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_opportunity_mail_is_stale", "opportunity_mail", ["is_stale"])
    op.create_index("ix_opportunity_mail_made_at", "opportunity_mail", ["made_at"])
    op.create_index("ix_opportunity_mail_person", "opportunity_mail", ["person_id", "made_at"])
    op.create_index("ix_opportunity_mail_state", "opportunity_mail", ["state"])

    op.create_table(
        "wishes",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("products", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("markets", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kinds", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kecamatan", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rhythm", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("quiet", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("ix_wishes_is_changed", "wishes", ["is_changed"])
    op.create_table(
        "feed_item",
        sa.Column("feed_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feed.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunity.id"],
        ),
        sa.PrimaryKeyConstraint("feed_id", "key"),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("interested", "declined", "withdrawn", name="interestanswer", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("may_share", sa.Boolean(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("new", "passed_on", "chosen", "not_chosen", name="standing", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("standing_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("told_end_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("orders", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("orders_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("opportunity_id", "person_id"),
    )
    op.create_index("ix_interest_answer", "interest", ["opportunity_id", "answer"])
    op.create_index("ix_interest_asked", "interest", ["standing", "asked_at", "standing_at"])
    op.create_index("ix_interest_person_id", "interest", ["person_id"])

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "owed", "told", "skipped", name="noticestate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("mail_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["opportunity_mail.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("opportunity_id", "person_id"),
    )
    op.create_index("ix_notice_due", "notice", ["state", "due_at", "person_id"])
    op.create_index("ix_notice_mail_id", "notice", ["mail_id"])
    op.create_index("ix_notice_person", "notice", ["person_id", "state"])
    op.create_index("ix_notice_told", "notice", ["opportunity_id", "state", "told_at"])

    op.add_column("delivery", sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("profile", sa.Column("nib", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("profile", sa.Column("halal", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("profile", sa.Column("pirt", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("profile", sa.Column("capacity", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column("profile", "capacity")
    op.drop_column("profile", "pirt")
    op.drop_column("profile", "halal")
    op.drop_column("profile", "nib")
    op.drop_column("delivery", "expires_at")

    op.drop_index("ix_notice_told", table_name="notice")
    op.drop_index("ix_notice_person", table_name="notice")
    op.drop_index("ix_notice_mail_id", table_name="notice")
    op.drop_index("ix_notice_due", table_name="notice")

    op.drop_table("notice")
    op.drop_index("ix_interest_person_id", table_name="interest")
    op.drop_index("ix_interest_asked", table_name="interest")
    op.drop_index("ix_interest_answer", table_name="interest")

    op.drop_table("interest")
    op.drop_table("feed_item")
    op.drop_index("ix_wishes_is_changed", table_name="wishes")
    op.drop_table("wishes")
    op.drop_index("ix_opportunity_mail_state", table_name="opportunity_mail")
    op.drop_index("ix_opportunity_mail_person", table_name="opportunity_mail")
    op.drop_index("ix_opportunity_mail_made_at", table_name="opportunity_mail")
    op.drop_index("ix_opportunity_mail_is_stale", table_name="opportunity_mail")

    op.drop_table("opportunity_mail")
    op.drop_index("ix_opportunity_state", table_name="opportunity")
    op.drop_index("ix_opportunity_office", table_name="opportunity")
    op.drop_index("ix_opportunity_deadline", table_name="opportunity")

    op.drop_table("opportunity")
    op.drop_index("ix_feed_office", table_name="feed")
    op.drop_index("ix_feed_next_at", table_name="feed")

    op.drop_table("feed")
