"""The letters of a file are read as they were typed, a guess is said, and what makes no words is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop.errors import UserError
from hipss_desktop.sheets.encodings import CODECS, GUESSED, Encoding, decode

SHEET = "Ref,Caller,What happened\r\n1,Jo Preece,{}\r\n"
WRITTEN = (
    "Zoë said “no” – £5. Siân’s mother rang, café closed.",
    "Siân Pryce",
    "Bríd O’Hara rang about Jo’s friend",
    "Bríd",
    "O’Hara",
    "Kai’s mother",
    "Cost £40 for a taxi",
    "André, Chloé, Renée, Seán, Zoë, Noël",
    "She said ‘I won’t go’ and left…",
    "José Núñez, Müller, Søren, Åse",
    "Temperature 38.5° at 02:10",
    "He said it – then left",
    "Élise",
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_or_without_a_mark_is_certain(codec: str) -> None:
    text = SHEET.format("Łukasz, Zoë – “no”, 😀, فاطمة")
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.note) == (text, "")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_and_said(codec: str) -> None:
    text = SHEET.format("Zoë said “no”")
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding) == (text, Encoding.UTF_16)
    assert "utf-16, which is a guess" in decoded.note


@pytest.mark.parametrize("encoding", GUESSED)
@pytest.mark.parametrize("words", WRITTEN)
def test_the_letters_of_older_programs_are_recognised_by_their_words(words: str, encoding: Encoding) -> None:
    text = SHEET.format(words)
    try:
        content = text.encode(CODECS[encoding])
    except UnicodeEncodeError:
        return  # this encoding has no such sign, so no program saved it so
    decoded = decode(content)
    assert decoded.text == text
    assert "which is a guess" in decoded.note
    assert "--encoding" in decoded.note


@pytest.mark.parametrize("words", ["Siân", "Zoë Müller", "Bríd O’Hara", "£40", "Łukasz", "– no"])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_letters_that_were_broken_before_are_said(words: str, wrong: str) -> None:
    try:
        text = SHEET.format(words.encode().decode(wrong))
    except UnicodeDecodeError:
        return  # this program could not have read it so
    decoded = decode(text.encode())
    assert decoded.text == text
    assert "look broken" in decoded.note


@pytest.mark.parametrize(
    "words", ["Ã", "SÃO JOÃO", "Â", "CHÂTEAU", "â", "Bríd, Siân", "È vero", "“Siân”", "فاطمة", "MAÎTRE £"]
)
def test_letters_that_people_write_do_not_look_broken(words: str) -> None:
    assert decode(SHEET.format(words).encode()).note == ""


def test_plain_letters_need_no_guess() -> None:
    assert decode(SHEET.format("Went out").encode("cp1252")).note == ""


def test_another_encoding_is_read_where_it_is_said() -> None:
    content = "Siân".encode("mac_roman")
    assert decode(content, Encoding.MAC_ROMAN).text == "Siân"
    assert decode(content, Encoding.CODE_PAGE_850).text == "Siën"
    assert decode("Siân".encode("utf-16-be"), Encoding.UTF_16).text == "Siân"
    with pytest.raises(UserError, match="not in that encoding"):
        decode(content, Encoding.UTF_8)


@pytest.mark.parametrize(
    "content",
    [b"\x81\x8d\x8f\xff", bytes(range(128, 256)), "Привет, мама".encode("cp1251"), b"\xff\xfe\x00", b"a\0b\xff" * 9],
)
def test_bytes_that_make_no_words_are_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="CSV UTF-8"):
        decode(content)


@given(st.binary(max_size=200), st.sampled_from([None, *Encoding]))
def test_any_bytes_are_text_or_are_refused_in_a_sentence(content: bytes, encoding: Encoding | None) -> None:
    text, refused = "", "."
    try:
        text = decode(content, encoding).text
    except UserError as error:
        refused = str(error)
    assert "\0" not in text
    assert refused.endswith(".")
