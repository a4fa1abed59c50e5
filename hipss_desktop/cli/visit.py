"""Commands for supervision visits: begin one, and list the paragraphs read back, the answers to them and the signatures.

No command answers or signs: people must see on the turned screen what they sign.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from hipss_desktop import identity, times
from hipss_desktop.cli.context import Json, answers_for, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import refuse_reading
from hipss_desktop.kinds.visit import VISIT, Visit
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.reading_back import Part, ReadBack
from hipss_desktop.views.signed import REPLACED, GivenLine, Outdating, SignatureLine

app = typer.Typer(no_args_is_help=True, help="Supervision visits to carer households.")
Id = Annotated[str, typer.Argument(metavar="ID", help="The identifier of a finished visit.")]
NOT_SIGNED = "not_signed"


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
        draft = opened.services.supervision.start(_household(opened, household))
        if save:
            draft = opened.services.records.save(draft)
        visit = VISIT.read(draft.fields)
        agreed = [action.record for action in opened.services.supervision.agreed(visit, draft.record)]
        words = _words(opened, visit, len(agreed))
    say(_value(draft, agreed), as_json, lambda: words)


@app.command("show")
def visit_show(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Say how the reading back of a finished visit stands: each paragraph with what each carer said, and who signed."""
    with open_for(context) as opened:
        visit = _finished(opened, record_id)
        refusal = opened.services.reading_back.refusal(visit.record)
        back = _read_back(opened, visit.record)
        signatures = opened.services.signed_views.view(visit.record).signatures
        value = {
            "record": visit.record,
            "reference": identity.reference(VISIT.reference_prefix, visit.record),
            "household": VISIT.of(visit).carer,
            "name": opened.services.names.name(visit.record),
            "version": list(visit.heads),
            "withdrawn": visit.withdrawn,
            "may_read_back": not refusal,
            "why_not": refusal,
            "read_back": [_part(back, part) for part in back.parts] if back is not None else [],
            "signatures": list(_who_signed(back, signatures)),
        }
    say(value, as_json, lambda: "\n".join(_shown(value)))


