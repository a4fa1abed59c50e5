"""Drafts that an older or a newer program left in the store."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from tests.helpers.staged_kind import DONE, PLAN

OLDER, NEWER = PLAN.version - 1, PLAN.version + 1


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with also_known(PLAN):
        yield


def save_draft(services: Services, schema: int, fields: dict[str, Any], **more: Any) -> str:
    """Save a draft as a program of that version would; return its record's id."""
    draft = replace(services.records.new_draft("plan", fields), schema=schema)
    return services.records.save(replace(draft, **more)).record


def draft_of(services: Services, record: str) -> Draft:
    draft = services.store.draft(record)
    assert draft is not None
    return draft


def record_of(services: Services, record: str) -> Record:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return stored_record


def test_an_older_draft_is_read_under_the_names_of_today(services: Services) -> None:
    record = save_draft(services, OLDER, {"words": "Talk to school.", "status": DONE, "result": "They came."})
    draft = draft_of(services, record)
    assert (draft.fields["state"], "status" in draft.fields, draft.schema) == (DONE, False, PLAN.version)
    assert draft_of(services, record) in services.store.drafts()


def test_an_older_draft_is_finished_with_what_was_typed(services: Services) -> None:
    with services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    record = save_draft(services, OLDER, {"words": "Talk to school.", "status": DONE, "result": "They came."})
    services.records.finish(draft_of(services, record))
    assert record_of(services, record).fields == {"words": "Talk to school.", "state": DONE, "result": "They came."}


def test_an_older_amendment_changes_what_its_author_changed_and_nothing_else(services: Services) -> None:
    services.records.finish(draft := services.records.new_draft("plan", {"words": "Talk to school.", "state": "open"}))
    older = {"words": "Talk to school and home.", "status": "open"}
    save_draft(
        services, OLDER, older, record=draft.record, parents=record_of(services, draft.record).heads, why="Asked to"
    )
    content = services.records.finish(draft_of(services, draft.record)).content()
    assert content is not None
    assert content.changed == ["words"]
    assert record_of(services, draft.record).fields == {"words": "Talk to school and home.", "state": "open"}


def test_a_newer_draft_is_kept_as_it_is_and_not_finished(services: Services) -> None:
    fields = {"words": "Talk to school.", "status": "a field of the next version"}
    record = save_draft(services, NEWER, fields)
    with pytest.raises(UserError, match=r"newer version of the program\. Update the program to finish it\."):
        services.records.finish(draft_of(services, record))
    draft = draft_of(services, record)
    assert (draft.fields, draft.schema) == (fields, NEWER)
    assert services.store.get(record) is None


def test_a_draft_is_written_to_disk_with_all_that_it_says() -> None:
    draft_fields: dict[str, Any] = {field.name: object() for field in fields(Draft)}
    draft = Draft(**draft_fields)
    assert draft.saved_at("now") == Draft(**{**draft_fields, "saved": "now"})
    assert draft.saved is draft_fields["saved"]
