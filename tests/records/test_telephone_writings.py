"""Any writing of a number of this country that the library accepts finds its household; so do those in a record's text."""

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from db.typed_words import search_query
from hipss_desktop import identity
from hipss_desktop.records.telephone import dialled, e164, searched, searched_in
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import NIGHT, SetClock, load_demo, make_store

NATIONAL = ("7700900377", "1632960174", "1632960052", "2079460123", "8081570123", "1204960123")
BEFORE = (
    "0",
    "+44",
    "0044",
    "+44 (0)",
    "(+44) ",
    "+44(0)",
    "00 44 ",
    "tel:+44",
    "tel:0",
    "\uff0b44",
    "(0",
    "+44 0",
    "[+44]",
)
BETWEEN = (
    "", " ", "-", ".", "(", ")", "/", "[", "]", "\u00a0", "\u00ad", "\u200b", "\u2060", "\u2010", "\u2011", "\u2013", "\u2014",
    "\u2015", "\u2212", "\uff0d", "\uff0e", "\uff0f", "\u3000", "\uff08", "\uff09",
)  # fmt: skip  # a table, read line by line
AFTER = ("", " ", " ext 4", " x4", "#12", " ext. 123", ";ext=7", ", ext 9")
FIGURES = tuple(
    str.maketrans("0123456789", figures)
    for figures in ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "۰۱۲۳۴۵۶۷۸۹")
)


@st.composite
def writings(draw: st.DrawFn, numbers: tuple[str, ...] = NATIONAL) -> tuple[str, str]:
    """A number as it is dialled, and one way in which it is written that the library reads as this number."""
    national = draw(st.sampled_from(numbers))
    between = draw(st.lists(st.sampled_from(BETWEEN), min_size=len(national), max_size=len(national)))
    digits = "".join(mark + digit for mark, digit in zip(between, national, strict=True))
    marks = draw(st.sampled_from(("", "\u202a", "\ufeff", "\u200e")))
    written = marks + draw(st.sampled_from(BEFORE)) + digits + draw(st.sampled_from(AFTER))
    written = written.translate(draw(st.sampled_from(FIGURES)))
    assume(_as_the_library_reads(written.strip(marks)) == (44, int(national)))
    return f"0{national}", written


def _as_the_library_reads(written: str) -> tuple[int | None, int | None]:
    """The country and the number that the library reads, None for both if it accepts no number there."""
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return None, None
    return number.country_code, number.national_number


@given(writings())
@settings(deadline=None, max_examples=300)
def test_any_writing_that_the_library_accepts_is_the_same_number(writing: tuple[str, str]) -> None:
    number, written = writing
    assert dialled(written) == number
    assert e164(written) == f"+44{number[1:]}"
    assert e164(written)[1:] in searched(number)
    assert f'"{e164(written)[1:]}"' in search_query(written)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    clock = SetClock(NIGHT)
    store = make_store(tmp_path_factory.mktemp("numbers"), clock)
    demo_services = load_demo(store, clock)
    with store.write() as unit:
        fields = {
            "type": "call", "told": "2017-03-14T02:10:00+00:00", "caller_name": "Pat", "happening": "Rings from +44 7700 900377",
            "call_back": "(07700) 900 366",
        }  # fmt: skip  # a table, read line by line
        changed = sorted(fields)
        unit.append(
            record=identity.record_id(), kind="contact", action="finish", fields=fields, changed=changed, parents=()
        )
    yield demo_services
    store.close()


@given(writings(("1632960174",)))
@settings(deadline=None, max_examples=60)
def test_any_writing_finds_its_household(services: Services, writing: tuple[str, str]) -> None:
    assert [person.name for person in services.people.find(writing[1])] == ["Jo Preece", "Martin Preece"]


@given(writings(("7700900377", "7700900366")))
@settings(deadline=None, max_examples=60)
def test_any_writing_finds_the_contact_that_has_it_in_an_answer_or_in_its_words(
    services: Services, writing: tuple[str, str]
) -> None:
    assert [record.fields["caller_name"] for record in services.store.search(writing[1])] == ["Pat"]


def test_words_without_a_number_cost_the_index_nothing() -> None:
    assert searched_in("Kai would not go in, and Jo rang at 02:10") == ""
