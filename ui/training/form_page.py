"""The form of a training session, made from its description, with a box that adds known people."""

from types import MappingProxyType

from hipss_desktop.kinds.training import HELD, PLANNED, TRAINING
from ui.records.form_page import RecordFormPage
from ui.records.named_rows import NamedRowsPart

BEGINS = ((PLANNED, "It is planned"), (HELD, "It was held"))
"""The stages at which a session may begin, with their words."""


class ParticipantsPart(NamedRowsPart):
    """The rows of who was invited and who came."""

    kind = TRAINING.name


class SessionFormPage(RecordFormPage):
    """The form of one draft of a session."""

    parts = MappingProxyType({"people": ParticipantsPart})
    begins = BEGINS
