"""The registry of the window's screens: the screens made by hand, and a list for every kind of record.

It determines the rail, Ctrl+number, help, palette commands and the page that opens after unlock. It is built at each call, so
that it includes every kind described so far. A page's module is imported when the page first opens, so that the first screen
does not wait for the others. Only the window imports this module: a page asks its context or the kind's style. Must not show
anything.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hipss_desktop.decoding import decoded
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.catalogue import KINDS, may_read, may_write
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import DECIDE
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.palette import Command
from hipss_desktop.views.services import Services
from ui.base.kind_style import ON_CALL, SUPERVISION, TABBED, KindStyle, style_of
from ui.base.page import Context, Keeper, Page
from ui.consultations import opening as of_consultations
from ui.shell import keys
from ui.shell.keys import Key
from ui.training import opening as of_training

ON_CALL_NOW, SINCE = "on_call", "since"
"""The routes of the first page: for the person who takes calls now, and for everybody else."""
SINCE_PLACE = 10
"""The place of "Since last time" in the rail, after the kinds."""
MOST_NUMBERED = 9
"""Ctrl+1 to Ctrl+9 open the first items of the rail."""


@dataclass(frozen=True)
class Screen:
    """A screen of the window.

    Attributes:
        route: the name by which ``go`` opens it.
        make: returns its page, from the context and the values that it was opened with.
        title: its name in commands ("Go to Children"), '' for a screen that needs a record.
        icon: its icon in the rail and the palette.
        rail: the place in the rail of the item that is lit while it is open, see ``KindStyle``; 0 if no item is lit.
        keys: the keys that its page answers.
        keep: whether its page lives as long as the window; otherwise a new page is made each time.
        opens: what it needs to open again after unlock: "record", "draft", or '' for nothing.
        kind: the kind of record that it lists, shows or writes, '' for other screens.
        needs: a further kind that a role must be allowed to read to open the screen, '' if there is none.
    """

    route: str
    make: Callable[[Context, Mapping[str, Any]], Page]
    title: str = ""
    icon: str = ""
    rail: int = 0
    keys: tuple[Key, ...] = ()
    keep: bool = False
    opens: Literal["", "record", "draft"] = ""
    kind: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Location:
    """A route and the values that its screen is opened with."""

    route: str
    more: dict[str, Any] = field(default_factory=dict)


def _on_call(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.on_call.on_call_page import OnCallPage

    return OnCallPage(context)


def _night_check(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.on_call.night_check_page import NightCheckPage

    draft = more.get("draft")
    if draft is not None and draft.record != context.services.night_checks.draft().record:
        return _record_form(context, more)  # the night check page measures the present night only
    return NightCheckPage(context)


def _rota(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.on_call.rota_page import RotaPage

    return RotaPage(context)


def _since(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.on_call.since_page import SincePage

    return SincePage(context)


def _child(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.children.child_page import ChildPage

    return ChildPage(context, record=more["record"], place=more.get("place"), at=more.get("at") or "")


def _carer(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.carers.carer_page import CarerPage

    return CarerPage(context, record=more["record"], place=more.get("place"), at=more.get("at") or "")


def _weeks(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.carers.weeks_page import WeeksPage

    return WeeksPage(context, record=more["record"])


def _record(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.records.record_page import RecordPage

    return RecordPage(context, record=more["record"], question=more.get("question") or "")


def _visit(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.supervision.visit_record_page import VisitRecordPage

    return VisitRecordPage(context, record=more["record"], question=more.get("question") or "")


def _action(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.actions.action_page import ActionPage

    return ActionPage(context, record=more["record"], question=more.get("question") or "")


def _missing_guide(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.missing.guide_page import GuidePage

    return GuidePage(context, record=more["record"], question=more.get("question") or "")


def _read_it_out(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.missing.reading_page import ReadingPage

    return ReadingPage(context, record=more["record"])


def _child_not_home(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.missing.begin_page import BeginPage

    names = ("child", "contact", "at")
    page = BeginPage(context, draft=more.get("draft"), **{name: more.get(name) or "" for name in names})
    page.back = more.get("back")
    return page


def _handover(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.handover.handover_page import HandoverPage

    return HandoverPage(context, record=more["record"], at=more.get("at") or "", question=more.get("question") or "")


def _hand_over(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.handover.draft_page import HandOverPage
    from ui.handover.handover_page import HandoverPage

    handovers, draft = context.services.handovers, more.get("draft")
    if draft is not None and draft.parents:
        return _record_form(context, more)
    if draft is None:
        night = handovers.night()
        if record := handovers.published(night.since):
            return HandoverPage(context, record=record)
        draft = handovers.draft(night)
    page = HandOverPage(context, draft)
    page.back = more.get("back")
    return page


def _incident(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.incidents.incident_page import IncidentPage

    return IncidentPage(context, record=more["record"], question=more.get("question") or "", at=more.get("at") or "")


def _restraint(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.incidents.restraint_page import RestraintPage

    return RestraintPage(context, record=more["record"], question=more.get("question") or "", at=more.get("at") or "")


def _countersign(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.countersign.countersign_page import CountersignPage

    return CountersignPage(context, record=more.get("record") or "")


def _print(context: Context, more: Mapping[str, Any]) -> Page:
    from hipss_desktop.documents.pages import page_of
    from ui.documents.preview_page import PreviewPage

    record = more["record"]
    return PreviewPage(context, lambda services: page_of(services, record), record=record)


def _police_page(context: Context, more: Mapping[str, Any]) -> Page:
    from hipss_desktop.documents.missing_pack import missing_pack
    from ui.documents.preview_page import PreviewPage

    record = more["record"]
    return PreviewPage(context, lambda services: missing_pack(services, record), record=record)


def _paper_sheet(context: Context, more: Mapping[str, Any]) -> Page:
    from hipss_desktop.documents.paper_sheet import paper_sheet
    from ui.documents.preview_page import PreviewPage

    return PreviewPage(context, paper_sheet, on_paper=lambda _: context.services.night_checks.paper_sheet_made())


def _log_contact(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.contacts.log_contact import LogContactPage

    page = LogContactPage(
        context,
        draft=more.get("draft"),
        caller=more.get("caller"),
        child=more.get("child") or "",
        closes=more.get("closes") or "",
    )
    page.back = more.get("back")
    return page


def _record_form(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.records.form_page import RecordFormPage
    from ui.training.form_page import SessionFormPage

    draft = more["draft"]
    make = SessionFormPage if draft.kind == TRAINING.name else RecordFormPage
    page = make(context, draft=draft, at=more.get("at") or "")
    page.back, page.answers = more.get("back"), more.get("answers")
    return page


def _carer_copy(context: Context, more: Mapping[str, Any]) -> Page:
    from hipss_desktop.documents.carer_copy import carer_copy
    from ui.documents.preview_page import PreviewPage

    record = more["record"]
    return PreviewPage(context, lambda services: carer_copy(services, record))


def _visit_form(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.visits.begin_page import BeginVisitPage
    from ui.visits.visit_page import VisitPage

    draft = more.get("draft")
    if draft is None and not more.get("carer"):
        return BeginVisitPage(context)
    if draft is None:
        draft = context.services.supervision.start(more["carer"])
        if more.get("type") and not draft.fields.get("type"):
            draft = replace(draft, fields={**draft.fields, "type": more["type"]})
    page = VisitPage(context, draft, at=more.get("at") or "")
    page.back = more.get("back")
    return page


def _drafts(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.records.drafts import DraftsPage

    return DraftsPage(context)


def _sync(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.sync.sync_centre import SyncCentrePage

    return SyncCentrePage(context, record=more.get("record") or "", resumes=bool(more.get("question")))


def _due(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.due.due_page import DuePage

    return DuePage(context)


def _due_page(context: Context, more: Mapping[str, Any]) -> Page:
    from hipss_desktop.documents.due import due_page
    from ui.documents.preview_page import PreviewPage

    return PreviewPage(context, due_page)


def _due_explained(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.due.explained_page import ExplainedPage

    return ExplainedPage(context)


def _list(context: Context, kind: str) -> Page:
    from ui.records.list_page import ListPage

    return ListPage(context, kind=kind)


def _actions(context: Context, more: Mapping[str, Any]) -> Page:
    from ui.actions.actions_page import ActionsPage

    return ActionsPage(context)


BY_HAND = (
    Screen(ON_CALL_NOW, _on_call, "On call", "moon", rail=ON_CALL, keys=keys.ON_CALL, keep=True),
    Screen(
        NIGHT_CHECK.name,
        _night_check,
        NIGHT_CHECK.label,
        "clipcheck",
        rail=ON_CALL,
        keys=keys.NIGHT_CHECK,
        needs=NIGHT_CHECK.name,
    ),
    Screen("rota", _rota, "Rota", "calendar", rail=ON_CALL, keys=keys.ROTA, needs=SHIFT.name),
    Screen("log_contact", _log_contact, rail=ON_CALL, keys=keys.LOG_CONTACT, opens="draft", kind=CONTACT.name),
    Screen("child", _child, keys=keys.CHILD, opens="record"),
    Screen("action", _action, keys=keys.RECORD, opens="record"),
    Screen(
        "missing_guide",
        _missing_guide,
        rail=ON_CALL,
        keys=keys.MISSING_GUIDE,
        opens="record",
        kind=MISSING_EPISODE.name,
    ),
    Screen("read_it_out", _read_it_out, rail=ON_CALL, keys=keys.READ_IT_OUT, opens="record", kind=MISSING_EPISODE.name),
    Screen("child_not_home", _child_not_home, rail=ON_CALL, keys=keys.FORM, opens="draft", kind=MISSING_EPISODE.name),
    Screen("restraint", _restraint, keys=keys.INCIDENT, opens="record"),
    Screen("carer", _carer, keys=keys.CARER, opens="record"),
    Screen("weeks", _weeks, keys=keys.LIST[:1], opens="record"),
    Screen("handover", _handover, keys=keys.HANDOVER, opens="record"),
    Screen("hand_over", _hand_over, keys=keys.HAND_OVER, opens="draft", kind=HANDOVER.name),
    Screen("visit", _visit, keys=(*keys.RECORD, keys.READ_BACK), opens="record", kind=VISIT.name),
    Screen("carer_copy", _carer_copy, keys=keys.PREVIEW, opens="record", kind=VISIT.name),
    Screen("training_session", of_training.training_session, keys=keys.RECORD, opens="record", kind=TRAINING.name),
    Screen("series", of_training.series, keys=keys.RECORD, opens="record", kind=SERIES.name),
    Screen("sign_in_sheet", of_training.sign_in_sheet, keys=keys.PREVIEW, opens="record", kind=TRAINING.name),
    Screen("certificate", of_training.certificate, keys=keys.PREVIEW, opens="record", kind=TRAINING.name),
    Screen("visit_form", _visit_form, keys=keys.VISIT_FORM, opens="draft", kind=VISIT.name),
    Screen(
        "consultation_form",
        of_consultations.consultation_form,
        keys=(*keys.FORM, *keys.BY_PARAGRAPH),
        opens="draft",
        kind=CONSULTATION.name,
    ),
    Screen(
        "consultation_page",
        of_consultations.consultation_page,
        keys=keys.PREVIEW,
        opens="record",
        kind=CONSULTATION.name,
    ),
    Screen("case", of_consultations.case, keys=keys.RECORD, opens="record", kind=CASE.name),
    Screen("case_form", of_consultations.case_form, keys=keys.FORM, opens="draft", kind=CASE.name),
    Screen("consultation", of_consultations.consultation, keys=keys.RECORD, opens="record", kind=CONSULTATION.name),
    Screen("incident", _incident, keys=keys.INCIDENT, opens="record"),
    Screen("record", _record, keys=(*keys.RECORD, keys.MAKE_INCIDENT), opens="record"),
    Screen("record_form", _record_form, keys=(*keys.FORM, *keys.BY_PARAGRAPH), opens="draft"),
    Screen("print", _print, keys=keys.PREVIEW, opens="record"),
    Screen("police_page", _police_page, keys=keys.PREVIEW, opens="record", kind=MISSING_EPISODE.name),
    Screen("paper_sheet", _paper_sheet, "Paper sheet", "printer", keys=keys.PREVIEW, needs=CONTACT.name),
    Screen("countersign", _countersign, "Countersign", "clipcheck", keys=keys.COUNTERSIGN),
    Screen(
        "supervision", _due, "Supervision", "clipcheck", rail=SUPERVISION, keys=keys.DUE, keep=True, needs=VISIT.name
    ),
    Screen("due_page", _due_page, keys=keys.PREVIEW, needs=VISIT.name),
    Screen("due_explained", _due_explained, "How each date is worked out", "info", needs=VISIT.name),
    Screen("drafts", _drafts, "Drafts", "pen", keys=keys.DRAFTS),
    Screen("sync", _sync, "Sync centre", "sync", keys=keys.SYNC),
    Screen(
        SINCE, _since, "Since last time", "history", rail=SINCE_PLACE, keys=keys.SINCE, keep=True, needs=CONTACT.name
    ),
)
"""The screens other than the lists of kinds."""

OWN_LISTS: Mapping[str, tuple[Callable[[Context, Mapping[str, Any]], Page], tuple[Key, ...]]] = {
    ACTION.name: (_actions, keys.ACTIONS),
    CONSULTATION.name: (of_consultations.consultations, keys.CONSULTATIONS),
}
"""The kinds whose lists do more than show and open records: the page and the keys that it answers."""


def screens() -> dict[str, Screen]:
    """All screens by route."""
    return {screen.route: screen for screen in (*BY_HAND, *(_list_of(kind) for kind in KINDS if style_of(kind).list))}


def _list_of(kind: str) -> Screen:
    style = style_of(kind)
    make, answers = OWN_LISTS.get(kind, (lambda context, _: _list(context, kind), keys.LIST))
    return Screen(
        style.list,
        make,
        style.title or KINDS[kind].many,
        style.icon,
        rail=style.rail,
        keys=(*answers, keys.NEXT_TAB) if style.rail in TABBED else answers,
        keep=bool(style.rail),
        kind=kind,
    )


def open_to(role: str) -> dict[str, Screen]:
    """The screens that a role may open, by route: lists of the kinds it may read, forms of the kinds it may write."""
    return {route: screen for route, screen in screens().items() if _may_open(role, screen)}


def _may_open(role: str, screen: Screen) -> bool:
    may = may_write if screen.opens == "draft" else may_read
    return (not screen.kind or may(role, screen.kind)) and (not screen.needs or may_read(role, screen.needs))


def rail(role: str) -> tuple[Screen, ...]:
    """The screens that the items of the rail open, in the order of Ctrl+1, Ctrl+2 and so on."""
    first: dict[int, Screen] = {}
    for screen in open_to(role).values():
        if screen.rail:
            first.setdefault(screen.rail, screen)
    return tuple(first[place] for place in sorted(first))


def lit(role: str, route: str) -> str:
    """The route of the rail item that is lit while ``route`` is open, '' if no item is lit."""
    known = screens().get(route)
    return next((screen.route for screen in rail(role) if known is not None and screen.rail == known.rail), "")


def everywhere(role: str) -> tuple[Key, ...]:
    """The keys that the window answers on every screen. A key for a page that the role may not open shows a refusal."""
    numbered = (
        Key(f"Ctrl+{number}", f"Go to {screen.title}", screen.route, icon=screen.icon)
        for number, screen in enumerate(rail(role)[:MOST_NUMBERED], start=1)
    )
    return (*keys.FIRST, *numbered, *keys.THEN)


def shown_keys(role: str, answered: Iterable[Key]) -> tuple[Key, ...]:
    """The keys to show to a role, out of ``answered``: without those for things that the role may not do or open."""
    closed = screens().keys() - open_to(role).keys()
    return tuple(key for key in answered if key.does not in closed and (not key.writes or may_write(role, key.writes)))


def commands(role: str) -> tuple[Command, ...]:
    """The palette's commands: those that have a key, the other screens, and a new record of each kind."""
    reached = open_to(role)
    keyed = [key for key in shown_keys(role, everywhere(role)) if key.icon]
    offered = [Command(key.words, key.icon, key.does, keys=key.keys) for key in keyed if key.does in reached]
    offered += [Command(key.words, key.icon, key.does, keys=key.keys) for key in keyed if key.does not in reached]
    offered += [
        Command(f"Go to {screen.title}", screen.icon, screen.route) for screen in reached.values() if screen.title
    ]
    offered += [_begins(kind) for kind in KINDS if style_of(kind).list and may_write(role, kind)]
    offered += [Command(key.words, key.icon, key.does) for key in keys.BY_COMMAND]
    commands_by_target: dict[tuple[str, str], Command] = {}
    for command in offered:
        commands_by_target.setdefault((command.route, command.kind), command)
    return tuple(commands_by_target.values())


