"""What is typed into a question of a record: a draft of its own, which the commit that gives the answer removes."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils

from db.connection import Storage
from db.migrations import MIGRATIONS
from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, HANDED_OVER, NOT_NEEDED
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import DECIDE, WITHDRAW, add_to, move_to
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, exchange


@pytest.fixture
def action(mine: Services) -> str:
    """The record of an open action."""
    draft = mine.records.new_draft(
        ACTION.name,
        {**ACTION.initial(), "what": "Mend the door", "owner": "K. Adeyemi", "due": "2017-03-14T09:00:00+00:00"},
    )
    mine.records.finish(draft)
    return draft.record


def typed(services: Services, record: str, question: str, words: str = "The landlord came") -> Draft:
    """A draft of a question, saved."""
    current = services.store.get(record)
    assert current is not None
    return services.questions.save(replace(services.questions.draft(record, current.kind, question), why=words))


def test_each_question_of_a_record_has_a_draft_beside_that_of_its_form(mine: Services, action: str) -> None:
    form = mine.records.save(replace(mine.records.amendment(action), why="To put it right"))
    typed(mine, action, move_to(NOT_NEEDED))
    typed(mine, action, WITHDRAW, "Entered twice")
    assert mine.questions.draft(action, ACTION.name, move_to(NOT_NEEDED)).why == "The landlord came"
    assert mine.questions.draft(action, ACTION.name, WITHDRAW).why == "Entered twice"
    assert mine.store.draft(action) == form
    assert len(mine.store.drafts()) == 3


def test_the_answer_takes_its_own_draft_and_no_other(mine: Services, action: str) -> None:
    for question in (move_to(NOT_NEEDED), add_to(HANDED_OVER), WITHDRAW):
        typed(mine, action, question)
    mine.actions.hand_over(action, "Out of hours", question=add_to(HANDED_OVER))
    assert mine.store.draft(action, add_to(HANDED_OVER)) is None
    mine.actions.move(action, NOT_NEEDED, {}, "The landlord came", question=move_to(NOT_NEEDED))
    assert mine.store.draft(action, move_to(NOT_NEEDED)) is None
    assert mine.store.draft(action, WITHDRAW) is not None
    mine.records.withdraw(action, "Entered twice", question=WITHDRAW)
    assert mine.store.drafts() == []


def test_what_was_done_without_the_question_leaves_what_was_typed(mine: Services, action: str) -> None:
    typed(mine, action, move_to(NOT_NEEDED))
    mine.actions.not_needed(action, "Said at the command line")
    assert mine.store.draft(action, move_to(NOT_NEEDED)) is not None


def test_an_answer_that_is_refused_leaves_its_draft(mine: Services, action: str) -> None:
    typed(mine, action, move_to(NOT_NEEDED))
    with pytest.raises(UserError):
        mine.actions.move(
            action, NOT_NEEDED, {"closed_at": "2999-01-01T00:00:00+00:00"}, "x", question=move_to(NOT_NEEDED)
        )
    assert mine.store.draft(action, move_to(NOT_NEEDED)) is not None


def test_a_question_with_nothing_typed_into_it_any_more_has_no_draft(mine: Services, action: str) -> None:
    typed(mine, action, WITHDRAW)
    typed(mine, action, WITHDRAW, "")
    assert mine.store.drafts() == []


def test_what_is_on_its_way_to_the_disk_is_what_was_typed(mine: Services, action: str) -> None:
    before = typed(mine, action, WITHDRAW, "Entered")
    later = replace(before, why="Entered twice")
    mine.questions.will_save(later)
    assert mine.questions.draft(action, ACTION.name, WITHDRAW).why == "Entered twice"
    mine.questions.save(later)
    mine.questions.discard(later)
    assert mine.questions.draft(action, ACTION.name, WITHDRAW).why == ""


def test_a_decision_that_another_laptop_makes_leaves_what_was_typed_with_the_versions_it_is_about(
    mine: Services, theirs: Services, action: str
) -> None:
    exchange(mine, theirs)
    amend(mine, action, {"what": "Mend the front door"})
    amend(theirs, action, {"what": "Mend the back door"})
    exchange(mine, theirs)
    [conflict] = mine.sync_centre.centre(status()).conflicts
    begun = replace(mine.questions.draft(action, ACTION.name, DECIDE), parents=conflict.heads, why="The back door")
    mine.questions.save(begun)
    held = theirs.store.get(action)
    assert held is not None
    theirs.records.decide(action, {unit: sides[0].value for unit, sides in held.conflicts.items()}, "Rang")
    exchange(mine, theirs)
    centre = mine.sync_centre.centre(status())
    assert centre.conflicts == ()
    [decided] = centre.decided
    assert (decided.parts, decided.decided_here) == (conflict.parts, False)
    assert decided.decided_by.startswith("K. Adeyemi")
    draft = mine.store.draft(action, DECIDE)
    assert draft is not None
    assert draft.why == "The back door"


def status() -> Status:
    """How the connection stands."""
    return Status("offline")


def test_drafts_of_a_store_from_before_are_drafts_of_their_forms(tmp_path: Path) -> None:
    path, key = tmp_path / "store.db", bytes(32)
    storage = Storage(path, key)
    with storage.writing() as connection:
        MIGRATIONS.apply(sqlite_utils.Database(storage.raw), stop_before="0002 drafts of questions")
        connection.exec_driver_sql(
            "INSERT INTO draft(record, kind, schema, content, saved) VALUES (?, ?, ?, ?, ?)",
            ("r", "contact", 1, b'{"fields": {"happening": "Half a sentence"}}', "2017-03-14T02:15:00+00:00"),
        )
    storage.close()
    store = LaptopStore(path, key, anchor=tmp_path / "anchor")
    [draft] = store.drafts()
    assert (draft.record, draft.question, draft.fields) == ("r", "", {"happening": "Half a sentence"})
    assert store.draft("r") == draft
    store.close()
