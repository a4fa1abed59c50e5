"""A session, a household's training and a series in words."""

from typing import Any

import pytest

from hipss_desktop.views.services import Services
from tests.helpers.screens_of_due import household
from tests.helpers.screens_of_training import session, trained
from tests.helpers.store_fixtures import SetClock, sign_in_as


def finish_record(services: Services, kind: str, **answers: Any) -> str:
    return services.records.finish(services.records.new_draft(kind, answers)).envelope.record


def test_who_came_is_counted_by_role_with_hours_and_a_total(services: Services, clock: SetClock) -> None:
    view = services.training.sessions.view(trained(services, clock))
    assert view is not None
    rows = {row.role: (row.invited, row.came, row.hours) for row in view.groups}
    assert rows == {
        "Foster carer": (6, 5, "12.5"),
        "Social worker": (5, 4, "10"),
        "Family support worker": (3, 3, "7.5"),
        "Reviewing officer": (2, 1, "2.5"),
        "SENCO": (2, 1, "2.5"),
    }
    assert (view.total.invited, view.total.came, view.total.hours) == (18, 14, "35")
    assert view.when == "15 March 2017, 09:30 to 12:00 · Friars Hall, Hereford · 2.5 hours"
    assert view.came_words == "14 of 18 came"
    assert next(row.organisation for row in view.groups if row.role == "SENCO") == "Lugg Bridge; St Owen’s"


