"""A page that holds one of each part, with invented people; tests walk it, press it and measure it."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.parts import (
    Banner,
    Button,
    CallTimer,
    Card,
    Cell,
    CheckBox,
    ChipGroup,
    ComboBox,
    DangerButton,
    DateField,
    ElidedLabel,
    EmptyState,
    ErrorSummary,
    Field,
    Heading,
    IconButton,
    LineEdit,
    LinkButton,
    PassphraseEdit,
    PersonField,
    PressCard,
    PrimaryButton,
    Progress,
    Radio,
    RadioCards,
    ReadOnlyField,
    Rows,
    SearchEdit,
    Suggestion,
    SyncPill,
    Table,
    Tabs,
    Tag,
    TagSpec,
    TextArea,
    TextButton,
    TimeField,
    Toast,
    column,
    label,
    row,
)


class Page(QWidget):
    """One of each part, as a page would hold them."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("A page")
        self.title = Heading("Log a contact", 1)
        self.finish = PrimaryButton("Finish", keycap="Ctrl+Enter")
        self.chips = ChipGroup("About", [("m", "Missing or back"), ("s", "School"), ("f", "Family time")])
        self.risk = RadioCards(
            "Risk now",
            [
                ("low", "Low", "Advice is enough", "neutral"),
                ("medium", "Medium", "Follow up by day", "amber"),
                ("high", "High", "Ring manager now", "risk"),
            ],
        )
        self.advice = Field(
            "What did you advise?", TextArea(), number=4, actions=[TextButton("No advice given", size=28)]
        )
        self.risk_field = Field("Risk now", self.risk, number=5)
        self.person = PersonField(people)
        self.summary = ErrorSummary()
        rows = [
            [
                Cell("23:32", strong=True),
                Cell("Jo Preece", "carer"),
                Cell(tags=(TagSpec("octagon", "Escalated", "risk"),)),
            ],
            [Cell("21:52", strong=True), Cell("Ann Colley", "carer"), Cell(tags=(TagSpec("check", "Told"),))],
        ]
        self.table = Table("Contacts", Rows(("Time", "From", "Outcome"), rows), height="row_two_line")
        self.table.setFixedHeight(self.table.height_for_rows(2) + 4)
        self.tabs = Tabs("Parts", ("Timeline", "Safety plan"))
        self.press = PressCard("Kai M., 14, HIPSS-017")
        self.press.add(label("Kai M. · 14", "heading"), Tag("octagon", "Missing since 21:40", "risk"))
        self.toast = Toast()
        self.link = LinkButton("All contacts")
        self.card = Card("Open follow-ups", count=5, aside=[self.link])
        self.card.add(label("Ring Jo back"), CheckBox("Done"))
        yes_no = QWidget()
        yes_no.setLayout(row(Radio("Yes"), Radio("No"), None))
        self.elided = ElidedLabel("A sentence that is much longer than the room that there is for it here")
        self.elided.setFixedWidth(90)
        left = column(
            self.title,
            self.summary,
            row(
                self.finish,
                Button("Save", icon="save"),
                DangerButton("Delete draft"),
                None,
            ),
            row(IconButton("plus", "Add follow-up"), SyncPill("offline", "Offline since 22:10 · 3 waiting"), None),
            Field("Who is calling", self.person, number=1),
            Field("What is it about?", self.chips, number=2, hint="Choose all that apply"),
            self.advice,
            self.risk_field,
            Field("Who was there?", yes_no),
            self.toast,
            None,
            gap=10,
        )
        right = column(
            Banner("Kai M. is missing.", "Police log 0612.", tone="risk"),
            SearchEdit(keycap="Ctrl+K"),
            Field("Passphrase", PassphraseEdit(), note="Spaces and capital letters matter."),
            Field("Number", ReadOnlyField("HIPSS-017", ids=True)),
            Field("Team", ComboBox([("a", "Edge of Care"), ("b", "16+ team")])),
            Field("Words", LineEdit()),
            row(Field("Date", DateField()), Field("Time", TimeField()), None),
            self.tabs,
            row(Progress("Sending 4 of 9", 4, 9), CallTimer()),
            self.card,
            self.press,
            self.table,
            self.elided,
            EmptyState("Nothing is due", "Next review is on 20 March 2017.", icon="inbox"),
            None,
            gap=10,
        )
        box = row(gap=24, margins=(20, 20, 20, 20))
        box.addLayout(left, 1)
        box.addLayout(right, 1)
        self.setLayout(box)
        self.toast.say("Saved on this laptop", can_undo=True)


def people(typed: str) -> list[Suggestion]:
    """Two invented people who answer to 'jo', one to 'joan'."""
    known = [Suggestion(1, "Jo Preece", "carer", "user"), Suggestion(2, "Joan Hale", "teacher", "school")]
    return [person for person in known if person.primary.casefold().startswith(typed.casefold())]


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Shows a window and waits until it has the keyboard."""
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
