"""Cases, consultations, direct work and training as a lead finishes them, for tests of who finds them and where."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hipss_desktop import identity
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CONSULTATION, QUESTION
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind
from hipss_desktop.views.services import Services

CASE_NUMBER = "EOC-2231"


def row(**answers: Any) -> dict[str, Any]:
    """Return a row of a list with a new identifier."""
    return {"id": identity.row_id(), **answers}


def written(services: Services, kind: str, fields: Mapping[str, Any]) -> str:
    """Finish a record of a kind on this laptop, and return its identifier."""
    return services.records.finish(replace(services.records.new_draft(kind), fields=fields)).envelope.record


def case(services: Services, *, same_as: str = "", **more: Any) -> str:
    """Finish the case "S., EOC-2231", of the Edge of Care team; ``same_as`` says that it is a child of the service."""
    fields: dict[str, Any] = {"name": "S.", "number": CASE_NUMBER, "team": "edge_of_care", "born_year": 2005, **more}
    if same_as:
        fields["same_as"] = [row(child=same_as)]
    return written(services, CASE.name, fields)


def question(words: str) -> list[dict[str, Any]]:
    """Return the question of a consultation, as a paragraph."""
    return [row(place="5", text=words, section=QUESTION)]


def held(**more: Any) -> dict[str, Any]:
    """Return the answers of a consultation that took place."""
    return {
        "stage": "held",
        "team": "edge_of_care",
        "held_on": "2017-03-09",
        "form": "one_off",
        "attendees": [row(name="F. Doyle", role="Social worker", was="came")],
        "text": question("How do we help at bedtime?"),
        "safeguarding": "nothing_new",
        **more,
    }


def consultation(services: Services, **more: Any) -> str:
    """Finish a consultation that took place, about a child, a case or a theme if one is given."""
    about = next((name for name in ("child", "case", "theme") if name in more), "")
    return written(services, CONSULTATION.name, held(**{"about": about, **more}))


def direct_work(services: Services, **more: Any) -> str:
    """Finish a session of direct work."""
    fields = {
        "on": "2017-03-10",
        "aim": "A story of the week",
        "done": [row(place="5", text="Drew the house.")],
        "consent": "yes",
        "consent_words": "The mother",
        **more,
    }
    return written(services, DIRECT_WORK.name, fields)


def series(services: Services, **more: Any) -> str:
    """Finish a programme of sessions."""
    fields = {"name": "16+ consultations", "team": "sixteen_plus", "starts": "2017-01-09", "every": 6, **more}
    return written(services, SERIES.name, fields)


def training(services: Services, **more: Any) -> str:
    """Finish the record of a planned training session."""
    fields = {
        "stage": "planned",
        "name": "Attachment at home",
        "topic": "attachment",
        "began": "2017-04-20T09:30:00+01:00",
        "ended": "2017-04-20T12:30:00+01:00",
        **more,
    }
    return written(services, TRAINING.name, fields)


def full_of(kind: Kind, marker: str) -> dict[str, Any]:
    """Return answers to all fields of a kind; every text, also in rows, contains a marker word and its field's name."""
    return {field.name: value for field in kind.fields if (value := _full(field, marker)) not in ("", [], None)}


def _full(field: Field, marker: str) -> Any:
    words = f"{marker} {field.name}"
    if field.type == "rows":
        inside = {inner.name: _full(inner, marker) for inner in field.rows}
        filled_fields = {name: value for name, value in inside.items() if value not in ("", [], None)}
        return [row(**{**filled_fields, **({"place": "5"} if field.by_paragraph else {})})]
    by_type: dict[str, Any] = {
        "text": words,
        "lines": [words],
        "number": max(field.options.least or 0, 7),
        "day": "2017-03-09",
        "instant": "2017-03-09T10:00:00+00:00",
    }  # fmt: skip  a table
    return field.choices.codes[0].code if field.type == "code" else by_type.get(field.type)