def test_somebody_who_left_early_has_their_own_hours_and_nobody_is_counted_before_they_are_marked(
    services: Services, clock: SetClock
) -> None:
    trained(services, clock)
    early = {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came", "minutes": 60}
    view = services.training.sessions.view(
        session(services, people=[early, {**early, "id": "p2", "name": "M. Iqbal", "minutes": None}])
    )
    assert view is not None
    assert [row.hours for row in view.people] == ["1", "2.5"]
    assert view.total.hours == "3.5"
    unmarked = services.training.sessions.view(session(services, people=[{"id": "p1", "role": "Social worker"}]))
    assert unmarked is not None
    assert unmarked.came_words == "1 invited, nobody is marked yet"


def test_a_household_has_its_last_sessions_hours_of_the_year_and_what_is_due(
    services: Services, clock: SetClock
) -> None:
    trained(services, clock)
    jo = household(services, "Preece")
    rows = [
        {"id": "p1", "name": "Jo Preece", "role": "Foster carer", "was": "came", "minutes": 60, "carer": jo},
        {"id": "p2", "name": "Martin Preece", "role": "Foster carer", "was": "came", "carer": jo},
    ]
    span = {"began": "2017-03-01T13:00:00+00:00", "ended": "2017-03-01T16:00:00+00:00"}
    session(services, name="First aid for carers", topic="first_aid", people=rows, **span)
    last_year = {"began": "2016-12-31T13:00:00+00:00", "ended": "2016-12-31T16:00:00+00:00"}
    session(services, name="New Year", topic="sleep", people=rows[1:], **last_year)
    household_training = services.training.households.of(jo)
    assert household_training.hours == ("Jo Preece: 3.5 hours in 2017", "Martin Preece: 3 hours in 2017")
    assert [(line.title, line.words) for line in household_training.sessions] == [
        ("Why children run", "15 March 2017 · Jo Preece, 2.5 hours"),
        ("First aid for carers", "1 March 2017 · Jo Preece, 1 hour of 3 hours, Martin Preece, 3 hours"),
        ("New Year", "31 December 2016 · Martin Preece, 3 hours"),
    ]
    assert ("First aid training, Jo Preece", "Last one 1 March 2017", "1 Mar 2020") in {
        (line.title, line.words, line.day) for line in household_training.due
    }
    assert {line.due_type for line in household_training.due} == {"training"}
    assert services.training.households.of("nobody").sessions == ()


def test_a_series_counts_what_was_held_of_it(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    programme = next(record.record for record in services.store.records_of("series"))
    words = services.training.series.words(programme)
    assert words == "16+, every six weeks, until March 2018, 4 of 8 held"
    session(services, name="Cancelled", stage="cancelled", cancelled_why="The trainer is ill", series=programme)
    withdrawn = session(services, name="Written twice", series=programme)
    services.records.withdraw(withdrawn, "Written twice")
    assert services.training.series.words(programme) == words
    held = dict[str, Any](
        stage="held",
        form="series",
        about="theme",
        theme="Sleep in the evenings",
        team="sixteen_plus",
        held_on="2017-03-02",
        attendees=[{"id": "a", "name": "F. Doyle", "role": "social worker", "was": "came"}],
        text=[{"id": "q", "section": "question", "text": "How is an evening begun?"}],
        safeguarding="nothing_new",
        series=programme,
    )
    first, second = finish_record(services, "consultation", **held), finish_record(services, "consultation", **held)
    assert services.training.series.words(programme) == "16+, every six weeks, until March 2018, 6 of 8 held"
    services.twice_written.same(first, second)
    assert services.training.series.words(programme) == "16+, every six weeks, until March 2018, 5 of 8 held"


@pytest.mark.parametrize("role", ["on_call", "supervising", "administrator"])
def test_who_may_not_read_consultations_is_told_that_the_count_is_of_what_they_may_see(
    services: Services, clock: SetClock, role: str
) -> None:
    trained(services, clock)
    programme = next(record.record for record in services.store.records_of("series"))
    sign_in_as(services.store, role=role)
    assert services.training.series.words(programme).endswith("4 of 8 held, of what you may see")


def test_a_series_that_says_little_says_what_it_has(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    bare = finish_record(services, "series", name="Drop-in", team="senco", every=1, starts="2017-03-01")
    assert services.training.series.words(bare).endswith("every week, 0 held")
    assert services.training.series.words("not here") == ""


def test_the_quarter_of_today_is_counted_by_sessions_people_and_hours(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    assert services.training.sessions.counts() == "4 this quarter, 61 people, 8.5 hours"
    session(services, name="Cancelled", stage="cancelled", cancelled_why="The trainer is ill")
    services.records.withdraw(session(services, name="Written twice"), "Written twice")
    before = {"began": "2016-12-31T13:00:00+00:00", "ended": "2016-12-31T16:00:00+00:00"}
    session(services, name="New Year", people=[], **before)
    assert services.training.sessions.counts() == "4 this quarter, 61 people, 8.5 hours"
    session(
        services, name="New Year’s Day", people=[], began="2017-01-01T00:00:00+00:00", ended="2017-01-01T01:00:00+00:00"
    )
    assert services.training.sessions.counts() == "5 this quarter, 61 people, 9.5 hours"


def test_a_row_that_the_household_has_not_is_known_by_its_name_and_one_it_has_by_itself(
    services: Services, clock: SetClock
) -> None:
    """As in a store that read both sheets, or where a member was taken out and entered again."""
    trained(services, clock)
    jo = household(services, "Preece")
    carer_record = services.people.record(jo)
    assert carer_record is not None
    rows = {
        row["family_name"] + row.get("known_as", row["given_name"]): row["id"] for row in carer_record.fields["members"]
    }
    martin = next(row for name, row in rows.items() if "Martin" in name)
    people = [
        {
            "id": "p1",
            "name": "Jo Preece",
            "role": "Foster carer",
            "was": "came",
            "carer": jo,
            "member": "of the old store",
        },
        {"id": "p2", "name": "M. Preece", "role": "Foster carer", "was": "came", "carer": jo, "member": martin},
    ]
    span = {"began": "2017-03-01T13:00:00+00:00", "ended": "2017-03-01T16:00:00+00:00"}
    session(services, name="First aid for carers", topic="first_aid", people=people, **span)
    shown = services.training.households.of(jo)
    assert {line.partition(":")[0] for line in shown.hours} == {"Jo Preece", "Martin Preece"}
    first_aid = [line.words for line in shown.due if line.title.startswith("First aid")]
    assert first_aid == ["Last one 1 March 2017"] * 2
