"""Which passphrases are taken."""

import pytest

from hipss_desktop.rules.passphrases import Strength, problem, strength


@pytest.mark.parametrize("passphrase", ["", "eleven char", "kX9$w!zQ"])
def test_fewer_than_twelve_characters_are_refused_and_never_look_strong(passphrase: str) -> None:
    assert problem(passphrase) == "Use 12 characters or more. Four words work well."
    assert strength(passphrase).word in {"Very weak", "Weak"}


@pytest.mark.parametrize(
    "passphrase",
    [
        "password1234",
        "Password2017!",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "liverpoolfc2017",
        "manchesterunited",
        "passwordpassword",
    ],
)
def test_commonly_used_ones_are_refused_however_long(passphrase: str) -> None:
    assert problem(passphrase) == "That is easy to guess. Use four or more words that mean nothing to anyone else."


@pytest.mark.parametrize(
    "passphrase", ["kettle marble otter Thursday", "blue car house dog", "ünïcödé wörter hïer", "x8kqpwmzr4vb"]
)
def test_no_kind_of_character_is_asked_for(passphrase: str) -> None:
    assert problem(passphrase) is None
    assert strength(passphrase) == Strength(4)
    assert strength(passphrase).word == "Strong"


def test_the_persons_own_name_does_not_make_a_passphrase() -> None:
    assert problem("penelope ashworth", known=()) is None
    assert problem("penelope ashworth", known=("Penelope Ashworth",)) is not None


def test_a_passphrase_longer_than_the_estimator_takes_is_judged_by_its_beginning() -> None:
    assert problem("kettle marble otter Thursday " * 40) is None
    assert problem("a" * 500) is not None


def test_every_strength_has_a_word() -> None:
    assert [Strength(score).word for score in range(5)] == ["Very weak", "Weak", "Weak", "Fair", "Strong"]