def _begins(kind: str) -> Command:
    style = style_of(kind)
    if has_own_form(style):
        return Command(style.new_label, style.icon, style.form)
    return Command(style.new_label, "plus", "new_record", kind)


def has_own_form(style: KindStyle) -> bool:
    """Whether a kind is written on a page arranged by hand."""
    return style.form != KindStyle.form


def begun(services: Services, kind: str, fields: Mapping[str, Any]) -> Location:
    """The location of the form for a new record of a kind, with ``fields`` filled in."""
    style = style_of(kind)
    if has_own_form(style):
        return Location(style.form, dict(fields))
    return Location(style.form, {"draft": services.records.new_draft(kind, fields)})


def draft_location(
    draft: Draft, *, at: str = "", back: Mapping[str, Any] | None = None, answers: tuple[str, str] | None = None
) -> Location:
    """The location to continue a draft: its form, or the page of its record for a question, or the sync centre for a decision.

    Args:
        draft: the draft.
        at: the field at which the form opens, '' for the first.
        back: the arguments for ``go`` once the draft is finished or left, None for the page's own way back.
        answers: the draft and the field that the new record fills once it is finished, None if there is no such field.
    """
    if draft.question:
        page = "sync" if draft.question == DECIDE else style_of(draft.kind).questions
        return Location(page, {"record": draft.record, "question": draft.question})
    more = {"at": at, "back": back, "answers": answers}
    style = style_of(draft.kind)
    route = style.form if style.amends or not draft.parents else KindStyle.form
    return Location(route, {"draft": draft, **{name: value for name, value in more.items() if value}})


