"""Checks that what a record says of other records is true: a version belongs to the record named, a row to its list.

A kind lists its checks as ``agrees``. The laptop that writes a record refuses it if a check fails. The council holds back a
revision of another program that fails, and ``doctor`` reports failures in both stores. Nothing can be checked against
revisions that are not here; the caller decides what that means. Must not know a kind.
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
"""The actions of revisions that can be read and signed."""


def disagreements(kind: Kind, body: Fields, others: Others, author: str) -> list[Disagreement]:
    """The untrue statements of a body about other records; ``author`` is who wrote the body."""
    record = kind.read(body)
    return [disagreement for check in kind.agrees for disagreement in check(record, others, author)]


def versions_agree(field: str, digests: Collection[str], record: str, others: Others) -> Iterator[Disagreement]:
    """Check that digests name finished or amended revisions of a record."""
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
    """A record as it was at a version, empty if the text of that version is not here."""
    known = {revision.digest: revision for revision in others.revisions(record)}
    return seen(known, digests, kind, others.without_effect(record))


def row_ever(record: str, name: str, row: str, others: Others, kind: Kind) -> bool:
    """Whether a list of a record ever had a row; True if no text of the record is here."""
    held = others.without_effect(record)
    part = [revision for revision in others.revisions(record) if revision.digest not in held]
    bodies = [body for revision in part if (body := _content(revision, kind)) is not None]
    return not bodies or any(row in rows_by_id(body.fields.get(name)) for body in bodies)


def _content(revision: Revision, kind: Kind) -> Body | None:
    """The content of a revision, None if its text is not here or cannot be read."""
    try:
        return body_of(revision, kind)
    except (Tampered, RecursionError):
        return None


def first_author(revisions: Sequence[Revision]) -> str:
    """The first author of a record: that of the revision without parents."""
    return min(revisions, key=lambda revision: (bool(revision.envelope.parents), revision.digest)).envelope.author


def disagreeing(kind: Kind, record: str, body: Fields, author: str, others: Others) -> str:
    """What ``doctor`` says of a record with an untrue statement about another, without quoting it; '' if there is none."""
    untrue_statements = disagreements(kind, body, others, author)
    labels = dict.fromkeys(kind.by_name[wrong.field.partition("/")[0]].label for wrong in untrue_statements)
    if not labels:
        return ""
    named = ", ".join(f"‘{label}’" for label in labels)
    return f"{_called(kind, record)} does not agree with the record it is for: {named}."


def amending(revisions: Iterable[Revision], kind: Kind) -> frozenset[str]:
    """The revisions (digests) that amend a record of a kind that nobody may amend.

    Args:
        revisions: the revisions that have effect, in their order: the first without parents is the record
            as it was given, and of each row the first version counts. A revision without its text is left out, and one that repeats
            what its author wrote before: a new seat writes again what its former seat had sent.
        kind: the record's kind.
    """
    is_begun = False
    rows, amendments, before = set[str](), set[str](), set[tuple[str, str]]()
    for revision in sorted(revisions, key=lambda revision: bool(revision.envelope.parents)):
        body = _content(revision, kind) if revision.envelope.action != "countersign" else None
        by_whom = (revision.envelope.author, revision.envelope.body)
        if body is None or by_whom in before or (revision.envelope.parents and not body.changed):
            continue
        body_rows = {
            f"{name}/{row}"
            for name, field in kind.by_name.items()
            if field.options.grows
            for row in rows_by_id(body.fields.get(name))
        }
        if not is_begun and not revision.envelope.parents:
            is_begun = True
        elif not is_growth(kind, revision.envelope, body, rows.__contains__):
            amendments.add(revision.digest)
            continue
        rows |= body_rows
        before.add(by_whom)
    return frozenset(amendments)


def amended_words(kind: Kind, record: str) -> str:
    """What ``doctor`` says of a record that was amended although nobody may amend it."""
    return f"{_called(kind, record)} was amended, which nobody may."


def _called(kind: Kind, record: str) -> str:
    return f"{kind.label} {identity.reference(kind.reference_prefix, record)}"
