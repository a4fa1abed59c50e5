"""References are computed from the identifier alone, and read as people type them."""

import pytest

from hipss_desktop import identity

FIRST, SECOND = "0199c0de-0000-7000-8000-000000113021", "0199c0de-0000-7000-8000-000000235255"
"""Two identifiers whose seven characters are alike."""


def test_a_reference_is_the_prefix_and_seven_characters_computed_from_the_identifier() -> None:
    assert identity.reference("C", FIRST) == "C-01409HB"
    assert identity.reference("PR", "0199c0de-0000-7000-8000-000000095319") == "PR-DZXBYMW"
    assert identity.reference_characters(SECOND) == identity.reference_characters(FIRST)


def test_the_characters_are_those_that_are_not_misread() -> None:
    used = {letter for _ in range(500) for letter in identity.reference_characters(identity.record_id())}
    assert used == set(identity.CROCKFORD)
    assert not used & set("ILOU")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("C-01409HB", ("C", "01409HB")),
        ("c-01409hb", ("C", "01409HB")),
        ("  c 01409hb ", ("C", "01409HB")),
        ("c 014 09hb", ("C", "01409HB")),
        ("C\u201301409HB", ("C", "01409HB")),
        ("c01409hb", ("C", "01409HB")),
        ("01409HB", ("", "01409HB")),
        ("OI4o9HB", ("", "01409HB")),
        ("ol4o9hb", ("", "01409HB")),
        ("TISS-UUUUUUU", ("TISS", "VVVVVVV")),
        ("", ("", "")),
        ("C-", ("", "")),
        ("01409H", ("", "")),
        ("1-01409HB", ("", "")),
        ("01632 960174", ("", "")),
        ("the kitchen, at 02:14", ("", "")),
        ("\uff10\uff11\uff14\uff10\uff19HB", ("", "")),
    ],
)
def test_a_reference_is_read_as_it_is_typed_or_read_out(typed: str, read: tuple[str, str]) -> None:
    assert identity.typed_reference(typed) == read


def test_every_reference_reads_back_whatever_its_prefix() -> None:
    for prefix in ("C", "CH", "TISS", "I", "R"):
        record = identity.record_id()
        assert identity.typed_reference(identity.reference(prefix, record)) == (
            prefix,
            identity.reference_characters(record),
        )
