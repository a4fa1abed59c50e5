"""The newest records that name somebody, from a moment on."""

from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named


def test_only_those_from_the_moment_on_are_given_the_newest_first(services: Services) -> None:
    kai, ellie = child_named(services, "Kai"), child_named(services, "Ellie")
    everything = services.store.newest_about([kai, ellie], kind="contact", most=100)
    assert len(everything[kai]) > 2
    middle = everything[kai][1].at
    since = services.store.newest_about([kai, ellie], kind="contact", most=100, since=middle)
    assert since[kai] == [record for record in everything[kai] if record.at >= middle]
    assert since[ellie] == [record for record in everything[ellie] if record.at >= middle]
    assert services.store.newest_about([kai], kind="contact", most=1, since=middle)[kai] == everything[kai][:1]
    tomorrow = times.ms(services.clock() + timedelta(days=1))
    assert services.store.newest_about([kai], kind="contact", most=100, since=tomorrow) == {kai: []}
