"""One number is one number however it is written; what is no number stays what it is."""

import subprocess
import sys

import pytest

from hipss_desktop.records.telephone import LONGEST, dialled, grouped, is_number, is_whole, on_one_line, searched

MOBILE = [
    "07700900301", "07700 900301", "07700 900 301", "07700-900-301", "07700.900.301", "07700\u2013900\u2013301",
    "+447700900301", "+44 7700 900301", "+44 (0)7700 900301", "+44(0)7700-900-301", "0044 7700 900301", "00447700900301",
    "447700900301", "7700 900301", "tel:07700900301", "tel:+44-7700-900301", "TEL: 07700 900301", "07700\u00a0900301",
    "\u202a+44 7700 900301\u202c", "07700\u200b900301", "\ufeff07700 900301", "\uff10\uff17\uff17\uff10\uff10 900301",
    "07700 900301 ext 4", "  07700 900301 ",
]  # fmt: skip


@pytest.mark.parametrize("written", MOBILE)
def test_one_number_is_one_however_it_is_written(written: str) -> None:
    assert dialled(written) == "07700900301"
    assert is_whole(written)
    assert is_number(written)
    assert grouped(written).startswith("07700 900301")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("01632960174", "01632 960174"), ("(01632) 960174", "01632 960174"), ("+441632960174", "01632 960174"),
        ("020 7946 0123", "020 7946 0123"), ("02079460123", "020 7946 0123"), ("0033123456789", "+33 1 23 45 67 89"),
        ("08001111", "0800 1111"),
    ],
)  # fmt: skip
def test_a_number_is_shown_in_its_usual_grouping(written: str, shown: str) -> None:
    assert grouped(written) == shown
    assert dialled(shown) == dialled(written)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0301", "0301"), ("960174", "960174"), ("07700 900", "07700900"), ("+44 7700", "07700"), ("0044 77", "077"),
        ("+44", "44"), ("+", ""), ("101", "101"), ("999", "999"),
    ],
)  # fmt: skip
def test_a_part_of_a_number_stays_a_part(typed: str, digits: str) -> None:
    assert dialled(typed) == digits
    assert grouped(typed) == typed


@pytest.mark.parametrize(
    "text",
    [
        "", "Jo", "HIPSS-017", "+44 7700 900301 (Pat)", "07700 900301 or 01632 960174", "Room 101",
        "07700 900301 / 01632 960174", "1" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_text_that_is_not_a_number_is_shown_unchanged(text: str) -> None:
    assert dialled(text) == ""
    assert not is_number(text)
    assert grouped(text) == text


@pytest.mark.parametrize(
    ("text", "unbroken"),
    [
        ("Ring 01632 960174 or 07700 900301, then wait", "Ring 01632~960174 or 07700~900301, then wait"),
        ("+44 7700 900301 (Pat), 020 7946 0123.", "+44~7700~900301 (Pat), 020~7946~0123."),
        ("(01632) 960174", "(01632)~960174"), ("07700 900 301", "07700~900~301"),
        ("Log 0612, 14 March 2017, 18:40", "Log 0612, 14 March 2017, 18:40"), ("4 of 5, 12 of 13", "4 of 5, 12 of 13"),
        ("HIPSS-017 07700", "HIPSS-017 07700"),
    ],
)  # fmt: skip  # short cases, several to a line
def test_no_number_in_a_text_is_broken_over_two_lines_and_nothing_else_is_held_together(
    text: str, unbroken: str
) -> None:
    assert on_one_line(text) == unbroken.replace("~", "\u00a0")
    assert dialled(on_one_line("01632 960174")) == "01632960174"


def test_search_finds_a_number_as_typed_as_grouped_and_by_its_digits() -> None:
    assert searched("+447700900301") == "+447700900301 07700 900301 07700900301"
    assert searched("07700 900301") == "07700 900301 07700900301"


def test_the_library_is_not_loaded_for_numbers_as_one_dials_them() -> None:
    code = (
        "import sys; from hipss_desktop.records import telephone; "
        "[telephone.dialled(text) for text in ('0301', '07700 900301', '01632-960174', 'Jo')]; "
        "[telephone.searched(text) for text in ('01632 960174', '999', '101', '0301')]; sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
