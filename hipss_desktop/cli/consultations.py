"""The command that lists consultations and counts them by subject and team."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.figures.consultations import Consultations, day_of
from hipss_desktop.figures.periods import Period, between, quarter
from hipss_desktop.kinds.catalogue import refuse_reading
from hipss_desktop.kinds.consultation import ASKED, CONSULTATION, PLANNED
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.consultations import days_waited
from hipss_desktop.rules.twice_written import may_be_one, subject_of
from hipss_desktop.services.ports import Record
from hipss_desktop.views import names
from hipss_desktop.views.figures import TEAMS, beside, rows

app = typer.Typer()
WAITING = (ASKED, PLANNED)
"""The stages in which a team still waits for its consultation."""


@app.command()
def consultations(
    context: typer.Context,
    team: Annotated[str, typer.Option(metavar="TEAM", help="Those for one team, by its label or code.")] = "",
    asked: Annotated[
        bool, typer.Option("--asked", help="Those asked for and not held yet, the longest wait first.")
    ] = False,
    in_quarter: Annotated[str, typer.Option("--quarter", metavar="2016/17-4", help="Those of one quarter.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="From this day on, with --to.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="To this day, which counts too.")] = "",
    table: Annotated[
        bool, typer.Option("--table", help="How many were held, by what they were about and by team.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List consultations, the newest first, or count those held in a period by what they were about and by team."""
    with open_for(context) as opened:
        refuse_reading(opened.store.seat.role, CONSULTATION.name)
        period = _period(in_quarter, first, last)
        if table:
            if period is None or team or asked:
                raise UserError(
                    "A table is of a period: give --quarter, or --from and --to, and neither --team nor --asked."
                )
            figures = opened.services.consultation_tables.of(period)
            say(_table_value(figures), as_json, lambda: "\n".join(_table_lines(figures)))
            return
        records = _consultations_to_list(opened, _team(team) if team else "", period, only_waiting=asked)
        alike = _alike(records)
        shown = [_value(opened, record, alike[record.record]) for record in records]
        say(shown, as_json, lambda: "\n".join(map(_line, shown)) or "No consultation is here.")


def _period(in_quarter: str, first: str, last: str) -> Period | None:
    """The period that the options name, None if they name no period. Raises UserError if the options do not go together."""
    if in_quarter and (first or last):
        raise UserError("Give a quarter, or a first and a last day.")
    if bool(first) != bool(last):
        raise UserError("Give a first and a last day, with --from and --to.")
    if in_quarter:
        return quarter(in_quarter)
    return between(times.typed_day(first), times.typed_day(last)) if first else None


def _team(text: str) -> str:
    """The code of a team; raises UserError with the names of all teams if there is no such team."""
    code = code_list(TEAMS).read(text)
    if not code:
        raise UserError(
            f"There is no such team. Use one of: {', '.join(team.label for team in code_list(TEAMS).codes)}."
        )
    return code


def _consultations_to_list(opened: OpenStore, team: str, period: Period | None, *, only_waiting: bool) -> list[Record]:
    """The consultations to list, each only once: newest first, or with ``only_waiting`` the longest wait first.

    Args:
        team: the code of a team, '' for every team.
        period: only those of this period, None for all.
        only_waiting: only those that were asked for and are not held yet.
    """
    records = []
    for record in opened.services.consultation_tables.standing():
        consultation = CONSULTATION.of(record)
        if team not in ("", consultation.team) or (period is not None and day_of(consultation) not in period):
            continue
        if not only_waiting or consultation.stage in WAITING:
            records.append(record)
    if only_waiting:
        return sorted(records, key=lambda record: CONSULTATION.of(record).asked_on or date.max)
    return sorted(records, key=lambda record: day_of(CONSULTATION.of(record)) or date.min, reverse=True)


def _value(opened: OpenStore, record: Record, alike: Sequence[str]) -> dict[str, Any]:
    """A consultation as a JSON object. ``alike`` are the other records that may be the same consultation."""
    consultation, day = CONSULTATION.of(record), day_of(CONSULTATION.of(record))
    waited = (
        days_waited(consultation, times.local_day(opened.services.clock())) if consultation.stage in WAITING else None
    )
    named = consultation.child or consultation.case
    return {
        "record": record.record,
        "reference": names.reference(record),
        "day": day.isoformat() if day else None,
        "stage": CONSULTATION.stage_of(consultation),
        "team": consultation.team,
        "title": names.title(record),
        "about": consultation.about,
        "about_words": opened.services.names.name(named) if named else consultation.theme.strip(),
        "asked_on": consultation.asked_on.isoformat() if consultation.asked_on else None,
        "days_waiting": waited,
        "from_sheet": consultation.from_sheet,
        "may_be_same_as": list(alike),
    }


def _alike(records: Sequence[Record]) -> Mapping[str, list[str]]:
    """For each record, the other records of the list that may be the same consultation."""
    days: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for record in records:
        consultation = CONSULTATION.of(record)
        days[consultation.held_on, consultation.team, subject_of(consultation)].append(record)
    return {
        record.record: [
            other.record
            for other in day
            if other is not record and may_be_one(CONSULTATION.of(record), CONSULTATION.of(other))
        ]
        for day in days.values()
        for record in day
    }


def _line(value: dict[str, Any]) -> str:
    day = times.brief_day(date.fromisoformat(value["day"])) if value["day"] else "No day"
    words = [day, value["title"], value["about_words"], value["reference"]]
    if value["days_waiting"] is not None:
        words.append(f"asked for {value['days_waiting']} days ago")
    words += ["from a sheet"] if value["from_sheet"] else []
    words += ["may be the same as another"] if value["may_be_same_as"] else []
    return " · ".join(filter(None, words))


def _table_value(figures: Consultations) -> dict[str, Any]:
    """The figures as a JSON object."""
    cells: dict[str, dict[str, int]] = defaultdict(dict)
    for (about, team), count in sorted(figures.cells.items()):
        cells[about or "not_recorded"][team or "not_recorded"] = count
    return {
        "from": figures.period.first.isoformat(),
        "to": figures.period.last.isoformat(),
        "period": figures.period.words,
        "held": cells,
        "total": figures.total,
        "form_not_recorded": figures.form_not_recorded,
        "before_referral": figures.before_referral,
        "both": figures.both,
        "not_held": dict(figures.not_held),
        "direct_work": figures.direct_work,
        "undated": figures.undated,
    }


def _table_lines(figures: Consultations) -> Iterator[str]:
    shown = rows(figures)
    widths = [max(len(row[place]) for row in shown) for place in range(len(shown[0]))]
    yield f"Consultations held, {figures.period.words}"
    for row in shown:
        first = row[0].ljust(widths[0])
        yield "  ".join([first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
    yield from beside(figures)
