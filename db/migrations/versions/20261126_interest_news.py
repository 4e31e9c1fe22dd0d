"""What waits to be told of an interest, and how far it had come when it was taken back."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    standing = sa.Enum("new", "passed_on", "chosen", "not_chosen", name="standing", native_enum=False, length=20)
    op.add_column("interest", sa.Column("left_as", standing, nullable=True))
    op.add_column("interest", sa.Column("news", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("interest", sa.Column("news_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_interest_news_at", "interest", ["news_at"])


def downgrade() -> None:
    op.drop_index("ix_interest_news_at", table_name="interest")
    op.drop_column("interest", "news_at")
    op.drop_column("interest", "news")
    op.drop_column("interest", "left_as")
