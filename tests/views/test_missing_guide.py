"""The guide in words: four clocks, nine steps, and the pack in the order in which police ask."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hipss_desktop.services.ports import Draft
from hipss_desktop.views.missing_guide import GuideView, in_threes
from hipss_desktop.views.services import Services
from tests.helpers.guide_for_kai import ORDER
from tests.helpers.store_fixtures import NIGHT, SetClock
from tests.services.test_missing_guide import child


def begin(services: Services, **more: Any) -> str:
    draft = services.missing.draft(child(services, "HIPSS-017"))
    fields = {**draft.fields, "last_seen": "2017-03-13T20:15:00+00:00", "reported": "2017-03-13T21:40:00+00:00", **more}
    return services.missing.begin(replace(draft, fields=fields)).envelope.record


def view(services: Services, record: str) -> GuideView:
    guide = services.missing_guides.view(record)
    assert guide is not None
    return guide


def finish(services: Services, kind: str, fields: dict[str, Any]) -> None:
    draft: Draft = services.records.new_draft(kind, fields)
    services.records.finish(draft)


def clocks(guide: GuideView) -> list[tuple[str, str, str]]:
    return [(clock.label, clock.words, clock.note) for clock in guide.clocks]


def test_the_four_clocks_begin_with_what_happened_and_not_with_what_was_typed(
    services: Services, clock: SetClock
) -> None:
    clock.now = NIGHT - timedelta(hours=4, minutes=2)  # 22:12 on Monday
    record = begin(
        services,
        last_seen_by="Jo Preece",
        last_seen_where="to the shop, on foot",
        due_back="2017-03-13T20:45:00+00:00",
        due_back_agreed="Jo at tea",
    )
    services.missing.step(
        record,
        {"step": "police", "at": "2017-03-13T21:40:00+00:00", "log_number": "0612", "grade": "medium", "by": "Jo"},
    )
    services.missing.step(record, {"step": "in_touch", "next_call": "2017-03-13T23:30:00+00:00"})
    guide = view(services, record)
    assert clocks(guide) == [
        ("Last seen 20:15", "1 h 57 min ago", "Jo Preece, to the shop, on foot"),
        ("Due back 20:45", "Overdue 1 h 27 min", "Agreed with Jo at tea"),
        ("Reported to police 21:40", "32 min ago", "Log 0612, medium risk"),
        ("Next call to Jo & Martin Preece 23:30", "in 1 h 18 min", "01632 960174"),
    ]
    assert guide.status is not None
    assert guide.status.words == "Missing since 20:15"
    assert (guide.done, len(guide.steps), guide.log_number) == (3, 9, "0612"), "EDT was told in a call"
    police = next(step for step in guide.steps if step.code == "police")
    assert (police.words, police.done) == ("Log 0612, Medium risk", "21:40, Jo")


def test_the_return_puts_the_interview_in_the_place_of_what_was_due_back(services: Services, clock: SetClock) -> None:
    record = begin(services)
    clock.now = NIGHT + timedelta(minutes=10)
    services.missing.returned(
        record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo Preece", "injuries": "Cut on left palm, washed"}
    )
    guide = view(services, record)
    assert not guide.open
    assert guide.status is None
    assert clocks(guide)[1:3] == [
        ("Back 02:05", "19 min ago", "Seen by Jo Preece"),
        ("Interview by Fri 17 March 02:05", "71 h 41 min left", "72 hours from the return"),
    ]
    clock.now += timedelta(hours=72)
    assert clocks(view(services, record))[2][1] == "Overdue 0 h 19 min"


def test_the_pack_is_read_in_the_order_in_which_police_ask_and_says_what_is_not_written_down(
    services: Services,
) -> None:
    kai = child(services, "HIPSS-017")
    friends = [{"id": "f", "name": "The Hollis family", "number": "07700900711"}]
    finish(
        services,
        "missing_pack",
        {
            "child": kai,
            "looks": "5 ft 7, slim",
            "places": ["Moor Street flats"],
            "friends": friends,
            "checked": "2017-03-03",
        },
    )
    record = begin(services, wearing="Grey hoodie, black joggers", carrying="About £10")
    pack = view(services, record).pack
    lines = {line.label: line.words for line in pack.lines}
    assert list(lines) == ORDER
    assert lines["Name"] == "Kai Merrick, known as Kaiser"
    assert pack.lines[0].spelled == "K A I   M E R R I C K"
    assert lines["Born"].startswith("3 June 2002, 14. Full care order")
    assert lines["Looks like"] == "White British. 5 ft 7, slim."
    assert lines["Wearing"] == "Grey hoodie, black joggers. About £10."
    assert lines["Who with"] == "The Hollis family 07700 900711."
    assert lines["Missing before"] == (
        "2 times since January 2017. 6 February, 21:00 to 00:55, brought back by the police. "
        "28 January, 21:30 to 22:45, came back. Calls tell of 3 more times, the last 11 March, 22:00 to 23:30."
    )
    assert "Penicillin" in lines["Health"]
    assert (pack.tag.words, pack.checked) == ("3 of 8 answered", "Checked 3 March 2017")
    assert pack.asks[0] == "The child’s phone"


def test_a_child_without_a_pack_is_said_to_have_none_and_the_eight_things_are_named(services: Services) -> None:
    pack = services.missing_guides.pack(child(services, "HIPSS-021"), None, NIGHT)
    assert (pack.record, pack.tag.words, pack.tag.tone, len(pack.asks)) == ("", "No pack", "risk", 8)
    assert {line.label: line.words for line in pack.lines}["Looks like"] == "African."


def test_how_often_the_child_was_missing_before_is_counted_from_episodes_that_ended(
    services: Services, clock: SetClock
) -> None:
    for start, end in (("2017-02-20T21:30", "2017-02-20T22:45"), ("2017-03-01T21:00", "2017-03-02T00:55")):
        row = {"id": "r", "at": f"{end}:00+00:00", "seen_by": "Jo", "injuries": "None seen", "how": "police"}
        finish(
            services,
            "missing_episode",
            {
                "child": child(services, "HIPSS-017"),
                "last_seen": f"{start}:00+00:00",
                "reported": f"{start}:00+00:00",
                "returned": [row],
            },
        )
    lines = {line.label: line.words for line in view(services, begin(services)).pack.lines}
    assert lines["Missing before"] == (
        "4 times since January 2017. 1 March, 21:00 to 00:55, brought back by the police. "
        "20 February, 21:30 to 22:45, brought back by the police. "
        "Calls tell of 3 more times, the last 11 March, 22:00 to 23:30."
    )


def test_a_call_that_was_withdrawn_tells_of_no_time_away_and_one_that_was_amended_of_another(
    services: Services,
) -> None:
    kai = child(services, "HIPSS-017")
    record = begin(services)
    calls = services.store.newest_about([kai], role="missing", kind="contact", most=100)[kai]
    newest, second = [call.record for call in calls if call.fields["missing"] == "back"][:2]
    amended = services.records.amendment(newest)
    fields = {**amended.fields, "back_at": "2017-03-11T23:50:00+00:00"}
    services.records.finish(replace(amended, fields=fields, why="Said by the carer"))
    services.records.withdraw(second, "Logged twice")
    lines = {line.label: line.words for line in view(services, record).pack.lines}
    assert lines["Missing before"].endswith("Calls tell of 2 more times, the last 11 March, 22:00 to 23:50.")


def test_the_step_to_do_now_is_the_overdue_call_else_the_first_that_is_not_done(
    services: Services, clock: SetClock
) -> None:
    record = begin(services)
    assert view(services, record).current == "danger"
    services.missing.step(record, {"step": "danger", "words": "Not that we know"})
    services.missing.step(record, {"step": "police", "log_number": "0612"})
    assert view(services, record).current == "ring_round"
    services.missing.step(record, {"step": "in_touch", "next_call": "2017-03-14T02:20:00+00:00"})
    assert view(services, record).current == "ring_round"
    clock.now = NIGHT + timedelta(minutes=6)
    assert view(services, record).current == "in_touch"
    services.missing.step(record, {"step": "in_touch", "next_call": "2017-03-14T03:20:00+00:00"})
    for step in ("ring_round", "edt", "pack", "looking"):
        services.missing.step(record, {"step": step, "spoke_to": "P. Shaw", "words": "Done"})
    assert view(services, record).current == "in_touch", "a child who is away is never done with"
    services.missing.returned(record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo", "injuries": "None seen"})
    assert view(services, record).current == "interview"
    services.missing.interview(record, {"step": "refused", "at": "2017-03-14T02:10:00+00:00", "why": "Wants to sleep"})
    assert view(services, record).current == ""


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("07700 900633, text first", "07700 900 633, text first"),
        ("01632 960174", "01632 960 174"),
        ("Log 0612", "Log 0612"),
    ],
)
def test_telephone_numbers_are_read_in_groups_of_three(words: str, read: str) -> None:
    assert in_threes(words) == read
