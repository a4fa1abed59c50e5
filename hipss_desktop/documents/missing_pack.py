"""The page for the police about a missing child: the pack, with what the guide knows of tonight.

It has full names, as the police ask for them; its title, which a reader shows in its window, has no name. Must not write.
"""

from collections.abc import Iterator

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import (
    Block,
    BulletList,
    Document,
    Fields,
    Heading,
    Pair,
    Paragraph,
    Signatures,
    SigningLine,
)
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, POLICE, MissingEpisode, done_at, step_done
from hipss_desktop.records.codes import code_list
from hipss_desktop.views.clocks import NO_TIME
from hipss_desktop.views.missing_guide import INTERVIEW, RETURN, GuideView
from hipss_desktop.views.numbers import shown_locked
from hipss_desktop.views.services import Services

TITLE = "Missing child: for the police"
HANDLING = "Official-sensitive. For the police only, while the child is missing. Shred it once the child is back."
NOT_KNOWN = "Not known"
WHO = ("Name", "Born", "Looks like", "Wearing", "Lives at")
LAST_SEEN = ("Last seen",)
TO_FIND = ("Phone", "Where", "Who with", "Health", "Risk", "Missing before")
WHEN_FOUND = ("What helps", "Do not")
"""The lines of the pack under each heading."""


def missing_pack(services: Services, record: str) -> Document:
    """The page of one episode as it is now.

    Raises:
        UserError: the record is not on this laptop, or is not a missing episode.
    """
    view, current, whole = (
        services.missing_guides.view(record),
        services.store.get(record),
        services.record_views.view(record),
    )
    if view is None or current is None or whole is None:
        raise UserError("This missing episode is not on this laptop.")
    return Document(
        title=TITLE,
        reference=whole.reference,
        digests=current.heads,
        handling=HANDLING,
        printed=printed_by(services),
        blocks=tuple(_blocks(services, view, MISSING_EPISODE.of(current))),
    )


def _blocks(services: Services, view: GuideView, episode: MissingEpisode) -> Iterator[Block]:
    if not view.open:
        yield Paragraph("The child is back. This page is not for the police any more.", notice=True)
    yield Fields(tuple(_report(episode)))
    yield Heading("Who is missing")
    yield _lines(view, WHO)
    yield Heading("Last seen")
    yield _lines(view, LAST_SEEN)
    yield Fields((Pair("Why worried", episode.why_worried or NOT_KNOWN),))
    done = [step for step in view.steps if step.done and step.code not in (RETURN, INTERVIEW)]
    if done:
        yield Heading("Already done", 3)
        yield BulletList(tuple(f"{_title_words(step.title)} {step.words}. {step.done}" for step in done))
    yield Heading("To find the child")
    yield _lines(view, TO_FIND)
    yield Heading("When you find the child")
    yield _lines(view, WHEN_FOUND)
    yield Heading("Ring", 3)
    yield Fields(tuple(_numbers(services, view)))
    yield Signatures((SigningLine("Given to"), SigningLine("Number or station"), SigningLine("Time")))


def _title_words(title: str) -> str:
    return title if title.endswith("?") else f"{title}:"


def _report(episode: MissingEpisode) -> Iterator[Pair]:
    police = step_done(episode, POLICE)
    yield Pair("Police log", (police.log_number if police is not None else "") or "No log number yet")
    reported_at = done_at(police) if police is not None else None
    if reported_at is not None:
        yield Pair("Reported", f"{times.with_zone(reported_at)}, {times.full_day(times.local_day(reported_at))}")
    elif police is not None:
        yield Pair("Reported", NO_TIME.capitalize())
    if police is not None and police.grade:
        yield Pair("Graded", code_list("police_grade").label(police.grade))


def _lines(view: GuideView, labels: tuple[str, ...]) -> Fields:
    words = {line.label: line.words for line in view.pack.lines}
    return Fields(tuple(Pair(label, words[label]) for label in labels))


def _numbers(services: Services, view: GuideView) -> Iterator[Pair]:
    """The numbers of the household, of the person on call, and those that every laptop shows."""
    shift = services.on_call.shift(services.clock())
    if view.number:
        yield Pair("The child’s home", view.number)
    if shift is not None and shift.on_call_number:
        yield Pair(f"On call, {shift.on_call}", shift.on_call_number)
    yield from (Pair(number.label, number.number) for number in shown_locked(services.people))
