"""Whose word the locked screen shows: the phone directory as managers wrote it.

Many may write the directory, and what is shown while a laptop is locked is dialled by people who cannot look anything up. So
an entry is shown as a manager last saw it: what somebody else changed since is shown once a manager has changed the
entry after it. Must not write.
"""

from hipss_desktop.kinds.directory import DIRECTORY, DirectoryEntry, place_in_list
from hipss_desktop.records.access import MANAGERS
from hipss_desktop.records.fold import behind, fold
from hipss_desktop.services.ports import Store


def locked_entries(store: Store) -> list[DirectoryEntry]:
    """The entries that are shown while the laptop is locked, in the order of the directory."""
    vouching = _managers_seats(store)
    entries = []
    for record in store.records_of(DIRECTORY.name):
        known = {revision.digest: revision for revision in store.revisions(record.record)}
        by_managers = [digest for digest, revision in known.items() if revision.envelope.seat in vouching]
        if not by_managers:
            continue
        state = fold([known[digest] for digest in behind(known, by_managers)], DIRECTORY)
        entry = DIRECTORY.read(state.fields)
        if entry.shown_locked and not state.withdrawn:
            entries.append(entry)
    return sorted(entries, key=lambda entry: (place_in_list(entry), entry.label.casefold()))


def _managers_seats(store: Store) -> frozenset[str]:
    """The seats that may say what is shown: those of managers, the council's, and one's own before one has joined."""
    managers = {seat for seat, certificate in store.certificates().items() if certificate.role in MANAGERS}
    own = () if store.seat.enrolled else store.own_seats()
    return frozenset({*managers, *own, store.setting("council_seat")})
