"""When a record is of, in words: a day alone shows no time of day."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
import pytest

from hipss_desktop.records.fields import Fields, field
from hipss_desktop.records.kind import Kind
from hipss_desktop.views import names
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from tests.helpers.meetings import MEETING


class Days(msgspec.Struct):
    """From a day to a day."""

    begins: Annotated[date | None, field("From")] = None
    ends: Annotated[date | None, field("To")] = None


class Instants(msgspec.Struct):
    """From a moment to a moment."""

    begins: Annotated[datetime | None, field("From")] = None
    ends: Annotated[datetime | None, field("To")] = None


def dated(record: type[Any]) -> Kind:
    """A kind that is dated by both ends of a span."""
    return replace(
        MEETING, name="span", reference_prefix="SP", record=record, title_from=lambda span: "A span", dated_by="begins",
        ends_at="ends", summary=(), lead=(), sections=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "fields", "words"),
    [
        (Days, {"begins": "2017-03-10"}, "Friday 10 March 2017"),
        (
            Days,
            {"begins": "2017-03-10", "ends": "2017-03-12"},
            "Friday 10 March 2017 to Sunday 12 March 2017",
        ),
        (Days, {"begins": "2017-03-10", "ends": "2017-03-10"}, "Friday 10 March 2017"),
        (Instants, {"begins": "2017-03-10T02:14:00+00:00"}, "Friday 10 March 2017, 02:14 GMT"),
        (
            Instants,
            {"begins": "2017-03-10T02:14:00+00:00", "ends": "2017-03-10T02:20:00+00:00"},
            "Friday 10 March 2017, 02:14 to 02:20 GMT",
        ),
        (Days, {"begins": "soon", "ends": "late"}, "Tuesday 14 March 2017, 02:14 GMT"),
    ],
)
def test_a_record_is_dated_in_words_by_its_day_or_moment_and_its_end(
    services: Services, record: type[Any], fields: Fields, words: str
) -> None:
    with also_known(dated(record)):
        draft = services.records.new_draft("span").record
        with services.store.write() as unit:
            unit.append(record=draft, kind="span", action="finish", fields=fields, changed=sorted(fields), parents=())
        stored_record = services.store.get(draft)
        assert stored_record is not None
        assert names.when_words(services.names, stored_record) == words
