"""Turns a laptop's measurements into the lines of the night check: state, figure, why it matters, what to do, who can help.

A pure function of the measurements. Something that was not measured is "not checked", which is amber and never a tick. No line
stops a shift. Limits: ux notes, picture 22. Must not measure anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.night_check import AMBER, NOT_CHECKED, READY, RED

RECEIVED_WITHIN = timedelta(hours=2)
REVIEWED_WITHIN = timedelta(days=90)
CLOCK_WITHIN, CLOCK_RED = timedelta(minutes=2), timedelta(minutes=15)
FREE_GB, FULL_BATTERY = 5, 90
GB = 10**9

HelpFrom = Literal["backup", "manager", "office", "household", ""]
"""Who can help: the backup manager, the service manager, the office's technicians, the household of the child, nobody else."""


@dataclass(frozen=True)
class PlanOf:
    """The safety plan of a child who is placed tonight.

    ``written`` says whether the plan has any text, ``days`` how many days ago the placement began.
    """

    child: str
    name: str
    written: bool
    reviewed: date | None
    days: int


@dataclass(frozen=True)
class PackOf:
    """The missing-person pack of a child who is placed tonight.

    Attributes:
        record: the pack, '' if nobody has written one.
        unanswered: the questions of the police that the pack does not answer, in their order.
        to_check: whether the pack must be checked again; ``checked`` is the day of the last check.
    """

    child: str
    name: str
    record: str
    unanswered: tuple[str, ...] = ()
    to_check: bool = False
    checked: date | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the pack is there, complete and still right."""
        return bool(self.record) and not self.unanswered and not self.to_check


@dataclass(frozen=True)
class Battery:
    """How full a battery is, in percent, and whether it is charged."""

    percent: int
    plugged_in: bool


@dataclass(frozen=True)
class Measured:
    """The measurements of one check. None means not measured: neither this program nor the system could tell.

    Attributes:
        now: the moment of the check; ``night`` is the day on which the checked night begins.
        received: when the last complete exchange with the council ended.
        plans, packs: those of the children placed tonight.
        clock_apart: how far this laptop's clock was from the council's at that exchange.
        unlocked: when this person last unlocked this laptop without a network.
        waiting: revisions without the council's receipt.
        free: bytes on the disk of the store; ``encrypted`` is whether the disk is.
        on_call, backup: the names of tonight's worker and backup manager, '' for nobody; ``backup_number`` is the number to ring.
        printed: when this person last printed or saved the paper sheet on this laptop.
    """

    now: datetime
    night: date
    received: datetime | None
    plans: Sequence[PlanOf]
    packs: Sequence[PackOf]
    clock_apart: timedelta | None
    unlocked: datetime | None
    waiting: int
    free: int | None
    encrypted: bool | None
    battery: Battery | None
    on_call: str
    backup: str
    backup_number: str
    printed: datetime | None


@dataclass(frozen=True)
class Line:
    """One line of the check.

    Attributes:
        item: what was checked (``night_check_item``); ``child`` is the child that it was checked for, or ''.
        state: ready, amber, red or not checked (``night_check_state``).
        title: the result in a few words: "Amara O. has no safety plan".
        figure: the measurement in words.
        why, todo: why it matters and what to do, '' for a line that is ready.
        help_from: who can help.
        record: the record to complete, '' if there is none yet.
    """

    item: str
    state: str
    title: str
    figure: str
    why: str = ""
    todo: str = ""
    help_from: HelpFrom = ""
    child: str = ""
    record: str = ""


def lines(measured: Measured) -> list[Line]:
    """The lines of a check, the worst state first. Lines of the same state stay in the order of the checks."""
    order = (RED, AMBER, NOT_CHECKED, READY)
    return sorted(_all(measured), key=lambda line: order.index(line.state))


def _all(measured: Measured) -> Iterator[Line]:
    yield from _plans(measured)
    yield from _packs(measured)
    yield _rota(measured)
    yield _clock(measured)
    yield _unlock(measured)
    yield _caseload(measured)
    yield _waiting(measured)
    yield _battery(measured)
    yield _disk(measured)
    yield _encryption(measured)
    yield _paper(measured)


def _caseload(measured: Measured) -> Line:
    received, now = measured.received, measured.now
    todo = "Connect to the network and sync. This line clears by itself."
    why = "What changed today may not be on this laptop."
    if received is None:
        return Line("caseload", AMBER, "The caseload was never received", "Never received", why, todo, "office")
    figure = f"Received {times.on_its_day(received, now)}"
    if now - received <= RECEIVED_WITHIN:
        return Line("caseload", READY, "Caseload received", figure)
    return Line("caseload", AMBER, "The caseload is not fresh", figure, why, todo, "office")


def _plans(measured: Measured) -> Iterator[Line]:
    today = times.local_day(measured.now)
    fresh = [plan for plan in measured.plans if plan.written and _is_reviewed(plan, today)]
    for plan in measured.plans:
        if not plan.written:
            why = "With no plan, a call tonight starts from nothing."
            placed = "Placed today" if plan.days == 0 else f"Placed {_days(plan.days)}"
            yield Line(
                "plan",
                RED,
                f"{plan.name} has no safety plan",
                f"No plan. {placed}.",
                why,
                "Ring the household and agree three lines.",
                "household",
                plan.child,
            )
        elif plan not in fresh:
            figure = f"Reviewed {times.long_day(plan.reviewed)}" if plan.reviewed else "Never reviewed"
            yield Line(
                "plan",
                AMBER,
                f"{plan.name}’s safety plan is not reviewed",
                figure,
                f"A plan is looked at again within {REVIEWED_WITHIN.days} days.",
                "Ring the household, go through it, and enter the review.",
                "household",
                plan.child,
            )
    if len(fresh) == len(measured.plans):
        oldest = min((plan.reviewed for plan in fresh if plan.reviewed), default=None)
        more = f", oldest {times.long_day(oldest)}" if oldest else ""
        yield Line("plan", READY, "Safety plans reviewed", f"{len(fresh)} of {len(fresh)}{more}")


def _is_reviewed(plan: PlanOf, today: date) -> bool:
    return plan.reviewed is not None and today - plan.reviewed <= REVIEWED_WITHIN


def _packs(measured: Measured) -> Iterator[Line]:
    ready = sum(pack.is_ready for pack in measured.packs)
    count = f"{ready} of {len(measured.packs)}"
    for pack in measured.packs:
        if not pack.is_ready:
            title, figure, todo = _pack_words(pack)
            why = f"{count} packs {'is' if ready == 1 else 'are'} ready. Police ask for it when a child is not home."
            yield Line("pack", AMBER, title, figure, why, todo, "household", pack.child, pack.record)
    if ready == len(measured.packs):
        yield Line("pack", READY, "Missing-person packs ready", count)


def _pack_words(pack: PackOf) -> tuple[str, str, str]:
    """The title, the figure and what to do for a pack that is not ready."""
    if not pack.record:
        words = f"{pack.name} has no missing-person pack", "No pack"
        return *words, "Ring the household and ask what the police would ask."
    if pack.unanswered:
        title = f"{pack.name}’s missing-person pack is not complete"
        figure = f"Not answered: {', '.join(pack.unanswered)}"
        return title, figure, "Ring the household and write down what is missing."
    figure = f"Checked {times.long_day(pack.checked)}" if pack.checked is not None else "Never checked"
    title = f"{pack.name}’s missing-person pack is to be checked again"
    return title, figure, "Ring the household, go through it, and enter that it was checked."


def _clock(measured: Measured) -> Line:
    apart, received = measured.clock_apart, measured.received
    if apart is None or received is None or measured.now - received > RECEIVED_WITHIN:
        last = f", last compared {times.on_its_day(received, measured.now)}" if received else ""
        return Line(
            "clock",
            NOT_CHECKED,
            "The clock is not checked",
            f"Not checked{last}",
            "Times that are written tonight are evidence.",
            "Connect to the network and sync.",
            "office",
        )
    apart = abs(apart)
    figure = f"{_span(apart)} apart at {times.clock_time(received)}"
    if apart <= CLOCK_WITHIN:
        return Line("clock", READY, "Clock agrees with the council’s", figure)
    return Line(
        "clock",
        RED if apart > CLOCK_RED else AMBER,
        "The clock differs from the council’s",
        figure,
        "Times that are written tonight are evidence.",
        "Set this laptop’s clock, then sync.",
        "office",
    )


def _unlock(measured: Measured) -> Line:
    unlocked = measured.unlocked
    todo = "Turn the network off, lock, and unlock with your passphrase."
    why = "If you cannot unlock at night, you cannot read a plan."
    if unlocked is None:
        return Line("unlock", RED, "Unlock was never tested offline", "Never tested", why, todo, "office")
    figure = f"Unlocked offline {times.on_its_day(unlocked, measured.now)}"
    if times.local_day(unlocked) >= times.local_day(measured.now) - timedelta(days=1):
        return Line("unlock", READY, "Unlock tested offline", figure)
    return Line("unlock", AMBER, "Unlock was not tested offline since yesterday", figure, why, todo, "office")


def _waiting(measured: Measured) -> Line:
    if not measured.waiting:
        return Line("waiting", READY, "Nothing waiting to be sent", "All sent")
    return Line(
        "waiting",
        AMBER,
        "Something waits to be sent",
        f"{measured.waiting} waiting",
        "What is on this laptop alone is lost with it.",
        "Connect to the network and sync.",
        "office",
    )


def _disk(measured: Measured) -> Line:
    why, todo = "A full disk cannot keep what is written tonight.", "Make room on the disk, or take the spare laptop."
    if measured.free is None:
        return Line("disk", NOT_CHECKED, "Room on the disk is not checked", "Not checked", why, todo, "office")
    figure = f"{measured.free / GB:.1f} GB free" if measured.free < 10 * GB else f"{measured.free // GB} GB free"
    if measured.free >= FREE_GB * GB:
        return Line("disk", READY, "Room on the disk", figure)
    return Line("disk", AMBER, f"Less than {FREE_GB} GB free", figure, why, todo, "office")


def _encryption(measured: Measured) -> Line:
    if measured.encrypted:
        return Line("encryption", READY, "Disk encrypted", "Encrypted")
    why = "The records are encrypted either way; what else lies on the disk may not be."
    if measured.encrypted is None:
        return Line(
            "encryption",
            NOT_CHECKED,
            "Disk encryption is not checked",
            "Not checked. This system does not tell.",
            why,
            "Ask whether this laptop’s disk is encrypted.",
            "office",
        )
    return Line("encryption", AMBER, "The disk is not encrypted", "Not encrypted", why, "Have it encrypted.", "office")


def _battery(measured: Measured) -> Line:
    battery, todo = measured.battery, "Plug it in now. This line clears by itself."
    why = "A night needs it plugged in."
    if battery is None:
        return Line("battery", NOT_CHECKED, "The battery is not checked", "Not checked", why, todo, "office")
    figure = f"{battery.percent}%, {'plugged in' if battery.plugged_in else 'not charging'}"
    if battery.plugged_in or battery.percent > FULL_BATTERY:
        return Line("battery", READY, "Battery", figure)
    return Line("battery", AMBER, f"Battery {figure}", figure, why, todo, "office")


def _rota(measured: Measured) -> Line:
    if not measured.on_call:
        return Line(
            "rota",
            RED,
            "Nobody is on the rota tonight",
            "Nobody",
            "A call tonight would reach nobody.",
            "Ring the manager and put a name on the rota.",
            "manager",
        )
    if not measured.backup or not measured.backup_number:
        lacks = "number" if measured.backup else "backup manager"
        figure = f"On call {measured.on_call}, no {lacks}" + (f" for {measured.backup}" if measured.backup else "")
        return Line(
            "rota",
            AMBER,
            f"The rota has no {lacks} for tonight",
            figure,
            "At night you decide nothing alone.",
            "Ask the manager and put it on the rota.",
            "manager",
        )
    return Line("rota", READY, "Rota and backup", f"On call {measured.on_call}, backup {measured.backup}")


def _paper(measured: Measured) -> Line:
    why, todo = "It is what is left when the laptop breaks.", "Print the paper sheet; shred it by 09:00."
    if measured.printed is not None and times.local_day(measured.printed) >= measured.night:
        figure = f"{times.on_its_day(measured.printed, measured.now)}, shred by 09:00"
        return Line("paper", READY, "Paper sheet printed", figure)
    return Line("paper", AMBER, "The paper sheet is not printed", "Not printed today", why, todo, "backup")


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _span(difference: timedelta) -> str:
    seconds = round(difference.total_seconds())
    if seconds < 60:
        return f"{seconds} second" if seconds == 1 else f"{seconds} seconds"
    return times.duration(difference)
