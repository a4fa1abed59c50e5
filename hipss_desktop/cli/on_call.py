"""Commands for people who are on call or who plan it: show the rota, check the night pack."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, object_in, open_for, say
from hipss_desktop.errors import UserError, WrongCall
from hipss_desktop.machine import measure
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.night_check import Agreed
from hipss_desktop.views.night_check import CheckedLine, NightCheckView
from hipss_desktop.views.rota import OnNowLine, RotaView, ShiftLine, SwapLine

app = typer.Typer()

AGREED = "for each line that is left, what was agreed"
NO_ON_CALL = "Nobody is on call now."


@app.command("rota")
def show_rota(
    context: typer.Context,
    first: Annotated[
        str, typer.Option("--from", metavar="DAY", help="The first of its 14 days; this week’s Monday by default.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the rota of a fortnight: who is on call, where nobody is, and who works too long in a row."""
    day = times.typed_day(first) if first else None
    with open_for(context) as opened:
        rota = opened.services.rota_views.fortnight(day)
    say(_value(rota), as_json, lambda: "\n".join(_lines(rota)))


def _value(rota: RotaView) -> dict[str, Any]:
    return {
        "from": rota.first.isoformat(),
        "to": rota.last.isoformat(),
        "now": _on_now(rota.on_now) if rota.on_now else None,
        "shifts": [_shift(shift) for shift in rota.shifts],
        "swaps": [_swap(shift.record, shift.swap) for shift in rota.shifts if shift.swap is not None],
        "gaps": [
            {
                "start": times.stamp(gap.start),
                "end": times.stamp(gap.end),
                "hours": gap.hours,
                "level": gap.level,
                "free": list(gap.free),
            }
            for gap in rota.gaps
        ],
        "too_long": [
            {"who": run.who, "start": times.stamp(run.start), "end": times.stamp(run.end), "hours": run.hours}
            for run in rota.too_long
        ],
        "hours": [
            {"who": entry.who, "nights": entry.nights, "days": entry.days, "hours": entry.hours} for entry in rota.hours
        ],
    }


def _on_now(on: OnNowLine) -> dict[str, Any]:
    return {
        "record": on.record,
        "on_call": on.on_call.name,
        "on_call_number": on.on_call.number,
        "backup": on.backup.name,
        "backup_number": on.backup.number,
        "until": times.stamp(on.until),
    }


def _shift(shift: ShiftLine) -> dict[str, Any]:
    return {
        "record": shift.record,
        "part": shift.part,
        "start": times.stamp(shift.start),
        "end": times.stamp(shift.end),
        "hours": shift.hours,
        "on_call": shift.on_call,
        "backup": shift.backup,
        "worked": [
            {"who": work.who, "start": times.stamp(work.start), "end": times.stamp(work.end)} for work in shift.worked
        ],
    }


def _swap(record: str, swap: SwapLine) -> dict[str, Any]:
    return {
        "shift": record,
        "state": swap.state,
        "asker": swap.asker,
        "taker": swap.taker,
        "manager": swap.manager,
        "in_return": swap.in_return,
    }


def _lines(rota: RotaView) -> list[str]:
    on = rota.on_now
    backup = f", backup {on.backup.name}" if on and on.backup.name else ""
    lines = [f"Rota from {times.full_day(rota.first)} to {times.full_day(rota.last)}"]
    lines.append(f"On call until {times.clock_time(on.until)}: {on.on_call.name}{backup}" if on else NO_ON_CALL)
    for shift in rota.shifts:
        day = times.local_day(shift.start)
        when = f"{times.WEEKDAYS[day.weekday()][:3]} {times.short_day(day)}"
        span = f"{times.clock_time(shift.start)} to {times.clock_time(shift.end)}"
        notes = [shift.note, shift.swap.words if shift.swap else ""]
        more = "".join(f" ({note})" for note in notes if note)
        lines.append(f"  {when}, {shift.part}, {span}: {shift.on_call}{more}")
    lines += [f"{gap.words}. {gap.level.capitalize()}. {gap.detail}" for gap in rota.gaps]
    lines += [f"{run.words}. {run.detail}" for run in rota.too_long]
    lines += [f"{entry.who}: {entry.words}" for entry in rota.hours]
    return lines


@app.command("night-check")
def night_check(
    context: typer.Context,
    finish: Annotated[
        str, typer.Option("--finish", metavar="FILE.json|-", help="Keep it as a record, with what was agreed.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Check the night pack: what this laptop measured, and what is to be put right before the night."""
    agreed = _agreed(finish) if finish else {}
    with open_for(context) as opened:
        services = opened.services
        check = services.night_check_views.check(measure(opened.home.path))
        lines = [checked.line for checked in check.lines]
        for item, child in agreed.keys() - {(line.item, line.child) for line in lines}:
            raise UserError(f"‘{f'{item} {child}'.strip()}’ is not a line of this check.")
        record = services.night_checks.finish(lines, agreed).envelope.record if finish else ""
    say(_check_value(check, record), as_json, lambda: "\n".join(_check_lines(check, record)))
    if check.lines_left and not record:
        raise typer.Exit(1)


def _agreed(file: str) -> Agreed:
    """What a JSON file says was agreed about each line of the check: {"battery": "…", "plan CHILD": "…"}."""
    value = object_in(file, AGREED)
    if not all(isinstance(words, str) for words in value.values()):
        raise WrongCall(f"The file must hold one JSON object: {AGREED}.")
    parts = ((name.partition(" "), words) for name, words in value.items())
    return {(item, child): words for (item, _, child), words in parts}


def _check_value(check: NightCheckView, record: str) -> dict[str, Any]:
    return {
        "night": check.night.isoformat(),
        "checked_at": times.stamp(check.now),
        "left": len(check.lines_left),
        "record": record,
        "lines": [_line_value(checked) for checked in check.lines],
    }


def _line_value(checked: CheckedLine) -> dict[str, Any]:
    line, help_from = checked.line, checked.help_from
    return {
        "item": line.item,
        "child": line.child,
        "state": line.state,
        "title": line.title,
        "figure": line.figure,
        "why": line.why,
        "todo": line.todo,
        "help_from": help_from.label if help_from else "",
        "number": help_from.number if help_from else "",
    }


def _check_lines(check: NightCheckView, record: str) -> list[str]:
    lines = [f"Night pack check for {times.full_day(check.night)}: {check.words}"]
    for checked in check.lines_left:
        line, help_from = checked.line, checked.help_from
        state = code_list("night_check_state").label(line.state)
        ring = f" {', '.join(filter(None, (help_from.label, help_from.number)))}." if help_from else ""
        lines += [f"  {state}: {line.title}. {line.figure.rstrip('.')}.", f"    {line.why} {line.todo}{ring}"]
    lines += [f"  Ready: {checked.line.title}. {checked.line.figure}." for checked in check.ready]
    return [*lines, f"Record {record} saved on this laptop."] if record else lines
