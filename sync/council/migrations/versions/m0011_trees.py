"""Add the table of the key trees that encrypted texts; it shows whether the key file is older than the store."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and fill it from the first four bytes of each text."""
    table = op.create_table("tree", sa.Column("number", sa.BigInteger(), primary_key=True, nullable=False))
    first = "substr(sealed, 1, 4)"
    rows = op.get_bind().execute(sa.text(f"SELECT {first} FROM body GROUP BY {first}")).scalars()
    op.bulk_insert(table, [{"number": int.from_bytes(bytes(prefix))} for prefix in rows])
