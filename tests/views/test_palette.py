"""What the palette finds and in which order, over the demo caseload on the night of the picture."""

import pytest

from hipss_desktop.views.palette import MOST, Command, Result
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as
from ui.shell.screens import commands


def _titles(results: tuple[Result, ...]) -> list[str]:
    return [result.title for result in results]


COMMANDS = (
    Command("Lock now", "lock", "lock"),
    Command("Open the sync centre", "sync", "sync"),
    Command("Day or night theme", "sun", "theme"),
    Command("New placement", "plus", "new_record", "placement"),
    *(Command(f"Go to list {number}", "file", f"list_{number}") for number in range(1, 9)),
)


def test_nothing_typed_offers_the_first_commands(services: Services) -> None:
    results = services.palette.find("  ", COMMANDS).results
    assert {result.group for result in results} == {"Do"}
    assert _titles(results) == [command.words for command in COMMANDS[:MOST]]


def test_commands_fill_what_nothing_else_was_found_for(services: Services) -> None:
    assert len(services.palette.find("go to li", COMMANDS).results) == MOST
    assert _titles(services.palette.find("go to list 7", COMMANDS).results) == ["Go to list 7"]


def test_commands_whose_words_are_typed_come_before_records_with_those_words(services: Services) -> None:
    assert _titles(services.palette.find("go to", COMMANDS).results) == [command.words for command in COMMANDS[4:]]


def test_a_command_that_begins_a_record_names_its_kind(services: Services) -> None:
    first = services.palette.find("new pl", COMMANDS).results[0]
    assert (first.does, first.kind) == ("command", "placement")


def test_the_carer_brings_the_call_the_number_the_child_the_household_and_the_records(services: Services) -> None:
    results = services.palette.find("pree").results
    card, call = results[:2]
    assert (card.does, card.title, card.more) == ("caller_card", "Card for Jo Preece", "Jo & Martin Preece")
    assert (call.does, call.title, call.more) == ("log_contact", "Log a contact from Jo Preece", "about Kai M.")
    assert card.person == call.person is not None
    groups = [result.group for result in results]
    assert list(dict.fromkeys(groups)) == ["Do", "Children", "Carers", "Records"]
    child = next(result for result in results if result.group == "Children")
    assert child.title == "Kai M. · 14"
    assert child.tag is not None
    assert child.tag.words == "Missing since 21:40"
    carer = next(result for result in results if result.group == "Carers")
    assert (carer.title, carer.right, carer.more) == ("Jo & Martin Preece", "01632 960174", "1 child placed, 0 spaces")
    assert len(results) <= MOST


def test_a_child_brings_a_call_about_them(services: Services) -> None:
    first = services.palette.find("kai").results[0]
    child = next(record.record for record in services.people.of_kind("child") if record.fields["given_name"] == "Kai")
    assert (first.does, first.title, first.child) == ("log_contact", "Log a contact about Kai M.", child)
    assert first.person is None


def test_one_number_is_offered_once(services: Services) -> None:
    numbers = [result.number for result in services.palette.find("preece").results if result.does == "copy_number"]
    assert len(numbers) == len(set(numbers)) == 1


@pytest.mark.parametrize(("typed", "target"), [("lock", "lock"), ("sync", "sync"), ("night", "theme")])
def test_a_command_is_found_by_any_of_its_words(services: Services, typed: str, target: str) -> None:
    first = services.palette.find(typed, COMMANDS).results[0]
    assert (first.does, first.target) == ("command", target)


def test_at_night_its_own_commands_are_first_and_the_theme_is_below(services: Services) -> None:
    titles = _titles(services.palette.find("night", commands("on_call")).results)
    assert titles[:2] == ["Go to Night pack check", "Go to Night pack checks"]
    assert "Day or night theme" in titles[2:]


def test_three_letters_of_a_child_offer_the_card_of_where_the_child_sleeps_tonight(services: Services) -> None:
    """Amara's placement is with the Griffins; tonight she is on respite with the Preeces."""
    call, card = services.palette.find("ama").results[:2]
    assert call.title == "Log a contact about Amara O."
    assert (card.does, card.title) == ("caller_card", "Card for Pauline & Tom Griffin")
    assert (card.more, card.number) == ("Amara O. sleeps there tonight", "01632 960388")
    sign_in_as(services.store, role="manager")
    preece = services.people.find("preece")[0].record
    answers = {"child": child_named(services, "Amara"), "carer": preece, "type": "respite", "start": "2017-03-13"}
    respite = services.records.new_draft("placement", {**answers, "planned_end": "2017-03-15"})
    services.records.finish(respite)
    cards = [card_result for card_result in services.palette.find("ama").results if card_result.does == "caller_card"]
    assert [(card_result.target, card_result.title) for card_result in cards] == [
        (preece, "Card for Jo & Martin Preece")
    ]


def test_records_say_when_in_as_few_words_as_tell_it(services: Services, clock: SetClock) -> None:
    whens = {result.right for result in services.palette.find("preece").results if result.group == "Records"}
    assert any(when.endswith("last night") for when in whens)
    clock.pass_time(days=4)
    later = {result.right for result in services.palette.find("preece").results if result.group == "Records"}
    assert "13 March 2017" in later


def test_where_nothing_matches_the_nearest_name_is_offered(services: Services) -> None:
    palette_answer = services.palette.find("griffin houze")
    assert palette_answer.results == ()
    assert palette_answer.did_you_mean == "Griffin"
    assert services.palette.find("jo pris").did_you_mean == "Jo Preece"
    assert services.palette.find("zzxqv").did_you_mean == ""


def test_a_word_that_is_like_no_name_is_answered_with_none(services: Services) -> None:
    assert services.palette.find("handover").did_you_mean == ""


def test_a_command_says_by_which_keys_it_is_done(services: Services) -> None:
    (lock_command,) = services.palette.find("lock now", [Command("Lock now", "lock", "lock", keys="Ctrl+L")]).results
    assert lock_command.keys == "Ctrl+L"


def test_people_themselves_are_not_listed_as_records(services: Services) -> None:
    shown = [result.target for result in services.palette.find("preece").results if result.group == "Records"]
    kinds = {record.kind for result in shown if (record := services.store.get(result))}
    assert kinds
    assert kinds <= {"contact", "action", "placement", "shift"}


def test_a_call_is_offered_only_to_who_may_log_one(services: Services) -> None:
    sign_in_as(services.store, role="supervising")
    offered = _titles(services.palette.find("preece").results)
    assert "Copy number, Jo Preece" in offered
    assert not any(title.startswith("Log a contact") for title in offered)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("kai", ["Kai M. · 14", "Card for Jo & Martin Preece", "Copy number, Kai M."]),
        (
            "merr",
            [
                "Kai M. · 14",
                "Card for Jo & Martin Preece",
                "Copy number, Kai M.",
                "Copy number, Emergency door and window repairs",
            ],
        ),
        ("preece", ["Kai M. · 14", "Jo & Martin Preece", "Card for Jo Preece", "Copy number, Jo Preece"]),
        ("repairs", ["Copy number, Emergency door and window repairs"]),
    ],
)
def test_who_logs_no_calls_opens_the_person_with_enter(services: Services, typed: str, titles: list[str]) -> None:
    """Enter takes the first: a number was copied that nobody had asked for, and nothing opened."""
    sign_in_as(services.store, role="supervising")
    assert _titles(services.palette.find(typed).results)[: len(titles)] == titles
