"""The widgets that pages are built from. Import them from here; ui/parts/README.md lists each with its constructor.

Parts draw themselves in the theme (ui/theme/__init__.py) and draw again when it changes. They know no record, no storage and
no service: pages give them words and callbacks.
"""

from ui.parts.banners import Banner, EmptyState, Toast
from ui.parts.buttons import (
    Button,
    DangerButton,
    IconButton,
    LinkButton,
    Pressable,
    PrimaryButton,
    TagButton,
    TextButton,
)
from ui.parts.cards import Card, CardTone, PressCard, RadioCard, RadioCards
from ui.parts.chips import Chip, ChipGroup
from ui.parts.choices import CheckBox, ComboBox, OptionList, Radio
from ui.parts.field import ErrorSummary, Field, buddy_label, rename, spoken_label
from ui.parts.group import Group, Ticks
from ui.parts.headings import Heading, TitleLine
from ui.parts.inputs import LineEdit, PassphraseEdit, ReadOnlyField, SearchEdit, TextArea
from ui.parts.layout import (
    FlowLayout,
    Item,
    arranged_once_at_a_time,
    column,
    emptied,
    grows,
    reveal,
    reveal_inside,
    row,
    taken_apart,
    turn,
)
from ui.parts.lists import Bullets
from ui.parts.moment import DateField, DateTimeField, TimeField, read_date, read_time, year_asked
from ui.parts.person import PersonField, Suggestion
from ui.parts.rail import RailItem
from ui.parts.side_by_side import SideBySide
from ui.parts.tables import BLANK, CELL_ROLE, Cell, CellDelegate, CellModel, ListTable, Rows, Table
from ui.parts.tabs import Bar, Progress, TabPages, Tabs
from ui.parts.tags import SyncPill, SyncState, Tag, TagSpec, Tone, tone_named
from ui.parts.timer import CallTimer
from ui.parts.words import Brand, ElidedLabel, IconLabel, Keycap, Rule, label, rich_label

__all__ = [
    "BLANK",
    "CELL_ROLE",
    "Banner",
    "Bar",
    "Brand",
    "Bullets",
    "Button",
    "CallTimer",
    "Card",
    "CardTone",
    "Cell",
    "CellDelegate",
    "CellModel",
    "CheckBox",
    "Chip",
    "ChipGroup",
    "ComboBox",
    "DangerButton",
    "DateField",
    "DateTimeField",
    "ElidedLabel",
    "EmptyState",
    "ErrorSummary",
    "Field",
    "FlowLayout",
    "Group",
    "Heading",
    "IconButton",
    "IconLabel",
    "Item",
    "Keycap",
    "LineEdit",
    "LinkButton",
    "ListTable",
    "OptionList",
    "PassphraseEdit",
    "PersonField",
    "PressCard",
    "Pressable",
    "PrimaryButton",
    "Progress",
    "Radio",
    "RadioCard",
    "RadioCards",
    "RailItem",
    "ReadOnlyField",
    "Rows",
    "Rule",
    "SearchEdit",
    "SideBySide",
    "Suggestion",
    "SyncPill",
    "SyncState",
    "TabPages",
    "Table",
    "Tabs",
    "Tag",
    "TagButton",
    "TagSpec",
    "TextArea",
    "TextButton",
    "Ticks",
    "TimeField",
    "TitleLine",
    "Toast",
    "Tone",
    "arranged_once_at_a_time",
    "buddy_label",
    "column",
    "emptied",
    "grows",
    "label",
    "read_date",
    "read_time",
    "rename",
    "reveal",
    "reveal_inside",
    "rich_label",
    "row",
    "spoken_label",
    "taken_apart",
    "tone_named",
    "turn",
    "year_asked",
]
