"""One-time codes: read however they were typed or pasted, and a slip in one names the group to look at."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop.errors import UserError
from hipss_desktop.identity import CROCKFORD
from sync.wire import codes

COUNCIL = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"
SECRET = "7KQ40M2X91"
secrets_of_codes = st.text(CROCKFORD, min_size=10, max_size=10)


def refused(code: str) -> str:
    """What is said about a code that is not taken."""
    with pytest.raises(UserError) as refusal:
        codes.read(code)
    return str(refusal.value)


@settings(deadline=None)
@given(secrets_of_codes)
def test_a_code_is_six_groups_of_four_and_is_read_back(secret: str) -> None:
    code = codes.written(secret, COUNCIL)
    assert [len(group) for group in code.split("-")] == [4] * 6
    assert codes.read(code) == (secret, codes.fingerprint(COUNCIL))


@settings(deadline=None)
@given(secrets_of_codes, st.randoms())
def test_a_code_is_read_however_it_was_typed_or_pasted(secret: str, dice: random.Random) -> None:
    marks = ["", "", " ", "-", "\n", "\u2010", "\u2011", "\u2013", "\u2014", "\u00a0", "\u200b", "\ufeff", "\u00ad"]
    marks += ["\u201c", "\u2019", '"', "\u2212", "\u2043", "\u3000", "\u200e", "\u2060", ". "]
    typed = "".join(
        dice.choice([character, character.lower()]) + dice.choice(marks) for character in codes.written(secret, COUNCIL)
    )
    for right, alike in (("0", "oO"), ("1", "iIlL")):
        typed = "".join(dice.choice(right + alike) if character == right else character for character in typed)
    assert codes.read(typed + ".\u200b") == (secret, codes.fingerprint(COUNCIL))


def test_figures_and_letters_of_full_width_are_read_too() -> None:
    wide = codes.written(SECRET, COUNCIL).translate({code: code + 0xFEE0 for code in range(0x30, 0x5B)})
    assert codes.read(wide)[0] == SECRET


@settings(deadline=None, max_examples=20)
@given(secrets_of_codes, st.randoms())
def test_any_one_wrong_character_names_its_group(secret: str, dice: random.Random) -> None:
    code = codes.written(secret, COUNCIL).replace("-", "")
    for place, right in enumerate(code):
        wrong = dice.choice((CROCKFORD + "U").replace(right, ""))
        words = refused(code[:place] + wrong + code[place + 1 :])
        assert words == f"Group {place // 4 + 1} is not right. Check its four characters."


def test_every_wrong_character_at_every_place_of_one_code_names_its_group() -> None:
    code = codes.written(SECRET, COUNCIL).replace("-", "")
    for place, right in enumerate(code):
        for wrong in (CROCKFORD + "Ué").replace(right, ""):
            assert refused(code[:place] + wrong + code[place + 1 :]).startswith(f"Group {place // 4 + 1} is not right.")


@settings(deadline=None, max_examples=20)
@given(secrets_of_codes)
def test_two_neighbours_exchanged_name_their_group(secret: str) -> None:
    code = codes.written(secret, COUNCIL)
    for place, (first, second) in enumerate(pairwise(code)):
        if first == second or "-" in (first, second):
            continue
        words = refused(code[:place] + second + first + code[place + 2 :])
        assert words == f"Group {place // 5 + 1} is not right. Check its four characters."


@settings(deadline=None, max_examples=50)
@given(secrets_of_codes, st.lists(st.integers(0, 23), min_size=2, max_size=2, unique=True), st.integers(1, 30))
def test_two_wrong_characters_never_accuse_a_group(secret: str, places: list[int], by: int) -> None:
    code = list(codes.written(secret, COUNCIL).replace("-", ""))
    for place, difference in zip(places, (by, by + 1), strict=True):  # alike, they could be two that changed places
        code[place] = CROCKFORD[CROCKFORD.index(code[place]) ^ difference]
    assert refused("".join(code)) == "More than one character is not right. Check all six groups."


def test_two_groups_exchanged_are_not_taken() -> None:
    groups = codes.written(SECRET, COUNCIL).split("-")
    groups[1], groups[4] = groups[4], groups[1]
    assert "not right" in refused("-".join(groups))


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (lambda code: "", "Enter the one-time code"),
        (lambda code: " - ", "Enter the one-time code"),
        (lambda code: code[:-1], "A one-time code is 6 groups of 4 characters, 24 in all. This is 23."),
        (lambda code: code + "7", "A one-time code is 6 groups of 4 characters, 24 in all. This is 25."),
    ],
)
def test_a_code_of_another_length_says_how_long_it_should_be(cut: Callable[[str], str], words: str) -> None:
    assert refused(cut(codes.written(SECRET, COUNCIL))) == words


def test_another_council_has_another_fingerprint() -> None:
    assert codes.fingerprint(COUNCIL) != codes.fingerprint(COUNCIL.replace("G", "H"))
    assert len(codes.fingerprint(COUNCIL)) == 11
