"""What counts for a child and for a household, read from a real store: each record once, on the days that a child lived there."""

from datetime import UTC, date, datetime

import pytest

from hipss_desktop.rules.strain import Strain
from hipss_desktop.services.strain import Strains
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as

TODAY = date(2017, 3, 14)


@pytest.fixture
def manager(services: Services) -> Services:
    """The caseload, open for somebody who may write all of it."""
    sign_in_as(services.store, role="manager")
    return services


def household(services: Services, name: str) -> str:
    return services.people.find(name, kinds=("carer",))[0].record


def finish(services: Services, kind: str, **fields: object) -> str:
    return services.records.finish(services.records.new_draft(kind, fields)).envelope.record


def call(services: Services, day: str, *, caller: str = "", children: tuple[str, ...] = (), **more: object) -> str:
    """A contact at half past seven in the evening."""
    about = {
        "concerns": ["other"],
        "happening": "Shouting",
        "no_advice": True,
        "risk": "low",
        "needs_to_know": ["nobody"],
    }
    who = {"caller": caller} if caller else {"caller_not_known": True}
    return finish(services, "contact", told=f"{day}T19:30:00+00:00", children=list(children), **who, **about, **more)


def now(services: Services, person: str, on: date = TODAY) -> Strain:
    strain = Strains(services.store, services.people).of(person, on)
    assert strain is not None
    return strain


def test_a_call_that_names_household_and_child_counts_once_for_each(manager: Services) -> None:
    kai, preece = child_named(manager, "Kai"), household(manager, "jo preece")
    before = now(manager, kai).contacts, now(manager, preece).contacts
    call(manager, "2017-03-12", caller=preece, children=(kai,))
    assert (now(manager, kai).contacts, now(manager, preece).contacts) == (before[0] + 1, before[1] + 1)


def test_a_call_about_the_child_alone_counts_for_the_household_and_one_about_the_household_alone_not_for_the_child(
    manager: Services,
) -> None:
    kai, preece = child_named(manager, "Kai"), household(manager, "jo preece")
    before = now(manager, kai).contacts, now(manager, preece).contacts
    call(manager, "2017-03-12", children=(kai,))
    assert (now(manager, kai).contacts, now(manager, preece).contacts) == (before[0] + 1, before[1] + 1)
    call(manager, "2017-03-12", caller=preece)
    assert (now(manager, kai).contacts, now(manager, preece).contacts) == (before[0] + 1, before[1] + 2)


def test_what_is_withdrawn_counts_no_more(manager: Services) -> None:
    kai = child_named(manager, "Kai")
    before = now(manager, kai)
    record = call(manager, "2017-03-12", children=(kai,))
    assert now(manager, kai).contacts == before.contacts + 1
    manager.records.withdraw(record, "Logged twice")
    assert now(manager, kai) == before


def test_information_a_wrong_number_and_an_abandoned_call_do_not_count(manager: Services) -> None:
    kai = child_named(manager, "Kai")
    before = now(manager, kai)
    for kind in ("information", "wrong_number", "abandoned"):
        more = {"information": "He was seen"} if kind == "information" else {}
        finish(manager, "contact", type=kind, told="2017-03-12T19:30:00+00:00", children=[kai], **more)
    assert now(manager, kai) == before


def test_an_incident_made_from_a_call_makes_it_weigh_more_and_counts_no_second_time(manager: Services) -> None:
    kai = child_named(manager, "Kai")
    contact = call(manager, "2017-03-12", children=(kai,))
    before = now(manager, kai)
    finish(
        manager,
        "incident",
        types=["aggression"],
        children=[kai],
        aware="2017-03-13T09:00:00+00:00",
        from_contact=contact,
    )
    after = now(manager, kai)
    assert (after.contacts, after.incidents) == (before.contacts, before.incidents)
    assert after.weeks[-2].weight == before.weeks[-2].weight + 1


def test_a_child_who_moves_begins_weeks_of_their_own_and_leaves_what_was_there(manager: Services) -> None:
    kai, preece, yeo = child_named(manager, "Kai"), household(manager, "jo preece"), household(manager, "yeo")
    placement = next(
        record
        for record in manager.store.records_about(kai, kind="placement")
        if record.fields.get("carer") == preece and not record.fields.get("end")
    )
    amend(manager, placement.record, {"end": "2017-03-13"})
    finish(manager, "placement", child=kai, carer=yeo, type="main", start="2017-03-13")
    assert (now(manager, kai).state, now(manager, kai).start) == ("too_early", date(2017, 3, 13))
    assert now(manager, preece).start == date(2017, 3, 13)
    assert now(manager, yeo).start == date(2017, 3, 13)
    # The day before is as it was: a past day is judged by who lived where then.
    assert now(manager, kai, date(2017, 3, 12)).start == date(2016, 11, 14)


