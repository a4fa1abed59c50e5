"""The look of each kind of record in the window, and the screens that show it. Kinds not named here get a default look.

It imports no page, so that every page may import it. Must not describe a kind: its own file does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.carer_check import CARER_CHECK
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.missing_pack import MISSING_PACK
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.kinds.support_offer import SUPPORT_OFFER
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.codes import within
from hipss_desktop.records.kind import Kind


@dataclass(frozen=True)
class KindStyle:
    """The look of a kind.

    Attributes:
        icon: its icon's name.
        rail: the place in the rail of the item that is lit for its records, 0 if no item is lit. Kinds (and screens) with the
            same place share an item, which opens the first of them.
        list: the route of its list, '' for a kind without a list; ``title`` is a short name of the list, if the kind's plural
            is long.
        record: the route of the page that shows one of its records.
        form: the route of the page that writes one; ``amends`` says whether it also amends one, otherwise the common form does.
        questions: the route of the page with the questions about a record that its form does not ask.
        new_label: the words on the button for a new record.
        begun_from: the words on the button that begins one from another record, such as an incident from a contact.
        filter_label: the words in the empty filter of its list.
        empty: the words of its list while there are no records, and the advice to those who may write one.
        for_new: whether the list's button for a new record is the filled (main) button.
        has_verbs: whether its records have buttons in a widget of their own, which also adds rows to lists that grow.
        on_the_way: whether a form that refers to this kind offers to begin a new record, and continues when that is finished.
    """

    icon: str = "file"
    rail: int = 0
    list: str = ""
    title: str = ""
    record: str = "record"
    form: str = "record_form"
    questions: str = "record"
    amends: bool = True
    new_label: str = ""
    begun_from: str = ""
    filter_label: str = ""
    empty: tuple[str, str] = ("", "")
    for_new: bool = False
    has_verbs: bool = False
    on_the_way: bool = False


ON_CALL, CHILDREN, CARERS, SUPERVISION, CONSULTATIONS, INCIDENTS, ACTIONS = range(1, 8)
"""The places in the rail, in order. Contacts share the place of the on-call screen, training that of consultations."""
TABBED = frozenset({CONSULTATIONS})
"""The places whose lists are tabs; at other places the palette or a page opens the other lists."""
SYNCED_OR_ADDED = "They come from the council with the first sync, or add one."

STYLES: Mapping[str, KindStyle] = {
    CONTACT.name: KindStyle(
        icon="phone", rail=ON_CALL, list="contacts", form="log_contact", new_label="Log a contact", for_new=True,
        empty=("No contacts yet", "When a carer rings, press Ctrl+N to log it as you talk."),
    ),
    CHILD.name: KindStyle(
        icon="child", rail=CHILDREN, list="children", record="child", filter_label="Filter by name, number or phone",
        empty=("No children here yet", SYNCED_OR_ADDED),
    ),
    CARER.name: KindStyle(
        icon="home", rail=CARERS, list="carers", record="carer", filter_label="Filter by name or phone",
        empty=("No carer households here yet", SYNCED_OR_ADDED),
    ),
    ACTION.name: KindStyle(
        icon="checkc", rail=ACTIONS, list="actions", record="action", questions="action", has_verbs=True,
        empty=("Nothing to do", "Follow-ups of contacts come here, and actions you add."),
    ),
    INCIDENT.name: KindStyle(
        icon="alert", rail=INCIDENTS, list="incidents", record="incident", questions="incident",
        begun_from="Make an incident",
        empty=("No incidents yet", "What must be told to others is written here, from a contact or by itself."),
    ),
    RESTRAINT.name: KindStyle(icon="alert", rail=INCIDENTS, record="restraint", questions="restraint"),
    PLACEMENT.name: KindStyle(icon="home"),
    PRACTITIONER.name: KindStyle(icon="user"),
    SHIFT.name: KindStyle(icon="moon"),
    NIGHT_CHECK.name: KindStyle(icon="clipcheck", form=NIGHT_CHECK.name, amends=False),
    DIRECTORY.name: KindStyle(icon="phonecall"),
    MISSING_EPISODE.name: KindStyle(
        icon="octagon", record="missing_guide", form="child_not_home", questions="missing_guide", new_label="Child not home",
        empty=("No child has been missing", "Where a child is not home, press Ctrl+G on the child’s card."),
    ),
    MISSING_PACK.name: KindStyle(icon="file"),
    ALERT.name: KindStyle(icon="bolt"),
    SUPPORT_OFFER.name: KindStyle(icon="users", new_label="Offer support"),
    HANDOVER.name: KindStyle(
        icon="clipcheck", rail=ON_CALL, record="handover", form="hand_over", questions="handover",
        new_label="Hand over",
        empty=("No handovers yet", "The night is handed over from On call, near the end of the shift."),
    ),
    READING.name: KindStyle(icon="turn"),
    SIGNATURE.name: KindStyle(icon="pen"),
    VISIT.name: KindStyle(
        icon="clipcheck", rail=SUPERVISION, list="visits", title="Visits", form="visit_form", record="visit", questions="visit",
        new_label="Start a supervision visit", filter_label="Find words in visits",
        empty=("No visits yet", "Begin one from a household’s page, or here."),
    ),
    CARER_CHECK.name: KindStyle(
        icon="clipcheck", rail=SUPERVISION, new_label="Record a check",
        empty=("No checks yet", "Reviews, DBS, training standards, bedrooms and home safety are recorded here."),
    ),
    CONSULTATION.name: KindStyle(
        icon="chat", rail=CONSULTATIONS, record="consultation", questions="consultation", form="consultation_form",
        has_verbs=True,
        new_label="New consultation", filter_label="Find words in consultations",
        empty=("No consultations yet", "What a team asks for, what is planned and what was held is written here."),
    ),
    TRAINING.name: KindStyle(
        icon="book", rail=CONSULTATIONS, title="Training", record="training_session", new_label="New session",
        filter_label="Find words in training sessions",
        empty=("No training sessions yet", "Plan one here. Who came is entered once it was held."),
    ),
    CASE.name: KindStyle(
        icon="users", rail=CONSULTATIONS, record="case", questions="case", form="case_form", on_the_way=True,
        filter_label="Filter by initials or case number",
        empty=("No cases of other teams yet", "Children and families whom HIPSS has not placed are entered here."),
    ),
    DIRECT_WORK.name: KindStyle(icon="heart", rail=CONSULTATIONS),
    SERIES.name: KindStyle(icon="calendar", rail=CONSULTATIONS, record="series", on_the_way=True),
}  # fmt: skip


PLAIN = KindStyle()
"""The default look of a kind."""
_completed: dict[str, tuple[Kind, KindStyle, KindStyle]] = {}
"""A cache by name of the kind, its given look and its complete look, because every change of screen asks for all of them."""


def style_of(kind: str) -> KindStyle:
    """The complete look of a kind; an unknown kind has an icon and the page of every record."""
    style, known = STYLES.get(kind, PLAIN), KINDS.get(kind)
    if known is None:
        return style
    last = _completed.get(kind)
    if last is None or last[0] is not known or last[1] is not style:
        last = _completed[kind] = (known, style, _completed_by(style, known))
    return last[2]


def _completed_by(style: KindStyle, kind: Kind) -> KindStyle:
    many = within(kind.many)
    by_name = f"Filter {many} by name or number"
    return replace(
        style,
        list=style.list or (f"{kind.name}_list" if kind.columns else ""),
        new_label=style.new_label or f"New {within(kind.label)}",
        filter_label=style.filter_label or (by_name if kind.findable else f"Find words in {many}"),
        empty=style.empty
        if any(style.empty)
        else (f"No {many} yet", "Those that you or your colleagues write are listed here."),
    )
