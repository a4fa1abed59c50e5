"""Bodies in which one answer, or every answer, does not fit its field: a seat may sign them, and no program may crash on them.

``good`` derives a body that can be finished from a kind's description. ``wrong_bodies`` puts every wrong value into every field
of it, also inside rows. A new kind, field or type of field needs no change here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind

NOT_HERE = "0199c0de-ffff-7000-8000-0000000000ff"
LONG = "It was told in one breath. " * 3800
"""100 kB of text."""
ALL = "every field"

WRONG: Mapping[str, Any] = {
    "nothing": "",
    "blank": " \t\n ",
    "words": "no such thing",
    "long text": LONG,
    "zero": 0,
    "minus one": -1,
    "a fraction": 1.5,
    "a great number": 2**70,
    "true": True,
    "false": False,
    "null": None,
    "empty list": [],
    "list of a number": [1],
    "list of text and number": ["a", 1],
    "list of lists": [["a"], [[]]],
    "list of null": [None],
    "object": {},
    "object with a number": {"id": 5},
    "object with words": {"id": "r", "name": "Jo", "number": "01632 960174"},
    "empty row": [{}],
    "row with a blank id": [{"id": ""}],
    "row with a number for id": [{"id": 7}],
    "row of an id alone": [{"id": "r"}],
    "rows with one id": [{"id": "r"}, {"id": "r", "x": 1}],
    "rows among other things": [{"id": "r"}, "a", 1, None, [], {"id": "s", "unknown": {"deep": [1]}}],
    "no such day": "2017-13-45",
    "the first instant": "0001-01-01T00:00:00+00:00",
    "the last instant": "9999-12-31T23:59:59-23:59",
    "the first day of living memory": "1900-01-01",
    "the last day": "2999-12-31",
    "first instant of living memory": "1900-01-01T00:00:00+14:00",
    "last instant that is read": "2999-12-31T23:59:59-23:59",
    "an instant without offset": "2017-03-14T02:14:00",
    "an instant with an odd offset": "2017-03-14T02:14:00+00:00:30.5",
    "a record that is not here": NOT_HERE,
    "control characters": "a\x00b\x1b[31m\x7f\x85\u2028",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1ec\U0001f1e7",
    "right to left": "\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd\u200f",
    "a formula": "=1+1",
    "deep": [[[[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]]]],
}
"""Values that a field may have in the body of a newer, older or faulty program; each fits some types of field at most."""

SURROGATE = "half of a character \udc80"
"""JSON may name half of a character (RFC 8259 section 8.2); such a body cannot be read at all."""


@dataclass(frozen=True)
class WrongBody:
    """A body with a wrong value: the field ("born", "phones/number"), and the name of the wrong value."""

    kind: Kind
    field: str
    value: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of this body in a test's messages."""
        return f"{self.kind.name}.{self.field} = {self.value}"


Known = Callable[[str], str]
"""Returns the identifier of an existing record for a kind's name."""


PEOPLE = ("practitioner", "carer")


def good(kind: Kind, known: Known) -> dict[str, Any]:
    """Return a body of a kind that can be finished, with an answer to every field."""
    return _answers(kind.fields, known)


def _answers(fields: tuple[Field, ...], known: Known, first: int = 0) -> dict[str, Any]:
    """Return an answer to each field; ``first`` is the first field's place, so that a row's times follow its list's place."""
    return {field.name: _answer(field, place, known) for place, field in enumerate(fields, first)}


def _answer(field: Field, place: int, known: Known) -> Any:
    """Return a valid answer; days and times increase in the order of the fields, and are all before the night."""
    match field.type:
        case "code":
            return field.choices.codes[0].code
        case "codes":
            return [code.code for code in field.choices.codes if code.code != "nobody"]
        case "reference":
            return known(field.options.refers_to)
        case "references":
            return [known(field.options.refers_to)]
        case "instant":
            moment = datetime(2017, 3, 12, 6, tzinfo=UTC) + timedelta(minutes=30 * place)
            return moment.isoformat()
        case "day":
            return (date(2017, 1, 10) + timedelta(days=place)).isoformat()
        case "phone":
            return "01632 960174"
        case "strokes":
            return "1000,2500,0 1200,2100,16 1500,2600,33;1600,2000,240"
        case "tick" | "yes_no":
            return True
        case "number":
            return 3 if field.options.least is None else max(field.options.least, 3)
        case "lines":
            return ["First line", "Second line"]
        case "rows":
            # The second row names people only if it must, because a list may refuse the same person twice.
            named = {
                inner.name for inner in field.rows if inner.options.refers_to in PEOPLE and not inner.options.required
            }
            answers = _answers(field.rows, known, place)
            others = {name: answer for name, answer in answers.items() if name not in named}
            return [{"id": "r1", **answers}, {"id": "r2", **others}]
    return f"Words for {field.label.lower()}"


def places(kind: Kind) -> list[str]:
    """Return every field of a kind, the fields of rows as "field/inner"."""
    return [
        path for field in kind.fields for path in (field.name, *(f"{field.name}/{inner.name}" for inner in field.rows))
    ]


def wrong_bodies(kind: Kind, known: Known, own: str, other_kind: str) -> Iterator[WrongBody]:
    """Yield a body for every field and wrong value, and for each value a body with that value in every field.

    Args:
        kind: the kind.
        known: returns a record of each kind.
        own: the identifier of the record itself.
        other_kind: a record of a kind that no field refers to.
    """
    sane, all_places = good(kind, known), places(kind)
    one_of_each_type = list({_type_of(kind, place): place for place in all_places}.values())
    values = {**WRONG, "the record itself": own, "itself in a list": [own], "a record of another kind": other_kind}
    for name, value in values.items():
        for place in one_of_each_type if value is LONG else all_places:
            yield WrongBody(kind, place, name, {**sane, **put(kind, place, value)})
        # A text in every field at once must be shorter, because of the largest request.
        shared = LONG[: len(LONG) // len(all_places)] if value is LONG else value
        every = {field.name: shared for field in kind.fields}
        yield WrongBody(kind, ALL, name, every)
        inside = {
            field.name: [{"id": "r1", **{x.name: shared for x in field.rows}}] for field in kind.fields if field.rows
        }
        if inside:
            yield WrongBody(kind, f"{ALL} of rows", name, {**sane, **inside})


def _type_of(kind: Kind, place: str) -> str:
    name, _, inner = place.partition("/")
    field = kind.by_name[name]
    return f"row {next(row.type for row in field.rows if row.name == inner)}" if inner else field.type


def put(kind: Kind, place: str, value: Any) -> dict[str, Any]:
    """Return a value in a field, or in that field of one row beside an empty row."""
    field, _, inner = place.partition("/")
    if not inner:
        return {field: value}
    return {field: [{"id": "r1", inner: value}, {"id": "r2"}]}


def signed_bytes(fields: Mapping[str, Any], changed: list[str]) -> bytes:
    """Return a body as another program would write it: plain JSON, with any values in the fields."""
    return json.dumps({"fields": fields, "changed": changed, "why": ""}, sort_keys=True).encode("ascii")