def call_runs(draft: Draft) -> bool:
    """Whether a draft's call timer runs; False for an unknown kind, because no page here could end the call."""
    return draft.kind in KINDS and bool(draft.call.get("started")) and not draft.call.get("ended")


def home(role: str) -> str:
    """The route of a role's first page, regardless of who is on call."""
    return ON_CALL_NOW if may_write(role, CONTACT.name) or SINCE not in open_to(role) else SINCE


def first_page(services: Services) -> Location:
    """The first page for the signed-in person: On call while they take calls, else Since last time if their role may open it."""
    role = services.store.seat.role
    if SINCE not in open_to(role):
        return Location(ON_CALL_NOW)
    takes_calls = may_write(role, CONTACT.name) and services.on_call.takes_calls(services.clock())
    return Location(ON_CALL_NOW if takes_calls else SINCE)


def remembered(location: Location, page: Page) -> str:
    """A location as JSON, with the question that is being answered on its page, to open it again after a lock."""
    draft = getattr(page, "draft", None)
    record = draft.record if isinstance(draft, Draft) else str(location.more.get("record") or "")
    typed = [keeper.typed() for keeper in page.findChildren(Keeper)]
    question = next(
        (
            [question_draft.record, question_draft.question]
            for question_draft in typed
            if question_draft.question and (question_draft.fields or question_draft.why)
        ),
        [],
    )
    return json.dumps({"place": location.route, "record": record, "asked": question})


