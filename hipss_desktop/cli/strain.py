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
        views, today = opened.services.strain_views, times.local_day(opened.services.latest())
        day = times.typed_day(on) if on else today
        if day > today:
            raise UserError("Enter a day that is not in the future.")
        view = views.view(person_named(opened, person), day) if person else None
        strain_views = [view] if view is not None else views.placed(day)
        say(
            [_value(view) for view in strain_views],
            as_json,
            lambda: "\n".join(line for view in strain_views for line in _lines(view)) or "No child is placed.",
        )


def _value(view: StrainView) -> dict[str, Any]:
    placement_strain = view.strain
    return {
        "person": view.person,
        "kind": view.kind,
        "name": view.name,
        "state": placement_strain.state if placement_strain else "not_placed",
        "sentence": view.sentence,
        "why": view.why,
        "on": placement_strain.on.isoformat() if placement_strain else None,
        "placed_since": placement_strain.start.isoformat() if placement_strain else None,
        "contacts": placement_strain.contacts if placement_strain else 0,
        "incidents": placement_strain.incidents if placement_strain else 0,
        "usual": {"from": placement_strain.usual[0], "to": placement_strain.usual[1]}
        if placement_strain and placement_strain.usual
        else None,
        "weeks_before": placement_strain.weeks_before if placement_strain else 0,
        "span": placement_strain.span if placement_strain else 0,
        "speaks_since": placement_strain.speaks_since.isoformat()
        if placement_strain and placement_strain.speaks_since
        else None,
        "weeks": [
            {
                "from": week.first.isoformat(),
                "contacts": week.contacts,
                "incidents": week.incidents,
                "weight": week.weight,
                "whole": week.is_whole,
                "above": week.is_above,
            }
            for week in (placement_strain.weeks if placement_strain else ())
        ],
        "offers": [{"record": offer.record, "title": offer.title, "on": offer.on.isoformat()} for offer in view.offers],
    }


def _lines(view: StrainView) -> list[str]:
    state = f"{view.tag.words}: " if view.tag else ""
    lines = [f"{view.name}: {state}{view.sentence}."]
    lines += [f"  {words}" for words in (view.why, view.spoken) if words]
    return [*lines, *(f"  {offer.title}, {offer.words}" for offer in view.offers)]
