"""Who is to be told, by an action that followed from a contact."""

from dataclasses import replace

import pytest

from hipss_desktop import identity
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.rules.telling import service_addressed, told_by
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named


def test_an_action_that_a_contact_made_says_who_is_to_be_told_and_a_follow_up_does_not(services: Services) -> None:
    answers = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [child_named(services, "Kai")],
        "concerns": ["violence"],
        "happening": "Kicked the door in.",
        "advice": "Step outside.",
        "risk": "high",
        "needs_to_know": ["police", "edt", "manager"],
        "follow_ups": [{"id": "a", "what": "Ring Jo back", "due": "2017-03-14T03:00:00+00:00"}],
    }
    contact = services.records.finish(replace(services.records.new_draft("contact"), fields=answers)).envelope.record
    actions = [record for record in services.store.records_of("action") if record.fields.get("from_contact") == contact]
    services_by_action = {ACTION.of(action).what: told_by(action) for action in actions}
    assert services_by_action == {
        "Tell the police": "police",
        "Tell EDT": "edt",
        "Ring the backup manager": "manager",
        "Ring Jo back": "",
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Ask police for news", "police"),
        ("Tell the police", "police"),
        ("Tell EDT that Kai is back", "edt"),
        ("ring  the Backup Manager", "manager"),
        ("Tell placing social worker, R. Pugh", "social_worker"),
        ("Tell placing social workers' office", ""),
        ("Ring Jo Preece back", ""),
        ("Pass the details to the police", ""),
        ("Text Ann Colley about the police", ""),
        ("", ""),
    ],
)
def test_the_words_of_an_action_address_a_service_where_they_begin_with_it(words: str, code: str) -> None:
    assert service_addressed(words) == code


def test_an_action_that_an_older_program_made_says_it_by_its_identifier(services: Services) -> None:
    child = child_named(services, "Kai")
    contact = "0199c0de-0000-7000-8000-000000000001"
    fields = {"what": "Tell EDT", "due": "2017-03-14T03:00:00+00:00", "child": child, "from_contact": contact}
    record = identity.made_record_id(contact, ACTION.name, "edt")
    services.records.finish(replace(services.records.new_draft("action"), record=record, fields=fields))
    held = services.store.get(record)
    assert held is not None
    assert told_by(held) == "edt"
