"""The council's tables: permanent ones, projections of the council's own chain, and notes.

Permanent and append-only, as the triggers of the migrations enforce: ``envelope``, ``body``, ``erased`` and ``evidence``. A row
of ``envelope`` can be deleted only if ``evidence`` has it. A row of ``body`` can be deleted only by an erasure order, or after a
mending has stored the same text again. Projections of the council's own chain, which can be rebuilt: ``seat``, ``revocation``,
``released``, ``mended``, and the rows of ``held`` that an order names. Notes: ``chain``, the rows of ``held`` that wait for
their order, ``lacking``, ``tree``, ``invite``, ``token``, ``deposit``, ``unfinished``, ``asked``, ``stored`` and ``challenged``.
SQLite and PostgreSQL have the same tables. Must not hold a second list of a record's fields: bodies are bytes.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table, UniqueConstraint

METADATA = MetaData()

envelope = Table(
    "envelope",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("seat", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("record", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("jws", String, nullable=False),
    Column("at", String, nullable=False),
    UniqueConstraint("seat", "number", name="envelope_place"),
    Index("envelope_record", "kind", "record"),
)
"""One row for each revision, with the bytes that were signed; ``at`` is when the council stored it."""

body = Table(
    "body",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""Salt and body of each revision, encrypted (``bodies``)."""

chain = Table(
    "chain",
    METADATA,
    Column("seat", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("digest", String, nullable=False),
)
"""The last stored link of each seat's chain; a push locks the seat's row."""

held = Table(
    "held",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
    Column("code", String, nullable=False, server_default=""),
    Column("ordered_by", String),
    Index("held_ordered_by", "ordered_by"),
)
"""Authentic revisions that are held back: they have no effect, and only their author can see them until they are released.

``code`` is the reason in the hold order, ``reason`` the words for the author. ``ordered_by`` is None until the council can add
an order to its own chain. An order may name a revision that has not arrived yet.
"""

missing_bodies = Table("lacking", METADATA, Column("digest", String, primary_key=True))
"""Revisions without a readable text.

Another person's laptop sent them after a restore without their text, or no key in the folder decrypts it.
"""

released = Table(
    "released", METADATA, Column("digest", String, primary_key=True), Column("ordered_by", String, nullable=False)
)

erased = Table(
    "erased", METADATA, Column("digest", String, primary_key=True), Column("ordered_by", String, nullable=False)
)
"""Revisions that an erasure order names; a new row deletes the text, also from the evidence, and prevents storing it again."""

mended = Table(
    "mended",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("became", String, nullable=False),
    Column("ordered_by", String, nullable=False),
)
"""Revisions of the council's own chain that a mending replaced; ``evidence`` has them.

``became`` is the revision that has the same text now, '' if the text was erased.
"""

tree = Table("tree", METADATA, Column("number", BigInteger, primary_key=True, autoincrement=False))
"""The numbers of the key trees that encrypted texts: a key file without the newest of them is older than the store."""

evidence = Table(
    "evidence",
    METADATA,
    Column("id", String, primary_key=True),
    Column("seat", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("jws", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("reason", String, nullable=False),
    Column("pushed_by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("digest", String, nullable=False, server_default=""),
    Index("evidence_digest", "digest"),
)
"""Refused revisions: forks, and revisions that are not authentic.

``digest`` is the revision that a piece claims to be; an erasure of that revision erases the piece's text. ``id`` is the SHA-256
of the bytes that arrived, so the same piece is stored once. ``sealed`` is the text, as in ``body``. ``jws`` is empty if the
person's laptops had reached the limit of evidence: then only the digest is stored.
"""

seat = Table(
    "seat",
    METADATA,
    Column("seat", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("device", String, nullable=False),
    Column("laptop", String, nullable=False),
    Column("key", String, nullable=False),
    Column("wire_key", String, nullable=False),
    Column("continues", String, nullable=False),
    Column("certificate", String, nullable=False),
    Column("number", BigInteger, nullable=False),
)
"""Seats as their newest certificates describe them; ``number`` is the certificate's number in the council's own chain."""

revocation = Table(
    "revocation",
    METADATA,
    Column("seat", String, primary_key=True),
    Column("after", BigInteger, nullable=False),
    Column("ordered_by", String, nullable=False),
)

invite = Table(
    "invite",
    METADATA,
    Column("secret", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used_by", String),
)
"""One-time codes by the keyed SHA-256 of their secret (``enrolment``); ``expires`` in seconds since 1970."""

token = Table(
    "token",
    METADATA,
    Column("seat", String, primary_key=True),
    Column("jti", String, primary_key=True),
    Column("expires", BigInteger, nullable=False),
)
"""Assertions that were used, stored until they would have expired."""

deposit = Table(
    "deposit", METADATA, Column("seat", String, primary_key=True), Column("recovery", String, nullable=False)
)

unfinished = Table(
    "unfinished",
    METADATA,
    Column("seat", String, primary_key=True),
    Column("report", String, nullable=False),
    Column("at", String, nullable=False),
)
"""The newest report of each seat's drafts (JSON of ``UnfinishedHere``), without any typed words; ``at`` is when it arrived."""

asked = Table(
    "asked",
    METADATA,
    Column("who", String, primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How many requests of an address or a seat the processes reported for a minute since 1970 (``limits``).

A row is stored for that minute only.
"""

stored = Table(
    "stored",
    METADATA,
    Column("person", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)
"""How many bytes were stored for a person on a day (UTC), for the limit in the settings; a row is stored for that day only."""

challenged = Table("challenged", METADATA, Column("seat", String, primary_key=True))
"""Seats that have answered a challenge in a proof; every later proof of theirs must answer one."""

_BEFORE = MetaData()
plain_body = Table(
    "plain_body",
    _BEFORE,
    Column("digest", String, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
plain_evidence = Table(
    "plain_evidence",
    _BEFORE,
    *(Column(column.name, column.type) for column in evidence.c if column.name != "sealed"),
    Column("salt", LargeBinary),
    Column("body", LargeBinary),
)
"""Texts that an older version stored unencrypted, until they are encrypted (``bodies.seal_plain``)."""

schema_mark = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

TRIGGERS = frozenset(
    {f"{table}_{act}" for table in ("envelope", "erased", "evidence") for act in ("insert", "update", "delete")}
    | {"body_insert", "body_update", "body_delete", "erased_takes_body"}
)
"""The triggers that must exist after every migration; PostgreSQL also has ``TRUNCATE_TRIGGERS``."""

TRUNCATE_TRIGGERS = frozenset(f"{table}_truncate" for table in ("envelope", "body", "erased", "evidence"))
