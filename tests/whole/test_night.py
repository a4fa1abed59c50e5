"""The night of the demonstration, played to its end in real windows of two laptops, and what each step leaves in the stores."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from hipss_desktop.demonstration import evening, missing, morning
from hipss_desktop.demonstration.night import AFTERNOON, NIGHT, ON_CALL
from hipss_desktop.demonstration.player import march
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import CONTACTS, HANDOVER, named
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back, is_open, next_call, step_done
from hipss_desktop.kinds.night_check import NIGHT_CHECK, is_left
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.fold import body_of
from hipss_desktop.services.ports import Record
from hipss_desktop.services.record_clocks import RecordClock
from hipss_desktop.views.services import Services
from tests.helpers.played_story import (
    Played,
    assert_all_hold_the_same,
    assert_pictures_stand_beside_their_designs,
    opened_stores,
    play_story,
)
from tests.helpers.several_laptops import child_named

pytestmark = pytest.mark.timeout(1200)  # some twenty programs run one after another, each with its window

MOST_PRESSES = 175
"""Key presses that a whole call of 150 characters may take."""


def is_about(moment: datetime | None, told_at: datetime) -> bool:
    """Whether a moment is the one that the story tells; its clock runs on while the keys are pressed."""
    return moment is not None and told_at <= moment < told_at + timedelta(minutes=8)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The night, played once."""
    yield from play_story(NIGHT, tmp_path_factory.mktemp("night"))


@pytest.fixture(scope="module")
def stores(played: Played) -> Iterator[dict[str, OpenStore]]:
    """The three stores by the names of their people, opened in the morning after it."""
    yield from opened_stores(played, march(14, 9, 30))


@pytest.fixture(scope="module")
def services(stores: dict[str, OpenStore]) -> Services:
    """What A. Bevan’s laptop holds."""
    return stores[ON_CALL.name].services


def only(records: list[Record]) -> Record:
    (record,) = [record for record in records if record.at >= AFTERNOON.timestamp() * 1000]
    return record


def of_tonight(services: Services, kind: str) -> list[Record]:
    """The records of a kind that this night made, the earliest first."""
    records = services.store.records_of(kind, since=int(AFTERNOON.timestamp() * 1000))
    return sorted(records, key=lambda record: record.at)


def episode_of(services: Services, given_name: str) -> tuple[str, MissingEpisode]:
    """The missing episode of this night of a child."""
    child = child_named(services, given_name)
    (record,) = [
        stored_record
        for stored_record in of_tonight(services, "missing_episode")
        if stored_record.fields["child"] == child
    ]
    return record.record, MISSING_EPISODE.of(record)


def author_of(services: Services, record: str, row: str) -> str:
    """Who added a row."""
    for revision in services.store.revisions(record):
        body = body_of(revision, KINDS[revision.envelope.kind])
        if body is not None and any(unit.endswith(f"/{row}") for unit in body.changed):
            return services.records.name_of(revision.envelope.author)
    raise AssertionError(row)


def clock_of(clocks: list[RecordClock], recipient: str, event: str = "") -> RecordClock:
    (clock,) = [
        clock_row
        for clock_row in clocks
        if recipient in clock_row.clock.recipients and (not event or event in clock_row.clock.events)
    ]
    return clock


def test_every_store_and_the_council_hold_the_same_and_nothing_waits(
    played: Played, stores: dict[str, OpenStore]
) -> None:
    assert_all_hold_the_same(played, stores)


def test_the_check_at_half_past_four_is_kept_with_what_was_agreed_about_each_line_that_was_left(
    services: Services,
) -> None:
    (record,) = of_tonight(services, "night_check")
    check = NIGHT_CHECK.of(record)
    unready_lines = [line for line in check.lines if is_left(line)]
    assert is_about(check.checked_at, march(13, 16, 30))
    assert {"plan", "unlock", "pack"} <= {line.item for line in unready_lines}
    assert all(line.agreed for line in unready_lines)


def test_five_calls_are_logged_one_of_them_in_150_characters(played: Played, services: Services) -> None:
    calls = [CONTACT.of(record) for record in of_tonight(services, "contact")]
    assert [call.caller_name for call in calls] == ["Carol Yeo", "Sunita Rao", "Jo Preece", "Jo Preece", "Ann Colley"]
    began = [march(13, 18, 52), march(13, 20, 10), march(13, 21, 52), march(14, 2, 14), march(14, 8, 31)]
    assert [call.told for call, begins in zip(calls, began, strict=True) if not is_about(call.told, begins)] == []
    assert len(calls[1].happening) + len(calls[1].advice) == 150
    presses = re.search(r"150 characters and (\d+) key presses", played.terminal)
    assert presses is not None
    assert int(presses[1]) <= MOST_PRESSES


def test_what_was_typed_before_the_power_went_is_in_the_call_that_was_finished(services: Services) -> None:
    call = CONTACT.of(of_tonight(services, "contact")[3])
    assert call.happening == missing.HAPPENING
    assert call.advice == f"{missing.ADVICE_BEFORE}{missing.ADVICE_AFTER}"
    assert call.back_at == march(14, 2, 5)
    assert services.store.drafts() == []


def test_the_guide_for_kai_holds_what_was_done_by_whom_on_which_laptop(services: Services) -> None:
    record, kai = episode_of(services, "Kai")
    police, pack, looking = (step_done(kai, step) for step in ("police", "pack", "looking"))
    assert police is not None
    assert pack is not None
    assert looking is not None
    assert (police.at, police.by, police.log_number, police.grade) == (march(13, 21, 40), "Jo Preece", "0612", "medium")
    assert (pack.spoke_to, pack.words) == ("Control room, 4417", "His school: Lugg Bridge")
    assert next_call(kai) == march(13, 23, 30)
    assert {step.step for step in kai.steps} == {"danger", "ring_round", "police", "edt", "pack", "looking", "in_touch"}
    assert author_of(services, record, police.id) == "A. Bevan"
    assert author_of(services, record, looking.id) == "S. Lloyd"


