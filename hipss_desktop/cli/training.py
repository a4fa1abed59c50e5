"""The command that lists training sessions: how many came and for how long."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.training import CAME, TRAINING, Training, is_of, length, time_of, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from hipss_desktop.views.session import came_words, when_words

app = typer.Typer()
QUARTER = re.compile(r"\d{4}-[1-4]")


@app.command()
def training(
    context: typer.Context,
    topic: Annotated[str, typer.Option(help="A topic, by its code or its words.")] = "",
    quarter: Annotated[
        str, typer.Option(metavar="YEAR-NUMBER", help="A quarter of the calendar: 2017-1 is January to March.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List the training sessions, newest first: when, how many came, and for how long."""
    topic_code = _topic(topic) if topic else ""
    if quarter and not QUARTER.fullmatch(quarter):
        raise UserError("Enter a quarter such as 2017-1, which is January to March 2017.")
    with open_for(context) as opened:
        sessions = list(_sessions(opened.services, topic_code, quarter))
        say(
            [_value(opened.services, record, session) for record, session in sessions],
            as_json,
            lambda: "\n".join(_line(session) for _, session in sessions) or "No training session is here.",
        )


def _topic(text: str) -> str:
    """The code of the topic that has this code or these words. Raises UserError if there is no such topic."""
    for code in code_list("training_topic").codes:
        if folded(text) in (folded(code.code), folded(code.label)):
            return code.code
    listed = ", ".join(code.code for code in code_list("training_topic").codes)
    raise UserError(f"There is no such topic. The topics are: {listed}.")


def _sessions(services: Services, topic: str, quarter: str) -> Iterator[tuple[Record, Training]]:
    for record in services.store.records_of(TRAINING.name):
        session = TRAINING.of(record)
        if not record.withdrawn and is_of(session, topic, quarter):
            yield record, session


def _value(services: Services, record: Record, session: Training) -> dict[str, Any]:
    lasted = length(session)
    spent = [time_of(session, row) for row in session.people if row.was == CAME and was_held(session)]
    return {
        "record": record.record,
        "title": session.name,
        "topic": session.topic,
        "topic_words": code_list("training_topic").label(session.topic),
        "stage": TRAINING.stage_of(session),
        "began": times.stamp(session.began) if session.began else None,
        "ended": times.stamp(session.ended) if session.ended else None,
        "place": session.place,
        "invited": len(session.people),
        "came": len(spent),
        "hours": round(lasted.total_seconds() / 3600, 2) if lasted is not None else None,
        "hours_of_all": round(sum(time.total_seconds() for time in spent if time is not None) / 3600, 2),
        "time_not_known": sum(time is None for time in spent),
        "standards": list(session.standards),
        "series": session.series,
        "series_words": services.training.series.words(session.series) if session.series else "",
    }


def _line(session: Training) -> str:
    state = TRAINING.stage_label(TRAINING.stage_of(session))
    parts = (
        session.name.strip() or "No title yet",
        when_words(session),
        came_words(session),
        "" if was_held(session) else state,
    )
    return " · ".join(part for part in parts if part)
