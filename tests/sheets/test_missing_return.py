"""The national return of missing episodes: which rows it has, by local days, and what is left out with its reason."""

from dataclasses import dataclass
from typing import Any

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.sheets.missing_return import missing_return

CHILDREN = {"kai": {"local_id": "HIPSS-017", "born": "2002-06-03"}, "amara": {"local_id": "HIPSS-021"}}


@dataclass
class Written:
    """A record as a store holds it."""

    record: str
    fields: dict[str, Any]
    withdrawn: bool = False
    disputed: bool = False
    needs_decision: bool = False
    incomplete: bool = False
    kind: str = MISSING_EPISODE.name


def episode(record: str = "01", *, withdrawn: bool = False, **fields: Any) -> Written:
    return Written(record, {"child": "kai", "type": "M", "last_seen": "2017-03-13T20:15:00+00:00", **fields}, withdrawn)


def among(episodes: list[Written]) -> dict[str, Written]:
    """Episodes by their identifiers."""
    return {record.record: record for record in episodes}


def child_of(record: str) -> Written | None:
    return Written(record, CHILDREN[record]) if record in CHILDREN else None


def returned(at: str) -> list[dict[str, str]]:
    return [{"id": "r", "at": at, "seen_by": "Jo", "injuries": "None seen"}]


def test_an_episode_is_a_row_by_local_days_from_the_later_of_leaving_and_being_seen() -> None:
    episodes = [
        episode("02", left="2017-06-30T23:30:00+00:00", type="A", returned=returned("2017-07-01T22:59:00+00:00")),
        episode("01"),
    ]
    written = "".join(missing_return(episodes, child_of).lines())
    assert written == (
        "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
        "HIPSS017,03/06/2002,M,13/03/2017,\n"
        "HIPSS017,03/06/2002,A,01/07/2017,01/07/2017\n"
    )


def test_what_cannot_be_written_is_left_out_with_its_reason_and_nothing_is_guessed() -> None:
    episodes = [
        episode("01", type=""),
        episode("02", last_seen=""),
        episode("03", child="amara"),
        episode("04", child="who"),
        episode("05", withdrawn=True),
        episode("06", same_as=[{"id": "s", "episode": "01"}]),
    ]
    sheet = missing_return(episodes, lambda record: child_of(record) or among(episodes).get(record))
    assert sheet.rows == ()
    assert sorted(words for _, words in sheet.problems) == [
        "Left out, because it is not known when the child left or was last seen.",
        "Left out, because it is not said whether the child was missing or away without authorisation.",
        "Left out, because the child is not on this laptop; the child has no service number.",
        "Left out, because the child’s date of birth is not recorded.",
    ]