def test_kais_return_closes_the_episode_and_makes_the_incident_its_clocks_and_its_tasks(services: Services) -> None:
    record, kai = episode_of(services, "Kai")
    returned = back(kai)
    assert returned is not None
    assert (returned.at, returned.seen_by) == (march(14, 2, 5), "Jo Preece")
    assert not is_open(kai)
    (current,) = of_tonight(services, "incident")
    incident = INCIDENT.of(current)
    assert (incident.types, incident.from_episode) == (["missing"], record)
    clocks = services.clocks.of(current.record)
    interview = clock_of(clocks, "interview").clock
    assert (interview.due, interview.state) == (march(17, 2, 5), "not_yet_due")
    police_clock = clock_of(clocks, "police", "missing_return").clock
    assert police_clock.state == "told"
    assert police_clock.told is not None
    assert (police_clock.told.by, police_clock.told.to, police_clock.told.reference) == (
        "A. Bevan",
        "Control room, 4417",
        "",
    )
    authority = clock_of(clocks, "responsible_authority").clock
    assert authority.told is not None
    assert (authority.state, authority.told.by) == ("told", "S. Lloyd")
    assert is_about(authority.due, march(14, 21, 52))
    tasks = {ACTION.of(action).what: ACTION.of(action).state for action in of_tonight(services, "action")}
    assert tasks == {
        "Tell the police that the child is back": "done",
        "Tell EDT that the child is back": "done",
        "Return home interview": "open",
    }


def test_the_hold_has_its_mark_the_childs_own_account_and_three_clocks(services: Services) -> None:
    (record,) = of_tonight(services, "restraint")
    hold = RESTRAINT.of(record)
    (mark,), (account,), (talk,) = hold.marks, hold.accounts, hold.spoke_to
    assert (mark.place, mark.side, mark.size, mark.words) == ("right_forearm", "front", 3, "Red mark")
    assert mark.across is not None
    assert mark.down is not None
    assert (account.to, account.at) == ("R. Penn", march(13, 19, 40))
    assert author_of(services, record.record, talk.id) == "S. Lloyd"
    clocks = services.clocks.of(record.record)
    assert clock_of(clocks, "written").clock.state == "told"
    assert clock_of(clocks, "carer_spoken_to").clock.state == "told"
    child = clock_of(clocks, "child_spoken_to").clock
    assert (child.due, child.state) == (march(18, 18, 40), "not_yet_due")


def test_the_guide_for_josh_is_open_at_half_past_eight_goes_over_and_runs_on_by_day(services: Services) -> None:
    record, josh = episode_of(services, "Josh")
    assert is_open(josh)
    handover = HANDOVER.of(only(of_tonight(services, "handover")))
    item = next(item for item in handover.items if item.episode == record)
    assert item.id in {row.item for row in handover.accepted}
    by_day = step_done(josh, "in_touch")
    assert by_day is not None
    assert by_day.next_call == march(14, 10, 0)
    assert author_of(services, record, by_day.id) == "D. Marsh"


def test_the_handover_is_accepted_by_people_of_the_day_and_the_later_call_is_beside_it(services: Services) -> None:
    record = only(of_tonight(services, "handover"))
    handover = HANDOVER.of(record)
    assert is_about(handover.published, march(14, 8, 12))
    later = services.handovers.added_since(handover)
    assert [CONTACT.of(call).caller_name for call in later] == ["Ann Colley"]
    accepted = {row.item: author_of(services, record.record, row.id) for row in handover.accepted}
    assert accepted.keys() == {*(item.id for item in handover.items), f"{CONTACTS}-{later[0].record}"}
    (handed,) = handover.handed_to
    hold = next(item.restraint for item in handover.items if item.id == handed.item)
    assert RESTRAINT.read(services.store.get(hold).fields).held_by == "Carol Yeo"  # type: ignore[union-attr]  # it is there
    assert (handed.name, accepted.pop(handed.item)) == ("S. Lloyd", "S. Lloyd")
    assert set(accepted.values()) == {"D. Marsh"}


def test_what_was_signed_of_handover_incident_and_guide_names_records_and_holds_none_of_their_words(
    services: Services,
) -> None:
    words = [
        missing.HAPPENING,
        missing.ADVICE_BEFORE,
        evening.HAPPENING,
        evening.ADVISED,
        evening.KAI_IS_GONE,
        evening.HELD,
        morning.ANN_RINGS,
    ]
    for kind in ("handover", "incident", "missing_episode"):
        for record in of_tonight(services, kind):
            for revision in services.store.revisions(record.record):
                body = body_of(revision, KINDS[kind])
                assert body is not None
                signed = json.dumps(dict(body.fields), ensure_ascii=False)
                assert not [text for text in words if text in signed], kind
    handover = HANDOVER.of(only(of_tonight(services, "handover")))
    assert all(services.store.get(named(item)) for item in handover.items)


def test_the_rota_has_what_was_worked_and_what_was_planned_stays(services: Services) -> None:
    (shift,) = [
        SHIFT.of(record)
        for record in services.store.records_of("shift")
        if SHIFT.of(record).planned_start == march(13, 17, 30)
    ]
    (worked,) = shift.worked
    assert is_about(worked.end, march(14, 9, 16))
    assert (worked.start, shift.planned_end) == (march(13, 17, 30), march(14, 8, 30))


def test_each_step_has_its_picture_beside_its_design(played: Played) -> None:
    assert_pictures_stand_beside_their_designs(played)
