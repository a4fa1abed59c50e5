"""The missing-child guide in the pictures: Kai is not home on the night of 13 to 14 March 2017."""

from dataclasses import replace
from datetime import UTC, datetime

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock

ORDER = [
    "Name",
    "Born",
    "Lives at",
    "Looks like",
    "Wearing",
    "Last seen",
    "Phone",
    "Health",
    "Risk",
    "Where",
    "Who with",
    "Missing before",
    "What helps",
    "Do not",
]
"""The lines of a missing pack in the order in which the police ask."""


def guide_for_kai(services: Services, clock: SetClock) -> str:
    """Return the record of the guide for Kai at 22:12, as in the pictures: four steps are done, the pack is written."""
    clock.now = datetime(2017, 3, 13, 22, 12, tzinfo=UTC)
    kai = child_named(services, "Kai")
    known = services.missing.known(kai)
    if known is not None and known.record:
        return known.record
    pack = {
        "child": kai,
        "looks": "5 ft 7, slim. Short brown hair, shaved at the sides. Scar through left eyebrow",
        "phone": "07700 900633. Text first",
        "health": "Asthma, inhaler at home",
        "risk": "Exploitation, medium. Grey car, 5 January and 7 March",
        "places": ["Moor Street flats", "Bus station", "Mum’s old road"],
        "friends": [{"id": "a", "name": "The Hollis family", "number": "07700 900711"}],
        "online": "Snapchat, no name known",
        "travel": "No bank card. Bus pass",
        "checked": "2017-03-02",
    }
    services.records.finish(services.records.new_draft("missing_pack", pack))
    day = "2017-03-13T"
    draft = services.missing.draft(kai)
    answers = {
        "last_seen": f"{day}20:15:00+00:00",
        "last_seen_by": "Jo Preece",
        "last_seen_where": "to the shop, on foot",
        "due_back": f"{day}20:45:00+00:00",
        "due_back_agreed": "Jo at tea",
        "reported": f"{day}21:52:00+00:00",
        "wearing": "Grey hoodie, black joggers, white trainers",
        "carrying": "About £10. Key to back door",
        "why_worried": "Upset by missed calls from mum",
    }
    record = services.missing.begin(replace(draft, fields={**draft.fields, **answers})).envelope.record
    steps = (
        {"step": "danger", "at": f"{day}21:52:00+00:00", "words": "Not that we know. If that changes, ring 999"},
        {
            "step": "ring_round",
            "at": f"{day}21:35:00+00:00",
            "by": "Jo",
            "words": "House, garage, text sent, the Hollis family",
        },
        {"step": "police", "at": f"{day}21:40:00+00:00", "by": "Jo", "log_number": "0612", "grade": "medium"},
        {
            "step": "edt",
            "at": f"{day}22:07:00+00:00",
            "by": "A. Bevan",
            "spoke_to": "P. Shaw",
            "words": "They ring mum at 08:00",
        },
    )
    for step in steps:
        services.missing.step(record, step)
    return record
