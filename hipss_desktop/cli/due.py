"""The command that shows what is due for carer households: visits, reviews, checks and training."""

from datetime import date
from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, answers_for, open_for, say
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.printing import tell
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.due import Due
from hipss_desktop.views.due_dates import text_line, title

app = typer.Typer()


@app.command()
def due(
    context: typer.Context,
    household: Annotated[str, typer.Argument(metavar="HOUSEHOLD", help="A name or an identifier.")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="As it stood on that day: 2017-03-16 or 16/03/2017.")] = "",
    as_json: Json = False,
) -> None:
    """Say what is due for a household, or for all of them: visits, reviews, checks and training, with rule and arithmetic."""
    with open_for(context) as opened:
        reading = opened.services.due_dates
        day = times.typed_day(on) if on else reading.today()
        if household:
            rows = reading.of(answers_for(opened).reference(CARER.name, household), day)
        else:
            rows = [row for rows in reading.all(day).values() for row in rows]
        for sentence in reading.problems():
            tell(sentence, error=True)
        names = {record: opened.services.people.name(record) for record in {row.household for row in rows}}
        say(
            [_value(row, names[row.household], day) for row in rows],
            as_json,
            lambda: "\n".join(text_line(row, names[row.household], day) for row in rows) or "No household is here.",
        )


def _value(row: Due, name: str, day: date) -> dict[str, Any]:
    return {
        "household": row.household,
        "household_name": name,
        "person": row.person,
        "person_name": row.name,
        "what": row.due_type,
        "what_words": title(row),
        "topic": row.topic,
        "last_counted": row.last.isoformat() if row.last else None,
        "due": row.due.isoformat() if row.due else None,
        "rule": row.rule,
        "rule_code": row.code,
        "basis": row.basis,
        "source": row.source,
        "state": row.state,
        "state_words": code_list("due_state").label(row.state),
        "days_overdue": row.days_over(day),
        "arithmetic": row.arithmetic,
        "notes": list(row.notes),
        "record": row.record,
    }
