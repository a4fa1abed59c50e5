"""Add to each held revision the code of the reason, and the order in the council's own chain that tells it to the laptops.

Revisions that are held already get their order when the council next starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns, and the index that finds the held revisions without an order."""
    op.add_column("held", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.add_column("held", sa.Column("ordered_by", sa.String(), nullable=True))
    op.create_index("held_ordered_by", "held", ["ordered_by"])
