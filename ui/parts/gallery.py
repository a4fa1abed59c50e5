"""The gallery of every part in every state, by day and by night, for comparing with the design.

``build_gallery()`` makes a real window of real parts; only states that need a mouse or the focus are imitated.
It contains only invented people and numbers. No page may use it.
"""

from datetime import date, time

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from ui.parts import (
    Banner,
    Button,
    CallTimer,
    Cell,
    CheckBox,
    Chip,
    ComboBox,
    DangerButton,
    DateField,
    EmptyState,
    ErrorSummary,
    Field,
    FlowLayout,
    Heading,
    LineEdit,
    LinkButton,
    OptionList,
    PrimaryButton,
    Progress,
    Radio,
    RadioCard,
    RadioCards,
    RailItem,
    ReadOnlyField,
    Rows,
    Rule,
    SearchEdit,
    SyncPill,
    SyncState,
    Table,
    Tabs,
    Tag,
    TagSpec,
    TextButton,
    TimeField,
    Toast,
    Tone,
    column,
    label,
    paint,
    row,
)
from ui.parts.choices import TICK_ROLE, OptionDelegate
from ui.theme import Name, Theme, apply_to, dress, ring, set_state, theme_of

SIZE = QSize(1600, 1200)
_SWATCHES = ("canvas", "surface", "sunken", "ink", "muted", "control", "accent", "fill", "risk", "amber", "focus")


