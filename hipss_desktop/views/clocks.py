"""Clocks in words: what is due when, on which basis, and what was done; the same for the window and the command line.

Must not decide anything: ``rules.clocks`` does.
"""

from datetime import datetime

from hipss_desktop import times
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.clocks import Clock, ClockState, Done

STATES: dict[ClockState, str] = {
    "not_yet_due": "Not yet due",
    "due_soon": "Due soon",
    "overdue": "Overdue",
    "told": "Told",
    "acknowledged": "Acknowledged",
    "does_not_apply": "Does not apply",
    "no_longer_required": "No longer required",
    "to_decide": "To decide",
    "not_running": "Not running yet",
}
NO_TIME = "time not recorded"
"""The words in place of a time if somebody was told and nobody recorded when."""


def events(clock: Clock) -> str:
    """The events of a clock, in words."""
    return "; ".join(code_list("notification_event").label(code) for code in clock.events)


def source(clock: Clock) -> str:
    """The sources of all its rules."""
    return "; ".join(dict.fromkeys(rule.source for rule in clock.rules))


def due_words(clock: Clock, at: datetime) -> str:
    """The due time, then the time left: "18:40 Friday 17 March 2017, 33 h 20 min left"; else why it does not run."""
    if clock.due is None:
        return clock.due_reason
    when = f"{times.clock_time(clock.due)} {times.full_day(times.local_day(clock.due))}"
    if not clock.is_open:
        return when
    time_left = clock.due - at
    return (
        f"{when}, overdue {times.duration(-time_left)}"
        if at > clock.due
        else f"{when}, {times.duration(time_left)} left"
    )


def state_words(clock: Clock) -> str:
    """Its state, with the reason if there is one."""
    words = STATES[clock.state]
    if clock.state == "no_longer_required":
        return f"{words}, because: {clock.reason}" if clock.reason else words
    if clock.state == "to_decide":
        return f"{words}, by {clock.reason}" if clock.reason else words
    if clock.state == "does_not_apply":
        return f"{words}: {clock.reason}"
    return f"{words} late" if clock.late else words


def done_words(done: Done) -> str:
    """What was done: "by A. Bevan, to P. Shaw, 22:07 13 March 2017, by telephone, 0612"."""
    at = f"{times.clock_time(done.at)} {times.long_day(times.local_day(done.at))}" if done.at else NO_TIME
    how = code_list("told_how").label(done.how)
    return ", ".join(
        filter(None, (done.by and f"by {done.by}", done.to and f"to {done.to}", at, how, done.reference, done.grade))
    )


def line(clock: Clock, at: datetime) -> str:
    """A clock in one line of text."""
    parts = [f"{clock.name}: {state_words(clock)}", due_words(clock, at), clock.rule.basis_words, source(clock)]
    parts += [f"told {done_words(clock.told)}"] if clock.told else []
    parts += [f"signed off {done_words(clock.signed_off)}"] if clock.signed_off else []
    return ". ".join(part.rstrip(".") for part in [*parts, clock.note] if part) + "."
