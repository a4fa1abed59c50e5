"""The entries of the phone directory that the lock screen shows, as managers confirmed them.

Many people may write the directory, and users of a lock screen cannot check a number elsewhere. So an entry is shown as a
manager last saw it. A change by somebody else is shown once a manager has changed or withdrawn the entry after it. Must not
write.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hipss_desktop.kinds.directory import DIRECTORY, DirectoryEntry, place_in_list
from hipss_desktop.records.access import MANAGERS
from hipss_desktop.records.fold import behind, fold
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.store_settings import StoreSetting


@dataclass(frozen=True)
class Unconfirmed:
    """A change of an entry that no manager has confirmed.

    Attributes:
        shown: the entry as locked screens show it, None if they do not show it.
        since: the revisions (digests) that no manager has confirmed.
    """

    shown: DirectoryEntry | None
    since: frozenset[str]


def locked_entries(store: Store) -> list[DirectoryEntry]:
    """The entries that are shown while the laptop is locked, in the order of the directory."""
    vouching = _managers_seats(store)
    confirmed = [_confirmed(store, record.record, vouching) for record in store.records_of(DIRECTORY.name)]
    entries = [entry.shown for entry in confirmed if entry.shown is not None]
    return sorted(entries, key=lambda entry: (place_in_list(entry), entry.label.casefold()))


def unconfirmed(store: Store, record: Record) -> Unconfirmed | None:
    """The difference between an entry and what locked screens show of it; None if there is none or it is not an entry."""
    if record.kind != DIRECTORY.name:
        return None
    confirmed = _confirmed(store, record.record, _managers_seats(store))
    entry = DIRECTORY.of(record)
    due = entry if entry.shown_locked and not record.withdrawn else None
    return confirmed if confirmed.since and _dialled(due) != _dialled(confirmed.shown) else None


def waits_for_this_manager(store: Store, record: Record) -> bool:
    """Whether this person is a manager who can confirm a change or withdrawal of an entry."""
    return store.seat.role in MANAGERS and unconfirmed(store, record) is not None


def _dialled(entry: DirectoryEntry | None) -> tuple[str, str] | None:
    return None if entry is None else (entry.label, entry.number)


def _confirmed(store: Store, record: str, vouching: Collection[str]) -> Unconfirmed:
    """An entry as a manager last saw it, and the revisions since."""
    known = {revision.digest: revision for revision in store.revisions(record)}
    seen = behind(known, [digest for digest, revision in known.items() if revision.envelope.seat in vouching])
    since = frozenset(known.keys() - seen)
    if not seen:
        return Unconfirmed(None, since)
    state = fold([known[digest] for digest in seen], DIRECTORY)
    entry = DIRECTORY.read(state.fields)
    return Unconfirmed(entry if entry.shown_locked and not state.withdrawn else None, since)


def _managers_seats(store: Store) -> frozenset[str]:
    """The seats that may confirm entries: those of managers, the council's, and one's own before joining a council."""
    managers = {seat for seat, certificate in store.certificates().items() if certificate.role in MANAGERS}
    own = () if store.seat.enrolled else store.own_seats()
    return frozenset({*managers, *own, store.setting(StoreSetting.COUNCIL_SEAT)})
