"""What is done with an action: closing it, which is an amendment like any other. Must not draw anything."""

from dataclasses import replace

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.records import Records


class Actions:
    """The use cases of actions, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._clock = clock

    def close(self, record: str, *, note: str = "", needed: bool = True) -> Revision:
        """Say that an action is done, or no longer needed: an amendment that says when and by whom."""
        draft = self._records.amendment(record)
        fields = {
            **draft.fields,
            "state": "done" if needed else "not_needed",
            "closed_at": times.stamp(self._clock()),
            "closing_note": note or ACTION.read(draft.fields).closing_note,
        }
        return self._records.finish(
            replace(draft, fields=fields, why="Ticked as done" if needed else "No longer needed")
        )
