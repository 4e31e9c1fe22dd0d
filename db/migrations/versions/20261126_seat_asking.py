"""Which registration and which date a button asks about, and why a training was called off."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("asking", sa.Integer(), server_default="0", nullable=False))
    op.add_column("training", sa.Column("why_off", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column("training", "why_off")
    op.drop_column("seat", "asking")
