"""What is remembered of open clocks says what reading every record says, whatever was written, wherever and in whichever order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.record_clocks import KINDS_WITH_CLOCKS, RecordClock, is_over
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock

STEPS = 60
TYPES = (
    "missing",
    "away",
    "self_harm",
    "police_called",
    "restraint",
    "allegation",
    "illness_accident",
    "exploitation",
    "dbs",
)
RECIPIENTS = ("police", "ofsted", "responsible_authority", "lado", "interview", "manager", "edt")


def by_reading_everything(services: Services, at: datetime) -> list[RecordClock]:
    """The open clocks of every record, each worked out from all its revisions."""
    records = [
        record for kind in KINDS_WITH_CLOCKS for record in services.store.records_of(kind) if not is_over(record)
    ]
    clocks = [of for record in records for of in services.clocks.of(record.record, at) if of.record == record.record]
    is_open = [of for of in clocks if of.clock.is_open]
    return sorted(is_open, key=lambda of: (of.clock.due is None, of.clock.due.timestamp() if of.clock.due else 0))


class Night:
    """Random things that people write, on two laptops that exchange now and then."""

    def __init__(self, seed: int, desks: tuple[Services, Services], clock: SetClock) -> None:
        self.random = Random(seed)
        self.desks = desks
        self.clock = clock
        self.began = clock.now
        self.children = [child_named(desks[0], name) for name in ("Kai", "Ellie")]
        self.carers = [carer.record for carer in desks[0].people.of_kind("carer")[:2]]
        self.steps: list[Callable[[Services], None]] = [
            self.incident,
            self.incident,
            self.notify,
            self.notify,
            self.notify,
            self.row,
            self.row,
            self.amended,
            self.amended,
            self.withdrawn,
            self.contact,
            self.signed,
            self.signed,
            self.hold,
            self.hold_row,
            self.hold_moved,
            self.episode,
            self.episode_row,
            self.interview,
            self.placement,
            self.authority,
            self.council_changes,
            self.council_changes,
            self.council_changes,
            self.council_name,
            self.exchanged,
            self.exchanged,
            self.erased,
            self.time_passes,
            self.time_passes,
            self.clock_is_put_back,
            self.renamed,
        ]

    def step(self) -> str:
        step = self.random.choice(self.steps)
        with suppress(UserError):  # withdrawn, disputed, told already: nothing was written, and both must still agree
            step(self.random.choice(self.desks))
        return step.__name__

    # What is drawn

    def write(self, services: Services, kind: str, **fields: Any) -> str:
        """Finish a record unchecked, as an import does."""
        record, body = identity.record_id(), {name: value for name, value in fields.items() if value}
        with services.store.write() as unit:
            unit.append(record=record, kind=kind, action="finish", fields=body, changed=sorted(body), parents=())
        return record

    def grow(self, services: Services, record: str, name: str, **row: Any) -> None:
        """Add a row unchecked, as another version of the program may: also with a time that is still to come."""
        current = services.store.get(record)
        if current is not None:
            row = {"id": identity.row_id(), **{name: value for name, value in row.items() if value}}
            with services.store.write() as unit:
                unit.append(
                    record=record,
                    kind=current.kind,
                    action="amend",
                    fields={name: [row]},
                    changed=[f"{name}/{row['id']}"],
                    parents=current.heads,
                )

    def one_of(self, services: Services, kind: str) -> str:
        records = [record.record for record in services.store.records_of(kind, limit=5)]
        return self.random.choice(records) if records else ""

    def sometimes(self, value: Any) -> Any:
        return value if self.random.random() < 0.5 else ""

    def moment(self) -> str:
        """A time of the last days, or one that is still to come, as of a laptop whose clock is ahead."""
        minutes = self.random.choice([-4000, -600, -60, 90])
        return times.stamp(self.clock.now + timedelta(minutes=self.random.uniform(*sorted((0, minutes)))))

    # What is written

    def incident(self, services: Services) -> None:
        at = self.random.choice([self.moment(), self.moment(), self.moment(), ""])  # an import may hold no time
        answers = {
            name: self.random.choice(["yes", "no", "to_decide", ""]) for name in ("police_serious", "abuse_suspected")
        }
        self.write(
            services,
            "incident",
            types=self.random.sample(TYPES, 2),
            children=self.random.sample(self.children, 1),
            aware=at,
            carers=self.random.sample(self.carers, 1),
            from_contact=self.sometimes(self.one_of(services, "contact")),
            from_episode=self.sometimes(self.one_of(services, "missing_episode")),
            **answers,
        )

    def notify(self, services: Services) -> None:
        clocks = [of for of in services.clocks.open() if of.kind == "incident"]
        if clocks:
            of = self.random.choice(clocks)
            self.grow(
                services,
                of.record,
                "notified",
                recipient=of.clock.recipients[0],
                own_recipient=of.clock.own_recipient,
                at=self.moment(),
            )

    def row(self, services: Services) -> None:
        incident, at = self.one_of(services, "incident"), self.moment()
        rows: list[tuple[str, dict[str, Any]]] = [
            ("became_known", {"type": self.random.choice(TYPES)}),
            ("returned", {"child": self.random.choice(self.children)}),
            ("decided", {"question": "police_serious", "answer": self.random.choice([True, False]), "why": "Asked"}),
            ("not_applying", {"recipient": self.random.choice(RECIPIENTS), "why": "Knows already"}),
        ]
        name, row = self.random.choice(rows)
        self.grow(services, incident, name, at=at, **row)

    def amended(self, services: Services) -> None:
        changes: list[dict[str, Any]] = [
            {"types": self.random.sample(TYPES, 1)},
            {"aware": self.moment()},
            {"from_contact": self.one_of(services, "contact")},
            {"children": list(self.children)},
            {"area_authority": "Shropshire"},
        ]
        amend(services, self.one_of(services, "incident"), self.random.choice(changes))

    def withdrawn(self, services: Services) -> None:
        kind = self.random.choice(["incident", "contact", "sign_off", "restraint", "missing_episode", "recipient"])
        services.records.withdraw(self.one_of(services, kind), "Written twice")

    def contact(self, services: Services) -> None:
        named = next(
            (record.fields.get("from_contact") for record in services.store.records_of("incident", limit=3)), ""
        )
        told_rows = [{"id": "01", "who": self.random.choice(RECIPIENTS), "at": self.sometimes(self.moment())}]
        if named:
            amend(services, str(named), {"told_others": told_rows, "told": self.moment()})
        else:
            self.write(
                services, "contact", type="call", children=self.children, told=self.moment(), told_others=told_rows
            )

    def signed(self, services: Services) -> None:
        sign_off, incident = self.one_of(services, "sign_off"), self.one_of(services, "incident")
        if sign_off and self.random.random() < 0.3:
            amend(services, sign_off, {"incident": incident})
        elif self.random.random() < 0.5:
            recipient = self.random.choice(RECIPIENTS)
            self.write(services, "sign_off", incident=incident, recipient=recipient, at=self.moment())
        else:
            hold = self.one_of(services, "restraint")
            self.write(services, "sign_off", restraint=hold, recipient="carer_spoken_to", at=self.moment())

    def hold(self, services: Services) -> None:
        ended = self.moment()
        self.write(
            services,
            "restraint",
            child=self.children[0],
            began=self.sometimes(ended),
            ended=ended,
            held_by="Carol",
            written=self.sometimes(self.moment()),
            incident=self.sometimes(self.one_of(services, "incident")),
        )

    def hold_row(self, services: Services) -> None:
        who = self.random.choice(["carer", "child"])
        self.grow(services, self.one_of(services, "restraint"), "spoke_to", who=who, at=self.moment())

    def hold_moved(self, services: Services) -> None:
        amend(
            services,
            self.one_of(services, "restraint"),
            {"incident": self.one_of(services, "incident"), "written": self.moment()},
        )

    def episode(self, services: Services) -> None:
        self.write(
            services,
            "missing_episode",
            child=self.random.choice(self.children),
            type="M",
            last_seen=self.moment(),
            reported=self.sometimes(self.moment()),
            from_contact=self.sometimes(self.one_of(services, "contact")),
        )

    def episode_row(self, services: Services) -> None:
        episode, at = self.one_of(services, "missing_episode"), self.moment()
        if self.random.random() < 0.7:
            self.grow(services, episode, "steps", step=self.random.choice(["police", "edt"]), at=at, by="Jo Preece")
        else:
            services.records.add_row(episode, "returned", {"at": times.stamp(self.clock.now), "seen_by": "Jo Preece"})

    def interview(self, services: Services) -> None:
        """An interview that was offered, refused or held; the time of the row may be still to come."""
        step, independent = self.random.choice(["offered", "refused", "done"]), self.random.random() < 0.7
        episode = self.one_of(services, "missing_episode")
        self.grow(
            services,
            episode,
            "interview",
            step=step,
            at=self.moment(),
            by="P. Shaw",
            independent=independent,
            why="Not now",
        )

    def placement(self, services: Services) -> None:
        """A child comes to a household, or leaves one."""
        day, placement = times.local_day(self.clock.now).isoformat(), self.one_of(services, "placement")
        if placement and self.random.random() < 0.5:
            amend(services, placement, {"end": day})
        else:
            child, carer = self.random.choice(self.children), self.random.choice(self.carers)
            self.write(services, "placement", child=child, carer=carer, type="main", start="2017-01-01")

    def authority(self, services: Services) -> None:
        child = self.random.choice(self.children)
        amend(services, child, {"placing_authority": self.random.choice(["Powys", "Shropshire", ""])})

    def council_changes(self, services: Services) -> None:
        today, recipient, choice = (
            times.local_day(self.clock.now),
            self.one_of(services, "recipient"),
            self.random.randrange(4),
        )
        if choice == 0:
            self.write(
                services, "closing_day", day=(today + timedelta(days=self.random.randrange(3))).isoformat(), why="Flood"
            )
        elif choice == 1:
            ends, starts = self.random.choice(["at the close", "at the same time"]), today - timedelta(days=9)
            self.write(services, "value", name="working_day_ends", value=ends, starts=starts.isoformat())
        elif choice == 2 and recipient:
            amend(services, recipient, {"within": self.random.randint(1, 40)})
        else:
            starts, unit = (
                today + timedelta(days=self.random.choice([-400, 1])),
                self.random.choice(["hours", "working_days"]),
            )
            events = ["S7-03", "missing", "missing_return", "restraint"]
            self.write(
                services, "recipient", name="Nurse", events=events, unit=unit, within=1, starts=starts.isoformat()
            )

    def council_name(self, services: Services) -> None:
        with services.store.write() as unit:
            unit.set(StoreSetting.COUNCIL_NAME, self.random.choice(["Wye County Council", "Powys"]))

    def renamed(self, services: Services) -> None:
        amend(services, self.desks[1].store.seat.person, {"name": f"K. Adeyemi {self.random.randrange(100)}"})

    def exchanged(self, services: Services) -> None:
        exchange(*self.desks)

    def erased(self, services: Services) -> None:
        """The first laptop stands for the council: the other one obeys its order at the next exchange."""
        record = self.one_of(
            self.desks[0], self.random.choice(["incident", "contact", "sign_off", "recipient", "closing_day"])
        )
        digests = [revision.digest for revision in self.desks[0].store.revisions(record)][-1:] if record else []
        self.write(self.desks[0], "erasure", digests=digests)
        exchange(*self.desks)

    def time_passes(self, services: Services) -> None:
        self.clock.pass_time(minutes=self.random.choice([1, 20, 90, 1500]))

    def clock_is_put_back(self, services: Services) -> None:
        self.clock.now = max(self.began, self.clock.now - timedelta(minutes=self.random.randrange(120)))


@pytest.mark.parametrize("seed", range(4))
def test_after_anything_that_is_written_what_is_remembered_is_what_reading_everything_gives(
    mine: Services, theirs: Services, clock: SetClock, seed: int
) -> None:
    night = Night(seed, (mine, theirs), clock)
    done = []
    for _ in range(STEPS):
        done.append(night.step())
        for services in (mine, theirs):
            everything = by_reading_everything(services, clock.now)
            assert services.clocks.open() == everything, (done, "remembered")
            assert Clocks(services.store, services.records, clock).open() == everything, (done, "read at once")
    earlier = clock.now - timedelta(hours=3)
    assert mine.clocks.open(earlier) == by_reading_everything(mine, earlier)
    assert mine.clocks.open() == by_reading_everything(mine, clock.now), "asking for an earlier time changes nothing"


def open_recipients(services: Services, record: str) -> set[str]:
    return {of.clock.recipients[0] for of in services.clocks.open() if of.record == record}


def test_what_a_contact_says_of_a_time_to_come_counts_when_that_has_come(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    night = Night(0, (mine, theirs), clock)
    soon = times.stamp(clock.now + timedelta(minutes=30))
    told_rows = [{"id": "01", "who": "police", "at": soon}]
    contact = night.write(mine, "contact", type="call", children=night.children, told=soon, told_others=told_rows)
    incident = night.write(mine, "incident", types=["missing"], aware=times.stamp(clock.now), from_contact=contact)
    assert "police" in open_recipients(mine, incident)
    clock.pass_time(minutes=31)
    assert "police" not in open_recipients(mine, incident)
    clock.pass_time(minutes=-5)
    assert "police" in open_recipients(mine, incident)


def test_a_sign_off_of_a_time_to_come_counts_when_that_has_come(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    night = Night(0, (mine, theirs), clock)
    now, soon = times.stamp(clock.now), times.stamp(clock.now + timedelta(minutes=30))
    spoken = [{"id": "01", "who": "carer", "at": now}]
    hold = night.write(mine, "restraint", child=night.children[0], began=now, ended=now, spoke_to=spoken)
    night.write(mine, "sign_off", restraint=hold, recipient="carer_spoken_to", at=soon)
    assert "carer_spoken_to" in open_recipients(mine, hold)
    clock.pass_time(minutes=31)
    assert "carer_spoken_to" not in open_recipients(mine, hold)


def test_an_interview_that_is_refused_at_a_time_to_come_is_open_until_then(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    night = Night(0, (mine, theirs), clock)
    now, soon = times.stamp(clock.now), times.stamp(clock.now + timedelta(minutes=30))
    child = night.children[0]
    returned = [{"id": "01", "at": now, "seen_by": "Jo Preece"}]
    refused = [{"id": "02", "step": "refused", "at": soon, "why": "Not now"}]
    episode = night.write(
        mine, "missing_episode", child=child, type="M", reported=now, returned=returned, interview=refused
    )
    incident = night.write(mine, "incident", types=["missing"], children=[child], aware=now, from_episode=episode)
    assert "interview" in open_recipients(mine, incident)
    clock.pass_time(minutes=31)
    assert "interview" not in open_recipients(mine, incident)
