"""Commands for whoever is on call or plans it: the rota."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.views.rota import OnNowLine, RotaView, ShiftLine, SwapLine

app = typer.Typer()

NO_ON_CALL = "Nobody is on call now."


@app.command("rota")
def show_rota(
    context: typer.Context,
    first: Annotated[
        str, typer.Option("--from", metavar="DAY", help="The first of its 14 days; this week's Monday by default.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the rota of a fortnight: who is on call, where nobody is, and who works too long in a row."""
    day = times.typed_day(first) if first else None
    with open_for(context) as opened:
        rota = opened.desk.rota_views.fortnight(day)
    say(_value(rota), as_json, lambda: "\n".join(_lines(rota)))


def _value(rota: RotaView) -> dict[str, Any]:
    return {
        "from": rota.first.isoformat(),
        "to": rota.last.isoformat(),
        "now": _on_now(rota.on_now) if rota.on_now else None,
        "shifts": [_shift(shift) for shift in rota.shifts],
        "swaps": [_swap(shift.record, shift.swap) for shift in rota.shifts if shift.swap is not None],
        "gaps": [
            {"start": times.stamp(gap.start), "end": times.stamp(gap.end), "hours": gap.hours, "level": gap.level}
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
    lines += [f"{gap.words}. {gap.away}, {gap.level}." for gap in rota.gaps]
    lines += [f"{run.words}. {run.detail}" for run in rota.too_long]
    lines += [f"{entry.who}: {entry.words}" for entry in rota.hours]
    return lines
