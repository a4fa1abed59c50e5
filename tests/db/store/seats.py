"""Other seats' chains, signed in the test, and contacts to put into them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from joserfc.jwk import OKPKey

from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.records.revision import (
    Action,
    Envelope,
    Revision,
    body_bytes,
    body_digest,
    new_salt,
    signed,
)
from hipss_desktop.services.store_settings import StoreSetting
from sync.wire.tokens import public_x

KAI = "0199c0de-0000-7000-8000-0000000000c1"
ADA = "0199c0de-0000-7000-8000-0000000000c2"


def contact(words: str = "Shouting over a phone", **more: Any) -> dict[str, Any]:
    """The fields of an invented contact."""
    return {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [KAI],
        "concerns": ["conflict"],
        "happening": words,
        "advice": "Keep to the plan.",
        "risk": "low",
        "needs_to_know": ["nobody"],
        "told": "2017-03-14T02:14:00+00:00",
        **more,
    }


def finished(store: LaptopStore, fields: Mapping[str, Any] | None = None, *, kind: str = "contact") -> Revision:
    """Finish a record in the store."""
    answers = contact() if fields is None else fields
    with store.write() as unit:
        return unit.append(
            record=identity.record_id(), kind=kind, action="finish", fields=answers, changed=sorted(answers), parents=()
        )


def amended(
    store: LaptopStore, record: str, changes: Mapping[str, Any], *, action: Action = "amend", why: str = "Rang back"
) -> Revision:
    """Amend (or withdraw) a record in the store."""
    current = store.get(record)
    assert current is not None
    with store.write() as unit:
        return unit.append(
            record=record,
            kind=current.kind,
            action=action,
            fields={**current.fields, **changes},
            changed=sorted(changes),
            parents=current.heads,
            why=why,
        )


class OtherSeat:
    """Somebody else's chain: revisions signed with a key of its own, numbered and linked."""

    def __init__(self, seat: str | None = None, *, person: str = "0199c0de-0000-7000-8000-0000000000aa") -> None:
        self.seat = seat or identity.record_id()
        self.person = person
        self.key = OKPKey.generate_key("Ed25519")
        self.chain: list[Revision] = []
        self.minutes = 0

    def sign(
        self,
        fields: Mapping[str, Any] | None = None,
        *,
        record: str = "",
        kind: str = "contact",
        action: Action = "finish",
        parents: Sequence[Revision | str] = (),
        changed: Sequence[str] | None = None,
        schema: int = 1,
        body: bytes | None = None,
        salt: bytes | None = None,
        clock: str | None = None,
    ) -> Revision:
        """Sign the next link."""
        record_fields = contact() if fields is None else fields
        content = (
            body
            if body is not None
            else body_bytes(record_fields, sorted(record_fields) if changed is None else list(changed))
        )
        salt = salt or new_salt()
        self.minutes += 1
        revision = signed(
            Envelope(
                record=record or identity.record_id(),
                kind=kind,
                schema=schema,
                parents=sorted(parent if isinstance(parent, str) else parent.digest for parent in parents),
                author=self.person,
                device="laptop-07",
                seat=self.seat,
                number=len(self.chain) + 1,
                previous=self.chain[-1].digest if self.chain else None,
                clock=clock
                if clock is not None
                else f"2017-03-14T{3 + self.minutes // 60:02}:{self.minutes % 60:02}:00.000+00:00",
                action=action,
                body=body_digest(salt, content),
            ),
            self.key,
            salt,
            content,
        )
        self.chain.append(revision)
        return revision

    def order(self, *digests: str) -> Revision:
        """An erasure order."""
        fields = {"digests": list(digests), "basis": "Order of the family court"}
        return self.sign(fields, kind="erasure")


def bare(revision: Revision) -> Revision:
    """A revision as a council sends it whose text the role may not read."""
    return msgspec.structs.replace(revision, salt=None, body=None)


def absorb(store: LaptopStore, *revisions: Revision) -> None:
    """Take revisions in."""
    with store.write() as unit:
        unit.absorb(revisions)


def know(store: LaptopStore, council: OtherSeat) -> None:
    """Let a store know its council, as enrolment does."""
    with store.write() as unit:
        unit.set(StoreSetting.COUNCIL_SEAT, council.seat)
        unit.set(StoreSetting.COUNCIL_KEY, public_x(council.key))
