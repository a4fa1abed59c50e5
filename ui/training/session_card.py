"""The card of a training session: a table of the people by role or by name, tick boxes for attendance, and the contents.

A tick box marks that a person came. Must not save anything: signals report what was pressed.
"""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from hipss_desktop.views.record import RowCell, RowTable
from hipss_desktop.views.session import GroupRow, PersonRow, SessionView
from ui.parts import (
    Button,
    Card,
    CheckBox,
    Heading,
    LinkButton,
    PrimaryButton,
    column,
    emptied,
    grows,
    label,
)
from ui.records.record_page import flow
from ui.records.row_table import AnswerTable

BY_PERSON, BY_ROLE = "Show each person", "Show by role"
WHO_CAME, CARERS_WHO_CAME, OTHERS_WHO_CAME = "Who came", "Carers who came", "Others who came"
TICK_WHO_CAME = "Tick who came"
WHO_IS_INVITED, CARERS_INVITED = "Who is invited", "Carers who are invited"
"""The headings before the session has begun."""
IN_THEIR_TRAINING = "Each stands in the carer’s own training at once."


class SessionCard(Card):
    """The card.

    Signals:
        marked(str, bool): the user marked whether the person of this row came.
        holding(): the user wants to record that the session was held.
        signing_in(): the user wants to print the sign-in sheet.
        certifying(str): the user wants to print the certificate of the person of this row.
        arranged(): the card has new widgets.
    """

    marked = Signal(str, bool)
    holding = Signal()
    signing_in = Signal()
    certifying = Signal(str)
    arranged = Signal()

    def __init__(self) -> None:
        super().__init__(WHO_CAME)
        self._view: SessionView | None = None
        self._by_person = False
        self.ticks: dict[str, QCheckBox] = {}
        self.certificates: dict[str, Button] = {}
        self.turn_over = Button(BY_PERSON, icon="users", size=28)
        self.turn_over.clicked.connect(self._turn_over)
        self.sheet = Button("Sign-in sheet", icon="printer", size=28)
        self.sheet.clicked.connect(self.signing_in)
        self.hold = PrimaryButton("It was held", icon="check")
        self.hold.clicked.connect(self.holding)
        self.head = label("", "small", "muted", wrap=True)
        self.about = label("", "body", wrap=True)
        self.count = label("", "body_strong", wrap=True)
        self._table = column(gap=8)
        self._below = column(gap=12)
        inside = QWidget()
        inside.setLayout(
            column(
                self.head,
                self.about,
                flow([self.count, self.turn_over, self.sheet, self.hold]),
                self._table,
                self._below,
                gap=12,
            )
        )
        grows(inside)
        self.add(inside)

    def show_view(self, view: SessionView) -> None:
        """Show a session; do nothing if it is unchanged, so that the focus stays."""
        if view == self._view:
            return
        held = next((name for name, tick in self.ticks.items() if tick.hasFocus()), "")
        self._view = view
        if self.heading is not None:
            self.heading.setText(WHO_CAME if _may_have_come(view) else WHO_IS_INVITED)
        self.head.setText(view.when)
        self.head.setVisible(bool(view.when))
        self.about.setText(view.about)
        self.about.setVisible(bool(view.about))
        self.count.setText(view.came_words)
        self.turn_over.setVisible(bool(view.people))
        self.sheet.setVisible(bool(view.people) and view.stands)
        self.hold.setVisible(view.may_hold)
        self._show_people(view)
        emptied(self._below)
        self.ticks = {}
        carers = [person for person in view.people if person.carer]
        if carers:
            come = _may_have_come(view)
            title, hint = (CARERS_WHO_CAME, IN_THEIR_TRAINING) if come else (CARERS_INVITED, "")
            self._below.addWidget(self._came(view, title, carers, hint))
        self._put("What we covered", [label(view.covered, "body", wrap=True)] if view.covered else [])
        self._put("Handouts", [label(name, "body", wrap=True) for name in view.handouts])
        others = [person for person in view.people if not person.carer]
        if others and view.may_mark:
            self._below.addWidget(self._came(view, OTHERS_WHO_CAME if carers else TICK_WHO_CAME, others))
        self._put("Standards covered", [label(words, "small", wrap=True) for words in view.standards])
        self._put("Series", [label(view.series, "small", wrap=True)] if view.series else [])
        if held in self.ticks:
            self.ticks[held].setFocus()
        self.arranged.emit()

    def _put(self, title: str, parts: list[QWidget]) -> None:
        """Add a part of the card under its heading, unless the part is empty."""
        if parts:
            holder = QWidget()
            holder.setLayout(column(Heading(title, 3, style="body_strong"), *parts, gap=4))
            grows(holder)
            self._below.addWidget(holder)

    def _came(self, view: SessionView, title: str, people: list[PersonRow], hint: str = "") -> QWidget:
        """Return a tick box for each person; for a person who did not come, words like "apologies" are beside the box."""
        ticks: list[QWidget] = []
        for person in people:
            tick = CheckBox(person.name, checked=person.came)
            absence = person.presence if person.presence and not person.came else ""
            alike = [other.row for other in people if other.name == person.name]
            which = f"{alike.index(person.row) + 1} of {len(alike)}" if len(alike) > 1 else ""
            tick.setAccessibleName(", ".join(part for part in (f"{person.name} came", which, absence) if part))
            tick.setEnabled(view.may_mark)
            tick.toggled.connect(partial(self.marked.emit, person.row))
            self.ticks[person.row] = tick
            beside = [label(absence, "small", "muted")] if absence else []
            ticks.append(flow([tick, *beside]) if beside else tick)
        holder = QWidget()
        words = [label(hint, "small", "muted")] if hint else []
        holder.setLayout(column(flow([Heading(title, 3, style="body_strong"), *words]), flow(ticks), gap=4))
        grows(holder)
        return holder

    def untick(self, row_id: str) -> None:
        """Reset a person's tick box to the saved value, after the change could not be saved."""
        person = next((listed for listed in self._view.people if listed.row == row_id), None) if self._view else None
        if person is not None and row_id in self.ticks:
            with QSignalBlocker(self.ticks[row_id]):
                self.ticks[row_id].setChecked(person.came)

    def _turn_over(self) -> None:
        self._by_person = not self._by_person
        self.turn_over.setText(BY_ROLE if self._by_person else BY_PERSON)
        if self._view is not None:
            self._show_people(self._view)
            self.arranged.emit()

    def _show_people(self, view: SessionView) -> None:
        emptied(self._table)
        self.certificates = {}
        if not view.people:
            self._table.addWidget(label("Nobody is listed yet.", "small", "muted", wrap=True))
        elif self._by_person:
            self._table.addWidget(
                _table(
                    "Each person",
                    ("Name", "Role", "Organisation", "Came", "Hours"),
                    map(_person, view.people),
                    amounts=(4,),
                )
            )
            buttons = [
                self._certificate(person)
                for person in view.people
                if person.came and person.named and view.held and view.stands
            ]
            if buttons:
                self._table.addWidget(label("Certificates of attendance", "small_strong"))
                self._table.addWidget(flow(buttons))
        else:
            come = _may_have_come(view)
            head = ("Role", "Organisation", "Invited", *(("Came", "Hours") if come else ()))
            cells = (_group(group)[: len(head)] for group in (*view.groups, view.total))
            name = f"{WHO_CAME if come else WHO_IS_INVITED} by role"
            self._table.addWidget(_table(name, head, cells, amounts=tuple(range(2, len(head))), total=True))

    def _certificate(self, person: PersonRow) -> QWidget:
        button = Button(person.name, icon="printer", size=28)
        button.setAccessibleName(f"Certificate of attendance for {person.name}")
        button.clicked.connect(partial(self.certifying.emit, person.row))
        self.certificates[person.row] = button
        return button


def _may_have_come(view: SessionView) -> bool:
    """Whether people may have come: the session was held, or has begun and this person may record who came."""
    return view.held or view.may_mark


def _table(
    name: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, amounts: tuple[int, ...], total: bool = False
) -> AnswerTable:
    cells = tuple(tuple(RowCell(words) for words in words_of) for words_of in rows)
    table = RowTable(head, cells, amounts=amounts, total=total)
    return AnswerTable(name, table, lambda reference: LinkButton(reference.name))


def _group(group: GroupRow) -> tuple[str, ...]:
    return (group.role, group.organisation, str(group.invited), str(group.came), group.hours)


def _person(person: PersonRow) -> tuple[str, ...]:
    presence = f"{person.presence[:1].upper()}{person.presence[1:]}"
    return (person.name, person.role, person.organisation, presence, person.hours)