class _Sheet(QWidget):
    """One theme's half of the gallery."""

    def __init__(self, name: Name, scale: float) -> None:
        super().__init__()
        self.focused: list[QWidget] = []
        self._scale = scale
        title = Heading("Day theme" if name == "day" else "Night theme", 1)
        facts = label("Inter · 4 px grid · radius 4 and 6 · focus 2 px inner, 3 px outer", "small", "muted")
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, parts in (
            (left, (self._buttons, self._inputs, self._selects, self._dates, self._errors, self._tabs, self._type)),
            (right, (self._chips, self._choices, self._tags, self._pills, self._banners, self._table, self._links)),
        ):
            side.setSpacing(0)
            for part in parts:
                part(side)
            side.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(8)
        both.addLayout(left, 376)
        both.addLayout(right, 362)
        swatches = row(*(_Swatch(token) for token in _SWATCHES), gap=6)
        box = column(row(title, None, facts), both, None, swatches, gap=10, margins=(24, 16, 24, 6))
        self.setLayout(box)
        apply_to(self, Theme(name, scale))

    def _section(self, side: QVBoxLayout, title: str, *items: QWidget | QLayout, gap: int = 12) -> None:
        heading = Heading(title, 3, style="small_strong")
        heading.setMinimumHeight(0)
        set_state(heading, "tone", "muted")
        side.addWidget(heading)
        side.addSpacing(4)
        side.addWidget(Rule())
        side.addSpacing(7)
        side.addLayout(column(*items, gap=gap))
        side.addSpacing(7)

    def _pictured(self, widget: QWidget, state: str) -> QWidget:
        if state == "focus":
            self.focused.append(widget)
        else:
            widget.setProperty("shown_as", state)
        return widget

    def _buttons(self, side: QVBoxLayout) -> None:
        unavailable = Button("Copy for carer", icon="pdf")
        unavailable.setEnabled(False)
        self._section(
            side,
            "Buttons",
            row(
                PrimaryButton("Finish"),
                Button("Save", icon="save"),
                TextButton("Add advice"),
                Button("Discard", tone="risk"),
                None,
            ),
            row(
                self._pictured(PrimaryButton("Hover"), "hover"),
                self._pictured(PrimaryButton("Focus"), "focus"),
                self._pictured(PrimaryButton("Pressed"), "pressed"),
                self._pictured(Button("Focus"), "focus"),
                None,
                gap=12,
            ),
            row(
                PrimaryButton("28", size=28),
                PrimaryButton("36"),
                PrimaryButton("Log a contact", icon="phonecall", keycap="Ctrl+N", size=44),
                None,
                gap=12,
            ),
            row(DangerButton("Delete draft"), unavailable, None, gap=12),
        )

    def _inputs(self, side: QVBoxLayout) -> None:
        typed = LineEdit("Jo Pr")
        self.focused.append(typed)
        risk = Field("Risk now", ComboBox([("low", "Low"), ("high", "High")]))
        risk.set_error("Choose a risk level")
        read_only = Field("Read only", ReadOnlyField("HIPSS-017", ids=True))
        self._section(side, "Text inputs", row(Field("Focus", typed), read_only, gap=12), risk)

    def _selects(self, side: QVBoxLayout) -> None:
        teams = ComboBox([("edge", "Edge of Care"), ("16", "16+ team")], chosen="16", name="Team")
        search = SearchEdit(keycap="Ctrl+K")
        menu = OptionList("Teams")
        rows = QStandardItemModel(menu)
        for words in ("Edge of Care", "16+ team", "Fieldwork, north"):
            item = QStandardItem(words)
            item.setData(words == "16+ team", TICK_ROLE)
            rows.appendRow(item)
        menu.setModel(rows)
        menu.setItemDelegate(_HoveredThird(menu))
        menu.setCurrentIndex(rows.index(1, 0))
        menu.setFixedSize(176, 106)
        for widget in (teams, search):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._section(side, "Choose, search, combo", row(teams, search, gap=12), row(menu, None), gap=6)

    def _dates(self, side: QVBoxLayout) -> None:
        today = date(2017, 10, 29)
        day = DateField(today, today=lambda: today)
        day.setFixedWidth(round(152 * self._scale))
        clock = TimeField(time(1, 30))
        zone = RadioCards(
            "Which of the two hours", [("bst", "BST", "", "neutral"), ("gmt", "GMT", "", "neutral")], chosen="bst"
        )
        line = row(Field("Date", day), Field("Time", clock), column(None, zone, gap=0), gap=6)
        note = label("The clocks went back, so 01:30 came twice. Choose one.", "small", "muted")
        self._section(side, "Date and time", line, note, gap=4)

    def _errors(self, side: QVBoxLayout) -> None:
        summary = ErrorSummary()
        shown = [("Choose a risk level", self), ("Enter a time that is not in the future", self)]
        summary.show_errors(shown, take_focus=False)
        self._section(side, "Error summary", summary)

    def _tabs(self, side: QVBoxLayout) -> None:
        tabs = _ThirdTabFocused("Parts of the record", ("Timeline", "Safety plan", "People"))
        self.focused.append(tabs)
        timer = CallTimer("")
        timer.set_seconds(161)
        self._section(side, "Tabs, progress", tabs, row(Progress("Sending 4 of 9", 4, 9), timer, gap=12))

    def _type(self, side: QVBoxLayout) -> None:
        first = row(
            label("24 Display", "display"), label("20 Title", "title"), label("16 Heading", "heading"), None, gap=16
        )
        second = row(
            label("14 Body"),
            label("13 Small", "small"),
            label("12 Caption", "caption"),
            label("01632 960145", "phone"),
            None,
            gap=12,
        )
        self._section(side, "Type", first, second, gap=2)

    def _chips(self, side: QVBoxLayout) -> None:
        other = Chip("Other")
        other.setEnabled(False)
        chips = [Chip("Missing", checked=True), Chip("Self-harm"), Chip("School"), other]
        self.focused.append(chips[2])
        self._section(side, "Chips", row(*chips, None, gap=8))

    def _choices(self, side: QVBoxLayout) -> None:
        cards = QWidget()
        cards.setLayout(
            row(
                RadioCard("Low", "Advice is enough"),
                _chosen(RadioCard("Medium", "Follow up by day", tone="amber")),
                _chosen(RadioCard("High", "Ring manager", tone="risk")),
            )
        )
        boxes = [CheckBox("Police", checked=True), CheckBox("EDT"), CheckBox("Focus")]
        self.focused.append(boxes[2])
        checks = row(*boxes, Radio("Yes", checked=True), Radio("No"), None, gap=16)
        self._section(side, "Radio cards, checks", cards, checks, gap=8)

    def _tags(self, side: QVBoxLayout) -> None:
        flow = FlowLayout(gap=6, line_gap=6)
        tags: tuple[tuple[str, str, Tone], ...] = (
            ("octagon", "Missing since 21:40", "risk"),
            ("clock", "Overdue 14 min", "amber"),
            ("alert", "Under strain", "amber"),
            ("calendar", "Respite", "accent"),
            ("check", "Told", "neutral"),
            ("laptop", "Waiting", "neutral"),
            ("circle", "Not signed", "open"),
        )
        for icon, words, tone in tags:
            flow.addWidget(Tag(icon, words, tone))
        self._section(side, "Tags, always icon and word", flow)

    def _pills(self, side: QVBoxLayout) -> None:
        flow = FlowLayout()
        pills: tuple[tuple[SyncState, str], ...] = (
            ("sent", "All sent 14:02"),
            ("sending", "Sending, 2 waiting"),
            ("offline", "Offline since 22:10 · 3 waiting"),
            ("decide", "1 to decide"),
        )
        for state, words in pills:
            flow.addWidget(SyncPill(state, words))
        self._section(side, "Sync pill", flow)

    def _banners(self, side: QVBoxLayout) -> None:
        toast = Toast()
        toast.say("Saved on this laptop", can_undo=True)
        self._section(
            side,
            "Banners, toast",
            Banner("Kai M. is missing.", "Police log 0612.", tone="risk"),
            Banner("Overdue by 14 minutes.", "Ring Jo back.", tone="amber"),
            Banner("", "You are working offline. Nothing is lost."),
            toast,
            gap=8,
        )

    def _table(self, side: QVBoxLayout) -> None:
        rows = [
            ("00:41", "Ann Colley", "Josh W.", TagSpec("check", "Advice given")),
            ("23:32", "Jo Preece", "Kai M.", TagSpec("clock", "Follow-up set")),
            ("21:52", "Jo Preece", "Kai M.", TagSpec("octagon", "Escalated", "risk")),
        ]
        cells = [[Cell(at, strong=True), Cell(who), Cell(child), Cell(tags=(tag,))] for at, who, child, tag in rows]
        table = Table("Contacts", Rows(("Time", "From", "Child", "Outcome"), cells), height="row_compact")
        table.widths(64, 88, 72, 0)
        table.selectRow(1)
        table.row_under_mouse = 2
        table.setFixedHeight(table.height_for_rows(3) + 2)
        self._section(side, "Table", _Framed(table))

    def _links(self, side: QVBoxLayout) -> None:
        lit = LinkButton("All actions")
        lit.setProperty("shown_as", "focus")
        rail = RailItem("moon", "On call")
        rail.setChecked(True)
        empty = EmptyState(
            "Nothing is due",
            "Next review is Ellie R., 20 March 2017.",
            button=Button("Add an action", icon="plus", size=28),
            framed=True,
        )
        links = column(LinkButton("All contacts"), lit, rail, None, gap=4)
        line = row(gap=16)
        line.addLayout(links, 3)
        line.addWidget(empty, 4)
        self._section(side, "Links, rail, empty", line)


