"""The guide for a child who is not home: begun at once, each step a row, two children together, two laptops at once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode
from hipss_desktop.records.fold import body_of
from hipss_desktop.rules.clocks import Clock
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import exchange

SEEN = "2017-03-13T23:10:00+00:00"
BACK = "2017-03-14T02:05:00+00:00"
RETURNED = {"at": BACK, "seen_by": "Sunita Rao", "injuries": "None seen"}


def child(services: Services, local_id: str) -> str:
    return next(
        record.record for record in services.people.of_kind("child") if record.fields.get("local_id") == local_id
    )


def begun(services: Services, local_id: str = "HIPSS-019", *others: str, **more: Any) -> list[str]:
    """The records of an episode that was begun for a child, and for the others who have gone too."""
    draft = services.missing.draft(child(services, local_id))
    gone_with = [child(services, other) for other in others]
    draft = replace(draft, fields={**draft.fields, "last_seen": SEEN, "gone_with": gone_with, **more})
    record = services.missing.begin(draft).envelope.record
    return [record, *(other.record for other in services.missing.together(record))]


def episode(services: Services, record: str) -> MissingEpisode:
    current = services.store.get(record)
    assert current is not None
    return MISSING_EPISODE.of(current)


def test_beginning_finishes_an_episode_that_others_see_at_their_next_exchange(mine: Services, theirs: Services) -> None:
    (record,) = begun(mine)
    exchange(mine, theirs)
    known = theirs.missing.known(child(theirs, "HIPSS-019"))
    assert known is not None
    assert (known.record, known.last_seen) == (record, datetime(2017, 3, 13, 23, 10, tzinfo=UTC))
    names = {card.name: card.status.words for card in theirs.on_call.board().children}
    assert names["Ellie R."] == "Missing since 23:10"
    assert names["Kai M."] == "Missing since 21:40"  # by a call alone


def test_what_calls_said_already_is_not_asked_again(services: Services) -> None:
    draft = services.missing.draft(child(services, "HIPSS-017"))
    assert draft.fields["last_seen"] == "2017-03-13T21:40:00+00:00"
    assert draft.fields["carer"]


def test_when_the_child_was_last_seen_is_asked_and_nothing_is_begun_without_it(services: Services) -> None:
    draft = services.missing.draft(child(services, "HIPSS-019"))
    with pytest.raises(Unfinished) as refused:
        services.missing.begin(draft)
    assert [problem.field for problem in refused.value.problems] == ["last_seen"]
    assert services.missing.known(child(services, "HIPSS-019")) is None
    services.missing.begin(replace(draft, fields={**draft.fields, "last_seen_not_known": True}))
    assert services.missing.known(child(services, "HIPSS-019")) is not None


def test_a_second_guide_for_a_child_is_refused_until_the_return(services: Services) -> None:
    (record,) = begun(services)
    with pytest.raises(UserError, match="goes on already"):
        begun(services)
    services.missing.returned(record, RETURNED)
    (second,) = begun(services, last_seen="2017-03-14T02:10:00+00:00")
    assert second != record


def test_two_children_gone_together_have_a_record_each_and_a_step_for_both(services: Services) -> None:
    first, second = begun(services, "HIPSS-019", "HIPSS-021")
    assert episode(services, first).gone_with == [child(services, "HIPSS-021")]
    assert episode(services, second).gone_with == [child(services, "HIPSS-019")]
    assert episode(services, second).last_seen == episode(services, first).last_seen
    views = [services.missing_guides.view(record) for record in (first, second)]
    assert len({view.carer for view in views if view is not None and view.carer}) == 2
    assert [other.record for other in services.missing.together(first)] == [second]
    services.missing.step(first, {"step": "police", "log_number": "0612", "grade": "medium"}, also=[second])
    services.missing.step(first, {"step": "ring_round", "words": "The school friend was rung"})
    assert [[row.step for row in episode(services, record).steps] for record in (first, second)] == [
        ["police", "ring_round"],
        ["police"],
    ]
    services.missing.returned(second, RETURNED)
    assert services.missing.together(first) == []


def test_steps_of_two_laptops_are_merged_and_nobody_is_asked_why(mine: Services, theirs: Services) -> None:
    (record,) = begun(mine)
    exchange(mine, theirs)
    mine.missing.step(record, {"step": "police", "log_number": "0612"})
    written = theirs.missing.step(record, {"step": "edt", "spoke_to": "P. Shaw"})
    exchange(mine, theirs)
    for services in (mine, theirs):
        current = services.store.get(record)
        assert current is not None
        assert not current.conflicts
        assert {row.step for row in episode(services, record).steps} == {"police", "edt"}
    body = body_of(written[0], MISSING_EPISODE)
    assert body is not None
    assert body.why == ""
    assert set(body.fields) == {"steps"}


def test_the_return_ends_the_guide_and_makes_what_follows_once_on_two_laptops(mine: Services, theirs: Services) -> None:
    (record,) = begun(mine)
    mine.missing.step(record, {"step": "police", "log_number": "0612"})
    exchange(mine, theirs)
    mine.missing.returned(record, RETURNED)
    theirs.missing.returned(record, RETURNED)
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert services.missing.known(child(services, "HIPSS-019")) is None
        words = [ACTION.of(action).what for action in services.store.records_due(ACTION.name)]
        assert words.count("Tell the police that the child is back") == 1
        assert words.count("Return home interview") == 1
        assert words.count("Tell EDT that the child is back") == 0
        (incident,) = services.store.records_about(child(services, "HIPSS-019"), kind="incident")
        assert not incident.conflicts
        clocks = {(of.clock.recipients[0], of.clock.events[0]): of.clock for of in services.clocks.of(incident.record)}
        telling = clocks["police", "missing"].told
        assert telling is not None
        assert (telling.reference, telling.by) == ("0612", "A. Bevan" if services is mine else "Somebody")
        assert clocks["interview", "missing_return"].counts_from == clocks["police", "missing_return"].counts_from
    with pytest.raises(UserError, match="came back already"):
        mine.missing.returned(record, RETURNED)


def test_a_return_before_the_child_was_last_seen_is_refused_and_nothing_is_lost(services: Services) -> None:
    (record,) = begun(services)
    with pytest.raises(Unfinished) as refused:
        services.missing.returned(record, RETURNED | {"at": "2017-03-13T23:00:00+00:00"})
    assert [problem.message for problem in refused.value.problems] == [
        "The child was last seen at 23:10. Enter a later time for coming back."
    ]
    assert services.missing.known(child(services, "HIPSS-019")) is not None


def test_one_episode_begun_on_two_laptops_is_said_to_be_one(mine: Services, theirs: Services) -> None:
    (first,), (second,) = begun(mine), begun(theirs)
    exchange(mine, theirs)
    view = mine.missing_guides.view(first)
    assert view is not None
    assert [record for record, _ in view.same] == [second]
    mine.missing.same(second, first)
    exchange(mine, theirs)
    known = theirs.missing.known(child(theirs, "HIPSS-019"))
    assert known is not None
    assert known.record == first
    with pytest.raises(UserError, match="Choose the other record"):
        mine.missing.same(first, second)


def call_without_a_time(services: Services, who: str) -> None:
    """A call at 01:50: the child is missing, and the police have it under log 0612, nobody wrote down since when."""
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [who],
        "concerns": ["missing"],
        "missing": "still",
        "missing_since": "2017-03-14T01:00:00+00:00",
        "risk": "medium",
        "needs_to_know": ["nobody"],
        "happening": "Not home",
        "no_advice": True,
        "told": "2017-03-14T01:50:00+00:00",
        "told_others": [{"id": "t", "who": "police", "reference": "0612", "at_not_known": True}],
    }
    services.records.finish(replace(services.records.new_draft("contact"), fields=fields))


def police_clocks(services: Services, who: str) -> dict[str, Clock]:
    clocks = (of.clock for of in services.clocks.about(who) if of.clock.recipients[0] == "police")
    return {clock.events[0]: clock for clock in clocks}


def test_police_who_were_told_at_an_unknown_time_are_in_the_guide_without_a_time(services: Services) -> None:
    who = child(services, "HIPSS-019")
    call_without_a_time(services, who)
    services.missing.begin(services.missing.draft(who))
    known = services.missing.known(who)
    assert known is not None
    view = services.missing_guides.view(known.record)
    assert view is not None
    assert [(clock.label, clock.words) for clock in view.clocks if "police" in clock.label] == [
        ("Reported to police", "Time not recorded")
    ]
    assert next(step.done for step in view.steps if step.code == "police") == "time not recorded"
    telling = police_clocks(services, who)["missing"].told
    assert telling is not None
    assert (telling.at, telling.reference) == (None, "0612")


def test_what_was_told_in_a_call_without_a_time_was_not_told_of_the_return(services: Services) -> None:
    who = child(services, "HIPSS-019")
    call_without_a_time(services, who)
    services.missing.begin(services.missing.draft(who))
    known = services.missing.known(who)
    assert known is not None
    services.missing.returned(known.record, RETURNED)
    clocks = police_clocks(services, who)
    assert clocks["missing"].told is not None
    assert clocks["missing_return"].told is None


def test_a_step_of_an_older_guide_with_the_time_of_the_call_shows_no_time(services: Services) -> None:
    (record,) = begun(services)
    words = "Told by the time of this call"
    services.missing.step(
        record, {"step": "police", "log_number": "0612", "words": words, "at": "2017-03-14T01:50:00+00:00"}
    )
    telling = police_clocks(services, child(services, "HIPSS-019"))["missing"].told
    assert telling is not None
    assert telling.at is None


def test_two_laptops_that_say_at_once_that_two_episodes_are_one_leave_the_child_missing(
    mine: Services, theirs: Services
) -> None:
    (first,), (second,) = begun(mine), begun(theirs)
    exchange(mine, theirs)
    mine.missing.same(second, first)  # each of them has their own guide on the screen
    theirs.missing.same(first, second)
    exchange(mine, theirs)
    for services in (mine, theirs):
        known = services.missing.known(child(services, "HIPSS-019"))
        assert known is not None
        assert known.record == min(first, second)
        assert [record.record for record in services.missing_guides.episodes(child(services, "HIPSS-019"))] == [
            known.record
        ]
        assert services.clocks.of(first) == services.clocks.of(second) != []


def test_an_episode_is_not_the_same_as_itself(services: Services) -> None:
    (record,) = begun(services)
    with pytest.raises(UserError, match="A record cannot name itself"):
        services.records.add_row(record, "same_as", {"episode": record})
    assert services.missing.known(child(services, "HIPSS-019")) is not None


def test_two_episodes_that_name_each_other_leave_one_until_it_is_withdrawn_and_then_the_other(
    services: Services,
) -> None:
    (first,) = begun(services)
    second = services.records.finish(
        replace(services.missing.draft(""), fields=dict(body(services, first)))
    ).envelope.record
    services.records.add_row(first, "same_as", {"episode": second})
    services.records.add_row(second, "same_as", {"episode": first})
    ellie = child(services, "HIPSS-019")
    for goes_on, other in ((min(first, second), max(first, second)), (max(first, second), "")):
        known = services.missing.known(ellie)
        assert known is not None
        assert known.record == goes_on
        assert [record.record for record in services.missing_guides.episodes(ellie)] == [goes_on]
        assert {clock.record for clock in services.clocks.open() if clock.kind == MISSING_EPISODE.name} == {goes_on}
        view = services.missing_guides.view(goes_on)
        assert view is not None
        assert view.open
        if other:
            passed_over = services.missing_guides.view(other)
            assert passed_over is not None
            assert not passed_over.open
            with pytest.raises(UserError, match="This is the same episode as another record"):
                services.missing.returned(other, RETURNED)
            services.records.withdraw(goes_on, "Begun twice")


def body(services: Services, record: str) -> dict[str, Any]:
    current = services.store.get(record)
    assert current is not None
    return {name: current.fields[name] for name in ("child", "last_seen", "carer") if name in current.fields}
