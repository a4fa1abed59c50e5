"""What a lead and a manager write of consultations reaches nobody else in the service: real laptops, a real council.

A marker word stands in every field that can hold words of a case, a consultation and direct work. After everybody has exchanged
with the council, no table, page of the file or answer of the program on the laptops of those who may not read them holds it.
The lead's and the manager's laptops hold it, so that the test looks where it would be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.documents.paper_sheet import paper_sheet
from hipss_desktop.documents.record import record_page
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from sync.council.administration import quarantine
from tests.helpers import tiss
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.decrypted import pages, tables
from tests.helpers.stations import Station
from ui.records.timeline_pane import TimelineFilters, read_timeline

MARKER = "quokka"
"""A word of which every letter is in no other word of the program."""
FOR_ALL = "Send the countdown card by Friday"
"""What a plan row says for all in the service."""
MAY_READ, MAY_NOT = ("lead", "manager"), ("on_call", "supervising", "administrator")
ABOUT_CASES = (CASE, CONSULTATION, DIRECT_WORK)
NAMES = {
    "lead": "L. Whitcombe",
    "manager": "S. Lloyd",
    "on_call": "A. Bevan",
    "supervising": "D. Marsh",
    "administrator": "P. Reed",
}


@dataclass
class Service:
    """The laptops of a service by the role of who has each, and what was written."""

    stations: dict[str, Station]
    child: str = ""
    records: list[str] = field(default_factory=list)

    def services(self, role: str) -> Services:
        """The use cases of a laptop."""
        return self.stations[role].opened.services

    def store(self, role: str) -> LaptopStore:
        """The store of a laptop."""
        return self.stations[role].opened.store

    def exchange(self) -> None:
        """Let every laptop send and fetch twice, so that each has what all wrote."""
        for _ in range(2):
            for station in self.stations.values():
                station.sync()


def write_consultations(services: Services, child: str) -> list[str]:
    """A case, consultations of every subject, direct work, and drafts, with the marker in all that can hold words."""
    whose = services.store.seat.person
    case = tiss.written(services, CASE.name, {**tiss.full_of(CASE, MARKER), "same_as": [tiss.row(child=child)]})
    records = [case]
    words = {**tiss.full_of(CONSULTATION, MARKER), **times_and_stage(), "same_as": []}
    for about, fields in (("case", {"case": case}), ("child", {"child": child}), ("theme", {})):
        plan = [
            tiss.row(what=MARKER, owner=MARKER, by="2017-03-17"),
            tiss.row(what=MARKER, owner=MARKER, by="2017-03-17", colleague=whose, action=FOR_ALL),
        ]
        answers = [tiss.row(plan=plan[0]["id"], asked_on="2017-03-20", answer="not_done", because=MARKER)]
        records.append(
            tiss.written(
                services, CONSULTATION.name, {**words, "about": about, **fields, "plan": plan, "plan_answers": answers}
            )
        )
    cancelled = {**words, "stage": "cancelled", "about": "theme", "plan_answers": []}
    records.append(tiss.written(services, CONSULTATION.name, cancelled))
    for fields in ({"case": case}, {"child": child}):
        records.append(tiss.written(services, DIRECT_WORK.name, {**tiss.full_of(DIRECT_WORK, MARKER), **fields}))
    for kind in (CONSULTATION, DIRECT_WORK):
        services.records.save(services.records.new_draft(kind.name, {"child": child, "hopes": MARKER, "aim": MARKER}))
    services.records.save(
        services.records.new_draft(CONSULTATION.name, {"about": "case", "case": case, "hopes": MARKER})
    )
    return records


def times_and_stage() -> dict[str, Any]:
    """Answers of a consultation that follow from no field's type: when it was held, and the section of its words."""
    return {
        "stage": "held",
        "team": "other",
        "ended": "2017-03-09T11:00:00+00:00",
        "text": [tiss.row(place="5", section=code, text=MARKER, wrong_if=MARKER) for code in ("question", "guess")],
    }


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Five people of one service who have all exchanged what was written."""
    folder = tmp_path_factory.mktemp("reach")
    with serving(folder / "council") as council:
        new_service = Service(
            {role: Station(folder / role, name=name).join(council, role=role) for role, name in NAMES.items()}
        )
        try:
            _write_all(new_service, council)
            yield new_service
        finally:
            for station in new_service.stations.values():
                station.close()


def _write_all(service: Service, council: CouncilServer) -> None:
    manager = service.services("manager")
    service.child = tiss.written(
        manager, CHILD.name, {"given_name": "Kai", "family_name": "Moss", "local_id": "HIPSS-017", "born": "2005-05-02"}
    )
    service.exchange()
    for role in MAY_READ:
        service.records += write_consultations(service.services(role), service.child)
        case = next(
            record
            for record in service.records
            if (stored_record := service.store(role).get(record)) and stored_record.kind == "case"
        )
        station = service.stations[role]
        station.amend(case, f"Told {MARKER}", name=f"{MARKER} Ada")
    service.exchange()
    assert quarantine(council.admin) == []


def found_in(store: LaptopStore) -> list[str]:
    """The tables of a store that hold the marker."""
    return sorted({name for name, words in tables(store) if MARKER in words.casefold()})


def test_the_stores_of_those_who_may_read_hold_the_marker_in_every_table_that_could(service: Service) -> None:
    for role in MAY_READ:
        assert {"body", "current", "draft", "search_content"} <= set(found_in(service.store(role)))


@pytest.mark.parametrize("role", MAY_NOT)
def test_no_table_of_those_who_may_not_read_holds_it(service: Service, role: str) -> None:
    assert found_in(service.store(role)) == []
    assert not {record for record in service.records if service.store(role).get(record) is not None}
    assert all(service.store(role).count(kind.name) == 0 for kind in ABOUT_CASES)


def test_no_page_of_their_files_holds_it_also_none_that_is_free(service: Service) -> None:
    marker_by_role = {}
    for role, station in service.stations.items():
        opened = station.opened
        file, key = station.home.files(opened.vault_id).store, opened.key
        marker_by_role[role] = any(MARKER.encode() in page.lower() for page in pages(file, key))
    assert marker_by_role == {role: role in MAY_READ for role in NAMES}


def test_no_file_of_any_laptop_holds_it_in_the_clear(service: Service) -> None:
    for station in service.stations.values():
        files = [file for file in station.home.path.rglob("*") if file.is_file()]
        assert len(files) > 3
        assert [file for file in files if MARKER.encode() in file.read_bytes().lower()] == []


@pytest.mark.parametrize("role", MAY_NOT)
def test_an_action_of_the_plan_has_the_words_written_for_all_and_names_its_owner(service: Service, role: str) -> None:
    services = service.services(role)
    actions = [record for record in services.store.records_of(ACTION.name) if ACTION.of(record).what == FOR_ALL]
    assert len(actions) == 6  # three of the lead's consultations, three of the manager's
    for record in actions:
        action, view = ACTION.of(record), services.action_views.view(record.record)
        assert view is not None
        assert action.from_consultation in service.records
        assert view.owner in ("L. Whitcombe", "S. Lloyd")
        assert MARKER not in repr((record, view, services.record_views.view(record.record))).casefold()
    assert {ACTION.of(record).child for record in actions} == {service.child, ""}


def test_the_way_from_an_action_to_a_consultation_is_said_to_who_may_not_go_it(service: Service) -> None:
    reads = "Only lead practitioners and service managers can read consultations."
    for role in NAMES:
        services = service.services(role)
        record = next(action for action in services.store.records_of(ACTION.name) if ACTION.of(action).what == FOR_ALL)
        view, page = services.action_views.view(record.record), services.record_views.view(record.record)
        assert view is not None
        assert page is not None
        [source] = view.sources
        line = next(line for line in page.lines if line.unit == "from_consultation")
        if role in MAY_READ:
            assert (source.kind, source.name) == (CONSULTATION.name, line.words)
            assert services.record_views.view(source.record) is not None
        else:
            assert (source.kind, source.name, line.words) == ("", reads, reads)
            assert services.record_views.view(source.record) is None


@pytest.mark.parametrize("role", MAY_NOT)
def test_nothing_that_the_program_says_to_them_holds_it(service: Service, role: str) -> None:
    services, child, now = service.services(role), service.child, service.services(role).clock()
    answers = [
        services.store.search(MARKER),
        services.store.search("FOR_ALL " + MARKER),
        services.people.find(MARKER),
        services.calls.callers(MARKER),
        services.calls.children(MARKER),
        services.palette.find(MARKER),
        services.timelines.search(MARKER),
    ]  # fmt: skip  a list of questions
    assert [answer for answer in answers if MARKER in repr(answer).casefold()] == []
    assert services.store.search(MARKER) == []
    shown = (
        services.on_call.board(),
        services.on_call.children(now),
        services.since.page(),
        services.due_counts.now(),
        services.child_cards.card(child),
        services.timelines.header(child),
        services.timelines.entries(child),
        services.timelines.kinds(child),
        services.palette.find("Kai"),
        services.unfinished.elsewhere(),
        services.unfinished.about(child),
        services.missing_guides.pack(child, None, now),
        paper_sheet(services),
        services.alerts.standing(),
    )  # fmt: skip  a list of screens
    assert MARKER not in repr(shown).casefold()
    assert not {kind.name for kind in ABOUT_CASES} & set(services.timelines.kinds(child))


@pytest.mark.parametrize("role", MAY_NOT)
def test_they_are_told_of_no_draft_of_one(service: Service, role: str) -> None:
    unfinished = service.store(role).setting(StoreSetting.UNFINISHED)
    assert not [kind.name for kind in ABOUT_CASES if f'"{kind.name}"' in unfinished]
    assert service.services(role).unfinished.about(service.child) == []
    assert read_timeline(service.services(role), service.child, TimelineFilters(days=None), 60).unfinished == ()
    known = read_timeline(service.services("manager"), service.child, TimelineFilters(days=None), 60).unfinished
    drafts = sorted(line.words.partition(",")[0] for line in known)
    assert drafts == ["Consultation", "Consultation", "Direct work"]  # one is about the case that is this child


@pytest.mark.parametrize("role", MAY_NOT)
def test_no_sheet_and_no_page_on_paper_of_theirs_holds_it(service: Service, role: str) -> None:
    services = service.services(role)
    for kind in ABOUT_CASES:
        with pytest.raises(UserError):
            export_sheet(services.store, kind)
    sheets = [
        "".join(export_sheet(services.store, kind).lines)
        for kind in KINDS.values()
        if kind.sheet.key and may_read(role, kind.name)
    ]
    assert any(FOR_ALL in sheet for sheet in sheets)
    assert not [sheet for sheet in sheets if MARKER in sheet.casefold()]
    records = [*services.store.records_of(ACTION.name), *services.store.records_of(CHILD.name)]
    assert not [record for record in records if MARKER in repr(record_page(services, record.record)).casefold()]


@pytest.mark.parametrize("role", MAY_NOT)
def test_the_command_line_says_it_to_none_of_them(service: Service, role: str, tmp_path: Path) -> None:
    station = service.stations[role]
    station.close()
    hipss = Hipss(station.home.path)
    for kind in ABOUT_CASES:
        assert hipss.say("record", "list", kind.name).code != 0
        assert hipss.say("export", kind.name, str(tmp_path / "one.csv")).code != 0
    shown = [hipss.say("record", "show", record) for record in service.records]
    assert all(reply.code for reply in shown)
    others = [
        hipss.say(*words) for words in (("search", MARKER), ("unfinished",), ("record", "list", "action"), ("due",))
    ]
    assert not [reply for reply in (*shown, *others) if MARKER in reply.out.casefold().replace(f"“{MARKER}”", "")]
