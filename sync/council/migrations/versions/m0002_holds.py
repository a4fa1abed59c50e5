"""What is held back says why by a code, and which order in the council's own chain says so to the laptops.

What lies in quarantine already gets its order when the council next starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns, and the index by which those without an order are found."""
    op.add_column("held", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.add_column("held", sa.Column("ordered_by", sa.String(), nullable=True))
    op.create_index("held_ordered_by", "held", ["ordered_by"])