def _chosen(card: RadioCard) -> RadioCard:
    card.setAutoExclusive(False)
    card.setChecked(True)
    return card


class _ThirdTabFocused(Tabs):
    """Tabs that imitate the focus on the third tab."""

    def ring_shape(self) -> tuple[QRectF, float]:
        return QRectF(self.tabRect(2)).adjusted(4, 2, -4, -2), 4.0


class _HoveredThird(OptionDelegate):
    """A list that imitates the mouse over the third line."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if index.row() == 2:
            option.state |= QStyle.StateFlag.State_MouseOver
        super().paint(painter, option, index)


class _Framed(QWidget):
    """A card's edge round a table."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setLayout(column(inside, margins=(1, 1, 1, 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.surface, edge=theme.color("line"), radius=6)
        painter.end()


class _Swatch(QWidget):
    """One colour with its name and its value."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(60, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        colour = theme.color(self._token)
        box = QRectF(self.rect())
        paint.frame(painter, QRectF(0, 0, box.width(), 26), fill=colour, edge=theme.control)
        font = theme.font("caption", weight=400)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        paint.words(painter, QRectF(0, 28, 70, 16), self._token.capitalize(), font, theme.muted, align=left)
        paint.words(painter, QRectF(0, 43, 70, 16), colour.name().upper(), font, theme.muted, align=left)
        painter.end()


def build_gallery(scale: float = 1.0) -> QWidget:
    """Return the gallery window, 1600 by 1200 pixels at 100% text size; the caller shows it."""
    window = dress(QWidget())
    window.setAccessibleName("Parts of HIPSS Desktop, by day and by night")
    sheets = [_Sheet("day", scale), _Sheet("night", scale)]
    window.setLayout(row(*sheets, gap=0))
    window.resize(SIZE)
    window.setProperty("ring", "own")
    window.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    window.setFocus()
    for sheet in sheets:
        for widget in sheet.focused:
            ring.pin(widget)
    return window
