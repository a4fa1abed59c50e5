"""Any spelling of one name finds who has it: among people, among records, in a sheet, and as the key of a row."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop import identity
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.sheets.keys import key_of, name_of
from hipss_desktop.sheets.names import Names, names_of
from hipss_desktop.views.services import Services
from tests.helpers.spellings import NAMES, spellings
from tests.helpers.store_fixtures import NIGHT, SetClock, load_demo, make_store

SPELLED = spellings(st.sampled_from(NAMES))


def number_of(name: str) -> str:
    return f"TST-{NAMES.index(name) + 20}"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo caseload, a child of each name, and a contact whose words name each."""
    clock = SetClock(NIGHT)
    store = make_store(tmp_path_factory.mktemp("names"), clock)
    named_services = load_demo(store, clock)
    with store.write() as unit:
        for name in NAMES:
            given_name, _, family_name = name.partition(" ")
            child = {"given_name": given_name, "family_name": family_name, "local_id": number_of(name)}
            call = {
                "type": "call",
                "told": "2017-03-14T02:10:00+00:00",
                "caller_name": "Pat",
                "happening": f"About {name}",
            }
            for kind, fields in (("child", child), ("contact", call)):
                record = identity.record_id()
                unit.append(
                    record=record, kind=kind, action="finish", fields=fields, changed=sorted(fields), parents=()
                )
    yield named_services
    store.close()


@pytest.fixture(scope="module")
def names(services: Services) -> Names:
    return names_of([CHILD.name], services.store.records_of)


@given(SPELLED)
@settings(deadline=None)
def test_any_spelling_finds_the_child(services: Services, spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    assert services.people.find(spelled, kinds=("child",))[0].description == number_of(name)


@given(SPELLED)
@settings(deadline=None)
def test_any_spelling_finds_the_record_whose_words_have_it(services: Services, spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    matches = services.store.search(spelled, kind="contact")
    assert [record.fields["happening"] for record in matches] == [f"About {name}"]


@given(SPELLED)
@settings(deadline=None)
def test_any_spelling_in_a_sheet_is_the_child(services: Services, names: Names, spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    child = services.people.record(names.find(CHILD.name, spelled) or "")
    assert child is not None
    assert CHILD.of(child).local_id == number_of(name)


@given(SPELLED)
@settings(deadline=None)
def test_any_spelling_of_a_key_is_the_key_of_the_same_record(spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    for kind, body in ((CHILD, "local_id"), (CARER, "members")):
        typed, alike = (
            {body: [{"id": "01", "given_name": "Jo", "family_name": word}] if kind is CARER else word}
            for word in (name, spelled)
        )
        assert key_of(kind, typed) == key_of(kind, alike)


def test_the_identifier_of_an_imported_row_is_the_one_that_it_always_had() -> None:
    assert name_of(CHILD, {"local_id": "Siân/1"}) == '["child","siân/1"]'
    member = {"id": "01", "given_name": "Bríd", "family_name": "O\u2019Hara"}
    assert name_of(CARER, {"members": [member]}) == '["carer",["bríd","o’hara"]]'


@pytest.mark.parametrize(
    "typed", ["zajac", "Zając", "wojcik zajac", "Wójcik–Z", "marquez", "ohara", "hara", "dsouza", "Souza"]
)
def test_each_family_name_is_found_by_itself(services: Services, typed: str) -> None:
    [first, *_] = services.people.find(typed, kinds=("child",))
    assert first.description.startswith("TST-")


LOG = "Ref,Call time,Who is calling,What is it about?,What happened,Advice given,Risk now,Who needs to know\n"


def test_a_row_whose_words_are_composed_otherwise_is_here_already(tmp_path_factory: pytest.TempPathFactory) -> None:
    clock = SetClock(NIGHT)
    store = make_store(tmp_path_factory.mktemp("accents"), clock)
    row = "{0},14/03/2016 02:10,{1},Other,{1} rang,None,Low,Nobody\n"
    composed, apart = row.format("Si\u00e1n/1", "Br\u00edd"), row.format("Sia\u0301n/1", "Bri\u0301d")
    assert import_sheet(store, "contact", LOG + composed, clock=clock).added == 1
    again = import_sheet(store, "contact", LOG + apart, clock=clock)
    assert (again.added, again.known, again.changed, again.problems) == (0, 1, [], [])
    assert [record.fields["caller_name"] for record in store.records_of("contact")] == ["Br\u00edd"]
    store.close()
