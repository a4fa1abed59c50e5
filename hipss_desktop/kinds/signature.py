"""A signature: who signed which revision of a record, in what capacity, how, and who captured it; or why it is not signed.

It is a separate record, not a field, so that it is not copied into later versions. What outdates it is computed
(``rules.signatures``). Nobody amends a signature; it can only be withdrawn. Signing means that a person has read the
record, not that they agree with all of it. The person who captured it is the author of its revision.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Protocol

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records import strokes
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.agreement import as_seen, row_ever, versions_agree
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Finish, Kind, NewRecord
from hipss_desktop.records.others import Disagreement, Others

DRAWN, TYPED, REFUSED, ABSENT = "drawn", "typed", "refused", "absent"
SIGNED = (DRAWN, TYPED)
"""The ways to sign; the others say why it is not signed."""
AS_CARER, AS_MEMBER, AS_WORKER = "carer", "household", "worker"
"""The capacities in which people sign (``signature_capacity``)."""
BY_POST = "post"
COPY_WITHIN = timedelta(days=7)
"""The time within which a person who was absent gets the copy. No regulation sets it; the action's due time can be amended."""
LONGEST_NAME = 200


class OfAVisit(Protocol):
    """A record about one version of a visit to a household."""

    visit: str
    of: list[str]
    carer: str


def household_field() -> msgspec.Meta:
    """The field for the household that was visited."""
    return field("Carer household", refers_to="carer", subject=True, names="carer", required="Choose the household")


def is_drawn(signature: "Signature") -> bool:
    """Whether it was drawn by hand."""
    return signature.how == DRAWN


def is_typed(signature: "Signature") -> bool:
    """Whether a name was typed instead of drawn."""
    return signature.how == TYPED


def is_refused(signature: "Signature") -> bool:
    """Whether the person does not want to sign."""
    return signature.how == REFUSED


def is_absent(signature: "Signature") -> bool:
    """Whether the person was not there to sign."""
    return signature.how == ABSENT


def is_whole(signature: "Signature") -> bool:
    """Whether it contains what it claims: a readable drawing, or a typed name.

    Another program may have written one without either, or with a drawing that cannot be read.
    """
    if is_drawn(signature):
        return strokes.read(signature.strokes) is not None
    return bool(signature.typed.strip()) or not is_typed(signature)


class Signature(msgspec.Struct):
    """One person's signature for one revision of a record."""

    visit: Annotated[str, field("What is signed", refers_to="visit", required="Choose the visit that is signed")] = ""
    of: Annotated[
        list[str],
        field(
            "For which version",
            "More than one where two laptops amended it side by side",
            required="Enter which version is signed",
            searchable=False,
        ),
    ] = []
    carer: Annotated[str, household_field()] = ""
    member: Annotated[
        str, field("Member of the household", "As the household’s record names them", searchable=False)
    ] = ""
    practitioner: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("Who", names="carer", required="Enter whose signature it is")] = ""
    capacity: Annotated[
        str, field("As", choices="signature_capacity", required="Choose in what capacity they sign")
    ] = ""
    how: Annotated[str, field("How", choices="signature_how", required="Choose how it is signed")] = ""
    strokes: Annotated[
        str,
        field("Signature", format="strokes", shown_if=is_drawn, required="Sign in the box", searchable=False),
    ] = ""
    typed: Annotated[str, field("Name typed", names="carer", shown_if=is_typed, required="Type the name in full")] = ""
    reason: Annotated[
        str, field("Why not", lines=2, shown_if=is_refused, required="Enter why they do not want to sign")
    ] = ""
    copy_by: Annotated[
        str, field("The copy", choices="copy_by", shown_if=is_absent, required="Choose how they get the copy")
    ] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was", past=True)] = None


def is_one_person(signature: Signature, now: datetime) -> Iterable[Problem]:
    """Check that a signature is by a member of the household, or by one colleague."""
    if signature.capacity == AS_WORKER and not signature.practitioner:
        yield Problem("practitioner", "Choose the colleague who signs")
    if signature.capacity != AS_WORKER and not signature.member:
        yield Problem("member", "Choose the member of the household who signs")


def names_are_names(signature: Signature, now: datetime) -> Iterable[Problem]:
    """Check that a name, typed or not, is not too long."""
    for name in ("name", "typed"):
        if len(getattr(signature, name)) > LONGEST_NAME:
            yield Problem(name, f"Enter a name of at most {LONGEST_NAME} characters")


def of_its_visit(record: OfAVisit, others: Others, author: str) -> Iterator[Disagreement]:
    """Check that a record is for a version of its visit, and for the household that was visited."""
    yield from versions_agree("of", record.of, record.visit, others)
    body = as_seen(record.visit, record.of, others, VISIT)
    if body and VISIT.read(body).carer != record.carer:
        yield Disagreement("carer", "The visit was to another household. Open it and do this from there.")


def signer(signature: Signature) -> str:
    """The signer: the colleague's identifier, or the member's row in the household."""
    return signature.practitioner if signature.capacity == AS_WORKER else signature.member


def of_that_person(signature: Signature, others: Others, author: str) -> Iterator[Disagreement]:
    """Check that a member of the household signs, or the colleague who records the signature; nobody signs for a colleague."""
    if signature.member and signature.practitioner:
        yield Disagreement("practitioner", "A signature is one person’s. Have each of them sign.")
    if signature.capacity != AS_WORKER:
        yield from member_agrees("member", signature.member, signature.carer, others)
    elif signature.practitioner != author:
        yield Disagreement("practitioner", "You sign as yourself only. Have your colleague sign on their own laptop.")


def member_agrees(field: str, member: str, carer: str, others: Others) -> Iterator[Disagreement]:
    """Check that somebody is, or was, a member of a household."""
    if not row_ever(carer, "members", member, others, CARER):
        yield Disagreement(field, "This is nobody of the household. Choose a member of it.")


def makes(signature: Signature, finish: Finish) -> Iterator[NewRecord]:
    """An action to give or post the copy to a person who was absent."""
    if is_absent(signature):
        does = "Post" if signature.copy_by == BY_POST else "Give"
        fields = {
            "what": f"{does} {signature.name.strip()} the copy of the visit’s record",
            "carer": signature.carer,
            "owner": finish.author.name,
            "due": times.stamp((signature.at or finish.now) + COPY_WITHIN),
            "state": OPEN,
        }
        yield NewRecord(ACTION.name, "copy", fields)


def title(signature: Signature) -> str:
    """The title, with the signer or why it is not signed: "Signed by Jo Preece", "Martin Preece was not here"."""
    who = signature.name.strip() or "Somebody"
    if is_absent(signature):
        return f"{who} was not here"
    return f"{who} does not want to sign" if is_refused(signature) else f"Signed by {who}"


SIGNATURE = Kind(
    name="signature",
    label="Signature",
    plural="Signatures",
    reference_prefix="SG",
    record=Signature,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    amendable=False,
    dated_by="at",
    summary=("how", "capacity"),
    lead=("name", "capacity", "how", "strokes", "typed", "reason", "copy_by"),
    checks=(is_one_person, names_are_names),
    agrees=(of_its_visit, of_that_person),
    makes=makes,
)
