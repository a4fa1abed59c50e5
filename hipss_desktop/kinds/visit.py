"""A supervision visit to a carer household, as far as the rules of what is due read one."""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, SheetOptions

PLANNED, UNANNOUNCED, TELEPHONE, VIRTUAL = "planned", "unannounced", "telephone", "virtual"


class Visit(msgspec.Struct):
    """One supervision of one household."""

    carer: Annotated[
        str, field("Household", refers_to="carer", subject=True, names="carer", required="Choose the household")
    ] = ""
    type: Annotated[str, field("Kind of visit", choices="visit_type", required="Choose the kind of visit")] = ""
    began: Annotated[
        datetime | None, field("Start", group="span", required="Enter when the visit began", past=True)
    ] = None
    ended: Annotated[datetime | None, field("End", group="span", past=True)] = None
    nobody_in: Annotated[bool | None, field("Nobody was in")] = None
    children_out: Annotated[bool | None, field("The children were out")] = None
    rooms_seen: Annotated[bool | None, field("Rooms seen")] = None


VISIT = Kind(
    name="visit",
    label="Supervision visit",
    plural="Supervision visits",
    reference_prefix="SV",
    record=Visit,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda visit: code_list("visit_type").label(visit.type) or "Supervision visit",
    dated_by="began",
    ends_at="ended",
    summary=("carer",),
    columns=("began", "carer", "type"),
    sheet=SheetOptions(key=("carer", "began", "type")),
)
