"""The command that lists who must be told by when, and what was done."""

from datetime import datetime
from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, child_named, moment_typed, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.printing import tell
from hipss_desktop.rules.clocks import Clock, Council, Done
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.record_clocks import RecordClock
from hipss_desktop.views import clocks as words

app = typer.Typer()


@app.command()
def clocks(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="RECORD")] = "",
    child: Annotated[str, typer.Option(metavar="CHILD", help="The clocks of all records about this child.")] = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="As they stood then: 02:17 today, or with its day.")] = "",
    as_json: Json = False,
) -> None:
    """Say who must be told of a record, or of all records about a child; without either, what is still to be done."""
    if record_id and child:
        raise UserError("Name a record or a child, not both.")
    with open_for(context) as opened:
        now = opened.services.clock()
        moment = moment_typed(at, now) if at else now
        reading = opened.services.clocks
        rows = _clocks_to_list(reading, record_id, child_named(opened, child), moment)
        known = opened.store.get(record_id) if record_id else None
        withdrawn = ["This record was withdrawn."] if known is not None and known.withdrawn else []
        for sentence in (*reading.problems(), *withdrawn):
            tell(sentence, error=True)
        council = reading.council()
        say(
            [_value(row, council) for row in rows],
            as_json,
            lambda: "\n".join(words.line(row.clock, moment) for row in rows) or "Nobody is to be told.",
        )


def _clocks_to_list(reading: Clocks, record: str, child: str, at: datetime) -> list[RecordClock]:
    if record:
        return reading.of(record, at)
    return reading.about(child, at) if child else reading.open(at)


def _value(row: RecordClock, council: Council) -> dict[str, Any]:
    clock = row.clock
    return {
        "record": row.record,
        "kind": row.kind,
        "draft": row.draft,
        "event": words.events(clock),
        "events": list(clock.events),
        "recipient": clock.name,
        "recipients": list(clock.recipients),
        "own_recipient": clock.own_recipient,
        "children": list(clock.children),
        "basis": clock.rule.basis_words,
        "basis_code": clock.rule.basis,
        "source": words.source(clock),
        "counted_from": clock.rule.counted_from,
        "counts_from": _time(clock.counts_from),
        "due": _time(clock.due),
        "due_reason": clock.due_reason,
        "state": clock.state,
        "reason": clock.reason,
        "late": clock.late,
        "note": clock.note,
        "told": _done(clock.told),
        "written_too": clock.then_in_writing,
        "written": _done(clock.written),
        "acknowledged": _done(clock.acknowledged),
        "signed_off": _done(clock.signed_off),
        "working_day_ends": _working_day(clock, council),
        "rule_in_force": [
            {
                "code": rule.code,
                "within": rule.within,
                "unit": rule.unit,
                "from": rule.first.isoformat() if rule.first else None,
                "to": rule.last.isoformat() if rule.last else None,
                "last_checked": rule.last_checked.isoformat() if rule.last_checked else None,
            }
            for rule in clock.rules
        ],
    }


def _working_day(clock: Clock, council: Council) -> str:
    """How the council lets a working day end, or '' if the clock counts no working days."""
    if clock.counts_from is None or all(rule.unit != "working_days" for rule in clock.rules):
        return ""
    return "at the close" if council.by_close(clock.counts_from) else "at the same time"


def _time(moment: datetime | None) -> str | None:
    return times.stamp(moment) if moment else None


def _done(done: Done | None) -> dict[str, Any] | None:
    if done is None:
        return None
    return {
        "at": _time(done.at),
        "by": done.by,
        "to": done.to,
        "how": done.how,
        "reference": done.reference,
        "grade": done.grade,
        "words": done.words,
    }
