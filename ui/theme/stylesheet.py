"""The style sheet that belongs to a theme: frames of inputs, lists, scroll bars, menus and plain backgrounds.

It contains only colours and lengths from tokens, and no font (fonts are set as QFont, so that their figure features remain).
Must not name a page.
"""

from typing import Protocol


class Tokens(Protocol):
    """What a style sheet needs from a theme."""

    colours: dict[str, str]

    def px(self, length: float) -> int: ...


_SURFACES = (
    *("canvas", "surface", "raised", "sunken", "rail", "select"),
    *("accent_tint", "risk_tint", "amber_tint", "neutral_tint"),
)
_TONES = (
    *("ink", "muted", "faint", "accent", "risk", "amber"),
    *("accent_ink", "risk_ink", "amber_ink", "neutral_ink", "on_fill", "on_risk", "focus_ink"),
)

_RULES = """
QWidget {{ color: {ink}; }}
QWidget:disabled {{ color: {faint}; }}
QMainWindow, QDialog {{ background: {canvas}; }}
QScrollArea, QStackedWidget {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QLabel {{ background: transparent; border: 0; padding: 0; }}

QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {surface}; color: {ink}; border: 1px solid {control}; border-radius: 4px; outline: 0;
    selection-background-color: {fill}; selection-color: {on_fill};
}}
QLineEdit {{ padding: 0 8px; min-height: {control_inner}px; lineedit-password-character: 8226; }}
QPlainTextEdit, QTextEdit {{ padding: 4px 6px; }}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QTextEdit[readOnly="true"] {{
    background: {sunken}; border-color: {line};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {{
    background: {canvas}; border-color: {line}; color: {faint};
}}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QTextEdit[problem="true"] {{ border: 2px solid {risk}; }}
QLineEdit[problem="true"] {{ padding: 0 7px; min-height: {problem_inner}px; }}
QPlainTextEdit[problem="true"], QTextEdit[problem="true"] {{ padding: 3px 5px; }}
QLineEdit[fingers="true"] {{ min-height: {finger_inner}px; }}
QLineEdit[bare="true"] {{ background: transparent; border: 0; }}

QComboBox {{ combobox-popup: 0; }}

QAbstractItemView {{
    background: {surface}; color: {ink}; border: 0; outline: 0;
    selection-background-color: {select}; selection-color: {ink};
}}
QAbstractItemView[menu="true"] {{
    background: {raised}; border: 1px solid {control}; border-radius: 4px; padding: 3px;
}}
QTabBar::scroller {{ width: {scroller}px; }}
QHeaderView {{ background: {sunken}; border: 0; }}

QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {line}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {control}; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QToolTip {{ background: {raised}; color: {ink}; border: 1px solid {control}; padding: 4px 8px; }}
QMenu {{ background: {raised}; color: {ink}; border: 1px solid {control}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu[touch="true"]::item {{ min-height: {finger}px; }}
QMenu::item:selected {{ background: {select}; color: {ink}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 0; }}
QSplitter::handle {{ background: {line}; }}

QCalendarWidget QWidget {{ alternate-background-color: {sunken}; background: {raised}; }}
QCalendarWidget QToolButton {{ background: {raised}; border: 0; padding: 4px 8px; min-height: 24px; }}
QCalendarWidget QAbstractItemView:enabled {{
    selection-background-color: {fill}; selection-color: {on_fill};
}}
"""


def stylesheet(theme: Tokens) -> str:
    """Return the whole style sheet for ``theme``, ready for setStyleSheet."""
    lengths = {
        "control_inner": theme.px(36) - 2,  # a border of one pixel on both sides
        "finger": theme.px(32),  # high enough for a finger with its padding
        "finger_inner": max(theme.px(36), 44) - 2,
        "scroller": theme.px(56),  # room for both of its buttons
        "problem_inner": theme.px(36) - 4,
    }
    colours = theme.colours
    rules = [_RULES.format(**colours, **lengths)]
    rules += [f'*[surface="{name}"] {{ background: {colours[name]}; }}' for name in _SURFACES]
    rules += [f'*[tone="{name}"] {{ color: {colours[name]}; }}' for name in _TONES]
    return "\n".join(rules)
