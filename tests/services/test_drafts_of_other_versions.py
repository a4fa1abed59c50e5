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


def kept(services: Services, schema: int, fields: dict[str, Any], **more: Any) -> str:
    """Keep a draft as a program of that version left it; its record."""
    draft = replace(services.records.new_draft("plan", fields), schema=schema)
    return services.records.save(replace(draft, **more)).record


def draft_of(services: Services, record: str) -> Draft:
    found = services.store.draft(record)
    assert found is not None
    return found


def record_of(services: Services, record: str) -> Record:
    found = services.store.get(record)
    assert found is not None
    return found


def test_an_older_draft_is_read_under_the_names_of_today(services: Services) -> None:
    record = kept(services, OLDER, {"words": "Talk to school.", "status": DONE, "result": "They came."})
    found = draft_of(services, record)
    assert (found.fields["state"], "status" in found.fields, found.schema) == (DONE, False, PLAN.version)
    assert draft_of(services, record) in services.store.drafts()


def test_an_older_draft_is_finished_with_what_was_typed(services: Services) -> None:
    with services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    record = kept(services, OLDER, {"words": "Talk to school.", "status": DONE, "result": "They came."})
    services.records.finish(draft_of(services, record))
    assert record_of(services, record).fields == {"words": "Talk to school.", "state": DONE, "result": "They came."}


def test_an_older_amendment_changes_what_its_author_changed_and_nothing_else(services: Services) -> None:
    services.records.finish(draft := services.records.new_draft("plan", {"words": "Talk to school.", "state": "open"}))
    older = {"words": "Talk to school and home.", "status": "open"}
    kept(services, OLDER, older, record=draft.record, parents=record_of(services, draft.record).heads, why="Asked to")
    content = services.records.finish(draft_of(services, draft.record)).content()
    assert content is not None
    assert content.changed == ["words"]
    assert record_of(services, draft.record).fields == {"words": "Talk to school and home.", "state": "open"}


def test_a_newer_draft_is_kept_as_it_is_and_not_finished(services: Services) -> None:
    fields = {"words": "Talk to school.", "status": "a field of the next version"}
    record = kept(services, NEWER, fields)
    with pytest.raises(UserError, match=r"newer version of the program\. Update the program to finish it\."):
        services.records.finish(draft_of(services, record))
    found = draft_of(services, record)
    assert (found.fields, found.schema) == (fields, NEWER)
    assert services.store.get(record) is None


def test_a_draft_is_written_to_disk_with_all_that_it_says() -> None:
    said: dict[str, Any] = {field.name: object() for field in fields(Draft)}
    draft = Draft(**said)
    assert draft.saved_at("now") == Draft(**{**said, "saved": "now"})
    assert draft.saved is said["saved"]
