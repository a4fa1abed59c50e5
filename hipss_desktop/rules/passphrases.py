"""Which passphrases are accepted: 12 characters or more, nothing commonly used, no rules about kinds of characters.

(NCSC and Cyber Essentials: length and a deny list, no composition rules.) Must not save, log or show a passphrase.
``zxcvbn`` is imported on first use, so that a window that only unlocks never waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_CHARACTERS = 12
STRENGTH_WORDS = ("Very weak", "Weak", "Weak", "Fair", "Strong")

_TAKEN_FROM = 3  # zxcvbn scores passphrases from a list of common passwords below this
_SCORED_CHARACTERS = 72  # zxcvbn accepts no more; further characters can only make it stronger


@dataclass(frozen=True)
class Strength:
    """How hard a passphrase is to guess: ``score`` bars of 4, and the word beside them."""

    score: int

    @property
    def word(self) -> str:
        """ "Weak", "Fair", "Strong"."""
        return STRENGTH_WORDS[self.score]


def strength(passphrase: str, known: Sequence[str] = ()) -> Strength:
    """Estimate how hard the passphrase is to guess; one that is too short is never more than weak.

    Args:
        passphrase: as typed.
        known: words that a guesser knows, such as the person's name and the laptop's.
    """
    if not passphrase:
        return Strength(0)
    from zxcvbn import zxcvbn

    words = [word for text in known for word in (text, *text.split())]
    score = int(zxcvbn(passphrase[:_SCORED_CHARACTERS], user_inputs=words)["score"])
    return Strength(score if len(passphrase) >= LEAST_CHARACTERS else min(score, _TAKEN_FROM - 1))


def problem(passphrase: str, known: Sequence[str] = ()) -> str | None:
    """The reason why the passphrase is not accepted, as a sentence; None if it is accepted."""
    if len(passphrase) < LEAST_CHARACTERS:
        return f"Use {LEAST_CHARACTERS} characters or more. Four words work well."
    if strength(passphrase, known).score < _TAKEN_FROM:
        return "That is easy to guess. Use four or more words that mean nothing to anyone else."
    return None
