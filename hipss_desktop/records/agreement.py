"""What a record says of others must be so: that a version it names is one of that record, a row one of its list.

A kind gives its checks as ``agrees``. The same checks refuse on the laptop where the record is written, hold back at the
council what another program wrote, and are what ``doctor`` says of both stores. Of what is not held here nothing can be said:
whether that counts is for the caller. Must not know a kind.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from hipss_desktop import identity
from hipss_desktop.errors import Tampered
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.fold import body_of, rows_by_id, seen
from hipss_desktop.records.growth import is_growth
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.others import Disagreement, Others
from hipss_desktop.records.revision import Body, Revision

CONTENT = ("finish", "amend")
"""What a revision does that may be read and signed."""


def disagreements(kind: Kind, body: Fields, others: Others, author: str) -> list[Disagreement]:
    """What a body says of other records and is not so; ``author`` is who wrote it."""
    record = kind.read(body)
    return [found for check in kind.agrees for found in check(record, others, author)]


def versions_agree(field: str, digests: Collection[str], record: str, others: Others) -> Iterator[Disagreement]:
    """Whether digests name finished or amended revisions of a record."""
    held = {revision.digest: revision for revision in others.revisions(record)}
    for digest in digests:
        if digest in held:
            if held[digest].envelope.action not in CONTENT:
                yield Disagreement(
                    field, "This names no version that can be read. Open the record and do it from there."
                )
        elif others.record_of(digest):
            yield Disagreement(field, "This names a version of another record. Open the record and do it from there.")
        else:
            yield Disagreement(field, "The version that this names is not here. Sync, and try again.", missing=True)


def as_seen(record: str, digests: Sequence[str], others: Others, kind: Kind) -> Fields:
    """A record as it was at a version, nothing where its text is not here."""
    known = {revision.digest: revision for revision in others.revisions(record)}
    return seen(known, digests, kind, others.without_effect(record))


def row_ever(record: str, name: str, row: str, others: Others, kind: Kind) -> bool:
    """Whether a list of a record ever had a row; where no text of the record is here nothing speaks against it."""
    held = others.without_effect(record)
    part = [revision for revision in others.revisions(record) if revision.digest not in held]
    bodies = [body for revision in part if (body := _content(revision, kind)) is not None]
    return not bodies or any(row in rows_by_id(body.fields.get(name)) for body in bodies)


def _content(revision: Revision, kind: Kind) -> Body | None:
    """What a revision says, None where its text is not here or cannot be read."""
    try:
        return body_of(revision, kind)
    except (Tampered, RecursionError):
        return None


def first_author(revisions: Sequence[Revision]) -> str:
    """Who wrote a record first: the author of the revision that comes after no other."""
    return min(revisions, key=lambda revision: (bool(revision.envelope.parents), revision.digest)).envelope.author


def disagreeing(kind: Kind, record: str, body: Fields, author: str, others: Others) -> str:
    """The sentence of ``doctor`` for a record that says of another what is not so, without any words of it; '' for a good one."""
    found = disagreements(kind, body, others, author)
    labels = dict.fromkeys(kind.by_name[wrong.field.partition("/")[0]].label for wrong in found)
    if not labels:
        return ""
    named = ", ".join(f"‘{label}’" for label in labels)
    return f"{_called(kind, record)} does not agree with the record it is for: {named}."


def amending(revisions: Iterable[Revision], kind: Kind) -> frozenset[str]:
    """Of a record of a kind that nobody may amend: the revisions (digests) that amend it all the same.

    Args:
        revisions: those that take part, in the order in which they count: the first that comes after nothing is the record
            as it was given, and a row stands as it was added first. One whose text is not here is left out, and one that says
            what its author said before: a seat that was begun again writes anew what its former seat had sent.
        kind: the record's kind.
    """
    given = False
    rows, found, before = set[str](), set[str](), set[tuple[str, str]]()
    for revision in sorted(revisions, key=lambda revision: bool(revision.envelope.parents)):
        body = _content(revision, kind) if revision.envelope.action != "countersign" else None
        by_whom = (revision.envelope.author, revision.envelope.body)
        if body is None or by_whom in before or (revision.envelope.parents and not body.changed):
            continue
        said = {
            f"{name}/{row}"
            for name, field in kind.by_name.items()
            if field.options.grows
            for row in rows_by_id(body.fields.get(name))
        }
        if not given and not revision.envelope.parents:
            given = True
        elif not is_growth(kind, revision.envelope, body, rows.__contains__):
            found.add(revision.digest)
            continue
        rows |= said
        before.add(by_whom)
    return frozenset(found)


def amended_words(kind: Kind, record: str) -> str:
    """What ``doctor`` says of such a record."""
    return f"{_called(kind, record)} was amended, which nobody may."


def _called(kind: Kind, record: str) -> str:
    return f"{kind.label} {identity.reference(kind.reference_prefix, record)}"
