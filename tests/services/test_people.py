"""Who the typed letters mean: two letters, a nickname, a misspelling, four digits of a number; offline, of any caseload."""

import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from hipss_desktop import identity
from hipss_desktop.services.people import Person
from hipss_desktop.services.ports import Unit
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import NIGHT, SetClock, load_demo, make_store

GIVEN_NAMES = (
    "Priya Prue Joan Josie John Joe Jordan Mark Marta Martina Anne Anna Carole Caron Paul Paula Beth Bethan Dev Devon "
    "Rita Tomas Sunil Ellis Kay Karl Rhys Reece Tyrone Amar Lucy Omar Nia Owen Gwen Huw Ivy Kit Lena Milo"
)
FAMILY_NAMES = (
    "Price Pritchard Preston Prosser Prescott Reese Rees Reece Peace Pearce Pierce Presley Yeoman Yates Collins Collier "
    "Cole Nashe Griffiths Griffith Rowe Ray Rhodes Merrill Merritt Bevan Bowen Powell Parry Probert Prothero Vaughan "
    "Watkins Weaver Whittal Wargent Jauncey Skyrme Preedy Godsall"
)
GIVEN, FAMILY = GIVEN_NAMES.split(), FAMILY_NAMES.split()
CLUES = ["pr", "jo", "preese", "preace", "0174", "960174"]
"""What a practitioner types when Jo Preece, 01632 960174, rings."""


def _crowd(unit: Unit) -> None:
    """2,000 households of two and 1,000 children, of whom six more are placed tonight."""
    chance = random.Random(20170314)
    households, children = [], []
    for _ in range(2000):
        family = chance.choice(FAMILY)
        members = [
            {"id": identity.row_id(), "given_name": chance.choice(GIVEN), "family_name": family, "relation": "carer"}
            for _ in range(2)
        ]
        phones = [{"id": identity.row_id(), "label": "Home", "number": f"01632 960{chance.randrange(1000):03}"}]
        households.append(_add(unit, "carer", {"members": members, "phones": phones, "status": "approved"}))
    for number in range(1000):
        fields = {"given_name": chance.choice(GIVEN), "family_name": chance.choice(FAMILY), "local_id": f"OLD-{number}"}
        children.append(_add(unit, "child", fields))
    for place in range(6):
        _add(unit, "placement", {"child": children[place], "carer": households[place], "start": "2017-01-09"})
    for place in range(6, 900):
        fields = {"child": children[place], "carer": households[place], "start": "2015-01-09", "end": "2016-02-01"}
        _add(unit, "placement", fields)


def _add(unit: Unit, kind: str, fields: Mapping[str, object]) -> str:
    record = identity.record_id()
    unit.append(record=record, kind=kind, action="finish", fields=fields, changed=sorted(fields), parents=())
    return record


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo caseload among 5,000 other names."""
    clock = SetClock(NIGHT)
    store = make_store(tmp_path_factory.mktemp("crowd"), clock)
    services = load_demo(store, clock)
    with store.write() as unit:
        _crowd(unit)
    yield services
    store.close()


def _names(people: Sequence[Person]) -> list[str]:
    return [person.name for person in people]


@pytest.mark.parametrize("clue", CLUES)
def test_the_carer_who_rings_is_among_the_first_three_of_the_demo_caseload(services: Services, clue: str) -> None:
    assert "Jo Preece" in _names(services.people.find(clue, limit=3))


@pytest.mark.parametrize("clue", CLUES)
def test_the_carer_who_rings_is_among_the_first_three_of_five_thousand_names(crowded: Services, clue: str) -> None:
    assert "Jo Preece" in _names(crowded.people.find(clue, limit=3))


@pytest.mark.parametrize("clue", CLUES)
def test_the_palette_offers_the_card_that_logs_the_call_among_its_first_three(crowded: Services, clue: str) -> None:
    first = crowded.palette.find(clue).results[:3]
    assert "Jo Preece" in [result.person.name for result in first if result.does == "caller_card" and result.person]


@pytest.mark.parametrize(
    ("clue", "child"), [("kai", "Kai M."), ("kaiser", "Kai M."), ("hipss-017", "Kai M."), ("elli", "Ellie R.")]
)
def test_a_child_is_found_by_name_nickname_and_service_number(crowded: Services, clue: str, child: str) -> None:
    assert child in _names(crowded.people.find(clue, kinds=["child"], limit=3))


def test_a_match_of_a_whole_word_is_before_a_match_of_a_beginning(services: Services) -> None:
    assert _names(services.people.find("jo"))[0] == "Jo Preece"


def test_a_match_at_the_end_of_a_number_is_before_a_match_in_its_middle(services: Services) -> None:
    matches = services.people.find("900312")
    assert "S. Lloyd" in _names(matches)[0]


@pytest.mark.parametrize(
    "shown",
    [
        "01632960174", "01632 960174", "+44 1632 960174", "+441632960174", "0044 1632 960174", "+44 (0)1632 960174",
        "tel:01632960174", "\u202a+44 1632\u00a0960174\u202c", "01632-960-174", "1632 960174",
    ],
)  # fmt: skip
def test_a_number_finds_its_household_however_a_telephone_shows_it(services: Services, shown: str) -> None:
    assert _names(services.people.find(shown)) == ["Jo Preece", "Martin Preece"]


@pytest.mark.parametrize("stored", ["+44 7700 900377", "07700900377", "(07700) 900 377"])
def test_a_number_is_found_however_it_was_entered_and_is_kept_as_it_was(services: Services, stored: str) -> None:
    with services.store.write() as unit:
        member = {"id": "01", "given_name": "Pat", "family_name": "O\u2019Hara", "phone": stored}
        _add(unit, "carer", {"members": [member]})
    for typed in ("07700 900377", "+447700900377", "900377", "0377", "o'hara", "+44 7700 900 3"):
        assert next((person.name, person.number) for person in services.people.find(typed)) == (
            "Pat O\u2019Hara",
            stored,
        )


@pytest.mark.parametrize("clue", ["01632 960052", "0052"])
def test_of_one_household_the_first_carer_is_first(services: Services, clue: str) -> None:
    """The number is the home's, and Sunita Rao is entered before Dev."""
    assert [person.name for person in services.people.find(clue, kinds=("carer",))][:2] == ["Sunita Rao", "Dev Rao"]


