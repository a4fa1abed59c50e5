"""Commands for supervision visits: begin one."""

from typing import Annotated, Any

import typer

from hipss_desktop.cli.context import Json, answers_for, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.visit import VISIT, Visit
from hipss_desktop.laptop import OpenStore
from hipss_desktop.services.ports import Draft

app = typer.Typer(no_args_is_help=True, help="Supervision visits to carer households.")


@app.callback()
def visits() -> None:
    """Supervision visits to carer households."""


@app.command("start")
def visit_start(
    context: typer.Context,
    household: Annotated[str, typer.Argument(metavar="HOUSEHOLD", help="A name or an identifier.")],
    save: Annotated[bool, typer.Option("--save", help="Keep it in Drafts, to go on with in the window.")] = False,
    as_json: Json = False,
) -> None:
    """Begin a visit: what it names by itself, to be filled in and given to 'hipss record add visit'."""
    with open_for(context) as opened:
        draft = opened.desk.supervision.start(_household(opened, household))
        if save:
            draft = opened.desk.records.save(draft)
        visit = VISIT.read(draft.fields)
        agreed = [action.record for action in opened.desk.supervision.agreed(visit, draft.record)]
        words = _words(opened, visit, len(agreed))
    say(_value(draft, agreed), as_json, lambda: words)


def _household(opened: OpenStore, text: str) -> str:
    record = answers_for(opened).reference(CARER.name, text)
    if opened.desk.supervision.household(record) is None:
        raise UserError("This household is not on this laptop.")
    return record


def _value(draft: Draft, agreed: list[str]) -> dict[str, Any]:
    return {
        "record": draft.record,
        "kind": draft.kind,
        "saved": draft.saved,
        "fields": dict(draft.fields),
        "last_actions": agreed,
    }


def _words(opened: OpenStore, visit: Visit, agreed: int) -> str:
    names = opened.desk.names
    lines = [f"Supervision visit, {names.name(visit.carer)}"]
    lines += [f"  Child placed there: {names.name(row.child)}" for row in visit.children]
    lines.append(f"  Records since the last visit, of what you may see: {len(visit.since)}")
    lines.append(f"  Actions of earlier visits: {agreed}")
    return "\n".join(lines)