@app.command("readings")
def visit_readings(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """List every answer that was given when a visit was read back, and whether it is for the words that stand now."""
    with open_for(context) as opened:
        lines = opened.services.signed_views.given_lines(_finished(opened, record_id).record)
    say(
        [_answer(line) for line in lines],
        as_json,
        lambda: "\n".join(words for line in lines for words in _answer_words(line)) or "Nothing was answered.",
    )


@app.command("signatures")
def visit_signatures(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """List the signatures of a visit: for which version each is, and by what it was outdated."""
    with open_for(context) as opened:
        lines = opened.services.signed_views.view(_finished(opened, record_id).record).signatures
    say(
        [_signature(line) for line in lines], as_json, lambda: "\n".join(line.spoken for line in lines) or "Not signed."
    )


def _finished(opened: OpenStore, record: str) -> Record:
    """A finished visit that this person may read, withdrawn or not."""
    refuse_reading(opened.store.seat.role, VISIT.name)
    current = opened.store.get(record)
    if current is None or current.kind != VISIT.name:
        raise UserError(
            "There is no finished visit with this identifier on this laptop. ‘hipss record list visit’ lists them."
        )
    return current


def _read_back(opened: OpenStore, visit: str) -> ReadBack | None:
    """What is read back of a visit, or None if it cannot be read back. ``why_not`` then says why."""
    try:
        return opened.services.reading_back.for_any_role(visit)
    except UserError:
        return None


def _part(back: ReadBack, part: Part) -> dict[str, Any]:
    """One paragraph that is read back, with each carer's answer to its current words, '' for no answer."""
    answers = []
    for adult in back.adults:
        answer = back.answers.get((part.paragraph, adult.member))
        answers.append(
            {
                "member": adult.member,
                "name": adult.name,
                "answer": answer.answer if answer is not None else "",
                "answer_words": code_list("reading_answer").label(answer.answer)
                if answer is not None
                else "Not answered",
                "words": answer.words if answer is not None else "",
            }
        )
    return {"paragraph": part.paragraph, "title": part.title, "text": part.text, "answers": answers}


def _who_signed(back: ReadBack | None, lines: Sequence[SignatureLine]) -> Iterator[dict[str, Any]]:
    """The state of the signature of each carer, of the worker, and of others who signed an earlier version."""
    newest: dict[str, SignatureLine] = {}
    for line in lines:  # the signatures for the current version come first
        newest.setdefault(line.signature.practitioner or line.signature.member, line)
    names = {adult.member: adult.name for adult in back.adults} if back is not None else {}
    names |= {who: line.name for who, line in newest.items() if who not in names}
    if back is not None and not any(line.signature.practitioner for line in lines):
        names |= {"": back.written_by}
    for who, name in names.items():
        signed = newest.get(who)
        yield {
            "who": who,
            "name": name,
            "state": signed.state if signed is not None else NOT_SIGNED,
            "how": signed.signature.how if signed is not None else "",
            "words": signed.spoken if signed is not None else f"{name}: not signed.",
        }


def _shown(value: dict[str, Any]) -> Iterator[str]:
    yield f"{value['name']}, {value['reference']}"
    if value["why_not"]:
        yield value["why_not"]
    for number, part in enumerate(value["read_back"], start=1):
        yield f"Part {number} of {len(value['read_back'])}, {part['title']}"
        yield f"  {part['text']}"
        for answer in part["answers"]:
            own = f" ‘{answer['words']}’" if answer["words"] else ""
            yield f"  {answer['name']}: {answer['answer_words']}.{own}"
    yield "Signatures"
    yield from (f"  {row['words']}" for row in value["signatures"])


def _answer(line: GivenLine) -> dict[str, Any]:
    """One answer as the command prints it, with the words that it was given to."""
    answer = line.given_answer.answer
    return {
        "record": line.given_answer.reading,
        "of": list(line.given_answer.of),
        "paragraph": answer.paragraph,
        "title": line.title,
        "words_read": line.words_read,
        "member": answer.member,
        "name": answer.name,
        "answer": answer.answer,
        "answer_words": code_list("reading_answer").label(answer.answer),
        "words": answer.words,
        "at": times.stamp(answer.at) if answer.at is not None else "",
        "state": line.state,
        "outdated_by": [_outdating(later) for later in line.outdated_by],
    }


def _answer_words(line: GivenLine) -> Iterator[str]:
    yield f"{line.title}: ‘{line.words_read}’"
    yield f"  {line.answer.says}{f': ‘{line.answer.words}’' if line.answer.words else ''}."
    if line.state == REPLACED:
        yield "  They said something else to the same words later."
    yield from (f"  {later.words}." for later in line.outdated_by[:1])


def _signature(line: SignatureLine) -> dict[str, Any]:
    """One signature as the command prints it, without its strokes ('hipss record show' prints them)."""
    signature = line.signature
    return {
        "record": line.record,
        "of": list(signature.of),
        "member": signature.member,
        "practitioner": signature.practitioner,
        "name": line.name,
        "capacity": signature.capacity,
        "capacity_words": line.capacity,
        "how": signature.how,
        "how_words": code_list("signature_how").label(signature.how),
        "drawn": line.drawn,
        "typed": line.typed,
        "reason": signature.reason,
        "copy_by": signature.copy_by,
        "at": times.stamp(signature.at) if signature.at is not None else "",
        "captured_by": line.captured_by,
        "state": line.state,
        "outdated_by": [_outdating(later) for later in line.outdated_by],
    }


def _outdating(later: Outdating) -> dict[str, Any]:
    return {"digest": later.digest, "does": later.does, "by": later.by, "at": times.stamp(times.instant(later.at))}


def _household(opened: OpenStore, text: str) -> str:
    record = answers_for(opened).reference(CARER.name, text)
    if opened.services.supervision.household(record) is None:
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
    names = opened.services.names
    lines = [f"Supervision visit, {names.name(visit.carer)}"]
    lines += [f"  Child placed there: {names.name(row.child)}" for row in visit.children]
    lines.append(f"  Records since the last visit, of what you may see: {len(visit.since)}")
    lines.append(f"  Actions of earlier visits: {agreed}")
    return "\n".join(lines)
