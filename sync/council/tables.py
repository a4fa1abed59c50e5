"""The council's tables: what is kept for ever, and what is only a reading of it.

Kept for ever, append only (the triggers of the migrations see to it): ``envelope`` (but for one that stands in
``evidence``), ``body`` (but for an erasure order, or where its revision left and the same text stands again), ``erased`` and
``evidence``. Projections of the council's own chain, rebuilt at will: ``seat``, ``revocation``, ``released``,
``mended``, and ``held`` where an order names it. The council's own notes: ``chain``, what of ``held`` waits for its
order, ``lacking``, ``tree``, ``invite``, ``token``, ``deposit``, ``unfinished``, ``asked``,
``stored``, ``challenged``. The same
tables stand in SQLite and in PostgreSQL. Must not hold a second list of a record's fields: bodies are bytes.
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
"""One row for each revision, in the bytes that were signed; ``at`` is when the council took it."""

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
"""The last link held of each seat; a push locks its row."""

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
"""Quarantine: authentic, kept, and shown to nobody but its author until it is released; it acts nowhere.

``code`` is the reason as the hold order gives it, ``reason`` in words for its author. ``ordered_by`` is None until the
council's own chain can be written on; an order may name what has not come yet.
"""

missing_bodies = Table("lacking", METADATA, Column("digest", String, primary_key=True))
"""Revisions that came from another's laptop after a restore, without their text, or whose text nothing in the folder opens."""

released = Table(
    "released", METADATA, Column("digest", String, primary_key=True), Column("ordered_by", String, nullable=False)
)

erased = Table(
    "erased", METADATA, Column("digest", String, primary_key=True), Column("ordered_by", String, nullable=False)
)
"""What an erasure order names; adding a row deletes the body, here and in the evidence, and keeps it from coming back."""

mended = Table(
    "mended",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("became", String, nullable=False),
    Column("ordered_by", String, nullable=False),
)
"""The revisions of the council's own chain that were left for another way of it; they lie in the evidence. ``became`` is the
revision that holds the same text now, '' where it was erased."""

tree = Table("tree", METADATA, Column("number", BigInteger, primary_key=True, autoincrement=False))
"""The trees of keys that texts were encrypted under, by number: a file of keys that lacks the newest is older than the store."""

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
"""Forks and revisions that are not authentic; ``digest`` is the revision that it says it is, whose erasure takes its text.
``id`` is the SHA-256 of what came, so the same comes in once. ``sealed`` is its text, as in ``body``.

``jws`` is empty where its person had filled what is kept of them: the digest alone shows later what it was.
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
"""Seats by their newest certificate, which is number ``number`` of the council's chain."""

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
"""Assertions that were used up, kept until they would have expired."""

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
"""The newest report of each seat's drafts (JSON of ``wire.Unfinished``), which holds no words; ``at`` is when it came."""

asked = Table(
    "asked",
    METADATA,
    Column("who", String, primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How often an address or a seat asked in a minute since 1970, as far as it is told (``limits``); kept for that minute."""

stored = Table(
    "stored",
    METADATA,
    Column("person", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)
"""How much of a person's writing came on a day (UTC), for the limit in the settings; kept for that day."""

challenged = Table("challenged", METADATA, Column("seat", String, primary_key=True))
"""Seats that have answered a challenge when they proved themselves, and so always do."""

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
"""What a program of before wrote in the clear, for as long as it is being encrypted (``bodies.seal_plain``)."""

schema_mark = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

TRIGGERS = frozenset(
    {f"{table}_{act}" for table in ("envelope", "erased", "evidence") for act in ("insert", "update", "delete")}
    | {"body_insert", "body_update", "body_delete", "erased_takes_body"}
)
"""The triggers that must be there after every migration (PostgreSQL has ``_truncate`` ones besides)."""

TRUNCATE_TRIGGERS = frozenset(f"{table}_truncate" for table in ("envelope", "body", "erased", "evidence"))