def reopened(services: Services) -> Location:
    """The location to open after unlock: the last screen of the same sitting, else an interrupted call, else the first page.

    A question that was being answered on that screen opens at its draft. If a call also runs, only the top bar shows it, so
    that words typed after unlock never go into the record of another child.
    """
    running = next((draft for draft in services.store.drafts() if call_runs(draft)), None)
    first = draft_location(running) if running is not None else first_page(services)
    if not services.sittings.goes_on():
        return first
    try:
        open_page = decoded(services.store.setting(StoreSetting.OPEN_PAGE) or "{}", dict[str, Any])
        route, record = str(open_page.get("place")), str(open_page.get("record") or "")
        about, question = open_page.get("asked") or ("", "")
    except (ValueError, AttributeError, TypeError):
        return first
    screen = open_to(services.store.seat.role).get(route)
    if screen is None:
        return first
    question_draft = services.store.draft(str(about), str(question)) if question else None
    if question_draft is not None:
        return draft_location(question_draft)
    if screen.opens == "draft":
        draft = services.store.draft(record)
        return draft_location(draft) if draft is not None and draft.kind in KINDS else first
    if screen.opens == "record":
        return Location(route, {"record": record}) if services.store.get(record) is not None else first
    return Location(route)


def keep_open_page(services: Services, words: str) -> None:
    """Save which screen is open (``words`` from ``remembered``), and that this person is here now."""
    with services.store.write() as unit:
        unit.set(StoreSetting.OPEN_PAGE, words)
        services.sittings.note(unit)


def warm() -> None:
    """Import the modules for Ctrl+N, Ctrl+K and the caller card early, so that they open quickly."""
    import ui.contacts.log_contact
    import ui.on_call.caller_card
    import ui.shell.palette  # noqa: F401  imported early to save time later
