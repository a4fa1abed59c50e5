"""A telephone number that stands where the caller's name should is the number to call back."""

import pytest

from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services

CALL = {
    "type": "call", "caller_name": "+44 7700 900399", "concerns": ["school"], "happening": "Would not go in",
    "advice": "Leave it tonight", "risk": "low", "needs_to_know": ["nobody"],
}  # fmt: skip


def test_a_number_alone_does_not_name_a_caller_and_the_caller_is_asked_for(services: Services) -> None:
    draft = services.records.new_draft("contact", CALL)
    with pytest.raises(Unfinished) as refused:
        services.records.finish(draft)
    assert [problem.field for problem in refused.value.problems] == ["caller"]


def test_a_caller_who_is_not_known_is_called_back_on_that_number(services: Services) -> None:
    draft = services.records.new_draft("contact", {**CALL, "caller_not_known": True})
    services.records.finish(draft)
    held = services.store.get(draft.record)
    assert held is not None
    assert (held.fields.get("caller_name"), held.fields["call_back"]) == (None, "+44 7700 900399")


def test_a_number_to_call_back_that_was_given_stays(services: Services) -> None:
    draft = services.records.new_draft("contact", {**CALL, "caller_not_known": True, "call_back": "01632 960174"})
    services.records.finish(draft)
    held = services.store.get(draft.record)
    assert held is not None
    assert held.fields["call_back"] == "01632 960174"
