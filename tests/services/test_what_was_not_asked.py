"""What is signed is what was asked: a choice whose question is not there any more says nothing; a word is never dropped."""

from dataclasses import replace
from typing import Any

from hipss_desktop.kinds.contact import CONTACT, Contact
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named

CALL: dict[str, Any] = {
    "type": "call",
    "caller_name": "Sunita Rao",
    "concerns": ["other"],
    "happening": "Rang about the bus pass.",
    "advice": "Ask the school.",
    "risk": "low",
    "needs_to_know": ["nobody"],
}


def signed(services: Services, **answers: Any) -> Contact:
    fields = {**CALL, "children": [child_named(services, "Ellie")], **answers}
    record = services.records.finish(replace(services.records.new_draft("contact"), fields=fields)).envelope.record
    held = services.store.get(record)
    assert held is not None
    return CONTACT.of(held)


def tag_of(services: Services, name: str) -> str:
    return next(child.status.words for child in services.on_call.board().children if child.name == name)


def test_a_return_whose_concern_was_unticked_again_is_not_signed(services: Services) -> None:
    at = "2017-03-14T02:05:00+00:00"
    contact = signed(services, missing="back", missing_since="2017-03-14T01:00:00+00:00", back_at=at)
    assert (contact.missing, contact.missing_since, contact.back_at) == ("", None, None)
    assert "Back" not in tag_of(services, "Ellie R.")


def test_a_risk_and_who_needs_to_know_of_what_became_information_only_are_not_signed(services: Services) -> None:
    actions = len(services.store.records_due("action"))
    contact = signed(
        services, type="information", information="The bus pass came.", risk="high", needs_to_know=["police"]
    )
    assert (contact.risk, contact.needs_to_know) == ("", [])
    assert contact.happening == CALL["happening"]
    assert len(services.store.records_due("action")) == actions
    assert "High risk" not in tag_of(services, "Ellie R.")