def test_two_households_with_one_number_and_a_colleague_are_all_offered_the_one_with_a_child_first(
    services: Services,
) -> None:
    with services.store.write() as unit:
        member = {"id": "01", "given_name": "Ann", "family_name": "Other", "phone": "+44 1632 960174"}
        _add(unit, "carer", {"members": [member]})
        _add(unit, "practitioner", {"name": "P. Shared", "role": "on_call", "phone": "01632960174"})
    assert _names(services.people.find("01632 960174")) == ["Jo Preece", "Martin Preece", "Ann Other", "P. Shared"]


def test_a_whole_number_is_before_a_number_that_only_ends_in_the_typed_digits(services: Services) -> None:
    with services.store.write() as unit:
        for given_name, phone in (("Long", "+1 907 700 900 3880"), ("Whole", "0790 070 0388")):
            _add(
                unit,
                "carer",
                {"members": [{"id": "01", "given_name": given_name, "family_name": "Number", "phone": phone}]},
            )
    assert _names(services.people.find("07900700388"))[0] == "Whole Number"


def test_an_accent_a_curly_apostrophe_or_none_finds_the_same_name(services: Services) -> None:
    with services.store.write() as unit:
        _add(unit, "child", {"given_name": "Zo\u00eb", "family_name": "D\u2019Souza", "local_id": "HIPSS-090"})
    for typed in ("zoe d'sou", "Zoe\u0308", "ZO\u00cb D\u2019SOUZA"):
        assert _names(services.people.find(typed))[0] == "Zo\u00eb D."


def test_only_the_kinds_asked_for_are_found(services: Services) -> None:
    assert {person.kind for person in services.people.find("a", kinds=["child"], limit=50)} == {"child"}


def test_nothing_typed_finds_nobody_and_neither_does_what_is_like_no_name(services: Services) -> None:
    assert services.people.find("  ") == services.people.find(" - ") == services.people.find("\u2013") == []
    assert services.people.find("zzxqv") == []


def test_somebody_who_was_just_entered_is_found_at_once(services: Services) -> None:
    assert services.people.find("quillon") == []
    with services.store.write() as unit:
        _add(unit, "child", {"given_name": "Rory", "family_name": "Quillon", "local_id": "HIPSS-030"})
    assert _names(services.people.find("quillon")) == ["Rory Q."]


def test_many_threads_asking_at_once_all_find_everybody(tmp_path: Path, clock: SetClock) -> None:
    store = make_store(tmp_path / "fresh", clock)
    load_demo(store, clock)
    fresh, answers = Services(store, clock), []
    ready = threading.Barrier(6)

    def ask() -> None:
        ready.wait()
        answers.append(_names(fresh.people.find("preece")))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert all("Jo Preece" in answer for answer in answers)
    assert len(answers) == 6
