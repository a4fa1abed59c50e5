"""One number is one number however it is written; what is no number stays what it is."""

import subprocess
import sys

import pytest

from hipss_desktop.records.telephone import (
    LONGEST,
    dialled,
    e164,
    grouped,
    has_lost_digits,
    is_number,
    is_whole,
    mended,
    on_one_line,
    searched,
    searched_in,
)

MOBILE = [
    "07700900301", "07700 900301", "07700 900 301", "07700-900-301", "07700.900.301", "07700\u2013900\u2013301",
    "+447700900301", "+44 7700 900301", "+44 (0)7700 900301", "+44(0)7700-900-301", "0044 7700 900301", "00447700900301",
    "447700900301", "7700 900301", "tel:07700900301", "tel:+44-7700-900301", "TEL: 07700 900301", "07700\u00a0900301",
    "\u202a+44 7700 900301\u202c", "07700\u200b900301", "\ufeff07700 900301", "\uff10\uff17\uff17\uff10\uff10 900301",
    "07700 900301 ext 4", "  07700 900301 ",
    "(+44) 7700 900301", "[+44] 7700/900301", "(0044) 7700 900301", "++44 7700 900301", "07700~900~301", "07700\u00b7900\u00b7301",
    "٠٧٧٠٠ ٩٠٠٣٠١", "07700 900301#4", "07700 900301, extn. 12", "tel:+44-7700-900301;ext=4",
    "tel:7700900301;phone-context=+44", "tel:07700900301;isub=1",
]  # fmt: skip  # a table, read line by line


@pytest.mark.parametrize("written", MOBILE)
def test_one_number_is_one_however_it_is_written(written: str) -> None:
    assert dialled(written) == "07700900301"
    assert e164(written) == "+447700900301"
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
)  # fmt: skip  # a table, read line by line
def test_a_number_is_shown_in_its_usual_grouping(written: str, shown: str) -> None:
    assert grouped(written) == shown
    assert dialled(shown) == dialled(written)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0301", "0301"), ("960174", "960174"), ("07700 900", "07700900"), ("+44 7700", "07700"), ("0044 77", "077"),
        ("+44", "44"), ("+", ""), ("101", "101"), ("999", "999"),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_part_of_a_number_stays_a_part(typed: str, digits: str) -> None:
    assert dialled(typed) == digits
    assert grouped(typed) == typed


@pytest.mark.parametrize(
    "text",
    [
        "", "Jo", "HIPSS-017", "+44 7700 900301 (Pat)", "07700 900301 or 01632 960174", "Room 101",
        "07700 900301 / 01632 960174", "1" * (LONGEST + 1),
    ],
)  # fmt: skip  # a table, read line by line
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
    assert searched("07700 900 301") == "07700 900 301 07700 900301 07700900301 +447700900301"
    assert searched("07700 900301") == "07700 900301 07700900301 +447700900301"
    assert searched("0301") == "0301"
    assert searched("+33 1 23 45 67 89") == "+33 1 23 45 67 89 33123456789 +33123456789"


@pytest.mark.parametrize("written", ["07700 900301", "+44 7700 900301", "(07700) 900-301", "0044 7700900301"])
def test_search_finds_a_number_that_is_written_inside_a_text(written: str) -> None:
    assert searched_in(f"Rang from {written}, then hung up") == "07700 900301 07700900301 +447700900301"
    assert searched_in("Log 0612 of 14/03/2017 02:10, 4 of 5; ref 0612") == ""


# --- what a spreadsheet does to a number ---


@pytest.mark.parametrize(
    "cell",
    [
        "7700900123.0", "7700900123.00", "'07700900123", "\u201907700900123", "7700900123", "7.700900123E+09",
        "7.700900123e9", "7,700,900,123", "7,700,900,123.00", "'7700900123",
        "O77OO9OO123", "o77oo900l23",
    ],
)  # fmt: skip  # a table, read line by line
def test_what_a_spreadsheet_did_to_a_number_is_undone_where_it_is_certain(cell: str) -> None:
    assert mended(cell) == "07700900123"
    assert not has_lost_digits(cell)


@pytest.mark.parametrize("cell", ["+447.7E+09", "7.7E+09", "4.477E+11", "8E+10", "7,7E+09", "####", "7.70090012E+09"])
def test_a_number_with_lost_digits_is_known_and_left_as_it_is(cell: str) -> None:
    assert has_lost_digits(cell)
    assert mended(cell) == cell


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123", "+44 7700 900123", "447700900123", "01632.960.000", "4155550123", "800111", "Jo Preece", "'Twas him",
        "Room 101", "0800 1111", "Oo", "O1", "loo 101", "07700 9OO", "o 07700 900123", "+1 415 555 0123",
    ],
)  # fmt: skip  # a table, read line by line
def test_a_number_that_no_spreadsheet_changed_stays_as_it_was_typed(text: str) -> None:
    assert mended(text) == text
    assert not has_lost_digits(text)


@pytest.mark.parametrize("cell", ["O7700 9OO123", "+44 77OO-9OOl23", "07700 900I23"])
def test_letters_typed_for_figures_are_figures_where_they_make_a_whole_number(cell: str) -> None:
    assert dialled(mended(cell)) == "07700900123"


def test_the_library_is_not_loaded_for_numbers_as_one_dials_them() -> None:
    code = (
        "import sys; from hipss_desktop.records import telephone; "
        "[telephone.dialled(text) for text in ('0301', '07700 900301', '01632-960174', 'Jo')]; "
        "[telephone.searched(text) for text in ('01632 960174', '999', '101', '0301')]; sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
