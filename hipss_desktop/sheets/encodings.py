"""Encodings: the text of a file as spreadsheets save it, and how sure it is that the letters are right.

A mark at its beginning, or valid UTF-8, decides. Else the encoding is a guess between those that spreadsheets use in the
United Kingdom: the one in which the words look most like words, and among equals the one that ``charset_normalizer``
prefers. Text in which no encoding gives words is refused, because a wrong letter would be signed. Must not know columns.
"""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import pairwise

from hipss_desktop.errors import UserError


class Encoding(StrEnum):
    """An encoding in which spreadsheets save text, by the name that a person may give it."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    MAC_ROMAN = "mac-roman"
    CODE_PAGE_850 = "code-page-850"


ENCODING_HELP = "The encoding of the file’s text, if its letters come out wrong."


@dataclass(frozen=True)
class Decoded:
    """The text of a file, its encoding, and an example of a word with an accent or a sign if the encoding is a guess."""

    text: str
    encoding: Encoding
    example: str = ""

    @property
    def note(self) -> str:
        """Sentences about a guess, and about letters that were broken before; '' if there is nothing to say."""
        guess = (
            f"The letters were read as {self.encoding.value}, which is a guess: “{self.example}”. "
            "If that is wrong, say another with --encoding."
        )
        broken = BROKEN.search(self.text)
        word = broken.group()[:LONGEST_EXAMPLE] if broken is not None else ""
        look_broken = (
            f"Some letters look broken, as in “{word}”: the file was once opened in a wrong encoding and saved. "
            "Save it again from the spreadsheet in which its letters are right."
        )
        return " ".join([*([guess] if self.example else []), *([look_broken] if word else [])])


CODECS = {
    Encoding.UTF_8: "utf-8-sig",
    Encoding.UTF_16: "utf-16",
    Encoding.WINDOWS_1252: "cp1252",
    Encoding.MAC_ROMAN: "mac_roman",
    Encoding.CODE_PAGE_850: "cp850",
}
GUESSED = (Encoding.WINDOWS_1252, Encoding.MAC_ROMAN, Encoding.CODE_PAGE_850)
MARKS = (
    (codecs.BOM_UTF8, Encoding.UTF_8),
    (codecs.BOM_UTF16_LE, Encoding.UTF_16),
    (codecs.BOM_UTF16_BE, Encoding.UTF_16),
)
_FOLLOWING = "".join(chr(byte) + bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
BROKEN = re.compile(rf"[^\s,;]*(?:[ÂÃÄÅ][{_FOLLOWING}]|â[{_FOLLOWING}]{{2}})[^\s,;]*")
"""A word in which the bytes of a letter in UTF-8 were each read as a letter: "SiÃ¢n"."""
HEAD = 64
"""A text has no zero among this many first bytes. UTF-16 without a mark has, and each of its bytes would be read as a letter."""
TELLING = 2**16
"""Bytes of the lines with other signs than ASCII that are weighed; more say nothing new."""

MOSTLY = 0.8
"""The part of plain letters, figures and separators in a sheet."""

NO_TEXT = "This file cannot be read as text. Save it from the spreadsheet as CSV UTF-8."
NOT_SAID = "This file is not in that encoding. Say another with --encoding, or save it as CSV UTF-8."
NO_WORDS = (
    "The letters of this file cannot be told: its accents and signs make no words in any usual encoding. "
    "Save it from the spreadsheet as CSV UTF-8, or say the encoding with --encoding."
)


def decode(content: bytes, encoding: Encoding | None = None) -> Decoded:
    """The text of a file, in this encoding or else in the one that it seems to have.

    Raises:
        UserError: the content is not in that encoding, or seems to be in none.
    """
    if encoding is not None:
        text = _text(content, encoding)
        if text is None:
            raise UserError(NOT_SAID)
        return Decoded(text, encoding)
    for mark, marked in MARKS:
        if content.startswith(mark):
            return _certain(content, marked)
    if b"\0" in content[:HEAD]:
        return _utf_16(content)
    if (text := _text(content, Encoding.UTF_8)) is not None:
        return Decoded(text, Encoding.UTF_8)
    return _guessed(content)


def _text(content: bytes, encoding: Encoding) -> str | None:
    """The text in this encoding, without its mark; None if the bytes do not fit, or hold a zero."""
    codec = CODECS[encoding]
    if encoding is Encoding.UTF_16 and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16-le" if _zeros(content, 1) >= _zeros(content, 0) else "utf-16-be"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.removeprefix("\ufeff")


def _zeros(content: bytes, first: int) -> int:
    """The number of zeros among every second byte, from the first or the second on."""
    return content[first:TELLING:2].count(0)


def _certain(content: bytes, encoding: Encoding) -> Decoded:
    text = _text(content, encoding)
    if text is None:
        raise UserError(NO_TEXT)
    return Decoded(text, encoding)


def _utf_16(content: bytes) -> Decoded:
    """UTF-16 without a mark: letters that are mostly ASCII say which half of each pair comes first."""
    text = _text(content, Encoding.UTF_16)
    if text is None or sum(map(str.isascii, text)) < MOSTLY * len(text):
        raise UserError(NO_TEXT)
    return Decoded(text, Encoding.UTF_16, next(iter(text.split()), "")[:LONGEST_EXAMPLE])


# --- the words ---

ACCENTED = resources.files("resources") / "accented_words.txt"
"""Names and words with accents that are met here. They decide where the letters beside an accent do not."""
LONGEST_EXAMPLE = 24
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
RARE = "ÕıÞþÐðÝ"
"""Letters that are more often a misread apostrophe or quotation mark."""
KNOWN, USUAL, ODD = 4, 1, -3
LONG_WORD = 3
MOST_ODD = 0.2
"""The part of the signs that may look odd in a text that is still taken for words."""


def _guessed(content: bytes) -> Decoded:
    """The text in the encoding in which its words look most like words."""
    from charset_normalizer import from_bytes

    lines = [line for line in re.split(rb"[\r\n]", content) if not line.isascii()]
    telling = b"\n".join(lines)[:TELLING]
    liked = [match.encoding for match in from_bytes(telling, cp_isolation=[CODECS[encoding] for encoding in GUESSED])]
    order = sorted(
        GUESSED, key=lambda encoding: liked.index(CODECS[encoding]) if CODECS[encoding] in liked else len(liked)
    )
    weighed = [
        (weight, encoding, text)
        for encoding in order
        if (text := _text(content, encoding)) is not None
        and (part := _text(telling, encoding)) is not None
        and (weight := _weight(part)) is not None
    ]
    if not weighed:
        raise UserError(NO_WORDS)
    _, encoding, text = max(weighed, key=lambda candidate: candidate[0])
    return Decoded(text, encoding, _example(text))


def _weight(text: str) -> int | None:
    """How much the signs beyond ASCII look as if they belong where they stand; None if too many do not."""
    signs = [
        _weight_of(before, sign, after)
        for (before, sign), (_, after) in pairwise(pairwise(f"\n{text}\n"))
        if not sign.isascii()
    ]
    if signs.count(ODD) > MOST_ODD * len(signs):
        return None
    words = [word for word in WORD.findall(text) if not word.isascii()]
    letters = "".join(word for word in words if len(word) >= LONG_WORD)
    if sum(map(str.isascii, letters)) < len(letters) / 2:  # another alphabet, read as accents
        return None
    known = [word for word in words if word.casefold() in _accented_words()]
    return sum(signs) + KNOWN * len(known)


@cache
def _accented_words() -> frozenset[str]:
    return frozenset(ACCENTED.read_text(encoding="utf-8").split())


def _weight_of(before: str, sign: str, after: str) -> int:
    """Whether a sign belongs between its neighbours: an accent in a word of one case, a quotation mark at its end."""
    in_word = before.isalpha() or after.isalpha()
    if sign.isalpha() and sign not in "ªºƒˆ˜":
        beside_figure = before.isdigit() or after.isdigit()
        breaks_case = (sign.isupper() and before.islower()) or (sign.islower() and before.islower() and after.isupper())
        if beside_figure or breaks_case or not in_word:
            return ODD
        return 0 if sign in RARE else USUAL
    if sign in "‘’":
        return USUAL if in_word else ODD
    if sign in "“«":
        return USUAL if not before.isalnum() and not after.isspace() else ODD
    if sign in "”»":
        return USUAL if not after.isalnum() and not before.isspace() else ODD
    if sign in "£€":
        return USUAL if after.isdigit() or after == " " else ODD
    if sign in "°½¼¾²³®©™":
        return USUAL if before.isdigit() or before == " " or sign in "®©™" else ODD
    if sign in "–—…•·\xa0":
        return USUAL if sign != "…" or not after.isalpha() else ODD
    return ODD


def _example(text: str) -> str:
    """A word of the text that shows whether its letters are right: the shortest with a letter or sign beyond ASCII."""
    words = [word for word in text.replace(",", " ").replace(";", " ").split() if not word.isascii()]
    with_letters = [word for word in words if any(sign.isalpha() and not sign.isascii() for sign in word)]
    return min(with_letters or words, key=len)[:LONGEST_EXAMPLE]
