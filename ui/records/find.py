"""The field that finds a record of any kind by name. Must not write."""

from hipss_desktop.services.people import findable_kinds
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.parts import PersonField, Suggestion

MOST = 8
"""The most records that are offered."""


def finder(kind: str, context: Context, name: str) -> PersonField:
    """Return a field that finds records of a kind by name; while it is empty it offers the first records."""
    icon = style_of(kind).icon

    def people(typed: str) -> list[Suggestion]:
        services = context.services
        if not typed.strip():
            return [
                Suggestion(record.record, services.people.name(record.record), icon=icon)
                for record in services.people.of_kind(kind)
            ]
        matches = {person.record: person for person in services.people.find(typed, kinds=(kind,))}
        names = {record: services.people.name(record) for record in matches}
        return [
            Suggestion(record, names[record], person.beside if person.name == names[record] else person.called, icon)
            for record, person in matches.items()
        ]

    def others(typed: str) -> list[Suggestion]:
        timelines = context.services.timelines
        entries = (
            timelines.search(typed, kind=kind, limit=MOST) if typed.strip() else timelines.of_kind(kind, limit=MOST)
        )
        return [Suggestion(entry.record, entry.title, entry.day, icon) for entry in entries]

    search = people if kind in findable_kinds() else others
    return PersonField(search, name=name, icon=icon, placeholder="Type a name" if search is people else "Type a word")
