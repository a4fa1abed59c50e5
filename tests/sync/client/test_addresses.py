"""The council's address as people type and paste it: completed where it can be, else refused with what to enter."""

import pytest

from hipss_desktop.errors import UserError
from sync.client.addresses import checked_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://hipss.council.example", "https://hipss.council.example"),
        (" hipss.council.example\n", "https://hipss.council.example"),
        ("hipss.council.example:8443", "https://hipss.council.example:8443"),
        ("https://hipss.council.example/", "https://hipss.council.example"),
        ("https://hipss.council.example.", "https://hipss.council.example"),
        ("https://hipss.council.example\u200b", "https://hipss.council.example"),
        ("\ufeffhttps://hipss.council\u00ad.example/hipss/", "https://hipss.council.example/hipss"),
        ("\u201chttps://hipss.council.example\u201d.", "https://hipss.council.example"),
        ("\u2018hipss.council.example\u2019,", "https://hipss.council.example"),
        ("<https://hipss.council.example/>", "https://hipss.council.example"),
        ("\u00abhipss.council.example\u00bb\u202f;", "https://hipss.council.example"),
        ("https://hipss\u2011north\u2013west.example", "https://hipss-north-west.example"),
        ("HTTPS://Hipss.Council.example", "https://Hipss.Council.example"),
        ("127.0.0.1:43193", "https://127.0.0.1:43193"),
        ("http://127.0.0.1:8317", "http://127.0.0.1:8317"),
        ("http://localhost:8317", "http://localhost:8317"),
        ("http://[::1]:8317", "http://[::1]:8317"),
        ("https://[2001:db8::7]", "https://[2001:db8::7]"),
        ("https://hipss.cyngor.cymru", "https://hipss.cyngor.cymru"),
        ("https://hipss.gemeinde-süd.example", "https://hipss.gemeinde-süd.example"),
    ],
)
def test_an_address_is_completed(typed: str, meant: str) -> None:
    assert checked_address(typed) == meant
    assert checked_address(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "https://hipss.council.example:83l7",
        "https://hipss.council.example:99999",
        "https://[::1",
        "https://hipss..example",
        "https://hipss council.example",
        "https://hipss\u2019council.example",
        "https://hipss.council.example and the code",
        "https:hipss.council.example",
        "https:/hipss.council.example",
        "https//hipss.council.example",
        "htps://hipss.council.example",
        "ftp://hipss.council.example",
        "https://hipss@council.example",
        "https://hipss.council.example?a=b",
        "https://hipss.council.example#top",
        "https://" + "a" * 64 + ".example",
        "https://hipss.coun\ud800cil.example",
    ],
)
def test_a_slip_in_an_address_says_what_to_enter(typed: str) -> None:
    with pytest.raises(UserError, match="Enter the council’s address, like https://hipss") as refusal:
        checked_address(typed)
    assert refusal.value.field == "server"


@pytest.mark.parametrize("typed", ["http://hipss.council.example", "http://192.168.0.7:8317", "http://0.0.0.0"])
def test_nothing_is_sent_unprotected_to_another_machine(typed: str) -> None:
    with pytest.raises(UserError, match="Records are never sent unprotected"):
        checked_address(typed)
