"""The carers' copy of a finished visit: the paragraphs read back, what the carers said to them, and who signed.

A carer takes the copy home, so it contains nothing else: no words about or from somebody else, and no other household. It
has no day of a coming unannounced visit, and no history. A carer's disagreement or own words follow the paragraph. Must not write.
"""

from collections.abc import Iterator, Mapping, Sequence

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import Block, Document, Fields, Heading, Pair, Paragraph, Signatures, SigningLine
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER, carers, member_name
from hipss_desktop.kinds.reading import AGREE, DISAGREE, Answer
from hipss_desktop.kinds.signature import ABSENT, AS_WORKER, DRAWN, REFUSED, SIGNATURE, Signature, is_whole, signer
from hipss_desktop.kinds.visit import TOOK_PART, VISIT, NoteParagraph, Visit, as_read, is_read_back, over, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.paragraphs import mark_words
from hipss_desktop.rules.signatures import answers_now, outdating
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from hipss_desktop.views.supervision import COUNTS_FOR_NOTHING

TITLE = "Supervision visit: copy for the carers"
HANDLING = "Official-sensitive. For the carers of this household. Keep it safe: it is about children."
NOTHING = "Nothing was chosen to be read back."


def carer_copy(services: Services, record: str) -> Document:
    """The copy of a finished visit as it is now.

    Raises:
        UserError: the visit or a part of it is not on this laptop, it is withdrawn, or it waits for a decision between two
            versions.
    """
    current, whole = services.store.get(record), services.record_views.view(record)
    if current is None or whole is None or current.kind != VISIT.name:
        raise UserError("This visit is not finished, or is not on this laptop. Finish it, then print the copy.")
    if current.withdrawn:
        raise UserError("This visit was withdrawn. Nobody gets a copy of it.")
    if current.needs_decision:
        raise UserError("This visit has two versions. Decide in the sync centre which is right, then print the copy.")
    if current.incomplete:
        raise UserError("A part of this visit is not on this laptop yet. Sync, then print the copy.")
    return Document(
        title=TITLE,
        reference=whole.reference,
        digests=current.heads,
        handling=HANDLING,
        printed=printed_by(services),
        blocks=tuple(_blocks(services, current, whole.versions[-1].author_name if whole.versions else "")),
    )


def _blocks(services: Services, record: Record, worker: str) -> Iterator[Block]:
    visit = VISIT.of(record)
    yield Fields(tuple(_facts(services, visit)))
    if not was_held(visit):
        yield Paragraph(COUNTS_FOR_NOTHING, notice=True)
    heads = over(visit, lambda child: services.visit_views.child(child).given_name)
    chosen = [paragraph for paragraph in as_read(visit) if is_read_back(paragraph)]
    answers = _answers_other_than_agree(services, record.record, chosen)
    yield Heading("What was read back")
    if not chosen:
        yield Paragraph(NOTHING)
    before = ""
    for paragraph in chosen:
        if (head := heads.get(paragraph.id, "")) != before:
            yield Heading(head or "Other words", 3)
            before = head
        mark = f"{mark_words(paragraph.mark)}: " if paragraph.mark else ""
        yield Paragraph(f"{mark}{paragraph.text.strip()}")
        yield from (Paragraph(words, notice=True) for words in answers.get(paragraph.id, ()))
    yield Heading("Signatures")
    yield Paragraph("Signing says you have read it, not that you agree with all of it.")
    signed, others = _signatures(services, record, visit, worker)
    yield Signatures(signed)
    yield from (Paragraph(words) for words in others)


def _facts(services: Services, visit: Visit) -> Iterator[Pair]:
    yield Pair("Household", services.people.name(visit.carer) or "Not on this laptop")
    yield Pair("Kind of visit", code_list("visit_type").label(visit.type))
    if visit.began is not None:
        until = f" to {times.clock_time(visit.ended)}" if visit.ended is not None else ""
        day, began = times.full_day(times.local_day(visit.began)), times.clock_time(visit.began)
        yield Pair("When", f"{day}, {began}{until}")
    took_part = [row.name.strip() for row in visit.people if TOOK_PART in row.was and row.name.strip()]
    if took_part:
        yield Pair("Took part", ", ".join(took_part))
    if visit.next_on is not None:
        yield Pair("Next planned visit", times.full_day(visit.next_on))


def _answers_other_than_agree(
    services: Services, record: str, chosen: Sequence[NoteParagraph]
) -> Mapping[str, list[str]]:
    """The answers to the present text of each paragraph, without those that only agree."""
    answers: dict[str, list[str]] = {}
    for (paragraph, _), stands in answers_now(chosen, services.reading_back.given_answers(record)).items():
        if stands.now is not None and stands.now.answer.answer != AGREE:
            answers.setdefault(paragraph, []).append(_answer_words(stands.now.answer))
    return answers


def _answer_words(answer: Answer) -> str:
    words = answer.words.strip()
    if answer.answer == DISAGREE:
        return f"{answer.name} does not agree{f': {words}' if words else '.'}"
    return f"{answer.name}, in own words: {words}"


def _signatures(
    services: Services, record: Record, visit: Visit, worker: str
) -> tuple[tuple[SigningLine, ...], list[str]]:
    """A line for each carer, for others who signed and for the worker, and sentences about those who did not sign."""
    stand = {signer(signature): signature for signature in _standing(services, record)}
    household = services.people.record(visit.carer)
    members = carers(CARER.of(household)) if household is not None and household.kind == CARER.name else []
    names = {member.id: member_name(member) for member in members}
    others = {who: signature.name for who, signature in stand.items() if who not in names}
    lines, sentences = [], []
    for who, name in {**names, **others}.items():
        signature = stand.get(who)
        if signature is not None and signature.how in (ABSENT, REFUSED):
            sentences.append(_why_not(name, signature))
        else:
            lines.append(SigningLine(name, _signed_words(signature) if signature is not None else ""))
    if worker and not any(signature.capacity == AS_WORKER for signature in stand.values()):
        lines.append(SigningLine(worker))
    return tuple(lines), sentences


def _standing(services: Services, record: Record) -> Iterator[Signature]:
    """The valid signatures for the present version, oldest first."""
    revisions, held = services.store.all_revisions(record.record), services.store.without_effect(record.record)
    for signature_record in reversed(services.store.records_about(record.record, role="visit", kind=SIGNATURE.name)):
        signature: Signature = SIGNATURE.of(signature_record)
        if (
            not signature_record.withdrawn
            and is_whole(signature)
            and not outdating(revisions, VISIT, signature.of, held)
        ):
            yield signature


def _signed_words(signature: Signature) -> str:
    at = f" {times.written_at(times.stamp(signature.at))}" if signature.at is not None else ""
    return f"Signed by hand{at}" if signature.how == DRAWN else f"{signature.typed.strip()}, typed{at}"


def _why_not(name: str, signature: Signature) -> str:
    if signature.how == ABSENT:
        return f"{name} was not here."
    return f"{name} does not want to sign: {signature.reason.strip()}"
