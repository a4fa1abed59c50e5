"""Writing a training session: the form of its description, with a box that puts in people who are known already."""

from types import MappingProxyType

from hipss_desktop.kinds.training import HELD, PLANNED, TRAINING
from ui.records.form_page import RecordFormPage
from ui.records.named_rows import NamedRowsPart

BEGINS = ((PLANNED, "It is planned"), (HELD, "It was held"))
"""At which stage a session is begun."""


class ParticipantsPart(NamedRowsPart):
    """Who was invited and came."""

    kind = TRAINING.name


class SessionFormPage(RecordFormPage):
    """The form of one draft of a session."""

    parts = MappingProxyType({"people": ParticipantsPart})
    begins = BEGINS