def test_what_is_about_a_child_counts_for_a_household_only_on_days_when_the_child_was_placed_there(
    manager: Services,
) -> None:
    kai, yeo = child_named(manager, "Kai"), household(manager, "yeo")
    before = now(manager, yeo)
    call(manager, "2017-03-01", children=(kai,))
    assert now(manager, yeo) == before
    finish(manager, "placement", child=kai, carer=yeo, type="respite", start="2017-02-27", end="2017-03-03")
    after = now(manager, yeo)
    assert after.start == before.start  # respite begins nothing anew
    counts = {week.first: week.count for week in before.weeks}
    grown = {week.first for week in after.weeks if week.count > counts[week.first]}
    assert grown == {date(2017, 2, 27)}


def test_a_call_half_an_hour_after_a_summer_midnight_belongs_to_the_day_on_the_wall(
    manager: Services, clock: SetClock
) -> None:
    clock.now = datetime(2017, 3, 28, 9, 0, tzinfo=UTC)
    kai, sunday = child_named(manager, "Kai"), date(2017, 3, 26)
    before = now(manager, kai, sunday).contacts, now(manager, kai, date(2017, 3, 27)).contacts
    about = {"concerns": ["other"], "happening": "Shouting", "no_advice": True, "risk": "low"}
    told_at = "2017-03-26T23:30:00+00:00"  # half past midnight on Monday by the clock on the wall
    finish(manager, "contact", told=told_at, children=[kai], caller_not_known=True, needs_to_know=["nobody"], **about)
    after = now(manager, kai, date(2017, 3, 27))
    assert (now(manager, kai, sunday).contacts, after.contacts) == (before[0], before[1] + 1)
    assert (after.weeks[-1].first, after.weeks[-1].count) == (date(2017, 3, 27), 1)


def test_nothing_is_said_of_a_child_who_is_not_placed_nor_of_somebody_unknown(manager: Services) -> None:
    strains = Strains(manager.store, manager.people)
    assert strains.of(child_named(manager, "Kai"), date(2010, 1, 1)) is None
    assert strains.of("0199c0de-0000-7000-8000-00000000ffff", TODAY) is None


def test_every_child_who_lives_somewhere_is_named_and_then_the_households(manager: Services) -> None:
    placed = Strains(manager.store, manager.people).placed(TODAY)
    kinds = [manager.people.record(person).kind for person in placed]  # type: ignore[union-attr]  # they are here
    assert kinds == sorted(kinds, key=("child", "carer").index)
    assert len(placed) == len(set(placed))
    assert {child_named(manager, "Kai"), household(manager, "jo preece")} <= set(placed)


def every_child(services: Services) -> list[str]:
    return [child.record for child in services.people.of_kind("child")]


def test_many_placements_read_at_once_give_the_same_as_each_alone(manager: Services) -> None:
    strains, children = Strains(manager.store, manager.people), every_child(manager)
    amara = child_named(manager, "Amara")  # placed since 5 March: what an older placement's reading finds is not hers
    contact = call(manager, "2017-03-04", children=(amara,))
    finish(
        manager,
        "incident",
        types=["aggression"],
        children=[amara],
        aware="2017-03-06T09:00:00+00:00",
        from_contact=contact,
    )
    for day in (TODAY, date(2017, 2, 1), date(2016, 12, 20), date(2010, 1, 1)):
        alone = {child: strain for child in children if (strain := strains.of(child, day)) is not None}
        assert strains.of_children(children, day) == alone
    assert strains.of_children([*children, "0199c0de-0000-7000-8000-00000000ffff"], TODAY).keys() <= set(children)


def test_what_is_remembered_of_many_placements_follows_each_commit(manager: Services) -> None:
    strains, kai = Strains(manager.store, manager.people), child_named(manager, "Kai")

    def follows() -> Strain | None:
        alone = Strains(manager.store, manager.people).of(kai, TODAY)
        strain = strains.of_children([kai], TODAY).get(kai)
        assert strain == alone
        return strain

    before = follows()
    contact = call(manager, "2017-03-12", children=(kai,))
    after = follows()
    assert after != before
    manager.records.withdraw(contact, "Logged twice")
    assert follows() == before
    for placement in manager.store.records_about(kai, kind="placement"):
        amend(manager, placement.record, {"end": "2017-03-10"})
    assert follows() is None
