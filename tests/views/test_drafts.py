"""What lists and notices say of drafts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.views.drafts import finished_words, missing_words, read_drafts
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_the_visit import preeces
from tests.helpers.store_fixtures import sign_in_as


def begin(services: Services, kind: str, fields: dict[str, Any]) -> str:
    """Save a new draft; return its record's id."""
    draft = services.records.new_draft(kind, fields)
    services.records.save(draft)
    return draft.record


def child_called(services: Services, name: str) -> str:
    return next(record.record for record in services.people.of_kind("child") if record.fields["given_name"] == name)


def test_a_draft_is_named_after_the_children_it_is_about_whatever_its_kind(services: Services) -> None:
    kai = child_called(services, "Kai")
    contact = begin(services, "contact", {"children": [kai, "nobody here"], "happening": "Shouting."})
    action = begin(services, "action", {"child": kai, "what": "Ring the school"})
    names = {draft.draft.record: draft.name for draft in read_drafts(services)}
    assert names[contact] == "On-call contact: No caller yet, Kai M."
    assert names[action] == "Action: Ring the school, Kai M."


@pytest.mark.parametrize("children", [5, {"a": 1}, [["x"]], [7], "Kai", None])
def test_a_draft_whose_children_cannot_be_read_is_still_listed(services: Services, children: object) -> None:
    record = begin(services, "contact", {"children": children, "happening": "Shouting."})
    assert record in {draft.draft.record for draft in read_drafts(services)}


def test_a_draft_of_an_unknown_kind_is_listed_and_removes_no_other(services: Services) -> None:
    """A newer program began the draft, and an older program opened the store."""
    contact_draft = begin(services, "contact", {"happening": "Shouting."})
    future = services.records.save(replace(services.records.new_draft("contact"), kind="future", fields={"a": "typed"}))
    drafts_by_record = {draft.draft.record: draft for draft in read_drafts(services)}
    assert drafts_by_record.keys() == {contact_draft, future.record}
    assert (drafts_by_record[future.record].name, drafts_by_record[future.record].missing) == (
        "future",
        "Update the program to go on with it",
    )
    assert drafts_by_record[future.record].draft.fields == {"a": "typed"}


@pytest.mark.parametrize(("count", "words"), [(0, "Ready to finish"), (1, "1 thing missing"), (2, "2 things missing")])
def test_how_much_is_missing_is_said_in_words(count: int, words: str) -> None:
    assert missing_words(count) == words


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("contact", {"caller_name": "Jo Preece"}, "Contact from Jo Preece finished 02:17"),
        ("action", {"what": "Ring school"}, "Action, Ring school, finished 02:17"),
        ("alert", {"expected": "May go out"}, "Alert, May go out, entered 02:17"),
        ("placement", {}, "Placement entered 02:17"),
        ("shift", {"start": "2017-03-14T17:30:00+00:00"}, "On-call shift, Shift, entered 02:17"),
        ("training", {"name": "Sleep", "stage": "planned"}, "Training session, Sleep, planned, entered 02:17"),
        ("missing_episode", {}, "Missing episode, Child not home, begun 02:17"),
    ],
)
def test_a_toast_calls_only_complete_records_finished(
    services: Services, kind: str, fields: dict[str, Any], says: str
) -> None:
    draft = services.records.new_draft(kind, fields)
    assert finished_words(draft, datetime(2017, 3, 14, 2, 17, tzinfo=UTC)) == says


def test_a_draft_visit_is_named_after_its_household_and_names_its_kind_once(services: Services) -> None:
    sign_in_as(services.store, role="supervising", name="D. Marsh")
    household = preeces(services)
    draft = services.records.save(services.supervision.start(household))
    assert draft.fields["children"]
    [words] = read_drafts(services)
    assert words.name == "Supervision visit, Jo & Martin Preece"
    assert services.names.about(VISIT, draft.fields) == "Jo & Martin Preece"
