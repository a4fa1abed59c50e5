"""The command that compares the last weeks of each placement with its own usual weeks."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, person_named, say
from hipss_desktop.errors import UserError
from hipss_desktop.views.strain import StrainView

app = typer.Typer()


@app.command()
def strain(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="CHILD|HOUSEHOLD")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="As it was on that day; today by default.")] = "",
    as_json: Json = False,
) -> None:
    """Say how a placement stands against its own usual weeks; without a name, that of every child and household."""
    with open_for(context) as opened:
        views, today = opened.services.strain_views, times.local_day(opened.services.clock())
        day = times.typed_day(on) if on else today
        if day > today:
            raise UserError("Enter a day that is not in the future.")
        view = views.view(person_named(opened, person), day) if person else None
        found = [view] if view is not None else views.placed(day)
        say(
            [_value(view) for view in found],
            as_json,
            lambda: "\n".join(line for view in found for line in _lines(view)) or "No child is placed.",
        )


def _value(view: StrainView) -> dict[str, Any]:
    found = view.strain
    return {
        "person": view.person,
        "kind": view.kind,
        "name": view.name,
        "state": found.state if found else "not_placed",
        "sentence": view.sentence,
        "why": view.why,
        "on": found.on.isoformat() if found else None,
        "placed_since": found.start.isoformat() if found else None,
        "contacts": found.contacts if found else 0,
        "incidents": found.incidents if found else 0,
        "usual": {"from": found.usual[0], "to": found.usual[1]} if found and found.usual else None,
        "weeks_before": found.weeks_before if found else 0,
        "span": found.span if found else 0,
        "speaks_since": found.speaks_since.isoformat() if found and found.speaks_since else None,
        "weeks": [
            {
                "from": week.first.isoformat(),
                "contacts": week.contacts,
                "incidents": week.incidents,
                "weight": week.weight,
                "whole": week.is_whole,
                "above": week.is_above,
            }
            for week in (found.weeks if found else ())
        ],
        "offers": [{"record": offer.record, "title": offer.title, "on": offer.on.isoformat()} for offer in view.offers],
    }


def _lines(view: StrainView) -> list[str]:
    state = f"{view.tag.words}: " if view.tag else ""
    lines = [f"{view.name}: {state}{view.sentence}."]
    lines += [f"  {words}" for words in (view.why, view.spoken) if words]
    return [*lines, *(f"  {offer.title}, {offer.words}" for offer in view.offers)]
