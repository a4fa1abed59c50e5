"""What waits to be signed, by whom it is signed or returned, and who must read it; on one laptop and on several."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.services.countersigning import Standing, with_comments
from hipss_desktop.views.countersigning import FOR_ME, FOR_OTHERS, RETURNED, SIGNED, TO_READ
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.screens_of_signing import marked_incident
from tests.helpers.several_laptops import child_named, exchange
from tests.helpers.store_fixtures import NIGHT, SetClock, sign_in_as


@pytest.fixture
def incident(mine: Services, theirs: Services, clock: SetClock) -> str:
    """An incident that I wrote and that both laptops hold."""
    record = marked_incident(mine, clock, child_named(mine, "Kai"), NIGHT)
    exchange(mine, theirs)
    return record


def groups(services: Services) -> dict[str, list[str]]:
    """The records of each group."""
    records_by_group: dict[str, list[str]] = {}
    for row in services.countersigning_views.rows():
        records_by_group.setdefault(row.group, []).append(row.record)
    return records_by_group


def standing(services: Services, record: str) -> Standing:
    return services.countersigning.standing(record)


def amend(services: Services, record: str, where: str) -> None:
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, "where": where}, why="Asked for"))


def test_a_record_waits_for_another_person_and_never_for_who_wrote_it(
    mine: Services, theirs: Services, incident: str
) -> None:
    assert groups(mine) == {FOR_OTHERS: [incident]}
    assert groups(theirs) == {FOR_ME: [incident]}
    digest = standing(theirs, incident).digest
    with pytest.raises(UserError, match="You wrote or amended this"):
        mine.countersigning.approve(incident, digest)
    theirs.countersigning.approve(incident, digest)
    assert groups(theirs) == {SIGNED: [incident]}
    with pytest.raises(UserError, match="signed this already"):
        theirs.countersigning.approve(incident, digest)
    exchange(mine, theirs)
    assert groups(mine) == {}
    assert not standing(mine, incident).waits


def test_who_signs_a_record_is_not_who_wrote_it_wherever_it_is_listed(
    mine: Services, theirs: Services, clock: SetClock, incident: str
) -> None:
    clock.now = NIGHT + timedelta(hours=9)
    theirs.countersigning.approve(incident, standing(theirs, incident).digest)
    exchange(mine, theirs)
    for services in (mine, theirs):
        listed = services.store.get(incident)
        assert listed is not None
        assert (listed.author, times.instant(listed.clock)) == (mine.store.seat.person, NIGHT)


def test_what_is_amended_waits_anew_and_the_amender_may_not_sign_it(
    mine: Services, theirs: Services, incident: str
) -> None:
    read = standing(theirs, incident).digest
    theirs.countersigning.approve(incident, read)
    exchange(mine, theirs)
    amend(mine, incident, "At home")
    exchange(mine, theirs)
    with pytest.raises(UserError, match="changed since you read it"):
        theirs.countersigning.approve(incident, read)
    assert groups(theirs) == {FOR_ME: [incident]}
    assert [signed.stands for signed in standing(theirs, incident).signed] == [False]
    amend(theirs, incident, "In the garden")
    assert groups(theirs) == {FOR_OTHERS: [incident]}
    with pytest.raises(UserError, match="You wrote or amended this"):
        theirs.countersigning.approve(incident, standing(theirs, incident).digest)


def test_a_row_that_is_added_makes_nobody_an_author_and_outdates_no_signature(
    mine: Services, theirs: Services, incident: str
) -> None:
    theirs.records.add_row(incident, "steps", {"done": "Rang again", "at": times.stamp(NIGHT)})
    theirs.countersigning.approve(incident, standing(theirs, incident).digest)
    theirs.records.add_row(incident, "steps", {"done": "And again", "at": times.stamp(NIGHT)})
    exchange(mine, theirs)
    assert [signed.stands for signed in standing(mine, incident).signed] == [True]


def test_comments_are_returned_to_the_author_and_answered_by_an_amendment(
    mine: Services, theirs: Services, incident: str
) -> None:
    now = standing(theirs, incident)
    empty = theirs.countersigning.comments_draft(now)
    with pytest.raises(UserError, match="Enter a comment"):
        theirs.countersigning.give_back(empty)
    draft = theirs.records.save(with_comments(empty, {"happening/p5": "What makes you think so?", "": " "}))
    assert theirs.countersigning.comments_draft(now) == draft
    theirs.countersigning.give_back(draft)
    assert theirs.store.drafts() == []
    exchange(mine, theirs)
    assert groups(mine) == groups(theirs) == {RETURNED: [incident]}
    view = mine.countersigning_views.view(incident)
    assert view is not None
    assert [(comment.unit, comment.words, comment.by) for comment in view.returned] == [
        ("happening/p5", "What makes you think so?", "K. Adeyemi")
    ]
    amend(mine, incident, "At home")
    exchange(mine, theirs)
    answered = theirs.countersigning_views.view(incident)
    assert answered is not None
    assert (answered.returned, len(answered.earlier)) == ((), 1)
    assert groups(theirs) == {FOR_ME: [incident]}


def test_comments_on_a_version_that_is_amended_meanwhile_stay_a_draft(
    mine: Services, theirs: Services, incident: str
) -> None:
    draft = with_comments(theirs.countersigning.comments_draft(standing(theirs, incident)), {"": "Say where."})
    theirs.records.save(draft)
    amend(mine, incident, "At home")
    exchange(mine, theirs)
    with pytest.raises(UserError, match="changed since you read it"):
        theirs.countersigning.give_back(draft)
    assert [saved_draft.kind for saved_draft in theirs.store.drafts()] == [COMMENTS.name]


def test_what_two_laptops_amended_side_by_side_is_signed_returned_and_read_as_one_version(
    mine: Services, theirs: Services, third: Services, incident: str, clock: SetClock
) -> None:
    """Different answers were amended, so there is nothing to decide."""
    exchange(mine, theirs, third)
    mine.countersigning.ask_to_read(incident, third.store.seat.person)
    amend(mine, incident, "At the bus station")
    clock.pass_time(minutes=5)
    draft = theirs.records.amendment(incident)
    theirs.records.finish(replace(draft, fields={**draft.fields, "others_there": "Nobody else"}, why="Asked for"))
    exchange(mine, theirs, third)
    stands = standing(third, incident)
    assert len(stands.digest.split()) == 2
    assert third.countersigning.refusal(stands) == ""
    third.countersigning.say_read(incident)
    third.countersigning.give_back(with_comments(third.countersigning.comments_draft(stands), {"": "Who else?"}))
    exchange(mine, theirs, third)
    assert [
        (signing.waits, len(signing.returned), bool(signing.readers[0].read_at))
        for signing in (standing(mine, incident),)
    ] == [(True, 1, True)]
    third.countersigning.approve(incident, stands.digest)
    exchange(mine, theirs, third)
    for services in (mine, theirs, third):
        assert [(signed.digest, signed.stands) for signed in standing(services, incident).signed] == [
            (stands.digest, True)
        ]
    amend(mine, incident, "At the railway station")
    assert standing(mine, incident).waits
    assert standing(mine, incident).returned == ()


def test_two_who_sign_at_once_are_both_kept(mine: Services, theirs: Services, third: Services, incident: str) -> None:
    exchange(mine, theirs, third)
    for services in (theirs, third):
        services.countersigning.approve(incident, standing(services, incident).digest)
    exchange(mine, theirs, third)
    exchange(mine, theirs, third)
    signed = standing(mine, incident).signed
    assert [signature.stands for signature in signed] == [True, True]
    assert {signature.person for signature in signed} == {theirs.store.seat.person, third.store.seat.person}


def test_a_role_that_may_not_is_told_who_may(mine: Services, theirs: Services, incident: str) -> None:
    sign_in_as(theirs.store, role="on_call")
    with pytest.raises(UserError, match=r"^Only service managers.* can countersign incidents"):
        theirs.countersigning.approve(incident, standing(theirs, incident).digest)
    assert groups(theirs) == {}


def test_a_withdrawn_record_waits_for_nobody(mine: Services, theirs: Services, incident: str) -> None:
    mine.records.withdraw(incident, "Written twice")
    exchange(mine, theirs)
    assert groups(mine) == groups(theirs) == {}
    with pytest.raises(UserError, match="withdrawn"):
        theirs.countersigning.approve(incident, standing(theirs, incident).digest)


def test_a_reader_says_that_they_have_read_the_present_version(
    mine: Services, theirs: Services, incident: str, clock: SetClock
) -> None:
    them = theirs.store.seat.person
    mine.countersigning.ask_to_read(incident, them)
    with pytest.raises(UserError, match="asked to read this already"):
        mine.countersigning.ask_to_read(incident, them)
    with pytest.raises(UserError, match="Nobody asked you"):
        mine.countersigning.say_read(incident)
    exchange(mine, theirs)
    assert groups(theirs)[TO_READ] == [incident]
    clock.now = datetime(2017, 3, 14, 9, 5, tzinfo=UTC)
    theirs.countersigning.say_read(incident)
    assert TO_READ not in groups(theirs)
    with pytest.raises(UserError, match="already"):
        theirs.countersigning.say_read(incident)
    exchange(mine, theirs)
    seen = mine.countersigning_views.view(incident)
    assert seen is not None
    assert "K. Adeyemi has read it, 09:05" in seen.stands
    amend(mine, incident, "At home")
    exchange(mine, theirs)
    assert groups(theirs)[TO_READ] == [incident]
    second_view = mine.countersigning_views.view(incident)
    assert second_view is not None
    assert "K. Adeyemi has not read it yet" in second_view.stands


def test_a_record_waits_too_long_after_two_days_on_which_the_council_works(
    mine: Services, theirs: Services, incident: str, clock: SetClock
) -> None:
    def is_late(at: datetime) -> bool:
        clock.now = at
        return next(row.late for row in theirs.countersigning_views.rows() if row.record == incident)

    in_time, two_days_later = datetime(2017, 3, 15, 16, 59, tzinfo=UTC), datetime(2017, 3, 15, 17, 1, tzinfo=UTC)
    assert [is_late(in_time), is_late(two_days_later)] == [False, True]  # written in the night of Tuesday 14 March
    theirs.records.finish(theirs.records.new_draft("closing_day", {"day": "2017-03-15", "why": "Move of the office"}))
    assert [is_late(two_days_later), is_late(datetime(2017, 3, 16, 17, 1, tzinfo=UTC))] == [False, True]


def test_two_working_days_end_as_the_council_lets_them_end(
    mine: Services, theirs: Services, incident: str, clock: SetClock
) -> None:
    ends = {"name": "working_day_ends", "value": "at the close", "starts": "2017-01-01"}
    theirs.records.finish(theirs.records.new_draft("value", ends))
    clock.now = datetime(2017, 3, 16, 16, 59, tzinfo=UTC)
    assert [row.late for row in theirs.countersigning_views.rows()] == [False]
    clock.now = datetime(2017, 3, 16, 17, 1, tzinfo=UTC)
    assert [row.late for row in theirs.countersigning_views.rows()] == [True]


def test_a_laptop_whose_clock_says_no_time_hides_nothing_that_waits(
    mine: Services, theirs: Services, incident: str
) -> None:
    seat = OtherSeat()
    written = seat.sign({"happening": "Shouting", "types": ["missing"]}, kind="incident", clock="yesterday")
    named = standing(theirs, incident).digest
    seat.sign({}, kind="incident", record=incident, action="countersign", parents=[named], clock="later")
    assert isinstance(theirs.store, LaptopStore)
    absorb(theirs.store, *seat.chain)
    assert groups(theirs) == {FOR_ME: [written.envelope.record]}
    view, stands = theirs.countersigning_views.view(incident), standing(theirs, incident)
    assert view is not None
    assert [(signature.at, signature.digest, signature.stands) for signature in stands.signed] == [
        ("later", named, True)
    ]
    assert view.stands[0].endswith(", later")
